-- How the result went to the applicant (送达): one delivery a case.
CREATE TABLE casefile_delivery (
    center_id   id,
    case_id     id,
    mode        text,          -- hand post locker
    waybill     text,
    place       text,
    receiver    bytes?,        -- who was served, sealed; NULL: the applicant
    code_sealed bytes?,        -- of the locker
    sent_at     instant,
    received_at instant?,
    staff_id    id?,
    PRIMARY KEY (center_id, case_id)
);

-- Which electronic licence an item's grant is (GB/T 36904): only what is written here gets a licence number.
CREATE TABLE licence_type (
    center_id   id,
    item_id     id,
    type_code   text,          -- 21 characters
    name        text,
    state       text,          -- read, demonstration
    source      text,
    PRIMARY KEY (center_id, item_id)
);
