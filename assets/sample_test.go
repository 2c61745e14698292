package assets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The sample meeting as these tests read it; sample/README.md says what is what.
type (
	sampleProject struct {
		Quorum    int
		Units     []struct{ Part, Name string }
		Facts     map[string]any
		Profile   []struct{ Label, Text string }
		Documents []struct{ File, Name, Title, Material string }
	}
	sampleMeeting struct {
		Roster []struct {
			Name, Unit string
			Roles      []string
		}
	}
	sampleSheet struct {
		Marks   []struct{ Item, Value, Reason string }
		Opinion []string
		Outcome string
	}
	sampleScript struct {
		Chair        string
		Sources      []struct{ File, From, Title, Author, Date string }
		Declarations []struct {
			Person   string
			Conflict bool
			Reason   string
		}
		Recusals    []struct{ Person, Reason string }
		Corrections []struct{ Key, Old, New, Evidence string }
		Fulfilment  struct {
			Terms   []struct{ Part, Requirement, Actual, Evidence, Met string }
			Changes []struct{ Number, Content, Approval, Effect string }
		}
		Rounds []struct {
			Ballots []struct {
				Person string
				Sheet  sampleSheet
			}
			Expect struct {
				Totals, Items         map[string]string
				Mean, Trimmed, Median string
			}
		}
		Opinion []struct {
			Section string
			Text    string
			Sources []string
		}
		Conclusion struct{ Outcome, Suggested string }
		Votes      []struct{ Person, Choice, Text string }
		Minutes    []struct{ When, Text string }
	}
	sampleBudget struct {
		Tables []struct {
			Name    string
			Columns []struct{ Title, Kind string }
			Rows    [][]string
		}
	}
)

// weights are those of the scored items (regulations.md B, Y2 and Y5), which are their
// full marks too.
var weights = map[string]map[string]int64{
	"y2": {"Y2-01": 10, "Y2-02": 15, "Y2-03": 20, "Y2-04": 35, "Y2-05": 20},
	"y5": {"Y5-01": 30, "Y5-02": 15, "Y5-03": 15, "Y5-04": 15, "Y5-05": 15, "Y5-06": 10},
}

const investment = "2360000.00"

func sample[T any](t *testing.T, name string) (v T) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(sampleText(t, name)))
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func sampleText(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Sample, "sample/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var inTable = regexp.MustCompile(`^[0-9][0-9,]*(\.[0-9]+)?%?$`)

// number reads a figure as it stands in a table: 2,360,000.00 or 62.71%.
func number(s string) (*big.Rat, bool) {
	if !inTable.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSuffix(strings.ReplaceAll(s, ",", ""), "%"))
}

func figure(t *testing.T, s string) *big.Rat {
	t.Helper()
	v, ok := number(s)
	if !ok {
		t.Fatalf("%q is no figure", s)
	}
	return v
}

// halfUp writes v with two decimals, as CM-03 rounds.
func halfUp(v *big.Rat) string { return v.FloatString(2) } // FloatString rounds halves away from zero

