package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/meeting"
)

// Limits of files that acts read, in bytes.
const (
	maxText    = 64 << 10
	maxSheet   = 256 << 10 // what a draft may hold
	maxProject = 4 << 20
)

// project is a project as a file gives it that is no package.
type project struct {
	Title   string        `json:"title"`
	Package review.Digest `json:"package"` // "" for the digest of the file
	Quorum  int           `json:"quorum"`
	Units   []review.Unit `json:"units"`
	Facts   []review.Fact `json:"facts"`
	Scheme  review.Scheme `json:"scheme"`
}

// readJSON reads a file that is one JSON value without anything that into does not
// have.
// Codes: CodeFileForm and those of World.Read.
func (a *acting) readJSON(path string, limit int64, into any) ([]byte, error) {
	b, err := a.Read(path, limit)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	d.DisallowUnknownFields()
	if err = d.Decode(into); err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = io.ErrUnexpectedEOF
		}
	}
	if err != nil {
		return nil, review.E(review.CodeFileForm, "cli.acting.readJSON", path, err)
	}
	return b, nil
}

// bring puts on record what a file has: a package, a project alone, or a ballot from
// another machine.
func (a *acting) bring() (told, error) {
	f, err := a.packageAt(a.file)
	if err != nil {
		return told{}, err
	}
	if f != nil {
		defer f.Close()
		return a.bringPackage(f)
	}
	for _, option := range []string{"roster", "digest"} {
		if a.given(option) {
			return told{}, usage("--" + option)
		}
	}
	b, err := a.Read(a.file, meeting.MaxBallotFile)
	if err != nil {
		return told{}, err
	}
	if isBallot(a.file, b) {
		if err := a.x.Bring(b); err != nil {
			return told{}, err
		}
		g, _, err := meeting.ReadBallotFile(b)
		if err != nil {
			return told{}, err
		}
		st, err := review.DecodeStatement(g.Statement)
		if err != nil {
			return told{}, err
		}
		return a.done(said{
			"seat": st.Seat, "project": st.Project, "revision": st.Revision, "digest": g.Digest(), "receipt": g.Digest().Receipt(),
		}, "ballot")
	}
	var p project
	if b, err = a.readJSON(a.file, maxProject, &p); err != nil {
		return told{}, err
	}
	if p.Package == "" {
		p.Package = review.DigestOf(b)
	}
	id, err := a.x.AddProject(review.ProjectAdded{
		Title: p.Title, Package: p.Package, Scheme: p.Scheme, Units: p.Units, Facts: p.Facts, Quorum: p.Quorum,
	})
	if err != nil {
		return told{}, err
	}
	return a.done(said{"project": id, "package": p.Package})
}

func (a *acting) declare() (told, error) {
	d := review.DeclarationBody{Conflict: a.on("conflict"), Reason: a.text("reason")}
	if err := a.x.Declare(a.project(), d); err != nil {
		return told{}, err
	}
	how := "free"
	if d.Conflict {
		how = "conflict"
	}
	out, err := a.done(said{"seat": a.as(), "project": a.project(), "conflict": d.Conflict}, how)
	out.lines = append(out.lines, a.standingLines(a.as())...)
	return out, err
}

// standingLines warns of experts who are employed by a unit of the project and do not stand
// aside: of one, or of all.
func (a *acting) standingLines(of review.SeatID) []string {
	conflicts, err := a.x.Conflicts(a.project())
	if err != nil {
		return nil // who may not see it is not told, and the act is done
	}
	var out []string
	for _, c := range conflicts {
		if len(c.Parts) > 0 && (of == "" || of == c.Seat) {
			out = append(out, wrap("  ", a.sentence("meeting.conflict", said{"name": a.nameOf(c.Seat), "seat": c.Seat, "why": c.Result.Sentence}))...)
		}
	}
	return out
}

func (a *acting) recuse() (told, error) {
	lift := a.on("lift")
	if err := a.x.Recuse(a.with, a.project(), a.seat("seat"), !lift, a.text("reason")); err != nil {
		return told{}, err
	}
	how := "aside"
	if lift {
		how = "lifted"
	}
	return a.done(said{"seat": a.seat("seat"), "project": a.project(), "recused": !lift}, how)
}

func (a *acting) waive() (told, error) {
	return a.ofProject(a.x.WaiveQuorum(a.with, a.project(), a.text("reason")))
}

