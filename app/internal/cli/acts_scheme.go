package cli

import (
	"encoding/json"

	"heyi/review"
)

// maxSettings is the size of a file of settings that is read.
const maxSettings = 64 << 10

// setScheme sets of a project's scheme what the organiser wants otherwise, or writes a file
// of what may be set, as it stands.
func (a *acting) setScheme() (told, error) {
	const op = "cli.acting.setScheme"
	if a.on("blank") {
		return a.blankSettings()
	}
	if !a.given("settings") {
		return told{}, usage(a.words + " --settings")
	}
	var in review.Settings
	if _, err := a.readJSON(a.text("settings"), maxSettings, &in); err != nil {
		return told{}, err
	}
	p := a.x.State().Project(a.project())
	if p == nil {
		return told{}, review.E(review.CodeProjectUnknown, op, string(a.project()), nil)
	}
	came, _, err := a.x.Bounds(a.project())
	if err != nil {
		return told{}, err
	}
	own := in.Apart(p.Came(), came)
	if err := a.x.SetScheme(a.project(), own, a.text("reason")); err != nil {
		return told{}, err
	}
	how := "own"
	if own.Empty() {
		how = "came"
	}
	return a.done(said{"project": a.project(), "settings": own, "items": len(own.Items), "bounds": len(own.Bounds), "unscored": own.Unscored}, how)
}

// blankSettings writes a file of what may be set, to be changed, and says what goes where.
func (a *acting) blankSettings() (told, error) {
	if !a.given("out") {
		return told{}, usage(a.words + " --out")
	}
	if err := a.free(a.text("out")); err != nil {
		return told{}, err
	}
	p := a.x.State().Project(a.project())
	if p == nil {
		return told{}, review.E(review.CodeProjectUnknown, "cli.acting.blankSettings", string(a.project()), nil)
	}
	_, now, err := a.x.Bounds(a.project())
	if err != nil {
		return told{}, err
	}
	b, err := json.MarshalIndent(p.Scheme.Set(now), "", "  ")
	if err != nil {
		return told{}, review.E(review.CodeInternal, "cli.acting.blankSettings", "", err)
	}
	if err := a.Write(a.text("out"), append(b, '\n')); err != nil {
		return told{}, err
	}
	out, err := a.done(said{"project": a.project(), "path": a.text("out")}, "blank")
	for _, it := range p.Scheme.Items {
		if it.Kind == review.ItemScore {
			out.lines = append(out.lines, wrap("  "+pad(it.ID, 8), it.Title)...)
		}
	}
	for _, b := range now {
		if o, ok := p.Scheme.Outcome(b.Outcome); ok {
			out.lines = append(out.lines, wrap("  "+pad(b.Outcome, 24), o.Title)...)
		}
	}
	out.lines = append(out.lines, wrap("  ", a.sentence("meeting.scheme.rest", said{"unscored": `{"unscored": true}`}))...)
	return out, err
}
