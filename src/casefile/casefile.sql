-- Statements of cases. Open cases are found by casefile_open, closed ones by their id: no list walks through the closed ones.

-- :maybe casefile(center_id id, id id) -> (id id, number text, token text, thread id, ticket_id id?, item_id id, item_code text, item_name text, item_name_en text, state int, is_immediate flag, applicant_name text, received_at instant, accepted_at instant?, promised_days int, promised_unit text, due_on date?, legal_due_on date?, legal_days int, legal_unit text, decided_at instant?, result text, opinion text, closed_at instant?, corrected_at instant?, deemed_at instant?, stage int, reviewed_by id?, claimed_by id?, claimed_at instant?, stops int, extended_days int, organ text, ticket_prefix text?, ticket_number int?)
-- A case with the names of its item and the number of its ticket.
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.id = $2 LIMIT 1;

-- :maybe casefile_item(center_id id, id id) -> (item_id id, item_version int)
-- The version of the item that the case began under.
SELECT item_id, item_version FROM casefile WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe casefile_by_number(center_id id, number text) -> casefile
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.number = $2 LIMIT 1;

-- :maybe casefile_by_token(center_id id, token text) -> casefile
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.token = $2 LIMIT 1;

-- :many casefiles_of_ticket(center_id id, ticket_id id) -> casefile
-- What was taken in with a ticket: open ones first, the newest first.
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.ticket_id = $2 AND k.ticket_id IS NOT NULL
 ORDER BY CASE WHEN k.closed_at IS NULL THEN 0 ELSE 1 END, k.id DESC LIMIT 20;

-- :many casefiles_open(center_id id, skip int) -> casefile
-- All that is not closed.
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.closed_at IS NULL ORDER BY k.state, k.due_on, k.id LIMIT 50 OFFSET $2;

-- :many casefiles_open_in(center_id id, state int, skip int) -> casefile
-- Not closed, in one state, what is due first.
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.closed_at IS NULL AND k.state = $2 ORDER BY k.due_on, k.id LIMIT 50 OFFSET $3;

-- :many casefiles_closed(center_id id, skip int) -> casefile
-- Closed ones, the newest first.
SELECT k.id, k.number, k.token, k.thread, k.ticket_id, k.item_id, i.code AS item_code, i.name AS item_name,
       i.name_en AS item_name_en, k.state, k.is_immediate, k.applicant_name, k.received_at, k.accepted_at,
       k.promised_days, k.promised_unit, k.due_on, k.legal_due_on, coalesce(k.legal_days, i.legal_days) AS legal_days, coalesce(k.legal_unit, i.legal_unit) AS legal_unit, k.decided_at,
       k.result, k.opinion, k.closed_at, k.corrected_at, k.deemed_at, coalesce(k.stage, 0) AS stage, k.reviewed_by, k.claimed_by, k.claimed_at,
       coalesce(k.stops, 0) AS stops, coalesce(k.extended_days, 0) AS extended_days, coalesce(k.organ, '') AS organ,
       t.prefix AS ticket_prefix, t.number AS ticket_number
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN ticket t ON t.center_id = k.center_id AND t.id = k.ticket_id
 WHERE k.center_id = $1 AND k.state = 7 ORDER BY k.id DESC LIMIT 50 OFFSET $2;

-- :one casefiles_open_count(center_id id) -> (cases int)
-- At most 1001.
SELECT COUNT(*) AS cases FROM (SELECT 1 FROM casefile WHERE center_id = $1 AND closed_at IS NULL LIMIT 1001) AS early LIMIT 1;

-- :one casefiles_open_in_count(center_id id, state int) -> (cases int)
-- At most 1001.
SELECT COUNT(*) AS cases FROM (SELECT 1 FROM casefile WHERE center_id = $1 AND closed_at IS NULL AND state = $2 LIMIT 1001) AS early LIMIT 1;

-- :one casefiles_closed_count(center_id id) -> (cases int)
-- At most 1001.
SELECT COUNT(*) AS cases FROM (SELECT 1 FROM casefile WHERE center_id = $1 AND state = 7 ORDER BY id DESC LIMIT 1001) AS early LIMIT 1;

-- :one casefile_serial_next(center_id id, item_id id, given_on date) -> (last int)
-- The next serial of an item and day.
INSERT INTO casefile_serial (center_id, item_id, given_on, last) VALUES ($1, $2, $3, 1)
    ON CONFLICT (center_id, item_id, given_on) DO UPDATE SET last = casefile_serial.last + 1
    RETURNING last;

-- :exec casefile_add(center_id id, id id, number text, token text, thread id, ticket_id id?, item_id id, item_version int, is_immediate flag, applicant_id id, applicant_name text, agent_id id?, form text, received_at instant, promised_days int, promised_unit text, desk_id id?, staff_id id?, legal_days int, legal_unit text)
INSERT INTO casefile (center_id, id, number, token, thread, ticket_id, item_id, item_version, state, is_immediate, applicant_id,
                      applicant_name, agent_id, form, received_at, promised_days, promised_unit, result, opinion, desk_id, staff_id, legal_days,
                      legal_unit)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $14, $15, $16, '', '', $17, $18, $19, $20);

-- :exec casefile_move(center_id id, id id, state_before int, state int, accepted_at instant?, due_on date?, legal_due_on date?, decided_at instant?, result text, opinion text, closed_at instant?)
-- One move; nothing changes when somebody was faster.
UPDATE casefile SET state = $4, accepted_at = $5, due_on = $6, legal_due_on = $7, decided_at = $8, result = $9, opinion = $10,
       closed_at = $11
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec casefile_paper_add(center_id id, case_id id, position int, name text, name_en text, kind text, necessity text, standard text, standard_en text, on_site flag, is_taken flag, taken_how int, copies int, taken_at instant?)
INSERT INTO casefile_paper (center_id, case_id, position, name, name_en, kind, necessity, standard, standard_en, on_site,
                            is_taken, taken_how, copies, taken_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- :many casefile_papers(center_id id, case_id id) -> (position int, name text, name_en text, kind text, necessity text, standard text, standard_en text, on_site flag, is_taken flag, copies int, taken_at instant?)
SELECT position, name, name_en, kind, necessity, standard, standard_en, on_site, is_taken, copies, taken_at
  FROM casefile_paper WHERE center_id = $1 AND case_id = $2 ORDER BY position LIMIT 200;

-- :exec casefile_paper_take(center_id id, case_id id, position int, is_taken flag, taken_how int, taken_at instant?)
UPDATE casefile_paper SET is_taken = $4, taken_how = $5, taken_at = $6 WHERE center_id = $1 AND case_id = $2 AND position = $3;
