-- :exec assist_add(center_id id, id id, token text, thread id, kind text, place_from text, place_to text, what text, who text, phone_sealed bytes?, requested_at instant)
INSERT INTO assist (center_id, id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, requested_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11);

-- :maybe assist(center_id id, id id) -> (id id, token text, thread id, kind text, place_from text, place_to text, what text, who text, phone_sealed bytes?, state int, helper_id id?, helper_name text?, requested_at instant, accepted_at instant?, arrived_at instant?, ended_at instant?, escalated_at instant?)
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe assist_by_token(center_id id, token text) -> assist
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe assist_of_helper(center_id id, helper_id id) -> assist
-- What a helper is doing now.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND helper_id = $2 AND state IN (1, 2) LIMIT 1;

-- :many assists_open(center_id id) -> assist
-- Everything not finished, the longest waiting first.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND state < 3 ORDER BY requested_at, id LIMIT 200;

-- :many assists_of_thread(center_id id, thread id) -> assist
-- Of one visit, the newest first.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND thread = $2 AND thread <> 0 ORDER BY requested_at DESC, id DESC LIMIT 20;

-- :many assists_unheard(center_id id, before_at instant) -> assist
-- Nobody took them in time and nobody was told yet.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at
  FROM assist WHERE center_id = $1 AND state = 0 AND state < 3 AND requested_at < $2 AND escalated_at IS NULL
 ORDER BY requested_at LIMIT 100;

-- :exec assist_move(center_id id, id id, state_before int, state int, helper_id id?, helper_name text?, accepted_at instant?, arrived_at instant?, ended_at instant?)
-- One step; nothing changes when somebody was faster.
UPDATE assist SET state = $4, helper_id = $5, helper_name = $6, accepted_at = $7, arrived_at = $8, ended_at = $9
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec assist_escalate(center_id id, id id, escalated_at instant)
UPDATE assist SET escalated_at = $3 WHERE center_id = $1 AND id = $2;

-- :maybe assist_visit(center_id id, token text) -> (thread id)
-- The visit of a ticket's token, so that help asked for with it stands in the same story.
SELECT thread FROM ticket WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe helper_shift(center_id id, staff_id id) -> (id id, floor int, on_at instant)
-- The shift a helper is on.
SELECT id, floor, on_at FROM helper_shift WHERE center_id = $1 AND staff_id = $2 AND off_at IS NULL LIMIT 1;

-- :exec helper_shift_add(center_id id, id id, staff_id id, floor int, on_at instant)
INSERT INTO helper_shift (center_id, id, staff_id, floor, on_at) VALUES ($1, $2, $3, $4, $5);

-- :exec helper_shift_end(center_id id, staff_id id, off_at instant)
UPDATE helper_shift SET off_at = $3 WHERE center_id = $1 AND staff_id = $2 AND off_at IS NULL;

-- :one helpers_on(center_id id) -> (helpers int)
-- How many helpers are on duty.
SELECT COUNT(*) AS helpers FROM helper_shift WHERE center_id = $1 AND off_at IS NULL LIMIT 1;
