package review_test

import (
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// packed gives the events of a good package with one project in it.
func packed(m *reviewtest.Room) (review.PackageImported, review.ProjectAdded) {
	_, body := due[review.KindPackageImported](m)
	in := body.(review.PackageImported)
	_, body = due[review.KindProjectAdded](m)
	p := body.(review.ProjectAdded)
	p.Package, p.Entry, p.Record = in.Package, "gxpt", review.DigestOf([]byte("{}"))
	p.Scheme.Packs = []review.Digest{review.DigestOf([]byte("pack"))}
	p.Documents = []review.Document{
		{File: "0001.pdf", Name: "技术方案.pdf", Title: "项目技术方案", Material: "Y2-E1", Type: "pdf", Size: 9, Digest: review.DigestOf([]byte("1"))},
		{File: "0002.wps", Name: "会议纪要.wps", Title: "会议纪要", Type: "ole", Size: 0, Digest: review.DigestOf(nil), Warnings: []string{"macro"}},
	}
	return in, p
}

// TestPackageImported holds what may come in, and what may not follow it.
func TestPackageImported(t *testing.T) {
	first := func(f func(*review.PackageImported)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			in, _ := packed(m)
			f(&in)
			return m.Try(secretary, in)
		}
	}
	then := func(f func(*review.PackageImported)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			in, _ := packed(m)
			m.Do(secretary, in)
			f(&in)
			return m.Try(secretary, in)
		}
	}
	other := review.DigestOf([]byte("other"))
	for _, c := range []refusal{
		{"good", first(func(*review.PackageImported) {}), "", ""},
		{"of no digest", first(func(b *review.PackageImported) { b.Package = "x" }), review.CodeEventIllegal, "package.imported"},
		{"of no issuer's certificate", first(func(b *review.PackageImported) { b.Cert = "" }), review.CodeEventIllegal, "package.imported"},
		{"without a number", first(func(b *review.PackageImported) { b.ID = "第十七号" }), review.CodeEventIllegal, "package.imported"},
		{"issue 0", first(func(b *review.PackageImported) { b.Seq = 0 }), review.CodeEventIllegal, "package.imported"},
		{"of no size", first(func(b *review.PackageImported) { b.Size = 0 }), review.CodeEventIllegal, "package.imported"},
		{"of no 密级", first(func(b *review.PackageImported) { b.Secrecy = "" }), review.CodeEventIllegal, "package.imported"},
		{"without a title", first(func(b *review.PackageImported) { b.Title = "" }), review.CodeTextEmpty, "title"},
		{"without an issuer", first(func(b *review.PackageImported) { b.Issuer = "" }), review.CodeTextEmpty, "issuer"},
		{"again", then(func(*review.PackageImported) {}), review.CodePackageKnown, "YQ-2026-017"},
		{"the next issue", then(func(b *review.PackageImported) { b.Seq, b.Package = 3, other }), "", ""},
		{"an older issue", then(func(b *review.PackageImported) { b.Seq, b.Package = 1, other }), review.CodePackageOlder, "YQ-2026-017"},
		{"another under the same number", then(func(b *review.PackageImported) { b.Package = other }), review.CodePackageSwapped, "YQ-2026-017"},
		{"another issuer's with the same number", then(func(b *review.PackageImported) { b.Seq, b.Package, b.Cert = 1, other, other }), "", ""},
		{"another package", then(func(b *review.PackageImported) { b.ID, b.Seq, b.Package = "YQ-2026-018", 1, other }), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestProjectFromPackage holds what a project may say of the package it came in.
func TestProjectFromPackage(t *testing.T) {
	add := func(f func(*review.ProjectAdded)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			in, p := packed(m)
			m.Do(secretary, in)
			f(&p)
			return m.Try(secretary, p)
		}
	}
	again := func(f func(*review.PackageImported, *review.ProjectAdded)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			in, p := packed(m)
			m.Do(secretary, in)
			m.Do(secretary, p)
			p.Project = "p02"
			before := in
			f(&in, &p)
			if in != before {
				m.Do(secretary, in)
			}
			return m.Try(secretary, p)
		}
	}
	document := func(f func(*review.Document)) func(*reviewtest.Room) error {
		return add(func(b *review.ProjectAdded) { f(&b.Documents[1]) })
	}
	other := review.DigestOf([]byte("other"))
	for _, c := range []refusal{
		{"good", add(func(*review.ProjectAdded) {}), "", ""},
		{"of a package that is not in", add(func(b *review.ProjectAdded) { b.Package = other }), review.CodeEventIllegal, "project.added"},
		{"documents of no package", add(func(b *review.ProjectAdded) { b.Entry, b.Record = "", "" }), review.CodeEventIllegal, "project.added"},
		{"without its description", add(func(b *review.ProjectAdded) { b.Record = "" }), review.CodeEventIllegal, "project.added"},
		{"documents out of order", add(func(b *review.ProjectAdded) { slices.Reverse(b.Documents) }), review.CodeFactForm, "0001.pdf"},
		{"a document twice", document(func(d *review.Document) { d.File = "0001.pdf" }), review.CodeFactForm, "0001.pdf"},
		{"a document with a path", document(func(d *review.Document) { d.File = "../0002.wps" }), review.CodeFactForm, "../0002.wps"},
		{"a document of no digest", document(func(d *review.Document) { d.Digest = "" }), review.CodeFactForm, "0002.wps"},
		{"a document of less than nothing", document(func(d *review.Document) { d.Size = -1 }), review.CodeFactForm, "0002.wps"},
		{"a document without a type", document(func(d *review.Document) { d.Type = "" }), review.CodeFactForm, "0002.wps"},
		{"a material of no code", document(func(d *review.Document) { d.Material = "方案" }), review.CodeFactForm, "0002.wps"},
		{"a warning of no code", document(func(d *review.Document) { d.Warnings = []string{"宏"} }), review.CodeFactForm, "0002.wps"},
		{"a document without a title", document(func(d *review.Document) { d.Title = "" }), review.CodeTextEmpty, "title"},
		{"a document without a name", document(func(d *review.Document) { d.Name = "" }), review.CodeTextEmpty, "name"},
		{"a name too long", document(func(d *review.Document) { d.Name = strings.Repeat("长", 201) }), review.CodeTextLong, "200"},
		{"too many documents", add(func(b *review.ProjectAdded) { b.Documents = make([]review.Document, review.MaxDocuments+1) }), review.CodeEventIllegal, "project.added"},
		{"the same project", again(func(*review.PackageImported, *review.ProjectAdded) {}), review.CodeProjectExists, "p01"},
		{"another project of the package", again(func(_ *review.PackageImported, p *review.ProjectAdded) { p.Entry = "yjzh" }), "", ""},
		{"the same project of the next issue", again(func(in *review.PackageImported, p *review.ProjectAdded) {
			in.Seq, in.Package, p.Package = 3, other, other
		}), review.CodeProjectExists, "p01"},
		{"a project of the same name in another package", again(func(in *review.PackageImported, p *review.ProjectAdded) {
			in.ID, in.Package, p.Package = "YQ-2026-018", other, other
		}), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestPackageBlobs holds that what a project rests on belongs to the record.
func TestPackageBlobs(t *testing.T) {
	m := newRoom(t)
	in, p := packed(m)
	m.Do(secretary, in)
	m.Do(secretary, p)
	for _, d := range []review.Digest{p.Record, p.Scheme.Packs[0]} {
		if !slices.Contains(m.State.Blobs(), d) {
			t.Errorf("%s does not belong to the record", d)
		}
	}
	if got := m.State.Project("p01"); got.Entry != "gxpt" || len(got.Documents) != 2 || got.Record != p.Record {
		t.Errorf("the project is %+v", got)
	}
	if got := m.State.Packages; len(got) != 1 || got[0].PackageImported != in || got[0].Entry != m.State.Size-2 {
		t.Errorf("the packages are %+v", got)
	}
}

// TestMeetingForOneScheme holds that a meeting may be bound to one scheme, and what
// comes for another stage is not taken.
func TestMeetingForOneScheme(t *testing.T) {
	m := newRoom(t)
	_, p := packed(m)
	p.Entry, p.Record, p.Documents, p.Scheme.Packs = "", "", nil, nil
	m.State.Scheme = "yueqing-2015.acceptance"
	err := m.Try(secretary, p)
	reviewtest.WantCode(t, err, review.CodeProjectStage)
	wantItem(t, err, p.Scheme.ID)
	m.State.Scheme = p.Scheme.ID
	if err := m.Try(secretary, p); err != nil {
		t.Error(err)
	}
}
