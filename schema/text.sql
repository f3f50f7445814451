-- The text's part of the cache: the words and tags of the postmortems of one tip. A file is complete
-- and never changed: the next one, made from it or anew, replaces it; see pm/index.h.

-- key, tip
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE documents (
  n INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  id TEXT NOT NULL,       -- as it is among the words
  stated INTEGER NOT NULL -- or by default: then it follows from all the paths
);

-- Names as the query language has them after folding; tags with all their ancestors.
CREATE TABLE facts (
  document INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (document, name, value)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (title, facts, body, content='', tokenize='pm');

CREATE INDEX facts_name ON facts (name, value, document);
CREATE INDEX documents_path ON documents (path);
