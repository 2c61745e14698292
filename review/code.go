package review

import (
	"errors"
	"strings"
)

// Code names one expected failure. Codes are part of the outside contract: they
// are printed beside the Chinese sentence and in --json, and never change meaning.
type Code string

// The codes. Each has a sentence in assets/words/zh.json under "error.<code>"
// and a test that provokes it; app/internal/laws holds both.
const (
	// CodeUsage: the command line cannot be understood (exit 2).
	CodeUsage Code = "usage"
	// CodeNoDisplay: no window can be had (exit 3).
	CodeNoDisplay Code = "display.missing"

	// CodeDirLocked: another process holds the data directory. Item: its pid.
	CodeDirLocked Code = "datadir.locked"
	// CodeDirReadOnly: the data directory cannot be written.
	CodeDirReadOnly Code = "datadir.readonly"
	// CodeDirFull: the disk that holds the data directory is full.
	CodeDirFull Code = "datadir.full"
	// CodeDirNewer: a newer version of the program wrote the data directory.
	CodeDirNewer Code = "datadir.newer"
	// CodeDirForeign: the directory is not empty and not one of ours.
	CodeDirForeign Code = "datadir.foreign"
	// CodeDirFailed: the operating system refused a file operation. Item: path.
	CodeDirFailed Code = "datadir.failed"

	// CodeFileMissing: the named file does not exist. Item: path.
	CodeFileMissing Code = "file.missing"
	// CodeFileExists: something stands already where a file was to be written; it was
	// not touched. Item: path.
	CodeFileExists Code = "file.exists"
	// CodeFileUnknown: the named file is of no kind that can be verified. Item: path.
	CodeFileUnknown Code = "file.unknown"
	// CodeFileTooLarge: the named file is above the limit for its kind. Item: path.
	CodeFileTooLarge Code = "file.toolarge"

	// CodeStoreNewer: a newer version of the program wrote the database.
	CodeStoreNewer Code = "store.newer"
	// CodeStoreForeign: the file is not a meeting database of ours.
	CodeStoreForeign Code = "store.foreign"
	// CodeStoreDamaged: SQLite finds the database damaged.
	CodeStoreDamaged Code = "store.damaged"
	// CodeStoreUnfinished: the last write was cut off, and to take it back the
	// database must be opened where it can be written; it was not touched.
	CodeStoreUnfinished Code = "store.unfinished"
	// CodeStoreFailed: the database could not write or read; what was under way is
	// stored whole or not at all.
	CodeStoreFailed Code = "store.failed"
	// CodeStoreMoved: the journal is not where the caller believed; nothing was written.
	CodeStoreMoved Code = "store.moved"
	// CodeStoreExists: a meeting with this id exists already.
	CodeStoreExists Code = "store.exists"

	// CodeMeetingMissing: there is no such meeting in the data directory.
	CodeMeetingMissing Code = "meeting.missing"

	// CodeJournalEntry: an entry does not verify. Item: its index, from 0.
	CodeJournalEntry Code = "journal.entry"
	// CodeJournalRoot: the entries do not give the recorded root: entries were removed, added or altered.
	CodeJournalRoot Code = "journal.root"
	// CodeJournalRollback: the journal is not the one that this machine has seen
	// before: older, or rewritten. Item: the number of entries seen.
	CodeJournalRollback Code = "journal.rollback"
	// CodeBlobMissing: content that the journal names is absent. Item: digest.
	CodeBlobMissing Code = "blob.missing"
	// CodeBlobAltered: stored content does not have its digest. Item: digest.
	CodeBlobAltered Code = "blob.altered"
	// CodeBlobUnknown: stored content that no entry names. Item: digest.
	CodeBlobUnknown Code = "blob.unknown"
	// CodeDraftAltered: a draft row does not carry its owner's signature. Item: draft key.
	CodeDraftAltered Code = "draft.altered"
	// CodeMetaAltered: a value of the meta table is not what the journal gives. Item: key.
	CodeMetaAltered Code = "meta.altered"

	// CodeEventForm: an event is not in the canonical form of its version.
	CodeEventForm Code = "event.form"
	// CodeEventNewer: an event of a version that this program does not know.
	CodeEventNewer Code = "event.newer"
	// CodeEventIllegal: the meeting's state does not allow the event. Item: event kind.
	CodeEventIllegal Code = "event.illegal"

	// CodeTextEmpty: a required text is empty. Item: field.
	CodeTextEmpty Code = "text.empty"
	// CodeTextLong: a text is above its limit. Item: limit in characters.
	CodeTextLong Code = "text.long"
	// CodeTextControl: a text has control characters or is not UTF-8. Item: field.
	CodeTextControl Code = "text.control"
	// CodeTextGlyph: no font of the program has these characters. Item: the characters with code points.
	CodeTextGlyph Code = "text.glyph"

	// CodeSecretShort: a passphrase is shorter than allowed. Item: minimum.
	CodeSecretShort Code = "secret.short"
	// CodeSecretDiffers: the repeated passphrase is not the first one.
	CodeSecretDiffers Code = "secret.differs"
	// CodeSecretWrong: the passphrase does not open the key.
	CodeSecretWrong Code = "secret.wrong"
	// CodeKeyForm: a key file is damaged or not one of ours.
	CodeKeyForm Code = "key.form"

	// CodePDFForm: not a PDF of the strict form that this program writes.
	CodePDFForm Code = "pdf.form"
	// CodePDFUnsigned: the PDF carries no signature, or a field is left unsigned.
	CodePDFUnsigned Code = "pdf.unsigned"
	// CodePDFRange: a signature does not cover exactly the bytes that it must.
	CodePDFRange Code = "pdf.range"
	// CodePDFAltered: the signed bytes were changed after signing.
	CodePDFAltered Code = "pdf.altered"
	// CodePDFAppended: something was appended after the last signature.
	CodePDFAppended Code = "pdf.appended"
	// CodePDFTime: the stated time lies outside the certificate's validity.
	CodePDFTime Code = "pdf.time"
	// CodeCMSForm: a signature value is not strict DER of the form that this program writes.
	CodeCMSForm Code = "cms.form"
	// CodeChain: the signer's certificate was not issued by the given panel CA.
	CodeChain Code = "cert.chain"
	// CodeCertRole: the signer's certificate is of another role than the field.
	// Item: field.
	CodeCertRole Code = "cert.role"
	// CodeCertForm: a certificate file cannot be read. Item: path.
	CodeCertForm Code = "cert.form"
	// CodeNoAnchor: no panel CA certificate was given or found, so nobody can be named as signer.
	CodeNoAnchor Code = "cert.noanchor"

	// CodeFont: a font of the program is damaged or missing.
	CodeFont Code = "font.form"
	// CodeOpenFailed: the outside viewer could not be started.
	CodeOpenFailed Code = "open.failed"
	// CodeInternal: an unexpected failure; the standard error has the cause.
	CodeInternal Code = "internal"
)

