package bag

import (
	"bytes"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

const record = "data/projects/01/project.json"

// hostile is one kind of hostile package of the corpus and what it is refused with.
type hostile struct {
	codes string      // of the corpus, separated by spaces
	want  review.Code // "" where it is accepted
	item  string      // that the message has in it
	make  func(tb testing.TB, f *forge) []byte
}

// notApplicable says why codes of the corpus have no package here.
var notApplicable = map[string]string{
	"S06": "there is one signature, of one algorithm", "S07": "there is one signature",
	"S08": "there is no key id: the certificate is in the signature and bound by it",
	"S09": "P-256: the other form of a signature is refused by seal (TestCMSOtherECDSAForm)",
	"S12": "packages are not encrypted", "S13": "packages are not encrypted",
	"S14": "the signature is DER, not base64; seal tests its forms",
	"E05": "weights stand in regulation packs, not in packages",
	"E07": "text is shown as text: app has no Markdown", "E08": "formulas are escaped where tables are written",
}

func (f *forge) entries(change func(e *rawEntry)) []byte {
	f.zip = func(list []rawEntry) []rawEntry {
		for i := range list {
			if list[i].name == "data/projects/01/documents/0002.txt" {
				change(&list[i])
			}
		}
		return list
	}
	return f.file()
}

// deflated is content as deflate packs it.
func deflated(content []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write(content)
	w.Close()
	return b.Bytes()
}

// patched changes a field of the end record.
func (f *forge) patched(at int, value uint32, size int) []byte {
	f.final = func(file []byte, _, end int) []byte {
		b := make([]byte, 4)
		binary.LittleEndian.PutUint32(b, value)
		copy(file[end+at:], b[:size])
		return file
	}
	return f.file()
}

var corpus = []hostile{
	{"C01", review.CodePackageCut, "", func(testing.TB, *forge) []byte { return nil }},
	{"C02", review.CodePackageForeign, "", func(testing.TB, *forge) []byte { return bytes.Repeat([]byte("random bytes"), 100) }},
	{"C02", review.CodePackageForeign, "", func(testing.TB, *forge) []byte { return []byte(testPDF) }},
	{"C02", review.CodePackageForeign, "", func(testing.TB, *forge) []byte { return []byte("x") }},
	{"C02", review.CodePackageForeign, "", func(testing.TB, *forge) []byte {
		file, _ := rawZip([]rawEntry{newRaw("[Content_Types].xml", []byte("<Types/>")), newRaw("word/document.xml", []byte("<w/>"))})
		return file
	}},
	{"C03", review.CodePackageCut, "", func(_ testing.TB, f *forge) []byte { file := f.file(); return file[:len(file)-1] }},
	{"C03", review.CodePackageCut, "", func(_ testing.TB, f *forge) []byte { file := f.file(); return file[:100] }},
	{"C04", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return append(f.file(), 0) }},
	{"C05", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return append([]byte("#!/bin/sh\nexit\n"), f.file()...) }},
	{"C05", review.CodePackageForm, "", func(tb testing.TB, f *forge) []byte { // with offsets that fit
		f.zip = func(list []rawEntry) []rawEntry { list[0].gap = []byte("MZ self-extracting"); return list }
		return f.file()
	}},
	{"C06", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return append(f.file(), f.file()...) }},
	{"C07", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		f.final = func(file []byte, _, end int) []byte {
			file[end+20] = 4
			return append(file, "note"...)
		}
		return f.file()
	}},
	{"C07", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.comment = "note" }) }},
	{"C08", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) {
			e.content, e.method, e.needed = deflated(e.content), 8, 20
			e.packed = uint32(len(e.content))
		})
	}},
	{"C09", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) {
			zeros := make([]byte, 16<<20)
			e.content, e.method, e.needed, e.sum, e.unpacked = deflated(zeros), 8, 20, crc32.ChecksumIEEE(zeros), uint32(len(zeros))
			e.packed = uint32(len(e.content))
		})
	}},
	{"C10", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry {
			twin := list[len(list)-2]
			twin.name, twin.overlap = "data/projects/01/documents/0003.txt", true
			return slices.Insert(list, len(list)-1, twin)
		}
		return f.file()
	}},
	{"C12", review.CodePackageLimit, "0002.txt", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.packed, e.unpacked = 1<<32-1, 1<<32-1 })
	}},
	{"C12", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.extra = append([]byte{1, 0, 16, 0}, bytes.Repeat([]byte{0xff}, 16)...) })
	}},
	{"C13", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.packed--; e.unpacked-- })
	}},
	{"C13", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.unpacked++ }) }},
	{"C13", review.CodePackageForm, "0002.txt", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { n := e.packed + 1; e.localPacked = &n })
	}},
	{"C14", review.CodePackageForm, "0002.txt", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.sum++ }) }},
	{"C15", review.CodePackageForm, "0002.txt", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.localName = strings.Replace(e.localName, "2", "3", 1) })
	}},
	{"C16", review.CodePackageName, "0002.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { return slices.Insert(list, len(list)-1, list[len(list)-2]) }
		return f.file()
	}},
	{"C17", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.flags = 1 }) }},
	{"C18", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.method = 12 }) }},
	{"C18", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.method = 99 }) }},
	{"C19", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.made, e.external = 3<<8|20, 0o120777<<16 })
	}},
	{"C20", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.made, e.external = 3<<8|20, 0o010644<<16 })
	}},
	{"C20", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.external = 0o060644 << 16 })
	}},
	{"C21", review.CodePackageName, "data/leer/", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { return slices.Insert(list, 5, newRaw("data/leer/", nil)) }
		return f.file()
	}},
	{"C22", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.made, e.external = 3<<8|20, 0o104755<<16 })
	}},
	{"C23", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.flags, e.descriptor = 8, make([]byte, 16) })
	}},
	{"C23", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.extra = []byte("UT\x05\x00\x01\x00\x00\x00\x00") })
	}},
	{"C24", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.date = 0x5976 }) }},
	{"C24", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.time = 1 }) }},
	{"C25", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { slices.Reverse(list); return list }
		return f.file()
	}},
	{"C25", review.CodePackageForm, "manifest-sha256.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { list[1], list[2] = list[2], list[1]; return list }
		return f.file()
	}},
	{"C26", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) { e.gap = []byte("hidden") })
	}},
	{"C26", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { // a whole entry that no directory names
		f.zip = func(list []rawEntry) []rawEntry {
			secret := newRaw("data/projects/01/documents/0009.txt", []byte("hidden"))
			secret.hidden = true
			return append(list, secret)
		}
		return f.file()
	}},
	{"C26", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { // bytes between the last content and the directory
		f.final = func(file []byte, directory, end int) []byte {
			binary.LittleEndian.PutUint32(file[end+16:], uint32(directory+6))
			return slices.Insert(file, directory, []byte("hidden")...)
		}
		return f.file()
	}},
	{"C27", review.CodePackageLimit, "", func(_ testing.TB, f *forge) []byte {
		for i := range MaxEntries {
			f.put(fmt.Sprintf("data/projects/01/documents/%d.txt", 10_000+i), []byte("x"))
		}
		return f.file()
	}},
	{"C28", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.patched(16, 1<<31, 4) }},
	{"C28", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.patched(16, 1<<32-1, 4) }},
	{"C28", review.CodePackageLimit, "", func(_ testing.TB, f *forge) []byte { return f.patched(12, 1<<32-1, 4) }},
	{"C28", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.patched(12, 0, 4) }},
	{"C29", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.patched(4, 1, 2) }},
	{"C29", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.patched(8, 3, 2) }},
	{"C29", review.CodePackageForm, "", func(_ testing.TB, f *forge) []byte { return f.entries(func(e *rawEntry) { e.disk = 1 }) }},

	{"B01", review.CodePackageForeign, "", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { return list[1:] }
		return f.file()
	}},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", "\uFEFF"+bagDeclaration)},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", strings.ReplaceAll(bagDeclaration, "\n", "\r\n"))},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", strings.Replace(bagDeclaration, ": ", ":  ", 1))},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", strings.Replace(bagDeclaration, "1.0", "0.97", 1))},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", strings.Replace(bagDeclaration, "1.0", "2.0", 1))},
	{"B02", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", "")},
	{"B03", review.CodePackageTag, "bagit.txt", tagged1("bagit.txt", strings.Replace(bagDeclaration, "UTF-8", "GB18030", 1))},
	{"B03", review.CodePackageValue, "bag-info.txt Title", func(_ testing.TB, f *forge) []byte { f.info.Title = "\xd5\xfe\xce\xf1"; return f.file() }},
	{"B03", review.CodePackageTag, "bag-info.txt", infoLine("Seq: 2\n", "Seq: 02\n")},
	{"B03", review.CodePackageTag, "bag-info.txt", infoLine("Title: ", "Contact-Name: x\nTitle: ")},
	{"B03", review.CodePackageTag, "bag-info.txt", infoLine("Seq: 2\n", "Seq: 2\nSeq: 3\n")},
	{"B03", review.CodePackageTag, "bag-info.txt", infoLine("\n", "\r\n")},
	{"B03", review.CodePackageTag, "bag-info.txt", infoLine("Kind: review-package\n", "")},
	{"B03", review.CodePackageValue, "Bagging-Date", infoLine("2026-11-22", "2026-02-30")},
	{"B03", review.CodePackageValue, "Secrecy-Level", infoLine("work_secret", "secret")},
	{"B03", review.CodePackageNewer, "bag-info.txt", infoLine("Format-Version: 1", "Format-Version: 2")},
	{"B04", review.CodePackageTag, "manifest-sha256.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry { return slices.Delete(list, 2, 3) }
		return f.file()
	}},
	{"B04", review.CodePackageTag, "manifest-sha256.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry {
			list[2] = newRaw("manifest-md5.txt", list[2].content)
			return list
		}
		return f.file()
	}},
	{"B05", review.CodePackageManifest, "data/projects/01/project.json", func(tb testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return m[:strings.LastIndex(m[:len(m)-1], "\n")+1] })
	}},
	{"B06", review.CodePackageManifest, "manifest-sha256.txt", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return m + strings.Repeat("0", 64) + "  data/projects/02/project.json\n" })
	}},
	{"B07", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return m[:strings.Index(m, "\n")+1] + m })
	}},
	{"B08", review.CodePackageAltered, "0002.txt", func(_ testing.TB, f *forge) []byte {
		return f.entries(func(e *rawEntry) {
			e.content = bytes.Replace(e.content, []byte("三"), []byte("四"), 1)
			e.sum = crc32.ChecksumIEEE(e.content)
		})
	}},
	{"B09", review.CodePackageAltered, "bag-info.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry {
			list[1] = newRaw(nameInfo, bytes.Replace(list[1].content, []byte("Seq: 2"), []byte("Seq: 3"), 1))
			return list
		}
		return f.file()
	}},
	{"B10", review.CodePackageForm, "fetch.txt", func(_ testing.TB, f *forge) []byte {
		f.zip = func(list []rawEntry) []rawEntry {
			return slices.Insert(list, 2, newRaw("fetch.txt", []byte("http://127.0.0.1/x - data/x.txt\n")))
		}
		return f.file()
	}},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte { return manifestOf(f, strings.ToUpper) }},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return strings.ToUpper(m[:64]) + m[64:] })
	}},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return strings.ReplaceAll(m, "  ", " ") })
	}},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return strings.ReplaceAll(m, "  ", " *") })
	}},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return strings.ReplaceAll(m, "  ", "  ./") })
	}},
	{"B11", review.CodePackageManifest, "", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return strings.TrimSuffix(m, "\n") })
	}},
	{"B11", review.CodePackageManifest, "bag-info.txt", func(_ testing.TB, f *forge) []byte {
		f.sums = func(m []byte) []byte { return bytes.ToUpper(m) }
		return f.file()
	}},
	{"B12", review.CodePackageManifest, "bag-info.txt", func(_ testing.TB, f *forge) []byte {
		f.tags = func(tags map[string][]byte) {
			f.info.Octets++
			tags[nameInfo] = f.info.encode()
		}
		return f.file()
	}},
	{"B13", review.CodePackageLimit, "manifest-sha256.txt", func(_ testing.TB, f *forge) []byte {
		return manifestOf(f, func(m string) string { return m + strings.Repeat("\n", 5<<20) })
	}},

	{"S01", review.CodePackageUnsigned, "", func(_ testing.TB, f *forge) []byte { f.sign = nil; return f.file() }},
	{"S01", review.CodePackageSignature, "", func(_ testing.TB, f *forge) []byte {
		f.sign = func([32]byte) []byte { return []byte{} }
		return f.file()
	}},
	{"S02", review.CodePackageIssuer, "", func(tb testing.TB, f *forge) []byte {
		other, err := seal.NewIssuer(testIssuer().Name(), testTime)
		if err != nil {
			tb.Fatal(err)
		}
		f.sign = func(d [32]byte) []byte { return must(other.Sign(d)) }
		return f.file()
	}},
	{"S03", review.CodePackageSignature, "", func(_ testing.TB, f *forge) []byte {
		f.sign = func([32]byte) []byte { return must(testIssuer().Sign(sha256.Sum256([]byte("another package")))) }
		return f.file()
	}},
	{"S04", review.CodePackageForeign, "", infoLine("Kind: review-package", "Kind: sealed-ballot")},
	{"S05", review.CodePackageRole, "李评审", func(tb testing.TB, f *forge) []byte {
		panel := must(seal.NewAuthority("城东综合管廊方案评审会", testTime))
		key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
		cert := must(x509.ParseCertificate(must(panel.Issue(key.Public(), seal.Subject{Name: "李评审", Role: "专家", Meeting: "城东综合管廊方案评审会"}, testTime))))
		f.sign = func(d [32]byte) []byte { return must(seal.SignCMS(d, cert, key)) }
		return f.file()
	}},
	{"S05", review.CodePackageRole, "", func(tb testing.TB, f *forge) []byte { // the role alone is claimed
		panel := must(seal.NewAuthority("城东综合管廊方案评审会", testTime))
		key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
		subject := seal.Subject{Name: testIssuer().Name(), Role: seal.IssuerRole, Meeting: testIssuer().Name()}
		cert := must(x509.ParseCertificate(must(panel.Issue(key.Public(), subject, testTime))))
		f.sign = func(d [32]byte) []byte { return must(seal.SignCMS(d, cert, key)) }
		return f.file()
	}},
	{"S02", review.CodePackageUnit, "另一家单位", func(_ testing.TB, f *forge) []byte { f.info.Issuer = "另一家单位"; return f.file() }},
	{"S10", review.CodePackageOlder, "XG-2026-014", func(_ testing.TB, f *forge) []byte { f.info.Seq = 1; return f.file() }},
	{"S11", review.CodePackageSwapped, "XG-2026-014", func(_ testing.TB, f *forge) []byte { f.info.Title = "另一份"; return f.file() }},

	{"E01", review.CodePackageField, "title", inRecord(`"code":`, `"title":"x","code":`)},
	{"E01", review.CodePackageField, "Title", inRecord(`"code":`, `"Title":"x","code":`)},
	{"E01", review.CodePackageField, "Ⅸ", inRecord(`"months":`, `"ⅸ":1,"Ⅸ":2,"months":`)},
	{"E02", review.CodePackageField, "comment", inRecord(`"code":`, `"comment":"x","code":`)},
	{"E02", review.CodePackageField, "documents[0].pages", inRecord(`"file":`, `"pages":3,"file":`)},
	{"E02", review.CodePackageField, "scheme", inRecord(`"scheme": "yueqing-2015.technical_review",`, ``)},
	{"E02", review.CodePackageNewer, "project.json", inRecord(`"version": 1`, `"version": 2`)},
	{"E02", review.CodePackageValue, "version", inRecord(`"version": 1`, `"version": 0`)},
	{"E02", review.CodePackageValue, "version", inRecord(`"version": 1,`, ``)},
	{"E03", review.CodePackageLimit, "project.json", inRecord(`"code":`, `"deep":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+`,"code":`)},
	{"E03", review.CodePackageLimit, "project.json", inRecord(`"code":`, strings.Repeat(" ", 9<<20)+`"code":`)},
	{"E03", review.CodePackageLimit, "project.json", inRecord(`"code":`, `"many":[`+strings.Repeat("1,", 1_000_000)+`1],"code":`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `NaN`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `1e400`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `9223372036854775808`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `9007199254740992`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `18.5`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `-0`)},
	{"E04", review.CodePackageJSON, "project.json:", inRecord(`18`, `018`)},
	{"E04", review.CodePackageValue, "quorum", inRecord(`"quorum": 5`, `"quorum": -5`)},
	{"E04", review.CodePackageValue, "quorum", inRecord(`"quorum": 5`, `"quorum": "5"`)},
	{"E06", review.CodePackageValue, "roster[1].name", func(tb testing.TB, f *forge) []byte {
		return f.replace(tb, nameMeeting, `{"name":"孟㛃","roles":["member"]}`, `{"name":"龚䶮","unit":"虚构大学","roles":["member"]}`).file()
	}},
	{"E06", review.CodePackageName, "情况说明.txt", document("情况说明.TXT", []byte("同名"))},
	{"E09", review.CodePackageImage, "现场.png", document("现场.png", pngOf(60_000, 60_000))},
	{"E12", review.CodePackageMismatch, "概算.xlsx", document("概算.xlsx", office(map[string]string{
		"[Content_Types].xml": "<Types/>", "xl/workbook.xml": `<!DOCTYPE w [<!ENTITY a "aaaa">]><w>&a;</w>`,
	}))},
	{"E13", review.CodePackageDocument, "documents[1].file", inRecord(`"0002.txt"`, `"0003.txt"`)},
	{"E13", review.CodePackageDocument, "documents/0002.txt", func(tb testing.TB, f *forge) []byte {
		return f.put("data/projects/01/documents/0002.txt", nil).file()
	}},
	{"E13", review.CodePackageDocument, "documents/0003.txt", func(tb testing.TB, f *forge) []byte {
		return f.put("data/projects/01/documents/0003.txt", []byte("x")).file()
	}},
	{"E13", review.CodePackageDocument, "data/other.json", func(tb testing.TB, f *forge) []byte { return f.put("data/other.json", []byte("{}")).file() }},
	{"E14", review.CodePackageSecrecy, "mimi", func(_ testing.TB, f *forge) []byte { f.info.Secrecy = SecrecyMi; return f.file() }},
	{"E14", review.CodePackageSecrecy, "juemi", func(_ testing.TB, f *forge) []byte { f.info.Secrecy = SecrecyJue; return f.file() }},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `政务`+strings.Repeat("\u0301", 100_000))},
	{"E15", review.CodePackageValue, "profile[0].text", inRecord(`第一段`, strings.Repeat("字", MaxJSON/4))},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `政务\u202e数据`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `政务\u200b数据`)},
	{"E15", review.CodePackageValue, "profile[0].text", inRecord(`第一段`, `第\u0007段`)},
	{"E15", review.CodePackageValue, "facts.investment_cny", inRecord(`2360000.00`, `2360000.00\n`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, "e\u0301")},
	{"E15", review.CodePackageJSON, "project.json", inRecord(`政务数据`, "\xff")},
	{"E15", review.CodePackageJSON, "project.json:", inRecord(`政务数据`, `\ud800`)},
	{"E15", review.CodePackageLimit, "units", inRecord(`"units": [`, `"units": [`+strings.Repeat(`{"part":"owner","name":"x"},`, review.MaxUnits))},
	{"E06", review.CodePackageValue, "units[0].part", inRecord(`"part": "owner"`, `"part": "Owner"`)},
	{"E06", review.CodePackageValue, "units[0].part", inRecord(`"part": "owner"`, `"part": "expert"`)},
	{"E06", review.CodePackageValue, "units[1].name", inRecord(`"units": [`, `"units": [{"part":"owner","name":"虚构市大数据发展管理局"},`)},
	{"E06", review.CodePackageValue, "facts.changes", inRecord(`"changes": [`, `"changes": "[{\"id\":\"BG-01\"}]","other": [`)},
	{"E06", review.CodePackageValue, "facts.changes", inRecord(`"changes": [`, `"changes": "{}","other": [`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, ` 政务数据`)},
	{"E15", review.CodePackageValue, "units[0].name", inRecord(`管理局"`, `管理局\u3000"`)},
	{"E15", review.CodePackageValue, "facts.investment_cny", inRecord(`2360000.00`, `2360000.00 `)},
	{"E15", review.CodePackageValue, "roster[0].name", func(tb testing.TB, f *forge) []byte { return f.replace(tb, nameMeeting, `龚䶮`, `龚䶮 `).file() }},
	{"E15", review.CodePackageName, "说明.txt", inRecord(`情况说明.txt`, `\u2f08说明.txt`)}, // 人 as a radical
	{"E15", review.CodePackageValue, "Title", func(_ testing.TB, f *forge) []byte { f.info.Title = "评审包\u3000"; return f.file() }},
	{"E15", review.CodePackageValue, "Issuer", func(_ testing.TB, f *forge) []byte { f.info.Issuer = "\u2ed3城局"; return f.file() }},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `\u2e80`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `\u2fdf`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `政务\u2800数据`)},
	{"E15", review.CodePackageValue, "title", inRecord(`政务数据`, `政务\ufdd0数据`)},
	{"E15", review.CodePackageValue, "profile[0].text", inRecord(`第一段`, `第\ud83f\udfff段`)},
	{"E15", review.CodePackageValue, "profile[0].text", inRecord(`第一段`, `第\u0338\u0338\u0338\u0338段`)},
	{"E16", "", "", func(_ testing.TB, f *forge) []byte { f.info.Date = "2027-01-01"; return f.file() }},

	{"C11 N24", review.CodePackageNested, "附件.zip", document("附件.zip", []byte(testPDF))},
	{"C11 N24", review.CodePackageNested, "评审.rpk", document("评审.rpk", []byte(testPDF))},
	{"C11", review.CodePackageNested, "方案.pdf", document("方案.pdf", office(map[string]string{"x": "y"}))},
	{"C11", review.CodePackageNested, "方案.docx", document("方案.docx", office(map[string]string{"x": "y"}))},
	{"N24", review.CodePackageProgram, "安装.exe", document("安装.exe", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "安装.dll", document("安装.dll", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "报告.lnk", document("报告.lnk", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "报告.scr", document("报告.scr", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "报告.js", document("报告.js", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "报告.HTA", document("报告.HTA", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "报告.pdf.exe", document("报告.pdf.exe", []byte(testPDF))},
	{"N24", review.CodePackageKind, "报告.docm", document("报告.docm", []byte(testPDF))},
	{"N24", review.CodePackageKind, "报告", document("报告", []byte(testPDF))},
	{"N24", review.CodePackageProgram, "方案.pdf", document("方案.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00 This program cannot be run in DOS mode"))},
	{"N24", review.CodePackageProgram, "现场.png", document("现场.png", []byte("\x7fELF\x02\x01\x01"))},
	{"N24", review.CodePackageMismatch, "现场.png", document("现场.png", []byte(testPDF))},
	{"N24", review.CodePackageMismatch, "方案.pdf", document("方案.pdf", []byte("plain text"))},
}

func tagged1(name, content string) func(testing.TB, *forge) []byte {
	return func(_ testing.TB, f *forge) []byte {
		f.tags = func(tags map[string][]byte) { tags[name] = []byte(content) }
		return f.file()
	}
}

func infoLine(old, new string) func(testing.TB, *forge) []byte {
	return func(tb testing.TB, f *forge) []byte {
		f.tags = func(tags map[string][]byte) {
			if !bytes.Contains(tags[nameInfo], []byte(old)) {
				tb.Fatalf("no %q", old)
			}
			tags[nameInfo] = bytes.Replace(tags[nameInfo], []byte(old), []byte(new), 1)
		}
		return f.file()
	}
}

func manifestOf(f *forge, change func(string) string) []byte {
	f.tags = func(tags map[string][]byte) { tags[nameManifest] = []byte(change(string(tags[nameManifest]))) }
	return f.file()
}

func inRecord(old, new string) func(testing.TB, *forge) []byte {
	return func(tb testing.TB, f *forge) []byte { return f.replace(tb, record, old, new).file() }
}

func document(name string, content []byte) func(testing.TB, *forge) []byte {
	return func(tb testing.TB, f *forge) []byte { return f.document(tb, name, content).file() }
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// hostileNames are entries that may not be, by the codes of the corpus.
var hostileNames = map[string][]string{
	"N01": {"../x", "data/../../x", "data/.."},
	"N02": {"/etc/x", "/x"},
	"N03": {`..\x`, `data\x`},
	"N04": {`C:\x`, "C:x", "c:x"},
	"N05": {`\\host\share`, "//host/x"},
	"N06": {`\\?\C:\x`, `\??\x`},
	"N07": {"data/con", "data/CON", "data/nul.txt", "data/LPT¹.pdf", "data/CONIN$", "data/com1", "data/lpt9.x.txt"},
	"N08": {"data/a.txt:stream"},
	"N09": {"data/x.", "data/x ", "data/x./y"},
	"N10": {"data/\x00", "data/\n", "data/\t", "data/\x7f", "data/\x1b[31m"},
	"N11": {"data/报告\u202efdp.exe"},
	"N12": {"data/a\u200db", "data/a\u2060"},
	"N13": {"data/\xff", "data/\xc3"},
	"N14": {"data/\xb1\xa8\xb8\xe6.pdf"},
	"N15": {"data/e\u0301.txt"},
	"N17": {"data/A.pdf", "data/ß", "data/İ"},
	"N19": {"", "data/", "data//x", "data/./x", "."},
	"N20": {"data/" + strings.Repeat("a", 121), "data/" + strings.Repeat("a/", 88), "a/b/c/d/e/f/g/h/i", "data/" + strings.Repeat("a", 65_000)},
	"N21": {"data/PROJEC~1.PDF", "data/projec~1.pdf"},
	"N22": {"~/x", "~user/x", "data/%2e%2e/x"},
	"N23": {"data/.DS_Store", "data/Thumbs.db", "data/desktop.ini ", "data/.x", "__MACOSX/x"},
}

// twoNames are entries that each could be, but not both.
var twoNames = map[string][2]string{
	"N16": {"data/\u00e9.txt", "data/e\u0301.txt"},
	"N18": {"data/projects/01/project.json/x", "data/projects/01/project.json"},
}

// TestCorpus: every hostile package is refused with its code, and what can be known is
// said: the entry, the member, the fingerprint.
func TestCorpus(t *testing.T) {
	covered := map[string]bool{}
	policy := trusting()
	for i, h := range corpus {
		for code := range strings.FieldsSeq(h.codes) {
			covered[code] = true
		}
		t.Run(fmt.Sprintf("%s_%d", strings.Fields(h.codes)[0], i), func(t *testing.T) {
			f := newForge(t)
			p := policy
			if h.want == review.CodePackageOlder || h.want == review.CodePackageSwapped {
				seen := must(opened(f.file(), policy))
				p = must(Trust{}.See(seen)).Policy(policy.Ceiling, policy.At)
				p.Issuers = policy.Issuers
			}
			got, err := opened(h.make(t, f), p)
			if h.want == "" {
				if err != nil || len(got.Warnings()) == 0 {
					t.Fatalf("warnings %v, %v", got, err)
				}
				return
			}
			if got != nil {
				t.Error("a package came with the error")
			}
			reviewtest.WantCode(t, err, h.want)
			if !strings.Contains(review.ItemOf(err), h.item) {
				t.Errorf("item %q, want %q in it", review.ItemOf(err), h.item)
			}
		})
	}
	for code, names := range hostileNames {
		covered[code] = true
		for _, name := range names {
			f := newForge(t)
			f.zip = func(list []rawEntry) []rawEntry { return append(list, newRaw(name, []byte("x"))) }
			_, err := opened(f.file(), policy)
			reviewtest.WantCode(t, err, review.CodePackageName)
			if item := review.ItemOf(err); item != encoded(name) || strings.Trim(item, nameAlphabet+"%ABCDEF…") != "" {
				t.Errorf("%q: item %q", name, item)
			}
		}
	}
	for code, names := range twoNames {
		covered[code] = true
		f := newForge(t)
		f.zip = func(list []rawEntry) []rawEntry {
			list = slices.DeleteFunc(list, func(e rawEntry) bool { return slices.Contains(names[:], e.name) })
			return append(list, newRaw(names[0], []byte("x")), newRaw(names[1], []byte("y")))
		}
		_, err := opened(f.file(), policy)
		reviewtest.WantCode(t, err, review.CodePackageName)
	}
	// Warned of and accepted: TestActiveContent.
	covered["E10"], covered["E11"] = true, true
	for series, n := range map[string]int{"C": 29, "N": 24, "B": 13, "S": 14, "E": 16} {
		for i := range n {
			code := fmt.Sprintf("%s%02d", series, i+1)
			if covered[code] == (notApplicable[code] != "") {
				t.Errorf("%s is neither in the corpus nor said not to apply, or both", code)
			}
		}
	}
	t.Logf("%d codes of the corpus, %d packages; %d do not apply: %s", len(covered), len(corpus)+len(hostileNames), len(notApplicable), slices.Sorted(maps.Keys(notApplicable)))
}

// TestNothingTold: an error that comes before the signature holds has nothing of the
// file's own text in it, causes included.
func TestNothingTold(t *testing.T) {
	const text = "请致电"
	tag := func(name, content string) func(*forge) {
		return func(f *forge) { f.tags = func(tags map[string][]byte) { tags[name] = []byte(content) } }
	}
	entry := func(at int, name string) func(*forge) {
		return func(f *forge) {
			f.zip = func(list []rawEntry) []rawEntry { return slices.Insert(list, at, newRaw(name, []byte(text))) }
		}
	}
	for what, change := range map[string]func(*forge){
		"a name":              entry(6, "data/"+text),
		"a name at the front": entry(0, text),
		"an endless name":     entry(6, strings.Repeat(text, 1000)),
		"a declaration":       tag(nameBagit, text),
		"a kind":              tag(nameInfo, "Kind: "+text+"\nFormat-Version: 1\n"),
		"a version":           tag(nameInfo, "Kind: review-package\nFormat-Version: "+text+"\n"),
		"a level":             func(f *forge) { f.info.Secrecy = text },
		"a number":            func(f *forge) { f.info.ID = text },
		"a title":             func(f *forge) { f.info.Title = " " + text },
		"a manifest":          tag(nameManifest, strings.Repeat("0", 64)+"  "+text+"\n"),
		"a signature":         func(f *forge) { f.sign = func([32]byte) []byte { return []byte(text) } },
		"JSON without one": func(f *forge) {
			f.put(record, []byte(text)).sign = func([32]byte) []byte { return nil }
		},
	} {
		f := newForge(t)
		change(f)
		_, err := opened(f.file(), trusting())
		if err == nil {
			t.Fatalf("%s: opened", what)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.ContainsAny(e.Error(), "请致电") || len(e.Error()) > 1000 {
				t.Fatalf("%s: %v", what, e)
			}
		}
	}
}

// TestRevoked: an issuer that was trusted once.
func TestRevoked(t *testing.T) {
	list := must(Trust{}.Add(testIssuer().Fingerprint(), testIssuer().Name(), testTime))
	if _, err := opened(built(t, sample()), list.Policy(SecrecyWork, testTime)); err != nil {
		t.Fatal(err)
	}
	list = must(list.Revoke(testIssuer().Fingerprint(), "签发介质遗失", testTime))
	_, err := opened(built(t, sample()), list.Policy(SecrecyWork, testTime))
	reviewtest.WantCode(t, err, review.CodePackageRevoked)
	if review.ItemOf(err) != testIssuer().Name() {
		t.Errorf("item %q", review.ItemOf(err))
	}
}
