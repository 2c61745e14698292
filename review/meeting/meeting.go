// Package meeting holds the services of the program: every use case once, for
// the window and the command line alike. It declares what it needs of the world
// as ports and gets them from main.
package meeting

import (
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/regulation"
	"heyi/review/seal"
)

// Config is what the services are wired with. All of it is needed but Packages and
// Rules, Marks, Idle and WorkFactor.
type Config struct {
	Store    Store
	Papers   Papers
	Files    Files
	Packages Packages            // with Rules: for the services on packages and on what the regulations say
	Rules    *regulation.Library // the built-in packs
	// Say gives the sentence of the catalogue for a line of a calculation; nil for its key.
	Say     func(key string, args map[string]string) string
	Folders Folders // what filing folders are made with
	Marks   Marks   // nil where there is no place for them: a journal put back to an older state then goes unnoticed
	Now     Clock
	Random  io.Reader     // of ids and nonces and nothing else; keys come from the crypto libraries' own source
	Idle    time.Duration // after which a session that did nothing ends; 0 for never
	// WorkFactor is scrypt's cost of the key files to be made; 0 is seal.WorkFactor,
	// and only tests have reason to take less.
	WorkFactor int
}

// Services are the use cases on one data directory. They are safe for use by
// several goroutines.
type Services struct {
	store    Store
	papers   Papers
	files    Files
	packages Packages
	rules    *regulation.Library
	say      func(key string, args map[string]string) string
	folders  Folders
	marks    Marks
	now      Clock
	random   io.Reader
	idle     time.Duration
	factor   int

	mu    sync.Mutex
	lives map[review.MeetingID]*live
	work  sync.WaitGroup // copies being made

	trusting   sync.Mutex       // held while the list of issuers is changed
	continuing sync.Mutex       // held while a meeting is continued from a copy; guards what follows
	tries      map[seatOf]tries // of secrets that could not be counted on record
}

// New wires the services.
func New(c Config) *Services {
	if c.WorkFactor == 0 {
		c.WorkFactor = seal.WorkFactor
	}
	if c.Say == nil {
		c.Say = func(key string, _ map[string]string) string { return key }
	}
	return &Services{
		say: c.Say, store: c.Store, papers: c.Papers, files: c.Files, packages: c.Packages, rules: c.Rules, folders: c.Folders, marks: c.Marks, now: c.Now, random: c.Random,
		idle: c.Idle, factor: c.WorkFactor, lives: map[review.MeetingID]*live{}, tries: map[seatOf]tries{},
	}
}

// Regulations gives the built-in packs, nil where the services have none. They hold nothing
// secret; what a project is under stands in Session.Rules.
func (s *Services) Regulations() *regulation.Library { return s.rules }

// Close waits for what is under way in the background. The store can be closed
// after it.
func (s *Services) Close() { s.work.Wait() }

// Summary is a meeting as it stands in the list of meetings.
type Summary struct {
	ID       review.MeetingID
	Title    string
	Created  time.Time
	Phase    review.Phase
	Projects []ProjectSummary
	Err      error // why the meeting cannot be opened; then only ID is set
}

// ProjectSummary is a project as it stands in the list of meetings.
type ProjectSummary struct {
	ID    review.ProjectID `json:"id"`
	Title string           `json:"title"`
	Stage review.Stage     `json:"stage"`
}

// card is the summary that the store keeps beside a database, version 1.
type card struct {
	Version  int              `json:"v"`
	Title    string           `json:"title"`
	Created  time.Time        `json:"created"`
	Phase    review.Phase     `json:"phase"`
	Projects []ProjectSummary `json:"projects,omitempty"`
}

