package locale

import (
	"maps"
	"testing"
)

func TestSettled(t *testing.T) {
	zh := map[string]string{"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}
	cases := []struct{ env, want map[string]string }{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, nil},
		{map[string]string{"LANG": "de_DE.utf8"}, nil},
		{map[string]string{"LANG": "C", "LC_ALL": "zh_CN.UTF-8"}, nil},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_CTYPE": "C.UTF-8"}, nil},
		{nil, map[string]string{"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LC_MESSAGES": ""}},
		{map[string]string{"LANG": "C"}, zh},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, zh},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "POSIX"}, zh},
		{map[string]string{"LANG": "zh_CN.GBK"}, map[string]string{"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LC_MESSAGES": "zh_CN.GBK"}},
	}
	for _, c := range cases {
		if got := settled(func(name string) string { return c.env[name] }); !maps.Equal(got, c.want) {
			t.Errorf("%v gives %v, want %v", c.env, got, c.want)
		}
	}
}
