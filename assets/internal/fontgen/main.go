// Command fontgen makes the fonts and the character table of package assets
// from their published sources:
//
//	cd assets && go generate          rebuilds what is recorded, or changes nothing
//	cd assets && go run ./internal/fontgen -update
//
// It fetches the Noto packages with the npm client, takes the rest from Debian
// packages, checks every source against fonts/SOURCES.tsv before reading it,
// cuts, and checks every output. Only when all of it agrees are files written;
// -update writes whatever came out and records it.
//
// It is a developer's tool and no part of the program: it may run other
// programs and write files directly.
package main

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"heyi/assets/internal/sources"
)

// python is Debian's interpreter, the one that python3-fonttools belongs to.
const python = "/usr/bin/python3"

//go:embed cut.py
var cutScript string

// A source is a published file: an npm package or a file of a Debian package.
type source struct {
	npm     string // package@version, or empty
	path    string // where the Debian package puts the file
	debian  string // the Debian package
	origin  string // as SOURCES.tsv names it
	version string
	licence string // SPDX
}

var (
	notoSans = source{
		npm:     "@expo-google-fonts/noto-sans-sc@0.4.3",
		origin:  "npm @expo-google-fonts/noto-sans-sc@0.4.3",
		version: "2.004-H2",
		licence: "OFL-1.1",
	}
	notoSerif = source{
		npm:     "@expo-google-fonts/noto-serif-sc@0.4.3",
		origin:  "npm @expo-google-fonts/noto-serif-sc@0.4.3",
		version: "2.003-H1",
		licence: "OFL-1.1",
	}
	wenKai = source{
		path:    "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
		debian:  "fonts-lxgw-wenkai",
		origin:  "Debian fonts-lxgw-wenkai 1.250+repack-1, LXGWWenKai-Regular.ttf",
		version: "1.250",
		licence: "OFL-1.1",
	}
	unihan = source{
		path:    "/usr/share/unicode/Unihan_OtherMappings.txt.bz2",
		debian:  "unicode-data",
		origin:  "Debian unicode-data 15.0.0-1, Unihan_OtherMappings.txt.bz2, kTGH",
		version: "15.0.0",
		licence: "Unicode-DFS-2016",
	}
)

// A product is one file of fonts/. A font has a family if it must be renamed
// and whole if it keeps every character.
type product struct {
	file, role string
	from       source
	member     string // of the npm tarball
	family     string
	whole      bool
}

const tableFile = "8105.txt"

