-- One thing, done once (一件事一次办, DOMAIN.md 8): items of several agencies that belong to one occasion.
CREATE TABLE bundle (
    center_id   id,
    code        text,         -- a word of our own: newborn, restaurant
    name        text,
    name_en     text,
    audience    text,         -- person or enterprise
    stage       text,         -- stage of life, DOMAIN.md 8.1
    position    int,          -- order on the list
    lead        text,         -- the agency that leads
    summary     text,
    summary_en  text,
    state       text,         -- read, demonstration
    source      text,
    PRIMARY KEY (center_id, code)
);

-- What is done: an item of this hall, or a named step that another office does.
CREATE TABLE bundle_component (
    center_id   id,
    bundle      text,
    code        text,         -- within the bundle
    position    int,
    item        text,         -- basic code of the item, empty for a step outside this hall's directory
    name        text,         -- as people say it, short enough for the drawing
    name_en     text,
    agency      text,         -- of a step without an item, which knows its own; or where an item is done outside the hall
    agency_en   text,
    days        int,          -- promised; days, unit, visits only without an item
    unit        text,         -- working or natural
    visits      int,          -- how often one must come
    outside     flag,         -- done elsewhere (hospital, bank), so its visit cannot be saved
    cost        text,         -- where the item does not say
    cost_en     text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, bundle, code)
);
CREATE INDEX bundle_component_item ON bundle_component (center_id, item);

-- after cannot begin before it has the result of before.
CREATE TABLE bundle_edge (
    center_id   id,
    bundle      text,
    before_code text,
    after_code  text,
    result      text,         -- which result is needed
    result_en   text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, bundle, before_code, after_code)
);

-- At most five questions; an option chosen adds its components.
CREATE TABLE bundle_option (
    center_id   id,
    bundle      text,
    question    int,          -- 1 to 5
    code        text,         -- once in the bundle
    position    int,
    text        text,         -- of the question
    text_en     text,
    label       text,         -- of the option
    label_en    text,
    components  text,         -- codes, divided by ;
    state       text,
    source      text,
    PRIMARY KEY (center_id, bundle, code)
);

-- Papers, each once, whoever needs it.
CREATE TABLE bundle_paper (
    center_id   id,
    bundle      text,
    code        text,
    position    int,
    name        text,
    name_en     text,
    kind        text,         -- original copy both either form
    copies      int,
    provider    text,         -- applicant government on_site
    components  text,         -- who needs it: codes, divided by ;
    produced_by text,         -- the component whose result it is, or empty
    needed_when text,         -- option codes divided by ;, empty: always
    note        text,
    note_en     text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, bundle, code)
);

-- Fields of the one form, each once.
CREATE TABLE bundle_field (
    center_id   id,
    bundle      text,
    code        text,         -- canonical field id
    position    int,
    title       text,
    title_en    text,
    type        text,         -- text date number money phone id_no uscc address choice account
    components  text,         -- who needs it
    prefilled   text,         -- where it is taken from, empty: the visitor writes it
    prefilled_en text,
    needed_when text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, bundle, code)
);
