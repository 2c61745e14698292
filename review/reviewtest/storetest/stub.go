package storetest

import (
	"heyi/review"
	"heyi/review/journal"
)

func (m *Memory) Card(id review.MeetingID) []byte                     { return nil }
func (m *Memory) SetCard(id review.MeetingID, card []byte)            {}
func (m *Memory) Backup(id review.MeetingID) error                    { return nil }
func (m *Memory) Backups(id review.MeetingID) ([]journal.Copy, error) { return nil, nil }
func (m *Memory) DropBackups(id review.MeetingID) error               { return nil }
func (m *Memory) OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error) {
	return nil, nil
}
func (m *Memory) SetAside(id review.MeetingID, notes map[string][]byte) (string, error) {
	return "", nil
}
func (m *Memory) Restore(id review.MeetingID, path string, expect int64, b journal.Batch) error {
	return nil
}
