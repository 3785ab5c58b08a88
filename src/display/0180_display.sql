-- What an administrator writes on the boards.
CREATE TABLE board_message (
    center_id  id,
    id         id,
    text       text,        -- may be empty when there is a picture
    text_en    text,        -- shown below it, may be empty
    zone_code  text,        -- empty: on all boards
    is_urgent  flag,        -- before all others, always in sight, on window displays too
    picture_id id?,
    from_at    instant,
    until_at   instant,     -- taken down by hand: the moment of that
    made_by    text,        -- name of who wrote it
    PRIMARY KEY (center_id, id)
);
CREATE INDEX board_message_until ON board_message (center_id, until_at);

-- Pictures of the messages: PNG or JPEG, looked through before they are kept.
CREATE TABLE board_picture (
    center_id    id,
    id           id,
    content_type text,
    width        int,
    height       int,
    bytes        bytes,
    PRIMARY KEY (center_id, id)
);
