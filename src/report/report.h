/* Figures of the day and the story of a visit. The figures are counted from the tickets themselves; each
 * interval is defined once: the wait is from issue to the first start, the service from start to end. */
#ifndef REPORT_H
#define REPORT_H

#include "report_gen.h"

/* One day of the whole hall, its zones and classes. */
MUST_USE enum err day_of_hall(struct ctx *c, int32_t on, struct day_figures *ret_all,
                              struct day_figures_list *ret_zones);
MUST_USE enum err day_by_class(struct ctx *c, int32_t on, struct day_figures_list *ret_classes);
/* 0-based rank of the value that nine of ten do not exceed (nearest rank: ceil(0.9 n) - 1). */
int64_t rank_of_nine_tenths(int64_t n);

#endif
