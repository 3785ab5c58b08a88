/* What items are made of, as data: elements (DOMAIN.md 1.8), code tables and their names at partners (1.9), the
 * basic catalogue (1.3). Imported from data/catalogue; shared by all centres and not changed while serving. */
#ifndef ITEM_TERMS_H
#define ITEM_TERMS_H

#include "item_doc.h"

enum value_type {
    VALUE_TEXT,
    VALUE_INT,
    VALUE_FLAG,
    VALUE_DATE,
    VALUE_CODE,
    VALUE_CODES,
    VALUE_LIST, /* a part of its own (papers, fees …), or lines */
    VALUE_FILE, /* the code of a file of the item */
    VALUE_URL,
    VALUE_TYPE_COUNT
};
enum element_need { NEED_MANDATORY, NEED_OPTIONAL, NEED_CONDITIONAL };

struct element_term {
    struct str field, part, title, title_en, scheme, rule;
    int64_t number, max_chars;
    enum value_type type;
    enum element_need need;
    bool for_visitors;
};
struct code_term {
    struct str scheme, code, name, name_en;
    int32_t valid_from, valid_to; /* valid_to 0: open */
};
struct item_terms {
    struct element_term *elements; /* in order of number, then field */
    struct element_term *by_field; /* the same in order of field */
    size_t element_count;
    struct code_term *codes; /* in order of scheme, code, valid_from */
    size_t code_count;
};

/* Read whole, about two hundred rows; it lives in the context's arena. */
MUST_USE enum err item_terms_read(struct ctx *c, struct item_terms *ret);
const struct element_term *element_term_of(const struct item_terms *t, struct str field);
/* The code as it is on that day, or NULL. */
const struct code_term *code_term_of(const struct item_terms *t, struct str scheme, struct str code,
                                     int32_t on);

/* Is the element mandatory for this item? Mandatory ones are; conditional ones by their named rule: has_fee,
 * needs_visit, is_entrusted, for_persons, for_bodies, is_online, has_result, is_licence. What is `derived` the
 * exchange fills in by itself (record id, version …) and nobody enters. Elements of papers (part C) are asked of each
 * paper (each_paper), of what the applicant brings from somebody else (paper_brought), of forms (paper_form): such an element
 * is needed when a paper needs it, and there when all of those have it. */
bool element_is_needed(const struct element_term *e, const struct item_doc *d);
bool element_rule_known(struct str rule);
struct element_gaps {
    const struct element_term **v; /* needed and not there */
    size_t n;
    size_t needed; /* all needed ones: completeness is (needed - n) / needed (DOMAIN.md 1.10) */
};
void item_doc_missing(struct ctx *c, const struct item_terms *t, const struct item_doc *d,
                      struct element_gaps *ret);

/* Where what is missing belongs: elements.promise_day, papers[2].issuer. */
struct str element_gap_place(struct ctx *c, const struct element_term *e, const struct item_doc *d);

/* A code at a partner, and back; STR_NONE when the partner has none (the caller says so, nothing is guessed).
 * Without a map of that scheme for the partner the code is the same there. */
MUST_USE enum err code_to_partner(struct ctx *c, struct str partner, struct str scheme,
                                  struct str code, struct str *ret);
MUST_USE enum err code_from_partner(struct ctx *c, struct str partner, struct str scheme,
                                    struct str partner_code, struct str *ret);

/* --- basic catalogue ------------------------------------------------------------------------------- */

struct catalogue_entry {
    struct str code, name, name_en, kind, use_levels, central_dept, state, source;
    struct doc_basis_list bases;
    int32_t valid_from, valid_to;
};
/* NULL when the catalogue has no such code. */
MUST_USE enum err catalogue_of(struct ctx *c, struct str code, struct catalogue_entry **ret);
/* The entries after a code, in order of code, at most 1000. */
struct catalogue_entries {
    struct catalogue_entry *v;
    size_t n;
};
MUST_USE enum err catalogue_after(struct ctx *c, struct str after, struct catalogue_entries *ret);
/* Name, type and legal bases are the catalogue's (DOMAIN.md 1.10): what the document leaves empty is filled from
 * it, so that a page and the exchange show it. entry may be NULL. */
void item_doc_inherit(struct ctx *c, struct item_doc *d, const struct catalogue_entry *entry);
/* Faults where the document says otherwise than the catalogue: another name (brackets and blanks aside) or type, a
 * legal basis that is left out. More bases than the catalogue has are allowed. */
void item_doc_against_catalogue(struct ctx *c, const struct item_doc *d,
                                const struct catalogue_entry *entry, struct doc_faults *faults);

#endif
