package view

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/emscripten"
)

// Memory of PDFium, in pages of 64 KiB and in bytes. It never gives any back, so an instance
// that has grown beyond trimAbove is put away and a new one made.
const (
	memoryPages = 320 << 20 >> 16
	trimAbove   = 64 << 20
)

// room is the memory of an instance, and afterwards of the next one. It is had in large
// steps, so that growing seldom copies it; what is not touched takes no memory of the machine.
type room struct{ bytes []byte }

// Allocate gives the room to a new instance.
func (r *room) Allocate(_, _ uint64) experimental.LinearMemory {
	clear(r.bytes)
	return r
}

// Reallocate makes the room so large.
func (r *room) Reallocate(size uint64) []byte {
	if size > uint64(cap(r.bytes)) {
		const step = 64 << 20
		larger := make([]byte, size, (size+step-1)/step*step)
		copy(larger, r.bytes)
		r.bytes = larger
	}
	r.bytes = r.bytes[:size]
	return r.bytes
}

// Free takes the room back. One that is large is not kept.
func (r *room) Free() {
	if len(r.bytes) > trimAbove {
		r.bytes = nil
	}
}

// pdfium is the library, compiled, with one instance of it. A call that goes wrong inside
// spoils the instance: err is set, calls answer 0, and start makes a new one, in which no
// document is open.
type pdfium struct {
	ctx      context.Context
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	fonts    map[string][]byte
	named    func(name string) file

	room       room
	files      *files
	mod        api.Module
	fns        map[string]api.Function
	generation int // counts instances, from 1
	err        error
}

// newPDFium compiles the library and makes an instance.
func newPDFium(c Config, named func(name string) file) (*pdfium, error) {
	p := &pdfium{ctx: context.Background(), fonts: c.Fonts, named: named}
	err := p.compile(c.PDFium, c.Cache)
	if err == nil {
		err = p.host()
	}
	if err == nil {
		err = p.start()
	}
	return p, err
}

// compile compiles the library, or takes it out of the cache.
func (p *pdfium) compile(wasm []byte, cache string) error {
	err := p.compileIn(wasm, cache)
	if err != nil && cache != "" {
		err = p.compileIn(wasm, "") // a cache that cannot be read or written only costs time
	}
	return err
}

func (p *pdfium) compileIn(wasm []byte, cache string) error {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(memoryPages).WithDebugInfoEnabled(false)
	if cache != "" {
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return err
		}
		config = config.WithCompilationCache(kept)
	}
	p.runtime = wazero.NewRuntimeWithConfig(p.ctx, config)
	var err error
	p.compiled, err = p.runtime.CompileModule(p.ctx, wasm)
	return err
}

// host makes the modules from which PDFium imports: what Emscripten's long jumps need is
// wazero's, the rest is ours and reaches nothing outside.
func (p *pdfium) host() error {
	jumps, err := emscripten.NewFunctionExporterForModule(p.compiled)
	if err != nil {
		return err
	}
	builders := map[string]wazero.HostModuleBuilder{}
	for _, f := range p.compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		b := builders[module]
		if b == nil {
			b = p.runtime.NewHostModuleBuilder(module)
			builders[module] = b
			if module == "env" {
				jumps.ExportFunctions(b)
			}
		}
		if strings.HasPrefix(name, "invoke_") || name == "_emscripten_throw_longjmp" {
			continue
		}
		b.NewFunctionBuilder().WithGoModuleFunction(p.function(name), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	for _, b := range builders {
		if _, err := b.Instantiate(p.ctx); err != nil {
			return err
		}
	}
	return nil
}

// errAbort: PDFium's C library gave up.
var errAbort = errors.New("aborted")

func (p *pdfium) function(name string) api.GoModuleFunc {
	switch name {
	case "_abort_js":
		return func(context.Context, api.Module, []uint64) { panic(errAbort) }
	case "emscripten_date_now":
		// No clock: what a page looks like does not depend on when it is looked at.
		return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = math.Float64bits(0) }
	case "emscripten_resize_heap":
		return func(_ context.Context, m api.Module, stack []uint64) {
			const page = 64 << 10
			want, have := uint32(stack[0]), m.Memory().Size()
			stack[0] = 1
			if want > have {
				if _, ok := m.Memory().Grow(uint32((uint64(want-have) + page - 1) / page)); !ok {
					stack[0] = 0
				}
			}
		}
	}
	return func(_ context.Context, m api.Module, stack []uint64) { p.files.call(name, m.Memory(), stack) }
}

