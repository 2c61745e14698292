package filing

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heyi/review"
)

// text is a text file as every system shows it: UTF-8 with its mark, CRLF.
type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t *text) bytes() []byte {
	return []byte("\uFEFF" + strings.ReplaceAll(t.String(), "\n", "\r\n"))
}

// or gives a text, or what stands in for one that is empty.
func or(s, none string) string {
	if s == "" {
		return none
	}
	return s
}

const unknown = "未记载"

func moment(t time.Time) string { return t.Format("2006年1月2日 15:04") }

// about is 说明文件.TXT.
func about(s *Source, papers, void []Item) []byte {
	t, d := &text{}, s.Data
	m := d.Meeting
	t.line("归档文件夹说明文件\n")
	t.line("一、本文件夹")
	t.line("　　本文件夹由评审会议软件“合议”%s 版从会议日志生成，格式版本为 %d，收有下列评审会议的全部文件和核验所需的资料。", s.Software, Version)
	t.line("　　同一份会议日志生成的文件夹内容相同；生成时间不计入内容。")
	if m.Drill {
		t.line("　　本次会议为演练，所有文件均不作为评审依据。")
	}
	t.line("\n二、会议")
	secretary, held, place := "", "", ""
	for _, x := range d.Seats {
		if secretary == "" {
			secretary = x.Name // the secretary has the first seat
		}
	}
	for _, p := range d.Projects {
		held, place = or(held, p.Time), or(place, p.Place)
	}
	for _, x := range [][2]string{
		{"会议名称", m.Title}, {"会议编号", string(m.ID)}, {"会议时间", or(held, unknown)}, {"会议地点", or(place, unknown)},
		{"会议建立", moment(m.Created)},
		{"秘书", secretary}, {"组长", or(d.name(m.Chair), unknown)},
		{"会议日志", fmt.Sprintf("共 %d 条，截止 %s", m.Entries, moment(m.Until))},
		{"检查点", m.Checkpoint}, {"评审组证书指纹", or(s.Authority, unknown)},
	} {
		t.line("　　%s：%s", x[0], x[1])
	}
	t.line("\n三、项目和结论")
	for i := range d.Projects {
		project(t, i+1, &d.Projects[i])
	}
	if len(d.Projects) == 0 {
		t.line("　　会议没有列入项目。")
	}
	t.line("\n四、文件")
	files(t, papers)
	if len(void) > 0 {
		t.line("　　另有作废文件 %d 份，原因见“%s”。", len(void), nameVoid)
	}
	t.line("\n五、文件夹的组成")
	for _, x := range [][2]string{
		{nameCatalogue, "卷内目录，列出除它本身和 " + nameSums + " 以外的每一个文件"},
		{nameSums, "除它本身以外每一个文件的 SHA-256 摘要"},
		{dirPapers, "评审文件；有几个项目的，每个项目一个文件夹"},
		{nameGuide, "用通用工具核验本文件夹的方法"},
		{nameCheckpoint, "会议日志的检查点和证书指纹，用于与纸质文件比对"},
		{dirOther + "/数据", "会议数据，供其他软件读取"},
		{dirOther + "/日志", "会议日志原文及摘录"},
		{dirPackages, "导入的评审包原件"},
		{dirRules, "评审所依据规则的数据文件"},
		{dirCertificates, "评审组证书、各席位证书、归档证书、评审包签发单位证书"},
		{dirVoid, "作废留存的文件及原因（没有作废文件的，不设）"},
	} {
		t.line("　　%s：%s。", x[0], x[1])
	}
	t.line("\n六、如何核验")
	t.line("　　用“合议”软件核验：heyi verify 本文件夹的路径。不用本软件的，按“%s”核验。", nameGuide)
	t.line("　　两种方法都要把检查点和评审组证书指纹与纸质签到表、校验页比对：它们只能证明文件之间一致，不能证明是谁做的整套文件。")
	t.line("\n七、关于签名和保密")
	t.line("　　签名与文件一致；证书由本评审组自建，非依法设立的电子认证机构签发；时间为本机时间。具有法律效力的签名以纸质亲笔签名或约定为准。")
	t.line("　　本软件不保护国家秘密，也不声称符合商用密码应用要求。")
	t.line("\n八、归档前自查表（参照DA/T 70-2018）")
	for i, c := range s.Checks {
		t.line("　　%d. %s：%s。", i+1, c.Title, c.Result)
	}
	t.line("\n九、缺项")
	for i, lack := range s.Lacks {
		t.line("　　%d. %s", i+1, lack)
	}
	if len(s.Lacks) == 0 {
		t.line("　　没有发现缺项。")
	}
	return t.bytes()
}

