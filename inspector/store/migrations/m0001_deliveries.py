"""Deliveries, what their handlers said, and the handlers themselves."""

SQL = """
-- What a list shows and a search asks for. The order of the columns is that of their use in a page.
CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- arrival order, never reused
    received_ns INTEGER NOT NULL,  -- the last byte
    took_ns     INTEGER NOT NULL,  -- from the first byte to the last
    verdict     INTEGER NOT NULL,  -- rows.VERDICTS
    status      INTEGER NOT NULL,
    size        INTEGER NOT NULL,  -- of the body as received
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    query       TEXT NOT NULL,     -- with its question mark
    target      TEXT,              -- only where it is not path and query
    remote      TEXT NOT NULL,
    ladder      INTEGER NOT NULL,
    answer      INTEGER NOT NULL,
    reason      TEXT,              -- of a refusal
    tls         TEXT               -- JSON of TlsFacts
);
CREATE INDEX delivery_verdict ON delivery (verdict);

-- The bytes. `data` is head, trailers, first bytes of a refused request, body: one after the other, coded together.
CREATE TABLE content (
    id       INTEGER PRIMARY KEY,
    codec    INTEGER NOT NULL,  -- codec.py
    head     INTEGER NOT NULL,  -- lengths before coding
    trailers INTEGER NOT NULL,
    refused  INTEGER NOT NULL,
    file     TEXT,              -- the name of the body's own file; then `data` has no body
    data     BLOB NOT NULL
);
CREATE INDEX content_file ON content (file) WHERE file IS NOT NULL;

-- A table of its own: a row of `delivery` that grew afterwards would split its page.
CREATE TABLE answered (id INTEGER PRIMARY KEY, ns INTEGER NOT NULL);

-- Many deliveries share the same ladder and the same answer.
CREATE TABLE ladder (id INTEGER PRIMARY KEY, winner TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE answer (id INTEGER PRIMARY KEY, value BLOB NOT NULL);

-- What `content` was coded with: its `codec` is an id here.
CREATE TABLE dictionary (id INTEGER PRIMARY KEY, trained_at INTEGER NOT NULL, value BLOB NOT NULL);

CREATE TABLE handler (id INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER, revision INTEGER NOT NULL);
CREATE TABLE handler_revision (id INTEGER PRIMARY KEY AUTOINCREMENT, handler INTEGER NOT NULL, value BLOB NOT NULL);

CREATE TABLE counter (verdict INTEGER PRIMARY KEY, deliveries INTEGER NOT NULL);
INSERT INTO counter VALUES (0, 0), (1, 0), (2, 0), (3, 0);

-- What the writer inserts into. A row brings a delivery, the time at which an earlier one was answered, both or
-- neither (padding): so that a commit is one statement of one of a few sizes. Each statement more would let go of
-- the interpreter's lock once more, and wait for it.
CREATE VIEW arriving AS SELECT
    id, received_ns, took_ns, verdict, status, size, method, path, query, target, remote, ladder, answer, reason, tls,
    0 AS codec, 0 AS head, 0 AS trailers, 0 AS refused, NULL AS file, x'' AS data, 0 AS answered_id, 0 AS answered_ns
    FROM delivery;
CREATE TRIGGER arriving_delivery INSTEAD OF INSERT ON arriving WHEN new.id IS NOT NULL BEGIN
    INSERT INTO delivery VALUES (new.id, new.received_ns, new.took_ns, new.verdict, new.status, new.size, new.method,
        new.path, new.query, new.target, new.remote, new.ladder, new.answer, new.reason, new.tls);
    INSERT INTO content VALUES (new.id, new.codec, new.head, new.trailers, new.refused, new.file, new.data);
    UPDATE counter SET deliveries = deliveries + 1 WHERE verdict = new.verdict;
END;
CREATE TRIGGER arriving_answered INSTEAD OF INSERT ON arriving WHEN new.answered_id IS NOT NULL BEGIN
    INSERT OR REPLACE INTO answered VALUES (new.answered_id, new.answered_ns);
END;
CREATE TRIGGER delivery_deleted AFTER DELETE ON delivery BEGIN
    DELETE FROM content WHERE id = old.id;
    DELETE FROM answered WHERE id = old.id;
    UPDATE counter SET deliveries = deliveries - 1 WHERE verdict = old.verdict;
END;
"""
