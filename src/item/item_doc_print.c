/* Printing a document: members in the order of their shape, what is empty is left out, so that equal documents are
 * equal bytes (the digest of a version stands on that). */
#include "item_shape.h"
#include "json.h"

static void print_row(struct json *j, const struct shape *s, const void *row);

static void print_list(struct json *j, const struct shape *s, struct any_list l)
{
    json_array(j);
    for (size_t i = 0; i < l.n; i++)
        print_row(j, s, list_row(l, s, i));
    json_end_array(j);
}

static void print_member(struct json *j, const struct shape_member *m, const void *row)
{
    json_name(j, m->name);
    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_WORD:
        json_text(j, shape_text(row, m));
        break;
    case MEMBER_INT:
        json_int(j, shape_int(row, m));
        break;
    case MEMBER_FLAG:
        json_flag(j, shape_flag(row, m));
        break;
    case MEMBER_LIST:
        print_list(j, m->rows, shape_list(row, m));
        break;
    }
}

static void print_row(struct json *j, const struct shape *s, const void *row)
{
    json_object(j);
    for (size_t i = 0; i < s->n; i++)
        if (s->members[i].is_needed || !shape_is_default(row, &s->members[i]))
            print_member(j, &s->members[i], row);
    json_end_object(j);
}

struct str item_doc_print(struct ctx *c, const struct item_doc *d)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, DOC_BYTES_MAX * 2);
    json_init(&j, &b, c->zone_minutes);
    print_row(&j, &item_doc_shape, d);
    BUG_IF(buf_overflowed(&b));
    return buf_as_str(&b);
}
