package meeting_test

import (
	"testing"

	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

// TestWhole holds that a whole meeting can be held, and verifies at its end.
func TestWhole(t *testing.T) {
	s := fakes.Services(storetest.NewMemory(), &fakes.Files{}, &fakes.Marks{})
	h := script.New(s)
	if err := h.Hold(script.Whole(5), nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if found := s.Verify(h.ID, nil).Findings; len(found) != 0 {
		t.Error(found)
	}
}
