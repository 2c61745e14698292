package review

import (
	"bytes"
	"encoding/json"
	"errors"
)

// MaxStrokesFile is the size of the largest drawn signature that is read, in bytes.
const MaxStrokesFile = 256 << 10

// Check tells whether strokes are a signature that can be drawn: at least one line, each
// of at least one point on the pad, all within the bounds above.
// Codes: CodeStrokes.
func (s Strokes) Check() error {
	bad := func(why string) error { return E(CodeStrokes, "review.Strokes.Check", "", errors.New(why)) }
	if s.Width < 1 || s.Width > MaxPad || s.Height < 1 || s.Height > MaxPad {
		return bad("the size of the pad")
	}
	if len(s.Lines) < 1 || len(s.Lines) > MaxLines {
		return bad("the number of lines")
	}
	points := 0
	for _, line := range s.Lines {
		if points += len(line); len(line) < 1 || points > MaxPoints {
			return bad("the number of points")
		}
		for _, p := range line {
			if p.X < 0 || p.X > s.Width || p.Y < 0 || p.Y > s.Height {
				return bad("a point beside the pad")
			}
		}
	}
	return nil
}

// ReadStrokes reads a drawn signature from a file of at most MaxStrokesFile bytes: JSON
// as encoding/json writes Strokes, but for blanks between tokens. Members that are
// missing, unknown, twice there, in another order or written otherwise are refused.
// Codes: CodeStrokes (also where Check refuses).
func ReadStrokes(file []byte) (Strokes, error) {
	bad := func(cause error) (Strokes, error) { return Strokes{}, E(CodeStrokes, "review.ReadStrokes", "", cause) }
	if len(file) > MaxStrokesFile {
		return bad(errors.New("too large"))
	}
	var s Strokes
	if err := decodeJSON(file, &s); err != nil {
		return bad(err)
	}
	if err := s.Check(); err != nil {
		return Strokes{}, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, file); err != nil {
		return bad(err)
	}
	if again, err := encodeJSON(s); err != nil || !bytes.Equal(again, compact.Bytes()) {
		return bad(errors.New("not the form of a drawn signature"))
	}
	return s, nil
}
