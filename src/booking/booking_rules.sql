-- :many booking_series_in_force(center_id id, from_on date) -> (id id, zone text, name text, kind text, weekdays int, season_from int, season_to int, from_on date, to_on date?, open_minute int, close_minute int, slot_minutes int, places int, places_helped int, state text)
-- Series that run on that day or later, in the order in which they were written.
SELECT id, zone, name, kind, weekdays, season_from, season_to, from_on, to_on, open_minute, close_minute, slot_minutes, places, places_helped, state
  FROM booking_series WHERE center_id = $1 AND (to_on IS NULL OR to_on >= $2) ORDER BY id LIMIT 200;

-- :exec booking_series_add(center_id id, id id, zone text, name text, kind text, weekdays int, season_from int, season_to int, from_on date, to_on date?, open_minute int, close_minute int, slot_minutes int, places int, places_helped int, state text)
INSERT INTO booking_series (center_id, id, zone, name, kind, weekdays, season_from, season_to, from_on, to_on, open_minute, close_minute, slot_minutes, places, places_helped, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- :exec booking_series_end(center_id id, id id, to_on date)
-- The last day of a series; what is booked afterwards stays and is shown as a conflict.
UPDATE booking_series SET to_on = $3 WHERE center_id = $1 AND id = $2 AND (to_on IS NULL OR to_on > $3);

-- :many booking_exceptions(center_id id, from_on date, to_on date) -> (id id, zone text, on_date date, kind text, open_minute int, close_minute int, slot_minutes int, places int, places_helped int, reason text)
SELECT id, zone, on_date, kind, open_minute, close_minute, slot_minutes, places, places_helped, reason FROM booking_exception
 WHERE center_id = $1 AND on_date >= $2 AND on_date <= $3 ORDER BY on_date, id LIMIT 1000;

-- :exec booking_exception_add(center_id id, id id, zone text, on_date date, kind text, open_minute int, close_minute int, slot_minutes int, places int, places_helped int, reason text)
INSERT INTO booking_exception (center_id, id, zone, on_date, kind, open_minute, close_minute, slot_minutes, places, places_helped, reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- :maybe booking_exception(center_id id, id id) -> booking_exceptions
SELECT id, zone, on_date, kind, open_minute, close_minute, slot_minutes, places, places_helped, reason FROM booking_exception
 WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :exec booking_exception_drop(center_id id, id id)
DELETE FROM booking_exception WHERE center_id = $1 AND id = $2;

-- :many booking_waves(center_id id) -> (id id, days_before int, minute int, percent int)
SELECT id, days_before, minute, percent FROM booking_wave WHERE center_id = $1 ORDER BY days_before DESC, minute LIMIT 50;

-- :exec booking_wave_add(center_id id, id id, days_before int, minute int, percent int)
INSERT INTO booking_wave (center_id, id, days_before, minute, percent) VALUES ($1, $2, $3, $4, $5);

-- :exec booking_wave_drop(center_id id, id id)
DELETE FROM booking_wave WHERE center_id = $1 AND id = $2;

-- :maybe booking_item(center_id id, item_id id) -> (minutes int)
SELECT minutes FROM booking_item WHERE center_id = $1 AND item_id = $2 LIMIT 1;

-- :exec booking_item_put(center_id id, item_id id, minutes int)
INSERT INTO booking_item (center_id, item_id, minutes) VALUES ($1, $2, $3)
    ON CONFLICT (center_id, item_id) DO UPDATE SET minutes = excluded.minutes;

-- :many booking_slots(center_id id, zone text, from_on date, to_on date) -> (on_date date, start_minute int, end_minute int, class int, taken int)
-- What is taken in a stretch of days of a zone.
SELECT on_date, start_minute, end_minute, class, taken FROM booking_slot
 WHERE center_id = $1 AND zone = $2 AND on_date >= $3 AND on_date <= $4 AND taken > 0
 ORDER BY on_date, start_minute, class LIMIT 20000;

-- :exec booking_slot_take(center_id id, zone text, on_date date, start_minute int, class int, end_minute int, capacity int)
-- One place more; changes nothing when all are taken. The table's CHECK stands behind it.
INSERT INTO booking_slot (center_id, zone, on_date, start_minute, class, end_minute, capacity, taken) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
    ON CONFLICT (center_id, zone, on_date, start_minute, class) DO UPDATE SET capacity = excluded.capacity, taken = booking_slot.taken + 1
    WHERE booking_slot.taken < excluded.capacity;

-- :exec booking_slot_give(center_id id, zone text, on_date date, start_minute int, class int)
-- One place less.
UPDATE booking_slot SET taken = taken - 1 WHERE center_id = $1 AND zone = $2 AND on_date = $3 AND start_minute = $4 AND class = $5 AND taken > 0;
