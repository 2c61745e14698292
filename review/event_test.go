package review_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// events gives one event of every kind.
func events(tb testing.TB) []review.Event {
	tb.Helper()
	out := []review.Event{newRoom(tb).Events[0]}
	for _, k := range kinds(tb)[1:] {
		m := newRoom(tb)
		by, body := due[k](m)
		out = append(out, m.Event(by, body))
	}
	return out
}

func encode(tb testing.TB, e review.Event) []byte {
	tb.Helper()
	b, err := e.Encode()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestEventRoundTrip holds for every kind that what was written is read back: the same
// content in the same bytes.
func TestEventRoundTrip(t *testing.T) {
	seen := map[review.Kind]bool{}
	for _, e := range events(t) {
		seen[e.Body.Kind()] = true
		b := encode(t, e)
		got, err := review.DecodeEvent(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if again := encode(t, got); !bytes.Equal(again, b) {
			t.Errorf("%s became %s", b, again)
		}
		if got.Index != e.Index || !got.At.Equal(e.At) || got.Actor != e.Actor || got.Meeting != e.Meeting || got.Version != e.Version {
			t.Errorf("%+v became %+v", e, got)
		}
		if c, ok := e.Body.(review.ClockMoved); ok {
			read := got.Body.(review.ClockMoved)
			if !c.From.Equal(read.From) || !c.To.Equal(read.To) {
				t.Errorf("%+v became %+v", c, read)
			}
		} else if !reflect.DeepEqual(got.Body, e.Body) {
			t.Errorf("%+v became %+v", e.Body, got.Body)
		}
	}
	for _, k := range kinds(t) {
		if !seen[k] {
			t.Errorf("no event of %s", k)
		}
	}
}

// TestEventForm holds that no other bytes pass for an event.
func TestEventForm(t *testing.T) {
	m := newRoom(t).Panel(1)
	b := encode(t, m.Event(secretary, review.MinutesRecorded{Paragraphs: []string{"一"}}))
	s := string(b)
	for name, bad := range map[string]string{
		"empty":          "",
		"white space":    " " + s,
		"newline after":  s + "\n",
		"twice":          s + s,
		"cut":            s[:len(s)-1],
		"unknown field":  strings.Replace(s, `"index"`, `"x":1,"index"`, 1),
		"double field":   strings.Replace(s, `"index":6`, `"index":6,"index":6`, 1),
		"letter case":    strings.Replace(s, `"index"`, `"Index"`, 1),
		"body field":     strings.Replace(s, `"paragraphs"`, `"x":1,"paragraphs"`, 1),
		"escaped":        strings.Replace(s, `一`, `\u4e00`, 1),
		"float":          strings.Replace(s, `"index":6`, `"index":6.0`, 1),
		"time with part": strings.Replace(s, `09:00:06`, `09:00:06.5`, 1),
		"time elsewhere": strings.Replace(s, `09:00:06+08:00`, `01:00:06+00:00`, 1),
		"no time":        strings.Replace(s, `2026-11-21T`, ``, 1),
		"version 0":      strings.Replace(s, `"v":1`, `"v":0`, 1),
		"invalid UTF-8":  strings.Replace(s, `一`, "\xff", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == s {
				t.Fatal("the case changes nothing")
			}
			_, err := review.DecodeEvent([]byte(bad))
			reviewtest.WantCode(t, err, review.CodeEventForm)
		})
	}
	_, err := review.DecodeEvent([]byte(strings.Replace(s, `"v":1`, `"v":2`, 1)))
	reviewtest.WantCode(t, err, review.CodeEventNewer)
	wantItem(t, err, "2")
	_, err = review.DecodeEvent([]byte(strings.Replace(s, `minutes.recorded`, `minutes.sung`, 1)))
	reviewtest.WantCode(t, err, review.CodeEventNewer)
	wantItem(t, err, "minutes.sung")
	if got := review.ActorOf(b); got != secretary {
		t.Errorf("actor %q", got)
	}
	if got := review.ActorOf([]byte("x")); got != "" {
		t.Errorf("actor %q of nothing", got)
	}
}

// changes changes every byte of b in turn, in the ways that are likeliest to pass (the
// lowest bit, the letter's case) or at random. What is accepted must say something
// else than b.
func changes[T any](t *testing.T, b []byte, decode func([]byte) (T, error)) {
	t.Helper()
	want, err := decode(b)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(*seed, uint64(len(b))))
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= []byte{1, 0x20, byte(1 + r.IntN(255))}[r.IntN(3)]
		if got, err := decode(c); err == nil && reflect.DeepEqual(got, want) {
			t.Fatalf("byte %d as %q says the same:\n%s\n%s\nrepeat: go test ./review -run '^%s$' -seed %d", i, c[i], b, c, t.Name(), *seed)
		}
	}
}

// TestEventBytes holds for every kind that no two writings say the same.
func TestEventBytes(t *testing.T) {
	for _, e := range events(t) {
		changes(t, encode(t, e), review.DecodeEvent)
	}
}

// FuzzDecodeEvent holds that whatever is accepted has exactly one form.
func FuzzDecodeEvent(f *testing.F) {
	for _, e := range events(f) {
		f.Add(encode(f, e))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := review.DecodeEvent(b)
		if err != nil {
			return
		}
		if again := encode(t, e); !bytes.Equal(again, b) {
			t.Errorf("%q decodes and encodes to %q", b, again)
		}
	})
}

// TestReceipt holds that a receipt tells digests apart and is nothing of what is none.
func TestReceipt(t *testing.T) {
	if got, want := review.DigestOf(nil).Receipt(), "WERC8-GMRZG"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, d := range []review.Digest{"", "x", "abcd", review.DigestOf(nil) + "00"} {
		if got := d.Receipt(); got != "" {
			t.Errorf("%q has the receipt %s", d, got)
		}
	}
}