// TestSampleBudget: every amount is quantity times price, every sum is the sum, and the
// whole is the investment, in the workbook, the plan and both projects.
func TestSampleBudget(t *testing.T) {
	budget := sample[sampleBudget](t, "demo/budget.json")
	amounts, quantities := map[string]*big.Rat{}, map[string]*big.Rat{}
	for _, table := range budget.Tables {
		sum := new(big.Rat)
		last := table.Rows[len(table.Rows)-1]
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) || len(row) != 8 {
				t.Fatalf("%s: %d cells", table.Name, len(row))
			}
		}
		for _, row := range table.Rows[:len(table.Rows)-1] {
			amount := new(big.Rat).Mul(figure(t, row[4]), figure(t, row[5]))
			if amount.Cmp(figure(t, row[6])) != 0 {
				t.Errorf("%s, %s: %s × %s is not %s", table.Name, row[1], row[4], row[5], row[6])
			}
			sum.Add(sum, amount)
			if other := amounts[row[1]]; other != nil && other.Cmp(amount) != 0 {
				t.Errorf("%s: %s and %s", row[1], other, amount)
			}
			amounts[row[1]], quantities[row[1]] = amount, figure(t, row[4])
		}
		if last[0] != "合计" || sum.Cmp(figure(t, last[6])) != 0 {
			t.Errorf("%s: sum %s, table says %s", table.Name, sum.FloatString(2), last[6])
		}
		if table.Name == "概算汇总" {
			amounts["合计"] = sum
		} else if amounts[table.Name].Cmp(sum) != 0 {
			t.Errorf("%s: %s in the summary", table.Name, amounts[table.Name].FloatString(2))
		}
	}
	whole := figure(t, investment)
	if amounts["合计"] == nil || amounts["合计"].Cmp(whole) != 0 {
		t.Fatalf("the whole is %s", amounts["合计"])
	}

	tables := tablesOfText(sampleText(t, "demo/documents/plan.txt"))
	plan := map[string]bool{}
	for _, row := range tables["表12-1　项目概算汇总"] {
		name := row.cell["费用名称"]
		if row.sums {
			name = "合计"
		}
		want := amounts[name]
		if want == nil || figure(t, row.cell["金额"]).Cmp(want) != 0 {
			t.Errorf("plan: %s is %s, the budget has %s", name, row.cell["金额"], want)
		}
		if share := row.cell["占总投资比例"]; share != "" {
			exact := new(big.Rat).Quo(new(big.Rat).Mul(want, big.NewRat(100, 1)), whole)
			if share != halfUp(exact)+"%" {
				t.Errorf("plan: %s is %s of the whole, not %s", name, halfUp(exact), share)
			}
		}
		plan[name] = true
	}
	if len(plan) != len(amounts) {
		t.Errorf("the plan has %d amounts, the budget %d", len(plan), len(amounts))
	}
	for title, column := range map[string]string{"表5-1　应用软件功能与工作量": "工作量（人月）", "表8-1　硬件与成品软件清单": "数量"} {
		for _, row := range tables[title] {
			if !row.sums && figure(t, row.cell[column]).Cmp(quantities[row.cell["名称"]]) != 0 {
				t.Errorf("%s: %s", title, row.cell["名称"])
			}
		}
		if len(tables[title]) < 8 {
			t.Errorf("%s: %d rows", title, len(tables[title]))
		}
	}
	for stage := range weights {
		p := sample[sampleProject](t, "demo/"+stage+"/project.json")
		if p.Facts["investment_cny"] != investment {
			t.Errorf("%s: %v", stage, p.Facts["investment_cny"])
		}
		if !slices.ContainsFunc(p.Profile, func(s struct{ Label, Text string }) bool {
			return strings.Contains(s.Text, "总投资2,360,000.00元")
		}) {
			t.Errorf("%s: no profile names the investment", stage)
		}
	}
}

// TestSampleTables recomputes every table of every document: what stands in a row 合计
// is the sum of the column, and quantity times price is the amount.
func TestSampleTables(t *testing.T) {
	files, err := fs.Glob(Sample, "sample/demo/documents/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	sums, products := 0, 0
	for _, file := range files {
		text := sampleText(t, strings.TrimPrefix(file, "sample/"))
		for title, rows := range tablesOfText(text) {
			for head := range rows[0].cell {
				sum := new(big.Rat)
				for _, row := range rows {
					v, ok := number(row.cell[head])
					switch {
					case !ok:
					case !row.sums && (!row.group() || head == "占总投资比例"):
						sum.Add(sum, v)
					case row.sums:
						if sums++; sum.Cmp(v) != 0 {
							t.Errorf("%s, %s, %s: sum %s, table says %s", file, title, head, sum.FloatString(2), row.cell[head])
						}
					}
				}
			}
			for _, row := range rows {
				q, ok1 := number(row.cell["数量"])
				p, ok2 := number(row.cell["单价（元）"])
				a, ok3 := number(row.cell["金额（元）"])
				if ok1 && ok2 && ok3 {
					if products++; new(big.Rat).Mul(q, p).Cmp(a) != 0 {
						t.Errorf("%s, %s, %v: the amount is another", file, title, row.cell)
					}
				}
			}
		}
	}
	if sums < 25 || products < 12 {
		t.Errorf("only %d sums and %d products found", sums, products)
	}
}

// sampleRow is one row of a table by the names of its columns.
type sampleRow struct {
	cell map[string]string
	sums bool // the row 合计
}

// group tells a row that is itself the sum of those below it.
func (r sampleRow) group() bool {
	return slices.Contains([]string{"一", "二", "三"}, r.cell["序号"])
}

// tablesOfText gives the tables of a document by title, or by the heading above and a
// number.
func tablesOfText(text string) map[string][]sampleRow {
	out := map[string][]sampleRow{}
	var title, heading string
	var head []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "|") {
			head = nil
			switch {
			case strings.HasPrefix(line, "表"):
				title = line
			case strings.HasPrefix(line, "#"):
				heading, title = line, ""
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case head == nil:
			head = cells
			if title == "" {
				title = fmt.Sprintf("%s（%d）", heading, len(out)+1)
			}
		case !strings.HasPrefix(cells[0], "---"):
			row := sampleRow{map[string]string{}, cells[0] == "合计"}
			for i, c := range cells {
				row.cell[head[i]] = c
			}
			out[title] = append(out[title], row)
		}
	}
	return out
}

