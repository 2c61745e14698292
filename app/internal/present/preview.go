package present

// Preview is a paper as it would be, or is, and what it leaves open.
type Preview struct {
	sheet
	title  string
	lacks  []string
	looked bool // lacks is what the paper leaves open
	left   bool
	paging *Paging
}

// newPreview shows a paper that open gives, marked as a draft or as signed; lacks says what
// it leaves open. open is not called on the screen's goroutine.
func newPreview(d *Desk, title string, back func(), open func() (pdf []byte, lacks []string, err error)) Page {
	p := &Preview{sheet: newSheet(d, PlacePreview), title: title}
	p.back = back
	p.paging = newPaging(d, func() { p.changed() })
	p.paging.say = Message{ToneBusy, d.T("view.opening", nil)}
	var pdf []byte
	var lacks []string
	d.jobs.Run(func() (err error) {
		pdf, lacks, err = open()
		return err
	}, func(err error) {
		if p.left {
			return
		}
		if err != nil {
			p.paging.refuse(ToneError, d.words.Explain(err))
			d.Log(err)
			return
		}
		p.lacks, p.looked = lacks, true
		p.paging.show(func() (source, error) { return pdfOf(pdf), nil }, 0)
	})
	return p
}

// Heading stands over the page.
func (p *Preview) Heading() string { return p.title }

// Paging shows the paper.
func (p *Preview) Paging() *Paging { return p.paging }

// Lacks gives what the paper leaves open.
func (p *Preview) Lacks() []Row {
	var out []Row
	for _, l := range p.lacks {
		out = append(out, Row{Title: l, Tone: ToneDecide})
	}
	return out
}

// None says that the paper leaves nothing open; "" while that is being found out.
func (p *Preview) None() string {
	if !p.looked {
		return ""
	}
	return p.desk.T("preview.complete", nil)
}

// Primary goes back.
func (p *Preview) Primary() Action { return Action{p.desk.T("action.back", nil), p.Back} }

func (p *Preview) leave(then, stay func()) {
	p.sheet.leave(func() {
		p.left = true
		p.paging.close()
		then()
	}, stay)
}
