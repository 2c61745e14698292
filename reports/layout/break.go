package layout

import (
	"strings"
	"unicode"
)

// glyph is one character as it will be printed.
type glyph struct {
	r     rune
	face  Face
	width int // thousandths of an em
}

// Where lines may not be divided (避头尾): GB/T 15834-2011, 5.1. The dash and
// the ellipsis, which are two characters each, stay whole because their halves
// may not begin a line.
const (
	notFirst = "，。、；：？！）》〉」』】〕〗〙］｝”’…—–～－·／％‰℃°′″々〻ー,.;:?!)]}%"
	notLast  = "☐☑□（《〈「『【〔〖〘［｛“‘￥＄￡§№／([{$¥£"
)

// The widest gaps that justification opens, in thousandths of an em. Readers of
// PDF take a tenth of an em between two characters for a space and would put one
// into copied text.
const (
	maxGap      = 80
	maxSpaceGap = 500 // where a space stands already
)

func isSpace(r rune) bool { return r == ' ' || r == '\u3000' }

// isWord finds the characters that make up words, numbers and addresses of
// non-Chinese text. They stay together and are never spaced.
func isWord(r rune) bool {
	switch {
	case isSpace(r):
		return false
	case r < 0x80:
		return true
	case r == '\u00A0', r == '\u202F': // the no-break spaces
		return true
	}
	return r < 0x2000 && r != '·' && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || strings.ContainsRune("×÷±", r))
}

// mayBreak tells whether a line may end between a and b. Spaces hang at the end
// of the line that they follow.
func mayBreak(a, b rune) bool {
	return mayBreakWord(a, b) && !(isWord(a) && isWord(b))
}

// mayEnd tells whether a line may end at an index: as may has it for the neighbours,
// but not behind a check box and the spaces that follow it.
func mayEnd(text []glyph, at int, may func(a, b rune) bool) bool {
	if !may(text[at-1].r, text[at].r) {
		return false
	}
	before := at - 1
	for before > 0 && isSpace(text[before].r) {
		before--
	}
	return !isBox(text[before].r)
}

// maxChoice is how long a choice is at most, with its check box, that is not divided.
const maxChoice = 10

// inChoice tells whether an index is inside of a check box with a few words, as in
// ☐不同意.
func inChoice(text []glyph, at int) bool {
	ends := func(r rune) bool { return isSpace(r) || isBox(r) || strings.ContainsRune(notFirst, r) }
	from := at - 1
	for from > 0 && at-from < maxChoice && !ends(text[from].r) {
		from--
	}
	for from > 0 && isSpace(text[from].r) {
		from--
	}
	if !isBox(text[from].r) {
		return false
	}
	to := at
	for to < len(text) && to-from <= maxChoice && !ends(text[to].r) {
		to++
	}
	return to-from <= maxChoice
}

// mayBreakWord is mayBreak for words that no line can hold.
func mayBreakWord(a, b rune) bool {
	return !isSpace(b) && !strings.ContainsRune(notFirst, b) && !strings.ContainsRune(notLast, a) && !unicode.IsMark(b)
}

// breakLines divides a paragraph into lines and gives the index at which each
// ends. No line but for the spaces at its end is wider than measure (the first
// one: measure-indent), in thousandths of an em, except where a single glyph is.
// Words that fit on a line stay whole. Where the rules of 避头尾 leave no place
// for a division, they yield.
func breakLines(text []glyph, indent, measure int) []int {
	var ends []int
	for from := 0; from < len(text); {
		room := measure
		if from == 0 {
			room -= indent
		}
		to := lineEnd(text, from, room, measure)
		ends = append(ends, to)
		from = to
	}
	return ends
}

// lineEnd gives the end of the line that begins at from.
func lineEnd(text []glyph, from, room, measure int) int {
	full := from // the first glyph that has no room
	for width := 0; full < len(text); full++ {
		width += text[full].width
		if width > room && !isSpace(text[full].r) {
			break
		}
	}
	if full = max(full, from+1); full == len(text) {
		return full
	}
	may := mayBreak
	if wordWidth(text, full) > measure {
		may = mayBreakWord
	}
	for _, ends := range []func(to int) bool{
		func(to int) bool { return mayEnd(text, to, may) && !inChoice(text, to) },
		func(to int) bool { return mayEnd(text, to, may) },
		func(to int) bool { return mayEnd(text, to, mayBreakWord) },
		func(to int) bool { return mayBreakWord(text[to-1].r, text[to].r) },
	} {
		for to := full; to > from; to-- {
			if ends(to) {
				return to
			}
		}
	}
	return full
}

