-- Where things are on the drawing of a floor, in units of the drawing (the demonstration: a tenth of a metre).
CREATE TABLE place (
    center_id  id,
    floor      int,
    kind       text,      -- desk, zone (its waiting area), entrance stairs guide kiosk toilet mother_baby water form copy rest
    code       text,      -- of the desk or zone; of others a name that is its own on the floor
    name       text,      -- of others than desks and zones
    name_en    text,
    words      text,      -- what people also say for it, separated by blanks (厕所 洗手间)
    x          int,
    y          int,
    w          int,
    h          int,
    PRIMARY KEY (center_id, floor, kind, code)
);

-- What the journal says up to an entry, written down from time to time so that a past minute is read from the nearest one
-- on. Thrown away it is only slower: everything is in the journal.
CREATE TABLE plan_kept (
    center_id  id,
    at         instant,
    seq        int,       -- last entry of the journal in it
    state      text,      -- fold_print()
    PRIMARY KEY (center_id, at)
);
