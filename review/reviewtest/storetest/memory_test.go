package storetest

import (
	"testing"

	"heyi/review/meeting"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) func() meeting.Store {
		m := NewMemory()
		return func() meeting.Store { return m.Reopen() }
	})
}
