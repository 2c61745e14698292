package bag

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"heyi/review"
	"heyi/review/seal"
)

// The targets hold that no input makes the reader fail otherwise than by a code, and
// that what is accepted is what the writer would have written.

// FuzzContainer: an archive is accepted only if the writer would have written its
// directory and headers.
func FuzzContainer(f *testing.F) {
	f.Add(nineKB(f))
	f.Add(newForge(f).file())
	f.Add([]byte(testPDF))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		entries, err := readContainer(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			coded(t, err)
			return
		}
		var again []byte
		for _, e := range entries {
			again = append(append(again, localHeader(e)...), file[e.offset:e.offset+e.size]...)
		}
		if again = append(again, directory(entries, int64(len(again)))...); !bytes.Equal(again, file) {
			t.Errorf("accepted, but the writer writes\n%q\nnot\n%q", again, file)
		}
		if _, err := opened(file, trusting()); err != nil {
			coded(t, err)
		}
	})
}

// FuzzPackage goes past the signature: whatever a trusted issuer signs is opened or
// refused with a code.
func FuzzPackage(f *testing.F) {
	whole := newForge(f)
	for _, d := range whole.data {
		f.Add(d.name, d.content, "方案.pdf")
	}
	f.Add("data/projects/01/documents/0001.pdf", pdfOf(objectStream("/Type/ObjStm", "3 0 /JavaScript")), "方案.pdf")
	f.Add("data/projects/01/documents/0001.xlsx", office(sheetParts), "概算.xlsx")
	f.Add("data/projects/01/documents/0001.docx", office(wordParts), "文.docx")
	f.Add("data/projects/01/documents/0001.doc", ole("WordDocument"), "文.doc")
	f.Add("data/projects/01/documents/0001.png", pngOf(1, 1), "图.png")
	f.Add("data/projects/01/documents/0001.jpg", jpegOf(1, 1), "图.jpg")
	f.Fuzz(func(t *testing.T, name string, content []byte, own string) {
		if len(name) > 1<<15 { // the zip writer of the tests writes 16 bits
			return
		}
		forge := newForge(t)
		if strings.HasPrefix(name, "data/projects/01/documents/0001.") {
			quoted, _ := json.Marshal(own)
			forge.put("data/projects/01/documents/0001.pdf", nil)
			file, _ := json.Marshal(strings.TrimPrefix(name, "data/projects/01/documents/"))
			forge.replace(t, record, `"0001.pdf"`, string(file)).replace(t, record, `"技术方案（送审稿）.pdf"`, string(quoted))
		}
		p, err := opened(forge.put(name, append([]byte{}, content...)).file(), trusting())
		if err != nil {
			coded(t, err)
			return
		}
		if err := p.Check(); err != nil {
			t.Errorf("opened, but %v", err)
		}
	})
}

// FuzzJudge: a document of any kind and any content is judged or refused with a code, at
// once, and the same however it is read.
func FuzzJudge(f *testing.F) {
	seeds := map[Kind][][]byte{
		KindPDF: {
			pdfOf(objectStream("/Type/ObjStm/X[(endobj)<00>]%stream\n", "3 0 <</S/JavaScript>>")),
			pdfOf("3 0 obj\n<</First 4 0 R/Last 4 0 R>>\nendobj <</OnInstantiate 1/S/Launch>>"),
		},
		KindPNG: {pngOf(1, 1)}, KindJPEG: {jpegOf(1, 1)}, KindDWG: {[]byte("AC1027")}, KindTIFF: {[]byte("II*\x00")},
		KindText: {[]byte("abc国\xef\xbb\xbf")}, KindCSV: {[]byte("\xce\xc4\x81\x30\x86\x30")},
		KindXLSX: {office(plus(sheetParts, "xl/vbaProject.bin", "x"))}, KindDOCX: {office(wordParts)},
		KindPPTX: {office(slideParts)}, KindOFD: {office(ofdParts)},
		KindDOC: {ole("Root Entry", "WordDocument", "Macros")}, KindET: {ole("Root Entry", "Workbook")},
	}
	for i, k := range kinds {
		for _, content := range seeds[k.kind] {
			f.Add(uint8(i), content)
		}
	}
	f.Fuzz(func(t *testing.T, n uint8, content []byte) {
		kind := kinds[int(n)%len(kinds)]
		judge := func(look func(s *inspection)) ([]string, error) {
			s := &inspection{kind: kind.kind, budget: new(atomic.Int64)}
			s.budget.Store(1 << 26)
			look(s)
			return s.judge("a"+kind.extensions[0], io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content))))
		}
		warned, err := judge(func(s *inspection) { cut(content, chunk, s.look) })
		if err != nil {
			coded(t, err)
		}
		if kind.kind != KindPDF && kind.kind != KindText && kind.kind != KindCSV {
			return
		}
		again, errAgain := judge(func(s *inspection) { cut(content, headSize, s.look) })
		if !slices.Equal(warned, again) || review.CodeOf(err) != review.CodeOf(errAgain) {
			t.Errorf("in pieces: %v, %v; else %v, %v", again, errAgain, warned, err)
		}
	})
}

