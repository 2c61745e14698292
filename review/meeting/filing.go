package meeting

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/filing"
	"heyi/review/journal"
	"heyi/review/paper"
)

// Filed is a filing folder that was written.
type Filed struct {
	Path       string
	Files      int
	Size       int64  // of all of them, in bytes
	Checkpoint string // of the journal that it has
	Lacks      []Lack // what is open; it stands in the folder too
}

// Filing writes the filing folder of the meeting to a path where nothing stands, by the
// secretary, once the filing has begun and the whole record holds. It is a function of the
// record and of the files of the packages: writing it again gives the same bytes. Nothing
// is put on record; what ties the folder to it is the checkpoint.
// Codes: CodeActRole, CodeActPhase, CodeFilingLack (Item: how many lacks block; see
// Missing), CodeSessionClosed, the findings of Verify, those of Folders.Write and Folders.Workbook.
func (x *Session) Filing(path string) (Filed, error) {
	const op = "meeting.Session.Filing"
	by, err := x.author()
	if err != nil {
		return Filed{}, err
	}
	state := x.State()
	if seat, _ := state.Seat(by.seat); !seat.Has(review.RoleSecretary) {
		return Filed{}, review.E(review.CodeActRole, op, string(by.seat), nil)
	}
	if state.Phase != review.PhaseFiling {
		return Filed{}, review.E(review.CodeActPhase, op, string(state.Phase), nil)
	}
	s := x.l.services
	v, state, rec := s.verifyWhole(x.l.id, nil)
	v.Findings = filable(v.Findings)
	if len(v.Findings) > 0 {
		return Filed{}, review.E(v.Findings[0].Code, op, v.Findings[0].Entry, nil)
	}
	c := collector{services: s, judge: &judge{services: s, id: x.l.id}, state: state, entries: rec.Entries, checkpoint: v.Checkpoint}
	source, lacks := c.source()
	if len(c.failures) > 0 {
		return Filed{}, errors.Join(c.failures...)
	}
	if n := blocking(lacks); n > 0 {
		return Filed{}, review.E(review.CodeFilingLack, op, strconv.Itoa(n), nil)
	}
	folder, err := filing.Build(source)
	if err != nil {
		return Filed{}, err
	}
	if err := s.folders.Write(path, folder.Names(), folder.Write); err != nil {
		return Filed{}, err
	}
	return Filed{Path: path, Files: len(folder.Names()), Size: folder.Size(), Checkpoint: v.Checkpoint, Lacks: lacks}, nil
}

// collector gathers what a filing folder is made of, from a record and where its content
// lies: the store and the packages, or a folder that is verified.
type collector struct {
	services   *Services
	judge      *judge
	state      *review.State
	own        []review.Digest // files of regulations that packages brought
	entries    []journal.Entry
	checkpoint string
	out        []filing.Document
	papers     int     // how many of them are of this program
	scans      int     // and how many are scans of such
	failures   []error // why something could not be had
}

// failed notes that something could not be had. What was to be made of it is then left out, or
// stands there by its digest alone.
func (c *collector) failed(err error) {
	if err != nil {
		c.failures = append(c.failures, err)
	}
}

// source gathers all of it.
func (c *collector) source() (filing.Source, []Lack) {
	lacks, err := c.judge.lacks(c.state)
	c.failed(err)
	data := c.data()
	for _, p := range c.state.Projects {
		c.project(p)
	}
	for _, p := range c.state.Papers {
		c.issued(p)
	}
	for _, p := range c.state.Packages {
		c.packaged(p)
	}
	c.rules()
	c.certificates()
	s := filing.Source{
		Software: c.services.folders.Version, Data: data, Documents: c.out, Checks: c.checks(lacks), Workbook: c.services.folders.Workbook,
	}
	if c.state.Authority != nil {
		s.Authority = fingerprint(c.state.Authority)
	}
	for _, e := range c.entries {
		s.Entries = append(s.Entries, filing.Entry{Event: e.Event, Signature: e.Signature})
		s.Log = append(s.Log, c.told(e))
	}
	for _, l := range lacks {
		s.Lacks = append(s.Lacks, c.services.lacking(c.state, l))
	}
	return s, lacks
}

// content gives a value of the record.
func (c *collector) content(d review.Digest) (filing.Content, []byte) {
	get := func() ([]byte, error) { return c.services.store.Blob(c.judge.id, d) }
	b, err := get()
	if err != nil {
		c.failed(err)
		return filing.Content{Digest: d}, nil
	}
	return filing.Blob(b, get), b
}