// The table comes first: the cuts need it.
var products = []product{
	{file: tableFile, role: "通用规范汉字表 (2013) in its order", from: unihan},
	{file: "sans-regular.ttf", role: "screen; 黑体 on paper", from: notoSans,
		member: "package/400Regular/NotoSansSC_400Regular.ttf"},
	{file: "sans-bold.ttf", role: "screen; 黑体 bold on paper", from: notoSans,
		member: "package/700Bold/NotoSansSC_700Bold.ttf"},
	{file: "serif-regular.ttf", role: "宋体 and 仿宋 on paper", from: notoSerif,
		member: "package/400Regular/NotoSerifSC_400Regular.ttf"},
	{file: "serif-bold.ttf", role: "titles (小标宋) on paper", from: notoSerif,
		member: "package/700Bold/NotoSerifSC_700Bold.ttf"},
	{file: "kai.ttf", role: "楷体 on paper", from: wenKai, family: "Heyi Kai"},
	{file: "rare.ttf", role: "single rare characters", from: notoSerif, whole: true,
		member: "package/400Regular/NotoSerifSC_400Regular.ttf"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("fontgen: ")
	update := flag.Bool("update", false, "write and record whatever comes out")
	flag.Parse()
	if err := run("fonts", *update); err != nil {
		log.Fatal(err)
	}
}

// run makes all products and writes them to dir, all or none.
func run(dir string, update bool) error {
	recorded, err := sources.Read(dir)
	if err != nil && !update {
		return err
	}
	tool, err := fontTools()
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "heyi-fontgen-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	var rows []sources.Row
	outputs := make(map[string][]byte)
	for _, p := range products {
		src, err := fetch(tmp, p.from)
		if err != nil {
			return err
		}
		was := recorded[p.file]
		srcDigest := sources.Digest(src)
		if !update && srcDigest != was.Source {
			return fmt.Errorf("%s: %s has SHA-256 %s, recorded is %s; nothing was written",
				p.file, p.from.origin, srcDigest, was.Source)
		}
		out, err := p.build(tmp, src)
		if err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		outDigest := sources.Digest(out)
		if !update && outDigest != was.Output {
			return fmt.Errorf("%s: came out as SHA-256 %s with fontTools %s, recorded is %s; nothing was written",
				p.file, outDigest, tool, was.Output)
		}
		outputs[p.file] = out
		rows = append(rows, sources.Row{
			File: p.file, Role: p.role, Origin: p.from.origin, Version: p.from.version, Licence: p.from.licence,
			Source: srcDigest, Output: outDigest,
		})
	}
	return sources.Write(dir, outputs, update, rows, "fontTools "+tool)
}

// fontTools gives the version of the installed fontTools.
func fontTools() (string, error) {
	out, err := output(exec.Command(python, "-I", "-c", "import fontTools; print(fontTools.version)"))
	if err != nil {
		return "", fmt.Errorf("fontTools is missing; install the Debian package python3-fonttools: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// fetch gives the bytes of a source; an npm tarball is fetched into tmp once.
func fetch(tmp string, s source) ([]byte, error) {
	if s.npm == "" {
		b, err := os.ReadFile(s.path)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s is missing; install the Debian package %s", s.path, s.debian)
		}
		return b, err
	}
	tarball := filepath.Join(tmp, strings.NewReplacer("@", "", "/", "-").Replace(s.npm)+".tgz")
	if b, err := os.ReadFile(tarball); err == nil {
		return b, nil
	}
	b, err := sources.Pack(s.npm)
	if err != nil {
		return nil, err
	}
	return b, os.WriteFile(tarball, b, 0o644)
}

// build makes the product from its source. The table is left in tmp for the
// fonts that follow.
func (p product) build(tmp string, src []byte) ([]byte, error) {
	table := filepath.Join(tmp, tableFile)
	if p.file == tableFile {
		text, err := readTable(bzip2.NewReader(bytes.NewReader(src)))
		if err != nil {
			return nil, err
		}
		return []byte(text), os.WriteFile(table, []byte(text), 0o600)
	}
	if p.member != "" {
		var err error
		if src, err = sources.Member(src, p.member); err != nil {
			return nil, err
		}
	}
	in, out := filepath.Join(tmp, "source.ttf"), filepath.Join(tmp, "output.ttf")
	if err := os.WriteFile(in, src, 0o600); err != nil {
		return nil, err
	}
	args := []string{"-I", "-"}
	if !p.whole {
		args = append(args, "--table", table)
	}
	if p.family != "" {
		args = append(args, "--family", p.family)
	}
	cut := exec.Command(python, append(args, in, out)...)
	cut.Stdin = strings.NewReader(cutScript)
	if _, err := output(cut); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// readTable gives the characters of 通用规范汉字表 in its order from the Unihan
// property kTGH, whose values are "2013:1" to "2013:8105".
func readTable(r io.Reader) (string, error) {
	const size = 8105
	var table [size]rune
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 3 || f[1] != "kTGH" {
			continue
		}
		char, err := strconv.ParseUint(strings.TrimPrefix(f[0], "U+"), 16, 32)
		if err != nil {
			return "", err
		}
		place, err := strconv.Atoi(strings.TrimPrefix(f[2], "2013:"))
		if err != nil {
			return "", err
		}
		if place < 1 || place > size || table[place-1] != 0 {
			return "", fmt.Errorf("%s: %s is taken or out of range", f[0], f[2])
		}
		table[place-1] = rune(char)
	}
	for i, r := range table {
		if r == 0 {
			return "", fmt.Errorf("no character has the number %d", i+1)
		}
	}
	return string(table[:]), lines.Err()
}

// output runs the command; its error carries what it said.
func output(c *exec.Cmd) ([]byte, error) {
	out, err := c.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	return out, err
}