func (a *acting) suspend() (told, error) {
	return a.ofProject(a.x.Suspend(a.with, a.project(), a.text("reason")))
}

// ofProject tells that an act on a project is done, unless it failed.
func (a *acting) ofProject(err error) (told, error) {
	if err != nil {
		return told{}, err
	}
	return a.done(said{"project": a.project()})
}

func (a *acting) correct() (told, error) {
	c := review.FactCorrected{
		Project: a.project(), Key: a.text("fact"), Old: a.text("old"), New: a.text("new"), Evidence: a.text("evidence"),
	}
	if err := a.x.Correct(a.with, c); err != nil {
		return told{}, err
	}
	number := len(a.x.State().Project(c.Project).Corrections)
	return a.done(said{"project": c.Project, "number": number, "fact": c.Key, "old": c.Old, "new": c.New})
}

func (a *acting) beginRound() (told, error) {
	if err := a.x.BeginRound(a.project()); err != nil {
		return told{}, err
	}
	out, err := a.round()
	out.lines = append(out.lines, a.standingLines("")...)
	return out, err
}

func (a *acting) closeRound() (told, error) {
	if err := a.x.CloseRound(a.project()); err != nil {
		return told{}, err
	}
	return a.round()
}

func (a *acting) openRound() (told, error) {
	sheets, err := a.sheets()
	if err != nil {
		return told{}, err
	}
	if err := a.x.OpenRound(a.with, a.project(), sheets...); err != nil {
		return told{}, err
	}
	return a.round()
}

// round tells of an act on the latest round of the project.
func (a *acting) round() (told, error) {
	p := a.x.State().Project(a.project())
	return a.done(said{"project": p.ID, "round": len(p.Rounds), "ballots": len(p.Counted(p.Round()))})
}

// draft keeps the unfinished ballot in a file, or gives the one that is kept.
func (a *acting) draft() (told, error) {
	key := review.ScoreDraft(a.project(), 0)
	s := said{"project": a.project(), "round": 0}
	if p := a.x.State().Project(a.project()); p != nil {
		key, s["round"] = review.ScoreDraft(p.ID, len(p.Rounds)), len(p.Rounds)
	}
	if path := a.text("ballot"); path != "" {
		b, err := a.Read(path, maxSheet)
		if err != nil {
			return told{}, err
		}
		if err := a.x.SaveDraft(key, string(b)); err != nil {
			return told{}, err
		}
		if len(b) == 0 {
			return a.done(s, "dropped")
		}
		return a.done(s)
	}
	text, err := a.x.Draft(key)
	if err != nil {
		return told{}, err
	}
	s["text"] = text
	if text == "" {
		return a.done(s, "none")
	}
	return told{lines: legible(text), object: s}, nil
}

// legible gives the lines of a text for a terminal.
func legible(text string) []string {
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	for i, l := range lines {
		lines[i] = review.Legible(strings.ReplaceAll(l, "\t", "    "))
	}
	return lines
}

func (a *acting) submit() (told, error) {
	var sheet review.Sheet
	if _, err := a.readJSON(a.text("ballot"), maxSheet, &sheet); err != nil {
		return told{}, err
	}
	if err := a.free(a.text("out")); err != nil {
		return told{}, err
	}
	look, err := a.strokes()
	if err != nil {
		return told{}, err
	}
	r, err := a.x.Submit(a.project(), sheet, look)
	if err != nil {
		return told{}, err
	}
	return a.received(r)
}

func (a *acting) receipt() (told, error) {
	r, err := a.x.Receipt(a.project())
	if err != nil {
		return told{}, err
	}
	return a.received(r)
}

func (a *acting) reseal() (told, error) {
	r, err := a.x.Reseal(a.project())
	if err != nil {
		return told{}, err
	}
	return a.ballotIn(r, said{})
}

// received tells of a ballot that is in, and writes it out as a 评分件 if that was
// asked for.
func (a *acting) received(r meeting.Receipt) (told, error) {
	path := a.text("out")
	if path == "" {
		return a.ballotIn(r, said{})
	}
	file, err := a.x.BallotFile(a.project())
	if err != nil {
		return told{}, err
	}
	if err := a.writeNew(path, file); err != nil {
		return told{}, err
	}
	return a.ballotIn(r, said{"path": path}, "out")
}

