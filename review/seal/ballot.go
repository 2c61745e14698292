package seal

import (
	"bytes"
	"encoding/binary"

	"heyi/review"
)

// ballotMark begins what is under a ballot's seal.
const ballotMark = "heyi.ballot.v1\n"

// ballotStep is what a packed ballot is padded to, in bytes, so that its length
// tells little of how much was written.
const ballotStep = 4096

// PackBallot puts a ballot's content and the individual opinion's PDF (nil if there
// is none) into the bytes that are sealed.
func PackBallot(content, paper []byte) []byte {
	b := []byte(ballotMark)
	for _, part := range [][]byte{content, paper} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	if over := len(b) % ballotStep; over > 0 {
		b = append(b, make([]byte, ballotStep-over)...)
	}
	return b
}

// UnpackBallot takes apart what PackBallot put together.
// Codes: CodeBallotForm.
func UnpackBallot(b []byte) (content, paper []byte, err error) {
	bad := review.E(review.CodeBallotForm, "seal.UnpackBallot", "", nil)
	rest, ok := bytes.CutPrefix(b, []byte(ballotMark))
	if !ok || len(b)%ballotStep != 0 {
		return nil, nil, bad
	}
	var parts [2][]byte
	for i := range parts {
		if len(rest) < 4 || uint64(len(rest)-4) < uint64(binary.BigEndian.Uint32(rest)) {
			return nil, nil, bad
		}
		n := binary.BigEndian.Uint32(rest)
		parts[i], rest = rest[4:4+n], rest[4+n:]
	}
	if len(rest) >= ballotStep {
		return nil, nil, bad
	}
	for _, pad := range rest {
		if pad != 0 {
			return nil, nil, bad
		}
	}
	if len(parts[1]) == 0 {
		parts[1] = nil
	}
	return parts[0], parts[1], nil
}
