BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
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
INSERT INTO "audit" VALUES(1,'2026-11-22T03:50:07.976Z',0,13306376,'coordinator','coordinator','0bff4979681b3fb4','source','1.1','reading.prepared',NULL,NULL,NULL,'736fbf0c78ab28d45026514455ada55ba929281ba2e942b06d673049912eeec4',NULL,'0000000000000000000000000000000000000000000000000000000000000000','4b65a6bc5de68779486ff16a5a1d62072f01e61df2d3b54ce4c79b346a5c1f2a');
INSERT INTO "audit" VALUES(2,'2026-11-22T03:50:08.102Z',0,13306502,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','landmark.set','K7Q2M','A/-/mcp2',NULL,'{"frame":1,"position_mm":[1.0,2.0,3.0]}',NULL,'4b65a6bc5de68779486ff16a5a1d62072f01e61df2d3b54ce4c79b346a5c1f2a','803574b04d8bdc46b171827d7ce4abfc92aab740421c78aa692311416f04c2c2');
INSERT INTO "audit" VALUES(3,'2026-11-22T03:50:08.126Z',0,13306526,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','transform.kept','K7Q2M','B/1',NULL,'{"matrix":[1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0],"origin":"registered","quality":0.5}',NULL,'803574b04d8bdc46b171827d7ce4abfc92aab740421c78aa692311416f04c2c2','f8127e3e55ff1460e2dc0ea517bf537b799311e1a3bfe3de52b94d5d76cf6d40');
INSERT INTO "audit" VALUES(4,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'0',NULL,'f8127e3e55ff1460e2dc0ea517bf537b799311e1a3bfe3de52b94d5d76cf6d40','488b1e51aac8e3ef433ad364bee5c1b6cb16b9eb259e4f03738b22cb58600949');
INSERT INTO "audit" VALUES(5,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/radiocarpal',NULL,'1',NULL,'488b1e51aac8e3ef433ad364bee5c1b6cb16b9eb259e4f03738b22cb58600949','c0d7e5beecaeb741b48bdc21365e7a424222b7970350b64a0f431f2557548d15');
INSERT INTO "audit" VALUES(6,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'2',NULL,'c0d7e5beecaeb741b48bdc21365e7a424222b7970350b64a0f431f2557548d15','e1a90423116b1815c0ce7e92df3f0f21733333814d695d491810df8c7b1b9586');
INSERT INTO "audit" VALUES(7,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp2',NULL,'3',NULL,'e1a90423116b1815c0ce7e92df3f0f21733333814d695d491810df8c7b1b9586','ba98643d7750dee623056fe79545959e0015bed124f5aed1dce2929cafd72d55');
INSERT INTO "audit" VALUES(8,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp3',NULL,'0',NULL,'ba98643d7750dee623056fe79545959e0015bed124f5aed1dce2929cafd72d55','94939dfa2e542dd0dd7d57bc25bf63051bcdfd39f7174b8b2a289f0840934662');
INSERT INTO "audit" VALUES(9,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp4',NULL,'1',NULL,'94939dfa2e542dd0dd7d57bc25bf63051bcdfd39f7174b8b2a289f0840934662','ca889a2452e866abb73664f4817f56da9b83f56130b834568227718138a0b40b');
INSERT INTO "audit" VALUES(10,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp5',NULL,'2',NULL,'ca889a2452e866abb73664f4817f56da9b83f56130b834568227718138a0b40b','0e6adfc8a0e0cbd681d901b8765d21e92c9db0068e84fc7c56d6f7865baa57e7');
INSERT INTO "audit" VALUES(11,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/distal_radioulnar',NULL,'3',NULL,'0e6adfc8a0e0cbd681d901b8765d21e92c9db0068e84fc7c56d6f7865baa57e7','79aa04bcee05507ca1332271640bf14e1de18cebc8833aaf34c7d3e87268ceb5');
INSERT INTO "audit" VALUES(12,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/radiocarpal',NULL,'0',NULL,'79aa04bcee05507ca1332271640bf14e1de18cebc8833aaf34c7d3e87268ceb5','afabd8c28c887017dfe065c9780958e031ebc5289a75e850f63486a1e672a02c');
INSERT INTO "audit" VALUES(13,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'1',NULL,'afabd8c28c887017dfe065c9780958e031ebc5289a75e850f63486a1e672a02c','63fa4dc54ad6f84d22ff2d1a6b93416946acb61c52b990fee31c150fad6a0042');
INSERT INTO "audit" VALUES(14,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp2',NULL,'2',NULL,'63fa4dc54ad6f84d22ff2d1a6b93416946acb61c52b990fee31c150fad6a0042','da83ba77593c071a70c0c8ad77a9b0a3cd83d28e5033db5443acee0220f5b441');
INSERT INTO "audit" VALUES(15,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp3',NULL,'3',NULL,'da83ba77593c071a70c0c8ad77a9b0a3cd83d28e5033db5443acee0220f5b441','bf469d61c233b412a8fd5c3dbedfec0ad5f31bb60b22d0043423940d9e8b7c86');
INSERT INTO "audit" VALUES(16,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp4',NULL,'0',NULL,'bf469d61c233b412a8fd5c3dbedfec0ad5f31bb60b22d0043423940d9e8b7c86','bac3af2b2c2643da69edc0a791ad1ce060e6d8a231cfcb6fe39d0999540bfd42');
INSERT INTO "audit" VALUES(17,'2026-11-22T03:50:08.166Z',0,13306566,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp5',NULL,'1',NULL,'bac3af2b2c2643da69edc0a791ad1ce060e6d8a231cfcb6fe39d0999540bfd42','afa4c7a3fac01336c8ada1599830ff961a977ecc25a87ce22f57be66d97e9a2e');
INSERT INTO "audit" VALUES(18,'2026-11-22T03:50:08.836Z',0,13307236,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','password.set',NULL,NULL,NULL,NULL,NULL,'afa4c7a3fac01336c8ada1599830ff961a977ecc25a87ce22f57be66d97e9a2e','98ce2053940f4c01c6ec43bbf1454306ca379c5b8ce474241b90f1ea730a9a78');
INSERT INTO "audit" VALUES(19,'2026-11-22T03:50:08.844Z',0,13307244,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','case.signed','K7Q2M','scored',NULL,'a744f1f2917de5a11bf2760fdb3377f5cc7ab425095b79d362cb39c074bc7be7',NULL,'98ce2053940f4c01c6ec43bbf1454306ca379c5b8ce474241b90f1ea730a9a78','edf9a7a9f3fcca598aef8df189c9e6106c8b6a41854ec9475b843bf2fdf3f10f');
INSERT INTO "audit" VALUES(20,'2026-11-22T03:50:08.894Z',0,13307294,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','landmark.set','M3DAX','A/-/mcp3',NULL,'{"frame":1,"position_mm":[4.0,5.0,6.0]}',NULL,'edf9a7a9f3fcca598aef8df189c9e6106c8b6a41854ec9475b843bf2fdf3f10f','c3b447c3ee9ee4ba81e1908ac9c961169931a8496364ee25a99d4bce702e8040');
INSERT INTO "audit" VALUES(21,'2026-11-22T03:50:08.921Z',0,13307322,'Anna Lind','reader','0bff4979681b3fb4','source','1.1','score.not_assessable','M3DAX','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'{"comment":"plate","not_assessable":"other"}',NULL,'c3b447c3ee9ee4ba81e1908ac9c961169931a8496364ee25a99d4bce702e8040','89137a98c22d8d50efcd13508e5f2bed8dc14129ac45d02a0ddda25e518b5407');
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
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_pre',1,1,'b96851f59f16b9a1d237d7c3c3320357.npy','a26afd9b7b0077180098d25548610aaa691ffbc26523f3e7cfd25af513b98e2f','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_pre',1,1,'a37fd79841c3b77ec59f9d307c4db4ac.npy','6ec6f8af372b0cf33d0d81419a53cadb4c48292f5baed4ed1a4eda98260941a5','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('M3DAX','A','cor_t1_pre',1,1,'1d634f23d2f517e49c60185be0dc85ee.npy','27a35cb792ccad04f347d6969b37cdc6611131ca7ed3f8b0225dda968b189847','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('M3DAX','A','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
CREATE TABLE landmark (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT NOT NULL, 
	site TEXT NOT NULL, 
	side TEXT, 
	frame INTEGER, 
	position_mm TEXT, 
	role TEXT, 
	row_column TEXT, 
	PRIMARY KEY (seq), 
	CHECK ((frame IS NULL) = (position_mm IS NULL)), 
	CHECK ((role IS NULL) = (row_column IS NULL)), 
	CHECK (frame IS NULL OR role IS NULL), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "landmark" VALUES(2,'K7Q2M','A','mcp2',NULL,1,'[1.0,2.0,3.0]',NULL,NULL);
INSERT INTO "landmark" VALUES(20,'M3DAX','A','mcp3',NULL,1,'[4.0,5.0,6.0]',NULL,NULL);
CREATE TABLE password (
	id INTEGER NOT NULL, 
	argon2 TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (id = 1)
);
INSERT INTO "password" VALUES(1,'$argon2id$v=19$m=65536,t=3,p=4$VuV1xuXsbk374ybVXOnTfw$lzuQjEjpZm9wG2SVOTn9TeCf2nkXFuotqNXH0RaPve4');
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
INSERT INTO "score" VALUES(4,'K7Q2M','A','ramris_2003','synovitis',NULL,'distal_radioulnar','0',NULL,'');
INSERT INTO "score" VALUES(5,'K7Q2M','A','ramris_2003','synovitis',NULL,'radiocarpal','1',NULL,'');
INSERT INTO "score" VALUES(6,'K7Q2M','A','ramris_2003','synovitis',NULL,'intercarpal_cmc','2',NULL,'');
INSERT INTO "score" VALUES(7,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp2','3',NULL,'');
INSERT INTO "score" VALUES(8,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp3','0',NULL,'');
INSERT INTO "score" VALUES(9,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp4','1',NULL,'');
INSERT INTO "score" VALUES(10,'K7Q2M','A','ramris_2003','synovitis',NULL,'mcp5','2',NULL,'');
INSERT INTO "score" VALUES(11,'K7Q2M','B','ramris_2003','synovitis',NULL,'distal_radioulnar','3',NULL,'');
INSERT INTO "score" VALUES(12,'K7Q2M','B','ramris_2003','synovitis',NULL,'radiocarpal','0',NULL,'');
INSERT INTO "score" VALUES(13,'K7Q2M','B','ramris_2003','synovitis',NULL,'intercarpal_cmc','1',NULL,'');
INSERT INTO "score" VALUES(14,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp2','2',NULL,'');
INSERT INTO "score" VALUES(15,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp3','3',NULL,'');
INSERT INTO "score" VALUES(16,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp4','0',NULL,'');
INSERT INTO "score" VALUES(17,'K7Q2M','B','ramris_2003','synovitis',NULL,'mcp5','1',NULL,'');
INSERT INTO "score" VALUES(21,'M3DAX','A','ramris_2003','synovitis',NULL,'distal_radioulnar',NULL,'other','plate');
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
INSERT INTO "signature" VALUES(19,'K7Q2M','Anna Lind','2026-11-22T03:50:08.840Z','scored',18,'98ce2053940f4c01c6ec43bbf1454306ca379c5b8ce474241b90f1ea730a9a78','a744f1f2917de5a11bf2760fdb3377f5cc7ab425095b79d362cb39c074bc7be7','edf9a7a9f3fcca598aef8df189c9e6106c8b6a41854ec9475b843bf2fdf3f10f');
CREATE TABLE timepoint (
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	PRIMARY KEY (case_code, letter), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "timepoint" VALUES('K7Q2M','A');
INSERT INTO "timepoint" VALUES('K7Q2M','B');
INSERT INTO "timepoint" VALUES('M3DAX','A');
CREATE TABLE transform (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT NOT NULL, 
	frame INTEGER NOT NULL, 
	matrix TEXT, 
	quality FLOAT, 
	origin TEXT, 
	PRIMARY KEY (seq), 
	CHECK ((matrix IS NULL) = (quality IS NULL) AND (matrix IS NULL) = (origin IS NULL)), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "transform" VALUES(3,'K7Q2M','B',1,'[1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0]',0.5,'registered');
CREATE TABLE view_memory (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "view_memory" VALUES('M3DAX/window','as left');
CREATE INDEX score_of_cell ON score (case_code, timepoint, system, feature, side, site);
CREATE INDEX landmark_of_case ON landmark (case_code);
CREATE INDEX transform_of_case ON transform (case_code);
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
CREATE TRIGGER landmark_no_update BEFORE UPDATE ON landmark BEGIN SELECT RAISE(ABORT, 'landmark rows stay as they are'); END;
CREATE TRIGGER landmark_no_delete BEFORE DELETE ON landmark BEGIN SELECT RAISE(ABORT, 'landmark rows stay as they are'); END;
CREATE TRIGGER transform_no_update BEFORE UPDATE ON transform BEGIN SELECT RAISE(ABORT, 'transform rows stay as they are'); END;
CREATE TRIGGER transform_no_delete BEFORE DELETE ON transform BEGIN SELECT RAISE(ABORT, 'transform rows stay as they are'); END;
CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END;
CREATE TRIGGER score_told_in_audit BEFORE INSERT ON score WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'score.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this score'); END;
CREATE TRIGGER signature_told_in_audit BEFORE INSERT ON signature WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'case.signed') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this signature'); END;
CREATE TRIGGER score_of_signed_case BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER landmark_told_in_audit BEFORE INSERT ON landmark WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'landmark.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this landmark'); END;
CREATE TRIGGER transform_told_in_audit BEFORE INSERT ON transform WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'transform.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this transform'); END;
CREATE TRIGGER landmark_of_signed_case BEFORE INSERT ON landmark WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER transform_of_signed_case BEFORE INSERT ON transform WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
COMMIT;