// pdf adds a paper of this program.
func (c *collector) pdf(d filing.Document, file review.Digest) {
	var b []byte
	d.Content, b = c.content(file)
	d.Ext, d.Format, d.Pages = ".pdf", "PDF", pagesOf(b)
	c.out = append(c.out, d)
	c.papers++
}

// pagesIn is the root of the pages in a PDF as this program writes it: keys in their order.
var pagesIn = regexp.MustCompile(`<< /Count ([0-9]{1,6}) /Kids \[[0-9 R]*\][^<>]*/Type /Pages >>`)

// pagesOf counts the pages of a PDF of this program; 0 for others.
func pagesOf(pdf []byte) int {
	m := pagesIn.FindSubmatch(pdf)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1])) // the expression takes nothing else
	return n
}

// titles are what papers are called; that of an opinion is its scheme's.
var titles = map[review.Form]string{
	review.FormMinutes: "评审会议记录", review.FormIndividual: "专家个人评审意见", review.FormDissent: "不同意见书",
	review.FormTally: "评分汇总表", review.FormOpinion: "专家组评审意见", review.FormPanel: "专家组成员名单及签字表",
	review.FormFulfilment: "履约情况表", review.FormChanges: "变更认可表",
}

// project adds the papers of a project: those of standing sets with their scans, then
// the individual opinions, then the dissents.
func (c *collector) project(p *review.Project) {
	about := c.judge.about(c.state, p)
	base := filing.Document{Place: filing.PlacePapers, Secrecy: about.Secrecy}
	if len(c.state.Projects) > 1 {
		base.Dir = string(p.ID) + "-" + p.Title
	}
	opinion := titles[review.FormOpinion]
	if len(p.Scheme.Packs) > 0 {
		lib, err := c.judge.library(p)
		c.failed(err)
		if err == nil {
			if scheme, ok := lib.Scheme(p.Scheme.ID); ok && scheme.Document.Title != "" {
				opinion = scheme.Document.Title
			}
		}
	}
	for _, purpose := range []review.Purpose{review.PurposeConclusion, review.PurposeTables} {
		for i := range p.Sets {
			if p.Sets[i].Purpose == purpose {
				c.set(base, opinion, p, &p.Sets[i])
			}
		}
	}
	for i := range p.Rounds {
		c.individuals(base, p, &p.Rounds[i])
	}
	c.dissents(base, p)
}

// void puts a document among those that do not count.
func void(d filing.Document, reason string) filing.Document {
	if id, _, several := strings.Cut(d.Dir, "-"); several {
		d.Name = id + "-" + d.Name
	}
	d.Place, d.Dir, d.Reason = filing.PlaceVoid, "", reason
	return d
}

// set adds the papers of a set and their scans.
func (c *collector) set(base filing.Document, opinion string, p *review.Project, set *review.PaperSet) {
	name := func(form review.Form) string {
		if form == review.FormOpinion {
			return opinion
		}
		return titles[form]
	}
	why := set.Void
	if why == "" && set.Archive == nil {
		why = "签署没有办完，未加归档签名"
	}
	place := func(d filing.Document) filing.Document {
		if why != "" {
			return void(d, why)
		}
		return d
	}
	for i := range set.Papers {
		q := &set.Papers[i]
		d := base
		d.Title, d.Author = name(q.Form), paper.PanelAuthor
		d.Name = fmt.Sprintf("%s-第%d号", d.Title, q.Number)
		d.Number = paper.Number(q.Form, c.state.Meeting, q.Number)
		d.At = q.Revisions[len(q.Revisions)-1].At
		c.pdf(place(d), q.Latest())
	}
	for _, scan := range set.Scans {
		d := base
		d.Title, d.Author = name(scan.Form)+"（亲笔签名扫描件）", paper.PanelAuthor
		d.Name = fmt.Sprintf("%s-第%d号-亲笔签名扫描件", name(scan.Form), scan.Number)
		d.Number = paper.Number(scan.Form, c.state.Meeting, scan.Number)
		d.Ext, d.Format = "."+scan.Type, strings.ToUpper(scan.Type)
		d.Content, _ = c.content(scan.Scan)
		c.out = append(c.out, place(d))
		c.scans++
	}
}

// individuals adds the individual opinions of a round that was opened.
func (c *collector) individuals(base filing.Document, p *review.Project, r *review.Round) {
	for _, b := range r.Ballots {
		if b.Paper == "" {
			continue
		}
		seat, _ := c.state.Seat(b.Seat)
		d := base
		d.Title, d.Author, d.At = fmt.Sprintf("%s（第%d轮）", titles[review.FormIndividual], r.Number), seat.Name, b.At
		d.Name = fmt.Sprintf("个人评审意见-第%d轮-%s", r.Number, seat.Name)
		d.Number = paper.IndividualNumber(c.state.Meeting, p.ID, r.Number, b.Seat)
		if why, counts := counting(p, r, b); !counts {
			d = void(d, why)
		}
		c.pdf(d, b.Paper)
	}
}

