package bag

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

func TestTrust(t *testing.T) {
	f := testIssuer().Fingerprint()
	empty := must(DecodeTrust(nil))
	one := must(empty.Add(f, "虚构市大数据发展管理局", testTime))
	if len(empty.Issuers) != 0 || len(one.Issuers) != 1 || one.Issuers[0].Added != "2026-11-22T09:30:00+08:00" {
		t.Fatalf("%+v, %+v", empty, one)
	}
	_, err := one.Add(f, "另一名称", testTime)
	reviewtest.WantCode(t, err, review.CodeTrustKnown)
	if review.ItemOf(err) != "虚构市大数据发展管理局" {
		t.Errorf("item %q", review.ItemOf(err))
	}
	_, err = one.Add("1234", "x", testTime)
	reviewtest.WantCode(t, err, review.CodeFingerprint)
	_, err = empty.Add(f, "", testTime)
	reviewtest.WantCode(t, err, review.CodeTextEmpty)
	_, err = empty.Revoke(f, "遗失", testTime)
	reviewtest.WantCode(t, err, review.CodeTrustUnknown)
	if review.ItemOf(err) != f.String() {
		t.Errorf("item %q", review.ItemOf(err))
	}
	_, err = one.Revoke(f, "", testTime)
	reviewtest.WantCode(t, err, review.CodeTextEmpty)

	gone := must(one.Revoke(f, "签发介质遗失", testTime.Add(time.Hour)))
	if one.Issuers[0].Revoked != "" || gone.Issuers[0].Revoked != "2026-11-22T10:30:00+08:00" {
		t.Errorf("%+v, %+v", one, gone)
	}
	_, err = gone.Revoke(f, "再次", testTime)
	reviewtest.WantCode(t, err, review.CodeTrustUnknown)
	_, err = gone.Add(f, "虚构市大数据发展管理局", testTime)
	reviewtest.WantCode(t, err, review.CodeTrustKnown)

	for _, list := range []Trust{{}, one, gone} {
		again := must(DecodeTrust(list.Encode()))
		if !bytes.Equal(again.Encode(), list.Encode()) {
			t.Errorf("%s came back as %s", list.Encode(), again.Encode())
		}
	}
}

// TestTrustSees: a later issue may come, an older or another one of the same number may not.
func TestTrustSees(t *testing.T) {
	issue := func(id string, seq int, title string) *Package {
		f := newForge(t)
		f.info.ID, f.info.Seq, f.info.Title = id, seq, title
		return must(opened(f.file(), trusting()))
	}
	second := issue("A", 2, "第二期")
	list := must(Trust{}.See(second))
	list = must(list.See(second)) // the very same may come again
	if len(list.Seen) != 1 {
		t.Errorf("%+v", list.Seen)
	}
	_, err := list.See(issue("A", 1, "第一期"))
	reviewtest.WantCode(t, err, review.CodePackageOlder)
	_, err = list.See(issue("A", 2, "另一份第二期"))
	reviewtest.WantCode(t, err, review.CodePackageSwapped)
	list = must(list.See(issue("A", 10, "第十期")))
	list = must(list.See(issue("0", 1, "另一个包")))
	if len(list.Seen) != 2 || list.Seen[0].Package != "0" || list.Seen[1].Seq != 10 {
		t.Errorf("%+v", list.Seen)
	}
	again := must(DecodeTrust(list.Encode()))
	_, err = again.See(second)
	reviewtest.WantCode(t, err, review.CodePackageOlder)
}

