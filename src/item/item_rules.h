/* Rules that the elements of one item keep to among themselves: DOMAIN.md 1.10, those a city uses to find errors in
 * published guides, and what the law says of papers and fees. They are a table: each has a sentence, what to do about
 * it, and its source. A hard rule is broken by what contradicts itself or the law: such a version is not published
 * (item_publish). A soft one is broken by what a good guide would have: it goes to the list of work. Empty elements
 * break no rule that needs them; they are gaps (item_doc_missing). All of it is pure. */
#ifndef ITEM_RULES_H
#define ITEM_RULES_H

#include "item_terms.h"

enum rule_weight { RULE_SOFT, RULE_HARD };

struct item_ruling; /* one document under one rule */
struct item_rule {
    const char *code;
    enum rule_weight weight;
    const char *place;  /* where to look first: elements.promise_day, papers, fees … */
    const char *fields; /* the elements it looks at, with blanks between */
    const char *says;   /* zh-CN, a message id: what is wrong */
    const char *mend;   /* zh-CN, a message id: what to do */
    const char *source; /* zh-CN, a message id */
    void (*judge)(struct item_ruling *k); /* calls rule_broken() */
};
extern const struct item_rule item_rules[];
extern const int item_rule_count; /* at most 64: a set of rules is a bit mask */

struct rule_finding {
    const struct item_rule *rule;
    struct str place; /* elements.promise_day, papers[2].basis, fees */
};
struct rule_findings {
    struct rule_finding *v;
    size_t n;
};
/* Everything the document breaks, in the order of the rules. */
void item_rules_judge(struct ctx *c, const struct item_doc *d, struct rule_findings *ret);
/* Only which: bit i is item_rules[i]. */
uint64_t item_rules_broken(struct ctx *c, const struct item_doc *d);
/* The hard ones as faults, with sentence and remedy. */
void item_rules_faults(struct ctx *c, const struct item_doc *d, struct doc_faults *faults);

/* Days of a limit in fifths of a natural day, so that working and natural days compare without holidays: five working
 * days are seven natural ones. -1 when the element or its unit is not there (unit codes of the scheme time_unit). */
int64_t limit_in_fifths(const struct item_doc *d, const char *day_field, const char *unit_field);
/* Steps of the process: its lines that say something. */
int item_doc_steps(const struct item_doc *d);

/* --- four levels, four sames (四级四同): the six steps of DOMAIN.md 1.10 ------------------------- */

enum same_step {
    SAME_CATALOGUE, /* the catalogue has the code, and it holds on that day */
    SAME_NAME,      /* brackets and blanks aside */
    SAME_CODE,      /* the implementation code is made of body, level and basic code */
    SAME_BASES,     /* all (law, article) of the catalogue are there; more may be */
    SAME_KIND,      /* item type: here, in the catalogue and in the code */
    SAME_LEVEL,     /* the level in the code is one that may exercise it */
    SAME_STEP_COUNT
};
extern const char
    *const same_sentences[SAME_STEP_COUNT]; /* zh-CN, message ids: what is not the same */
/* The steps that fail, as bits; 0: the item is the same. entry is catalogue[d.catalog_code], NULL when there is none:
 * then nothing else can be compared, and only SAME_CATALOGUE is said. */
unsigned item_sames_failed(struct ctx *c, const struct item_doc *d,
                           const struct catalogue_entry *entry, int32_t on);

#endif
