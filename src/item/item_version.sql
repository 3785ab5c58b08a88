-- Versions of items (item_version.h).

-- :maybe version_row(center_id id, item_id id, version int) -> (item_id id, version int, state text, base_version int, effective_on date?, ends_on date?, edited_by id, checked_by id?, published_by id?, why text, published_at instant?, changed_at instant, revision int)
SELECT item_id, version, state, base_version, effective_on, ends_on, edited_by, checked_by, published_by, why,
       published_at, changed_at, revision
  FROM item_version WHERE center_id = $1 AND item_id = $2 AND version = $3 LIMIT 1;

-- :many version_rows(center_id id, item_id id) -> version_row
SELECT item_id, version, state, base_version, effective_on, ends_on, edited_by, checked_by, published_by, why,
       published_at, changed_at, revision
  FROM item_version WHERE center_id = $1 AND item_id = $2 ORDER BY version DESC LIMIT 200;

-- :many version_rows_at_work(center_id id, state text) -> version_row
-- Drafts or checked ones of the whole centre, the longest waiting first.
SELECT item_id, version, state, base_version, effective_on, ends_on, edited_by, checked_by, published_by, why,
       published_at, changed_at, revision
  FROM item_version WHERE center_id = $1 AND state = $2 AND (state = 'draft' OR state = 'checked')
 ORDER BY changed_at, item_id LIMIT 200;

-- :maybe version_open(center_id id, item_id id) -> version_row
-- The one that is being worked on.
SELECT item_id, version, state, base_version, effective_on, ends_on, edited_by, checked_by, published_by, why,
       published_at, changed_at, revision
  FROM item_version WHERE center_id = $1 AND item_id = $2 AND (state = 'draft' OR state = 'checked') LIMIT 1;

-- :maybe version_in_force(center_id id, item_id id, on_date date) -> version_row
-- The one that took effect last; it may have ended.
SELECT item_id, version, state, base_version, effective_on, ends_on, edited_by, checked_by, published_by, why,
       published_at, changed_at, revision
  FROM item_version WHERE center_id = $1 AND item_id = $2 AND state = 'published' AND effective_on <= $3
 ORDER BY effective_on DESC, published_at DESC, version DESC LIMIT 1;

-- :maybe version_due_later(center_id id, item_id id, on_date date) -> (version int, effective_on date?)
SELECT version, effective_on FROM item_version
 WHERE center_id = $1 AND item_id = $2 AND state = 'published' AND effective_on > $3 ORDER BY effective_on LIMIT 1;

-- :maybe version_last(center_id id, item_id id) -> (version int)
SELECT version FROM item_version WHERE center_id = $1 AND item_id = $2 ORDER BY version DESC LIMIT 1;

-- :many versions_to_switch(center_id id, on_date date) -> (item_id id)
SELECT item_id FROM item_version WHERE center_id = $1 AND switch_on <= $2 AND switch_on IS NOT NULL
 ORDER BY switch_on, item_id LIMIT 100;

-- :maybe version_content(center_id id, item_id id, version int) -> (content text, digest text)
SELECT content, digest FROM item_version WHERE center_id = $1 AND item_id = $2 AND version = $3 LIMIT 1;

-- :exec version_content_put(center_id id, item_id id, version int, content text, digest text)
UPDATE item_version SET content = $4, digest = $5 WHERE center_id = $1 AND item_id = $2 AND version = $3;

-- :exec version_draft_add(center_id id, item_id id, version int, base_version int, edited_by id, why text, changed_at instant, content text, digest text)
INSERT INTO item_version (center_id, item_id, version, state, base_version, edited_by, why, changed_at, revision, content, digest)
    VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, 1, $8, $9);

-- :exec version_import_add(center_id id, item_id id, version int, base_version int, effective_on date, at instant, content text, digest text)
INSERT INTO item_version (center_id, item_id, version, state, base_version, effective_on, edited_by, published_by, why,
                          published_at, changed_at, revision, content, digest)
    VALUES ($1, $2, $3, 'published', $4, $5, 0, 0, '', $6, $6, 1, $7, $8);

-- :exec versions_import_new(center_id id, effective_on date, at instant)
-- First versions of the items that have none yet.
INSERT INTO item_version (center_id, item_id, version, state, base_version, effective_on, edited_by, published_by, why,
                          published_at, changed_at, revision, content, digest)
    SELECT i.center_id, i.id, 1, 'published', 0, $2, 0, 0, '', $3, $3, 1, '', '' FROM item i
     WHERE i.center_id = $1
       AND NOT EXISTS (SELECT 1 FROM item_version v WHERE v.center_id = i.center_id AND v.item_id = i.id);

