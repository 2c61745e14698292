package reports

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"time"
	"unicode"

	"heyi/review"
)

// editedNote stands on every text of a regulation that the program carries
// (decisions 7).
const editedNote = "整理文本，以发文机关公布的文本为准；现行有效性由组织单位核对。"

// Regulation is a regulation that the program carries, ready for Papers.Material.
type Regulation struct {
	File     string // name of its plain text
	Source   string
	Material review.Material
}

// Regulations reads the regulations of a directory: list.json names the plain
// texts and says what they are. at is the time of composing.
// Codes: CodeInternal (the directory is not in order; it is part of the program).
func Regulations(dir fs.FS, at time.Time) ([]Regulation, error) {
	const op = "reports.Regulations"
	raw, err := fs.ReadFile(dir, "list.json")
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "list.json", err)
	}
	var list []struct{ File, Title, Number, Issuer, Note string }
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, review.E(review.CodeInternal, op, "list.json", err)
	}
	var out []Regulation
	for _, r := range list {
		text, err := fs.ReadFile(dir, r.File)
		if err != nil {
			return nil, review.E(review.CodeInternal, op, r.File, err)
		}
		out = append(out, Regulation{
			File: r.File, Source: regulationSource(string(text), r.Title, r.Number),
			Material: review.Material{Title: r.Title, Number: r.Number, Author: r.Issuer, At: at, Note: editedNote + r.Note},
		})
	}
	return out, nil
}

var (
	wordSpaces   = regexp.MustCompile(`(^|[^0-9A-Za-z])[ \x{00A0}\x{3000}]+|[ \x{00A0}\x{3000}]+([^0-9A-Za-z]|$)`)
	numberOfPart = regexp.MustCompile(`^(第[一二三四五六七八九十]+[章条]) *`)
	beginsPart   = regexp.MustCompile(`第[一二三四五六七八九十]+[章条] `)
	isDate       = regexp.MustCompile(`^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$`)
	listed       = regexp.MustCompile(`(包括|内容)\.`)
	percent      = regexp.MustCompile(`([0-9])\.(以上)`)
	printedBy    = regexp.MustCompile(`([^0-9])([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日印发)$`)
	aside        = regexp.MustCompile(`^（.*）$`) // of whoever made the plain text; list.json has it
	bracketYear  = regexp.MustCompile(`\[([0-9]{4})\]`)
	firstLevel   = regexp.MustCompile(`^[一二三四五六七八九十]+、`)
	secondLevel  = regexp.MustCompile(`^（[一二三四五六七八九十]+）`)
)

// regulationSource turns the plain text of a regulation, as it was found on the
// web, into the source of a document. It mends what the way there has broken and
// what cannot be meant otherwise: punctuation (full-width again; full stops for
// all marks where a text has none but those), white space, lines run together,
// numbers of headings that were list marks. Not a word is changed. What stands
// above the text's own first line is dropped: what it says, title and number say.
func regulationSource(plain, title, number string) string {
	lines := paragraphs(plain, title)
	var b strings.Builder
	put := func(mark, text string) { b.WriteString(mark + text + "\n") }
	put("# ", title)
	start, sections := b.Len(), 0
	for i, line := range lines {
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		before, after, addressed := strings.Cut(line, "：")
		open := !strings.ContainsAny(line, "。；：") // no sentence
		switch {
		case line == number || line == title || aside.MatchString(line) && b.Len() == start:
		case chapter.MatchString(line):
			put("## ", line)
		case firstLevel.MatchString(line) && open:
			sections++
			put("## ", line)
		case secondLevel.MatchString(line) && open:
			put("### ", line)
		case b.Len() == start && addressed && !strings.ContainsAny(before, "。《"):
			put("< ", before+"：")
			if after != "" {
				put("", after)
			}
		case isDate.MatchString(next) && open:
			put("> ", line)
		case isDate.MatchString(line):
			put("> ", line)
		case chapter.MatchString(next) && open:
			put("= ", line)
		case strings.HasPrefix(line, "抄送：") || printedBy.MatchString(line):
			put("< ", printedBy.ReplaceAllString(line, "$1　$2"))
		case open && !strings.HasPrefix(line, "（") && !article.MatchString(line):
			sections++
			put("## ", chineseNumber(sections)+"、"+line)
		default:
			put("", line)
		}
	}
	return b.String()
}

// paragraphs gives the paragraphs of a plain text, mended, from the title on.
func paragraphs(plain, title string) []string {
	bare := !strings.ContainsAny(plain, "，,、")
	if bare { // full stops are all the punctuation it has, and lines it has none
		plain = strings.ReplaceAll(plain, ".第", "。第")
		plain = listed.ReplaceAllString(plain, "$1：")
		plain = percent.ReplaceAllString(plain, "$1％$2")
		plain = beginsPart.ReplaceAllString(plain, "\n$0")
	}
	var out []string
	for line := range strings.Lines(plain) {
		line = fullWidth(strings.TrimFunc(line, unicode.IsSpace))
		switch {
		case strings.HasPrefix(line, "•"), line == "":
		case line == title || strings.HasSuffix(line, "《"+title+"》") || bare && len(out) == 0 && !numberOfPart.MatchString(line):
			out = nil
		default:
			out = append(out, line)
		}
	}
	return out
}

// fullWidth gives a line with Chinese punctuation, and without the spaces that
// Chinese does not have.
func fullWidth(line string) string {
	head := numberOfPart.FindString(line)
	rest := wordSpaces.ReplaceAllString(line[len(head):], "$1$2")
	if head != "" {
		head = strings.TrimRight(head, " ") + "　"
	}
	rest = bracketYear.ReplaceAllString(rest, "〔$1〕")
	r := []rune(rest)
	quotes := 0
	for i, c := range r {
		inside := i > 0 && i+1 < len(r) && isASCIIWord(r[i-1]) && isASCIIWord(r[i+1])
		switch c {
		case '(':
			r[i] = '（'
		case ')':
			r[i] = '）'
		case '\'':
			r[i] = []rune("“”")[quotes%2]
			quotes++
		case ',', ':', ';':
			if !inside {
				r[i] = []rune("，：；")[strings.IndexRune(",:;", c)]
			}
		case '.':
			if !inside && i > 0 && !isASCIIWord(r[i-1]) {
				r[i] = '，'
			}
		}
	}
	if n := len(r); n > 0 && r[n-1] == '，' {
		r[n-1] = '。'
	}
	return head + string(r)
}

func isASCIIWord(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