// start makes an instance, in place of the one that is there.
func (p *pdfium) start() error {
	if p.mod != nil {
		_ = p.mod.Close(p.ctx) // it holds memory and nothing else
	}
	p.files = newFiles(p.fonts, func(name string) file { return p.named(name) })
	p.fns = map[string]api.Function{}
	p.generation++
	p.err = nil
	p.mod, p.err = p.runtime.InstantiateModule(experimental.WithMemoryAllocator(p.ctx, &p.room), p.compiled,
		wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize", "__wasm_call_ctors"))
	p.call("PDFium_Init")
	return p.err
}

// grown tells whether the instance should be put away.
func (p *pdfium) grown() bool { return p.mod == nil || p.mod.Memory().Size() > trimAbove }

// call calls a function of the library; 0 if the instance is spoilt.
func (p *pdfium) call(name string, args ...uint64) uint64 {
	if p.err != nil {
		return 0
	}
	f := p.fns[name]
	if f == nil {
		if f = p.mod.ExportedFunction(name); f == nil {
			p.err = fmt.Errorf("PDFium has no %s", name)
			return 0
		}
		p.fns[name] = f
	}
	r, err := f.Call(p.ctx, args...)
	if err != nil {
		p.err = fmt.Errorf("%s: %w", name, err)
		return 0
	}
	if len(r) == 0 {
		return 0
	}
	return r[0]
}

// long is a call with a result of 32 bits.
func (p *pdfium) long(name string, args ...uint64) uint32 { return uint32(p.call(name, args...)) }

// with gives f a zeroed place of n bytes in PDFium's memory.
func (p *pdfium) with(n int, f func(at uint64)) {
	at := p.long("malloc", uint64(n))
	if at == 0 {
		if p.err == nil {
			p.err = errors.New("out of memory")
		}
		return
	}
	if b := p.memory(at, uint32(n)); b != nil {
		clear(b)
		f(uint64(at))
	}
	p.call("free", uint64(at))
}

// memory gives a part of PDFium's memory, valid until the next call; nil if the instance is
// spoilt.
func (p *pdfium) memory(at, n uint32) []byte {
	if p.err != nil {
		return nil
	}
	b, ok := p.mod.Memory().Read(at, n)
	if !ok {
		p.err = fmt.Errorf("%d bytes at %d are outside the memory", n, at)
		return nil
	}
	return b
}

func (p *pdfium) float64(at uint64) float64 {
	if p.err != nil {
		return 0
	}
	v, _ := p.mod.Memory().ReadFloat64Le(uint32(at))
	return v
}

func (p *pdfium) float32(at uint64) float64 {
	if p.err != nil {
		return 0
	}
	v, _ := p.mod.Memory().ReadFloat32Le(uint32(at))
	return float64(v)
}

func (p *pdfium) int32(at uint64) int32 {
	if p.err != nil {
		return 0
	}
	v, _ := p.mod.Memory().ReadUint32Le(uint32(at))
	return int32(v)
}

// handle is a document that is open in an instance.
type handle struct {
	document, form uint64
	info           uint64 // what the form environment was made with
}

// errors of FPDF_GetLastError.
const (
	lastFile     = 2
	lastPassword = 4
)

// open opens the file /documents/name.
func (p *pdfium) open(name string) (handle, error) {
	var h handle
	var last uint32
	p.with(maxPath, func(at uint64) {
		copy(p.memory(uint32(at), maxPath), documentDir+"/"+name)
		if h.document = p.call("FPDF_LoadDocument", at, 0); h.document == 0 {
			last = p.long("FPDF_GetLastError")
		}
	})
	switch {
	case p.err != nil:
		return handle{}, p.err
	case h.document != 0:
	case last == lastPassword:
		return handle{}, ErrLocked
	case last == lastFile:
		return handle{}, ErrFailed
	default:
		return handle{}, fmt.Errorf("%w: PDFium's error %d", ErrForm, last)
	}
	// FPDF_FORMFILLINFO of version 2 without a single function: nothing that a form wants to
	// do is done. It has to stay as long as the environment.
	const infoLength = 256
	if h.info = p.call("malloc", infoLength); h.info != 0 {
		b := p.memory(uint32(h.info), infoLength)
		clear(b)
		if b != nil {
			b[0] = 2
		}
		h.form = p.call("FPDFDOC_InitFormFillEnvironment", h.document, h.info)
	}
	return h, p.err
}

func (p *pdfium) close(h handle) {
	if h.form != 0 {
		p.call("FPDFDOC_ExitFormFillEnvironment", h.form)
	}
	p.call("FPDF_CloseDocument", h.document)
	p.call("free", h.info)
}

// sizes gives the sizes of the pages as they are seen. Where a page says nothing that makes
// sense, it counts as A4.
func (p *pdfium) sizes(h handle) ([]Size, error) {
	n := int32(p.long("FPDF_GetPageCount", h.document))
	switch {
	case p.err != nil:
		return nil, p.err
	case n < 1 || n > MaxPages:
		return nil, fmt.Errorf("%w: %d pages", ErrForm, n)
	}
	sizes := make([]Size, n)
	p.with(8, func(at uint64) {
		for i := range sizes {
			var s Size
			if p.long("FPDF_GetPageSizeByIndexF", h.document, uint64(i), at) != 0 {
				s = Size{Width: p.float32(at), Height: p.float32(at + 4)}
			}
			if !(s.Width > 0 && s.Height > 0) {
				s = Size{Width: 595, Height: 842}
			}
			sizes[i] = Size{Width: min(max(s.Width, minSide), maxSide), Height: min(max(s.Height, minSide), maxSide)}
		}
	})
	return sizes, p.err
}

// page gives f a page that is loaded.
// Errors: ErrFailed, that of f, or that of the instance.
func (p *pdfium) page(h handle, n int, f func(page uint64) error) error {
	page := p.call("FPDF_LoadPage", h.document, uint64(n))
	if p.err != nil {
		return p.err
	}
	if page == 0 {
		return fmt.Errorf("%w: page %d cannot be loaded", ErrFailed, n)
	}
	if h.form != 0 {
		p.call("FORM_OnAfterLoadPage", page, h.form)
	}
	err := f(page)
	if h.form != 0 {
		p.call("FORM_OnBeforeClosePage", page, h.form)
	}
	p.call("FPDF_ClosePage", page)
	if err != nil {
		return err
	}
	return p.err
}

// draw gives f the pixels of a page, which are PDFium's own memory.
func (p *pdfium) draw(h handle, n, width, height int, f func(pixels []byte) error) error {
	const (
		bgra        = 4
		white       = 0xFFFFFFFF
		annotations = 0x01
		reverse     = 0x10 // RGBA
	)
	return p.page(h, n, func(page uint64) error {
		w, ht := uint64(width), uint64(height)
		bitmap := p.call("FPDFBitmap_CreateEx", w, ht, bgra, 0, 0)
		if bitmap == 0 {
			return fmt.Errorf("%w: no room for %d×%d pixels", ErrFailed, width, height)
		}
		p.call("FPDFBitmap_FillRect", bitmap, 0, 0, w, ht, white)
		p.call("FPDF_RenderPageBitmap", bitmap, page, 0, 0, w, ht, 0, annotations|reverse)
		if h.form != 0 {
			// What stands in fields, signatures above all, is drawn by nothing else.
			p.call("FPDF_FFLDraw", h.form, bitmap, page, 0, 0, w, ht, 0, annotations|reverse)
		}
		at, stride := p.long("FPDFBitmap_GetBuffer", bitmap), p.long("FPDFBitmap_GetStride", bitmap)
		var err error
		if b := p.memory(at, uint32(4*w*ht)); b != nil {
			if uint64(stride) != 4*w {
				err = fmt.Errorf("%w: rows of %d bytes", ErrFailed, stride)
			} else {
				err = f(b)
			}
		}
		p.call("FPDFBitmap_Destroy", bitmap)
		return err
	})
}

// find looks for a needle on a page and gives at most most places.
func (p *pdfium) find(h handle, n int, size Size, text []rune, most int) (hits []Hit, err error) {
	err = p.page(h, n, func(page uint64) error {
		t := p.call("FPDFText_LoadPage", page)
		if t == 0 {
			return nil // a page without text that can be had
		}
		for _, at := range matches(p.text(t), text, most) {
			hit := Hit{Page: n}
			p.with(32, func(room uint64) {
				count := int32(p.long("FPDFText_CountRects", t, uint64(at.first), uint64(at.last-at.first+1)))
				for i := int32(0); i < count && p.err == nil; i++ {
					if p.long("FPDFText_GetRect", t, uint64(i), room, room+8, room+16, room+24) != 0 {
						b := p.seen(page, size, room, p.float64(room), p.float64(room+8), p.float64(room+16), p.float64(room+24))
						hit.Boxes = joined(hit.Boxes, b)
					}
				}
			})
			if hit.Boxes = hit.Boxes[:min(len(hit.Boxes), maxBoxes)]; len(hit.Boxes) > 0 {
				hits = append(hits, hit)
			}
		}
		p.call("FPDFText_ClosePage", t)
		return nil
	})
	return hits, err
}

// seen turns a rectangle of a page into one on the page as it is seen.
func (p *pdfium) seen(page uint64, size Size, room uint64, left, top, right, bottom float64) Box {
	// PDFium answers in whole units of a picture, so it is asked for a large one.
	scale := min(100, (1<<30)/max(size.Width, size.Height))
	corner := func(x, y float64) (float64, float64) {
		p.call("FPDF_PageToDevice", page, 0, 0, uint64(size.Width*scale), uint64(size.Height*scale), 0,
			math.Float64bits(x), math.Float64bits(y), room, room+4)
		at := func(v int32) float64 { return min(max(float64(v)/scale, -maxSide), maxSide) }
		return at(p.int32(room)), at(p.int32(room + 4))
	}
	x1, y1 := corner(left, top)
	x2, y2 := corner(right, bottom)
	return Box{X: min(x1, x2), Y: min(y1, y2), Width: math.Abs(x2 - x1), Height: math.Abs(y2 - y1)}
}

// joined adds a box to boxes; one that continues the last on the same line makes it longer.
func joined(boxes []Box, b Box) []Box {
	if len(boxes) > 0 {
		last := &boxes[len(boxes)-1]
		shared := min(last.Y+last.Height, b.Y+b.Height) - max(last.Y, b.Y)
		gap := b.X - (last.X + last.Width)
		if high := max(last.Height, b.Height); shared > high/2 && math.Abs(gap) < 2*high && b.X >= last.X {
			x, y := max(last.X+last.Width, b.X+b.Width), max(last.Y+last.Height, b.Y+b.Height)
			last.Y = min(last.Y, b.Y)
			last.Width, last.Height = x-last.X, y-last.Y
			return boxes
		}
	}
	return append(boxes, b)
}

// maxChars is how much text of one page is looked at.
const maxChars = 200_000

// text gives the characters of a page of text.
func (p *pdfium) text(t uint64) []rune {
	n := min(int32(p.long("FPDFText_CountChars", t)), maxChars)
	var text []rune
	for i := int32(0); i < n && p.err == nil; i++ {
		text = append(text, rune(p.long("FPDFText_GetUnicode", t, uint64(i))))
	}
	return text
}

// letter is a character as it is compared, and which of the text's characters it was.
type letter struct {
	r  rune
	at int
}

// letters gives a text as it is compared: without regard to case and width, with one space
// for several, and without spaces beside what is not written with spaces between words.
func letters(text []rune) []letter {
	var out []letter
	space := -1
	for i, r := range text {
		switch {
		case r == 0xFFFE || r == 2 || r == 0xAD:
			continue // how PDFium marks a word that is broken at the end of a line
		case unicode.IsSpace(r) || r == 0:
			space = i
			continue
		case r >= 0xFF01 && r <= 0xFF5E: // the wide forms of ASCII
			r -= 0xFEE0
		}
		if space >= 0 && len(out) > 0 && !joins(r) && !joins(out[len(out)-1].r) {
			out = append(out, letter{' ', space})
		}
		space = -1
		out = append(out, letter{unicode.ToLower(unicode.ToUpper(r)), i})
	}
	return out
}

// joins tells whether words of this character stand without spaces between them.
func joins(r rune) bool { return r >= 0x2E80 }

// needle gives what is looked for.
func needle(text string) []rune {
	var out []rune
	for _, l := range letters([]rune(text)) {
		out = append(out, l.r)
	}
	return out
}

// span is a part of a text: its first and its last character.
type span struct{ first, last int }

// matches gives where a needle stands in a text, without overlaps.
func matches(text, needle []rune, most int) []span {
	hay := letters(text)
	var out []span
	for i := 0; i+len(needle) <= len(hay) && len(out) < most && len(needle) > 0; {
		k := 0
		for k < len(needle) && hay[i+k].r == needle[k] {
			k++
		}
		if k == len(needle) {
			out = append(out, span{hay[i].at, hay[i+k-1].at})
			i += k
		} else {
			i++
		}
	}
	return out
}
