package meeting_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/paper"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
	"heyi/review/seal"
)

const passphrase = "口令口令口令口令口令"

// disk is a store whose disk can fail and whose stored values can be changed
// behind the program's back.
type disk struct {
	meeting.Store
	full     bool
	lost     bool // the batch is stored, but the disk says it failed
	edit     func(*journal.Record)
	gone     review.Digest // a blob that was deleted
	bad      review.Digest // a blob that was edited
	more     review.Digest // a blob that was added
	swap     map[review.Digest][]byte
	spoiled  map[string]bool // copies that do not verify
	stuck    bool            // nothing can be removed or replaced
	uncopied bool            // no copy can be made
	after    func(journal.Batch)
	late     bool // what is restored is, but the disk says it failed

	loads atomic.Int64
	aside map[string][]byte // the notes of what was set aside last
	sums  review.Digest     // of the list of digests beside them
	was   string            // the checkpoint of what was set aside last
}

func (d *disk) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	if d.full {
		return review.E(review.CodeDirFull, "test", "", nil)
	}
	err := d.Store.Commit(id, expect, b)
	if err == nil && d.lost {
		return review.E(review.CodeStoreFailed, "test", "", nil)
	}
	if err == nil && d.after != nil {
		d.after(b)
	}
	return err
}

func (d *disk) Load(id review.MeetingID) (journal.Record, error) {
	d.loads.Add(1)
	rec, err := d.Store.Load(id)
	if d.edit != nil {
		d.edit(&rec)
	}
	return rec, err
}

func (d *disk) Blob(id review.MeetingID, digest review.Digest) ([]byte, error) {
	switch digest {
	case d.gone:
		return nil, review.E(review.CodeBlobMissing, "test", string(digest), nil)
	case d.bad:
		return nil, review.E(review.CodeBlobAltered, "test", string(digest), nil)
	}
	if body, ok := d.swap[digest]; ok {
		return body, nil
	}
	return d.Store.Blob(id, digest)
}

func (d *disk) Blobs(id review.MeetingID) ([]review.Digest, error) {
	list, err := d.Store.Blobs(id)
	if d.more != "" {
		list = append(list, d.more)
	}
	return list, err
}

func (d *disk) Backup(id review.MeetingID) error {
	if d.uncopied {
		return review.E(review.CodeBackupFailed, "test", "places", nil)
	}
	return d.Store.Backup(id)
}

func (d *disk) DropBackups(id review.MeetingID) error {
	if d.stuck {
		return review.E(review.CodeDirFailed, "test", "", nil)
	}
	return d.Store.DropBackups(id)
}

func (d *disk) OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error) {
	c, err := d.Store.OpenCopy(id, path)
	if err == nil && d.spoiled[path] {
		return spoiled{c}, nil
	}
	return c, err
}

// spoiled is a copy of which one entry was edited.
type spoiled struct{ journal.CopyReader }

func (s spoiled) Load(id review.MeetingID) (journal.Record, error) {
	rec, err := s.CopyReader.Load(id)
	if err == nil {
		damage(&rec)
	}
	return rec, err
}

// damage edits an entry in the middle of a record.
func damage(rec *journal.Record) { rec.Entries[len(rec.Entries)/2].Event[9] ^= 1 }

func (d *disk) SetAside(id review.MeetingID, notes map[string][]byte) (path string, sums review.Digest, err error) {
	if d.full {
		return "", "", review.E(review.CodeDirFull, "test", "", nil)
	}
	rec, err := d.Store.Load(id)
	if err != nil {
		return "", "", err
	}
	d.aside, d.was = notes, rec.Checkpoint
	path, d.sums, err = d.Store.SetAside(id, notes)
	return path, d.sums, err
}

// mend takes back what was done to the stored values.
func (d *disk) mend() { d.edit, d.gone, d.bad, d.more, d.swap = nil, "", "", "", nil }

// Restore takes away what was wrong with the database that was there.
func (d *disk) Restore(id review.MeetingID, path string, expect int64, b journal.Batch) error {
	if d.stuck {
		return review.E(review.CodeDirFailed, "test", "", nil)
	}
	err := d.Store.Restore(id, path, expect, b)
	if err == nil {
		d.mend()
	}
	if err == nil && d.late {
		return review.E(review.CodeStoreFailed, "test", "", nil)
	}
	return err
}

// clock is a clock on the wall that only the test moves.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	asked func() // done once, when the clock is looked at
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	at, asked := c.at, c.asked
	c.asked = nil
	c.mu.Unlock()
	if asked != nil {
		asked()
	}
	return at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) set(at time.Time) { c.move(at.Sub(c.now())) }

// papers notes what was composed.
type papers struct {
	fakes.Papers
	last *paper.Minutes
	lie  bool // opinions say something else than what they were made from
}

func (p *papers) Compose(of paper.Paper) ([]byte, error) {
	if m, ok := of.(*paper.Minutes); ok {
		p.last = m
	}
	if o, ok := of.(*paper.Opinion); ok && p.lie {
		other := *o
		other.Result.Score = "36.70"
		of = &other
	}
	return p.Papers.Compose(of)
}

