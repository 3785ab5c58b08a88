-- Where the request came from (door kiosk phone bus_stop desk), the floor and the skills it needs, who was told and when,
-- and what the person thought of the help.
ALTER TABLE assist ADD COLUMN source text DEFAULT '';
ALTER TABLE assist ADD COLUMN floor int DEFAULT 0;
ALTER TABLE assist ADD COLUMN skills text DEFAULT '';
ALTER TABLE assist ADD COLUMN wanted_at instant?;
ALTER TABLE assist ADD COLUMN told int DEFAULT 0;
ALTER TABLE assist ADD COLUMN told_at instant?;
ALTER TABLE assist ADD COLUMN offered_id id?;
ALTER TABLE assist ADD COLUMN offered_name text DEFAULT '';
ALTER TABLE assist ADD COLUMN grade int?;
ALTER TABLE assist ADD COLUMN grade_text text DEFAULT '';
ALTER TABLE assist ADD COLUMN graded_at instant?;
CREATE INDEX assist_ended ON assist (center_id, helper_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX assist_day ON assist (center_id, requested_at);

-- What a helper can do that not everybody can: sign language, English, lifting. Data of the hall.
CREATE TABLE help_skill (
    center_id  id,
    code       text,
    name       text,
    name_en    text,
    kinds      text,        -- kinds of help that always need it, blanks between
    position   int,
    PRIMARY KEY (center_id, code)
);

CREATE TABLE helper_skill (
    center_id  id,
    staff_id   id,
    skill      text,
    PRIMARY KEY (center_id, staff_id, skill)
);

-- The proxy log (DOMAIN.md 9.7): what a person handed to the helper, for what, on whose wish, and back. No passwords.
CREATE TABLE assist_paper (
    center_id     id,
    id            id,
    assist_id     id,
    what          text,
    purpose       text,
    whose         text,      -- on whose wish
    handed_at     instant,
    handed_to     text,      -- the helper's name
    returned_at   instant?,
    returned_by   text?,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX assist_paper_of ON assist_paper (center_id, assist_id, handed_at);
