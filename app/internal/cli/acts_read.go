package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

// listMeetings lists the meetings of the data directory. One that cannot be opened
// stands there with the reason.
func (a *acting) listMeetings() (told, error) {
	root, err := a.DataDir(a.at.data)
	if err != nil {
		return told{}, err
	}
	if err := a.open(a.OpenReadOnly, root); err != nil {
		return told{}, err
	}
	list, err := a.services.List()
	if err != nil {
		return told{}, err
	}
	type entry struct {
		ID       review.MeetingID         `json:"meeting"`
		Title    string                   `json:"title"`
		Phase    review.Phase             `json:"phase"`
		Created  string                   `json:"created"`
		Projects []meeting.ProjectSummary `json:"projects"`
		Problem  *finding                 `json:"problem,omitempty"`
	}
	out, object := told{}, []entry{}
	for _, m := range list {
		e := entry{ID: m.ID, Title: m.Title, Phase: m.Phase, Created: rfc3339(m.Created), Projects: m.Projects}
		if e.Projects == nil {
			e.Projects = []meeting.ProjectSummary{}
		}
		if m.Err != nil {
			f := a.finding(review.Finding{Code: review.CodeOf(m.Err), Entry: review.ItemOf(m.Err)})
			e.Problem = &f
			out.lines = append(out.lines, a.sentence("meeting.list.broken", said{"meeting": m.ID, "why": f.Message}))
		} else {
			out.lines = append(out.lines, a.sentence("meeting.list", said{
				"meeting": m.ID, "of": m.Title, "phase": a.name("phase", string(m.Phase)),
				"date": words.Date(m.Created), "projects": len(m.Projects),
			}))
		}
		object = append(object, e)
	}
	if len(list) == 0 {
		out.lines = append(out.lines, a.Words.T("meeting.list.none", nil))
	}
	out.object = map[string]any{"meetings": object}
	return out, nil
}

// name gives the Chinese name of a value of the record.
func (a *acting) name(of, value string) string { return a.Words.T(of+"."+value, nil) }

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// status shows the board: what everybody may see.
func (a *acting) status() (told, error) {
	b, err := a.services.Board(a.id)
	if err != nil {
		return told{}, err
	}
	out := told{}
	add := func(key string, s said) { out.lines = append(out.lines, fold(a.sentence("meeting.status."+key, s))...) }
	add("meeting", said{"of": b.Title, "meeting": b.ID, "phase": a.name("phase", string(b.Phase))})

	seats := []said{}
	for _, x := range b.Seats {
		var roles, marks []string
		for _, r := range x.Roles {
			roles = append(roles, r.Name())
		}
		marks = append(marks, a.name("presence", string(x.Presence)))
		for _, m := range []struct {
			key string
			is  bool
		}{{"chair", x.ID == b.Chair}, {"unclaimed", !x.Claimed}, {"uncertified", x.Claimed && !x.Certified}, {"promised", x.Promised}} {
			if m.is {
				marks = append(marks, a.Words.T("meeting.status."+m.key, nil))
			}
		}
		if x.ReplacedBy != "" {
			marks = append(marks, a.sentence("meeting.status.replaced", said{"by": x.ReplacedBy}))
		}
		add("seat", said{
			"seat": x.ID, "name": x.Name, "unit": x.Unit, "roles": strings.Join(roles, "、"), "marks": strings.Join(marks, "、"),
		})
		seats = append(seats, said{
			"seat": x.ID, "name": x.Name, "unit": x.Unit, "roles": x.Roles, "presence": x.Presence, "claimed": x.Claimed,
			"certified": x.Certified, "promised": x.Promised, "replaced_by": x.ReplacedBy,
		})
	}

	projects := []said{}
	for _, p := range b.Projects {
		add("project", said{
			"project": p.ID, "title": p.Title, "stage": a.name("stage", string(p.Stage)), "round": p.Round,
			"chair": p.Chair, "quorum": p.Quorum, "voters": p.Voters,
		})
		var cells []string
		experts := []said{}
		for _, c := range p.Experts {
			cells = append(cells, string(c.Seat)+" "+a.name("cell", string(c.State)))
			experts = append(experts, said{"seat": c.Seat, "state": c.State})
		}
		if len(cells) > 0 {
			add("experts", said{"experts": strings.Join(cells, "　")})
		}
		projects = append(projects, said{
			"project": p.ID, "title": p.Title, "stage": p.Stage, "round": p.Round, "chair": p.Chair,
			"quorum": p.Quorum, "voters": p.Voters, "experts": experts,
		})
	}

	notices := []finding{}
	for _, n := range b.Notices {
		f := a.finding(n)
		notices = append(notices, f)
		out.lines = append(out.lines, f.Message)
	}
	out.object = said{
		"meeting": b.ID, "title": b.Title, "phase": b.Phase, "chair": b.Chair,
		"seats": seats, "projects": projects, "notices": notices,
	}
	return out, nil
}

// ownBallot shows what the person submitted, from under the seal.
func (a *acting) ownBallot() (told, error) {
	sheet, _, err := a.x.OwnSheet(a.project())
	if err != nil {
		return told{}, err
	}
	return told{lines: a.sheetLines(sheet), object: said{"project": a.project(), "seat": a.as(), "sheet": sheet}}, nil
}

