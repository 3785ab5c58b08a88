-- Ratings; one for a visit's ticket, one for a case, never two for the same service (国办发〔2019〕51号).
CREATE TABLE rating (
    center_id    id,
    id           id,
    thread       id,
    ticket_id    id?,
    case_id      id?,
    scheme       text,         -- national: 5 very satisfied … 1 (DOMAIN.md 5.2); never a bare digit
    grade        int,
    tags         text,         -- label codes, comma between (DOMAIN.md 5.3)
    body         text,         -- free words
    is_anonymous flag,
    channel      text,         -- pad phone web
    desk_id      id?,
    staff_id     id?,
    given_at     instant,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX rating_of_ticket ON rating (center_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE UNIQUE INDEX rating_of_case ON rating (center_id, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX rating_recent ON rating (center_id, given_at);
