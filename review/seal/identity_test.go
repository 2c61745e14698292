package seal_test

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

const passphrase = "秘书的口令，十个字以上"

func identity(tb testing.TB) *seal.Identity {
	tb.Helper()
	id, err := seal.NewIdentity()
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func TestLock(t *testing.T) {
	id := identity(t)
	_, err := id.Lock("1234567", 1)
	reviewtest.WantCode(t, err, review.CodeSecretShort)

	file, err := id.Lock(passphrase, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.Unlock(file, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(again.Public()), fmt.Sprint(id.Public()); got != want {
		t.Errorf("unlocked identity is %s, want %s", got, want)
	}
	_, err = seal.Unlock(file, passphrase+"。")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, err = seal.Unlock(file, "")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)

	for name, bad := range map[string][]byte{
		"empty":    {},
		"not age":  []byte("passphrase"),
		"cut":      file[:len(file)-1],
		"appended": append(bytes.Clone(file), 0),
		"flipped":  flip(file, len(file)-1),
		// A hostile file must not buy minutes of work.
		"dear":    dearer(t, file, "17"),
		"dearest": dearer(t, file, "30"),
		"absurd":  dearer(t, file, "999999"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := seal.Unlock(bad, passphrase)
			reviewtest.WantCode(t, err, review.CodeKeyForm)
		})
	}
}

// dearer asks for another scrypt cost in a key file's header.
func dearer(tb testing.TB, file []byte, factor string) []byte {
	tb.Helper()
	lines := bytes.SplitN(file, []byte("\n"), 3)
	cheap, ok := bytes.CutSuffix(lines[1], []byte(" 1"))
	if !ok {
		tb.Fatalf("the header says %q", lines[1])
	}
	return bytes.Join([][]byte{lines[0], fmt.Appendf(nil, "%s %s", cheap, factor), lines[2]}, []byte("\n"))
}

func flip(b []byte, i int) []byte {
	c := bytes.Clone(b)
	c[i] ^= 1
	return c
}

func TestSealTo(t *testing.T) {
	a, b, c := identity(t), identity(t), identity(t)
	sealed, err := seal.SealTo([]byte("保密"), a.Public().Seal, b.Public().Seal)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []*seal.Identity{a, b} {
		if plain, err := id.Open(sealed); err != nil || string(plain) != "保密" {
			t.Errorf("recipient reads %q, %v", plain, err)
		}
	}
	_, err = c.Open(sealed)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	for i := range sealed {
		if plain, err := a.Open(flip(sealed, i)); err == nil {
			t.Fatalf("flip of byte %d gives %q", i, plain)
		}
	}
	_, err = seal.SealTo(nil, "age1x")
	reviewtest.WantCode(t, err, review.CodeKeyForm)
}

func TestSign(t *testing.T) {
	a, b := identity(t), identity(t)
	sig, err := a.Sign("heyi.test.v1", []byte("话"))
	if err != nil {
		t.Fatal(err)
	}
	if !seal.Verify(a.Public(), "heyi.test.v1", []byte("话"), sig) {
		t.Error("refused")
	}
	for name, ok := range map[string]bool{
		"another person":  seal.Verify(b.Public(), "heyi.test.v1", []byte("话"), sig),
		"another domain":  seal.Verify(a.Public(), "heyi.test.v2", []byte("话"), sig),
		"another message": seal.Verify(a.Public(), "heyi.test.v1", []byte("画"), sig),
		"cut":             seal.Verify(a.Public(), "heyi.test.v1", []byte("话"), sig[1:]),
		"no key":          seal.Verify(review.PublicKeys{}, "heyi.test.v1", []byte("话"), sig),
	} {
		if ok {
			t.Errorf("%s: accepted", name)
		}
	}
	_, err = seal.SigningKey(review.PublicKeys{})
	reviewtest.WantCode(t, err, review.CodeKeyForm)
}

// TestSecretsDoNotPrint holds that no verb of fmt shows a private key.
func TestSecretsDoNotPrint(t *testing.T) {
	id, old := identity(t), identity(t)
	if err := id.Recover(old.SheetSecret()); err != nil {
		t.Fatal(err)
	}
	ca, err := seal.NewAuthority("评审会", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := seal.OpenerOf(id.SheetSecret())
	if err != nil {
		t.Fatal(err)
	}
	key := ca.Key()
	tail := key[len(key)-20:] // of the last of its numbers
	secrets := []string{"AGE-SECRET", id.SheetSecret(), old.SheetSecret(), strings.ToLower(id.SheetSecret()),
		fmt.Sprintf("%x", tail), fmt.Sprintf("%X", tail), strings.Trim(fmt.Sprint(tail), "[]"), new(big.Int).SetBytes(tail).String()}
	opener := id.Opener()
	for _, v := range []any{id, *id, opener, &opener, sheet, ca, []any{id, opener, ca}, struct {
		I *seal.Identity
		O seal.Opener
		A *seal.Authority
	}{id, opener, ca}} {
		for _, verb := range "vsdqxXtbceEfFgGoOTUp" {
			for _, flag := range []string{"", "+", "#", "0", " "} {
				printed := fmt.Sprintf("%"+flag+string(verb), v)
				for _, s := range secrets {
					if strings.Contains(printed, s) {
						t.Errorf("%%%s%c of %T prints %q", flag, verb, v, s)
					}
				}
			}
		}
	}
	if got := fmt.Sprint(id, opener, ca); strings.Count(got, "[已隐去]") != 3 {
		t.Errorf("they print as %s", got)
	}
}