// sheetLines writes a ballot for people. What the items ask is said as far as the person
// may see it.
func (a *acting) sheetLines(h review.Sheet) []string {
	p, err := a.x.Project(a.project())
	if err != nil {
		p = review.ProjectAdded{}
	}
	titles := map[string]string{}
	for _, it := range p.Scheme.Items {
		titles[it.ID] = it.Title
	}
	var out []string
	for _, m := range h.Marks {
		value := m.Value
		if a.Words.Has("answer." + value) {
			value = a.name("answer", value)
		}
		out = append(out, a.sentence("meeting.ballot.mark", said{"item": m.Item, "title": titles[m.Item], "value": value, "reason": m.Reason}))
	}
	for _, text := range h.Opinion {
		out = append(out, a.sentence("meeting.ballot.opinion", said{"text": text}))
	}
	if h.Outcome != "" {
		o, _ := p.Scheme.Outcome(h.Outcome)
		out = append(out, a.sentence("meeting.ballot.outcome", said{"outcome": h.Outcome, "title": o.Title}))
	}
	return out
}

// ballots shows the opened ballots of a round, the latest if the line does not say.
func (a *acting) ballots() (told, error) {
	round := 0
	if a.given("round") {
		round = a.number("round")
	} else if p := a.x.State().Project(a.project()); p != nil {
		round = len(p.Rounds)
	}
	list, err := a.x.Ballots(a.project(), round)
	if err != nil {
		return told{}, err
	}
	out, object := told{}, []said{}
	for _, b := range list {
		how := "counts"
		if !b.Counts {
			how = "void"
		}
		out.lines = append(out.lines, a.sentence("meeting.ballots."+how, said{
			"seat": b.Seat, "name": b.Name, "at": words.DateTime(b.At), "why": b.Why,
		}))
		for _, l := range a.sheetLines(b.Sheet) {
			out.lines = append(out.lines, wrap("  ", l)...)
		}
		object = append(object, said{
			"seat": b.Seat, "name": b.Name, "at": rfc3339(b.At), "counts": b.Counts, "why": b.Why, "sheet": b.Sheet, "paper": b.Paper,
		})
	}
	out.object = said{"project": a.project(), "round": round, "ballots": object}
	return out, nil
}

func (a *acting) showOpinion() (told, error) {
	v, err := a.x.Opinion(a.project())
	if err != nil {
		return told{}, err
	}
	out := told{object: said{"project": a.project(), "revision": v.Revision, "by": v.By, "at": rfc3339(v.At), "paragraphs": v.Paragraphs}}
	for _, p := range v.Paragraphs {
		out.lines = append(out.lines, review.Legible(p.Text))
	}
	if v.Revision == 0 {
		out.object = said{"project": a.project(), "revision": 0, "paragraphs": []review.OpinionParagraph{}}
		out.lines = []string{a.Words.T("meeting.opinion.none", nil)}
	}
	return out, nil
}

// showJournal lists the journal: to who signs in as much as the gate allows him, to
// everybody else that entries are there.
func (a *acting) showJournal() (told, error) {
	var list []meeting.Entry
	var err error
	if a.given("as") || a.given("secret") {
		if err := a.enter(); err != nil {
			return told{}, err
		}
		list, err = a.x.Journal()
	} else {
		if err := a.openMeeting(a.OpenReadOnly); err != nil {
			return told{}, err
		}
		list, err = a.services.Journal(a.id)
	}
	if err != nil {
		return told{}, err
	}
	type entry struct {
		Index int64           `json:"index"`
		At    string          `json:"at"`
		Actor review.SeatID   `json:"actor"`
		Kind  review.Kind     `json:"kind"`
		Event json.RawMessage `json:"event,omitempty"`
	}
	out, object := told{}, []entry{}
	for _, e := range list {
		object = append(object, entry{e.Index, rfc3339(e.At), e.Actor, e.Kind, e.Event})
		out.lines = append(out.lines, a.sentence("journal.show", said{
			"index": e.Index, "at": words.DateTime(e.At), "actor": e.Actor, "kind": e.Kind, "name": a.name("event", string(e.Kind)), "event": string(e.Event),
		}))
	}
	out.object = map[string]any{"meeting": a.id, "entries": object}
	return out, nil
}

// verifyJournal makes the full verification of the meeting, and holds it against a
// checkpoint that somebody kept elsewhere.
func (a *acting) verifyJournal() (told, error) {
	v := a.services.Verify(a.id, nil)
	out := told{}
	findings := []finding{}
	add := func(f review.Finding) {
		if slices.Contains(findings, a.finding(f)) {
			return
		}
		findings = append(findings, a.finding(f))
		out.lines = append(out.lines, a.finding(f).Message)
		out.no = true
	}
	for _, f := range v.Findings {
		add(f)
	}
	if !out.no {
		out.lines = append(out.lines, a.holds(a.id, v)...)
	}
	object := said{"meeting": a.id, "title": v.Title, "authority": v.Authority, "checkpoint": v.Checkpoint}
	if c := a.text("checkpoint"); c != "" {
		switch err := a.services.Compare(a.id, c); {
		case review.CodeOf(err) == review.CodeEventForm:
			return told{}, usage("--checkpoint " + c)
		case err == nil:
			out.lines = append(out.lines, a.sentence("journal.verify.extends", said{"checkpoint": c}))
		case v.Checkpoint != "": // else the findings say already why there is nothing to compare
			add(review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)})
		}
	}
	object["valid"], object["findings"] = !out.no, findings
	out.object = object
	return out, nil
}