// List gives all meetings, newest first; those that cannot be read stand last. Where
// a meeting is in use, or the store has a card of it, its database is not opened;
// whether it holds is seen when somebody enters.
// Codes: CodeDirFailed.
func (s *Services) List() ([]Summary, error) {
	ids, err := s.store.List()
	if err != nil {
		return nil, err
	}
	out := make([]Summary, 0, len(ids))
	for _, id := range ids {
		if sum, ok := s.listed(id); ok {
			out = append(out, sum)
			continue
		}
		state, _, _, err := s.load(id)
		if err != nil {
			out = append(out, Summary{ID: id, Err: err})
			continue
		}
		out = append(out, summary(state))
		s.setCard(state)
	}
	slices.SortStableFunc(out, func(a, b Summary) int { return b.Created.Compare(a.Created) })
	return out, nil
}

// listed gives a meeting as it is in use, or reads its card.
func (s *Services) listed(id review.MeetingID) (Summary, bool) {
	s.mu.Lock()
	l := s.lives[id]
	s.mu.Unlock()
	if l != nil {
		return summary(l.now.Load()), true
	}
	var c card
	raw := s.store.Card(id)
	if raw == nil || json.Unmarshal(raw, &c) != nil || !c.sound() {
		return Summary{}, false
	}
	return Summary{ID: id, Title: c.Title, Created: c.Created, Phase: c.Phase, Projects: c.Projects}, true
}

// sound tells whether a card can be shown: it was written by this version, and nothing
// in it could not stand in a meeting.
func (c card) sound() bool {
	for i, p := range c.Projects {
		if p.ID != review.NumberedProject(i+1) || review.CheckLine("title", p.Title, review.MaxTitle) != nil || !slices.Contains(review.Stages, p.Stage) {
			return false
		}
	}
	return c.Version == 1 && review.CheckLine("title", c.Title, review.MaxTitle) == nil && slices.Contains(review.Phases, c.Phase)
}

func summary(state *review.State) Summary {
	sum := Summary{ID: state.Meeting, Title: state.Title, Created: state.Created, Phase: state.Phase}
	for _, p := range state.Projects {
		sum.Projects = append(sum.Projects, ProjectSummary{p.ID, p.Title, p.Stage})
	}
	return sum
}

func (s *Services) setCard(state *review.State) {
	sum := summary(state)
	raw, err := json.Marshal(card{1, sum.Title, sum.Created, sum.Phase, sum.Projects})
	if err == nil {
		s.store.SetCard(state.Meeting, raw)
	}
}

// NewMeeting is what a secretary gives to create a meeting.
type NewMeeting struct {
	Title      string // 会议名称, at most MaxTitle characters
	Secretary  string // her name, at most MaxName characters
	Passphrase string // at least MinPassphrase characters
	Repeated   string // the passphrase once more
	Drill      bool   // 演练: every paper says so
	Scheme     string // id of the only scheme that the meeting is to review by; "" for any
	Alone      bool   // confirm the panel at once as the secretary alone; others come as late arrivals
}

// Format hides the passphrase from logs, whatever the verb.
func (NewMeeting) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// hidden stands for what must not be printed.
const hidden = "[已隐去]"

