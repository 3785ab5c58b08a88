-- Machines of the hall (kiosk, pad, wall board, printer bridge) that have been paired. The token itself is
-- with the machine; here is only its digest. What the machine is otherwise belongs to the folder device.
CREATE TABLE device_token (
    center_id   id,              -- the centre
    token_hash  bytes,           -- SM3 of the token
    device_id   id,              -- whose
    kind        text,            -- kiosk pad display printer
    place       text,            -- of a pad its desk, of a display its zone; empty: any
    name        text,            -- as shown in timelines
    paired_at   instant,
    PRIMARY KEY (center_id, token_hash)
);
CREATE UNIQUE INDEX device_token_device ON device_token (center_id, device_id);
