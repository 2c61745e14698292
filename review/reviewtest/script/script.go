// Package script holds a whole meeting through the services, act by act, for tests
// that kill, trace, fault, search and measure it. It knows nothing of a store.
package script

import (
	"fmt"
	"strconv"

	"heyi/review"
	"heyi/review/meeting"
)

// Passphrase is the secretary's, and the observer's.
const Passphrase = "甲乙丙丁戊己庚辛壬癸"

// Marker stands in everything that is secret before the opening: drafts, opinions,
// reasons. It is found nowhere in what a meeting leaves before that.
const Marker = "朱砂痣白月光"

// Hall is where a meeting is held: the services, and those who sit there with their
// codes.
type Hall struct {
	*meeting.Services
	ID       review.MeetingID
	Codes    map[review.SeatID]string
	Sessions map[review.SeatID]*meeting.Session
	Receipts []meeting.Receipt
	// Claimed is told each code before it is used, nil for nobody.
	Claimed func(review.SeatID, string)
}

// New gives an empty hall.
func New(s *meeting.Services) *Hall {
	return &Hall{Services: s, Codes: map[review.SeatID]string{}, Sessions: map[review.SeatID]*meeting.Session{}}
}

// Act is one thing that happens in the meeting.
type Act struct {
	Name string
	Do   func(*Hall) error
}

// Seats of the cast.
const (
	Secretary review.SeatID = "s01"
	Chair     review.SeatID = "s02" // stands aside in the second project
	Second    review.SeatID = "s03" // presides over the second project
	Third     review.SeatID = "s04"
	Fourth    review.SeatID = "s05" // comes late
	Member    review.SeatID = "s06"
	Observer  review.SeatID = "s07"
	First                   = review.ProjectID("p01")
	Other                   = review.ProjectID("p02")
)

// Cast are those who take seats, from the second on.
var Cast = []review.Person{
	{Name: "龚䶮", Unit: "省信息中心", Title: "教授级高级工程师", Roles: []review.Role{review.RoleExpert}},
	{Name: "欧阳㛃", Unit: "理工大学", Title: "教授", Roles: []review.Role{review.RoleExpert}},
	{Name: "黄𫖮", Unit: "市测评中心", Title: "研究员", Roles: []review.Role{review.RoleExpert}},
	{Name: "章衡", Unit: "设计研究院", Title: "高级工程师", Roles: []review.Role{review.RoleExpert}},
	{Name: "毕昇", Unit: "市财政局", Title: "科长", Roles: []review.Role{review.RoleMember}},
	{Name: "沈括", Unit: "市纪委监委", Roles: []review.Role{review.RoleObserver}},
}

// Scheme gives a scheme of n scored items, a yes/no item and a gate.
func Scheme(n int) review.Scheme {
	c := review.Scheme{ID: "sample", Title: "技术方案评审", Outcomes: []review.Outcome{
		{ID: "passed", Title: "通过"}, {ID: "passed_after_revision", Title: "修改后通过"}, {ID: "not_passed", Title: "不通过"},
	}}
	for i := range n {
		c.Items = append(c.Items, review.Item{
			ID: "i" + strconv.Itoa(i+1), Title: "评审项" + strconv.Itoa(i+1), Kind: review.ItemScore, Full: "10", Step: "0.5",
		})
	}
	c.Items = append(c.Items,
		review.Item{ID: "c1", Title: "材料齐全", Kind: review.ItemYesNo, NA: true},
		review.Item{ID: "g1", Title: "符合信息共享要求", Kind: review.ItemGate})
	return c
}

// Project gives a project with a scheme of n scored items.
func Project(title string, n int) review.ProjectAdded {
	return review.ProjectAdded{
		Title: title, Package: review.DigestOf([]byte(title)), Scheme: Scheme(n), Quorum: 3,
		Units: []review.Unit{{Part: "owner", Name: "市政务服务中心"}, {Part: "contractor", Name: "某科技公司"}},
		Facts: []review.Fact{{Key: "investment", Value: "236"}, {Key: "secrecy_level", Value: "none"}},
	}
}

