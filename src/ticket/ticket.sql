-- Statements of tickets. Issue and call run on the lane for every visitor, so each of them is a
-- look-up by key or by an index made for it; none looks at tickets that only wait.

-- :one ticket_number_next(center_id id, zone_id id, issued_on date) -> (last int)
-- The next number of a zone and day.
INSERT INTO ticket_number (center_id, zone_id, issued_on, last) VALUES ($1, $2, $3, 1)
    ON CONFLICT (center_id, zone_id, issued_on) DO UPDATE SET last = ticket_number.last + 1
    RETURNING last;

-- :exec ticket_add(center_id id, id id, thread id, token text, zone_id id, line_id id, item_id id?, item_code text, item_name text, item_name_en text, issued_on date, prefix text, number int, class int, needs int, step_free flag, channel int, floor int, reason text, name_masked text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, phone_key text?, issued_at instant, queued_at instant, ahead int, told_half_ms int, told_most_ms int)
INSERT INTO ticket (center_id, id, thread, token, zone_id, line_id, item_id, item_code, item_name, item_name_en, issued_on,
                    prefix, number, class, needs, step_free, channel, state, floor, reason, name_masked, name_sealed,
                    phone_sealed, phone_tail, phone_key, calls, call_reason, issued_at, queued_at, wait_ms, ahead, told_half_ms, told_most_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $19, $20, $21, $22, $23, $24,
            0, '', $25, $26, 0, $27, $28, $29);

-- :maybe ticket(center_id id, id id) -> (id id, thread id, token text, zone_id id, zone_code text, zone_name text, zone_name_en text, line_id id, line_service_ms int, line_desks_open int, item_id id?, item_code text, item_name text, item_name_en text, issued_on date, prefix text, number int, class int, needs int, step_free flag, channel int, state int, floor int, reason text, name_masked text, name_sealed bytes?, phone_sealed bytes?, phone_tail text?, desk_id id?, desk_code text?, desk_floor int?, staff_id id?, calls int, call_reason text, issued_at instant, queued_at instant, called_at instant?, started_at instant?, ended_at instant?, wait_ms int, ahead int, told_half_ms int, told_most_ms int)
-- A ticket with where it waits now (the zone of its line) and the desk that called it.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.id = $2 LIMIT 1;

-- :maybe ticket_by_token(center_id id, token text) -> ticket
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.token = $2 LIMIT 1;

-- :maybe ticket_of_desk(center_id id, desk_id id) -> ticket
-- What a desk has called or is serving.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.desk_id = $2 AND t.state IN (1, 2) LIMIT 1;

-- :many tickets_parked(center_id id, desk_id id) -> ticket
-- What a desk has set aside.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.desk_id = $2 AND t.state = 3 ORDER BY t.called_at LIMIT 50;

-- :maybe ticket_by_number(center_id id, issued_on date, prefix text, number int) -> ticket
-- By what is printed on it, today's.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM zone y JOIN ticket t ON t.center_id = y.center_id AND t.zone_id = y.id AND t.issued_on = $2 AND t.number = $4
  JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE y.center_id = $1 AND y.prefix = $3 LIMIT 1;

-- :many tickets_by_phone_tail(center_id id, issued_on date, phone_tail text) -> ticket
-- Today's tickets of a phone whose last four digits are known, the newest first.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.issued_on = $2 AND t.phone_tail = $3 AND t.phone_tail IS NOT NULL
 ORDER BY t.id DESC LIMIT 20;

-- :maybe ticket_just_missed(center_id id, desk_id id, called_after instant, missed_after instant) -> ticket
-- The ticket a desk has just marked as not come.
SELECT t.id, t.thread, t.token, t.zone_id, z.code AS zone_code, z.name AS zone_name, z.name_en AS zone_name_en, t.line_id, l.service_ms AS line_service_ms, l.desks_open AS line_desks_open, t.item_id,
       t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number, t.class, t.needs, t.step_free, t.channel,
       t.state, t.floor, t.reason, t.name_masked, t.name_sealed, t.phone_sealed, t.phone_tail, t.desk_id, d.code AS desk_code, d.floor AS desk_floor,
       t.staff_id, t.calls, t.call_reason, t.issued_at, t.queued_at, t.called_at, t.started_at, t.ended_at, t.wait_ms, t.ahead, t.told_half_ms, t.told_most_ms
  FROM ticket t JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
  LEFT JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
 WHERE t.center_id = $1 AND t.called_at IS NOT NULL AND t.called_at >= $3 AND t.desk_id = $2 AND t.state = 5 AND t.ended_at >= $4
 ORDER BY t.ended_at DESC, t.called_at DESC LIMIT 1;