// titleWords are words of two characters that titles of projects and papers are
// made of. A title is not divided inside of them.
const titleWords = " 安排 安全 办法 办公 报告 标准 部门 材料 采购 测评 城市 处理 初步 大数 档案 电子 定点 方案 费用 分析 服务 附件 改造 概算 " +
	"工程 公共 共享 购置 管理 贯彻 国家 合同 汇总 会议 基础 记录 技术 监理 检测 建设 交换 金额 决定 开展 科技 可行 论证 能力 " +
	"年度 配套 批复 评估 评价 评审 平台 升级 设备 设计 社会 审查 审核 审批 省级 实施 事项 市级 试点 试运 数据 数字 施工 提升 " +
	"条例 通知 图纸 完善 网络 委员 维护 系统 项目 信息 性能 业务 移动 意见 印发 应用 预审 预算 运维 运行 验收 增补 政府 政务 " +
	"证明 治理 中心 专家 资金 资源 资质 总体 综合 "

// breakTitle divides a title into as few lines as it takes, all about as long as
// one another and no words cut (GB/T 9704-2012, 7.3.1), and gives the index at
// which each ends.
func breakTitle(text []glyph, measure int) []int {
	greedy := breakLines(text, 0, measure)
	if len(greedy) < 2 {
		return greedy
	}
	const impossible = 1 << 60
	ideal := width(text) / len(greedy)
	cost := make([][]int, len(greedy)+1) // of dividing what is before an index into so many lines
	from := make([][]int, len(greedy)+1) // where the last of them begins
	for n := range cost {
		cost[n], from[n] = make([]int, len(text)+1), make([]int, len(text)+1)
		for to := range cost[n] {
			cost[n][to] = impossible
		}
	}
	cost[0][0] = 0
	for n := 1; n < len(cost); n++ {
		for to := 1; to <= len(text); to++ {
			if to < len(text) && !mayEnd(text, to, mayBreak) {
				continue
			}
			cut := 0
			if to < len(text) && strings.Contains(titleWords, string([]rune{' ', text[to-1].r, text[to].r, ' '})) {
				cut = 4 * 4000 * 4000 // as bad as two lines that differ by four characters
			}
			w := 0
			for at := to - 1; at >= 0; at-- {
				if w += text[at].width; w > measure {
					break
				}
				off := w - ideal
				if c := cost[n-1][at] + off*off + cut; cost[n-1][at] < impossible && c < cost[n][to] {
					cost[n][to], from[n][to] = c, at
				}
			}
		}
	}
	if cost[len(greedy)][len(text)] == impossible {
		return greedy
	}
	ends := make([]int, len(greedy))
	for n, to := len(greedy), len(text); n > 0; n-- {
		ends[n-1], to = to, from[n][to]
	}
	return ends
}

// wordWidth gives the width of the word that a division at the index would cut.
func wordWidth(text []glyph, at int) int {
	if !isWord(text[at-1].r) || !isWord(text[at].r) {
		return 0
	}
	width := 0
	for i := at - 1; i >= 0 && isWord(text[i].r); i-- {
		width += text[i].width
	}
	for i := at; i < len(text) && isWord(text[i].r); i++ {
		width += text[i].width
	}
	return width
}

// trimLine drops the spaces that hang at a line's end.
func trimLine(line []glyph) []glyph {
	for len(line) > 0 && isSpace(line[len(line)-1].r) {
		line = line[:len(line)-1]
	}
	return line
}

// gaps says how far the characters of a justified line stand apart, in
// thousandths of an em.
type gaps struct {
	tight float64 // between characters
	space float64 // after a space of non-Chinese text, beside its own width
}

// after gives the gap between two neighbours.
func (g gaps) after(a, b rune) float64 {
	switch {
	case a == ' ' && b != ' ':
		return g.space
	case isTight(a, b):
		return g.tight
	}
	return 0
}

// isTight finds the places that a little space may part: not inside words, not
// before a space, not inside a dash or an ellipsis, which must join.
func isTight(a, b rune) bool {
	switch {
	case isWord(a) && isWord(b), b == ' ', a == ' ', unicode.IsMark(b):
		return false
	case a == b && (a == '—' || a == '…'):
		return false
	}
	return true
}

// justify fits a line, trimmed, into room. A line that cannot be filled without
// gaps that show keeps its natural width.
func justify(line []glyph, room int) gaps {
	var width, tight, space int
	for i, g := range line {
		width += g.width
		if i+1 == len(line) {
			break
		}
		switch next := line[i+1].r; {
		case g.r == ' ' && next != ' ':
			space++
		case isTight(g.r, next):
			tight++
		}
	}
	slack := float64(room - width)
	if slack <= 0 || tight+space == 0 {
		return gaps{}
	}
	if even := slack / float64(tight+space); even <= maxGap {
		return gaps{tight: even, space: even}
	}
	if rest := (slack - maxGap*float64(tight)) / float64(space); space > 0 && rest <= maxSpaceGap {
		return gaps{tight: maxGap, space: rest}
	}
	return gaps{}
}
