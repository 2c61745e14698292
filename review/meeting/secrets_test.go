package meeting_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
)

// TestSecretsDoNotPrint holds that no verb shows a code, a passphrase, a key or a text
// that is sealed, of whatever a caller of the services may hold in hand.
func TestSecretsDoNotPrint(t *testing.T) {
	r := prepared(t)
	third := r.Sessions[script.Third]
	if err := third.SetQuick("9173"); err != nil {
		t.Fatal(err)
	}
	r.begin(t, script.First)
	if err := third.SaveDraft(review.ScoreDraft(script.First, 1), script.Marker); err != nil {
		t.Fatal(err)
	}
	sheet, err := third.RecoverySheet()
	if err != nil {
		t.Fatal(err)
	}
	g, err := r.Sessions[script.Secretary].NewCode(r.Sessions[script.Chair], script.Third, "忘记口令", sheet.Secret)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{
		g.Code(), strings.ReplaceAll(g.Code(), "-", ""), r.Codes[script.Third], sheet.Secret, script.Marker, "9173", script.Passphrase,
		"AGE-SECRET-KEY",
	}
	for _, s := range secrets[:6] { // in the spelling of %x, and of a slice of bytes
		secrets = append(secrets, fmt.Sprintf("%x", s), fmt.Sprintf("%X", s), strings.Trim(fmt.Sprint([]byte(s)), "[]"))
	}
	officer := meeting.Officer{Seat: script.Third, Secret: sheet.Secret}
	in := meeting.NewMeeting{Title: "会", Passphrase: script.Passphrase, Repeated: script.Passphrase}
	for _, v := range []any{
		g, third, sheet, &sheet, officer, &officer, in, &in, []any{g, third, sheet, officer, in},
		struct {
			S meeting.RecoverySheet
			O *meeting.Officer
			G *meeting.Seating
		}{sheet, &officer, g},
		map[string]*meeting.Session{"x": third},
	} {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		printed := []string{log.String(), fmt.Sprint(v), fmt.Sprintln(v)}
		for _, verb := range "vsdqxXtbceEfFgGoOTU" { // %p asks nobody, and vet allows it for pointers alone
			for _, flag := range []string{"", "+", "#", "0", " ", "-"} {
				printed = append(printed, fmt.Sprintf("%"+flag+string(verb), v))
			}
		}
		for _, p := range printed {
			for _, s := range secrets {
				if strings.Contains(p, s) {
					t.Errorf("%T prints %q in %q", v, s, p)
				}
			}
		}
	}
	if got := fmt.Sprint(third); got != string(script.Third) {
		t.Errorf("a session prints as %q", got)
	}
}
