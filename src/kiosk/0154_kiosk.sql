-- What a kiosk process keeps on its own machine (onewindow kiosk, DIR/kiosk.db). In a hall's database these
-- tables are empty. First the zones, and the numbers leased in them.
CREATE TABLE kiosk_block (
    center_id  id,
    zone_code  text,
    issued_on  date,
    first      int,
    last       int,
    next       int,           -- given out next; last + 1: all gone
    name       text,          -- of the zone, and so on: as leased
    name_en    text,
    prefix     text,
    floor      int,
    sign       text,
    colour     text,
    PRIMARY KEY (center_id, zone_code, issued_on, first)
);

-- The log: what it gave out alone.
CREATE TABLE kiosk_ticket (
    center_id  id,
    local_id   id,
    token      text,
    zone_code  text,
    zone_name  text,
    zone_name_en text,
    floor      int,
    prefix     text,
    number     int,
    issued_on  date,
    issued_at  instant,
    needs      text,          -- words with a blank between
    printed    text,          -- state of the printer afterwards; empty: not yet tried
    state      int,           -- 0 to be handed in, 1 taken, 2 refused
    why        text,
    PRIMARY KEY (center_id, local_id)
);
CREATE UNIQUE INDEX kiosk_ticket_once ON kiosk_ticket (center_id, zone_code, issued_on, number);
CREATE INDEX kiosk_ticket_open ON kiosk_ticket (center_id, local_id) WHERE state = 0;
