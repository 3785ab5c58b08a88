-- What a visitor was told when the ticket was issued, and how well the line has kept it (estimate.h).
ALTER TABLE ticket ADD COLUMN ahead int DEFAULT 0; -- hundredths of a person before it at issue
ALTER TABLE ticket ADD COLUMN told_half_ms int DEFAULT 0; -- half of all wait no longer; 0: nothing was told that could be kept
ALTER TABLE ticket ADD COLUMN told_most_ms int DEFAULT 0; -- nine of ten wait no longer
ALTER TABLE line ADD COLUMN stretch_half int DEFAULT 1000; -- thousandths
ALTER TABLE line ADD COLUMN stretch_most int DEFAULT 1000;
