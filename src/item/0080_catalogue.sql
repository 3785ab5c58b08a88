-- What an item is made of (shared): the elements of DOMAIN.md 1.8, one row an element.
CREATE TABLE element (
    field      text,           -- the name in the exchange (task_name …)
    number     int,            -- of DOMAIN.md 1.8; from 901 on: elements of our own
    part       text,           -- A basic, B extended, C paper, D fee, E question, F situation
    title      text,
    title_en   text,
    value_type text,           -- text int flag date code codes list file url
    scheme     text,           -- of the code table, for code and codes
    need       text,           -- M mandatory, O optional, C mandatory when the rule says so
    rule       text,           -- name of the rule that makes it mandatory, for C
    max_chars  int,
    seen_by    text,           -- visitor, staff
    source     text,
    PRIMARY KEY (field)
);

-- Code tables (shared). A code that changed its meaning has a row for each time.
CREATE TABLE code (
    scheme     text,
    code       text,
    valid_from date,           -- 19000101: always
    valid_to   date?,          -- the first day on which it is no longer used
    name       text,
    name_en    text,
    source     text,
    PRIMARY KEY (scheme, code, valid_from)
);

-- What our codes are called by a partner of the exchange (shared); DOMAIN.md 1.9.
CREATE TABLE code_map (
    partner      text,
    scheme       text,
    code         text,         -- ours
    partner_code text,
    direction    text,         -- both; out: only when we send; in: only when they send
    source       text,
    PRIMARY KEY (partner, scheme, code, partner_code)
);

-- Basic catalogue (shared): 基本目录, one row a main item or sub-item.
CREATE TABLE catalogue (
    code         text,         -- 12 digits (DOMAIN.md 1.3)
    name         text,
    name_en      text,
    kind         text,         -- item type code (1.2)
    use_levels   text,         -- exercise levels that may claim it, as in 3,4
    central_dept text,         -- guiding department (1.4)
    bases        text,         -- legal bases: JSON, as in the part bases of an item's document
    state        text,         -- read, demonstration
    valid_from   date,
    valid_to     date?,
    source       text,
    PRIMARY KEY (code)
);
