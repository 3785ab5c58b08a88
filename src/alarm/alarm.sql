-- Statements of emergency calls.

-- :exec alarm_add(center_id id, id id, desk_id id, desk_code text, floor int, staff_name text, raised_at instant)
INSERT INTO alarm (center_id, id, desk_id, desk_code, floor, staff_name, raised_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :maybe alarm_by_id(center_id id, id id) -> (id id, desk_id id, desk_code text, floor int, staff_name text, raised_at instant, answered_by text?, answered_at instant?, ended_at instant?)
SELECT id, desk_id, desk_code, floor, staff_name, raised_at, answered_by, answered_at, ended_at FROM alarm
 WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe alarm_open_of_desk(center_id id, desk_id id) -> alarm_by_id
SELECT id, desk_id, desk_code, floor, staff_name, raised_at, answered_by, answered_at, ended_at FROM alarm
 WHERE center_id = $1 AND desk_id = $2 AND ended_at IS NULL LIMIT 1;

-- :many alarms_now(center_id id) -> alarm_by_id
-- Those not ended, the oldest first.
SELECT id, desk_id, desk_code, floor, staff_name, raised_at, answered_by, answered_at, ended_at FROM alarm
 WHERE center_id = $1 AND ended_at IS NULL ORDER BY id LIMIT 1024;

-- :many alarms_ended(center_id id, raised_after instant) -> alarm_by_id
-- Of a day, the newest first.
SELECT id, desk_id, desk_code, floor, staff_name, raised_at, answered_by, answered_at, ended_at FROM alarm
 WHERE center_id = $1 AND raised_at >= $2 AND ended_at IS NOT NULL ORDER BY raised_at DESC LIMIT 50;

-- :exec alarm_answer_put(center_id id, id id, answered_by text, answered_at instant)
UPDATE alarm SET answered_by = $3, answered_at = $4 WHERE center_id = $1 AND id = $2 AND answered_at IS NULL AND ended_at IS NULL;

-- :exec alarm_end_put(center_id id, id id, ended_at instant)
UPDATE alarm SET ended_at = $3 WHERE center_id = $1 AND id = $2 AND ended_at IS NULL;
