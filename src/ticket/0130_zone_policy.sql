-- The policy by which a zone calls (policy.h), and the classes it called last. A zone without a row
-- follows "ageing".
CREATE TABLE zone_policy (
    center_id        id,
    zone_id          id,
    name             text,     -- arrival ageing strict ratio window green_cap
    first_calls      int,      -- of ratio: so many with a claim …; of green_cap: at most so many …
    then_calls       int,      -- … then so many others; … of any so many calls
    patience_minutes int,      -- who has waited longer goes before all (not under arrival and ageing)
    recent           int,      -- policy_remember()
    changed_at       instant,
    PRIMARY KEY (center_id, zone_id)
);
