package seal_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

// random gives n random bytes.
func random(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestPackBallot holds that what is packed comes out again, and that its length tells
// little of how much it is.
func TestPackBallot(t *testing.T) {
	t.Logf("go test ./review/seal -run TestPackBallot -seed %d", *seed)
	r := rand.New(rand.NewPCG(*seed, 2))
	sizes := []int{0, 1, 2, 100, 4072, 4073, 4074, 4095, 4096, 4097, 8169, 20000}
	for range 300 {
		sizes = append(sizes, r.IntN(9000))
	}
	for _, n := range sizes {
		content := random(r, n)
		for _, paper := range [][]byte{nil, {}, random(r, 1), random(r, r.IntN(10000))} {
			packed := seal.PackBallot(content, paper)
			need := len("heyi.ballot.v1\n") + 8 + len(content) + len(paper)
			if len(packed)%4096 != 0 || len(packed) < need || len(packed) >= need+4096 {
				t.Fatalf("%d and %d bytes are packed into %d", n, len(paper), len(packed))
			}
			c, p, err := seal.UnpackBallot(packed)
			if err != nil || !bytes.Equal(c, content) || !bytes.Equal(p, paper) {
				t.Fatalf("%d and %d bytes came back as %d and %d, %v", n, len(paper), len(c), len(p), err)
			}
			if (p == nil) != (len(paper) == 0) {
				t.Fatalf("a paper of %d bytes came back as %v", len(paper), p)
			}
		}
	}
}

// TestUnpackBallot holds that nothing else is read than what was packed: cut, padded or
// changed, it is refused or gives what would be packed the same.
func TestUnpackBallot(t *testing.T) {
	packed := seal.PackBallot([]byte("content"), []byte("paper"))
	bad := func(name string, b []byte) {
		t.Helper()
		content, paper, err := seal.UnpackBallot(b)
		if err == nil {
			if !bytes.Equal(seal.PackBallot(content, paper), b) {
				t.Errorf("%s: read as %q and %q", name, content, paper)
			}
			return
		}
		reviewtest.WantCode(t, err, review.CodeBallotForm)
		if content != nil || paper != nil {
			t.Errorf("%s: %q and %q beside an error", name, content, paper)
		}
	}
	for i := range packed {
		bad("cut", packed[:i])
		for _, x := range []byte{1, 0x80, 0xff} {
			b := bytes.Clone(packed)
			b[i] ^= x
			bad("changed", b)
		}
	}
	refused := func(name string, b []byte) {
		t.Helper()
		if _, _, err := seal.UnpackBallot(b); review.CodeOf(err) != review.CodeBallotForm {
			t.Errorf("%s: %v", name, err)
		}
	}
	end := len("heyi.ballot.v1\n") + 4 + len("content") + 4 + len("paper")
	for i := end; i < len(packed); i++ {
		b := bytes.Clone(packed)
		b[i] = 1
		refused("padding that says something", b)
	}
	refused("nothing", nil)
	refused("a step too much", append(bytes.Clone(packed), make([]byte, 4096)...))
	refused("twice", append(bytes.Clone(packed), packed...))
	refused("a byte more", append(bytes.Clone(packed), 0))
	refused("another mark", bytes.Replace(packed, []byte("v1"), []byte("v2"), 1))
	for _, at := range []int{15, 15 + 4 + len("content")} {
		for _, n := range []uint32{4096, 1 << 31, 1<<32 - 1, 1<<32 - 4, uint32(len(packed) - at - 3)} {
			b := bytes.Clone(packed)
			binary.BigEndian.PutUint32(b[at:], n)
			refused("a length that lies", b)
		}
	}
}
