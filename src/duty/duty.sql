-- :exec duty_post_put(center_id id, code text, name text, name_en text, place text, place_en text, floor int, is_stairs flag, is_officer flag, tiers text, from_minute int, to_minute int, place_code text, position int)
INSERT INTO duty_post (center_id, code, name, name_en, place, place_en, floor, is_stairs, is_officer, tiers, from_minute, to_minute, place_code, position)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, place = excluded.place,
        place_en = excluded.place_en, floor = excluded.floor, is_stairs = excluded.is_stairs, is_officer = excluded.is_officer,
        tiers = excluded.tiers, from_minute = excluded.from_minute, to_minute = excluded.to_minute,
        place_code = excluded.place_code, position = excluded.position;

-- :many duty_posts(center_id id) -> (code text, name text, name_en text, place text, place_en text, floor int, is_stairs flag, is_officer flag, tiers text, from_minute int, to_minute int, place_code text)
SELECT code, name, name_en, place, place_en, floor, is_stairs, is_officer, tiers, from_minute, to_minute, place_code
  FROM duty_post WHERE center_id = $1 ORDER BY position, code LIMIT 40;

-- :exec duty_person_put(center_id id, staff_id id, tier text)
INSERT INTO duty_person (center_id, staff_id, tier) VALUES ($1, $2, $3)
    ON CONFLICT (center_id, staff_id) DO UPDATE SET tier = excluded.tier;

-- :many duty_people(center_id id) -> (staff_id id, login text, name text, name_en text, tier text, last_on date?)
-- Who takes part, with the day of his last duty.
SELECT p.staff_id, s.login, s.name, s.name_en, p.tier,
       (SELECT MAX(d.duty_on) FROM duty_slot d WHERE d.center_id = p.center_id AND d.staff_id = p.staff_id) AS last_on
  FROM duty_person p JOIN staff s ON s.center_id = p.center_id AND s.id = p.staff_id
 WHERE p.center_id = $1 AND s.is_active = 1 ORDER BY s.login LIMIT 500;

-- :maybe duty_staff(center_id id, login text) -> (id id, name text)
SELECT id, name FROM staff WHERE center_id = $1 AND login = $2 LIMIT 1;

-- :exec duty_slot_add(center_id id, id id, duty_on date, post text, staff_id id?, staff_name text, reason text, times int)
INSERT INTO duty_slot (center_id, id, duty_on, post, staff_id, staff_name, reason, times, record)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '');

-- :maybe duty_slot(center_id id, id id) -> (id id, duty_on date, post text, staff_id id?, staff_name text, reason text, times int, checked_at instant?, told_at instant?, record text, recorded_at instant?)
SELECT id, duty_on, post, staff_id, staff_name, reason, times, checked_at, told_at, record, recorded_at
  FROM duty_slot WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many duty_slots(center_id id, from_on date, to_on date) -> duty_slot
SELECT id, duty_on, post, staff_id, staff_name, reason, times, checked_at, told_at, record, recorded_at
  FROM duty_slot WHERE center_id = $1 AND duty_on >= $2 AND duty_on <= $3 ORDER BY duty_on, post LIMIT 2000;

-- :many duty_slots_of(center_id id, staff_id id, from_on date, to_on date) -> duty_slot
SELECT id, duty_on, post, staff_id, staff_name, reason, times, checked_at, told_at, record, recorded_at
  FROM duty_slot WHERE center_id = $1 AND staff_id = $2 AND duty_on >= $3 AND duty_on <= $4 ORDER BY duty_on LIMIT 100;

-- :exec duty_slots_clear(center_id id, from_on date, to_on date)
-- What nobody has come for yet is planned anew.
DELETE FROM duty_slot WHERE center_id = $1 AND duty_on >= $2 AND duty_on <= $3 AND checked_at IS NULL;

-- :exec duty_slot_give(center_id id, id id, staff_id id?, staff_name text, reason text, times int)
UPDATE duty_slot SET staff_id = $3, staff_name = $4, reason = $5, times = $6, told_at = NULL
 WHERE center_id = $1 AND id = $2 AND checked_at IS NULL;

-- :exec duty_slot_check(center_id id, id id, checked_at instant)
UPDATE duty_slot SET checked_at = $3 WHERE center_id = $1 AND id = $2 AND checked_at IS NULL;

