package regulation

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