// Create makes a meeting with its secretary and signs her in. On failure nothing of
// it is left.
// Codes: those of review.CheckLine, CodeTextGlyph, CodeSchemeUnknown, CodeSecretShort,
// CodeSecretDiffers and those of Store.Create.
func (s *Services) Create(in NewMeeting) (*Session, error) {
	in.Title, in.Secretary = strings.TrimSpace(in.Title), strings.TrimSpace(in.Secretary)
	if err := s.line("title", in.Title, review.MaxTitle); err != nil {
		return nil, err
	}
	if err := s.line("name", in.Secretary, review.MaxName); err != nil {
		return nil, err
	}
	if in.Scheme != "" {
		if _, ok := s.rules.Scheme(in.Scheme); !ok {
			return nil, review.E(review.CodeSchemeUnknown, "meeting.Services.Create", in.Scheme, nil)
		}
	}
	if err := checkPassphrase(in.Passphrase, in.Repeated); err != nil {
		return nil, err
	}
	who, err := seal.NewIdentity()
	if err != nil {
		return nil, err
	}
	keyFile, err := who.Lock(in.Passphrase, s.factor)
	if err != nil {
		return nil, err
	}
	nonce, err := s.nonce()
	if err != nil {
		return nil, err
	}
	id, by := review.MeetingID(nonce), author{review.FirstSeat, who}
	l := newLive(s, id, &review.State{}, &journal.Tree{}, map[journal.DraftKey]journal.Draft{})
	o := l.outcome()
	created := review.MeetingCreated{Title: in.Title, Drill: in.Drill, Scheme: in.Scheme, Secretary: in.Secretary, Keys: who.Public(), KeyFile: review.DigestOf(keyFile)}
	if err := l.then(&o, step{by: by, body: created, blobs: [][]byte{keyFile}}); err != nil {
		return nil, err
	}
	if in.Alone {
		confirmed, sealedKey, err := s.confirmation(o.state)
		if err != nil {
			return nil, err
		}
		if err := l.then(&o, step{by: by, body: confirmed, blobs: [][]byte{sealedKey}}); err != nil {
			return nil, err
		}
	}
	if err := s.store.Create(id, o.batch); err != nil {
		return nil, err
	}
	l.now.Store(o.state)
	l.tree = o.tree
	s.setMark(l, markOf(l.tree, l.drafts))
	s.keep(l)
	s.mu.Lock()
	s.lives[id] = l
	s.mu.Unlock()
	return l.session(by), nil
}

// nonce makes an id: 26 characters from 16 random bytes.
func (s *Services) nonce() (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return "", review.E(review.CodeInternal, "meeting.Services.nonce", "random", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])), nil
}

// line checks a short text that a person gave: its form, and that it can be
// printed.
func (s *Services) line(field, text string, max int) error {
	if err := review.CheckLine(field, text, max); err != nil {
		return err
	}
	return s.printable(text)
}

// printable tells whether texts can be printed.
// Codes: CodeTextGlyph.
func (s *Services) printable(texts ...string) error {
	if missing := s.papers.Missing(strings.Join(texts, "")); len(missing) > 0 {
		return review.E(review.CodeTextGlyph, "meeting.printable", review.NameRunes(missing), nil)
	}
	return nil
}

// clock gives the time as events carry it: whole seconds.
func (s *Services) clock() time.Time { return s.now().Truncate(time.Second) }

// keep makes copies of a meeting in the background: at least one that has all that
// was stored before the call. Acts that come while one is made share the next.
func (s *Services) keep(l *live) {
	l.doors.Lock()
	defer l.doors.Unlock()
	l.keeper.due = true
	if l.keeper.busy {
		return
	}
	l.keeper.busy = true
	l.keeper.work.Add(1)
	s.work.Go(func() {
		defer l.keeper.work.Done()
		for l.toKeep() {
			l.mu.Lock() // the card must be of the database as it then is
			if !l.gone.Load() {
				s.setCard(l.now.Load())
			}
			l.mu.Unlock()
			err := s.store.Backup(l.id)
			l.doors.Lock()
			l.keeper.err = err
			l.doors.Unlock()
		}
	})
}

// toKeep tells the keeper whether there is something to do, and lets it go if not.
func (l *live) toKeep() bool {
	l.doors.Lock()
	defer l.doors.Unlock()
	due := l.keeper.due
	l.keeper.due, l.keeper.busy = false, due
	return due
}

func checkPassphrase(passphrase, repeated string) error {
	const op = "meeting.checkPassphrase"
	if n := len([]rune(passphrase)); n < review.MinPassphrase {
		return review.E(review.CodeSecretShort, op, strconv.Itoa(review.MinPassphrase), nil)
	}
	if passphrase != repeated {
		return review.E(review.CodeSecretDiffers, op, "", nil)
	}
	return nil
}