// room is a hall with all that a run of the program finds: a data directory in memory,
// the user's marks, a clock.
type room struct {
	*script.Hall
	store  *disk
	files  *fakes.Files
	marks  *fakes.Marks
	papers *papers
	clock  *clock
	idle   time.Duration
	runs   byte

	unmarked bool // the run has no place for marks
}

func newRoom(tb testing.TB) *room { return roomOn(tb, storetest.NewMemory()) }

func roomOn(tb testing.TB, store meeting.Store) *room {
	r := &room{
		Hall: script.New(nil), store: &disk{Store: store}, files: &fakes.Files{}, marks: &fakes.Marks{}, papers: &papers{},
		clock: &clock{at: time.Date(2026, 11, 21, 9, 0, 0, 999, time.FixedZone("", 8*3600))},
	}
	r.start()
	tb.Cleanup(func() { r.Close() })
	return r
}

// start begins another run of the program on what the last one left. That one may go on
// beside it, as no program does: its sessions still act.
func (r *room) start() {
	if r.Services != nil {
		r.Close()
	}
	r.runs++
	var marks meeting.Marks = r.marks
	if r.unmarked {
		marks = nil
	}
	r.Services = meeting.New(meeting.Config{
		Folders: meeting.Folders{Version: "0"},
		Store:   r.store, Papers: r.papers, Files: r.files, Marks: marks, Now: r.clock.now,
		Random: rand.NewChaCha8([32]byte{r.runs, 1}), Idle: r.idle, WorkFactor: 1,
	})
	r.Sessions = map[review.SeatID]*meeting.Session{}
}

// enter signs people in by their codes.
func (r *room) enter(tb testing.TB, seats ...review.SeatID) {
	tb.Helper()
	for _, seat := range seats {
		x, err := r.Enter(r.ID, seat, r.Codes[seat])
		if err != nil {
			tb.Fatal(err)
		}
		r.Sessions[seat] = x
	}
}

// restart begins another run, with everybody signed in again who was.
func (r *room) restart(tb testing.TB) {
	tb.Helper()
	seats := slices.Sorted(maps.Keys(r.Sessions))
	r.start()
	r.enter(tb, seats...)
}

// hold does acts of the script.
func (r *room) hold(tb testing.TB, acts ...script.Act) {
	tb.Helper()
	if err := r.Hold(acts, nil); err != nil {
		tb.Fatal(err)
	}
}

// vote has everybody who signs a project's conclusion, and has not said where he stands, agree.
func (r *room) vote(tb testing.TB, project review.ProjectID) {
	tb.Helper()
	state := r.state()
	p := state.Project(project)
	for _, seat := range state.Signatories(p) {
		if _, voted := p.Vote(seat, p.Conclusion.Digest); voted || r.Sessions[seat] == nil {
			continue
		}
		if err := r.Sessions[seat].Vote(project, review.ChoiceAgree, "", review.Look{}); err != nil {
			tb.Fatal(err)
		}
	}
}

// seat gives a person who has no seat yet one, whom the officers certify if the panel
// is confirmed.
func (r *room) seat(tb testing.TB, p review.Person) review.SeatID {
	tb.Helper()
	id, err := r.Sessions[script.Secretary].AddSeat(p)
	if err != nil {
		tb.Fatal(err)
	}
	g, err := r.Seating(r.ID, id)
	if err != nil {
		tb.Fatal(err)
	}
	r.claim(tb, g)
	return id
}

// claim lets a person take the seat that was prepared for him.
func (r *room) claim(tb testing.TB, g *meeting.Seating) {
	tb.Helper()
	secret := g.Code()
	if secret == "" {
		secret = script.Passphrase
	}
	x, err := g.Claim(secret, secret)
	if err != nil {
		tb.Fatal(err)
	}
	seat := g.Seat().ID
	r.Codes[seat], r.Sessions[seat] = secret, x
}

// state is the meeting as the present run knows it.
func (r *room) state() *review.State { return r.Sessions[script.Secretary].State() }

// clean fails the test if the meeting does not verify.
func (r *room) clean(tb testing.TB) {
	tb.Helper()
	if found := r.Verify(r.ID, nil).Findings; len(found) != 0 {
		tb.Errorf("findings %v", found)
	}
}

// identity gives the keys of a person who types his code.
func (r *room) identity(tb testing.TB, seat review.SeatID) *seal.Identity {
	tb.Helper()
	state, _, _ := r.record(tb)
	x, _ := state.Seat(seat)
	file, err := r.store.Store.Blob(r.ID, x.KeyFile)
	if err != nil {
		tb.Fatal(err)
	}
	secret := r.Codes[seat]
	if !x.Has(review.RoleSecretary) && !x.Has(review.RoleObserver) {
		if secret, err = seal.ReadCode(secret); err != nil {
			tb.Fatal(err)
		}
	}
	who, err := seal.Unlock(file, secret)
	if err != nil {
		tb.Fatal(err)
	}
	return who
}

