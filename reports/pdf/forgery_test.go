package pdf

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heyi/review"
)

// forger makes something of a paper that is certified, approved by two and archived
// (closedPaper) with what anybody has: the file.
type forger struct {
	testing.TB
	file    *file
	catalog dict
	pages   dict
	page    ref
}

func newForger(tb testing.TB) *forger {
	tb.Helper()
	f, err := parseFile(closedPaper())
	if err != nil {
		tb.Fatal(err)
	}
	catalog := maps.Clone(f.base(f.root).(dict))
	catalog["Perms"] = dict{"DocMDP": f.revisions[0].size}
	pages := f.base(catalog["Pages"].(ref)).(dict)
	return &forger{tb, f, catalog, pages, pages["Kids"].(array)[0].(ref)}
}

// append adds a revision of objects.
func (g *forger) append(objects ...object) []byte {
	slices.SortFunc(objects, func(a, b object) int { return int(a.num - b.num) })
	g.file.append(objects)
	return g.file.bytes
}

// next is the number of the next new object.
func (g *forger) next() ref { return ref(g.file.last().size) }

// dictOf gives a dictionary of the base, changed.
func (g *forger) dictOf(n ref, k name, v any) object {
	d := maps.Clone(g.file.base(n).(dict))
	d[k] = v
	return object{n, d}
}

// filled gives the widget and the value that fill a field, as they are last.
func (g *forger) filled(field string) (widget, value object) {
	g.Helper()
	_, _, all, err := read(closedPaper())
	if err != nil {
		g.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s signature) bool { return s.field.name == field })
	for _, o := range g.file.revisions[i+1].objects {
		switch d, _ := o.value.(dict); {
		case d["FT"] != nil:
			widget = object{o.num, maps.Clone(d)}
		case d["ByteRange"] != nil:
			value = object{o.num, maps.Clone(d)}
		}
	}
	return widget, value
}

// replaced replaces what matches a form, nth time, by something of the same length.
func (g *forger) replaced(form string, nth int, change func([]byte) []byte) []byte {
	g.Helper()
	b := bytes.Clone(g.file.bytes)
	all := regexp.MustCompile(form).FindAllSubmatchIndex(b, -1)
	if len(all) <= nth {
		g.Fatalf("%d of %q", len(all), form)
	}
	from, to := all[nth][2], all[nth][3]
	with := change(bytes.Clone(b[from:to]))
	if len(with) != to-from {
		g.Fatalf("%d bytes for %d", len(with), to-from)
	}
	copy(b[from:], with)
	return b
}

// anew changes the dictionaries of a revision and writes the file again from what is in
// it, so that all is of our form.
func (g *forger) anew(revision int, change func(dict)) []byte {
	for _, o := range g.file.revisions[revision].objects {
		if d, ok := o.value.(dict); ok {
			change(d)
		}
	}
	f := newFile(g.file.revisions[0].objects, g.file.root, g.file.info)
	for _, r := range g.file.revisions[1:] {
		f.append(r.objects)
	}
	return f.bytes
}

// The forms of what signatures say.
const (
	contentsForm = `/Contents <([0-9a-f]+)>`
	gapForm      = `/Contents (<[0-9a-f]+>)`
)