// counting tells whether a ballot counts, and why not.
func counting(p *review.Project, r *review.Round, b review.Ballot) (string, bool) {
	if v, ok := p.Void(r.Number, b.Seat); ok && v.Revision == b.Revision {
		return v.Reason, false
	}
	if b.Returned != "" {
		return b.Returned, false
	}
	if latest, _ := r.Ballot(b.Seat); latest.Revision != b.Revision {
		return "由同一人的第" + strconv.Itoa(latest.Revision) + "份评分代替", false
	}
	return "", true
}

// dissents adds the 不同意见书: of the present conclusion those that the signed papers have,
// and all that are annexes to them.
func (c *collector) dissents(base filing.Document, p *review.Project) {
	given := map[review.SeatID]int{}
	for i, v := range p.Votes {
		replaced := func(w review.Vote) bool { return w.Seat == v.Seat && w.Conclusion == v.Conclusion && !w.Annex }
		if v.Text != "" {
			given[v.Seat]++
		}
		if v.Paper == "" {
			continue
		}
		seat, _ := c.state.Seat(v.Seat)
		d := base
		d.Title, d.Author, d.At = titles[review.FormDissent], seat.Name, v.At
		d.Name = d.Title + "-" + seat.Name
		d.Number = paper.DissentNumber(c.state.Meeting, p.ID, v.Seat, given[v.Seat])
		switch {
		case v.VoidPaper != "":
			d = void(d, v.VoidPaper)
		case p.Conclusion == nil || v.Conclusion != p.Conclusion.Digest:
			d = void(d, "所针对的结论已经撤回")
		case !v.Annex && slices.ContainsFunc(p.Votes[i+1:], replaced):
			d = void(d, "由同一人后来的表态代替")
		}
		c.pdf(d, v.Paper)
	}
}

// issued adds a paper of the meeting as a whole.
func (c *collector) issued(p review.Paper) {
	seat, _ := c.state.Seat(p.By)
	c.pdf(filing.Document{
		Place: filing.PlacePapers, Title: titles[p.Form], Author: seat.Name, At: p.At,
		Name: fmt.Sprintf("%s-第%d号", titles[p.Form], p.Number), Number: paper.Number(p.Form, c.state.Meeting, p.Number),
	}, p.Signed)
}

// packaged adds the file of a package, and the certificate of who issued it.
func (c *collector) packaged(p review.Package) {
	doc := filing.Document{
		Place: filing.PlacePackages, Name: p.ID, Ext: ".rpk", Number: fmt.Sprintf("%s 第%d次签发", p.ID, p.Seq), Author: p.Issuer, Title: p.Title,
		Secrecy: bag.Secrecy(p.Secrecy).Title(), Format: "RPK",
	}
	cert := filing.Document{
		Place: filing.PlaceCertificates, Name: "签发单位-" + p.Issuer, Ext: ".pem", Author: p.Issuer, Title: "评审包签发单位证书", Format: "PEM",
	}
	err := c.withPackage(p, func(kept Kept, in *bag.Package) error {
		for _, file := range in.Regulation() {
			c.own = append(c.own, review.DigestOf(file))
		}
		cert.Content = filing.Bytes(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: in.Certificate()}))
		var err error
		doc.Content, err = filing.Stream(func(w io.Writer) error {
			return c.withPackage(p, func(kept Kept, _ *bag.Package) error { return copied(w, kept) })
		})
		return err
	})
	c.failed(err)
	same := func(d filing.Document) bool { return d.Content.Digest == cert.Content.Digest }
	c.out = append(c.out, doc)
	if !slices.ContainsFunc(c.out, same) {
		c.out = append(c.out, cert)
	}
}

// withPackage opens a package that is on record.
func (c *collector) withPackage(p review.Package, do func(Kept, *bag.Package) error) error {
	kept, err := c.services.packages.Package(c.judge.id, p.Package)
	if err != nil {
		return err
	}
	in, err := reopen(kept, p)
	if err == nil {
		err = do(kept, in)
	}
	return errors.Join(err, kept.Close())
}

func copied(w io.Writer, from Kept) error {
	_, err := io.Copy(w, io.NewSectionReader(from, 0, from.Size()))
	return err
}

