-- The directory's version: rises with every import; cases and indexes remember it.
CREATE TABLE directory (
    center_id  id,
    version    int,
    changed_at instant,
    PRIMARY KEY (center_id)
);

-- Service items (政务服务事项), one row an item a visitor can apply for.
CREATE TABLE item (
    center_id     id,
    id            id,
    code          text,       -- basic code, 12 digits (DOMAIN.md 1.3)
    impl_code     text,       -- implementation code, 31 characters (1.5)
    name          text,
    name_en       text,
    main_item     text,
    agency_id     id,
    kind          text,       -- item type code, 01-20 (1.2)
    zone_code     text,       -- personal business estate investment
    one_window    flag,       -- comprehensive windows may take it
    is_online     flag,
    onsite_visits int,
    is_immediate  flag,       -- case type 1 即办件
    legal_days    int,
    legal_unit    text,       -- working or natural
    promised_days int,
    promised_unit text,
    has_fee       flag,
    version       int,        -- of this item
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX item_code ON item (center_id, code);
CREATE UNIQUE INDEX item_impl_code ON item (center_id, impl_code);
CREATE INDEX item_agency ON item (center_id, agency_id, code);
CREATE INDEX item_zone ON item (center_id, zone_code, code);

-- Longer elements of the guide, Chinese and English.
CREATE TABLE item_text (
    center_id  id,
    item_id    id,
    element    text,          -- summary conditions steps fee legal_basis hours place online result questions consult_phone complaint_phone
    zh         text,
    en         text,
    state      text,          -- read, demonstration
    source     text,
    PRIMARY KEY (center_id, item_id, element)
);

-- Papers (材料); a paper that is not here cannot be asked for.
CREATE TABLE item_paper (
    center_id   id,
    item_id     id,
    position    int,
    name        text,
    name_en     text,
    kind        text,         -- original copy both either form
    copies      int,
    necessity   text,         -- required optional later
    provider    text,         -- applicant government on_site
    standard    text,         -- what the clerk checks
    standard_en text,
    basis       text,         -- law and article
    on_site     flag,         -- signed or made at the window
    state       text,
    source      text,
    PRIMARY KEY (center_id, item_id, position)
);

-- Everyday words people use for an item.
CREATE TABLE item_word (
    center_id  id,
    item_id    id,
    word       text,
    kind       text,
    PRIMARY KEY (center_id, item_id, word)
);

-- Where each element comes from; item_id 0 is the default for all items.
CREATE TABLE item_source (
    center_id  id,
    item_id    id,
    element    text,
    state      text,          -- read demonstration missing
    source     text,
    PRIMARY KEY (center_id, item_id, element)
);