-- :many tickets_next(center_id id, desk_id id) -> (line_id id, class int, id id?, queued_at instant?)
-- For a desk: the oldest of each class in each of its lines that is not empty.
SELECT q.line_id, q.class,
       (SELECT t.id FROM ticket t WHERE t.center_id = q.center_id AND t.line_id = q.line_id AND t.class = q.class AND t.state = 0
         ORDER BY t.queued_at, t.id LIMIT 1) AS id,
       (SELECT t.queued_at FROM ticket t WHERE t.center_id = q.center_id AND t.line_id = q.line_id AND t.class = q.class AND t.state = 0
         ORDER BY t.queued_at, t.id LIMIT 1) AS queued_at
  FROM line_queue q CROSS JOIN desk_line dl
 WHERE q.center_id = $1 AND q.waiting > 0 AND dl.center_id = $1 AND dl.desk_id = $2 AND dl.line_id = q.line_id
 ORDER BY q.line_id, q.class LIMIT 5000;

-- :one desk_waiting(center_id id, desk_id id) -> (waiting int)
-- How many wait in the lines of a desk.
SELECT CAST(COALESCE(SUM(q.waiting), 0) AS BIGINT) AS waiting FROM line_queue q CROSS JOIN desk_line dl
 WHERE q.center_id = $1 AND q.waiting > 0 AND dl.center_id = $1 AND dl.desk_id = $2 AND dl.line_id = q.line_id LIMIT 1;

-- :exec line_queue_add(center_id id, line_id id, class int)
-- One more waits.
INSERT INTO line_queue (center_id, line_id, class, waiting) VALUES ($1, $2, $3, 1)
    ON CONFLICT (center_id, line_id, class) DO UPDATE SET waiting = line_queue.waiting + 1;

-- :exec line_queue_take(center_id id, line_id id, class int)
-- One less waits.
UPDATE line_queue SET waiting = waiting - 1 WHERE center_id = $1 AND line_id = $2 AND class = $3 AND waiting > 0;

-- :many queues_seen(center_id id, line_id id) -> (line_id id, class int, waiting int, desk_bits bytes?)
-- Who waits in this line and in those that share desks with it.
SELECT q.line_id, q.class, q.waiting, l.desk_bits FROM line_queue q CROSS JOIN line_rival r CROSS JOIN line l
 WHERE q.center_id = $1 AND q.waiting > 0 AND r.center_id = $1 AND r.line_id = $2 AND r.rival_id = q.line_id
   AND l.center_id = $1 AND l.id = q.line_id LIMIT 5000;

-- :many queues_before(center_id id, line_id id, id id, green_at instant, disabled_at instant, military_at instant, infant_at instant, elderly_at instant, booked_at instant, normal_at instant) -> (line_id id, waiting int, desk_bits bytes?)
-- The same, counting only who comes before a ticket: of each class those who came before its own instant; at most 200 each.
SELECT q.line_id,
       (SELECT COUNT(*) FROM (SELECT 1 FROM ticket t
         WHERE t.center_id = q.center_id AND t.line_id = q.line_id AND t.class = q.class AND t.state = 0 AND t.id <> $3
           AND t.queued_at <= CASE q.class WHEN 0 THEN $4 WHEN 1 THEN $5 WHEN 2 THEN $6 WHEN 3 THEN $7 WHEN 4 THEN $8 WHEN 5 THEN $9 ELSE $10 END
           AND (t.id < $3
            OR t.queued_at < CASE q.class WHEN 0 THEN $4 WHEN 1 THEN $5 WHEN 2 THEN $6 WHEN 3 THEN $7 WHEN 4 THEN $8 WHEN 5 THEN $9 ELSE $10 END)
         LIMIT 200) AS early) AS waiting, l.desk_bits
  FROM line_queue q CROSS JOIN line_rival r CROSS JOIN line l
 WHERE q.center_id = $1 AND q.waiting > 0 AND r.center_id = $1 AND r.line_id = $2 AND r.rival_id = q.line_id
   AND l.center_id = $1 AND l.id = q.line_id LIMIT 5000;

