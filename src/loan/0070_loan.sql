-- What the hall lends.
CREATE TABLE thing (
    center_id  id,
    id         id,
    code       text,           -- WH-01
    name       text,
    name_en    text,
    kind       text,           -- wheelchair umbrella crutches glasses hearing powerbank stroller
    place      text,
    place_en   text,
    is_usable  flag,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX thing_code ON thing (center_id, code);
CREATE INDEX thing_kind ON thing (center_id, kind, code);

-- Loans; a thing has at most one open loan.
CREATE TABLE loan (
    center_id    id,
    id           id,
    token        text,
    thing_id     id,
    thread       id,           -- the visit, 0 none
    borrower     text,         -- masked name
    phone_sealed bytes?,
    lent_at      instant,
    due_at       instant,
    lent_by      id,
    returned_at  instant?,
    returned_to  id?,
    note         text,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX loan_open ON loan (center_id, thing_id) WHERE returned_at IS NULL;
CREATE UNIQUE INDEX loan_token ON loan (center_id, token);
CREATE INDEX loan_thread ON loan (center_id, thread) WHERE thread <> 0;
