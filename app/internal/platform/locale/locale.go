// Package locale settles the locale of the process when it is initialised: one in
// which an X input method can hand over Chinese, which it cannot where the system
// names none of UTF-8 (C, POSIX, GBK). It also keeps Fyne, which takes "C" for a
// mistake, from complaining of it on the standard error.
//
// Fyne reads the locale when its own packages are initialised, before main runs.
// Go initialises packages in the order of their import paths as far as their
// imports allow; this one imports os alone, so that it comes before all that need
// more (path/filepath for one, without which there is no Fyne). Keep it so.
package locale

import "os"

func init() {
	for name, value := range settled(os.Getenv) {
		// A failure leaves the locale as it was, which is no worse.
		_ = os.Setenv(name, value)
	}
}

// settled gives the variables to set; empty ones count as unset (POSIX).
func settled(getenv func(string) string) map[string]string {
	first := func(names ...string) string {
		for _, n := range names {
			if v := getenv(n); v != "" {
				return v
			}
		}
		return ""
	}
	ctype, messages := first("LC_ALL", "LC_CTYPE", "LANG"), first("LC_ALL", "LC_MESSAGES", "LANG")
	unicode := namesUTF8(ctype)
	plain := language(messages) == "C" || language(messages) == "POSIX"
	if unicode && !plain {
		return nil
	}
	if !unicode {
		ctype = "C.UTF-8"
	}
	if plain {
		messages = "zh_CN.UTF-8"
	}
	return map[string]string{"LC_ALL": "", "LC_CTYPE": ctype, "LC_MESSAGES": messages}
}

// language gives what stands before the encoding.
func language(locale string) string {
	for i := range len(locale) {
		if locale[i] == '.' {
			return locale[:i]
		}
	}
	return locale
}

// namesUTF8 tells whether the encoding is UTF-8 in any of its writings.
func namesUTF8(locale string) bool {
	var letters []byte
	for _, c := range []byte(locale[min(len(language(locale))+1, len(locale)):]) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != '-' {
			letters = append(letters, c)
		}
	}
	return len(letters) >= 4 && string(letters[:4]) == "utf8"
}
