/* Bundles: "one thing, done once" (一件事一次办; DOMAIN.md 8, MISSION M9). A bundle is data: components (items of this
 * hall by code, or named steps elsewhere), what each needs of another, papers and fields once, five questions at
 * most. What follows from them is arithmetic (plan.h). Handling several cases as one comes with the cases. */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "bundle_gen.h"
#include "item.h"
#include "plan.h"

enum bundle_part {
    BUNDLE_COMPONENTS,
    BUNDLE_OPTIONS,
    BUNDLE_EDGES,
    BUNDLE_PAPERS,
    BUNDLE_FIELDS,
    BUNDLE_PART_COUNT
};

/* What is wrong with a definition, at which of its rows. */
struct bundle_fault {
    enum bundle_part part;
    size_t row;         /* in the rows of that part */
    const char *column; /* as in the CSV */
    enum bundle_wrong {
        BUNDLE_NO_COMPONENT, /* word is the code of no component of this bundle */
        BUNDLE_NO_OPTION,    /* word is the code of no option */
        BUNDLE_CYCLE,        /* word: the ring, "a → b → a" */
        BUNDLE_OWN_PAPER,    /* a component makes the paper it needs */
        BUNDLE_MANY_OPTIONS, /* more options of a question than the plan takes */
        BUNDLE_NOBODY,       /* no component needs it */
    } wrong;
    struct str word;
};

/* A bundle as it stands in the tables, and resolved into a plan: the n-th component, paper and field are the
 * n-th row, the n-th option is bit n, questions are in the order of their rows. */
struct bundle_def {
    struct bundle_row head;
    struct bundle_components_rows components;
    struct bundle_options_rows options;
    struct bundle_edges_rows edges;
    struct bundle_papers_rows papers;
    struct bundle_fields_rows fields;
    struct item_view *items
        [PLAN_COMPONENTS_MAX]; /* of the component; NULL for a step elsewhere, or when the item is gone */
    struct plan plan;
    struct bundle_fault *faults;
    size_t fault_count; /* at most 40 are kept */
};

/* E_NO_SUCH_BUNDLE, or the definition with its items and its faults. One that was imported has none. */
MUST_USE enum err bundle_load(struct ctx *c, struct str code, struct bundle_def *ret);

/* The page: what is left after the answers (words of options, unknown ones are passed over). */
MUST_USE enum err bundle_fill(struct ctx *c, const struct bundle_def *d, const struct str *answers,
                              size_t answer_count, struct bundle_view *ret);

/* Name in the context's language. */
struct str bundle_name(const struct ctx *c, const struct bundle_row *b);
/* Names in a row, divided as the language does it. */
struct str bundle_join(const struct ctx *c, const struct texts *names);
struct str bundle_stage_title(const struct ctx *c, struct str code);
/* Those of a list of codes divided by commas, for other pages; a code that is gone is left out. */
MUST_USE enum err bundle_lines(struct ctx *c, struct str codes, struct bundle_line_list *ret);

/* The drawing of the steps: boxes from top to bottom, wave by wave, and lines on their left from what is done to
 * what waits for it, so that it fits a phone, in any language, and paper. */
void bundle_draw(struct ctx *c, const struct bundle_def *d, struct bundle_view *v);

#endif
