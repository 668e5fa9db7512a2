-- Movable names for versions, and versions that should not be chosen any more: heads of the journal.

CREATE TABLE channel (
  algorithm   INTEGER NOT NULL REFERENCES algorithm (id),
  name        TEXT NOT NULL,
  version_seq INTEGER NOT NULL,
  journal_seq INTEGER NOT NULL,
  PRIMARY KEY (algorithm, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE yank (
  algorithm   INTEGER NOT NULL REFERENCES algorithm (id),
  version_seq INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  replacement TEXT,
  journal_seq INTEGER NOT NULL,
  PRIMARY KEY (algorithm, version_seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER channel_insert BEFORE INSERT ON channel BEGIN
  SELECT RAISE(ABORT, 'a channel needs its version') WHERE NOT EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.version_seq);
END;
CREATE TRIGGER channel_update BEFORE UPDATE ON channel BEGIN
  SELECT RAISE(ABORT, 'a channel needs its version') WHERE NOT EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.version_seq);
END;
CREATE TRIGGER yank_insert BEFORE INSERT ON yank BEGIN
  SELECT RAISE(ABORT, 'a yank needs its version') WHERE NOT EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.version_seq);
END;
