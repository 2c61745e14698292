package paper

import "heyi/review/regulation"

// Lack is one thing that a paper leaves open and that whoever files it would want. It
// hinders nothing.
type Lack struct {
	Key  string // of the sentence lack.KEY, which takes the item
	Item string // a name, a title, a number; may be empty
}

// Missing tells what a paper leaves open, in the order in which it stands on it.
func Missing(p Paper) []Lack {
	var m missing
	switch x := p.(type) {
	case *Minutes:
		m.when(len(x.Paragraphs) == 0, "minutes", "")
	case *Individual:
		m.head(&x.Head)
		m.person(x.Expert)
		m.when(x.Declared == "", "declaration", x.Expert.Name)
		m.when(len(x.Opinion) == 0, "opinion", "")
		m.when(x.Outcome == "", "proposal", "")
	case *Tally:
		m.head(&x.Head)
		m.when(len(x.Rounds) == 0, "round", "")
		m.signers(x.Signers)
	case *Opinion:
		m.head(&x.Head)
		m.opinion(x)
		m.signers(x.Signers)
	case *Dissent:
		m.head(&x.Head)
		m.person(x.Person)
	case *PanelList:
		m.head(&x.Head)
		m.signers(x.Signers)
	case *Fulfilment:
		m.head(&x.Head)
		m.when(len(x.Terms) == 0, "terms", "")
		for _, t := range x.Terms {
			m.when(t.Evidence == "", "evidence", t.Requirement)
		}
		m.signers(x.Signers)
	case *Changes:
		m.head(&x.Head)
		m.changes(x)
		m.signers(x.Signers)
	}
	return m.list
}

// missing gathers what is not there.
type missing struct{ list []Lack }

func (m *missing) when(is bool, key, item string) {
	if is {
		m.list = append(m.list, Lack{key, item})
	}
}

// head looks at what every paper of a project begins with.
func (m *missing) head(h *Head) {
	m.when(h.Code == "", "code", "")
	m.when(h.Owner == "", "owner", "")
	m.when(h.Convener == "", "convener", "")
	m.when(h.Held == "", "held", "")
	m.when(h.Place == "", "place", "")
	m.when(h.Basis == "", "basis", "")
}

func (m *missing) person(p Person) {
	m.when(p.Unit == "", "unit", p.Name)
	m.when(p.Title == "", "title", p.Name)
}

func (m *missing) signers(list []Signer) {
	m.when(len(list) == 0, "signers", "")
	for _, s := range list {
		m.person(s.Person)
	}
}

func (m *missing) opinion(x *Opinion) {
	m.when(x.Panel.Chair == "", "chair", "")
	for _, s := range x.Sections {
		empty := len(s.Paragraphs) == 0
		m.when(empty && s.Shows == "", "section", s.Title)
		m.when(empty && s.Shows == ShowsProfile && len(x.Profile) == 0, "section", s.Title)
		m.when(empty && s.Shows == ShowsMaterials && len(x.Materials) == 0, "section", s.Title)
	}
	for _, t := range x.Materials {
		m.when(t.State == dueNames[regulation.DueYes], "material", t.Title)
		m.when(t.State == dueNames[regulation.DueUnsure], "unsure", t.Title)
	}
	for _, k := range x.Checks {
		m.when(k.Result == resultOpen, "check", k.Title)
	}
	m.when(x.Result.Outcome == "", "conclusion", "")
	m.when(!x.Result.Detailed && x.Result.Own == "", "detailed", "")
	m.when(x.Result.Own != "", "own", x.Result.Own)
	if x.Result.Outcome != "" {
		for _, name := range x.Result.Unheard {
			m.when(true, "position", name)
		}
	}
}

func (m *missing) changes(x *Changes) {
	m.when(len(x.Changes) == 0, "changes", "")
	for _, c := range x.Changes {
		m.when(c.Content == "", "content", c.Number)
		m.when(c.Approval == "", "approval", c.Number)
		m.when(!c.Reported, "reported", c.Number)
	}
}
