-- Documents: written down by the act that decides, made as PDF afterwards by the press.
CREATE TABLE document (
    center_id   id,
    id          id,
    kind        text,
    organ       text,          -- in whose name
    organ_code  text,          -- its USCC, may be empty
    year        int,
    serial      int,           -- of the organ in that year, from 1, without gaps
    number      text,
    token       text,          -- of its check page
    subject     id,            -- the case
    thread      id,            -- the visit, 0 none
    party_id    id,            -- whom it is addressed to
    holder      text,          -- the same, masked
    licence_no  text,          -- electronic licence number (GB/T 36904), may be empty
    contents    bytes,         -- what it must hold, sealed
    issued_at   instant,
    issued_by   id?,
    state       int,           -- 0 to be made, 1 made, 2 withdrawn
    tries       int,
    tried_at    instant?,
    made_at     instant?,
    file        text?,         -- name of its file
    digest      text?,         -- SM3 of the file, hex
    size        int?,
    signer      text?,         -- who signed, NULL not signed
    algorithm   text?,
    withdrawn_at instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX document_serial_once ON document (center_id, organ, year, serial);
CREATE UNIQUE INDEX document_token ON document (center_id, token);
CREATE INDEX document_due ON document (center_id, id) WHERE state = 0;
CREATE INDEX document_subject ON document (center_id, subject, id);
CREATE INDEX document_digest ON document (center_id, digest) WHERE digest IS NOT NULL;

-- The last number an organ gave in a year.
CREATE TABLE document_serial (
    center_id   id,
    organ       text,
    year        int,
    last        int,
    PRIMARY KEY (center_id, organ, year)
);

-- Certificates that the centre signs with, one of each kind.
CREATE TABLE document_signer (
    center_id   id,
    kind        text,          -- rsa ec sm2
    certificate bytes,         -- X.509, DER
    key_sealed  bytes,         -- PKCS #8, sealed under the key ring
    is_demonstration flag,
    made_at     instant,
    PRIMARY KEY (center_id, kind)
);
