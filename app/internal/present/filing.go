package present

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

// newFiling ends the meeting: what is open, the turn to filing, the folder, the sealing.
func newFiling(d *Desk) *Leaf {
	x := d.session
	p := d.leaf(PlaceFiling)
	lacks, err := x.Missing()
	if err != nil {
		p.message = Message{ToneError, d.words.Explain(err)}
		d.Log(err)
	}
	var written *meeting.Filed
	var place *located
	writes := func() bool {
		phase := d.state().Phase
		return phase == review.PhaseFiling || phase == review.PhaseSealed
	}
	p.content = func() []Part {
		st := d.state()
		out := paragraphs(LookBody, d.T("filing.lead."+string(st.Phase), nil))
		must, may := Rows{Head: d.T("filing.must", nil), None: d.T("filing.must.none", nil)}, Rows{Head: d.T("filing.may", nil), None: d.T("filing.may.none", nil)}
		for _, l := range lacks {
			if l.Blocks {
				must.Rows = append(must.Rows, Row{Title: x.Lacking(l), Tone: ToneDecide, Do: d.mend(l)})
			} else {
				may.Rows = append(may.Rows, Row{Title: x.Lacking(l), Tone: ToneBusy, Do: d.mend(l)})
			}
		}
		if written != nil {
			out = append(out, Text{Look: LookHead, Text: d.T("filing.written", nil)}, Pairs{[][2]string{
				{d.T("filing.path", nil), written.Path},
				{d.T("filing.files", nil), strconv.Itoa(written.Files)},
				{d.T("filing.checkpoint", nil), review.CheckCode(written.Checkpoint)},
			}})
		}
		if writes() {
			out = append(out, place.parts()...)
		}
		out = append(out, must, may)
		rows := Rows{Head: d.T("situation.acts", nil)}
		rows.add(d.T("filing.verify", nil), d.T("filing.verify.detail", nil), p.verify)
		if d.may(review.KindMeetingSealed, "") {
			rows.add(d.T("act.seal.name", nil), d.T("act.seal.for", nil), func() { d.turn(func() Page { return d.sealMeeting() }) })
		}
		return append(out, rows)
	}
	place = d.locate(p, "folder", nil, func(dir string) {
		st := d.state()
		path := filepath.Join(dir, d.T("filing.folder", nil)+"-"+string(st.Meeting)[:8])
		var filed meeting.Filed
		p.run("busy.filing", func() (err error) {
			filed, err = x.Filing(path)
			return err
		}, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			written, lacks = &filed, filed.Lacks
			p.say(ToneDone, d.say("filing.done", "Path", filed.Path))
		})
	})
	p.primary = func() Action {
		if d.may(review.KindFilingBegun, "") {
			return Action{d.T("action.filing", nil), func() { d.turn(func() Page { return d.beginFiling() }) }}
		}
		return place.action("action.folder", "action.folder")
	}
	p.next = func() string { return d.T("next.filing."+string(d.state().Phase), nil) }
	return p
}

// verify makes the full verification of the meeting and says on a page what came of it.
func (s *sheet) verify() {
	d, id := s.desk, s.desk.meeting
	var v meeting.Verdict
	s.run("busy.verify", func() error {
		v = d.services.Verify(id, nil)
		return nil
	}, func(error) {
		if len(v.Findings) == 0 {
			s.say(ToneDone, d.T("filing.holds", map[string]string{"Check": review.CheckCode(v.Checkpoint), "Authority": fingerprintOf(v.Authority)}))
			return
		}
		first := v.Findings[0]
		s.say(ToneError, d.T("filing.holds.not", map[string]string{
			"Count": strconv.Itoa(len(v.Findings)), "First": d.words.Sentence(first.Code, first.Entry),
		}))
	})
}

// mend gives where a lack is mended; nil where nothing can be done any more.
func (d *Desk) mend(l meeting.Lack) func() {
	switch l.Key {
	case "filing.lack.minutes":
		if d.may(review.KindMinutesRecorded, "") {
			return func() { d.Go(PlaceMinutes) }
		}
	case "filing.lack.minutes.unsigned", "filing.lack.minutes.later":
		return func() { d.Go(PlacePapers) }
	case "filing.lack.projects":
		return nil
	}
	if l.Project != "" && l.Blocks {
		return func() { d.toProject(l.Project) }
	}
	return nil
}

