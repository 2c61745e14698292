package cli

import (
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"path/filepath"

	"heyi/review"
	"heyi/review/meeting"
)

// sample is the sample meeting as assets keep it.
type sample struct {
	Title      string   `json:"title"`
	Secretary  string   `json:"secretary"`
	Passphrase string   `json:"passphrase"` // of the practice meeting only; demo prints it
	Minutes    []string `json:"minutes"`
	Draft      string   `json:"draft"` // left unrecorded, to be found in the window
}

// made is what a demo makes in its directory.
var made = []string{"ca.pem", "data", "papers"}

// runDemo holds the sample meeting without a window. DIR gets ca.pem, data and
// papers; it must not have any of them, and has none of them after a failure.
func runDemo(w *World, _ place, args []string) (int, error) {
	const op = "cli.runDemo"
	f := newFlags()
	out := f.String("out", "", "")
	if err := parse(f, args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		return 0, usage(f.Arg(0))
	}
	if *out == "" {
		return 0, usage("demo --out")
	}
	for _, name := range made {
		path := filepath.Join(*out, name)
		if _, err := w.Stat(path); err == nil {
			return 0, review.E(review.CodeFileExists, op, path, nil)
		}
	}
	raw, err := fs.ReadFile(w.Sample, "sample/meeting.json")
	if err != nil {
		return 0, review.E(review.CodeInternal, op, "", err)
	}
	var in sample
	if err := json.Unmarshal(raw, &in); err != nil {
		return 0, review.E(review.CodeInternal, op, "", err)
	}
	if err := w.hold(in, *out); err != nil {
		for _, name := range made {
			_ = w.TakeBack(filepath.Join(*out, name)) // nothing was there before
		}
		return 0, err
	}
	return ExitOK, nil
}

// hold holds the sample meeting in a directory.
func (w *World) hold(in sample, out string) error {
	data := filepath.Join(out, "data")
	s, closer, err := w.Open(data, "")
	if err != nil {
		return err
	}
	defer closer.Close()
	x, err := s.Create(meeting.NewMeeting{
		Title: in.Title, Secretary: in.Secretary, Passphrase: in.Passphrase, Repeated: in.Passphrase, Alone: true,
	})
	if err != nil {
		return err
	}
	w.say("demo.created", in)
	for _, p := range in.Minutes {
		if err := x.SaveDraft(review.MinutesDraft, p); err != nil {
			return err
		}
		if err := x.Record(p); err != nil {
			return err
		}
	}
	w.say("demo.recorded", map[string]int{"Count": len(in.Minutes)})
	paper, _, err := x.IssueMinutes()
	if err != nil {
		return err
	}
	pdf, err := x.Paper(paper)
	if err != nil {
		return err
	}
	path := filepath.Join(out, "papers", paper.NumberName()+".pdf")
	if err := w.Write(path, pdf); err != nil {
		return err
	}
	w.say("demo.signed", map[string]string{"Path": path})
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: x.State().Authority})
	caPath := filepath.Join(out, "ca.pem")
	if err := w.Write(caPath, ca); err != nil {
		return err
	}
	if err := x.SaveDraft(review.MinutesDraft, in.Draft); err != nil {
		return err
	}
	x.Close()
	w.say("demo.done", map[string]string{
		"CA": caPath, "Data": data, "Paper": path, "Passphrase": in.Passphrase,
	})
	return nil
}
