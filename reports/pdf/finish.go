package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heyi/reports/layout"
	"heyi/review"
)

// producer names the program in files.
const producer = "合议 Heyi"

// base is a file in the making: the composer's objects, added to and corrected
// until they are PDF/A-2u (ISO 19005-2, level U) with open signature fields.
type base struct {
	objects []object // at n-1 stands object n
}

// finish makes a base of the composer's draft. The draft breaks PDF/A-2u in its
// header, /ID, metadata, output intent and ToUnicode maps (pdf.md 4).
func finish(draft []byte, pages []layout.Page, fonts *layout.Fonts, used map[layout.Face]usage, m Meta) ([]byte, error) {
	p := &parser{b: draft}
	p.literal("%PDF-1.3\n")
	objects, err := p.objects()
	if err != nil {
		return nil, err
	}
	root, info, err := p.trailer()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(objects, func(a, b object) int { return int(a.num - b.num) })
	b := &base{objects}
	catalog := b.dict(root)
	delete(catalog, "Names") // the composer's is empty
	catalog["Lang"] = text("zh-CN")
	catalog["Metadata"] = b.add(newStream(dict{"Type": name("Metadata"), "Subtype": name("XML")}, xmp(m)))
	catalog["OutputIntents"] = array{dict{
		"Type": name("OutputIntent"), "S": name("GTS_PDFA1"),
		"OutputConditionIdentifier": text("sRGB IEC61966-2.1"), "Info": text("sRGB IEC61966-2.1"),
		"DestOutputProfile": b.add(compressed(dict{"N": 3}, srgb())),
	}}
	b.objects[info-1].value = dict{
		"Title": textString(m.Title), "Author": textString(m.Author),
		"Creator": textString(producer), "Producer": textString(producer),
		"CreationDate": dateString(m.At), "ModDate": dateString(m.At),
	}
	if err := b.fonts(fonts, used); err != nil {
		return nil, err
	}
	b.outline(catalog, pages)
	fields, err := b.fields(catalog, pages)
	if err != nil {
		return nil, err
	}
	if len(fields) > 0 {
		catalog["AcroForm"] = dict{"Fields": fields, "SigFlags": 3}
	}
	return newFile(b.objects, root, info).bytes, nil
}

// add gives v a number.
func (b *base) add(v any) ref {
	n := ref(len(b.objects) + 1)
	b.objects = append(b.objects, object{n, v})
	return n
}

// dict gives the dictionary that v refers to.
func (b *base) dict(v any) dict {
	n, _ := v.(ref)
	d, _ := b.objects[n-1].value.(dict)
	return d
}

// fonts names the embedded subsets as ISO 32000-1, 9.6.4 wants, and replaces
// the composer's ToUnicode maps.
func (b *base) fonts(fonts *layout.Fonts, used map[layout.Face]usage) error {
	for face, u := range used {
		i := slices.IndexFunc(b.objects, func(o object) bool {
			d, _ := o.value.(dict)
			return d["Subtype"] == name("Type0") && d["BaseFont"] == name("utf8"+family(face))
		})
		if i < 0 {
			return errors.New("the composer left out a font")
		}
		subset := name(subsetTag(face, u) + "+" + fonts.Font(face).Name())
		composite := b.objects[i].value.(dict)
		descendant := b.dict(composite["DescendantFonts"].(array)[0])
		descriptor := b.dict(descendant["FontDescriptor"])
		composite["BaseFont"], descendant["BaseFont"], descriptor["FontName"] = subset, subset, subset
		b.objects[composite["ToUnicode"].(ref)-1].value = compressed(dict{}, toUnicode(u))
	}
	return nil
}

// subsetTag gives six capital letters that differ between subsets.
func subsetTag(face layout.Face, u usage) string {
	h := sha256.New()
	fmt.Fprintln(h, face, slices.Sorted(maps.Keys(u)))
	sum := h.Sum(nil)
	for i := range sum {
		sum[i] = 'A' + sum[i]%26
	}
	return string(sum[:6])
}

// pageHeight gives the height of a page in points.
func pageHeight(p layout.Page) float64 {
	if p.Landscape {
		return layout.PageWidth
	}
	return layout.PageHeight
}

// widgetFlags are those of every widget: print, locked (ISO 32000-1, 12.5.3).
const widgetFlags = 4 | 128

// hidden is the place of a field that shows nothing (ISO 32000-1, 12.7.4.5).
var hidden = array{0, 0, 0, 0}

// lock is what the archive's signature does to the fields, said beforehand in its own
// (ISO 32000-2, table 236): none can be filled any more, and nothing else changes.
var lock = dict{"Type": name("SigFieldLock"), "Action": name("All"), "P": 1}

// fields puts an open signature field (merged with its widget) on the pages for
// every place to sign. PDF/A wants an appearance of each that shows; it is empty, for
// the pages themselves show the place.
func (b *base) fields(catalog dict, pages []layout.Page) (array, error) {
	fields := array{}
	for i, kid := range b.dict(catalog["Pages"])["Kids"].(array) {
		page := b.dict(kid)
		annotations := array{}
		for _, f := range pages[i].Fields {
			widget := dict{
				"Type": name("Annot"), "Subtype": name("Widget"), "FT": name("Sig"), "T": textString(f.Name),
				"F": widgetFlags, "P": kid, "Rect": hidden,
			}
			if f.W > 0 && f.H > 0 {
				bottom := pageHeight(pages[i]) - f.Y - f.H
				widget["Rect"] = array{point(f.X), point(bottom), point(f.X + f.W), point(bottom + f.H)}
				box := array{0, 0, point(f.W), point(f.H)}
				widget["AP"] = dict{"N": b.add(newStream(look(box), nil))}
			}
			if f.Name == review.ArchiveField {
				if widget["AP"] != nil {
					return nil, errors.New("the archive's field shows")
				}
				widget["Lock"] = b.add(lock)
			}
			annotations = append(annotations, b.add(widget))
		}
		if len(annotations) > 0 {
			page["Annots"] = annotations
			fields = append(fields, annotations...)
		}
	}
	return fields, nil
}

// look gives the dictionary of an appearance.
func look(box array) dict {
	return dict{"Type": name("XObject"), "Subtype": name("Form"), "Resources": dict{}, "BBox": box}
}

// compressed gives a Flate stream.
func compressed(d dict, data []byte) stream {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(data) // into memory: cannot fail
	w.Close()
	d["Filter"] = name("FlateDecode")
	return newStream(d, b.Bytes())
}

// xmp gives the metadata that PDF/A wants; it says the same as the information
// dictionary (ISO 19005-2, 6.6).
func xmp(m Meta) []byte {
	escape := func(s string) string {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(s)) // into memory: cannot fail
		return b.String()
	}
	at := m.At.Format(time.RFC3339)
	if strings.HasSuffix(at, "Z") {
		at = strings.TrimSuffix(at, "Z") + "+00:00"
	}
	return []byte(`<?xpacket begin="` + "\uFEFF" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escape(m.Title) + `</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>` + escape(m.Author) + `</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>` + at + `</xmp:CreateDate>
<xmp:ModifyDate>` + at + `</xmp:ModifyDate>
<xmp:CreatorTool>` + producer + `</xmp:CreatorTool>
<pdf:Producer>` + producer + `</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`)
}
