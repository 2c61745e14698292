package paper

import (
	"slices"
	"strings"

	"heyi/review"
)

// person says who sits at a seat.
func (c *Case) person(id review.SeatID) Person {
	seat, _ := c.State.Seat(id)
	return Person{Seat: id, Name: seat.Name, Unit: seat.Unit, Title: seat.Person.Title, Office: c.office(seat)}
}

// office says what a person is on this project.
func (c *Case) office(seat review.Seat) string {
	switch {
	case seat.ID == c.State.Presiding(c.Project):
		return "组长"
	case seat.Has(review.RoleExpert):
		return "专家"
	case seat.Has(review.RoleMember):
		return "成员"
	case seat.Has(review.RoleSecretary):
		return "秘书"
	}
	return "监督"
}

// NameOf gives what a person is called where only names stand: with the unit where two
// share a name.
func NameOf(s *review.State, id review.SeatID) string {
	seat, _ := s.Seat(id)
	for _, x := range s.Seats {
		if x.ID != id && x.Name == seat.Name && seat.Unit != "" {
			return seat.Name + "（" + seat.Unit + "）"
		}
	}
	return seat.Name
}

func (c *Case) name(id review.SeatID) string { return NameOf(c.State, id) }

// field names the field that a person's signature fills; "" of a draft.
func (c *Case) field(id review.SeatID) string {
	seat, ok := c.State.Seat(id)
	if c.Draft || !ok {
		return ""
	}
	return review.FieldOf(seat)
}

// Signers gives those who sign the papers of the project, the presiding chair before all
// others though he signs after them. ink are those who sign in ink.
func (c *Case) Signers(ink map[review.SeatID]bool) []Signer {
	var out []Signer
	for _, id := range c.chairFirst(c.State.Signatories(c.Project)) {
		s := Signer{Person: c.person(id), Blank: ink[id] || c.Draft}
		switch {
		case !s.Blank:
			s.Field = c.field(id)
		case ink[id]:
			s.Note = inkNote
		}
		out = append(out, s)
	}
	return out
}

// positioned gives the signers with what they hold of the conclusion as their note.
func (c *Case) positioned() []Signer {
	out := c.Signers(c.Ink)
	for i := range out {
		if v, ok := c.position(out[i].Seat); ok {
			out[i].Note = strings.Trim(out[i].Note+"；"+positionNotes[v.Choice], "；")
		}
	}
	return out
}

// inkNote says where the signature of who signs in ink is to be found.
const inkNote = "亲笔签名，见扫描件"

// positionNotes say of a signature what it does not say itself.
var positionNotes = map[review.Choice]string{
	review.ChoiceReserve: "附保留意见", review.ChoiceDisagree: "持不同意见", review.ChoiceAbstain: "弃权",
}

// chairFirst puts the presiding chair before the others, who keep their order.
func (c *Case) chairFirst(seats []review.SeatID) []review.SeatID {
	chair := c.State.Presiding(c.Project)
	i := slices.Index(seats, chair)
	if i < 0 {
		return seats
	}
	return slices.Concat(seats[i:i+1], seats[:i], seats[i+1:])
}

// position gives a person's position on the present conclusion as the papers have it. What
// is given once they are certified is an annex to them.
func (c *Case) position(seat review.SeatID) (review.Vote, bool) {
	p := c.Project
	if p.Conclusion == nil {
		return review.Vote{}, false
	}
	for i := len(p.Votes) - 1; i >= 0; i-- {
		if v := p.Votes[i]; v.Seat == seat && v.Conclusion == p.Conclusion.Digest && !v.Annex {
			return v, true
		}
	}
	return review.Vote{}, false
}

// PanelList gives the 专家组成员名单及签字表: first those who sign, then whoever stands aside,
// was replaced or did not come. number is as for Fulfilment.
func (c *Case) PanelList(number int) *PanelList {
	x := &PanelList{Head: c.group(review.FormPanel, number), Signers: c.positioned()}
	signing := c.State.Signatories(c.Project)
	x.Signing = len(signing)
	for _, seat := range c.State.Seats {
		if !seat.Has(review.RoleExpert) && !seat.Has(review.RoleMember) {
			continue
		}
		signs := slices.Contains(signing, seat.ID)
		came := signs || seat.Presence == review.PresencePresent || seat.Presence == review.PresenceLeft
		if seat.ReplacedBy == "" && !c.Project.Recused(seat.ID) {
			x.Due++
			if came {
				x.Present++
			}
		}
		if !signs {
			x.Signers = append(x.Signers, Signer{Person: c.person(seat.ID), Note: c.away(seat)})
		}
	}
	return checked(c, x)
}

// away says why a person of the panel does not sign.
func (c *Case) away(seat review.Seat) string {
	switch {
	case seat.ReplacedBy != "":
		return "由" + c.name(seat.ReplacedBy) + "接替"
	case c.Project.Recused(seat.ID):
		return "回避"
	case seat.Presence == review.PresenceAbsent:
		return "缺席"
	case seat.Presence == review.PresenceExpected:
		return "未到"
	}
	return "未参加签署"
}
