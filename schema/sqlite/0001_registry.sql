-- The registry: which version names which manifest, and who moved what when.
-- Times are milliseconds since 1970, UTC, from the application. Digests are 64 hexadecimal digits.
-- Rows of version, manifest, manifest_object, journal and request are only ever inserted: the triggers
-- below refuse UPDATE, DELETE and REPLACE themselves, and check references without foreign_keys.

CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE algorithm (
  id              INTEGER NOT NULL PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  collision_key   TEXT NOT NULL UNIQUE,  -- the name with - _ . taken for one character
  version_seq     INTEGER NOT NULL,      -- of the last version; dense from 1
  highest_release TEXT,                  -- its number, yanked or not
  revision        INTEGER NOT NULL,      -- moved by every change of this algorithm
  journal_seq     INTEGER NOT NULL,      -- of the last event; dense from 1
  journal_at      INTEGER NOT NULL,      -- time of the last event
  journal_head    TEXT NOT NULL          -- digest of the last event
) STRICT, WITHOUT ROWID;

CREATE TABLE object (
  digest TEXT NOT NULL PRIMARY KEY,
  size   INTEGER NOT NULL                -- bytes
) STRICT, WITHOUT ROWID;

CREATE TABLE placement (
  object TEXT NOT NULL REFERENCES object (digest),
  store  TEXT NOT NULL,                  -- the store's id
  key    TEXT NOT NULL,
  owned  INTEGER NOT NULL,               -- 0: bytes that stay in somebody else's place
  PRIMARY KEY (object, store)
) STRICT, WITHOUT ROWID;