// TestSampleScript: what the meeting does fits the people, the scheme and the count.
func TestSampleScript(t *testing.T) {
	for stage, full := range weights {
		t.Run(stage, func(t *testing.T) {
			in := sample[sampleScript](t, "demo/"+stage+"/script.json")
			roles := map[string]string{}
			everyone := ""
			for _, p := range sample[sampleMeeting](t, "demo/"+stage+"/meeting.json").Roster {
				if roles[p.Name] != "" || len(p.Roles) != 1 || p.Unit == "" {
					t.Errorf("%s is in the roster twice, or in no way", p.Name)
				}
				roles[p.Name] = p.Roles[0]
				if p.Roles[0] != "observer" {
					everyone += p.Name
				}
			}
			for _, rare := range "䶮㛃𫖮" {
				if !strings.ContainsRune(everyone, rare) {
					t.Errorf("nobody is called %c", rare)
				}
			}
			aside := map[string]bool{}
			for _, d := range in.Declarations {
				if roles[d.Person] != "expert" || d.Conflict && d.Reason == "" {
					t.Errorf("declaration of %s", d.Person)
				}
				if d.Conflict {
					aside[d.Person] = true
				}
			}
			for _, r := range in.Recusals {
				aside[r.Person] = true
			}
			var scoring, signing []string
			for name, role := range roles {
				if role == "expert" && !aside[name] {
					scoring = append(scoring, name)
				}
				if role != "observer" && !aside[name] {
					signing = append(signing, name)
				}
			}
			if len(scoring) != 5 || !slices.Contains(scoring, in.Chair) || len(aside) != 1 {
				t.Fatalf("%v score", scoring)
			}
			if p := sample[sampleProject](t, "demo/"+stage+"/project.json"); p.Quorum != len(scoring) {
				t.Errorf("quorum %d", p.Quorum)
			}

			if len(in.Rounds) != 2 {
				t.Fatalf("%d rounds", len(in.Rounds))
			}
			before := map[string]sampleSheet{}
			changed := 0
			for n, round := range in.Rounds {
				totals, items := map[string]*big.Rat{}, map[string]*big.Rat{}
				for _, b := range round.Ballots {
					if !slices.Contains(scoring, b.Person) || totals[b.Person] != nil {
						t.Errorf("ballot of %s", b.Person)
					}
					total := new(big.Rat)
					for i, m := range b.Sheet.Marks {
						if was := before[b.Person].Marks; n > 0 && was[i].Value != m.Value {
							if changed++; m.Reason == "" {
								t.Errorf("%s changed %s and does not say why", b.Person, m.Item)
							}
						}
						w, scored := full[m.Item]
						if !scored {
							continue
						}
						v := figure(t, m.Value)
						if v.Cmp(big.NewRat(w, 1)) > 0 || !new(big.Rat).Add(v, v).IsInt() {
							t.Errorf("%s: %s for %s", b.Person, m.Value, m.Item)
						}
						total.Add(total, v)
						if items[m.Item] == nil {
							items[m.Item] = new(big.Rat)
						}
						items[m.Item].Add(items[m.Item], new(big.Rat).Quo(v, big.NewRat(5, 1)))
					}
					totals[b.Person] = total
					before[b.Person] = b.Sheet
					for _, p := range b.Sheet.Opinion {
						if n := len([]rune(p)); n > 200 {
							t.Errorf("%s: a paragraph of %d characters", b.Person, n)
						}
					}
				}
				mean := new(big.Rat)
				for _, v := range items {
					mean.Add(mean, v)
				}
				sorted := slices.SortedFunc(maps.Values(totals), (*big.Rat).Cmp)
				trimmed := new(big.Rat)
				for _, v := range sorted[1 : len(sorted)-1] {
					trimmed.Add(trimmed, new(big.Rat).Quo(v, big.NewRat(3, 1)))
				}
				want := round.Expect
				if len(totals) != 5 || len(items) != len(full) || want.Mean != halfUp(mean) ||
					want.Trimmed != halfUp(trimmed) || want.Median != halfUp(sorted[2]) {
					t.Errorf("round %d: %s, %s, %s", n+1, halfUp(mean), halfUp(trimmed), halfUp(sorted[2]))
				}
				for of, given := range map[string]map[string]string{"totals": want.Totals, "items": want.Items} {
					have := map[string]map[string]*big.Rat{"totals": totals, "items": items}[of]
					for key, v := range have {
						if given[key] != halfUp(v) {
							t.Errorf("round %d, %s: %s is not %s", n+1, key, given[key], halfUp(v))
						}
					}
				}
				if n == 0 {
					continue
				}
				suggested := "passed" // CM-04, without gates
				if mean.Cmp(big.NewRat(60, 1)) < 0 {
					suggested = "not_passed"
				} else if mean.Cmp(big.NewRat(80, 1)) < 0 {
					suggested = "passed_after_revision"
				}
				if in.Conclusion.Suggested != suggested || in.Conclusion.Outcome != suggested {
					t.Errorf("suggested %s", suggested)
				}
				for _, b := range round.Ballots {
					for _, m := range b.Sheet.Marks[len(full):] {
						if m.Value != "yes" {
							t.Errorf("%s leaves %s at %s", b.Person, m.Item, m.Value)
						}
					}
				}
			}
			if changed < 3 {
				t.Errorf("%d marks changed", changed)
			}

			reserved := 0
			for _, v := range in.Votes {
				if v.Choice == "reserve" {
					reserved++
				}
				i := slices.Index(signing, v.Person)
				if i < 0 || (v.Choice == "agree") != (v.Text == "") {
					t.Errorf("vote of %s", v.Person)
					continue
				}
				signing = slices.Delete(signing, i, i+1)
			}
			if len(signing) != 0 || reserved != 1 {
				t.Errorf("no vote of %v, %d with reservation", signing, reserved)
			}
			pack, err := fs.ReadFile(Packs, "packs/yueqing-2015.yaml")
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range in.Opinion {
				if s := string(pack); !strings.Contains(s, "- "+p.Section+"\n") && !strings.Contains(s, "title: "+p.Section+", ") {
					t.Errorf("no heading %q", p.Section)
				}
				if n := len([]rune(p.Text)); n > 200 {
					t.Errorf("a paragraph of %d characters: %s", n, p.Text)
				}
				for _, s := range p.Sources {
					if !slices.Contains(scoring, s) {
						t.Errorf("%s as a source", s)
					}
				}
			}
			for _, m := range in.Minutes {
				if n := len([]rune(m.Text)); n > 200 || !slices.Contains([]string{"opening", "round_1", "round_2", "conclusion"}, m.When) {
					t.Errorf("minutes of %d characters, %s", n, m.When)
				}
			}
		})
	}
}

