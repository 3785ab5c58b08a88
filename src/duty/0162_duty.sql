-- Posts of the duty rota: who takes them in turn, where, from when to when. Rules as data (M4, DOMAIN.md 9.3).
CREATE TABLE duty_post (
    center_id   id,
    code        text,
    name        text,
    name_en     text,
    place       text,
    place_en    text,
    floor       int,        -- 0: no floor of its own
    is_stairs   flag,
    is_officer  flag,       -- the officer on duty
    tiers       text,       -- leader middle senior helper: those who take it in turn, blanks between
    from_minute int,
    to_minute   int,
    place_code  text,       -- on a card at the place: who types it is there
    position    int,
    PRIMARY KEY (center_id, code)
);

-- Who takes part, and in which group.
CREATE TABLE duty_person (
    center_id   id,
    staff_id    id,
    tier        text,
    PRIMARY KEY (center_id, staff_id)
);

-- One post on one day.
CREATE TABLE duty_slot (
    center_id   id,
    id          id,
    duty_on     date,
    post        text,
    staff_id    id?,        -- NULL: a gap, nobody could be found
    staff_name  text,
    reason      text,       -- why this person: fewest longest only stand_in nobody swapped by_hand
    times       int,        -- his duties in the stretch before this one
    checked_at  instant?,
    told_at     instant?,   -- the manager was told that he is missing
    record      text,       -- what happened, written at the end
    recorded_at instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX duty_slot_post ON duty_slot (center_id, duty_on, post);
-- One person has at most one post a day.
CREATE UNIQUE INDEX duty_slot_person ON duty_slot (center_id, duty_on, staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX duty_slot_of ON duty_slot (center_id, staff_id, duty_on) WHERE staff_id IS NOT NULL;

CREATE TABLE duty_leave (
    center_id   id,
    id          id,
    staff_id    id,
    from_on     date,
    to_on       date,
    why         text,
    state       int,        -- enum leave_state
    asked_at    instant,
    answered_at instant?,
    answered_by text,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX duty_leave_days ON duty_leave (center_id, to_on, state);

-- Somebody asks another to change duties, or to take his.
CREATE TABLE duty_swap (
    center_id     id,
    id            id,
    slot_id       id,
    with_slot_id  id?,      -- NULL: takes it without giving one
    asker_id      id,
    other_id      id,
    note          text,
    state         int,      -- enum swap_state
    asked_at      instant,
    answered_at   instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX duty_swap_open ON duty_swap (center_id, slot_id) WHERE state = 0;
CREATE INDEX duty_swap_asker ON duty_swap (center_id, asker_id, asked_at);
CREATE INDEX duty_swap_other ON duty_swap (center_id, other_id, asked_at);

-- A and B post: who stands in when the first is away.
CREATE TABLE duty_pair (
    center_id   id,
    code        text,
    name        text,
    desk_code   text,       -- the window, '' when it is none
    a_id        id,
    b_id        id,
    PRIMARY KEY (center_id, code)
);

-- Away for a while today: a meeting, a visit on site.
CREATE TABLE duty_away (
    center_id   id,
    id          id,
    staff_id    id,
    why         text,
    from_at     instant,
    back_at     instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX duty_away_now ON duty_away (center_id, staff_id) WHERE back_at IS NULL;

-- "Cannot be done" (办不成事): to the officer on duty, with a clock.
CREATE TABLE duty_report (
    center_id    id,
    id           id,
    token        text,
    kind         text,      -- not_accepted many_tries doubt conduct other
    what         text,
    who          text,      -- masked
    phone_sealed bytes?,
    desk_code    text,
    by_staff     text,      -- the colleague who reports for the visitor, '' when he does it himself
    officer      text,      -- who had to answer first
    opened_at    instant,
    due_at       instant,
    escalated_at instant?,
    outcome      text,      -- solved passed cannot; '' while open
    answer       text,
    answered_at  instant?,
    answered_by  text,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX duty_report_token ON duty_report (center_id, token);
CREATE INDEX duty_report_open ON duty_report (center_id, due_at) WHERE answered_at IS NULL;
CREATE INDEX duty_report_day ON duty_report (center_id, opened_at);
