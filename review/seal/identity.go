// Package seal holds the program's cryptography: identities of people, sealing,
// the panel's own certificate authority, and CMS signatures. It makes no
// primitives of its own: P-256, RSA and X.509 are the standard library's,
// sealing is age.
package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"filippo.io/age"

	"heyi/review"
)

// WorkFactor is the scrypt cost of a locked key file, as the power of two.
const WorkFactor = 16

// Identity is a person's pair of private keys: one signs, one opens what was
// sealed to the person. It prints as nothing.
type Identity struct {
	sign *ecdsa.PrivateKey
	box  *age.X25519Identity
}

// NewIdentity makes fresh keys.
func NewIdentity() (*Identity, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, review.E(review.CodeInternal, "seal.NewIdentity", "", err)
	}
	b, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, review.E(review.CodeInternal, "seal.NewIdentity", "", err)
	}
	return &Identity{sign: k, box: b}, nil
}

// String hides the keys from logs and formats.
func (*Identity) String() string { return "[已隐去]" }

// GoString hides the keys from %#v.
func (*Identity) GoString() string { return "[已隐去]" }

// Public gives the keys by which others know this identity.
func (i *Identity) Public() review.PublicKeys {
	der, err := x509.MarshalPKIXPublicKey(&i.sign.PublicKey)
	if err != nil {
		panic("seal: " + err.Error()) // a P-256 key always marshals
	}
	return review.PublicKeys{Sign: der, Seal: i.box.Recipient().String()}
}

// Signer gives the signing key to builders of certificates and CMS values.
func (i *Identity) Signer() crypto.Signer { return i.sign }

// Sign signs message under a domain, which names the kind and version of
// statement. The signature is ECDSA over SHA-256(domain ‖ LF ‖ message), ASN.1.
func (i *Identity) Sign(domain string, message []byte) ([]byte, error) {
	sig, err := ecdsa.SignASN1(rand.Reader, i.sign, statement(domain, message))
	if err != nil {
		return nil, review.E(review.CodeInternal, "seal.Identity.Sign", domain, err)
	}
	return sig, nil
}

// Verify tells whether sig was made by Sign with the identity of keys.
func Verify(keys review.PublicKeys, domain string, message, sig []byte) bool {
	pub, err := SigningKey(keys)
	return err == nil && ecdsa.VerifyASN1(pub, statement(domain, message), sig)
}

// SigningKey gives the key that verifies what the holder of keys signs.
// Codes: CodeKeyForm (no P-256 key).
func SigningKey(keys review.PublicKeys) (*ecdsa.PublicKey, error) {
	k, err := x509.ParsePKIXPublicKey(keys.Sign)
	pub, ok := k.(*ecdsa.PublicKey)
	if err != nil || !ok || pub.Curve != elliptic.P256() {
		return nil, review.E(review.CodeKeyForm, "seal.SigningKey", "", err)
	}
	return pub, nil
}

func statement(domain string, message []byte) []byte {
	h := sha256.New()
	io.WriteString(h, domain+"\n")
	h.Write(message)
	return h.Sum(nil)
}

// keyFile is what a locked key file holds inside age.
type keyFile struct {
	Version int    `json:"v"`
	Sign    []byte `json:"sign"` // PKCS #8
	Seal    string `json:"seal"` // AGE-SECRET-KEY-…
}

// Lock gives the keys as an age file under a passphrase (scrypt, WorkFactor).
// Codes: CodeSecretShort.
func (i *Identity) Lock(passphrase string) ([]byte, error) {
	const op = "seal.Identity.Lock"
	if utf8.RuneCountInString(passphrase) < review.MinPassphrase {
		return nil, review.E(review.CodeSecretShort, op, strconv.Itoa(review.MinPassphrase), nil)
	}
	der, err := x509.MarshalPKCS8PrivateKey(i.sign)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	plain, err := json.Marshal(keyFile{Version: 1, Sign: der, Seal: i.box.String()})
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	r.SetWorkFactor(WorkFactor)
	return encrypt(op, plain, r)
}

// Unlock opens a key file made by Lock.
// Codes: CodeSecretWrong, CodeKeyForm.
func Unlock(file []byte, passphrase string) (*Identity, error) {
	const op = "seal.Unlock"
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, review.E(review.CodeSecretWrong, op, "", err)
	}
	id.SetMaxWorkFactor(WorkFactor) // a hostile file must not buy minutes of work
	plain, err := decrypt(file, id)
	if err != nil {
		if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
			return nil, review.E(review.CodeSecretWrong, op, "", err)
		}
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	var f keyFile
	if err := json.Unmarshal(plain, &f); err != nil || f.Version != 1 {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	k, err := x509.ParsePKCS8PrivateKey(f.Sign)
	if err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	sign, ok := k.(*ecdsa.PrivateKey)
	if !ok || sign.Curve != elliptic.P256() {
		return nil, review.E(review.CodeKeyForm, op, "", nil)
	}
	box, err := age.ParseX25519Identity(f.Seal)
	if err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	return &Identity{sign: sign, box: box}, nil
}

// SealTo encrypts plain so that any one of the recipients can open it.
// Codes: CodeKeyForm.
func SealTo(plain []byte, to ...review.PublicKeys) ([]byte, error) {
	const op = "seal.SealTo"
	var rs []age.Recipient
	for _, k := range to {
		r, err := age.ParseX25519Recipient(k.Seal)
		if err != nil {
			return nil, review.E(review.CodeKeyForm, op, "", err)
		}
		rs = append(rs, r)
	}
	return encrypt(op, plain, rs...)
}

// Open decrypts what was sealed to this identity. Nothing is returned before
// the whole file is authenticated.
// Codes: CodeKeyForm.
func (i *Identity) Open(sealed []byte) ([]byte, error) {
	plain, err := decrypt(sealed, i.box)
	if err != nil {
		return nil, review.E(review.CodeKeyForm, "seal.Identity.Open", "", err)
	}
	return plain, nil
}

func encrypt(op string, plain []byte, to ...age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return out.Bytes(), nil
}

func decrypt(sealed []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
