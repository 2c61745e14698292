package bag

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestRoundTrip(t *testing.T) {
	file := built(t, sample())
	p, err := opened(file, trusting())
	if err != nil {
		t.Fatal(err)
	}
	if want := (Info{
		ID: "XG-2026-014", Seq: 2, Issuer: "虚构市大数据发展管理局", Secrecy: SecrecyWork, Title: "政务数据共享平台升级改造项目评审包",
		Date: "2026-11-22", Streams: 4, Octets: p.Info().Octets,
	}); p.Info() != want {
		t.Errorf("info %+v", p.Info())
	}
	if m := p.Meeting(); m == nil || len(m.Roster) != 2 || m.Roster[0].Name != "龚䶮" || m.Time != "2026年11月25日上午9时" {
		t.Errorf("meeting %+v", m)
	}
	if len(p.Projects()) != 1 || p.Projects()[0].ID != "01" || len(p.Warnings()) != 0 {
		t.Fatalf("projects %+v, warnings %v", p.Projects(), p.Warnings())
	}
	q := p.Projects()[0]
	if q.Scheme != "yueqing-2015.technical_review" || q.Quorum != 5 || q.Profile[0].Text != "第一段。\n第二段。" || q.Units[0].Part != "owner" {
		t.Errorf("project %+v", q)
	}
	if want := []review.Fact{
		{Key: "changes", Value: `[{"id":"BG-01","signed":true}]`}, {Key: "investment_cny", Value: "2360000.00"}, {Key: "months", Value: "18"},
		{Key: "preparer_qualified", Value: "true"}, {Key: "provided", Value: `["plan","budget"]`},
	}; !slices.Equal(q.FactList(), want) {
		t.Errorf("facts %+v", q.FactList())
	}
	if want := (review.Document{
		File: "0002.txt", Name: "情况说明.txt", Title: "情况说明", Type: "txt", Size: 38, Digest: review.DigestOf([]byte("与原系统的衔接见第三章。\r\n")),
	}); !reflect.DeepEqual(q.Documents[1], want) {
		t.Errorf("document %+v", q.Documents[1])
	}
	r, err := p.Document("01", "0001.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(r); err != nil || string(content) != testPDF {
		t.Errorf("document %q, %v", content, err)
	}
	for _, d := range [][2]string{{"01", "0003.txt"}, {"02", "0001.pdf"}, {"01", "../project.json"}, {"", ""}} {
		_, err := p.Document(d[0], d[1])
		reviewtest.WantCode(t, err, review.CodeFileMissing)
	}
	again, err := Reopen(bytes.NewReader(file), int64(len(file)), p.Digest())
	if err != nil {
		t.Fatal(err)
	}
	if again.Record() != p.Record() || again.Record().Cert != review.DigestOf(testIssuer().Certificate()) || p.Size() != int64(len(file)) {
		t.Errorf("opened again: %+v, before %+v", again.Record(), p.Record())
	}
	_, err = Reopen(bytes.NewReader(file), int64(len(file)), review.DigestOf(nil))
	reviewtest.WantCode(t, err, review.CodePackageSwapped)
}

// TestSameSourceSamePackage: another signature is all that differs.
func TestSameSourceSamePackage(t *testing.T) {
	a, b := built(t, sample()), built(t, sample())
	if bytes.Equal(a, b) {
		t.Fatal("two signatures are the same")
	}
	p, err := opened(a, trusting())
	if err != nil {
		t.Fatal(err)
	}
	q, err := opened(b, trusting())
	if err != nil {
		t.Fatal(err)
	}
	if p.Digest() != q.Digest() {
		t.Error("two packages of one source have two digests")
	}
}

// TestAlteredOnDisk: what changes after a package was opened is not given out.
func TestAlteredOnDisk(t *testing.T) {
	file := built(t, sample())
	p, err := opened(file, trusting())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	file[bytes.Index(file, []byte("第三章"))] ^= 1
	_, err = p.Document("01", "0002.txt")
	reviewtest.WantCode(t, err, review.CodePackageAltered)
	if _, err := p.Document("01", "0001.pdf"); err != nil {
		t.Errorf("the other document: %v", err)
	}
	reviewtest.WantCode(t, p.Check(), review.CodePackageAltered)
}
