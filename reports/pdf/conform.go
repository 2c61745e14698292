package pdf

import (
	"errors"
	"fmt"
	"maps"
	"regexp"

	"heyi/reports/layout"
	"heyi/review"
)

// maxFields bounds the signature fields of a file; verifying reads it once for
// each.
const maxFields = 64

// conformer holds a base against the grammar of what Compose writes: every object
// is reached from the trailer, in one place, and is of the kind wanted there. So
// nothing has to be forbidden: what the grammar does not name (actions, scripts,
// attachments, optional content, fonts for a reader to choose) is refused.
type conformer struct {
	file     *file
	grammar  map[string]rule
	kinds    map[ref]string // of the objects reached so far
	inflated int            // bytes of streams so far
	inflater *inflater

	// Of what was reached last:
	info       dict
	page       ref
	wide, high float64 // of the page
	font       name
	places     []rect // of the page's widgets that show
	pen        pen    // of the page's content

	widgets array             // in the order of the pages
	fonts   map[name]advances // of the fonts that there are
}

// conforms tells whether the base of f says only what Compose can say; that it
// is written in our form, parseFile tells. The error is for programmers.
func (f *file) conforms() error {
	c := &conformer{
		file: f, grammar: grammar(), kinds: map[ref]string{},
	}
	defer c.release()
	if err := owned("info")(c, f.info); err != nil {
		return fmt.Errorf("/Info: %w", err)
	}
	if err := owned("catalog")(c, f.root); err != nil {
		return fmt.Errorf("/Root: %w", err)
	}
	if len(c.widgets) > maxFields {
		return errors.New("too many fields")
	}
	catalog := f.base(f.root).(dict)
	if err := c.isOutlined(catalog); err != nil {
		return fmt.Errorf("/Outlines: %w", err)
	}
	form, ok := catalog["AcroForm"].(dict)
	if ok != (len(c.widgets) > 0) {
		return fmt.Errorf("%d fields and /AcroForm %v", len(c.widgets), form)
	}
	if ok {
		if err := is(c.widgets)(c, form["Fields"]); err != nil {
			return fmt.Errorf("/Fields are not the widgets of the pages: %w", err)
		}
	}
	if n := len(f.revisions[0].objects) - len(c.kinds); n > 0 {
		return fmt.Errorf("%d objects belong to nothing", n)
	}
	return nil
}

var (
	subsetName   = regexp.MustCompile(`^[A-Z]{6}\+[A-Za-z0-9-]{1,63}$`)
	resourceName = regexp.MustCompile(`^F[0-9a-f]{40}$`)
	// fieldName is a role and a number (review.FieldRole): nothing that a terminal
	// or a line of output could take for something else.
	fieldName = regexp.MustCompile(`^[a-z]+[0-9]{0,3}$`)
)

// turnedBox is the size of a page that is turned.
var turnedBox = array{0, 0, decimal("841.89"), decimal("595.28")}

