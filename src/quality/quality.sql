-- The directory of a day, figures that were kept, catalogues from above.

-- :many versions_known(center_id id, after_id id, on_date date, known_at instant) -> (item_id id, version int, ends_on date?, is_current flag)
-- Versions that had been published by then, took effect by that day and had not been taken back, in the order in which
-- they take effect: the last of an item is the one in force on that day, unless it has ended.
SELECT v.item_id, v.version, v.ends_on, CASE WHEN i.version = v.version THEN 1 ELSE 0 END AS is_current
  FROM item_version v JOIN item i ON i.center_id = v.center_id AND i.id = v.item_id
 WHERE v.center_id = $1 AND v.item_id > $2 AND v.effective_on <= $3 AND v.published_at <= $4
   AND (v.state = 'published'
        OR (v.state = 'withdrawn'
            AND NOT EXISTS (SELECT 1 FROM item_hand h
                             WHERE h.center_id = v.center_id AND h.item_id = v.item_id AND h.version = v.version
                               AND h.act = 'withdraw' AND h.at <= $4)))
 ORDER BY v.item_id, v.effective_on, v.published_at, v.version LIMIT 5000;

-- :many demand_of_items(center_id id, from_on date) -> (item_id id, tickets int)
-- Tickets of each item since that day.
SELECT t.item_id, count(*) AS tickets
  FROM zone z CROSS JOIN ticket t
 WHERE z.center_id = $1 AND t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on >= $2 AND t.item_id IS NOT NULL
 GROUP BY t.item_id ORDER BY t.item_id LIMIT 200000;

-- :many demand_expected(center_id id) -> (item_id id, visits int)
-- Visits a month that the directory expects.
SELECT item_id, visits FROM item_demand WHERE center_id = $1 ORDER BY item_id LIMIT 200000;

-- :many quality_agencies(center_id id) -> (name text)
SELECT name FROM agency WHERE center_id = $1 ORDER BY id LIMIT 5000;

-- :many open_cases_of_items(center_id id) -> (code text, cases int)
-- What was not accepted or taken back (enum case_state 2, 6) waits for its file to be closed: no version matters to it.
SELECT i.code, count(*) AS cases
  FROM casefile k JOIN item i ON i.center_id = k.center_id AND i.id = k.item_id
 WHERE k.center_id = $1 AND k.closed_at IS NULL AND k.state <> 2 AND k.state <> 6
 GROUP BY i.code ORDER BY i.code LIMIT 200000;

-- :many open_tickets_of_items(center_id id, on_date date) -> (code text, tickets int)
-- Visits of that day that wait, are called, served or parked (enum ticket_state 0 to 3).
SELECT t.item_code AS code, count(*) AS tickets
  FROM zone z CROSS JOIN ticket t
 WHERE z.center_id = $1 AND t.center_id = z.center_id AND t.zone_id = z.id AND t.issued_on = $2 AND t.item_id IS NOT NULL
   AND t.state <= 3
 GROUP BY t.item_code ORDER BY t.item_code LIMIT 200000;

-- :many booked_visits_of_items(center_id id, from_on date) -> (code text, visits int)
-- Visits booked for that day and later (enum booking_state 1), by what people come for.
SELECT p.item_code AS code, count(*) AS visits
  FROM booking b JOIN booking_purpose p ON p.center_id = b.center_id AND p.booking_id = b.id
 WHERE b.center_id = $1 AND b.state = 1 AND b.on_date >= $2
 GROUP BY p.item_code ORDER BY p.item_code LIMIT 200000;

-- :exec figure_put(center_id id, id id, name text, as_of date, known_at instant, since date?, zone text, agency text, kind text, numerator int, denominator int, items int, unknown int, items_digest text, staff_id id, staff_name text, stored_at instant)
INSERT INTO directory_figure (center_id, id, name, as_of, known_at, since, zone, agency, kind, numerator, denominator, items,
                              unknown, items_digest, staff_id, staff_name, stored_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- :many figures_stored(center_id id) -> (id id, name text, as_of date, known_at instant, since date?, zone text, agency text, kind text, numerator int, denominator int, items int, unknown int, items_digest text, staff_name text, stored_at instant)
-- The newest first.
SELECT id, name, as_of, known_at, since, zone, agency, kind, numerator, denominator, items, unknown, items_digest, staff_name,
       stored_at
  FROM directory_figure WHERE center_id = $1 ORDER BY id DESC LIMIT 200;

-- :maybe figure_stored(center_id id, id id) -> figures_stored
SELECT id, name, as_of, known_at, since, zone, agency, kind, numerator, denominator, items, unknown, items_digest, staff_name,
       stored_at
  FROM directory_figure WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :exec upstream_put(center_id id, id id, name text, content text, entries int, staff_id id, staff_name text, given_at instant)
INSERT INTO upstream_catalogue (center_id, id, name, content, entries, staff_id, staff_name, given_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- :many upstreams(center_id id) -> (id id, name text, entries int, staff_name text, given_at instant)
SELECT id, name, entries, staff_name, given_at FROM upstream_catalogue WHERE center_id = $1 ORDER BY id DESC LIMIT 50;

-- :maybe upstream(center_id id, id id) -> (name text, content text, given_at instant, staff_name text)
SELECT name, content, given_at, staff_name FROM upstream_catalogue WHERE center_id = $1 AND id = $2 LIMIT 1;
