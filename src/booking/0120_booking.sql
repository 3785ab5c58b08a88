-- Sessions that come back every week: season by season, zone by zone.
CREATE TABLE booking_series (
    center_id     id,
    id            id,
    zone          text,          -- code of the zone, empty for all
    name          text,
    kind          text,          -- ordinary (working days only), after_hours, appointment (weekends, by appointment alone)
    weekdays      int,           -- bit 0 Monday … bit 6 Sunday
    season_from   int,           -- month and day, 501; may run over the new year
    season_to     int,           -- the last day of the season, 930
    from_on       date,          -- in force from this day …
    to_on         date?,         -- … to this one; NULL: until further notice
    open_minute   int,           -- minutes after midnight
    close_minute  int,
    slot_minutes  int,
    places        int,           -- people served at the same time, for everybody
    places_helped int,           -- kept for those whom staff book for
    state         text,          -- read, demonstration
    PRIMARY KEY (center_id, id),
    CHECK (close_minute > open_minute AND open_minute >= 0 AND close_minute <= 1440),
    CHECK (slot_minutes >= 5 AND slot_minutes <= 240),
    CHECK (places >= 0 AND places_helped >= 0)
);

-- What one day has otherwise: closed (a stretch of it) or an extra session.
CREATE TABLE booking_exception (
    center_id     id,
    id            id,
    zone          text,          -- code of the zone, empty for all
    on_date       date,
    kind          text,          -- closed extra
    open_minute   int,
    close_minute  int,
    slot_minutes  int,
    places        int,
    places_helped int,
    reason        text,
    PRIMARY KEY (center_id, id),
    CHECK (close_minute > open_minute AND open_minute >= 0 AND close_minute <= 1440)
);
CREATE INDEX booking_exception_day ON booking_exception (center_id, on_date);

-- When how much of a slot is given out: all waves that have come, the greatest percentage.
CREATE TABLE booking_wave (
    center_id   id,
    id          id,
    days_before int,             -- before the day itself
    minute      int,             -- of that day, minutes after midnight
    percent     int,             -- of the places for everybody, in all
    PRIMARY KEY (center_id, id),
    CHECK (percent >= 0 AND percent <= 100)
);

-- How long an item takes; others take the set number of minutes.
CREATE TABLE booking_item (
    center_id id,
    item_id   id,
    minutes   int,
    PRIMARY KEY (center_id, item_id)
);

-- The counter of a slot and class. That no slot is overbooked is this row's CHECK.
CREATE TABLE booking_slot (
    center_id    id,
    zone         text,
    on_date      date,
    start_minute int,
    class        int,            -- enum booking_class
    end_minute   int,
    capacity     int,            -- places given out so far by the waves, never fewer than are taken
    taken        int,            -- held, booked, or freed but not yet given out again
    PRIMARY KEY (center_id, zone, on_date, start_minute, class),
    CHECK (taken >= 0 AND taken <= capacity)
);

-- Appointments.
CREATE TABLE booking (
    center_id    id,
    id           id,
    token        text,
    arrival      text,           -- second token, good for checking in alone
    state        int,            -- enum booking_state
    class        int,            -- enum booking_class
    channel      int,            -- 0 web, 1 by staff
    zone         text,
    on_date      date,
    start_minute int,
    end_minute   int,
    minutes      int,            -- how long it takes, all items and people
    people       int,
    name_masked  text,
    name_sealed  bytes?,
    phone_sealed bytes?,
    phone_tail   text?,
    phone_key    text?,          -- keyed digest, for the limit per person and check-in
    made_at      instant,
    hold_until   instant?,       -- while held
    moves        int,
    conflict     text,           -- why the time can not be kept, empty: it can
    ticket_token text,           -- once arrived
    wait_id      id,             -- the wait-list entry this was offered to, 0 none
    ended_at     instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX booking_token ON booking (center_id, token);
CREATE UNIQUE INDEX booking_arrival ON booking (center_id, arrival);
CREATE INDEX booking_day ON booking (center_id, on_date, start_minute) WHERE state IN (1, 2, 5);
CREATE INDEX booking_held ON booking (center_id, hold_until) WHERE state = 0;
CREATE INDEX booking_person ON booking (center_id, phone_key, state) WHERE phone_key IS NOT NULL;
CREATE INDEX booking_due ON booking (center_id, on_date) WHERE state = 1;
CREATE INDEX booking_conflict ON booking (center_id, on_date) WHERE state = 1 AND conflict <> '';

-- What somebody comes for.
CREATE TABLE booking_purpose (
    center_id    id,
    booking_id   id,
    position     int,
    item_id      id,
    item_code    text,
    item_name    text,
    item_name_en text,
    PRIMARY KEY (center_id, booking_id, position)
);

-- Which places of which slots a booking has: exactly what it gives back.
CREATE TABLE booking_place (
    center_id    id,
    booking_id   id,
    start_minute int,
    zone         text,
    on_date      date,
    class        int,
    PRIMARY KEY (center_id, booking_id, start_minute)
);

-- Places given back that go out again later, so that a place can not be handed to somebody by cancelling and booking in one breath.
CREATE TABLE booking_return (
    center_id    id,
    id           id,
    zone         text,
    on_date      date,
    start_minute int,
    class        int,
    release_at   instant,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX booking_return_due ON booking_return (center_id, release_at);

-- The wait list, first come first offered.
CREATE TABLE booking_wait (
    center_id    id,
    id           id,
    token        text,
    state        int,            -- enum wait_state
    queued_at    instant,
    zone         text,
    items        text,           -- codes, comma between
    people       int,
    minutes      int,
    from_on      date,
    to_on        date,
    from_minute  int,
    to_minute    int,
    name         text,           -- masked
    name_sealed  bytes?,
    phone_sealed bytes?,
    phone_tail   text?,
    phone_key    text?,
    offer_token  text,           -- of the booking held for them
    offer_until  instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX booking_wait_token ON booking_wait (center_id, token);
CREATE INDEX booking_wait_next ON booking_wait (center_id, queued_at, id) WHERE state = 0;
CREATE INDEX booking_wait_offered ON booking_wait (center_id, offer_until) WHERE state = 1;
