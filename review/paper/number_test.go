package paper

import (
	"testing"

	"heyi/review"
)

func TestNumber(t *testing.T) {
	if got := Number(review.FormMinutes, "k7m2q3f4abcdefghijklmnop23", 12); got != "会议记录〔K7M2Q3F4〕第12号" {
		t.Errorf("number %s", got)
	}
	if got := Number(review.FormOpinion, "k7", 1); got != "专家组意见〔K7〕第1号" {
		t.Errorf("number %s", got)
	}
}
