-- An upload belongs to no algorithm: nothing of one is there before its first label or version is.

ALTER TABLE upload DROP COLUMN algorithm;
