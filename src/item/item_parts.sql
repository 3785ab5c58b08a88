-- Parts of items as the tables hold them: read for a stretch of items at once, in order of the item, so that a whole
-- directory is composed in a few statements; put and cleared one by one.

-- :many part_items(center_id id, after_id id, most int) -> (id id, code text, impl_code text, name text, name_en text, main_item text, agency text, agency_en text, uscc text, kind text, zone_code text, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, has_fee flag, is_listed flag)
SELECT i.id, i.code, i.impl_code, i.name, i.name_en, i.main_item, a.name AS agency, a.name_en AS agency_en, a.uscc, i.kind,
       i.zone_code, i.one_window, i.is_online, i.onsite_visits, i.is_immediate, i.legal_days, i.legal_unit, i.promised_days,
       i.promised_unit, i.has_fee, i.is_listed
  FROM item i JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
 WHERE i.center_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3;

-- :many part_texts(center_id id, first_id id, last_id id) -> (item_id id, element text, zh text, en text, state text, source text)
SELECT item_id, element, zh, en, state, source FROM item_text
 WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, element LIMIT 100000;

-- :many part_sources(center_id id, first_id id, last_id id) -> (item_id id, element text, state text, source text)
SELECT item_id, element, state, source FROM item_source
 WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, element LIMIT 100000;

-- :many part_papers(center_id id, first_id id, last_id id) -> (item_id id, position int, name text, name_en text, kind text, medium text, copies int, necessity text, provider text, source_note text, page_format text, blank_file text, sample_file text, fill_note text, fill_note_en text, standard text, standard_en text, basis text, basis_en text, on_site flag, issuer text, issuer_en text, time_rule text, where_to_get text, where_to_get_en text, licence_type text, state text, source text)
SELECT item_id, position, name, name_en, kind, medium, copies, necessity, provider, source_note, page_format, blank_file,
       sample_file, fill_note, fill_note_en, standard, standard_en, basis, basis_en, on_site, issuer, issuer_en, time_rule,
       where_to_get, where_to_get_en, licence_type, state, source
  FROM item_paper WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_fees(center_id id, first_id id, last_id id) -> (item_id id, name text, name_en text, standard text, standard_en text, basis text, can_reduce flag, reduce_note text, reduce_note_en text, state text, source text)
SELECT item_id, name, name_en, standard, standard_en, basis, can_reduce, reduce_note, reduce_note_en, state, source
  FROM item_fee WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_questions(center_id id, first_id id, last_id id) -> (item_id id, question text, question_en text, answer text, answer_en text, state text, source text)
SELECT item_id, question, question_en, answer, answer_en, state, source
  FROM item_question WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_bases(center_id id, first_id id, last_id id) -> (item_id id, kind text, law text, law_en text, document_no text, article text, wording text, state text, source text)
SELECT item_id, kind, law, law_en, document_no, article, wording, state, source
  FROM item_basis WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_situations(center_id id, first_id id, last_id id) -> (item_id id, position int, code text, parent text, question text, question_en text, state text, source text)
SELECT item_id, position, code, parent, question, question_en, state, source
  FROM item_situation WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_options(center_id id, first_id id, last_id id) -> (item_id id, situation int, position int, code text, name text, name_en text)
SELECT item_id, situation, position, code, name, name_en
  FROM item_option WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3
 ORDER BY item_id, situation, position LIMIT 100000;

-- :many part_option_papers(center_id id, first_id id, last_id id) -> (item_id id, situation int, choice int, paper int, necessity text)
SELECT item_id, situation, choice, paper, necessity
  FROM item_option_paper WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3
 ORDER BY item_id, situation, choice, position LIMIT 100000;

-- :many part_files(center_id id, first_id id, last_id id) -> (item_id id, code text, kind text, name text, content_type text, size int, digest text, state text, source text)
SELECT item_id, code, kind, name, content_type, size, digest, state, source
  FROM item_file WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :many part_handlings(center_id id, first_id id, last_id id) -> (item_id id, code text, kind text, name text, name_en text, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, state text, source text)
SELECT item_id, code, kind, name, name_en, is_immediate, legal_days, legal_unit, promised_days, promised_unit, state, source
  FROM item_handling WHERE center_id = $1 AND item_id >= $2 AND item_id <= $3 ORDER BY item_id, position LIMIT 100000;

