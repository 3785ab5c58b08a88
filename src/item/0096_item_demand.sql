-- How often an item is asked for and who may apply for it; search ranks and filters by it.
CREATE TABLE item_demand (
    center_id  id,
    item_id    id,
    audience   text,          -- personal legal both
    visits     int,           -- a month
    state      text,          -- read demonstration
    source     text,
    PRIMARY KEY (center_id, item_id)
);
