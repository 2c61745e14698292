// Package crash finds out what a program loses when it is killed, when power
// fails, and when a system call fails. Nothing but tests imports it.
//
// The program under test is a child process, usually the test binary itself
// started with an environment variable, that works on the files under one
// directory. On its standard output it says READY before it begins, and
// "ACK name" after each act that it was told is stored; every other line, and
// everything on its standard error, is a complaint. What is left of the
// directory goes to a [Judge]: every act acknowledged has to be there, whole,
// and at most one more.
//
//	child := func(root string) *exec.Cmd {
//		cmd := exec.Command(os.Args[0])
//		cmd.Env = append(os.Environ(), "CHILD="+root)
//		return cmd
//	}
//	judge := func(r crash.Remains) error {
//		acts, err := open(r.Dir)
//		if err == nil && (len(acts) < len(r.Acks) || len(acts) > len(r.Acks)+1) {
//			err = fmt.Errorf("%d acts", len(acts))
//		}
//		return err
//	}
//	root := t.TempDir()
//	crash.Record(t, root, child(root)).Power(t, judge, crash.POSIX, crash.NTFS)
//
// [Killing] kills it at random times. [Record] runs it under strace, and
// [Recording.Power] then plays what it did against a model of a disk, which loses
// power after every operation. [Faulting] lets strace make single system calls
// fail. Sizes and seeds are flags of every test binary that imports this package;
// what fails prints the one command that repeats it.
package crash
