-- Emergency calls of windows.
CREATE TABLE alarm (
    center_id   id,
    id          id,
    desk_id     id,
    desk_code   text,         -- as it was then
    floor       int,
    staff_name  text,         -- who pressed the button
    raised_at   instant,
    answered_by text?,        -- name of who said that he comes
    answered_at instant?,
    ended_at    instant?,
    PRIMARY KEY (center_id, id)
);
-- A window has one open call: pressing again changes nothing.
CREATE UNIQUE INDEX alarm_open ON alarm (center_id, desk_id) WHERE ended_at IS NULL;
CREATE INDEX alarm_day ON alarm (center_id, raised_at);
