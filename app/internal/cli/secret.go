package cli

import (
	"strings"

	"heyi/review"
	"heyi/review/meeting"
)

// maxSecretFile bounds a file with a secret, in bytes.
const maxSecretFile = 4 << 10

// secret gives the secret of a person's: the first line of the file that an option
// names, or what he types.
// Codes: CodeSecretMissing and those of World.Read.
func (a *acting) secret(option string, seat review.SeatID) (string, error) {
	if path := a.text(option); path != "" {
		return a.firstLine(path)
	}
	return a.Secret(a.sentence("cli.ask", said{"seat": seat}))
}

// chosen gives a passphrase that a person chooses, and once more as he repeats it.
// Codes: as for secret.
func (a *acting) chosen(option string, seat review.SeatID) (secret, repeated string, err error) {
	if path := a.text(option); path != "" {
		secret, err = a.firstLine(path)
		return secret, secret, err
	}
	if secret, err = a.Secret(a.sentence("cli.ask.new", said{"seat": seat, "least": review.MinPassphrase})); err != nil {
		return "", "", err
	}
	repeated, err = a.Secret(a.sentence("cli.ask.again", nil))
	return secret, repeated, err
}

// firstLine reads the first line of a file, as editors of any system leave it.
func (a *acting) firstLine(path string) (string, error) {
	b, err := a.Read(path, maxSecretFile)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(strings.TrimPrefix(string(b), "\ufeff"), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// sheets gives the secrets of all recovery sheets in the line.
func (a *acting) sheets() ([]string, error) {
	var out []string
	for _, path := range a.all("sheet") {
		secret, err := a.firstLine(path)
		if err != nil {
			return nil, err
		}
		out = append(out, secret)
	}
	return out, nil
}

// take lets a person take the seat that was prepared for him. His code goes into the
// file of --code-out before it is in force, and nowhere else; where he chooses a
// passphrase, option names the file that has it.
// Codes: CodeUsage, CodeFileExists, CodeSecretMissing and those of World.Read,
// World.Write and Seating.Claim.
func (a *acting) take(g *meeting.Seating, option string) error {
	path, code := a.text("code-out"), g.Code()
	if code == "" {
		if path != "" {
			return usage("--code-out")
		}
		secret, repeated, err := a.chosen(option, g.Seat().ID)
		if err != nil {
			return err
		}
		_, err = g.Claim(secret, repeated)
		return err
	}
	if path == "" {
		return usage(a.words + " --code-out")
	}
	if a.given(option) {
		return usage("--" + option)
	}
	if err := a.writeNew(path, []byte(code+"\n")); err != nil {
		return err
	}
	if _, err := g.Claim(code, code); err != nil {
		if !g.Unsure() {
			_ = a.TakeBack(path) // it was not there before, and opens nothing
		}
		return err
	}
	return nil
}

// writeNew writes a file where none is.
// Codes: CodeFileExists and those of World.Write.
func (a *acting) writeNew(path string, content []byte) error {
	if err := a.free(path); err != nil {
		return err
	}
	return a.Write(path, content)
}

// free tells whether nothing stands at a path that the act is to write; "" is free.
// Codes: CodeFileExists.
func (a *acting) free(path string) error {
	if path == "" {
		return nil
	}
	if _, err := a.Stat(path); err == nil {
		return review.E(review.CodeFileExists, "cli.acting.free", path, nil)
	}
	return nil
}
