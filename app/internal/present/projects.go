package present

import (
	"slices"
	"strconv"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/regulation"
)

// newProjects is where everybody begins: the projects of the meeting, and what the person at
// the machine does next.
func newProjects(d *Desk) *Leaf {
	p := d.leaf(PlaceProjects)
	p.back = func() {}
	p.content = func() []Part {
		st := d.state()
		rows := Rows{Head: d.T("projects.head", nil), None: d.T("projects.none", nil)}
		for _, x := range st.Projects {
			s := d.nextOf(x)
			r := Row{Title: x.Title, Detail: d.stage(x) + " · " + d.sayStep(s), Do: func() { d.toProject(x.ID) }}
			switch {
			case s.do != nil:
				r.Tone = ToneDecide
			case x.Ended():
				r.Tone = ToneDone
			default:
				r.Tone = ToneBusy
			}
			rows.Rows = append(rows.Rows, r)
		}
		out := []Part{rows}
		more := Rows{Head: d.T("projects.more", nil)}
		if d.may(review.KindPackageImported, "") {
			more.add(d.T("projects.import", nil), d.T("projects.import.detail", nil), func() { d.turn(func() Page { return newImport(d) }) })
		}
		if seat := d.session.Seat(); (seat.Has(review.RoleSecretary) || seat.Has(review.RoleExpert)) && d.may(review.KindSheetPrinted, "") && d.holdsOffice(seat.ID) {
			more.add(d.T("projects.recovery", nil), d.T("projects.recovery.detail", nil), func() { d.turn(func() Page { return d.recoverySheet() }) })
		}
		if len(more.Rows) > 0 {
			out = append(out, more)
		}
		return out
	}
	p.next = func() string {
		if s, ok := d.nextAnywhere(); ok {
			return d.sayStep(s)
		}
		return d.T("next.projects.wait", nil)
	}
	p.primary = func() Action {
		if s, ok := d.nextAnywhere(); ok && s.do != nil {
			return d.action(s)
		}
		return Action{d.T("action.handback", nil), d.HandBack}
	}
	return p
}

// add puts a row under the others.
func (r *Rows) add(title, detail string, do func()) {
	r.Rows = append(r.Rows, Row{Title: title, Detail: detail, Do: do})
}

// holdsOffice tells whether a person is secretary or a chair, to whom things are sealed.
func (d *Desk) holdsOffice(seat review.SeatID) bool {
	st := d.state()
	if seat == review.FirstSeat || st.Chair == seat {
		return true
	}
	for _, p := range st.Projects {
		if st.Presiding(p) == seat {
			return true
		}
	}
	return false
}

// nextAnywhere gives what the person at the machine does next: in the meeting, else in the
// first project in which there is something to do, else why there is nothing.
func (d *Desk) nextAnywhere() (step, bool) {
	if s, ok := d.next(); ok {
		return s, true
	}
	var first step
	for i, p := range d.state().Projects {
		s := d.nextOf(p)
		if s.do != nil {
			return s, true
		}
		if i == 0 {
			first = s
		}
	}
	if len(d.state().Projects) == 1 {
		return first, true
	}
	return step{}, false
}

// stage says how far a project is.
func (d *Desk) stage(p *review.Project) string {
	if p.Stage == review.StageScoring {
		return d.T("board.round", map[string]int{"Round": len(p.Rounds)})
	}
	return d.T("stage."+string(p.Stage), nil)
}

// toProject goes to the page of a project.
func (d *Desk) toProject(id review.ProjectID) { d.turn(func() Page { return newProject(d, id) }) }

// newProject is a project: how it stands, what can be looked at, what can be done.
func newProject(d *Desk, id review.ProjectID) *Leaf {
	p := d.leaf(PlaceProject)
	p.back = func() { d.Go(PlaceProjects) }
	p.head = review.Legible(d.state().Project(id).Title)
	p.content = func() []Part {
		x := d.state().Project(id)
		out := []Part{Pairs{d.situation(x)}}
		if rows := d.looks(x); len(rows.Rows) > 0 {
			out = append(out, rows)
		}
		if rows := d.acts(x); len(rows.Rows) > 0 {
			out = append(out, rows)
		}
		return out
	}
	next := func() step {
		if s, ok := d.next(); ok {
			return s
		}
		return d.nextOf(d.state().Project(id))
	}
	p.next = func() string { return d.sayStep(next()) }
	p.primary = func() Action {
		if s := next(); s.do != nil {
			return d.action(s)
		}
		return Action{d.T("action.handback", nil), d.HandBack}
	}
	return p
}

