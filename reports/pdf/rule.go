package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"sync"

	"heyi/review"
)

// rule tells whether a value may stand where it stands. The error says why not.
type rule = func(c *conformer, v any) error

// entries is what stands under the keys of a dictionary.
type entries map[name]rule

// is wants one value.
func is(want any) rule {
	bytesOf := func(v any) []byte { return appendValue(nil, v) }
	wanted := bytesOf(want)
	return func(_ *conformer, v any) error {
		if !bytes.Equal(bytesOf(v), wanted) {
			return fmt.Errorf("not %.40q", wanted)
		}
		return nil
	}
}

// anything wants nothing.
func anything(*conformer, any) error { return nil }

// all wants what each rule wants, tried in order.
func all(rules ...rule) rule {
	return func(c *conformer, v any) error {
		for _, r := range rules {
			if err := r(c, v); err != nil {
				return err
			}
		}
		return nil
	}
}

// number wants a number from lo to hi.
func number(lo, hi float64) rule {
	return func(_ *conformer, v any) error {
		x, ok := float(v)
		if !ok {
			return errors.New("no number")
		}
		if x < lo || x > hi {
			return fmt.Errorf("%v is not from %v to %v", x, lo, hi)
		}
		return nil
	}
}

// integer wants a whole number from lo to hi.
func integer(lo, hi int) rule {
	return func(_ *conformer, v any) error {
		if n, ok := v.(int); !ok || n < lo || n > hi {
			return fmt.Errorf("no whole number from %d to %d", lo, hi)
		}
		return nil
	}
}

// match wants a name or string of a form.
func match[T name | text](form *regexp.Regexp) rule {
	return func(_ *conformer, v any) error {
		if s, ok := v.(T); !ok || !form.MatchString(string(s)) {
			return fmt.Errorf("not of the form %v", form)
		}
		return nil
	}
}

// line wants a line for people of at most max characters, as textString gives it.
func line(max int) rule {
	return func(c *conformer, v any) error {
		t, _ := v.(text)
		if err := review.CheckLine("", t.people(), max); err != nil {
			return err
		}
		return is(textString(t.people()))(c, v)
	}
}

// date wants what dateString gives.
func date(_ *conformer, v any) error {
	if t, _ := v.(text); t != "" {
		if _, ok := t.date(); ok {
			return nil
		}
	}
	return errors.New("no date")
}

