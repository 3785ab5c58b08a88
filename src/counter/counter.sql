-- :one served_at_desk(center_id id, desk_id id, staff_id id, after_at instant) -> (served int, work_ms int)
-- What somebody finished at a desk since an instant, and how long it took in all.
SELECT COUNT(*) AS served, CAST(COALESCE(SUM(ended_at - started_at), 0) AS BIGINT) AS work_ms FROM ticket
 WHERE center_id = $1 AND desk_id = $2 AND state = 4 AND ended_at >= $4 AND staff_id = $3 LIMIT 1;
