"""Who sent a delivery, as far as it is recognised, and what people wrote to it."""

SQL = """
-- Many deliveries come from the same provider with the same event. NULL: not recognised.
CREATE TABLE origin (id INTEGER PRIMARY KEY, value BLOB NOT NULL);  -- JSON of provider and event
ALTER TABLE delivery ADD COLUMN origin INTEGER;
ALTER TABLE delivery ADD COLUMN provider_id TEXT;  -- the provider's own identifier of the delivery
ALTER TABLE delivery ADD COLUMN attempt INTEGER;   -- as the provider counts

-- A table of its own: few deliveries have any, and a row of `delivery` that grew would split its page.
CREATE TABLE annotation (id INTEGER PRIMARY KEY, note TEXT NOT NULL, tags TEXT NOT NULL);  -- tags: JSON
CREATE TRIGGER annotated_deleted AFTER DELETE ON delivery BEGIN
    DELETE FROM annotation WHERE id = old.id;
END;

DROP VIEW arriving;  -- with its triggers
CREATE VIEW arriving AS SELECT
    id, received_ns, took_ns, verdict, status, size, method, path, query, target, remote, ladder, answer, reason, tls,
    origin, provider_id, attempt,
    0 AS codec, 0 AS head, 0 AS trailers, 0 AS refused, NULL AS file, x'' AS data, 0 AS answered_id, 0 AS answered_ns
    FROM delivery;
CREATE TRIGGER arriving_delivery INSTEAD OF INSERT ON arriving WHEN new.id IS NOT NULL BEGIN
    INSERT INTO delivery VALUES (new.id, new.received_ns, new.took_ns, new.verdict, new.status, new.size, new.method,
        new.path, new.query, new.target, new.remote, new.ladder, new.answer, new.reason, new.tls,
        new.origin, new.provider_id, new.attempt);
    INSERT INTO content VALUES (new.id, new.codec, new.head, new.trailers, new.refused, new.file, new.data);
    UPDATE counter SET deliveries = deliveries + 1 WHERE verdict = new.verdict;
END;
CREATE TRIGGER arriving_answered INSTEAD OF INSERT ON arriving WHEN new.answered_id IS NOT NULL BEGIN
    INSERT OR REPLACE INTO answered VALUES (new.answered_id, new.answered_ns);
END;
"""