func TestTrustRefuses(t *testing.T) {
	f := testIssuer().Fingerprint()
	good := string(must(Trust{}.Add(f, "虚构市", testTime)).Encode())
	for what, c := range map[string]struct {
		text string
		want review.Code
	}{
		"another version":    {strings.Replace(good, `"version": 1`, `"version": 2`, 1), review.CodeTrustNewer},
		"no version":         {strings.Replace(good, `"version": 1`, `"version": 0`, 1), review.CodeTrustForm},
		"an unknown member":  {strings.Replace(good, `"issuers"`, `"x": 1, "issuers"`, 1), review.CodeTrustForm},
		"other white space":  {strings.Replace(good, "\n", "\n\n", 1), review.CodeTrustForm},
		"something behind":   {good + "x", review.CodeTrustForm},
		"no fingerprint":     {strings.Replace(good, string(f), "12", 1), review.CodeTrustForm},
		"no name":            {strings.Replace(good, "虚构市", "", 1), review.CodeTrustForm},
		"no date":            {strings.Replace(good, "2026-11-22T", "2026-13-22T", 1), review.CodeTrustForm},
		"revoked, no reason": {strings.Replace(good, `+08:00"`, `+08:00", "revoked": "2026-11-22T09:30:00+08:00"`, 1), review.CodeTrustForm},
		"too large":          {good + strings.Repeat(" ", MaxTrust), review.CodeTrustForm},
		"no JSON":            {"{", review.CodeTrustForm},
		"seen out of order": {string(Trust{Seen: []Seen{
			{f, "B", 1, review.DigestOf(nil)}, {f, "A", 1, review.DigestOf(nil)},
		}}.Encode()), review.CodeTrustForm},
		"seen at nought": {string(Trust{Seen: []Seen{{f, "B", 0, review.DigestOf(nil)}}}.Encode()), review.CodeTrustForm},
		"issuer twice":   {string(Trust{Issuers: []Issuer{{Fingerprint: f, Name: "x", Added: stamp(testTime)}, {Fingerprint: f, Name: "x", Added: stamp(testTime)}}}.Encode()), review.CodeTrustForm},
	} {
		if _, err := DecodeTrust([]byte(c.text)); review.CodeOf(err) != c.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := DecodeTrust([]byte("x"))
	reviewtest.WantCode(t, err, review.CodeTrustForm)
	_, err = DecodeTrust([]byte(strings.Replace(good, `"version": 1`, `"version": 2`, 1)))
	reviewtest.WantCode(t, err, review.CodeTrustNewer)
}

// TestClock: a wrong clock warns and never keeps a package out.
func TestClock(t *testing.T) {
	file := built(t, sample())
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{testTime, ""},
		{time.Time{}, ""},
		{testTime.AddDate(0, 0, -1), "date_future"},
		{time.Unix(0, 0), "date_future date_certificate"},
		{testTime.AddDate(31, 0, 0), "date_certificate"},
		{testTime.AddDate(100, 0, 0), "date_certificate"},
	} {
		p := trusting()
		p.At = c.at
		got := []string{}
		for _, w := range must(opened(file, p)).Warnings() {
			got = append(got, string(w))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %v, want %q", c.at, got, c.want)
		}
	}
}

// TestCeiling: a machine takes what is at its ceiling or below.
func TestCeiling(t *testing.T) {
	for ceiling, highest := range map[Secrecy]int{"": 0, SecrecyNone: 0, SecrecyWork: 1} {
		for i, level := range secrecies {
			f := newForge(t)
			f.info.Secrecy = level
			p := trusting()
			p.Ceiling = ceiling
			if _, err := opened(f.file(), p); (err == nil) != (i <= highest) {
				t.Errorf("%s on a machine for %q: %v", level, ceiling, err)
			}
		}
	}
}

// TestNothingBeforeTheSignature: of two things that are wrong, the one that comes first
// in the order of Open is told, and never a thing of the content before the issuer.
func TestNothingBeforeTheSignature(t *testing.T) {
	f := newForge(t).document(t, "方案.pdf", []byte("MZ"))
	f.replace(t, record, `"quorum": 5`, `"quorum": 0`)
	f.info.Secrecy, f.info.Issuer = SecrecyJi, "另一家"
	p := Policy{At: testTime}
	for _, want := range []struct {
		code   review.Code
		better func()
	}{
		{review.CodePackageIssuer, func() { p.Issuers = trusting().Issuers }},
		{review.CodePackageUnit, func() { f.info.Issuer = testIssuer().Name() }},
		{review.CodePackageSecrecy, func() { f.info.Secrecy = SecrecyNone }},
		{review.CodePackageValue, func() { f.replace(t, record, `"quorum": 0`, `"quorum": 5`) }},
		{review.CodePackageProgram, func() { f.put("data/projects/01/documents/0001.pdf", []byte(testPDF)) }},
	} {
		_, err := opened(f.file(), p)
		reviewtest.WantCode(t, err, want.code)
		want.better()
	}
	if _, err := opened(f.file(), p); err != nil {
		t.Error(err)
	}
	other := must(seal.NewIssuer("虚构市大数据发展管理局", testTime))
	p.Issuers = []Issuer{{Fingerprint: other.Fingerprint()}}
	_, err := opened(f.file(), p)
	reviewtest.WantCode(t, err, review.CodePackageIssuer)
	if review.ItemOf(err) != testIssuer().Fingerprint().String() {
		t.Errorf("item %q", review.ItemOf(err))
	}
}
