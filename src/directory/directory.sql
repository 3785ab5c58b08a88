-- What the administration looks up of items and versions (item.h owns the tables; here they are only read).

-- :many dir_rows(center_id id, q text, zone text, agency text, kind text, state text, after_code text, today date, most int) -> (id id, code text, name text, agency text, zone_name text?, version int, is_listed flag, draft int?, draft_state text?, draft_by id?, due_on date?, ends_on date?)
-- Items in order of code. q is a LIKE pattern; an empty filter lets all pass.
SELECT i.id, i.code, i.name, a.name AS agency, z.name AS zone_name, i.version, i.is_listed, w.version AS draft,
       w.state AS draft_state, w.edited_by AS draft_by,
       (SELECT min(d.effective_on) FROM item_version d WHERE d.center_id = i.center_id AND d.item_id = i.id
           AND d.state = 'published' AND d.effective_on > $8) AS due_on,
       (SELECT v.ends_on FROM item_version v WHERE v.center_id = i.center_id AND v.item_id = i.id AND v.version = i.version) AS ends_on
  FROM item i JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
  LEFT JOIN zone z ON z.center_id = i.center_id AND z.code = i.zone_code
  LEFT JOIN item_version w ON w.center_id = i.center_id AND w.item_id = i.id AND (w.state = 'draft' OR w.state = 'checked')
 WHERE i.center_id = $1 AND (i.name LIKE $2 ESCAPE '!' OR i.code LIKE $2 ESCAPE '!')
   AND ($3 = '' OR i.zone_code = $3) AND ($4 = '' OR a.name = $4) AND ($5 = '' OR i.kind = $5)
   AND ($6 = '' OR ($6 = 'published' AND i.is_listed = 1) OR ($6 = 'gone' AND i.is_listed = 0) OR w.state = $6
        OR ($6 = 'ending' AND EXISTS (SELECT 1 FROM item_version e WHERE e.center_id = i.center_id AND e.item_id = i.id
                                         AND e.version = i.version AND e.ends_on > $8)))
   AND i.code > $7
 ORDER BY i.code LIMIT $9;

-- :one dir_count(center_id id, q text, zone text, agency text, kind text, state text, today date) -> (items int)
-- How many there are with these filters.
SELECT count(*) AS items
  FROM item i JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
  LEFT JOIN item_version w ON w.center_id = i.center_id AND w.item_id = i.id AND (w.state = 'draft' OR w.state = 'checked')
 WHERE i.center_id = $1 AND (i.name LIKE $2 ESCAPE '!' OR i.code LIKE $2 ESCAPE '!')
   AND ($3 = '' OR i.zone_code = $3) AND ($4 = '' OR a.name = $4) AND ($5 = '' OR i.kind = $5)
   AND ($6 = '' OR ($6 = 'published' AND i.is_listed = 1) OR ($6 = 'gone' AND i.is_listed = 0) OR w.state = $6
        OR ($6 = 'ending' AND EXISTS (SELECT 1 FROM item_version e WHERE e.center_id = i.center_id AND e.item_id = i.id
                                         AND e.version = i.version AND e.ends_on > $7)))
 LIMIT 1;

-- :many dir_fresh(center_id id) -> (item_id id, version int, state text, edited_by id)
-- Drafts of items that are not in the directory yet.
SELECT v.item_id, v.version, v.state, v.edited_by FROM item_version v
 WHERE v.center_id = $1 AND (v.state = 'draft' OR v.state = 'checked')
   AND NOT EXISTS (SELECT 1 FROM item i WHERE i.center_id = v.center_id AND i.id = v.item_id)
 ORDER BY v.changed_at, v.item_id LIMIT 100;

-- :maybe dir_hand_in(center_id id, item_id id, version int, staff_id id) -> (seq int)
-- Did this person write in the version?
SELECT seq FROM item_hand
 WHERE center_id = $1 AND item_id = $2 AND version = $3 AND staff_id = $4 AND (act = 'open' OR act = 'save') LIMIT 1;

-- :maybe dir_revision(center_id id, item_id id, version int, revision int) -> (content text)
SELECT content FROM item_revision WHERE center_id = $1 AND item_id = $2 AND version = $3 AND revision = $4 LIMIT 1;

-- :many dir_hands(center_id id, item_id id) -> (version int, act text, staff_name text, why text, at instant)
-- What was done with an item, the latest first.
SELECT version, act, staff_name, why, at FROM item_hand
 WHERE center_id = $1 AND item_id = $2 ORDER BY at DESC, version DESC, seq DESC LIMIT 300;