-- :exec ticket_call_put(center_id id, id id, state_before int, desk_id id, staff_id id, calls int, called_at instant, call_reason text)
UPDATE ticket SET state = 1, desk_id = $4, staff_id = $5, calls = $6, called_at = $7, call_reason = $8, ended_at = NULL
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec ticket_recall_put(center_id id, id id, calls int, called_at instant)
UPDATE ticket SET calls = $3, called_at = $4 WHERE center_id = $1 AND id = $2 AND state = 1;

-- :exec ticket_start_put(center_id id, id id, started_at instant, wait_ms int)
UPDATE ticket SET state = 2, started_at = $3, wait_ms = $4 WHERE center_id = $1 AND id = $2 AND state = 1;

-- :exec ticket_park_put(center_id id, id id, state_before int)
UPDATE ticket SET state = 3 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec ticket_end_put(center_id id, id id, state_before int, state int, ended_at instant)
-- Finished, not come, or cancelled.
UPDATE ticket SET state = $4, ended_at = $5 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec ticket_requeue_put(center_id id, id id, state_before int, line_id id, item_id id?, item_code text, item_name text, item_name_en text, step_free flag, floor int, reason text, queued_at instant)
-- Back into a line, with its number.
UPDATE ticket SET state = 0, line_id = $4, item_id = $5, item_code = $6, item_name = $7, item_name_en = $8, step_free = $9,
       floor = $10, reason = $11, queued_at = $12, desk_id = NULL, staff_id = NULL, ended_at = NULL
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :one tickets_of_phone(center_id id, issued_on date, phone_tail text, phone_key text) -> (tickets int)
-- How many a phone took today.
SELECT COUNT(*) AS tickets FROM ticket WHERE center_id = $1 AND issued_on = $2 AND phone_tail = $3 AND phone_tail IS NOT NULL
   AND phone_key = $4 LIMIT 1;

-- :many zones_waiting(center_id id) -> (zone_id id, waiting int, work_ms int)
-- How many wait in each zone and how long serving them all takes one desk.
SELECT l.zone_id, CAST(SUM(q.waiting) AS BIGINT) AS waiting, CAST(SUM(q.waiting * l.service_ms) AS BIGINT) AS work_ms
  FROM line_queue q JOIN line l ON l.center_id = q.center_id AND l.id = q.line_id
 WHERE q.center_id = $1 AND q.waiting > 0 GROUP BY l.zone_id LIMIT 100;

-- :many zones_open(center_id id) -> (id id, code text, prefix text, name text, name_en text, floor int, sign text, colour text, desks_open int)
-- Zones with how many of their desks are open.
SELECT z.id, z.code, z.prefix, z.name, z.name_en, z.floor, z.sign, z.colour,
       (SELECT COUNT(*) FROM desk d WHERE d.center_id = z.center_id AND d.zone_id = z.id AND d.state = 1) AS desks_open
  FROM zone z WHERE z.center_id = $1 ORDER BY z.prefix LIMIT 100;

-- :many queue_differences(center_id id) -> (line_id id, class int, counted int, waiting int)
-- Lines whose count is not what stands in the tickets: must be empty at all times (checked by tests and verify).
SELECT a.line_id, a.class, a.counted, COALESCE(q.waiting, 0) AS waiting
  FROM (SELECT line_id, class, COUNT(*) AS counted FROM ticket WHERE center_id = $1 AND state = 0 GROUP BY line_id, class) a
  LEFT JOIN line_queue q ON q.center_id = $1 AND q.line_id = a.line_id AND q.class = a.class
 WHERE a.counted <> COALESCE(q.waiting, 0)
