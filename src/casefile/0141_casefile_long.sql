-- What a case that is not decided on the spot needs besides. NULL in all others.
ALTER TABLE casefile ADD COLUMN corrected_at instant?;
ALTER TABLE casefile ADD COLUMN deemed_at instant?;
ALTER TABLE casefile ADD COLUMN stage int?;
ALTER TABLE casefile ADD COLUMN reviewed_by id?;
ALTER TABLE casefile ADD COLUMN claimed_by id?;
ALTER TABLE casefile ADD COLUMN claimed_at instant?;
ALTER TABLE casefile ADD COLUMN stops int?;
ALTER TABLE casefile ADD COLUMN extended_days int?;
ALTER TABLE casefile ADD COLUMN organ text?;

-- The one notice of what to correct (ALL 32(1)4): its key makes a second one impossible.
CREATE TABLE casefile_correction (
    center_id   id,
    case_id     id,
    told_at     instant,
    papers      text,          -- names of all papers that are missing or faulty
    opinion     text,          -- what is wrong and how to set it right
    answer_by   date?,         -- NULL: the item sets no day
    supplied_at instant?,
    staff_id    id?,
    PRIMARY KEY (center_id, case_id)
);
CREATE INDEX casefile_correction_due ON casefile_correction (center_id, answer_by) WHERE supplied_at IS NULL AND answer_by IS NOT NULL;

-- Time that is not counted (ALL 45): the ledger of special procedures.
CREATE TABLE casefile_stop (
    center_id   id,
    case_id     id,
    position    int,
    kind        text,          -- hearing tender auction inspection testing quarantine appraisal expert_review
    days        int,           -- as told in writing
    unit        text,          -- working or natural
    basis       text,
    approver    text,
    begun_at    instant,
    ended_at    instant?,
    outcome     text,
    staff_id    id?,
    PRIMARY KEY (center_id, case_id, position)
);

-- The one extension (ALL 42): its key makes a second one impossible.
CREATE TABLE casefile_extension (
    center_id   id,
    case_id     id,
    days        int,           -- in the unit of the term
    reason      text,
    approver    text,
    extended_at instant,
    due_before  date?,
    due_after   date?,
    staff_id    id?,
    PRIMARY KEY (center_id, case_id)
);

-- The steps a case went through (GB/T 39046 table 7).
CREATE TABLE casefile_step (
    center_id   id,
    case_id     id,
    position    int,
    step        text,          -- review approve decide
    action      text,          -- pass return other
    opinion     text,
    staff_id    id,
    staff_name  text,
    begun_at    instant,
    ended_at    instant,
    PRIMARY KEY (center_id, case_id, position)
);

-- How the cases of an item are handled, where it differs from the ordinary.
CREATE TABLE case_rule (
    center_id       id,
    item_id         id,
    mode            text,      -- ordinary, joint (ALL 26), first_review (ALL 35, 43)
    two_persons     flag,      -- who reviewed does not decide
    has_approval    flag,      -- a second look between review and decision
    correction_days int,       -- days to answer a correction notice, 0: no day is set
    review_days     int,       -- terms of the steps in working days, 0: none of their own
    approve_days    int,
    decide_days     int,
    state           text,      -- read, demonstration
    source          text,
    PRIMARY KEY (center_id, item_id)
);

-- How far due dates have followed the calendar.
CREATE TABLE casefile_recount (
    center_id   id,
    version     int,           -- of the calendar, done whole
    doing       int,           -- the one being followed
    after_id    id,            -- up to this case
    PRIMARY KEY (center_id)
);
