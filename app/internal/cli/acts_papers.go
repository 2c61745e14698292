package cli

import (
	"encoding/json"
	"strings"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
)

// maxTable bounds a file of terms and changes, in bytes.
const maxTable = 1 << 20

// fulfilment puts what a panel finds of a contract on record: a file with a list of terms
// and one of changes.
func (a *acting) fulfilment() (told, error) {
	if a.on("blank") {
		return a.blankFulfilment()
	}
	if !a.given("table") {
		return told{}, usage(a.words + " --table")
	}
	var in fulfilmentFile
	if _, err := a.readJSON(a.text("table"), maxTable, &in); err != nil {
		return told{}, err
	}
	if err := a.x.RecordFulfilment(a.project(), in.Terms, in.Changes); err != nil {
		return told{}, err
	}
	n := len(a.x.State().Project(a.project()).Fulfilment)
	return a.done(said{"project": a.project(), "revision": n, "terms": len(in.Terms), "changes": len(in.Changes)})
}

// blankFulfilment writes a file of terms and changes to be filled in, and says what goes
// where.
func (a *acting) blankFulfilment() (told, error) {
	if !a.given("out") {
		return told{}, usage(a.words + " --out")
	}
	if err := a.free(a.text("out")); err != nil {
		return told{}, err
	}
	b, err := json.MarshalIndent(fulfilmentFile{
		Terms: []review.Term{{Met: review.MetYes}, {Met: review.MetDeviate}, {Met: review.MetNo}}, Changes: []review.Change{{}},
	}, "", "  ")
	if err != nil {
		return told{}, review.E(review.CodeInternal, "cli.acting.blankFulfilment", "", err)
	}
	if err := a.Write(a.text("out"), append(b, '\n')); err != nil {
		return told{}, err
	}
	out, err := a.done(said{"project": a.project(), "path": a.text("out")}, "blank")
	out.lines = append(out.lines, a.Words.T("meeting.fulfilment.terms", nil))
	for _, met := range []review.Met{review.MetYes, review.MetDeviate, review.MetNo} {
		out.lines = append(out.lines, a.sentence("meeting.fulfilment.met", said{"code": met, "name": a.name("met", string(met))}))
	}
	out.lines = append(out.lines, a.Words.T("meeting.fulfilment.changes", nil))
	return out, err
}

// fulfilmentFile is a file of terms and changes.
type fulfilmentFile struct {
	Terms   []review.Term   `json:"terms"`
	Changes []review.Change `json:"changes"`
}

// strokes gives how a signature looks: as drawn in the file that is named, or in type.
func (a *acting) strokes() (review.Look, error) {
	if !a.given("strokes") {
		return review.Look{}, nil
	}
	b, err := a.Read(a.text("strokes"), maxTable)
	if err != nil {
		return review.Look{}, err
	}
	strokes, err := review.ReadStrokes(b)
	return review.Look{Strokes: strokes}, err
}

// sign signs what lies before the panel, or lays it there.
func (a *acting) sign() (told, error) {
	s := said{"seat": a.as(), "project": a.project()}
	if !a.on("begin") {
		for _, option := range []string{"tables", "ink"} {
			if a.given(option) {
				return told{}, usage("--" + option)
			}
		}
		look, err := a.strokes()
		if err != nil {
			return told{}, err
		}
		if err := a.x.Sign(a.project(), look); err != nil {
			return told{}, err
		}
		set := a.x.State().Project(a.project()).Signing()
		s["papers"], s["left"] = len(set.Papers), len(a.x.State().UnsignedSet(a.x.State().Project(a.project()), set))
		return a.done(s)
	}
	if a.given("strokes") {
		return told{}, usage("--strokes")
	}
	begin, how := a.x.BeginSigning, "begun"
	if a.on("tables") {
		begin, how = a.x.CertifyTables, "tables"
	}
	var ink []review.SeatID
	for _, seat := range a.all("ink") {
		ink = append(ink, review.SeatID(seat))
	}
	if err := begin(a.project(), ink...); err != nil {
		return told{}, err
	}
	out, err := a.done(s, how)
	if err == nil {
		p := a.x.State().Project(a.project())
		out.lines = append(out.lines, a.setLines(p, p.Signing())...)
	}
	return out, err
}

// setLines shows a set of papers: each with its number and 校验码, and who has signed.
func (a *acting) setLines(p *review.Project, set *review.PaperSet) []string {
	var out []string
	for _, q := range set.Papers {
		out = append(out, a.sentence("meeting.papers.paper", said{
			"form": a.name("form", string(q.Form)), "number": paper.Number(q.Form, a.id, q.Number), "check": q.Check,
		}))
	}
	var names, open []string
	left := a.x.State().UnsignedSet(p, set)
	for _, g := range set.Signers {
		name := a.nameOf(g.Seat)
		if g.Ink {
			name = a.sentence("meeting.papers.ink", said{"name": name})
		}
		names = append(names, name)
	}
	for _, seat := range left {
		open = append(open, a.nameOf(seat))
	}
	out = append(out, wrap("  ", a.sentence("meeting.papers.signers", said{"names": strings.Join(names, "、")}))...)
	switch {
	case set.Void != "":
		out = append(out, wrap("  ", a.sentence("meeting.papers.void", said{"reason": set.Void}))...)
	case set.Archive != nil:
		out = append(out, a.sentence("meeting.papers.archived", nil))
	case len(open) > 0:
		out = append(out, wrap("  ", a.sentence("meeting.papers.open", said{"names": strings.Join(open, "、")}))...)
	default:
		out = append(out, a.sentence("meeting.papers.complete", nil))
	}
	return out
}

