package seal

import (
	"filippo.io/age"

	"heyi/review"
)

// SealTo encrypts plain so that any one of the recipients (age, as in
// review.PublicKeys.Seal) can open it.
// Codes: CodeKeyForm (no recipient, or something that is none).
func SealTo(plain []byte, to ...string) ([]byte, error) {
	const op = "seal.SealTo"
	if len(to) == 0 {
		return nil, review.E(review.CodeKeyForm, op, "", nil)
	}
	var rs []age.Recipient
	for _, k := range to {
		r, err := age.ParseX25519Recipient(k)
		if err != nil {
			return nil, review.E(review.CodeKeyForm, op, "", err)
		}
		rs = append(rs, r)
	}
	return encrypt(op, plain, rs...)
}

// SealTwice encrypts plain to any one of inner, and that to any one of outer: it
// takes one of each to open it.
// Codes: CodeKeyForm.
func SealTwice(plain []byte, inner, outer []string) ([]byte, error) {
	once, err := SealTo(plain, inner...)
	if err != nil {
		return nil, err
	}
	return SealTo(once, outer...)
}

// Opener opens what was sealed to somebody; it signs nothing. It prints as nothing.
type Opener struct {
	boxes []*age.X25519Identity
}

// String hides the keys from logs and formats.
func (Opener) String() string { return "[已隐去]" }

// GoString hides the keys from %#v.
func (Opener) GoString() string { return "[已隐去]" }

// Opener gives the keys with which the person opens what was sealed to him, now and
// in earlier claims.
func (i *Identity) Opener() Opener {
	return Opener{append([]*age.X25519Identity{i.box}, i.former...)}
}

// OpenerOf reads the secret of a recovery sheet.
// Codes: CodeSheetForm.
func OpenerOf(secret string) (Opener, error) {
	box, err := age.ParseX25519Identity(secret)
	if err != nil {
		return Opener{}, review.E(review.CodeSheetForm, "seal.OpenerOf", "", nil) // the cause might quote the secret
	}
	return Opener{[]*age.X25519Identity{box}}, nil
}

// And gives an opener with the keys of both.
func (o Opener) And(p Opener) Opener {
	return Opener{append(append([]*age.X25519Identity(nil), o.boxes...), p.boxes...)}
}

// Recipients lists to whom the opener opens.
func (o Opener) Recipients() []string {
	var out []string
	for _, b := range o.boxes {
		out = append(out, b.Recipient().String())
	}
	return out
}

// Open decrypts what was sealed to one of the opener's keys. Nothing is returned
// before the whole file is authenticated.
// Codes: CodeKeyForm.
func (o Opener) Open(sealed []byte) ([]byte, error) {
	const op = "seal.Opener.Open"
	var with []age.Identity
	for _, b := range o.boxes {
		with = append(with, b)
	}
	if len(with) == 0 {
		return nil, review.E(review.CodeKeyForm, op, "", nil)
	}
	plain, err := decrypt(sealed, with...)
	if err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	return plain, nil
}

// OpenTwice opens what SealTwice sealed.
// Codes: CodeKeyForm.
func OpenTwice(sealed []byte, inner, outer Opener) ([]byte, error) {
	once, err := outer.Open(sealed)
	if err != nil {
		return nil, err
	}
	return inner.Open(once)
}

// Open decrypts what was sealed to this identity.
// Codes: CodeKeyForm.
func (i *Identity) Open(sealed []byte) ([]byte, error) { return i.Opener().Open(sealed) }

// SheetSecret gives what a recovery sheet says: the key that opens what is sealed to
// the person, to be typed in again. It signs nothing.
func (i *Identity) SheetSecret() string { return i.box.String() }

// Recover adds the key of a recovery sheet, so that what was sealed to it can be
// opened.
// Codes: CodeSheetForm.
func (i *Identity) Recover(secret string) error {
	o, err := OpenerOf(secret)
	if err != nil {
		return err
	}
	i.former = append(i.former, o.boxes...)
	return nil
}

// Holds lists the recipients of earlier claims whose keys the identity has.
func (i *Identity) Holds() []string {
	var out []string
	for _, f := range i.former {
		out = append(out, f.Recipient().String())
	}
	return out
}
