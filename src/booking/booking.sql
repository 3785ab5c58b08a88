-- :maybe booking(center_id id, token text) -> (id id, token text, arrival text, state int, class int, channel int, zone text, on_date date, start_minute int, end_minute int, minutes int, people int, name_masked text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, phone_key text?, made_at instant, hold_until instant?, moves int, conflict text, ticket_token text, wait_id id, ended_at instant?)
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe booking_by_arrival(center_id id, arrival text) -> booking
-- By the token that is good for checking in alone.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND arrival = $2 LIMIT 1;

-- :maybe booking_by_id(center_id id, id id) -> booking
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many bookings_of_person(center_id id, phone_key text?, on_date date) -> booking
-- What a phone has on a day, for checking in.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND phone_key = $2 AND phone_key IS NOT NULL AND on_date = $3 AND state IN (1, 2) ORDER BY start_minute, id LIMIT 10;

-- :many bookings_of_day(center_id id, on_date date) -> booking
-- Booked, arrived and missed ones of a day in the order of the clock.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND on_date = $2 AND state IN (1, 2, 5) ORDER BY start_minute, id LIMIT 2000;

-- :many bookings_in_conflict(center_id id, from_on date) -> booking
-- Booked for a time that is not kept any more.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND on_date >= $2 AND state = 1 AND conflict <> '' ORDER BY on_date, start_minute, id LIMIT 1000;

-- :many bookings_held_over(center_id id, now instant) -> booking
-- Held for somebody who did not come back in time.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND state = 0 AND hold_until <= $2 ORDER BY hold_until LIMIT 100;

-- :many bookings_missed(center_id id, today date) -> booking
-- Still booked for a day that is over.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND state = 1 AND on_date < $2 ORDER BY on_date LIMIT 500;

-- :one booking_person(center_id id, phone_key text?, from_on date) -> (open int, missed int)
-- How many a phone has open, and how many it missed since that day.
SELECT CAST(COALESCE(SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS open,
       CAST(COALESCE(SUM(CASE WHEN state = 5 AND on_date >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS missed
  FROM booking WHERE center_id = $1 AND phone_key = $2 AND phone_key IS NOT NULL AND state IN (1, 5) LIMIT 1;

-- :exec booking_add(center_id id, id id, token text, arrival text, class int, channel int, zone text, on_date date, start_minute int, end_minute int, minutes int, people int, made_at instant, hold_until instant, wait_id id)
-- A new one is held.
INSERT INTO booking (center_id, id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked,
                     made_at, hold_until, moves, conflict, ticket_token, wait_id)
    VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, '', $13, $14, 0, '', '', $15);

-- :exec booking_confirm_put(center_id id, id id, name_masked text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, phone_key text?)
UPDATE booking SET state = 1, hold_until = NULL, name_masked = $3, name_sealed = $4, phone_sealed = $5, phone_tail = $6, phone_key = $7
 WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec booking_end_put(center_id id, id id, state_before int, state int, ended_at instant)
UPDATE booking SET state = $4, ended_at = $5, hold_until = NULL WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec booking_move_put(center_id id, id id, on_date date, start_minute int, end_minute int)
-- To another time; whatever stood in its way is gone.
UPDATE booking SET on_date = $3, start_minute = $4, end_minute = $5, moves = moves + 1, conflict = '' WHERE center_id = $1 AND id = $2 AND state = 1;

-- :exec booking_arrive_put(center_id id, id id, ticket_token text)
UPDATE booking SET state = 2, ticket_token = $3 WHERE center_id = $1 AND id = $2 AND state IN (1, 5) AND ticket_token = '';

-- :exec booking_conflict_put(center_id id, id id, conflict text)
UPDATE booking SET conflict = $3 WHERE center_id = $1 AND id = $2 AND state = 1;

-- :exec booking_purpose_add(center_id id, booking_id id, position int, item_id id, item_code text, item_name text, item_name_en text)
INSERT INTO booking_purpose (center_id, booking_id, position, item_id, item_code, item_name, item_name_en) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :many booking_purposes(center_id id, booking_id id) -> (item_id id, item_code text, item_name text, item_name_en text)
SELECT item_id, item_code, item_name, item_name_en FROM booking_purpose WHERE center_id = $1 AND booking_id = $2 ORDER BY position LIMIT 10;

-- :exec booking_place_add(center_id id, booking_id id, start_minute int, zone text, on_date date, class int)
INSERT INTO booking_place (center_id, booking_id, start_minute, zone, on_date, class) VALUES ($1, $2, $3, $4, $5, $6);

-- :many booking_places(center_id id, booking_id id) -> (zone text, on_date date, start_minute int, class int)
SELECT zone, on_date, start_minute, class FROM booking_place WHERE center_id = $1 AND booking_id = $2 ORDER BY start_minute LIMIT 300;

-- :exec booking_places_clear(center_id id, booking_id id)
DELETE FROM booking_place WHERE center_id = $1 AND booking_id = $2;

-- :exec booking_return_add(center_id id, id id, zone text, on_date date, start_minute int, class int, release_at instant)
INSERT INTO booking_return (center_id, id, zone, on_date, start_minute, class, release_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :many booking_returns_due(center_id id, now instant) -> (id id, zone text, on_date date, start_minute int, class int)
SELECT id, zone, on_date, start_minute, class FROM booking_return WHERE center_id = $1 AND release_at <= $2 ORDER BY release_at LIMIT 200;

-- :exec booking_return_drop(center_id id, id id)
DELETE FROM booking_return WHERE center_id = $1 AND id = $2;

-- :one booking_waits_count(center_id id, today date) -> (waiting int)
SELECT COUNT(*) AS waiting FROM booking_wait WHERE center_id = $1 AND state = 0 AND to_on >= $2 LIMIT 1;

-- :many booking_slot_differences(center_id id) -> (zone text, on_date date, start_minute int, class int, taken int)
-- Counters that are not what a count of places and returns finds: none, ever.
SELECT s.zone, s.on_date, s.start_minute, s.class, s.taken FROM booking_slot s
 WHERE s.center_id = $1 AND s.taken <>
       (SELECT COUNT(*) FROM booking_place p JOIN booking b ON b.center_id = p.center_id AND b.id = p.booking_id
         WHERE p.center_id = s.center_id AND p.zone = s.zone AND p.on_date = s.on_date AND p.start_minute = s.start_minute AND p.class = s.class)
     + (SELECT COUNT(*) FROM booking_return r
         WHERE r.center_id = s.center_id AND r.zone = s.zone AND r.on_date = s.on_date AND r.start_minute = s.start_minute AND r.class = s.class)
 LIMIT 10;

-- :many bookings_of_tail(center_id id, on_date date, phone_tail text?) -> booking
-- Staff's search by the last four digits of a phone.
SELECT id, token, arrival, state, class, channel, zone, on_date, start_minute, end_minute, minutes, people, name_masked, name_sealed, phone_sealed,
       phone_tail, phone_key, made_at, hold_until, moves, conflict, ticket_token, wait_id, ended_at
  FROM booking WHERE center_id = $1 AND on_date = $2 AND phone_tail = $3 AND phone_tail IS NOT NULL AND state IN (1, 2) ORDER BY start_minute, id LIMIT 20;