CREATE TABLE manifest (
  digest  TEXT NOT NULL PRIMARY KEY,
  essence TEXT NOT NULL,                 -- equal for manifests that say the same
  bytes   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_essence ON manifest (essence);

CREATE TABLE manifest_object (
  manifest TEXT NOT NULL REFERENCES manifest (digest),
  object   TEXT NOT NULL REFERENCES object (digest),
  PRIMARY KEY (manifest, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_object_object ON manifest_object (object);

CREATE TABLE version (
  algorithm    INTEGER NOT NULL REFERENCES algorithm (id),
  major        INTEGER NOT NULL,
  minor        INTEGER NOT NULL,
  patch        INTEGER NOT NULL,
  precedence   TEXT NOT NULL,            -- sorts as the prerelease does; '~' for a release
  prerelease   TEXT NOT NULL,
  build        TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  manifest     TEXT NOT NULL REFERENCES manifest (digest),
  previous     TEXT,
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  notes        TEXT NOT NULL,
  git_commit   TEXT NOT NULL,
  git_remote   TEXT NOT NULL,
  git_dirty    INTEGER,
  record       TEXT NOT NULL,            -- digest of this row
  PRIMARY KEY (algorithm, major, minor, patch, precedence),
  UNIQUE (algorithm, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_release ON version (algorithm, major, minor, patch, seq) WHERE precedence = '~';
CREATE INDEX version_manifest ON version (manifest);

CREATE TABLE journal (
  algorithm INTEGER NOT NULL REFERENCES algorithm (id),
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  who       TEXT NOT NULL,
  event     TEXT NOT NULL,
  version   TEXT NOT NULL,               -- the version it is about, or empty
  name      TEXT NOT NULL,               -- the label, channel or key it is about, or empty
  old       TEXT NOT NULL,
  new       TEXT NOT NULL,
  why       TEXT NOT NULL,
  record    TEXT NOT NULL,               -- of a publish: the version's record
  digest    TEXT NOT NULL,               -- of the digest before and this row
  PRIMARY KEY (algorithm, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_name ON journal (algorithm, event, name, new);
CREATE INDEX journal_digest ON journal (digest);

-- Heads: what the journal's events amount to, derived in the same transaction.

CREATE TABLE label (
  algorithm   INTEGER NOT NULL REFERENCES algorithm (id),
  name        TEXT NOT NULL,
  object      TEXT NOT NULL REFERENCES object (digest),
  journal_seq INTEGER NOT NULL,
  moved_at    INTEGER NOT NULL,
  PRIMARY KEY (algorithm, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_object ON label (object);

CREATE TABLE note (
  algorithm   INTEGER NOT NULL REFERENCES algorithm (id),
  version_seq INTEGER NOT NULL,
  name        TEXT NOT NULL,
  value       TEXT NOT NULL,
  journal_seq INTEGER NOT NULL,
  PRIMARY KEY (algorithm, version_seq, name)
) STRICT, WITHOUT ROWID;

-- What is under way, and what was answered.

CREATE TABLE upload (
  id         TEXT NOT NULL PRIMARY KEY,  -- also the name of its staging file
  algorithm  INTEGER NOT NULL REFERENCES algorithm (id),
  state      TEXT NOT NULL CHECK (state IN ('pending', 'stored')),
  object     TEXT,                       -- once known
  size       INTEGER,                    -- bytes, once known
  host       TEXT NOT NULL,
  boot       TEXT NOT NULL,              -- the boot that the process id belongs to
  pid        INTEGER NOT NULL,
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
  algorithm INTEGER NOT NULL REFERENCES algorithm (id),
  key       TEXT NOT NULL,
  request   TEXT NOT NULL,               -- digest of what was asked
  version   TEXT NOT NULL,               -- the answer
  previous  TEXT,
  created   INTEGER NOT NULL,
  manifest  TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (algorithm, key)
) STRICT, WITHOUT ROWID;

-- A BEFORE INSERT trigger also stops INSERT OR REPLACE, which walks past the other two kinds.

CREATE TRIGGER version_insert BEFORE INSERT ON version BEGIN
  SELECT RAISE(ABORT, 'a published version never changes') WHERE EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.seq);
  SELECT RAISE(ABORT, 'a published version never changes') WHERE EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND major = NEW.major
      AND minor = NEW.minor AND patch = NEW.patch AND precedence = NEW.precedence);
  SELECT RAISE(ABORT, 'a version needs its algorithm, next in sequence') WHERE NOT EXISTS
    (SELECT 1 FROM algorithm WHERE id = NEW.algorithm AND version_seq = NEW.seq);
  SELECT RAISE(ABORT, 'a version needs its manifest') WHERE NOT EXISTS
    (SELECT 1 FROM manifest WHERE digest = NEW.manifest);
END;
CREATE TRIGGER version_update BEFORE UPDATE ON version BEGIN
  SELECT RAISE(ABORT, 'a published version never changes');
END;
CREATE TRIGGER version_delete BEFORE DELETE ON version BEGIN
  SELECT RAISE(ABORT, 'a published version is never deleted');
END;

CREATE TRIGGER manifest_insert BEFORE INSERT ON manifest BEGIN
  SELECT RAISE(ABORT, 'a published manifest never changes') WHERE EXISTS
    (SELECT 1 FROM manifest WHERE digest = NEW.digest);
END;
CREATE TRIGGER manifest_update BEFORE UPDATE ON manifest BEGIN
  SELECT RAISE(ABORT, 'a published manifest never changes');
END;
CREATE TRIGGER manifest_delete BEFORE DELETE ON manifest BEGIN
  SELECT RAISE(ABORT, 'a published manifest is never deleted');
END;

CREATE TRIGGER manifest_object_insert BEFORE INSERT ON manifest_object BEGIN
  SELECT RAISE(ABORT, 'a published manifest never changes') WHERE EXISTS
    (SELECT 1 FROM manifest_object WHERE manifest = NEW.manifest AND object = NEW.object);
  SELECT RAISE(ABORT, 'a manifest needs its objects') WHERE NOT EXISTS
    (SELECT 1 FROM object WHERE digest = NEW.object);
END;
CREATE TRIGGER manifest_object_update BEFORE UPDATE ON manifest_object BEGIN
  SELECT RAISE(ABORT, 'a published manifest never changes');
END;
CREATE TRIGGER manifest_object_delete BEFORE DELETE ON manifest_object BEGIN
  SELECT RAISE(ABORT, 'a published manifest never changes');
END;

CREATE TRIGGER journal_insert BEFORE INSERT ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is only appended to') WHERE EXISTS
    (SELECT 1 FROM journal WHERE algorithm = NEW.algorithm AND seq = NEW.seq);
  SELECT RAISE(ABORT, 'an event needs its algorithm, next in sequence') WHERE NOT EXISTS
    (SELECT 1 FROM algorithm WHERE id = NEW.algorithm AND journal_seq = NEW.seq);
END;
CREATE TRIGGER journal_update BEFORE UPDATE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is only appended to');
END;
CREATE TRIGGER journal_delete BEFORE DELETE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is only appended to');
END;

CREATE TRIGGER request_insert BEFORE INSERT ON request BEGIN
  SELECT RAISE(ABORT, 'an answer is given once') WHERE EXISTS
    (SELECT 1 FROM request WHERE algorithm = NEW.algorithm AND key = NEW.key);
END;
CREATE TRIGGER request_update BEFORE UPDATE ON request BEGIN
  SELECT RAISE(ABORT, 'an answer is given once');
END;
CREATE TRIGGER request_delete BEFORE DELETE ON request BEGIN
  SELECT RAISE(ABORT, 'an answer is given once');
END;

CREATE TRIGGER algorithm_insert BEFORE INSERT ON algorithm BEGIN
  SELECT RAISE(ABORT, 'an algorithm stays') WHERE EXISTS
    (SELECT 1 FROM algorithm WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'an algorithm stays') WHERE EXISTS
    (SELECT 1 FROM algorithm WHERE name = NEW.name);
  SELECT RAISE(ABORT, 'an algorithm stays') WHERE EXISTS
    (SELECT 1 FROM algorithm WHERE collision_key = NEW.collision_key);
END;
CREATE TRIGGER algorithm_update BEFORE UPDATE ON algorithm BEGIN
  SELECT RAISE(ABORT, 'an algorithm keeps its name, and its counters only grow') WHERE
    NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.collision_key <> OLD.collision_key OR
    NEW.version_seq NOT IN (OLD.version_seq, OLD.version_seq + 1) OR
    NEW.journal_seq NOT IN (OLD.journal_seq, OLD.journal_seq + 1) OR
    NEW.revision < OLD.revision OR NEW.journal_at < OLD.journal_at;
END;
CREATE TRIGGER algorithm_delete BEFORE DELETE ON algorithm BEGIN
  SELECT RAISE(ABORT, 'an algorithm stays');
END;

CREATE TRIGGER object_insert BEFORE INSERT ON object BEGIN
  SELECT RAISE(ABORT, 'an object never changes') WHERE EXISTS
    (SELECT 1 FROM object WHERE digest = NEW.digest);
END;
CREATE TRIGGER object_update BEFORE UPDATE ON object BEGIN
  SELECT RAISE(ABORT, 'an object never changes');
END;
CREATE TRIGGER object_delete BEFORE DELETE ON object BEGIN
  SELECT RAISE(ABORT, 'a published object is never deleted') WHERE EXISTS
    (SELECT 1 FROM manifest_object WHERE object = OLD.digest);
END;

CREATE TRIGGER label_insert BEFORE INSERT ON label BEGIN
  SELECT RAISE(ABORT, 'a label needs its object') WHERE NOT EXISTS
    (SELECT 1 FROM object WHERE digest = NEW.object);
END;
CREATE TRIGGER label_update BEFORE UPDATE ON label BEGIN
  SELECT RAISE(ABORT, 'a label needs its object') WHERE NOT EXISTS
    (SELECT 1 FROM object WHERE digest = NEW.object);
END;
