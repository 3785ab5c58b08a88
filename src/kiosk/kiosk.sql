-- :exec kiosk_block_put(center_id id, zone_code text, issued_on date, first int, last int, name text, name_en text, prefix text, floor int, sign text, colour text)
-- A block that is known keeps what was given out of it.
INSERT INTO kiosk_block (center_id, zone_code, issued_on, first, last, next, name, name_en, prefix, floor, sign, colour)
    VALUES ($1, $2, $3, $4, $5, $4, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (center_id, zone_code, issued_on, first) DO UPDATE SET name = excluded.name, name_en = excluded.name_en;

-- :many kiosk_blocks(center_id id, issued_on date) -> (zone_code text, first int, last int, next int, name text, name_en text, prefix text, floor int, sign text, colour text)
-- Of a day, those of a zone beside each other, the oldest first.
SELECT zone_code, first, last, next, name, name_en, prefix, floor, sign, colour FROM kiosk_block
 WHERE center_id = $1 AND issued_on = $2 ORDER BY prefix, zone_code, first LIMIT 2000;

-- :exec kiosk_block_next_put(center_id id, zone_code text, issued_on date, first int, next int)
-- One number is given out.
UPDATE kiosk_block SET next = $5 + 1 WHERE center_id = $1 AND zone_code = $2 AND issued_on = $3 AND first = $4 AND next = $5 AND next <= last;

-- :exec kiosk_ticket_put(center_id id, local_id id, token text, zone_code text, zone_name text, zone_name_en text, floor int, prefix text, number int, issued_on date, issued_at instant, needs text)
INSERT INTO kiosk_ticket (center_id, local_id, token, zone_code, zone_name, zone_name_en, floor, prefix, number, issued_on, issued_at, needs, printed, state, why)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, '');

-- :maybe kiosk_ticket(center_id id, local_id id) -> (local_id id, token text, zone_code text, zone_name text, zone_name_en text, floor int, prefix text, number int, issued_on date, issued_at instant, needs text, printed text, state int, why text)
SELECT local_id, token, zone_code, zone_name, zone_name_en, floor, prefix, number, issued_on, issued_at, needs, printed, state, why
  FROM kiosk_ticket WHERE center_id = $1 AND local_id = $2 LIMIT 1;

-- :many kiosk_tickets_open(center_id id) -> kiosk_ticket
-- To be handed in, the oldest first.
SELECT local_id, token, zone_code, zone_name, zone_name_en, floor, prefix, number, issued_on, issued_at, needs, printed, state, why
  FROM kiosk_ticket WHERE center_id = $1 AND state = 0 ORDER BY local_id LIMIT 20;

-- :exec kiosk_ticket_printed_put(center_id id, local_id id, printed text)
UPDATE kiosk_ticket SET printed = $3 WHERE center_id = $1 AND local_id = $2;

-- :exec kiosk_ticket_state_put(center_id id, local_id id, state int, why text)
UPDATE kiosk_ticket SET state = $3, why = $4 WHERE center_id = $1 AND local_id = $2;
