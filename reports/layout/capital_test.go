package layout

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestCapital(t *testing.T) {
	for _, c := range []struct {
		fen  int64
		want string
	}{
		{236_000_000, "贰佰叁拾陆万元整"},
		{140_950, "壹仟肆佰零玖元伍角整"}, // this and the next four are those of 支付结算办法, annex 1
		{600_714, "陆仟零柒元壹角肆分"},
		{168_032, "壹仟陆佰捌拾元零叁角贰分"},
		{1_640_902, "壹万陆仟肆佰零玖元零贰分"},
		{32_504, "叁佰贰拾伍元零肆分"},
		{0, "零元整"},
		{1, "壹分"},
		{10, "壹角整"},
		{100, "壹元整"},
		{101, "壹元零壹分"},
		{110, "壹元壹角整"},
		{1000, "壹拾元整"},
		{1005, "壹拾元零伍分"},
		{1050, "壹拾元零伍角整"},
		{100_100, "壹仟零壹元整"},
		{1_000_000, "壹万元整"},
		{1_000_100, "壹万零壹元整"},
		{10_500_000, "壹拾万零伍仟元整"},
		{100_000_000_000, "壹拾亿元整"},
		{10_000_000_100, "壹亿零壹元整"},
		{10_001_000_000, "壹亿零壹万元整"},
		{1_000_000_000_000_00, "壹万亿元整"},
		{1_000_100_000_000_00, "壹万零壹亿元整"},
		{1_000_000_000_000_000_000, "壹亿亿元整"},
		{-236_000_050, "负贰佰叁拾陆万元零伍角整"},
	} {
		if got := Capital(c.fen); got != "人民币"+c.want {
			t.Errorf("%d: %s, want 人民币%s", c.fen, got, c.want)
		}
	}
}

// fenOf reads capitals, from the right: each 亿 and 万 raises all that stands before it.
func fenOf(text string) (uint64, error) {
	text, ok := strings.CutPrefix(text, "人民币")
	if !ok {
		return 0, fmt.Errorf("%s: no 人民币", text)
	}
	var total uint64
	unit, under := uint64(100), uint64(1) // of 元 in 分; what 仟, 佰, 拾 stand under
	r := []rune(strings.TrimPrefix(text, "负"))
	place := uint64(1)
	for i := len(r) - 1; i >= 0; i-- {
		if at := strings.IndexRune("零壹贰叁肆伍陆柒捌玖", r[i]); at >= 0 {
			total += uint64(at/3) * place
			place = unit * under // of the next figure, if it has no unit
			continue
		}
		switch r[i] {
		case '整':
		case '分':
			place = 1
		case '角':
			place = 10
		case '元':
			place = 100
		case '拾':
			place = 10 * unit * under
		case '佰':
			place = 100 * unit * under
		case '仟':
			place = 1000 * unit * under
		case '万':
			under = 10_000
			place = unit * under
		case '亿':
			unit, under = unit*100_000_000, 1
			place = unit
		default:
			return 0, fmt.Errorf("%s: %c", text, r[i])
		}
	}
	return total, nil
}

// TestCapitalReads reads amounts of every length, many zeros among their figures, back.
func TestCapitalReads(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 52))
	check := func(fen int64) {
		text := Capital(fen)
		want := uint64(fen)
		if fen < 0 {
			want = -want
		}
		if got, err := fenOf(text); err != nil || got != want {
			t.Fatalf("go test ./reports/layout -run TestCapitalReads -seed %d: %d is %s, which reads %d, %v", *seed, fen, text, got, err)
		}
		if strings.Contains(text, "零零") || strings.Contains(text, "亿万") || fen < 0 != strings.Contains(text, "负") {
			t.Fatalf("%d is %s", fen, text)
		}
		if ends := strings.HasSuffix(text, "整"); ends == strings.HasSuffix(text, "分") {
			t.Fatalf("%d is %s", fen, text)
		}
	}
	for _, fen := range []int64{math.MaxInt64, math.MinInt64} {
		check(fen)
	}
	for range 200_000 {
		fen := int64(0)
		for range 1 + r.IntN(18) {
			fen *= 10
			if r.IntN(2) == 0 {
				fen += r.Int64N(10)
			}
		}
		check(fen)
		check(-fen)
	}
}
