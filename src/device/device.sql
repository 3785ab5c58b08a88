-- :exec device_put(center_id id, id id, name text, kind text, place text, stands text, hours text, is_low flag, registered_at instant, pairing_until instant)
INSERT INTO device (center_id, id, name, kind, place, stands, hours, is_low, is_locked, lock_note, registered_at, pairing_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9, $10);

-- :maybe device(center_id id, id id) -> (id id, name text, kind text, place text, stands text, hours text, is_low flag, is_locked flag, lock_note text, registered_at instant, pairing_until instant?, paired_at instant?, withdrawn_at instant?, seen_at instant?)
SELECT id, name, kind, place, stands, hours, is_low, is_locked, lock_note, registered_at, pairing_until, paired_at, withdrawn_at, seen_at
  FROM device WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many devices(center_id id) -> device
-- All that were not withdrawn, the newest first.
SELECT id, name, kind, place, stands, hours, is_low, is_locked, lock_note, registered_at, pairing_until, paired_at, withdrawn_at, seen_at
  FROM device WHERE center_id = $1 AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 500;

-- :many devices_pairing(center_id id, now instant) -> device
-- Whose pairing code still holds.
SELECT id, name, kind, place, stands, hours, is_low, is_locked, lock_note, registered_at, pairing_until, paired_at, withdrawn_at, seen_at
  FROM device WHERE center_id = $1 AND pairing_until IS NOT NULL AND pairing_until > $2 AND withdrawn_at IS NULL LIMIT 200;

-- :exec device_pairing_put(center_id id, id id, pairing_until instant)
UPDATE device SET pairing_until = $3 WHERE center_id = $1 AND id = $2 AND withdrawn_at IS NULL;

-- :exec device_paired_put(center_id id, id id, paired_at instant)
-- The code is good for once.
UPDATE device SET paired_at = $3, pairing_until = NULL WHERE center_id = $1 AND id = $2 AND pairing_until IS NOT NULL;

-- :exec device_lock_put(center_id id, id id, is_locked flag, lock_note text)
UPDATE device SET is_locked = $3, lock_note = $4 WHERE center_id = $1 AND id = $2 AND withdrawn_at IS NULL;

-- :exec device_withdraw_put(center_id id, id id, withdrawn_at instant)
UPDATE device SET withdrawn_at = $3, pairing_until = NULL WHERE center_id = $1 AND id = $2 AND withdrawn_at IS NULL;

-- :exec device_seen_put(center_id id, id id, seen_at instant)
UPDATE device SET seen_at = $3 WHERE center_id = $1 AND id = $2 AND (seen_at IS NULL OR seen_at < $3);
