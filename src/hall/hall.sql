-- Statements of the hall. What tickets ask for on every issue and call is one look-up by key.

-- :exec floor_put(center_id id, number int, name text, name_en text, has_lift flag)
INSERT INTO floor (center_id, number, name, name_en, has_lift) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (center_id, number)
    DO UPDATE SET name = excluded.name, name_en = excluded.name_en, has_lift = excluded.has_lift;

-- :many floors(center_id id) -> (number int, name text, name_en text, has_lift flag)
SELECT number, name, name_en, has_lift FROM floor WHERE center_id = $1 ORDER BY number LIMIT 100;

-- :exec zone_put(center_id id, id id, code text, prefix text, name text, name_en text, floor int, sign text, colour text)
INSERT INTO zone (center_id, id, code, prefix, name, name_en, floor, sign, colour)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (center_id, code) DO UPDATE SET prefix = excluded.prefix, name = excluded.name, name_en = excluded.name_en,
        floor = excluded.floor, sign = excluded.sign, colour = excluded.colour;

-- :maybe zone(center_id id, code text) -> (id id, code text, prefix text, name text, name_en text, floor int, sign text, colour text)
-- A zone by its word.
SELECT id, code, prefix, name, name_en, floor, sign, colour FROM zone WHERE center_id = $1 AND code = $2 LIMIT 1;

-- :many zones(center_id id) -> zone
-- All zones in the order of their letters.
SELECT id, code, prefix, name, name_en, floor, sign, colour FROM zone WHERE center_id = $1 ORDER BY prefix LIMIT 100;

-- :maybe desk(center_id id, code text) -> (id id, code text, name text, name_en text, floor int, zone_id id, zone_code text, zone_name text, zone_name_en text, kind text, step_free flag, low_counter flag, handles text, state int, staff_id id?, staff_name text?, since_at instant?, pause_reason text?)
-- A desk by the number over it.
SELECT d.id, d.code, d.name, d.name_en, d.floor, d.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, d.kind, d.step_free, d.low_counter,
       d.handles, d.state, d.staff_id, d.staff_name, d.since_at, d.pause_reason
  FROM desk d JOIN zone z ON z.center_id = d.center_id AND z.id = d.zone_id
 WHERE d.center_id = $1 AND d.code = $2 LIMIT 1;

-- :maybe desk_of_staff(center_id id, staff_id id) -> desk
-- Where somebody sits.
SELECT d.id, d.code, d.name, d.name_en, d.floor, d.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, d.kind, d.step_free, d.low_counter,
       d.handles, d.state, d.staff_id, d.staff_name, d.since_at, d.pause_reason
  FROM desk d JOIN zone z ON z.center_id = d.center_id AND z.id = d.zone_id
 WHERE d.center_id = $1 AND d.staff_id = $2 LIMIT 1;

-- :many desks(center_id id) -> desk
SELECT d.id, d.code, d.name, d.name_en, d.floor, d.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, d.kind, d.step_free, d.low_counter,
       d.handles, d.state, d.staff_id, d.staff_name, d.since_at, d.pause_reason
  FROM desk d JOIN zone z ON z.center_id = d.center_id AND z.id = d.zone_id
 WHERE d.center_id = $1 ORDER BY d.code LIMIT 1024;

