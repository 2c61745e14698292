package review

import "slices"

// Phase is the meeting's place in its life: 筹备 → 进行 → 归档 → 封存.
type Phase string

// The phases, in order.
const (
	PhasePreparing Phase = "preparing" // 筹备
	PhaseRunning   Phase = "running"   // 进行
	PhaseFiling    Phase = "filing"    // 归档
	PhaseSealed    Phase = "sealed"    // 封存
)

// Phases lists the phases in their order.
var Phases = []Phase{PhasePreparing, PhaseRunning, PhaseFiling, PhaseSealed}

// Stage is a project's place in its review:
// 待评 → 评分 1 → 开封 → 合议 → (评分 n+1 → 开封 → 合议)* → 结论 → 签署 → 定稿.
type Stage string

// The stages, in order. A review ends in StageFinal or StageSuspended.
const (
	StageWaiting      Stage = "waiting"      // 待评
	StageScoring      Stage = "scoring"      // 评分
	StageOpening      Stage = "opening"      // 开封: closed, and still sealed
	StageDeliberating Stage = "deliberating" // 合议
	StageConcluded    Stage = "concluded"    // 结论
	StageSigning      Stage = "signing"      // 签署
	StageFinal        Stage = "final"        // 定稿
	StageSuspended    Stage = "suspended"    // 中止
)

// Stages lists the stages in their order.
var Stages = []Stage{
	StageWaiting, StageScoring, StageOpening, StageDeliberating, StageConcluded, StageSigning, StageFinal, StageSuspended,
}

// actor says who may do an act.
type actor int

const (
	bySecretary actor = iota
	byChair           // of the project; where none is meant, of the meeting
	byOfficer         // the secretary or the chair
	bySeat            // any person with a seat that he has claimed; the act is his own
	byAuthor          // the author of the statement in it, or the secretary who brings it
	byProgram         // the program itself
)

// rule is when an act may be done, and where it leads.
type rule struct {
	by     actor
	phases []Phase
	stages []Stage // of the project that the act names; none if it names none
	then   Stage   // the project's stage afterwards; "" for no change
	both   bool    // needs the other officer's consent
}

var (
	open    = []Phase{PhasePreparing, PhaseRunning}
	running = []Phase{PhaseRunning}
	alive   = []Phase{PhasePreparing, PhaseRunning, PhaseFiling}

	beforeConclusion = []Stage{StageWaiting, StageScoring, StageOpening, StageDeliberating}
	whileSigning     = append(slices.Clone(beforeConclusion), StageSigning)              // of tables, and of a conclusion
	sinceConclusion  = []Stage{StageConcluded, StageSigning, StageFinal, StageSuspended} // what was withdrawn too
	unfinished       = []Stage{StageWaiting, StageScoring, StageOpening, StageDeliberating, StageConcluded, StageSigning}
)