// TestSampleDocuments: every document of a project has a source, and every material
// that the scheme asks for is there.
func TestSampleDocuments(t *testing.T) {
	for stage, materials := range map[string]int{"y2": 4, "y5": 7} {
		p := sample[sampleProject](t, "demo/"+stage+"/project.json")
		in := sample[sampleScript](t, "demo/"+stage+"/script.json")
		if len(in.Sources) != len(p.Documents) {
			t.Fatalf("%s: %d sources of %d documents", stage, len(in.Sources), len(p.Documents))
		}
		have := map[string]bool{}
		for i, d := range p.Documents {
			s := in.Sources[i]
			have[d.Material] = true
			if s.File != d.File || sampleText(t, s.From) == "" {
				t.Errorf("%s: %s is made of %s", stage, d.File, s.From)
			}
			if composed := strings.HasPrefix(s.From, "demo/documents/") && strings.HasSuffix(s.From, ".txt"); composed &&
				(s.Title != d.Title || s.Author == "" || s.Date == "") {
				t.Errorf("%s: %s says nothing of itself", stage, s.From)
			}
		}
		for n := range materials {
			if code := fmt.Sprintf("%s-E%d", strings.ToUpper(stage), n+1); !have[code] {
				t.Errorf("%s is missing", code)
			}
		}
	}
	wps := sampleText(t, "demo/documents/minutes.wps")
	if !strings.HasPrefix(wps, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") || len(wps) > 40<<10 {
		t.Errorf("minutes.wps: %d bytes, begins %x", len(wps), wps[:8])
	}
	scan := sampleText(t, "demo/scan.png")
	img, err := png.Decode(bytes.NewReader([]byte(scan)))
	if err != nil || img.Bounds() != image.Rect(0, 0, 827, 1169) || len(scan) > 300<<10 {
		t.Errorf("scan.png: %d bytes, %v", len(scan), err)
	}
}

