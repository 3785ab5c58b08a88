-- Statements of papers and delivery.

-- :maybe case_for_papers(center_id id, id id) -> (applicant_id id, organ text, organ_code text, organ_phone text, center_name text, center_phone text, center_address text, licence_type text)
-- In whose name a case's papers are made, and what stands on all of them.
SELECT k.applicant_id, coalesce(a.name, z.name, '') AS organ, coalesce(a.uscc, '') AS organ_code, coalesce(a.phone, '') AS organ_phone,
       coalesce(z.name, '') AS center_name, coalesce(z.phone, '') AS center_phone, coalesce(z.address, '') AS center_address,
       coalesce(l.type_code, '') AS licence_type
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN agency a ON a.center_id = i.center_id AND a.id = i.agency_id
  LEFT JOIN center z ON z.center_id = k.center_id
  LEFT JOIN licence_type l ON l.center_id = k.center_id AND l.item_id = k.item_id
 WHERE k.center_id = $1 AND k.id = $2 LIMIT 1;

-- :exec casefile_delivery_add(center_id id, case_id id, mode text, waybill text, place text, receiver bytes?, code_sealed bytes?, sent_at instant, received_at instant?, staff_id id?)
INSERT INTO casefile_delivery (center_id, case_id, mode, waybill, place, receiver, code_sealed, sent_at, received_at, staff_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (center_id, case_id) DO UPDATE SET mode = excluded.mode, waybill = excluded.waybill, place = excluded.place,
        receiver = excluded.receiver, code_sealed = excluded.code_sealed, sent_at = excluded.sent_at, received_at = excluded.received_at,
        staff_id = excluded.staff_id;

-- :maybe casefile_delivery(center_id id, case_id id) -> (mode text, waybill text, place text, code_sealed bytes?, sent_at instant, received_at instant?)
SELECT mode, waybill, place, code_sealed, sent_at, received_at FROM casefile_delivery WHERE center_id = $1 AND case_id = $2 LIMIT 1;

-- :exec casefile_delivery_received(center_id id, case_id id, received_at instant)
UPDATE casefile_delivery SET received_at = $3 WHERE center_id = $1 AND case_id = $2 AND received_at IS NULL;

-- :exec licence_type_put(center_id id, item_id id, type_code text, name text, state text, source text)
INSERT INTO licence_type (center_id, item_id, type_code, name, state, source) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, item_id) DO UPDATE SET type_code = excluded.type_code, name = excluded.name, state = excluded.state,
        source = excluded.source;
