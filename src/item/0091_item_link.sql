-- Pages that bring an item together with others (one thing, done once); written by the folders that have them.
CREATE TABLE item_link (
    center_id   id,
    item_id     id,
    path        text,         -- /bundles/newborn
    name        text,
    name_en     text,
    PRIMARY KEY (center_id, item_id, path)
);
CREATE INDEX item_link_path ON item_link (center_id, path);
