-- Who issues a paper and where it is to be had, in English (DOMAIN.md 1.8, C: the list of GB/T 39046, 57-60).
ALTER TABLE item_paper ADD COLUMN issuer_en text DEFAULT '';
ALTER TABLE item_paper ADD COLUMN where_to_get_en text DEFAULT '';
