package meeting

import (
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/regulation"
)

// OwnOf gives the regulation that a package brings for its own projects, nil if it brings
// none.
// Codes: those of regulation.Load (Item: the file, line:column and what it is about).
func OwnOf(p *bag.Package) (*regulation.Pack, error) {
	files := p.Regulation()
	if files == nil {
		return nil, nil
	}
	own, err := regulation.Load(files...)
	if err == nil {
		return own, nil
	}
	first := regulation.Check(files...)[0] // what Load has said, with the file apart from the place
	name := bag.RegulationName(first.File + 1)
	first.File = 0
	return nil, review.E(first.Code, "meeting.OwnOf", name+" "+review.ItemOf(first.Err()), err)
}

// OwnRules gives the rules of projects whose package brings their regulation: it and the
// common rules of the program, and nothing else, so that what other regulations the program
// has, now or later, makes no difference to them. On paper nobody must be able to take it for
// one of the program's.
// Codes: CodePackageTwin (Item: the id, title, short title or 文号 of a regulation of the program,
// or the id of one of its rules).
func OwnRules(program *regulation.Library, own *regulation.Pack) (*regulation.Library, error) {
	const op = "meeting.OwnRules"
	packs := program.Packs()
	if own.ID == regulation.Common {
		return nil, review.E(review.CodePackageTwin, op, own.ID, nil)
	}
	for _, p := range packs {
		if twin := passesFor(own, p); twin != "" {
			return nil, review.E(review.CodePackageTwin, op, twin, nil)
		}
	}
	packs = slices.DeleteFunc(packs, func(p *regulation.Pack) bool { return p.ID != regulation.Common })
	lib, err := regulation.NewLibrary(append(packs, own)...)
	if err != nil {
		return nil, review.E(review.CodePackageTwin, op, review.ItemOf(err), err)
	}
	return lib, nil
}

// passesFor gives by what a regulation could be taken for another on paper, "" for nothing.
func passesFor(own, p *regulation.Pack) string {
	for _, x := range [][2]string{{own.ID, p.ID}, {own.Number, p.Number}, {own.Short, p.Short}, {own.Title, p.Title}} {
		if x[0] != "" && alike(x[0]) == alike(x[1]) {
			return x[0]
		}
	}
	for _, r := range own.Rules {
		if slices.ContainsFunc(p.Rules, func(o *regulation.Rule) bool { return o.ID == r.ID }) {
			return r.ID
		}
	}
	return ""
}

// alike gives a title without what could make another of it that reads the same: spaces and
// the forms of
// brackets and figures.
func alike(s string) string {
	return strings.NewReplacer(" ", "", "\u3000", "", "(", "（", ")", "）", "[", "〔", "]", "〕", "【", "〔", "】", "〕",
		"［", "〔", "］", "〕", "﹝", "〔", "﹞", "〕", "《", "", "》", "",
		"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9").Replace(s)
}

// calls tells whether a scheme is of a regulation, by its full id.
func calls(scheme, regulation string) bool { return strings.HasPrefix(scheme, regulation+".") }

// filesOf gives the files that a scheme of a library rests on.
func filesOf(lib *regulation.Library, c review.Scheme) [][]byte {
	var out [][]byte
	for _, pack := range lib.Packs() {
		for _, file := range pack.Files() {
			if slices.Contains(c.Packs, review.DigestOf(file)) {
				out = append(out, file)
			}
		}
	}
	return out
}

// Brought is a regulation that a package on record brings for its own projects.
type Brought struct {
	Package string // its 编号
	Issue   int
	ID      string // of the regulation
	Title   string
}

// carrying is a package on record and the regulation that it carries; nil for none.
type carrying struct {
	*bag.Package
	own *regulation.Pack
}

// digests lists the files of the regulation that a package brings.
func (p carrying) digests() []review.Digest {
	return each(p.Regulation(), func(file []byte) review.Digest { return review.DigestOf(file) })
}
