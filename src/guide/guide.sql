-- :one guide_help(center_id id) -> (helpers int, unheard int)
-- Helpers on duty, and requests nobody has taken yet (state < 3 names the index of what is open).
SELECT (SELECT count(*) FROM (SELECT 1 FROM helper_shift WHERE center_id = $1 AND off_at IS NULL LIMIT 1000) AS h) AS helpers,
       (SELECT count(*) FROM (SELECT 1 FROM assist WHERE center_id = $1 AND state = 0 AND state < 3 LIMIT 1000) AS a) AS unheard LIMIT 1;
