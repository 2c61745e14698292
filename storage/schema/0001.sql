-- A meeting's database, version 1. What has landed is never changed: a later
-- version is a further file beside this one.
PRAGMA application_id = 0x48655969; -- "HeYi"
PRAGMA user_version = 1;

-- The record: the canonical bytes of each event and the actor's signature.
CREATE TABLE journal (
    idx       INTEGER NOT NULL PRIMARY KEY CHECK (idx >= 0),
    event     BLOB    NOT NULL CHECK (length(event) > 0),
    signature BLOB    NOT NULL CHECK (length(signature) > 0)
) STRICT;

-- Content that events name by its SHA-256, in lower-case hex.
CREATE TABLE blob (
    digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
    body   BLOB NOT NULL
) STRICT;

-- Unfinished text, sealed to its owner and signed by him.
CREATE TABLE draft (
    key       TEXT    NOT NULL,
    owner     TEXT    NOT NULL,
    version   INTEGER NOT NULL CHECK (version > 0),
    cipher    BLOB    NOT NULL CHECK (length(cipher) > 0),
    signature BLOB    NOT NULL CHECK (length(signature) > 0),
    PRIMARY KEY (key, owner)
) STRICT, WITHOUT ROWID;

-- 'meeting': the meeting's id. 'checkpoint': what the journal amounts to.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The triggers guard against slips in our own statements; against a hand that
-- edits the file stand the signatures and the root.
CREATE TRIGGER journal_follows BEFORE INSERT ON journal
WHEN NEW.idx <> (SELECT ifnull(max(idx) + 1, 0) FROM journal)
BEGIN
    SELECT RAISE(ABORT, 'journal: an entry follows the one before');
END;
CREATE TRIGGER journal_stands BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'journal: an entry is never changed');
END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'journal: an entry is never removed');
END;
CREATE TRIGGER blob_stands BEFORE UPDATE ON blob
BEGIN
    SELECT RAISE(ABORT, 'blob: content is never changed');
END;
CREATE TRIGGER blob_stays BEFORE DELETE ON blob
BEGIN
    SELECT RAISE(ABORT, 'blob: content is never removed');
END;
