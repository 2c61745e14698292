package storage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/crash"
	scripted "heyi/review/reviewtest/script"
	"heyi/storage"
)

// holdMeeting holds a whole meeting through the services, once more and once more, with
// what the user has seen beside the data, and says after each act how far it is.
func holdMeeting(root string) error {
	fmt.Println("READY")
	for {
		store := storage.Open(filepath.Join(root, "data"))
		h := scripted.New(servicesOn(store, filepath.Join(root, "seen")))
		err := h.Hold(scripted.Whole(1), func(i int, a scripted.Act) {
			rec, err := store.Load(h.ID)
			if err != nil {
				panic(err)
			}
			fmt.Println("ACK", h.ID, strings.ReplaceAll(rec.Checkpoint, " ", "/"), i, strings.ReplaceAll(a.Name, " ", "/"))
		})
		h.Close()
		if err := errors.Join(err, store.Close()); err != nil {
			return err
		}
	}
}

// R1 of the test plan through the services: whoever holds a meeting is killed at random
// times. Each meeting then verifies, has what was acknowledged, is what the user has
// seen or more, and can be entered; and its copies hold.
func TestKilledHolding(t *testing.T) {
	entered := atomic.Int64{}
	crash.Killing{
		Child: func(root string) *exec.Cmd { return childIn(root, "hold") },
		After: func(r *rand.Rand) time.Duration { return time.Duration(r.Int64N(int64(900 * time.Millisecond))) },
		Lives: 1,
		Judge: func(r crash.Remains) error {
			store := storage.Open(filepath.Join(r.Dir, "data"))
			s := servicesOn(store, filepath.Join(r.Dir, "seen"))
			err := heldAll(store, s, r.Acks, &entered)
			s.Close()
			return errors.Join(err, store.Close())
		},
	}.Run(t)
	t.Logf("%d meetings entered", entered.Load())
	if entered.Load() == 0 {
		t.Error("no meeting was there to be entered: that tells nothing")
	}
}

// heldAll tells whether every meeting that there is holds and has what was acknowledged.
func heldAll(store *storage.Store, s *meeting.Services, acks []string, entered *atomic.Int64) error {
	acked := map[review.MeetingID]string{}
	for _, ack := range acks {
		f := strings.Fields(ack)
		acked[review.MeetingID(f[0])] = strings.ReplaceAll(f[1], "/", " ")
	}
	list, err := s.List()
	if err != nil {
		return err
	}
	for _, m := range list {
		if found := s.Verify(m.ID, nil).Findings; len(found) > 0 {
			return fmt.Errorf("meeting %s: %v", m.ID, found)
		}
		if checkpoint := acked[m.ID]; checkpoint != "" {
			if err := s.Compare(m.ID, checkpoint); err != nil {
				return fmt.Errorf("acknowledged at %s: %w", checkpoint, err)
			}
		}
		delete(acked, m.ID)
		if m.Phase != review.PhaseSealed {
			x, err := s.Enter(m.ID, scripted.Secretary, scripted.Passphrase)
			if err != nil {
				return err
			}
			x.Close()
			entered.Add(1)
		}
		s.Close() // the copy of having entered is done
		copies, err := s.Backups(m.ID)
		if err != nil {
			return err
		}
		for _, c := range copies {
			if err := copyHolds(store, m.ID, c.Path); err != nil {
				return fmt.Errorf("copy %s: %w", c.Path, err)
			}
		}
	}
	if len(acked) > 0 {
		return fmt.Errorf("meetings were acknowledged and are not there: %v", acked)
	}
	return nil
}

// copyHolds tells whether a copy is a whole record: entries that are signed and lead to
// its checkpoint, and the content that they name, no more and no less.
func copyHolds(store *storage.Store, id review.MeetingID, path string) error {
	r, err := store.OpenCopy(id, path)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Audit(id); err != nil {
		return err
	}
	rec, err := r.Load(id)
	if err != nil {
		return err
	}
	state, tree, err := journal.Replay(rec.Entries)
	if err != nil {
		return err
	}
	blobs, err := r.Blobs(id)
	if err != nil {
		return err
	}
	if got := tree.Checkpoint().String(); got != rec.Checkpoint || state.Meeting != id || !slices.Equal(blobs, state.Blobs()) {
		return fmt.Errorf("meeting %s at %s with %d blobs; it says %s and names %d", state.Meeting, got, len(blobs), rec.Checkpoint, len(state.Blobs()))
	}
	for _, d := range blobs {
		if _, err := r.Blob(id, d); err != nil {
			return err
		}
	}
	return nil
}
