package words_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
)

func load(t *testing.T, names ...string) *words.Catalogue {
	t.Helper()
	c, err := words.Load(assets.Words, names...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestExplain holds that every code makes a sentence that carries the item and
// the code, whatever the item says.
func TestExplain(t *testing.T) {
	c := load(t, "words/zh.json")
	for _, code := range review.Codes {
		s := c.Explain(review.E(code, "op", "{{.Item}}<b>&", errors.New("cause")))
		if !strings.HasSuffix(s, "（"+string(code)+"）") || strings.Contains(s, "cause") || strings.Contains(s, "<no value>") {
			t.Errorf("%s: %s", code, s)
		}
	}
	if got := c.Explain(errors.New("boom")); !strings.HasSuffix(got, "（internal）") || strings.Contains(got, "boom") {
		t.Errorf("an unknown error reads %s", got)
	}
	for _, x := range []struct {
		code       review.Code
		item, want string
	}{
		{review.CodeTextEmpty, "title", "会议名称还没有填写。（text.empty）"},
		{review.CodeActPhase, string(review.PhaseFiling), "“归档”"},
		{review.CodeActStage, string(review.StageOpening), "“开封”"},
		{review.CodeStatementForm, string(review.StatementVote), "（表决）"},
		{review.CodeHidden, string(review.WhySealed), "：内容密封，还没有开封。"},
	} {
		if got := c.Sentence(x.code, x.item); !strings.Contains(got, x.want) {
			t.Errorf("%s does not say %s", got, x.want)
		}
	}
}

// TestEnglish holds that English lies over Chinese, sentence by sentence.
func TestEnglish(t *testing.T) {
	zh, en := load(t, "words/zh.json"), load(t, "words/zh.json", "words/en.json")
	if zh.T("check.yes", nil) == en.T("check.yes", nil) {
		t.Error("the English sentence does not show")
	}
	if zh.T("place.minutes", nil) != en.T("place.minutes", nil) {
		t.Error("a sentence without English is not Chinese")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":     `{`,
		"bad template": `{"a": "{{.X"}`,
		"not text":     `{"a": 1}`,
	} {
		if _, err := words.Load(fstest.MapFS{"zh.json": {Data: []byte(text)}}, "zh.json"); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
	if _, err := words.Load(fstest.MapFS{}, "zh.json"); err == nil {
		t.Error("a missing catalogue: loaded")
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 1, 9, 5, 0, 0, time.UTC)
	if got := words.DateTime(at); got != "2026年11月1日 09:05" {
		t.Error(got)
	}
	if got := words.Fingerprint(review.DigestOf(nil)); got != "9799 9006 4819 8034 9933 7939 7001 1156 6508 6549" {
		t.Error(got)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1 KB", 335872: "328 KB", 1 << 20: "1.0 MB", 1_468_006: "1.4 MB"} {
		if got := words.Size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
