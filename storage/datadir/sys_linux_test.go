package datadir

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRemovable(t *testing.T) {
	sys := t.TempDir()
	block := filepath.Join(sys, "dev", "block")
	must(t, os.MkdirAll(block, 0o700))
	add := func(number, device, flag string) {
		dir := filepath.Join(sys, "devices", device)
		must(t, os.MkdirAll(dir, 0o700))
		if flag != "" {
			must(t, os.WriteFile(filepath.Join(dir, "removable"), []byte(flag+"\n"), 0o600))
		}
		must(t, os.Symlink(dir, filepath.Join(block, number)))
	}
	add("259:0", "pci0000:00/nvme/nvme0/nvme0n1", "0")
	add("259:1", "pci0000:00/nvme/nvme0/nvme0n1/nvme0n1p1", "")
	add("179:0", "platform/mmc0/block/mmcblk0", "1")
	add("179:1", "platform/mmc0/block/mmcblk0/mmcblk0p1", "")
	add("8:16", "pci0000:00/usb2/2-1/host6/block/sdb", "0")
	add("8:17", "pci0000:00/usb2/2-1/host6/block/sdb/sdb1", "")
	add("253:0", "virtual/block/dm-0", "")
	for _, x := range []struct {
		major, minor uint32
		want         bool
	}{
		{259, 0, false}, {259, 1, false}, // a disk and its partition
		{179, 0, true}, {179, 1, true}, // a card
		{8, 16, true}, {8, 17, true}, // a USB disk that says it is fixed
		{253, 0, false}, {0, 44, false}, // nothing is told
	} {
		if got := removable(block, x.major, x.minor); got != x.want {
			t.Errorf("%d:%d: %v", x.major, x.minor, got)
		}
	}
	if !onFixedDisk(filepath.Join(sys, "missing")) {
		t.Error("what the kernel does not tell must count as fixed")
	}
}
