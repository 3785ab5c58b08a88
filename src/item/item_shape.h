/* What a document is made of, said once: reading, printing, comparing and the tests follow these shapes. */
#ifndef ITEM_SHAPE_H
#define ITEM_SHAPE_H

#include "item_doc.h"

enum member_kind {
    MEMBER_TEXT, /* any text */
    MEMBER_WORD, /* one of `words` */
    MEMBER_INT,  /* 0 … max */
    MEMBER_FLAG,
    MEMBER_LIST /* of rows of another shape */
};
struct shape_member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    int64_t max;    /* characters of a text, value of an int, rows of a list */
    bool is_needed; /* stands in every document, and a text is not empty */
    const char *const *words;
    const struct shape *rows;
};
struct shape {
    size_t size; /* of the struct */
    const struct shape_member *members;
    size_t n;
    const char *key;   /* member that tells rows apart; others of the same key are numbered */
    const char *key2;  /* with it, or NULL */
    const char *label; /* member that names a row to people */
    bool is_sorted;    /* by key, when read */
};

extern const struct shape item_doc_shape;

struct any_list { /* every …_list looks like this */
    void *v;
    size_t n;
};
struct str shape_text(const void *row, const struct shape_member *m);
int64_t shape_int(const void *row, const struct shape_member *m);
bool shape_flag(const void *row, const struct shape_member *m);
struct any_list shape_list(const void *row, const struct shape_member *m);
const void *list_row(struct any_list l, const struct shape *s, size_t i);
const struct shape_member *shape_member_of(const struct shape *s, const char *name); /* or NULL */
/* Is it what an absent member is read as: empty, 0, no, no rows? */
bool shape_is_default(const void *row, const struct shape_member *m);

#endif