-- :exec item_put_by_id(center_id id, id id, code text, impl_code text, name text, name_en text, main_item text, agency_id id, kind text, zone_code text, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, has_fee flag, version int)
-- The version that comes into force; unlike item_put its codes may be new ones.
INSERT INTO item (center_id, id, code, impl_code, name, name_en, main_item, agency_id, kind, zone_code, one_window, is_online,
                  onsite_visits, is_immediate, legal_days, legal_unit, promised_days, promised_unit, has_fee, version, is_listed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1)
    ON CONFLICT (center_id, id) DO UPDATE SET code = excluded.code, impl_code = excluded.impl_code, name = excluded.name,
        name_en = excluded.name_en, main_item = excluded.main_item, agency_id = excluded.agency_id, kind = excluded.kind,
        zone_code = excluded.zone_code, one_window = excluded.one_window, is_online = excluded.is_online,
        onsite_visits = excluded.onsite_visits, is_immediate = excluded.is_immediate, legal_days = excluded.legal_days,
        legal_unit = excluded.legal_unit, promised_days = excluded.promised_days, promised_unit = excluded.promised_unit,
        has_fee = excluded.has_fee, version = excluded.version, is_listed = 1;

-- :exec paper_put(center_id id, item_id id, position int, name text, name_en text, kind text, medium text, copies int, necessity text, provider text, source_note text, page_format text, blank_file text, sample_file text, fill_note text, fill_note_en text, standard text, standard_en text, basis text, basis_en text, on_site flag, issuer text, issuer_en text, time_rule text, where_to_get text, where_to_get_en text, licence_type text, state text, source text)
INSERT INTO item_paper (center_id, item_id, position, name, name_en, kind, medium, copies, necessity, provider, source_note,
                        page_format, blank_file, sample_file, fill_note, fill_note_en, standard, standard_en, basis, basis_en,
                        on_site, issuer, issuer_en, time_rule, where_to_get, where_to_get_en, licence_type, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29)
    ON CONFLICT (center_id, item_id, position) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
        kind = excluded.kind, medium = excluded.medium, copies = excluded.copies, necessity = excluded.necessity,
        provider = excluded.provider, source_note = excluded.source_note, page_format = excluded.page_format,
        blank_file = excluded.blank_file, sample_file = excluded.sample_file, fill_note = excluded.fill_note,
        fill_note_en = excluded.fill_note_en, standard = excluded.standard, standard_en = excluded.standard_en,
        basis = excluded.basis, basis_en = excluded.basis_en, on_site = excluded.on_site, issuer = excluded.issuer,
        issuer_en = excluded.issuer_en, time_rule = excluded.time_rule, where_to_get = excluded.where_to_get,
        where_to_get_en = excluded.where_to_get_en, licence_type = excluded.licence_type, state = excluded.state,
        source = excluded.source;

