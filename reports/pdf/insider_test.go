package pdf

import (
	"crypto/sha256"
	"maps"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/seal"
)

// signedObjects signs a revision that is not what Sign writes: change gets the objects
// that fill a field and gives what is appended in their place. The signature is good, and
// covers all but its own value.
func signedObjects(tb testing.TB, file []byte, s review.Signing, change func(f *file, o []object) []object) []byte {
	tb.Helper()
	f, fields, _, err := read(file)
	if err != nil {
		tb.Fatal(err)
	}
	i := slices.IndexFunc(fields, func(fd field) bool { return fd.name == s.Field })
	g := signature{field: fields[i], means: s.Means, person: s.Name, reason: s.Reason, at: s.At}
	if g.look, err = f.draw(s, g.field, testFonts()); err != nil {
		tb.Fatal(err)
	}
	size := f.last().size
	objects := func() []object {
		o := change(f, f.filling(g, size))
		slices.SortFunc(o, func(a, b object) int { return int(a.num - b.num) })
		return o
	}
	g.covers, g.contents = array{0, 0, 0, 0}, text(make([]byte, reserved))
	for {
		added, r := f.encode(objects())
		from, to := g.gap(r, size)
		if covers := (array{0, from, to, r.end - to}); !slices.Equal(covers, g.covers) {
			g.covers = covers
			continue
		}
		h := sha256.New()
		h.Write(f.bytes)
		h.Write(added[:from-len(f.bytes)])
		h.Write(added[to-len(f.bytes):])
		value, err := seal.SignCMS([sha256.Size]byte(h.Sum(nil)), s.Certificate, s.Key)
		if err != nil {
			tb.Fatal(err)
		}
		g.contents = text(append(value, make([]byte, reserved-len(value))...))
		f.append(objects())
		return f.bytes
	}
}

