package cli

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/seal"
)

// sample is the sample meeting on one stage of the project, as script.json of its
// directory tells it (assets/sample/README.md), or as it was composed. People go by their
// names.
type sample struct {
	name  string            // of the stage, in small letters; the package's file is called so
	files map[string][]byte // package.json, meeting.json, project.json

	Version      int                 `json:"version"`
	Comment      string              `json:"comment"`
	Drill        bool                `json:"drill"`
	Secretary    sampleSecretary     `json:"secretary"`
	Observer     sampleObserver      `json:"observer"`
	Chair        string              `json:"chair"`
	Issuer       string              `json:"issuer"`
	Sources      []sampleSource      `json:"sources"`
	Promise      []string            `json:"promise"`
	Declarations []sampleDeclaration `json:"declarations"`
	Recusals     []struct {
		Person string `json:"person"`
		Reason string `json:"reason"`
	} `json:"recusals"`
	Corrections []struct {
		Key      string `json:"key"`
		Old      string `json:"old"`
		New      string `json:"new"`
		Evidence string `json:"evidence"`
	} `json:"corrections"`
	Fulfilment sampleFulfilment   `json:"fulfilment"`
	Ink        []string           `json:"ink"` // who signs in ink
	Rounds     []sampleRound      `json:"rounds"`
	Lost       sampleLost         `json:"lost"`
	Settle     []sampleSettlement `json:"settle"`
	Opinion    []sampleParagraph  `json:"opinion"`
	Conclusion sampleConclusion   `json:"conclusion"`
	Votes      []sampleVote       `json:"votes"`
	Minutes    []sampleMinute     `json:"minutes"`
}

type sampleDeclaration struct {
	Person   string `json:"person"`
	Conflict bool   `json:"conflict"`
	Reason   string `json:"reason"`
}

type sampleFulfilment struct {
	Terms   []review.Term   `json:"terms"`
	Changes []review.Change `json:"changes"`
}

type sampleRound struct {
	Number  int             `json:"number"`
	Ballots []sampleBallot  `json:"ballots"`
	Expect  json.RawMessage `json:"expect"` // what the tests compare
}

type sampleBallot struct {
	Person string       `json:"person"`
	Sheet  review.Sheet `json:"sheet"`
}

// sampleSettlement is what the chair makes, after the last opening, of an item that is open.
type sampleSettlement struct {
	Item   string `json:"item"`
	Answer string `json:"answer"`
	Reason string `json:"reason"`
}

type sampleParagraph struct {
	Section string   `json:"section"`
	Text    string   `json:"text"`
	Sources []string `json:"sources"`
}

type sampleConclusion struct {
	Outcome   string           `json:"outcome"`
	Suggested string           `json:"suggested"` // what the tests compare
	Reason    string           `json:"reason"`
	Against   []review.Against `json:"against"`
}

type sampleVote struct {
	Person string        `json:"person"`
	Choice review.Choice `json:"choice"`
	Text   string        `json:"text"`
}

type sampleMinute struct {
	When string `json:"when"` // opening, round_1, round_2 …, conclusion
	Text string `json:"text"`
}

// strokesOf is where the sample keeps how people sign by hand.
const strokesOf = stagesOf + "/strokes.json"

// hands reads how people of the sample sign by hand, by their names.
func (w *World) hands() (map[string]review.Strokes, error) {
	const op = "cli.World.hands"
	raw, err := fs.ReadFile(w.Sample, strokesOf)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, strokesOf, err)
	}
	var in struct {
		Version int                       `json:"version"`
		Strokes map[string]review.Strokes `json:"strokes"`
	}
	if err := json.Unmarshal(raw, &in); err != nil || in.Version != 1 {
		return nil, review.E(review.CodeInternal, op, strokesOf, err)
	}
	return in.Strokes, nil
}

type sampleSecretary struct {
	Name       string `json:"name"`
	Unit       string `json:"unit"`
	Title      string `json:"title"`
	Passphrase string `json:"passphrase"` // of the sample meeting only; demo prints it
}

type sampleObserver struct {
	Passphrase string `json:"passphrase"`
}

// sampleSource says where a document of the project comes from.
type sampleSource struct {
	File   string `json:"file"` // in the package
	From   string `json:"from"` // below the sample: a text to be set, tables, or the document itself
	Title  string `json:"title"`
	Number string `json:"number"`
	Author string `json:"author"`
	Date   string `json:"date"`
	Note   string `json:"note"`

	text string // to be set; of a composed sample, instead of From
}

