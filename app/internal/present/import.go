package present

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strconv"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/seal"
)

// maxCertificate bounds a certificate's file, in bytes.
const maxCertificate = 64 << 10

// newImport takes a project package in: it is chosen or dropped, verified, looked at, and
// only then imported. It is read from one open file all the while, so that what was looked
// at is what comes in.
func newImport(d *Desk) *Leaf {
	x := d.session
	p := d.leaf(PlaceImport)
	var (
		file    File
		preview *meeting.Preview
		path    string
		stopped error // why the package was not taken
		place   *located
	)
	roster := d.field(FieldTick, "roster")
	roster.On = true
	shut := func() {
		if file != nil {
			file.Close()
		}
		file, preview, stopped = nil, nil, nil
	}
	look := func(chosen string) {
		if p.busy {
			return
		}
		shut()
		path = chosen
		var f File
		var found meeting.Preview
		p.run("busy.verifying", func() (err error) {
			if f, err = d.Outside.Open(chosen); err != nil {
				return err
			}
			found, err = d.services.Preview(f, f.Size())
			return err
		}, func(err error) {
			file = f
			if err != nil {
				stopped = err
				p.explain(err)
				return
			}
			preview = &found
			p.say(ToneDone, d.T("import.verified", nil))
		})
	}
	place = d.locate(p, "package", []string{".rpk"}, look)
	p.dropped = place.drop
	untrusted := func() bool { return stopped != nil && review.CodeOf(stopped) == review.CodePackageIssuer }
	trust := func() {
		again := path
		d.turn(func() Page {
			return newTrust(d, func() { d.turn(func() Page { l := newImport(d); l.dropped(again); return l }) })
		})
	}
	p.typed = func(f *Field) {
		if f == place.field {
			stopped = nil
			p.changed()
		}
	}
	p.keep = func(then, _ func()) {
		shut()
		then()
	}
	p.content = func() []Part {
		if preview == nil {
			out := paragraphs(LookBody, d.T("import.lead", nil))
			out = append(out, place.parts()...)
			if untrusted() {
				rows := Rows{}
				rows.add(d.T("import.trust", nil), d.T("import.trust.detail", nil), trust)
				out = append(out, rows)
			}
			return out
		}
		// What is to be chosen stands high, so that the page begins at its top.
		return slices.Insert(d.previewParts(*preview), 2, Part(roster))
	}
	p.primary = func() Action {
		switch {
		case untrusted():
			return Action{d.T("import.trust", nil), trust}
		case preview == nil:
			return place.action("action.verify", "action.pick")
		}
		return Action{d.T("action.import", nil), func() {
			var in meeting.Imported
			p.run("busy.importing", func() (err error) {
				in, err = x.Import(file, file.Size(), roster.On)
				return err
			}, func(err error) {
				if err != nil {
					p.explain(err)
					return
				}
				d.Go(PlaceProjects)
				d.tell(ToneDone, d.T("import.done", map[string]string{
					"Projects": strconv.Itoa(len(in.Projects)), "Seats": strconv.Itoa(len(in.Seats)), "Receipt": in.Package.Package.Receipt(),
				}))
			})
		}}
	}
	p.next = func() string {
		switch {
		case untrusted():
			return d.T("next.import.trust", nil)
		case preview == nil:
			return d.T("next.import.pick", nil)
		}
		return d.T("next.import", nil)
	}
	return p
}

// previewParts says what a package would bring.
func (d *Desk) previewParts(v meeting.Preview) []Part {
	info := v.Info()
	t := func(key string) string { return d.T("import."+key, nil) }
	out := []Part{
		Text{Look: LookHead, Text: info.Title},
		Pairs{[][2]string{
			{t("issuer"), info.Issuer},
			{t("id"), d.T("import.seq", map[string]string{"ID": info.ID, "Seq": strconv.Itoa(info.Seq)})},
			{t("secrecy"), d.secrecyTitle(info.Secrecy)},
			{t("receipt"), v.Digest().Receipt()},
		}},
	}
	for _, w := range v.Warnings() {
		out = append(out, Text{Tone: ToneDecide, Text: d.T("warning."+string(w), nil)})
	}
	if own := v.Own; own != nil {
		out = append(out, Text{Tone: ToneDecide, Text: d.T("package.own", map[string]string{"title": own.Title, "id": own.ID})})
	}
	for _, x := range v.Projects {
		rows := Rows{Head: x.Title}
		rows.Rows = append(rows.Rows, Row{Title: x.Scheme.Title, Detail: d.T("import.project", map[string]int{"Documents": len(x.Documents), "Items": len(x.Scheme.Items), "Quorum": x.Quorum})})
		for _, m := range x.Materials {
			if !m.Present && (m.Due == regulation.DueYes || m.Due == regulation.DueUnsure) {
				rows.Rows = append(rows.Rows, Row{Title: d.T("material."+string(m.Due), nil) + "　" + m.Title, Detail: m.When, Tone: ToneDecide})
			}
		}
		for _, f := range x.Findings {
			calls := slices.Contains([]string{regulation.OutcomeRequired, regulation.OutcomeRecommended, regulation.OutcomeComputed}, f.Outcome)
			if f.Limit() == regulation.LimitNone && !calls {
				continue
			}
			r := Row{Title: d.T("outcome."+f.Outcome, nil) + "　" + f.Title, Detail: f.Sentence}
			if !calls {
				r.Tone = ToneDecide
			}
			rows.Rows = append(rows.Rows, r)
		}
		out = append(out, rows)
	}
	people := Rows{Head: t("roster"), None: t("roster.none")}
	if m := v.Meeting(); m != nil {
		for _, who := range m.Roster {
			detail := ""
			for i, r := range who.Roles {
				if i > 0 {
					detail += "、"
				}
				detail += r.Name()
			}
			people.Rows = append(people.Rows, Row{Title: who.Name, Detail: detail + " · " + who.Unit + " · " + who.Title})
		}
	}
	return append(out, people)
}

// newTrust makes packages of a 签发单位 acceptable, after its fingerprint was compared with
// paper; then goes on.
func newTrust(d *Desk, then func()) *Leaf {
	var certificate []byte
	name := ""
	typed := d.field(FieldLine, "fingerprint")
	var p *Leaf
	var place *located
	read := func(path string) {
		var der []byte
		p.run("busy.reading.file", func() error {
			b, err := d.Outside.Read(path, maxCertificate)
			if err != nil {
				return err
			}
			der = b
			if block, _ := pem.Decode(b); block != nil {
				der = block.Bytes
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				return review.E(review.CodeCertForm, "present.newTrust", path, err)
			}
			name = c.Subject.CommonName
			return seal.CheckIssuer(c)
		}, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			certificate = der
			p.say(ToneDone, d.say("trust.of", "Name", name))
		})
	}
	p = d.form(form{
		key: "trust", fields: []*Field{typed}, back: func() { d.turn(func() Page { return newImport(d) }) },
		more: func() []Part { return place.parts() },
		act: func() error {
			_, err := d.services.TrustIssuer(certificate, typed.Value)
			return err
		},
		done: then,
	})
	place = d.locate(p, "certificate", []string{".pem", ".cer", ".crt"}, read)
	p.dropped = place.drop
	p.typed = func(f *Field) {
		if f == place.field {
			certificate = nil
			p.changed()
		}
	}
	primary := p.primary
	p.primary = func() Action {
		if certificate == nil {
			return place.action("action.read", "action.pick")
		}
		return primary()
	}
	return p
}
