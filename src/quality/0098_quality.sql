-- Figures of the directory that somebody kept (DOMAIN.md 12.3), with what they were computed from, so that they can be
-- computed again for that day and compared.
CREATE TABLE directory_figure (
    center_id    id,
    id           id,
    name         text,         -- one_window, completeness …
    as_of        date,         -- the directory of that day
    known_at     instant,      -- as it was known at this moment
    since        date?,        -- the day that reductions are counted from
    zone         text,         -- filters; empty: all
    agency       text,
    kind         text,
    numerator    int,
    denominator  int,
    items        int,          -- that are counted
    unknown      int,          -- that lack what the figure needs
    items_digest text,         -- SM3 over the codes and what each adds, hexadecimal
    staff_id     id,
    staff_name   text,
    stored_at    instant,
    PRIMARY KEY (center_id, id)
);

-- Catalogues of the level above that were given to be compared with ours.
CREATE TABLE upstream_catalogue (
    center_id  id,
    id         id,
    name       text,
    content    text,           -- the table as it came, in the columns of the kind catalogue
    entries    int,
    staff_id   id,
    staff_name text,
    given_at   instant,
    PRIMARY KEY (center_id, id)
);