// project says what came of a project.
func project(t *text, n int, p *Project) {
	t.line("　　%d. %s", n, p.Title)
	t.line("　　　　项目编号：%s", or(p.Code, unknown))
	t.line("　　　　评审类型：%s", p.Scheme.Title)
	if r := p.last(); r != nil {
		t.line("　　　　评分：第 %d 轮，计入 %d 名专家的评分%s", r.Number, len(r.Result.Experts), scored(r.Result.Official))
	}
	switch {
	case p.Conclusion != nil && p.Stage == review.StageFinal:
		v := p.tally()
		t.line("　　　　结论：%s", p.Conclusion.Title)
		t.line("　　　　表态：同意 %s 人，附保留意见 %s 人，不同意 %s 人，弃权 %s 人",
			v[review.ChoiceAgree], v[review.ChoiceReserve], v[review.ChoiceDisagree], v[review.ChoiceAbstain])
		if n := len(p.annexes()); n > 0 {
			t.line("　　　　附件：定稿后提出的保留意见、不同意见 %d 份，不计入表态", n)
		}
	case p.Stage == review.StageSuspended:
		t.line("　　　　没有形成结论：评审中止，原因为%s", p.Suspended)
	default:
		t.line("　　　　没有形成结论")
	}
}

func scored(official string) string {
	if official == "" {
		return ""
	}
	return "，得分 " + official
}

// files lists the papers.
func files(t *text, papers []Item) {
	for i, x := range papers {
		t.line("　　%d. %s", i+1, strings.Join(nonempty(x.Title, x.Number, x.Author, sheets(x.Pages)), "，"))
		t.line("　　　　%s", x.Path)
	}
	if len(papers) == 0 {
		t.line("　　没有评审文件。")
	}
}

func sheets(pages int) string {
	if pages == 0 {
		return ""
	}
	return strconv.Itoa(pages) + " 页"
}