// Sheet gives a complete sheet; by changes marks and text, and every text has Marker
// in it.
func Sheet(c review.Scheme, by int) review.Sheet {
	h := review.Sheet{Outcome: "passed"}
	for i, it := range c.Items {
		m := review.Mark{Item: it.ID, Value: review.AnswerYes}
		if it.Kind == review.ItemScore {
			half := (13 + by + i) % 21
			m.Value = strconv.Itoa(half / 2)
			if half%2 == 1 {
				m.Value += ".5"
			}
			m.Reason = fmt.Sprintf("%s，评审项%d的理由%d。", Marker, i+1, by)
		}
		h.Marks = append(h.Marks, m)
	}
	h.Opinion = []string{fmt.Sprintf("%s，个人意见%d：方案总体可行，共享目录应补充。", Marker, by), "建议补充等级保护测评安排。"}
	return h
}

// take seats a person.
func (h *Hall) take(seat review.SeatID) error {
	g, err := h.Seating(h.ID, seat)
	if err != nil {
		return err
	}
	return h.claim(g)
}

// claim lets a person take a seat that was prepared.
func (h *Hall) claim(g *meeting.Seating) error {
	seat := g.Seat().ID
	secret := g.Code()
	if secret == "" {
		secret = Passphrase
	}
	if h.Claimed != nil {
		h.Claimed(seat, secret)
	}
	h.Codes[seat] = secret
	x, err := g.Claim(secret, secret)
	h.Sessions[seat] = x
	return err
}

func on(seat review.SeatID, do func(*meeting.Session) error) func(*Hall) error {
	return func(h *Hall) error { return do(h.Sessions[seat]) }
}

// Prepare is everything up to the confirmed panel with two projects and everybody's
// declarations.
func Prepare(items int) []Act {
	acts := []Act{{"create", func(h *Hall) error {
		x, err := h.Create(meeting.NewMeeting{Title: "政务信息化项目评审会", Secretary: "吕蒙正", Passphrase: Passphrase, Repeated: Passphrase})
		if err != nil {
			return err
		}
		h.ID, h.Sessions[Secretary], h.Codes[Secretary] = x.Meeting(), x, Passphrase
		return nil
	}}}
	for i, p := range Cast {
		acts = append(acts, Act{"seat " + p.Name, on(Secretary, func(x *meeting.Session) error {
			id, err := x.AddSeat(p)
			if want := review.NumberedSeat(i + 2); err == nil && id != want {
				return fmt.Errorf("seat %s, not %s", id, want)
			}
			return err
		})})
	}
	for _, title := range []string{"政务数据共享平台升级改造项目", "网上办事大厅项目"} {
		acts = append(acts, Act{"project " + title, on(Secretary, func(x *meeting.Session) error {
			_, err := x.AddProject(Project(title, items))
			return err
		})})
	}
	for _, seat := range []review.SeatID{Chair, Second, Third, Member, Observer} {
		acts = append(acts, Act{"claim " + string(seat), func(h *Hall) error { return h.take(seat) }})
	}
	acts = append(acts,
		Act{"chair", on(Secretary, func(x *meeting.Session) error { return x.NameChair(nil, "", Chair, "") })},
		Act{"confirm", func(h *Hall) error { return h.Sessions[Secretary].ConfirmPanel(h.Sessions[Chair]) }},
		Act{"late claim", func(h *Hall) error { return h.take(Fourth) }},
		Act{"certify", func(h *Hall) error { return h.Sessions[Secretary].Certify(h.Sessions[Chair]) }},
		Act{"sheet", on(Chair, func(x *meeting.Session) error { _, err := x.RecoverySheet(); return err })},
	)
	for _, seat := range []review.SeatID{Chair, Second, Third, Fourth, Member} {
		acts = append(acts, Act{"promise " + string(seat), on(seat, func(x *meeting.Session) error { return x.Promise("承诺书") })})
	}
	for _, project := range []review.ProjectID{First, Other} {
		for _, seat := range []review.SeatID{Chair, Second, Third, Fourth} {
			d := review.DeclarationBody{}
			if seat == Chair && project == Other {
				d = review.DeclarationBody{Conflict: true, Reason: "曾任该项目承建单位顾问"}
			}
			acts = append(acts, Act{"declare " + string(seat) + " " + string(project), on(seat, func(x *meeting.Session) error {
				return x.Declare(project, d)
			})})
		}
	}
	return append(acts, Act{"chair of the other", on(Secretary, func(x *meeting.Session) error {
		return x.NameChair(nil, Other, Second, "组长回避，经专家推选")
	})})
}

