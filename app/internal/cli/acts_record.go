package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

func (a *acting) record() (told, error) {
	b, err := a.Read(a.text("text"), maxText)
	if err != nil {
		return told{}, err
	}
	if err := a.x.Record(string(b)); err != nil {
		return told{}, err
	}
	return a.done(said{"paragraphs": len(a.x.State().Minutes)})
}

func (a *acting) issue() (told, error) {
	paper, path, err := a.x.IssueMinutes()
	if err != nil {
		if paper.Number > 0 { // it is on record, and only the file is missing
			fmt.Fprintln(a.Stderr, a.Words.T("papers.unwritten", nil))
		}
		return told{}, err
	}
	return a.done(said{"paper": paper.NumberName(), "number": paper.Number, "path": path})
}

// missing tells what the meeting leaves open before it is filed.
func (a *acting) missing() (told, error) {
	lacks, err := a.x.Missing()
	if err != nil {
		return told{}, err
	}
	out := told{lines: a.lackLines(lacks), object: said{"lacks": append([]meeting.Lack{}, lacks...)}}
	if len(lacks) == 0 {
		out.lines = []string{a.Words.T("meeting.missing.none", nil)}
	}
	return out, nil
}

// lackLines shows what is open, first what has to be done.
func (a *acting) lackLines(lacks []meeting.Lack) []string {
	var out []string
	for _, blocks := range []bool{true, false} {
		for _, l := range lacks {
			if l.Blocks != blocks {
				continue
			}
			mark := "meeting.missing.may"
			if blocks {
				mark = "meeting.missing.must"
			}
			out = append(out, wrap("  ", a.Words.T(mark, nil)+review.Legible(a.x.Lacking(l)))...)
		}
	}
	return out
}

// fileAway begins the filing, unless it has begun, and writes the filing folder where one is
// asked for. The folder is refused while something has to be done; then the filing does
// not begin either.
func (a *acting) fileAway() (told, error) {
	out := a.text("out")
	if err := a.free(out); err != nil {
		return told{}, err
	}
	begin := a.x.State().Phase != review.PhaseFiling
	if out != "" {
		lacks, err := a.x.Missing()
		if err != nil {
			return told{}, err
		}
		if n := len(slices.DeleteFunc(slices.Clone(lacks), func(l meeting.Lack) bool { return !l.Blocks })); n > 0 {
			for _, l := range a.lackLines(lacks) {
				fmt.Fprintln(a.Stderr, l)
			}
			return told{}, review.E(review.CodeFilingLack, "cli.acting.fileAway", strconv.Itoa(n), nil)
		}
	}
	if begin || out == "" {
		if err := a.x.BeginFiling(a.with); err != nil {
			return told{}, err
		}
	}
	if out == "" {
		return a.done(said{"meeting": a.id})
	}
	f, err := a.x.Filing(out)
	if err != nil {
		return told{}, err
	}
	said, err := a.done(said{
		"meeting": a.id, "path": f.Path, "files": f.Files, "size": words.Size(f.Size), "bytes": f.Size, "checkpoint": f.Checkpoint, "lacks": append([]meeting.Lack{}, f.Lacks...),
	}, "folder")
	said.lines = append(said.lines, a.lackLines(f.Lacks)...)
	return said, err
}

func (a *acting) sealMeeting() (told, error) {
	if err := a.x.Seal(); err != nil {
		return told{}, err
	}
	return a.done(said{"meeting": a.id})
}

// backup makes a copy of the meeting now, or lists the copies that there are.
func (a *acting) backup() (told, error) {
	if a.on("list") {
		return a.listCopies()
	}
	if err := a.openMeeting(a.Open); err != nil {
		return told{}, err
	}
	if err := a.services.Backup(a.id); err != nil {
		return told{}, err
	}
	copies, err := a.services.Backups(a.id)
	if err != nil {
		return told{}, err
	}
	return a.done(said{"meeting": a.id, "path": copies[0].Path, "entries": copies[0].Size})
}

