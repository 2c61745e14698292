package platform

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unicode"
	"unicode/utf8"

	"heyi/review"
)

// maxSecret bounds what is typed for a secret, in bytes.
const maxSecret = 1 << 10

// errCancelled is a person who would rather not.
var errCancelled = errors.New("cancelled")

// AskSecret asks the person at a terminal for a secret, which is not shown while it is
// typed. Enter ends it, the backspace key takes a character back, Ctrl+C and the end
// of input give it up. The terminal is afterwards as it was.
// Codes: CodeSecretMissing (stdin is no terminal, or the person gave it up).
func AskSecret(stdin *os.File, stderr io.Writer, prompt string) (string, error) {
	const op = "platform.AskSecret"
	restore, err := hideTyping(stdin)
	if err != nil {
		return "", review.E(review.CodeSecretMissing, op, "", err)
	}
	defer restore()
	fmt.Fprint(stderr, prompt)
	secret, err := readSecret(stdin)
	fmt.Fprint(stderr, "\r\n")
	if err != nil {
		return "", review.E(review.CodeSecretMissing, op, "", err)
	}
	return secret, nil
}

// readSecret reads keys one by one, since a terminal that does not show them does not
// edit them either, and since what comes after the line is for whoever reads next.
func readSecret(keys io.Reader) (string, error) {
	var typed []byte
	for key := make([]byte, 1); ; {
		n, err := keys.Read(key)
		switch k := key[0]; {
		case n == 0 && err != nil:
			return "", err
		case n == 0:
		case k == '\r', k == '\n':
			return string(typed), nil
		case k == 'C'-'@', k == 'D'-'@', k == 'Z'-'@':
			return "", errCancelled
		case k == '\b', k == unicode.MaxASCII:
			_, size := utf8.DecodeLastRune(typed)
			typed = typed[:len(typed)-size]
		case k < ' ': // no other control key types anything
		case len(typed) == maxSecret:
			return "", errCancelled
		default:
			typed = append(typed, k)
		}
	}
}
