-- :maybe session_by_token(center_id id, token_hash bytes, now instant) -> (id id, staff_id id, name text, login text, roles int, expires_at instant)
-- The open session of a token.
SELECT id, staff_id, name, login, roles, expires_at FROM session
 WHERE center_id = $1 AND token_hash = $2 AND expires_at > $3 LIMIT 1;

-- :exec session_put(center_id id, token_hash bytes, id id, staff_id id, name text, login text, roles int, opened_at instant, expires_at instant)
INSERT INTO session (center_id, token_hash, id, staff_id, name, login, roles, opened_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :exec session_drop(center_id id, id id)
DELETE FROM session WHERE center_id = $1 AND id = $2;

-- :exec sessions_drop_of_staff(center_id id, staff_id id)
DELETE FROM session WHERE center_id = $1 AND staff_id = $2;

-- :exec sessions_drop_expired(center_id id, now instant)
DELETE FROM session WHERE center_id = $1 AND expires_at <= $2;

-- :maybe kept_answer_by_key(center_id id, key_hash bytes) -> (body_hash bytes, answer bytes, made_at instant)
-- What was answered to this key the first time.
SELECT body_hash, answer, made_at FROM kept_answer WHERE center_id = $1 AND key_hash = $2 LIMIT 1;

-- :exec kept_answer_put(center_id id, key_hash bytes, body_hash bytes, answer bytes, made_at instant)
INSERT INTO kept_answer (center_id, key_hash, body_hash, answer, made_at) VALUES ($1, $2, $3, $4, $5);

-- :exec kept_answer_drop(center_id id, key_hash bytes)
DELETE FROM kept_answer WHERE center_id = $1 AND key_hash = $2;

-- :exec kept_answers_drop_old(center_id id, before instant)
-- At most 2,000 at a time, so that the lane is never held long.
DELETE FROM kept_answer WHERE center_id = $1 AND key_hash IN
 (SELECT key_hash FROM kept_answer WHERE center_id = $1 AND made_at < $2 ORDER BY made_at LIMIT 2000);

-- :maybe device_by_token(center_id id, token_hash bytes) -> (device_id id, kind text, place text, name text)
-- Which machine has this token.
SELECT device_id, kind, place, name FROM device_token WHERE center_id = $1 AND token_hash = $2 LIMIT 1;

-- :exec device_token_put(center_id id, token_hash bytes, device_id id, kind text, place text, name text, paired_at instant)
INSERT INTO device_token (center_id, token_hash, device_id, kind, place, name, paired_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :exec device_token_drop(center_id id, device_id id)
DELETE FROM device_token WHERE center_id = $1 AND device_id = $2;
