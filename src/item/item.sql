-- :maybe item(center_id id, id id) -> (id id, code text, impl_code text, name text, name_en text, main_item text, agency_id id, kind text, zone_code text, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, has_fee flag, version int, is_listed flag)
SELECT id, code, impl_code, name, name_en, main_item, agency_id, kind, zone_code, one_window, is_online, onsite_visits,
       is_immediate, legal_days, legal_unit, promised_days, promised_unit, has_fee, version, is_listed
  FROM item WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe item_by_code(center_id id, code text) -> item
SELECT id, code, impl_code, name, name_en, main_item, agency_id, kind, zone_code, one_window, is_online, onsite_visits,
       is_immediate, legal_days, legal_unit, promised_days, promised_unit, has_fee, version, is_listed
  FROM item WHERE center_id = $1 AND code = $2 LIMIT 1;

-- :maybe item_by_impl_code(center_id id, impl_code text) -> item
SELECT id, code, impl_code, name, name_en, main_item, agency_id, kind, zone_code, one_window, is_online, onsite_visits,
       is_immediate, legal_days, legal_unit, promised_days, promised_unit, has_fee, version, is_listed
  FROM item WHERE center_id = $1 AND impl_code = $2 LIMIT 1;

-- :many items_after(center_id id, after_code text) -> (id id, code text, name text, name_en text, main_item text, agency text, zone_code text, zone_name text?, zone_name_en text?, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, promised_days int)
-- The directory in order of code, a thousand at a time: for the index and for lines.
SELECT i.id, i.code, i.name, i.name_en, i.main_item, a.name AS agency, i.zone_code, z.name AS zone_name, z.name_en AS zone_name_en, i.one_window, i.is_online, i.onsite_visits,
       i.is_immediate, i.legal_days, i.promised_days
  FROM item i JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
  LEFT JOIN zone z ON z.center_id = i.center_id AND z.code = i.zone_code
 WHERE i.center_id = $1 AND i.code > $2 AND i.is_listed = 1 ORDER BY i.code LIMIT 1000;

-- :exec item_put(center_id id, id id, code text, impl_code text, name text, name_en text, main_item text, agency_id id, kind text, zone_code text, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, has_fee flag, version int)
INSERT INTO item (center_id, id, code, impl_code, name, name_en, main_item, agency_id, kind, zone_code, one_window, is_online,
                  onsite_visits, is_immediate, legal_days, legal_unit, promised_days, promised_unit, has_fee, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (center_id, code) DO UPDATE SET impl_code = excluded.impl_code, name = excluded.name,
        name_en = excluded.name_en, main_item = excluded.main_item, agency_id = excluded.agency_id, kind = excluded.kind,
        zone_code = excluded.zone_code, one_window = excluded.one_window, is_online = excluded.is_online,
        onsite_visits = excluded.onsite_visits, is_immediate = excluded.is_immediate, legal_days = excluded.legal_days,
        legal_unit = excluded.legal_unit, promised_days = excluded.promised_days, promised_unit = excluded.promised_unit,
        has_fee = excluded.has_fee;

-- :maybe directory(center_id id) -> (version int, changed_at instant)
SELECT version, changed_at FROM directory WHERE center_id = $1 LIMIT 1;

-- :exec directory_put(center_id id, version int, changed_at instant)
INSERT INTO directory (center_id, version, changed_at) VALUES ($1, $2, $3)
    ON CONFLICT (center_id) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at;

-- :many item_texts(center_id id, item_id id) -> (element text, zh text, en text, state text, source text)
SELECT element, zh, en, state, source FROM item_text WHERE center_id = $1 AND item_id = $2 LIMIT 400;

-- :exec item_text_put(center_id id, item_id id, element text, zh text, en text, state text, source text)
INSERT INTO item_text (center_id, item_id, element, zh, en, state, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (center_id, item_id, element) DO UPDATE SET zh = excluded.zh, en = excluded.en, state = excluded.state,
        source = excluded.source;

-- :many item_papers_of(center_id id, item_id id) -> (position int, name text, name_en text, kind text, copies int, necessity text, provider text, standard text, standard_en text, basis text, on_site flag, state text)
SELECT position, name, name_en, kind, copies, necessity, provider, standard, standard_en, basis, on_site, state
  FROM item_paper WHERE center_id = $1 AND item_id = $2 ORDER BY position LIMIT 200;

-- :many paper_counts(center_id id, after_item id) -> (item_id id, papers int)
SELECT item_id, count(*) AS papers FROM item_paper WHERE center_id = $1 AND item_id > $2 GROUP BY item_id ORDER BY item_id LIMIT 1000;

-- :many item_words_after(center_id id, item_id id, word text) -> (item_id id, word text)
-- All everyday words, item by item.
SELECT item_id, word FROM item_word
 WHERE center_id = $1 AND (item_id > $2 OR (item_id = $2 AND word > $3)) ORDER BY item_id, word LIMIT 1000;

-- :exec item_word_put(center_id id, item_id id, word text, kind text)
INSERT INTO item_word (center_id, item_id, word, kind) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, item_id, word) DO UPDATE SET kind = excluded.kind;

-- :many item_sources(center_id id, item_id id) -> (item_id id, element text, state text, source text)
-- Of the item itself and the defaults (item 0), the item's own last.
SELECT item_id, element, state, source FROM item_source
 WHERE center_id = $1 AND (item_id = 0 OR item_id = $2) ORDER BY item_id LIMIT 200;

-- :exec item_source_put(center_id id, item_id id, element text, state text, source text)
INSERT INTO item_source (center_id, item_id, element, state, source) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (center_id, item_id, element) DO UPDATE SET state = excluded.state, source = excluded.source;

-- :maybe item_zone(center_id id, code text) -> (name text, name_en text)
-- Names of the zone an item belongs to.
SELECT name, name_en FROM zone WHERE center_id = $1 AND code = $2 LIMIT 1;

-- :many item_links_of(center_id id, item_id id) -> (path text, name text, name_en text)
SELECT path, name, name_en FROM item_link WHERE center_id = $1 AND item_id = $2 ORDER BY path LIMIT 20;

-- :exec item_link_put(center_id id, item_id id, path text, name text, name_en text)
INSERT INTO item_link (center_id, item_id, path, name, name_en) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (center_id, item_id, path) DO UPDATE SET name = excluded.name, name_en = excluded.name_en;

-- :exec item_links_clear(center_id id, path text)
DELETE FROM item_link WHERE center_id = $1 AND path = $2;
-- :many item_demands_after(center_id id, after_item id) -> (item_id id, audience text, visits int)
-- How often an item is asked for and by whom, item by item.
SELECT item_id, audience, visits FROM item_demand WHERE center_id = $1 AND item_id > $2 ORDER BY item_id LIMIT 1000;

-- :exec item_demand_put(center_id id, item_id id, audience text, visits int, state text, source text)
INSERT INTO item_demand (center_id, item_id, audience, visits, state, source) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, item_id) DO UPDATE SET audience = excluded.audience, visits = excluded.visits,
        state = excluded.state, source = excluded.source;

