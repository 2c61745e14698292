package meeting

import (
	"math/big"

	"heyi/review"
	"heyi/review/filing"
	"heyi/review/scoring"
)

// data gives all that the record says in the form of 会议数据.json.
func (c *collector) data() *filing.Data {
	s := c.state
	d := &filing.Data{
		Version: filing.DataVersion,
		Meeting: filing.Meeting{
			ID: s.Meeting, Title: s.Title, Drill: s.Drill, Scheme: s.Scheme, Created: s.Created, Phase: s.Phase, Chair: s.Chair,
			Entries: s.Size, Until: s.At, Checkpoint: c.checkpoint,
		},
		Seats: each(s.Seats, func(x review.Seat) filing.Seat {
			return filing.Seat{
				ID: x.ID, Name: x.Name, Unit: x.Unit, Title: x.Title, Roles: x.Roles, Presence: x.Presence, Arrived: moment(x.Arrived),
				Left: moment(x.Left), Promise: x.Promise, Certificate: digestOf(x.Certificate), ReplacedBy: x.ReplacedBy,
			}
		}),
		Packages: each(s.Packages, func(x review.Package) filing.Package { return filing.Package(x) }),
		Projects: each(s.Projects, c.projectData),
		Minutes: each(s.Minutes, func(x review.Paragraph) filing.Paragraph {
			return filing.Paragraph{Number: x.Number, At: x.At, By: x.By, Text: x.Text}
		}),
		Papers: each(s.Papers, func(x review.Paper) filing.Issued {
			return filing.Issued{Form: x.Form, Number: x.Number, At: x.At, By: x.By, Base: x.Base, Signed: x.Signed}
		}),
		ClockMoves: each(s.ClockMoves, func(x review.ClockMove) filing.ClockMove {
			return filing.ClockMove{Entry: x.Index, From: x.From, To: x.To}
		}),
		Restored: each(s.Restorations, func(x review.Restoration) filing.Restoration {
			return filing.Restoration{Entry: x.Index, Seen: x.Seen, Evidence: x.Evidence, Reason: x.Reason, At: x.At}
		}),
		NotAccepted: each(s.Refused, func(x review.Refused) filing.NotAccepted {
			return filing.NotAccepted{Statement: x.Statement, Seat: x.Seat, Code: x.Code, At: x.At}
		}),
	}
	d.Meeting.Authority = digestOf(s.Authority)
	return d
}

// digestOf gives the digest of a certificate, "" of none.
func digestOf(der []byte) review.Digest {
	if der == nil {
		return ""
	}
	return review.DigestOf(der)
}

// each gives a list of what f makes of each; of nothing, an empty one.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func (c *collector) projectData(p *review.Project) filing.Project {
	about := c.judge.about(c.state, p)
	x := filing.Project{
		ID: p.ID, Title: p.Title, Code: about.Code, Place: about.Place, Time: about.Time, Package: p.Package, Entry: p.Entry,
		Scheme: p.Scheme, SchemeDigest: p.SchemeDigest, Units: p.Units, Facts: p.Facts, Documents: p.Documents, Quorum: p.Quorum,
		Waived: p.Waived, Stage: p.Stage, Suspended: p.Suspended, Chair: c.state.Presiding(p),
		Declarations: each(p.Declared, func(x review.Declaration) filing.Declaration {
			return filing.Declaration{Seat: x.Seat, Revision: x.Revision, Conflict: x.Conflict, Reason: x.Reason, At: x.At}
		}),
		Recusals: each(p.Recusals, func(x review.Recusal) filing.Recusal {
			return filing.Recusal{Seat: x.Seat, Own: x.Own, Reason: x.Reason, At: x.At}
		}),
		Corrections: each(p.Corrections, func(x review.Correction) filing.Correction {
			return filing.Correction{
				Number: x.Number, Key: x.Key, Old: x.Old, New: x.New, Evidence: x.Evidence, Officer: x.Officer, Consenter: x.Consenter, At: x.At,
			}
		}),
		Settled: each(p.Settled, func(x review.Settlement) filing.Settlement {
			return filing.Settlement{Round: x.Round, Item: x.Item, Answer: x.Answer, Reason: x.Reason, By: x.By, At: x.At}
		}),
		Opinion: each(p.Opinion, func(x review.OpinionVersion) filing.Opinion {
			return filing.Opinion{Revision: x.Revision, Round: x.Round, By: x.By, At: x.At, Paragraphs: x.Paragraphs}
		}),
		Withdrawn: each(p.Withdrawn, func(x review.Conclusion) filing.Conclusion { return conclusionData(p, x) }),
		Votes: each(p.Votes, func(x review.Vote) filing.Vote {
			return filing.Vote{
				Seat: x.Seat, Revision: x.Revision, Conclusion: x.Conclusion, Choice: x.Choice, Text: x.Text, Paper: x.Paper, Annex: x.Annex, At: x.At,
			}
		}),
		Counts: each(p.Counts, func(x review.Count) filing.Count { return filing.Count(x) }),
		Signatures: each(p.Signatures, func(x review.Signature) filing.Signature {
			return filing.Signature{Seat: x.Seat, Statement: x.Statement, Ink: x.Ink, Subject: x.Subject, At: x.At}
		}),
		Refusals: each(p.Refusals, func(x review.Refusal) filing.Refusal { return filing.Refusal(x) }),
		Fulfilment: each(p.Fulfilment, func(x review.FulfilmentVersion) review.FulfilmentRecorded {
			return review.FulfilmentRecorded{Project: p.ID, Revision: x.Revision, Terms: x.Terms, Changes: x.Changes}
		}),
		Sets: each(p.Sets, setData),
	}
	if len(p.Settings) > 0 {
		came := p.Came()
		x.Came = &came
		x.Settings = each(p.Settings, func(s review.SchemeSetting) filing.Setting {
			return filing.Setting{Settings: s.Settings, Reason: s.Reason, By: s.By, At: s.At}
		})
	}
	if p.Conclusion != nil {
		concluded := conclusionData(p, *p.Conclusion)
		x.Conclusion = &concluded
	}
	for i := range p.Rounds {
		x.Rounds = append(x.Rounds, c.roundData(p, &p.Rounds[i]))
	}
	return x
}

