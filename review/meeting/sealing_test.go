package meeting_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

// ageMark begins what is sealed.
const ageMark = "age-encryption.org/"

// reached opens what is stored with some openers, in every order and as deep as they
// lead, and lists whose ballots and drafts came to light.
func (r *room) reached(tb testing.TB, with ...seal.Opener) []string {
	tb.Helper()
	found := map[string]bool{}
	digests, err := r.store.Store.Blobs(r.ID)
	if err != nil {
		tb.Fatal(err)
	}
	sealed := [][]byte{}
	for _, d := range digests {
		body, err := r.store.Store.Blob(r.ID, d)
		if err != nil {
			tb.Fatal(err)
		}
		sealed = append(sealed, body)
	}
	_, _, rec := r.record(tb)
	for _, d := range rec.Drafts {
		sealed = append(sealed, d.Cipher)
	}
	for _, entry := range rec.Entries {
		sealed = append(sealed, entry.Event)
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			tb.Fatal(err)
		}
		if b, ok := e.Body.(review.BallotsOpened); ok {
			for _, o := range b.Ballots {
				sealed = append(sealed, o.Content.Score.Statement)
			}
		}
	}
	var look func(b []byte)
	look = func(b []byte) {
		for _, p := range r.state().Projects {
			for _, x := range r.state().Seats {
				if holds(b, whose(p.ID, x.ID)) {
					found[whose(p.ID, x.ID)] = true
				}
			}
		}
		if !bytes.HasPrefix(b, []byte(ageMark)) {
			return
		}
		for _, o := range with {
			if plain, err := o.Open(b); err == nil {
				look(plain)
			}
		}
	}
	for _, b := range sealed {
		look(b)
	}
	return slices.Sorted(maps.Keys(found))
}

// holds tells whether text stands in b: plainly, or in the JSON of a statement that is
// packed into a ballot.
func holds(b []byte, text string) bool {
	if bytes.Contains(b, []byte(text)) {
		return true
	}
	content, _, err := seal.UnpackBallot(b)
	if err != nil {
		return false
	}
	c, err := review.DecodeContent(content)
	return err == nil && bytes.Contains(c.Score.Statement, []byte(text))
}

// TestNobodyAlone holds that from all that is stored nobody gets at a ballot or its
// draft but its owner and both officers of the project together; whatever others hold.
func TestNobodyAlone(t *testing.T) {
	const (
		secretary, chair, second, third, fourth = script.Secretary, script.Chair, script.Second, script.Third, script.Fourth
		member, observer                        = script.Member, script.Observer
		first, other                            = script.First, script.Other
	)
	r := prepared(t)
	r.begin(t, first)
	r.begin(t, other)
	r.submit(t, first, chair, second, third)
	r.submit(t, other, second, third)
	for _, p := range []review.ProjectID{first, other} { // whose ballots are drafts yet
		if err := r.Sessions[fourth].SaveDraft(review.ScoreDraft(p, 1), whose(p, fourth)); err != nil {
			t.Fatal(err)
		}
	}
	all := func(p review.ProjectID) []string {
		list := []string{whose(p, second), whose(p, third), whose(p, fourth)}
		if p == first {
			list = append(list, whose(p, chair))
		}
		return list
	}
	both := func(seats ...review.SeatID) []string {
		var list []string
		for _, s := range seats {
			list = append(list, whose(first, s), whose(other, s))
		}
		return list
	}
	for _, c := range []struct {
		with []review.SeatID
		want []string
	}{
		{nil, nil},
		{[]review.SeatID{secretary}, nil},
		{[]review.SeatID{member}, nil},
		{[]review.SeatID{observer}, nil},
		{[]review.SeatID{secretary, member, observer}, nil},
		{[]review.SeatID{chair}, []string{whose(first, chair)}},
		{[]review.SeatID{second}, both(second)},
		{[]review.SeatID{third}, both(third)},
		{[]review.SeatID{fourth}, both(fourth)},
		{[]review.SeatID{third, fourth}, both(third, fourth)},
		{[]review.SeatID{secretary, third, fourth, member, observer}, both(third, fourth)},
		{[]review.SeatID{chair, second, third, member, observer}, append(both(second, third), whose(first, chair))},
		{[]review.SeatID{secretary, chair}, all(first)},
		{[]review.SeatID{secretary, second}, append(all(other), whose(first, second))},
		{[]review.SeatID{secretary, chair, second}, slices.Concat(all(first), all(other))},
	} {
		var openers []seal.Opener
		for _, s := range c.with {
			openers = append(openers, r.identity(t, s).Opener())
		}
		slices.Sort(c.want)
		if got := r.reached(t, openers...); !slices.Equal(got, c.want) {
			t.Errorf("%s get at\n%q, want\n%q", c.with, got, c.want)
		}
	}
	// A sheet is as good as its person.
	sheet, err := seal.OpenerOf(r.sheet(t, chair))
	if err != nil {
		t.Fatal(err)
	}
	want := all(first)
	slices.Sort(want)
	if got := r.reached(t, r.identity(t, secretary).Opener(), sheet); !slices.Equal(got, want) {
		t.Errorf("with the chair's sheet %q", got)
	}
}