// rules are both machines: whatever is not here cannot happen. The finer
// conditions of each act stand with its case in Apply.
var rules = map[Kind]rule{
	// the meeting
	KindSeatAdded:          {by: bySecretary, phases: open},
	KindSeatEdited:         {by: bySecretary, phases: open},
	KindSeatClaimed:        {by: byAuthor, phases: alive},
	KindSeatFreed:          {by: byOfficer, phases: alive}, // consent: see act.free
	KindSeatEntered:        {by: bySeat, phases: alive},
	KindSeatReplaced:       {by: bySecretary, phases: running, both: true},
	KindCodeTried:          {by: byProgram, phases: alive},
	KindSheetPrinted:       {by: bySeat, phases: open},
	KindPanelConfirmed:     {by: bySecretary, phases: []Phase{PhasePreparing}, both: true},
	KindSeatsCertified:     {by: bySecretary, phases: []Phase{PhaseRunning, PhaseFiling}, both: true},
	KindChairNamed:         {by: bySecretary, phases: open}, // consent: see act.consentToChair
	KindAttendanceRecorded: {by: bySecretary, phases: open},
	KindPromiseGiven:       {by: byAuthor, phases: open},
	KindClockMoved:         {by: byProgram, phases: alive},
	KindDraftBegun:         {by: bySeat, phases: open},
	KindDraftDropped:       {by: bySeat, phases: alive},
	KindMinutesRecorded:    {by: bySecretary, phases: running},
	KindPaperIssued:        {by: bySecretary, phases: []Phase{PhaseRunning, PhaseFiling}},
	KindStatementRefused:   {by: bySecretary, phases: alive},
	KindFilingBegun:        {by: bySecretary, phases: running}, // consent: see Enders
	KindMeetingSealed:      {by: bySecretary, phases: []Phase{PhaseFiling}},
	KindMeetingRestored:    {by: bySecretary, phases: alive, both: true},

	// the reviews
	KindPackageImported:     {by: bySecretary, phases: open},
	KindProjectAdded:        {by: bySecretary, phases: open},
	KindSchemeSet:           {by: bySecretary, phases: open, stages: []Stage{StageWaiting}},
	KindProjectSuspended:    {by: bySecretary, phases: running, stages: unfinished, then: StageSuspended}, // consent: see Enders
	KindDeclarationGiven:    {by: byAuthor, phases: open, stages: beforeConclusion},
	KindRecusalDecided:      {by: bySecretary, phases: running, stages: beforeConclusion, both: true},
	KindQuorumWaived:        {by: bySecretary, phases: running, stages: beforeConclusion, both: true},
	KindFactCorrected:       {by: byOfficer, phases: running, stages: beforeConclusion, both: true},
	KindRoundBegun:          {by: byOfficer, phases: running, stages: []Stage{StageWaiting, StageDeliberating}, then: StageScoring},
	KindBallotSubmitted:     {by: byAuthor, phases: running, stages: []Stage{StageScoring}},
	KindBallotReturned:      {by: bySecretary, phases: running, stages: []Stage{StageScoring}},
	KindBallotVoided:        {by: byOfficer, phases: running, stages: []Stage{StageScoring, StageOpening}, both: true},
	KindRoundClosed:         {by: byOfficer, phases: running, stages: []Stage{StageScoring}, then: StageOpening},
	KindRoundReopened:       {by: bySecretary, phases: running, stages: []Stage{StageOpening}, then: StageScoring, both: true},
	KindBallotsOpened:       {by: bySecretary, phases: running, stages: []Stage{StageOpening}, then: StageDeliberating, both: true},
	KindOpinionDrafted:      {by: byOfficer, phases: running, stages: []Stage{StageDeliberating}},
	KindItemSettled:         {by: byChair, phases: running, stages: []Stage{StageDeliberating}},
	KindConclusionReached:   {by: byChair, phases: running, stages: []Stage{StageDeliberating}, then: StageConcluded}, // consent: see act.conclude
	KindConclusionWithdrawn: {by: byOfficer, phases: running, stages: []Stage{StageConcluded, StageSigning}, then: StageDeliberating, both: true},
	KindVoteCast:            {by: byAuthor, phases: running, stages: []Stage{StageConcluded, StageSigning, StageFinal}},
	KindVotesCounted:        {by: byOfficer, phases: running, stages: []Stage{StageDeliberating, StageConcluded}, both: true},
	KindSigningBegun:        {by: byOfficer, phases: running, stages: []Stage{StageConcluded}, then: StageSigning},
	KindSignatureGiven:      {by: byAuthor, phases: running, stages: []Stage{StageSigning}},
	KindSignatureRefused:    {by: bySecretary, phases: running, stages: whileSigning}, // consent: the witness's
	KindProjectFinalised:    {by: byOfficer, phases: running, stages: []Stage{StageSigning}, then: StageFinal},

	// the papers
	KindFulfilmentRecorded: {by: bySecretary, phases: running, stages: beforeConclusion},
	KindPapersCertified:    {by: bySecretary, phases: running, stages: whileSigning},
	KindPapersSigned:       {by: byAuthor, phases: running, stages: whileSigning},
	KindScanLinked:         {by: bySecretary, phases: running, stages: whileSigning, both: true},
	KindPapersArchived:     {by: bySecretary, phases: running, stages: whileSigning}, // consent: the meeting's chair's
	KindPapersWithdrawn:    {by: byOfficer, phases: running, stages: beforeConclusion, both: true},
	KindDissentVoided:      {by: byOfficer, phases: []Phase{PhaseRunning, PhaseFiling}, stages: sinceConclusion, both: true},
}

// May tells whether a seat may do an act now, as far as phase, stage and office
// decide it: what screens need to offer an act or to say why it is not to be had.
// project is "" for acts that name none. author is whose statement it is, for acts
// that carry one; else it does not matter.
// Codes: CodeActPhase (Item: the phase), CodeProjectUnknown, CodeActStage (Item: the
// stage), CodeActRole, CodeChairMissing (the act is the chair's and there is none),
// CodeSeatUnknown, CodeSeatUnclaimed.
func (s *State) May(by SeatID, k Kind, project ProjectID, author SeatID) error {
	const op = "review.State.May"
	r, ok := rules[k]
	if !ok {
		return E(CodeEventIllegal, op, string(k), nil)
	}
	if !slices.Contains(r.phases, s.Phase) {
		return E(CodeActPhase, op, string(s.Phase), nil)
	}
	var p *Project
	if len(r.stages) > 0 {
		if p = s.project(project); p == nil {
			return E(CodeProjectUnknown, op, string(project), nil)
		}
		if !slices.Contains(r.stages, p.Stage) {
			return E(CodeActStage, op, string(p.Stage), nil)
		}
	}
	if r.by == byProgram {
		if by != Program {
			return E(CodeActRole, op, string(by), nil)
		}
		return nil
	}
	seat := s.seat(by)
	if seat == nil {
		return E(CodeSeatUnknown, op, string(by), nil)
	}
	if !seat.Claimed() && !(k == KindSeatClaimed && by == author) {
		return E(CodeSeatUnclaimed, op, string(by), nil)
	}
	secretary := seat.Has(RoleSecretary)
	chair := s.chairOf(p) == by
	switch {
	case r.by == bySeat, r.by == byAuthor && (by == author || secretary),
		r.by == bySecretary && secretary, r.by == byChair && chair, r.by == byOfficer && (secretary || chair):
		return nil
	case r.by == byChair && s.chairOf(p) == "":
		return E(CodeChairMissing, op, string(project), nil)
	}
	return E(CodeActRole, op, string(by), nil)
}

// chairOf gives who presides over a project, or over the meeting where p is nil.
func (s *State) chairOf(p *Project) SeatID {
	if p == nil {
		return s.Chair
	}
	return s.Presiding(p)
}
