-- What a visitor does next with the same number, one window after the other.
CREATE TABLE ticket_step (
    center_id    id,
    ticket_id    id,
    position     int,          -- 1 is next after what the ticket was taken for
    item_id      id,
    item_code    text,
    item_name    text,
    item_name_en text,
    added_at     instant,
    begun_at     instant?,     -- when the ticket went to its line
    PRIMARY KEY (center_id, ticket_id, position)
);
