-- :many tickets_of_day_by_zone(center_id id, zone_id id, issued_on date) -> (state int, tickets int, waits int, wait_sum int, service_sum int)
-- A zone's tickets of a day by state, with the sums the means come from.
SELECT state, count(*) AS tickets, sum(CASE WHEN started_at IS NOT NULL THEN 1 ELSE 0 END) AS waits,
       CAST(sum(CASE WHEN started_at IS NOT NULL THEN wait_ms ELSE 0 END) AS BIGINT) AS wait_sum,
       CAST(sum(CASE WHEN started_at IS NOT NULL AND ended_at IS NOT NULL THEN ended_at - started_at ELSE 0 END) AS BIGINT) AS service_sum
  FROM ticket WHERE center_id = $1 AND zone_id = $2 AND issued_on = $3 GROUP BY state ORDER BY state LIMIT 20;

-- :many tickets_of_day_by_class(center_id id, class int, issued_on date) -> tickets_of_day_by_zone
SELECT t.state, count(*) AS tickets, sum(CASE WHEN t.started_at IS NOT NULL THEN 1 ELSE 0 END) AS waits,
       CAST(sum(CASE WHEN t.started_at IS NOT NULL THEN t.wait_ms ELSE 0 END) AS BIGINT) AS wait_sum,
       CAST(sum(CASE WHEN t.started_at IS NOT NULL AND t.ended_at IS NOT NULL THEN t.ended_at - t.started_at ELSE 0 END) AS BIGINT) AS service_sum
  FROM zone z CROSS JOIN ticket t
 WHERE z.center_id = $1 AND t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $3 AND t.class = $2 GROUP BY t.state ORDER BY t.state LIMIT 20;

-- :maybe wait_at_rank_of_zone(center_id id, zone_id id, issued_on date, rank int) -> (wait_ms int)
-- The wait at a rank (0 the shortest) among those who were served.
SELECT wait_ms FROM ticket WHERE center_id = $1 AND zone_id = $2 AND issued_on = $3 AND started_at IS NOT NULL
 ORDER BY wait_ms LIMIT 1 OFFSET $4;

-- :maybe wait_at_rank_of_class(center_id id, class int, issued_on date, rank int) -> wait_at_rank_of_zone
SELECT t.wait_ms FROM zone z CROSS JOIN ticket t
 WHERE z.center_id = $1 AND t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $3 AND t.class = $2 AND t.started_at IS NOT NULL ORDER BY t.wait_ms LIMIT 1 OFFSET $4;

-- :maybe wait_at_rank_of_day(center_id id, issued_on date, rank int) -> wait_at_rank_of_zone
SELECT t.wait_ms FROM zone z CROSS JOIN ticket t
 WHERE z.center_id = $1 AND t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $2 AND t.started_at IS NOT NULL ORDER BY t.wait_ms LIMIT 1 OFFSET $3;

-- :many report_zones(center_id id) -> (id id, code text, name text, name_en text, sign text)
SELECT id, code, name, name_en, sign FROM zone WHERE center_id = $1 ORDER BY prefix LIMIT 50;

-- :one help_waiting_count(center_id id) -> (waiting int)
-- state < 3 names the index of what is open.
SELECT count(*) AS waiting FROM (SELECT 1 FROM assist WHERE center_id = $1 AND state = 0 AND state < 3 LIMIT 1000) AS few LIMIT 1;

-- :many ratings_since(center_id id, given_at instant) -> (grade int, ratings int)
SELECT grade, count(*) AS ratings FROM rating WHERE center_id = $1 AND given_at >= $2 GROUP BY grade LIMIT 10;
