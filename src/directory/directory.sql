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

-- :maybe dir_open_draft_of(center_id id, item_id id) -> (version int, state text, edited_by id)
-- The draft of an item that is being worked on.
SELECT version, state, edited_by FROM item_version
 WHERE center_id = $1 AND item_id = $2 AND (state = 'draft' OR state = 'checked') LIMIT 1;

-- :maybe dir_standing(center_id id, item_id id) -> (version int, is_listed flag)
-- What is in force of an item now.
SELECT version, is_listed FROM item WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many dir_imported(center_id id, at instant, most int) -> (item_id id, version int, base_version int)
-- Versions that an import of this moment has made, of an item the last one first.
SELECT item_id, version, base_version FROM item_version
 WHERE center_id = $1 AND published_at = $2 AND published_by = 0 AND state = 'published'
 ORDER BY item_id, version DESC LIMIT $3;

-- :exec dir_batch_put(center_id id, id id, kind text, title text, why text, state text, items int, faults int, staff_id id, staff_name text, made_at instant)
INSERT INTO directory_batch (center_id, id, kind, title, why, state, items, faults, staff_id, staff_name, made_at, applied_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL);

-- :exec dir_batch_move(center_id id, id id, was text, state text, applied_at instant)
UPDATE directory_batch SET state = $4, applied_at = $5 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :maybe dir_batch_of(center_id id, id id) -> (id id, kind text, title text, why text, state text, items int, faults int, staff_name text, made_at instant, applied_at instant?)
SELECT id, kind, title, why, state, items, faults, staff_name, made_at, applied_at
  FROM directory_batch WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many dir_batches_of(center_id id) -> dir_batch_of
SELECT id, kind, title, why, state, items, faults, staff_name, made_at, applied_at
  FROM directory_batch WHERE center_id = $1 ORDER BY id DESC LIMIT 50;

-- :exec dir_batch_item_put(center_id id, batch_id id, position int, item_id int, code text, name text, base_version int, content text)
INSERT INTO directory_batch_item (center_id, batch_id, position, item_id, code, name, base_version, content, outcome, draft, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 0);

-- :many dir_batch_items(center_id id, batch_id id) -> (position int, item_id int, code text, name text, base_version int, content text, outcome text, draft int, revision int)
SELECT position, item_id, code, name, base_version, content, outcome, draft, revision
  FROM directory_batch_item WHERE center_id = $1 AND batch_id = $2 ORDER BY position LIMIT 1000;

-- :many dir_batch_items_left(center_id id, batch_id id, most int) -> dir_batch_items
-- Those of which nothing has become yet.
SELECT position, item_id, code, name, base_version, content, outcome, draft, revision
  FROM directory_batch_item WHERE center_id = $1 AND batch_id = $2 AND outcome = '' ORDER BY position LIMIT $3;

-- :exec dir_batch_item_done(center_id id, batch_id id, position int, outcome text, item_id int, draft int, revision int)
UPDATE directory_batch_item SET outcome = $4, item_id = $5, draft = $6, revision = $7
 WHERE center_id = $1 AND batch_id = $2 AND position = $3;

-- :exec dir_batch_fault_put(center_id id, batch_id id, position int, line int, place text, reason text)
INSERT INTO directory_batch_fault (center_id, batch_id, position, line, place, reason) VALUES ($1, $2, $3, $4, $5, $6);

-- :many dir_batch_faults(center_id id, batch_id id) -> (line int, place text, reason text)
SELECT line, place, reason FROM directory_batch_fault WHERE center_id = $1 AND batch_id = $2 ORDER BY position LIMIT 1000;
