package crash

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// call is one system call as strace shows it.
type call struct {
	line     int    // of the log, where it ended
	thread   string // its id
	name     string
	args     []string // as printed
	result   string   // the number, as printed; "?" if it never returned
	errno    string   // if it failed, as in "ENOENT"
	injected bool     // strace made it fail
	text     string   // all of it
}

// parseLog reads what strace -f -o wrote and gives each call when it had ended;
// a call that never did comes last. It fails with the first error of each.
func parseLog(log io.Reader, each func(call) error) error {
	begun := map[string]string{} // by thread
	lines := bufio.NewReader(log)
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if line == "" && err == io.EOF {
			break
		} else if err != nil && err != io.EOF {
			return err
		}
		thread, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		text = strings.TrimLeft(text, " ")
		if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "+++") {
			continue // a signal, an end
		}
		if start, ok := strings.CutSuffix(text, "<unfinished ...>"); ok {
			begun[thread] = start
			continue
		}
		if start, ok := strings.CutSuffix(text, "<detached ...>"); ok {
			text = start + ") = ?" // the process ended meanwhile
		}
		if rest, ok := strings.CutPrefix(text, "<... "); ok {
			_, rest, ok = strings.Cut(rest, " resumed>")
			if !ok || begun[thread] == "" {
				return fmt.Errorf("line %d: resumes nothing: %s", n, text)
			}
			text = begun[thread] + rest
			delete(begun, thread)
		}
		if err := give(n, thread, text, each); err != nil {
			return err
		}
	}
	for _, thread := range slices.Sorted(maps.Keys(begun)) {
		if err := give(0, thread, begun[thread]+") = ?", each); err != nil {
			return err
		}
	}
	return nil
}

func give(line int, thread, text string, each func(call) error) error {
	c, err := parseCall(text)
	c.line, c.thread, c.text = line, thread, text
	if err == nil {
		err = each(c)
	}
	if err != nil {
		return fmt.Errorf("line %d: %w: %.300s", line, err, text)
	}
	return nil
}

// parseCall reads NAME(ARG, ARG…) = RESULT [ERRNO (what it means)] [(INJECTED)].
func parseCall(text string) (c call, err error) {
	name, rest, ok := strings.Cut(text, "(")
	if !ok {
		return c, fmt.Errorf("no call")
	}
	c.name = name
	depth, quoted, start := 0, false, 0
	end := -1
	for i := 0; i < len(rest) && end < 0; i++ {
		switch b := rest[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case strings.IndexByte("<{[(", b) >= 0:
			depth++
		case depth > 0 && strings.IndexByte(">}])", b) >= 0:
			depth--
		case depth == 0 && (b == ',' || b == ')'):
			if arg := strings.TrimSpace(rest[start:i]); arg != "" {
				c.args = append(c.args, arg)
			}
			start = i + 1
			if b == ')' {
				end = i
			}
		}
	}
	_, result, ok := strings.Cut(rest[end+1:], "= ")
	if end < 0 || !ok {
		return c, fmt.Errorf("a call that has no end")
	}
	c.injected = strings.HasSuffix(result, "(INJECTED)")
	c.result, result, _ = strings.Cut(result, " ")
	if c.result == "-1" || c.result == "?" {
		c.errno, _, _ = strings.Cut(result, " ")
	}
	return c, nil
}

// number reads a number, as strace or C writes it.
func number(arg string) (int64, error) { return strconv.ParseInt(arg, 0, 64) }

// text reads a string argument. One that strace cut short is an error.
func text(arg string) (string, error) {
	if !strings.HasPrefix(arg, `"`) || !strings.HasSuffix(arg, `"`) || len(arg) < 2 {
		return "", fmt.Errorf("no whole string: %.40s", arg)
	}
	return unescape(arg[1 : len(arg)-1])
}

// unescape reads what strace -xx writes for bytes.
func unescape(s string) (string, error) {
	out := make([]byte, 0, len(s)/4)
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		if i+4 > len(s) || s[i+1] != 'x' {
			return "", fmt.Errorf("no byte in hex: %.40s", s[i:])
		}
		b, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if err != nil {
			return "", err
		}
		out = append(out, byte(b))
		i += 3
	}
	return string(out), nil
}

// descriptor reads a file descriptor with the path that strace -y adds, which is
// "" if it has none. The path of a file that has no name any more is the last
// one that it had.
func descriptor(arg string) (fd int64, path string, deleted bool, err error) {
	arg, deleted = strings.CutSuffix(arg, "(deleted)")
	num, rest, ok := strings.Cut(arg, "<")
	if ok {
		if path, err = unescape(strings.TrimSuffix(rest, ">")); err != nil {
			return 0, "", false, err
		}
	}
	if num == "AT_FDCWD" {
		return -100, path, deleted, nil
	}
	fd, err = number(num)
	return fd, path, deleted, err
}