// Score is one round of a project up to its closing, with a draft kept and found again
// and one ballot returned.
func Score(project review.ProjectID, round int) []Act {
	voters := []review.SeatID{Second, Third, Fourth}
	if project == First {
		voters = append([]review.SeatID{Chair}, voters...)
	}
	acts := []Act{{"round", on(Secretary, func(x *meeting.Session) error { return x.BeginRound(project) })}}
	for i, seat := range voters {
		submit := func(h *Hall) error {
			x := h.Sessions[seat]
			p := x.State().Project(project)
			r, err := x.Submit(project, Sheet(p.Scheme, i+round), review.Look{})
			if err == nil {
				h.Receipts = append(h.Receipts, r)
			}
			return err
		}
		acts = append(acts,
			Act{"draft " + string(seat), on(seat, func(x *meeting.Session) error {
				return x.SaveDraft(review.ScoreDraft(project, round), Marker+"，没写完")
			})},
			Act{"draft again " + string(seat), on(seat, func(x *meeting.Session) error {
				return x.SaveDraft(review.ScoreDraft(project, round), Marker+"，还没写完")
			})},
			Act{"submit " + string(seat), submit})
		if seat == Third {
			acts = append(acts,
				Act{"return " + string(seat), on(Secretary, func(x *meeting.Session) error {
					return x.Return(project, seat, "本人要求修改")
				})},
				Act{"submit again " + string(seat), submit})
		}
	}
	return append(acts, Act{"close", on(Secretary, func(x *meeting.Session) error { return x.CloseRound(project) })})
}

// presiding gives who presides over a project of the script.
func presiding(project review.ProjectID) review.SeatID {
	if project == First {
		return Chair
	}
	return Second
}

// Open is the opening of the present round of a project.
func Open(project review.ProjectID) Act {
	return Act{"open " + string(project), func(h *Hall) error {
		return h.Sessions[Secretary].OpenRound(h.Sessions[presiding(project)], project)
	}}
}

// Conclude is a project from deliberation to its final form, with minutes, a
// correction, a dissent and a refusal on the way.
func Conclude(project review.ProjectID) []Act {
	chair := presiding(project)
	signers := []review.SeatID{Second, Fourth, Member}
	if project == First {
		signers = append(signers, Chair) // signs last
	} else {
		signers = []review.SeatID{Fourth, Member, Second}
	}
	acts := []Act{
		{"minutes draft", on(Secretary, func(x *meeting.Session) error {
			return x.SaveDraft(review.MinutesDraft, "专家就数据共享提出问题")
		})},
		{"minutes", on(Secretary, func(x *meeting.Session) error {
			return x.Record("专家就数据共享提出问题。\n项目单位作了答复。")
		})},
		{"correct", func(h *Hall) error {
			return h.Sessions[Secretary].Correct(h.Sessions[chair], review.FactCorrected{
				Project: project, Key: "investment", Old: "236", New: "235.5", Evidence: "概算表第3页合计栏",
			})
		}},
		{"opinion", on(Secretary, func(x *meeting.Session) error {
			return x.DraftOpinion(project, []review.OpinionParagraph{
				{Text: "方案总体可行。", Sources: []review.SeatID{Second, Third}}, {Text: "共享目录应补充。"},
			})
		})},
		{"count", func(h *Hall) error {
			n := len(h.Sessions[Secretary].State().Voters(h.Sessions[Secretary].State().Project(project)))
			return h.Sessions[Secretary].CountVotes(h.Sessions[chair], review.VotesCounted{
				Project: project, Motion: "是否同意专家组意见", Yes: n - 1, No: 1,
			})
		}},
		{"conclude", func(h *Hall) error {
			return h.Sessions[chair].Conclude(h.Sessions[Secretary], review.ConclusionReached{
				Project: project, Outcome: "passed_after_revision", Suggested: "passed",
				Against: []review.Against{{Rule: "YQ-01", Reason: "已补充说明"}}, Reason: "共享目录须先补充",
			})
		}},
		{"dissent", on(Third, func(x *meeting.Session) error {
			return x.Vote(project, review.ChoiceDisagree, "安全投入不足，应重新论证。", review.Look{})
		})},
	}
	for _, seat := range signers {
		acts = append(acts, Act{"vote " + string(seat), on(seat, func(x *meeting.Session) error {
			return x.Vote(project, review.ChoiceAgree, "", review.Look{})
		})})
	}
	acts = append(acts,
		Act{"signing", on(Secretary, func(x *meeting.Session) error { return x.BeginSigning(project) })},
		Act{"refuse", func(h *Hall) error {
			return h.Sessions[Secretary].Refuse(h.Sessions[Fourth], project, Third, "对结论有不同意见，拒绝签字")
		}})
	for _, seat := range signers {
		acts = append(acts, Act{"sign " + string(seat), on(seat, func(x *meeting.Session) error { return x.Sign(project, review.Look{}) })})
	}
	return append(acts, Act{"final", func(h *Hall) error { return h.Sessions[Secretary].Finalise(h.Sessions[Chair], project) }})
}

