package platform

import (
	"fmt"
	"os"
)

// Complain tells a person why there is no window: on the standard error, and in
// the plainest box that the system has, since whoever clicked an icon sees no
// standard error. The box has the system's own word for a failure as its title.
func Complain(sentence string) {
	fmt.Fprintln(os.Stderr, sentence)
	box(sentence)
}
