package platform

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func init() {
	// echo says back each line that it reads, and would go on for ever.
	roles["echo"] = func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			fmt.Println("said " + in.Text())
		}
		select {}
	}
}

// TestChild holds that a child is spoken to, and is gone once it was killed.
func TestChild(t *testing.T) {
	t.Setenv(role, "echo")
	c, err := StartChild(self())
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(c)
	for _, line := range []string{"第一行", "第二行"} {
		if _, err := io.WriteString(c, line+"\n"); err != nil {
			t.Fatal(err)
		}
		if got, err := out.ReadString('\n'); got != "said "+line+"\n" {
			t.Errorf("%q, %v", got, err)
		}
	}
	c.Kill()
	if c.cmd.ProcessState == nil || c.cmd.ProcessState.Success() {
		t.Errorf("after the kill: %v", c.cmd.ProcessState)
	}
	if _, err := io.WriteString(c, "x\n"); err == nil {
		t.Error("what is gone still reads")
	}
}

// TestChildThatIsNone holds that a program that is not there is said to be.
func TestChildThatIsNone(t *testing.T) {
	_, err := StartChild(filepath.Join(t.TempDir(), "heyi"))
	reviewtest.WantCode(t, err, review.CodeOpenFailed)
}
