-- Statements of files.

-- :exec file_row_put(center_id id, name text, digest text, size int, kept_at instant)
INSERT INTO file (center_id, name, digest, size, kept_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (center_id, name) DO NOTHING;

-- :exec file_use_put(center_id id, name text, owner text, owner_id id)
INSERT INTO file_use (center_id, name, owner, owner_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, name, owner, owner_id) DO NOTHING;

-- :exec file_use_end(center_id id, name text, owner text, owner_id id)
DELETE FROM file_use WHERE center_id = $1 AND name = $2 AND owner = $3 AND owner_id = $4;

-- :exec file_row_end(center_id id, name text)
-- When nobody stands on it any more.
DELETE FROM file WHERE center_id = $1 AND name = $2
   AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.center_id = $1 AND u.name = $2);

-- :maybe file_row(center_id id, name text) -> (name text, digest text, size int)
SELECT name, digest, size FROM file WHERE center_id = $1 AND name = $2 LIMIT 1;

-- :many file_rows_after(center_id id, after text) -> file_row
-- For verify: all of them, a page at a time.
SELECT name, digest, size FROM file WHERE center_id = $1 AND name > $2 ORDER BY name LIMIT 200;
