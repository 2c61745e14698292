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
// sealed to the person; and such keys of earlier claims as open what was sealed
// then. It prints as nothing.
type Identity struct {
	sign   *ecdsa.PrivateKey
	box    *age.X25519Identity
	former []*age.X25519Identity
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
	Version int      `json:"v"`
	Sign    []byte   `json:"sign"` // PKCS #8
	Seal    string   `json:"seal"` // AGE-SECRET-KEY-…
	Former  []string `json:"former,omitempty"`
}

// Lock gives the keys as an age file under a passphrase or a code, with scrypt at a
// work factor of at most WorkFactor: the power of two of its cost.
// Codes: CodeSecretShort (shorter than CodeLength).
func (i *Identity) Lock(secret string, factor int) ([]byte, error) {
	const op = "seal.Identity.Lock"
	if utf8.RuneCountInString(secret) < CodeLength {
		return nil, review.E(review.CodeSecretShort, op, strconv.Itoa(CodeLength), nil)
	}
	der, err := x509.MarshalPKCS8PrivateKey(i.sign)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	file := keyFile{Version: 1, Sign: der, Seal: i.box.String()}
	for _, f := range i.former {
		file.Former = append(file.Former, f.String())
	}
	plain, err := json.Marshal(file)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	r, err := age.NewScryptRecipient(secret)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	r.SetWorkFactor(min(factor, WorkFactor))
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
	who := &Identity{sign: sign, box: box}
	for _, secret := range f.Former {
		if err := who.Recover(secret); err != nil {
			return nil, err
		}
	}
	return who, nil
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

func decrypt(sealed []byte, with ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
