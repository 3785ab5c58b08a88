/* Figures without computing them again: the directory of a day is looked through once for each version of the directory and
 * kept (service quality_kept), and so is what each page has asked of it. A request reads which version there is, one row, and
 * takes what is kept; an act that changes the directory, an agency's name or the centre's region makes the next request
 * look again. A day that was kept is computed from the versions like any other, so nothing but time is different. */
#ifndef QUALITY_KEPT_H
#define QUALITY_KEPT_H

#include "quality.h"

/* What one choice of filters (and earlier day) gives: all figures, in the order of figure_rules, and each agency's. */
struct figure_board {
    struct figure *figures;
    struct agency_standing *agencies; /* in order of name */
    size_t agency_count;
    int64_t items, hard, complete;
};
struct texts_of { /* distinct, in order, without the empty one */
    struct str *v;
    size_t n;
};
struct kept_day; /* shared by requests, read only but for its boards */

/* The directory of that day as known at that moment (0: all we know). Kept when known_at is 0 and the service runs; else made
 * for this request. It lives as long as the request. */
MUST_USE enum err kept_day_of(struct ctx *c, int32_t on, int64_t known_at, struct kept_day **ret);
const struct directory_facts *kept_facts(const struct kept_day *day);
const struct texts_of *kept_zones(const struct kept_day *day);
const struct texts_of *kept_agencies(const struct kept_day *day);
const struct texts_of *kept_kinds(const struct kept_day *day);
/* Computed when first asked for. before may be NULL. */
const struct figure_board *kept_board(struct ctx *c, struct kept_day *day,
                                      const struct directory_facts *before,
                                      const struct figure_filter *filter);
/* The figure of a rule on a board. */
const struct figure *board_figure(const struct figure_board *b, const struct figure_rule *rule);

#endif
