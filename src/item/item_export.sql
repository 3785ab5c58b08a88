-- The directory in order of code, a thousand rows a page: what item_import.c reads.

-- :many items_behind(center_id id, after_code text) -> (code text, impl_code text, name text, name_en text, main_item text, agency text, kind text, zone_code text, one_window flag, is_online flag, onsite_visits int, is_immediate flag, legal_days int, legal_unit text, promised_days int, promised_unit text, has_fee flag)
SELECT i.code, i.impl_code, i.name, i.name_en, i.main_item, a.name AS agency, i.kind, i.zone_code, i.one_window, i.is_online,
       i.onsite_visits, i.is_immediate, i.legal_days, i.legal_unit, i.promised_days, i.promised_unit, i.has_fee
  FROM item i JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
 WHERE i.center_id = $1 AND i.code > $2 ORDER BY i.code LIMIT 1000;

-- :many item_texts_behind(center_id id, code text, element text) -> (code text, element text, zh text, en text, state text, source text)
-- The texts of a guide; what people ask is item_questions, all else item_elements.
SELECT i.code, x.element, x.zh, x.en, x.state, x.source
  FROM item i JOIN item_text x ON x.center_id = i.center_id AND x.item_id = i.id
 WHERE i.center_id = $1 AND i.code >= $2 AND (i.code > $2 OR x.element > $3)
   AND x.element IN ('summary', 'conditions', 'steps', 'fee', 'legal_basis', 'hours', 'place', 'online', 'result',
                     'consult_phone', 'complaint_phone')
 ORDER BY i.code, x.element LIMIT 1000;

-- :many item_papers_behind(center_id id, code text, position int) -> (code text, position int, name text, name_en text, kind text, copies int, necessity text, provider text, standard text, standard_en text, basis text, on_site flag, state text, source text, medium text, source_note text, page_format text, blank_file text, sample_file text, fill_note text, fill_note_en text, basis_en text, issuer text, issuer_en text, time_rule text, where_to_get text, where_to_get_en text, licence_type text)
SELECT i.code, p.position, p.name, p.name_en, p.kind, p.copies, p.necessity, p.provider, p.standard, p.standard_en, p.basis,
       p.on_site, p.state, p.source, p.medium, p.source_note, p.page_format, p.blank_file, p.sample_file, p.fill_note,
       p.fill_note_en, p.basis_en, p.issuer, p.issuer_en, p.time_rule, p.where_to_get, p.where_to_get_en, p.licence_type
  FROM item i JOIN item_paper p ON p.center_id = i.center_id AND p.item_id = i.id
 WHERE i.center_id = $1 AND i.code >= $2 AND (i.code > $2 OR p.position > $3) ORDER BY i.code, p.position LIMIT 1000;

-- :many item_words_behind(center_id id, code text, word text) -> (code text, word text, kind text)
SELECT i.code, w.word, w.kind
  FROM item i JOIN item_word w ON w.center_id = i.center_id AND w.item_id = i.id
 WHERE i.center_id = $1 AND i.code >= $2 AND (i.code > $2 OR w.word > $3) ORDER BY i.code, w.word LIMIT 1000;

-- :many item_sources_of_all(center_id id) -> (code text, element text, state text, source text)
-- The defaults for all items.
SELECT '*' AS code, element, state, source FROM item_source
 WHERE center_id = $1 AND item_id = 0 ORDER BY element LIMIT 1000;

-- :many item_sources_behind(center_id id, code text, element text) -> item_sources_of_all
SELECT i.code, s.element, s.state, s.source
  FROM item i JOIN item_source s ON s.center_id = i.center_id AND s.item_id = i.id
 WHERE i.center_id = $1 AND i.code >= $2 AND (i.code > $2 OR s.element > $3) ORDER BY i.code, s.element LIMIT 1000;

-- :many item_sayings_behind(center_id id, said text) -> (said text, means text, kind text, state text, source text)
SELECT said, means, kind, state, source FROM item_saying WHERE center_id = $1 AND said > $2 ORDER BY said LIMIT 1000;

-- :many item_demands_behind(center_id id, code text) -> (code text, audience text, visits int, state text, source text)
SELECT i.code, d.audience, d.visits, d.state, d.source
  FROM item i JOIN item_demand d ON d.center_id = i.center_id AND d.item_id = i.id
 WHERE i.center_id = $1 AND i.code > $2 ORDER BY i.code LIMIT 1000;
