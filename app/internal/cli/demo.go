package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
	"heyi/review/regulation"
	"heyi/review/scoring"
	"heyi/review/seal"
)

// Child is another process of this program, spoken to line by line, that can be ended
// at once in whatever it is doing.
type Child interface {
	io.ReadWriter
	Kill() // ends it, and returns when it is gone
}

// runDemo holds the sample meeting without a window. DIR gets the package, ca.pem,
// issuer.pem, data and papers; it must not have any of them, and has none of them
// after a failure.
func runDemo(w *World, _ place, args []string) (int, error) {
	const op = "cli.runDemo"
	f := newFlags()
	out := f.String("out", "", "")
	regulation := f.String("regulation", "yueqing-2015", "")
	stage := f.String("stage", "Y2", "")
	until := f.String("until", "", "")
	typist := f.Bool("typist", false, "")
	if err := parse(f, args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		return 0, usage(f.Arg(0))
	}
	if *typist {
		return ExitOK, w.typeDraft()
	}
	if *out == "" {
		return 0, usage("demo --out")
	}
	if *until != "" && !slices.Contains(halts, *until) {
		return 0, usage("demo --until " + *until)
	}
	in, err := w.readSample(*regulation, *stage)
	if err != nil {
		return 0, err
	}
	hands, err := w.hands()
	if err != nil {
		return 0, err
	}
	d := &demo{World: w, sample: in, hands: hands, out: *out, until: *until, seats: map[string]review.SeatID{}, codes: map[review.SeatID]string{}}
	for _, name := range d.made() {
		if _, err := w.Stat(name); err == nil {
			return 0, review.E(review.CodeFileExists, op, name, nil)
		}
	}
	if err := errors.Join(d.held(), d.close()); err != nil {
		for _, name := range d.made() {
			_ = w.TakeBack(name) // nothing was there before
		}
		return 0, err
	}
	return ExitOK, nil
}

// demo is the sample meeting under way.
type demo struct {
	*World
	sample
	out      string
	until    string // where the meeting is left, one of halts; "" at its end
	services *meeting.Services
	closer   io.Closer // of the data directory; nil while it is closed
	id       review.MeetingID
	seats    map[string]review.SeatID           // by name
	codes    map[review.SeatID]string           // secrets
	sessions map[review.SeatID]*meeting.Session // of those who have claimed their seats
	hands    map[string]review.Strokes          // of those who sign by hand
	chair    review.SeatID
	project  review.ProjectID
}

// look gives how somebody's signature looks.
func (d *demo) look(name string) review.Look { return review.Look{Strokes: d.hands[name]} }

func (d *demo) in(name string) string { return filepath.Join(d.out, name) }

// halts are where the sample meeting can be left for people to go on with in the window:
// before anybody has scored, after the last opening, and before anybody has signed.
var halts = []string{haltScore, haltOpen, haltSign}

const (
	haltScore = "score"
	haltOpen  = "open"
	haltSign  = "sign"
)

// errHalt ends the demo where it was to be left.
var errHalt = errors.New("cli: the meeting is left here")

// halt leaves the meeting if this is where. Those who sit there find their codes in a file:
// it is a drill.
func (d *demo) halt(at string) error {
	if d.until != at {
		return nil
	}
	var b strings.Builder
	for _, s := range d.secretary().State().Seats {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", s.ID, s.Name, d.codes[s.ID])
	}
	if err := d.Write(d.in(codesName), []byte(b.String())); err != nil {
		return err
	}
	d.tell("halted", said{"Codes": d.in(codesName), "Data": d.in("data"), "Passphrase": d.Secretary.Passphrase})
	return errHalt
}

// codesName is the file that has the codes of a meeting that was left in the middle.
const codesName = "codes.txt"

// held holds the meeting, to its end or to where it is to be left.
func (d *demo) held() error {
	if err := d.hold(); err != errHalt {
		return err
	}
	return nil
}

// packageName is the name of the package's file.
func (d *demo) packageName() string { return d.name + ".rpk" }

