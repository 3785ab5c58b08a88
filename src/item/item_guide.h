/* The guide page's parts that the directory's tables alone do not give: papers chosen by answers, the windows and a
 * schematic plan of their floor, hours, words for terms. Everything that does not depend on who asks is prepared once
 * and kept with the search index (item_search.c); a request adds the answers and the clock. */
#ifndef ITEM_GUIDE_H
#define ITEM_GUIDE_H

#include "calendar.h"
#include "item.h"
#include "item_doc.h"

/* A guide as it is kept: read only, shared by all readers. */
struct item_kept {
    struct item_view view;
    struct item_doc doc;
};
/* Reads and prepares; c's arena holds it all afterwards, what is only needed meanwhile comes from `scratch`. */
MUST_USE enum err item_kept_fill(struct ctx *c, struct arena *scratch, const struct item_row *row,
                                 struct item_kept *ret);
/* By code, ready-made once for each directory version and language, at most two seconds behind an import of items
 * or windows (the index_follow job); else filled for this request alone. It lives as long as the request. E_NO_SUCH_ITEM. */
MUST_USE enum err item_kept_of(struct ctx *c, struct str code, const struct item_kept **ret);

/* The guide as a document would make it, whether it is published or not: a preview. Its questions and files stand under
 * `base`. What hangs on the item and not on its document (windows, bundles) is as it is now. */
MUST_USE enum err item_guide_of_doc(struct ctx *c, int64_t item_id, int64_t version,
                                    struct str base, const struct item_doc *d,
                                    struct item_view *ret);
/* Answers with the file: its type, and how it is called when it is saved. E_NOT_FOUND when its bytes are not there. */
MUST_USE enum err item_file_reply(struct ctx *c, const struct doc_file *file, struct reply *r);

/* --- answers (item_guide_answer.c): pure but for the language ------------------------------------ */

/* Puts the answers into the view: those given in the order of the questions, the next question, the papers.
 * Answers that are not known, that contradict each other or whose question is not reached leave the view with all
 * papers and answers_unclear: an old link is no reason to show nothing. */
void guide_answer_fill(struct ctx *c, const struct item_doc *d, const struct texts *answers,
                       struct item_view *v);
/* Questions that may still come on the longest way after these answers. */
int guide_steps_left(const struct item_doc *d, const struct str *chosen, size_t n);
/* base: the address of the guide, under which its files stand. */
void guide_paper_fill(struct ctx *c, const struct item_doc *d, const struct doc_paper *p,
                      struct str necessity, struct str base, struct guide_paper *ret);
void guide_file_fill(struct ctx *c, const struct doc_file *f, struct str base,
                     struct guide_file *ret);
void guide_situation_fill(struct ctx *c, const struct doc_situation *s,
                          struct guide_situation *ret);

/* Of the picture whose code leads to this page with these answers. */
struct str guide_qr_address(struct ctx *c, const struct item_view *v);

/* --- places (item_guide_place.c) ------------------------------------------------------------------ */

MUST_USE enum err guide_places_fill(struct ctx *c, int64_t item_id, struct item_view *v);
/* --- hours (item_guide_hours.c) ---------------------------------------------------------------------- */

/* What the clock changes: computed once a minute, kept as numbers. */
struct guide_hours {
    int64_t minute; /* since 1970; 0: not yet */
    struct opening_now now;
    int32_t today_on, next_on; /* next_on 0: not within two weeks */
    int next_minute;
    int from[4], to[4], count; /* sessions of today */
    bool after_hours[4];
};
MUST_USE enum err guide_hours_read(struct ctx *c, struct guide_hours *ret);
/* From what is kept when it is of this minute. */
MUST_USE enum err guide_hours_now(struct ctx *c, struct guide_hours *ret);
void guide_hours_say(struct ctx *c, const struct guide_hours *h, struct item_view *v);

/* Chinese, or English when that is wanted and there is some. */
struct str guide_text(const struct ctx *c, struct str zh, struct str en);

/* For the page: puts what is ready, false when there is nothing ready. */
bool guide_put_ready(struct buf *b, struct str ready);

#endif