func conclusionData(p *review.Project, x review.Conclusion) filing.Conclusion {
	outcome, _ := p.Scheme.Outcome(x.Outcome)
	return filing.Conclusion{
		Digest: x.Digest, Outcome: x.Outcome, Title: outcome.Title, Opinion: x.Opinion, Suggested: x.Suggested, Against: x.Against,
		Reason: x.Reason, By: x.By, At: x.At,
	}
}

func (c *collector) roundData(p *review.Project, r *review.Round) filing.Round {
	out := filing.Round{Number: r.Number, Begun: r.Begun, Closed: moment(r.Closed), Opened: moment(r.Opened)}
	out.Ballots = each(r.Ballots, func(b review.Ballot) filing.Ballot {
		why, counts := counting(p, r, b)
		return filing.Ballot{
			Seat: b.Seat, Revision: b.Revision, At: b.At, Statement: b.Statement, Receipt: b.Statement.Receipt(), Counts: counts, Why: why,
			Sheet: b.Sheet, Paper: b.Paper,
		}
	})
	if r.Opened.IsZero() {
		return out
	}
	count, err := c.judge.count(c.state, p, r.Number)
	if err != nil {
		c.failed(err)
		return out
	}
	out.Result = &filing.Result{
		Official: figure(count.Official), Mean: figure(count.Mean), Trimmed: figure(count.Trimmed), Median: figure(count.Median),
		Suggested: count.Suggestion.Outcome,
		Experts: each(count.Experts, func(x scoring.Expert) filing.ExpertTotal {
			return filing.ExpertTotal{Seat: x.Seat, Total: figure(x.Total)}
		}),
		Items: each(count.Items, func(x scoring.Item) filing.ItemResult {
			return filing.ItemResult{
				Item: x.ID, Mean: figure(x.Figures.Mean), Percent: figure(x.Percent),
				Yes: x.Votes.Yes, No: x.Votes.No, Abstain: x.Votes.Abstain, NA: x.Votes.NA,
			}
		}),
	}
	return out
}

// figure writes a figure with two decimals, "" for none.
func figure(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scoring.Round2(x)
}

func setData(x review.PaperSet) filing.Set {
	return filing.Set{
		Number: x.Number, Purpose: x.Purpose, Subject: x.Subject, At: x.At, Void: x.Void, Archive: digestOf(x.Archive), Consenter: x.Consenter,
		Signers: x.Signers,
		Papers: each(x.Papers, func(q review.SetPaper) filing.SetPaper {
			return filing.SetPaper{
				Form: q.Form, Number: q.Number, Check: q.Check, Base: q.Base,
				Revisions: each(q.Revisions, func(r review.Revision) filing.Revision {
					return filing.Revision{Seat: r.Seat, Signed: r.Signed, At: r.At}
				}),
			}
		}),
		Scans: each(x.Scans, func(q review.Scan) filing.Scan {
			return filing.Scan{Check: q.Check, Printed: q.Printed, Scan: q.Scan, Type: q.Type, Seats: q.Seats}
		}),
	}
}
