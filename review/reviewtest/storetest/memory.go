package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"sync"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
)

// Memory is a meeting.Store without a disk, for tests of what stands on one. It
// keeps the contract of Run, and forgets everything with the last handle.
type Memory struct {
	disk   *disk
	closed bool
}

var _ meeting.Store = (*Memory)(nil)

// disk is what handles of the same Memory share.
type disk struct {
	mu       sync.Mutex
	meetings map[review.MeetingID]*content
	copies   map[string]*content                 // by paths that exist nowhere else
	rings    map[review.MeetingID][]journal.Copy // newest first
	evidence map[review.MeetingID]int            // how often a meeting was set aside
}

type content struct {
	record journal.Record
	blobs  map[review.Digest][]byte
	card   []byte
}

// NewMemory gives an empty store.
func NewMemory() *Memory {
	return &Memory{disk: &disk{
		meetings: map[review.MeetingID]*content{}, copies: map[string]*content{},
		rings: map[review.MeetingID][]journal.Copy{}, evidence: map[review.MeetingID]int{},
	}}
}

// Reopen gives a new handle on what m stored, as a program's next start would.
func (m *Memory) Reopen() *Memory { return &Memory{disk: m.disk} }

// Create is as in meeting.Store.
func (m *Memory) Create(id review.MeetingID, first journal.Batch) error {
	const op = "storetest.Memory.Create"
	m.disk.mu.Lock()
	defer m.disk.mu.Unlock()
	switch {
	case m.closed:
		return review.E(review.CodeStoreFailed, op, string(id), fs.ErrClosed)
	case !id.Valid():
		return review.E(review.CodeStoreFailed, op, string(id), errors.New("not a meeting id"))
	case first.Checkpoint.Size != int64(len(first.Entries)):
		return review.E(review.CodeStoreMoved, op, string(id), nil)
	case m.disk.meetings[id] != nil:
		return review.E(review.CodeStoreExists, op, string(id), nil)
	}
	c := &content{record: journal.Record{Meeting: id}, blobs: map[review.Digest][]byte{}}
	if err := c.write(op, first); err != nil {
		return err
	}
	m.disk.meetings[id] = c
	return nil
}

// List is as in meeting.Store.
func (m *Memory) List() ([]review.MeetingID, error) {
	m.disk.mu.Lock()
	defer m.disk.mu.Unlock()
	if m.closed {
		return nil, review.E(review.CodeDirFailed, "storetest.Memory.List", "", fs.ErrClosed)
	}
	return slices.Sorted(maps.Keys(m.disk.meetings)), nil
}

// Load is as in meeting.Store.
func (m *Memory) Load(id review.MeetingID) (journal.Record, error) {
	c, done, err := m.use("storetest.Memory.Load", id)
	defer done()
	if err != nil {
		return journal.Record{}, err
	}
	return c.clone().record, nil
}

// Commit is as in meeting.Store.
func (m *Memory) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	const op = "storetest.Memory.Commit"
	c, done, err := m.use(op, id)
	defer done()
	if err != nil {
		return err
	}
	if err := c.fits(op, expect, b); err != nil {
		return err
	}
	return c.write(op, b)
}

// Blob is as in meeting.Store.
func (m *Memory) Blob(id review.MeetingID, d review.Digest) ([]byte, error) {
	const op = "storetest.Memory.Blob"
	c, done, err := m.use(op, id)
	defer done()
	if err != nil {
		return nil, err
	}
	body, ok := c.blobs[d]
	if !ok {
		return nil, review.E(review.CodeBlobMissing, op, string(d), nil)
	}
	return slices.Clone(body), nil
}

// Blobs is as in meeting.Store.
func (m *Memory) Blobs(id review.MeetingID) ([]review.Digest, error) {
	c, done, err := m.use("storetest.Memory.Blobs", id)
	defer done()
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(c.blobs)), nil
}

// Audit finds nothing: memory has no values beside those of Load and Blobs.
func (m *Memory) Audit(id review.MeetingID) error {
	_, done, err := m.use("storetest.Memory.Audit", id)
	defer done()
	return err
}

// Close ends this handle; see Reopen.
func (m *Memory) Close() error {
	m.disk.mu.Lock()
	defer m.disk.mu.Unlock()
	m.closed = true
	return nil
}

// Card is as in meeting.Store.
func (m *Memory) Card(id review.MeetingID) []byte {
	c, done, err := m.use("storetest.Memory.Card", id)
	defer done()
	if err != nil {
		return nil
	}
	return slices.Clone(c.card)
}