// papers shows the papers of a project that were laid before the panel.
func (a *acting) papers() (told, error) {
	sets, err := a.x.Sets(a.project())
	if err != nil {
		return told{}, err
	}
	p := a.x.State().Project(a.project())
	out := told{object: said{"project": p.ID, "sets": append([]review.PaperSet{}, sets...)}}
	for i := range sets {
		set := &sets[i]
		out.lines = append(out.lines, a.sentence("meeting.papers."+string(set.Purpose), said{"number": set.Number}))
		out.lines = append(out.lines, a.setLines(p, set)...)
	}
	if len(sets) == 0 {
		out.lines = []string{a.Words.T("meeting.papers.none", nil)}
	}
	return out, nil
}

// print gives a paper as a file: as it is signed so far or, with --draft, as it would be
// composed now.
func (a *acting) print() (told, error) {
	if err := a.free(a.text("out")); err != nil {
		return told{}, err
	}
	form := review.Form(a.text("form"))
	s := said{"project": a.project(), "form": form, "kind": a.name("form", string(form)), "path": a.text("out")}
	var file []byte
	var lacks []paper.Lack
	var err error
	own := form == review.FormIndividual || form == review.FormDissent
	seat := a.seat("seat")
	if seat == "" {
		seat = a.as()
	}
	how := "signed"
	switch {
	case a.on("draft") && form == review.FormIndividual && a.given("ballot"):
		how = "draft"
		var sheet review.Sheet
		if _, err := a.readJSON(a.text("ballot"), maxSheet, &sheet); err != nil {
			return told{}, err
		}
		file, err = a.x.PreviewBallot(a.project(), sheet)
	case form == review.FormDetails || form == review.FormNotice:
		if a.on("draft") || a.on("certified") {
			return told{}, usage("--form " + string(form))
		}
		compose := a.x.Details
		if form == review.FormNotice {
			compose = a.x.Notice
		}
		file, err = compose(a.project())
	case a.on("draft") && own:
		return told{}, usage("--ballot")
	case own && !a.given("seat") && a.as() == review.FirstSeat:
		return told{}, usage("--seat")
	case a.on("certified") && (own || a.on("draft")):
		return told{}, usage("--certified")
	case a.on("draft"):
		how = "draft"
		file, lacks, err = a.x.PreviewPaper(a.project(), form)
	case form == review.FormIndividual:
		file, err = a.x.IndividualOf(a.project(), a.number("round"), seat)
	case form == review.FormDissent:
		file, err = a.x.DissentOf(a.project(), seat)
	default:
		var q review.SetPaper
		get := a.x.PaperOf
		if a.on("certified") {
			get = a.x.CertifiedOf
		}
		if q, file, err = get(a.project(), form); err == nil {
			s["number"], s["check"] = paper.Number(form, a.id, q.Number), q.Check
			how = "numbered"
		}
	}
	if err != nil {
		return told{}, err
	}
	if err := a.Write(a.text("out"), file); err != nil {
		return told{}, err
	}
	out, err := a.done(s, how)
	for _, l := range lacks {
		out.lines = append(out.lines, wrap("  ", a.sentence("lack."+l.Key, said{"item": l.Item}))...)
	}
	return out, err
}

// scan puts the scan of a paper that was signed in ink on record.
func (a *acting) scan() (told, error) {
	scan, err := a.Read(a.file, meeting.MaxScan)
	if err != nil {
		return told{}, err
	}
	var seats []review.SeatID
	var names []string
	for _, seat := range a.all("seat") {
		seats = append(seats, review.SeatID(seat))
		names = append(names, a.nameOf(review.SeatID(seat)))
	}
	if len(seats) == 0 {
		return told{}, usage("--seat")
	}
	var printed review.Digest
	if a.given("printed") {
		b, err := a.Read(a.text("printed"), maxPDF)
		if err != nil {
			return told{}, err
		}
		printed = review.DigestOf(b)
	}
	if err := a.x.LinkScan(a.with, a.project(), a.text("check"), printed, scan, seats...); err != nil {
		return told{}, err
	}
	set := a.x.State().Project(a.project()).Signing()
	last := set.Scans[len(set.Scans)-1]
	return a.done(said{
		"project": a.project(), "form": last.Form, "kind": a.name("form", string(last.Form)), "check": last.Check,
		"digest": last.Scan, "names": strings.Join(names, "、"),
	})
}

// finalise is 定稿, of the tables alone where the line says so.
func (a *acting) finalise() (told, error) {
	sheets, err := a.sheets()
	if err != nil {
		return told{}, err
	}
	if a.on("tables") {
		if err := a.x.CloseTables(a.with, a.project(), sheets...); err != nil {
			return told{}, err
		}
	} else if err := a.x.Finalise(a.with, a.project(), sheets...); err != nil {
		return told{}, err
	}
	paths, err := a.x.ExportPapers(a.project())
	if err != nil {
		return told{}, err
	}
	how := []string{}
	if a.on("tables") {
		how = append(how, "tables")
	}
	if len(paths) == 0 {
		how = append(how, "bare") // concluded by an earlier version, without papers
	}
	out, err := a.done(said{"project": a.project(), "papers": paths}, how...)
	for _, p := range paths {
		out.lines = append(out.lines, "  "+p)
	}
	return out, err
}

// withdraw takes back a conclusion, or tables that are being signed.
func (a *acting) withdraw() (told, error) {
	if !a.on("tables") {
		return a.ofProject(a.x.Withdraw(a.with, a.project(), a.text("reason")))
	}
	if err := a.x.WithdrawTables(a.with, a.project(), a.text("reason")); err != nil {
		return told{}, err
	}
	return a.done(said{"project": a.project()}, "tables")
}
