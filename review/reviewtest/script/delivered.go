package script

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"time"

	"heyi/review/bag"
	"heyi/review/seal"
)

// Delivered is everything up to the first round of a project that came in a package with
// documents: a PDF that is a material of its scheme, a picture, a text and a drawing, in
// another order than that of the materials. The services must have the program's
// regulations.
func Delivered() []Act {
	var acts []Act
	for _, a := range Prepare(1) {
		switch {
		case strings.HasPrefix(a.Name, "project "):
			if acts[len(acts)-1].Name != "import" {
				acts = append(acts, Act{"import", deliver})
			}
		case strings.HasSuffix(a.Name, " "+string(Other)), a.Name == "chair of the other":
		default:
			acts = append(acts, a)
		}
	}
	return append(acts, Score(First, 1)[0])
}

// deliver brings the package, of an issuer who is trusted from then on.
func deliver(h *Hall) error {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	issuer, err := seal.NewIssuer("乐清市电子政务中心", at)
	if err != nil {
		return err
	}
	if _, err := h.TrustIssuer(issuer.Certificate(), issuer.Fingerprint().String()); err != nil {
		return err
	}
	tree, err := delivery()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := bag.BuildDir(&b, tree, issuer, at); err != nil {
		return err
	}
	_, err = h.Sessions[Secretary].Import(bytes.NewReader(b.Bytes()), int64(b.Len()), false)
	return err
}

// delivery is the directory of the package. It says neither when nor where the meeting is.
func delivery() (bag.Tree, error) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		return nil, err
	}
	document := func(file, title, material string) any {
		return map[string]any{"file": file, "title": title, "material": material}
	}
	tree := bag.Tree{
		"projects/gxpt/plan.pdf":  []byte("%PDF-1.4\n第一页\n第二页\nstartxref\n9\n%%EOF\n"),
		"projects/gxpt/site.png":  picture.Bytes(),
		"projects/gxpt/net.dwg":   []byte("AC1015 drawing of the network, as the program that made it reads it"),
		"projects/gxpt/notes.txt": []byte("说明。\n共两行。\n"),
	}
	for name, v := range map[string]any{
		"package.json": map[string]any{"version": 1, "id": "YQ-2026-017", "seq": 2, "secrecy": "none", "title": "政务数据共享平台评审包"},
		"projects/gxpt/project.json": map[string]any{
			"version": 1, "title": "政务数据共享平台升级改造项目", "code": "YQDZ-2026-07", "scheme": "yueqing-2015.technical_review", "quorum": 3,
			"units": []any{map[string]any{"part": "owner", "name": "乐清市政务服务信息中心"}},
			"facts": map[string]any{"investment_cny": "2360000.00"}, "profile": []any{},
			"documents": []any{
				document("net.dwg", "网络图", ""), document("notes.txt", "说明", ""), document("site.png", "现场照片", ""),
				document("plan.pdf", "项目技术方案", "Y2-E1"),
			},
		},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		tree[name] = b
	}
	return tree, nil
}
