package review

import (
	"math/big"
	"slices"
	"time"
)

// KindSchemeSet is the secretary setting the scheme of a project for this meeting.
const KindSchemeSet Kind = "scheme.set"

// SchemeSet makes a scheme of one's own of a project's scheme, before anybody marks: what no
// regulation gives (系统默认) is set as the organiser wants it. The words of the regulation,
// its items, gates, rules and conclusions stay as they are. A later one takes the place of
// it; settings without anything in them put the scheme back as it came.
type SchemeSet struct {
	Project  ProjectID `json:"project"`
	Settings Settings  `json:"settings"`
	Reason   string    `json:"reason"` // why, or whose decision: 1 to MaxReason characters
}

// Kind is KindSchemeSet.
func (SchemeSet) Kind() Kind { return KindSchemeSet }

// Settings are what may be set of a scheme. What is empty stays as it is.
type Settings struct {
	Unscored bool    `json:"unscored,omitempty"` // 不评分，只形成意见: no item is scored, nothing is suggested by a total
	Items    []Weigh `json:"items,omitempty"`    // of scored items, in the scheme's order, none twice
	Method   Method  `json:"method,omitempty"`
	Least    int     `json:"least,omitempty"`  // with MethodTrimmed: least number of experts
	Bounds   []Bound `json:"bounds,omitempty"` // all of those that the scheme's mode has, see Scheme.BoundsOf
}

// Weigh is what is set of one scored item. What is "" stays as it is.
type Weigh struct {
	Item   string `json:"item"`
	Weight string `json:"weight,omitempty"` // of ModeWeighted; of all items they sum to 100
	Full   string `json:"full,omitempty"`   // 满分
	Step   string `json:"step,omitempty"`   // "0.5" or "1"
}

// Bound is the total from which on a conclusion is suggested.
type Bound struct {
	Outcome string `json:"outcome"`
	From    string `json:"from"` // two decimals, above 0 and at most 100.00
}

// Empty tells whether nothing is set.
func (s Settings) Empty() bool {
	return !s.Unscored && len(s.Items) == 0 && s.Method == "" && s.Least == 0 && len(s.Bounds) == 0
}

// The conclusions that a total can suggest, from the best and without the worst: those of a
// review, and the bands of a performance evaluation. From which totals on is the common
// pack's business.
var (
	verdicts = []string{"passed", "passed_after_revision"}
	bands    = []string{"you", "liang", "zhong"}
)

// worst is the band below all others.
const worst = "cha"

// Banded tells whether the scheme concludes in bands.
func (c Scheme) Banded() bool {
	return slices.ContainsFunc(c.Outcomes, func(o Outcome) bool { return o.ID == worst || slices.Contains(bands, o.ID) })
}

// Suggested gives those of the scheme's conclusions that a total can suggest, from the best
// and without the worst; none where no total is counted.
func (c Scheme) Suggested() []string {
	if c.Mode != ModeWeighted {
		return nil
	}
	known := verdicts
	if c.Banded() {
		known = bands
	}
	return slices.DeleteFunc(slices.Clone(known), func(id string) bool { _, ok := c.Outcome(id); return !ok })
}

// With gives the scheme as the settings make it. c is one that has no settings yet.
// Codes: CodeSchemeForm (Item: where: an item's or a conclusion's id, or what of the
// settings: unscored, least, bounds), CodeSchemeWeights (Item: what the weights make).
func (c Scheme) With(s Settings) (Scheme, error) {
	const op = "review.Scheme.With"
	bad := func(where string) (Scheme, error) { return Scheme{}, E(CodeSchemeForm, op, where, nil) }
	if s.Empty() {
		return c, nil
	}
	own := s
	c.Own, c.Items = &own, slices.Clone(c.Items)
	if s.Unscored {
		scored := slices.ContainsFunc(c.Items, func(it Item) bool { return it.Kind == ItemScore })
		if len(s.Items) > 0 || s.Method != "" || s.Least != 0 || len(s.Bounds) > 0 || !scored {
			return bad("unscored")
		}
		c.Method, c.Least = "", 0
		c.Items = slices.DeleteFunc(c.Items, func(it Item) bool { return it.Kind == ItemScore })
		if c.Mode == ModeWeighted { // gates and yes/no items keep their effect: CM-09
			c.Mode = ""
			if len(c.Items) > 0 && !c.Banded() {
				c.Mode = ModeCompliance
			}
		}
		return c, c.Check()
	}
	next := 0 // items are named in the scheme's order
	for _, w := range s.Items {
		i := slices.IndexFunc(c.Items[next:], func(it Item) bool { return it.ID == w.Item && it.Kind == ItemScore })
		if i < 0 || w == (Weigh{Item: w.Item}) {
			return bad(w.Item)
		}
		it := &c.Items[next+i]
		next += i + 1
		set := func(to *string, value string) {
			if value != "" {
				*to = value
			}
		}
		set(&it.Weight, w.Weight)
		set(&it.Full, w.Full)
		set(&it.Step, w.Step)
		if !it.even() {
			return bad(w.Item)
		}
	}
	if s.Method != "" {
		c.Method, c.Least = s.Method, s.Least
	}
	if s.Least != 0 && (s.Method != MethodTrimmed || s.Least < minLeast || s.Least > maxLeast) {
		return bad("least")
	}
	if len(s.Bounds) > 0 && !c.bounded(s.Bounds) {
		return bad("bounds")
	}
	return c, c.Check()
}

