package seal_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

// TestSealTwice holds that it takes one of each to open what was sealed twice, in the
// order in which it was sealed, and that no single bit of it can be changed.
func TestSealTwice(t *testing.T) {
	chair, secretary, owner, other := identity(t), identity(t), identity(t), identity(t)
	to := func(who ...*seal.Identity) (list []string) {
		for _, x := range who {
			list = append(list, x.Public().Seal)
		}
		return list
	}
	plain := []byte("保密")
	sealed, err := seal.SealTwice(plain, to(chair, owner), to(secretary, owner))
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]*seal.Identity{"chair": chair, "secretary": secretary, "owner": owner, "other": other}
	opens := map[string]bool{"chair secretary": true, "chair owner": true, "owner secretary": true, "owner owner": true}
	for inner, x := range people {
		for outer, y := range people {
			got, err := seal.OpenTwice(sealed, x.Opener(), y.Opener())
			if opens[inner+" "+outer] {
				if err != nil || !bytes.Equal(got, plain) {
					t.Errorf("%s inside, %s outside: %q, %v", inner, outer, got, err)
				}
				continue
			}
			reviewtest.WantCode(t, err, review.CodeKeyForm)
			if got != nil {
				t.Errorf("%s inside, %s outside: %q beside an error", inner, outer, got)
			}
		}
	}
	// With both keys in one hand the order does not matter; with none nothing opens.
	both := chair.Opener().And(secretary.Opener())
	if got, err := seal.OpenTwice(sealed, both, both); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%q, %v", got, err)
	}
	_, err = seal.OpenTwice(sealed, seal.Opener{}, both)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	_, err = seal.Opener{}.Open(sealed)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	for i := range sealed {
		if got, err := seal.OpenTwice(flip(sealed, i), both, both); err == nil {
			t.Fatalf("flip of byte %d gives %q", i, got)
		}
		if got, err := seal.OpenTwice(sealed[:i], both, both); err == nil {
			t.Fatalf("cut at %d gives %q", i, got)
		}
	}
	if got, err := seal.OpenTwice(append(bytes.Clone(sealed), 0), both, both); err == nil {
		t.Errorf("a byte more gives %q", got)
	}
	for _, bad := range [][2][]string{{{"x"}, to(secretary)}, {to(chair), {"x"}}, {{""}, to(secretary)}} {
		_, err := seal.SealTwice(plain, bad[0], bad[1])
		reviewtest.WantCode(t, err, review.CodeKeyForm)
	}
	// Sealed again, the same looks like something else.
	again, err := seal.SealTwice(plain, to(chair, owner), to(secretary, owner))
	if err != nil || bytes.Equal(again, sealed) {
		t.Errorf("sealed again it is the same, %v", err)
	}
}

// TestSealToNobody holds that what nobody could open is not sealed.
func TestSealToNobody(t *testing.T) {
	_, err := seal.SealTo([]byte("x"))
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	_, err = seal.SealTwice([]byte("x"), []string{identity(t).Public().Seal}, nil)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
}

// TestOpener holds what an opener opens: what was sealed to any of its keys.
func TestOpener(t *testing.T) {
	a, b := identity(t), identity(t)
	sheet, err := seal.OpenerOf(a.SheetSecret())
	if err != nil {
		t.Fatal(err)
	}
	if got := sheet.Recipients(); !slices.Equal(got, []string{a.Public().Seal}) {
		t.Errorf("the sheet of %s opens to %s", a.Public().Seal, got)
	}
	both := sheet.And(b.Opener())
	if got := both.Recipients(); !slices.Equal(got, []string{a.Public().Seal, b.Public().Seal}) {
		t.Errorf("both open to %s", got)
	}
	if len(sheet.Recipients()) != 1 || len(b.Opener().Recipients()) != 1 || len(seal.Opener{}.Recipients()) != 0 {
		t.Error("an opener grew")
	}
	for _, who := range []*seal.Identity{a, b} {
		sealed, err := seal.SealTo([]byte("保密"), who.Public().Seal)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := both.Open(sealed); err != nil || string(got) != "保密" {
			t.Errorf("%q, %v", got, err)
		}
	}
	secret := a.SheetSecret()
	for _, bad := range []string{"", "x", secret[1:], secret[:len(secret)-1], secret + "Q", " " + secret, a.Public().Seal, strings.Replace(secret, "1", "l", 1)} {
		_, err := seal.OpenerOf(bad)
		reviewtest.WantCode(t, err, review.CodeSheetForm)
		if bad != "" && strings.Contains(fmt.Sprint(err), bad) {
			t.Errorf("the error quotes the sheet: %v", err)
		}
	}
}

// TestRecover holds that keys of earlier claims open what was sealed to them, also after
// the keys were locked and unlocked, and sign nothing.
func TestRecover(t *testing.T) {
	first, second, now := identity(t), identity(t), identity(t)
	for _, old := range []*seal.Identity{first, second} {
		if err := now.Recover(old.SheetSecret()); err != nil {
			t.Fatal(err)
		}
	}
	reviewtest.WantCode(t, now.Recover("x"), review.CodeSheetForm)
	file, err := now.Lock(passphrase, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.Unlock(file, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{first.Public().Seal, second.Public().Seal}
	for _, who := range []*seal.Identity{now, again} {
		if got := who.Holds(); !slices.Equal(got, want) {
			t.Errorf("holds %s, want %s", got, want)
		}
		for _, old := range []*seal.Identity{first, second, now} {
			sealed, err := seal.SealTo([]byte("保密"), old.Public().Seal)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := who.Open(sealed); err != nil || string(got) != "保密" {
				t.Errorf("%q, %v", got, err)
			}
		}
		sig, err := who.Sign("heyi.test.v1", []byte("话"))
		if err != nil {
			t.Fatal(err)
		}
		if seal.Verify(first.Public(), "heyi.test.v1", []byte("话"), sig) || !seal.Verify(now.Public(), "heyi.test.v1", []byte("话"), sig) {
			t.Error("signed with another key")
		}
	}
	if len(first.Holds()) != 0 {
		t.Error("holds keys that nobody recovered")
	}
}