UNION ALL
SELECT q.line_id, q.class, 0 AS counted, q.waiting FROM line_queue q
 WHERE q.center_id = $1 AND q.waiting > 0
   AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.center_id = $1 AND t.line_id = q.line_id AND t.class = q.class AND t.state = 0)
 LIMIT 100;

-- :many tickets_left_over(center_id id, before_on date) -> (id id, line_id id, class int, thread id, prefix text, number int)
-- Waiting since an earlier day: nobody will call them any more.
SELECT id, line_id, class, thread, prefix, number FROM ticket
 WHERE center_id = $1 AND state = 0 AND issued_on < $2 LIMIT 500;

-- :maybe zone_policy(center_id id, zone_id id) -> (name text, first_calls int, then_calls int, patience_minutes int, recent int, changed_at instant)
-- How a zone calls; none: ageing.
SELECT name, first_calls, then_calls, patience_minutes, recent, changed_at FROM zone_policy
 WHERE center_id = $1 AND zone_id = $2 LIMIT 1;

-- :one line_order_read(center_id id, line_id id) -> (policy text, stretch_half int, stretch_most int, desk_bits bytes?, open_bits bytes?)
-- The policy of the zone a line belongs to (empty: ageing), the factors of its estimates, its desks and all open ones.
SELECT COALESCE(p.name, '') AS policy, l.stretch_half, l.stretch_most, l.desk_bits,
       (SELECT m.open_bits FROM lines_made m WHERE m.center_id = $1) AS open_bits
  FROM line l LEFT JOIN zone_policy p ON p.center_id = l.center_id AND p.zone_id = l.zone_id
 WHERE l.center_id = $1 AND l.id = $2 LIMIT 1;

-- :exec line_stretch_put(center_id id, line_id id, stretch_half int, stretch_most int)
-- What a wait has taught.
UPDATE line SET stretch_half = $3, stretch_most = $4 WHERE center_id = $1 AND id = $2;

