-- Machines of the hall: kiosks, rating pads, wall boards, printer bridges. Known by a token once paired.
CREATE TABLE device (
    center_id     id,
    id            id,
    name          text,
    kind          text,          -- kiosk pad display printer
    place         text,          -- of a pad its desk, of a display its zone (all: the whole hall), of others empty
    stands        text,          -- where it stands, in words: 一楼东门
    hours         text,          -- always, or hall: as long as the hall is open
    is_low        flag,          -- a kiosk whose targets all stand in the lower half
    is_locked     flag,
    lock_note     text,          -- what it says meanwhile
    registered_at instant,
    pairing_until instant?,      -- a pairing code holds until then
    paired_at     instant?,
    withdrawn_at  instant?,
    seen_at       instant?,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX device_pairing ON device (center_id, pairing_until) WHERE pairing_until IS NOT NULL;
