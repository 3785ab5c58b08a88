-- What people say and what the field says for it: means are terms separated by blanks; none: the words only ask.
CREATE TABLE item_saying (
    center_id  id,
    said       text,
    means      text,
    kind       text,          -- ask, means (a thing), act (what shall happen)
    state      text,          -- read demonstration
    source     text,
    PRIMARY KEY (center_id, said)
);
