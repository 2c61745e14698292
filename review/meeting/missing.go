package meeting

import (
	"slices"

	"heyi/review"
	"heyi/review/paper"
)

// Lack is one thing that a meeting leaves open before it is filed.
type Lack struct {
	Key     string           // of its sentence: filing.lack.… or lack.…, which take the item
	Item    string           // a name, a title, a number; may be empty
	Project review.ProjectID // "" for the meeting as a whole
	Blocks  bool             // the filing folder cannot be written before it is done
}

// Missing tells what the meeting leaves open before it is filed, by its projects and then as
// a whole. What blocks can be done; what does not, whoever files may have to live with, and
// the folder says it. It is for the secretary and the chair.
// Codes: CodeActRole, CodeSessionClosed, CodeFactType, those of Packages.Package, bag.Reopen
// and Store.Blob.
func (x *Session) Missing() ([]Lack, error) {
	by, err := x.author()
	if err != nil {
		return nil, err
	}
	state := x.State()
	if seat, _ := state.Seat(by.seat); !seat.Has(review.RoleSecretary) && by.seat != state.Chair {
		return nil, review.E(review.CodeActRole, "meeting.Session.Missing", string(by.seat), nil)
	}
	return x.l.judge.lacks(state)
}

// blocking counts the lacks that block.
func blocking(list []Lack) int {
	n := 0
	for _, l := range list {
		if l.Blocks {
			n++
		}
	}
	return n
}

// Lacking says a lack as a sentence, with its project where there are several.
func (x *Session) Lacking(l Lack) string { return x.l.services.lacking(x.State(), l) }

// lacking says a lack as a sentence, with its project where there are several.
func (s *Services) lacking(state *review.State, l Lack) string {
	said := s.say(l.Key, map[string]string{"item": l.Item})
	if p := state.Project(l.Project); p != nil && len(state.Projects) > 1 {
		return p.Title + "：" + said
	}
	return said
}

// lacks gathers them.
func (j *judge) lacks(state *review.State) ([]Lack, error) {
	var out []Lack
	if len(state.Projects) == 0 {
		out = append(out, Lack{Key: "filing.lack.projects"})
	}
	for _, p := range state.Projects {
		list, err := j.lacksOf(state, p)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return append(out, lacksOfMinutes(state)...), nil
}

// lacksOf tells what a project leaves open.
func (j *judge) lacksOf(state *review.State, p *review.Project) ([]Lack, error) {
	var out []Lack
	add := func(blocks bool, key, item string) {
		if l := (Lack{"filing.lack." + key, item, p.ID, blocks}); !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	switch {
	case p.Stage == review.StageSuspended:
		return nil, nil // there is nothing more to come
	case !p.Ended():
		add(true, "open", p.Title)
	}
	about := j.about(state, p)
	if p.Package == "" || p.Entry == "" {
		add(false, "package", p.Title)
	} else if about.Time == "" { // papers have the dates of the record in its place
		add(false, "time", "")
	}
	c, err := j.groupCase(state, p, "", state.At)
	if err != nil {
		return nil, err
	}
	c.Draft = true
	for _, l := range paper.Missing(c.Opinion(0)) {
		out = append(out, Lack{Key: "lack." + l.Key, Item: l.Item, Project: p.ID})
	}
	if p.Stage == review.StageFinal && p.Standing(review.PurposeConclusion) == nil {
		add(false, "papers", p.Title) // concluded before there were papers: nothing can mend it any more
	}
	if len(p.Fulfilment) > 0 {
		// Once the project has ended, nobody can sign them any more.
		if set := p.Standing(review.PurposeTables); set == nil || set.Archive == nil {
			add(!p.Ended(), "tables", p.Title)
		}
	}
	for i := range p.Sets {
		if set := &p.Sets[i]; set.Void == "" {
			lacksOfSet(state, p, set, add)
		}
	}
	return out, nil
}

// lacksOfSet tells what a standing set leaves open.
func lacksOfSet(state *review.State, p *review.Project, set *review.PaperSet, add func(blocks bool, key, item string)) {
	if set.Archive == nil && set.Purpose == review.PurposeConclusion {
		add(!p.Ended(), "archive", p.Title)
	}
	for _, g := range set.Signers {
		seat, _ := state.Seat(g.Seat)
		refused := slices.ContainsFunc(p.Refusals, func(r review.Refusal) bool { return r.Seat == g.Seat && r.Subject == set.Subject })
		switch {
		case set.Signed(g.Seat):
		case refused:
			add(false, "refused", seat.Name)
		case g.Ink:
			add(!p.Ended(), "scan", seat.Name)
		default:
			add(!p.Ended(), "signature", seat.Name)
		}
	}
}

// lacksOfMinutes tells what the 会议记录 leaves open. It can be issued during the filing.
func lacksOfMinutes(state *review.State) []Lack {
	n := len(state.Minutes)
	if n == 0 {
		return []Lack{{Key: "filing.lack.minutes"}}
	}
	for i := len(state.Papers) - 1; i >= 0; i-- {
		if p := state.Papers[i]; p.Form == review.FormMinutes {
			if p.At.Before(state.Minutes[n-1].At) {
				return []Lack{{Key: "filing.lack.minutes.later", Blocks: true}}
			}
			return nil
		}
	}
	return []Lack{{Key: "filing.lack.minutes.unsigned", Blocks: true}}
}
