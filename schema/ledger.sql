-- The ledger's part of the cache: what became of every action item, at one tip. A file is complete
-- and never changed: the next one, made from it or anew, replaces it; see pm/index.h.

-- key, tip; chain, forward, shallow; documents, unreadable; previous, ids_taken: see ledger_continue.c
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE commits (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL,    -- zero: not committed yet
  at INTEGER NOT NULL, -- seconds since the epoch
  author TEXT NOT NULL,
  email TEXT NOT NULL
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
  owners TEXT NOT NULL, -- one a line, as links are
  due INTEGER,         -- days since 1970-01-01, as all dates here
  first_due INTEGER,
  last_due INTEGER,
  type TEXT NOT NULL,
  priority TEXT NOT NULL,
  tracker TEXT NOT NULL,
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
  key TEXT NOT NULL,
  grouped TEXT NOT NULL,
  position INTEGER NOT NULL,
  since INTEGER NOT NULL,
  promised INTEGER NOT NULL
);

CREATE TABLE events (
  n INTEGER PRIMARY KEY,
  item INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  days INTEGER NOT NULL,
  change INTEGER NOT NULL,
  landing INTEGER NOT NULL
);

-- Made when the rows are there.
CREATE INDEX documents_name ON documents (name);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_id ON documents (id) WHERE id <> '';
CREATE INDEX items_state ON items (state, due, tracker); -- all that the dashboard counts
CREATE INDEX items_document ON items (document, slot);
CREATE INDEX items_since ON items (since);
CREATE INDEX events_item ON events (item);