// situation says how a project stands.
func (d *Desk) situation(p *review.Project) [][2]string {
	st := d.state()
	t := func(key string) string { return d.T("situation."+key, nil) }
	out := [][2]string{{t("stage"), d.stage(p)}, {t("scheme"), p.Scheme.Title}}
	if c := st.Presiding(p); c != "" {
		out = append(out, [2]string{t("presiding"), d.name(c)})
	}
	voters := d.names(st.Voters(p))
	if voters == "" {
		voters = t("nobody")
	}
	out = append(out, [2]string{t("voters"), voters + d.T("situation.quorum.of", map[string]int{"Count": p.Quorum})})
	var aside []review.SeatID
	for _, s := range st.Seats {
		if p.Recused(s.ID) {
			aside = append(aside, s.ID)
		}
	}
	if len(aside) > 0 {
		out = append(out, [2]string{t("aside"), d.names(aside)})
	}
	if p.Conclusion != nil && st.Look(d.me(), review.ThingConclusion, p.ID).Allowed {
		o, _ := p.Scheme.Outcome(p.Conclusion.Outcome)
		out = append(out, [2]string{t("conclusion"), o.Title})
	}
	if p.Suspended != "" {
		out = append(out, [2]string{t("suspended"), p.Suspended})
	}
	return out
}

// looks gives what of a project the person may look at, and of the rest that matters why
// not.
func (d *Desk) looks(p *review.Project) Rows {
	st, id := d.state(), p.ID
	rows := Rows{Head: d.T("situation.look", nil)}
	see := func(t review.Thing, title string, there bool, do func()) {
		switch sight := st.Look(d.me(), t, id); {
		case sight.Allowed && there:
			rows.Rows = append(rows.Rows, Row{Title: title, Do: do})
		case !sight.Allowed && (sight.Why == review.WhyRecused || sight.Why == review.WhyUndeclared && t == review.ThingMaterials || sight.Why == review.WhySealed):
			rows.Rows = append(rows.Rows, Row{Title: title, Detail: d.T("why."+string(sight.Why), nil), Tone: ToneBusy})
		}
	}
	see(review.ThingMaterials, d.T("situation.documents", map[string]int{"Count": len(p.Documents)}), len(p.Documents) > 0,
		func() { d.turn(func() Page { return newReading(d, id) }) })
	see(review.ThingMaterials, d.T("situation.about", nil), true, func() { d.turn(func() Page { return newAbout(d, id) }) })
	see(review.ThingMaterials, d.T("scheme.head", nil), true, func() { d.turn(func() Page { return newScheme(d, id) }) })
	if len(p.Rounds) > 0 {
		see(review.ThingTally, d.T("place.tally", nil), st.Look(d.me(), review.ThingTally, id).Allowed, func() { d.turn(func() Page { return newTally(d, id) }) })
	}
	see(review.ThingOpinion, d.T("place.opinion", nil), len(p.Opinion) > 0 || d.may(review.KindOpinionDrafted, id),
		func() { d.turn(func() Page { return newOpinion(d, id) }) })
	see(review.ThingConclusion, d.T("place.conclude", nil), p.Conclusion != nil, func() { d.turn(func() Page { return newConclude(d, id) }) })
	see(review.ThingConclusion, d.T("follows.head", nil), p.Conclusion != nil && len(p.Scheme.Packs) > 0, func() { d.turn(func() Page { return newFollows(d, id) }) })
	see(review.ThingPapers, d.T("situation.signing", nil), p.Signing() != nil, func() { d.turn(func() Page { return newSign(d, id) }) })
	see(review.ThingPapers, d.T("situation.papers", nil), len(p.Sets) > 0, func() { d.turn(func() Page { return newSets(d, id) }) })
	return rows
}

