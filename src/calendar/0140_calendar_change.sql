-- How often a calendar was imported (shared): due dates follow when it rises.
CREATE TABLE calendar_change (
    id         int,            -- always 1
    version    int,
    PRIMARY KEY (id)
);
