-- Statements of cases that take longer than a visit: correction, stops, extension, steps, claims, rules.

-- :exec casefile_organ_put(center_id id, id id, organ text)
UPDATE casefile SET organ = $3 WHERE center_id = $1 AND id = $2;

-- :exec casefile_corrected(center_id id, id id, corrected_at instant)
UPDATE casefile SET corrected_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec casefile_correction_add(center_id id, case_id id, told_at instant, papers text, opinion text, answer_by date?, staff_id id?)
INSERT INTO casefile_correction (center_id, case_id, told_at, papers, opinion, answer_by, staff_id) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- :maybe casefile_correction(center_id id, case_id id) -> (told_at instant, papers text, opinion text, answer_by date?, supplied_at instant?)
SELECT told_at, papers, opinion, answer_by, supplied_at FROM casefile_correction WHERE center_id = $1 AND case_id = $2 LIMIT 1;

-- :exec casefile_correction_supplied(center_id id, case_id id, supplied_at instant)
UPDATE casefile_correction SET supplied_at = $3 WHERE center_id = $1 AND case_id = $2;

-- :exec casefile_deemed(center_id id, id id, deemed_at instant)
UPDATE casefile SET deemed_at = $3 WHERE center_id = $1 AND id = $2;

-- :exec casefile_stop_add(center_id id, case_id id, position int, kind text, days int, unit text, basis text, approver text, begun_at instant, staff_id id?)
INSERT INTO casefile_stop (center_id, case_id, position, kind, days, unit, basis, approver, begun_at, outcome, staff_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10);

-- :exec casefile_stop_end(center_id id, case_id id, ended_at instant, outcome text)
UPDATE casefile_stop SET ended_at = $3, outcome = $4 WHERE center_id = $1 AND case_id = $2 AND ended_at IS NULL;

-- :many casefile_stops(center_id id, case_id id) -> (position int, kind text, days int, unit text, basis text, approver text, begun_at instant, ended_at instant?, outcome text)
SELECT position, kind, days, unit, basis, approver, begun_at, ended_at, outcome
  FROM casefile_stop WHERE center_id = $1 AND case_id = $2 ORDER BY position LIMIT 100;

-- :exec casefile_stops_put(center_id id, id id, stops int)
UPDATE casefile SET stops = $3 WHERE center_id = $1 AND id = $2;

