-- Requests for help: from the door, a ticket, the phone, a kiosk.
CREATE TABLE assist (
    center_id    id,
    id           id,
    token        text,          -- for the person's own link
    thread       id,            -- the visit; 0 when there is none yet
    kind         text,          -- escort stairs form wheelchair bus other
    place_from   text,
    place_to     text,
    what         text,          -- one plain sentence for the helper
    who          text,          -- masked name, or how to recognise the person
    phone_sealed bytes?,
    state        int,           -- enum assist_state
    helper_id    id?,
    helper_name  text?,
    requested_at instant,
    accepted_at  instant?,
    arrived_at   instant?,
    ended_at     instant?,
    escalated_at instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX assist_token ON assist (center_id, token);
CREATE INDEX assist_waiting ON assist (center_id, requested_at) WHERE state < 3;
CREATE INDEX assist_thread ON assist (center_id, thread) WHERE thread <> 0;
-- A helper does one thing at a time.
CREATE UNIQUE INDEX assist_helper ON assist (center_id, helper_id) WHERE state IN (1, 2);

-- Helpers on duty now and before.
CREATE TABLE helper_shift (
    center_id  id,
    id         id,
    staff_id   id,
    floor      int,
    on_at      instant,
    off_at     instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX helper_on_duty ON helper_shift (center_id, staff_id) WHERE off_at IS NULL;