// made lists what the demo makes.
func (d *demo) made() []string {
	return []string{d.in(d.packageName()), d.in("ca.pem"), d.in("issuer.pem"), d.in("data"), d.in("papers"), d.in("filing"), d.in(codesName)}
}

// tell says a line of the story.
func (d *demo) tell(key string, s said) {
	for _, line := range strings.Split(d.sentence("demo."+key, s), "\n") {
		text := strings.TrimLeft(line, " ")
		for _, l := range wrap(line[:len(line)-len(text)], text) {
			fmt.Fprintln(d.Stdout, l)
		}
	}
}

// quote shows what was written, below the line that says that it was.
func (d *demo) quote(text string) {
	for _, l := range wrap("  │ ", text) {
		fmt.Fprintln(d.Stdout, l)
	}
}

// part begins a part of the story.
func (d *demo) part(key string, s said) {
	fmt.Fprintln(d.Stdout, "\n"+d.sentence("demo.part."+key, s))
}

func (d *demo) secretary() *meeting.Session { return d.sessions[review.FirstSeat] }

// person gives somebody's session by his name.
func (d *demo) person(name string) *meeting.Session { return d.sessions[d.seats[name]] }

// hold holds the meeting from the package to the signed conclusion.
func (d *demo) hold() error {
	for _, do := range []func() error{d.issue, d.receive, d.sit, d.confirm, d.declare, d.tables, d.score, d.conclude, d.finish} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// open opens the data directory and lets everybody who has a seat in again.
func (d *demo) open() error {
	var err error
	if d.services, d.closer, err = d.Open(d.in("data"), ""); err != nil {
		return err
	}
	d.sessions = map[review.SeatID]*meeting.Session{}
	for seat, secret := range d.codes {
		if d.sessions[seat], err = d.services.Enter(d.id, seat, secret); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) close() error {
	if d.closer == nil {
		return nil
	}
	err := d.closer.Close()
	d.closer = nil
	return err
}

// issue makes the issuer and has him build the package.
func (d *demo) issue() error {
	d.tell("dates", nil)
	d.part("package", nil)
	issuer, err := seal.NewIssuer(d.Issuer, d.Now())
	if err != nil {
		return err
	}
	if err := d.Write(d.in("issuer.pem"), issuer.PEM()); err != nil {
		return err
	}
	d.tell("issuer", said{"Name": issuer.Name(), "Fingerprint": issuer.Fingerprint()})
	file, built, err := d.build(issuer)
	if err != nil {
		return err
	}
	if err := d.Write(d.in(d.packageName()), file); err != nil {
		return err
	}
	d.tell("built", said{"Path": d.in(d.packageName()), "Documents": built, "Size": words.Size(int64(len(file)))})
	return nil
}

// receive creates the meeting and takes the package in.
func (d *demo) receive() error {
	d.part("import", nil)
	issuer, err := d.Read(d.in("issuer.pem"), maxCert)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(issuer)
	file, err := d.OpenFile(d.in(d.packageName()))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := d.open(); err != nil {
		return err
	}
	_, err = d.services.Preview(file, file.Size())
	if review.CodeOf(err) != review.CodePackageIssuer {
		return errors.Join(review.E(review.CodeInternal, "cli.demo.receive", "preview", nil), err)
	}
	d.tell("untrusted", nil)
	trusted, err := d.services.TrustIssuer(block.Bytes, seal.FingerprintOf(block.Bytes).String())
	if err != nil {
		return err
	}
	d.tell("trusted", said{"Name": trusted.Name})
	preview, err := d.services.Preview(file, file.Size())
	if err != nil {
		return err
	}
	first := preview.Projects[0]
	d.tell("preview", said{"Title": first.Title, "Scheme": first.Scheme.Title, "Documents": len(first.Documents), "Units": len(first.Units)})
	for _, m := range first.Materials {
		key := "material.lacking"
		switch {
		case m.Present:
			key = "material.there"
		case m.Due == regulation.DueNo || m.Due == regulation.DueIfAny:
			key = "material.needless"
		}
		d.tell(key, said{"Code": m.Code, "Title": m.Title})
	}
	x, err := d.services.Create(meeting.NewMeeting{
		Title: preview.Meeting().Title, Scheme: first.Scheme.ID, Drill: d.Drill,
		Secretary: d.Secretary.Name, Passphrase: d.Secretary.Passphrase, Repeated: d.Secretary.Passphrase,
	})
	if err != nil {
		return err
	}
	d.id, d.sessions[review.FirstSeat], d.codes[review.FirstSeat] = x.Meeting(), x, d.Secretary.Passphrase
	d.tell("created", said{"Name": d.Secretary.Name, "Title": x.State().Title})
	in, err := x.Import(file, file.Size(), true)
	if err != nil {
		return err
	}
	d.project = in.Projects[0]
	for _, seat := range in.Seats {
		s, _ := x.State().Seat(seat)
		d.seats[s.Name] = seat
	}
	d.tell("imported", said{"Title": first.Title, "Seats": len(in.Seats), "Receipt": in.Package.Package.Receipt()})
	for _, f := range first.Findings {
		d.tell("finding", said{"Rule": f.Rule, "Title": f.Title, "Sentence": f.Sentence})
	}
	return nil
}

// sit lets everybody take his seat, with a code that he alone sees.
func (d *demo) sit() error {
	d.part("panel", nil)
	for _, seat := range d.secretary().State().Seats[1:] {
		g, err := d.services.Seating(d.id, seat.ID)
		if err != nil {
			return err
		}
		secret := g.Code()
		if secret == "" {
			secret = d.Observer.Passphrase
		}
		x, err := g.Claim(secret, secret)
		if err != nil {
			return err
		}
		d.sessions[seat.ID], d.codes[seat.ID] = x, secret
	}
	d.tell("seated", said{"Count": len(d.sessions) - 1})
	return nil
}

// confirm names the chair, and has both officers confirm the panel.
func (d *demo) confirm() error {
	d.chair = d.seats[d.Chair]
	if err := d.secretary().NameChair(nil, "", d.chair, ""); err != nil {
		return err
	}
	if err := d.secretary().ConfirmPanel(d.sessions[d.chair]); err != nil {
		return err
	}
	ca := d.secretary().State().Authority
	if err := d.Write(d.in("ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca})); err != nil {
		return err
	}
	d.tell("confirmed", said{"Chair": d.Chair, "Path": d.in("ca.pem")})
	return nil
}

// declare has everybody promise, and every expert declare, after the program has looked
// for conflicts by itself.
func (d *demo) declare() error {
	d.part("declare", nil)
	promise := strings.Join(d.Promise, "\n")
	state := d.secretary().State()
	for _, seat := range state.Seats {
		if !seat.Has(review.RoleSecretary) && !seat.Has(review.RoleObserver) {
			if err := d.sessions[seat.ID].Promise(promise); err != nil {
				return err
			}
		}
	}
	conflicts, err := d.secretary().Conflicts(d.project)
	if err != nil {
		return err
	}
	for _, c := range conflicts {
		seat, _ := state.Seat(c.Seat)
		if len(c.Parts) > 0 {
			d.tell("conflict", said{"Name": seat.Name, "Unit": seat.Unit, "Sentence": c.Result.Sentence})
		}
	}
	for _, s := range d.Declarations {
		if err := d.person(s.Person).Declare(d.project, review.DeclarationBody{Conflict: s.Conflict, Reason: s.Reason}); err != nil {
			return err
		}
		key := "free"
		switch {
		case s.Conflict:
			key = "aside"
		case s.Reason != "":
			key = "noted"
		}
		d.tell("declared."+key, said{"Name": s.Person, "Reason": s.Reason})
	}
	for _, r := range d.Recusals {
		if err := d.secretary().Recuse(d.sessions[d.chair], d.project, d.seats[r.Person], true, r.Reason); err != nil {
			return err
		}
		d.tell("recused", said{"Name": r.Person, "Reason": r.Reason})
	}
	if err := d.record("opening"); err != nil {
		return err
	}
	return d.correct()
}

// correct makes the corrections.
func (d *demo) correct() error {
	lib, err := d.Rules()
	if err != nil {
		return err
	}
	scheme, _ := lib.Scheme(d.secretary().State().Project(d.project).Scheme.ID)
	for _, c := range d.Corrections {
		if err := d.secretary().Correct(d.sessions[d.chair], review.FactCorrected{
			Project: d.project, Key: c.Key, Old: c.Old, New: c.New, Evidence: c.Evidence,
		}); err != nil {
			return err
		}
		title, before, after := c.Key, c.Old, c.New
		if in := scheme.Input(c.Key); in != nil {
			before, after = changed(in, c.Old, c.New)
			title, before, after = in.Title, in.Say(before), in.Say(after)
		}
		d.tell("corrected", said{"Fact": title, "Old": before, "New": after, "Evidence": c.Evidence})
	}
	return nil
}

// changed leaves of two values that are lists of as many records what differs between
// them, and what names the records. Of other values it leaves all.
func changed(in *regulation.Input, before, after string) (string, string) {
	var a, b []map[string]json.RawMessage
	if json.Unmarshal([]byte(before), &a) != nil || json.Unmarshal([]byte(after), &b) != nil || len(a) != len(b) {
		return before, after
	}
	fits := func() bool { return in.Say(asJSON(a)) != asJSON(a) && in.Say(asJSON(b)) != asJSON(b) }
	for i := len(a) - 1; i >= 0; i-- {
		if reflect.DeepEqual(a[i], b[i]) {
			a, b = slices.Delete(a, i, i+1), slices.Delete(b, i, i+1)
			continue
		}
		for _, name := range slices.Collect(maps.Keys(a[i])) {
			was, is := a[i][name], b[i][name]
			if !bytes.Equal(was, is) {
				continue
			}
			delete(a[i], name)
			delete(b[i], name)
			if !fits() { // a record goes by this one
				a[i][name], b[i][name] = was, is
			}
		}
	}
	return asJSON(a), asJSON(b)
}

// record puts what was said at a moment into the minutes.
func (d *demo) record(when string) error {
	n := 0
	for _, m := range d.Minutes {
		if m.When == when {
			if err := d.secretary().Record(m.Text); err != nil {
				return err
			}
			if n++; n == 1 {
				d.tell("recorded", nil)
			}
			d.quote(m.Text)
		}
	}
	return nil
}

// score holds the rounds.
func (d *demo) score() error {
	for _, r := range d.Rounds {
		d.part("round", said{"Number": r.Number})
		if err := d.secretary().BeginRound(d.project); err != nil {
			return err
		}
		if err := d.halt(haltScore); err != nil {
			return err
		}
		for _, b := range r.Ballots {
			if d.Lost.Round == r.Number && d.Lost.Person == b.Person {
				if err := d.lose(b.Sheet); err != nil {
					return err
				}
			}
			receipt, err := d.person(b.Person).Submit(d.project, b.Sheet, d.look(b.Person))
			if err != nil {
				return err
			}
			d.tell("submitted", said{"Name": b.Person, "Receipt": receipt.Digest.Receipt()})
		}
		if err := d.secretary().CloseRound(d.project); err != nil {
			return err
		}
		if err := d.secretary().OpenRound(d.sessions[d.chair], d.project); err != nil {
			return err
		}
		d.tell("opened", said{"Secretary": d.Secretary.Name, "Chair": d.Chair})
		if err := d.tally(); err != nil {
			return err
		}
		if err := d.record(fmt.Sprintf("round_%d", r.Number)); err != nil {
			return err
		}
	}
	return d.halt(haltOpen)
}

// settle has the chair settle what the panel talked over, of items that were left open.
func (d *demo) settle() error {
	for _, s := range d.Settle {
		if err := d.sessions[d.chair].Settle(d.project, s.Item, s.Answer, s.Reason); err != nil {
			return err
		}
		scheme := d.secretary().State().Project(d.project).Scheme
		i := slices.IndexFunc(scheme.Items, func(it review.Item) bool { return it.ID == s.Item })
		d.tell("settled", said{
			"Chair": d.Chair, "Item": scheme.Items[i].Title, "Answer": d.Words.T("answer."+s.Answer, nil), "Reason": s.Reason,
		})
	}
	return nil
}

// tally tells what the opened ballots come to.
func (d *demo) tally() error {
	c, err := d.secretary().Tally(d.project, 0)
	if err != nil {
		return err
	}
	if c.Mean == nil { // nothing is scored
		for _, it := range c.Items {
			d.tell("votes", said{"Item": it.Title, "Yes": it.Votes.Yes, "No": it.Votes.No, "NA": it.Votes.NA})
		}
	} else {
		d.figures(c.Tally)
	}
	d.tell("suggested", said{"Sentence": c.Suggestion.Sentence})
	return nil
}

// figures tells what the experts' marks come to.
func (d *demo) figures(c scoring.Tally) {
	for _, e := range c.Experts {
		seat, _ := d.secretary().State().Seat(e.Seat)
		d.tell("total", said{"Name": seat.Name, "Total": scoring.Round2(e.Total)})
	}
	s := said{"Mean": scoring.Round2(c.Mean), "Median": scoring.Round2(c.Median), "Trimmed": "－"}
	if c.Trimmed != nil {
		s["Trimmed"] = scoring.Round2(c.Trimmed)
	}
	d.tell("figures", s)
}

// conclude agrees on the opinion, concludes, votes and signs.
func (d *demo) conclude() error {
	d.part("conclude", nil)
	if err := d.settle(); err != nil {
		return err
	}
	var paragraphs []review.OpinionParagraph
	for _, p := range d.Opinion {
		q := review.OpinionParagraph{Section: p.Section, Text: p.Text}
		for _, name := range p.Sources {
			q.Sources = append(q.Sources, d.seats[name])
		}
		paragraphs = append(paragraphs, q)
	}
	if err := d.secretary().DraftOpinion(d.project, paragraphs); err != nil {
		return err
	}
	d.tell("opinion", said{"Count": len(paragraphs)})
	for _, p := range paragraphs {
		d.quote(p.Text)
	}
	if err := d.sessions[d.chair].Conclude(d.secretary(), review.ConclusionReached{
		Project: d.project, Outcome: d.Conclusion.Outcome, Reason: d.Conclusion.Reason, Against: d.Conclusion.Against,
	}); err != nil {
		return err
	}
	p := d.secretary().State().Project(d.project)
	outcome, _ := p.Scheme.Outcome(p.Conclusion.Outcome)
	d.tell("concluded", said{"Chair": d.Chair, "Outcome": outcome.Title})
	for _, v := range d.Votes {
		if err := d.person(v.Person).Vote(d.project, v.Choice, v.Text, d.look(v.Person)); err != nil {
			return err
		}
		d.tell("voted", said{"Name": v.Person, "Choice": d.Words.T("choice."+string(v.Choice), nil), "Text": v.Text})
	}
	if err := d.record("conclusion"); err != nil {
		return err
	}
	if err := d.secretary().BeginSigning(d.project); err != nil {
		return err
	}
	if err := d.halt(haltSign); err != nil {
		return err
	}
	if err := d.signAll(); err != nil {
		return err
	}
	if err := d.secretary().Finalise(d.sessions[d.chair], d.project); err != nil {
		return err
	}
	return d.export(review.PurposeConclusion)
}

// tables has everybody sign what was found of the contract and its changes, ahead of
// the scoring.
func (d *demo) tables() error {
	if len(d.Fulfilment.Terms)+len(d.Fulfilment.Changes) == 0 {
		return nil
	}
	d.part("tables", nil)
	if err := d.secretary().RecordFulfilment(d.project, d.Fulfilment.Terms, d.Fulfilment.Changes); err != nil {
		return err
	}
	d.tell("fulfilment", said{"Terms": len(d.Fulfilment.Terms), "Changes": len(d.Fulfilment.Changes)})
	if err := d.secretary().CertifyTables(d.project); err != nil {
		return err
	}
	if err := d.signAll(); err != nil {
		return err
	}
	if err := d.secretary().CloseTables(d.sessions[d.chair], d.project); err != nil {
		return err
	}
	return d.export(review.PurposeTables)
}

// signAll has everybody sign what lies before the panel, the chair last.
func (d *demo) signAll() error {
	set := d.secretary().State().Project(d.project).Signing()
	var names []string
	for _, g := range set.Signers { // the presiding chair is the last
		s, _ := d.secretary().State().Seat(g.Seat)
		if err := d.sessions[g.Seat].Sign(d.project, d.look(s.Name)); err != nil {
			return err
		}
		names = append(names, s.Name)
	}
	d.tell("signed", said{"Names": strings.Join(names, "、"), "Papers": len(set.Papers)})
	return nil
}

// export writes the archived papers of a set where people look for them.
func (d *demo) export(purpose review.Purpose) error {
	for _, q := range d.secretary().State().Project(d.project).Standing(purpose).Papers {
		_, file, err := d.secretary().PaperOf(d.project, q.Form)
		if err != nil {
			return err
		}
		path := filepath.Join(d.in("papers"), meeting.FileName(d.project, q.Form, q.Number))
		if err := d.Write(path, file); err != nil {
			return err
		}
		d.tell("archived", said{
			"Form": d.Words.T("form."+string(q.Form), nil), "Number": paper.Number(q.Form, d.id, q.Number), "Check": q.Check, "Path": path,
		})
	}
	return nil
}

// finish issues the minutes and says where everything is.
func (d *demo) finish() error {
	d.part("papers", nil)
	paper, _, err := d.secretary().IssueMinutes()
	if err != nil {
		return err
	}
	pdf, err := d.secretary().Paper(paper)
	if err != nil {
		return err
	}
	path := filepath.Join(d.in("papers"), paper.NumberName()+".pdf")
	if err := d.Write(path, pdf); err != nil {
		return err
	}
	d.tell("minutes", said{"Path": path})
	if err := d.own(); err != nil {
		return err
	}
	if err := d.fileAway(); err != nil {
		return err
	}
	d.tell("done", said{
		"Filing": d.in("filing"),
		"CA":     d.in("ca.pem"), "Issuer": d.in("issuer.pem"), "Package": d.in(d.packageName()), "Data": d.in("data"),
		"Paper": path, "Passphrase": d.Secretary.Passphrase,
	})
	return nil
}

// fileAway begins the filing and writes the filing folder, with what it leaves open.
func (d *demo) fileAway() error {
	d.part("filing", nil)
	if err := d.secretary().BeginFiling(d.sessions[d.chair]); err != nil {
		return err
	}
	f, err := d.secretary().Filing(d.in("filing"))
	if err != nil {
		return err
	}
	d.tell("filed", said{"Path": f.Path, "Files": f.Files, "Size": words.Size(f.Size), "Checkpoint": f.Checkpoint})
	for _, l := range f.Lacks {
		d.tell("lack", said{"Sentence": d.secretary().Lacking(l)})
	}
	return nil
}

// own writes what people have signed alone: individual opinions and dissents.
func (d *demo) own() error {
	x := d.secretary()
	p := x.State().Project(d.project)
	n := 0
	for _, r := range p.Rounds {
		for _, b := range p.Counted(&r) {
			file, err := x.IndividualOf(d.project, r.Number, b.Seat)
			if err != nil {
				return err
			}
			n++
			if err := d.Write(filepath.Join(d.in("papers"), fmt.Sprintf("%s-individual-%d-%s.pdf", p.ID, r.Number, b.Seat)), file); err != nil {
				return err
			}
		}
	}
	d.tell("individual", said{"Count": n, "Path": filepath.Join(d.in("papers"), string(p.ID)+"-individual-*.pdf")})
	for _, v := range p.Votes {
		if v.Paper == "" {
			continue
		}
		file, err := x.DissentOf(d.project, v.Seat)
		if err != nil {
			return err
		}
		path := filepath.Join(d.in("papers"), fmt.Sprintf("%s-dissent-%s.pdf", p.ID, v.Seat))
		if err := d.Write(path, file); err != nil {
			return err
		}
		seat, _ := x.State().Seat(v.Seat)
		d.tell("dissent", said{"Name": seat.Name, "Path": path})
	}
	return nil
}

// typing is what the process that is to be killed is told first: where, who, and what.
// It goes over its standard input, where nobody else sees the code.
type typing struct {
	Data    string           `json:"data"`
	Meeting review.MeetingID `json:"meeting"`
	Seat    review.SeatID    `json:"seat"`
	Secret  string           `json:"secret"`
	Key     string           `json:"key"`
}

// lose lets another process of the program take an expert's draft, ends that process in
// the middle of his next sentence, and finds the draft again as it was last kept.
func (d *demo) lose(sheet review.Sheet) error {
	const op = "cli.demo.lose"
	sheet.Opinion = []string{d.Lost.Saved}
	kept, err := json.Marshal(sheet)
	if err != nil {
		return review.E(review.CodeInternal, op, "", err)
	}
	seat := d.seats[d.Lost.Person]
	where, err := json.Marshal(typing{d.in("data"), d.id, seat, d.codes[seat], review.ScoreDraft(d.project, d.Lost.Round)})
	if err != nil {
		return review.E(review.CodeInternal, op, "", err)
	}
	if err := d.close(); err != nil { // one process at a time has the directory
		return err
	}
	child, err := d.Child("demo", "--typist")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(child, "%s\n%s\n", where, kept)
	answer, failed := bufio.NewReader(child).ReadString('\n')
	if err == nil {
		_, err = io.WriteString(child, d.Lost.Typed) // the line is never finished
	}
	child.Kill()
	if err != nil || failed != nil || answer != acknowledged+"\n" {
		return review.E(review.CodeInternal, op, answer, errors.Join(err, failed))
	}
	d.tell("killed", said{"Name": d.Lost.Person, "Typed": d.Lost.Typed})
	if err := d.open(); err != nil {
		return err
	}
	found, err := d.sessions[seat].Draft(review.ScoreDraft(d.project, d.Lost.Round))
	if err != nil {
		return err
	}
	if found != string(kept) {
		return review.E(review.CodeDraftMissing, op, string(seat), nil)
	}
	d.tell("found", said{"Name": d.Lost.Person, "Saved": d.Lost.Saved})
	return nil
}

// acknowledged is what the typist says once a draft is synced to the disk.
const acknowledged = "kept"

// typeDraft is the process that lose kills: it keeps each line that it is given as the
// draft, and says so.
func (w *World) typeDraft() error {
	in := bufio.NewReader(w.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return usage("demo --typist")
	}
	var at typing
	if err := json.Unmarshal(line, &at); err != nil {
		return usage("demo --typist")
	}
	if _, err := w.Stat(at.Data); err != nil {
		return review.E(review.CodeFileMissing, "cli.World.typeDraft", at.Data, err)
	}
	s, closer, err := w.Open(at.Data, "")
	if err != nil {
		return err
	}
	defer closer.Close()
	x, err := s.Enter(at.Meeting, at.Seat, at.Secret)
	if err != nil {
		return err
	}
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return nil
		}
		if err := x.SaveDraft(at.Key, strings.TrimSuffix(text, "\n")); err != nil {
			return err
		}
		fmt.Fprintln(w.Stdout, acknowledged)
	}
}
