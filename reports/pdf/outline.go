package pdf

import (
	"bytes"
	"errors"
	"strconv"

	"heyi/reports/layout"
	"heyi/review"
)

// maxBookmarks bounds the bookmarks of a file.
const maxBookmarks = 5000

// bookmarks gives the outline of pages whose references are kids (ISO 32000-1,
// 12.3.3), its root first: objects numbered from the first. It shows two levels
// until a reader opens more. Without bookmarks there are no objects.
func bookmarks(first ref, kids array, pages []layout.Page) []object {
	type node struct {
		dict
		num   ref
		level int
		last  *node // of those below
	}
	var objects []object
	add := func(d dict, level int) *node {
		n := &node{dict: d, num: first + ref(len(objects)), level: level}
		objects = append(objects, object{n.num, d})
		return n
	}
	count := func(n *node, by int) {
		old, _ := n.dict["Count"].(int)
		n.dict["Count"] = old + by
	}
	var path []*node // from the root to the bookmark before
	for i, p := range pages {
		for _, m := range p.Bookmarks {
			if path == nil {
				path = append(path, add(dict{"Type": name("Outlines")}, 0))
			}
			for path[len(path)-1].level >= max(m.Level, 1) {
				path = path[:len(path)-1]
			}
			above := path[len(path)-1]
			n := add(dict{
				"Title": textString(m.Title), "Parent": above.num,
				"Dest": array{kids[i], name("XYZ"), nil, point(pageHeight(p) - m.Y), nil},
			}, m.Level)
			if above.last == nil {
				above.dict["First"] = n.num
			} else {
				above.last.dict["Next"], n.dict["Prev"] = n.num, above.last.num
			}
			above.last, above.dict["Last"] = n, n.num
			switch len(path) {
			case 1, 2: // shown at first
				count(above, 1)
				if len(path) == 2 {
					count(path[0], 1)
				}
			default:
				count(above, -1)
			}
			path = append(path, n)
		}
	}
	return objects
}

// outline gives the catalog the outline of pages, if they have bookmarks.
func (b *base) outline(catalog dict, pages []layout.Page) {
	first := ref(len(b.objects) + 1)
	objects := bookmarks(first, b.dict(catalog["Pages"])["Kids"].(array), pages)
	if len(objects) > 0 {
		catalog["Outlines"], catalog["PageMode"] = first, name("UseOutlines")
		b.objects = append(b.objects, objects...)
	}
}

// isOutlined wants a catalog's outline as finish writes it: its bookmarks are
// read, made again and compared. The pages have been visited.
func (c *conformer) isOutlined(catalog dict) error {
	root, ok := catalog["Outlines"].(ref)
	if !ok && catalog["Outlines"] == nil && catalog["PageMode"] == nil {
		return nil
	}
	if err := is(name("UseOutlines"))(c, catalog["PageMode"]); err != nil {
		return err
	}
	kids := c.file.base(catalog["Pages"].(ref)).(dict)["Kids"].(array)
	pages := make([]layout.Page, len(kids))
	at := map[ref]int{}
	for i, kid := range kids {
		at[kid.(ref)] = i
		pages[i].Landscape = c.file.base(kid.(ref)).(dict)["MediaBox"] != nil
	}
	n, before := 0, 0
	for ; n <= maxBookmarks; n++ {
		d, ok := c.file.base(root + ref(n+1)).(dict)
		if !ok || d["Dest"] == nil {
			break
		}
		level := 1
		for up, _ := d["Parent"].(ref); up > root && level <= n; level++ {
			above, _ := c.file.base(up).(dict)
			up, _ = above["Parent"].(ref)
		}
		title, _ := d["Title"].(text)
		dest, _ := d["Dest"].(array)
		if len(dest) != 5 {
			return errors.New("a bookmark leads nowhere")
		}
		to, _ := dest[0].(ref)
		page, ok := at[to]
		height, _ := dest[3].(decimal)
		y, err := strconv.ParseFloat(string(height), 64)
		if !ok || page < before || err != nil || review.CheckLine("", title.people(), maxBookmarkTitle) != nil {
			return errors.New("a bookmark of another form")
		}
		before = page
		pages[page].Bookmarks = append(pages[page].Bookmarks, layout.Bookmark{
			Level: level, Title: title.people(), Y: pageHeight(pages[page]) - y,
		})
	}
	again := bookmarks(root, kids, pages)
	if len(again) < 2 {
		return errors.New("an outline without bookmarks")
	}
	for _, o := range again {
		if c.kinds[o.num] != "" || !bytes.Equal(appendValue(nil, o.value), appendValue(nil, c.file.base(o.num))) {
			return errors.New("bookmarks of another form")
		}
		c.kinds[o.num] = "bookmark"
	}
	return nil
}

// maxBookmarkTitle bounds the title of a bookmark, in characters.
const maxBookmarkTitle = review.MaxParagraph
