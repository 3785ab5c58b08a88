-- Labels one may add to a grade (shared): a code table of a scheme, read-only at run time (DOMAIN.md 5.3).
CREATE TABLE rating_label (
    scheme   text,             -- national
    code     text,             -- its first digit is the grade in the national scheme
    grade    int,
    name     text,
    name_en  text,
    is_used  flag,             -- old sets stay for old ratings
    source   text,
    PRIMARY KEY (scheme, code)
);
CREATE INDEX rating_label_of_grade ON rating_label (scheme, grade, code);

-- What a window has just finished: the pad asks for it, and the window for its count of the day.
CREATE INDEX ticket_ended_at_desk ON ticket (center_id, desk_id, ended_at) WHERE state = 4;
