/* What follows from the definition of a bundle, without a database: cycles, waves, the longest path, what is
 * brought once, what is saved (DOMAIN.md 8.5). Pure functions over small arrays: at most 48 components, so a set of
 * them is the bits of one word.
 *
 * Terms in working and in natural days stand on one path. They are compared in sevenths of a working day: five working days
 * span a week of seven, so a working day weighs 7 and a natural day 5. Holidays are left out, because a promise is made before the
 * day is known. No rounding within a path; the sum is rounded up to whole working days, and said with "about" when it holds natural days.
 *
 * A question that is not answered leaves two sets: what is surely needed, and what may be. */
#ifndef PLAN_H
#define PLAN_H

#include "str.h"

enum {
    PLAN_COMPONENTS_MAX = 48,
    PLAN_EDGES_MAX = 200,
    PLAN_QUESTIONS_MAX = 5,
    PLAN_OPTIONS_MAX = 4, /* of a question: 4^5 situations are looked at for a page */
    PLAN_PAPERS_MAX = 100,
    PLAN_FIELDS_MAX = 100,
};

typedef uint64_t plan_set; /* of components */
#define PLAN_BIT(i) ((plan_set)1 << (i))

struct plan_edge {
    int before, after; /* after needs the result of before */
};

struct plan_component {
    int64_t days; /* promised; 0 is on the spot */
    bool is_natural;
    int64_t visits;
    bool is_outside;    /* its visit is made elsewhere and cannot be joined with others */
    uint32_t chosen_by; /* options that add it; 0: always needed */
};

enum plan_provider { PLAN_APPLICANT, PLAN_GOVERNMENT, PLAN_ON_SITE, PLAN_PROVIDER_COUNT };

struct plan_paper {
    plan_set owners;
    int produced_by; /* component whose result it is, -1: none */
    enum plan_provider provider;
    uint32_t needed_when; /* any of these options; 0: always */
};

struct plan_field {
    plan_set owners;
    bool is_prefilled;
    uint32_t needed_when;
};

struct plan_question {
    uint32_t options; /* bits of its options */
};

struct plan {
    struct plan_component components[PLAN_COMPONENTS_MAX];
    int component_count;
    struct plan_edge edges[PLAN_EDGES_MAX];
    int edge_count;
    struct plan_paper papers[PLAN_PAPERS_MAX];
    int paper_count;
    struct plan_field fields[PLAN_FIELDS_MAX];
    int field_count;
    struct plan_question questions[PLAN_QUESTIONS_MAX];
    int question_count;
};

/* Components that wait for one another in a ring, in their order, into ret (room for all); their number, 0 without a cycle. */
int plan_cycle(const struct plan *p, int *ret);

/* The wave of each component of the set, from 0: all of a wave may run at the same time, each after those it
 * needs. An edge counts only when both its ends are in the set. Returns the number of waves; others get -1. Needs a plan
 * without cycle. */
int plan_waves(const struct plan *p, plan_set needed, int ret_wave[PLAN_COMPONENTS_MAX]);

struct plan_term {
    int64_t working_days, natural_days; /* on the longest path */
    int path[PLAN_COMPONENTS_MAX];      /* from its first to its last component */
    int length;
};
/* The longest path by promised terms: nothing runs faster than its slowest chain, and no promise is
 * longer (DOMAIN.md 8.5). Of equal paths the shorter list, then the earlier components. Needs a plan without cycle. */
struct plan_term plan_longest(const struct plan *p, plan_set needed);
int64_t plan_weight(int64_t working_days, int64_t natural_days); /* in sevenths of a working day */
int64_t plan_whole_days(const struct plan_term *t);              /* working days, rounded up */

/* What the answers leave: chosen holds the bits of the options taken, one at most of a question. */
struct plan_situation {
    uint32_t chosen, possible; /* options: taken; taken or still open */
    plan_set sure,
        maybe; /* components: needed whatever else is answered; needed by some answer (holds sure) */
};
struct plan_situation plan_situate(const struct plan *p, uint32_t chosen);
/* The shortest and the longest of the longest paths over all answers that are still open. */
void plan_term_range(const struct plan *p, const struct plan_situation *s,
                     struct plan_term *ret_least, struct plan_term *ret_most);

enum plan_need { PLAN_NOT_NEEDED, PLAN_MAYBE, PLAN_NEEDED };
/* Whether somebody needs it: an owner that is needed, and an option of needed_when (if it names any). */
enum plan_need plan_need_of(const struct plan_situation *s, plan_set owners, uint32_t needed_when);
/* Whether the visitor must bring it: needed, not made by a component of this bundle that is surely done, not known to the government. */
enum plan_need plan_brings(const struct plan_situation *s, const struct plan_paper *paper);

struct plan_saving {
    int64_t papers_before,
        papers_after; /* before: each agency asks for its own; after: each once, without what a component makes */
    int64_t fields_before, fields_after; /* written by the visitor */
    int64_t visits_before,
        visits_after; /* after: all in the hall is one visit, what is outside stays */
    int64_t steps_before,
        steps_after; /* applications: one for each component; one, and those outside */
};
struct plan_saving plan_saved(const struct plan *p, const struct plan_situation *s);
/* Whole percent less, half rounded up; 0 when there was nothing, negative when it grew (half away from zero). */
int64_t plan_percent_less(int64_t before, int64_t after);

#endif
