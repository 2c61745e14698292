package bag

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"heyi/review"
)

// ContentVersion is the version of project.json, meeting.json and package.json.
const ContentVersion = 1

// identifier is what review takes as an id.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)

// jsonFile takes typed values out of strict JSON. Its methods give nothing once
// something was wrong; err says what was wrong first.
type jsonFile struct {
	name string // as errors say it
	err  error
}

// openJSON reads a file that is one object with a version of ours.
// Codes: those of parseJSON; CodePackageNewer; CodePackageField, CodePackageValue.
func openJSON(name string, text []byte) (*jsonFile, node, error) {
	root, err := parseJSON(name, text)
	if err != nil {
		return nil, node{}, err
	}
	f := &jsonFile{name: name}
	if root.kind != isObject {
		f.value("", "not an object")
		return nil, node{}, f.err
	}
	for _, m := range root.members {
		if m.name != "version" || m.value.kind != isInteger {
			continue
		}
		switch n, _ := strconv.Atoi(m.value.text); {
		case n > ContentVersion:
			return nil, node{}, review.E(review.CodePackageNewer, "bag.openJSON", name, nil)
		case n == ContentVersion:
			return f, root, nil
		}
	}
	f.value("version", "not 1")
	return nil, node{}, f.err
}

func (f *jsonFile) fail(code review.Code, where, why string) {
	if f.err == nil {
		f.err = review.E(code, "bag.jsonFile", strings.TrimSpace(f.name+" "+where), errors.New(why))
	}
}

func (f *jsonFile) value(where, why string) { f.fail(review.CodePackageValue, where, why) }

// object gives the members of an object, which has those named and no others; one that
// is named with a question mark behind may be missing, and is then null.
func (f *jsonFile) object(n node, where string, names ...string) map[string]node {
	if n.kind != isObject {
		f.value(where, "not an object")
		return nil
	}
	out := map[string]node{}
	for _, m := range n.members {
		if !slices.ContainsFunc(names, func(s string) bool { return strings.TrimSuffix(s, "?") == m.name }) {
			f.fail(review.CodePackageField, inside(where, escape(m.name)), "unknown")
		}
		out[m.name] = m.value
	}
	for _, name := range names {
		if _, ok := out[name]; !ok && !strings.HasSuffix(name, "?") {
			f.fail(review.CodePackageField, inside(where, name), "missing")
		}
	}
	return out
}

// items gives the values of an array of at most max; null is none.
func (f *jsonFile) items(n node, where string, max int) []node {
	switch {
	case n.kind == isNull:
		return nil
	case n.kind != isArray:
		f.value(where, "not an array")
	case len(n.list) > max:
		f.fail(review.CodePackageLimit, where, fmt.Sprintf("%d, more than %d", len(n.list), max))
	default:
		return n.list
	}
	return nil
}

// line gives one line of text, of at most max characters, without white space around
// it; null and "" where it may be empty.
func (f *jsonFile) line(n node, where string, max int, mayBeEmpty bool) string {
	if mayBeEmpty && (n.kind == isNull || n.kind == isString && n.text == "") {
		return ""
	}
	if n.kind != isString {
		f.value(where, "not a text")
		return ""
	}
	if err := checkLine(n.text, max); err != nil {
		f.value(where, err.Error())
		return ""
	}
	return n.text
}

// paragraphs gives text of one or more paragraphs, together at most max characters.
func (f *jsonFile) paragraphs(n node, where string, max int) string {
	if n.kind != isString || review.CheckLength(n.text, max) != nil {
		f.value(where, "not a text, or too long")
		return ""
	}
	for p := range strings.SplitSeq(n.text, "\n") {
		if err := checkText(p, max); err != nil {
			f.value(where, err.Error())
			return ""
		}
	}
	return n.text
}

// part gives what a unit is in a project (regulations.md D.1).
func (f *jsonFile) part(n node, where string) string {
	if n.kind != isString || !slices.Contains([]string{"owner", "contractor", "preparer", "supervisor"}, n.text) {
		f.value(where, "no part")
		return ""
	}
	return n.text
}

// id gives a text that matches form; "" where it may be empty.
func (f *jsonFile) id(n node, where string, form *regexp.Regexp, mayBeEmpty bool) string {
	if mayBeEmpty && (n.kind == isNull || n.kind == isString && n.text == "") {
		return ""
	}
	if n.kind != isString || !form.MatchString(n.text) {
		f.value(where, "not an identifier")
		return ""
	}
	return n.text
}

// number gives an integer from 1 to max.
func (f *jsonFile) number(n node, where string, max int) int {
	i, err := strconv.Atoi(n.text)
	if n.kind != isInteger || err != nil || i < 1 || i > max {
		f.value(where, fmt.Sprintf("not an integer from 1 to %d", max))
		return 0
	}
	return i
}

