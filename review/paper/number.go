package paper

import (
	"encoding/json"
	"strconv"
	"strings"

	"heyi/review"
)

// names are what papers of each form are called in their numbers.
var names = map[review.Form]string{
	review.FormMinutes: "会议记录", review.FormIndividual: "个人意见", review.FormDissent: "不同意见书",
	review.FormTally: "评分汇总", review.FormOpinion: "专家组意见", review.FormPanel: "签字表",
	review.FormFulfilment: "履约情况表", review.FormChanges: "变更认可表",
	review.FormDetails: "评审细则", review.FormNotice: "提示单",
}

// Number gives the 文件编号 under which people cite the n-th paper of a form, as in
// 专家组意见〔K7M2Q3F4〕第1号: 40 random bits tell meetings apart well enough.
func Number(form review.Form, id review.MeetingID, n int) string { return number(form, id, n) }

// IndividualNumber gives the 文件编号 of an individual opinion: before the opening nobody
// can count how many of them there are, so it is made of project, round and seat.
func IndividualNumber(id review.MeetingID, project review.ProjectID, round int, seat review.SeatID) string {
	return number(review.FormIndividual, id, ordinal(project), round, ordinal(seat))
}

// DissentNumber gives the 文件编号 of a person's n-th 不同意见书 on a project.
func DissentNumber(id review.MeetingID, project review.ProjectID, seat review.SeatID, n int) string {
	return number(review.FormDissent, id, ordinal(project), ordinal(seat), n)
}

// DetailsNumber gives the 文件编号 of the 评审细则确认单 of a project's n-th scheme, from 1.
func DetailsNumber(id review.MeetingID, project review.ProjectID, n int) string {
	return number(review.FormDetails, id, ordinal(project), n)
}

// NoticeNumber gives the 文件编号 of the 后续事项提示单 of a project's n-th conclusion, from 1.
func NoticeNumber(id review.MeetingID, project review.ProjectID, n int) string {
	return number(review.FormNotice, id, ordinal(project), n)
}

func number(form review.Form, id review.MeetingID, of ...int) string {
	parts := make([]string, len(of))
	for i, n := range of {
		parts[i] = strconv.Itoa(n)
	}
	return names[form] + "〔" + strings.ToUpper(string(id[:min(len(id), 8)])) + "〕第" + strings.Join(parts, "-") + "号"
}

// ordinal gives the number in the id of a seat or a project.
func ordinal[T review.SeatID | review.ProjectID](id T) int {
	n, _ := strconv.Atoi(strings.TrimLeft(string(id), "sp")) // ids are made of numbers
	return n
}

// CheckCode gives the 校验码 of a paper: of all that it says but the code itself. It is printed
// in every footer, so that a page in the hand is tied to the file.
func CheckCode(p Paper) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic("paper: " + err.Error()) // texts, numbers and times always encode
	}
	return review.CheckCode(string(p.Form()) + "\n" + string(b))
}
