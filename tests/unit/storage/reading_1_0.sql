BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	utc TEXT NOT NULL, 
	utc_offset_minutes INTEGER NOT NULL, 
	mono_ms INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	role TEXT NOT NULL, 
	session TEXT NOT NULL, 
	app TEXT NOT NULL, 
	schema_version TEXT NOT NULL, 
	action TEXT NOT NULL, 
	case_code TEXT, 
	item TEXT, 
	old TEXT, 
	new TEXT, 
	reason TEXT, 
	prev TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2026-11-22T01:27:02.570Z',0,4720970,'coordinator','coordinator','2f4a2773c2369bdd','source','1.0','reading.prepared',NULL,NULL,NULL,'45c630f550da985850e293f9e211e9225df11d0e81d193c5db27167459191d56',NULL,'0000000000000000000000000000000000000000000000000000000000000000','572581ae9dd4f6c2256b509847841039e1eda4323b64ae101f3fab02cdd7a5e8');
INSERT INTO "audit" VALUES(2,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'0',NULL,'572581ae9dd4f6c2256b509847841039e1eda4323b64ae101f3fab02cdd7a5e8','8cda1f1eac27942e34889d1554aa30554df4c7112e20a6028b3168385cfbe3ff');
INSERT INTO "audit" VALUES(3,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/radiocarpal',NULL,'1',NULL,'8cda1f1eac27942e34889d1554aa30554df4c7112e20a6028b3168385cfbe3ff','05fe4161da845b8da982090744c1e92cc5b282f3f68f2a7851ab50a77caeaebb');
INSERT INTO "audit" VALUES(4,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'2',NULL,'05fe4161da845b8da982090744c1e92cc5b282f3f68f2a7851ab50a77caeaebb','a5c8ca1d3556479418756588af98bf13c18aab3b91b2fd8ffbd22c888abbc48c');
INSERT INTO "audit" VALUES(5,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp2',NULL,'3',NULL,'a5c8ca1d3556479418756588af98bf13c18aab3b91b2fd8ffbd22c888abbc48c','91da5b1bf40f5119745f2b8d134aa6967a59e10bb1b028d1c5cc081048189576');
INSERT INTO "audit" VALUES(6,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp3',NULL,'0',NULL,'91da5b1bf40f5119745f2b8d134aa6967a59e10bb1b028d1c5cc081048189576','74cab6a89c66c4edd9bed290056a5ab921ec82fa98348180603747acf1826efe');
INSERT INTO "audit" VALUES(7,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp4',NULL,'1',NULL,'74cab6a89c66c4edd9bed290056a5ab921ec82fa98348180603747acf1826efe','5b152dd30858ad15b57fd34e3b8ac7100a1dee457d9adada0eb0b5bbb53de366');
INSERT INTO "audit" VALUES(8,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp5',NULL,'2',NULL,'5b152dd30858ad15b57fd34e3b8ac7100a1dee457d9adada0eb0b5bbb53de366','ce678ffc16b8866bc72ca6b4642ae6f2964edd986fc93692450ceb8b372a5928');
INSERT INTO "audit" VALUES(9,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/distal_radioulnar',NULL,'3',NULL,'ce678ffc16b8866bc72ca6b4642ae6f2964edd986fc93692450ceb8b372a5928','f86d4b217a46e534b6e1f9ddf66463408edd07cb3200d2da25311da9f559b12b');
INSERT INTO "audit" VALUES(10,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/radiocarpal',NULL,'0',NULL,'f86d4b217a46e534b6e1f9ddf66463408edd07cb3200d2da25311da9f559b12b','0f2cf26e148f10dbe1c9b8095dc8683d11398024f8c999889c9ba2b3ed276a4a');
INSERT INTO "audit" VALUES(11,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'1',NULL,'0f2cf26e148f10dbe1c9b8095dc8683d11398024f8c999889c9ba2b3ed276a4a','a5eb94df872dd8a650f52091a53b3b140b0b166b70f7258f3b0e241d199105c8');
INSERT INTO "audit" VALUES(12,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp2',NULL,'2',NULL,'a5eb94df872dd8a650f52091a53b3b140b0b166b70f7258f3b0e241d199105c8','042f00de1f901cc71c413e1b6a1f6a438136f05387a36a8ea413548d531d42b9');
INSERT INTO "audit" VALUES(13,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp3',NULL,'3',NULL,'042f00de1f901cc71c413e1b6a1f6a438136f05387a36a8ea413548d531d42b9','b4d85899f75196a154059e4e53a390470eed46d6bb27f81f1f317f5f34c4f7eb');
INSERT INTO "audit" VALUES(14,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp4',NULL,'0',NULL,'b4d85899f75196a154059e4e53a390470eed46d6bb27f81f1f317f5f34c4f7eb','6ab303b4bb2d6edb2c7a3779c178b323a0bd8f87480bb3be1f2f04c05d4441a3');
INSERT INTO "audit" VALUES(15,'2026-11-22T01:27:02.603Z',0,4721003,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp5',NULL,'1',NULL,'6ab303b4bb2d6edb2c7a3779c178b323a0bd8f87480bb3be1f2f04c05d4441a3','421c1e299fa1cc74c896c725b65707bb7fe2191f954240dbcf919dc4638115d5');
INSERT INTO "audit" VALUES(16,'2026-11-22T01:27:02.609Z',0,4721009,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.set','K7Q2M','A/ramris_2003/synovitis/-/mcp5','2','1',NULL,'421c1e299fa1cc74c896c725b65707bb7fe2191f954240dbcf919dc4638115d5','d988cd5f1cf9de96cd936b754f19ca283720f807f8c33fc7fa9156472aaa7ecf');
INSERT INTO "audit" VALUES(17,'2026-11-22T01:27:02.615Z',0,4721015,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','case.opened','M3DAX',NULL,NULL,NULL,NULL,'d988cd5f1cf9de96cd936b754f19ca283720f807f8c33fc7fa9156472aaa7ecf','c78dbd522fc93f39b6aefd24d61cc94c7a92337271aabb1b465bdce70e1628cb');
INSERT INTO "audit" VALUES(18,'2026-11-22T01:27:02.618Z',0,4721018,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','score.not_assessable','M3DAX','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'{"comment":"plate","not_assessable":"other"}',NULL,'c78dbd522fc93f39b6aefd24d61cc94c7a92337271aabb1b465bdce70e1628cb','6cf9e6e55141cbc039735535f32bbbbcdcbad03e55c7797bd7ee66f1250c8eb1');
INSERT INTO "audit" VALUES(19,'2026-11-22T01:27:02.788Z',0,4721188,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','password.set',NULL,NULL,NULL,NULL,NULL,'6cf9e6e55141cbc039735535f32bbbbcdcbad03e55c7797bd7ee66f1250c8eb1','49e4fd26ef3d0e3864a710ef1f305c7e1ab76a37b6bdcc510e40334024cc561a');
INSERT INTO "audit" VALUES(20,'2026-11-22T01:27:02.792Z',0,4721192,'Anna Lind','reader','2f4a2773c2369bdd','source','1.0','case.signed','K7Q2M','scored',NULL,'03d501811675638b69adebd9873bb42d3b51942c3a73abb412ad04290bfe8035',NULL,'49e4fd26ef3d0e3864a710ef1f305c7e1ab76a37b6bdcc510e40334024cc561a','b7018a2dd2a1cc27a0aa284c269184e68abc885edd2808f2406f7360843f0289');
CREATE TABLE image (
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	role TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	frame INTEGER, 
	array_name TEXT, 
	array_sha256 TEXT, 
	array_shape TEXT, 
	array_dtype TEXT, 
	affine TEXT, 
	spacing_mm TEXT, 
	pixel_spacing_mm TEXT, 
	spacing_at TEXT, 
	pixel_aspect FLOAT NOT NULL, 
	rescale_slope FLOAT NOT NULL, 
	rescale_intercept FLOAT NOT NULL, 
	monochrome1 BOOLEAN NOT NULL, 
	row_letters TEXT, 
	column_letters TEXT, 
	padding TEXT, 
	missing_reason TEXT, 
	PRIMARY KEY (case_code, letter, role), 
	FOREIGN KEY(case_code, letter) REFERENCES timepoint (case_code, letter), 
	UNIQUE (array_name)
);
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_pre',1,1,'baec665fca331483f4a8e5fb5e42d16f.npy','a26afd9b7b0077180098d25548610aaa691ffbc26523f3e7cfd25af513b98e2f','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_pre',1,1,'a3fb810a37d0620aef491ce309865ab8.npy','6ec6f8af372b0cf33d0d81419a53cadb4c48292f5baed4ed1a4eda98260941a5','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('M3DAX','A','cor_t1_pre',1,1,'72bb40a66c7fbfce7af9527d54afb650.npy','27a35cb792ccad04f347d6969b37cdc6611131ca7ed3f8b0225dda968b189847','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('M3DAX','A','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
CREATE TABLE password (
	id INTEGER NOT NULL, 
	argon2 TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (id = 1)
);
INSERT INTO "password" VALUES(1,'$argon2id$v=19$m=65536,t=3,p=4$LDNUhFucWVleDyCNDBjS8w$k0JqtANRr6amOT7skLZfG1cQCfeQmvj//Vve+X/Jo6s');
CREATE TABLE reading (
	id INTEGER NOT NULL, 
	reader TEXT NOT NULL, 
	round_title TEXT NOT NULL, 
	reading_design TEXT NOT NULL, 
	form TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (id = 1)
);
INSERT INTO "reading" VALUES(1,'Anna Lind','RAMRIS','paired','{"parts":[{"features":["synovitis"],"fingerprint":"93dfcffa6cd6c8b03c886fe86b502c1d61e5d86b15d8222875461ed8b124944e","system":{"citation":"Østergaard M, Peterfy C, Conaghan P, et al. J Rheumatol 2003;30:1385-6","features":[{"abbreviation":"SYN","count_at_least":1,"count_of":null,"grades":{"0":"normal","1":"mild: lowest third of the presumed maximum volume of enhancing tissue in the compartment","2":"moderate: middle third","3":"severe: highest third"},"id":"synovitis","images":"T1-weighted before AND after intravenous gadolinium; read on axial slices, coronal in support","label":"Synovitis","maximum":3,"minimum":0,"roles":["cor_t1_pre","cor_t1_post","ax_t1_pre","ax_t1_post"],"sites":[{"abbreviation":"DRUJ","group":"wrist","id":"distal_radioulnar","label":"Distal radioulnar joint","snomed_ct":null},{"abbreviation":"RC","group":"wrist","id":"radiocarpal","label":"Radiocarpal joint","snomed_ct":null},{"abbreviation":"IC-CMC","group":"wrist","id":"intercarpal_cmc","label":"Intercarpal and carpometacarpal joints (CMC1 excluded)","snomed_ct":null},{"abbreviation":"MCP2","group":"mcp","id":"mcp2","label":"2nd metacarpophalangeal joint (index finger)","snomed_ct":"289002"},{"abbreviation":"MCP3","group":"mcp","id":"mcp3","label":"3rd metacarpophalangeal joint (middle finger)","snomed_ct":"6059006"},{"abbreviation":"MCP4","group":"mcp","id":"mcp4","label":"4th metacarpophalangeal joint (ring finger)","snomed_ct":null},{"abbreviation":"MCP5","group":"mcp","id":"mcp5","label":"5th metacarpophalangeal joint (little finger)","snomed_ct":null}],"step":1},{"abbreviation":"BME","count_at_least":1,"count_of":null,"grades":{"0":"no oedema","1":"oedema in 1-33 % of the assessed bone volume","2":"oedema in 34-66 %","3":"oedema in 67-100 %"},"id":"bone_oedema","images":"STIR or T2-weighted fat-suppressed (normally coronal); all slices through the bone","label":"Bone marrow oedema (osteitis)","maximum":3,"minimum":0,"roles":["cor_stir"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1},{"abbreviation":"ERO","count_at_least":1,"count_of":null,"grades":{"0":"no erosion","1":"1-10 % of the assessed bone volume eroded","10":"91-100 % of the assessed bone volume eroded","2":"11-20 % of the assessed bone volume eroded","3":"21-30 % of the assessed bone volume eroded","4":"31-40 % of the assessed bone volume eroded","5":"41-50 % of the assessed bone volume eroded","6":"51-60 % of the assessed bone volume eroded","7":"61-70 % of the assessed bone volume eroded","8":"71-80 % of the assessed bone volume eroded","9":"81-90 % of the assessed bone volume eroded"},"id":"bone_erosion","images":"T1-weighted in two planes (coronal to score, axial to confirm the cortical break)","label":"Bone erosion","maximum":10,"minimum":0,"roles":["cor_t1_pre","ax_t1_pre"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1},{"abbreviation":"NEB","count_at_least":1,"count_of":"bone_erosion","grades":{},"id":"eroded_bone_count","images":"","label":"Number of bones with erosion","maximum":1,"minimum":0,"roles":["cor_t1_pre","ax_t1_pre"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1}],"grand_total":false,"id":"ramris_2003","modality":"MR","region":"one wrist and MCP 2-5 of the same hand","sides":1,"title":"OMERACT RAMRIS, 2002/2003 core set"}}]}');
CREATE TABLE reading_case (
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	side TEXT, 
	PRIMARY KEY (position), 
	UNIQUE (code)
);
INSERT INTO "reading_case" VALUES(1,'K7Q2M','R');
INSERT INTO "reading_case" VALUES(2,'M3DAX','L');
CREATE TABLE score (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT NOT NULL, 
	system TEXT NOT NULL, 
	feature TEXT NOT NULL, 
	side TEXT, 
	site TEXT NOT NULL, 
	value TEXT, 
	not_assessable TEXT, 
	comment TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	CHECK (value IS NULL OR not_assessable IS NULL), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "score" VALUES(2,'K7Q2M','A','ramris_2003','synovitis',NULL,'distal_radioulnar','0',NULL,'');
INSERT INTO "score" VALUES(3,'K7Q2M','A','ramris_2003','synovitis',NULL,'radiocarpal','1',NULL,'');
INSERT INTO "score" VALUES(4,'K7Q2M','A','ramris_2003','synovitis',NULL,'intercarpal_cmc','2',NULL,'');
INSERT INTO "score" VALUES(5,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp2','3',NULL,'');
INSERT INTO "score" VALUES(6,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp3','0',NULL,'');
INSERT INTO "score" VALUES(7,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp4','1',NULL,'');
INSERT INTO "score" VALUES(8,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp5','2',NULL,'');
INSERT INTO "score" VALUES(9,'K7Q2M','B','ramris_2003','synovitis',NULL,'distal_radioulnar','3',NULL,'');
INSERT INTO "score" VALUES(10,'K7Q2M','B','ramris_2003','synovitis',NULL,'radiocarpal','0',NULL,'');
INSERT INTO "score" VALUES(11,'K7Q2M','B','ramris_2003','synovitis',NULL,'intercarpal_cmc','1',NULL,'');
INSERT INTO "score" VALUES(12,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp2','2',NULL,'');
INSERT INTO "score" VALUES(13,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp3','3',NULL,'');
INSERT INTO "score" VALUES(14,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp4','0',NULL,'');
INSERT INTO "score" VALUES(15,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp5','1',NULL,'');
INSERT INTO "score" VALUES(16,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp5','1',NULL,'');
INSERT INTO "score" VALUES(18,'M3DAX','A','ramris_2003','synovitis',NULL,'distal_radioulnar',NULL,'other','plate');
CREATE TABLE signature (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	printed_name TEXT NOT NULL, 
	utc TEXT NOT NULL, 
	meaning TEXT NOT NULL, 
	head_seq INTEGER NOT NULL, 
	head_hash TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	receipt_hash TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	UNIQUE (case_code), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "signature" VALUES(20,'K7Q2M','Anna Lind','2026-11-22T01:27:02.788Z','scored',19,'49e4fd26ef3d0e3864a710ef1f305c7e1ab76a37b6bdcc510e40334024cc561a','03d501811675638b69adebd9873bb42d3b51942c3a73abb412ad04290bfe8035','b7018a2dd2a1cc27a0aa284c269184e68abc885edd2808f2406f7360843f0289');
CREATE TABLE timepoint (
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	PRIMARY KEY (case_code, letter), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "timepoint" VALUES('K7Q2M','A');
INSERT INTO "timepoint" VALUES('K7Q2M','B');
INSERT INTO "timepoint" VALUES('M3DAX','A');
CREATE TABLE view_memory (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "view_memory" VALUES('M3DAX/window','as left');
CREATE INDEX score_of_cell ON score (case_code, timepoint, system, feature, side, site);
CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'reading rows stay as they are'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'reading rows stay as they are'); END;
CREATE TRIGGER reading_case_no_update BEFORE UPDATE ON reading_case BEGIN SELECT RAISE(ABORT, 'reading_case rows stay as they are'); END;
CREATE TRIGGER reading_case_no_delete BEFORE DELETE ON reading_case BEGIN SELECT RAISE(ABORT, 'reading_case rows stay as they are'); END;
CREATE TRIGGER timepoint_no_update BEFORE UPDATE ON timepoint BEGIN SELECT RAISE(ABORT, 'timepoint rows stay as they are'); END;
CREATE TRIGGER timepoint_no_delete BEFORE DELETE ON timepoint BEGIN SELECT RAISE(ABORT, 'timepoint rows stay as they are'); END;
CREATE TRIGGER image_no_update BEFORE UPDATE ON image BEGIN SELECT RAISE(ABORT, 'image rows stay as they are'); END;
CREATE TRIGGER image_no_delete BEFORE DELETE ON image BEGIN SELECT RAISE(ABORT, 'image rows stay as they are'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows stay as they are'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows stay as they are'); END;
CREATE TRIGGER score_no_update BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'score rows stay as they are'); END;
CREATE TRIGGER score_no_delete BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'score rows stay as they are'); END;
CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signature rows stay as they are'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'signature rows stay as they are'); END;
CREATE TRIGGER password_no_update BEFORE UPDATE ON password BEGIN SELECT RAISE(ABORT, 'password rows stay as they are'); END;
CREATE TRIGGER password_no_delete BEFORE DELETE ON password BEGIN SELECT RAISE(ABORT, 'password rows stay as they are'); END;
CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END;
CREATE TRIGGER score_told_in_audit BEFORE INSERT ON score WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'score.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this score'); END;
CREATE TRIGGER signature_told_in_audit BEFORE INSERT ON signature WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'case.signed') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this signature'); END;
CREATE TRIGGER score_of_signed_case BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
COMMIT;