func (a *acting) ballotIn(r meeting.Receipt, s said, how ...string) (told, error) {
	s["seat"], s["project"], s["round"], s["revision"] = a.as(), r.Project, r.Round, r.Revision
	s["receipt"], s["digest"] = r.Code, r.Digest
	return a.done(s, how...)
}

func (a *acting) giveBack() (told, error) {
	if err := a.x.Return(a.project(), a.seat("seat"), a.text("reason")); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.seat("seat"), "project": a.project()})
}

func (a *acting) void() (told, error) {
	if a.on("dissent") {
		if err := a.x.VoidDissent(a.with, a.project(), a.seat("seat"), a.text("reason")); err != nil {
			return told{}, err
		}
		return a.done(said{"seat": a.seat("seat"), "project": a.project()}, "dissent")
	}
	if err := a.x.VoidBallot(a.with, a.project(), a.seat("seat"), a.text("reason")); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.seat("seat"), "project": a.project()})
}

func (a *acting) reopen() (told, error) {
	return a.ofProject(a.x.Reopen(a.with, a.project(), a.text("reason")))
}

// opinion records a version of the 专家组意见, or gives the last one. The file has one
// paragraph a line, under the headings of the scheme where lines are such headings, or is a
// JSON list of paragraphs with their sources and headings.
func (a *acting) opinion() (told, error) {
	if a.text("text") == "" {
		return a.showOpinion()
	}
	b, err := a.Read(a.text("text"), maxText)
	if err != nil {
		return told{}, err
	}
	var paragraphs []review.OpinionParagraph
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		if _, err := a.readJSON(a.text("text"), maxText, &paragraphs); err != nil {
			return told{}, err
		}
	} else {
		headings, err := a.x.Headings(a.project())
		if err != nil {
			return told{}, err
		}
		section := ""
		for _, p := range review.Paragraphs(string(b)) {
			if at := slices.IndexFunc(headings, func(h string) bool { return headed(p) == h }); at >= 0 {
				section = headings[at]
				continue
			}
			paragraphs = append(paragraphs, review.OpinionParagraph{Section: section, Text: p})
		}
	}
	if err := a.x.DraftOpinion(a.project(), paragraphs); err != nil {
		return told{}, err
	}
	return a.done(said{"project": a.project(), "revision": len(a.x.State().Project(a.project()).Opinion)})
}

// headed gives a line without what people put before a heading: a number, marks.
func headed(line string) string {
	return strings.Trim(strings.TrimLeft(line, "#一二三四五六七八九十、（）().．0123456789 　"), "：: 　")
}

func (a *acting) count() (told, error) {
	b := review.VotesCounted{
		Project: a.project(), Motion: a.text("motion"), Yes: a.number("yes"), No: a.number("no"), Abstain: a.number("abstain"),
	}
	if err := a.x.CountVotes(a.with, b); err != nil {
		return told{}, err
	}
	return a.done(said{"project": b.Project, "motion": b.Motion, "yes": b.Yes, "no": b.No, "abstain": b.Abstain})
}

func (a *acting) conclude() (told, error) {
	b := review.ConclusionReached{
		Project: a.project(), Outcome: a.text("outcome"), Reason: a.text("reason"),
	}
	for _, pair := range a.all("against") {
		rule, reason, _ := strings.Cut(pair, "=")
		b.Against = append(b.Against, review.Against{Rule: rule, Reason: reason})
	}
	if err := a.x.Conclude(a.with, b); err != nil {
		return told{}, err
	}
	p := a.x.State().Project(b.Project)
	outcome, _ := p.Scheme.Outcome(b.Outcome)
	return a.done(said{"project": b.Project, "outcome": b.Outcome, "conclusion": outcome.Title, "digest": p.Conclusion.Digest})
}

func (a *acting) vote() (told, error) {
	choice := review.Choice(a.text("choice"))
	look, err := a.strokes()
	if err != nil {
		return told{}, err
	}
	if err := a.x.Vote(a.project(), choice, a.text("text"), look); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.as(), "project": a.project(), "choice": choice, "position": a.name("choice", string(choice))})
}

func (a *acting) refuse() (told, error) {
	if err := a.x.Refuse(a.with, a.project(), a.seat("seat"), a.text("reason")); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.seat("seat"), "project": a.project(), "witness": a.with.Seat().ID})
}
