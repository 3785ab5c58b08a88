-- Which desks may handle a line, and which are open, as bit sets (desk_set.h): people of other lines are
-- before a ticket only at open desks that the two lines share.
ALTER TABLE desk ADD COLUMN bit int DEFAULT -1;        -- its place in the sets; -1 until lines were computed
ALTER TABLE line ADD COLUMN desk_bits bytes?;
ALTER TABLE lines_made ADD COLUMN open_bits bytes?;
-- Computed anew at the next look (hall.lines).
UPDATE lines_made SET directory_version = -1;
