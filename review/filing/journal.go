package filing

import (
	"bytes"
	"encoding/hex"

	"heyi/review"
)

// Entry is one entry of the journal.
type Entry struct {
	Event     []byte // canonical bytes: one line of JSON
	Signature []byte
}

// A line of journal.jsonl is the event as it was signed, byte for byte, between these.
const (
	lineHead = `{"event":`
	lineMid  = `,"signature":"`
	lineTail = `"}`
)

func encodeJournal(entries []Entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		b.WriteString(lineHead)
		b.Write(e.Event)
		b.WriteString(lineMid + hex.EncodeToString(e.Signature) + lineTail + "\n")
	}
	return b.Bytes()
}

// decodeJournal reads journal.jsonl. What would not encode to the very same bytes is
// refused.
// Codes: CodeFilingForm.
func decodeJournal(b []byte) ([]Entry, error) {
	bad := review.E(review.CodeFilingForm, "filing.decodeJournal", nameJournal, nil)
	var out []Entry
	for line := range bytes.Lines(b) {
		rest, ok := bytes.CutPrefix(line, []byte(lineHead))
		at := bytes.LastIndex(rest, []byte(lineMid))
		if !ok || at < 0 {
			return nil, bad
		}
		e := Entry{Event: rest[:at]}
		var err error
		tail := bytes.TrimSuffix(rest[at+len(lineMid):], []byte(lineTail+"\n"))
		if e.Signature, err = hex.DecodeString(string(tail)); err != nil {
			return nil, bad
		}
		out = append(out, e)
	}
	if !bytes.Equal(encodeJournal(out), b) {
		return nil, bad
	}
	return out, nil
}
