-- The legal term as the item gave it at intake, like the promised one; NULL in cases from before: the item's own then.
ALTER TABLE casefile ADD COLUMN legal_days int?;
ALTER TABLE casefile ADD COLUMN legal_unit text?;
