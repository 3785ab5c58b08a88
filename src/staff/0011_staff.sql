-- Accounts of the staff.
CREATE TABLE staff (
    center_id     id,
    id            id,
    login         text,
    name          text,
    name_en       text,
    roles         int,         -- bits, enum role
    agency        text,
    desk_code     text,        -- where a clerk usually sits
    floor         int,
    password_hash text,        -- argon2id
    is_active     flag,
    failed_count  int,
    locked_until  instant?,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX staff_login ON staff (center_id, login);
