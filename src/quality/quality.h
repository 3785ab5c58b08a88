/* How good the directory is: figures of DOMAIN.md 12.3, gaps, and what a catalogue of the level above would change.
 *
 * Everything is computed from the documents in force on a day, as the versions say (item_version.h), so that the figure
 * of any past day comes out again. What is not versioned and taken as it is today: the basic catalogue, the table of
 * elements and the names of agencies. */
#ifndef QUALITY_H
#define QUALITY_H

#include "item_rules.h"
#include "quality_gen.h"

#define MISSING_WORDS 4 /* of 64 elements each */

/* One item on one day; or an entry of the catalogue that our level must have and nobody has entered (item_id 0). */
struct item_facts {
    int64_t item_id;
    struct str code, name, name_en, agency, zone, kind;
    bool is_claimed;      /* the catalogue has it for our level: it must be entered */
    int in_hall;          /* 1, 0, or -1: not known */
    int one_window;       /* the same */
    int is_online;        /* the same */
    int is_immediate;     /* the same */
    int64_t visits;       /* -1: not known */
    int64_t law, promise; /* fifths of a natural day, -1: not known */
    int64_t papers, steps;
    int64_t needed, gaps; /* elements: needed ones, and those of them that are not there */
    uint64_t broken;      /* rules, item_rules.h */
    unsigned sames;       /* failed steps of the four-sames check */
    int64_t faults;       /* what item_doc_check() finds: codes, dates, digits */
    uint64_t missing[MISSING_WORDS]; /* by index in item_terms.elements */
};
/* In order of code. */
struct directory_facts {
    int32_t on;
    int64_t known_at;
    struct item_facts *v;
    size_t n;
    struct item_terms terms;
};
/* The directory as it was in force on that day, as far as was known at known_at (0: at the end of that day, or now). */
MUST_USE enum err directory_facts_on(struct ctx *c, int32_t on, int64_t known_at,
                                     struct directory_facts *ret);
/* Everything but the terms, with texts of its own. */
void directory_facts_copy(struct arena *keep, const struct directory_facts *from,
                          struct directory_facts *ret);
/* What one document says: pure. entry is the catalogue's for its code, or NULL; level the centre's exercise level. */
void item_facts_of(struct ctx *c, const struct item_terms *terms, const struct item_doc *d,
                   const struct catalogue_entry *entry, char level, int32_t on,
                   struct item_facts *ret);
/* Exercise level of a centre by its region (GB/T 2260): 2 province, 3 city, 4 county. */
char level_of_region(struct str region);
/* The agency that has most items of the guiding department in this code: whose an entry is that nobody has entered.
 * Empty when no agency has one. */
struct str agency_of_department(const struct directory_facts *d, struct str code);
int hard_count(const struct item_facts *f);
int soft_count(const struct item_facts *f);

/* --- figures ------------------------------------------------------------------------------------- */

enum counting { NOT_COUNTED, NOT_KNOWN, COUNTED };
/* What one item adds to a figure: num of den. */
struct share {
    enum counting is;
    int64_t num, den;
};
enum figure_unit { UNIT_ITEMS, UNIT_MEAN, UNIT_DAYS, UNIT_PAPERS, UNIT_STEPS, UNIT_VISITS };
struct figure_rule {
    const char *name;
    const char *title, *about,
        *next; /* zh-CN message ids: what it is, over what; what to do next */
    enum figure_unit unit;
    bool is_change; /* compares with an earlier day */
    /* before: the same item on the earlier day, NULL when it was not there or no day was given */
    struct share (*of)(const struct item_facts *f, const struct item_facts *before);
};
extern const struct figure_rule figure_rules[];
extern const int figure_rule_count;
const struct figure_rule *figure_rule_of(struct str name); /* or NULL */

struct figure_filter { /* empty: all */
    struct str zone, agency, kind;
};
bool figure_filter_takes(const struct figure_filter *f, const struct item_facts *item);
struct figure {
    const struct figure_rule *rule;
    int64_t numerator, denominator, items, unknown;
    struct str
        digest; /* SM3 over code, num and den of each item that is counted, in order of code */
};
/* before may be NULL. */
void figure_compute(struct ctx *c, const struct figure_rule *rule,
                    const struct directory_facts *now, const struct directory_facts *before,
                    const struct figure_filter *filter, struct figure *ret);
/* The same item on the earlier day, or NULL. */
const struct item_facts *facts_of_code(const struct directory_facts *d, struct str code);
/* "97.2 %"; "—" when there is nothing to count. Rounded to a tenth, but 99.96 is not 100. */
struct str percent_text(struct ctx *c, int64_t numerator, int64_t denominator);

/* --- catalogue of the level above ---------------------------------------------------------------- */

struct upstream_change {
    enum doc_change_kind kind; /* added, removed, changed */
    struct str code, name;
    struct str member; /* name, type, use_levels, bases, valid_to; empty: the whole entry */
    struct str before, after;
    bool is_ours; /* our level may exercise it, before or after */
};
struct upstream_changes {
    struct upstream_change *v;
    size_t n;
};
/* Both in order of code. An entry that ends by that day counts as not there. Pure. */
void catalogue_diff(struct ctx *c, const struct catalogue_entries *ours,
                    const struct catalogue_entries *theirs, char level, int32_t on,
                    struct upstream_changes *ret);
/* A table in the columns of the kind catalogue (code, name, type, use_levels and, when there, name_en, central_dept,
 * bases, valid_from, valid_to), sorted. E_TABLE_FAULTS with the first bad rows as the sentence. */
MUST_USE enum err catalogue_read(struct ctx *c, struct str csv, struct catalogue_entries *ret);
/* All entries of our catalogue, in order of code. */
MUST_USE enum err catalogue_whole(struct ctx *c, struct catalogue_entries *ret);

#endif
