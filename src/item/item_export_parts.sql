-- The tables that say what items are made of, whole, with their sources: what item_import_terms.c reads.

-- :many elements_for_export() -> (field text, number int, part text, title text, title_en text, value_type text, scheme text, need text, rule text, max_chars int, seen_by text, source text)
SELECT field, number, part, title, title_en, value_type, scheme, need, rule, max_chars, seen_by, source
  FROM element ORDER BY number, field LIMIT 1000;

-- :many codes_for_export() -> (scheme text, code text, name text, name_en text, valid_from date, valid_to date?, source text)
SELECT scheme, code, name, name_en, valid_from, valid_to, source FROM code ORDER BY scheme, code, valid_from LIMIT 20000;

-- :many code_maps_for_export() -> (partner text, scheme text, code text, partner_code text, direction text, source text)
SELECT partner, scheme, code, partner_code, direction, source FROM code_map
 ORDER BY partner, scheme, code, partner_code LIMIT 20000;
