-- :maybe thing_for_hold(center_id id, kind text, from_half int, to_half int, due_before instant) -> (id id, code text, name text, name_en text)
-- A usable thing of a kind that nobody holds in these half hours and that is here or due back before them.
SELECT t.id, t.code, t.name, t.name_en FROM thing t
 WHERE t.center_id = $1 AND t.kind = $2 AND t.is_usable = 1
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