// acts gives what the person at the machine may do in a project, beside what comes next.
func (d *Desk) acts(p *review.Project) Rows {
	st, id := d.state(), p.ID
	rows := Rows{Head: d.T("situation.acts", nil)}
	offer := func(k review.Kind, key string, when bool, do func(*Desk, review.ProjectID) Page) {
		if when && d.may(k, id) {
			rows.add(d.T("act."+key+".name", nil), d.T("act."+key+".for", nil), func() { d.turn(func() Page { return do(d, id) }) })
		}
	}
	leaf := func(f func(*Desk, review.ProjectID) *Leaf) func(*Desk, review.ProjectID) Page {
		return func(d *Desk, id review.ProjectID) Page { return f(d, id) }
	}
	secretary := d.session.Seat().Has(review.RoleSecretary)
	r := p.Round()
	given := r != nil && len(p.Counted(r)) > 0
	offer(review.KindDeclarationGiven, "declare", d.session.Seat().Has(review.RoleExpert), leaf(newDeclare))
	offer(review.KindRoundBegun, "round.again", len(p.Rounds) > 0, leaf(beginRound))
	offer(review.KindBallotReturned, "return", given, leaf(returnBallot))
	offer(review.KindRoundReopened, "reopen", true, leaf(reopenRound))
	scored := slices.ContainsFunc(p.Came().Items, func(it review.Item) bool { return it.Kind == review.ItemScore })
	offer(review.KindSchemeSet, "scheme", scored, leaf(newOwnScheme))
	offer(review.KindFactCorrected, "correct", len(d.facts(p)) > 0, leaf(correct))
	offer(review.KindRecusalDecided, "recuse", st.Presiding(p) != "", leaf(recuse))
	offer(review.KindQuorumWaived, "waive", p.Waived == "" && len(st.Voters(p)) < p.Quorum, leaf(waiveQuorum))
	offer(review.KindChairNamed, "chair.project", secretary && !p.Ended(), leaf(nameChairOf))
	offer(review.KindFulfilmentRecorded, "fulfilment", true, newFulfilment)
	offer(review.KindPapersCertified, "tables.certify", len(p.Fulfilment) > 0 && p.Signing() == nil && p.Standing(review.PurposeTables) == nil && p.Conclusion == nil, newCertifyTables)
	offer(review.KindPapersWithdrawn, "withdraw.tables", p.Signing() != nil && p.Signing().Purpose == review.PurposeTables, leaf(withdrawTables))
	offer(review.KindVotesCounted, "count", true, leaf(newCountVotes))
	offer(review.KindVoteCast, "position", st.Look(d.me(), review.ThingConclusion, id).Allowed && !secretary, func(d *Desk, id review.ProjectID) Page { return newPosition(d, id) })
	offer(review.KindScanLinked, "scan", p.Signing() != nil, newScan)
	offer(review.KindSignatureRefused, "refuse", p.Signing() != nil && len(st.UnsignedSet(p, p.Signing())) > 0, leaf(newRefuse))
	offer(review.KindConclusionWithdrawn, "withdraw", true, leaf(withdraw))
	offer(review.KindBallotVoided, "void", given, leaf(voidBallot))
	offer(review.KindProjectSuspended, "suspend", true, leaf(suspend))
	return rows
}

