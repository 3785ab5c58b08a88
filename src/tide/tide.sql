-- Statements of tidal windows.

-- :many tide_lines(center_id id) -> (id id, zone_id id, service_ms int, desks int, waiting int)
-- Lines with how many wait there.
SELECT l.id, l.zone_id, l.service_ms, l.desks, COALESCE(q.waiting, 0) AS waiting
  FROM line l LEFT JOIN (SELECT line_id, CAST(SUM(waiting) AS BIGINT) AS waiting FROM line_queue WHERE center_id = $1 AND waiting > 0 GROUP BY line_id) q
    ON q.line_id = l.id
 WHERE l.center_id = $1 ORDER BY l.id LIMIT 20000;

-- :many tide_desk_lines(center_id id) -> (desk_id id, line_id id)
SELECT desk_id, line_id FROM desk_line WHERE center_id = $1 ORDER BY desk_id, line_id LIMIT 100000;

-- :many tide_desks_busy(center_id id) -> (desk_id id)
SELECT desk_id FROM ticket WHERE center_id = $1 AND state IN (1, 2) AND desk_id IS NOT NULL ORDER BY desk_id LIMIT 2048;

-- :exec tide_add(center_id id, id id, kind text, from_desk text, to_desk text, reason text, accepted_by text, accepted_at instant)
INSERT INTO tide (center_id, id, kind, from_desk, to_desk, reason, accepted_by, accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :many tides_recent(center_id id, after_at instant) -> (id id, kind text, from_desk text, to_desk text, reason text, accepted_by text, accepted_at instant)
SELECT id, kind, from_desk, to_desk, reason, accepted_by, accepted_at FROM tide
 WHERE center_id = $1 AND accepted_at >= $2 ORDER BY accepted_at DESC, id DESC LIMIT 50;
