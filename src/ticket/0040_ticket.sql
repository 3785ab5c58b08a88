-- The last number given out in a zone on a day.
CREATE TABLE ticket_number (
    center_id  id,
    zone_id    id,
    issued_on  date,
    last       int,
    PRIMARY KEY (center_id, zone_id, issued_on)
);

-- How many wait in a line, by class: what a call and an estimate look at first.
CREATE TABLE line_queue (
    center_id  id,
    line_id    id,
    class      int,            -- enum ticket_class
    waiting    int,
    PRIMARY KEY (center_id, line_id, class)
);
-- Only what is not empty is looked at.
CREATE INDEX line_queue_open ON line_queue (center_id, line_id, class, waiting) WHERE waiting > 0;

-- Tickets. The first ticket of a person's day is the visit: thread is its id, for all that follows.
CREATE TABLE ticket (
    center_id    id,
    id           id,
    thread       id,           -- the visit
    token        text,         -- the visitor's own secret, in links and QR codes
    zone_id      id,           -- whose number it has; where it waits now is the line's zone
    line_id      id,
    item_id      id?,
    item_code    text,         -- empty when only the zone is known
    item_name    text,         -- as shown; empty when only the zone is known
    item_name_en text,
    issued_on    date,
    prefix       text,
    number       int,
    class        int,          -- enum ticket_class
    needs        int,          -- bits, enum need
    step_free    flag,         -- it waits in a line of step-free desks only
    channel      int,          -- enum ticket_channel
    state        int,          -- enum ticket_state
    floor        int,          -- where to wait
    reason       text,         -- why this line and place: sentences as message ids with their values (reason.h)
    name_masked  text,
    name_sealed  bytes?,
    phone_sealed bytes?,
    phone_tail   text?,        -- last four digits, for the guide desk
    phone_key    text?,        -- keyed digest, so that tickets of one phone can be counted
    desk_id      id?,          -- that called it last
    staff_id     id?,
    calls        int,
    call_reason  text,         -- why it was chosen, zh-CN message id
    issued_at    instant,
    queued_at    instant,      -- its place in the line
    called_at    instant?,
    started_at   instant?,
    ended_at     instant?,
    wait_ms      int,          -- issue to first start, all waiting together
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX ticket_token ON ticket (center_id, token);
CREATE UNIQUE INDEX ticket_once ON ticket (center_id, zone_id, issued_on, number);
CREATE INDEX ticket_waiting ON ticket (center_id, line_id, class, queued_at, id) WHERE state = 0;
-- A desk has one ticket at a time.
CREATE UNIQUE INDEX ticket_at_desk ON ticket (center_id, desk_id) WHERE state IN (1, 2);
CREATE INDEX ticket_parked ON ticket (center_id, desk_id) WHERE state = 3;
CREATE INDEX ticket_phone ON ticket (center_id, issued_on, phone_tail) WHERE phone_tail IS NOT NULL;
CREATE INDEX ticket_recent_call ON ticket (center_id, called_at) WHERE called_at IS NOT NULL;
CREATE INDEX ticket_thread ON ticket (center_id, thread);
