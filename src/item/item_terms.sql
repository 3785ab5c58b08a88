-- What items are made of: elements, codes, their names at partners, the basic catalogue. Shared by all centres.

-- :many element_rows() -> (field text, number int, part text, title text, title_en text, value_type text, scheme text, need text, rule text, max_chars int, seen_by text)
SELECT field, number, part, title, title_en, value_type, scheme, need, rule, max_chars, seen_by
  FROM element ORDER BY number, field LIMIT 1000;

-- :exec element_put(field text, number int, part text, title text, title_en text, value_type text, scheme text, need text, rule text, max_chars int, seen_by text, source text)
INSERT INTO element (field, number, part, title, title_en, value_type, scheme, need, rule, max_chars, seen_by, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (field) DO UPDATE SET number = excluded.number, part = excluded.part, title = excluded.title,
        title_en = excluded.title_en, value_type = excluded.value_type, scheme = excluded.scheme, need = excluded.need,
        rule = excluded.rule, max_chars = excluded.max_chars, seen_by = excluded.seen_by, source = excluded.source;

-- :many code_rows() -> (scheme text, code text, valid_from date, valid_to date?, name text, name_en text)
SELECT scheme, code, valid_from, valid_to, name, name_en FROM code ORDER BY scheme, code, valid_from LIMIT 20000;

-- :exec code_put(scheme text, code text, valid_from date, valid_to date?, name text, name_en text, source text)
INSERT INTO code (scheme, code, valid_from, valid_to, name, name_en, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (scheme, code, valid_from) DO UPDATE SET valid_to = excluded.valid_to, name = excluded.name,
        name_en = excluded.name_en, source = excluded.source;

-- :many code_maps_of(partner text, scheme text) -> (code text, partner_code text, direction text)
SELECT code, partner_code, direction FROM code_map WHERE partner = $1 AND scheme = $2
 ORDER BY code, partner_code LIMIT 2000;

-- :exec code_map_put(partner text, scheme text, code text, partner_code text, direction text, source text)
INSERT INTO code_map (partner, scheme, code, partner_code, direction, source) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (partner, scheme, code, partner_code) DO UPDATE SET direction = excluded.direction,
        source = excluded.source;

-- :maybe catalogue_row(code text) -> (code text, name text, name_en text, kind text, use_levels text, central_dept text, bases text, state text, valid_from date, valid_to date?, source text)
SELECT code, name, name_en, kind, use_levels, central_dept, bases, state, valid_from, valid_to, source
  FROM catalogue WHERE code = $1 LIMIT 1;

-- :many catalogue_rows_after(after text) -> catalogue_row
SELECT code, name, name_en, kind, use_levels, central_dept, bases, state, valid_from, valid_to, source
  FROM catalogue WHERE code > $1 ORDER BY code LIMIT 1000;

-- :exec catalogue_put(code text, name text, name_en text, kind text, use_levels text, central_dept text, bases text, state text, valid_from date, valid_to date?, source text)
INSERT INTO catalogue (code, name, name_en, kind, use_levels, central_dept, bases, state, valid_from, valid_to, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind,
        use_levels = excluded.use_levels, central_dept = excluded.central_dept, bases = excluded.bases,
        state = excluded.state, valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source;
