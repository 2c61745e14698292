package present

import (
	"cmp"
	"slices"
	"strconv"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
)

// Documents is the part of a page that shows what a project has handed in: the list, and
// the document that is open.
type Documents struct {
	desk    *Desk
	session *meeting.Session
	project review.ProjectID
	changed func()
	list    []review.Document // as they stand on the screen
	absent  []regulation.MaterialState
	message Message // why there is no list
	at      int     // index of the open one; -1 for none
	listed  bool
	wish    int
	paging  *Paging
}

// newDocuments gives the documents of a project as far as the person at the machine may see
// them; changed is called when anything of it has changed.
func newDocuments(d *Desk, id review.ProjectID, changed func()) *Documents {
	p := &Documents{desk: d, session: d.session, project: id, changed: changed, at: -1, listed: true}
	p.paging = newPaging(d, changed)
	st := d.session.State()
	if sight := st.Look(d.session.Seat().ID, review.ThingMaterials, id); !sight.Allowed {
		p.message = Message{ToneError, d.words.Explain(review.E(review.CodeHidden, "present.newDocuments", string(sight.Why), nil))}
		return p
	}
	if x := st.Project(id); x != nil {
		p.list = slices.Clone(x.Documents)
	}
	var due []regulation.MaterialState
	d.jobs.Run(func() (err error) {
		due, err = p.session.Materials(id)
		return err
	}, func(err error) {
		if err != nil { // the documents can be read all the same
			d.Log(err)
			return
		}
		p.order(due)
		p.changed()
	})
	return p
}

// order puts the documents in the order in which the scheme names its materials, the others
// behind, and notes what is due and not there.
func (p *Documents) order(due []regulation.MaterialState) {
	open := p.file()
	place := map[string]int{}
	for i, m := range due {
		place[m.Code] = i + 1
		if !m.Present && m.Due == regulation.DueYes {
			p.absent = append(p.absent, m)
		}
	}
	rank := func(d review.Document) int {
		if n := place[d.Material]; n > 0 {
			return n
		}
		return len(due) + 1
	}
	slices.SortStableFunc(p.list, func(a, b review.Document) int { return cmp.Compare(rank(a), rank(b)) })
	p.at = slices.IndexFunc(p.list, func(d review.Document) bool { return d.File == open })
}

// Message says why there is no list; without text where there is one.
func (p *Documents) Message() Message { return p.message }

// Paging is what shows the open document.
func (p *Documents) Paging() *Paging { return p.paging }

// Listed tells whether the list stands there and not the open document.
func (p *Documents) Listed() bool { return p.listed || p.at < 0 }

// List shows the list, or the open document again.
func (p *Documents) List(on bool) {
	p.listed = on
	p.wish++
	p.changed()
}

// Wish grows whenever the person has turned to the list or to a document: the focus goes
// there.
func (p *Documents) Wish() int { return p.wish }

// Current gives the index of the open document among Rows, -1 for none.
func (p *Documents) Current() int { return p.at }

// Rows gives the documents, and then what is due and not there.
func (p *Documents) Rows() []Row {
	var out []Row
	for i, x := range p.list {
		r := Row{Title: p.title(i), Detail: p.about(x), Do: func() { p.Open(i) }}
		if len(x.Warnings) > 0 {
			r.Tone = ToneDecide
		}
		if i == p.at {
			r.Detail = p.desk.say("reading.current", "About", r.Detail)
		}
		out = append(out, r)
	}
	for _, m := range p.absent {
		out = append(out, Row{Title: m.Title, Detail: p.desk.say("reading.absent", "Article", m.Article), Tone: ToneDecide})
	}
	return out
}

// None says that the project has no documents.
func (p *Documents) None() string { return p.desk.T("reading.none", nil) }

// title numbers a document and names it.
func (p *Documents) title(i int) string {
	return strconv.Itoa(i+1) + ". " + review.Legible(p.list[i].Title)
}

// about says what a document is, how large, and what is to be known of it.
func (p *Documents) about(x review.Document) string {
	out := p.desk.T("document."+x.Type, nil) + " · " + words.Size(x.Size)
	for _, w := range x.Warnings {
		out += " · " + p.desk.T("warning."+w, nil)
	}
	return out
}