// Codes lists every code once, in the order above.
var Codes = []Code{
	CodeUsage, CodeNoDisplay,
	CodeDirLocked, CodeDirReadOnly, CodeDirFull, CodeDirNewer, CodeDirForeign, CodeDirFailed,
	CodeFileMissing, CodeFileExists, CodeFileUnknown, CodeFileTooLarge,
	CodeStoreNewer, CodeStoreForeign, CodeStoreDamaged, CodeStoreUnfinished, CodeStoreFailed, CodeStoreMoved, CodeStoreExists,
	CodeMeetingMissing,
	CodeJournalEntry, CodeJournalRoot, CodeJournalRollback, CodeBlobMissing, CodeBlobAltered, CodeBlobUnknown, CodeDraftAltered, CodeMetaAltered,
	CodeEventForm, CodeEventNewer, CodeEventIllegal,
	CodeTextEmpty, CodeTextLong, CodeTextControl, CodeTextGlyph,
	CodeSecretShort, CodeSecretDiffers, CodeSecretWrong, CodeKeyForm,
	CodePDFForm, CodePDFUnsigned, CodePDFRange, CodePDFAltered, CodePDFAppended, CodePDFTime, CodeCMSForm,
	CodeChain, CodeCertRole, CodeCertForm, CodeNoAnchor,
	CodeFont, CodeOpenFailed, CodeInternal,
}

// Error is an expected failure. The sentence for people is made from Code and
// Item in one place (app/internal/words); Op and Err are for the log.
type Error struct {
	Code Code
	Op   string // what was being done, as package.function
	Item string // what it was about; shown to people, so never a secret or a score
	Err  error  // cause; may be nil
}

// Error gives the form for logs: operation, code, item and cause.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(string(e.Code))
	if e.Item != "" {
		b.WriteString(" (" + e.Item + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// E makes an expected failure. cause may be nil.
func E(code Code, op, item string, cause error) error {
	return &Error{Code: code, Op: op, Item: item, Err: cause}
}

// CodeOf gives the code of the outermost Error in err's chain, CodeInternal for
// any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ItemOf gives the item of the outermost Error in err's chain, or "".
func ItemOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Item
	}
	return ""
}
