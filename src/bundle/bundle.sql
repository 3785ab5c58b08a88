-- :maybe bundle(center_id id, code text) -> (code text, name text, name_en text, audience text, stage text, position int, lead text, summary text, summary_en text, state text, source text)
SELECT code, name, name_en, audience, stage, position, lead, summary, summary_en, state, source
  FROM bundle WHERE center_id = $1 AND code = $2 LIMIT 1;

-- :many bundles(center_id id) -> bundle
-- All of a centre, in the order of the list.
SELECT code, name, name_en, audience, stage, position, lead, summary, summary_en, state, source
  FROM bundle WHERE center_id = $1 ORDER BY position, code LIMIT 500;

-- :many bundle_sizes(center_id id) -> (bundle text, components int, invented int)
SELECT bundle, count(*) AS components, sum(CASE WHEN state = 'demonstration' THEN 1 ELSE 0 END) AS invented
  FROM bundle_component WHERE center_id = $1 GROUP BY bundle ORDER BY bundle LIMIT 500;

-- :exec bundle_put(center_id id, code text, name text, name_en text, audience text, stage text, position int, lead text, summary text, summary_en text, state text, source text)
INSERT INTO bundle (center_id, code, name, name_en, audience, stage, position, lead, summary, summary_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, audience = excluded.audience,
        stage = excluded.stage, position = excluded.position, lead = excluded.lead, summary = excluded.summary,
        summary_en = excluded.summary_en, state = excluded.state, source = excluded.source;

-- :many bundle_components(center_id id, bundle text) -> (code text, position int, item text, name text, name_en text, agency text, agency_en text, days int, unit text, visits int, outside flag, cost text, cost_en text, state text, source text)
SELECT code, position, item, name, name_en, agency, agency_en, days, unit, visits, outside, cost, cost_en, state, source
  FROM bundle_component WHERE center_id = $1 AND bundle = $2 ORDER BY position LIMIT 48;

-- :exec bundle_component_put(center_id id, bundle text, code text, position int, item text, name text, name_en text, agency text, agency_en text, days int, unit text, visits int, outside flag, cost text, cost_en text, state text, source text)
INSERT INTO bundle_component (center_id, bundle, code, position, item, name, name_en, agency, agency_en, days, unit, visits,
                              outside, cost, cost_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- :exec bundle_components_clear(center_id id, bundle text)
DELETE FROM bundle_component WHERE center_id = $1 AND bundle = $2;

-- :many bundle_edges(center_id id, bundle text) -> (before_code text, after_code text, result text, result_en text, state text, source text)
SELECT before_code, after_code, result, result_en, state, source
  FROM bundle_edge WHERE center_id = $1 AND bundle = $2 ORDER BY before_code, after_code LIMIT 200;

-- :exec bundle_edge_put(center_id id, bundle text, before_code text, after_code text, result text, result_en text, state text, source text)
INSERT INTO bundle_edge (center_id, bundle, before_code, after_code, result, result_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :exec bundle_edges_clear(center_id id, bundle text)
DELETE FROM bundle_edge WHERE center_id = $1 AND bundle = $2;

-- :many bundle_options(center_id id, bundle text) -> (question int, code text, position int, text text, text_en text, label text, label_en text, components text, state text, source text)
SELECT question, code, position, text, text_en, label, label_en, components, state, source
  FROM bundle_option WHERE center_id = $1 AND bundle = $2 ORDER BY question, position LIMIT 20;

-- :exec bundle_option_put(center_id id, bundle text, question int, code text, position int, text text, text_en text, label text, label_en text, components text, state text, source text)
INSERT INTO bundle_option (center_id, bundle, question, code, position, text, text_en, label, label_en, components, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- :exec bundle_options_clear(center_id id, bundle text)
DELETE FROM bundle_option WHERE center_id = $1 AND bundle = $2;

-- :many bundle_papers(center_id id, bundle text) -> (code text, position int, name text, name_en text, kind text, copies int, provider text, components text, produced_by text, needed_when text, note text, note_en text, state text, source text)
SELECT code, position, name, name_en, kind, copies, provider, components, produced_by, needed_when, note, note_en, state, source
  FROM bundle_paper WHERE center_id = $1 AND bundle = $2 ORDER BY position LIMIT 100;

-- :exec bundle_paper_put(center_id id, bundle text, code text, position int, name text, name_en text, kind text, copies int, provider text, components text, produced_by text, needed_when text, note text, note_en text, state text, source text)
INSERT INTO bundle_paper (center_id, bundle, code, position, name, name_en, kind, copies, provider, components, produced_by,
                          needed_when, note, note_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- :exec bundle_papers_clear(center_id id, bundle text)
DELETE FROM bundle_paper WHERE center_id = $1 AND bundle = $2;

-- :many bundle_fields(center_id id, bundle text) -> (code text, position int, title text, title_en text, type text, components text, prefilled text, prefilled_en text, needed_when text, state text, source text)
SELECT code, position, title, title_en, type, components, prefilled, prefilled_en, needed_when, state, source
  FROM bundle_field WHERE center_id = $1 AND bundle = $2 ORDER BY position LIMIT 100;

-- :exec bundle_field_put(center_id id, bundle text, code text, position int, title text, title_en text, type text, components text, prefilled text, prefilled_en text, needed_when text, state text, source text)
INSERT INTO bundle_field (center_id, bundle, code, position, title, title_en, type, components, prefilled, prefilled_en,
                          needed_when, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- :exec bundle_fields_clear(center_id id, bundle text)
DELETE FROM bundle_field WHERE center_id = $1 AND bundle = $2;
