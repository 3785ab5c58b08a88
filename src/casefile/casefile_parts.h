/* Between the files of this folder: what a move needs and what it leaves behind. */
#ifndef CASEFILE_PARTS_H
#define CASEFILE_PARTS_H

#include "casefile.h"

/* Each checks what the act needs, writes its ledger, and changes what it changes in the row that
 * is about to be moved; *what is the public fact for the journal (STR_NONE: none). */
MUST_USE enum err case_prepare_correct(struct ctx *c, const struct case_doing *d,
                                       struct casefile_row *k, struct str *what);
MUST_USE enum err case_prepare_supply(struct ctx *c, const struct case_doing *d,
                                      struct casefile_row *k);
MUST_USE enum err case_prepare_review(struct ctx *c, const struct case_doing *d,
                                      struct casefile_row *k, struct str *what);
MUST_USE enum err case_prepare_suspend(struct ctx *c, const struct case_doing *d,
                                       struct casefile_row *k, struct str *what);
MUST_USE enum err case_prepare_resume(struct ctx *c, const struct case_doing *d,
                                      struct casefile_row *k);
MUST_USE enum err case_prepare_extend(struct ctx *c, const struct case_doing *d,
                                      struct casefile_row *k, struct str *what);
/* The paper that the table gives this move, written down in its transaction; `before` is the row as it was. */
MUST_USE enum err case_write_paper(struct ctx *c, const struct case_move *m,
                                   const struct case_doing *d, const struct casefile_row *before,
                                   const struct casefile_row *k);
/* The receipt for papers that stay here for longer than a visit. */
MUST_USE enum err case_write_receipt(struct ctx *c, const struct casefile_row *k);
/* Deliver: how it goes, and by post with which waybill. */
MUST_USE enum err case_prepare_deliver(struct ctx *c, const struct case_doing *d,
                                       struct casefile_row *k);
/* A decision of the back office: the steps of the item are done, by two persons where it wants two. */
MUST_USE enum err case_prepare_decision(struct ctx *c, const struct case_doing *d,
                                        struct casefile_row *k);
MUST_USE enum err case_prepare_forward(struct ctx *c, const struct case_doing *d,
                                       struct casefile_row *k);
/* The required papers that are not there, named; "" when all are. */
MUST_USE enum err case_papers_missing(struct ctx *c, int64_t case_id, struct str *ret_names);
/* Ticks these papers (positions or names) and leaves the others as they are; E_NOT_IN_LIST. */
MUST_USE enum err case_take_papers(struct ctx *c, const struct casefile_row *k,
                                   const struct texts *papers);
/* How many of these words (positions or names) mean the paper. */
size_t case_paper_named(const struct texts *words, const struct casefile_papers_row *p);
/* Somebody has taken it for himself, and not too long ago (case.claim_hours). */
bool case_is_claimed(const struct ctx *c, const struct casefile_row *k);
/* The two terms of an accepted case counted anew, into the row. */
MUST_USE enum err case_count(struct ctx *c, struct casefile_row *k);

#endif
