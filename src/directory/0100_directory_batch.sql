-- A change of several items that somebody prepared: a field of many items, or a table that was uploaded. It is looked at
-- first; then each item gets a draft.
CREATE TABLE directory_batch (
    center_id   id,
    id          id,
    kind        text,          -- bulk, or the kind of the table: items, item_papers …
    title       text,          -- what is changed: the field and its value, the name of the file
    why         text,
    state       text,          -- planned, applied, undone; faulty: the table had faults, nothing was taken
    items       int,           -- that it changes
    faults      int,           -- of the table
    staff_id    id,
    staff_name  text,
    made_at     instant,
    applied_at  instant?,
    PRIMARY KEY (center_id, id)
);

-- The items of a batch: what each is to say, and what became of it.
CREATE TABLE directory_batch_item (
    center_id     id,
    batch_id      id,
    position      int,         -- from 1
    item_id       int,         -- 0: not in the directory yet; then that of its draft, once it is made
    code          text,
    name          text,
    base_version  int,         -- in force when the batch was made; 0: a new item
    content       text,        -- the whole document as it is to be
    outcome       text,        -- empty: nothing yet; made, open, moved, faulty, undone, kept
    draft         int,         -- version of the draft, 0: none
    revision      int,         -- of the draft as the batch left it
    PRIMARY KEY (center_id, batch_id, position)
);

-- What was wrong with an uploaded table, at most a thousand places.
CREATE TABLE directory_batch_fault (
    center_id  id,
    batch_id   id,
    position   int,
    line       int,
    place      text,           -- the column, with its letter in a spreadsheet
    reason     text,
    PRIMARY KEY (center_id, batch_id, position)
);
