package review_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

const meetingID = "abcdefghijklmnopqrstuvwxyz"

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("", 8*3600))

func event(i int64, b review.Body) review.Event {
	return review.Event{Version: 1, Meeting: meetingID, Index: i, At: noon.Add(time.Duration(i) * time.Second), Actor: review.FirstSeat, Body: b}
}

// legal is a meeting's events in an order that the state allows.
func legal() []review.Event {
	return []review.Event{
		event(0, review.MeetingCreated{Title: "评审会", Secretary: "龚䶮", Keys: review.PublicKeys{Sign: []byte{1}, Seal: "age1"}, KeyFile: "k"}),
		event(1, review.PanelConfirmed{Authority: []byte{2}, AuthorityKey: "a", Certificates: []review.SeatCertificate{{Seat: "s01", DER: []byte{3}}}}),
		event(2, review.MinutesRecorded{Paragraphs: []string{"一", "二"}}),
		event(3, review.PaperIssued{Form: review.FormMinutes, Number: 1, Base: "b", Signed: "c"}),
		event(4, review.MinutesRecorded{Paragraphs: []string{"三"}}),
	}
}

func fold(t *testing.T, events []review.Event) *review.State {
	t.Helper()
	s := &review.State{}
	for _, e := range events {
		if err := s.Apply(e); err != nil {
			t.Fatalf("event %d: %v", e.Index, err)
		}
	}
	return s
}

func TestFold(t *testing.T) {
	s := fold(t, legal())
	if s.Title != "评审会" || s.Phase != review.PhaseRunning || s.Size != 5 {
		t.Errorf("state %+v", s)
	}
	var texts []string
	for i, p := range s.Minutes {
		if p.Number != i+1 {
			t.Errorf("paragraph %d has number %d", i, p.Number)
		}
		texts = append(texts, p.Text)
	}
	if got := strings.Join(texts, ""); got != "一二三" {
		t.Errorf("minutes %q", got)
	}
	if want := []review.Digest{"k", "a", "b", "c"}; !reflect.DeepEqual(s.Blobs(), want) {
		t.Errorf("blobs %v, want %v", s.Blobs(), want)
	}
	if got := s.Papers[0].NumberName(); got != "minutes-01" {
		t.Errorf("paper is named %q", got)
	}
}

// TestIllegal holds that an event which the state does not allow is refused and
// leaves the state untouched.
func TestIllegal(t *testing.T) {
	keys := review.PublicKeys{Sign: []byte{1}, Seal: "age1"}
	cases := []struct {
		name  string
		after int // events of legal applied before
		e     review.Event
		code  review.Code
	}{
		{"anything before the meeting", 0, event(0, review.MinutesRecorded{Paragraphs: []string{"一"}}), review.CodeEventIllegal},
		{"created without keys", 0, event(0, review.MeetingCreated{Title: "会", Secretary: "甲"}), review.CodeEventIllegal},
		{"created without key file", 0, event(0, review.MeetingCreated{Title: "会", Secretary: "甲", Keys: keys}), review.CodeEventIllegal},
		{"created without id", 0, review.Event{Version: 1, At: noon, Actor: "s01", Body: review.MeetingCreated{Title: "会", Secretary: "甲", Keys: keys, KeyFile: "k"}}, review.CodeEventIllegal},
		{"created without title", 0, event(0, review.MeetingCreated{Title: " ", Secretary: "甲", Keys: keys, KeyFile: "k"}), review.CodeTextEmpty},
		{"created twice", 1, event(1, review.MeetingCreated{Title: "会", Secretary: "甲", Keys: keys}), review.CodeEventIllegal},
		{"index skipped", 2, event(3, review.MinutesRecorded{Paragraphs: []string{"一"}}), review.CodeEventIllegal},
		{"index repeated", 2, event(1, review.MinutesRecorded{Paragraphs: []string{"一"}}), review.CodeEventIllegal},
		{"another meeting", 2, review.Event{Version: 1, Meeting: "zbcdefghijklmnopqrstuvwxyz", Index: 2, At: noon, Actor: "s01", Body: review.MinutesRecorded{Paragraphs: []string{"一"}}}, review.CodeEventIllegal},
		{"unknown actor", 2, review.Event{Version: 1, Meeting: meetingID, Index: 2, At: noon, Actor: "s02", Body: review.MinutesRecorded{Paragraphs: []string{"一"}}}, review.CodeEventIllegal},
		{"minutes before the panel is confirmed", 1, event(1, review.MinutesRecorded{Paragraphs: []string{"一"}}), review.CodeEventIllegal},
		{"no paragraphs", 2, event(2, review.MinutesRecorded{}), review.CodeEventIllegal},
		{"second paragraph too long", 2, event(2, review.MinutesRecorded{Paragraphs: []string{"一", strings.Repeat("字", review.MaxParagraph+1)}}), review.CodeTextLong},
		{"confirmed twice", 2, event(2, review.PanelConfirmed{Authority: []byte{1}, Certificates: []review.SeatCertificate{{Seat: "s01", DER: []byte{1}}}}), review.CodeEventIllegal},
		{"authority without key", 1, event(1, review.PanelConfirmed{Authority: []byte{1}, Certificates: []review.SeatCertificate{{Seat: "s01", DER: []byte{1}}}}), review.CodeEventIllegal},
		{"certificate for nobody", 1, event(1, review.PanelConfirmed{Authority: []byte{1}, AuthorityKey: "a", Certificates: []review.SeatCertificate{{Seat: "s09", DER: []byte{1}}}}), review.CodeEventIllegal},
		{"paper out of number", 3, event(3, review.PaperIssued{Form: review.FormMinutes, Number: 2, Base: "b", Signed: "c"}), review.CodeEventIllegal},
		{"paper of no form", 3, event(3, review.PaperIssued{Form: "x", Number: 1, Base: "b", Signed: "c"}), review.CodeEventIllegal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := fold(t, legal()[:c.after])
			before := s.Clone()
			reviewtest.WantCode(t, s.Apply(c.e), c.code)
			if !reflect.DeepEqual(s, before) {
				t.Errorf("refused event changed the state\n got %+v\nwant %+v", s, before)
			}
		})
	}
	reviewtest.WantCode(t, (&review.State{}).Apply(event(0, review.MinutesRecorded{})), review.CodeEventIllegal)
}

