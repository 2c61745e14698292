package storage

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"heyi/review"
)

const (
	cardName    = "card.json"
	cardVersion = 1
	maxCard     = 64 << 10 // bytes of the file
)

// cardFile is what card.json holds.
type cardFile struct {
	Version int    `json:"version"`
	Of      state  `json:"of"`
	Card    []byte `json:"card"`
}

// state tells a database from what it was and will be, and from others, without
// SQLite: by its header, in which SQLite counts changes, its size, and the time of
// its last change, which the header of another database does not bring along.
type state struct {
	Header   []byte `json:"header"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // nanoseconds since 1970
}

// Card gives what SetCard kept of a meeting whose database is still as it was
// then; nil if there is none. Of a database that is not open it reads the header
// alone.
func (s *Store) Card(id review.MeetingID) []byte {
	const op = "storage.Store.Card"
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usable(op, id) != nil {
		return nil
	}
	if h := s.open[id]; h != nil {
		return slices.Clone(h.card)
	}
	if s.settled(op, id) != nil {
		return nil
	}
	return readCard(s.path(id))
}

// SetCard keeps a summary of a meeting as its database now is. While the database
// is open the card stays in memory, for two reasons: on Unix, to read the header
// would drop SQLite's locks; and SQLite counts only the first of the changes made
// under one lock, so that a card in a file could pass for one of a later state. It
// is written when the database is closed. It is a cache: it is not synced, and a
// card that is lost is made again.
func (s *Store) SetCard(id review.MeetingID, card []byte) {
	const op = "storage.Store.SetCard"
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writable(op, id) != nil || len(card) == 0 {
		return
	}
	if h := s.open[id]; h != nil {
		h.card, h.newCard = bytes.Clone(card), true
		return
	}
	if s.settled(op, id) == nil {
		writeCard(s.path(id), card)
	}
}

// readCard gives the card of a database that this process does not have open.
func readCard(database string) []byte {
	f, err := openRegular("storage.readCard", filepath.Join(filepath.Dir(database), cardName))
	if err != nil {
		return nil
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxCard+1))
	var c cardFile
	if err != nil || len(content) > maxCard || json.Unmarshal(content, &c) != nil || c.Version != cardVersion || len(c.Card) == 0 {
		return nil
	}
	now, err := stateOf(database)
	if err != nil || !reflect.DeepEqual(c.Of, now) {
		return nil
	}
	return c.Card
}

// writeCard keeps the card of a database that this process does not have open.
func writeCard(database string, card []byte) {
	now, err := stateOf(database)
	if err != nil {
		return
	}
	content, err := json.Marshal(cardFile{Version: cardVersion, Of: now, Card: card})
	if err != nil || len(content) > maxCard {
		return
	}
	path := filepath.Join(filepath.Dir(database), cardName)
	fresh := filepath.Join(filepath.Dir(database), freshPrefix+cardName)
	os.Remove(fresh) // of a program that was cut off
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return
	}
	_, err = f.Write(content)
	if f.Close() != nil || err != nil || os.Rename(fresh, path) != nil {
		os.Remove(fresh)
	}
}

// stateOf reads the state of a database that this process does not have open.
func stateOf(database string) (state, error) {
	const op = "storage.stateOf"
	f, err := openRegular(op, database)
	if err != nil {
		return state{}, err
	}
	defer f.Close()
	header, err := checkHeader(op, f)
	if err != nil {
		return state{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return state{}, err
	}
	return state{header[:], info.Size(), info.ModTime().UnixNano()}, nil
}