// beginFiling ends the meeting in the room.
func (d *Desk) beginFiling() *Leaf {
	x, st := d.session, d.state()
	l := d.officers("filing", nil, true, d.consenter(nil, st.Enders(nil)...), nil, x.BeginFiling)
	l.back = func() { d.Go(PlaceFiling) }
	return l
}

// sealMeeting ends the meeting for good.
func (d *Desk) sealMeeting() *Leaf {
	x := d.session
	own := d.secretOf(d.name(d.me()), review.RoleSecretary.Name())
	return d.form(form{
		key: "seal", grave: true, back: func() { d.Go(PlaceFiling) }, fields: []*Field{own},
		act: func() error { // nobody passes by and ends everything: the secretary shows once more who she is
			return d.beside(d.me(), own.Value, func(*meeting.Session) error { return x.Seal() })
		},
		done: func() {
			d.session = nil
			d.put(newBoard(d))
			d.tell(ToneDone, d.T("act.seal.done", nil))
		},
	})
}

// recoverySheet gives an officer his recovery sheet.
func (d *Desk) recoverySheet() *Leaf {
	x := d.session
	var sheet *meeting.RecoverySheet
	l := d.form(form{
		key: "recovery", back: func() { d.Go(PlaceProjects) },
		more: func() []Part {
			if sheet == nil {
				return nil
			}
			return []Part{
				Text{Look: LookHead, Text: d.say("recovery.of", "Name", sheet.Name)},
				Text{Look: LookLarge, Text: inFours(sheet.Secret)},
				Text{Look: LookCaption, Text: d.say("recovery.recipient", "Recipient", sheet.Recipient)},
			}
		},
		act: func() error {
			got, err := x.RecoverySheet()
			if err == nil {
				sheet = &got
			}
			return err
		},
		done: func() {},
	})
	take := l.primary
	l.primary = func() Action {
		if sheet == nil {
			return take()
		}
		return Action{d.T("action.copied", nil), func() { d.Go(PlaceProjects) }}
	}
	return l
}

// inFours writes a long code so that it can be copied by hand.
func inFours(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// newJournal is the journal in plain words.
func newJournal(d *Desk) *Journal {
	p := &Journal{sheet: newSheet(d, PlaceJournal)}
	x := d.session
	p.run("busy.journal", func() (err error) {
		p.entries, err = x.Journal()
		return err
	}, func(err error) {
		if err != nil {
			p.explain(err)
		}
	})
	return p
}

// Journal is what happened, entry by entry, the newest first.
type Journal struct {
	sheet
	entries []meeting.Entry
}

// Head gives the head of the table.
func (p *Journal) Head() []Cell {
	var out []Cell
	for _, key := range []string{"number", "at", "who", "what", "more"} {
		out = append(out, Cell{Text: p.desk.T("journal.head."+key, nil), Bold: true})
	}
	return out
}

// Rows gives how many entries there are.
func (p *Journal) Rows() int { return len(p.entries) }

// Cell gives a place of the table.
func (p *Journal) Cell(row, col int) Cell {
	e := p.entries[len(p.entries)-1-row]
	switch col {
	case 0:
		return Cell{Text: fmt.Sprint(e.Index), Figure: true}
	case 1:
		return Cell{Text: e.At.Format("01-02 15:04:05")}
	case 2:
		if e.Actor == review.Program {
			return Cell{Text: p.desk.T("journal.program", nil)}
		}
		return Cell{Text: p.desk.name(e.Actor)}
	case 3:
		return Cell{Text: p.desk.T("event."+string(e.Kind), nil)}
	}
	return Cell{Text: p.desk.more(e)}
}

// more says of an entry what it is about.
func (d *Desk) more(e meeting.Entry) string {
	if e.Event == nil {
		return d.T("journal.hidden", nil)
	}
	event, err := review.DecodeEvent(e.Event)
	if err != nil {
		return ""
	}
	if p := d.state().Project(review.ProjectOf(event.Body)); p != nil {
		return p.Title
	}
	return ""
}

// Primary verifies the whole record.
func (p *Journal) Primary() Action { return Action{p.desk.T("filing.verify", nil), p.verify} }

// fingerprintOf writes the fingerprint of the panel's authority; － before there is one.
func fingerprintOf(d review.Digest) string {
	if d == "" {
		return "－"
	}
	return words.Fingerprint(d)
}