func nonempty(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// checkpoint is 检查点.TXT.
func checkpoint(s *Source) []byte {
	t, m := &text{}, s.Data.Meeting
	t.line("会议日志共 %d 条，截止 %s，检查点为：\n\n%s\n", m.Entries, moment(m.Until), m.Checkpoint)
	t.line("检查点的短码为 %s。", review.CheckCode(m.Checkpoint))
	t.line("评审组证书的指纹为 %s，其 SHA-256 摘要为：\n\n%s\n", or(s.Authority, unknown), or(string(m.Authority), unknown))
	t.line("请与纸质签到表、校验页上的逐位比对。校验页是在签署时出的，所记检查点在先，条数较少；")
	t.line("在“%s”中取同样多的条数计算，结果应当相同。", nameJournal)
	return t.bytes()
}

// extract is 日志摘录.TXT.
func extract(s *Source) []byte {
	t := &text{}
	t.line("会议日志摘录\n\n本摘录供阅读；以“%s”为准。时间为本机时间，先后以序号为准。\n", nameJournal)
	for _, l := range s.Log {
		t.line("%s", l)
	}
	return t.bytes()
}

// voided is 作废说明.TXT.
func voided(list []placed) []byte {
	t := &text{}
	t.line("作废说明\n\n下列文件不作为评审结果，留存备查。\n")
	for i, p := range list {
		t.line("%d. %s\n   %s\n   原因：%s", i+1, strings.Join(nonempty(p.item.Title, p.item.Number), "，"), p.item.Path, p.Reason)
	}
	return t.bytes()
}

// guide is 核验说明.TXT.
func guide() []byte {
	t := &text{}
	t.WriteString(guideText)
	return t.bytes()
}

// guideText names the places of the folder; TestGuide follows it word for word.
const guideText = `核验说明

本说明只用通用工具：sha256sum、openssl、pdfsig（poppler）、certutil（nss）、qpdf、unzip、python3。
以“$”开头的行是命令，不含“$”和其后的空格，逐行在本文件夹内执行。中间结果放在旁边新建的目录中，用后可以删除：

  $ mkdir ../核验

一、每个文件的摘要

  $ sha256sum -c sha256sum.txt

每一行都应当是“OK”或“成功”。再看有没有多出的文件，下面的命令应当没有输出：

  $ (find . -type f ! -name sha256sum.txt | sed 's|^\./||'; sed 's/^[0-9a-f]*  //' sha256sum.txt) | LC_ALL=C sort | uniq -u

二、证书

评审组证书的摘要应当与“其他/检查点.TXT”中的一致：

  $ openssl x509 -in 其他/证书/ca.pem -outform DER | sha256sum

纸质签到表和校验页上的指纹，是这个摘要取作整数后的末四十位十进制数字：

  $ openssl x509 -in 其他/证书/ca.pem -outform DER | python3 -c "import hashlib,sys; print('%040d' % (int(hashlib.sha256(sys.stdin.buffer.read()).hexdigest(),16) % 10**40))"

各席位证书和归档证书应当由评审组证书签发（会议中换发过评审组证书的，另有“原评审组证书”，一并列入）：

  $ cat 其他/证书/ca.pem $(find 其他/证书 -name '原评审组证书*') > ../核验/ca.pem
  $ for f in $(find 其他/证书 -name '席位*' -o -name '归档*'); do openssl verify -no_check_time -purpose any -CAfile ../核验/ca.pem $f; done

三、签名文件

把评审组证书列为可信，再核验每个文件：

  $ mkdir ../核验/nss; certutil -N -d sql:../核验/nss --empty-password; for c in $(find 其他/证书 -name ca.pem -o -name '原评审组证书*'); do certutil -A -d sql:../核验/nss -n $(basename $c) -t CT,C,C -i $c; done
  $ find 电子档案 -name '*.pdf' ! -name '*扫描件*' -exec pdfsig -nssdir sql:../核验/nss {} \;
  $ find 电子档案 -name '*.pdf' ! -name '*扫描件*' -exec qpdf --check {} \;

每个签名都应当“Signature is Valid”“Certificate is Trusted”，其中签名域为 archive 的一个应当“Total document signed”；个人评审意见、不同意见书和会议记录只有一个签名，就是这一个。
这些工具看不出签名之后增加的修订改动了页面；这一点用“合议”软件核验。扫描件没有数字签名。

四、评审包

签名应当由签发单位证书核验通过；最后显示的摘要应当是“其他/数据/会议数据.json”中该评审包的摘要：

  $ for f in $(find 其他/评审包 -type f); do d=../核验/$(basename $f); mkdir $d; unzip -q $f -d $d; (cd $d; sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt); cat 其他/证书/签发单位* > ../核验/issuers.pem; openssl cms -verify -binary -inform DER -in $d/signature.p7s -content $d/tagmanifest-sha256.txt -CAfile ../核验/issuers.pem -no_check_time -purpose any -out ../核验/signed; sha256sum $d/tagmanifest-sha256.txt; done

五、会议日志

“其他/日志/journal.jsonl”每行一条：签名所针对的原文，和签名。全部条目按 RFC 6962 组成一棵散列树，
树根就是检查点。下面的程序从日志重算检查点，应当与“其他/检查点.TXT”的一致；
在命令最后加上条数，就计算前若干条的检查点，用于与校验页比对：

  $ sed -n '/^#程序开始/,/^#程序结束/p' 其他/核验说明.TXT | tr -d '\r' > ../核验/checkpoint.py; python3 ../核验/checkpoint.py

#程序开始
import hashlib, sys
def sha(b): return hashlib.sha256(b).digest()
def leaf(line):
    event, signature = line[len(b'{"event":'):-len(b'"}\n')].rsplit(b',"signature":"', 1)
    return sha(b'\0heyi.leaf.v1\n' + len(event).to_bytes(4, 'big') + event + bytes.fromhex(signature.decode()))
def root(list):
    if len(list) == 1: return list[0]
    k = 1
    while 2 * k < len(list): k *= 2
    return sha(b'\1' + root(list[:k]) + root(list[k:]))
leaves = [leaf(line) for line in open('其他/日志/journal.jsonl', 'rb')]
if len(sys.argv) > 1: leaves = leaves[:int(sys.argv[1])]
print('v1', len(leaves), root(leaves).hex())
#程序结束

每条签名是席位密钥对“heyi.event.v1”、换行、此前各条的树根和原文所作的 ECDSA（P-256，SHA-256）签名；
席位的公钥在日志的建立会议和领席条目中。逐条核验签名用“合议”软件。

六、文件与会议数据

“其他/数据/会议数据.json”列出会议日志所记的每个文件的摘要。下面的命令数出每个文件的摘要在其中出现的次数，不应当有 0：

  $ for f in $(find . -name '*.pdf'); do echo "$(grep -c "$(sha256sum $f | cut -c1-64)" 其他/数据/会议数据.json) $f"; done

七、结论

结论、得分和规则建议由“其他/数据/会议数据.json”列出，依据“其他/规则”中的规则和日志中开封的评分得出。
重新计算用“合议”软件：heyi verify 本文件夹的路径。
`
