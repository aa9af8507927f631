-- The evidence database: what was read (upper half) and what follows from it (lower half, always recomputable).

-- Rows of `meta` and of what was carry a digest of themselves, articles one of all that was read of them (digests.py).

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, digest INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
-- schemaVersion, graphId, model, causes, decisions, changes (grows with every change of the lower half: copies compare it)

CREATE TABLE article (
  key TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  published TEXT, outlet TEXT, url TEXT, path TEXT,
  given TEXT,                             -- the id that a feed gave it
  address TEXT,                           -- its canonical URL, by which the same article is known again (addresses.py)
  language TEXT NOT NULL,
  boilerplate TEXT NOT NULL,              -- JSON [[start, end], …]
  cluster TEXT NOT NULL,                  -- near-copies share it; the key where there are none
  credit TEXT,                            -- the agency or outlet whose story it says it brings
  signature BLOB,                         -- by which near-copies are found (copies.py)
  fingerprint TEXT NOT NULL,              -- what read it (reading/fingerprint.py)
  read_at TEXT NOT NULL,
  digest TEXT NOT NULL DEFAULT ''         -- of this row without `cluster`, and of all rows below that were read of it
) WITHOUT ROWID;

CREATE INDEX article_of_cluster ON article(cluster);
CREATE INDEX article_of_fingerprint ON article(fingerprint);
CREATE INDEX article_of_address ON article(address);

CREATE TABLE signed (  -- a number for each article, for `band`
  number INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE REFERENCES article(key) ON DELETE CASCADE
);
CREATE TABLE band (  -- what near-copies share at least one of (copies.py); goes with its article
  hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hash, number)
) WITHOUT ROWID;

CREATE TABLE local_actor (
  article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE, local TEXT NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, entry TEXT, country TEXT, forms TEXT NOT NULL,  -- JSON
  PRIMARY KEY (article, local)
) WITHOUT ROWID;

