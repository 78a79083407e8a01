"""Attempts to send deliveries to targets, what was allowed for targets, and the queue of what is to be forwarded."""

SQL = """
CREATE TABLE attempt (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order in which they ended
    delivery   INTEGER NOT NULL,  -- 0: the request was made here
    run        INTEGER NOT NULL,  -- 0: none
    rule       INTEGER NOT NULL,  -- of a forward; 0: none
    started_ns INTEGER NOT NULL,
    took_ns    INTEGER NOT NULL,
    status     INTEGER NOT NULL,  -- 0: no answer
    target     TEXT NOT NULL,
    error      TEXT NOT NULL,     -- a key of attempt.ERRORS; empty: none
    facts      TEXT NOT NULL,     -- JSON of the rest, attempts.Facts
    codec      INTEGER NOT NULL,  -- as in `content`
    data       BLOB NOT NULL      -- the bytes that are not the delivery's own, one after the other
);
CREATE INDEX attempt_delivery ON attempt (delivery);
CREATE INDEX attempt_run ON attempt (run) WHERE run > 0;
CREATE INDEX attempt_rule ON attempt (rule) WHERE rule > 0;

-- Several resends that belong together. `what` and `result` are JSON for people to read again.
CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_ns INTEGER NOT NULL,
    ended_ns   INTEGER NOT NULL,  -- 0: it has not ended, or the program was killed
    what       TEXT NOT NULL,
    result     TEXT NOT NULL
);

-- Targets that were used, and what a person has allowed for them.
CREATE TABLE target (
    origin          TEXT PRIMARY KEY,
    url             TEXT NOT NULL,  -- the last one
    used_ns         INTEGER NOT NULL,
    any_certificate INTEGER NOT NULL,
    link_local      INTEGER NOT NULL
) WITHOUT ROWID;

-- A rule has looked at the deliveries up to `seen`. It moves in the transaction that puts them in the queue.
CREATE TABLE forward_rule (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER,             -- NULL: it was removed
    seen     INTEGER NOT NULL,
    value    TEXT NOT NULL        -- JSON of ForwardRule
);
CREATE TABLE forward (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order
    rule        INTEGER NOT NULL,
    delivery    INTEGER NOT NULL,
    state       INTEGER NOT NULL,  -- forwards.STATES
    due_ns      INTEGER NOT NULL,
    first_ns    INTEGER NOT NULL,  -- the start of the first attempt; 0: none yet
    tried       INTEGER NOT NULL,
    maybe_twice INTEGER NOT NULL,  -- it was in flight when the program ended
    status      INTEGER NOT NULL,  -- of the last attempt
    error       TEXT NOT NULL
);
CREATE INDEX forward_queue ON forward (rule, state, due_ns);
CREATE INDEX forward_delivery ON forward (delivery);

CREATE TRIGGER delivery_deleted_attempts AFTER DELETE ON delivery BEGIN
    DELETE FROM attempt WHERE delivery = old.id;
    DELETE FROM forward WHERE delivery = old.id;
END;
"""