// score lets everybody submit on a project and closes the round.
func (r *room) score(tb testing.TB, project review.ProjectID) {
	tb.Helper()
	r.begin(tb, project)
	for _, seat := range voters {
		if p := r.state().Project(project); !p.Recused(seat) {
			r.submit(tb, project, seat)
		}
	}
	r.close(tb, project)
}

func (r *room) close(tb testing.TB, project review.ProjectID) {
	tb.Helper()
	if err := r.Sessions[script.Secretary].CloseRound(project); err != nil {
		tb.Fatal(err)
	}
}

// closedTo demands that nothing of a project has been opened.
func (r *room) closedTo(t *testing.T, project review.ProjectID) {
	t.Helper()
	state, _, rec := r.record(t)
	p := state.Project(project)
	for _, round := range p.Rounds {
		for _, b := range round.Ballots {
			if b.Sheet != nil {
				t.Errorf("the ballot of %s on %s is open", b.Seat, project)
			}
		}
	}
	for _, e := range rec.Entries {
		if e, err := review.DecodeEvent(e.Event); err != nil || e.Body.Kind() == review.KindBallotsOpened && review.ProjectOf(e.Body) == project {
			t.Errorf("entry %d opens %s: %v", e.Index, project, err)
		}
	}
	for seat, x := range r.Sessions {
		_, err := x.Ballots(project, len(p.Rounds))
		if code := review.CodeOf(err); code != review.CodeHidden && code != review.CodeSessionClosed {
			t.Errorf("%s sees the ballots on %s: %v", seat, project, err)
		}
	}
}

