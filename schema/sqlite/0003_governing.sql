-- What rollback needs: the versions that a channel named before, as a stack. And where events come
-- from that happened in another registry, and objects that are waiting to be removed.

ALTER TABLE channel ADD COLUMN hold TEXT;  -- why it is not to be promoted; null: it may be
CREATE INDEX channel_version ON channel (algorithm, version_seq);

-- A head like `channel`: derived from the same events. The highest depth is what the channel names.
CREATE TABLE channel_stack (
  algorithm   INTEGER NOT NULL REFERENCES algorithm (id),
  name        TEXT NOT NULL,
  depth       INTEGER NOT NULL,          -- 1 for the lowest; dense
  version_seq INTEGER NOT NULL,
  PRIMARY KEY (algorithm, name, depth)
) STRICT, WITHOUT ROWID;

INSERT INTO channel_stack (algorithm, name, depth, version_seq)
  SELECT algorithm, name, 1, version_seq FROM channel;

-- Of an imported event: its digest and time in the journal where it happened.
ALTER TABLE journal ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN origin_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX journal_origin ON journal (algorithm, origin) WHERE origin <> '';

-- Objects that nothing needs: still in the store, removed a grace after `trashed_at`.
CREATE TABLE trash (
  object     TEXT NOT NULL,
  store      TEXT NOT NULL,
  size       INTEGER NOT NULL,           -- bytes
  trashed_at INTEGER NOT NULL,
  PRIMARY KEY (object, store)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER yank_update BEFORE UPDATE ON yank BEGIN
  SELECT RAISE(ABORT, 'a yank needs its version') WHERE NOT EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.version_seq);
END;
CREATE TRIGGER channel_stack_insert BEFORE INSERT ON channel_stack BEGIN
  SELECT RAISE(ABORT, 'a channel needs its version') WHERE NOT EXISTS
    (SELECT 1 FROM version WHERE algorithm = NEW.algorithm AND seq = NEW.version_seq);
END;
