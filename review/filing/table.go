package filing

import (
	"math/big"
	"slices"
	"strconv"

	"heyi/review"
)

// Table is one sheet of 会议数据.xlsx.
type Table struct {
	Name    string // at most 31 characters
	Columns []Column
	Rows    [][]string // as wide as Columns; "" is an empty cell
}

// Column says what stands in a column.
type Column struct {
	Title string
	Kind  Kind
}

// Kind is the form of a column's cells.
type Kind int

// The kinds of columns.
const (
	Text    Kind = iota
	Integer      // whole numbers
	Decimal      // with two decimals
)

// tables gives the workbook of a meeting: 总表, 评分, 核查, 结论与表决 and, of the papers, 文件清单.
func tables(d *Data, papers []Item) []Table {
	return []Table{overview(d), marks(d), checks(d), positions(d), list(papers)}
}

// words for what the record has in codes.
var (
	stageNames = map[review.Stage]string{
		review.StageWaiting: "待评", review.StageScoring: "评分", review.StageOpening: "开封", review.StageDeliberating: "合议",
		review.StageConcluded: "结论", review.StageSigning: "签署", review.StageFinal: "定稿", review.StageSuspended: "中止",
	}
	choiceNames = map[review.Choice]string{
		review.ChoiceAgree: "同意", review.ChoiceReserve: "同意，附保留意见", review.ChoiceDisagree: "不同意", review.ChoiceAbstain: "弃权",
	}
	answerNames = map[string]string{
		review.AnswerYes: "符合", review.AnswerNo: "不符合", review.AnswerAbstain: "弃权", review.AnswerNA: "不适用",
	}
)

func overview(d *Data) Table {
	t := Table{Name: "总表", Columns: []Column{
		{"项目", Text}, {"项目名称", Text}, {"项目编号", Text}, {"评审类型", Text}, {"组长", Text}, {"评分轮次", Integer}, {"计入专家数", Integer},
		{"得分", Decimal}, {"规则建议", Text}, {"结论", Text}, {"同意", Integer}, {"附保留意见", Integer}, {"不同意", Integer}, {"弃权", Integer}, {"状态", Text},
	}}
	for i := range d.Projects {
		p := &d.Projects[i]
		row := []string{string(p.ID), p.Title, p.Code, p.Scheme.Title, d.name(p.Chair), strconv.Itoa(len(p.Rounds))}
		if r := p.last(); r != nil {
			row = append(row, strconv.Itoa(len(r.Result.Experts)), r.Result.Official, p.outcome(r.Result.Suggested))
		} else {
			row = append(row, "", "", "")
		}
		if p.Conclusion != nil {
			n := p.tally()
			row = append(row, p.Conclusion.Title, n[review.ChoiceAgree], n[review.ChoiceReserve], n[review.ChoiceDisagree], n[review.ChoiceAbstain])
		} else {
			row = append(row, "", "", "", "", "")
		}
		t.Rows = append(t.Rows, append(row, stageNames[p.Stage]))
	}
	return t
}

// last gives the last round that was opened, nil if none was.
func (p *Project) last() *Round {
	for i := range slices.Backward(p.Rounds) {
		if p.Rounds[i].Result != nil {
			return &p.Rounds[i]
		}
	}
	return nil
}

// outcome gives the title of a conclusion of the scheme, "" for none.
func (p *Project) outcome(id string) string {
	o, _ := p.Scheme.Outcome(id)
	return o.Title
}

// votes gives all that was said of the conclusion, or all annexes to it.
func (p *Project) votes(annex bool) []Vote {
	var out []Vote
	for _, v := range p.Votes {
		if p.Conclusion != nil && v.Conclusion == p.Conclusion.Digest && v.Annex == annex {
			out = append(out, v)
		}
	}
	return out
}

// annexes gives what was said of the conclusion once the papers on it were certified. It
// changes nobody's position in them.
func (p *Project) annexes() []Vote { return p.votes(true) }

// present gives each person's position on the conclusion as the signed papers have it, in the
// order of seats.
func (p *Project) present() []Vote {
	last := map[review.SeatID]Vote{}
	for _, v := range p.votes(false) {
		last[v.Seat] = v
	}
	var out []Vote
	for _, v := range last {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Vote) int { return review.CompareSeats(a.Seat, b.Seat) })
	return out
}

// tally counts them, as text.
func (p *Project) tally() map[review.Choice]string {
	n := map[review.Choice]int{}
	for _, v := range p.present() {
		n[v.Choice]++
	}
	out := map[review.Choice]string{}
	for c := range choiceNames {
		out[c] = strconv.Itoa(n[c])
	}
	return out
}

// name gives a person's name, "" for nobody.
func (d *Data) name(id review.SeatID) string {
	if i := slices.IndexFunc(d.Seats, func(s Seat) bool { return s.ID == id }); i >= 0 {
		return d.Seats[i].Name
	}
	return ""
}