-- :exec zone_policy_put(center_id id, zone_id id, name text, first_calls int, then_calls int, patience_minutes int, recent int, changed_at instant)
-- Another policy begins without a memory.
INSERT INTO zone_policy (center_id, zone_id, name, first_calls, then_calls, patience_minutes, recent, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (center_id, zone_id) DO UPDATE SET name = excluded.name, first_calls = excluded.first_calls,
        then_calls = excluded.then_calls, patience_minutes = excluded.patience_minutes, recent = excluded.recent,
        changed_at = excluded.changed_at;

-- :exec zone_policy_called(center_id id, zone_id id, recent int)
-- Somebody was called there.
UPDATE zone_policy SET recent = $3 WHERE center_id = $1 AND zone_id = $2;

-- :many ticket_steps(center_id id, ticket_id id) -> (position int, item_id id, item_code text, item_name text, item_name_en text, begun_at instant?)
-- What a visitor does with one number after what it was taken for.
SELECT position, item_id, item_code, item_name, item_name_en, begun_at FROM ticket_step
 WHERE center_id = $1 AND ticket_id = $2 ORDER BY position LIMIT 20;

-- :maybe ticket_step_next(center_id id, ticket_id id) -> (position int, item_id id, item_code text, item_name text, item_name_en text)
SELECT position, item_id, item_code, item_name, item_name_en FROM ticket_step
 WHERE center_id = $1 AND ticket_id = $2 AND begun_at IS NULL ORDER BY position LIMIT 1;

-- :exec ticket_step_put(center_id id, ticket_id id, position int, item_id id, item_code text, item_name text, item_name_en text, added_at instant)
INSERT INTO ticket_step (center_id, ticket_id, position, item_id, item_code, item_name, item_name_en, added_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :exec ticket_step_begin(center_id id, ticket_id id, position int, begun_at instant)
UPDATE ticket_step SET begun_at = $4 WHERE center_id = $1 AND ticket_id = $2 AND position = $3;

-- :maybe zone_quota(center_id id, zone_id id) -> (day_most int, interval_minutes int, interval_most int)
SELECT day_most, interval_minutes, interval_most FROM zone_quota WHERE center_id = $1 AND zone_id = $2 LIMIT 1;

-- :exec zone_quota_put(center_id id, zone_id id, day_most int, interval_minutes int, interval_most int, changed_at instant)
INSERT INTO zone_quota (center_id, zone_id, day_most, interval_minutes, interval_most, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, zone_id) DO UPDATE SET day_most = excluded.day_most,
        interval_minutes = excluded.interval_minutes, interval_most = excluded.interval_most,
        changed_at = excluded.changed_at;

-- :one quota_given(center_id id, zone_id id, issued_on date, from_at instant) -> (day int, lately int)
-- How many numbers a zone gave out on a day, and how many of them since an instant.
SELECT (SELECT COUNT(*) FROM ticket t WHERE t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $3) AS day,
       (SELECT COUNT(*) FROM ticket t WHERE t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $3
           AND t.issued_at >= $4) AS lately
  FROM zone z WHERE z.center_id = $1 AND z.id = $2 LIMIT 1;

-- :one ticket_numbers_lease(center_id id, zone_id id, issued_on date, count int) -> (last int)
-- So many numbers of a zone and day at once.
INSERT INTO ticket_number (center_id, zone_id, issued_on, last) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id, zone_id, issued_on) DO UPDATE SET last = ticket_number.last + $4
    RETURNING last;

-- :exec number_block_put(center_id id, id id, device_id id, zone_id id, issued_on date, first int, last int, leased_at instant)
INSERT INTO number_block (center_id, id, device_id, zone_id, issued_on, first, last, leased_at, unused)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- :many number_blocks(center_id id, device_id id, zone_id id, issued_on date) -> (id id, first int, last int, closed_at instant?)
-- What a kiosk has leased in a zone on a day, the newest first.
SELECT id, first, last, closed_at FROM number_block
 WHERE center_id = $1 AND device_id = $2 AND zone_id = $3 AND issued_on = $4 ORDER BY last DESC LIMIT 50;

-- :maybe number_block_with(center_id id, device_id id, zone_id id, issued_on date, number int) -> number_blocks
SELECT id, first, last, closed_at FROM number_block
 WHERE center_id = $1 AND device_id = $2 AND zone_id = $3 AND issued_on = $4 AND first <= $5 AND last >= $5 LIMIT 1;

-- :many number_blocks_over(center_id id, before_on date) -> (id id, device_id id, zone_id id, issued_on date, first int, last int, zone_name text)
-- Of days that have ended.
SELECT b.id, b.device_id, b.zone_id, b.issued_on, b.first, b.last, z.name AS zone_name
  FROM number_block b JOIN zone z ON z.center_id = b.center_id AND z.id = b.zone_id
 WHERE b.center_id = $1 AND b.issued_on < $2 AND b.closed_at IS NULL ORDER BY b.id LIMIT 200;

-- :one numbers_given(center_id id, zone_id id, issued_on date, first int, last int) -> (given int)
SELECT COUNT(*) AS given FROM ticket
 WHERE center_id = $1 AND zone_id = $2 AND issued_on = $3 AND number >= $4 AND number <= $5 LIMIT 1;

-- :exec number_block_close(center_id id, id id, closed_at instant, unused int)
UPDATE number_block SET closed_at = $3, unused = $4 WHERE center_id = $1 AND id = $2;

-- :exec number_block_used_late(center_id id, id id)
-- Handed in after the block was counted.
UPDATE number_block SET unused = unused - 1 WHERE center_id = $1 AND id = $2 AND closed_at IS NOT NULL AND unused > 0;

-- :maybe ticket_merged(center_id id, device_id id, local_id text) -> (ticket_id id)
SELECT ticket_id FROM ticket_merged WHERE center_id = $1 AND device_id = $2 AND local_id = $3 LIMIT 1;

-- :exec ticket_merged_put(center_id id, device_id id, local_id text, ticket_id id, merged_at instant)
INSERT INTO ticket_merged (center_id, device_id, local_id, ticket_id, merged_at) VALUES ($1, $2, $3, $4, $5);

-- :maybe ticket_with_number(center_id id, zone_id id, issued_on date, number int) -> (id id)
SELECT id FROM ticket WHERE center_id = $1 AND zone_id = $2 AND issued_on = $3 AND number = $4 LIMIT 1;
