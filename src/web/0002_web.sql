-- Log-ins that are open. The token itself is with the browser; here is only its digest.
CREATE TABLE session (
    center_id   id,              -- the centre
    token_hash  bytes,           -- SM3 of the token
    id          id,
    staff_id    id,              -- whose
    name        text,            -- as shown in timelines
    login       text,
    roles       int,             -- bit 1 << role, as of the log-in
    opened_at   instant,
    expires_at  instant,
    PRIMARY KEY (center_id, token_hash)
);
CREATE UNIQUE INDEX session_id ON session (center_id, id);
CREATE INDEX session_staff ON session (center_id, staff_id);
CREATE INDEX session_expiry ON session (center_id, expires_at);

-- First answers of unsafe requests by their key, so that a repeat gets the same one. Kept 24 hours.
CREATE TABLE kept_answer (
    center_id   id,              -- the centre
    key_hash    bytes,           -- SM3 of who asked, route and key
    body_hash   bytes,           -- SM3 of the request, to find another body under the same key
    answer      bytes,           -- status, location, type, body; encrypted
    made_at     instant,
    PRIMARY KEY (center_id, key_hash)
);
CREATE INDEX kept_answer_age ON kept_answer (center_id, made_at);
