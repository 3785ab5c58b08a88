-- Versions of an item: each is one document (item_doc.h). The one in force is also kept in the tables below and in
-- item, item_text, item_paper, which serve search, guides, tickets and cases.
CREATE TABLE item_version (
    center_id    id,
    item_id      id,
    version      int,
    state        text,         -- draft checked published withdrawn
    base_version int,          -- the version in force when it was opened, 0 none
    effective_on date?,
    ends_on      date?,        -- the first day on which it is no longer in force
    switch_on    date?,        -- the next day on which the job must look at it
    edited_by    id,           -- 0: an import
    checked_by   id?,
    published_by id?,          -- 0: an import
    why          text,
    published_at instant?,
    changed_at   instant,
    revision     int,          -- rises with every save: who saves an old one is told what changed
    content      text,         -- the document; empty: imported, and still exactly what the tables hold
    digest       text,         -- SM3 of the content, hexadecimal; empty with it
    PRIMARY KEY (center_id, item_id, version)
);
-- One version at a time is being worked on.
CREATE UNIQUE INDEX item_version_open ON item_version (center_id, item_id) WHERE state = 'draft' OR state = 'checked';
CREATE INDEX item_version_work ON item_version (center_id, state, changed_at, item_id) WHERE state = 'draft' OR state = 'checked';
CREATE INDEX item_version_switch ON item_version (center_id, switch_on, item_id) WHERE switch_on IS NOT NULL;

-- What a draft said before its last saves, so that who saves an old revision is told what the other changed. Goes
-- when the draft is published or discarded.
CREATE TABLE item_revision (
    center_id  id,
    item_id    id,
    version    int,
    revision   int,
    content    text,
    PRIMARY KEY (center_id, item_id, version, revision)
);

-- What was done with a version, by whom and why. Who is in here as an editor neither checks nor publishes it.
CREATE TABLE item_hand (
    center_id  id,
    item_id    id,
    version    int,
    seq        int,
    act        text,           -- open save check return publish discard withdraw import
    staff_id   id,             -- 0: an import
    staff_name text,
    why        text,
    at         instant,
    PRIMARY KEY (center_id, item_id, version, seq)
);

-- An item whose last version ended or was withdrawn stays, for its cases, but nobody finds it any more.
ALTER TABLE item ADD COLUMN is_listed flag DEFAULT 1;

-- Paper or electronic: paper electronic any.
ALTER TABLE item_paper ADD COLUMN medium text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN basis_en text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN source_note text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN page_format text DEFAULT '';
-- Codes of files of the item.
ALTER TABLE item_paper ADD COLUMN blank_file text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN sample_file text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN fill_note text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN fill_note_en text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN issuer text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN time_rule text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN where_to_get text DEFAULT '';
-- The e-licence that makes handing it in unnecessary.
ALTER TABLE item_paper ADD COLUMN licence_type text DEFAULT '';

-- Fees (DOMAIN.md 1.8 D).
CREATE TABLE item_fee (
    center_id   id,
    item_id     id,
    position    int,
    name        text,
    name_en     text,
    standard    text,
    standard_en text,
    basis       text,
    can_reduce  flag,
    reduce_note text,
    reduce_note_en text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, item_id, position)
);

-- What people ask (E).
CREATE TABLE item_question (
    center_id   id,
    item_id     id,
    position    int,
    question    text,
    question_en text,
    answer      text,
    answer_en   text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, item_id, position)
);

-- Legal bases (element 6), a list.
CREATE TABLE item_basis (
    center_id   id,
    item_id     id,
    position    int,
    kind        text,          -- law admin_regulation local_regulation department_rule local_rule normative
    law         text,
    law_en      text,
    document_no text,
    article     text,
    wording     text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, item_id, position)
);

-- Situations (F): a tree of questions; a question hangs on the option that leads to it.
CREATE TABLE item_situation (
    center_id   id,
    item_id     id,
    position    int,
    code        text,
    parent      text,          -- code of the option that leads here; empty: always asked
    question    text,
    question_en text,
    state       text,
    source      text,
    PRIMARY KEY (center_id, item_id, position)
);
CREATE TABLE item_option (
    center_id   id,
    item_id     id,
    situation   int,           -- position of its question
    position    int,
    code        text,
    name        text,
    name_en     text,
    PRIMARY KEY (center_id, item_id, situation, position)
);
-- Papers that an option asks for; a paper that no option names is asked of everybody.
CREATE TABLE item_option_paper (
    center_id   id,
    item_id     id,
    situation   int,
    choice      int,           -- position of the option
    position    int,
    paper       int,           -- position of the paper
    necessity   text,
    PRIMARY KEY (center_id, item_id, situation, choice, position)
);

-- Blank forms, filled samples and samples of results; what is in them stands in file_content.
CREATE TABLE item_file (
    center_id    id,
    item_id      id,
    position     int,
    code         text,
    kind         text,         -- blank filled result flow
    name         text,
    content_type text,
    size         int,
    digest       text,         -- SM3, hexadecimal
    state        text,
    source       text,
    PRIMARY KEY (center_id, item_id, position)
);
CREATE TABLE file_content (
    center_id  id,
    digest     text,
    content    bytes,
    PRIMARY KEY (center_id, digest)
);

-- Business-handling items (业务办理项, 33 characters): the ways in which a citizen applies.
CREATE TABLE item_handling (
    center_id     id,
    item_id       id,
    position      int,
    code          text,        -- implementation code and a suffix 01-99
    kind          text,        -- new change renew cancel reissue other
    name          text,
    name_en       text,
    is_immediate  flag,
    legal_days    int,
    legal_unit    text,
    promised_days int,
    promised_unit text,
    state         text,
    source        text,
    PRIMARY KEY (center_id, item_id, position)
);
CREATE UNIQUE INDEX item_handling_code ON item_handling (center_id, code);

-- What was in the directory before versions is a version made by import.
INSERT INTO item_version (center_id, item_id, version, state, base_version, effective_on, edited_by, published_by, why,
                          published_at, changed_at, revision, content, digest)
    SELECT center_id, id, version, 'published', 0, 19000101, 0, 0, '', 0, 0, 1, '', '' FROM item;
