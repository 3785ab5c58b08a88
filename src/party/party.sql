-- :maybe party(center_id id, id id) -> (id id, is_legal flag, id_type int, name_sealed bytes, id_no_sealed bytes?, phone_sealed bytes?)
SELECT id, is_legal, id_type, name_sealed, id_no_sealed, phone_sealed FROM party
 WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe party_same(center_id id, id_digest text) -> (id id)
-- The person with this number, if he came before.
SELECT id FROM party WHERE center_id = $1 AND id_digest = $2 LIMIT 1;

-- :exec party_add(center_id id, id id, is_legal flag, id_type int, id_digest text?, name_sealed bytes, id_no_sealed bytes?, phone_sealed bytes?, seen_at instant)
INSERT INTO party (center_id, id, is_legal, id_type, id_digest, name_sealed, id_no_sealed, phone_sealed, seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :exec party_seen(center_id id, id id, name_sealed bytes, phone_sealed bytes?, seen_at instant)
-- The newest name and phone are the ones that hold.
UPDATE party SET name_sealed = $3, phone_sealed = coalesce($4, phone_sealed), seen_at = $5
 WHERE center_id = $1 AND id = $2;
