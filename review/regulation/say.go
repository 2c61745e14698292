package regulation

import "strings"

// Say gives the value of a project's fact as people read it: 是, 236万元, 2026年11月1日; a
// list with 、 between its elements; each record with what is known of its fields. A value
// that is not of the input's type stands as it is.
func (in *Input) Say(value string) string {
	v, ok := in.typ.fact(value, 0)
	if !ok {
		return value
	}
	if in.typ.kind != kindList && in.typ.kind != kindRecords {
		return in.typ.say(v, asItIs)
	}
	if len(v.l) == 0 {
		return "无"
	}
	if in.typ.kind == kindList {
		return in.typ.say(v, asItIs)
	}
	records := make([]string, len(v.l))
	for i, r := range v.l {
		records[i] = in.typ.sayRecord(r)
	}
	return strings.Join(records, "；")
}

// sayRecord names a record and says in brackets what is known of its other fields.
func (t *typ) sayRecord(r value) string {
	var known []string
	for i, f := range t.fields {
		if i != t.key && r.l[i].known {
			known = append(known, f.Title+" "+f.typ.say(r.l[i], asItIs))
		}
	}
	name := t.fields[t.key].typ.say(r.l[t.key], asItIs)
	if known == nil {
		return name
	}
	return name + "（" + strings.Join(known, "，") + "）"
}

func asItIs(code string) string { return code }
