-- Where an item is handled, for its guide page (item_guide_place.c): the hall's own tables, read only.

-- :many guide_desks(center_id id) -> (id id, code text, name text, name_en text, floor int, zone_code text, zone_name text, zone_name_en text, kind text, step_free flag)
-- All windows as they stand: by floor, zone and number.
SELECT d.id, d.code, d.name, d.name_en, d.floor, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, d.kind,
       d.step_free
  FROM desk d JOIN zone z ON z.center_id = d.center_id AND z.id = d.zone_id
 WHERE d.center_id = $1 ORDER BY d.floor, z.prefix, d.code LIMIT 1024;

-- :many guide_item_desks(center_id id, item_id id) -> (desk_id id)
-- The windows of the item's line.
SELECT dl.desk_id FROM item_line il JOIN desk_line dl ON dl.center_id = il.center_id AND dl.line_id = il.line_id
 WHERE il.center_id = $1 AND il.item_id = $2 ORDER BY dl.desk_id LIMIT 1024;

-- :many guide_floors(center_id id) -> (number int, name text, name_en text, has_lift flag)
SELECT number, name, name_en, has_lift FROM floor WHERE center_id = $1 ORDER BY number LIMIT 100;
