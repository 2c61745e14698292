// Command viewgen fetches PDFium, the program that shows PDF, as WebAssembly:
//
//	cd assets && go generate          fetches what is recorded, or changes nothing
//	cd assets && go run ./internal/viewgen -update
//
// It fetches the npm package with the npm client, checks it against
// view/SOURCES.tsv before reading it, takes its files out, and checks them; texts of
// licences that no package carries lie in view already and are checked too. Only when
// all of it agrees are files written; -update writes whatever came out and records it.
//
// It is a developer's tool and no part of the program: it may run other programs and
// write files directly.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"heyi/assets/internal/sources"
)

// version is that of the npm package.
const version = "2.1.13"

// A product is one file of view/. It has a member if it comes out of the package.
type product struct {
	file, role, member   string
	origin, at, licences string
}

const (
	npm  = "@hyzyla/pdfium@" + version
	tree = "PDFium source tree a84323421e94"
)

var products = []product{
	{"pdfium.wasm", "shows PDF", "package/dist/pdfium.wasm", "npm " + npm, version, "BSD-3-Clause AND Apache-2.0"},
	{"LICENSE-pdfium-js.txt", "licence of the npm package", "package/LICENSE.md", "npm " + npm, version, "MIT"},
	{"LICENSE-PDFium.txt", "licence of PDFium", "", tree + ", LICENSE", "2025-11-19", "BSD-3-Clause AND Apache-2.0"},
	{"NOTICES.txt", "licences of what PDFium is built with", "",
		tree + ", third_party, and the packages of Debian 12", "2025-11-19", "as each text says"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("viewgen: ")
	update := flag.Bool("update", false, "write and record whatever comes out")
	flag.Parse()
	if err := run("view", *update, func() ([]byte, error) { return sources.Pack(npm) }); err != nil {
		log.Fatal(err)
	}
}

// run makes all products and writes them to dir, all or none. fetch gives the package's
// tarball.
func run(dir string, update bool, fetch func() ([]byte, error)) error {
	recorded, err := sources.Read(dir)
	if err != nil && !update {
		return err
	}
	tarball, err := fetch()
	if err != nil {
		return err
	}
	var rows []sources.Row
	outputs := map[string][]byte{}
	for _, p := range products {
		out, err := os.ReadFile(filepath.Join(dir, p.file))
		source := sources.Digest(out)
		if p.member != "" {
			if source = sources.Digest(tarball); !update && source != recorded[p.file].Source {
				return fmt.Errorf("%s: %s has SHA-256 %s, recorded is %s; nothing was written",
					p.file, p.origin, source, recorded[p.file].Source)
			}
			out, err = sources.Member(tarball, p.member)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		got := sources.Digest(out)
		if !update && got != recorded[p.file].Output {
			return fmt.Errorf("%s has SHA-256 %s, recorded is %s; nothing was written", p.file, got, recorded[p.file].Output)
		}
		outputs[p.file] = out
		rows = append(rows, sources.Row{File: p.file, Role: p.role, Origin: p.origin, Version: p.at, Licence: p.licences, Source: source, Output: got})
	}
	return sources.Write(dir, outputs, update, rows)
}