-- :exec duty_slot_tell(center_id id, id id, told_at instant)
UPDATE duty_slot SET told_at = $3 WHERE center_id = $1 AND id = $2 AND told_at IS NULL;

-- :exec duty_slot_record(center_id id, id id, record text, recorded_at instant)
UPDATE duty_slot SET record = $3, recorded_at = $4 WHERE center_id = $1 AND id = $2;

-- :exec duty_leave_add(center_id id, id id, staff_id id, from_on date, to_on date, why text, asked_at instant)
INSERT INTO duty_leave (center_id, id, staff_id, from_on, to_on, why, state, asked_at, answered_by)
    VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '');

-- :maybe duty_leave(center_id id, id id) -> (id id, staff_id id, name text, from_on date, to_on date, why text, state int, answered_by text)
SELECT l.id, l.staff_id, s.name, l.from_on, l.to_on, l.why, l.state, l.answered_by
  FROM duty_leave l JOIN staff s ON s.center_id = l.center_id AND s.id = l.staff_id
 WHERE l.center_id = $1 AND l.id = $2 LIMIT 1;

-- :many duty_leaves(center_id id, from_on date) -> duty_leave
-- Leave that ends on or after a day.
SELECT l.id, l.staff_id, s.name, l.from_on, l.to_on, l.why, l.state, l.answered_by
  FROM duty_leave l JOIN staff s ON s.center_id = l.center_id AND s.id = l.staff_id
 WHERE l.center_id = $1 AND l.to_on >= $2 ORDER BY l.from_on, l.id LIMIT 500;

-- :exec duty_leave_answer(center_id id, id id, state int, answered_at instant, answered_by text)
UPDATE duty_leave SET state = $3, answered_at = $4, answered_by = $5 WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec duty_swap_add(center_id id, id id, slot_id id, with_slot_id id?, asker_id id, other_id id, note text, asked_at instant)
INSERT INTO duty_swap (center_id, id, slot_id, with_slot_id, asker_id, other_id, note, state, asked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8);

-- :maybe duty_swap(center_id id, id id) -> (id id, slot_id id, with_slot_id id?, asker_id id, other_id id, asker text, other text, note text, state int, asked_at instant, answered_at instant?)
SELECT w.id, w.slot_id, w.with_slot_id, w.asker_id, w.other_id, a.name AS asker, b.name AS other, w.note, w.state, w.asked_at, w.answered_at
  FROM duty_swap w JOIN staff a ON a.center_id = w.center_id AND a.id = w.asker_id
  JOIN staff b ON b.center_id = w.center_id AND b.id = w.other_id
 WHERE w.center_id = $1 AND w.id = $2 LIMIT 1;

-- :many duty_swaps_of(center_id id, staff_id id, since instant) -> duty_swap
-- Asked by him or of him, the newest first.
SELECT w.id, w.slot_id, w.with_slot_id, w.asker_id, w.other_id, a.name AS asker, b.name AS other, w.note, w.state, w.asked_at, w.answered_at
  FROM duty_swap w JOIN staff a ON a.center_id = w.center_id AND a.id = w.asker_id
  JOIN staff b ON b.center_id = w.center_id AND b.id = w.other_id
 WHERE w.center_id = $1 AND (w.asker_id = $2 OR w.other_id = $2) AND w.asked_at > $3 ORDER BY w.asked_at DESC, w.id DESC LIMIT 20;

-- :exec duty_swap_answer(center_id id, id id, state int, answered_at instant)
UPDATE duty_swap SET state = $3, answered_at = $4 WHERE center_id = $1 AND id = $2 AND state = 0;

-- :exec duty_pair_put(center_id id, code text, name text, desk_code text, a_id id, b_id id)
INSERT INTO duty_pair (center_id, code, name, desk_code, a_id, b_id) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, desk_code = excluded.desk_code, a_id = excluded.a_id,
        b_id = excluded.b_id;

