-- :exec journal_insert(center_id id, seq int, at instant, kind text, subject id, thread id, actor_kind int, actor_id id, actor text, public_json text, private_sealed bytes?, private_salt bytes?, private_digest bytes?, hash bytes)
INSERT INTO journal (center_id, seq, at, kind, subject, thread, actor_kind, actor_id, actor,
                     public_json, private_sealed, private_salt, private_digest, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- :many journal_rows_of_thread(center_id id, thread id) -> (seq int, at instant, kind text, subject id, thread id, actor text, public_json text)
-- A visit's timeline. `thread <> 0` lets both engines take the partial index.
SELECT seq, at, kind, subject, thread, actor, public_json FROM journal
 WHERE center_id = $1 AND thread = $2 AND thread <> 0 ORDER BY seq LIMIT 500;

-- :many journal_rows_after(center_id id, seq int, most int) -> journal_rows_of_thread
SELECT seq, at, kind, subject, thread, actor, public_json FROM journal
 WHERE center_id = $1 AND seq > $2 ORDER BY seq LIMIT $3;

-- :many journal_whole_after(center_id id, seq int) -> (seq int, at instant, kind text, subject id, thread id, actor_kind int, actor_id id, actor text, public_json text, private_sealed bytes?, private_salt bytes?, private_digest bytes?, hash bytes)
-- For verify: every column, a page at a time.
SELECT seq, at, kind, subject, thread, actor_kind, actor_id, actor, public_json, private_sealed,
       private_salt, private_digest, hash
  FROM journal WHERE center_id = $1 AND seq > $2 ORDER BY seq LIMIT 500;

-- :maybe journal_hash_at(center_id id, seq int) -> (hash bytes)
SELECT hash FROM journal WHERE center_id = $1 AND seq = $2 LIMIT 1;

-- :maybe journal_last(center_id id) -> (seq int)
SELECT seq FROM journal WHERE center_id = $1 ORDER BY seq DESC LIMIT 1;

-- :maybe journal_private_of(center_id id, seq int) -> (private_sealed bytes?)
SELECT private_sealed FROM journal WHERE center_id = $1 AND seq = $2 LIMIT 1;

-- :exec journal_private_erase(center_id id, thread id)
UPDATE journal SET private_sealed = NULL, private_salt = NULL
 WHERE center_id = $1 AND thread = $2 AND thread <> 0;

-- :maybe journal_center_after(center_id id) -> (center_id id)
-- Centres that have a chain, one by one; rows without a head are found too.
SELECT center_id FROM (
    SELECT MIN(center_id) AS center_id FROM journal WHERE center_id > $1
    UNION ALL
    SELECT MIN(center_id) AS center_id FROM journal_head WHERE center_id > $1) AS chains
 WHERE center_id IS NOT NULL ORDER BY center_id LIMIT 1;

-- :exec journal_head_new(center_id id, hash bytes)
INSERT INTO journal_head (center_id, seq, hash, moved_at) VALUES ($1, 0, $2, 0)
    ON CONFLICT DO NOTHING;

-- :exec journal_head_move(center_id id, seq int, hash bytes, moved_at instant)
UPDATE journal_head SET seq = $2, hash = $3, moved_at = $4 WHERE center_id = $1;

-- :maybe journal_head_of(center_id id) -> (seq int, hash bytes)
SELECT seq, hash FROM journal_head WHERE center_id = $1 LIMIT 1;

-- :many settings_of(center_id id) -> (name text, value text)
SELECT name, value FROM setting WHERE center_id = $1 ORDER BY name LIMIT 2000;

-- :exec setting_put(center_id id, name text, value text, changed_at instant)
INSERT INTO setting (center_id, name, value, changed_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, name) DO UPDATE SET value = $3, changed_at = $4;
