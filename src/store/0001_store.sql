-- The chain of acts (DESIGN.md 4): one row an act, appended in the act's own transaction.
CREATE TABLE journal (
    center_id       id,      -- the centre whose chain it is
    seq             int,     -- 1, 2, 3 … a centre, without gaps
    at              instant, -- when it was done, by the program's clock
    kind            text,    -- name of the event, "ticket.called"
    subject         id,      -- id of what it happened to
    thread          id,      -- the visit it belongs to; 0 none
    actor_kind      int,     -- 0 visitor, 1 staff, 2 device, 3 system
    actor_id        id,      -- staff or device; 0 for a visitor
    actor           text,    -- name as shown in a timeline
    public_json     text,    -- short facts without personal data
    private_sealed  bytes?,  -- personal data, SM4-GCM; NULL when none or erased
    private_salt    bytes?,  -- key of the digest; erased with the part
    private_digest  bytes?,  -- HMAC-SM3 of the private part, covered by the chain; stays
    hash            bytes,   -- SM3 over the previous hash and all of the above (journal.h)
    PRIMARY KEY (center_id, seq)
);
CREATE INDEX journal_thread ON journal (center_id, thread, seq) WHERE thread <> 0;

-- The end of each centre's chain. Its row is what a lane locks at the head of a batch.
CREATE TABLE journal_head (
    center_id  id,       -- the centre
    seq        int,      -- last seq of the chain; 0 while empty
    hash       bytes,    -- its hash; 32 zero bytes while empty
    moved_at   instant,  -- when it was last moved
    PRIMARY KEY (center_id)
);

-- What a centre has set differently from the defaults in the .def files.
CREATE TABLE setting (
    center_id   id,      -- the centre
    name        text,    -- "loan.due_hours"
    value       text,    -- a whole number in decimal, 0 or 1, or a text
    changed_at  instant, -- last change
    PRIMARY KEY (center_id, name)
);
