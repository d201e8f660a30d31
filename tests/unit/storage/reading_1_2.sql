BEGIN TRANSACTION;
CREATE TABLE active_time (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT, 
	system TEXT, 
	feature TEXT, 
	side TEXT, 
	site TEXT, 
	milliseconds INTEGER NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "audit" VALUES(1,'2026-11-22T04:47:01.408Z',0,16719808,'coordinator','coordinator','b410904c2c68319a','source','1.2','reading.prepared',NULL,NULL,NULL,'4d060a68c7254cdab38f1b2281017c5c915987809430dcfd149efd1a78bcede4',NULL,'0000000000000000000000000000000000000000000000000000000000000000','53fef22623caa66726882797ed20ce74a1918ac1654db93a99ded3ab87161c97');
INSERT INTO "audit" VALUES(2,'2026-11-22T04:47:01.435Z',0,16719836,'Anna Lind','reader','b410904c2c68319a','source','1.2','landmark.set','K7Q2M','A/-/mcp2',NULL,'{"frame":1,"position_mm":[1.0,2.0,3.0]}',NULL,'53fef22623caa66726882797ed20ce74a1918ac1654db93a99ded3ab87161c97','556a2cfedeebf08d5a999dc4fc93f26e84856d32545ec9a4ddd2a00b8c42152a');
INSERT INTO "audit" VALUES(3,'2026-11-22T04:47:01.444Z',0,16719844,'Anna Lind','reader','b410904c2c68319a','source','1.2','transform.kept','K7Q2M','B/1',NULL,'{"matrix":[1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,1.0],"origin":"registered","quality":0.5}',NULL,'556a2cfedeebf08d5a999dc4fc93f26e84856d32545ec9a4ddd2a00b8c42152a','e94335cab1a7d5ea6f685c31db464e89dd059916c5054885d0cb7cab6a4eac6b');
INSERT INTO "audit" VALUES(4,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'0',NULL,'e94335cab1a7d5ea6f685c31db464e89dd059916c5054885d0cb7cab6a4eac6b','69233ca07336a0515b773f3569eea9b714c70bbb8019291256832977aca675a2');
INSERT INTO "audit" VALUES(5,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/radiocarpal',NULL,'1',NULL,'69233ca07336a0515b773f3569eea9b714c70bbb8019291256832977aca675a2','ec2090e4dcba8a81ddf79e80aad3ba3bfd4a697a794637f9f321f52a0500a145');
INSERT INTO "audit" VALUES(6,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'2',NULL,'ec2090e4dcba8a81ddf79e80aad3ba3bfd4a697a794637f9f321f52a0500a145','6fd7755791ca57f4ca7f1e0d13da1f912ada6fc8c539a0a781f93685639a17dd');
INSERT INTO "audit" VALUES(7,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp2',NULL,'3',NULL,'6fd7755791ca57f4ca7f1e0d13da1f912ada6fc8c539a0a781f93685639a17dd','dec326ea9336cf418dcb63fcd9d7957ae7ff37f2664e60a334bd180ba51a3be0');
INSERT INTO "audit" VALUES(8,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp3',NULL,'0',NULL,'dec326ea9336cf418dcb63fcd9d7957ae7ff37f2664e60a334bd180ba51a3be0','7c05031781dccd4dacf44872253272484d2496294094dc77caaeb9d33483106a');
INSERT INTO "audit" VALUES(9,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp4',NULL,'1',NULL,'7c05031781dccd4dacf44872253272484d2496294094dc77caaeb9d33483106a','fc6121ec8f97ff5589417813d51dfb6385236968d07843206716c23431daf890');
INSERT INTO "audit" VALUES(10,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','A/ramris_2003/synovitis/-/mcp5',NULL,'2',NULL,'fc6121ec8f97ff5589417813d51dfb6385236968d07843206716c23431daf890','cc0241ca5dbf40e7f3b2826619787fec8e3bc3a95b765aa86cc07bdeccf10dea');
INSERT INTO "audit" VALUES(11,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/distal_radioulnar',NULL,'3',NULL,'cc0241ca5dbf40e7f3b2826619787fec8e3bc3a95b765aa86cc07bdeccf10dea','2dfb383828a066a7581b3660516c356984cb1a1f3ca6700a33b107822e696a47');
INSERT INTO "audit" VALUES(12,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/radiocarpal',NULL,'0',NULL,'2dfb383828a066a7581b3660516c356984cb1a1f3ca6700a33b107822e696a47','e92053c143b6980b0d5f44ca38c5966f1bfdb3e1b8b84cdbacc4e41405b26f5c');
INSERT INTO "audit" VALUES(13,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/intercarpal_cmc',NULL,'1',NULL,'e92053c143b6980b0d5f44ca38c5966f1bfdb3e1b8b84cdbacc4e41405b26f5c','25469594caefd7374e126b587f4555bb9ce23dc58638ceb464b4b9691f834fcf');
INSERT INTO "audit" VALUES(14,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp2',NULL,'2',NULL,'25469594caefd7374e126b587f4555bb9ce23dc58638ceb464b4b9691f834fcf','03d18ddafc5fb7dc11a6ab1613dc85954100e458f2207316acdac94b96386120');
INSERT INTO "audit" VALUES(15,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp3',NULL,'3',NULL,'03d18ddafc5fb7dc11a6ab1613dc85954100e458f2207316acdac94b96386120','0a139e16d0046ff9235659e5040375445ca29f629d2a1736a00cbd8ef170909c');
INSERT INTO "audit" VALUES(16,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp4',NULL,'0',NULL,'0a139e16d0046ff9235659e5040375445ca29f629d2a1736a00cbd8ef170909c','ec9bcc3f0f6b38a618fc9bdb0e151cbfac7d3064569d556768afa88cb16c63e6');
INSERT INTO "audit" VALUES(17,'2026-11-22T04:47:01.452Z',0,16719852,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.fill','K7Q2M','B/ramris_2003/synovitis/-/mcp5',NULL,'1',NULL,'ec9bcc3f0f6b38a618fc9bdb0e151cbfac7d3064569d556768afa88cb16c63e6','04b70cc042abc9807af08121fc7e5149f0344b0244a62b9dfff55e8c5d573b6a');
INSERT INTO "audit" VALUES(18,'2026-11-22T04:47:01.707Z',0,16720107,'Anna Lind','reader','b410904c2c68319a','source','1.2','password.set',NULL,NULL,NULL,NULL,NULL,'04b70cc042abc9807af08121fc7e5149f0344b0244a62b9dfff55e8c5d573b6a','7852560f4a1b450cee2912c7094625b96ef7409c2527d841fbb64d7a96e0ff42');
INSERT INTO "audit" VALUES(19,'2026-11-22T04:47:01.712Z',0,16720112,'Anna Lind','reader','b410904c2c68319a','source','1.2','case.signed','K7Q2M','scored',NULL,'dfacdfd3f2bc59934f238c2110e5c3c1b32274604b54564ab8536d4d2a4c4056',NULL,'7852560f4a1b450cee2912c7094625b96ef7409c2527d841fbb64d7a96e0ff42','836b4f4184cdbb7979ff6655d5e4fc5dbff2a99f09498b82a7fa5d0dd028d552');
INSERT INTO "audit" VALUES(20,'2026-11-22T04:47:01.716Z',0,16720116,'Anna Lind','reader','b410904c2c68319a','source','1.2','score.not_assessable','M3DAX','A/ramris_2003/synovitis/-/distal_radioulnar',NULL,'{"comment":"plate","not_assessable":"other"}',NULL,'836b4f4184cdbb7979ff6655d5e4fc5dbff2a99f09498b82a7fa5d0dd028d552','b0eacdec7bb5c862fd5ee35ed76742b8a23890c54aa3fad3c317c2fa5dc02670');
INSERT INTO "audit" VALUES(21,'2026-11-22T04:47:01.719Z',0,16720119,'Anna Lind','reader','b410904c2c68319a','source','1.2','landmark.set','M3DAX','A/-/mcp3',NULL,'{"frame":1,"position_mm":[4.0,5.0,6.0]}',NULL,'b0eacdec7bb5c862fd5ee35ed76742b8a23890c54aa3fad3c317c2fa5dc02670','74f17242a7b68cbd33195c1cd323fe71759f89404b75909e142bbb1a5f0869a6');
CREATE TABLE comment (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT, 
	system TEXT, 
	feature TEXT, 
	side TEXT, 
	site TEXT, 
	text TEXT, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
CREATE TABLE confidence (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT, 
	system TEXT, 
	feature TEXT, 
	side TEXT, 
	site TEXT, 
	level INTEGER, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
CREATE TABLE evidence_override (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	timepoint TEXT, 
	system TEXT, 
	feature TEXT, 
	side TEXT, 
	site TEXT, 
	reason TEXT, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
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
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_pre',1,1,'991431d81ed88cbdd8ffe22128212d1c.npy','a26afd9b7b0077180098d25548610aaa691ffbc26523f3e7cfd25af513b98e2f','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','A','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_pre',1,1,'3722a844d0a19c44fe21b4397f1b7978.npy','6ec6f8af372b0cf33d0d81419a53cadb4c48292f5baed4ed1a4eda98260941a5','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
INSERT INTO "image" VALUES('K7Q2M','B','cor_t1_post',2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.0,1.0,0.0,0,NULL,NULL,NULL,'not acquired');
INSERT INTO "image" VALUES('M3DAX','A','cor_t1_pre',1,1,'b36f2f5312bb427400551d02d178ab87.npy','27a35cb792ccad04f347d6969b37cdc6611131ca7ed3f8b0225dda968b189847','[3,8,6]','<i2','[0.0,0.0,0.5,-1.0,1.5,0.0,0.0,2.0,0.0,-0.5,0.0,3.25,0.0,0.0,0.0,1.0]','[1.5,0.5,0.5]',NULL,NULL,1.0,2.0,-7.5,0,NULL,NULL,'[0.0,0.0]',NULL);
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
INSERT INTO "landmark" VALUES(21,'M3DAX','A','mcp3',NULL,1,'[4.0,5.0,6.0]',NULL,NULL);
CREATE TABLE mark (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	mark_id INTEGER NOT NULL, 
	body TEXT, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
CREATE TABLE password (
	id INTEGER NOT NULL, 
	argon2 TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (id = 1)
);
INSERT INTO "password" VALUES(1,'$argon2id$v=19$m=65536,t=3,p=4$EM4RiA4IOnzry0gmefmJ+w$owbfCrQ2qnljQtIPi4vJx5M7GTGgo2+b7F3XlnoMUeU');
CREATE TABLE reading (
	id INTEGER NOT NULL, 
	reader TEXT NOT NULL, 
	round_title TEXT NOT NULL, 
	reading_design TEXT NOT NULL, 
	form TEXT NOT NULL, 
	rules TEXT, 
	PRIMARY KEY (id), 
	CHECK (id = 1)
);
INSERT INTO "reading" VALUES(1,'Anna Lind','RAMRIS','paired','{"parts":[{"features":["synovitis"],"fingerprint":"5771b29cbce371d69769c83476cafc7753247b3cbd5113cf571dfe3b8bc023d8","system":{"citation":"Østergaard M, Peterfy C, Conaghan P, et al. J Rheumatol 2003;30:1385-6","features":[{"abbreviation":"SYN","certainty":"Sites, grades and range are confirmed in published texts.","count_at_least":1,"count_of":null,"definition":"Tissue in the joint compartment that enhances more than normal after gadolinium and is thicker than normal synovium. Look at all slices of the compartment; the thirds are those of the largest volume it could have there, not of the joint space.","grades":{"0":"normal","1":"mild: lowest third of the presumed maximum volume of enhancing tissue in the compartment","2":"moderate: middle third","3":"severe: highest third"},"id":"synovitis","images":"T1-weighted before AND after intravenous gadolinium; read on axial slices, coronal in support","label":"Synovitis","maximum":3,"minimum":0,"needs_contrast":true,"roles":["cor_t1_pre","cor_t1_post","ax_t1_pre","ax_t1_post"],"sites":[{"abbreviation":"DRUJ","group":"wrist","id":"distal_radioulnar","label":"Distal radioulnar joint","snomed_ct":null},{"abbreviation":"RC","group":"wrist","id":"radiocarpal","label":"Radiocarpal joint","snomed_ct":null},{"abbreviation":"IC-CMC","group":"wrist","id":"intercarpal_cmc","label":"Intercarpal and carpometacarpal joints (CMC1 excluded)","snomed_ct":null},{"abbreviation":"MCP2","group":"mcp","id":"mcp2","label":"2nd metacarpophalangeal joint (index finger)","snomed_ct":"289002"},{"abbreviation":"MCP3","group":"mcp","id":"mcp3","label":"3rd metacarpophalangeal joint (middle finger)","snomed_ct":"6059006"},{"abbreviation":"MCP4","group":"mcp","id":"mcp4","label":"4th metacarpophalangeal joint (ring finger)","snomed_ct":null},{"abbreviation":"MCP5","group":"mcp","id":"mcp5","label":"5th metacarpophalangeal joint (little finger)","snomed_ct":null}],"step":1},{"abbreviation":"BME","certainty":"Sites, grades and range are confirmed in published texts.","count_at_least":1,"count_of":null,"definition":"An area inside the trabecular bone with blurred borders and the signal of raised water content: bright on STIR or fat-suppressed T2, dark on T1. Alone or round an erosion; an eroded part counts as bone. Carpal bones whole, long bones to 1 cm from the joint surface.","grades":{"0":"no oedema","1":"oedema in 1-33 % of the assessed bone volume","2":"oedema in 34-66 %","3":"oedema in 67-100 %"},"id":"bone_oedema","images":"STIR or T2-weighted fat-suppressed (normally coronal); all slices through the bone","label":"Bone marrow oedema (osteitis)","maximum":3,"minimum":0,"roles":["cor_stir"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1,"volume_scale":"thirds"},{"abbreviation":"ERO","certainty":"Sites, grades and range are confirmed in published texts.","count_at_least":1,"count_of":null,"definition":"A sharply bordered bone defect where joint margins erode, with cortex and marrow signal lost on T1, seen in two planes, with a break in the cortex in at least one. Carpal bones whole, long bones to 1 cm from the joint surface, or from where it was.","evidence":"two_planes","grades":{"0":"no erosion","1":"1-10 % of the assessed bone volume eroded","10":"91-100 % of the assessed bone volume eroded","2":"11-20 % of the assessed bone volume eroded","3":"21-30 % of the assessed bone volume eroded","4":"31-40 % of the assessed bone volume eroded","5":"41-50 % of the assessed bone volume eroded","6":"51-60 % of the assessed bone volume eroded","7":"61-70 % of the assessed bone volume eroded","8":"71-80 % of the assessed bone volume eroded","9":"81-90 % of the assessed bone volume eroded"},"id":"bone_erosion","images":"T1-weighted in two planes (coronal to score, axial to confirm the cortical break)","label":"Bone erosion","maximum":10,"minimum":0,"roles":["cor_t1_pre","ax_t1_pre"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1,"volume_scale":"tenths"},{"abbreviation":"NEB","certainty":"Sites, grades and range are confirmed in published texts.","count_at_least":1,"count_of":"bone_erosion","definition":"Bones with an erosion grade of 1 or more.","grades":{},"id":"eroded_bone_count","images":"","label":"Number of bones with erosion","maximum":1,"minimum":0,"roles":["cor_t1_pre","ax_t1_pre"],"sites":[{"abbreviation":"MC1b","group":"wrist","id":"mc1_base","label":"Base of 1st metacarpal","snomed_ct":null},{"abbreviation":"MC2b","group":"wrist","id":"mc2_base","label":"Base of 2nd metacarpal","snomed_ct":null},{"abbreviation":"MC3b","group":"wrist","id":"mc3_base","label":"Base of 3rd metacarpal","snomed_ct":null},{"abbreviation":"MC4b","group":"wrist","id":"mc4_base","label":"Base of 4th metacarpal","snomed_ct":null},{"abbreviation":"MC5b","group":"wrist","id":"mc5_base","label":"Base of 5th metacarpal","snomed_ct":null},{"abbreviation":"Trm","group":"wrist","id":"trapezium","label":"Trapezium (greater multangular)","snomed_ct":null},{"abbreviation":"Trd","group":"wrist","id":"trapezoid","label":"Trapezoid (lesser multangular)","snomed_ct":null},{"abbreviation":"Cap","group":"wrist","id":"capitate","label":"Capitate","snomed_ct":null},{"abbreviation":"Ham","group":"wrist","id":"hamate","label":"Hamate","snomed_ct":null},{"abbreviation":"Sca","group":"wrist","id":"scaphoid","label":"Scaphoid (navicular)","snomed_ct":"30518006"},{"abbreviation":"Lun","group":"wrist","id":"lunate","label":"Lunate","snomed_ct":null},{"abbreviation":"Tri","group":"wrist","id":"triquetrum","label":"Triquetrum","snomed_ct":null},{"abbreviation":"Pis","group":"wrist","id":"pisiform","label":"Pisiform","snomed_ct":null},{"abbreviation":"Rad","group":"wrist","id":"distal_radius","label":"Distal radius","snomed_ct":"75129005"},{"abbreviation":"Uln","group":"wrist","id":"distal_ulna","label":"Distal ulna","snomed_ct":"91238003"},{"abbreviation":"MC2h","group":"mcp","id":"mc2_head","label":"Head of 2nd metacarpal","snomed_ct":null},{"abbreviation":"PP2b","group":"mcp","id":"pp2_base","label":"Base of 2nd proximal phalanx","snomed_ct":null},{"abbreviation":"MC3h","group":"mcp","id":"mc3_head","label":"Head of 3rd metacarpal","snomed_ct":null},{"abbreviation":"PP3b","group":"mcp","id":"pp3_base","label":"Base of 3rd proximal phalanx","snomed_ct":null},{"abbreviation":"MC4h","group":"mcp","id":"mc4_head","label":"Head of 4th metacarpal","snomed_ct":null},{"abbreviation":"PP4b","group":"mcp","id":"pp4_base","label":"Base of 4th proximal phalanx","snomed_ct":null},{"abbreviation":"MC5h","group":"mcp","id":"mc5_head","label":"Head of 5th metacarpal","snomed_ct":null},{"abbreviation":"PP5b","group":"mcp","id":"pp5_base","label":"Base of 5th proximal phalanx","snomed_ct":null}],"step":1}],"grand_total":false,"id":"ramris_2003","modality":"MR","region":"one wrist and MCP 2-5 of the same hand","sides":1,"title":"OMERACT RAMRIS, 2002/2003 core set"}}]}','{"confidence":false,"evidence":"off","fill_unseen":true,"prorate_from":0.8,"same_place_mm":3.0,"totals_visible":true}');
CREATE TABLE reading_case (
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	side TEXT, 
	PRIMARY KEY (position), 
	UNIQUE (code)
);
INSERT INTO "reading_case" VALUES(1,'K7Q2M','R');
INSERT INTO "reading_case" VALUES(2,'M3DAX','L');
CREATE TABLE reopen_request (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	receipt_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
CREATE TABLE reopening (
	seq INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	receipt_hash TEXT NOT NULL, 
	grant_id TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code), 
	UNIQUE (grant_id)
);
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
INSERT INTO "score" VALUES(20,'M3DAX','A','ramris_2003','synovitis',NULL,'distal_radioulnar',NULL,'other','plate');
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
	seal_version INTEGER NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES audit (seq), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "signature" VALUES(19,'K7Q2M','Anna Lind','2026-11-22T04:47:01.707Z','scored',18,'7852560f4a1b450cee2912c7094625b96ef7409c2527d841fbb64d7a96e0ff42','dfacdfd3f2bc59934f238c2110e5c3c1b32274604b54564ab8536d4d2a4c4056','836b4f4184cdbb7979ff6655d5e4fc5dbff2a99f09498b82a7fa5d0dd028d552',2);
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
CREATE INDEX signature_of_case ON signature (case_code);
CREATE INDEX landmark_of_case ON landmark (case_code);
CREATE INDEX transform_of_case ON transform (case_code);
CREATE INDEX mark_of_case ON mark (case_code, mark_id);
CREATE INDEX comment_of_case ON comment (case_code);
CREATE INDEX confidence_of_case ON confidence (case_code);
CREATE INDEX evidence_override_of_case ON evidence_override (case_code);
CREATE INDEX active_time_of_case ON active_time (case_code);
CREATE INDEX reopening_of_case ON reopening (case_code);
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
CREATE TRIGGER mark_no_update BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'mark rows stay as they are'); END;
CREATE TRIGGER mark_no_delete BEFORE DELETE ON mark BEGIN SELECT RAISE(ABORT, 'mark rows stay as they are'); END;
CREATE TRIGGER comment_no_update BEFORE UPDATE ON comment BEGIN SELECT RAISE(ABORT, 'comment rows stay as they are'); END;
CREATE TRIGGER comment_no_delete BEFORE DELETE ON comment BEGIN SELECT RAISE(ABORT, 'comment rows stay as they are'); END;
CREATE TRIGGER confidence_no_update BEFORE UPDATE ON confidence BEGIN SELECT RAISE(ABORT, 'confidence rows stay as they are'); END;
CREATE TRIGGER confidence_no_delete BEFORE DELETE ON confidence BEGIN SELECT RAISE(ABORT, 'confidence rows stay as they are'); END;
CREATE TRIGGER evidence_override_no_update BEFORE UPDATE ON evidence_override BEGIN SELECT RAISE(ABORT, 'evidence_override rows stay as they are'); END;
CREATE TRIGGER evidence_override_no_delete BEFORE DELETE ON evidence_override BEGIN SELECT RAISE(ABORT, 'evidence_override rows stay as they are'); END;
CREATE TRIGGER active_time_no_update BEFORE UPDATE ON active_time BEGIN SELECT RAISE(ABORT, 'active_time rows stay as they are'); END;
CREATE TRIGGER active_time_no_delete BEFORE DELETE ON active_time BEGIN SELECT RAISE(ABORT, 'active_time rows stay as they are'); END;
CREATE TRIGGER reopen_request_no_update BEFORE UPDATE ON reopen_request BEGIN SELECT RAISE(ABORT, 'reopen_request rows stay as they are'); END;
CREATE TRIGGER reopen_request_no_delete BEFORE DELETE ON reopen_request BEGIN SELECT RAISE(ABORT, 'reopen_request rows stay as they are'); END;
CREATE TRIGGER reopening_no_update BEFORE UPDATE ON reopening BEGIN SELECT RAISE(ABORT, 'reopening rows stay as they are'); END;
CREATE TRIGGER reopening_no_delete BEFORE DELETE ON reopening BEGIN SELECT RAISE(ABORT, 'reopening rows stay as they are'); END;
CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END;
CREATE TRIGGER score_told_in_audit BEFORE INSERT ON score WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'score.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this score'); END;
CREATE TRIGGER signature_told_in_audit BEFORE INSERT ON signature WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'case.signed') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this signature'); END;
CREATE TRIGGER reopen_request_told_in_audit BEFORE INSERT ON reopen_request WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'case.reopening_asked') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this reopen_request'); END;
CREATE TRIGGER reopening_told_in_audit BEFORE INSERT ON reopening WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'case.reopened') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this reopening'); END;
CREATE TRIGGER landmark_told_in_audit BEFORE INSERT ON landmark WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'landmark.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this landmark'); END;
CREATE TRIGGER transform_told_in_audit BEFORE INSERT ON transform WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'transform.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this transform'); END;
CREATE TRIGGER mark_told_in_audit BEFORE INSERT ON mark WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'mark.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this mark'); END;
CREATE TRIGGER comment_told_in_audit BEFORE INSERT ON comment WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'comment.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this comment'); END;
CREATE TRIGGER confidence_told_in_audit BEFORE INSERT ON confidence WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'confidence.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this confidence'); END;
CREATE TRIGGER evidence_override_told_in_audit BEFORE INSERT ON evidence_override WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'evidence_override.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this evidence_override'); END;
CREATE TRIGGER active_time_told_in_audit BEFORE INSERT ON active_time WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code AND action GLOB 'active_time.*') BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this active_time'); END;
CREATE TRIGGER score_of_signed_case BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER landmark_of_signed_case BEFORE INSERT ON landmark WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER transform_of_signed_case BEFORE INSERT ON transform WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER mark_of_signed_case BEFORE INSERT ON mark WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER comment_of_signed_case BEFORE INSERT ON comment WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER confidence_of_signed_case BEFORE INSERT ON confidence WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER evidence_override_of_signed_case BEFORE INSERT ON evidence_override WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER active_time_of_signed_case BEFORE INSERT ON active_time WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER signature_of_signed_case BEFORE INSERT ON signature WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)) BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END;
CREATE TRIGGER reopen_request_names_signature BEFORE INSERT ON reopen_request WHEN NOT EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0) AND receipt_hash = NEW.receipt_hash) BEGIN SELECT RAISE(ABORT, 'this reopen_request is not about the signature of its case'); END;
CREATE TRIGGER reopening_names_signature BEFORE INSERT ON reopening WHEN NOT EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq > coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0) AND receipt_hash = NEW.receipt_hash) BEGIN SELECT RAISE(ABORT, 'this reopening is not about the signature of its case'); END;
COMMIT;
