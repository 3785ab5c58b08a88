-- Cases (办件). Issue "Cases on a legal clock" extends this; here is the immediate path.
CREATE TABLE casefile (
    center_id      id,
    id             id,
    number         text,        -- implementation code + date + serial (DOMAIN.md 1.7)
    token          text,
    thread         id,          -- the visit, 0 none
    ticket_id      id?,
    item_id        id,
    item_version   int,         -- the directory version it was taken in under
    state          int,         -- enum case_state
    is_immediate   flag,
    applicant_id   id,          -- party
    applicant_name text,        -- masked
    agent_id       id?,
    form           text,        -- JSON
    received_at    instant,
    accepted_at    instant?,
    promised_days  int,         -- the term as the directory gave it at intake
    promised_unit  text,        -- working or natural
    due_on         date?,       -- promised
    legal_due_on   date?,
    decided_at     instant?,
    result         text,        -- grant, refuse or empty
    opinion        text,
    closed_at      instant?,
    desk_id        id?,
    staff_id       id?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX casefile_number ON casefile (center_id, number);
CREATE UNIQUE INDEX casefile_token ON casefile (center_id, token);
CREATE INDEX casefile_ticket ON casefile (center_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX casefile_thread ON casefile (center_id, thread) WHERE thread <> 0;
CREATE INDEX casefile_open ON casefile (center_id, state, due_on) WHERE closed_at IS NULL;

CREATE TABLE casefile_serial (
    center_id  id,
    item_id    id,
    given_on   date,
    last       int,
    PRIMARY KEY (center_id, item_id, given_on)
);

-- Papers of a case, ticked off against the item's list.
CREATE TABLE casefile_paper (
    center_id  id,
    case_id    id,
    position   int,             -- of item_paper
    name       text,           -- this and the next five as the list asked at intake, so that a later list changes nothing
    name_en    text,
    kind       text,           -- original copy both either form
    necessity  text,           -- required optional later
    standard   text,
    standard_en text,
    on_site    flag,
    is_taken   flag,
    taken_how  int,             -- 1 paper 2 upload 3 scan 4 later 5 licence 7 commitment (DOMAIN.md 3.1)
    copies     int,
    taken_at   instant?,
    PRIMARY KEY (center_id, case_id, position)
);