// TestForgeries alters an archived paper in every way that somebody without a key can
// think of. We refuse each; what pdfsig calls valid nonetheless is marked, and shown.
func TestForgeries(t *testing.T) {
	// hidden text beside the value of a signature, in the bytes that it cannot cover: its
	// reserve has room for more.
	beside := func(g *forger, more string) []byte {
		return g.replaced(gapForm, 1, func(b []byte) []byte {
			value := strings.TrimRight(string(b[1:len(b)-1]), "0")
			if len(value)%2 != 0 {
				value += "0"
			}
			head := "<" + value + "> " + more
			return []byte(head + strings.Repeat(" ", len(b)-len(head)))
		})
	}
	const certified, approved, archived = 0, 1, 3 // the order of the signatures
	const gone = "pdf.unsigned archive, pdf.appended "
	for _, c := range []struct {
		name   string
		want   string // our findings
		fooled bool   // pdfsig calls every signature valid
		forge  func(g *forger) []byte
	}{
		// Revisions that are appended.
		{"a page edited", "pdf.appended ", true, func(g *forger) []byte {
			return g.append(object{g.file.base(g.page).(dict)["Contents"].(ref), newStream(dict{}, nil)})
		}},
		{"a page swapped for another", "pdf.appended ", true, func(g *forger) []byte {
			content := object{g.next(), newStream(dict{}, []byte("0 0 300 300 re f"))}
			page := object{g.next() + 1, maps.Clone(g.file.base(g.page).(dict))}
			page.value.(dict)["Contents"] = content.num
			return g.append(g.dictOf(g.catalog["Pages"].(ref), "Kids", array{page.num}), content, page)
		}},
		{"an object appended", "pdf.appended ", true, func(g *forger) []byte {
			return g.append(object{g.next(), newStream(dict{}, []byte("evil"))})
		}},
		{"nothing appended", "pdf.appended ", true, func(g *forger) []byte { return g.append() }},
		{"a hidden layer", "pdf.appended ", true, func(g *forger) []byte {
			group := object{g.next(), dict{"Type": name("OCG"), "Name": text("x")}}
			g.catalog["OCProperties"] = dict{"OCGs": array{group.num}, "D": dict{"OFF": array{group.num}}}
			content := object{g.file.base(g.page).(dict)["Contents"].(ref), newStream(dict{}, []byte("/OC /x BDC EMC"))}
			return g.append(object{g.file.root, g.catalog}, group, content)
		}},
		{"an annotation", "pdf.appended ", true, func(g *forger) []byte {
			note := object{g.next(), dict{"Type": name("Annot"), "Subtype": name("FreeText"), "Rect": array{0, 0, 600, 800}, "Contents": text("rejected"), "DA": text("/F 9 Tf")}}
			return g.append(g.dictOf(g.page, "Annots", append(slices.Clone(g.file.base(g.page).(dict)["Annots"].(array)), note.num)), note)
		}},
		{"the catalog replaced", "pdf.appended ", true, func(g *forger) []byte {
			pages := object{g.next(), maps.Clone(g.pages)}
			pages.value.(dict)["Kids"] = array{g.page, g.page}
			pages.value.(dict)["Count"] = 2
			g.catalog["Pages"] = pages.num
			return g.append(object{g.file.root, g.catalog}, pages)
		}},
		{"a script", "pdf.appended ", true, func(g *forger) []byte {
			g.catalog["OpenAction"] = dict{"S": name("JavaScript"), "JS": text("app.alert(1)")}
			return g.append(object{g.file.root, g.catalog})
		}},
		{"a file attached", "pdf.appended ", true, func(g *forger) []byte {
			g.catalog["Names"] = dict{"EmbeddedFiles": dict{"Names": array{}}}
			return g.append(object{g.file.root, g.catalog})
		}},
		{"the permissions taken back", "pdf.appended ", true, func(g *forger) []byte {
			delete(g.catalog, "Perms")
			return g.append(object{g.file.root, g.catalog})
		}},
		{"the permissions widened", "pdf.appended ", true, func(g *forger) []byte {
			_, value := g.filled("secretary")
			value.value.(dict)["Reference"].(array)[0].(dict)["TransformParams"].(dict)["P"] = 3
			return g.append(value)
		}},
		{"the lock taken away", "pdf.appended ", true, func(g *forger) []byte {
			widget, _ := g.filled(review.ArchiveField)
			delete(widget.value.(dict), "Lock")
			return g.append(widget)
		}},
		{"a field renamed", "pdf.appended ", true, func(g *forger) []byte {
			widget, _ := g.filled("expert1")
			widget.value.(dict)["T"] = text("expert9")
			return g.append(widget)
		}},
		{"a field removed", "pdf.appended ", true, func(g *forger) []byte {
			form := maps.Clone(g.catalog["AcroForm"].(dict))
			form["Fields"] = form["Fields"].(array)[1:]
			g.catalog["AcroForm"] = form
			return g.append(object{g.file.root, g.catalog})
		}},
		{"a signature's look replaced", "pdf.appended ", true, func(g *forger) []byte {
			widget, _ := g.filled("expert1")
			_, other := g.filled("expert2")
			widget.value.(dict)["AP"] = dict{"N": other.num + 1}
			return g.append(widget)
		}},
		{"a signature moved to another field", "pdf.appended ", true, func(g *forger) []byte {
			widget, _ := g.filled("expert1")
			_, other := g.filled("expert2")
			widget.value.(dict)["V"] = other.num
			return g.append(widget)
		}},
		{"a signature taken out of its field", "pdf.appended ", true, func(g *forger) []byte {
			widget, _ := g.filled("expert1")
			delete(widget.value.(dict), "V")
			return g.append(widget)
		}},
		{"another time beside the signature", "pdf.appended ", true, func(g *forger) []byte {
			_, value := g.filled("expert1")
			value.value.(dict)["M"] = dateString(testTime.AddDate(0, 0, 1))
			return g.append(value)
		}},
		{"another reason beside the signature", "pdf.appended ", true, func(g *forger) []byte {
			_, value := g.filled("expert1")
			value.value.(dict)["Reason"] = textString("不同意")
			return g.append(value)
		}},
		{"another title", "pdf.appended ", true, func(g *forger) []byte {
			return g.append(g.dictOf(g.file.info, "Title", text("x")))
		}},
		{"another meaning of the characters", "pdf.appended ", true, func(g *forger) []byte {
			var meaning ref
			g.file.each("Subtype", name("Type0"), func(_ ref, d dict) { meaning = d["ToUnicode"].(ref) })
			return g.append(object{meaning, compressed(dict{}, toUnicode(usage{'a': 'b'}))})
		}},
		{"a field filled again by a stranger", "pdf.appended ", true, func(g *forger) []byte {
			return refilled(g, g.file.bytes, testSigner(g, testPanel(), "secretary", "甲"))
		}},
		{"a table of objects that points into a stream", "pdf.appended ", true, func(g *forger) []byte {
			n := g.file.base(g.page).(dict)["Contents"].(ref)
			inside := bytes.Index(g.file.bytes, []byte("stream\n")) + len("stream\n")
			size := g.next()
			return fmt.Appendf(bytes.Clone(g.file.bytes), "xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Prev %d /Root %d 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n",
				n, inside, g.file.last().xref, g.file.root, size, len(g.file.bytes))
		}},
		{"a trailer to another catalog", "pdf.appended ", false, func(g *forger) []byte {
			return fmt.Appendf(bytes.Clone(g.file.bytes), "xref\n0 0\ntrailer\n<< /Prev %d /Root %d 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n",
				g.file.last().xref, g.file.info, g.next(), len(g.file.bytes))
		}},
		{"a byte behind the end", "pdf.appended ", true, func(g *forger) []byte { return append(bytes.Clone(g.file.bytes), '\n') }},
		{"a comment behind the end", "pdf.appended ", true, func(g *forger) []byte { return append(bytes.Clone(g.file.bytes), "%evil\n"...) }},

		// Revisions taken away or mixed.
		{"the last revision removed", "pdf.unsigned archive", true, func(g *forger) []byte { return g.file.bytes[:g.file.revisions[archived].end] }},
		{"a revision removed from between", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			r := g.file.revisions
			return slices.Concat(g.file.bytes[:r[approved].end], g.file.bytes[r[approved+1].end:])
		}},
		{"two revisions in another order", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			r, b := g.file.revisions, g.file.bytes
			return slices.Concat(b[:r[1].end], b[r[2].end:r[3].end], b[r[1].end:r[2].end], b[r[3].end:])
		}},
		{"the signatures of one paper behind another", "pdf.form ", false, func(g *forger) []byte {
			return slices.Concat(groupBase(g, 1), g.file.bytes[g.file.revisions[0].end:])
		}},

		// Bytes that signatures cover.
		{"a bit of a page", "pdf.form ", false, func(g *forger) []byte {
			b := bytes.Clone(g.file.bytes)
			b[bytes.Index(b, []byte("stream\n"))+99] ^= 1
			return b
		}},
		{"a field moved in place", "pdf.form ", false, func(g *forger) []byte {
			return g.replaced(`/Rect \[\d\d(\d)`, 0, func(b []byte) []byte { return []byte{b[0] ^ 1} })
		}},
		{"a field moved, and the file made anew", "pdf.altered secretary, pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return g.anew(0, func(d dict) {
				if rect, ok := d["Rect"].(array); ok && rect[0] != 0 {
					sides := floats(rect)
					d["Rect"] = array{rect[0], point(sides[1] - 1), rect[2], point(sides[3] - 1)}
				}
			})
		}},
		{"another time, and the file made anew", "pdf.altered expert1, pdf.altered expert2, pdf.altered archive", false, func(g *forger) []byte {
			return g.anew(2, func(d dict) {
				if d["M"] != nil {
					d["M"] = dateString(testTime.AddDate(0, 0, 1))
				}
			})
		}},
		{"another name, and the file made anew", "pdf.altered expert1, cert.role expert1, pdf.altered expert2, pdf.altered archive", false, func(g *forger) []byte {
			return g.anew(2, func(d dict) {
				if d["Name"] != nil {
					d["Name"] = textString("欧阳丙丁")
				}
			})
		}},
		{"another look, and the file made anew", "pdf.range expert1, pdf.altered expert1, pdf.range expert2, pdf.altered expert2, pdf.range archive, pdf.altered archive", false, func(g *forger) []byte {
			look, err := appearance(review.Look{}, "丙", 100, 40, testFonts())
			if err != nil {
				g.Fatal(err)
			}
			r := g.file.revisions[2]
			for i, o := range r.objects {
				if s, ok := o.value.(stream); ok {
					r.objects[i].value = compressed(s.dict, look)
				}
			}
			return g.anew(2, func(dict) {})
		}},
		{"another time in place", "pdf.altered expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return g.replaced(`/M \(D:(20261121150405)`, approved, func(b []byte) []byte { return []byte("20261121150406") })
		}},
		{"wider permissions in place", "pdf.form ", false, func(g *forger) []byte {
			return g.replaced(`/P (2) /Type /TransformParams`, 0, func([]byte) []byte { return []byte("3") })
		}},
		{"a narrower range in place", "pdf.range expert2, pdf.altered expert2, " + gone, false, func(g *forger) []byte {
			return g.replaced(`/ByteRange \[0 \d+ \d+ (\d+)\]`, 2, func(b []byte) []byte {
				b[0]--
				return b
			})
		}},

		// Bytes that no signature covers: those of its own value.
		{"capitals in a value", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return g.replaced(contentsForm, approved, bytes.ToUpper)
		}},
		{"capitals in the last value", gone, true, func(g *forger) []byte { return g.replaced(contentsForm, archived, bytes.ToUpper) }},
		{"padding that is not zero", "cms.form archive", true, func(g *forger) []byte {
			return g.replaced(contentsForm, archived, func(b []byte) []byte { return append(b[:len(b)-2], "41"...) })
		}},
		{"text in the padding", "cms.form archive", true, func(g *forger) []byte {
			return g.replaced(contentsForm, archived, func(b []byte) []byte {
				evil := hex.EncodeToString([]byte(testText))
				return append(b[:len(b)-len(evil)], evil...)
			})
		}},
		{"a second value beside the first", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return beside(g, "/Contents <00>")
		}},
		{"another reason beside the value", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return beside(g, "/Reason (rejected)")
		}},
		{"a key beside the value", "pdf.unsigned expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			return beside(g, "/Evil (x)")
		}},
		{"no value", "cms.form archive", false, func(g *forger) []byte {
			return g.replaced(contentsForm, archived, func(b []byte) []byte { return bytes.Repeat([]byte("0"), len(b)) })
		}},
		{"the signature of another paper", "pdf.altered expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			other := signedBy(g, groupBase(g, 1), "expert1")
			value := regexp.MustCompile(contentsForm).FindSubmatch(other)[1]
			return g.replaced(contentsForm, approved, func([]byte) []byte { return value })
		}},
		{"the signature of another field", "pdf.altered expert1, cert.role expert1, pdf.unsigned expert2, " + gone, false, func(g *forger) []byte {
			value := regexp.MustCompile(contentsForm).FindAllSubmatch(g.file.bytes, -1)[2][1]
			return g.replaced(contentsForm, approved, func([]byte) []byte { return value })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			forged := c.forge(newForger(t))
			if bytes.Equal(forged, closedPaper()) {
				t.Fatal("nothing is forged")
			}
			if got := codesOf(Verify(forged, anchors(t, testPanel()))); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
			out, _ := tool("pdfsig", "-nocert", keep(t, "forged.pdf", forged))
			n := strings.Count(out, "Signature Validation:")
			if fooled := n > 0 && n == strings.Count(out, "Signature is Valid."); fooled != c.fooled {
				t.Errorf("pdfsig calls all valid: %v\n%s", fooled, out)
			}
		})
	}
	if got := codesOf(Verify(closedPaper(), anchors(t, testPanel()))); got != "" {
		t.Errorf("as it is: %s", got)
	}
}
