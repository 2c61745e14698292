package filing

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The places of a folder.
const (
	nameReadme      = "说明文件.TXT"
	nameCatalogue   = "文件目录.XML"
	nameSums        = "sha256sum.txt"
	dirPapers       = "电子档案"
	dirOther        = "其他"
	nameGuide       = dirOther + "/核验说明.TXT"
	nameCheckpoint  = dirOther + "/检查点.TXT"
	nameData        = dirOther + "/数据/会议数据.json"
	nameWorkbook    = dirOther + "/数据/会议数据.xlsx"
	nameJournal     = dirOther + "/日志/journal.jsonl"
	nameExtract     = dirOther + "/日志/日志摘录.TXT"
	dirPackages     = dirOther + "/评审包"
	dirRules        = dirOther + "/规则"
	dirCertificates = dirOther + "/证书"
	dirVoid         = dirOther + "/作废文件"
	nameVoid        = dirVoid + "/作废说明.TXT"
)

// Limits of a folder. What is above one is refused with CodeFilingForm.
const (
	MaxFiles     = 20_000
	MaxName      = 60        // one part of a path, in UTF-16 units, which is no more in characters
	MaxDepth     = 4         // parts of a path
	MaxFile      = 2 << 30   // one file, in bytes
	MaxFolder    = 64 << 30  // all files together, in bytes
	MaxCatalogue = 32 << 20  // 文件目录.XML and sha256sum.txt, in bytes
	MaxJournal   = 256 << 20 // journal.jsonl, in bytes
	MaxPaper     = 64 << 20  // a paper, a pack or a certificate, which are read into memory, in bytes
)

// most is how large a file may be there, in bytes: what is read into memory to be verified is
// not written larger than it is read.
func most(p string) int64 {
	if p == nameJournal {
		return MaxJournal
	}
	for _, dir := range []string{dirPapers, dirVoid, dirRules, dirCertificates} {
		if strings.HasPrefix(p, dir+"/") {
			return MaxPaper
		}
	}
	return MaxFile
}

// reserved are names that Windows takes for devices, whatever follows a dot.
var reserved = []string{
	"CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
	"LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
}

// punctuation is what names have beside letters and digits.
const punctuation = "-_.（）〔〕、"

// plain tells whether a character may stand in a name: one that every system takes, that is
// seen, and that no normalisation of names touches in common scripts.
func plain(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(punctuation, r))
}

// goodName tells whether one part of a path may be called so.
func goodName(s string) bool {
	return s != "" && len(utf16.Encode([]rune(s))) <= MaxName && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) &&
		s[0] != '.' && s[len(s)-1] != '.' && !isReserved(s)
}

func isReserved(s string) bool {
	device, _, _ := strings.Cut(s, ".")
	return slices.Contains(reserved, strings.ToUpper(device))
}

// goodPath tells whether a file may lie there.
func goodPath(p string) bool {
	parts := strings.Split(p, "/")
	return len(parts) <= MaxDepth && !slices.ContainsFunc(parts, func(s string) bool { return !goodName(s) })
}

// fold gives what two names have in common that some system takes for one.
func fold(p string) string { return strings.ToLower(strings.ToUpper(p)) }

// nameOf makes a name of text and an extension, which is "" or begins with a dot: what
// cannot stand in one is left out, and what is too long is cut. ext is a name of ours.
func nameOf(text, ext string) string {
	text = strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case plain(r):
			return r
		case unicode.IsSpace(r), r == '/', r == '\\':
			return '-'
		}
		return -1
	}, text), "-.")
	if isReserved(text) {
		text = "_" + text
	}
	units, n := 0, len(text)
	for i, r := range text {
		if units += utf16.RuneLen(r); units > MaxName-len(ext) {
			n = i
			break
		}
	}
	if text = strings.TrimRight(text[:n], "-."); text == "" {
		text = "文件"
	}
	return text + ext
}

// names gives each file of a folder a path of its own.
type names map[string]bool

// take gives the path of a file in dir: one that is taken gets a number.
func (n names) take(dir, text, ext string) string {
	p := path.Join(dir, nameOf(text, ext))
	for i := 2; n[fold(p)]; i++ {
		suffix := "-" + strconv.Itoa(i) + ext
		p = path.Join(dir, nameOf(text, suffix))
	}
	n[fold(p)] = true
	return p
}
