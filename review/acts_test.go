package review_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// The people of the rooms below.
const (
	secretary review.SeatID = "s01"
	chair     review.SeatID = "s02"
	expert    review.SeatID = "s03"
)

// p01 is the project of the rooms below.
const p01 review.ProjectID = "p01"

func newRoom(t testing.TB) *reviewtest.Room { return reviewtest.NewRoom(t, nil) }

// panel gives a running meeting of so many experts with a project that is at a stage.
func panel(t testing.TB, experts int, stage review.Stage) *reviewtest.Room {
	t.Helper()
	m := newRoom(t).Panel(experts)
	m.Project(1)
	m.To(p01, stage)
	return m
}

// due gives, for every kind of act, who does it and the act, after it has brought a
// fresh room to where the act is due.
var due = map[review.Kind]func(m *reviewtest.Room) (review.SeatID, review.Body){
	review.KindSeatAdded: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return secretary, review.SeatAdded{Seat: "s02", Person: review.Person{Name: "甲", Unit: "设计院", Title: "高工", Roles: []review.Role{review.RoleExpert, review.RoleMember}}}
	},
	review.KindSeatEdited: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Add(review.RoleExpert)
		return secretary, review.SeatEdited{Seat: "s02", Person: review.Person{Name: "乙", Roles: []review.Role{review.RoleObserver}}}
	},
	review.KindSeatClaimed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Add(review.RoleExpert)
		m.Add(review.RoleExpert)
		return expert, m.ClaimOf(expert)
	},
	review.KindSeatFreed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.Submit(p01, expert)
		return secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"})
	},
	review.KindSeatEntered: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Do(review.Program, review.CodeTried{Seat: secretary})
		return secretary, review.SeatEntered{Quick: true}
	},
	review.KindSeatReplaced: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.With(chair, review.SeatReplaced{Seat: expert, By: m.Join(review.RoleExpert), Reason: "突发疾病"})
	},
	review.KindCodeTried: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return review.Program, review.CodeTried{Seat: secretary}
	},
	review.KindSheetPrinted: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return secretary, review.SheetPrinted{}
	},
	review.KindPanelConfirmed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Join(review.RoleExpert)
		m.Do(secretary, review.ChairNamed{Seat: chair})
		return secretary, m.With(chair, m.Confirmation())
	},
	review.KindSeatsCertified: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(2)
		m.Claim(m.Add(review.RoleExpert))
		return secretary, m.With(chair, m.Certification())
	},
	review.KindChairNamed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Join(review.RoleExpert)
		return secretary, review.ChairNamed{Seat: chair}
	},
	review.KindAttendanceRecorded: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Add(review.RoleExpert)
		return secretary, review.AttendanceRecorded{Seat: "s02", Presence: review.PresenceAbsent, Reason: "因公出差"}
	},
	review.KindPromiseGiven: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Join(review.RoleExpert)
		m.Claim(m.Add(review.RoleExpert))
		return expert, m.PromiseOf(expert)
	},
	review.KindClockMoved: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		from := m.State.At
		m.At = from.Add(-review.ClockSlack - 1e9)
		return review.Program, review.ClockMoved{From: from, To: m.At}
	},
	review.KindDraftBegun: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return secretary, review.DraftBegun{Key: review.MinutesDraft}
	},
	review.KindDraftDropped: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Do(secretary, review.DraftBegun{Key: review.MinutesDraft})
		return secretary, review.DraftDropped{Key: review.MinutesDraft}
	},
	review.KindMinutesRecorded: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(1)
		return secretary, review.MinutesRecorded{Paragraphs: []string{"会议开始。", "宣布纪律。"}}
	},
	review.KindPaperIssued: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(1)
		return secretary, review.PaperIssued{Form: review.FormMinutes, Number: 1, Base: review.DigestOf([]byte("b")), Signed: review.DigestOf([]byte("s"))}
	},
	review.KindStatementRefused: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(2)
		return secretary, review.StatementRefused{Statement: review.DigestOf([]byte("x")), Seat: expert, Code: review.CodeStatementFork}
	},
	review.KindFilingBegun: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(1)
		return secretary, m.With(chair, review.FilingBegun{})
	},
	review.KindMeetingSealed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(1)
		m.Do(secretary, m.With(chair, review.FilingBegun{}))
		return secretary, review.MeetingSealed{Deleted: m.State.KeyBlobs()}
	},
	review.KindMeetingRestored: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(1)
		return secretary, m.With(chair, review.MeetingRestored{Seen: "v1 9 aa", Evidence: review.DigestOf([]byte("e")), Reason: "数据目录损坏"})
	},

	review.KindPackageImported: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return secretary, review.PackageImported{
			Package: review.DigestOf([]byte("tagmanifest")), ID: "YQ-2026-017", Seq: 2, Title: "平台一期评审包", Issuer: "市电子政务中心",
			Cert: review.DigestOf([]byte("issuer")), Secrecy: "none", Size: 9000,
		}
	},
	review.KindProjectAdded: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		return secretary, review.ProjectAdded{
			Project: p01, Title: "平台一期", Package: review.DigestOf([]byte("p")), Scheme: reviewtest.RoomScheme(), Quorum: 3,
			Units: []review.Unit{{Part: "owner", Name: "市数据局"}}, Facts: []review.Fact{{Key: "budget", Value: "236"}},
		}
	},
	review.KindProjectSuspended: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.With(chair, review.ProjectSuspended{Project: p01, Reason: "材料不齐"})
	},
	review.KindDeclarationGiven: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return expert, m.DeclarationOf(p01, expert, "曾任职于项目单位")
	},
	review.KindRecusalDecided: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.With(chair, review.RecusalDecided{Project: p01, Seat: expert, Recused: true, Reason: "与项目单位有合作"})
	},
	review.KindQuorumWaived: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "到会专家一致同意继续"})
	},
	review.KindFactCorrected: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.With(chair, review.FactCorrected{Project: p01, Key: "budget", Old: "236", New: "263", Evidence: "概算书第3页"})
	},
	review.KindSchemeSet: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(3)
		m.Project(3)
		return secretary, review.SchemeSet{Project: p01, Settings: review.Settings{Items: []review.Weigh{{Item: "A1", Full: "20"}}}, Reason: "组织单位确认的评审细则"}
	},
	review.KindRoundBegun: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		m.Panel(3)
		m.Project(3)
		return chair, review.RoundBegun{Project: p01, Number: 1, Nonce: m.Nonce()}
	},
	review.KindBallotSubmitted: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return expert, review.BallotSubmitted{Ballot: m.BallotOf(p01, expert, reviewtest.RoomSheet())}
	},
	review.KindBallotReturned: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.Submit(p01, expert)
		return secretary, review.BallotReturned{Project: p01, Seat: expert, Reason: "本人要求修改"}
	},
	review.KindBallotVoided: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.Submit(p01, expert)
		return secretary, m.With(chair, review.BallotVoided{Project: p01, Seat: expert, Reason: "已离会，评分无法开封"})
	},
	review.KindRoundClosed: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 1)
		m.Submit(p01, chair)
		return chair, review.RoundClosed{Project: p01, Number: 1}
	},
	review.KindRoundReopened: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.To(p01, review.StageOpening)
		return secretary, m.With(chair, review.RoundReopened{Project: p01, Reason: "组长突发疾病，另行推选"})
	},
	review.KindBallotsOpened: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.To(p01, review.StageOpening)
		return secretary, m.With(chair, m.Opened(p01))
	},
	review.KindOpinionDrafted: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.To(p01, review.StageDeliberating)
		return chair, review.OpinionDrafted{Project: p01, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "方案可行。", Sources: []review.SeatID{expert}}}}
	},
	review.KindItemSettled: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.To(p01, review.StageDeliberating)
		return chair, review.ItemSettled{Project: p01, Item: "C1", Answer: review.AnswerYes, Reason: "经合议，材料可以证明"}
	},
	review.KindConclusionReached: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		return chair, m.With(secretary, review.ConclusionReached{
			Project: p01, Outcome: "pass", Opinion: 1, Suggested: "fail", Reason: "问题可在实施中解决",
			Against: []review.Against{{Rule: "NDRC-G03", Reason: "利用既有网络"}},
		})
	},
	review.KindConclusionWithdrawn: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageConcluded)
		return chair, m.With(secretary, review.ConclusionWithdrawn{Project: p01, Reason: "事实有误"})
	},
	review.KindVoteCast: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageConcluded)
		return expert, m.Vote(p01, expert, review.ChoiceReserve, "投资偏高。")
	},
	review.KindVotesCounted: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		return secretary, m.With(chair, review.VotesCounted{Project: p01, Motion: "是否通过评审", Yes: 2, No: 1})
	},
	review.KindSigningBegun: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageConcluded)
		return secretary, review.SigningBegun{Project: p01}
	},
	review.KindSignatureGiven: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageSigning)
		return expert, m.Signature(p01, expert)
	},
	review.KindSignatureRefused: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageSigning)
		return secretary, review.SignatureRefused{Project: p01, Seat: expert, Reason: "不同意结论", Witness: "s04"}
	},
	review.KindProjectFinalised: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageSigning)
		for len(m.State.Unsigned(m.State.Project(p01))) > 0 {
			by, body := m.Next(p01)
			m.Do(by, body)
		}
		return chair, review.ProjectFinalised{Project: p01}
	},
	review.KindFulfilmentRecorded: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		return secretary, m.Fulfilment(p01)
	},
	review.KindPapersCertified: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.Do(secretary, m.Fulfilment(p01))
		return secretary, m.Set(p01, review.PurposeTables)
	},
	review.KindPapersSigned: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.Lay(p01, review.PurposeConclusion)
		return expert, m.Signed(p01, expert)
	},
	review.KindScanLinked: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.Lay(p01, review.PurposeConclusion, expert, "s04")
		return secretary, m.With(chair, m.Scan(p01, review.FormTally, expert, "s04"))
	},
	review.KindPapersArchived: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 1)
		m.Lay(p01, review.PurposeTables)
		m.Do(chair, m.Signed(p01, chair))
		return secretary, m.With(chair, m.Archive(p01))
	},
	review.KindPapersWithdrawn: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		scoring(m, 3)
		m.Lay(p01, review.PurposeTables)
		return chair, m.With(secretary, review.PapersWithdrawn{Project: p01, Set: 1, Reason: "变更编号有误"})
	},
	review.KindDissentVoided: func(m *reviewtest.Room) (review.SeatID, review.Body) {
		deliberated(m)
		m.To(p01, review.StageConcluded)
		dissents(m)
		return chair, m.With(secretary, voidsDissent(m, 1))
	},
}