// tuple wants an array of one value for each rule.
func tuple(rules ...rule) rule {
	return func(c *conformer, v any) error {
		a, _ := v.(array)
		if len(a) != len(rules) {
			return fmt.Errorf("%d values, not %d", len(a), len(rules))
		}
		for i, r := range rules {
			if err := r(c, a[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// list wants an array of lo to hi values, each as of says.
func list(lo, hi int, of rule) rule {
	return func(c *conformer, v any) error {
		a, ok := v.(array)
		if !ok || len(a) < lo || len(a) > hi {
			return fmt.Errorf("%d values, not %d to %d", len(a), lo, hi)
		}
		for _, e := range a {
			if err := of(c, e); err != nil {
				return err
			}
		}
		return nil
	}
}

// each wants a dictionary of any keys whose values are as of says.
func each(of rule) rule {
	return func(c *conformer, v any) error {
		d, ok := v.(dict)
		if !ok {
			return errors.New("no dictionary")
		}
		for _, k := range slices.Sorted(maps.Keys(d)) {
			if err := of(c, d[k]); err != nil {
				return fmt.Errorf("%q: %w", k, err)
			}
		}
		return nil
	}
}

// record wants a dictionary that has the entries must, may have the entries may,
// and has no others. They are visited in the order of their keys.
func record(must, may entries) rule {
	return func(c *conformer, v any) error {
		d, ok := v.(dict)
		if !ok {
			return errors.New("no dictionary")
		}
		for _, k := range slices.Sorted(maps.Keys(must)) {
			if _, ok := d[k]; !ok {
				return fmt.Errorf("no /%s", k)
			}
		}
		for _, k := range slices.Sorted(maps.Keys(d)) {
			r := must[k]
			if r == nil {
				r = may[k]
			}
			if r == nil {
				return fmt.Errorf("%q has no place here", k)
			}
			if err := r(c, d[k]); err != nil {
				return fmt.Errorf("%q: %w", k, err)
			}
		}
		return nil
	}
}

// owned wants a reference to an object of a kind that nothing referred to before.
func owned(kind string) rule {
	return func(c *conformer, v any) error {
		n, _ := v.(ref)
		if old := c.kinds[n]; old != "" {
			return fmt.Errorf("%s %d is %s elsewhere", kind, n, old)
		}
		return shared(kind)(c, v)
	}
}

// shared wants a reference to an object of a kind, to which others may refer.
func shared(kind string) rule {
	return func(c *conformer, v any) error {
		n, _ := v.(ref)
		if c.kinds[n] != "" || c.file.base(n) == nil {
			return back(kind)(c, v)
		}
		c.kinds[n] = kind
		if err := c.grammar[kind](c, c.file.base(n)); err != nil {
			return fmt.Errorf("%s %d: %w", kind, n, err)
		}
		return nil
	}
}

// back wants a reference to an object that was found to be of a kind.
func back(kind string) rule {
	return func(c *conformer, v any) error {
		if n, _ := v.(ref); c.kinds[n] != kind {
			return fmt.Errorf("no %s", kind)
		}
		return nil
	}
}

// check judges the data of a stream.
type check = func(c *conformer, s stream) error

// holds wants data.
func holds(data []byte) check {
	return func(_ *conformer, s stream) error {
		if !bytes.Equal(s.data, data) {
			return errors.New("other data")
		}
		return nil
	}
}

// plain wants a stream without a filter: the entries must and nothing else, and
// data that pass a check.
func plain(must entries, data check) rule {
	must = maps.Clone(must)
	must["Length"] = anything // parseFile found it right
	return func(c *conformer, v any) error {
		s, ok := v.(stream)
		if !ok {
			return errors.New("no stream")
		}
		if err := record(must, nil)(c, s.dict); err != nil {
			return err
		}
		return data(c, s)
	}
}

// flate is like plain, of a Flate stream; the check gets the data inflated.
func flate(must entries, data check) rule {
	all := entries{"Filter": is(name("FlateDecode"))}
	maps.Copy(all, must)
	return plain(all, func(c *conformer, s stream) error {
		inflated, err := c.inflate(s.data)
		if err != nil {
			return err
		}
		return data(c, stream{s.dict, inflated})
	})
}

// maxInflated bounds what the streams of a file hold in all, in bytes.
const maxInflated = 64 << 20

// inflater inflates one stream after the other.
type inflater struct {
	zlib io.ReadCloser
	data bytes.Buffer // of the stream inflated last
}

// inflaters are kept for other files: to set one up takes longer than most streams do.
var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// maxKept is what an inflater that is kept may hold, in bytes.
const maxKept = 1 << 20

// inflate gives what is compressed in data, which nothing may follow. It holds
// until the next call, or release.
func (c *conformer) inflate(data []byte) ([]byte, error) {
	if c.inflater == nil {
		c.inflater = inflaters.Get().(*inflater)
	}
	f, in := c.inflater, bytes.NewReader(data)
	var err error
	if f.zlib == nil {
		f.zlib, err = zlib.NewReader(in)
	} else {
		err = f.zlib.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return nil, err
	}
	f.data.Reset()
	n, err := f.data.ReadFrom(io.LimitReader(f.zlib, int64(maxInflated-c.inflated)+1))
	if err != nil {
		return nil, err
	}
	if c.inflated += int(n); c.inflated > maxInflated || in.Len() > 0 {
		return nil, errors.New("more data than there should be")
	}
	return f.data.Bytes(), nil
}

// release gives back what inflate needed.
func (c *conformer) release() {
	if c.inflater != nil && c.inflater.data.Cap() <= maxKept {
		inflaters.Put(c.inflater)
	}
	c.inflater = nil
}