// newAbout says what is known of a project: units, facts, materials, what the rules find,
// and who may have to stand aside.
func newAbout(d *Desk, id review.ProjectID) *Leaf {
	l := d.leaf(PlaceProject)
	l.name, l.head = d.T("about.head", nil), d.T("about.head", nil)
	l.back = func() { d.toProject(id) }
	l.next = func() string { return d.T("next.about", nil) }
	x, p := d.session, d.state().Project(id)
	findings, err := x.Findings(id)
	materials, err2 := x.Materials(id)
	for _, e := range []error{err, err2} {
		if e != nil {
			l.message = Message{ToneError, d.words.Explain(e)}
			d.Log(e)
		}
	}
	parts := []Part{}
	var pairs Pairs
	for _, u := range p.Units {
		pairs.Pairs = append(pairs.Pairs, [2]string{d.T("part."+u.Part, nil), u.Name})
	}
	facts := d.facts(p)
	for _, f := range facts {
		pairs.Pairs = append(pairs.Pairs, [2]string{f.title, f.said})
	}
	parts = append(parts, Text{Look: LookHead, Text: d.T("about.facts", nil)}, pairs)
	for i, c := range p.Corrections {
		title, old, now := c.Key, c.Old, c.New
		if j := slices.IndexFunc(facts, func(f fact) bool { return f.key == c.Key && f.in != nil }); j >= 0 {
			in := facts[j].in
			title, now = in.Title, in.Say(now)
			if old != "" {
				old = in.Say(old)
			}
		}
		if old == "" {
			old = d.T("fact.unknown", nil)
		}
		parts = append(parts, Text{Tone: ToneDecide, Text: d.T("about.corrected", map[string]string{
			"Number": strconv.Itoa(i + 1), "Fact": title, "Old": old, "New": now, "Evidence": c.Evidence,
		})})
	}
	if rows := d.deadlines(findings); len(rows.Rows) > 0 {
		parts = append(parts, rows)
	}
	found := d.findingRows(findings)
	if lib, err := x.Rules(id); err != nil {
		d.Log(err)
	} else if lib != nil { // each leads to its rule
		books := &shelf{desk: d, lib: lib}
		for i, f := range d.inOrder(findings) {
			if r, ok := lib.Rule(f.Rule); ok {
				found.Rows[i].Do = books.link(l, found.Rows[i].Title, found.Rows[i].Detail, func() Page { return books.rule(r) }).Do
			}
		}
	}
	parts = append(parts, found, d.materialRows(materials))
	if d.session.Seat().Has(review.RoleSecretary) || d.state().Presiding(p) == d.me() {
		if rows := d.conflictRows(id); len(rows.Rows) > 0 {
			parts = append(parts, rows)
		}
	}
	l.content = func() []Part { return parts }
	l.primary = func() Action { return Action{d.T("action.back", nil), l.back} }
	return l
}

// findingRows says what the rules find, what stands in the way of passing first.
func (d *Desk) findingRows(findings []regulation.Finding) Rows {
	rows := Rows{Head: d.T("about.findings", nil), None: d.T("findings.none", nil)}
	for _, f := range d.inOrder(findings) {
		r := Row{Title: d.T("outcome."+f.Outcome, nil) + "　" + f.Title, Detail: f.Sentence}
		if key := "finding.limit." + string(f.Limit()); d.words.Has(key) {
			r.Title += d.T(key, nil)
		}
		if key := "finding.origin." + string(f.Origin); d.words.Has(key) {
			r.Title += d.T(key, nil)
		}
		if f.Limit() != regulation.LimitNone {
			r.Tone = ToneDecide
		}
		rows.Rows = append(rows.Rows, r)
	}
	return rows
}

// inOrder puts what stands in the way of passing first.
func (d *Desk) inOrder(findings []regulation.Finding) []regulation.Finding {
	out := slices.Clone(findings)
	slices.SortStableFunc(out, func(a, b regulation.Finding) int {
		rank := func(f regulation.Finding) int {
			if f.Limit() != regulation.LimitNone {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	return out
}

// materialRows says which materials are there.
func (d *Desk) materialRows(list []regulation.MaterialState) Rows {
	rows := Rows{Head: d.T("about.materials", nil), None: d.T("about.materials.none", nil)}
	for _, m := range list {
		state, tone := "present", ToneDone
		if !m.Present {
			state, tone = string(m.Due), ToneNone
			if m.Due == regulation.DueYes || m.Due == regulation.DueUnsure {
				tone = ToneDecide
			}
		}
		rows.Rows = append(rows.Rows, Row{Title: d.T("material."+state, nil) + "　" + m.Title, Detail: m.When, Tone: tone})
	}
	return rows
}

// conflictRows names who may have to stand aside, by CM-07.
func (d *Desk) conflictRows(id review.ProjectID) Rows {
	rows := Rows{Head: d.T("about.conflicts", nil)}
	list, err := d.session.Conflicts(id)
	if err != nil {
		d.Log(err)
		return rows
	}
	for _, c := range list {
		if len(c.Parts) > 0 {
			rows.Rows = append(rows.Rows, Row{Title: d.name(c.Seat), Detail: c.Result.Sentence, Tone: ToneDecide})
		}
	}
	return rows
}

// secrecyTitle gives a 密级 as it is printed; 非涉密 where none is.
func (d *Desk) secrecyTitle(s bag.Secrecy) string {
	if t := s.Title(); t != "" {
		return t
	}
	return d.T("secrecy.none", nil)
}
