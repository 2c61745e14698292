package review_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// row gives a line of n points.
func row(n int) []review.Point { return make([]review.Point, n) }

func TestStrokesCheck(t *testing.T) {
	lines := func(n int) [][]review.Point { return slices.Repeat([][]review.Point{row(1)}, n) }
	for _, c := range []struct {
		name string
		s    review.Strokes
		good bool
	}{
		{"a point", review.Strokes{Width: 1, Height: 1, Lines: lines(1)}, true},
		{"the corners", review.Strokes{Width: 7, Height: 5, Lines: [][]review.Point{{{X: 0, Y: 0}, {X: 7, Y: 5}}}}, true},
		{"the largest pad", review.Strokes{Width: review.MaxPad, Height: review.MaxPad, Lines: lines(1)}, true},
		{"the most lines", review.Strokes{Width: 1, Height: 1, Lines: lines(review.MaxLines)}, true},
		{"the most points", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{row(review.MaxPoints - 1), row(1)}}, true},
		{"nothing", review.Strokes{}, false},
		{"no line", review.Strokes{Width: 1, Height: 1}, false},
		{"a line of no point", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{row(1), {}}}, false},
		{"no width", review.Strokes{Height: 1, Lines: lines(1)}, false},
		{"a negative height", review.Strokes{Width: 1, Height: -1, Lines: lines(1)}, false},
		{"a wider pad", review.Strokes{Width: review.MaxPad + 1, Height: 1, Lines: lines(1)}, false},
		{"a higher pad", review.Strokes{Width: 1, Height: review.MaxPad + 1, Lines: lines(1)}, false},
		{"one line more", review.Strokes{Width: 1, Height: 1, Lines: lines(review.MaxLines + 1)}, false},
		{"one point more", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{row(review.MaxPoints), row(1)}}, false},
		{"left of the pad", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: -1, Y: 0}}}}, false},
		{"right of it", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: 2, Y: 0}}}}, false},
		{"above it", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: 0, Y: -1}}}}, false},
		{"below it", review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: 0, Y: 2}}}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.good {
				if err := c.s.Check(); err != nil {
					t.Fatal(err)
				}
				return
			}
			reviewtest.WantCode(t, c.s.Check(), review.CodeStrokes)
		})
	}
}

func TestReadStrokes(t *testing.T) {
	want := review.Strokes{Width: 300, Height: 100, Lines: [][]review.Point{{{X: 1, Y: 2}, {X: 3, Y: 4}}, {{X: 5, Y: 6}}}}
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	spaced, err := json.MarshalIndent(want, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{written, append(spaced, '\n')} {
		got, err := review.ReadStrokes(file)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", file, got, err)
		}
	}
	const good = `{"width":9,"height":9,"lines":[[{"x":1,"y":2}]]}`
	if _, err := review.ReadStrokes([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"nothing":               "",
		"null":                  "null",
		"a list":                "[]",
		"cut":                   good[:len(good)-1],
		"more behind":           good + "{}",
		"a member of no name":   strings.Replace(good, "{", `{"pen":1,`, 1),
		"a member twice":        strings.Replace(good, "{", `{"width":8,`, 1),
		"another case":          strings.Replace(good, "width", "Width", 1),
		"another order":         `{"height":9,"width":9,"lines":[[{"x":1,"y":2}]]}`,
		"an escaped name":       strings.Replace(good, "width", `\u0077idth`, 1),
		"no height":             strings.Replace(good, `"height":9,`, "", 1),
		"no y":                  strings.Replace(good, `,"y":2`, "", 1),
		"lines that are null":   strings.Replace(good, `[[{"x":1,"y":2}]]`, "null", 1),
		"a fraction":            strings.Replace(good, "1", "1.0", 1),
		"an exponent":           strings.Replace(good, "1", "1e0", 1),
		"minus nothing":         strings.Replace(good, "1", "-0", 1),
		"a number as text":      strings.Replace(good, "1", `"1"`, 1),
		"a number beyond all":   strings.Replace(good, "1", "99999999999999999999", 1),
		"a point beside":        strings.Replace(good, "1", "10", 1),
		"a byte order mark":     "\uFEFF" + good,
		"brackets in brackets":  strings.Repeat("[", review.MaxStrokesFile),
		"more than a file has":  good + strings.Repeat(" ", review.MaxStrokesFile),
		"more points than many": `{"width":9,"height":9,"lines":[[` + strings.Repeat(`{"x":1,"y":2},`, review.MaxPoints) + `{"x":1,"y":2}]]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := review.ReadStrokes([]byte(file))
			reviewtest.WantCode(t, err, review.CodeStrokes)
			if !reflect.DeepEqual(s, review.Strokes{}) {
				t.Errorf("%+v", s)
			}
		})
	}
}
