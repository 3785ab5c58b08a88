-- Statements of documents.

-- :one document_serial_next(center_id id, organ text, year int) -> (last int)
-- The next number of an organ in a year; a refused act gives it back.
INSERT INTO document_serial (center_id, organ, year, last) VALUES ($1, $2, $3, 1)
    ON CONFLICT (center_id, organ, year) DO UPDATE SET last = document_serial.last + 1
    RETURNING last;

-- :exec document_add(center_id id, id id, kind text, organ text, organ_code text, year int, serial int, number text, token text, subject id, thread id, party_id id, holder text, licence_no text, contents bytes, issued_at instant, issued_by id?)
INSERT INTO document (center_id, id, kind, organ, organ_code, year, serial, number, token, subject, thread, party_id, holder, licence_no, contents,
                      issued_at, issued_by, state, tries)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0);

-- :maybe document(center_id id, id id) -> (id id, kind text, organ text, number text, token text, subject id, thread id, party_id id, holder text, licence_no text, contents bytes, issued_at instant, state int, made_at instant?, file text?, digest text?, size int?, signer text?, algorithm text?, withdrawn_at instant?)
SELECT id, kind, organ, number, token, subject, thread, party_id, holder, licence_no, contents, issued_at, state, made_at, file, digest, size,
       signer, algorithm, withdrawn_at
  FROM document WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe document_by_token(center_id id, token text) -> document
SELECT id, kind, organ, number, token, subject, thread, party_id, holder, licence_no, contents, issued_at, state, made_at, file, digest, size,
       signer, algorithm, withdrawn_at
  FROM document WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe document_by_digest(center_id id, digest text) -> document
SELECT id, kind, organ, number, token, subject, thread, party_id, holder, licence_no, contents, issued_at, state, made_at, file, digest, size,
       signer, algorithm, withdrawn_at
  FROM document WHERE center_id = $1 AND digest = $2 AND digest IS NOT NULL LIMIT 1;

-- :many documents_of(center_id id, subject id) -> document
-- Of one case, in the order they were issued.
SELECT id, kind, organ, number, token, subject, thread, party_id, holder, licence_no, contents, issued_at, state, made_at, file, digest, size,
       signer, algorithm, withdrawn_at
  FROM document WHERE center_id = $1 AND subject = $2 ORDER BY id LIMIT 100;

-- :many documents_due(center_id id, parts int, part int, tried_before instant) -> document
-- To be made: the share of one of the press's threads, oldest first. What failed five times waits for an hour.
SELECT id, kind, organ, number, token, subject, thread, party_id, holder, licence_no, contents, issued_at, state, made_at, file, digest, size,
       signer, algorithm, withdrawn_at
  FROM document
 WHERE center_id = $1 AND state = 0 AND id % $2 = $3 AND (tries < 5 OR coalesce(tried_at, 0) < $4) ORDER BY id LIMIT 16;

-- :one documents_waiting(center_id id) -> (documents int, stuck int)
-- At most 100,000.
SELECT COUNT(*) AS documents, coalesce(SUM(CASE WHEN tries >= 5 THEN 1 ELSE 0 END), 0) AS stuck
  FROM (SELECT tries FROM document WHERE center_id = $1 AND state = 0 LIMIT 100000) AS waiting LIMIT 1;

-- :exec document_made(center_id id, id id, made_at instant, file text, digest text, size int, signer text?, algorithm text?)
-- Nothing changes when another process was faster.
UPDATE document SET state = 1, made_at = $3, file = $4, digest = $5, size = $6, signer = $7, algorithm = $8
 WHERE center_id = $1 AND id = $2 AND made_at IS NULL AND state = 0;

-- :exec document_tried(center_id id, id id, tried_at instant)
UPDATE document SET tries = tries + 1, tried_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec document_end(center_id id, id id, withdrawn_at instant)
UPDATE document SET state = 2, withdrawn_at = $3 WHERE center_id = $1 AND id = $2 AND state <> 2;

-- :maybe document_signer(center_id id, kind text) -> (kind text, certificate bytes, key_sealed bytes, is_demonstration flag)
SELECT kind, certificate, key_sealed, is_demonstration FROM document_signer WHERE center_id = $1 AND kind = $2 LIMIT 1;

-- :exec document_signer_put(center_id id, kind text, certificate bytes, key_sealed bytes, is_demonstration flag, made_at instant)
INSERT INTO document_signer (center_id, kind, certificate, key_sealed, is_demonstration, made_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, kind) DO UPDATE SET certificate = excluded.certificate, key_sealed = excluded.key_sealed,
        is_demonstration = excluded.is_demonstration, made_at = excluded.made_at;
