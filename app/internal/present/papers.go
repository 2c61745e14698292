package present

import (
	"path/filepath"
	"slices"
	"strconv"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/paper"
)

// newPapers is the page of all papers: the issued 会议记录, and of each project what its
// person may see.
func newPapers(d *Desk) *Leaf {
	x := d.session
	p := d.leaf(PlacePapers)
	to := func() { d.Go(PlacePapers) }
	print := func(one review.Paper) func() {
		return p.print(func() ([]string, error) {
			path, err := x.Export(one)
			return []string{path}, err
		})
	}
	p.content = func() []Part {
		st := d.state()
		var out []Part
		if st.Look(d.me(), review.ThingMinutes, "").Allowed {
			rows := Rows{Head: d.T("place.minutes", nil), None: d.T("papers.none", nil)}
			for i := len(st.Papers) - 1; i >= 0; i-- {
				one := st.Papers[i]
				title := d.T("form."+string(one.Form), map[string]string{"Number": strconv.Itoa(one.Number)})
				rows.add(title, d.T("papers.detail", map[string]string{"Date": words.DateTime(one.At), "Digest": words.ShortDigest(one.Signed)}), func() {
					d.turn(func() Page {
						return newPreview(d, title, to, func() ([]byte, []string, error) {
							b, err := x.Paper(one)
							return b, nil, err
						})
					})
				})
			}
			if n := len(st.Papers); n > 0 {
				rows.add(d.T("papers.print", nil), d.T("papers.print.detail", nil), print(st.Papers[n-1]))
			}
			out = append(out, rows)
		}
		for _, q := range st.Projects {
			rows := Rows{Head: q.Title, None: d.T("papers.project.none", nil)}
			if len(q.Sets) > 0 && st.Look(d.me(), review.ThingPapers, q.ID).Allowed {
				rows.add(d.T("situation.papers", nil), d.T("papers.sets", map[string]int{"Count": len(q.Sets)}), func() { d.turn(func() Page { return newSets(d, q.ID) }) })
			}
			rows.Rows = append(rows.Rows, d.individuals(q, to)...)
			out = append(out, rows)
		}
		return out
	}
	issue := func() {
		var issued review.Paper
		var path string
		p.run("busy.issuing", func() (err error) {
			issued, path, err = x.IssueMinutes()
			return err
		}, func(err error) {
			switch {
			case err != nil && issued.Number > 0:
				d.Log(err)
				p.say(ToneError, d.T("papers.unwritten", nil))
			case err != nil:
				p.explain(err)
			default:
				p.say(ToneDone, d.say("papers.issued", "Name", filepath.Base(path)))
			}
		})
	}
	p.primary = func() Action {
		if d.may(review.KindPaperIssued, "") && !d.issued() {
			return Action{d.T("action.issue", nil), issue}
		}
		return Action{d.T("action.back", nil), p.Back}
	}
	p.next = func() string {
		if d.may(review.KindPaperIssued, "") && !d.issued() {
			return d.T("next.papers", nil)
		}
		return d.T("next.papers.read", nil)
	}
	return p
}

// issued tells whether a paper has all that is recorded in the minutes, so that another would
// say the same.
func (d *Desk) issued() bool {
	st := d.state()
	return len(st.Papers) > 0 && len(st.Minutes) > 0 && !st.Minutes[len(st.Minutes)-1].At.After(st.Papers[len(st.Papers)-1].At)
}

// individuals lists the individual opinions and dissents of a project that the person may
// read.
func (d *Desk) individuals(p *review.Project, back func()) []Row {
	x, st := d.session, d.state()
	var out []Row
	show := func(title, detail string, open func() ([]byte, error)) {
		out = append(out, Row{Title: title, Detail: detail, Do: func() {
			d.turn(func() Page {
				return newPreview(d, title, back, func() ([]byte, []string, error) {
					b, err := open()
					return b, nil, err
				})
			})
		}})
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		if r.Opened.IsZero() {
			continue
		}
		for _, b := range p.Counted(r) {
			if b.Paper == "" || b.Seat != d.me() && !st.LookRound(d.me(), review.ThingOtherBallot, p.ID, r.Number).Allowed {
				continue
			}
			show(d.T("papers.individual", map[string]string{"Name": d.name(b.Seat), "Round": strconv.Itoa(r.Number)}), words.DateTime(b.At),
				func() ([]byte, error) { return x.IndividualOf(p.ID, r.Number, b.Seat) })
		}
	}
	for _, v := range p.Votes {
		if v.Paper == "" || v.VoidPaper != "" || v.Seat != d.me() && !st.Look(d.me(), review.ThingVotes, p.ID).Allowed ||
			p.Conclusion == nil || v.Conclusion != p.Conclusion.Digest {
			continue
		}
		show(d.say("papers.dissent", "Name", d.name(v.Seat)), words.DateTime(v.At), func() ([]byte, error) { return x.DissentOf(p.ID, v.Seat) })
	}
	return out
}

