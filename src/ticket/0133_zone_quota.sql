-- How many numbers a zone gives out; 0 is no limit. A zone without a row has none.
CREATE TABLE zone_quota (
    center_id        id,
    zone_id          id,
    day_most         int,      -- a day
    interval_minutes int,      -- in every so many minutes …
    interval_most    int,      -- … at most so many
    changed_at       instant,
    PRIMARY KEY (center_id, zone_id)
);
