-- Version 2: content can be removed. Key files are to be no more once a meeting
-- is filed, on the record: the journal names every digest that there ever was and
-- says which are destroyed, so what goes without an entry is found missing.
PRAGMA user_version = 2;

DROP TRIGGER blob_stays;
