-- What the national exchange says of an item besides its document.

-- :maybe exchange_version(center_id id, item_id id) -> (version int, effective_on date?, ends_on date?)
-- The version in force and its days; no days when it has no version of its own yet.
SELECT i.version, v.effective_on, v.ends_on
  FROM item i LEFT JOIN item_version v ON v.center_id = i.center_id AND v.item_id = i.id AND v.version = i.version
 WHERE i.center_id = $1 AND i.id = $2 LIMIT 1;
