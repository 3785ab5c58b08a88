-- Days that differ from the plain week (shared): holidays and make-up working days.
CREATE TABLE calendar_day (
    on_date    date,
    kind       text,           -- holiday, workday
    name       text,
    source     text,           -- number of the notice
    PRIMARY KEY (on_date)
);

-- Years that are loaded whole (shared): outside them no legal date is computed.
CREATE TABLE calendar_year (
    year       int,
    PRIMARY KEY (year)
);

-- Opening hours of the hall by weekday (not the same thing as working days).
CREATE TABLE opening (
    center_id  id,
    weekday    int,            -- 1 Monday … 7 Sunday
    position   int,            -- 1 morning, 2 afternoon, 3 after hours
    open_minute  int,          -- minutes after midnight
    close_minute int,
    kind       text,           -- ordinary, after_hours
    PRIMARY KEY (center_id, weekday, position)
);
