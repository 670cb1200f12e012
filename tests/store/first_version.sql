BEGIN TRANSACTION;
CREATE TABLE calibration (
	person_id INTEGER NOT NULL, 
	device_profile TEXT NOT NULL, 
	c7_mm INTEGER NOT NULL, 
	psis_mm INTEGER NOT NULL, 
	error_mm INTEGER NOT NULL, 
	PRIMARY KEY (person_id, device_profile), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "calibration" VALUES(1,'chair',40,549,10);
INSERT INTO "calibration" VALUES(2,'chair',40,549,20);
INSERT INTO "calibration" VALUES(2,'bed',100,500,10);
CREATE TABLE condition (
	person_id INTEGER NOT NULL, 
	region TEXT NOT NULL, 
	severity INTEGER NOT NULL, 
	PRIMARY KEY (person_id, region), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "condition" VALUES(1,'lumbar',1);
INSERT INTO "condition" VALUES(2,'cervical',3);
INSERT INTO "condition" VALUES(2,'lumbar',2);
CREATE TABLE debit (
	session_id INTEGER NOT NULL, 
	zone TEXT NOT NULL, 
	side TEXT NOT NULL, 
	reserved_ms BIGINT NOT NULL, 
	used_ms BIGINT NOT NULL, 
	PRIMARY KEY (session_id, zone, side), 
	CHECK (0 <= used_ms AND used_ms <= reserved_ms), 
	FOREIGN KEY(session_id) REFERENCES session (id)
);
INSERT INTO "debit" VALUES(1,'L4-S1','left',450000,450000);
INSERT INTO "debit" VALUES(1,'L1-L3','right',450000,450000);
INSERT INTO "debit" VALUES(1,'L4-S1','right',450000,450000);
INSERT INTO "debit" VALUES(1,'L1-L3','left',450000,450000);
INSERT INTO "debit" VALUES(2,'L4-S1','left',450000,450000);
INSERT INTO "debit" VALUES(2,'L1-L3','right',450000,450000);
INSERT INTO "debit" VALUES(2,'L4-S1','right',450000,450000);
INSERT INTO "debit" VALUES(2,'L1-L3','left',450000,450000);
INSERT INTO "debit" VALUES(3,'L1-L3','right',10000,6001);
INSERT INTO "debit" VALUES(3,'L1-L3','left',10000,6001);
INSERT INTO "debit" VALUES(5,'L1-L3','right',19000,9000);
INSERT INTO "debit" VALUES(5,'L1-L3','left',19000,9000);
CREATE TABLE decision (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	session_id INTEGER, 
	at_ms BIGINT NOT NULL, 
	unix_s BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	code TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	FOREIGN KEY(session_id) REFERENCES session (id)
);
INSERT INTO "decision" VALUES(1,NULL,5,1700000000,'note','begin','{"a":1}');
INSERT INTO "decision" VALUES(2,3,6,1700000000,'decision','approved','{"level":3,"why":["ramp",null]}');
INSERT INTO "decision" VALUES(3,3,7,1700000001,'decision','no-permit','{"ok":true,"ü":"ß"}');
INSERT INTO "decision" VALUES(4,5,8,1700000109,'trip','overload','{"n":1}');
CREATE TABLE meta (
	id INTEGER NOT NULL CHECK (id = 1), 
	schema_version INTEGER NOT NULL, 
	high_water_s BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "meta" VALUES(1,1,1700000109);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	attested BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "person" VALUES(1,'demo',1);
INSERT INTO "person" VALUES(2,'Änne O''Neil',0);
INSERT INTO "person" VALUES(3,'nobody',1);
CREATE TABLE session (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	device TEXT NOT NULL, 
	program TEXT NOT NULL, 
	controller TEXT NOT NULL, 
	started_s BIGINT NOT NULL, 
	started_boot_ms BIGINT NOT NULL, 
	last_s BIGINT NOT NULL, 
	ended_s BIGINT, 
	reserved_ms BIGINT NOT NULL, 
	used_ms BIGINT NOT NULL, 
	CHECK (0 <= used_ms AND used_ms <= reserved_ms), 
	CHECK (started_s <= last_s AND (ended_s IS NULL OR last_s <= ended_s)), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "session" VALUES(1,1,'demo-history','demo-history','cccccccccccccccccccccccccccccccc',1699049600,0,1699050500,1699050500,900000,900000);
INSERT INTO "session" VALUES(2,1,'demo-history','demo-history','cccccccccccccccccccccccccccccccc',1699654400,0,1699655300,1699655300,900000,900000);
INSERT INTO "session" VALUES(3,1,'chair-1','gentle','cccccccccccccccccccccccccccccccc',1700000000,5000,1700000008,1700000008,10000,6001);
INSERT INTO "session" VALUES(4,3,'chair-3','gentle','cccccccccccccccccccccccccccccccc',1700000020,5000,1700000021,1700000021,0,0);
INSERT INTO "session" VALUES(5,2,'chair-2','gentle','cccccccccccccccccccccccccccccccc',1700000100,5000,1700000109,NULL,19000,9000);
CREATE UNIQUE INDEX one_session_per_person ON session (person_id) WHERE ended_s IS NULL;
CREATE UNIQUE INDEX one_session_per_device ON session (device) WHERE ended_s IS NULL;
CREATE INDEX ix_decision_session_id ON decision (session_id);
CREATE TRIGGER decision_keeps BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER decision_unique BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',5);
INSERT INTO "sqlite_sequence" VALUES('decision',4);
COMMIT;
