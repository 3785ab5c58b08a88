-- Service centres; usually one. Its own id is its key.
CREATE TABLE center (
    center_id   id,
    code        text,
    name        text,
    name_en     text,
    region      text,          -- GB/T 2260
    address     text,
    address_en  text,
    phone       text,
    hours       text,
    hours_en    text,
    is_demonstration flag,
    PRIMARY KEY (center_id)
);

-- Agencies (部门) whose items are handled here.
CREATE TABLE agency (
    center_id  id,
    id         id,
    name       text,
    name_en    text,
    uscc       text,           -- GB 32100
    phone      text,
    state      text,           -- read, demonstration
    source     text,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX agency_name ON agency (center_id, name);
CREATE UNIQUE INDEX agency_uscc ON agency (center_id, uscc);

-- Regions of GB/T 2260 (shared).
CREATE TABLE region (
    code       text,
    name       text,
    level      text,
    parent     text,
    PRIMARY KEY (code)
);