// TestInsiders signs, with a good key and certificate, more than a signature, or less.
func TestInsiders(t *testing.T) {
	ours := anchors(t, testPanel())
	base := groupBase(t, 2)
	// value changes the dictionary of the signature.
	value := func(change func(d dict)) func(*file, []object) []object {
		return func(_ *file, o []object) []object {
			for _, o := range o {
				if d, _ := o.value.(dict); d["ByteRange"] != nil {
					change(d)
				}
			}
			return o
		}
	}
	// also appends an object of the base, changed.
	also := func(what func(f *file) (n ref, change func(d dict))) func(*file, []object) []object {
		return func(f *file, o []object) []object {
			n, change := what(f)
			d := maps.Clone(f.base(n).(dict))
			change(d)
			return append(o, object{n, d})
		}
	}
	without := func(n func(f *file) ref) func(*file, []object) []object {
		return func(f *file, o []object) []object {
			return slices.DeleteFunc(o, func(o object) bool { return o.num == n(f) })
		}
	}
	root := func(f *file) ref { return f.root }
	catalog := func(f *file) dict { return f.base(f.root).(dict) }
	page := func(f *file) ref { return f.base(catalog(f)["Pages"].(ref)).(dict)["Kids"].(array)[0].(ref) }
	transform := func(k name, v any) func(*file, []object) []object {
		return value(func(d dict) {
			d["Reference"].(array)[0].(dict)["TransformParams"].(dict)[k] = v
		})
	}
	const (
		first  = "pdf.form "
		second = "pdf.unsigned expert1, pdf.unsigned expert2, pdf.unsigned archive, pdf.appended "
		third  = "pdf.unsigned expert2, pdf.unsigned archive, pdf.appended "
	)
	before := map[string][]string{"secretary": nil, "expert1": {"secretary"}, review.ArchiveField: {"secretary", "expert1"}}
	want := map[string]string{"secretary": first, "expert1": second, review.ArchiveField: third}
	for _, c := range []struct {
		name, field string
		change      func(*file, []object) []object
	}{
		{"a certification without permissions", "secretary", without(root)},
		{"a certification that allows nothing", "secretary", transform("P", 1)},
		{"a certification that allows notes", "secretary", transform("P", 3)},
		{"a certification without a reference", "secretary", value(func(d dict) { delete(d, "Reference") })},
		{"a certification with two references", "secretary", value(func(d dict) { d["Reference"] = append(d["Reference"].(array), dict{}) })},
		{"a certification with another catalog", "secretary", func(_ *file, o []object) []object {
			for _, o := range o {
				if d, _ := o.value.(dict); d["Perms"] != nil {
					d["OpenAction"] = dict{"S": name("JavaScript"), "JS": text("app.alert(1)")}
				}
			}
			return o
		}},
		{"a certification with further permissions", "secretary", func(_ *file, o []object) []object {
			for _, o := range o {
				if d, _ := o.value.(dict); d["Perms"] != nil {
					d["Perms"].(dict)["UR3"] = d["Perms"].(dict)["DocMDP"]
				}
			}
			return o
		}},
		{"an approval that edits a page", "expert1", also(func(f *file) (ref, func(dict)) {
			return page(f), func(d dict) { d["Contents"] = f.info }
		})},
		{"an approval with a note", "expert1", also(func(f *file) (ref, func(dict)) {
			return page(f), func(d dict) { d["Annots"] = append(slices.Clone(d["Annots"].(array)), f.info) }
		})},
		{"an approval that takes the permissions back", "expert1", also(func(f *file) (ref, func(dict)) { return f.root, func(dict) {} })},
		{"an approval with another title", "expert1", also(func(f *file) (ref, func(dict)) {
			return f.info, func(d dict) { d["Title"] = text("x") }
		})},
		{"an approval that locks", "expert1", value(func(d dict) {
			d["Reference"] = array{dict{"Type": name("SigRef"), "TransformMethod": name("FieldMDP")}}
		})},
		{"an approval with an object more", "expert1", func(f *file, o []object) []object {
			return append(o, object{ref(f.last().size + len(o)), dict{}})
		}},
		{"an approval that looks like nothing", "expert1", lookChanged(func(stream) stream { return compressed(dict{}, nil) })},
		{"an approval that whitens", "expert1", lookChanged(func(stream) stream {
			return compressed(dict{}, []byte("q 1.0 0 0 1.0 0 0 cm 1 g 0 0 m 99 0 l 99 99 l h f Q"))
		})},
		{"an approval with a font", "expert1", lookChanged(func(s stream) stream {
			s.dict = maps.Clone(s.dict)
			s.dict["Resources"] = dict{"Font": dict{}}
			return s
		})},
		{"an approval on a larger place", "expert1", lookChanged(func(s stream) stream {
			s.dict = maps.Clone(s.dict)
			s.dict["BBox"] = array{0, 0, 999, 999}
			return s
		})},
		{"an approval of no data", "expert1", lookChanged(func(s stream) stream { return newStream(maps.Clone(s.dict), []byte("x")) })},
		{"an approval that moves its field", "expert1", func(_ *file, o []object) []object {
			for _, o := range o {
				if d, _ := o.value.(dict); d["Rect"] != nil {
					d["Rect"] = array{0, 0, 9, 9}
				}
			}
			return o
		}},
		{"an archive that locks nothing", review.ArchiveField, value(func(d dict) { delete(d, "Reference") })},
		{"an archive that locks one field", review.ArchiveField, transform("Fields", array{text("expert1")})},
		{"an archive that locks all but some", review.ArchiveField, transform("Action", name("Exclude"))},
		{"an archive of another file", review.ArchiveField, value(func(d dict) { d["Reference"].(array)[0].(dict)["Data"] = ref(1) })},
		{"an archive that shows", review.ArchiveField, func(f *file, o []object) []object {
			n := ref(f.last().size + 1)
			for _, o := range o {
				if d, _ := o.value.(dict); d["Rect"] != nil {
					d["AP"] = dict{"N": n}
				}
			}
			return append(o, object{n, newStream(look(array{0, 0, 9, 9}), nil)})
		}},
		{"an archive without its lock", review.ArchiveField, func(_ *file, o []object) []object {
			for _, o := range o {
				if d, _ := o.value.(dict); d["Lock"] != nil {
					delete(d, "Lock")
				}
			}
			return o
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := signerBy(c.field)
			signed := signedObjects(t, signedBy(t, base, before[c.field]...), s, c.change)
			if got := codesOf(Verify(signed, ours)); got != want[c.field] {
				t.Errorf("findings %q, want %q", got, want[c.field])
			}
		})
	}
	plain := func(_ *file, o []object) []object { return o }
	signed := signedObjects(t, signedObjects(t, base, signerBy("secretary"), plain), signerBy("expert1"), plain)
	if got := codesOf(Verify(signedObjects(t, signed, signerBy(review.ArchiveField), plain), ours)); got != "" {
		t.Errorf("without a change: %s", got)
	}
}

// lookChanged changes the appearance of a signature.
func lookChanged(change func(stream) stream) func(*file, []object) []object {
	return func(_ *file, o []object) []object {
		for i := range o {
			if s, ok := o[i].value.(stream); ok {
				o[i].value = change(s)
				if again := o[i].value.(stream); again.dict["Type"] == nil {
					d := maps.Clone(s.dict)
					d["Length"] = len(again.data)
					o[i].value = stream{d, again.data}
				}
			}
		}
		return o
	}
}