// SetCard is as in meeting.Store.
func (m *Memory) SetCard(id review.MeetingID, card []byte) {
	c, done, err := m.use("storetest.Memory.SetCard", id)
	defer done()
	if err == nil && len(card) > 0 {
		c.card = slices.Clone(card)
	}
}

// Backup is as in meeting.Store; there is one place.
func (m *Memory) Backup(id review.MeetingID) error {
	c, done, err := m.use("storetest.Memory.Backup", id)
	defer done()
	if err != nil {
		return err
	}
	copied := c.clone()
	tree, err := copied.tree()
	if err != nil {
		return review.E(review.CodeBackupFailed, "storetest.Memory.Backup", "memory:backups", err)
	}
	ring := m.disk.rings[id]
	made := journal.Copy{Number: 1, Size: tree.Checkpoint().Size}
	if len(ring) > 0 {
		made.Number += ring[0].Number
	}
	made.Path = fmt.Sprintf("memory:backups/%s/%06d", id, made.Number)
	m.disk.copies[made.Path] = copied
	m.disk.rings[id] = slices.Insert(ring, 0, made)
	m.disk.cut(id, journal.RingSize)
	return nil
}

// cut leaves the newest copies of a meeting.
func (d *disk) cut(id review.MeetingID, keep int) {
	ring := d.rings[id]
	for len(ring) > keep {
		last := len(ring) - 1
		delete(d.copies, ring[last].Path)
		ring = ring[:last]
	}
	d.rings[id] = ring
}

// Backups is as in meeting.Store.
func (m *Memory) Backups(id review.MeetingID) ([]journal.Copy, error) {
	done, err := m.lock("storetest.Memory.Backups", id)
	defer done()
	if err != nil {
		return nil, err
	}
	return slices.Clone(m.disk.rings[id]), nil
}

// DropBackups is as in meeting.Store.
func (m *Memory) DropBackups(id review.MeetingID) error {
	done, err := m.lock("storetest.Memory.DropBackups", id)
	defer done()
	if err != nil {
		return err
	}
	m.disk.cut(id, 1)
	return nil
}

// OpenCopy is as in meeting.Store.
func (m *Memory) OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error) {
	const op = "storetest.Memory.OpenCopy"
	done, err := m.lock(op, id)
	defer done()
	if err != nil {
		return nil, err
	}
	c, err := m.disk.copy(op, id, path)
	if err != nil {
		return nil, err
	}
	return &Memory{disk: &disk{meetings: map[review.MeetingID]*content{id: c}}}, nil
}

// copy gives what a path holds, the caller's to change.
func (d *disk) copy(op string, id review.MeetingID, path string) (*content, error) {
	c := d.copies[path]
	switch {
	case c == nil:
		return nil, review.E(review.CodeFileMissing, op, path, nil)
	case c.record.Meeting != id:
		return nil, review.E(review.CodeBackupForeign, op, path, nil)
	}
	return c.clone(), nil
}

// SetAside is as in meeting.Store, but nobody can look at what was set aside. Its list
// of digests has the checkpoint in place of the files.
func (m *Memory) SetAside(id review.MeetingID, notes map[string][]byte) (path string, sums review.Digest, err error) {
	c, done, err := m.use("storetest.Memory.SetAside", id)
	defer done()
	if err != nil {
		return "", "", err
	}
	m.disk.evidence[id]++
	list := c.record.Checkpoint + "\n"
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		list += string(review.DigestOf(notes[name])) + "  " + name + "\n"
	}
	return fmt.Sprintf("memory:evidence/%s-%03d", id, m.disk.evidence[id]), review.DigestOf([]byte(list)), nil
}

// Restore is as in meeting.Store.
func (m *Memory) Restore(id review.MeetingID, path string, expect int64, b journal.Batch) error {
	const op = "storetest.Memory.Restore"
	done, err := m.lock(op, id)
	defer done()
	if err != nil {
		return err
	}
	c, err := m.disk.copy(op, id, path)
	if err == nil {
		err = c.fits(op, expect, b)
	}
	if err == nil {
		err = c.write(op, b)
	}
	if err == nil {
		_, err = c.tree()
	}
	if err != nil {
		return err
	}
	m.disk.meetings[id] = c
	return nil
}

