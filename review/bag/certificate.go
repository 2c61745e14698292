package bag

import "io"

// Certificate gives the certificate, DER, that a package is signed with, so that a person
// can compare its fingerprint with one on paper. The signature holds; whether the
// issuer is to be trusted is what is still to be found out, and nothing else of the
// package is given.
// Codes: as Open, without those of trust and of what is under data.
func Certificate(r io.ReaderAt, size int64) ([]byte, error) {
	s, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	k, err := readTags(s, size)
	if err != nil {
		return nil, err
	}
	return k.cert.Raw, nil
}
