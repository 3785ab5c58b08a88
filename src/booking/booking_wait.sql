-- :exec booking_wait_add(center_id id, id id, token text, queued_at instant, zone text, items text, people int, minutes int, from_on date, to_on date, from_minute int, to_minute int, name text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, phone_key text?)
INSERT INTO booking_wait (center_id, id, token, state, queued_at, zone, items, people, minutes, from_on, to_on, from_minute, to_minute, name, name_sealed,
                          phone_sealed, phone_tail, phone_key, offer_token)
    VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '');

-- :maybe booking_wait(center_id id, token text) -> (id id, token text, state int, queued_at instant, zone text, items text, people int, minutes int, from_on date, to_on date, from_minute int, to_minute int, name text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, phone_key text?, offer_token text, offer_until instant?)
SELECT id, token, state, queued_at, zone, items, people, minutes, from_on, to_on, from_minute, to_minute, name, name_sealed, phone_sealed, phone_tail, phone_key,
       offer_token, offer_until FROM booking_wait WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :many booking_waits_next(center_id id, today date) -> booking_wait
-- Who waits, the longest first.
SELECT id, token, state, queued_at, zone, items, people, minutes, from_on, to_on, from_minute, to_minute, name, name_sealed, phone_sealed, phone_tail, phone_key,
       offer_token, offer_until FROM booking_wait WHERE center_id = $1 AND state = 0 AND to_on >= $2 ORDER BY queued_at, id LIMIT 500;

-- :one booking_waits_before(center_id id, zone text, queued_at instant, id id) -> (waiting int)
SELECT COUNT(*) AS waiting FROM booking_wait WHERE center_id = $1 AND state = 0 AND zone = $2 AND (queued_at < $3 OR (queued_at = $3 AND id < $4)) LIMIT 1;

-- :one booking_waits_of_person(center_id id, phone_key text?, today date) -> (waiting int)
SELECT COUNT(*) AS waiting FROM booking_wait WHERE center_id = $1 AND phone_key = $2 AND state IN (0, 1) AND to_on >= $3 LIMIT 1;

-- :exec booking_wait_offer(center_id id, id id, offer_token text, offer_until instant)
UPDATE booking_wait SET state = 1, offer_token = $3, offer_until = $4 WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec booking_wait_put(center_id id, id id, state_before int, state int)
UPDATE booking_wait SET state = $4, offer_until = NULL WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec booking_wait_queue(center_id id, id id, queued_at instant)
-- Again, at the end.
UPDATE booking_wait SET state = 0, queued_at = $3, offer_token = '', offer_until = NULL WHERE center_id = $1 AND id = $2 AND state = 3;
