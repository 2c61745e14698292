package bag

import (
	"bytes"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// The certificate is given though nobody trusts it, and not if the signature does not
// hold.
func TestCertificate(t *testing.T) {
	file := built(t, sample())
	got, err := Certificate(bytes.NewReader(file), int64(len(file)))
	if err != nil || !bytes.Equal(got, testIssuer().Certificate()) {
		t.Errorf("another certificate, %v", err)
	}
	at := bytes.Index(file, []byte("Package-Id: "))
	file[at+len("Package-Id: ")] ^= 1
	_, err = Certificate(bytes.NewReader(file), int64(len(file)))
	reviewtest.WantCode(t, err, review.CodePackageAltered)
	_, err = Certificate(bytes.NewReader([]byte("no package")), 10)
	reviewtest.WantCode(t, err, review.CodePackageForeign)
}
