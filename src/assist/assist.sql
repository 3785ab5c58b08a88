-- :exec assist_add(center_id id, id id, token text, thread id, kind text, place_from text, place_to text, what text, who text, phone_sealed bytes?, requested_at instant, source text, floor int, skills text, wanted_at instant?)
INSERT INTO assist (center_id, id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, requested_at, source, floor, skills, wanted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15);

-- :maybe assist(center_id id, id id) -> (id id, token text, thread id, kind text, place_from text, place_to text, what text, who text, phone_sealed bytes?, state int, helper_id id?, helper_name text?, requested_at instant, accepted_at instant?, arrived_at instant?, ended_at instant?, escalated_at instant?, source text, floor int, skills text, wanted_at instant?, told int, told_at instant?, offered_id id?, offered_name text, grade int?, grade_text text, graded_at instant?)
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe assist_by_token(center_id id, token text) -> assist
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe assist_of_helper(center_id id, helper_id id) -> assist
-- What a helper is doing now.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND helper_id = $2 AND state IN (1, 2) LIMIT 1;

-- :many assists_open(center_id id) -> assist
-- Everything not finished, the longest waiting first.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND state < 3 ORDER BY requested_at, id LIMIT 200;

-- :many assists_of_thread(center_id id, thread id) -> assist
-- Of one visit, the newest first.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND thread = $2 AND thread <> 0 ORDER BY requested_at DESC, id DESC LIMIT 20;

-- :many assists_unheard(center_id id) -> assist
-- Nobody has taken them yet.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND state = 0 AND state < 3 ORDER BY requested_at, id LIMIT 200;

-- :exec assist_move(center_id id, id id, state_before int, state int, helper_id id?, helper_name text?, accepted_at instant?, arrived_at instant?, ended_at instant?)
-- One step; nothing changes when somebody was faster.
UPDATE assist SET state = $4, helper_id = $5, helper_name = $6, accepted_at = $7, arrived_at = $8, ended_at = $9
 WHERE center_id = $1 AND id = $2 AND state = $3;

-- :exec assist_tell(center_id id, id id, told int, told_at instant, offered_id id?, offered_name text, escalated_at instant?)
-- Who has been told; it only rises.
UPDATE assist SET told = $3, told_at = $4, offered_id = $5, offered_name = $6, escalated_at = $7
 WHERE center_id = $1 AND id = $2 AND told < $3;

-- :exec assist_grade(center_id id, id id, grade int, grade_text text, graded_at instant)
UPDATE assist SET grade = $3, grade_text = $4, graded_at = $5 WHERE center_id = $1 AND id = $2 AND grade IS NULL;

-- :many assists_between(center_id id, from_at instant, to_at instant) -> assist
-- For the manager: what was asked for in a stretch of time, the newest first.
SELECT id, token, thread, kind, place_from, place_to, what, who, phone_sealed, state, helper_id, helper_name, requested_at,
       accepted_at, arrived_at, ended_at, escalated_at, source, floor, skills, wanted_at, told, told_at, offered_id, offered_name,
       grade, grade_text, graded_at
  FROM assist WHERE center_id = $1 AND requested_at >= $2 AND requested_at < $3 ORDER BY requested_at DESC, id DESC LIMIT 500;

-- :many helpers_state(center_id id) -> (staff_id id, name text, name_en text, floor int, on_at instant, busy int, last_at instant?)
-- Helpers on duty, whether each helps somebody, and when he last had done so.
SELECT h.staff_id, s.name, s.name_en, h.floor, h.on_at,
       CASE WHEN EXISTS (SELECT 1 FROM assist a WHERE a.center_id = h.center_id AND a.helper_id = h.staff_id AND a.state IN (1, 2))
            THEN 1 ELSE 0 END AS busy,
       (SELECT MAX(a.ended_at) FROM assist a WHERE a.center_id = h.center_id AND a.helper_id = h.staff_id AND a.ended_at IS NOT NULL) AS last_at
  FROM helper_shift h JOIN staff s ON s.center_id = h.center_id AND s.id = h.staff_id
 WHERE h.center_id = $1 AND h.off_at IS NULL ORDER BY h.staff_id LIMIT 200;

