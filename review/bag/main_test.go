package bag

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heyi/review/seal"
)

var testTime = time.Date(2026, 11, 22, 9, 30, 0, 0, time.FixedZone("", 8*3600))

// testIssuer signs the packages of all tests.
var testIssuer = sync.OnceValue(func() *seal.Issuer {
	i, err := seal.NewIssuer("虚构市大数据发展管理局", testTime)
	if err != nil {
		panic(err)
	}
	return i
})

// trusting is the policy of a machine that trusts testIssuer.
func trusting() Policy {
	return Policy{Issuers: []Issuer{{Fingerprint: testIssuer().Fingerprint(), Name: testIssuer().Name()}}, Ceiling: SecrecyWork, At: testTime}
}

// testPDF is as small as a PDF may be that begins and ends as one.
const testPDF = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" +
	"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000055 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n104\n%%EOF\n"

// sample is the source of a small package: one project, two documents, a roster.
func sample() Tree {
	return Tree{
		"package.json": []byte(`{"version":1,"id":"XG-2026-014","seq":2,"secrecy":"work_secret","title":"政务数据共享平台升级改造项目评审包"}`),
		"meeting.json": []byte(`{"version":1,"title":"政务数据共享平台升级改造项目技术方案评审会","place":"市政务服务中心三楼会议室","time":"2026年11月25日上午9时",
			"roster":[{"name":"龚䶮","unit":"虚构大学","title":"教授","roles":["expert"]},{"name":"孟㛃","roles":["member"]}]}`),
		"projects/01/project.json": []byte(`{"version":1,"title":"政务数据共享平台升级改造项目","code":"2026-330382-65-01","scheme":"yueqing-2015.technical_review","quorum":5,
			"units":[{"part":"owner","name":"虚构市大数据发展管理局"}],
			"facts":{"investment_cny":"2360000.00","preparer_qualified":true,"months":18,"approved":null,
				"changes":[{"signed":true,"id":"BG-01","by":null}],"provided":["plan","budget"]},
			"profile":[{"label":"项目概况","text":"第一段。\n第二段。"}],
			"documents":[{"file":"技术方案（送审稿）.pdf","title":"项目技术方案","material":"Y2-E1"},
				{"file":"附件/说明.txt","name":"情况说明.txt","title":"情况说明"}]}`),
		"projects/01/技术方案（送审稿）.pdf": []byte(testPDF),
		"projects/01/附件/说明.txt":     []byte("与原系统的衔接见第三章。\r\n"),
		"projects/01/.DS_Store":     []byte("x"),
		"填写说明.txt":                  []byte("不装入评审包"),
	}
}

// with gives a source with some files replaced; nil removes one.
func (t Tree) with(files ...any) Tree {
	out := Tree{}
	for name, content := range t {
		out[name] = content
	}
	for i := 0; i < len(files); i += 2 {
		name := files[i].(string)
		switch content := files[i+1].(type) {
		case string:
			out[name] = []byte(content)
		case []byte:
			out[name] = content
		default:
			delete(out, name)
		}
	}
	return out
}

// replaced gives a source with one piece of one file replaced.
func (t Tree) replaced(tb testing.TB, name, old, new string) Tree {
	tb.Helper()
	if !bytes.Contains(t[name], []byte(old)) {
		tb.Fatalf("%s does not have %q", name, old)
	}
	return t.with(name, bytes.Replace(t[name], []byte(old), []byte(new), 1))
}

func built(tb testing.TB, source Tree) []byte {
	tb.Helper()
	var b bytes.Buffer
	if _, err := BuildDir(&b, source, testIssuer(), testTime); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func opened(file []byte, p Policy) (*Package, error) {
	return Open(bytes.NewReader(file), int64(len(file)), p)
}

// causes gives the innermost cause of an error.
func causes(err error) string {
	var out string
	for ; err != nil; err = errors.Unwrap(err) {
		out = err.Error()
	}
	return out
}

// counting counts readings.
type counting struct {
	io.ReaderAt
	n atomic.Int64
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	c.n.Add(1)
	return c.ReaderAt.ReadAt(b, at)
}

// locked lets one goroutine read at a time.
type locked struct {
	failing
	mu sync.Mutex
}

func (l *locked) ReadAt(b []byte, at int64) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failing.ReadAt(b, at)
}
