package meeting

import (
	"errors"

	"heyi/review"
	"heyi/review/filing"
)

// Beginning is the part of a PDF that has a digest, as the verification of folders looks for it.
var Beginning = beginning

// FolderOf makes the filing folder of a meeting as it stands, without the verification that
// Session.Filing makes before it: what a program would give that does not verify.
func (s *Services) FolderOf(id review.MeetingID) (*filing.Folder, error) {
	v, state, rec := s.verify(id, nil)
	c := collector{services: s, judge: &judge{services: s, id: id}, state: state, entries: rec.Entries, checkpoint: v.Checkpoint}
	source, _ := c.source()
	if len(c.failures) > 0 {
		return nil, errors.Join(c.failures...)
	}
	return filing.Build(source)
}
