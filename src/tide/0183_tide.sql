-- Proposals that were accepted, so that the clerk concerned sees them.
CREATE TABLE tide (
    center_id   id,
    id          id,
    kind        text,      -- open close switch
    from_desk   text,      -- empty: none
    to_desk     text,
    reason      text,      -- as shown when it was accepted, zh-CN
    accepted_by text,
    accepted_at instant,
    PRIMARY KEY (center_id, id)
);
CREATE INDEX tide_recent ON tide (center_id, accepted_at);
