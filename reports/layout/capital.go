package layout

import (
	"strconv"
	"strings"
)

// Capital writes an amount of 分 in capitals, as 人民币贰佰叁拾陆万元整, by 会计基础工作规范
// (财政部), 第五十二条: 整 where the amount ends with 元 or 角, and 零 for every run of zeros
// between other figures. An amount below nothing begins 人民币负.
func Capital(fen int64) string {
	out := "人民币"
	rest := uint64(fen)
	if fen < 0 {
		out += "负"
		rest = -rest
	}
	yuan, jiao, cents := rest/100, rest/10%10, rest%10
	switch {
	case yuan > 0:
		out += capitals(yuan) + "元"
		if rest%100 > 0 && (yuan%10 == 0 || jiao == 0) {
			out += "零"
		}
	case rest == 0:
		out += "零元"
	}
	if jiao > 0 {
		out += capitalDigits[jiao] + "角"
	}
	if cents > 0 {
		return out + capitalDigits[cents] + "分"
	}
	return out + "整"
}

var capitalDigits = [...]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}

// capitals writes a number above nothing. Its figures go by fours: 亿 counts all that
// stands before it, 万 what stands between.
func capitals(n uint64) string {
	var b strings.Builder
	figures := strconv.FormatUint(n, 10)
	zero, group := false, false // a zero is due; something of the four figures stands there
	for i, f := range figures {
		place := len(figures) - 1 - i
		if f == '0' {
			zero = true
		} else {
			if zero {
				b.WriteString("零")
			}
			zero, group = false, true
			b.WriteString(capitalDigits[f-'0'] + [...]string{"", "拾", "佰", "仟"}[place%4])
		}
		switch {
		case place > 0 && place%8 == 0:
			b.WriteString("亿")
			group = false
		case place%8 == 4 && group:
			b.WriteString("万")
			group = false
		}
	}
	return b.String()
}