CREATE TABLE mention (
  article TEXT NOT NULL, local TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  surface TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (article, start, "end", local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE evidence (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE,
  type TEXT NOT NULL, sentence TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL, frame TEXT NOT NULL,
  reader TEXT NOT NULL,                   -- which reader of claims found it (reading/readers.py)
  score REAL NOT NULL,                    -- how surely it is right, as the reader says: 0 to 1
  status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL,
  hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,                  -- JSON
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
CREATE INDEX evidence_of_article ON evidence(article);

CREATE TABLE filler (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, role TEXT NOT NULL, local TEXT NOT NULL,
  surface TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (evidence, role, local)
) WITHOUT ROWID;

CREATE TABLE speaker (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, depth INTEGER NOT NULL,  -- 1 is the nearest
  text TEXT NOT NULL, local TEXT,
  PRIMARY KEY (evidence, depth)
) WITHOUT ROWID;

-- What was. It depends on when kgraph read what, so it is no part of the canonical export. ---------------------------

CREATE TABLE past_article (  -- versions that their outlet has corrected since, and articles that were taken out
  key TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, published TEXT, outlet TEXT,
  url TEXT, path TEXT, read_at TEXT NOT NULL, until TEXT NOT NULL,
  said TEXT NOT NULL,                     -- JSON [{type, status, sentence, actors}, …]
  digest INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (key, until, version)
) WITHOUT ROWID;

CREATE TABLE renamed (  -- articles that turned out to be others: by which decisions about them are found again
  old TEXT PRIMARY KEY, new TEXT NOT NULL, address TEXT, digest INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX renamed_of_address ON renamed(address);

CREATE TABLE past_claim (  -- how each claim came, changed and went: what it was after each change
  claim TEXT NOT NULL, change INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL,  -- new, changed, gone
  type TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, latest_status TEXT NOT NULL, stage TEXT NOT NULL,
  realised INTEGER NOT NULL, current INTEGER NOT NULL, disputed INTEGER NOT NULL, articles INTEGER NOT NULL,
  origins INTEGER NOT NULL, denying_origins INTEGER NOT NULL, review_status TEXT, trust REAL NOT NULL,
  digest INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (claim, change)
) WITHOUT ROWID;

-- What follows. -------------------------------------------------------------------------------------------------------

CREATE TABLE actor (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, aliases TEXT NOT NULL,       -- JSON, sorted
  country TEXT, articles INTEGER NOT NULL, in_catalogue INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE resolution (  -- which actor of the graph each local actor is
  article TEXT NOT NULL, local TEXT NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (article, local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX resolution_of_actor ON resolution(actor);

CREATE TABLE claim (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  denying_origins INTEGER NOT NULL, first_reported TEXT, last_reported TEXT, event_from TEXT, event_to TEXT,
  valid_from TEXT, valid_to TEXT, review_status TEXT,
  trust REAL NOT NULL,                    -- how surely an article says so: the best score of its evidence after review
  credibility TEXT                        -- Admiralty digit; with a star it is a machine's proposal
) WITHOUT ROWID;

CREATE TABLE claim_role (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, role TEXT NOT NULL, actor TEXT NOT NULL,
  evidence INTEGER NOT NULL,              -- how many sentences name it in this role
  PRIMARY KEY (claim, role, actor)
) WITHOUT ROWID;
CREATE INDEX claim_role_of_actor ON claim_role(actor);

CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, evidence TEXT NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
CREATE INDEX claim_of_evidence ON claim_evidence(evidence);

CREATE TABLE conflict (claim TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (claim, other)) WITHOUT ROWID;

CREATE TABLE edge (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  first_reported TEXT, last_reported TEXT, valid_from TEXT, valid_to TEXT,
  trust REAL NOT NULL,                    -- the best of its claims
  items TEXT NOT NULL, claims TEXT NOT NULL                                                 -- JSON, sorted
) WITHOUT ROWID;
CREATE INDEX edge_of_source ON edge(source);
CREATE INDEX edge_of_target ON edge(target);

CREATE TABLE background (  -- from the catalogue, between actors of the graph (and what they are part of)
  type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,  -- '' unknown
  PRIMARY KEY (type, source, target, "from")
) WITHOUT ROWID;

CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE revision (  -- evidence as a person left it
  evidence TEXT PRIMARY KEY, review_status TEXT, status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL,
  certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, event_from TEXT, event_to TEXT,
  date_precision TEXT
) WITHOUT ROWID;

CREATE TABLE added (  -- evidence that a person added, with the columns of evidence
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL, type TEXT NOT NULL, sentence TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL,
  trigger_end INTEGER NOT NULL, frame TEXT NOT NULL, reader TEXT NOT NULL, score REAL NOT NULL, status TEXT NOT NULL,
  polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL,
  voice TEXT NOT NULL, cues TEXT NOT NULL,
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;

CREATE TABLE outlet (  -- who brought the articles; letter: A to F as a person graded it, owner: its group
  name TEXT PRIMARY KEY, articles INTEGER NOT NULL, letter TEXT, owner TEXT
) WITHOUT ROWID;

CREATE TABLE naming (  -- by which names and kinds articles know an actor, and how many local actors are named so
  actor TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,  -- '' where no text says it
  forms TEXT NOT NULL, locals INTEGER NOT NULL,
  PRIMARY KEY (actor, name, kind, country, forms)
) WITHOUT ROWID;

CREATE TABLE learnt (  -- the ids that local actors would have if the catalogue did not know them
  old TEXT NOT NULL, new TEXT NOT NULL, locals INTEGER NOT NULL, PRIMARY KEY (old, new)
) WITHOUT ROWID;

CREATE TABLE rejected (  -- the evidence of claims that a person rejected
  claim TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
CREATE INDEX rejected_of_evidence ON rejected(evidence);

CREATE TABLE decided (  -- the decisions that have been taken over, in their order
  number INTEGER PRIMARY KEY, decision TEXT NOT NULL,   -- JSON, a line of decisions.jsonl
  evidence TEXT, actors TEXT NOT NULL                   -- what it came to be about, and whom it names (JSON)
);

CREATE TABLE orphan (decision TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;  -- decisions that fit nothing now

CREATE VIEW told AS  -- all evidence as it stands after review: what everything but reading and projection looks at
SELECT e.id, e.event, e.article, e.type, e.sentence, e.start, e."end", e."trigger", e.trigger_start, e.trigger_end,
       e.frame, e.reader, iif(r.review_status IN ('accepted', 'edited', 'disbelieved'), 1.0, e.score) AS score,
       coalesce(r.status, e.status) AS status, coalesce(r.polarity, e.polarity) AS polarity,
       coalesce(r.stage, e.stage) AS stage, coalesce(r.certainty, e.certainty) AS certainty,
       coalesce(r.hypothetical, e.hypothetical) AS hypothetical, coalesce(r.voice, e.voice) AS voice, e.cues,
       iif(r.evidence IS NULL, e.event_from, r.event_from) AS event_from,
       iif(r.evidence IS NULL, e.event_to, r.event_to) AS event_to,
       iif(r.evidence IS NULL, e.date_precision, r.date_precision) AS date_precision, r.review_status
FROM evidence AS e LEFT JOIN revision AS r ON r.evidence = e.id
UNION ALL SELECT *, 'manual' FROM added;
