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
	// CodeFileForm: the named file does not have the form that the act asks for. Item: path.
	CodeFileForm Code = "file.form"

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

	// CodeBackupFailed: a copy of the database could not be written, or did not read
	// back the same; the database is as it was. Item: the copy's place.
	CodeBackupFailed Code = "backup.failed"
	// CodeBackupForeign: the file is a database of another meeting. Item: path.
	CodeBackupForeign Code = "backup.foreign"

	// CodeMeetingMissing: there is no such meeting in the data directory.
	CodeMeetingMissing Code = "meeting.missing"

	// CodeJournalEntry: an entry does not verify. Item: its index, from 0.
	CodeJournalEntry Code = "journal.entry"
	// CodeJournalRoot: the entries do not give the recorded root: entries were removed, added or altered.
	CodeJournalRoot Code = "journal.root"
	// CodeJournalRollback: the journal is not the one that this machine has seen
	// before: older, or rewritten. Item: the number of entries seen.
	CodeJournalRollback Code = "journal.rollback"
	// CodeClockMoved: the machine's clock was set back during the meeting; the order of
	// entries is not in doubt. Item: the index of the entry that says so.
	CodeClockMoved Code = "clock.moved"
	// CodeRestored: the record was continued from a copy. Item: the index of the entry that says so.
	CodeRestored Code = "journal.restored"
	// CodeNoCopy: there is no copy of the meeting that verifies. Item: the meeting.
	CodeNoCopy Code = "backup.none"
	// CodeBlobMissing: content that the journal names is absent. Item: digest.
	CodeBlobMissing Code = "blob.missing"
	// CodeBlobAltered: stored content does not have its digest. Item: digest.
	CodeBlobAltered Code = "blob.altered"
	// CodeBlobUnknown: stored content that no entry names. Item: digest.
	CodeBlobUnknown Code = "blob.unknown"
	// CodeDraftAltered: a draft row does not carry its owner's signature. Item: draft key.
	CodeDraftAltered Code = "draft.altered"
	// CodeDraftMissing: a draft that the journal says there is is absent, or older than
	// this machine has seen it. Item: draft key.
	CodeDraftMissing Code = "draft.missing"
	// CodeMetaAltered: a value of the meta table is not what the journal gives. Item: key.
	CodeMetaAltered Code = "meta.altered"

	// CodeEventForm: an event is not in the canonical form of its version.
	CodeEventForm Code = "event.form"
	// CodeEventNewer: an event of a version that this program does not know.
	CodeEventNewer Code = "event.newer"
	// CodeEventIllegal: the meeting's state does not allow the event. Item: event kind.
	CodeEventIllegal Code = "event.illegal"

	// CodeHidden: the viewer may not see this now. Item: the reason, a review.Why.
	CodeHidden Code = "gate.hidden"

	// CodeActPhase: the meeting is not in a phase in which the act may be done. Item: the phase.
	CodeActPhase Code = "act.phase"
	// CodeActStage: the project's review is not at a stage at which the act may be
	// done. Item: the stage.
	CodeActStage Code = "act.stage"
	// CodeActRole: the act is not this seat's to do, or not about such a seat. Item: the seat.
	CodeActRole Code = "act.role"
	// CodeActConsent: the act needs the consent of another person, which is missing or
	// not to this act. Item: the seat whose consent it needs; "" where any expert's will do.
	CodeActConsent Code = "act.consent"

	// CodeSeatUnknown: there is no such seat. Item: the seat.
	CodeSeatUnknown Code = "seat.unknown"
	// CodeSeatTwin: another seat has the same name and the units do not tell the two
	// apart. Item: that seat.
	CodeSeatTwin Code = "seat.twin"
	// CodeSeatRoles: a seat cannot hold these roles. Item: the role or the seat.
	CodeSeatRoles Code = "seat.roles"
	// CodeSeatClaimed: the seat has been claimed already. Item: the seat.
	CodeSeatClaimed Code = "seat.claimed"
	// CodeSeatUnclaimed: nobody has claimed the seat, or it has no certificate yet. Item: the seat.
	CodeSeatUnclaimed Code = "seat.unclaimed"
	// CodeSeatPresence: the person is not in the room, or is already where he is said
	// to be. Item: the seat.
	CodeSeatPresence Code = "seat.presence"
	// CodeSeatElsewhere: the seat's keys are on another machine. Item: the seat.
	CodeSeatElsewhere Code = "seat.elsewhere"
	// CodeChairMissing: nobody presides over the meeting or the project. Item: the project, or "".
	CodeChairMissing Code = "chair.missing"
	// CodeChairUnfit: the seat cannot be chair, or is chair and so cannot be replaced
	// before another is named. Item: the seat.
	CodeChairUnfit Code = "chair.unfit"
	// CodePromiseMissing: the expert has not given the 承诺. Item: the seat.
	CodePromiseMissing Code = "promise.missing"
	// CodeDeclarationMissing: the expert has not declared on this project. Item: the seat.
	CodeDeclarationMissing Code = "declaration.missing"
	// CodeRecused: the expert stands aside for this project, or the decision changes
	// nothing. Item: the seat.
	CodeRecused Code = "seat.recused"

	// CodeProjectUnknown: there is no such project. Item: the project.
	CodeProjectUnknown Code = "project.unknown"
	// CodeProjectExists: the same package is before the panel already. Item: the project.
	CodeProjectExists Code = "project.exists"
	// CodeProjectStage: the meeting reviews by another scheme than the project is for. Item: the project's.
	CodeProjectStage Code = "project.stage"
	// CodeProjectOpen: a review has not come to its end. Item: the project.
	CodeProjectOpen Code = "project.open"
	// CodeSchemeForm: the review scheme cannot be used. Item: where.
	CodeSchemeForm Code = "scheme.form"
	// CodeSchemeWeights: the weights of a scheme do not make 100. Item: what they make.
	CodeSchemeWeights Code = "scheme.weights"
	// CodeRuleUnknown: no pack has the rule. Item: its id.
	CodeRuleUnknown Code = "rule.unknown"
	// CodeRuleInput: what is given to a rule is not of its input's type. Item: rule and input.
	CodeRuleInput Code = "rule.input"
	// CodeRegulationUnknown: there is no such regulation. Item: its id.
	CodeRegulationUnknown Code = "regulation.unknown"
	// CodeArticleUnknown: the text of the regulation has no such article. Item: what was asked for.
	CodeArticleUnknown Code = "article.unknown"
	// CodeSchemeUnknown: no pack has the scheme. Item: its id.
	CodeSchemeUnknown Code = "scheme.unknown"
	// CodeFactType: a fact is not of the type that the regulation asks for. Item: the key.
	CodeFactType Code = "fact.type"

	// The items of the following begin with line:column of the regulation's file.

	// CodePackSize: a file, or a line of it, is too long, or there are too many files.
	CodePackSize Code = "pack.size"
	// CodePackEncoding: not plain UTF-8 text without marks and control characters.
	CodePackEncoding Code = "pack.encoding"
	// CodePackYAML: not of the YAML that packs are written in.
	CodePackYAML Code = "pack.yaml"
	// CodePackFeature: anchors, aliases, tags, merge keys or block scalars.
	CodePackFeature Code = "pack.feature"
	// CodePackNesting: nested too deeply.
	CodePackNesting Code = "pack.nesting"
	// CodePackCount: more of something than is allowed.
	CodePackCount Code = "pack.count"
	// CodePackDuplicate: a key or an id is there twice.
	CodePackDuplicate Code = "pack.duplicate"
	// CodePackFormat: written in another version of the format.
	CodePackFormat Code = "pack.format"
	// CodePackKey: a key that has no meaning there.
	CodePackKey Code = "pack.key"
	// CodePackMissing: a key that must be there is not.
	CodePackMissing Code = "pack.missing"
	// CodePackArticle: the clause is missing.
	CodePackArticle Code = "pack.article"
	// CodePackType: a value of another kind than the key takes.
	CodePackType Code = "pack.type"
	// CodePackID: an id or name that is not of its form.
	CodePackID Code = "pack.id"
	// CodePackExpression: an expression that cannot be read, or has what none may have.
	CodePackExpression Code = "pack.expression"
	// CodePackOperands: things that cannot be compared or counted with each other.
	CodePackOperands Code = "pack.operands"
	// CodePackInput: an input that is not declared.
	CodePackInput Code = "pack.input"
	// CodePackFunction: no such function, or not with these arguments.
	CodePackFunction Code = "pack.function"
	// CodePackWord: a code that is not among those of its input.
	CodePackWord Code = "pack.word"
	// CodePackSlot: a slot of a sentence that stands for nothing.
	CodePackSlot Code = "pack.slot"
	// CodePackTerm: a code without a Chinese name.
	CodePackTerm Code = "pack.term"
	// CodePackReference: what is referred to is not there.
	CodePackReference Code = "pack.reference"
	// CodePackWeights: the weights of a scheme do not make 100.
	CodePackWeights Code = "pack.weights"
	// CodePackCase: a case of the pack does not come out as it says.
	CodePackCase Code = "pack.case"
	// CodePackUntested: a result without a case, or an amount without cases on both sides.
	CodePackUntested Code = "pack.untested"
	// CodePackUnused: a rule that no scheme calls for.
	CodePackUnused Code = "pack.unused"
	// CodePackAfter: a veto that asks for the conclusion of its scheme stands before it.
	CodePackAfter Code = "pack.after"
	// CodePackConclusion: a conclusion that the common rules cannot suggest, or a 不通过 that
	// does not fail.
	CodePackConclusion Code = "pack.conclusion"

	// CodePackTwin: a regulation or a rule is there twice. Item: its id.
	CodePackTwin Code = "pack.twin"

	// CodePackageKnown: the package is in already. Item: its 编号.
	CodePackageKnown Code = "package.known"
	// CodePackageOlder: a newer issue of the package is in already. Item: its 编号.
	CodePackageOlder Code = "package.older"
	// CodePackageSwapped: another package is in under the same 编号 and issue. Item: its 编号.
	CodePackageSwapped Code = "package.swapped"
	// CodePackageGone: the file of a package that is on record is not there. Item: its 编号.
	CodePackageGone Code = "package.gone"
	// CodePackageForeign: the file is no 评审包.
	CodePackageForeign Code = "package.foreign"
	// CodePackageCut: the file is empty or ends too early.
	CodePackageCut Code = "package.cut"
	// CodePackageForm: the file is not byte for byte in the one form that a 评审包 has. Item: the entry,
	// or "".
	CodePackageForm Code = "package.form"
	// CodePackageLimit: a size, number or depth above its limit. Item: the entry, or "".
	CodePackageLimit Code = "package.limit"
	// CodePackageName: a name that no entry or document may have. Item: the name, escaped.
	CodePackageName Code = "package.name"
	// CodePackageRead: the file could not be read to its end: a medium that fails, or a reader that was
	// stopped. Item: the entry, or "".
	CodePackageRead Code = "package.read"
	// CodePackageTag: a tag file is missing or not in its form. Item: the file.
	CodePackageTag Code = "package.tag"
	// CodePackageNewer: the package is of a version that this program does not know. Item: the file that says so.
	CodePackageNewer Code = "package.newer"
	// CodePackageManifest: the manifest is not in its form, or does not list exactly what is there. Item: the
	// entry, or the manifest.
	CodePackageManifest Code = "package.manifest"
	// CodePackageAltered: content does not have its recorded digest. Item: the entry.
	CodePackageAltered Code = "package.altered"
	// CodePackageUnsigned: the package carries no signature.
	CodePackageUnsigned Code = "package.unsigned"
	// CodePackageSignature: the signature does not hold, or is over something else.
	CodePackageSignature Code = "package.signature"
	// CodePackageRole: the certificate is not one for signing packages. Item: whom it names.
	CodePackageRole Code = "package.role"
	// CodePackageIssuer: the issuer's certificate is not among those that the machine trusts. Item: its
	// fingerprint.
	CodePackageIssuer Code = "package.issuer"
	// CodePackageRevoked: the issuer's certificate is trusted no more. Item: the name under which it was.
	CodePackageRevoked Code = "package.revoked"
	// CodePackageUnit: the 签发单位 that the package names is not the certificate's. Item: the one it names.
	CodePackageUnit Code = "package.unit"
	// CodePackageSecrecy: the 密级 is above what the machine may hold. Item: the level's identifier.
	CodePackageSecrecy Code = "package.secrecy"
	// CodePackageJSON: a file is not strict JSON. Item: file:line:column.
	CodePackageJSON Code = "package.json"
	// CodePackageField: a member of a JSON file is missing, unknown or there twice. Item: file and member.
	CodePackageField Code = "package.field"
	// CodePackageValue: a value of a JSON or tag file is not as it has to be. Item: file and member.
	CodePackageValue Code = "package.value"
	// CodePackageDocument: the documents that a project lists are not those that are there. Item: the document.
	CodePackageDocument Code = "package.document"
	// CodePackageKind: a document of a kind that packages do not carry. Item: its name.
	CodePackageKind Code = "package.kind"
	// CodePackageProgram: a document is a program or script. Item: its name.
	CodePackageProgram Code = "package.program"
	// CodePackageNested: a document is an archive. Item: its name.
	CodePackageNested Code = "package.nested"
	// CodePackageMismatch: a document is not what its name says. Item: its name.
	CodePackageMismatch Code = "package.mismatch"
	// CodePackageBomb: a document would unpack to more than it may. Item: its name.
	CodePackageBomb Code = "package.bomb"
	// CodePackageImage: a picture of too many pixels. Item: its name.
	CodePackageImage Code = "package.image"
	// CodePackageRegulation: the files of the regulation that a package brings are not those of one row. Item: the file
	// that is missing or does not belong there.
	CodePackageRegulation Code = "package.regulation"
	// CodePackageTwin: the regulation that a package brings has the id of one that the program has, or a rule with the id of
	// a common rule. Item: the id.
	CodePackageTwin Code = "package.twin"
	// CodePackageSource: a package cannot be made of what is in the directory. Item: the file.
	CodePackageSource Code = "package.source"
	// CodeTrustForm: the list of trusted issuers is not in its form.
	CodeTrustForm Code = "trust.form"
	// CodeTrustNewer: the list of trusted issuers was written by a newer version.
	CodeTrustNewer Code = "trust.newer"
	// CodeTrustKnown: the certificate is in the list already. Item: under which name.
	CodeTrustKnown Code = "trust.known"
	// CodeTrustUnknown: no trusted certificate has the fingerprint. Item: the fingerprint.
	CodeTrustUnknown Code = "trust.unknown"
	// CodeTrustDiffers: the fingerprint is not that of the certificate. Item: the fingerprint typed.
	CodeTrustDiffers Code = "trust.differs"
	// CodeFingerprint: what was typed is no fingerprint.
	CodeFingerprint Code = "trust.fingerprint"
	// CodeFactForm: the units or facts of a project are not in order. Item: which.
	CodeFactForm Code = "fact.form"
	// CodeFactUnknown: the project has no such fact. Item: the key.
	CodeFactUnknown Code = "fact.unknown"
	// CodeFactOld: the fact is not what the correction says it was, or stays what it is. Item: the key.
	CodeFactOld Code = "fact.old"
	// CodeQuorum: fewer experts than the rule asks for (CM-06). Item: the project.
	CodeQuorum Code = "quorum.lost"
	// CodeRoundNeeded: an expert was replaced, so that a new round must be held. Item: the project.
	CodeRoundNeeded Code = "round.needed"

	// CodeBallotForm: a ballot is not in the form of its version, or not what was
	// submitted. Item: the seat.
	CodeBallotForm Code = "ballot.form"
	// CodeBallotMissing: ballots are not in. Item: the seats.
	CodeBallotMissing Code = "ballot.missing"
	// CodeBallotGiven: the ballot is in and was not returned. Item: the seat.
	CodeBallotGiven Code = "ballot.given"
	// CodeBallotSeal: the ballot is not sealed to the present officers. Item: the seat.
	CodeBallotSeal Code = "ballot.seal"
	// CodeBallotStale: nobody can open the ballot any more, since the officers' keys have
	// changed. Item: the seat.
	CodeBallotStale Code = "ballot.stale"
	// CodeSheetNeeded: to open a ballot it takes the recovery sheet of an earlier officer. Item: the seat of the ballot.
	CodeSheetNeeded Code = "sheet.needed"
	// CodeSheetForm: what was given is not the secret of a recovery sheet for this seat. Item: the seat.
	CodeSheetForm Code = "sheet.form"
	// CodeSheetItem: an answer is missing, or answers no item of the scheme. Item: the scheme's item.
	CodeSheetItem Code = "score.item"
	// CodeSheetMark: the answer is not within 满分, not in steps, or no such answer. Item: the scheme's item.
	CodeSheetMark Code = "score.mark"
	// CodeSheetReason: the answer differs from the round before without a reason. Item: the scheme's item.
	CodeSheetReason Code = "score.reason"
	// CodeScoreNone: there is nothing to count: no ballot is opened, or nobody has marked an item.
	CodeScoreNone Code = "score.none"
	// CodeScoreFew: fewer experts' totals than the scheme's trimming takes. Item: how many it takes.
	CodeScoreFew Code = "score.few"

	// CodeOutcome: the scheme has no such conclusion. Item: the conclusion.
	CodeOutcome Code = "conclusion.outcome"
	// CodeProjectDiffers: a project is not on record as its package and its packs have it. Item: the project.
	CodeProjectDiffers Code = "project.differs"
	// CodeConclusionDiffers: a conclusion on record is not one that the rules let through as it
	// stands there. Item: the project.
	CodeConclusionDiffers Code = "conclusion.differs"
	// CodeItemOpen: items wait to be settled by the chair after 合议 (CM-05). Item: their ids.
	CodeItemOpen Code = "item.open"
	// CodeItemClosed: the experts' answers and the rules leave nothing of the item open. Item: its id.
	CodeItemClosed Code = "item.closed"
	// CodeAgainstMissing: a passing conclusion gives no reason for findings that stand in its way. Item: their rules.
	CodeAgainstMissing Code = "conclusion.against"
	// CodeAgainstUnknown: a reason is given for a finding that there is not. Item: the rule.
	CodeAgainstUnknown Code = "conclusion.rule"
	// CodeOpinionMissing: the conclusion does not rest on the last version of the
	// 专家组意见. Item: the project.
	CodeOpinionMissing Code = "opinion.missing"
	// CodeVoteConclusion: the vote or signature is about another conclusion. Item: the seat.
	CodeVoteConclusion Code = "vote.conclusion"
	// CodeVoteCount: the votes are not as many as those who may vote. Item: the project.
	CodeVoteCount Code = "vote.count"
	// CodeSignatureGiven: the seat has signed, or is on record as not signing. Item: the seat.
	CodeSignatureGiven Code = "signature.given"
	// CodeSignatureOrder: the chair signs last. Item: the seats that come before.
	CodeSignatureOrder Code = "signature.order"
	// CodeSignatureMissing: signatures are due. Item: the seats.
	CodeSignatureMissing Code = "signature.missing"
	// CodeSignatureWitness: the witness is not another person in the room. Item: the seat.
	CodeSignatureWitness Code = "signature.witness"

	// CodeFulfilmentForm: what was found of a contract and its changes cannot be made into
	// tables. Item: the requirement, the number of the change, or terms or changes.
	CodeFulfilmentForm Code = "fulfilment.form"
	// CodeFulfilmentSame: nothing differs from the version on record, and nothing was corrected
	// since its tables were laid out for signing. Item: the project.
	CodeFulfilmentSame Code = "fulfilment.same"
	// CodeFulfilmentMissing: nothing is on record that the tables could say. Item: the project.
	CodeFulfilmentMissing Code = "fulfilment.missing"
	// CodePositionMissing: people in the room who are to sign have not said where they stand
	// on the conclusion. Item: the seats.
	CodePositionMissing Code = "position.missing"
	// CodeDissentMissing: the position has no 不同意见书, or it is void already. Item: the seat.
	CodeDissentMissing Code = "dissent.missing"
	// CodeSetStands: papers for this purpose have been certified already. Item: the project.
	CodeSetStands Code = "papers.stand"
	// CodeSetMissing: the papers are not laid out for signing, or no more. Item: the project.
	CodeSetMissing Code = "papers.missing"
	// CodeSetStale: the signature is on papers that are no longer laid out for signing. Item: the seat.
	CodeSetStale Code = "papers.stale"
	// CodeSetDue: the conclusion has papers, and they are to be signed instead. Item: the seat.
	CodeSetDue Code = "papers.due"
	// CodePaperMoved: somebody else has signed in between. Item: the seat.
	CodePaperMoved Code = "papers.moved"
	// CodePapersOpen: papers are laid out for signing and not closed yet. Item: the project.
	CodePapersOpen Code = "papers.open"
	// CodeSignatureWay: the seat is put down for the other way of signing, by key or in ink. Item: the seat.
	CodeSignatureWay Code = "signature.way"
	// CodePaperDiffers: a paper of the group is not what this program makes of the record. Item:
	// its name.
	CodePaperDiffers Code = "paper.differs"
	// CodeScanCheck: no paper that is to be signed has the 校验码, or it was printed from other
	// bytes. Item: the 校验码.
	CodeScanCheck Code = "scan.check"
	// CodeScanForm: a scan is not of a kind that is taken. Item: the 校验码.
	CodeScanForm Code = "scan.form"

	// CodeStatementForm: a statement is not in the canonical form of its version.
	CodeStatementForm Code = "statement.form"
	// CodeStatementNewer: a statement of a version that this program does not know.
	CodeStatementNewer Code = "statement.newer"
	// CodeStatementSignature: a statement is not signed with its seat's key. Item: the seat.
	CodeStatementSignature Code = "statement.signature"
	// CodeStatementMeeting: a statement of another meeting. Item: its id.
	CodeStatementMeeting Code = "statement.meeting"
	// CodeStatementSeat: the statement's seat does not exist, was replaced, or is another person's. Item: the seat.
	CodeStatementSeat Code = "statement.seat"
	// CodeStatementPackage: the statement is about another package. Item: the project.
	CodeStatementPackage Code = "statement.package"
	// CodeStatementScheme: the statement is about another scheme. Item: the project.
	CodeStatementScheme Code = "statement.scheme"
	// CodeStatementRound: the statement is of another round. Item: the seat.
	CodeStatementRound Code = "statement.round"
	// CodeStatementKnown: the very statement is there already; nothing changed. Item: the seat.
	CodeStatementKnown Code = "statement.known"
	// CodeStatementOld: a later revision is there already. Item: the seat.
	CodeStatementOld Code = "statement.old"
	// CodeStatementGap: a revision between is missing. Item: the seat.
	CodeStatementGap Code = "statement.gap"
	// CodeStatementFork: another statement of the same revision is there, or this one
	// follows another than the last. Item: the seat.
	CodeStatementFork Code = "statement.fork"

	// CodeTextEmpty: a required text is empty. Item: field.
	CodeTextEmpty Code = "text.empty"
	// CodeTextLong: a text is above its limit. Item: limit in characters.
	CodeTextLong Code = "text.long"
	// CodeTextControl: a text has control characters or is not UTF-8. Item: field.
	CodeTextControl Code = "text.control"
	// CodeTextGlyph: no font of the program has these characters. Item: the characters with code points.
	CodeTextGlyph Code = "text.glyph"
	// CodeMaterialForm: the source of a document is not in the form that Papers.Material reads. Item: the line.
	CodeMaterialForm Code = "material.form"

	// CodeSecretShort: a passphrase is shorter than allowed. Item: minimum.
	CodeSecretShort Code = "secret.short"
	// CodeSecretDiffers: the repeated passphrase is not the first one.
	CodeSecretDiffers Code = "secret.differs"
	// CodeSecretWrong: the passphrase does not open the key.
	CodeSecretWrong Code = "secret.wrong"
	// CodeSecretWait: five wrong codes; the next try is to wait. Item: the seconds.
	CodeSecretWait Code = "secret.wait"
	// CodeSecretForm: what was typed cannot be a code or four digits at all; it was not
	// counted as a try.
	CodeSecretForm Code = "secret.form"
	// CodeSecretMissing: no secret was given: no file was named, and there is no terminal
	// at which to ask, or the person would not say.
	CodeSecretMissing Code = "secret.missing"
	// CodeSessionClosed: the person's session has ended: handed back, locked or idle.
	CodeSessionClosed Code = "session.closed"
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
	// CodePDFOrder: signatures in an order that is none: a certification that is not the
	// first, one in the archive's field or the archive's in another, or any after the
	// archive's. Item: field.
	CodePDFOrder Code = "pdf.order"
	// CodeStrokes: a drawn signature is not within its bounds, or cannot be read.
	CodeStrokes Code = "strokes"
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

	// CodeXLSXForm: not a workbook that a spreadsheet program would write, or damaged. Item:
	// the part, or the sheet and the cell.
	CodeXLSXForm Code = "xlsx.form"
	// CodeXLSXLarge: a workbook is beyond a limit. Item: which.
	CodeXLSXLarge Code = "xlsx.large"
	// CodeXLSXActive: a workbook carries programs or objects, or links to something outside
	// itself. Item: the part.
	CodeXLSXActive Code = "xlsx.active"
	// CodeXLSXCell: a value cannot stand in a workbook. Item: the sheet and the cell.
	CodeXLSXCell Code = "xlsx.cell"

	// CodeFilingForm: not a filing folder of our form, or beyond a limit. Item: the file.
	CodeFilingForm Code = "filing.form"
	// CodeFilingNewer: a filing folder of a version that this program does not know. Item: the version.
	CodeFilingNewer Code = "filing.newer"
	// CodeFilingMissing: what has to be in a filing folder is not there. Item: the file, or what it is.
	CodeFilingMissing Code = "filing.missing"
	// CodeFilingExtra: a file in a filing folder that has no place there. Item: the file.
	CodeFilingExtra Code = "filing.extra"
	// CodeFilingAltered: a file of a filing folder is not what its lists say. Item: the file.
	CodeFilingAltered Code = "filing.altered"
	// CodeFilingDiffers: a file of a filing folder is not what the record in it gives. Item: the file.
	CodeFilingDiffers Code = "filing.differs"
	// CodeFilingEarly: the journal of a filing folder ends before the filing began. Item: the
	// meeting's phase.
	CodeFilingEarly Code = "filing.early"
	// CodeFilingUnproven: a text for people in a filing folder that another version of the program
	// wrote; whether it says what the record says cannot be told. Item: the file.
	CodeFilingUnproven Code = "filing.unproven"
	// CodeFilingLack: something must be done before the filing folder can be written. Item: how much.
	CodeFilingLack Code = "filing.lack"

	// CodeFont: a font of the program is damaged or missing.
	CodeFont Code = "font.form"
	// CodeOpenFailed: the outside viewer could not be started.
	CodeOpenFailed Code = "open.failed"
	// CodeViewForm: the document is no PDF that can be shown.
	CodeViewForm Code = "view.form"
	// CodeViewLocked: the document can be read with a password only.
	CodeViewLocked Code = "view.locked"
	// CodeViewFailed: the viewing process could not show what it was to, or cannot be had.
	CodeViewFailed Code = "view.failed"
	// CodeInternal: an unexpected failure; the standard error has the cause.
	CodeInternal Code = "internal"
)