-- :exec version_save(center_id id, item_id id, version int, edited_by id, why text, changed_at instant, content text, digest text, seen_revision int)
-- Nothing changes when somebody was faster.
UPDATE item_version SET edited_by = $4, why = $5, changed_at = $6, content = $7, digest = $8, revision = revision + 1
 WHERE center_id = $1 AND item_id = $2 AND version = $3 AND revision = $9 AND state = 'draft';

-- :exec version_move(center_id id, item_id id, version int, state_before text, state text, checked_by id?, why text, changed_at instant)
UPDATE item_version SET state = $5, checked_by = $6, why = $7, changed_at = $8
 WHERE center_id = $1 AND item_id = $2 AND version = $3 AND state = $4;

-- :exec version_publish(center_id id, item_id id, version int, published_by id, effective_on date, ends_on date?, why text, at instant)
UPDATE item_version SET state = 'published', published_by = $4, effective_on = $5, ends_on = $6, why = $7, published_at = $8,
       changed_at = $8
 WHERE center_id = $1 AND item_id = $2 AND version = $3 AND state = 'checked';

-- :exec version_rebase(center_id id, item_id id, version int, base_version int, changed_at instant)
UPDATE item_version SET base_version = $4, changed_at = $5, revision = revision + 1
 WHERE center_id = $1 AND item_id = $2 AND version = $3;

-- :exec versions_end(center_id id, item_id id, on_date date)
-- All that are in force on that day or later end on it.
UPDATE item_version SET ends_on = $3
 WHERE center_id = $1 AND item_id = $2 AND state = 'published' AND (ends_on IS NULL OR ends_on > $3);

-- :exec versions_note_switch(center_id id, item_id id, on_date date)
-- The next day on which each must be looked at.
UPDATE item_version SET switch_on = CASE WHEN state <> 'published' THEN NULL WHEN effective_on > $3 THEN effective_on
                                         WHEN ends_on > $3 THEN ends_on ELSE NULL END
 WHERE center_id = $1 AND item_id = $2;

-- :exec versions_switch_put_off(center_id id, item_id id, from_on date, to_on date)
UPDATE item_version SET switch_on = $4 WHERE center_id = $1 AND item_id = $2 AND switch_on <= $3;

-- :exec revision_keep(center_id id, item_id id, version int, revision int)
-- What the draft says now, before the next save.
INSERT INTO item_revision (center_id, item_id, version, revision, content)
    SELECT center_id, item_id, version, revision, content FROM item_version
     WHERE center_id = $1 AND item_id = $2 AND version = $3 AND revision = $4;

-- :maybe revision_content(center_id id, item_id id, version int, revision int) -> (content text)
SELECT content FROM item_revision WHERE center_id = $1 AND item_id = $2 AND version = $3 AND revision = $4 LIMIT 1;

-- :exec revisions_forget(center_id id, item_id id, version int)
DELETE FROM item_revision WHERE center_id = $1 AND item_id = $2 AND version = $3;

-- :exec hand_add(center_id id, item_id id, version int, act text, staff_id id, staff_name text, why text, at instant)
INSERT INTO item_hand (center_id, item_id, version, seq, act, staff_id, staff_name, why, at)
    SELECT $1, $2, $3, coalesce(max(h.seq), 0) + 1, $4, $5, $6, $7, $8 FROM item_hand h
     WHERE h.center_id = $1 AND h.item_id = $2 AND h.version = $3;

-- :many hands_of(center_id id, item_id id, version int) -> (act text, staff_id id, staff_name text, why text, at instant)
SELECT act, staff_id, staff_name, why, at FROM item_hand
 WHERE center_id = $1 AND item_id = $2 AND version = $3 ORDER BY seq LIMIT 2000;

-- :maybe hand_of_editor(center_id id, item_id id, version int, staff_id id) -> (seq int)
-- Did this person write in it?
SELECT seq FROM item_hand
 WHERE center_id = $1 AND item_id = $2 AND version = $3 AND staff_id = $4 AND (act = 'open' OR act = 'save') LIMIT 1;

-- :exec item_version_set(center_id id, id id, version int, is_listed flag)
UPDATE item SET version = $3, is_listed = $4 WHERE center_id = $1 AND id = $2;

-- :maybe item_standing(center_id id, id id) -> (version int, is_listed flag, name text)
SELECT version, is_listed, name FROM item WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe item_any(center_id id) -> (id id)
-- Is there any item at all?
SELECT id FROM item WHERE center_id = $1 LIMIT 1;
