-- :one center(center_id id) -> (center_id id, code text, name text, name_en text, region text, address text, address_en text, phone text, hours text, hours_en text, is_demonstration flag)
-- The centre itself.
SELECT center_id, code, name, name_en, region, address, address_en, phone, hours, hours_en, is_demonstration
  FROM center WHERE center_id = $1 LIMIT 1;

-- :exec center_put(center_id id, code text, name text, name_en text, region text, address text, address_en text, phone text, hours text, hours_en text, is_demonstration flag)
INSERT INTO center (center_id, code, name, name_en, region, address, address_en, phone, hours, hours_en, is_demonstration)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (center_id) DO UPDATE SET code = excluded.code, name = excluded.name, name_en = excluded.name_en,
        region = excluded.region, address = excluded.address, address_en = excluded.address_en,
        phone = excluded.phone, hours = excluded.hours, hours_en = excluded.hours_en,
        is_demonstration = excluded.is_demonstration;

-- :maybe agency(center_id id, id id) -> (id id, name text, name_en text, uscc text, phone text, state text, source text)
SELECT id, name, name_en, uscc, phone, state, source FROM agency WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe agency_by_name(center_id id, name text) -> agency
SELECT id, name, name_en, uscc, phone, state, source FROM agency WHERE center_id = $1 AND name = $2 LIMIT 1;

-- :many agencies(center_id id) -> agency
SELECT id, name, name_en, uscc, phone, state, source FROM agency WHERE center_id = $1 ORDER BY name LIMIT 2000;

-- :exec agency_put(center_id id, id id, name text, name_en text, uscc text, phone text, state text, source text)
-- An agency is known by its name; what else is said of it is replaced.
INSERT INTO agency (center_id, id, name, name_en, uscc, phone, state, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (center_id, name) DO UPDATE SET name_en = excluded.name_en, uscc = excluded.uscc,
        phone = excluded.phone, state = excluded.state, source = excluded.source;

-- :exec region_put(code text, name text, level text, parent text)
INSERT INTO region (code, name, level, parent) VALUES ($1, $2, $3, $4)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent;
