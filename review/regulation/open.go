package regulation

// Open reads the packs that some files make, in whatever order they stand: those of one
// regulation are found by its id.
// Codes: those of Load and of NewLibrary.
func Open(files ...[]byte) (*Library, error) {
	type part struct {
		files [][]byte
		roots []*node
	}
	var ids []string
	parts := map[string]*part{}
	for _, f := range files {
		root, bad := readYAML(f)
		if bad != nil {
			return nil, bad.Err()
		}
		id := ""
		if n := root.get("id"); n != nil {
			id = n.text
		}
		if parts[id] == nil {
			ids, parts[id] = append(ids, id), &part{}
		}
		parts[id].files, parts[id].roots = append(parts[id].files, f), append(parts[id].roots, root)
	}
	packs := make([]*Pack, len(ids))
	for i, id := range ids {
		p, mistakes := load(parts[id].files, parts[id].roots)
		if len(mistakes) > 0 {
			return nil, mistakes[0].Err()
		}
		packs[i] = p
	}
	return NewLibrary(packs...)
}
