/* Shared by the pages: which day, which items, and the choices a form offers. */
#ifndef QUALITY_SCOPE_H
#define QUALITY_SCOPE_H

#include "events.h" /* generated */
#include "quality_kept.h"

struct looked_at {
    struct kept_day *day;
    const struct directory_facts *now;
    const struct directory_facts *before; /* NULL without a day */
    int64_t known_at;                     /* as far as the directory is known */
    struct figure_filter filter;
};
/* E_QUALITY_DAY for a day to come, or a first day that is not before it. on 0: today; known_at 0: all we know. */
MUST_USE enum err scope_read(struct ctx *c, const struct figure_filter *filter, int32_t on,
                             int64_t known_at, int32_t since, struct looked_at *ret);
void scope_fill(struct ctx *c, const struct looked_at *l, struct quality_scope *v);
void card_fill(struct ctx *c, const struct figure *f, struct figure_card *v);
/* "97.2 %" … "921 / 948 项": the figure in words. */
struct str over_text(struct ctx *c, const struct figure_rule *rule, int64_t numerator,
                     int64_t denominator, int64_t items);
struct str title_of(struct ctx *c, struct str name, struct str name_en);
/* The page of a list: *page is brought within, *ret_from the first row. */
#define PAGE_ROWS 50
int64_t pages_of(int64_t total, int64_t *page, int64_t *ret_from);
MUST_USE enum err journal_quality(struct ctx *c, enum event event, int64_t id, const char *member,
                                  struct str name, int64_t count);
/* A sheet for download. */
void sheet_reply(struct ctx *c, struct reply *r, const struct buf *b, const char *name);

#endif