// TestOpenRound holds that a round opens by secretary and presiding chair after its
// closing, and that no other project opens with it.
func TestOpenRound(t *testing.T) {
	const first, other = script.First, script.Other
	r := prepared(t)
	x, chair, second := r.Sessions[script.Secretary], r.Sessions[script.Chair], r.Sessions[script.Second]
	r.score(t, other)
	r.begin(t, first)
	r.submit(t, first, voters...)

	reviewtest.WantCode(t, x.OpenRound(chair, first), review.CodeActStage) // not closed yet
	r.closedTo(t, first)
	r.close(t, first)
	for name, c := range map[string]struct {
		by, with *meeting.Session
		want     review.Code
	}{
		"the secretary alone":   {x, nil, review.CodeActConsent},
		"twice the secretary":   {x, x, review.CodeActConsent},
		"with another expert":   {x, second, review.CodeActConsent},
		"with the observer":     {x, r.Sessions[script.Observer], review.CodeActConsent},
		"by the chair":          {chair, x, review.CodeActRole},
		"by the chair alone":    {chair, nil, review.CodeActRole},
		"by two experts":        {chair, second, review.CodeActRole},
		"of no project":         {x, chair, review.CodeProjectUnknown},
		"with a sheet of chaff": {x, chair, review.CodeSheetForm},
	} {
		project, sheets := first, []string(nil)
		switch name {
		case "of no project":
			project = "p09"
		case "with a sheet of chaff":
			sheets = []string{"AGE-SECRET-KEY-1QQQ"}
		}
		if err := c.by.OpenRound(c.with, project, sheets...); review.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	r.closedTo(t, first)
	if err := x.OpenRound(chair, first); err != nil {
		t.Fatal(err)
	}
	list, err := x.Ballots(first, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range list {
		if b.Seat != voters[i] || !b.Counts || b.Sheet.Opinion[2] != whose(first, b.Seat) || b.Name == "" || b.At.IsZero() {
			t.Errorf("ballot %d: %+v", i, b)
		}
	}
	if len(list) != len(voters) {
		t.Errorf("%d ballots", len(list))
	}
	reviewtest.WantCode(t, x.OpenRound(chair, first), review.CodeActStage)
	r.closedTo(t, other)
	var opened []string
	for _, seat := range voters {
		opened = append(opened, whose(first, seat))
	}
	if got := r.reached(t); !slices.Equal(got, opened) {
		t.Errorf("everybody can read %q, want %q", got, opened)
	}
	reviewtest.WantCode(t, x.OpenRound(chair, other), review.CodeActConsent) // who stands aside there
	if err := x.OpenRound(second, other); err != nil {
		t.Fatal(err)
	}
	r.restart(t)
	r.clean(t)
}

// TestOwnSheet holds that a person reads what he submitted, and nobody else does.
func TestOwnSheet(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	x := r.Sessions[script.Third]
	given, err := x.Submit(script.First, sheetOf(script.First, script.Third), review.Look{})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := x.Receipt(script.First); err != nil || again != given || given.Revision != 1 || given.Round != 1 || given.Code != given.Digest.Receipt() {
		t.Errorf("receipt %+v, then %+v, %v", given, again, err)
	}
	h, paper, err := x.OwnSheet(script.First)
	if err != nil || h.Opinion[2] != whose(script.First, script.Third) || !bytes.Contains(paper, []byte(whose(script.First, script.Third))) {
		t.Errorf("sheet %+v, %q, %v", h, paper, err)
	}
	for _, seat := range []review.SeatID{script.Secretary, script.Chair, script.Second} {
		_, _, err := r.Sessions[seat].OwnSheet(script.First)
		reviewtest.WantCode(t, err, review.CodeBallotMissing)
		_, err = r.Sessions[seat].Receipt(script.First)
		reviewtest.WantCode(t, err, review.CodeBallotMissing)
	}
	_, _, err = x.OwnSheet("p09")
	reviewtest.WantCode(t, err, review.CodeProjectUnknown)
	_, err = x.Reseal(script.First)
	reviewtest.WantCode(t, err, review.CodeBallotGiven)
	_, err = x.Submit(script.First, sheetOf(script.First, script.Third), review.Look{})
	reviewtest.WantCode(t, err, review.CodeBallotGiven)

	// Nobody has the paper before the opening; then it is there for the officers.
	if _, err := r.store.Blob(r.ID, review.DigestOf(paper)); review.CodeOf(err) != review.CodeBlobMissing {
		t.Errorf("the paper is stored in the open: %v", err)
	}
	r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	if got, err := r.store.Blob(r.ID, review.DigestOf(paper)); err != nil || !bytes.Equal(got, paper) {
		t.Errorf("the paper after the opening: %v", err)
	}
	r.clean(t)
}

// TestLies holds that a ballot under whose seal there is something else than was
// submitted opens nothing, not even the others; and that the officers can go on without it.
func TestLies(t *testing.T) {
	second := func(r *room) *seal.Identity { return r.identity(t, script.Second) }
	for name, c := range map[string]struct {
		change func(*room, *forgery)
		want   review.Code
	}{
		"no ballot":           {func(_ *room, f *forgery) { f.cipher = func([]byte) []byte { return []byte("x") } }, review.CodeBallotForm},
		"empty":               {func(_ *room, f *forgery) { f.cipher = func([]byte) []byte { return []byte{} } }, review.CodeBallotForm},
		"cut":                 {func(_ *room, f *forgery) { f.cipher = func(b []byte) []byte { return b[:len(b)-1] } }, review.CodeBallotForm},
		"cut inside":          {func(_ *room, f *forgery) { f.packed = func(b []byte) []byte { return b[:len(b)-1] } }, review.CodeBallotForm},
		"sealed once":         {func(r *room, f *forgery) { f.cipher = func([]byte) []byte { return sealed(t, f.outer...) } }, review.CodeBallotForm},
		"sealed to others":    {func(r *room, f *forgery) { f.inner = []string{second(r).Public().Seal} }, review.CodeBallotForm},
		"another content":     {func(_ *room, f *forgery) { f.body.Content = review.DigestOf(nil) }, review.CodeBallotForm},
		"of another round":    {func(_ *room, f *forgery) { f.score.Round = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }, review.CodeBallotForm},
		"of another revision": {func(_ *room, f *forgery) { f.score.Revision = 2 }, review.CodeBallotForm},
		"of another seat":     {func(_ *room, f *forgery) { f.score.Seat = script.Second }, review.CodeBallotForm},
		"of another project":  {func(_ *room, f *forgery) { f.score.Project = script.Other }, review.CodeBallotForm},
		"of another package":  {func(_ *room, f *forgery) { f.score.Package = review.DigestOf(nil) }, review.CodeBallotForm},
		"of another scheme":   {func(_ *room, f *forgery) { f.score.Scheme = review.DigestOf(nil) }, review.CodeBallotForm},
		"of another meeting":  {func(_ *room, f *forgery) { f.score.Meeting = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }, review.CodeBallotForm},
		"no score":            {func(_ *room, f *forgery) { f.score.Kind, f.score.Body = review.StatementPromise, review.PromiseBody{} }, review.CodeBallotForm},
		"an incomplete sheet": {func(_ *room, f *forgery) { f.score.Body = review.Sheet{} }, review.CodeBallotForm},
		"signed by another":   {func(r *room, f *forgery) { f.scorer = second(r) }, review.CodeStatementSignature},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepared(t)
			r.begin(t, script.First)
			x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
			file := r.crafted(t, r.identity(t, script.Third), r.state().Project(script.First), script.Third, func(f *forgery) { c.change(r, f) })
			if err := x.Bring(file); err != nil {
				t.Fatalf("what is under the seal was looked at: %v", err)
			}
			r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
			r.close(t, script.First)
			err := x.OpenRound(chair, script.First)
			reviewtest.WantCode(t, err, c.want)
			if got := review.ItemOf(err); got != string(script.Third) {
				t.Errorf("the ballot of %q is named", got)
			}
			r.closedTo(t, script.First)
			if err := x.VoidBallot(chair, script.First, script.Third, "密封内容无法识别"); err != nil {
				t.Fatal(err)
			}
			if err := x.OpenRound(chair, script.First); err != nil {
				t.Fatal(err)
			}
			if list, err := x.Ballots(script.First, 1); err != nil || len(list) != 3 {
				t.Errorf("%d ballots, %v", len(list), err)
			}
			r.clean(t)
		})
	}
}

