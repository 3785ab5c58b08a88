-- Floors of the building.
CREATE TABLE floor (
    center_id  id,
    number     int,            -- 1, 2, …
    name       text,
    name_en    text,
    has_lift   flag,           -- reachable by lift
    PRIMARY KEY (center_id, number)
);

-- Functional zones; each has its own numbers (prefix).
CREATE TABLE zone (
    center_id  id,
    id         id,
    code       text,           -- personal, business, estate, investment
    prefix     text,           -- letter before the ticket number
    name       text,
    name_en    text,
    floor      int,            -- where most of its desks are
    sign       text,           -- one geometric character, so that colour is never alone
    colour     text,           -- blue green amber purple
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX zone_code ON zone (center_id, code);
-- Numbers of two zones must not look alike.
CREATE UNIQUE INDEX zone_prefix ON zone (center_id, prefix);

-- Windows (窗口).
CREATE TABLE desk (
    center_id   id,
    id          id,
    code        text,          -- the number over the window, 06
    name        text,
    name_en     text,
    floor       int,
    zone_id     id,
    kind        text,          -- comprehensive special elderly green whole_province cross_province cant_do
    step_free   flag,          -- reachable without stairs
    low_counter flag,
    handles     text,          -- patterns as imported: agency:… zone:… item:… *
    state       int,           -- enum desk_state
    staff_id    id?,           -- who sits there now
    staff_name  text?,         -- his name as shown
    since_at    instant?,      -- of the state
    pause_reason text?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX desk_code ON desk (center_id, code);
-- One clerk sits at one desk.
CREATE UNIQUE INDEX desk_staff ON desk (center_id, staff_id) WHERE staff_id IS NOT NULL;

-- A line: items that the same set of desks may handle, in one zone. Computed from desk.handles and
-- the directory (lines.c), with what a ticket needs to know counted beforehand.
CREATE TABLE line (
    center_id   id,
    id          id,
    zone_id     id,
    is_general  flag,          -- the zone's line for people who do not know their item
    desks_key   text,          -- codes of its desks in order: what makes a line this line
    step_free_id id?,          -- the line of its step-free desks only; its own id when all are; NULL when none is
    floor_main  int,           -- where most of its desks are
    floor_step_free int,       -- floor of a step-free one; 0 none
    desks       int,           -- how many may handle it
    desks_step_free int,
    desks_open  int,           -- of those, open now; kept by the moves of desks
    desks_open_step_free int,
    floor_open  int,           -- where most of the open ones are; 0 none open
    service_ms  int,           -- recent mean time of service, exponentially weighted
    PRIMARY KEY (center_id, id)
);
CREATE INDEX line_zone ON line (center_id, zone_id, is_general);

CREATE TABLE desk_line (
    center_id   id,
    desk_id     id,
    line_id     id,
    PRIMARY KEY (center_id, desk_id, line_id)
);
CREATE INDEX desk_line_line ON desk_line (center_id, line_id, desk_id);

-- Lines that share desks: who waits in one may be called before who waits in the other.
CREATE TABLE line_rival (
    center_id   id,
    line_id     id,
    rival_id    id,            -- the line itself too
    share       int,           -- percent of the rival's desks that are desks of this line
    PRIMARY KEY (center_id, line_id, rival_id)
);

CREATE TABLE item_line (
    center_id   id,
    item_id     id,
    line_id     id,
    PRIMARY KEY (center_id, item_id)
);

-- The directory that the lines were computed from.
CREATE TABLE lines_made (
    center_id   id,
    directory_version int,
    made_at     instant,
    PRIMARY KEY (center_id)
);
