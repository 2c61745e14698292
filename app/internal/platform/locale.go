package platform

import (
	"os"
	"strings"

	"heyi/review"
)

// SettleLocale gives this process a locale in which an X input method can hand
// over Chinese: one of UTF-8. Where the system names none (C, POSIX, GBK), C.UTF-8
// takes the place of LC_CTYPE. It also keeps Fyne, which takes "C" for a mistake,
// from complaining of it. Call it before the application is made.
// Codes: CodeInternal.
func SettleLocale() error {
	for name, value := range settledLocale(os.Getenv) {
		if err := os.Setenv(name, value); err != nil {
			return review.E(review.CodeInternal, "platform.SettleLocale", name, err)
		}
	}
	return nil
}

// settledLocale gives the variables to set; empty ones count as unset (POSIX).
func settledLocale(getenv func(string) string) map[string]string {
	first := func(names ...string) string {
		for _, n := range names {
			if v := getenv(n); v != "" {
				return v
			}
		}
		return ""
	}
	ctype, messages := first("LC_ALL", "LC_CTYPE", "LANG"), first("LC_ALL", "LC_MESSAGES", "LANG")
	language, _, _ := strings.Cut(messages, ".")
	utf8 := strings.Contains(strings.ToLower(strings.ReplaceAll(ctype, "-", "")), "utf8")
	plain := language == "C" || language == "POSIX"
	if utf8 && !plain {
		return nil
	}
	if !utf8 {
		ctype = "C.UTF-8"
	}
	if plain {
		messages = "zh_CN.UTF-8"
	}
	return map[string]string{"LC_ALL": "", "LC_CTYPE": ctype, "LC_MESSAGES": messages}
}