// TestClone holds that trying events on a copy leaves the original as it was.
func TestClone(t *testing.T) {
	s := fold(t, legal()[:4])
	before := s.Clone()
	c := s.Clone()
	if err := c.Apply(legal()[4]); err != nil {
		t.Fatal(err)
	}
	c.Seats[0].Name = "别人"
	if !reflect.DeepEqual(s, before) {
		t.Error("the copy shares what it changes with the original")
	}
}

func TestEventRoundTrip(t *testing.T) {
	for _, e := range legal() {
		b, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := review.DecodeEvent(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		again, err := got.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s became %s (%v)", b, again, err)
		}
	}
}

// TestEventForm holds that no other bytes pass for an event.
func TestEventForm(t *testing.T) {
	b, err := legal()[2].Encode()
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	for name, bad := range map[string]string{
		"empty":          "",
		"white space":    " " + s,
		"newline after":  s + "\n",
		"twice":          s + s,
		"cut":            s[:len(s)-1],
		"unknown field":  strings.Replace(s, `"index"`, `"x":1,"index"`, 1),
		"double field":   strings.Replace(s, `"index":2`, `"index":2,"index":2`, 1),
		"letter case":    strings.Replace(s, `"index"`, `"Index"`, 1),
		"body field":     strings.Replace(s, `"paragraphs"`, `"x":1,"paragraphs"`, 1),
		"escaped":        strings.Replace(s, `一`, `\u4e00`, 1),
		"float":          strings.Replace(s, `"index":2`, `"index":2.0`, 1),
		"time with part": strings.Replace(s, `12:00:02`, `12:00:02.5`, 1),
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
	_, err = review.DecodeEvent([]byte(strings.Replace(s, `"v":1`, `"v":2`, 1)))
	reviewtest.WantCode(t, err, review.CodeEventNewer)
	_, err = review.DecodeEvent([]byte(strings.Replace(s, `minutes.recorded`, `minutes.sung`, 1)))
	reviewtest.WantCode(t, err, review.CodeEventNewer)
}

// FuzzDecodeEvent holds that whatever is accepted has exactly one form.
func FuzzDecodeEvent(f *testing.F) {
	for _, e := range legal() {
		b, err := e.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := review.DecodeEvent(b)
		if err != nil {
			return
		}
		again, err := e.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q decodes and encodes to %q (%v)", b, again, err)
		}
	})
}

func TestCheckLine(t *testing.T) {
	cases := []struct {
		text string
		want review.Code
	}{
		{"䶮㛃𫖮，第 3.2 节（236 万元）", ""},
		{"", review.CodeTextEmpty},
		{" 　\t", review.CodeTextEmpty},
		{strings.Repeat("字", 10), ""},
		{strings.Repeat("字", 11), review.CodeTextLong},
		{"a\x00b", review.CodeTextControl},
		{"a\nb", review.CodeTextControl},
		{"报告\u202efdp", review.CodeTextControl},
		{"a\u200bb", review.CodeTextControl},
		{"葛\ufe00", review.CodeTextControl},
		{"a\u034fb", review.CodeTextControl},
		{"a\u2028b", review.CodeTextControl},
		{"\ue000", review.CodeTextControl},
		{"a\xffb", review.CodeTextControl},
	}
	for _, c := range cases {
		limit := 10
		if c.want == "" {
			limit = 100
		}
		reviewtest.WantCode(t, review.CheckLine("x", c.text, limit), c.want)
	}
}

// TestParagraphs holds that splitting loses nothing but white space between
// paragraphs.
func TestParagraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("评审 \t\n　ab，𫖮\r")
	for range 5000 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		text := b.String()
		for _, p := range review.Paragraphs(text) {
			if p == "" || p != strings.TrimSpace(p) || strings.Contains(p, "\n") {
				t.Fatalf("%q gives paragraph %q", text, p)
			}
		}
		strip := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := strip(strings.Join(review.Paragraphs(text), "")), strip(text); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	}
}

func TestLegible(t *testing.T) {
	if got, want := review.Legible("甲\n成立\x1b[1A\u202e\xff乙"), "甲\ufffd成立\ufffd[1A\ufffd\ufffd乙"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNameRunes(t *testing.T) {
	if got, want := review.NameRunes([]rune("𡋤\ue000\x07\u202e\u2028")), "𡋤（U+212E4）、U+E000、U+0007、U+202E、U+2028"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestCodes(t *testing.T) {
	cause := errors.New("cause")
	err := review.E(review.CodeDirFull, "op", "item", cause)
	if !errors.Is(err, cause) || review.CodeOf(err) != review.CodeDirFull || review.ItemOf(err) != "item" {
		t.Errorf("%v", err)
	}
	if got, want := err.Error(), "op: datadir.full (item): cause"; got != want {
		t.Errorf("log form %q, want %q", got, want)
	}
	reviewtest.WantCode(t, cause, review.CodeInternal)
	reviewtest.WantCode(t, error(nil), "")
}