-- :many duty_pairs(center_id id, duty_on date) -> (code text, name text, desk_code text, a_id id, b_id id, a_name text, b_name text, a_away text?, b_away text?)
-- Pairs with why each of the two is away now: on leave today, or gone for a while.
SELECT p.code, p.name, p.desk_code, p.a_id, p.b_id, a.name AS a_name, b.name AS b_name,
       COALESCE((SELECT MIN(w.why) FROM duty_away w WHERE w.center_id = p.center_id AND w.staff_id = p.a_id AND w.back_at IS NULL),
                (SELECT MIN(l.why) FROM duty_leave l WHERE l.center_id = p.center_id AND l.staff_id = p.a_id AND l.to_on >= $2 AND l.from_on <= $2 AND l.state = 1)) AS a_away,
       COALESCE((SELECT MIN(w.why) FROM duty_away w WHERE w.center_id = p.center_id AND w.staff_id = p.b_id AND w.back_at IS NULL),
                (SELECT MIN(l.why) FROM duty_leave l WHERE l.center_id = p.center_id AND l.staff_id = p.b_id AND l.to_on >= $2 AND l.from_on <= $2 AND l.state = 1)) AS b_away
  FROM duty_pair p JOIN staff a ON a.center_id = p.center_id AND a.id = p.a_id
  JOIN staff b ON b.center_id = p.center_id AND b.id = p.b_id
 WHERE p.center_id = $1 ORDER BY p.code LIMIT 300;

-- :maybe duty_away(center_id id, staff_id id) -> (id id, why text, from_at instant)
SELECT id, why, from_at FROM duty_away WHERE center_id = $1 AND staff_id = $2 AND back_at IS NULL LIMIT 1;

-- :exec duty_away_add(center_id id, id id, staff_id id, why text, from_at instant)
INSERT INTO duty_away (center_id, id, staff_id, why, from_at) VALUES ($1, $2, $3, $4, $5);

-- :exec duty_away_end(center_id id, staff_id id, back_at instant)
UPDATE duty_away SET back_at = $3 WHERE center_id = $1 AND staff_id = $2 AND back_at IS NULL;

-- :exec duty_report_add(center_id id, id id, token text, kind text, what text, who text, phone_sealed bytes?, desk_code text, by_staff text, officer text, opened_at instant, due_at instant)
INSERT INTO duty_report (center_id, id, token, kind, what, who, phone_sealed, desk_code, by_staff, officer, opened_at, due_at, outcome, answer, answered_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '');

-- :maybe duty_report(center_id id, id id) -> (id id, token text, kind text, what text, who text, phone_sealed bytes?, desk_code text, by_staff text, officer text, opened_at instant, due_at instant, escalated_at instant?, outcome text, answer text, answered_at instant?, answered_by text)
SELECT id, token, kind, what, who, phone_sealed, desk_code, by_staff, officer, opened_at, due_at, escalated_at, outcome, answer, answered_at, answered_by
  FROM duty_report WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe duty_report_by_token(center_id id, token text) -> duty_report
SELECT id, token, kind, what, who, phone_sealed, desk_code, by_staff, officer, opened_at, due_at, escalated_at, outcome, answer, answered_at, answered_by
  FROM duty_report WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :many duty_reports_open(center_id id) -> duty_report
SELECT id, token, kind, what, who, phone_sealed, desk_code, by_staff, officer, opened_at, due_at, escalated_at, outcome, answer, answered_at, answered_by
  FROM duty_report WHERE center_id = $1 AND answered_at IS NULL ORDER BY due_at LIMIT 100;

-- :many duty_reports_since(center_id id, since instant) -> duty_report
SELECT id, token, kind, what, who, phone_sealed, desk_code, by_staff, officer, opened_at, due_at, escalated_at, outcome, answer, answered_at, answered_by
  FROM duty_report WHERE center_id = $1 AND opened_at >= $2 ORDER BY opened_at DESC LIMIT 100;

-- :exec duty_report_escalate(center_id id, id id, escalated_at instant)
UPDATE duty_report SET escalated_at = $3 WHERE center_id = $1 AND id = $2 AND escalated_at IS NULL;

-- :exec duty_report_answer(center_id id, id id, outcome text, answer text, answered_at instant, answered_by text)
UPDATE duty_report SET outcome = $3, answer = $4, answered_at = $5, answered_by = $6
 WHERE center_id = $1 AND id = $2 AND answered_at IS NULL;
