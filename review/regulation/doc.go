// Package regulation reads regulations as data and answers by them: which schemes
// there are, what a project's facts mean under each rule, which materials are due,
// what the experts' answers suggest. It advises; it decides and changes nothing.
// Nothing of a regulation stands in Go but the small functions that expressions call
// (functions.go).
//
// A regulation is a pack: one YAML file, or several that are read as one. The worked
// example, assets/sample/packs/example-2026.yaml, has nearly all of it; what stands in
// brackets here may be left out.
//
//	format: 1                       # of this description
//	id: yueqing-2015
//	title: …                        # and short; [number (文号), issuer, date, scope, note]
//	unknown: …{missing}…            # what is said where an input is missing
//	uncomputable: …{fault}…         # [and where nothing can be computed from what is there]
//	skeleton:                       # [headings that schemes may share, and what stands under them beside
//	  - {title: 项目概况, shows: profile}   # the panel's own words: profile, organisation, materials, items,
//	  - 主要问题                            # checks, changes, conclusion, signatures; nothing of a plain text]
//	terms: {code: 中文}             # names of the codes that results carry
//	stages: {acceptance: 竣工验收}   # of the common pack alone: by what regulations are compared
//	lifecycle: [{title: 项目预审, article: 三（二）, who: 市电子政务中心, schemes: [pre_review]}]
//	cross: [{stage: acceptance, says: 三（七）, schemes: [acceptance]}]   # its column of that table
//	gaps: [{article: 三（八）, problem: …, reading: …}]   # where the text leaves room: 系统默认
//	text:                           # its text; then every clause that is cited stands in it
//	  - {id: 三（四）, chapter: 三、…, says: [paragraph, …]}   # chapter where one begins; says may be one text
//	inputs:
//	  investment_cny: {type: money, title: 项目投资, least: "0.00"}   # no fact is below it
//	  kind: {type: word, title: 类别, values: {new: 新建, om: 运行维护}}   # in their order; of: of a list
//	  purpose: {type: text, title: 用途, default: "", fact: use}      # what stands in; the fact that answers
//	  changes: {type: records, title: 变更, key: id, fields: {id: …, approved_on: {type: date, title: 批准日期}}}
//	  # signed: true of a field: the signatures of this review's own group answer it
//	rules:
//	  - id: YQ-R02
//	    title: 方案编制单位资质
//	    article: 三（四）第1款
//	    class: advice               # veto, principle, [advice] (regulations.md 0.3)
//	    origin: text                # [text], mixed, default
//	    reading: …                  # [how we read the text where it leaves room: 系统默认]
//	    inputs: {…}                 # [those of this rule alone, before the pack's]
//	    values: {faults: …}         # [named expressions, each after what it uses]
//	    results:                    # the first one that holds
//	      - {when: 'investment_cny < yuan("1000000.00")', outcome: not_required, say: …}
//	      - {outcome: block, reason: preparer_not_qualified, give: {reasons: faults}, say: …{investment_cny}…{cite}…}
//	    cases:                      # every result and both sides of every amount
//	      - {in: {investment_cny: "999999.99"}, want: {outcome: not_required}, note: …}
//	schemes:
//	  - id: technical_review          # its full id has the regulation's before it
//	    title: …                      # with basis, convener, reviewers, trigger; [filing, later_use]
//	    mode: weighted                # or compliance; left out where nothing is counted
//	    method: mean                  # [mean], trimmed (least: 5), median; step: [0.5] or 1
//	    concludes: technical_review   # [the input that the conclusion answers]
//	    sets: {stage: '"proposal"'}   # [facts that the scheme itself answers, as expressions of others]
//	    checks: [{rule: YQ-R02}, {rule: YQ-G03, after: true}]   # after the conclusion; a rule may stand at both
//	    items:                        # kind score, yesno, gate, text; 满分 is the weight unless full says otherwise
//	      - {id: Y2-01, title: …, question: …, article: 一（二）1, kind: score, weight: 10, origin: text}   # full, step
//	      - {id: Y2-G1, title: …, question: …, article: 三（二）, kind: gate, rule: YQ-G02, consequence: …}   # na: false
//	      - {id: N2-G2, …, kind: gate, answers: needs_clear_complete}   # the panel's answer is that input's
//	    materials:                    # when it is due: for people, and as an expression; optional: where it exists
//	      - {code: Y2-E2, title: …, article: …, when: …, due: investment_cny >= yuan("1000000.00")}
//	    conclusions: [{id: passed, title: 通过评审, article: 三（四）, gives: passed}]   # fails: true where the project does not pass
//	                                  # beside: true of one that nothing suggests and the panel may choose
//	    document: {title: …, article: …}
//	    sections: [{title: …, article: …, after: …, shows: …}]   # before those of the pack's skeleton, or after one of them
//	    skeleton: true
//
// Without an article a heading or a conclusion is 系统默认; everything else says so by its origin.
//
// Types of inputs are money (yuan, a decimal string, exact in fen), points (a decimal
// with two places), number, int, bool, date (YYYY-MM-DD), text, word (one of values,
// whose order counts), list (of: a type) and records. A default stands in for what is
// not given, and is named as 系统默认. A text of spaces alone is not given.
//
// Where a mode is set, the conclusions are those that the common rules suggest: passed,
// passed_after_revision and not_passed, which always fails, or the bands you, liang,
// zhong and cha. A veto that asks for the scheme's own conclusion stands after it.
//
// # Expressions
//
// An expression is parsed by expr and compiled by us: literals, names, comparisons,
// and, or, not, + - * and % by a constant, in, ?: and our functions: yuan, points, day,
// absent, surely, size, gaps, lacking, names, which, rank, year_end, year_ends,
// months_after, workdays_after, weighted (functions.go); everything else is refused.
// Types are checked at loading and magnitudes bounded, so that nothing can overflow, and
// no expression can call a rule or loop, so that its cost is bounded by its length and
// that of the lists it is given.
// Evaluation is three-valued (Kleene): an input that is missing is neither yes nor no,
// and what hangs on it is unknown. A result whose condition is unknown is
// needs_decision with the reason missing_input and the inputs that are missing; with the
// reason not_computable where none is, but a function can make nothing of what is there.
// A rule for which absence itself is the fault says so by absent(x).
//
// # Mistakes
//
// Packs are written by officials, who have nobody beside them that writes programs. Check
// therefore tells of each mistake where it is, which it is of the several that its code
// covers (Problem.Why), and what should stand there as far as that can be told
// (Problem.Want): the nearest known name, the amount as a call, the answer that a case
// comes to. The sentences are the catalogue's; review/reviewtest/slips is the table of
// mistakes that both are held to. Guessing is for mistakes alone (misspoken.go,
// problem.go): what can be read is never read as something else.
//
// # The subset of YAML
//
// Block mappings and sequences, flow ones that end on their line, plain and quoted
// scalars of one line, comments. Anchors, aliases, tags, merge keys, directives,
// documents, block scalars and everything else of YAML are refused, as are
// numbers that could be read in two ways; in brackets and braces text with a colon stands in
// quotes, and no key has one. A file is UTF-8; the mark of the byte order before it and line
// ends of Windows are taken, tabs and what cannot be seen are not. What is accepted means to every reader of
// YAML 1.2 what it means here; tests hold it to goccy/go-yaml. That reader is not used
// itself because it takes more than is bearable before it can say no: for 8 KB of "- "
// 27 MB and for 256 KiB, by the square of the length, more than the machine has.
package regulation