// scoring begins the scoring of a project by so many experts.
func scoring(m *reviewtest.Room, experts int) {
	m.Panel(experts)
	m.Project(1)
	m.To(p01, review.StageScoring)
}

// deliberated leads three experts as far as an opinion.
func deliberated(m *reviewtest.Room) {
	scoring(m, 3)
	m.To(p01, review.StageDeliberating)
	by, body := m.Next(p01)
	m.Do(by, body)
}

// kinds lists every kind of event that the package declares.
func kinds(t testing.TB) []review.Kind {
	t.Helper()
	var out []review.Kind
	for _, v := range constants(t, "Kind") {
		out = append(out, review.Kind(v))
	}
	return out
}

// constants lists the values of the package's constants of a type.
func constants(t testing.TB, typ string) []string {
	t.Helper()
	var out []string
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if ok, _ := filepath.Match("*_test.go", name); ok {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == typ {
				for _, e := range v.Values {
					if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						s, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						out = append(out, s)
					}
				}
			}
			return true
		})
	}
	return out
}

// TestDue holds that every act can be done: each kind of event is accepted where it
// is due, and from there the meeting can be wound up.
func TestDue(t *testing.T) {
	all := kinds(t)
	if len(all) != len(due)+1 {
		t.Errorf("%d kinds, %d acts beside the first", len(all), len(due))
	}
	for _, k := range all {
		if k == review.KindMeetingCreated {
			continue
		}
		t.Run(string(k), func(t *testing.T) {
			m := newRoom(t)
			by, body := due[k](m)
			if body.Kind() != k {
				t.Fatalf("the act is %s", body.Kind())
			}
			before, again := m.State, fold(t, m.Events)
			m.Do(by, body)
			if !reflect.DeepEqual(before, again) {
				t.Error("what was done on a copy changed the original")
			}
			if m.State.Phase == review.PhaseRunning {
				m.WindUp()
			}
		})
	}
}

// wantItem is for the item of a refusal that has the wanted code.
func wantItem(t *testing.T, err error, item string) {
	t.Helper()
	if got := review.ItemOf(err); got != item {
		t.Errorf("item %q, want %q (%v)", got, item, err)
	}
}

// people lists who is in a room, and some who are not.
func people(m *reviewtest.Room) []review.SeatID {
	out := []review.SeatID{"", "s99", review.Program}
	for _, x := range m.State.Seats {
		out = append(out, x.ID)
	}
	slices.Sort(out)
	return out
}