// checkText tells whether a paragraph can be shown and compared: as review.CheckLine,
// in NFC, of characters that are no others' doubles, and without heaps of marks.
func checkText(s string, max int) error {
	if err := review.CheckLine("", s, max); err != nil {
		return err
	}
	if !norm.NFC.IsNormalString(s) {
		return errors.New("not in NFC")
	}
	marks := 0
	for _, r := range s {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > maxMarks || deceives(r) {
			return fmt.Errorf("%U", r)
		}
	}
	return nil
}

// maxMarks is how many combining marks may follow each other.
const maxMarks = 3

// deceives finds what looks like another character or like none, and what is no
// character: radicals (U+2E80 to 2FDF), the blank pattern of Braille, noncharacters.
func deceives(r rune) bool {
	return r >= 0x2E80 && r <= 0x2FDF || r == 0x2800 || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// checkLine is checkText for a text that is one line: there is no white space around it.
func checkLine(s string, max int) error {
	if strings.TrimSpace(s) != s {
		return errors.New("white space around it")
	}
	return checkText(s, max)
}

func inside(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}

func at(where string, i int) string { return fmt.Sprintf("%s[%d]", where, i) }

// decodeMeeting reads meeting.json.
// Codes: those of openJSON; CodePackageField, CodePackageValue, CodePackageLimit.
func decodeMeeting(name string, text []byte) (*Meeting, error) {
	f, root, err := openJSON(name, text)
	if err != nil {
		return nil, err
	}
	o := f.object(root, "", "version", "title", "place?", "time?", "roster?")
	m := &Meeting{
		Title: f.line(o["title"], "title", review.MaxTitle, false),
		Place: f.line(o["place"], "place", review.MaxTitle, true),
		Time:  f.line(o["time"], "time", review.MaxTitle, true),
	}
	for i, n := range f.items(o["roster"], "roster", MaxRoster) {
		where := at("roster", i)
		o := f.object(n, where, "name", "unit?", "title?", "roles")
		p := review.Person{
			Name:  f.line(o["name"], inside(where, "name"), review.MaxName, false),
			Unit:  f.line(o["unit"], inside(where, "unit"), review.MaxTitle, true),
			Title: f.line(o["title"], inside(where, "title"), review.MaxTitle, true),
			Roles: f.roles(o["roles"], inside(where, "roles")),
		}
		if slices.ContainsFunc(m.Roster, func(q review.Person) bool { return q.Name == p.Name && q.Unit == p.Unit }) {
			f.value(inside(where, "name"), "twice")
		}
		m.Roster = append(m.Roster, p)
	}
	return m, f.err
}

// roles gives a set of roles, at least one, in the order of the constants. A package
// does not say who is secretary: that is who holds the meeting.
func (f *jsonFile) roles(n node, where string) []review.Role {
	all := []review.Role{review.RoleExpert, review.RoleMember, review.RoleObserver}
	given := map[review.Role]bool{}
	list := f.items(n, where, len(all))
	for _, v := range list {
		if r := review.Role(v.text); v.kind == isString && slices.Contains(all, r) {
			given[r] = true
		}
	}
	if len(given) == 0 || len(given) != len(list) {
		f.value(where, "not a set of roles")
	}
	return slices.DeleteFunc(all, func(r review.Role) bool { return !given[r] })
}

// decodeProject reads project.json. The documents have neither Type nor Size nor
// Digest yet. In a source the names of documents are those of files beside it, and
// their own names need not be said.
// Codes: as decodeMeeting; CodePackageDocument, CodePackageName, CodePackageKind.
func decodeProject(name string, text []byte, source bool) (Project, error) {
	f, root, err := openJSON(name, text)
	if err != nil {
		return Project{}, err
	}
	o := f.object(root, "", "version", "title", "code?", "scheme", "quorum", "units?", "facts?", "profile?", "documents?")
	p := Project{
		Title:  f.line(o["title"], "title", review.MaxTitle, false),
		Code:   f.line(o["code"], "code", review.MaxTitle, true),
		Scheme: f.id(o["scheme"], "scheme", identifier, false),
		Quorum: f.number(o["quorum"], "quorum", MaxRoster),
		Record: text,
	}
	for i, n := range f.items(o["units"], "units", review.MaxUnits) {
		where := at("units", i)
		o := f.object(n, where, "part", "name")
		p.Units = append(p.Units, review.Unit{
			Part: f.part(o["part"], inside(where, "part")),
			Name: f.line(o["name"], inside(where, "name"), review.MaxTitle, false),
		})
		if slices.Contains(p.Units[:i], p.Units[i]) {
			f.value(inside(where, "name"), "twice")
		}
	}
	p.facts = f.facts(o["facts"])
	for i, n := range f.items(o["profile"], "profile", MaxProfile) {
		where := at("profile", i)
		o := f.object(n, where, "label", "text")
		p.Profile = append(p.Profile, Passage{
			Label: f.line(o["label"], inside(where, "label"), review.MaxName, false),
			Text:  f.paragraphs(o["text"], inside(where, "text"), review.MaxText),
		})
	}
	for i, n := range f.items(o["documents"], "documents", review.MaxDocuments) {
		p.Documents = append(p.Documents, f.document(n, i, source))
	}
	if f.err == nil {
		f.distinct(p.Documents)
	}
	return p, f.err
}

func (f *jsonFile) document(n node, i int, source bool) review.Document {
	where := at("documents", i)
	names := []string{"file", "name", "title", "material?"}
	if source {
		names[1] = "name?"
	}
	o := f.object(n, where, names...)
	d := review.Document{
		File:     f.line(o["file"], inside(where, "file"), maxFileName, false),
		Title:    f.line(o["title"], inside(where, "title"), review.MaxTitle, false),
		Material: f.id(o["material"], inside(where, "material"), identifier, true),
	}
	switch own := o["name"]; {
	case source && own.kind == isNull:
		d.Name = norm.NFC.String(path.Base(d.File))
	case own.kind == isString:
		d.Name = own.text
	default:
		f.value(inside(where, "name"), "not a text")
	}
	kind, known := kindOf(d.Name)
	switch {
	case f.err != nil:
	case !checkFileName(d.Name):
		f.err = review.E(review.CodePackageName, "bag.jsonFile.document", escape(d.Name), nil)
	case !known:
		f.err = refusedKind(d.Name)
	case !source && d.File != numbered(i+1, kind.extension()):
		f.fail(review.CodePackageDocument, inside(where, "file"), "not "+numbered(i+1, kind.extension()))
	}
	d.Type = string(kind)
	return d
}

// distinct requires that no two documents have names that some file system takes for
// the same.
func (f *jsonFile) distinct(list []review.Document) {
	seen := map[string]bool{}
	for _, d := range list {
		if seen[folded(d.Name)] {
			f.err = review.E(review.CodePackageName, "bag.jsonFile.distinct", escape(d.Name), errors.New("twice"))
			return
		}
		seen[folded(d.Name)] = true
	}
}

// facts gives what is known of a project, sorted by key, as text.
func (f *jsonFile) facts(n node) []review.Fact {
	if n.kind == isNull {
		return nil
	}
	if n.kind != isObject || len(n.members) > review.MaxFacts {
		f.value("facts", "not an object, or too many")
		return nil
	}
	var out []review.Fact
	size := 0
	for _, m := range n.members {
		where := inside("facts", escape(m.name))
		if !identifier.MatchString(m.name) {
			f.value(where, "not a key")
			continue
		}
		if m.value.kind == isNull {
			continue
		}
		text := m.value.text
		switch m.value.kind {
		case isBool:
			text = strconv.FormatBool(m.value.yes)
		case isArray:
			text = f.compact(m.value, where)
		case isObject:
			f.value(where, "an object")
		case isString:
			if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
				f.value(where, "a text that would be read as a list") // facts are told apart by how they begin
			}
		}
		if err := checkLine(text, MaxValue); err != nil {
			f.value(where, err.Error())
		}
		if size += len(m.name) + len(text); size > MaxFacts {
			f.fail(review.CodePackageLimit, "facts", fmt.Sprintf("more than %d bytes", MaxFacts))
		}
		out = append(out, review.Fact{Key: m.name, Value: text})
	}
	slices.SortFunc(out, func(a, b review.Fact) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// compact writes an array of values or of flat objects as JSON without white space,
// members in the order of their names, what is null left out.
func (f *jsonFile) compact(n node, where string) string {
	list := []any{}
	for i, v := range n.list {
		switch v.kind {
		case isNull, isArray:
			f.value(at(where, i), "null, or an array in an array")
		case isObject:
			record := map[string]any{}
			for _, m := range v.members {
				if !identifier.MatchString(m.name) || m.value.kind == isArray || m.value.kind == isObject {
					f.value(inside(at(where, i), escape(m.name)), "not a flat member")
				} else if m.value.kind != isNull {
					record[m.name] = f.plain(m.value, where)
				}
			}
			list = append(list, record)
		default:
			list = append(list, f.plain(v, where))
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(list); err != nil {
		panic("bag: " + err.Error()) // strings, booleans and numbers always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (f *jsonFile) plain(n node, where string) any {
	switch n.kind {
	case isBool:
		return n.yes
	case isInteger:
		return json.Number(n.text)
	}
	if err := checkLine(n.text, MaxValue); err != nil {
		f.value(where, err.Error())
	}
	return n.text
}