// How many experts trimming may ask for: one must be left, and so many never meet.
const (
	minLeast = 3
	maxLeast = 50
)

// even tells whether 满分 is a number of whole steps, so that it can be given. What is no
// number is for Check to say.
func (it Item) even() bool {
	full, ok := decimalOf(it.Full)
	step, ok2 := decimalOf(it.Step)
	return !ok || !ok2 || step.Sign() <= 0 || full.Quo(full, step).IsInt()
}

// bounded tells whether bounds are of the conclusions that a total can suggest, each below the
// one before.
func (c Scheme) bounded(bounds []Bound) bool {
	known := c.Suggested()
	if len(bounds) != len(known) {
		return false
	}
	last := big.NewRat(100, 1)
	for i, b := range bounds {
		r, ok := decimalOf(b.From)
		if !ok || b.Outcome != known[i] || r.Sign() <= 0 || i > 0 && r.Cmp(last) >= 0 || r.Cmp(last) > 0 || r.FloatString(2) != b.From {
			return false
		}
		last = r
	}
	return true
}

// setScheme sets the project's scheme anew, from the scheme as it came.
func (a *act) setScheme(b SchemeSet) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	p := a.project
	scheme, err := p.Came().With(b.Settings)
	if err != nil {
		return err
	}
	if scheme.Digest() == p.SchemeDigest {
		return E(CodeSchemeForm, "review.act.setScheme", "same", nil)
	}
	p.Settings = append(p.Settings, SchemeSetting{SchemeSet: b, Before: p.Scheme, At: a.Event.At, By: a.Actor})
	p.Scheme, p.SchemeDigest = scheme, scheme.Digest()
	return nil
}

// SchemeSetting is one time that a project's scheme was set.
type SchemeSetting struct {
	SchemeSet
	Before Scheme
	At     time.Time
	By     SeatID
}

// Came gives the project's scheme as it came in, whatever was set of it since.
func (p *Project) Came() Scheme {
	if len(p.Settings) > 0 {
		return p.Settings[0].Before
	}
	return p.Scheme
}

// Set gives all that may be set of the scheme, as it stands; bounds are from which totals on
// its conclusions are suggested now, see regulation.Library.Bounds.
func (c Scheme) Set(bounds []Bound) Settings {
	s := Settings{Unscored: c.Own != nil && c.Own.Unscored, Method: c.Method, Least: c.Least, Bounds: bounds}
	if c.Mode == ModeWeighted && s.Method == "" {
		s.Method = MethodMean
	}
	for _, it := range c.Items {
		if it.Kind == ItemScore {
			s.Items = append(s.Items, Weigh{it.ID, it.Weight, it.Full, it.Step})
		}
	}
	return s
}

// Apart gives of settings what differs from the scheme as it came, bounds among it.
func (s Settings) Apart(came Scheme, bounds []Bound) Settings {
	was := came.Set(bounds)
	out := Settings{Unscored: s.Unscored}
	if s.Method == was.Method && s.Least == 0 { // not said anew
		s.Least = was.Least
	}
	s.Bounds = slices.Clone(s.Bounds)
	for i, b := range s.Bounds { // 85 and 85.5 are what people write
		if r, ok := decimalOf(b.From); ok {
			s.Bounds[i].From = r.FloatString(2)
		}
	}
	for _, w := range s.Items {
		i := slices.IndexFunc(was.Items, func(o Weigh) bool { return o.Item == w.Item })
		if i >= 0 {
			for _, x := range []struct {
				to  *string
				was string
			}{{&w.Weight, was.Items[i].Weight}, {&w.Full, was.Items[i].Full}, {&w.Step, was.Items[i].Step}} {
				if *x.to == x.was {
					*x.to = ""
				}
			}
			if w == (Weigh{Item: w.Item}) {
				continue
			}
		}
		out.Items = append(out.Items, w)
	}
	if s.Method != was.Method || s.Least != was.Least {
		out.Method, out.Least = s.Method, s.Least
	}
	if !slices.Equal(s.Bounds, was.Bounds) {
		out.Bounds = s.Bounds
	}
	return out
}