func sealed(tb testing.TB, to ...string) []byte {
	tb.Helper()
	b, err := seal.SealTo([]byte("x"), to...)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestStoredLies holds that nothing is opened while anything of the record does not
// verify, and that ballots that a store mixes up are not taken for one another.
func TestStoredLies(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	paper, _, err := x.IssueMinutes()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Sessions[script.Third].SaveDraft(review.OpinionDraft(script.First), "二"); err != nil {
		t.Fatal(err)
	}
	ballots := r.state().Project(script.First).Round().Ballots
	body := func(d review.Digest) []byte {
		b, err := r.store.Store.Blob(r.ID, d)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	one, two := ballots[0].Cipher, ballots[1].Cipher
	member, _ := r.state().Seat(script.Member)
	for name, c := range map[string]struct {
		harm func()
		want review.Code
	}{
		"a key file is gone":     {func() { r.store.gone = member.KeyFile }, review.CodeBlobMissing},
		"a ballot is gone":       {func() { r.store.gone = one }, review.CodeBlobMissing},
		"a ballot was edited":    {func() { r.store.bad = two }, review.CodeBlobAltered},
		"a blob too many":        {func() { r.store.more = review.DigestOf([]byte("x")) }, review.CodeBlobUnknown},
		"an entry was edited":    {func() { r.store.edit = damage }, review.CodeJournalEntry},
		"the tail is gone":       {func() { r.store.edit = func(rec *journal.Record) { rec.Entries = rec.Entries[:9] } }, review.CodeJournalRoot},
		"a draft was edited":     {func() { r.store.edit = func(rec *journal.Record) { rec.Drafts[0].Version++ } }, review.CodeDraftAltered},
		"a draft is gone":        {func() { r.store.edit = func(rec *journal.Record) { rec.Drafts = nil } }, review.CodeDraftMissing},
		"a paper is gone":        {func() { r.store.gone = paper.Signed }, review.CodeBlobMissing},
		"two ballots swapped":    {func() { r.store.swap = map[review.Digest][]byte{one: body(two), two: body(one)} }, review.CodeBallotForm},
		"one ballot twice":       {func() { r.store.swap = map[review.Digest][]byte{one: body(two)} }, review.CodeBallotForm},
		"a ballot cut":           {func() { r.store.swap = map[review.Digest][]byte{two: body(two)[:2000]} }, review.CodeBallotForm},
		"a ballot of no content": {func() { r.store.swap = map[review.Digest][]byte{two: {}} }, review.CodeBallotForm},
	} {
		t.Run(name, func(t *testing.T) {
			defer r.store.mend()
			c.harm()
			reviewtest.WantCode(t, x.OpenRound(chair, script.First), c.want)
			r.store.mend()
			r.closedTo(t, script.First)
		})
	}
	if _, err := r.files.Export(r.ID, "minutes-01.pdf", []byte("另一份")); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.OpenRound(chair, script.First), review.CodePDFAltered)
	if _, err := x.Export(paper); err != nil {
		t.Fatal(err)
	}
	if err := x.OpenRound(chair, script.First); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// leaves is the chair falling ill: he is gone, and the panel has another.
func (r *room) leaves(t *testing.T) {
	t.Helper()
	x := r.Sessions[script.Secretary]
	r.Sessions[script.Chair].Close()
	if err := x.Attend(script.Chair, review.PresenceLeft, "突发疾病"); err != nil {
		t.Fatal(err)
	}
	if err := x.NameChair(r.Sessions[script.Third], "", script.Second, "组长因病离会，专家推选"); err != nil {
		t.Fatal(err)
	}
}

// TestChairIllSheet holds that with the recovery sheet of a chair who fell ill his
// successor opens what was sealed to him.
func TestChairIllSheet(t *testing.T) {
	r := prepared(t)
	sheet := r.sheet(t, script.Chair)
	r.begin(t, script.First)
	r.submit(t, script.First, voters...)
	own := r.sheet(t, script.Secretary)
	r.leaves(t)
	r.close(t, script.First)
	x, second := r.Sessions[script.Secretary], r.Sessions[script.Second]
	reviewtest.WantCode(t, x.OpenRound(second, script.First), review.CodeSheetNeeded)
	reviewtest.WantCode(t, x.OpenRound(second, script.First, own), review.CodeSheetNeeded)
	reviewtest.WantCode(t, x.OpenRound(second, script.First, sheet[:40]), review.CodeSheetForm)
	r.closedTo(t, script.First)
	if err := x.OpenRound(second, script.First, "\n "+sheet+" "); err != nil {
		t.Fatal(err)
	}
	if list, err := x.Ballots(script.First, 1); err != nil || len(list) != 4 {
		t.Errorf("%d ballots, %v", len(list), err)
	}
	r.clean(t)
}

// TestChairIll holds that without a sheet those who are there seal their ballots anew
// to his successor, and that his own is void.
func TestChairIll(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	r.submit(t, script.First, voters...)
	r.leaves(t)
	x, second := r.Sessions[script.Secretary], r.Sessions[script.Second]
	err := x.CloseRound(script.First)
	reviewtest.WantCode(t, err, review.CodeBallotMissing)
	if got := review.ItemOf(err); got != "s03、s04、s05" {
		t.Errorf("waiting for %s", got)
	}
	for _, c := range x.Board().Projects[0].Experts {
		want := meeting.CellStale
		if c.State != want {
			t.Errorf("%s is %s", c.Seat, c.State)
		}
	}
	for _, seat := range []review.SeatID{script.Second, script.Third, script.Fourth} {
		before, _, err := r.Sessions[seat].OwnSheet(script.First)
		if err != nil {
			t.Fatal(err)
		}
		given, err := r.Sessions[seat].Reseal(script.First)
		if err != nil || given.Revision != 2 {
			t.Fatalf("%s: %+v, %v", seat, given, err)
		}
		if after, _, err := r.Sessions[seat].OwnSheet(script.First); err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%s sealed %v anew as %v, %v", seat, before, after, err)
		}
	}
	err = x.CloseRound(script.First)
	reviewtest.WantCode(t, err, review.CodeBallotStale)
	if got := review.ItemOf(err); got != string(script.Chair) {
		t.Errorf("the stale ballot is that of %s", got)
	}
	reviewtest.WantCode(t, x.VoidBallot(nil, script.First, script.Chair, "无法开封"), review.CodeActConsent)
	if err := x.VoidBallot(second, script.First, script.Chair, "组长因病离会，评分无法开封"); err != nil {
		t.Fatal(err)
	}
	r.close(t, script.First)
	if err := x.OpenRound(second, script.First); err != nil {
		t.Fatal(err)
	}
	if list, err := x.Ballots(script.First, 1); err != nil || len(list) != 3 {
		t.Errorf("%d ballots, %v", len(list), err)
	}
	r.clean(t)
}

// TestChairIllLate holds that a round that was closed already, and that nobody can open
// any more, can be scored anew: the one who is ill is replaced.
func TestChairIllLate(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.leaves(t)
	x, second := r.Sessions[script.Secretary], r.Sessions[script.Second]
	reviewtest.WantCode(t, x.OpenRound(second, script.First), review.CodeSheetNeeded)
	late := r.seat(t, review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleExpert}})
	if err := x.Certify(second); err != nil { // the authority's key is lost with the chair
		t.Fatal(err)
	}
	if len(r.state().FormerAuthorities) != 1 {
		t.Error("there is no new authority")
	}
	if err := x.Replace(second, script.Chair, late, "组长因病离会"); err != nil {
		t.Fatal(err)
	}
	for _, seat := range []review.SeatID{script.Second, script.Third, script.Fourth} {
		if _, err := r.Sessions[seat].Reseal(script.First); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Sessions[late].Promise("承诺书"); err != nil {
		t.Fatal(err)
	}
	if err := r.Sessions[late].Declare(script.First, review.DeclarationBody{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sessions[late].Submit(script.First, sheetOf(script.First, late), review.Look{}); err != nil {
		t.Fatal(err)
	}
	r.close(t, script.First)
	if err := x.OpenRound(second, script.First); err != nil {
		t.Fatal(err)
	}
	r.restart(t)
	r.clean(t)
}

// TestSecretaryIll holds that the secretary's sheet opens what was sealed to her, for
// the same person under a new code.
func TestSecretaryIll(t *testing.T) {
	r := prepared(t)
	sheet := r.sheet(t, script.Secretary)
	r.begin(t, script.First)
	r.submit(t, script.First, voters...)
	r.newCode(t, script.Chair, script.Second, script.Secretary, "")
	r.close(t, script.First)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.OpenRound(chair, script.First), review.CodeSheetNeeded)
	if err := x.OpenRound(chair, script.First, sheet); err != nil {
		t.Fatal(err)
	}
	if err := x.Certify(chair, sheet); err != nil {
		t.Fatal(err)
	}
	if len(r.state().FormerAuthorities) != 0 {
		t.Error("there is a new authority though there was a sheet")
	}
	r.clean(t)
}

// TestShown holds that what a session gives goes through the gate.
func TestShown(t *testing.T) {
	r := prepared(t)
	x, second := r.Sessions[script.Secretary], r.Sessions[script.Second]
	for _, seat := range everyone {
		for _, project := range []review.ProjectID{"", "p09"} {
			_, err := r.Sessions[seat].Project(project)
			reviewtest.WantCode(t, err, review.CodeProjectUnknown)
			_, err = r.Sessions[seat].Ballots(project, 1)
			reviewtest.WantCode(t, err, review.CodeProjectUnknown)
			_, err = r.Sessions[seat].Opinion(project)
			reviewtest.WantCode(t, err, review.CodeProjectUnknown)
		}
		_, err := r.Sessions[seat].Project(script.Other)
		if (seat == script.Chair) != (review.CodeOf(err) == review.CodeHidden) {
			t.Errorf("%s, of whom one stands aside, sees the project: %v", seat, err)
		}
	}
	if p, err := second.Project(script.First); err != nil || p.Title == "" || len(p.Facts) != 2 || len(p.Scheme.Items) != 7 {
		t.Errorf("project %+v, %v", p, err)
	}
	if o, err := x.Opinion(script.First); err != nil || o.Revision != 0 {
		t.Errorf("the secretary sees %+v, %v", o, err)
	}
	_, err := second.Opinion(script.First)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if got := review.ItemOf(err); got != string(review.WhyEarly) {
		t.Errorf("hidden since %s", got)
	}
	r.score(t, script.First)
	for _, round := range []int{-1, 0, 1, 2} {
		_, err = x.Ballots(script.First, round)
		reviewtest.WantCode(t, err, review.CodeHidden)
	}
	r.hold(t, script.Open(script.First))
	if o, err := x.Opinion(script.First); err != nil || o.Revision != 0 {
		t.Errorf("opinion %+v, %v", o, err)
	}
	_, err = second.Ballots(script.First, 1)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if err := x.DraftOpinion(script.First, []review.OpinionParagraph{{Text: "可行。"}}); err != nil {
		t.Fatal(err)
	}
	if o, err := second.Opinion(script.First); err != nil || o.Revision != 1 {
		t.Errorf("opinion %+v, %v", o, err)
	}
	if err := r.Sessions[script.Chair].VoidBallot(x, script.First, script.Third, "离会"); review.CodeOf(err) != review.CodeActStage {
		t.Errorf("a ballot that was opened became void: %v", err)
	}
}

// TestArrival holds that what is shown of the ballots does not tell in which order they
// came in.
func TestArrival(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	r.submit(t, script.First, script.Fourth, script.Second, script.Chair, script.Third)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	list, err := r.Sessions[script.Secretary].Ballots(script.First, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range list {
		if b.Seat != voters[i] {
			t.Errorf("place %d is that of %s", i, b.Seat)
		}
	}
}