-- :many item_sayings(center_id id, after_said text) -> (said text, means text, kind text)
-- What people say and what the field says for it, in order.
SELECT said, means, kind FROM item_saying WHERE center_id = $1 AND said > $2 ORDER BY said LIMIT 1000;

-- :exec item_saying_put(center_id id, said text, means text, kind text, state text, source text)
INSERT INTO item_saying (center_id, said, means, kind, state, source) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, said) DO UPDATE SET means = excluded.means, kind = excluded.kind, state = excluded.state,
        source = excluded.source;

-- :many item_lines_after(center_id id, after_item id) -> (item_id id, line_id id)
-- Which line of the hall an item belongs to; the windows of a line are those that handle its items.
SELECT item_id, line_id FROM item_line WHERE center_id = $1 AND item_id > $2 ORDER BY item_id LIMIT 1000;

-- :many line_windows(center_id id, line_id id) -> (code text, name text, name_en text, floor_name text, floor_name_en text, kind text, zone_name text, zone_name_en text)
-- Windows of a line, those for these very items first.
SELECT d.code, d.name, d.name_en, f.name AS floor_name, f.name_en AS floor_name_en, d.kind, z.name AS zone_name, z.name_en AS zone_name_en
  FROM desk_line l
  JOIN desk d ON d.center_id = l.center_id AND d.id = l.desk_id
  JOIN floor f ON f.center_id = d.center_id AND f.number = d.floor
  JOIN zone z ON z.center_id = d.center_id AND z.id = d.zone_id
 WHERE l.center_id = $1 AND l.line_id = $2
 ORDER BY CASE d.kind WHEN 'special' THEN 0 WHEN 'comprehensive' THEN 1 ELSE 2 END, d.code LIMIT 100;

-- :maybe directory_seen(center_id id) -> (version int, lines_at instant?)
-- What the index is built from: it is built anew when either has changed.
SELECT d.version, m.made_at AS lines_at
  FROM directory d LEFT JOIN lines_made m ON m.center_id = d.center_id
 WHERE d.center_id = $1 LIMIT 1;
