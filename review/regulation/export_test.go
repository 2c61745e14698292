package regulation

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
)

// ReadYAML reads a file as packs are read, into what JSON would give.
func ReadYAML(b []byte) (any, error) {
	n, bad := readYAML(b)
	if bad != nil {
		return nil, bad.Err()
	}
	return plainValue(n), nil
}

// EvalAnyway evaluates a rule of a pack whatever is wrong with it otherwise.
func EvalAnyway(file []byte, rule string, in map[string]any) Result {
	root, bad := readYAML(file)
	if bad != nil {
		return Result{}
	}
	l := &loader{pack: &Pack{terms: map[string]string{}}}
	l.head(root)
	l.terms(root)
	l.pack.Inputs = l.inputs(root.get("inputs"), nil, maxInputs, false)
	for _, n := range root.get("rules").items {
		l.rule(n)
	}
	for _, r := range l.pack.Rules {
		if r.ID == rule {
			res, _, _ := r.eval(asking{get: given(in)})
			return res
		}
	}
	return Result{}
}

// Anything is a random answer to an input as JSON has it, or none.
func Anything(g *rand.Rand, in *Input) any {
	if g.IntN(6) == 0 {
		return nil
	}
	return anything(g, in.typ)
}

// FactOf is a random answer to an input as a project's fact has it, whole: no record lacks
// a field.
func FactOf(g *rand.Rand, in *Input) string {
	for {
		x := anything(g, in.typ)
		s, isText := x.(string)
		if !isText {
			b, err := json.Marshal(x)
			if err != nil {
				panic(err)
			}
			s = string(b)
		}
		if v, ok := in.typ.fact(s, 0); ok && v.known && s != "" && !gappy(v) {
			return s
		}
	}
}

// gappy tells whether anything in a value is unknown.
func gappy(v value) bool { return !v.known || slices.ContainsFunc(v.l, gappy) }

func anything(g *rand.Rand, t *typ) any {
	pick := func(of ...any) any { return of[g.IntN(len(of))] }
	switch t.kind {
	case kindMoney:
		return pick("0.00", "0.01", "499999.99", "500000.00", "999999.99", "1000000.00", "1999999.99", "2000000.00", "29999999.99", "30000000.00")
	case kindPoints:
		return pick("59.99", "60.00", "79.99", "80.00", "89.99", "90.00")
	case kindInt:
		return pick(0, 1, 2, 3, 5, 12, 2025, 2026)
	case kindNumber:
		return 1 + g.IntN(100)
	case kindBool:
		return g.IntN(2) == 0
	case kindDate:
		return fmt.Sprintf("202%d-%02d-%02d", 4+g.IntN(2), 1+g.IntN(12), 1+g.IntN(28))
	case kindWord:
		return t.words[g.IntN(len(t.words))].ID
	case kindRecords:
		list := []any{}
		for i := range g.IntN(3) {
			record := map[string]any{}
			for _, f := range t.fields {
				if record[f.Name] = Anything(g, f); f == t.fields[t.key] {
					record[f.Name] = fmt.Sprintf("BG-%02d", i+1)
				}
			}
			list = append(list, record)
		}
		return list
	case kindList:
		list := []any{}
		for range g.IntN(4) {
			list = append(list, anything(g, t.elem))
		}
		return list
	}
	return pick("", "甲", "乙", "丙")
}
