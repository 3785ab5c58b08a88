-- Persons and bodies that came to this centre; everything that names them is sealed.
CREATE TABLE party (
    center_id     id,
    id            id,
    is_legal      flag,
    id_type       int,         -- GA/T 2000.156, 0 not given
    id_digest     text?,       -- keyed digest of type and number
    name_sealed   bytes,
    id_no_sealed  bytes?,
    phone_sealed  bytes?,
    seen_at       instant,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX party_same ON party (center_id, id_digest) WHERE id_digest IS NOT NULL;
