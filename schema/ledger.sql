-- The ledger's part of the cache: what became of every action item, at one tip. A file is complete
-- and never changed: the next one, or the pages that differ, come beside it; see pm/index.h.

-- key, tip; chain, forward, shallow; documents, unreadable; previous, ids_taken; edits, rows: see
-- ledger_continue.c
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- What many rows say is kept once, and named there by its number: see words.c.
CREATE TABLE words (
  n INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
);
CREATE TABLE people (
  n INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE -- author and email, with a line end between them
);

CREATE TABLE commits (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL,    -- zero: not committed yet
  at INTEGER NOT NULL, -- seconds since the epoch
  author INTEGER NOT NULL -- of people
);

CREATE TABLE documents (
  n INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  name TEXT NOT NULL,  -- the displayed id
  id TEXT NOT NULL,    -- stated; '' for none
  present INTEGER NOT NULL,
  readable INTEGER NOT NULL,
  draft INTEGER NOT NULL,
  numbers INTEGER NOT NULL, -- given to its items so far
  version BLOB,        -- the blob that was readable last
  content BLOB,        -- the last blob
  created INTEGER NOT NULL, -- its first landing
  updated INTEGER NOT NULL, -- its last
  id_since INTEGER NOT NULL,
  gone INTEGER NOT NULL -- how many were gone from its path when it went; 0 while it is there
);

CREATE TABLE items (
  n INTEGER PRIMARY KEY,
  document INTEGER NOT NULL,
  number INTEGER NOT NULL,
  slot INTEGER,        -- its place among the items that stand in the document
  id TEXT NOT NULL,    -- explicit; '' for none
  label TEXT NOT NULL, -- what follows # in its reference
  line INTEGER NOT NULL,
  text TEXT NOT NULL,
  nested TEXT NOT NULL,
  state INTEGER NOT NULL,
  stated INTEGER NOT NULL, -- the state that its document gave it last
  reason TEXT NOT NULL,
  owners INTEGER NOT NULL, -- of words; one a line, as links are
  due INTEGER,         -- days since 1970-01-01, as all dates here
  first_due INTEGER,
  last_due INTEGER,
  type INTEGER NOT NULL,     -- of words
  priority INTEGER NOT NULL, -- of words
  tracker TEXT NOT NULL,
  elsewhere INTEGER NOT NULL, -- it is followed up at its tracker
  links TEXT NOT NULL,
  opened_change INTEGER,
  opened_landing INTEGER,
  closed_change INTEGER,
  closed_landing INTEGER,
  slips INTEGER NOT NULL,
  slipped_days INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  successor INTEGER,
  -- what is needed to recognise it later
  key TEXT,            -- NULL: the text
  grouped TEXT NOT NULL,
  position INTEGER NOT NULL,
  since INTEGER NOT NULL,
  promised INTEGER NOT NULL
);

-- An item's life, oldest first.
CREATE TABLE events (
  item INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT,          -- NULL: the text that the item has
  days INTEGER NOT NULL,
  change INTEGER NOT NULL,
  landing INTEGER NOT NULL,
  PRIMARY KEY (item, n)
) WITHOUT ROWID;

-- The documents of items that appeared at `previous`.
CREATE TABLE fresh (document INTEGER PRIMARY KEY);

-- How many items there are, so that nobody counts them.
CREATE TABLE tallies (
  state INTEGER NOT NULL,
  elsewhere INTEGER NOT NULL,
  due NOT NULL,        -- of the unresolved; '' for none
  items INTEGER NOT NULL,
  PRIMARY KEY (state, elsewhere, due)
) WITHOUT ROWID;

-- Made when the rows are there.
CREATE INDEX documents_name ON documents (name);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_id ON documents (id) WHERE id <> '';
CREATE INDEX items_document ON items (document, slot);
-- Of the unresolved all that a list is ordered by, and what is asked of them most.
CREATE INDEX items_due ON items (elsewhere, due, document, number) WHERE state <= 2;
CREATE INDEX items_owners ON items (owners, slips, elsewhere, due, document, number) WHERE state <= 2;