// Codes lists every code once, in the order above.
var Codes = []Code{
	CodeUsage, CodeNoDisplay,
	CodeDirLocked, CodeDirReadOnly, CodeDirFull, CodeDirNewer, CodeDirForeign, CodeDirFailed,
	CodeFileMissing, CodeFileExists, CodeFileUnknown, CodeFileTooLarge, CodeFileForm,
	CodeStoreNewer, CodeStoreForeign, CodeStoreDamaged, CodeStoreUnfinished, CodeStoreFailed, CodeStoreMoved, CodeStoreExists, CodeBackupFailed, CodeBackupForeign,
	CodeMeetingMissing,
	CodeJournalEntry, CodeJournalRoot, CodeJournalRollback, CodeClockMoved, CodeRestored, CodeNoCopy, CodeBlobMissing, CodeBlobAltered, CodeBlobUnknown, CodeDraftAltered, CodeDraftMissing, CodeMetaAltered,
	CodeEventForm, CodeEventNewer, CodeEventIllegal,
	CodeHidden, CodeActPhase, CodeActStage, CodeActRole, CodeActConsent, CodeSeatUnknown, CodeSeatTwin, CodeSeatRoles,
	CodeSeatClaimed, CodeSeatUnclaimed, CodeSeatPresence, CodeSeatElsewhere, CodeChairMissing, CodeChairUnfit,
	CodePromiseMissing, CodeDeclarationMissing, CodeRecused, CodeProjectUnknown, CodeProjectExists, CodeProjectStage,
	CodeProjectOpen, CodeSchemeForm, CodeSchemeWeights,
	CodeRuleUnknown, CodeRuleInput, CodeRegulationUnknown, CodeArticleUnknown, CodeSchemeUnknown, CodeFactType,
	CodePackSize, CodePackEncoding, CodePackYAML, CodePackFeature, CodePackNesting, CodePackCount, CodePackDuplicate, CodePackFormat, CodePackKey,
	CodePackMissing, CodePackArticle, CodePackType, CodePackID, CodePackExpression, CodePackOperands, CodePackInput, CodePackFunction, CodePackWord,
	CodePackSlot, CodePackTerm, CodePackReference, CodePackWeights, CodePackCase, CodePackUntested, CodePackUnused,
	CodePackAfter, CodePackConclusion, CodePackTwin,
	CodePackageKnown, CodePackageOlder, CodePackageSwapped,
	CodePackageGone, CodePackageForeign, CodePackageCut, CodePackageForm, CodePackageLimit, CodePackageName, CodePackageRead,
	CodePackageTag, CodePackageNewer, CodePackageManifest, CodePackageAltered, CodePackageUnsigned,
	CodePackageSignature, CodePackageRole, CodePackageIssuer, CodePackageRevoked, CodePackageUnit,
	CodePackageSecrecy, CodePackageJSON, CodePackageField, CodePackageValue, CodePackageDocument,
	CodePackageKind, CodePackageProgram, CodePackageNested, CodePackageMismatch, CodePackageBomb,
	CodePackageImage, CodePackageRegulation, CodePackageTwin, CodePackageSource, CodeTrustForm, CodeTrustNewer, CodeTrustKnown, CodeTrustUnknown,
	CodeTrustDiffers, CodeFingerprint,
	CodeFactForm, CodeFactUnknown, CodeFactOld, CodeQuorum, CodeRoundNeeded,
	CodeBallotForm, CodeBallotMissing, CodeBallotGiven, CodeBallotSeal, CodeBallotStale, CodeSheetNeeded,
	CodeSheetForm, CodeSheetItem, CodeSheetMark, CodeSheetReason, CodeScoreNone, CodeScoreFew, CodeOutcome, CodeProjectDiffers, CodeConclusionDiffers, CodeItemOpen, CodeItemClosed, CodeAgainstMissing, CodeAgainstUnknown, CodeOpinionMissing,
	CodeVoteConclusion, CodeVoteCount, CodeSignatureGiven, CodeSignatureOrder, CodeSignatureMissing,
	CodeSignatureWitness,
	CodeFulfilmentForm, CodeFulfilmentSame, CodeFulfilmentMissing, CodePositionMissing, CodeDissentMissing, CodeSetStands, CodeSetMissing, CodeSetStale,
	CodeSetDue, CodePaperMoved, CodePapersOpen, CodeSignatureWay, CodePaperDiffers, CodeScanCheck, CodeScanForm,
	CodeStatementForm, CodeStatementNewer, CodeStatementSignature, CodeStatementMeeting,
	CodeStatementSeat, CodeStatementPackage, CodeStatementScheme, CodeStatementRound, CodeStatementKnown,
	CodeStatementOld, CodeStatementGap, CodeStatementFork,
	CodeTextEmpty, CodeTextLong, CodeTextControl, CodeTextGlyph, CodeMaterialForm,
	CodeSecretShort, CodeSecretDiffers, CodeSecretWrong, CodeSecretWait, CodeSecretForm, CodeSecretMissing, CodeSessionClosed, CodeKeyForm,
	CodePDFForm, CodePDFUnsigned, CodePDFRange, CodePDFAltered, CodePDFAppended, CodePDFTime, CodePDFOrder, CodeStrokes, CodeCMSForm,
	CodeChain, CodeCertRole, CodeCertForm, CodeNoAnchor,
	CodeXLSXForm, CodeXLSXLarge, CodeXLSXActive, CodeXLSXCell,
	CodeFilingForm, CodeFilingNewer, CodeFilingMissing, CodeFilingExtra, CodeFilingAltered, CodeFilingDiffers, CodeFilingEarly, CodeFilingUnproven, CodeFilingLack,
	CodeFont, CodeOpenFailed, CodeViewForm, CodeViewLocked, CodeViewFailed, CodeInternal,
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
