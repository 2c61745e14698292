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
// directory tells it (assets/sample/README.md). People go by their names.
type sample struct {
	dir string // of the stage, below the sample

	Version      int             `json:"version"`
	Comment      string          `json:"comment"`
	Drill        bool            `json:"drill"`
	Secretary    sampleSecretary `json:"secretary"`
	Observer     sampleObserver  `json:"observer"`
	Chair        string          `json:"chair"`
	Issuer       string          `json:"issuer"`
	Sources      []sampleSource  `json:"sources"`
	Promise      []string        `json:"promise"`
	Declarations []struct {
		Person   string `json:"person"`
		Conflict bool   `json:"conflict"`
		Reason   string `json:"reason"`
	} `json:"declarations"`
	Recusals []struct {
		Person string `json:"person"`
		Reason string `json:"reason"`
	} `json:"recusals"`
	Corrections []struct {
		Key      string `json:"key"`
		Old      string `json:"old"`
		New      string `json:"new"`
		Evidence string `json:"evidence"`
		After    string `json:"after"` // "tables": made once they are archived
	} `json:"corrections"`
	Fulfilment struct {
		Terms   []review.Term   `json:"terms"`
		Changes []review.Change `json:"changes"`
	} `json:"fulfilment"`
	Ink    []string `json:"ink"` // who signs in ink
	Rounds []struct {
		Number  int `json:"number"`
		Ballots []struct {
			Person string       `json:"person"`
			Sheet  review.Sheet `json:"sheet"`
		} `json:"ballots"`
		Expect json.RawMessage `json:"expect"` // what the tests compare
	} `json:"rounds"`
	Lost    sampleLost `json:"lost"`
	Opinion []struct {
		Section string   `json:"section"`
		Text    string   `json:"text"`
		Sources []string `json:"sources"`
	} `json:"opinion"`
	Conclusion struct {
		Outcome   string           `json:"outcome"`
		Suggested string           `json:"suggested"` // what the tests compare
		Reason    string           `json:"reason"`
		Against   []review.Against `json:"against"`
	} `json:"conclusion"`
	Votes []struct {
		Person string        `json:"person"`
		Choice review.Choice `json:"choice"`
		Text   string        `json:"text"`
	} `json:"votes"`
	Minutes []struct {
		When string `json:"when"` // opening, round_1, round_2 …, conclusion
		Text string `json:"text"`
	} `json:"minutes"`
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
}

// sampleLost is the draft that a kill interrupts.
type sampleLost struct {
	Round  int    `json:"round"`
	Person string `json:"person"`
	Saved  string `json:"saved"` // acknowledged before the kill
	Typed  string `json:"typed"` // begun when it came
}

// stages lists the directories of the sample's stages.
const stagesOf = "sample/demo"

// readSample finds the sample meeting of a stage: by its directory, as in Y2, or by the
// scheme's id within the regulation, as in technical_review.
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
		raw, err := fs.ReadFile(w.Sample, path.Join(dir, "script.json"))
		if err != nil {
			return sample{}, review.E(review.CodeInternal, op, dir, err)
		}
		in := sample{dir: dir}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			return sample{}, review.E(review.CodeInternal, op, dir, err)
		}
		return in, nil
	}
	return sample{}, review.E(review.CodeSchemeUnknown, op, regulation+"."+stage, nil)
}

// regulationsOf is where the sample keeps the texts of the regulations.
const regulationsOf = "regulations/"

// document makes one document of the sample: a text is set, tables become a workbook,
// anything else is the document itself.
func (w *World) document(s sampleSource) ([]byte, error) {
	const op = "cli.World.document"
	raw, err := fs.ReadFile(w.Sample, path.Join("sample", s.From))
	if err != nil {
		return nil, review.E(review.CodeInternal, op, s.From, err)
	}
	at, err := time.ParseInLocation(time.DateOnly, s.Date, time.FixedZone("", 8*3600))
	if s.Date != "" && err != nil {
		return nil, review.E(review.CodeInternal, op, s.File, err)
	}
	switch {
	case strings.HasPrefix(s.From, regulationsOf):
		return w.Regulation(strings.TrimPrefix(s.From, regulationsOf), at)
	case strings.HasSuffix(s.From, ".txt"):
		return w.Material(string(raw), review.Material{Title: s.Title, Number: s.Number, Author: s.Author, At: at, Note: s.Note})
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
	for name, to := range map[string]string{"package.json": "", "meeting.json": "", "project.json": home} {
		raw, err := fs.ReadFile(d.World.Sample, path.Join(d.dir, name))
		if err != nil {
			return nil, 0, review.E(review.CodeInternal, "cli.demo.build", name, err)
		}
		tree[to+name] = raw
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
