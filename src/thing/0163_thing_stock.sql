-- Stock (M18, DOMAIN.md 9.5): how many there are, in which state, when it was last looked at, medicine with its expiry.
ALTER TABLE thing ADD COLUMN quantity int DEFAULT 1;
ALTER TABLE thing ADD COLUMN state text DEFAULT 'good';
ALTER TABLE thing ADD COLUMN checklist text DEFAULT '';
ALTER TABLE thing ADD COLUMN check_days int DEFAULT 0;
ALTER TABLE thing ADD COLUMN checked_at instant?;
ALTER TABLE thing ADD COLUMN checked_by text DEFAULT '';
ALTER TABLE thing ADD COLUMN expires_on date?;
ALTER TABLE thing ADD COLUMN warned_at instant?;
ALTER TABLE thing ADD COLUMN lendable flag DEFAULT 1;
ALTER TABLE thing ADD COLUMN label text DEFAULT '';
CREATE INDEX thing_label ON thing (center_id, label);

-- Every look at a thing: what was found, by whom.
CREATE TABLE thing_check (
    center_id  id,
    id         id,
    thing_id   id,
    at         instant,
    by_name    text,
    is_good    flag,
    found      text,      -- points of the list that were not in order, and words
    PRIMARY KEY (center_id, id)
);
CREATE INDEX thing_check_of ON thing_check (center_id, thing_id, at);

-- Faults that anybody reports by the label on the thing, and their repair.
CREATE TABLE thing_fault (
    center_id   id,
    id          id,
    thing_id    id,
    what        text,
    at          instant,
    by_name     text,      -- a colleague's name, '' for a visitor
    state       text,      -- open repairing mended scrapped
    note        text,
    settled_at  instant?,
    settled_by  text,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX thing_fault_open ON thing_fault (center_id, at) WHERE settled_at IS NULL;
CREATE INDEX thing_fault_of ON thing_fault (center_id, thing_id, at);

-- Medicine given out of the first-aid box.
CREATE TABLE thing_given (
    center_id  id,
    id         id,
    thing_id   id,
    quantity   int,
    who        text,      -- masked
    why        text,
    at         instant,
    by_name    text,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX thing_given_of ON thing_given (center_id, thing_id, at);