// grammar gives the rule of each kind of object.
func grammar() map[string]rule {
	var (
		glyph  = number(-10000, 10000) // a length in thousandths of an em
		across = (*conformer).isAcross
		upward = (*conformer).isUpward
	)
	return map[string]rule{
		"info": all(record(entries{
			"Title": line(2 * review.MaxTitle), "Author": line(review.MaxName),
			"Creator": is(textString(producer)), "Producer": is(textString(producer)),
			"CreationDate": date, "ModDate": date,
		}, nil), (*conformer).isInfo),
		"catalog": record(entries{
			"Type": is(name("Catalog")), "Lang": is(text("zh-CN")), "Metadata": owned("metadata"), "Pages": owned("pages"),
			"OutputIntents": tuple(record(entries{
				"Type": is(name("OutputIntent")), "S": is(name("GTS_PDFA1")), "DestOutputProfile": owned("profile"),
				"OutputConditionIdentifier": is(text("sRGB IEC61966-2.1")), "Info": is(text("sRGB IEC61966-2.1")),
			}, nil)),
		}, entries{ // compared by conforms
			"AcroForm": record(entries{"SigFlags": is(3), "Fields": anything}, nil),
			"Outlines": anything, "PageMode": anything,
		}),
		"metadata": plain(entries{"Type": is(name("Metadata")), "Subtype": is(name("XML"))}, (*conformer).isMetadata),
		"profile":  flate(entries{"N": is(3)}, holds(srgb())),

		"pages": all(record(entries{
			"Type": is(name("Pages")), "Kids": list(1, maxValues, (*conformer).isPage), "Count": number(1, maxValues),
			"MediaBox": is(array{0, 0, decimal("595.28"), decimal("841.89")}),
		}, nil), (*conformer).isCounted),
		"page": all((*conformer).isSized, (*conformer).hasFonts, record(entries{
			"Type": is(name("Page")), "Parent": back("pages"), "Resources": shared("resources"), "Contents": owned("content"),
		}, entries{
			"Annots":   list(1, maxFields, (*conformer).isAnnotation),
			"MediaBox": anything, // isSized
		})),
		"content": flate(nil, (*conformer).isContent),
		"widget":  widget(),
		"lock":    is(lock),
		"appearance": plain(entries{
			"Type": is(name("XObject")), "Subtype": is(name("Form")), "Resources": is(dict{}),
			"BBox": tuple(is(0), is(0), across, upward),
		}, holds(nil)),

		"resources": record(entries{
			"ProcSet":    is(array{name("PDF"), name("Text"), name("ImageB"), name("ImageC"), name("ImageI")}),
			"ColorSpace": is(dict{}), "XObject": is(dict{}), "Font": (*conformer).isFonts,
		}, nil),
		"font": record(entries{
			"Type": is(name("Font")), "Subtype": is(name("Type0")), "Encoding": is(name("Identity-H")),
			"BaseFont":        all(match[name](subsetName), (*conformer).beginsFont),
			"DescendantFonts": tuple(owned("descendant")), "ToUnicode": owned("meanings"),
		}, nil),
		"descendant": record(entries{
			"Type": is(name("Font")), "Subtype": is(name("CIDFontType2")), "BaseFont": (*conformer).isFontName,
			"CIDSystemInfo": owned("collection"), "CIDToGIDMap": owned("glyphs"), "FontDescriptor": owned("descriptor"),
			"DW": glyph, "W": isAdvances,
		}, nil),
		"collection": is(dict{"Registry": text("Adobe"), "Ordering": text("UCS"), "Supplement": 0}),
		"glyphs":     flate(nil, (*conformer).isGlyphMap),
		"meanings":   flate(nil, (*conformer).isToUnicode),
		"descriptor": record(entries{
			"Type": is(name("FontDescriptor")), "FontName": (*conformer).isFontName, "FontFile2": owned("program"),
			"Flags": number(0, 1<<19-1), "FontBBox": tuple(glyph, glyph, glyph, glyph), "ItalicAngle": number(-90, 90),
			"Ascent": glyph, "Descent": glyph, "CapHeight": glyph, "StemV": glyph, "MissingWidth": glyph,
		}, nil),
		"program": flate(entries{"Length1": number(0, maxInflated)}, (*conformer).isProgram),
	}
}

// widget wants an open signature field. One that shows has an appearance; the archive's
// shows nothing and locks all others.
func widget() rule {
	of := func(more entries) rule {
		must := entries{
			"Type": is(name("Annot")), "Subtype": is(name("Widget")), "FT": is(name("Sig")), "F": is(widgetFlags),
			"T": match[text](fieldName), "Rect": is(hidden), "P": (*conformer).isThisPage,
		}
		maps.Copy(must, more)
		return record(must, nil)
	}
	across, upward := (*conformer).isAcross, (*conformer).isUpward
	shown := all(of(entries{
		"Rect": tuple(across, upward, across, upward), "AP": record(entries{"N": owned("appearance")}, nil),
	}), (*conformer).isPlaced)
	unseen := of(nil)
	archive := of(entries{"Lock": owned("lock")})
	return func(c *conformer, v any) error {
		d, _ := v.(dict)
		switch {
		case d["T"] == text(review.ArchiveField):
			return archive(c, v)
		case is(hidden)(c, d["Rect"]) == nil:
			return unseen(c, v)
		}
		return shown(c, v)
	}
}