-- :exec casefile_extension_add(center_id id, case_id id, days int, reason text, approver text, extended_at instant, due_before date?, due_after date?, staff_id id?)
INSERT INTO casefile_extension (center_id, case_id, days, reason, approver, extended_at, due_before, due_after, staff_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- :maybe casefile_extension(center_id id, case_id id) -> (days int, reason text, approver text, extended_at instant, due_before date?, due_after date?)
SELECT days, reason, approver, extended_at, due_before, due_after FROM casefile_extension WHERE center_id = $1 AND case_id = $2 LIMIT 1;

-- :exec casefile_extended(center_id id, id id, extended_days int)
UPDATE casefile SET extended_days = $3 WHERE center_id = $1 AND id = $2;

-- :exec casefile_dues_put(center_id id, id id, due_on date?, legal_due_on date?)
UPDATE casefile SET due_on = $3, legal_due_on = $4 WHERE center_id = $1 AND id = $2;

-- :exec casefile_stage_put(center_id id, id id, stage int, reviewed_by id?)
UPDATE casefile SET stage = $3, reviewed_by = $4 WHERE center_id = $1 AND id = $2;

-- :exec casefile_step_add(center_id id, case_id id, position int, step text, action text, opinion text, staff_id id, staff_name text, begun_at instant, ended_at instant)
INSERT INTO casefile_step (center_id, case_id, position, step, action, opinion, staff_id, staff_name, begun_at, ended_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- :many casefile_steps(center_id id, case_id id) -> (position int, step text, action text, opinion text, staff_id id, staff_name text, begun_at instant, ended_at instant)
SELECT position, step, action, opinion, staff_id, staff_name, begun_at, ended_at
  FROM casefile_step WHERE center_id = $1 AND case_id = $2 ORDER BY position LIMIT 100;

-- :exec casefile_claim(center_id id, id id, staff_id id, claimed_at instant, before instant)
-- Nothing changes when somebody else has it and took it after `before`.
UPDATE casefile SET claimed_by = $3, claimed_at = $4
 WHERE center_id = $1 AND id = $2 AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_at IS NULL OR claimed_at < $5);

-- :exec casefile_unclaim(center_id id, id id)
UPDATE casefile SET claimed_by = NULL, claimed_at = NULL WHERE center_id = $1 AND id = $2;

-- :maybe case_rule(center_id id, item_id id) -> (mode text, two_persons flag, has_approval flag, correction_days int, review_days int, approve_days int, decide_days int, state text, source text)
SELECT mode, two_persons, has_approval, correction_days, review_days, approve_days, decide_days, state, source
  FROM case_rule WHERE center_id = $1 AND item_id = $2 LIMIT 1;

-- :exec case_rule_put(center_id id, item_id id, mode text, two_persons flag, has_approval flag, correction_days int, review_days int, approve_days int, decide_days int, state text, source text)
INSERT INTO case_rule (center_id, item_id, mode, two_persons, has_approval, correction_days, review_days, approve_days, decide_days, state, source)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (center_id, item_id) DO UPDATE SET mode = excluded.mode, two_persons = excluded.two_persons,
        has_approval = excluded.has_approval, correction_days = excluded.correction_days, review_days = excluded.review_days,
        approve_days = excluded.approve_days, decide_days = excluded.decide_days, state = excluded.state, source = excluded.source;

-- :many casefiles_unanswered(center_id id, received_before instant) -> (number text)
-- Received, and nobody told the applicant anything.
SELECT number FROM casefile
 WHERE center_id = $1 AND closed_at IS NULL AND state = 0 AND corrected_at IS NULL AND received_at < $2 ORDER BY received_at, id LIMIT 100;

-- :many corrections_over(center_id id, today date) -> (number text)
-- Notices whose day has passed without an answer.
SELECT k.number FROM casefile_correction x JOIN casefile k ON k.center_id = x.center_id AND k.id = x.case_id
 WHERE x.center_id = $1 AND x.supplied_at IS NULL AND x.answer_by IS NOT NULL AND x.answer_by < $2 AND k.state = 8 AND k.closed_at IS NULL
 ORDER BY x.answer_by LIMIT 100;

-- :many casefiles_running_after(center_id id, after_id id) -> (id id, number text)
-- Accepted and not decided, in order of id. id + 0: by the index of what is open, never through the closed ones.
SELECT id, number FROM casefile
 WHERE center_id = $1 AND closed_at IS NULL AND state IN (1, 9, 10) AND id + 0 > $2 ORDER BY id + 0 LIMIT 100;

-- :maybe casefile_recount(center_id id) -> (version int, doing int, after_id id)
SELECT version, doing, after_id FROM casefile_recount WHERE center_id = $1 LIMIT 1;

-- :exec casefile_recount_put(center_id id, version int, doing int, after_id id)
INSERT INTO casefile_recount (center_id, version, doing, after_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (center_id) DO UPDATE SET version = excluded.version, doing = excluded.doing, after_id = excluded.after_id;

-- :many review_lines(center_id id, step int, staff_id id, skip int) -> (number text, item_name text, item_name_en text, applicant_name text, state int, stage int, has_approval int, accepted_at instant?, due_on date?, legal_due_on date?, claimed_by id?, claimed_at instant?, claimer text?, claimer_en text?)
-- What waits in the back office, due first. step: 0 all, 1 review, 2 approve, 3 decide, 4 a special procedure runs; staff_id: who claimed it, 0 anybody.
SELECT k.number, i.name AS item_name, i.name_en AS item_name_en, k.applicant_name, k.state, coalesce(k.stage, 0) AS stage,
       coalesce(r.has_approval, 0) AS has_approval, k.accepted_at, k.due_on, k.legal_due_on, k.claimed_by, k.claimed_at,
       s.name AS claimer, s.name_en AS claimer_en
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
  LEFT JOIN case_rule r ON r.center_id = k.center_id AND r.item_id = k.item_id
  LEFT JOIN staff s ON s.center_id = k.center_id AND s.id = k.claimed_by
 WHERE k.center_id = $1 AND k.closed_at IS NULL AND k.state IN (1, 9, 10) AND (k.is_immediate = 0 OR k.state <> 1)
   AND ($2 = 0 OR $2 = CASE WHEN k.state = 10 THEN 4 WHEN coalesce(k.stage, 0) = 0 THEN 1
                            WHEN coalesce(k.stage, 0) = 1 AND coalesce(r.has_approval, 0) = 1 THEN 2 ELSE 3 END)
   AND ($3 = 0 OR k.claimed_by = $3)
 ORDER BY coalesce(k.due_on, 99991231), k.id LIMIT 50 OFFSET $4;
