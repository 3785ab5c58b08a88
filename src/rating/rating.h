/* Ratings (好差评): voluntary, real, once per service (国办发〔2019〕51号). Grades are kept as scheme +
 * code: in the scheme "national" 5 is very satisfied and 1 very dissatisfied; other tables count
 * the other way round (DOMAIN.md 5.2). */
#ifndef RATING_H
#define RATING_H

#include "casefile.h"
#include "rating_gen.h"
#include "ticket.h"

#define RATING_SCHEME "national"
#define RATING_GRADES 5

/* What is rated: a visit's ticket, a case, or a case that was done on a ticket. */
struct rating_target {
    int64_t thread, ticket_id, case_id; /* ids 0 when there is none */
    int64_t desk_id, staff_id;          /* who served */
    struct str number, item_name;       /* to show which service is meant */
    bool is_over;                       /* only then it may be rated */
};

/* By the visitor's token of a ticket or a case; E_NOT_FOUND. A ticket on which exactly one case was
 * done is one service with it. */
MUST_USE enum err rating_target_of_token(struct ctx *c, struct str token,
                                         struct rating_target *ret);
MUST_USE enum err rating_target_of_ticket(struct ctx *c, const struct ticket_row *t,
                                          struct rating_target *ret);
/* The rating that a target has, NULL without. */
MUST_USE enum err rating_of_target(struct ctx *c, const struct rating_target *g,
                                   struct rating_row **ret);

struct rating_words {
    int64_t grade;
    struct texts tags; /* label codes, all of this grade: E_RATING_LABEL_UNKNOWN */
    struct str text;
    bool is_anonymous;
    const char *channel; /* pad phone web (DOMAIN.md 5.4) */
};
/* E_NOT_RATEABLE before the end, E_RATED_ALREADY the second time (the unique indexes see to it),
 * E_RATING_BY_STAFF for who is logged in as staff (DOMAIN.md 5.7: ratings given by staff devices). */
MUST_USE enum err rating_put(struct ctx *c, const struct rating_target *g,
                             const struct rating_words *w, int64_t *ret_id);
/* Labels and words after the one touch; once, and within the pad's minutes after it. */
MUST_USE enum err rating_put_more(struct ctx *c, const struct rating_row *r,
                                  const struct rating_words *w);
MUST_USE enum err rating_view_of(struct ctx *c, const struct rating_row *r,
                                 struct rating_view *ret);
MUST_USE enum err rating_labels_fill(struct ctx *c, int64_t grade,
                                     struct rating_label_line_list *ret);
struct str rating_grade_name(const struct ctx *c, int64_t grade);

/* The word by which a pad may rate one finished ticket: "ID.MAC", MAC = the first 16 bytes of
 * HMAC-SM3 under the sub-key "pad" over centre, desk, ticket and the instant it was finished, as
 * base64url. It carries no token of the person, is good for this desk only, and only for
 * rating.pad_minutes after the end (twice as long for labels and words). */
struct str pad_word(struct ctx *c, int64_t desk_id, int64_t ticket_id, int64_t ended_at);
/* E_PAD_LATE when it is forged, of another desk, or over. */
MUST_USE enum err pad_word_read(struct ctx *c, int64_t desk_id, struct str word, int64_t minutes,
                                struct ticket_row *ret);

#endif
