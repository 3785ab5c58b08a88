-- :maybe calendar_day(on_date date) -> (on_date date, kind text, name text)
-- What the notices say of one day; none: the plain week.
SELECT on_date, kind, name FROM calendar_day WHERE on_date = $1 LIMIT 1;

-- :many calendar_days(from_on date, to_on date) -> calendar_day
-- Days of a stretch that differ from the plain week.
SELECT on_date, kind, name FROM calendar_day WHERE on_date >= $1 AND on_date <= $2 ORDER BY on_date LIMIT 4000;

-- :maybe calendar_year(year int) -> (year int)
-- Is this year loaded whole?
SELECT year FROM calendar_year WHERE year = $1 LIMIT 1;

-- :exec calendar_day_put(on_date date, kind text, name text, source text)
INSERT INTO calendar_day (on_date, kind, name, source) VALUES ($1, $2, $3, $4)
    ON CONFLICT (on_date) DO UPDATE SET kind = excluded.kind, name = excluded.name, source = excluded.source;

-- :exec calendar_year_put(year int)
INSERT INTO calendar_year (year) VALUES ($1) ON CONFLICT (year) DO NOTHING;

-- :exec calendar_year_clear(from_on date, to_on date)
-- A notice is loaded as a whole year, so what stood there before goes.
DELETE FROM calendar_day WHERE on_date >= $1 AND on_date <= $2;

-- :exec opening_put(center_id id, weekday int, position int, open_minute int, close_minute int, kind text)
INSERT INTO opening (center_id, weekday, position, open_minute, close_minute, kind) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (center_id, weekday, position)
    DO UPDATE SET open_minute = excluded.open_minute, close_minute = excluded.close_minute, kind = excluded.kind;

-- :many openings_of(center_id id, weekday int) -> (position int, open_minute int, close_minute int, kind text)
-- Sessions of a weekday in their order.
SELECT position, open_minute, close_minute, kind FROM opening
 WHERE center_id = $1 AND weekday = $2 ORDER BY position LIMIT 10;

-- :maybe calendar_seen() -> (version int)
SELECT version FROM calendar_change WHERE id = 1 LIMIT 1;

-- :exec calendar_rise()
INSERT INTO calendar_change (id, version) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET version = calendar_change.version + 1;
