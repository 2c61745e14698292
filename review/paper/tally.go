package paper

import (
	"slices"

	"heyi/review"
)

// Tally gives the 评分汇总表 with its calculation and the 校验页. number is as for Fulfilment.
func (c *Case) Tally(number int) *Tally {
	secretary, _ := c.State.Seat(review.FirstSeat)
	x := &Tally{
		Head: c.group(review.FormTally, number), Rounds: c.Rounds, Suggestion: c.Suggestion.Sentence,
		Signers: c.Signers(c.Ink), Secretary: secretary.Name, Proof: c.proof(),
	}
	x = checked(c, x)
	x.Proof.QR = c.qr(review.Paper{Form: review.FormTally, Number: number}, x.Check)
	return x
}

// qr is what the code on the 校验页 says: one line of ASCII, by which a machine finds the
// meeting, the paper and the state of the record; of a draft there is no paper to find. The
// checkpoint, which has spaces in it, is the rest of the line.
func (c *Case) qr(p review.Paper, check string) string {
	s := "heyi:1;meeting=" + string(c.State.Meeting)
	if check != "" {
		s += ";paper=" + p.NumberName() + ";check=" + check
	}
	return s + ";checkpoint=" + c.Checkpoint
}

// proof gives that by which the papers can be compared with the record.
func (c *Case) proof() Proof {
	p := c.Project
	x := Proof{Checkpoint: c.Checkpoint}
	if c.State.Authority != nil {
		x.Authority = c.Fingerprint(c.State.Authority)
	}
	x.Lines = []Named{{"评审包", string(p.Package)}, {"评审方案", string(p.SchemeDigest)}}
	for _, d := range p.Scheme.Packs {
		name := "通用规则文件"
		if c.Scheme != nil && slices.Contains(c.Scheme.Pack().Digests(), d) {
			name = c.Scheme.Pack().Short + "规则文件"
		}
		x.Lines = append(x.Lines, Named{name, string(d)})
	}
	if p.Conclusion != nil {
		x.Lines = append(x.Lines, Named{"评审结论", string(p.Conclusion.Digest)})
	}
	for _, seat := range c.State.Seats {
		if seat.Certificate != nil {
			x.People = append(x.People, Named{c.name(seat.ID), c.Fingerprint(seat.Certificate)})
		}
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		if r.Opened.IsZero() {
			continue
		}
		for _, b := range p.Counted(r) {
			x.Ballots = append(x.Ballots, BallotProof{
				Round: r.Number, Name: c.name(b.Seat), Receipt: b.Statement.Receipt(), Ballot: b.Statement, Paper: b.Paper,
			})
		}
	}
	return x
}
