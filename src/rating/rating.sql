-- :exec rating_add(center_id id, id id, thread id, ticket_id id?, case_id id?, scheme text, grade int, tags text, body text, is_anonymous flag, channel text, desk_id id?, staff_id id?, given_at instant)
INSERT INTO rating (center_id, id, thread, ticket_id, case_id, scheme, grade, tags, body, is_anonymous, channel, desk_id, staff_id, given_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- :maybe rating(center_id id, id id) -> (id id, thread id, ticket_id id?, case_id id?, scheme text, grade int, tags text, body text, is_anonymous flag, channel text, given_at instant, desk_code text?, prefix text?, number int?)
SELECT r.id, r.thread, r.ticket_id, r.case_id, r.scheme, r.grade, r.tags, r.body, r.is_anonymous, r.channel, r.given_at,
       d.code AS desk_code, t.prefix, t.number
  FROM rating r LEFT JOIN desk d ON d.center_id = r.center_id AND d.id = r.desk_id
  LEFT JOIN ticket t ON t.center_id = r.center_id AND t.id = r.ticket_id
 WHERE r.center_id = $1 AND r.id = $2 LIMIT 1;

-- :maybe rating_of_ticket(center_id id, ticket_id id) -> rating
SELECT r.id, r.thread, r.ticket_id, r.case_id, r.scheme, r.grade, r.tags, r.body, r.is_anonymous, r.channel, r.given_at,
       d.code AS desk_code, t.prefix, t.number
  FROM rating r LEFT JOIN desk d ON d.center_id = r.center_id AND d.id = r.desk_id
  LEFT JOIN ticket t ON t.center_id = r.center_id AND t.id = r.ticket_id
 WHERE r.center_id = $1 AND r.ticket_id = $2 AND r.ticket_id IS NOT NULL LIMIT 1;

-- :maybe rating_of_case(center_id id, case_id id) -> rating
SELECT r.id, r.thread, r.ticket_id, r.case_id, r.scheme, r.grade, r.tags, r.body, r.is_anonymous, r.channel, r.given_at,
       d.code AS desk_code, t.prefix, t.number
  FROM rating r LEFT JOIN desk d ON d.center_id = r.center_id AND d.id = r.desk_id
  LEFT JOIN ticket t ON t.center_id = r.center_id AND t.id = r.ticket_id
 WHERE r.center_id = $1 AND r.case_id = $2 AND r.case_id IS NOT NULL LIMIT 1;

-- :many ratings_recent(center_id id, skip int) -> rating
-- The newest first.
SELECT r.id, r.thread, r.ticket_id, r.case_id, r.scheme, r.grade, r.tags, r.body, r.is_anonymous, r.channel, r.given_at,
       d.code AS desk_code, t.prefix, t.number
  FROM rating r LEFT JOIN desk d ON d.center_id = r.center_id AND d.id = r.desk_id
  LEFT JOIN ticket t ON t.center_id = r.center_id AND t.id = r.ticket_id
 WHERE r.center_id = $1 ORDER BY r.given_at DESC, r.id DESC LIMIT 50 OFFSET $2;

-- :exec rating_more(center_id id, id id, tags text, body text, is_anonymous flag)
-- Labels and words after the grade; only once.
UPDATE rating SET tags = $3, body = $4, is_anonymous = $5 WHERE center_id = $1 AND id = $2 AND tags = '' AND body = '';

-- :maybe ticket_just_finished(center_id id, desk_id id, ended_after instant) -> (id id, prefix text, number int, ended_at instant)
-- What a window finished last.
SELECT id, prefix, number, ended_at FROM ticket
 WHERE center_id = $1 AND desk_id = $2 AND state = 4 AND ended_at >= $3 ORDER BY ended_at DESC, id DESC LIMIT 1;

-- :many rating_labels(scheme text, grade int) -> (code text, grade int, name text, name_en text)
SELECT code, grade, name, name_en FROM rating_label WHERE scheme = $1 AND grade = $2 AND is_used = 1 ORDER BY code LIMIT 50;

-- :exec rating_label_put(scheme text, code text, grade int, name text, name_en text, is_used flag, source text)
INSERT INTO rating_label (scheme, code, grade, name, name_en, is_used, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (scheme, code) DO UPDATE SET grade = excluded.grade, name = excluded.name, name_en = excluded.name_en,
        is_used = excluded.is_used, source = excluded.source;