-- :many helper_skills_on(center_id id) -> (staff_id id, skill text)
-- What the helpers on duty can do.
SELECT k.staff_id, k.skill FROM helper_skill k
 WHERE k.center_id = $1
   AND EXISTS (SELECT 1 FROM helper_shift h WHERE h.center_id = k.center_id AND h.staff_id = k.staff_id AND h.off_at IS NULL)
 ORDER BY k.staff_id, k.skill LIMIT 2000;

-- :many helper_skills_of(center_id id, staff_id id) -> helper_skills_on
SELECT staff_id, skill FROM helper_skill WHERE center_id = $1 AND staff_id = $2 ORDER BY skill LIMIT 50;

-- :exec helper_skill_put(center_id id, staff_id id, skill text)
INSERT INTO helper_skill (center_id, staff_id, skill) VALUES ($1, $2, $3) ON CONFLICT (center_id, staff_id, skill) DO NOTHING;

-- :exec help_skill_put(center_id id, code text, name text, name_en text, kinds text, position int)
INSERT INTO help_skill (center_id, code, name, name_en, kinds, position) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kinds = excluded.kinds,
        position = excluded.position;

-- :many help_skill_rows(center_id id) -> (code text, name text, name_en text, kinds text)
SELECT code, name, name_en, kinds FROM help_skill WHERE center_id = $1 ORDER BY position, code LIMIT 50;

-- :exec assist_paper_add(center_id id, id id, assist_id id, what text, purpose text, whose text, handed_at instant, handed_to text)
INSERT INTO assist_paper (center_id, id, assist_id, what, purpose, whose, handed_at, handed_to)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :maybe assist_paper(center_id id, id id) -> (id id, assist_id id, what text, purpose text, whose text, handed_at instant, handed_to text, returned_at instant?, returned_by text?)
SELECT id, assist_id, what, purpose, whose, handed_at, handed_to, returned_at, returned_by FROM assist_paper
 WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :many assist_papers_of(center_id id, assist_id id) -> assist_paper
SELECT id, assist_id, what, purpose, whose, handed_at, handed_to, returned_at, returned_by FROM assist_paper
 WHERE center_id = $1 AND assist_id = $2 ORDER BY handed_at, id LIMIT 50;

-- :exec assist_paper_return(center_id id, id id, returned_at instant, returned_by text)
UPDATE assist_paper SET returned_at = $3, returned_by = $4 WHERE center_id = $1 AND id = $2 AND returned_at IS NULL;

-- :one assist_papers_out(center_id id, assist_id id) -> (papers int)
-- How many are not back yet.
SELECT COUNT(*) AS papers FROM assist_paper WHERE center_id = $1 AND assist_id = $2 AND returned_at IS NULL LIMIT 1;

-- :maybe assist_staff(center_id id, login text) -> (id id)
SELECT id FROM staff WHERE center_id = $1 AND login = $2 LIMIT 1;

-- :maybe assist_visit(center_id id, token text) -> (thread id)
-- The visit of a ticket's token, so that help asked for with it stands in the same story.
SELECT thread FROM ticket WHERE center_id = $1 AND token = $2 LIMIT 1;

-- :maybe helper_shift(center_id id, staff_id id) -> (id id, floor int, on_at instant)
-- The shift a helper is on.
SELECT id, floor, on_at FROM helper_shift WHERE center_id = $1 AND staff_id = $2 AND off_at IS NULL LIMIT 1;

-- :exec helper_shift_add(center_id id, id id, staff_id id, floor int, on_at instant)
INSERT INTO helper_shift (center_id, id, staff_id, floor, on_at) VALUES ($1, $2, $3, $4, $5);

-- :exec helper_shift_end(center_id id, staff_id id, off_at instant)
UPDATE helper_shift SET off_at = $3 WHERE center_id = $1 AND staff_id = $2 AND off_at IS NULL;

-- :one helpers_on(center_id id) -> (helpers int)
-- How many helpers are on duty.
SELECT COUNT(*) AS helpers FROM helper_shift WHERE center_id = $1 AND off_at IS NULL LIMIT 1;