func (c *conformer) isInfo(v any) error {
	c.info = v.(dict)
	return is(c.info["CreationDate"])(c, c.info["ModDate"])
}

// isMetadata wants what finish makes of the information dictionary.
func (c *conformer) isMetadata(s stream) error {
	of := func(k name) text { return c.info[k].(text) }
	at, _ := of("CreationDate").date()
	return holds(xmp(Meta{Title: of("Title").people(), Author: of("Author").people(), At: at}))(c, s)
}

func (c *conformer) isCounted(v any) error {
	d := v.(dict)
	return is(len(d["Kids"].(array)))(c, d["Count"])
}

func (c *conformer) isPage(v any) error {
	c.page, _ = v.(ref)
	return owned("page")(c, v)
}

// isSized notes how large a page is: one that is turned has a box of its own.
func (c *conformer) isSized(v any) error {
	c.wide, c.high = layout.PageWidth, layout.PageHeight
	c.places, c.pen = nil, pen{}
	d, _ := v.(dict)
	box, ok := d["MediaBox"]
	if !ok {
		return nil
	}
	c.wide, c.high = c.high, c.wide
	if err := is(turnedBox)(c, box); err != nil {
		return fmt.Errorf("MediaBox: %w", err)
	}
	return nil
}

func (c *conformer) isAcross(v any) error { return number(0, c.wide+1)(c, v) }
func (c *conformer) isUpward(v any) error { return number(0, c.high+1)(c, v) }

func (c *conformer) isThisPage(v any) error { return is(c.page)(c, v) }

func (c *conformer) isAnnotation(v any) error {
	c.widgets = append(c.widgets, v)
	return owned("widget")(c, v)
}

// hasFonts wants the fonts of a page, before what is printed in them.
func (c *conformer) hasFonts(v any) error {
	d, _ := v.(dict)
	return shared("resources")(c, d["Resources"])
}

// isFonts wants the fonts of all pages.
func (c *conformer) isFonts(v any) error {
	if c.fonts != nil {
		return errors.New("pages of different resources")
	}
	c.fonts = map[name]advances{}
	d, _ := v.(dict)
	for k := range d {
		if err := match[name](resourceName)(c, k); err != nil {
			return err
		}
	}
	if err := each(owned("font"))(c, v); err != nil {
		return err
	}
	for k, font := range d {
		c.fonts[k] = c.file.advances(font.(ref))
	}
	return nil
}

func (c *conformer) beginsFont(v any) error {
	c.font = v.(name)
	return nil
}

func (c *conformer) isFontName(v any) error { return is(c.font)(c, v) }

// isGlyphMap wants a glyph for each of the 65536 codes.
func (c *conformer) isGlyphMap(s stream) error { return is(2<<16)(c, len(s.data)) }

// isToUnicode wants the form that toUnicode writes.
func (c *conformer) isToUnicode(s stream) error {
	if !cmapForm.Match(s.data) {
		return errors.New("another CMap")
	}
	return nil
}

// isProgram wants a TrueType font of the descriptor's name: what a reader cannot
// use it replaces by a font of its own.
func (c *conformer) isProgram(s stream) error {
	if err := is(s.dict["Length1"])(c, len(s.data)); err != nil {
		return err
	}
	f, err := layout.ParseFont(s.data)
	if err != nil {
		return err
	}
	return is(c.font[len("ABCDEF+"):])(c, name(f.Name()))
}
