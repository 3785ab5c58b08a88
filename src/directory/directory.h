/* The administration of the item directory: screens over item_version.h. Rules of a document and of a version's life
 * are item's; here is what a person sees and sends. A draft is edited a part at a time: a group of elements, or one
 * row of papers, fees …; each save is a revision of the whole document. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "directory_gen.h"
#include "item.h"
#include "item_shape.h"
#include "item_version.h"

/* A place in a document: what one form of the editor shows. */
struct spot {
    struct str part; /* elements, papers … */
    int64_t group;   /* of elements, from 0 */
    size_t at;       /* row; as many as there are rows: a new one */
    size_t option;   /* of a situation, likewise; NO_ROW: the situation itself */
    bool is_row;     /* a row is open, else the list is shown */
};
#define NO_ROW ((size_t)400)

/* --- words (directory_words.c) --- */

const char *part_title(struct str part); /* zh, for tr() */
/* The label of a member of a part's rows, and of a word of its list, translated. */
struct str member_label(struct ctx *c, struct str member);
struct str word_label(struct ctx *c, struct str word);
struct str state_label(struct ctx *c, enum item_state s);
struct str act_label(struct ctx *c, struct str act);
/* Elements come in groups, so that a page stays short (DOMAIN.md 1.8 numbers). -1 when not edited by hand. */
#define GROUP_COUNT 8
int element_group_of(const struct element_term *e);
const char *element_group_title(int group);

/* --- what was sent (directory_pairs.c) --- */

/* Keys k and values v of a form, in pairs; codes as "key:code"; keys for which another's words are taken. */
struct pairs {
    struct str *k, *v;
    size_t n;
    struct texts codes, take;
};
/* E_DIR_PAIRS when there are not as many of one as of the other, E_FIELD_CONTROL for what cannot be shown. */
MUST_USE enum err pairs_read(struct ctx *c, struct pairs *ret);
/* The value sent for a key, STR_NONE when none was. */
struct str pairs_value(struct ctx *c, const struct pairs *p, struct str key);
bool pairs_take(const struct pairs *p, struct str key);
/* Writes the pairs into the document. Numbers that are none are faults; everything else is judged by
 * item_doc_read() and item_doc_check() afterwards. E_DIR_PLACE when there is no such place. */
MUST_USE enum err pairs_apply(struct ctx *c, const struct pairs *p, const struct spot *s,
                              struct item_doc *d, struct doc_faults *faults);
/* Adds an empty row, removes one, moves one up or down. */
MUST_USE enum err rows_act(struct ctx *c, enum dir_save_act act, const struct spot *s,
                           struct item_doc *d);
const struct shape_member *part_member(struct str part); /* NULL: no such part */

/* --- the page (directory_draft.c, directory_fields.c) --- */

struct editing {
    struct item_terms terms;
    struct item_doc doc; /* as it would be saved */
    struct doc_faults faults;
    struct pairs sent;      /* n = 0 when nothing was refused */
    struct item_doc theirs; /* as it is stored, when another saved in between */
    struct item_doc seen;   /* what the form was made from */
    bool is_conflict;
    struct spot spot;
};
void fields_fill(struct ctx *c, struct editing *e, struct dir_draft *v);
void rows_fill(struct ctx *c, const struct editing *e, struct dir_draft *v);
/* One element with its Chinese, English and provenance. */
struct dir_group element_group(struct ctx *c, const struct editing *e,
                               const struct element_term *t);
void sections_fill(struct ctx *c, const struct editing *e, struct dir_draft *v);
/* Address of a place in the editor, with an anchor when the place is in sight. */
struct str place_link(struct ctx *c, const struct editing *e, const struct dir_draft *v,
                      struct str place);
struct spot spot_of(struct str part, int64_t group, int64_t at, int64_t option);
MUST_USE enum err staff_name_of(struct ctx *c, int64_t staff_id, struct str *ret);
void changes_fill(struct ctx *c, const struct item_terms *t, const struct doc_changes *all,
                  struct dir_change_list *ret);
/* Reads the document again, checks it whole and saves it; key->revision becomes the next one. */
MUST_USE enum err draft_save(struct ctx *c, struct item_key *key, const struct item_doc *d,
                             struct str why, struct dir_saved *v);
struct str element_title(struct ctx *c, const struct item_terms *t, struct str field);
struct str words_of_place(struct ctx *c, const struct item_terms *t, const struct item_doc *d,
                          struct str place);
int64_t completeness_of(struct ctx *c, const struct item_terms *t, const struct item_doc *d);

/* --- files (directory_file.c) --- */

/* Kind, type and size of a file. */
struct str file_words(struct ctx *c, const struct doc_file *f);
void file_papers_fill(struct ctx *c, const struct item_doc *d, struct dir_choice_list *ret);

/* --- batches (directory_batch.c): many items at once --- */

#define BATCH_MOST 200 /* items of a batch */

struct batch_item {
    int64_t item_id, base_version; /* 0: a new item */
    struct item_doc after;
};
struct batch_plan {
    struct str kind, title, why;
    struct batch_item *v;
    size_t n;
    struct str *files; /* bytes that the documents name and the store may not have yet */
    size_t file_count;
    struct dir_table_fault_list faults; /* of the table; then there are no items */
    int64_t fault_count;
};
/* Keeps the plan, to be looked at and applied later. E_DIR_MANY. */
MUST_USE enum err batch_keep(struct ctx *c, const struct batch_plan *p, struct dir_planned *v);
/* A plan made by a route's `before` for its handler, both of one request. */
struct str plan_handed(const struct batch_plan *p);
const struct batch_plan *plan_of(struct str handed);

/* --- the list (directory_list.c) --- */

/* Items that the filters let pass, in order of code; E_DIR_MANY when there are more than BATCH_MOST. */
MUST_USE enum err items_of_filter(struct ctx *c, const struct dir_bulk_query_form *f,
                                  struct dir_bulk_item_list *ret);

#endif