// record gives the meeting as it is stored.
func (r *room) record(tb testing.TB) (*review.State, *journal.Tree, journal.Record) {
	tb.Helper()
	rec, err := r.store.Store.Load(r.ID)
	if err != nil {
		tb.Fatal(err)
	}
	state, tree, err := journal.Replay(rec.Entries)
	if err != nil {
		tb.Fatal(err)
	}
	return state, tree, rec
}

// forge puts an entry into the database behind the program's back, signed by who, if
// the journal admits it. Whoever reads the meeting in another run finds it there.
func (r *room) forge(tb testing.TB, by review.SeatID, who *seal.Identity, body review.Body, blobs ...[]byte) error {
	tb.Helper()
	state, tree, _ := r.record(tb)
	size := state.Size
	e, err := journal.Sign(tree, review.Event{
		Version: review.EventVersion, Meeting: r.ID, Index: size, At: state.At, Actor: by, Body: body,
	}, who)
	if err != nil {
		tb.Fatal(err)
	}
	if err := journal.Admit(state, tree, e); err != nil {
		return err
	}
	return r.store.Store.Commit(r.ID, size, journal.Batch{Entries: []journal.Entry{e}, Blobs: blobs, Checkpoint: tree.Checkpoint()})
}

// copied gives a store of its own with a meeting as it lies in another.
func copied(tb testing.TB, from meeting.Store, id review.MeetingID) *storetest.Memory {
	tb.Helper()
	to := storetest.NewMemory()
	if err := transfer(to, from, id); err != nil {
		tb.Fatal(err)
	}
	return to
}

func transfer(to, from meeting.Store, id review.MeetingID) error {
	rec, err := from.Load(id)
	if err != nil {
		return err
	}
	b := journal.Batch{Entries: rec.Entries, SaveDrafts: rec.Drafts}
	if b.Checkpoint, err = journal.ParseCheckpoint(rec.Checkpoint); err != nil {
		return err
	}
	digests, err := from.Blobs(id)
	if err != nil {
		return err
	}
	for _, d := range digests {
		body, err := from.Blob(id, d)
		if err != nil {
			return err
		}
		b.Blobs = append(b.Blobs, body)
	}
	return to.Create(id, b)
}

// sample is the script's meeting, prepared once for all tests: a panel's authority
// costs half a second. Nobody has taken a recovery sheet.
var (
	sampleStore = storetest.NewMemory()
	sample      = sync.OnceValue(func() *script.Hall {
		acts := slices.DeleteFunc(script.Prepare(5), func(a script.Act) bool { return a.Name == "sheet" })
		h := script.New(fakes.Services(sampleStore, &fakes.Files{}, nil))
		if err := h.Hold(acts, nil); err != nil {
			panic(err)
		}
		h.Close()
		return h
	})
)

// lonely is the meeting of valid, made once for all tests.
var (
	lonelyStore = storetest.NewMemory()
	lonely      = sync.OnceValue(func() *script.Hall {
		h := script.New(fakes.Services(lonelyStore, &fakes.Files{}, nil))
		x, err := h.Create(valid())
		if err != nil {
			panic(err)
		}
		h.ID, h.Sessions[review.FirstSeat] = x.Meeting(), x
		h.Close()
		return h
	})
)

// everyone lists the seats of the sample.
var everyone = []review.SeatID{
	script.Secretary, script.Chair, script.Second, script.Third, script.Fourth, script.Member, script.Observer,
}

// prepared gives a room of its own with the sample, everybody signed in.
func prepared(tb testing.TB) *room {
	tb.Helper()
	h := sample()
	r := roomOn(tb, copied(tb, sampleStore, h.ID))
	r.clock.set(h.Sessions[script.Secretary].State().At)
	r.ID, r.Codes = h.ID, maps.Clone(h.Codes)
	r.enter(tb, everyone...)
	return r
}

// twin gives another machine with the same meeting, everybody signed in who is here.
func (r *room) twin(tb testing.TB) *room {
	tb.Helper()
	t := roomOn(tb, copied(tb, r.store.Store, r.ID))
	t.clock.set(r.clock.now())
	t.ID, t.Codes, t.runs = r.ID, maps.Clone(r.Codes), r.runs+100
	t.start()
	t.enter(tb, slices.Sorted(maps.Keys(r.Sessions))...)
	return t
}

// seated gives a room whose cast has seats that nobody has claimed, before the panel
// is confirmed.
func seated(tb testing.TB) *room {
	tb.Helper()
	r := newRoom(tb)
	r.hold(tb, script.Prepare(1)[:1+len(script.Cast)]...)
	return r
}

// failure gives the first finding as the error that it stands for, nil for none.
func failure(found []review.Finding) error {
	if len(found) == 0 {
		return nil
	}
	return review.E(found[0].Code, "test", found[0].Entry, nil)
}