func (a *acting) listCopies() (told, error) {
	if err := a.openMeeting(a.OpenReadOnly); err != nil {
		return told{}, err
	}
	copies, err := a.services.Backups(a.id)
	if err != nil {
		return told{}, err
	}
	out := told{}
	list := []said{}
	for _, c := range copies {
		s := said{"path": c.Path, "number": c.Number, "entries": c.Size}
		list = append(list, s)
		out.lines = append(out.lines, a.sentence("backup.copy", s))
	}
	if len(copies) == 0 {
		out.lines = append(out.lines, a.Words.T("backup.nothing", nil))
	}
	out.object = said{"meeting": a.id, "copies": list}
	return out, nil
}

// restore goes on from a copy, or looks at what is wrong.
func (a *acting) restore() (told, error) {
	if a.on("look") {
		return a.look()
	}
	if a.text("reason") == "" {
		return told{}, usage(a.words + " --reason")
	}
	secretary := meeting.Officer{Seat: a.as()}
	var err error
	if secretary.Secret, err = a.secret("secret", secretary.Seat); err != nil {
		return told{}, err
	}
	others, err := a.others()
	if err != nil {
		return told{}, err
	}
	if err := a.openMeeting(a.Open); err != nil {
		return told{}, err
	}
	aside, err := a.services.Continue(a.id, a.text("copy"), a.text("reason"), secretary, others...)
	if err != nil {
		return told{}, err
	}
	return a.done(said{"meeting": a.id, "evidence": aside})
}

// others are who acts besides the secretary, each with the secret from the file that
// stands in the same place among all --with-secret, or as he types it.
// Codes: CodeUsage and those of acting.secret.
func (a *acting) others() ([]meeting.Officer, error) {
	var out []meeting.Officer
	files := a.all("with-secret")
	if len(files) > len(a.all("with")) {
		return nil, usage("--with")
	}
	for i, seat := range a.all("with") {
		o := meeting.Officer{Seat: review.SeatID(seat)}
		var err error
		if i < len(files) {
			o.Secret, err = a.firstLine(files[i])
		} else {
			o.Secret, err = a.Secret(a.sentence("cli.ask", said{"seat": o.Seat}))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// look says what is wrong with a meeting, from which copy it could go on, and who has
// to act.
func (a *acting) look() (told, error) {
	if err := a.openMeeting(a.OpenReadOnly); err != nil {
		return told{}, err
	}
	e, err := a.services.Evidence(a.id)
	if err != nil {
		return told{}, err
	}
	out := told{no: len(e.Findings) > 0}
	add := func(key string, s said) { out.lines = append(out.lines, a.sentence("restore."+key, s)) }
	findings := []finding{}
	for _, f := range e.Findings {
		findings = append(findings, a.finding(f))
		out.lines = append(out.lines, a.finding(f).Message)
	}
	if len(findings) == 0 {
		add("sound", said{"meeting": e.Meeting})
	}
	object := said{"meeting": e.Meeting, "title": e.Title, "findings": findings, "seen": e.Seen, "officers": []review.SeatID{}}
	if e.Seen != "" {
		add("seen", said{"seen": e.Seen})
	}
	if e.Copy.Path == "" {
		add("nothing", nil)
	} else {
		object["copy"] = said{"path": e.Copy.Path, "number": e.Copy.Number, "entries": e.Copy.Size}
		object["lost"], object["officers"] = e.Lost, e.Officers
		add("copy", said{"path": e.Copy.Path, "entries": e.Copy.Size, "lost": e.Lost})
	}
	if len(findings) > 0 && len(e.Officers) > 0 {
		add("officers", said{"officers": seats(e.Officers)})
	}
	out.object = object
	return out, nil
}

// seats writes seats one after the other.
func seats(ids []review.SeatID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, "、")
}
