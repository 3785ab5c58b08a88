-- How often, and when last, somebody was reminded of a loan that is late.
ALTER TABLE loan ADD COLUMN reminders int DEFAULT 0;
ALTER TABLE loan ADD COLUMN reminded_at instant?;
