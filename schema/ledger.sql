-- The ledger's part of the cache: what became of every action item, at one tip. A file is written
-- once, whole, and replaced by the next; see pm/index.h.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE commits (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  at INTEGER NOT NULL, -- seconds since the epoch
  author TEXT NOT NULL,
  email TEXT NOT NULL
);

CREATE TABLE documents (
  n INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  name TEXT NOT NULL,  -- the displayed id
  present INTEGER NOT NULL,
  readable INTEGER NOT NULL
);
CREATE INDEX documents_name ON documents (name);
CREATE INDEX documents_path ON documents (path);

CREATE TABLE items (
  n INTEGER PRIMARY KEY,
  document INTEGER NOT NULL,
  number INTEGER NOT NULL,
  slot INTEGER,        -- its place among the items that stand in the document
  id TEXT NOT NULL,    -- explicit; '' for none
  ref TEXT NOT NULL,
  line INTEGER NOT NULL,
  text TEXT NOT NULL,
  nested TEXT NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL,
  owners TEXT NOT NULL,
  due INTEGER,         -- days since 1970-01-01
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
  successor INTEGER
);
CREATE INDEX items_state ON items (state);
CREATE INDEX items_document ON items (document, slot);

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
CREATE INDEX events_item ON events (item);