// TestSampleChange: the one change was approved before it was executed, in the facts and
// in the papers, and what the meeting corrects is what the package says.
func TestSampleChange(t *testing.T) {
	p := sample[sampleProject](t, "demo/y5/project.json")
	changes, err := json.Marshal(p.Facts["changes"]) // members in the order of their names, as review/bag has them
	if err != nil {
		t.Fatal(err)
	}
	in := sample[sampleScript](t, "demo/y5/script.json")
	if len(in.Corrections) != 1 || in.Corrections[0].Key != "changes" || in.Corrections[0].Old != string(changes) {
		t.Fatalf("%v does not correct %s", in.Corrections, changes)
	}
	if strings.Contains(string(changes), "signed_by_group") {
		t.Error("the package says what the group has signed, before it has met")
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(in.Corrections[0].New), &list); err != nil {
		t.Fatal(err)
	}
	change := list[0]
	approved, executed := change["approved_on"].(string), change["executed_on"].(string)
	if len(list) != 1 || change["id"] != "BG-01" || approved == "" || approved > executed {
		t.Errorf("change %v", change)
	}
	report := sampleText(t, "demo/documents/change-bg01.txt")
	for _, day := range []string{approved, executed} {
		var y, m, d int
		if _, err := fmt.Sscanf(day, "%d-%d-%d", &y, &m, &d); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(report, fmt.Sprintf("%d年%d月%d日", y, m, d)) {
			t.Errorf("the report does not know %s", day)
		}
	}
}

// TestSampleFulfilment: terms and changes are those of one contract: every kind of term is
// there, one is not met as written, and the one change says why.
func TestSampleFulfilment(t *testing.T) {
	in := sample[sampleScript](t, "demo/y5/script.json").Fulfilment
	parts, deviate := map[string]bool{}, ""
	for _, x := range in.Terms {
		parts[x.Part] = true
		for _, text := range []string{x.Requirement, x.Actual, x.Evidence} {
			if n := len([]rune(text)); n == 0 || n > 150 {
				t.Errorf("%d characters: %s", n, text)
			}
		}
		switch x.Met {
		case "yes":
		case "deviate":
			deviate += x.Actual
		default:
			t.Errorf("%s: %s", x.Requirement, x.Met)
		}
	}
	if len(in.Changes) != 1 || !strings.Contains(deviate, in.Changes[0].Number) || len(parts) != 8 || len(in.Terms) < 12 {
		t.Errorf("%d terms of %v, %q, %v", len(in.Terms), parts, deviate, in.Changes)
	}
	if other := sample[sampleScript](t, "demo/y2/script.json").Fulfilment; len(other.Terms)+len(other.Changes) != 0 {
		t.Error("the review of a plan has terms of a contract")
	}
}

// TestSampleStrokes: who signs by hand has a place in both meetings, and his lines lie on
// the pad and fill it.
func TestSampleStrokes(t *testing.T) {
	in := sample[struct {
		Version int
		Strokes map[string]struct {
			Width, Height int
			Lines         [][]struct{ X, Y int }
		}
	}](t, "demo/strokes.json")
	if in.Version != 1 || len(in.Strokes) != 3 {
		t.Fatalf("version %d, %d people", in.Version, len(in.Strokes))
	}
	for name, s := range in.Strokes {
		for stage := range weights {
			if !strings.Contains(sampleText(t, "demo/"+stage+"/meeting.json"), `"`+name+`"`) {
				t.Errorf("%s is nobody in %s", name, stage)
			}
		}
		top, bottom := s.Height, 0
		for _, line := range s.Lines {
			if len(line) < 5 {
				t.Errorf("%s: a line of %d points", name, len(line))
			}
			for _, p := range line {
				if p.X < 0 || p.X > s.Width || p.Y < 0 || p.Y > s.Height {
					t.Errorf("%s: %v is beside the pad", name, p)
				}
				top, bottom = min(top, p.Y), max(bottom, p.Y)
			}
		}
		if 4*(bottom-top) < 3*s.Height {
			t.Errorf("%s fills %d of %d", name, bottom-top, s.Height)
		}
	}
}
