-- Numbers that a kiosk has leased ahead, to go on giving them out while the server is away.
CREATE TABLE number_block (
    center_id  id,
    id         id,
    device_id  id,
    zone_id    id,
    issued_on  date,
    first      int,
    last       int,
    leased_at  instant,
    closed_at  instant?,      -- the day is over
    unused     int,           -- of a closed one: numbers that nobody got
    PRIMARY KEY (center_id, id)
);
CREATE INDEX number_block_of ON number_block (center_id, device_id, zone_id, issued_on, last);
CREATE INDEX number_block_open ON number_block (center_id, issued_on) WHERE closed_at IS NULL;

-- Tickets given out by a kiosk alone and handed in afterwards: each once, however often it is told.
CREATE TABLE ticket_merged (
    center_id  id,
    device_id  id,
    local_id   text,          -- the kiosk's own
    ticket_id  id,
    merged_at  instant,
    PRIMARY KEY (center_id, device_id, local_id)
);
