CREATE TABLE calibration (
    person_id INTEGER NOT NULL,
    device_profile TEXT NOT NULL,
    c7_mm INTEGER NOT NULL,
    psis_mm INTEGER NOT NULL,
    error_mm INTEGER NOT NULL,
    PRIMARY KEY (person_id, device_profile),
    FOREIGN KEY(person_id) REFERENCES person (id)
)

CREATE TABLE condition (
    person_id INTEGER NOT NULL,
    region TEXT NOT NULL,
    severity INTEGER NOT NULL,
    PRIMARY KEY (person_id, region),
    FOREIGN KEY(person_id) REFERENCES person (id)
)

CREATE TABLE debit (
    session_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    side TEXT NOT NULL,
    reserved_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    PRIMARY KEY (session_id, zone, side),
    CHECK (0 <= used_ms AND used_ms <= reserved_ms),
    FOREIGN KEY(session_id) REFERENCES session (id)
)

CREATE TABLE decision (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER,
    at_ms BIGINT NOT NULL,
    unix_s BIGINT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    facts TEXT NOT NULL,
    FOREIGN KEY(session_id) REFERENCES session (id)
)

CREATE TABLE meta (
    id INTEGER NOT NULL CHECK (id = 1),
    schema_version INTEGER NOT NULL,
    high_water_s BIGINT NOT NULL,
    PRIMARY KEY (id)
)

CREATE TABLE person (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    attested BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
)

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
)

CREATE UNIQUE INDEX one_session_per_person ON session (person_id) WHERE ended_s IS NULL

CREATE UNIQUE INDEX one_session_per_device ON session (device) WHERE ended_s IS NULL

CREATE INDEX ix_decision_session_id ON decision (session_id)

CREATE TRIGGER decision_keeps BEFORE UPDATE ON decision
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER decision_stays BEFORE DELETE ON decision
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER decision_unique BEFORE INSERT ON decision
    WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
