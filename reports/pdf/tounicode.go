package pdf

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// maxMappings is how many lines one section of a CMap may hold.
const maxMappings = 100

// What every CMap begins and ends with.
const (
	cmapHead = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
`
	cmapTail = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
)

// cmapForm is what toUnicode writes.
var cmapForm = regexp.MustCompile("^" + regexp.QuoteMeta(cmapHead) +
	`([1-9][0-9]{0,2} beginbfrange\n(<[0-9A-F]{4}> <[0-9A-F]{4}> <[0-9A-F]{4}>\n)+endbfrange\n)*` +
	`([1-9][0-9]{0,2} beginbfchar\n(<[0-9A-F]{4}> <[0-9A-F]{8}>\n)+endbfchar\n)*` +
	regexp.QuoteMeta(cmapTail) + "$")

// toUnicode gives the CMap by which readers find characters for printed codes
// (ISO 32000-1, 9.10.3). Runs of codes that are their own characters become
// ranges, never across a high byte; codes that stand for another character,
// which are those above U+FFFF, are mapped one by one.
func toUnicode(u usage) []byte {
	var ranges, single []string
	codes := slices.Sorted(maps.Keys(u))
	for i := 0; i < len(codes); {
		first := codes[i]
		if r := u[first]; r != rune(first) {
			high, low := utf16.EncodeRune(r)
			single = append(single, fmt.Sprintf("<%04X> <%04X%04X>", first, high, low))
			i++
			continue
		}
		last := first
		for i++; i < len(codes) && codes[i] == last+1 && codes[i]>>8 == first>>8 && u[codes[i]] == rune(codes[i]); i++ {
			last = codes[i]
		}
		ranges = append(ranges, fmt.Sprintf("<%04X> <%04X> <%04X>", first, last, first))
	}
	var b strings.Builder
	b.WriteString(cmapHead)
	for _, section := range []struct {
		kind  string
		lines []string
	}{{"bfrange", ranges}, {"bfchar", single}} {
		for lines := range slices.Chunk(section.lines, maxMappings) {
			fmt.Fprintf(&b, "%d begin%s\n%s\nend%s\n", len(lines), section.kind, strings.Join(lines, "\n"), section.kind)
		}
	}
	b.WriteString(cmapTail)
	return []byte(b.String())
}
