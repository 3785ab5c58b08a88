-- :exec printer_put(center_id id, id id, name text, address text, zones text, device_id id, columns int, state_at instant)
INSERT INTO printer (center_id, id, name, address, zones, device_id, columns, is_mute, state, state_at, checked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'unknown', $8, 0);

-- :many printers(center_id id) -> (id id, name text, address text, zones text, device_id id, columns int, is_mute flag, state text, state_at instant, checked_at instant, printed_at instant?, waiting int, failed int)
-- All in use, with how many slips wait and how many failed.
SELECT p.id, p.name, p.address, p.zones, p.device_id, p.columns, p.is_mute, p.state, p.state_at, p.checked_at, p.printed_at,
       (SELECT COUNT(*) FROM slip s WHERE s.center_id = p.center_id AND s.printer_id = p.id AND s.state = 0) AS waiting,
       (SELECT COUNT(*) FROM slip s WHERE s.center_id = p.center_id AND s.printer_id = p.id AND s.state = 3) AS failed
  FROM printer p WHERE p.center_id = $1 AND p.dropped_at IS NULL ORDER BY p.id LIMIT 50;

-- :many printers_plain(center_id id) -> (id id, zones text, device_id id, columns int, state text)
-- The same, for who only chooses one.
SELECT id, zones, device_id, columns, state FROM printer WHERE center_id = $1 AND dropped_at IS NULL ORDER BY id LIMIT 50;

-- :maybe printer(center_id id, id id) -> (id id, name text, address text, zones text, device_id id, columns int, is_mute flag, state text, state_at instant, checked_at instant)
SELECT id, name, address, zones, device_id, columns, is_mute, state, state_at, checked_at
  FROM printer WHERE center_id = $1 AND id = $2 AND dropped_at IS NULL LIMIT 1;

-- :many printers_due(center_id id, now instant, checked_before instant) -> (id id)
-- Those with a slip to be tried now, and those not spoken to for a while.
SELECT p.id FROM printer p
 WHERE p.center_id = $1 AND p.dropped_at IS NULL
   AND (p.checked_at < $3
    OR EXISTS (SELECT 1 FROM slip s WHERE s.center_id = p.center_id AND s.printer_id = p.id AND s.state = 0 AND s.next_at <= $2))
 ORDER BY p.checked_at, p.id LIMIT 50;

-- :exec printer_drop(center_id id, id id, dropped_at instant)
UPDATE printer SET dropped_at = $3 WHERE center_id = $1 AND id = $2 AND dropped_at IS NULL;

-- :exec printer_state_put(center_id id, id id, state text, is_mute flag, state_at instant, checked_at instant)
UPDATE printer SET state = $3, is_mute = $4, state_at = $5, checked_at = $6 WHERE center_id = $1 AND id = $2;

-- :exec printer_printed_put(center_id id, id id, printed_at instant)
UPDATE printer SET printed_at = $3, checked_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec slip_put(center_id id, id id, printer_id id, ticket_id id, thread id, number text, bytes bytes, made_at instant, is_again flag, asked_by text)
INSERT INTO slip (center_id, id, printer_id, ticket_id, thread, number, bytes, state, reason, tries, made_at, next_at, is_again, asked_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', 0, $8, $8, $9, $10);

-- :maybe slip_next(center_id id, printer_id id, now instant) -> (id id, ticket_id id, thread id, number text, bytes bytes, tries int, made_at instant)
-- The oldest that waits for a printer.
SELECT id, ticket_id, thread, number, bytes, tries, made_at FROM slip
 WHERE center_id = $1 AND printer_id = $2 AND state = 0 AND next_at <= $3 ORDER BY id LIMIT 1;

-- :exec slip_claim(center_id id, id id, sent_at instant)
-- One of all processes sends it.
UPDATE slip SET state = 1, sent_at = $3, tries = tries + 1 WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec slip_again_put(center_id id, id id, next_at instant)
-- Nothing of it was printed.
UPDATE slip SET state = 0, next_at = $3, sent_at = NULL WHERE center_id = $1 AND id = $2 AND state = 1;

-- :exec slip_end_put(center_id id, id id, state int, reason text, ended_at instant)
UPDATE slip SET state = $3, reason = $4, ended_at = $5 WHERE center_id = $1 AND id = $2 AND state IN (0, 1);

-- :many slips_old(center_id id, printer_id id, made_before instant) -> (id id, ticket_id id, thread id, number text)
-- Waiting too long: a slip for somebody who has gone.
SELECT id, ticket_id, thread, number FROM slip
 WHERE center_id = $1 AND printer_id = $2 AND state = 0 AND made_at < $3 ORDER BY id LIMIT 200;

-- :many slips_left(center_id id, sent_before instant) -> (id id, ticket_id id, thread id, number text)
-- Begun by a process that has ended.
SELECT id, ticket_id, thread, number FROM slip WHERE center_id = $1 AND state = 1 AND sent_at < $2 LIMIT 200;

-- :many slips_of_ticket(center_id id, ticket_id id) -> (id id, state int, reason text, made_at instant, printer_state text)
-- The newest first.
SELECT s.id, s.state, s.reason, s.made_at, p.state AS printer_state
  FROM slip s JOIN printer p ON p.center_id = s.center_id AND p.id = s.printer_id
 WHERE s.center_id = $1 AND s.ticket_id = $2 ORDER BY s.id DESC LIMIT 10;

-- :many slips_failed(center_id id) -> (id id, ticket_id id, number text, reason text, ended_at instant, printer text)
-- What did not come out, or nobody knows, the newest first.
SELECT s.id, s.ticket_id, s.number, s.reason, s.ended_at, p.name AS printer
  FROM slip s JOIN printer p ON p.center_id = s.center_id AND p.id = s.printer_id
 WHERE s.center_id = $1 AND s.state = 3 ORDER BY s.ended_at DESC LIMIT 50;

-- :exec slips_settle(center_id id, ticket_id id)
-- Printed once more, or given up: the failures of a ticket need nobody any more.
UPDATE slip SET state = 4 WHERE center_id = $1 AND ticket_id = $2 AND state = 3;

-- :exec slips_forget(center_id id, ended_before instant)
-- Bytes are kept for two days.
DELETE FROM slip WHERE center_id = $1 AND state IN (2, 3, 4) AND made_at < $2;

-- :many slip_templates(center_id id) -> (zone_code text, body text, changed_at instant)
SELECT zone_code, body, changed_at FROM slip_template WHERE center_id = $1 ORDER BY zone_code LIMIT 101;

-- :maybe slip_template(center_id id, zone_code text) -> slip_templates
-- A zone's own, else that for all.
SELECT zone_code, body, changed_at FROM slip_template
 WHERE center_id = $1 AND zone_code IN ($2, '') ORDER BY zone_code DESC LIMIT 1;

-- :exec slip_template_put(center_id id, zone_code text, body text, changed_at instant)
INSERT INTO slip_template (center_id, zone_code, body, changed_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, zone_code) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at;

-- :exec slip_template_drop(center_id id, zone_code text)
DELETE FROM slip_template WHERE center_id = $1 AND zone_code = $2;

-- :exec slip_put_off(center_id id, printer_id id, now instant, next_at instant)
-- The printer does not print: all of its slips wait a little.
UPDATE slip SET next_at = $4 WHERE center_id = $1 AND printer_id = $2 AND state = 0 AND next_at <= $3;
