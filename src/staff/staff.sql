-- :maybe staff(center_id id, id id) -> (id id, login text, name text, name_en text, roles int, agency text, desk_code text, floor int, password_hash text, is_active flag, failed_count int, locked_until instant?)
SELECT id, login, name, name_en, roles, agency, desk_code, floor, password_hash, is_active, failed_count, locked_until
  FROM staff WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe staff_by_login(center_id id, login text) -> staff
SELECT id, login, name, name_en, roles, agency, desk_code, floor, password_hash, is_active, failed_count, locked_until
  FROM staff WHERE center_id = $1 AND login = $2 LIMIT 1;

-- :exec staff_put(center_id id, id id, login text, name text, name_en text, roles int, agency text, desk_code text, floor int, password_hash text)
INSERT INTO staff (center_id, id, login, name, name_en, roles, agency, desk_code, floor, password_hash, is_active, failed_count, locked_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 0, NULL)
    ON CONFLICT (center_id, login) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, roles = excluded.roles,
        agency = excluded.agency, desk_code = excluded.desk_code, floor = excluded.floor, password_hash = excluded.password_hash;

-- :exec staff_failed(center_id id, id id, failed_count int, locked_until instant?)
UPDATE staff SET failed_count = $3, locked_until = $4 WHERE center_id = $1 AND id = $2;