// FuzzManifest: a manifest is accepted only in the one form.
func FuzzManifest(f *testing.F) {
	f.Add(encodeManifest(taggedNames, []review.Digest{review.DigestOf(nil), review.DigestOf(nil), review.DigestOf(nil)}))
	f.Add([]byte(strings.Repeat("0", 64) + " *bagit.txt\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		digests, err := decodeManifest(nameTagManifest, b, taggedNames)
		if err != nil {
			coded(t, err)
		} else if !bytes.Equal(encodeManifest(taggedNames, digests), b) {
			t.Errorf("%q", b)
		}
		err = CheckBag(Tree{nameBagit: []byte(bagDeclaration), nameManifest: b, nameTagManifest: b, "data/x": []byte("x")})
		if err != nil {
			coded(t, err)
		}
	})
}

// FuzzInfo: bag-info.txt is accepted only in the one form.
func FuzzInfo(f *testing.F) {
	f.Add(newForge(f).info.encode())
	f.Add([]byte("Kind: review-package\nFormat-Version: 9\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		i, err := decodeInfo(b)
		if err != nil {
			coded(t, err)
		} else if !bytes.Equal(i.encode(), b) {
			t.Errorf("%q became %q", b, i.encode())
		}
	})
}

// FuzzJSON: what is accepted the standard library reads as the same, and it reads the
// same again when it is written; typed reading ends with a value or a code.
func FuzzJSON(f *testing.F) {
	whole := newForge(f)
	f.Add(whole.content(f, record))
	f.Add(whole.content(f, nameMeeting))
	f.Add([]byte(`{"a":[1,"\ud861\udee4",null,true,{}]}`))
	f.Add([]byte(`{"a":1,"A":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseJSON("x", text)
		if err != nil {
			coded(t, err)
			return
		}
		same(t, string(text), n)
		for _, source := range []bool{true, false} {
			if _, err := decodeProject("x", text, source); err != nil {
				coded(t, err)
			}
		}
		if _, err := decodeMeeting("x", text); err != nil {
			coded(t, err)
		}
	})
}

// FuzzSignature: no bytes but a signature over the package are taken for one.
func FuzzSignature(f *testing.F) {
	good := must(testIssuer().Sign(sha256.Sum256([]byte("another package"))))
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, value []byte) {
		if s, err := seal.ReadCMS(value); err == nil && s.Digest != sha256.Sum256([]byte("another package")) {
			t.Fatalf("a signature that nobody made: %x", value)
		}
		if len(value) > seal.MaxCMS {
			return
		}
		forge := newForge(t)
		forge.sign = func([32]byte) []byte { return value }
		p, err := opened(forge.file(), trusting())
		if p != nil || err == nil {
			t.Fatalf("opened with the signature %x", value)
		}
		coded(t, err)
	})
}

// FuzzTrust: a trust file is accepted only as Encode writes it.
func FuzzTrust(f *testing.F) {
	list := must(Trust{}.Add(testIssuer().Fingerprint(), testIssuer().Name(), testTime))
	f.Add(list.Encode())
	f.Add(must(list.Revoke(testIssuer().Fingerprint(), "遗失", testTime)).Encode())
	f.Add(Trust{Seen: []Seen{{testIssuer().Fingerprint(), "A", 1, review.DigestOf(nil)}}}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := DecodeTrust(b)
		if err != nil {
			coded(t, err)
		} else if len(b) > 0 && !bytes.Equal(list.Encode(), b) {
			t.Errorf("%q became %q", b, list.Encode())
		}
	})
}

func coded(t *testing.T, err error) {
	t.Helper()
	if code := review.CodeOf(err); code == review.CodeInternal || code == "" {
		t.Fatalf("no code: %v", err)
	}
}