// rules adds the files of the packs that the projects rest on. What they are called must
// not depend on what packs the program has.
func (c *collector) rules() {
	var seen []review.Digest
	for _, p := range c.state.Projects {
		for _, d := range p.Scheme.Packs {
			if slices.Contains(seen, d) {
				continue
			}
			seen = append(seen, d)
			doc := filing.Document{
				Place: filing.PlaceRules, Name: "规则-" + string(d[:12]), Ext: ".yaml", Title: "评审规则数据", Format: "YAML",
			}
			if slices.Contains(c.own, d) {
				doc.Title = "评审包自带的评审规则数据"
			}
			doc.Content, _ = c.content(d)
			c.out = append(c.out, doc)
		}
	}
}

// certificates adds all certificates that there ever were.
func (c *collector) certificates() {
	add := func(name, title, author string, der []byte) {
		c.out = append(c.out, filing.Document{
			Place: filing.PlaceCertificates, Name: name, Ext: ".pem", Title: title, Author: author, Format: "PEM",
			Content: filing.Bytes(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		})
	}
	if c.state.Authority != nil {
		add("ca", "评审组证书", paper.PanelAuthor, c.state.Authority)
	}
	for i, der := range c.state.FormerAuthorities {
		add(fmt.Sprintf("原评审组证书-%d", i+1), "原评审组证书", paper.PanelAuthor, der)
	}
	for _, g := range certificates(c.entries) {
		seat, _ := c.state.Seat(g.Seat)
		add(fmt.Sprintf("席位-%s-%s", g.Seat, seat.Name), "席位证书", seat.Name, g.DER)
	}
	for _, p := range c.state.Projects {
		for _, set := range p.Sets {
			if set.Archive != nil {
				add(fmt.Sprintf("归档-%s-%d", p.ID, set.Number), "归档证书", paper.PanelAuthor, set.Archive)
			}
		}
	}
}

// told says an entry in words.
func (c *collector) told(entry journal.Entry) string {
	e, err := review.DecodeEvent(entry.Event)
	if err != nil {
		return "" // the fold has taken it
	}
	who := "本程序"
	if seat, ok := c.state.Seat(e.Actor); ok {
		who = seat.Name + "（" + string(seat.ID) + "）"
	}
	parts := []string{strconv.FormatInt(e.Index, 10), e.At.Format("2006-01-02 15:04:05"), who, c.services.say("event."+string(e.Body.Kind()), nil)}
	if p := c.state.Project(review.ProjectOf(e.Body)); p != nil {
		parts = append(parts, string(p.ID)+" "+p.Title)
	}
	return strings.Join(parts, "　")
}

// checks is the 归档前自查表. All of it was looked at before; a folder is not made otherwise.
func (c *collector) checks(lacks []Lack) []filing.Check {
	var levels []string
	for _, p := range c.state.Packages {
		t := bag.Secrecy(p.Secrecy).Title()
		if t == "" {
			t = "非涉密"
		}
		if !slices.Contains(levels, t) {
			levels = append(levels, t)
		}
	}
	level := "没有评审包，没有标注"
	if len(levels) > 0 {
		level = "评审包标注为" + strings.Join(levels, "、") + "，由归档单位确定"
	}
	open := "没有发现缺项"
	if len(lacks) > 0 {
		open = fmt.Sprintf("有 %d 项，见“缺项”", len(lacks))
	}
	return []filing.Check{
		{Title: fmt.Sprintf("会议日志 %d 条的签名和检查点", len(c.entries)), Result: "符合"},
		{Title: "各席位证书由评审组证书签发，与会议日志一致", Result: "符合"},
		{Title: fmt.Sprintf("文件 %d 份的签名、签名人和证书与会议日志一致", c.papers), Result: "符合"},
		{Title: "会议日志所记的文件、个人意见、不同意见、会议记录和扫描件全部收入", Result: "符合"},
		{Title: fmt.Sprintf("评审包 %d 个与导入时一致", len(c.state.Packages)), Result: "符合"},
		{Title: fmt.Sprintf("会议中本机时间调回 %d 次、从备份继续 %d 次", len(c.state.ClockMoves), len(c.state.Restorations)), Result: "已如实记载"},
		{Title: "材料、文件和记载的缺项", Result: open},
		{Title: fmt.Sprintf("文件格式：本软件出具的文件按 PDF/A-2u 生成，另有扫描件 %d 份，评审包内的材料保持原格式", c.scans), Result: "已记载"},
		{Title: "密级", Result: level},
		{Title: "病毒检查", Result: "本软件不检查，由接收单位检查"},
	}
}

// moment gives a time that may not have come, nil if it has not.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
