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
INSERT INTO "audit" VALUES(1,'2026-11-22T03:50:09.025Z',0,13307425,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','study.created',NULL,'A trial',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','1a2fb6da5f1c315e24356b0eedd6bf02dffa0e1ac92bb6635a3b63c1078a6fe8');
INSERT INTO "audit" VALUES(2,'2026-11-22T03:50:09.103Z',0,13307503,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','subject.put',NULL,'S1',NULL,'L',NULL,'1a2fb6da5f1c315e24356b0eedd6bf02dffa0e1ac92bb6635a3b63c1078a6fe8','ceffffb33d297096afb0da9c79e8bc236b8e53bb9d4914181b29a0783df09dfc');
INSERT INTO "audit" VALUES(3,'2026-11-22T03:50:09.126Z',0,13307526,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','images.imported',NULL,NULL,NULL,'1 files, 1 series',NULL,'ceffffb33d297096afb0da9c79e8bc236b8e53bb9d4914181b29a0783df09dfc','3e992c079fb899f56de8e37142cb2c90da3a695a2371748c3ba4e800ba8ff8ae');
INSERT INTO "audit" VALUES(4,'2026-11-22T03:50:09.144Z',0,13307544,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','round.defined',NULL,'RAMRIS',NULL,NULL,NULL,'3e992c079fb899f56de8e37142cb2c90da3a695a2371748c3ba4e800ba8ff8ae','133173d858ef5dc0b670a9bb570aa80f0eeb0060c1f14ef7efa21273af115dce');
INSERT INTO "audit" VALUES(5,'2026-11-22T03:50:09.184Z',0,13307585,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','reading.prepared',NULL,'READ1',NULL,NULL,NULL,'133173d858ef5dc0b670a9bb570aa80f0eeb0060c1f14ef7efa21273af115dce','6e67877c72c04d65a47cf09c264679c27e03d13805d437616739029c0788e7a7');
INSERT INTO "audit" VALUES(6,'2026-11-22T03:50:09.207Z',0,13307607,'coordinator','coordinator','0bff4979681b3fb4','source','1.0','case.collected','CASE1','READ1',NULL,'seal',NULL,'6e67877c72c04d65a47cf09c264679c27e03d13805d437616739029c0788e7a7','c08c48c4bd4630041426b2b2114e60d73cdb8ed5c1f86b3551a28e70c892099f');
CREATE TABLE file (
	name TEXT NOT NULL, 
	sop_instance_uid TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	study_instance_uid TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	visit TEXT NOT NULL, 
	PRIMARY KEY (name), 
	UNIQUE (sop_instance_uid), 
	FOREIGN KEY(subject) REFERENCES subject (code), 
	FOREIGN KEY(visit) REFERENCES visit (label)
);
INSERT INTO "file" VALUES('f1.2.3','9.1.2.3','ab',5,'1.2','S1','Late');
CREATE TABLE person (
	name TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "person" VALUES('Ann');
CREATE TABLE reading (
	code TEXT NOT NULL, 
	round_id INTEGER NOT NULL, 
	reader TEXT NOT NULL, 
	path TEXT NOT NULL, 
	head TEXT NOT NULL, 
	PRIMARY KEY (code), 
	UNIQUE (round_id, reader), 
	FOREIGN KEY(round_id) REFERENCES round (id), 
	FOREIGN KEY(reader) REFERENCES person (name)
);
INSERT INTO "reading" VALUES('READ1',1,'Ann','/elsewhere/READ1.reading','ef');
CREATE TABLE reading_case (
	code TEXT NOT NULL, 
	reading_code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	side TEXT, 
	repeat BOOLEAN NOT NULL, 
	PRIMARY KEY (code), 
	UNIQUE (reading_code, position), 
	FOREIGN KEY(reading_code) REFERENCES reading (code), 
	FOREIGN KEY(subject) REFERENCES subject (code)
);
INSERT INTO "reading_case" VALUES('CASE1','READ1',1,'S1','L',0);
CREATE TABLE reading_image (
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	role TEXT NOT NULL, 
	series_uid TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	PRIMARY KEY (case_code, letter, role), 
	FOREIGN KEY(case_code, letter) REFERENCES reading_timepoint (case_code, letter)
);
INSERT INTO "reading_image" VALUES('CASE1','A','cor_stir','1.2.3','cd');
CREATE TABLE reading_timepoint (
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	visit TEXT NOT NULL, 
	PRIMARY KEY (case_code, letter), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code), 
	FOREIGN KEY(visit) REFERENCES visit (label)
);
INSERT INTO "reading_timepoint" VALUES('CASE1','A','Late');
CREATE TABLE round (
	id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	modality TEXT NOT NULL, 
	design TEXT NOT NULL, 
	form TEXT NOT NULL, 
	visits TEXT NOT NULL, 
	readers TEXT NOT NULL, 
	repeat FLOAT NOT NULL, 
	seed TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	out_folder TEXT NOT NULL, 
	locked_utc TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (title)
);
INSERT INTO "round" VALUES(1,'RAMRIS','MR','paired','{"parts": [{"features": ["synovitis", "bone_oedema", "bone_erosion", "eroded_bone_count"], "fingerprint": "93dfcffa6cd6c8b03c886fe86b502c1d61e5d86b15d8222875461ed8b124944e", "system": {"citation": "Østergaard M, Peterfy C, Conaghan P, et al. J Rheumatol 2003;30:1385-6", "features": [{"abbreviation": "SYN", "count_at_least": 1, "count_of": null, "grades": {"0": "normal", "1": "mild: lowest third of the presumed maximum volume of enhancing tissue in the compartment", "2": "moderate: middle third", "3": "severe: highest third"}, "id": "synovitis", "images": "T1-weighted before AND after intravenous gadolinium; read on axial slices, coronal in support", "label": "Synovitis", "maximum": 3, "minimum": 0, "roles": ["cor_t1_pre", "cor_t1_post", "ax_t1_pre", "ax_t1_post"], "sites": [{"abbreviation": "DRUJ", "group": "wrist", "id": "distal_radioulnar", "label": "Distal radioulnar joint", "snomed_ct": null}, {"abbreviation": "RC", "group": "wrist", "id": "radiocarpal", "label": "Radiocarpal joint", "snomed_ct": null}, {"abbreviation": "IC-CMC", "group": "wrist", "id": "intercarpal_cmc", "label": "Intercarpal and carpometacarpal joints (CMC1 excluded)", "snomed_ct": null}, {"abbreviation": "MCP2", "group": "mcp", "id": "mcp2", "label": "2nd metacarpophalangeal joint (index finger)", "snomed_ct": "289002"}, {"abbreviation": "MCP3", "group": "mcp", "id": "mcp3", "label": "3rd metacarpophalangeal joint (middle finger)", "snomed_ct": "6059006"}, {"abbreviation": "MCP4", "group": "mcp", "id": "mcp4", "label": "4th metacarpophalangeal joint (ring finger)", "snomed_ct": null}, {"abbreviation": "MCP5", "group": "mcp", "id": "mcp5", "label": "5th metacarpophalangeal joint (little finger)", "snomed_ct": null}], "step": 1}, {"abbreviation": "BME", "count_at_least": 1, "count_of": null, "grades": {"0": "no oedema", "1": "oedema in 1-33 % of the assessed bone volume", "2": "oedema in 34-66 %", "3": "oedema in 67-100 %"}, "id": "bone_oedema", "images": "STIR or T2-weighted fat-suppressed (normally coronal); all slices through the bone", "label": "Bone marrow oedema (osteitis)", "maximum": 3, "minimum": 0, "roles": ["cor_stir"], "sites": [{"abbreviation": "MC1b", "group": "wrist", "id": "mc1_base", "label": "Base of 1st metacarpal", "snomed_ct": null}, {"abbreviation": "MC2b", "group": "wrist", "id": "mc2_base", "label": "Base of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "MC3b", "group": "wrist", "id": "mc3_base", "label": "Base of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "MC4b", "group": "wrist", "id": "mc4_base", "label": "Base of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "MC5b", "group": "wrist", "id": "mc5_base", "label": "Base of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "Trm", "group": "wrist", "id": "trapezium", "label": "Trapezium (greater multangular)", "snomed_ct": null}, {"abbreviation": "Trd", "group": "wrist", "id": "trapezoid", "label": "Trapezoid (lesser multangular)", "snomed_ct": null}, {"abbreviation": "Cap", "group": "wrist", "id": "capitate", "label": "Capitate", "snomed_ct": null}, {"abbreviation": "Ham", "group": "wrist", "id": "hamate", "label": "Hamate", "snomed_ct": null}, {"abbreviation": "Sca", "group": "wrist", "id": "scaphoid", "label": "Scaphoid (navicular)", "snomed_ct": "30518006"}, {"abbreviation": "Lun", "group": "wrist", "id": "lunate", "label": "Lunate", "snomed_ct": null}, {"abbreviation": "Tri", "group": "wrist", "id": "triquetrum", "label": "Triquetrum", "snomed_ct": null}, {"abbreviation": "Pis", "group": "wrist", "id": "pisiform", "label": "Pisiform", "snomed_ct": null}, {"abbreviation": "Rad", "group": "wrist", "id": "distal_radius", "label": "Distal radius", "snomed_ct": "75129005"}, {"abbreviation": "Uln", "group": "wrist", "id": "distal_ulna", "label": "Distal ulna", "snomed_ct": "91238003"}, {"abbreviation": "MC2h", "group": "mcp", "id": "mc2_head", "label": "Head of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "PP2b", "group": "mcp", "id": "pp2_base", "label": "Base of 2nd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC3h", "group": "mcp", "id": "mc3_head", "label": "Head of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "PP3b", "group": "mcp", "id": "pp3_base", "label": "Base of 3rd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC4h", "group": "mcp", "id": "mc4_head", "label": "Head of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "PP4b", "group": "mcp", "id": "pp4_base", "label": "Base of 4th proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC5h", "group": "mcp", "id": "mc5_head", "label": "Head of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "PP5b", "group": "mcp", "id": "pp5_base", "label": "Base of 5th proximal phalanx", "snomed_ct": null}], "step": 1}, {"abbreviation": "ERO", "count_at_least": 1, "count_of": null, "grades": {"0": "no erosion", "1": "1-10 % of the assessed bone volume eroded", "10": "91-100 % of the assessed bone volume eroded", "2": "11-20 % of the assessed bone volume eroded", "3": "21-30 % of the assessed bone volume eroded", "4": "31-40 % of the assessed bone volume eroded", "5": "41-50 % of the assessed bone volume eroded", "6": "51-60 % of the assessed bone volume eroded", "7": "61-70 % of the assessed bone volume eroded", "8": "71-80 % of the assessed bone volume eroded", "9": "81-90 % of the assessed bone volume eroded"}, "id": "bone_erosion", "images": "T1-weighted in two planes (coronal to score, axial to confirm the cortical break)", "label": "Bone erosion", "maximum": 10, "minimum": 0, "roles": ["cor_t1_pre", "ax_t1_pre"], "sites": [{"abbreviation": "MC1b", "group": "wrist", "id": "mc1_base", "label": "Base of 1st metacarpal", "snomed_ct": null}, {"abbreviation": "MC2b", "group": "wrist", "id": "mc2_base", "label": "Base of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "MC3b", "group": "wrist", "id": "mc3_base", "label": "Base of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "MC4b", "group": "wrist", "id": "mc4_base", "label": "Base of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "MC5b", "group": "wrist", "id": "mc5_base", "label": "Base of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "Trm", "group": "wrist", "id": "trapezium", "label": "Trapezium (greater multangular)", "snomed_ct": null}, {"abbreviation": "Trd", "group": "wrist", "id": "trapezoid", "label": "Trapezoid (lesser multangular)", "snomed_ct": null}, {"abbreviation": "Cap", "group": "wrist", "id": "capitate", "label": "Capitate", "snomed_ct": null}, {"abbreviation": "Ham", "group": "wrist", "id": "hamate", "label": "Hamate", "snomed_ct": null}, {"abbreviation": "Sca", "group": "wrist", "id": "scaphoid", "label": "Scaphoid (navicular)", "snomed_ct": "30518006"}, {"abbreviation": "Lun", "group": "wrist", "id": "lunate", "label": "Lunate", "snomed_ct": null}, {"abbreviation": "Tri", "group": "wrist", "id": "triquetrum", "label": "Triquetrum", "snomed_ct": null}, {"abbreviation": "Pis", "group": "wrist", "id": "pisiform", "label": "Pisiform", "snomed_ct": null}, {"abbreviation": "Rad", "group": "wrist", "id": "distal_radius", "label": "Distal radius", "snomed_ct": "75129005"}, {"abbreviation": "Uln", "group": "wrist", "id": "distal_ulna", "label": "Distal ulna", "snomed_ct": "91238003"}, {"abbreviation": "MC2h", "group": "mcp", "id": "mc2_head", "label": "Head of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "PP2b", "group": "mcp", "id": "pp2_base", "label": "Base of 2nd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC3h", "group": "mcp", "id": "mc3_head", "label": "Head of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "PP3b", "group": "mcp", "id": "pp3_base", "label": "Base of 3rd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC4h", "group": "mcp", "id": "mc4_head", "label": "Head of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "PP4b", "group": "mcp", "id": "pp4_base", "label": "Base of 4th proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC5h", "group": "mcp", "id": "mc5_head", "label": "Head of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "PP5b", "group": "mcp", "id": "pp5_base", "label": "Base of 5th proximal phalanx", "snomed_ct": null}], "step": 1}, {"abbreviation": "NEB", "count_at_least": 1, "count_of": "bone_erosion", "grades": {}, "id": "eroded_bone_count", "images": "", "label": "Number of bones with erosion", "maximum": 1, "minimum": 0, "roles": ["cor_t1_pre", "ax_t1_pre"], "sites": [{"abbreviation": "MC1b", "group": "wrist", "id": "mc1_base", "label": "Base of 1st metacarpal", "snomed_ct": null}, {"abbreviation": "MC2b", "group": "wrist", "id": "mc2_base", "label": "Base of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "MC3b", "group": "wrist", "id": "mc3_base", "label": "Base of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "MC4b", "group": "wrist", "id": "mc4_base", "label": "Base of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "MC5b", "group": "wrist", "id": "mc5_base", "label": "Base of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "Trm", "group": "wrist", "id": "trapezium", "label": "Trapezium (greater multangular)", "snomed_ct": null}, {"abbreviation": "Trd", "group": "wrist", "id": "trapezoid", "label": "Trapezoid (lesser multangular)", "snomed_ct": null}, {"abbreviation": "Cap", "group": "wrist", "id": "capitate", "label": "Capitate", "snomed_ct": null}, {"abbreviation": "Ham", "group": "wrist", "id": "hamate", "label": "Hamate", "snomed_ct": null}, {"abbreviation": "Sca", "group": "wrist", "id": "scaphoid", "label": "Scaphoid (navicular)", "snomed_ct": "30518006"}, {"abbreviation": "Lun", "group": "wrist", "id": "lunate", "label": "Lunate", "snomed_ct": null}, {"abbreviation": "Tri", "group": "wrist", "id": "triquetrum", "label": "Triquetrum", "snomed_ct": null}, {"abbreviation": "Pis", "group": "wrist", "id": "pisiform", "label": "Pisiform", "snomed_ct": null}, {"abbreviation": "Rad", "group": "wrist", "id": "distal_radius", "label": "Distal radius", "snomed_ct": "75129005"}, {"abbreviation": "Uln", "group": "wrist", "id": "distal_ulna", "label": "Distal ulna", "snomed_ct": "91238003"}, {"abbreviation": "MC2h", "group": "mcp", "id": "mc2_head", "label": "Head of 2nd metacarpal", "snomed_ct": null}, {"abbreviation": "PP2b", "group": "mcp", "id": "pp2_base", "label": "Base of 2nd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC3h", "group": "mcp", "id": "mc3_head", "label": "Head of 3rd metacarpal", "snomed_ct": null}, {"abbreviation": "PP3b", "group": "mcp", "id": "pp3_base", "label": "Base of 3rd proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC4h", "group": "mcp", "id": "mc4_head", "label": "Head of 4th metacarpal", "snomed_ct": null}, {"abbreviation": "PP4b", "group": "mcp", "id": "pp4_base", "label": "Base of 4th proximal phalanx", "snomed_ct": null}, {"abbreviation": "MC5h", "group": "mcp", "id": "mc5_head", "label": "Head of 5th metacarpal", "snomed_ct": null}, {"abbreviation": "PP5b", "group": "mcp", "id": "pp5_base", "label": "Base of 5th proximal phalanx", "snomed_ct": null}], "step": 1}], "grand_total": false, "id": "ramris_2003", "modality": "MR", "region": "one wrist and MCP 2-5 of the same hand", "sides": 1, "title": "OMERACT RAMRIS, 2002/2003 core set"}}]}','["Baseline", "Late"]','["Ann"]',0.1,'170141183460469231731687303715884118073','["all"]','x',NULL);
CREATE TABLE round_case (
	code TEXT NOT NULL, 
	round_id INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	PRIMARY KEY (code), 
	UNIQUE (round_id, subject), 
	FOREIGN KEY(round_id) REFERENCES round (id), 
	FOREIGN KEY(subject) REFERENCES subject (code)
);
INSERT INTO "round_case" VALUES('ROUND',1,'S1');
CREATE TABLE score (
	id INTEGER NOT NULL, 
	case_code TEXT NOT NULL, 
	letter TEXT NOT NULL, 
	system TEXT NOT NULL, 
	feature TEXT NOT NULL, 
	side TEXT, 
	site TEXT NOT NULL, 
	value TEXT, 
	not_assessable TEXT, 
	comment TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(case_code) REFERENCES signature (case_code)
);
INSERT INTO "score" VALUES(1,'CASE1','A','ramris_2003','bone_erosion',NULL,'lunate','4',NULL,'');
INSERT INTO "score" VALUES(2,'CASE1','A','ramris_2003','bone_erosion',NULL,'hamate',NULL,'surgery','plate');
INSERT INTO "score" VALUES(3,'CASE1','A','genant','erosion','L','mcp2','0.5',NULL,'');
CREATE TABLE series (
	series_uid TEXT NOT NULL, 
	study_instance_uid TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	visit TEXT NOT NULL, 
	modality TEXT NOT NULL, 
	role TEXT NOT NULL, 
	recognised_role TEXT NOT NULL, 
	role_reason TEXT NOT NULL, 
	overruled BOOLEAN NOT NULL, 
	patient_id TEXT, 
	study_date TEXT, 
	laterality TEXT, 
	problems TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (series_uid), 
	FOREIGN KEY(subject) REFERENCES subject (code), 
	FOREIGN KEY(visit) REFERENCES visit (label)
);
INSERT INTO "series" VALUES('1.2.3','1.2','S1','Late','MR','cor_stir','cor_stir','because',0,NULL,NULL,NULL,'["odd"]','{"rows": 4}');
CREATE TABLE signature (
	case_code TEXT NOT NULL, 
	receipt TEXT NOT NULL, 
	seal TEXT NOT NULL, 
	collected_utc TEXT NOT NULL, 
	PRIMARY KEY (case_code), 
	FOREIGN KEY(case_code) REFERENCES reading_case (code)
);
INSERT INTO "signature" VALUES('CASE1','{"hash": "abababababababababababababababababababababababababababababababab", "seq": 7}','seal','2026-11-22T03:50:09.204Z');
CREATE TABLE skipped (
	round_id INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (round_id, subject), 
	FOREIGN KEY(round_id) REFERENCES round (id), 
	FOREIGN KEY(subject) REFERENCES subject (code)
);
CREATE TABLE study (
	title TEXT NOT NULL, 
	visits_fixed BOOLEAN NOT NULL, 
	created_utc TEXT NOT NULL, 
	PRIMARY KEY (title)
);
INSERT INTO "study" VALUES('A trial',1,'2026-11-22T03:50:09.021Z');
CREATE TABLE subject (
	code TEXT NOT NULL, 
	side TEXT, 
	PRIMARY KEY (code)
);
INSERT INTO "subject" VALUES('S1','L');
CREATE TABLE visit (
	label TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	week FLOAT, 
	PRIMARY KEY (label), 
	UNIQUE (position)
);
INSERT INTO "visit" VALUES('Baseline',0,0.0);
INSERT INTO "visit" VALUES('Late',1,36.5);
CREATE INDEX ix_file_study_instance_uid ON file (study_instance_uid);
CREATE INDEX ix_series_study_instance_uid ON series (study_instance_uid);
CREATE INDEX ix_score_case_code ON score (case_code);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows stay as they are'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows stay as they are'); END;
CREATE TRIGGER round_case_no_update BEFORE UPDATE ON round_case BEGIN SELECT RAISE(ABORT, 'round_case rows stay as they are'); END;
CREATE TRIGGER round_case_no_delete BEFORE DELETE ON round_case BEGIN SELECT RAISE(ABORT, 'round_case rows stay as they are'); END;
CREATE TRIGGER reading_case_no_update BEFORE UPDATE ON reading_case BEGIN SELECT RAISE(ABORT, 'reading_case rows stay as they are'); END;
CREATE TRIGGER reading_case_no_delete BEFORE DELETE ON reading_case BEGIN SELECT RAISE(ABORT, 'reading_case rows stay as they are'); END;
CREATE TRIGGER reading_timepoint_no_update BEFORE UPDATE ON reading_timepoint BEGIN SELECT RAISE(ABORT, 'reading_timepoint rows stay as they are'); END;
CREATE TRIGGER reading_timepoint_no_delete BEFORE DELETE ON reading_timepoint BEGIN SELECT RAISE(ABORT, 'reading_timepoint rows stay as they are'); END;
CREATE TRIGGER reading_image_no_update BEFORE UPDATE ON reading_image BEGIN SELECT RAISE(ABORT, 'reading_image rows stay as they are'); END;
CREATE TRIGGER reading_image_no_delete BEFORE DELETE ON reading_image BEGIN SELECT RAISE(ABORT, 'reading_image rows stay as they are'); END;
CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signature rows stay as they are'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'signature rows stay as they are'); END;
CREATE TRIGGER score_no_update BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'score rows stay as they are'); END;
CREATE TRIGGER score_no_delete BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'score rows stay as they are'); END;
CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END;
COMMIT;