// Tables is the signing of the tables of a project, ahead of its conclusion: one version
// is taken back after the first signature, the member signs in ink.
func Tables(project review.ProjectID) []Act {
	chair := presiding(project)
	signers := []review.SeatID{Second, Third, Fourth, chair}
	if project == Other {
		signers = []review.SeatID{Third, Fourth, chair}
	}
	record := func(actual string) Act {
		return Act{"fulfilment", on(Secretary, func(x *meeting.Session) error {
			return x.RecordFulfilment(project,
				[]review.Term{{Requirement: "共享接口不少于40个", Actual: actual, Evidence: "检测报告第3页", Met: review.MetYes}},
				[]review.Change{{Number: "BG-01", Content: "取消一项采购，增加4个接口", Reported: true}})
		})}
	}
	certify := Act{"tables", on(Secretary, func(x *meeting.Session) error { return x.CertifyTables(project, Member) })}
	sign := func(seat review.SeatID) Act {
		return Act{"sign tables " + string(seat), on(seat, func(x *meeting.Session) error { return x.Sign(project, review.Look{}) })}
	}
	acts := []Act{record("38个"), certify, sign(Third), record("40个"), certify, {"scan", func(h *Hall) error {
		x := h.Sessions[Secretary]
		for _, q := range x.State().Project(project).Signing().Papers {
			if err := x.LinkScan(h.Sessions[chair], project, q.Check, "", []byte("%PDF-1.4 "+q.Check), Member); err != nil {
				return err
			}
		}
		return nil
	}}}
	for _, seat := range signers {
		acts = append(acts, sign(seat))
	}
	return append(acts, Act{"close tables", func(h *Hall) error {
		return h.Sessions[Secretary].CloseTables(h.Sessions[Chair], project)
	}})
}

// File ends the meeting: the minutes are issued, filing begins, everything is sealed.
func File() []Act {
	return []Act{
		{"paper", on(Secretary, func(x *meeting.Session) error { _, _, err := x.IssueMinutes(); return err })},
		{"file", func(h *Hall) error { return h.Sessions[Secretary].BeginFiling(h.Sessions[Chair]) }},
		{"seal", on(Secretary, (*meeting.Session).Seal)},
	}
}

// Whole is a whole meeting: two projects, the first with two rounds.
func Whole(items int) []Act {
	acts := Prepare(items)
	acts = append(acts, Score(First, 1)...)
	acts = append(acts, Score(Other, 1)...)
	acts = append(acts, Open(First))
	acts = append(acts, Score(First, 2)...)
	acts = append(acts, Open(First))
	acts = append(acts, Conclude(First)...)
	acts = append(acts, Open(Other))
	acts = append(acts, Conclude(Other)...)
	return append(acts, File()...)
}

// Hold does acts one after the other and tells each; it stops at the first that fails.
func (h *Hall) Hold(acts []Act, done func(i int, a Act)) error {
	for i, a := range acts {
		if err := a.Do(h); err != nil {
			return fmt.Errorf("act %d, %s: %w", i, a.Name, err)
		}
		if done != nil {
			done(i, a)
		}
	}
	return nil
}

// Leave closes all sessions.
func (h *Hall) Leave() {
	for _, x := range h.Sessions {
		x.Close()
	}
}
