-- The text's part of the cache: the words and tags of the postmortems of one tip. A file is written
-- once, whole, and replaced by the next; see pm/index.h.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE documents (
  n INTEGER PRIMARY KEY,
  path TEXT NOT NULL
);

-- Names as the query language has them after folding; tags with all their ancestors.
CREATE TABLE facts (
  document INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX facts_name ON facts (name, value, document);

CREATE VIRTUAL TABLE words USING fts5 (title, facts, body, content='', tokenize='pm');