// marks has a row for each item of each opened round and a column for each expert.
func marks(d *Data) Table {
	return answers(d, "评分", Decimal, []Column{{"满分", Decimal}, {"权重", Decimal}}, []Column{{"平均分", Decimal}, {"折合百分制", Decimal}},
		func(it review.Item) bool { return it.Kind == review.ItemScore })
}

// checks gives how the experts answered gates and yes/no items.
func checks(d *Data) Table {
	return answers(d, "核查", Text, nil, nil, func(it review.Item) bool { return it.Kind != review.ItemScore })
}

// answers gives a table of some items by experts, with columns before and after theirs.
func answers(d *Data, name string, kind Kind, before, after []Column, of func(review.Item) bool) Table {
	t := Table{Name: name, Columns: append([]Column{{"项目", Text}, {"轮次", Integer}, {"评审项", Text}}, before...)}
	experts := map[review.SeatID]int{}
	for _, s := range d.Seats {
		if slices.Contains(s.Roles, review.RoleExpert) {
			experts[s.ID] = len(t.Columns)
			t.Columns = append(t.Columns, Column{s.Name + " " + string(s.ID), kind})
		}
	}
	mean := len(t.Columns)
	t.Columns = append(t.Columns, after...)
	for i := range d.Projects {
		for _, r := range d.Projects[i].Rounds {
			if r.Result == nil {
				continue
			}
			add := func(title string, fill func(row []string)) {
				row := make([]string, len(t.Columns))
				copy(row, []string{string(d.Projects[i].ID), strconv.Itoa(r.Number), title})
				fill(row)
				t.Rows = append(t.Rows, row)
			}
			for j, it := range d.Projects[i].Scheme.Items {
				if !of(it) {
					continue
				}
				add(it.Title, func(row []string) {
					for _, b := range r.Ballots {
						if b.Sheet == nil || !b.Counts {
							continue
						}
						for _, m := range b.Sheet.Marks {
							if m.Item == it.ID {
								row[experts[b.Seat]] = said(kind, m.Value)
							}
						}
					}
					if kind == Decimal {
						row[3], row[4] = hundredths(it.Full), hundredths(it.Weight)
						row[mean], row[mean+1] = r.Result.Items[j].Mean, r.Result.Items[j].Percent
					}
				})
			}
			if kind == Decimal {
				add("合计", func(row []string) {
					for _, e := range r.Result.Experts {
						row[experts[e.Seat]] = e.Total
					}
					row[mean+1] = r.Result.Official
				})
			}
		}
	}
	return t
}

// said gives an answer for a column: a mark as a number, empty where there is none; other
// answers in words.
func said(k Kind, value string) string {
	if k == Decimal {
		return hundredths(value)
	}
	return answer(value)
}

// hundredths gives a decimal with two places; "" for what is none.
func hundredths(s string) string {
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		return ""
	}
	return x.FloatString(2)
}

// answer says an answer in words; a mark is its own.
func answer(value string) string {
	if name, ok := answerNames[value]; ok {
		return name
	}
	return value
}

func positions(d *Data) Table {
	t := Table{Name: "结论与表决", Columns: []Column{
		{"项目", Text}, {"结论", Text}, {"姓名", Text}, {"工作单位", Text}, {"表态", Text}, {"意见", Text}, {"附件", Text}, {"时间", Text},
	}}
	for i := range d.Projects {
		p := &d.Projects[i]
		for _, v := range append(p.present(), p.annexes()...) {
			s := d.Seats[slices.IndexFunc(d.Seats, func(s Seat) bool { return s.ID == v.Seat })]
			annex := ""
			if v.Annex {
				annex = "定稿后提出"
			}
			t.Rows = append(t.Rows, []string{
				string(p.ID), p.Conclusion.Title, s.Name, s.Unit, choiceNames[v.Choice], v.Text, annex, v.At.Format("2006-01-02 15:04"),
			})
		}
	}
	return t
}

func list(papers []Item) Table {
	t := Table{Name: "文件清单", Columns: []Column{
		{"序号", Integer}, {"文件编号", Text}, {"责任者", Text}, {"题名", Text}, {"日期", Text}, {"页数", Integer}, {"密级", Text},
		{"份数", Integer}, {"文件名", Text}, {"格式", Text}, {"大小（字节）", Integer}, {"SHA-256", Text},
	}}
	for i, x := range papers {
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(i + 1), x.Number, x.Author, x.Title, x.Date, pages(x.Pages), x.Secrecy,
			strconv.Itoa(x.Copies), x.Path, x.Format, strconv.FormatInt(x.Size, 10), string(x.Digest),
		})
	}
	return t
}
