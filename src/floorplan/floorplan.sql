-- Statements of the plan.

-- :exec place_put(center_id id, floor int, kind text, code text, name text, name_en text, words text, x int, y int, w int, h int)
INSERT INTO place (center_id, floor, kind, code, name, name_en, words, x, y, w, h) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (center_id, floor, kind, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, words = excluded.words,
        x = excluded.x, y = excluded.y, w = excluded.w, h = excluded.h;

-- :exec places_clear(center_id id)
-- A table of places is the whole drawing.
DELETE FROM place WHERE center_id = $1;

-- :many places(center_id id) -> (floor int, kind text, code text, name text, name_en text, words text, x int, y int, w int, h int)
SELECT floor, kind, code, name, name_en, words, x, y, w, h FROM place WHERE center_id = $1 ORDER BY floor, kind, code LIMIT 4000;

-- :many tickets_at_desks(center_id id) -> (desk_id id, prefix text, number int, state int, called_at instant?, started_at instant?)
-- What stands at the desks now.
SELECT desk_id, prefix, number, state, called_at, started_at FROM ticket
 WHERE center_id = $1 AND state IN (1, 2) AND desk_id IS NOT NULL ORDER BY desk_id LIMIT 2048;

-- :maybe plan_kept_before(center_id id, at instant) -> (at instant, seq int, state text)
-- The nearest at or before a moment.
SELECT at, seq, state FROM plan_kept WHERE center_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1;

-- :exec plan_kept_put(center_id id, at instant, seq int, state text)
INSERT INTO plan_kept (center_id, at, seq, state) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, at) DO UPDATE SET seq = excluded.seq, state = excluded.state;

-- :exec plan_kept_thin(center_id id, before_at instant)
-- Of older days only every fourth hour stays.
DELETE FROM plan_kept WHERE center_id = $1 AND at < $2 AND at % 14400000 <> 0;
