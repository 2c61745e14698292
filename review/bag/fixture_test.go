package bag

import (
	"bytes"
	"encoding/pem"
	"flag"
	"os"
	"testing"

	"heyi/review/seal"
)

var newFixture = flag.Bool("newfixture", false, "make testdata/package-v1.rpk where there is none")

// TestFixture: the first package ever released opens for ever. It is never made again.
func TestFixture(t *testing.T) {
	const file, issuer = "testdata/package-v1.rpk", "testdata/package-v1.pem"
	if _, err := os.Stat(file); *newFixture && os.IsNotExist(err) {
		for name, content := range map[string][]byte{file: nineKB(t), issuer: testIssuer().PEM()} {
			if err := os.WriteFile(name, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	content := must(os.ReadFile(file))
	block, _ := pem.Decode(must(os.ReadFile(issuer)))
	p, err := Open(bytes.NewReader(content), int64(len(content)), Policy{
		Issuers: []Issuer{{Fingerprint: seal.FingerprintOf(block.Bytes)}}, Ceiling: SecrecyWork,
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Digest() != fixtureDigest || p.Fingerprint().String() != fixtureFingerprint || len(p.Projects()) != 2 || len(p.Projects()[1].Documents) != 4 {
		t.Errorf("%s by %s, %d projects", p.Digest(), p.Fingerprint(), len(p.Projects()))
	}
}

const (
	fixtureDigest      = "e07a9eeb30dd576ca0e5f20abd757eeec2614cc6c43c5d8c7652b2f6118ef3b6"
	fixtureFingerprint = "3518 9839 0369 9594 5314 5752 8529 0763 6060 0302"
)
