package meeting

import (
	"errors"

	"heyi/review"
	"heyi/review/filing"
	"heyi/review/journal"
)

// Beginning is the part of a PDF that has a digest, as the verification of folders looks for it.
var Beginning = beginning

// FolderOf makes the filing folder of a meeting as it stands, without the verification that
// Session.Filing makes before it: what a program would give that does not verify.
func (s *Services) FolderOf(id review.MeetingID) (*filing.Folder, error) {
	v, state, rec := s.verify(id, nil)
	return s.folderOf(id, state, rec.Entries, v.Checkpoint)
}

// FolderBefore makes the filing folder of a meeting as if its journal ended n entries sooner.
func (s *Services) FolderBefore(id review.MeetingID, n int) (*filing.Folder, error) {
	_, _, rec := s.verify(id, nil)
	entries := rec.Entries[:len(rec.Entries)-n]
	state, tree, err := journal.Replay(entries)
	if err != nil {
		return nil, err
	}
	return s.folderOf(id, state, entries, tree.Checkpoint().String())
}

func (s *Services) folderOf(id review.MeetingID, state *review.State, entries []journal.Entry, checkpoint string) (*filing.Folder, error) {
	c := collector{services: s, judge: &judge{services: s, id: id}, state: state, entries: entries, checkpoint: checkpoint}
	source, _ := c.source()
	if len(c.failures) > 0 {
		return nil, errors.Join(c.failures...)
	}
	return filing.Build(source)
}
