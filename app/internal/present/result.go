package present

// newPreview shows a paper that open gives, marked as a draft or as signed; lacks says what it leaves open.
func newPreview(d *Desk, title string, back func(), open func() (pdf []byte, lacks []string, err error)) Page {
	return d.leaf(PlacePreview)
}
