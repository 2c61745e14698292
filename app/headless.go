//go:build headless

package main

import (
	"fmt"
	"io"

	"heyi/app/internal/cli"
	"heyi/app/internal/words"
	"heyi/review"
)

// window says that this build has none: it is the static command line.
func window(_ *house, w *words.Catalogue, _, _ string, _ bool, stderr io.Writer) int {
	fmt.Fprintln(stderr, w.Explain(review.E(review.CodeNoDisplay, "main.window", "headless", nil)))
	return cli.ExitNoWindow
}
