package cli

import (
	"slices"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

func (a *acting) create() (told, error) {
	secret, repeated, err := a.chosen("secret", review.FirstSeat)
	if err != nil {
		return told{}, err
	}
	root, err := a.DataDir(a.at.data)
	if err != nil {
		return told{}, err
	}
	if err := a.open(a.Open, root); err != nil {
		return told{}, err
	}
	a.x, err = a.services.Create(meeting.NewMeeting{
		Title: a.text("title"), Secretary: a.text("secretary"), Passphrase: secret, Repeated: repeated, Scheme: a.text("scheme"),
		Drill: a.on("drill"),
	})
	if err != nil {
		return told{}, err
	}
	s := said{"meeting": a.x.Meeting(), "of": a.x.State().Title, "seat": review.FirstSeat, "scheme": a.x.State().Scheme, "stage": ""}
	if id := a.x.State().Scheme; id != "" {
		lib, err := a.Rules()
		if err != nil {
			return told{}, err
		}
		scheme, _ := lib.Scheme(id)
		s["stage"] = scheme.Title
	}
	return a.done(s)
}

// giveSeat gives a new seat, or says better who takes one: then what the line does not
// say stays.
func (a *acting) giveSeat() (told, error) {
	id := a.seat("edit")
	before, _ := a.x.State().Seat(id)
	p := before.Person
	for option, field := range map[string]*string{"name": &p.Name, "unit": &p.Unit, "position": &p.Title} {
		if a.given(option) {
			*field = a.text(option)
		}
	}
	if given := a.all("role"); len(given) > 0 {
		p.Roles = nil
		for _, r := range []review.Role{review.RoleExpert, review.RoleMember, review.RoleObserver} { // the order of a set
			if slices.Contains(given, string(r)) {
				p.Roles = append(p.Roles, r)
			}
		}
	}
	if id != "" {
		if err := a.x.EditSeat(id, p); err != nil {
			return told{}, err
		}
		return a.done(said{"seat": id}, "edited")
	}
	id, err := a.x.AddSeat(p)
	if err != nil {
		return told{}, err
	}
	return a.done(said{"seat": id})
}

func (a *acting) claim() (told, error) {
	g, err := a.services.Seating(a.id, a.seat("seat"))
	if err != nil {
		return told{}, err
	}
	if err := a.take(g, "secret"); err != nil {
		return told{}, err
	}
	return a.taken(g)
}

// taken tells that a seat has been claimed, and where the code is.
func (a *acting) taken(g *meeting.Seating) (told, error) {
	s := said{"seat": g.Seat().ID, "name": g.Seat().Name}
	if path := a.text("code-out"); path != "" {
		s["path"] = path
		return a.done(s, "code")
	}
	return a.done(s)
}

func (a *acting) newCode() (told, error) {
	sheet := ""
	if path := a.text("sheet"); path != "" {
		var err error
		if sheet, err = a.firstLine(path); err != nil {
			return told{}, err
		}
	}
	g, err := a.x.NewCode(a.with, a.seat("seat"), a.text("reason"), sheet)
	if err != nil {
		return told{}, err
	}
	if err := a.take(g, "new-secret"); err != nil {
		return told{}, err
	}
	return a.taken(g)
}

func (a *acting) nameChair() (told, error) {
	if err := a.x.NameChair(a.with, a.project(), a.seat("seat"), a.text("reason")); err != nil {
		return told{}, err
	}
	if a.project() == "" {
		return a.done(said{"seat": a.seat("seat")})
	}
	return a.done(said{"seat": a.seat("seat"), "project": a.project()}, "project")
}

// confirm is 确认专家组; once the meeting runs, it certifies those who came since.
func (a *acting) confirm() (told, error) {
	how := "certified"
	if a.x.State().Phase == review.PhasePreparing {
		how = "confirmed"
		if err := a.x.ConfirmPanel(a.with); err != nil {
			return told{}, err
		}
	} else {
		sheets, err := a.sheets()
		if err != nil {
			return told{}, err
		}
		if err := a.x.Certify(a.with, sheets...); err != nil {
			return told{}, err
		}
	}
	certified := 0
	for _, seat := range a.x.State().Seats {
		if seat.Certificate != nil {
			certified++
		}
	}
	return a.done(said{"certified": certified, "authority": words.Fingerprint(review.DigestOf(a.x.State().Authority))}, how)
}

// promise gives the 承诺 on the program's text, or on one of the organiser's.
func (a *acting) promise() (told, error) {
	text := a.Words.T("promise.text", nil)
	if path := a.text("text"); path != "" {
		b, err := a.Read(path, maxText)
		if err != nil {
			return told{}, err
		}
		text = string(b)
	}
	if err := a.x.Promise(text); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.as(), "digest": review.DigestOf([]byte(text))})
}

func (a *acting) attend() (told, error) {
	p := review.Presence(a.text("presence"))
	if err := a.x.Attend(a.seat("seat"), p, a.text("reason")); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": a.seat("seat"), "presence": p, "where": a.name("presence", string(p))})
}

func (a *acting) replace() (told, error) {
	if err := a.x.Replace(a.with, a.seat("seat"), a.seat("by"), a.text("reason")); err != nil {
		return told{}, err
	}
	by, _ := a.x.State().Seat(a.seat("by"))
	return a.done(said{"seat": a.seat("seat"), "by": by.ID, "other": by.Name})
}

// recoverySheet writes the person's recovery sheet: its secret on the first line, as
// --sheet reads it, and below it what it is for.
func (a *acting) recoverySheet() (told, error) {
	if err := a.free(a.text("out")); err != nil {
		return told{}, err
	}
	r, err := a.x.RecoverySheet()
	if err != nil {
		return told{}, err
	}
	about := a.sentence("meeting.sheet.about", said{
		"of": r.Title, "meeting": r.Meeting, "seat": r.Seat, "name": r.Name, "recipient": r.Recipient, "at": words.DateTime(r.At),
	})
	if err := a.writeNew(a.text("out"), []byte(r.Secret+"\n"+about+"\n")); err != nil {
		return told{}, err
	}
	return a.done(said{"seat": r.Seat, "path": a.text("out")})
}