-- :exec fee_put(center_id id, item_id id, position int, name text, name_en text, standard text, standard_en text, basis text, can_reduce flag, reduce_note text, reduce_note_en text, state text, source text)
INSERT INTO item_fee (center_id, item_id, position, name, name_en, standard, standard_en, basis, can_reduce, reduce_note,
                      reduce_note_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- :exec question_put(center_id id, item_id id, position int, question text, question_en text, answer text, answer_en text, state text, source text)
INSERT INTO item_question (center_id, item_id, position, question, question_en, answer, answer_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :exec basis_put(center_id id, item_id id, position int, kind text, law text, law_en text, document_no text, article text, wording text, state text, source text)
INSERT INTO item_basis (center_id, item_id, position, kind, law, law_en, document_no, article, wording, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- :exec situation_put(center_id id, item_id id, position int, code text, parent text, question text, question_en text, state text, source text)
INSERT INTO item_situation (center_id, item_id, position, code, parent, question, question_en, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :exec option_put(center_id id, item_id id, situation int, position int, code text, name text, name_en text)
INSERT INTO item_option (center_id, item_id, situation, position, code, name, name_en) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :exec option_paper_put(center_id id, item_id id, situation int, choice int, position int, paper int, necessity text)
INSERT INTO item_option_paper (center_id, item_id, situation, choice, position, paper, necessity)
    VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :exec file_put(center_id id, item_id id, position int, code text, kind text, name text, content_type text, size int, digest text, state text, source text)
INSERT INTO item_file (center_id, item_id, position, code, kind, name, content_type, size, digest, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- :exec handling_put(center_id id, item_id id, position int, code text, kind text, name text, name_en text, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, state text, source text)
INSERT INTO item_handling (center_id, item_id, position, code, kind, name, name_en, is_immediate, legal_days, legal_unit,
                           promised_days, promised_unit, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- :maybe handling_owner(center_id id, code text) -> (item_id id)
SELECT item_id FROM item_handling WHERE center_id = $1 AND code = $2 LIMIT 1;

-- :exec texts_clear(center_id id, item_id id)
DELETE FROM item_text WHERE center_id = $1 AND item_id = $2;
-- :exec sources_clear(center_id id, item_id id)
-- What is said to be missing; where a value came from stays, it is put anew with the value.
DELETE FROM item_source WHERE center_id = $1 AND item_id = $2 AND state = 'missing';
-- :exec papers_clear(center_id id, item_id id)
DELETE FROM item_paper WHERE center_id = $1 AND item_id = $2;
-- :exec fees_clear(center_id id, item_id id)
DELETE FROM item_fee WHERE center_id = $1 AND item_id = $2;
-- :exec questions_clear(center_id id, item_id id)
DELETE FROM item_question WHERE center_id = $1 AND item_id = $2;
-- :exec bases_clear(center_id id, item_id id)
DELETE FROM item_basis WHERE center_id = $1 AND item_id = $2;
-- :exec situations_clear(center_id id, item_id id)
DELETE FROM item_situation WHERE center_id = $1 AND item_id = $2;
-- :exec options_clear(center_id id, item_id id)
DELETE FROM item_option WHERE center_id = $1 AND item_id = $2;
-- :exec option_papers_clear(center_id id, item_id id)
DELETE FROM item_option_paper WHERE center_id = $1 AND item_id = $2;
-- :exec files_clear(center_id id, item_id id)
DELETE FROM item_file WHERE center_id = $1 AND item_id = $2;
-- :exec handlings_clear(center_id id, item_id id)
DELETE FROM item_handling WHERE center_id = $1 AND item_id = $2;

-- :maybe item_text_of(center_id id, item_id id, element text) -> (zh text, en text, state text, source text)
SELECT zh, en, state, source FROM item_text WHERE center_id = $1 AND item_id = $2 AND element = $3 LIMIT 1;

-- :maybe item_paper_of(center_id id, item_id id, position int) -> part_papers
SELECT item_id, position, name, name_en, kind, medium, copies, necessity, provider, source_note, page_format, blank_file,
       sample_file, fill_note, fill_note_en, standard, standard_en, basis, basis_en, on_site, issuer, issuer_en, time_rule,
       where_to_get, where_to_get_en, licence_type, state, source
  FROM item_paper WHERE center_id = $1 AND item_id = $2 AND position = $3 LIMIT 1;

-- :maybe item_file_named(center_id id, item_id id, code text) -> (code text)
SELECT code FROM item_file WHERE center_id = $1 AND item_id = $2 AND code = $3 LIMIT 1;

-- :maybe item_source_of(center_id id, item_id id, element text) -> (state text, source text)
SELECT state, source FROM item_source WHERE center_id = $1 AND item_id = $2 AND element = $3 LIMIT 1;

-- :many item_questions(center_id id, item_id id) -> (question text, question_en text, answer text, answer_en text, state text, source text)
SELECT question, question_en, answer, answer_en, state, source FROM item_question
 WHERE center_id = $1 AND item_id = $2 ORDER BY position LIMIT 200;

-- :maybe file_content(center_id id, digest text) -> (content bytes)
SELECT content FROM file_content WHERE center_id = $1 AND digest = $2 LIMIT 1;

-- :exec file_content_put(center_id id, digest text, content bytes)
INSERT INTO file_content (center_id, digest, content) VALUES ($1, $2, $3) ON CONFLICT (center_id, digest) DO NOTHING;
