-- Files that something stands on; their bytes lie sealed in the data folder.
CREATE TABLE file (
    center_id  id,
    name       text,           -- where it lies: keyed digest of its bytes, 64 hex digits
    digest     text,           -- SM3 of its bytes, hex
    size       int,            -- bytes
    kept_at    instant,
    PRIMARY KEY (center_id, name)
);

-- Who stands on it; without anybody the row of the file goes, and its bytes after the grace period.
CREATE TABLE file_use (
    center_id  id,
    name       text,
    owner      text,           -- document, archive …
    owner_id   id,
    PRIMARY KEY (center_id, name, owner, owner_id),
    FOREIGN KEY (center_id, name) REFERENCES file (center_id, name)
);
