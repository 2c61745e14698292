package pdf

import (
	"bytes"
	"encoding/binary"
	"math"
	"sync"
)

// srgb gives an ICC profile of sRGB (IEC 61966-2-1) for the output intent: a
// version 2 monitor profile of three primaries and one tone curve (ICC.1:2001-04).
// It is made here because profiles in circulation carry licences.
var srgb = sync.OnceValue(func() []byte {
	be := binary.BigEndian
	fixed := func(b []byte, x float64) []byte { return be.AppendUint32(b, uint32(int32(math.Round(x*65536)))) }
	xyz := func(x, y, z float64) []byte {
		return fixed(fixed(fixed([]byte("XYZ \x00\x00\x00\x00"), x), y), z)
	}
	description := func(s string) []byte {
		b := be.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(s)+1))
		b = append(b, s...)
		return append(b, make([]byte, 1+8+3+67)...) // no Unicode, no ScriptCode form
	}
	const steps = 1024
	curve := be.AppendUint32([]byte("curv\x00\x00\x00\x00"), steps)
	for i := range steps {
		x := float64(i) / (steps - 1)
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		curve = be.AppendUint16(curve, uint16(math.Round(x*65535)))
	}
	// The primaries are adapted from D65 to the profile's white point, D50.
	tags := []struct {
		name string
		data []byte // nil: the same as the tag before
	}{
		{"desc", description("sRGB IEC61966-2.1")},
		{"cprt", []byte("text\x00\x00\x00\x00CC0\x00")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve},
		{"gTRC", nil},
		{"bTRC", nil},
	}
	const head = 128
	table := be.AppendUint32(nil, uint32(len(tags)))
	var data bytes.Buffer
	offset, length := 0, 0
	for _, t := range tags {
		if t.data != nil {
			data.Write(make([]byte, -data.Len()&3))
			offset, length = head+4+12*len(tags)+data.Len(), len(t.data)
			data.Write(t.data)
		}
		table = append(table, t.name...)
		table = be.AppendUint32(table, uint32(offset))
		table = be.AppendUint32(table, uint32(length))
	}
	h := make([]byte, head)
	be.PutUint32(h, uint32(head+len(table)+data.Len()))
	be.PutUint32(h[8:], 0x02100000) // version 2.1
	copy(h[12:], "mntrRGB XYZ ")
	be.PutUint16(h[24:], 2026) // date of creation
	be.PutUint16(h[26:], 1)
	be.PutUint16(h[28:], 1)
	copy(h[36:], "acsp")
	copy(h[68:], fixed(fixed(fixed(nil, 0.9642), 1), 0.8249)) // D50
	return append(append(h, table...), data.Bytes()...)
})