-- :exec desk_put(center_id id, id id, code text, name text, name_en text, floor int, zone_id id, kind text, step_free flag, low_counter flag, handles text, since_at instant)
-- A new desk is closed; one that is known keeps its state and its clerk.
INSERT INTO desk (center_id, id, code, name, name_en, floor, zone_id, kind, step_free, low_counter, handles, state, since_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, floor = excluded.floor,
        zone_id = excluded.zone_id, kind = excluded.kind, step_free = excluded.step_free,
        low_counter = excluded.low_counter, handles = excluded.handles;

-- :exec desk_drop(center_id id, id id)
-- Only a closed one goes.
DELETE FROM desk WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec desk_move(center_id id, id id, state_before int, state int, staff_id id?, staff_name text?, since_at instant, pause_reason text?)
-- One move of a desk; nothing changes when it is no longer in the state it was read in.
UPDATE desk SET state = $4, staff_id = $5, staff_name = $6, since_at = $7, pause_reason = $8
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec lines_count_open(center_id id, desk_id id)
-- Counts the open desks anew for every line that a desk serves.
UPDATE line SET
    desks_open = (SELECT COUNT(*) FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1),
    desks_open_step_free = (SELECT COUNT(*) FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1 AND d.step_free = 1),
    floor_open = COALESCE((SELECT d.floor FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1
                   GROUP BY d.floor ORDER BY COUNT(*) DESC, d.floor LIMIT 1), 0)
 WHERE center_id = $1 AND id IN (SELECT line_id FROM desk_line WHERE center_id = $1 AND desk_id = $2);

-- :exec lines_count_all_open(center_id id)
-- The same for all lines, after they were computed anew.
UPDATE line SET
    desks_open = (SELECT COUNT(*) FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1),
    desks_open_step_free = (SELECT COUNT(*) FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1 AND d.step_free = 1),
    floor_open = COALESCE((SELECT d.floor FROM desk_line dl JOIN desk d ON d.center_id = dl.center_id AND d.id = dl.desk_id
                   WHERE dl.center_id = $1 AND dl.line_id = line.id AND d.state = 1
                   GROUP BY d.floor ORDER BY COUNT(*) DESC, d.floor LIMIT 1), 0)
 WHERE center_id = $1;

-- :many hall_items(center_id id, after_id id) -> (id id, code text, zone_code text, one_window flag, agency text)
-- Items with what decides who may handle them, a page at a time.
SELECT i.id, i.code, i.zone_code, i.one_window, a.name AS agency FROM item i
  JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
 WHERE i.center_id = $1 AND i.id > $2 AND i.is_listed = 1 ORDER BY i.id LIMIT 5000;

-- :many lines(center_id id) -> (id id, zone_id id, is_general flag, desks_key text)
SELECT id, zone_id, is_general, desks_key FROM line WHERE center_id = $1 ORDER BY id LIMIT 20000;

-- :exec line_put(center_id id, id id, zone_id id, is_general flag, desks_key text, step_free_id id?, floor_main int, floor_step_free int, desks int, desks_step_free int, service_ms int)
-- A line that is known keeps its mean time of service; who is open is counted afterwards.
INSERT INTO line (center_id, id, zone_id, is_general, desks_key, step_free_id, floor_main, floor_step_free, desks,
                  desks_step_free, desks_open, desks_open_step_free, floor_open, service_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, $11)
    ON CONFLICT (center_id, id) DO UPDATE SET is_general = excluded.is_general, step_free_id = excluded.step_free_id,
        floor_main = excluded.floor_main, floor_step_free = excluded.floor_step_free, desks = excluded.desks,
        desks_step_free = excluded.desks_step_free;

-- :exec line_bits_put(center_id id, id id, desk_bits bytes?)
UPDATE line SET desk_bits = $3 WHERE center_id = $1 AND id = $2;

-- :exec desk_bit_put(center_id id, id id, bit int)
UPDATE desk SET bit = $3 WHERE center_id = $1 AND id = $2;

-- :many desks_open(center_id id) -> (bit int)
-- Which are open, as bits.
SELECT bit FROM desk WHERE center_id = $1 AND state = 1 AND bit >= 0 AND bit < 1024 LIMIT 1024;

-- :exec lines_open_put(center_id id, open_bits bytes?)
UPDATE lines_made SET open_bits = $2 WHERE center_id = $1;

-- :exec desk_lines_clear(center_id id)
DELETE FROM desk_line WHERE center_id = $1;

-- :exec desk_line_put(center_id id, desk_id id, line_id id)
INSERT INTO desk_line (center_id, desk_id, line_id) VALUES ($1, $2, $3);

-- :exec line_rivals_clear(center_id id)
DELETE FROM line_rival WHERE center_id = $1;

-- :exec line_rival_put(center_id id, line_id id, rival_id id, share int)
INSERT INTO line_rival (center_id, line_id, rival_id, share) VALUES ($1, $2, $3, $4);

-- :exec item_line_put(center_id id, item_id id, line_id id)
INSERT INTO item_line (center_id, item_id, line_id) VALUES ($1, $2, $3)
    ON CONFLICT (center_id, item_id) DO UPDATE SET line_id = excluded.line_id WHERE item_line.line_id <> excluded.line_id;

-- :exec item_line_drop(center_id id, item_id id)
DELETE FROM item_line WHERE center_id = $1 AND item_id = $2;

-- :exec item_lines_tidy(center_id id)
-- Items that left the directory.
DELETE FROM item_line WHERE center_id = $1
   AND NOT EXISTS (SELECT 1 FROM item i WHERE i.center_id = $1 AND i.id = item_line.item_id AND i.is_listed = 1);

-- :maybe lines_made(center_id id) -> (directory_version int)
SELECT directory_version FROM lines_made WHERE center_id = $1 LIMIT 1;

-- :exec lines_made_put(center_id id, directory_version int, made_at instant)
INSERT INTO lines_made (center_id, directory_version, made_at) VALUES ($1, $2, $3)
    ON CONFLICT (center_id) DO UPDATE SET directory_version = excluded.directory_version, made_at = excluded.made_at;

-- :maybe hall_directory(center_id id) -> (version int)
-- The version of the directory now.
SELECT version FROM directory WHERE center_id = $1 LIMIT 1;

-- :maybe line_of_item(center_id id, item_id id) -> (id id, zone_id id, zone_code text, prefix text, zone_name text, zone_name_en text, step_free_id id?, floor_main int, floor_step_free int, floor_open int, desks int, desks_step_free int, desks_open int, desks_open_step_free int, service_ms int)
-- All that a ticket needs to know of its item's line.
SELECT l.id, l.zone_id, z.code AS zone_code, z.prefix, z.name AS zone_name, z.name_en AS zone_name_en, l.step_free_id, l.floor_main, l.floor_step_free, l.floor_open,
       l.desks, l.desks_step_free, l.desks_open, l.desks_open_step_free, l.service_ms
  FROM item_line il JOIN line l ON l.center_id = il.center_id AND l.id = il.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
 WHERE il.center_id = $1 AND il.item_id = $2 LIMIT 1;

-- :maybe line_of_zone(center_id id, zone_code text) -> line_of_item
-- The zone's general line.
SELECT l.id, l.zone_id, z.code AS zone_code, z.prefix, z.name AS zone_name, z.name_en AS zone_name_en, l.step_free_id, l.floor_main, l.floor_step_free, l.floor_open,
       l.desks, l.desks_step_free, l.desks_open, l.desks_open_step_free, l.service_ms
  FROM zone z JOIN line l ON l.center_id = z.center_id AND l.zone_id = z.id AND l.is_general = 1
 WHERE z.center_id = $1 AND z.code = $2 ORDER BY l.id LIMIT 1;

-- :maybe line_of_desk(center_id id, desk_id id) -> line_of_item
-- The line that only this desk serves.
SELECT l.id, l.zone_id, z.code AS zone_code, z.prefix, z.name AS zone_name, z.name_en AS zone_name_en, l.step_free_id, l.floor_main, l.floor_step_free, l.floor_open,
       l.desks, l.desks_step_free, l.desks_open, l.desks_open_step_free, l.service_ms
  FROM desk_line dl JOIN line l ON l.center_id = dl.center_id AND l.id = dl.line_id AND l.desks = 1
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
 WHERE dl.center_id = $1 AND dl.desk_id = $2 ORDER BY l.id LIMIT 1;

-- :maybe line_by_id(center_id id, id id) -> line_of_item
SELECT l.id, l.zone_id, z.code AS zone_code, z.prefix, z.name AS zone_name, z.name_en AS zone_name_en, l.step_free_id, l.floor_main, l.floor_step_free, l.floor_open,
       l.desks, l.desks_step_free, l.desks_open, l.desks_open_step_free, l.service_ms
  FROM line l JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
 WHERE l.center_id = $1 AND l.id = $2 LIMIT 1;

-- :maybe line_serves(center_id id, desk_id id, line_id id) -> (line_id id)
-- May this desk call from this line?
SELECT line_id FROM desk_line WHERE center_id = $1 AND desk_id = $2 AND line_id = $3 LIMIT 1;

-- :exec line_service_put(center_id id, id id, service_ms int)
UPDATE line SET service_ms = $3 WHERE center_id = $1 AND id = $2;