// sampleLost is the draft that a kill interrupts.
type sampleLost struct {
	Round  int    `json:"round"`
	Person string `json:"person"`
	Saved  string `json:"saved"` // acknowledged before the kill
	Typed  string `json:"typed"` // begun when it came
}

// stagesOf is where the sample has the directories of its written stages.
const stagesOf = "sample/demo"

// readSample finds the sample meeting of a stage, by its name, as in Y2, or by the scheme's
// id within the regulation, as in technical_review: the written one, else one that is
// composed.
// Codes: CodeSchemeUnknown.
func (w *World) readSample(regulation, stage string) (sample, error) {
	const op = "cli.World.readSample"
	entries, err := fs.ReadDir(w.Sample, stagesOf)
	if err != nil {
		return sample{}, review.E(review.CodeInternal, op, stagesOf, err)
	}
	for _, e := range entries {
		dir := path.Join(stagesOf, e.Name())
		var project struct {
			Scheme string `json:"scheme"`
		}
		if raw, err := fs.ReadFile(w.Sample, path.Join(dir, "project.json")); err != nil || json.Unmarshal(raw, &project) != nil {
			continue // no stage
		}
		of, id, _ := strings.Cut(project.Scheme, ".")
		if of != regulation || !strings.EqualFold(e.Name(), stage) && id != stage {
			continue
		}
		in := sample{name: e.Name(), files: map[string][]byte{}}
		for _, name := range packageFiles {
			if in.files[name], err = fs.ReadFile(w.Sample, path.Join(dir, name)); err != nil {
				return sample{}, review.E(review.CodeInternal, op, dir, err)
			}
		}
		return in, w.sampleJSON(path.Join(dir, "script.json"), &in)
	}
	return w.composed(regulation, stage)
}

// packageFiles are what a package is built from beside its documents. The last of them is
// the project's.
var packageFiles = []string{"package.json", "meeting.json", "project.json"}

// sampleJSON reads a JSON file of the sample.
// Codes: CodeFileMissing.
func (w *World) sampleJSON(name string, v any) error {
	const op = "cli.World.sampleJSON"
	raw, err := fs.ReadFile(w.Sample, name)
	if err != nil {
		return review.E(review.CodeFileMissing, op, name, err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return review.E(review.CodeInternal, op, name, err)
	}
	return nil
}

// regulationsOf is where the sample keeps the texts of the regulations.
const regulationsOf = "regulations/"

// document makes one document of the sample: a text is set, tables become a workbook,
// anything else is the document itself.
func (w *World) document(s sampleSource) ([]byte, error) {
	const op = "cli.World.document"
	at, err := time.ParseInLocation(time.DateOnly, s.Date, time.FixedZone("", 8*3600))
	if s.Date != "" && err != nil {
		return nil, review.E(review.CodeInternal, op, s.File, err)
	}
	material := review.Material{Title: s.Title, Number: s.Number, Author: s.Author, At: at, Note: s.Note}
	if s.text != "" {
		return w.Material(s.text, material)
	}
	raw, err := fs.ReadFile(w.Sample, path.Join("sample", s.From))
	if err != nil {
		return nil, review.E(review.CodeInternal, op, s.From, err)
	}
	switch {
	case strings.HasPrefix(s.From, regulationsOf):
		return w.Regulation(strings.TrimPrefix(s.From, regulationsOf), at)
	case strings.HasSuffix(s.From, ".txt"):
		return w.Material(string(raw), material)
	case strings.HasSuffix(s.From, ".json"):
		return w.Workbook(raw)
	}
	return raw, nil
}

// build has the issuer make the package of the sample, and gives the file and the number of
// its documents.
func (d *demo) build(issuer *seal.Issuer) ([]byte, int, error) {
	const home = "projects/gxpt/"
	tree := bag.Tree{}
	for i, name := range packageFiles {
		at := name
		if i == len(packageFiles)-1 {
			at = home + name
		}
		tree[at] = d.files[name]
	}
	for _, s := range d.Sources {
		content, err := d.document(s)
		if err != nil {
			return nil, 0, err
		}
		tree[home+s.File] = content
	}
	var file bytes.Buffer
	_, err := bag.BuildDir(&file, tree, issuer, d.Now())
	return file.Bytes(), len(d.Sources), err
}
