// Package words is the only place where the program's sentences for people are
// made: the catalogue, the sentence of an error code, dates.
package words

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"strconv"
	"strings"
	"text/template"
	"time"

	"heyi/review"
)

// Catalogue holds the sentences of one language. It is read-only after Load and
// safe for use by several goroutines.
type Catalogue struct {
	texts map[string]*template.Template
}

// Load reads catalogues, each one JSON object of key → text/template; a later
// one replaces sentences of those before it. Every template is parsed, so a
// mistake shows at start and not in a meeting.
func Load(fsys fs.FS, names ...string) (*Catalogue, error) {
	c := &Catalogue{texts: map[string]*template.Template{}}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("words.Load: %w", err)
		}
		var raw map[string]string
		if err := json.Unmarshal(b, &raw); err != nil {
			return nil, fmt.Errorf("words.Load: %s: %w", name, err)
		}
		for k, v := range raw {
			t, err := template.New(k).Option("missingkey=error").Parse(v)
			if err != nil {
				return nil, fmt.Errorf("words.Load: %s: %w", name, err)
			}
			c.texts[k] = t
		}
	}
	return c, nil
}

// T gives the sentence of a key. data fills the sentence and may be nil; text
// from people is only ever data, never a key. An unknown key is a mistake in the
// program and panics. Strings in a map are made legible: they may come from a file
// that somebody made to deceive.
func (c *Catalogue) T(key string, data any) string {
	if m, ok := data.(map[string]string); ok {
		legible := make(map[string]string, len(m))
		for k, v := range m {
			legible[k] = review.Legible(v)
		}
		data = legible
	}
	t, ok := c.texts[key]
	if !ok {
		panic("words: no text for key " + key)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic("words: " + err.Error())
	}
	return b.String()
}

// Has tells whether the catalogue has the key.
func (c *Catalogue) Has(key string) bool { return c.texts[key] != nil }

// Explain makes the sentence that people read of an error: what happened, what
// is untouched, what to do. The code follows small, in brackets.
func (c *Catalogue) Explain(err error) string {
	return c.Sentence(review.CodeOf(err), review.ItemOf(err))
}

// Sentence is Explain for a finding's code and item.
func (c *Catalogue) Sentence(code review.Code, item string) string {
	item = review.Legible(item)
	s := c.T("error."+string(code), struct{ Item, Field string }{item, c.field(code, item)})
	return s + "（" + string(code) + "）"
}

// itemsOf says under which keys the items of a code have names; of all others it is
// "field.".
var itemsOf = map[review.Code]string{
	review.CodeActPhase: "phase.", review.CodeActStage: "stage.", review.CodeHidden: "why.", review.CodeStatementForm: "statement.",
	review.CodeXLSXLarge: "limit.",
}

// field gives the name of an item that is one of our own words.
func (c *Catalogue) field(code review.Code, item string) string {
	key := "field." + item
	if of, ok := itemsOf[code]; ok {
		key = of + item
	}
	if !c.Has(key) {
		return item
	}
	return c.T(key, nil)
}

// Date writes a date as papers and screens show it: 2026年11月21日.
func Date(t time.Time) string { return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day()) }

// DateTime writes a date with the time of day: 2026年11月21日 15:04.
func DateTime(t time.Time) string { return Date(t) + " " + t.Format("15:04") }

// Fingerprint writes the digest of a certificate for comparing with paper: ten groups of
// four decimal digits, as papers and issuers print it.
func Fingerprint(d review.Digest) string { return groups(d.Decimal(), 10) }

// ShortDigest writes enough of a digest to tell things apart: 64 bits.
func ShortDigest(d review.Digest) string { return groups(strings.ToUpper(string(d)), 4) }

func groups(s string, n int) string {
	var out []string
	for ; len(out) < n && len(s) >= 4; s = s[4:] {
		out = append(out, s[:4])
	}
	return strings.Join(out, " ")
}

// Size writes a number of bytes: 512 B, 328 KB, 1.4 MB.
func Size(n int64) string {
	const k = 1024
	switch {
	case n < k:
		return strconv.FormatInt(n, 10) + " B"
	case n < k*k:
		return new(big.Rat).SetFrac64(n, k).FloatString(0) + " KB"
	}
	return new(big.Rat).SetFrac64(n, k*k).FloatString(1) + " MB"
}
