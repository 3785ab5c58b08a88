-- Statements of the displays.

-- :many calls_recent(center_id id, after_at instant) -> (id id, prefix text, number int, desk_code text, desk_floor int, called_at instant, calls int, zone_code text, state int)
-- The last calls of the hall: called, being served, finished, not come.
SELECT t.id, t.prefix, t.number, d.code AS desk_code, d.floor AS desk_floor, t.called_at, t.calls, z.code AS zone_code, t.state
  FROM ticket t JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
  JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
 WHERE t.center_id = $1 AND t.called_at IS NOT NULL AND t.called_at > $2 AND t.state IN (1, 2, 4, 5)
 ORDER BY t.called_at DESC, t.id DESC LIMIT 80;

-- :many calls_recent_of_zone(center_id id, after_at instant, zone_id id) -> calls_recent
-- The last calls of a zone.
SELECT t.id, t.prefix, t.number, d.code AS desk_code, d.floor AS desk_floor, t.called_at, t.calls, z.code AS zone_code, t.state
  FROM ticket t JOIN desk d ON d.center_id = t.center_id AND d.id = t.desk_id
  JOIN line l ON l.center_id = t.center_id AND l.id = t.line_id
  JOIN zone z ON z.center_id = l.center_id AND z.id = l.zone_id
 WHERE t.center_id = $1 AND t.called_at IS NOT NULL AND t.called_at > $2 AND t.state IN (1, 2, 4, 5) AND l.zone_id = $3
 ORDER BY t.called_at DESC, t.id DESC LIMIT 80;

-- :many messages_now(center_id id, at instant, zone_code text) -> (id id, text text, text_en text, zone_code text, is_urgent flag, picture_id id?, from_at instant, until_at instant, made_by text)
-- What hangs now in a zone (empty: what hangs in the whole hall), urgent first, then the newest.
SELECT id, text, text_en, zone_code, is_urgent, picture_id, from_at, until_at, made_by FROM board_message
 WHERE center_id = $1 AND until_at > $2 AND from_at <= $2 AND (zone_code = '' OR zone_code = $3)
 ORDER BY is_urgent DESC, from_at DESC, id DESC LIMIT 20;

-- :many messages_newest(center_id id) -> messages_now
-- For who writes them: also what comes and what was.
SELECT id, text, text_en, zone_code, is_urgent, picture_id, from_at, until_at, made_by FROM board_message
 WHERE center_id = $1 ORDER BY id DESC LIMIT 50;

-- :maybe message_by_id(center_id id, id id) -> messages_now
SELECT id, text, text_en, zone_code, is_urgent, picture_id, from_at, until_at, made_by FROM board_message
 WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :exec message_put(center_id id, id id, text text, text_en text, zone_code text, is_urgent flag, picture_id id?, from_at instant, until_at instant, made_by text)
INSERT INTO board_message (center_id, id, text, text_en, zone_code, is_urgent, picture_id, from_at, until_at, made_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- :exec message_take_down(center_id id, id id, until_at instant)
UPDATE board_message SET until_at = $3 WHERE center_id = $1 AND id = $2 AND until_at > $3;

-- :exec picture_put(center_id id, id id, content_type text, width int, height int, bytes bytes)
INSERT INTO board_picture (center_id, id, content_type, width, height, bytes) VALUES ($1, $2, $3, $4, $5, $6);

-- :maybe picture_by_id(center_id id, id id) -> (content_type text, bytes bytes)
SELECT content_type, bytes FROM board_picture WHERE center_id = $1 AND id = $2 LIMIT 1;
