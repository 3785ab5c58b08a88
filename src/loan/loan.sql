-- :maybe thing_by_code(center_id id, code text) -> (id id, code text, name text, name_en text, kind text, place text, place_en text)
SELECT id, code, name, name_en, kind, place, place_en FROM thing
 WHERE center_id = $1 AND code = $2 AND is_usable = 1 AND lendable = 1 LIMIT 1;

-- :maybe thing_free_of_kind(center_id id, kind text, from_half int, to_half int) -> thing_by_code
-- Any free thing of a kind that nobody is promised in these half hours.
SELECT t.id, t.code, t.name, t.name_en, t.kind, t.place, t.place_en FROM thing t
 WHERE t.center_id = $1 AND t.kind = $2 AND t.is_usable = 1 AND t.lendable = 1
   AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.center_id = t.center_id AND l.thing_id = t.id AND l.returned_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM thing_hold h WHERE h.center_id = t.center_id AND h.thing_id = t.id
                      AND h.half_hour >= $3 AND h.half_hour <= $4)
 ORDER BY t.code LIMIT 1;

-- :maybe thing_by_id(center_id id, id id) -> thing_by_code
SELECT id, code, name, name_en, kind, place, place_en FROM thing
 WHERE center_id = $1 AND id = $2 AND is_usable = 1 LIMIT 1;

-- :many things_with_state(center_id id) -> (code text, name text, name_en text, kind text, place text, place_en text, open_loan id?)
-- Everything that can be lent, with the loan that has it now.
SELECT t.code, t.name, t.name_en, t.kind, t.place, t.place_en, l.id AS open_loan FROM thing t
  LEFT JOIN loan l ON l.center_id = t.center_id AND l.thing_id = t.id AND l.returned_at IS NULL
 WHERE t.center_id = $1 AND t.is_usable = 1 AND t.lendable = 1 ORDER BY t.kind, t.code LIMIT 1000;

-- :exec loan_add(center_id id, id id, token text, thing_id id, thread id, borrower text, phone_sealed bytes?, lent_at instant, due_at instant, lent_by id, note text)
INSERT INTO loan (center_id, id, token, thing_id, thread, borrower, phone_sealed, lent_at, due_at, lent_by, returned_at, returned_to, note)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL, $11);

-- :maybe loan(center_id id, id id) -> (id id, token text, thread id, borrower text, lent_at instant, due_at instant, returned_at instant?, code text, name text, name_en text, reminders int, phone_sealed bytes?)
SELECT l.id, l.token, l.thread, l.borrower, l.lent_at, l.due_at, l.returned_at, t.code, t.name, t.name_en, l.reminders, l.phone_sealed
  FROM loan l JOIN thing t ON t.center_id = l.center_id AND t.id = l.thing_id
 WHERE l.center_id = $1 AND l.id = $2 LIMIT 1;

-- :many loans_open(center_id id) -> loan
-- Out now, the longest first.
SELECT l.id, l.token, l.thread, l.borrower, l.lent_at, l.due_at, l.returned_at, t.code, t.name, t.name_en, l.reminders, l.phone_sealed
  FROM loan l JOIN thing t ON t.center_id = l.center_id AND t.id = l.thing_id
 WHERE l.center_id = $1 AND l.returned_at IS NULL ORDER BY l.lent_at LIMIT 200;

-- :many loans_late(center_id id, now instant, reminded_before instant, most int) -> loan
-- Late, still out, and nobody was reminded of it lately or too often.
SELECT l.id, l.token, l.thread, l.borrower, l.lent_at, l.due_at, l.returned_at, t.code, t.name, t.name_en, l.reminders, l.phone_sealed
  FROM loan l JOIN thing t ON t.center_id = l.center_id AND t.id = l.thing_id
 WHERE l.center_id = $1 AND l.returned_at IS NULL AND l.due_at <= $2 AND l.reminders < $4
   AND (l.reminded_at IS NULL OR l.reminded_at <= $3) ORDER BY l.due_at LIMIT 200;

-- :exec loan_reminded(center_id id, id id, reminded_at instant)
UPDATE loan SET reminders = reminders + 1, reminded_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec loan_return(center_id id, id id, returned_at instant, returned_to id)
UPDATE loan SET returned_at = $3, returned_to = $4 WHERE center_id = $1 AND id = $2 AND returned_at IS NULL;
