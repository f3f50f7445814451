-- The text's part of the cache: the words and facts of the postmortems of one tip. A file is complete
-- and never changed: the next one, made from it or anew, replaces it; see pm/index.h.

-- key, tip
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE documents (
  n INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  blob BLOB NOT NULL,     -- its content, in git
  id TEXT NOT NULL,       -- as it is among the words
  stated INTEGER NOT NULL, -- or by default: then it follows from all the paths
  day INTEGER,            -- its date, in days since 1970
  began INTEGER,          -- seconds since 1970: when it started
  severity INTEGER        -- 0 is the worst
);
CREATE INDEX documents_day ON documents (day);

-- What is stated, by the field's name: each value of a fact whose values are compared whole, an empty
-- one of other facts. `value` is folded; `shown` is as it is printed, where that differs.
CREATE TABLE facts (
  name TEXT NOT NULL COLLATE NOCASE,
  how INTEGER NOT NULL,   -- enum fact_how, or FACT_TAG_END; 1 and 2 have no value
  value TEXT NOT NULL,
  shown TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (name, how, value, shown, document)
) WITHOUT ROWID;

-- The same as numbers, where they are compared as such; and what is derived.
CREATE TABLE numbers (
  name TEXT NOT NULL COLLATE NOCASE,
  measure INTEGER NOT NULL, -- enum measure of text_rows.h
  number REAL NOT NULL,
  beside NOT NULL,        -- of money its currency, of a time its distance from UTC
  document INTEGER NOT NULL,
  PRIMARY KEY (name, measure, number, beside, document)
) WITHOUT ROWID;

-- A word stands there twice, at one place: as its stem, and as itself (see tokenizer.c).
CREATE VIRTUAL TABLE words USING fts5 (title, facts, body, content='', tokenize='pm');
