package meeting_test

import (
	"fmt"
	"sync"
	"testing"

	"heyi/review"
)

// TestTogether holds that drafts and records of one session may come from
// several goroutines.
func TestTogether(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := x.SaveDraft(review.MinutesDraft, fmt.Sprint("草稿", i)); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := x.Record(fmt.Sprint("第", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(x.State().Minutes); n != 20 {
		t.Errorf("%d paragraphs", n)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}
