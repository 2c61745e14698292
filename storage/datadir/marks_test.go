package datadir

import (
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

const marked review.MeetingID = "abcdefghijklmnopqrstuvwxyz"

func TestMarks(t *testing.T) {
	home := t.TempDir()
	m, err := newMarks("linux", func(name string) string { return map[string]string{"HOME": home}[name] })
	if err != nil {
		t.Fatal(err)
	}
	if mark, err := m.Mark(marked); mark != "" || err != nil {
		t.Errorf("before the first: %q, %v", mark, err)
	}
	if got := reviewtest.Tree(t, home); got != "." {
		t.Errorf("looking made %q", got)
	}
	for _, c := range []string{"v1 1 aa", "v1 2 bb"} {
		if err := m.SetMark(marked, c); err != nil {
			t.Fatal(err)
		}
		if mark, err := m.Mark(marked); mark != c || err != nil {
			t.Errorf("%q, %v; want %q", mark, err, c)
		}
	}
	reviewtest.WantCode(t, m.SetMark("../x", "v1 1 aa"), review.CodeDirFailed)
	if mark, err := m.Mark("../x"); mark != "" || err != nil {
		t.Errorf("a mark of no meeting: %q, %v", mark, err)
	}
	if err := os.Remove(m.path(marked)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(m.path(marked), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = m.Mark(marked)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	if err := os.Remove(m.path(marked)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path(marked), make([]byte, maxSeen+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = m.Mark(marked)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
}

func TestMarksPlace(t *testing.T) {
	cases := []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", map[string]string{"HOME": "/h"}, "/h/.local/state/heyi/seen"},
		{"linux", map[string]string{"HOME": "/h", "XDG_STATE_HOME": "/s"}, "/s/heyi/seen"},
		{"linux", map[string]string{"HOME": "/h", "XDG_STATE_HOME": "s"}, "/h/.local/state/heyi/seen"},
		{"darwin", map[string]string{"HOME": "/h"}, "/h/Library/Application Support/heyi-seen"},
		{"windows", map[string]string{"LOCALAPPDATA": "/l"}, "/l/heyi-seen"},
		{"linux", nil, ""},
		{"windows", nil, ""},
	}
	for _, c := range cases {
		m, err := newMarks(c.system, func(name string) string { return c.env[name] })
		if c.want == "" {
			reviewtest.WantCode(t, err, review.CodeDirFailed)
		} else if err != nil || filepath.ToSlash(m.dir) != c.want {
			t.Errorf("%s %v: %v, %v", c.system, c.env, m, err)
		}
	}
}
