package bag

import "unicode/utf8"

// textScan tells whether bytes are text for people: UTF-8, or GB 18030 as Chinese
// programs write it, without control characters other than tab, line and page feed.
type textScan struct {
	some    bool
	control bool
	notUTF8 bool
	notGB   bool
	carry   []byte // of a UTF-8 character that goes on in the next piece
	gb      int    // bytes read of the GB 18030 character at hand
}

func (s *textScan) look(b []byte) {
	s.some = s.some || len(b) > 0
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			s.control = true
			return
		}
	}
	s.utf8(b)
	if !s.notGB {
		s.gb18030(b)
	}
}

func (s *textScan) utf8(b []byte) {
	for len(s.carry) > 0 && len(b) > 0 && !utf8.FullRune(s.carry) {
		s.carry, b = append(s.carry, b[0]), b[1:]
	}
	if len(s.carry) > 0 {
		if !utf8.FullRune(s.carry) {
			return
		}
		s.notUTF8 = s.notUTF8 || !utf8.Valid(s.carry)
		s.carry = s.carry[:0]
	}
	whole := len(b)
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				whole = i
			}
			break
		}
	}
	s.notUTF8 = s.notUTF8 || !utf8.Valid(b[:whole])
	s.carry = append(s.carry, b[whole:]...)
}

// gb18030 goes through characters of one, two and four bytes (GB 18030-2022, 5).
func (s *textScan) gb18030(b []byte) {
	for _, c := range b {
		lead, digit := c >= 0x81 && c <= 0xfe, c >= '0' && c <= '9'
		switch {
		case s.gb == 0 && c < 0x80:
		case s.gb == 0 && lead, s.gb == 1 && digit, s.gb == 2 && lead:
			s.gb++
		case s.gb == 1 && c >= 0x40 && c <= 0xfe, s.gb == 3 && digit:
			s.gb = 0
		default:
			s.notGB = true
			return
		}
	}
}

// valid tells whether all that was looked at is text.
func (s *textScan) valid() bool {
	return s.some && !s.control && (!s.notUTF8 && len(s.carry) == 0 || !s.notGB && s.gb == 0)
}
