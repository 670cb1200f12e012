CREATE TABLE meta (
    id INTEGER NOT NULL CHECK (id = 1),
    store_id TEXT NOT NULL,
    changes BIGINT NOT NULL,
    high_water_s BIGINT NOT NULL,
    journal_seq BIGINT NOT NULL,
    journal_hash TEXT NOT NULL,
    seal_sum TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (id)
)

CREATE TABLE clock (
    boot_id TEXT NOT NULL,
    boot_ms BIGINT NOT NULL,
    ledger_s BIGINT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (boot_id)
)

CREATE TABLE time_confirmed (
    id INTEGER NOT NULL,
    before_s BIGINT NOT NULL,
    at_s BIGINT NOT NULL,
    up_to_session INTEGER NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (id)
)

CREATE TABLE person (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    document TEXT,
    seal TEXT NOT NULL,
    UNIQUE (name)
)

CREATE TABLE caregiver (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    alone BOOLEAN NOT NULL,
    revoked_s BIGINT,
    failures INTEGER NOT NULL,
    failed_s BIGINT,
    seal TEXT NOT NULL,
    UNIQUE (name)
)

CREATE TABLE device (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    radio TEXT NOT NULL,
    address TEXT NOT NULL,
    model_number TEXT NOT NULL,
    firmware TEXT NOT NULL,
    serial TEXT NOT NULL,
    seal TEXT NOT NULL,
    UNIQUE (name)
)

CREATE UNIQUE INDEX one_device_per_address ON device (radio, address)

CREATE TABLE session (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    device TEXT NOT NULL,
    identity TEXT,
    program TEXT NOT NULL,
    controller TEXT NOT NULL,
    started_s BIGINT NOT NULL,
    last_s BIGINT NOT NULL,
    ended_s BIGINT,
    reserved_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    seal TEXT NOT NULL,
    CONSTRAINT use_is_paid CHECK (0 <= used_ms AND used_ms <= reserved_ms),
    CONSTRAINT time_runs_on CHECK (started_s <= last_s AND (ended_s IS NULL OR last_s <= ended_s)),
    FOREIGN KEY(person_id) REFERENCES person (id)
)

CREATE INDEX ix_session_person_id ON session (person_id)

CREATE UNIQUE INDEX one_session_per_device ON session (device) WHERE ended_s IS NULL

CREATE UNIQUE INDEX one_session_per_person ON session (person_id) WHERE ended_s IS NULL

CREATE UNIQUE INDEX one_session_per_identity ON session (identity) WHERE ended_s IS NULL

CREATE TABLE lockout (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    cause TEXT NOT NULL,
    authority TEXT NOT NULL,
    since_s BIGINT NOT NULL,
    not_before_s BIGINT NOT NULL,
    note TEXT NOT NULL,
    cleared_s BIGINT,
    seal TEXT NOT NULL,
    FOREIGN KEY(person_id) REFERENCES person (id)
)

CREATE INDEX ix_lockout_person_id ON lockout (person_id)

CREATE TABLE debit (
    session_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    side TEXT NOT NULL,
    reserved_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (session_id, zone, side),
    CONSTRAINT zone_use_is_paid CHECK (0 <= used_ms AND used_ms <= reserved_ms),
    FOREIGN KEY(session_id) REFERENCES session (id)
)

CREATE TABLE follow_up (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    due_s BIGINT NOT NULL,
    answered_s BIGINT,
    seal TEXT NOT NULL,
    FOREIGN KEY(person_id) REFERENCES person (id),
    FOREIGN KEY(session_id) REFERENCES session (id)
)

CREATE INDEX ix_follow_up_person_id ON follow_up (person_id)

CREATE TABLE journal (
    seq INTEGER NOT NULL,
    session_id INTEGER,
    person_id INTEGER,
    at_ms BIGINT NOT NULL,
    unix_s BIGINT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    nonce TEXT,
    facts TEXT,
    content_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (seq),
    FOREIGN KEY(session_id) REFERENCES session (id),
    FOREIGN KEY(person_id) REFERENCES person (id)
)

CREATE INDEX ix_journal_session_id ON journal (session_id)

CREATE INDEX ix_journal_person_id ON journal (person_id)

CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal
    WHEN NOT (NEW.facts IS NULL
    AND NEW.nonce IS NULL
    AND NEW.seq = OLD.seq
    AND NEW.hash = OLD.hash
    AND NEW.content_hash = OLD.content_hash
    AND NEW.kind = OLD.kind
    AND NEW.code = OLD.code
    AND NEW.at_ms = OLD.at_ms
    AND NEW.unix_s = OLD.unix_s
    AND NEW.session_id IS OLD.session_id
    AND NEW.person_id IS OLD.person_id)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_stays BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

CREATE TRIGGER journal_unique BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