// Title names the open document, "" for none.
func (p *Documents) Title() string {
	if p.at < 0 {
		return ""
	}
	return p.title(p.at)
}

// Facts says what the open document is, for where it cannot be shown.
func (p *Documents) Facts() [][2]string {
	if p.at < 0 {
		return nil
	}
	x := p.list[p.at]
	t := func(key string) string { return p.desk.T("reading.fact."+key, nil) }
	out := [][2]string{
		{t("name"), review.Legible(x.Name)}, {t("kind"), p.desk.T("document."+x.Type, nil)}, {t("size"), words.Size(x.Size)},
		{t("digest"), words.ShortDigest(x.Digest)},
	}
	for _, w := range x.Warnings {
		out = append(out, [2]string{t("warning"), p.desk.T("warning."+w, nil)})
	}
	return out
}

// file gives the file of the open document, "" for none.
func (p *Documents) file() string {
	if p.at < 0 {
		return ""
	}
	return p.list[p.at].File
}

// where gives the file of the open document and the page that is looked at.
func (p *Documents) where() (file string, page int) {
	if page = p.paging.at; len(p.paging.sizes) == 0 {
		page = p.paging.begin
	}
	return p.file(), page
}

// Open opens a document of Rows.
func (p *Documents) Open(i int) {
	if i == p.at && p.paging.Say().Tone != ToneError {
		p.List(false)
		return
	}
	p.wish++
	p.open(i, 0)
}

// resume opens the document that was open before, at its page.
func (p *Documents) resume(file string, page int) {
	if i := slices.IndexFunc(p.list, func(d review.Document) bool { return d.File == file }); i >= 0 {
		p.open(i, page)
	}
}

func (p *Documents) open(i, page int) {
	p.at, p.listed = i, false
	x := p.list[i]
	if !bag.Kind(x.Type).Shown() {
		p.paging.open = nil
		p.paging.refuse(ToneDecide, p.desk.T("reading.outside", nil))
		return
	}
	session, id := p.session, p.project
	p.paging.show(func() (source, error) {
		doc, err := session.Document(id, x.File)
		if err != nil {
			return source{}, err
		}
		return source{doc.ReaderAt, doc, doc.Size, bag.Kind(doc.Type)}, nil
	}, page)
}

// cite gives the words by which a text refers to the present page; "" where none is open.
func (p *Documents) cite() string {
	if p.at < 0 || len(p.paging.Sizes()) == 0 {
		return ""
	}
	return p.desk.T("reading.cite", map[string]any{"Title": review.Legible(p.list[p.at].Title), "Page": p.paging.At() + 1})
}

// close lets the open document go.
func (p *Documents) close() { p.paging.close() }

// Reading is the page of a project's documents.
type Reading struct {
	sheet
	project   review.ProjectID
	title     string
	documents *Documents
}

// newReading is the page of a project's documents.
func newReading(d *Desk, id review.ProjectID) Page {
	p := &Reading{sheet: newSheet(d, PlaceReading), project: id}
	if x := d.session.State().Project(id); x != nil {
		p.title = x.Title
	}
	p.back = func() { d.toProject(id) }
	p.documents = newDocuments(d, id, func() { p.changed() })
	p.message = p.documents.Message()
	return p
}

// Heading stands over the page.
func (p *Reading) Heading() string { return review.Legible(p.title) }

// Documents are what the page shows.
func (p *Reading) Documents() *Documents { return p.documents }

// Next says what to do.
func (p *Reading) Next() string {
	if p.documents.Listed() {
		return p.desk.T("next.reading", nil)
	}
	return p.desk.T("next.reading.open", nil)
}

// Primary leads to what the person does next in the project, or back.
func (p *Reading) Primary() Action {
	if x := p.desk.state().Project(p.project); x != nil {
		if s := p.desk.nextOf(x); s.do != nil {
			return p.desk.action(s)
		}
	}
	return Action{p.desk.T("action.back", nil), p.Back}
}

func (p *Reading) leave(then, stay func()) {
	p.sheet.leave(func() {
		p.documents.close()
		then()
	}, stay)
}
