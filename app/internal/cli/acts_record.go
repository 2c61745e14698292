package cli

import (
	"fmt"
	"strings"

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

func (a *acting) beginFiling() (told, error) {
	if err := a.x.BeginFiling(a.with); err != nil {
		return told{}, err
	}
	return a.done(said{"meeting": a.id})
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
