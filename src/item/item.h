/* The item directory: what can be done here, in whose hands, with which papers, in what time; and
 * finding it in everyday words. The search index (item_index.h) is a service; it follows the
 * directory's version. */
#ifndef ITEM_H
#define ITEM_H

#include "item_gen.h"

/* By 12- or 31-character code; E_NO_SUCH_ITEM. The row of the table `item` (item.sql: statement item). */
MUST_USE enum err item_by_any_code(struct ctx *c, struct str code, struct item_row *ret);
MUST_USE enum err item_by_its_id(struct ctx *c, int64_t item_id, struct item_row *ret);
/* Name in the context's language (Chinese when there is no English one). */
struct str item_name(const struct ctx *c, const struct item_row *i);
/* All that the guide page shows; elements with their provenance, completeness and what is missing. */
MUST_USE enum err item_view_fill(struct ctx *c, const struct item_row *i, struct item_view *ret);
MUST_USE enum err item_papers(struct ctx *c, int64_t item_id, struct item_paper_view_list *ret);

/* The same by code, ready-made once for each directory version and language; at most two seconds behind
 * an import (the index_follow job). The view is shared: read only. */
MUST_USE enum err item_guide(struct ctx *c, struct str code, struct item_view *ret);

/* Counts the directory's version up: search and guides are made anew within two seconds. For those who
 * write what guides show. */
MUST_USE enum err directory_rise(struct ctx *c, int64_t *ret_version);

struct item_search {
    struct str words, zone, agency;
    int audience;  /* enum item_query_audience; UNSET: everybody */
    int page;      /* from 1 */
    int page_size; /* at most 50 */
};
/* Best first. Empty words list the zone's or agency's items by demand, then code. */
MUST_USE enum err item_search(struct ctx *c, const struct item_search *s, struct item_list *ret);

/* Address of the next page of a search. */
struct str items_next_page(struct ctx *c, const struct item_list *v);

#endif
