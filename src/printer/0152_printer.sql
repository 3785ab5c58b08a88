-- Receipt printers of the hall, and what they are to print.
CREATE TABLE printer (
    center_id  id,
    id         id,
    name       text,
    address    text,          -- host:9100, or /dev/usb/lp0
    zones      text,          -- codes of the zones whose slips it prints, a blank between; empty: all
    device_id  id,            -- the kiosk that prints on it; 0: the guide desk and machines that are not registered
    columns    int,           -- 48 on 80 mm paper, 32 on 58 mm
    is_mute    flag,          -- does not answer status requests
    state      text,          -- unknown ok unreachable silent offline cover_open paper_out broken
    state_at   instant,       -- since when
    checked_at instant,       -- last spoken to
    printed_at instant?,      -- last slip that came out
    dropped_at instant?,      -- no longer used
    PRIMARY KEY (center_id, id)
);

-- The spool: written in the transaction of what is to be printed, sent afterwards.
CREATE TABLE slip (
    center_id  id,
    id         id,
    printer_id id,
    ticket_id  id,            -- 0 for a test slip
    thread     id,
    number     text,          -- A023
    bytes      bytes,         -- as the printer gets them
    state      int,           -- enum slip_state
    reason     text,          -- state of the printer when it failed
    tries      int,
    made_at    instant,
    next_at    instant,       -- not tried before
    sent_at    instant?,      -- begun
    ended_at   instant?,
    is_again   flag,          -- printed once more on somebody's wish
    asked_by   text,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX slip_waiting ON slip (center_id, printer_id, id) WHERE state = 0;
CREATE INDEX slip_sending ON slip (center_id, sent_at) WHERE state = 1;
CREATE INDEX slip_failed ON slip (center_id, ended_at) WHERE state = 3;
CREATE INDEX slip_ticket ON slip (center_id, ticket_id, id);
CREATE INDEX slip_ended ON slip (center_id, ended_at) WHERE state IN (2, 3);

-- What stands on the slips of a zone; the zone '' is for all that have none of their own.
CREATE TABLE slip_template (
    center_id  id,
    zone_code  text,
    body       text,          -- slip.h says how it is read
    changed_at instant,
    PRIMARY KEY (center_id, zone_code)
);
