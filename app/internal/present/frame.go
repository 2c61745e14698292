package present

import (
	"heyi/review"
	"heyi/review/meeting"
)

// Frame is what stands around every page.
type Frame struct {
	Secrecy string   // 密级, as on paper; "" for none
	Drill   string   // 演练; "" in earnest
	Title   string   // the meeting's, or the program's
	Steps   []string // the meeting's phases; empty outside a meeting
	Current int      // index of the present phase
	Who     string   // name and role of the person at the machine; "" if nobody
	Rail    []Stop
}

// Stop is one entry of the rail.
type Stop struct {
	Place   Place
	Label   string
	Current bool
}

// under says which stop of the rail a place belongs to that is none itself.
var under = map[Place]Place{
	PlaceGuide: PlaceMeetings, PlaceUnlock: PlaceBoard, PlaceSeating: PlaceBoard, PlaceDigits: PlaceBoard,
	PlaceProject: PlaceProjects, PlaceImport: PlaceProjects, PlacePerson: PlacePanel,
	PlacePromise: PlaceProjects, PlaceDeclare: PlaceProjects, PlaceReading: PlaceProjects, PlaceSheet: PlaceProjects,
	PlaceSubmit: PlaceProjects, PlaceReceipt: PlaceProjects, PlaceOpening: PlaceProjects, PlaceTally: PlaceProjects,
	PlaceOpinion: PlaceProjects, PlaceConclude: PlaceProjects, PlacePosition: PlaceProjects, PlaceSign: PlaceProjects,
	PlacePreview:    PlacePapers,
	PlaceRegulation: PlaceRules, PlaceArticle: PlaceRules, PlaceRule: PlaceRules, PlaceScheme: PlaceRules,
	PlaceCompare: PlaceRules, PlaceLookup: PlaceRules,
}

// Frame gives the frame of the present page.
func (d *Desk) Frame() Frame {
	f := Frame{Title: d.T("app.title", nil)}
	stops := []Place{PlaceMeetings, PlaceNew, PlaceRules, PlaceCheck, PlaceDisplay}
	switch {
	case d.session != nil:
		st, seat := d.state(), d.session.Seat()
		f.about(d, d.session.Board())
		f.Who = seat.Name
		for _, r := range seat.Roles {
			f.Who += " · " + r.Name()
		}
		if st.Chair == seat.ID {
			f.Who += " · " + d.T("role.chair", nil)
		}
		stops = d.stops(st, seat)
	case d.meeting != "":
		if b, err := d.services.Board(d.meeting); err == nil {
			f.about(d, b)
		}
		stops = []Place{PlaceBoard, PlaceRules, PlaceDisplay, PlaceMeetings}
	}
	place := d.page.Place()
	if h, on := d.page.(*Help); on {
		place = h.under.Place()
	}
	if of, ok := under[place]; ok {
		place = of
	}
	for _, p := range stops {
		if p == PlaceRules && d.services.Regulations() == nil {
			continue
		}
		f.Rail = append(f.Rail, Stop{Place: p, Label: d.T("place."+string(p), nil), Current: p == place})
	}
	return f
}

// about fills in what a meeting is.
func (f *Frame) about(d *Desk, b meeting.Board) {
	f.Title, f.Secrecy = b.Title, b.Secrecy
	if b.Drill {
		f.Drill = d.T("frame.drill", nil)
	}
	for i, p := range review.Phases {
		f.Steps = append(f.Steps, d.T("phase."+string(p), nil))
		if p == b.Phase {
			f.Current = i
		}
	}
}

// stops gives the places that a person has now.
func (d *Desk) stops(st *review.State, seat review.Seat) []Place {
	stops := []Place{PlaceProjects}
	secretary := seat.Has(review.RoleSecretary)
	if secretary {
		stops = append(stops, PlacePanel)
	}
	if st.Look(seat.ID, review.ThingMinutes, "").Allowed && st.Phase != review.PhasePreparing {
		stops = append(stops, PlaceMinutes)
	}
	stops = append(stops, PlacePapers)
	if st.Look(seat.ID, review.ThingJournal, "").Allowed {
		if secretary && st.Phase != review.PhasePreparing {
			stops = append(stops, PlaceFiling)
		}
		stops = append(stops, PlaceJournal)
	}
	return append(stops, PlaceRules, PlaceDisplay)
}