// newSets is the signed papers of a project: how far each is signed, and each to be read.
func newSets(d *Desk, id review.ProjectID) *Leaf {
	x := d.session
	p := d.leaf(PlacePapers)
	p.back = func() { d.toProject(id) }
	p.head = d.T("situation.papers", nil)
	project := func() *review.Project { return d.state().Project(id) }
	p.content = func() []Part {
		q := project()
		var out []Part
		for i := len(q.Sets) - 1; i >= 0; i-- {
			set := &q.Sets[i]
			rows := Rows{Head: d.T("purpose."+string(set.Purpose), nil)}
			switch {
			case set.Void != "":
				rows.Rows = append(rows.Rows, Row{Title: d.say("sets.void", "Reason", set.Void), Tone: ToneError})
			case set.Archive != nil:
				rows.Rows = append(rows.Rows, Row{Title: d.T("sets.archived", nil), Tone: ToneDone})
			default:
				rows.Rows = append(rows.Rows, Row{Title: d.say("sets.unsigned", "Names", d.names(d.state().UnsignedSet(q, set))), Tone: ToneBusy})
			}
			for _, one := range set.Papers {
				title := d.T("form."+string(one.Form), map[string]string{"Number": strconv.Itoa(one.Number)})
				detail := d.T("sets.paper", map[string]string{"Number": paper.Number(one.Form, d.meeting, one.Number), "Check": one.Check})
				if set.Void != "" {
					rows.Rows = append(rows.Rows, Row{Title: title, Detail: detail})
					continue
				}
				rows.add(title, detail, func() {
					d.turn(func() Page {
						return newPreview(d, title, func() { d.turn(func() Page { return newSets(d, id) }) }, func() ([]byte, []string, error) {
							_, b, err := x.PaperOf(id, one.Form)
							return b, nil, err
						})
					})
				})
			}
			out = append(out, rows)
		}
		if slices.ContainsFunc(q.Sets, func(s review.PaperSet) bool { return s.Archive != nil && s.Void == "" }) {
			rows := Rows{Head: d.T("situation.acts", nil)}
			rows.add(d.T("sets.print", nil), d.T("sets.print.detail", nil), p.print(func() ([]string, error) { return x.ExportPapers(id) }))
			out = append(out, rows)
		}
		return out
	}
	export := func() {
		var paths []string
		p.run("busy.exporting", func() (err error) {
			paths, err = x.ExportPapers(id)
			return err
		}, func(err error) {
			switch {
			case err != nil:
				p.explain(err)
			case len(paths) == 0:
				p.say(ToneDecide, d.T("sets.none", nil))
			default:
				p.say(ToneDone, d.T("sets.exported", map[string]string{"Count": strconv.Itoa(len(paths)), "Path": filepath.Dir(paths[0])}))
			}
		})
	}
	p.primary = func() Action { return Action{d.T("action.export", nil), export} }
	p.next = func() string { return d.T("next.sets", nil) }
	return p
}

// print gives the doing of a row: what export puts among the data directory's papers goes to
// the system's printing, or is shown where there is none.
func (s *sheet) print(export func() ([]string, error)) func() {
	d := s.desk
	return func() {
		printed := true
		s.run("busy.printing", func() error {
			paths, err := export()
			for _, path := range paths {
				if err != nil {
					break
				}
				var done bool
				done, err = d.Outside.Print(path)
				printed = printed && done
			}
			return err
		}, func(err error) {
			switch {
			case err != nil:
				s.explain(err)
			case printed:
				s.say(ToneDone, d.T("papers.printed", nil))
			default:
				s.say(ToneDecide, d.T("papers.shown", nil))
			}
		})
	}
}