// lock locks the store for what concerns an id. The caller calls done in any case.
func (m *Memory) lock(op string, id review.MeetingID) (done func(), err error) {
	m.disk.mu.Lock()
	switch {
	case m.closed:
		err = review.E(review.CodeStoreFailed, op, string(id), fs.ErrClosed)
	case !id.Valid():
		err = review.E(review.CodeMeetingMissing, op, string(id), nil)
	}
	return m.disk.mu.Unlock, err
}

// use locks the store and finds a meeting. The caller calls done in any case.
func (m *Memory) use(op string, id review.MeetingID) (c *content, done func(), err error) {
	if done, err = m.lock(op, id); err != nil {
		return nil, done, err
	}
	c = m.disk.meetings[id]
	if c == nil {
		return nil, done, review.E(review.CodeMeetingMissing, op, string(id), nil)
	}
	return c, done, nil
}

// clone gives an independent copy without a card.
func (c *content) clone() *content {
	r := c.record
	r.Entries, r.Drafts = mapped(r.Entries, cloneEntry), mapped(r.Drafts, cloneDraft)
	blobs := map[review.Digest][]byte{}
	for d, body := range c.blobs {
		blobs[d] = slices.Clone(body)
	}
	return &content{record: r, blobs: blobs}
}

// tree gives the tree of the entries, which is that of the checkpoint.
// Codes: CodeJournalRoot.
func (c *content) tree() (*journal.Tree, error) {
	var t journal.Tree
	for _, e := range c.record.Entries {
		t.Append(e)
	}
	if t.Checkpoint().String() != c.record.Checkpoint {
		return nil, review.E(review.CodeJournalRoot, "storetest.content.tree", c.record.Checkpoint, nil)
	}
	return &t, nil
}

// fits tells whether a batch follows what there is.
// Codes: CodeStoreMoved.
func (c *content) fits(op string, expect int64, b journal.Batch) error {
	if size := int64(len(c.record.Entries)); size != expect || b.Checkpoint.Size != expect+int64(len(b.Entries)) {
		return review.E(review.CodeStoreMoved, op, strconv.FormatInt(size, 10), nil)
	}
	return nil
}

// write stores a batch that fits, after making sure that all of it can be.
func (c *content) write(op string, b journal.Batch) error {
	if bad := func(e journal.Entry) bool { return len(e.Event) == 0 || len(e.Signature) == 0 }; slices.ContainsFunc(b.Entries, bad) {
		return review.E(review.CodeStoreFailed, op, "", errors.New("an entry lacks a part"))
	}
	if bad := func(body []byte) bool { return body == nil }; slices.ContainsFunc(b.Blobs, bad) {
		return review.E(review.CodeStoreFailed, op, "", errors.New("a blob lacks its content"))
	}
	if bad := func(d journal.Draft) bool { return d.Version < 1 || len(d.Cipher) == 0 || len(d.Signature) == 0 }; slices.ContainsFunc(b.SaveDrafts, bad) {
		return review.E(review.CodeStoreFailed, op, "", errors.New("a draft lacks a part"))
	}
	c.card = nil
	r := &c.record
	r.Entries = append(r.Entries, mapped(b.Entries, cloneEntry)...)
	for _, body := range b.Blobs {
		c.blobs[review.DigestOf(body)] = slices.Clone(body)
	}
	for _, d := range b.DropBlobs {
		delete(c.blobs, d)
	}
	for _, k := range b.DropDrafts {
		r.Drafts = c.without(k)
	}
	for _, d := range b.SaveDrafts {
		r.Drafts = append(c.without(journal.DraftKey{Key: d.Key, Owner: d.Owner}), cloneDraft(d))
		slices.SortFunc(r.Drafts, func(a, b journal.Draft) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Owner, b.Owner))
		})
	}
	r.Checkpoint = b.Checkpoint.String()
	return nil
}

func (c *content) without(k journal.DraftKey) []journal.Draft {
	return slices.DeleteFunc(c.record.Drafts, func(d journal.Draft) bool { return d.Key == k.Key && d.Owner == k.Owner })
}

func cloneEntry(e journal.Entry) journal.Entry {
	return journal.Entry{Event: slices.Clone(e.Event), Signature: slices.Clone(e.Signature)}
}

func cloneDraft(d journal.Draft) journal.Draft {
	d.Cipher, d.Signature = slices.Clone(d.Cipher), slices.Clone(d.Signature)
	return d
}

// mapped gives f of every element; nil for none, as a database has no empty slices.
func mapped[T any](in []T, f func(T) T) []T {
	var out []T
	for _, x := range in {
		out = append(out, f(x))
	}
	return out
}
