package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/seal"
)

// newIdentity makes the key and certificate of a 签发单位. With a data directory named, the
// certificate is trusted there at once: it is one's own.
func (a *acting) newIdentity() (told, error) {
	path := a.text("o")
	cert := strings.TrimSuffix(path, filepath.Ext(path)) + ".pem"
	if cert == path {
		return told{}, usage("-o " + path)
	}
	for _, p := range []string{path, cert} {
		if err := a.free(p); err != nil {
			return told{}, err
		}
	}
	secret, err := a.newSecret("secret")
	if err != nil {
		return told{}, err
	}
	issuer, err := seal.NewIssuer(strings.TrimSpace(a.text("name")), a.Now())
	if err != nil {
		return told{}, err
	}
	file, err := issuer.PKCS12(secret)
	if err != nil {
		return told{}, err
	}
	if a.at.data != "" {
		root, err := a.DataDir(a.at.data)
		if err != nil {
			return told{}, err
		}
		if err := a.open(a.Open, root); err != nil {
			return told{}, err
		}
	}
	s := said{"name": issuer.Name(), "path": path, "certificate": cert, "fingerprint": issuer.Fingerprint()}
	if err := a.keepIdentity(issuer, file, path, cert); err != nil {
		return told{}, err
	}
	if a.services != nil {
		return a.done(s, "own")
	}
	return a.done(s)
}

// keepIdentity writes both files of an identity and makes it trusted, if a data directory
// is open; all of it or nothing.
func (a *acting) keepIdentity(issuer *seal.Issuer, file []byte, path, cert string) error {
	err := a.Write(path, file)
	if err == nil {
		err = a.Write(cert, issuer.PEM())
	}
	if err == nil && a.services != nil {
		_, err = a.services.TrustIssuer(issuer.Certificate(), issuer.Fingerprint().String())
	}
	if err != nil {
		for _, p := range []string{path, cert} {
			_ = a.TakeBack(p) // neither was there before
		}
	}
	return err
}

// newSecret gives the passphrase that is chosen for an identity: from the first line of
// the file that an option names, or as it is typed, twice.
// Codes: CodeSecretMissing, CodeSecretDiffers and those of World.Read.
func (a *acting) newSecret(option string) (string, error) {
	if path := a.text(option); path != "" {
		return a.firstLine(path)
	}
	secret, err := a.Secret(a.sentence("cli.ask.identity.new", said{"least": review.MinPassphrase}))
	if err != nil {
		return "", err
	}
	again, err := a.Secret(a.sentence("cli.ask.again", nil))
	if err == nil && again != secret {
		err = review.E(review.CodeSecretDiffers, "cli.acting.newSecret", "", nil)
	}
	return secret, err
}

// identity opens the identity that an option names, with the passphrase in the file of
// --secret or as it is typed.
// Codes: those of World.Read, acting.firstLine, World.Secret and seal.ReadIssuer.
func (a *acting) identity(option string) (*seal.Issuer, error) {
	file, err := a.Read(a.text(option), seal.MaxIdentity)
	if err != nil {
		return nil, err
	}
	var secret string
	if path := a.text("secret"); path != "" {
		secret, err = a.firstLine(path)
	} else {
		secret, err = a.Secret(a.sentence("cli.ask.identity", nil))
	}
	if err != nil {
		return nil, err
	}
	return seal.ReadIssuer(file, secret)
}

// trustIssuer makes packages of a 签发单位 acceptable, whose certificate a file has: one of its
// packages, or the certificate alone.
func (a *acting) trustIssuer() (told, error) {
	certificate, err := a.certificateIn(a.file)
	if err != nil {
		return told{}, err
	}
	i, err := a.changeIssuers(func(s *meeting.Services) (bag.Issuer, error) {
		return s.TrustIssuer(certificate, a.text("fingerprint"))
	})
	if err != nil {
		return told{}, err
	}
	return a.done(said{"name": i.Name, "fingerprint": i.Fingerprint})
}

// certificateIn gives the certificate in a package or PEM file, DER. It vouches for
// nothing.
// Codes: CodeCertForm, those of World.OpenFile, World.Read and bag.Certificate.
func (a *acting) certificateIn(path string) ([]byte, error) {
	f, err := a.packageAt(path)
	if err != nil {
		return nil, err
	}
	if f != nil {
		defer f.Close()
		return bag.Certificate(f, f.Size())
	}
	c, err := a.certificate(path)
	if err != nil {
		return nil, err
	}
	return c.Raw, nil
}

func (a *acting) revokeIssuer() (told, error) {
	i, err := a.changeIssuers(func(s *meeting.Services) (bag.Issuer, error) {
		return s.RevokeIssuer(a.text("fingerprint"), a.text("reason"))
	})
	if err != nil {
		return told{}, err
	}
	return a.done(said{"name": i.Name, "fingerprint": i.Fingerprint, "reason": i.Reason})
}

// changeIssuers changes the list of a data directory, which is made if there is none and
// the change is no mistake.
func (a *acting) changeIssuers(change func(*meeting.Services) (bag.Issuer, error)) (bag.Issuer, error) {
	root, err := a.DataDir(a.at.data)
	if err != nil {
		return bag.Issuer{}, err
	}
	if _, err := a.Stat(root); errors.Is(err, fs.ErrNotExist) {
		if i, err := change(meeting.New(meeting.Config{Packages: onTrial{}, Now: a.Now})); err != nil {
			return i, err
		}
	}
	if err := a.open(a.Open, root); err != nil {
		return bag.Issuer{}, err
	}
	return change(a.services)
}

// onTrial keeps nothing: a change of an empty list of issuers can be tried on it.
type onTrial struct{ packages }

type packages = meeting.Packages

// Trust is as in meeting.Packages.
func (onTrial) Trust() ([]byte, error) { return nil, nil }

// SetTrust is as in meeting.Packages.
func (onTrial) SetTrust([]byte) error { return nil }

func (a *acting) listIssuers() (told, error) {
	trust, err := a.trust(a.at)
	if err != nil {
		return told{}, err
	}
	list := trust.Issuers
	out := told{object: map[string]any{"issuers": append([]bag.Issuer{}, list...)}}
	for _, i := range list {
		how := "identity.list"
		if i.Revoked != "" {
			how += ".revoked"
		}
		out.lines = append(append(out.lines, fold(a.sentence(how, said{
			"name": i.Name, "added": day(i.Added), "revoked": day(i.Revoked), "reason": i.Reason,
		}))...), "        "+i.Fingerprint.String())
	}
	if len(list) == 0 {
		out.lines = append(out.lines, a.Words.T("identity.list.none", nil))
	}
	return out, nil
}

// day writes the day of a stamp in RFC 3339, "" for none.
func day(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return words.Date(t)
}

// packageAt opens the file at path if it is a package, or means to be one; else it gives
// nil.
// Codes: those of World.OpenFile.
func (w *World) packageAt(path string) (meeting.Kept, error) {
	f, err := w.OpenFile(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 4)
	if n, _ := f.ReadAt(head, 0); bytes.Equal(head[:n], []byte("PK\x03\x04")) || strings.HasSuffix(path, ".rpk") {
		return f, nil
	}
	return nil, f.Close()
}
