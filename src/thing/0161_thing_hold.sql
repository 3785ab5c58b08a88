-- A thing kept for somebody from half an hour to half an hour: the key makes two holds of one thing at one time impossible.
CREATE TABLE thing_hold (
    center_id  id,
    thing_id   id,
    half_hour  int,         -- milliseconds UTC / 1,800,000
    for_id     id,          -- the request for help it is kept for
    PRIMARY KEY (center_id, thing_id, half_hour)
);
CREATE INDEX thing_hold_for ON thing_hold (center_id, for_id);
