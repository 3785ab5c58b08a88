-- :maybe thing_for_hold(center_id id, kind text, from_half int, to_half int, due_before instant) -> (id id, code text, name text, name_en text)
-- A usable thing of a kind that nobody holds in these half hours and that is here or due back before them.
SELECT t.id, t.code, t.name, t.name_en FROM thing t
 WHERE t.center_id = $1 AND t.kind = $2 AND t.is_usable = 1 AND t.lendable = 1
   AND NOT EXISTS (SELECT 1 FROM thing_hold h WHERE h.center_id = t.center_id AND h.thing_id = t.id
                      AND h.half_hour >= $3 AND h.half_hour <= $4)
   AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.center_id = t.center_id AND l.thing_id = t.id
                      AND l.returned_at IS NULL AND l.due_at > $5)
 ORDER BY t.code LIMIT 1;

-- :exec thing_hold_add(center_id id, thing_id id, half_hour int, for_id id)
INSERT INTO thing_hold (center_id, thing_id, half_hour, for_id) VALUES ($1, $2, $3, $4);

-- :exec thing_hold_end(center_id id, for_id id)
DELETE FROM thing_hold WHERE center_id = $1 AND for_id = $2;

-- :maybe thing_held_for(center_id id, for_id id) -> thing_for_hold
SELECT t.id, t.code, t.name, t.name_en FROM thing_hold h
  JOIN thing t ON t.center_id = h.center_id AND t.id = h.thing_id
 WHERE h.center_id = $1 AND h.for_id = $2 ORDER BY h.half_hour LIMIT 1;

-- :maybe thing_hold_of(center_id id, thing_id id, from_half int, to_half int) -> (for_id id)
-- Who has this thing kept in these half hours.
SELECT for_id FROM thing_hold WHERE center_id = $1 AND thing_id = $2 AND half_hour >= $3 AND half_hour <= $4
 ORDER BY half_hour LIMIT 1;

-- :exec thing_holds_tidy(center_id id, before_half int)
DELETE FROM thing_hold WHERE center_id = $1 AND half_hour < $2;

-- :exec thing_put(center_id id, id id, code text, name text, name_en text, kind text, place text, place_en text)
INSERT INTO thing (center_id, id, code, name, name_en, kind, place, place_en, is_usable) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind,
        place = excluded.place, place_en = excluded.place_en;

-- :exec thing_stock_set(center_id id, code text, quantity int, lendable flag, checklist text, check_days int, expires_on date?, label text)
-- The rest of a thing's row; a label that is printed stays.
UPDATE thing SET quantity = $3, lendable = $4, checklist = $5, check_days = $6, expires_on = $7,
       label = CASE WHEN label = '' THEN $8 ELSE label END
 WHERE center_id = $1 AND code = $2;

-- :maybe thing_stock(center_id id, id id) -> (id id, code text, name text, name_en text, kind text, place text, place_en text, is_usable flag, quantity int, state text, checklist text, check_days int, checked_at instant?, checked_by text, expires_on date?, warned_at instant?, lendable flag, label text)
SELECT id, code, name, name_en, kind, place, place_en, is_usable, quantity, state, checklist, check_days, checked_at, checked_by,
       expires_on, warned_at, lendable, label
  FROM thing WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe thing_by_label(center_id id, label text) -> thing_stock
SELECT id, code, name, name_en, kind, place, place_en, is_usable, quantity, state, checklist, check_days, checked_at, checked_by,
       expires_on, warned_at, lendable, label
  FROM thing WHERE center_id = $1 AND label = $2 AND label <> '' LIMIT 1;

-- :many thing_stock_all(center_id id) -> thing_stock
SELECT id, code, name, name_en, kind, place, place_en, is_usable, quantity, state, checklist, check_days, checked_at, checked_by,
       expires_on, warned_at, lendable, label
  FROM thing WHERE center_id = $1 ORDER BY kind, code LIMIT 2000;

-- :exec thing_state_set(center_id id, id id, state text, is_usable flag)
UPDATE thing SET state = $3, is_usable = $4 WHERE center_id = $1 AND id = $2;

-- :exec thing_checked_set(center_id id, id id, checked_at instant, checked_by text)
UPDATE thing SET checked_at = $3, checked_by = $4 WHERE center_id = $1 AND id = $2;

-- :exec thing_warned_set(center_id id, id id, warned_at instant)
UPDATE thing SET warned_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec thing_take(center_id id, id id, quantity int)
-- Nothing changes when there are not so many.
UPDATE thing SET quantity = quantity - $3 WHERE center_id = $1 AND id = $2 AND quantity >= $3;

-- :exec thing_check_add(center_id id, id id, thing_id id, at instant, by_name text, is_good flag, found text)
INSERT INTO thing_check (center_id, id, thing_id, at, by_name, is_good, found) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :exec thing_fault_add(center_id id, id id, thing_id id, what text, at instant, by_name text)
INSERT INTO thing_fault (center_id, id, thing_id, what, at, by_name, state, note, settled_by) VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '');

-- :maybe thing_fault(center_id id, id id) -> (id id, thing_id id, what text, at instant, by_name text, state text, note text, settled_at instant?)
SELECT id, thing_id, what, at, by_name, state, note, settled_at FROM thing_fault WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many thing_faults_open(center_id id) -> thing_fault
SELECT id, thing_id, what, at, by_name, state, note, settled_at FROM thing_fault
 WHERE center_id = $1 AND settled_at IS NULL ORDER BY at LIMIT 500;

-- :exec thing_fault_move(center_id id, id id, state text, note text, settled_at instant?, settled_by text)
UPDATE thing_fault SET state = $3, note = $4, settled_at = $5, settled_by = $6
 WHERE center_id = $1 AND id = $2 AND settled_at IS NULL;

-- :exec thing_given_add(center_id id, id id, thing_id id, quantity int, who text, why text, at instant, by_name text)
INSERT INTO thing_given (center_id, id, thing_id, quantity, who, why, at, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
