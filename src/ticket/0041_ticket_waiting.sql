-- With the state in it the index alone answers how many wait before a ticket (queues_before); without,
-- every one of up to 200 people a line was looked up in the table, ten times the work.
DROP INDEX ticket_waiting;
CREATE INDEX ticket_waiting ON ticket (center_id, line_id, class, queued_at, id, state) WHERE state = 0;
