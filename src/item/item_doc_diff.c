/* What changed from one document to another. Rows are met by their key (two rows of one key by their turn), so a
 * paper that moved up the list is the same paper, and a changed word is told as a word, not as a page. */
#include "item_shape.h"
#include <inttypes.h>

struct comparing {
    struct ctx *c;
    struct doc_changes *ret;
    size_t room;
    struct str part;
};

static void add_change(struct comparing *k, struct doc_change change)
{
    struct doc_changes *all = k->ret;
    if (all->n == k->room) {
        size_t room = k->room == 0 ? 16 : k->room * 2;
        struct doc_change *v = ARENA_ARRAY(k->c->arena, struct doc_change, room);
        for (size_t i = 0; i < all->n; i++)
            v[i] = all->v[i];
        all->v = v;
        k->room = room;
    }
    change.part = k->part;
    all->v[all->n++] = change;
}

static struct str value_text(struct ctx *c, const void *row, const struct shape_member *m)
{
    if (m->kind == MEMBER_INT)
        return str_fmt(c->arena, "%" PRId64, shape_int(row, m));
    if (m->kind == MEMBER_FLAG)
        return shape_flag(row, m) ? STR("1") : STR("0");
    return shape_text(row, m);
}

static struct str label_of(struct ctx *c, const struct shape *s, const void *row)
{
    return value_text(c, row, shape_member_of(s, s->label));
}

static bool same_key(const struct shape *s, const void *a, const void *b)
{
    const char *const keys[] = {s->key, s->key2};
    for (size_t i = 0; i < 2 && keys[i] != NULL; i++) {
        const struct shape_member *m = shape_member_of(s, keys[i]);
        bool same = m->kind == MEMBER_INT ? shape_int(a, m) == shape_int(b, m)
                                          : str_eq(shape_text(a, m), shape_text(b, m));
        if (!same)
            return false;
    }
    return true;
}

/* Which of the rows of its key the row is: 0 for the first. */
static size_t turn_of(const struct shape *s, struct any_list l, size_t at)
{
    size_t turn = 0;
    for (size_t i = 0; i < at; i++)
        turn += same_key(s, list_row(l, s, i), list_row(l, s, at));
    return turn;
}

static const void *row_like(const struct shape *s, struct any_list in, const void *row, size_t turn)
{
    for (size_t i = 0; i < in.n; i++)
        if (same_key(s, list_row(in, s, i), row) && turn-- == 0)
            return list_row(in, s, i);
    return NULL;
}

static struct str key_of(struct ctx *c, const struct shape *s, struct str above, const void *row,
                         size_t turn)
{
    struct buf b;
    buf_init(&b, c->arena, 4096);
    buf_str(&b, above);
    if (above.n > 0)
        buf_char(&b, '.');
    buf_str(&b, value_text(c, row, shape_member_of(s, s->key)));
    struct str second = s->key2 == NULL ? STR("") : shape_text(row, shape_member_of(s, s->key2));
    if (second.n > 0)
        buf_char(&b, ' ');
    buf_str(&b, second);
    if (turn > 0)
        buf_fmt(&b, " (%zu)", turn + 1);
    return buf_as_str(&b);
}

static void compare_lists(struct comparing *k, const struct shape *s, struct str above,
                          struct any_list before, struct any_list after);
static void compare_order(struct comparing *k, const struct shape *s, struct str above,
                          struct any_list before, struct any_list after);

static void compare_rows(struct comparing *k, const struct shape *s, struct str key, const void *a,
                         const void *b)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct shape_member *m = &s->members[i];
        if (m->kind == MEMBER_LIST) {
            compare_lists(k, m->rows, key, shape_list(a, m), shape_list(b, m));
            continue;
        }
        struct str was = value_text(k->c, a, m), is = value_text(k->c, b, m);
        if (!str_eq(was, is))
            add_change(k, (struct doc_change){.kind = DOC_CHANGED,
                                              .key = key,
                                              .member = str_of(m->name),
                                              .before = was,
                                              .after = is});
    }
}

static void compare_lists(struct comparing *k, const struct shape *s, struct str above,
                          struct any_list before, struct any_list after)
{
    for (size_t i = 0; i < before.n; i++) {
        const void *row = list_row(before, s, i);
        size_t turn = turn_of(s, before, i);
        const void *now = row_like(s, after, row, turn);
        struct str key = key_of(k->c, s, above, row, turn);
        if (now != NULL)
            compare_rows(k, s, key, row, now);
        else
            add_change(k, (struct doc_change){.kind = DOC_REMOVED,
                                              .key = key,
                                              .member = STR(""),
                                              .before = label_of(k->c, s, row),
                                              .after = STR("")});
    }
    for (size_t i = 0; i < after.n; i++) {
        const void *row = list_row(after, s, i);
        size_t turn = turn_of(s, after, i);
        if (row_like(s, before, row, turn) == NULL)
            add_change(k, (struct doc_change){.kind = DOC_ADDED,
                                              .key = key_of(k->c, s, above, row, turn),
                                              .member = STR(""),
                                              .before = STR(""),
                                              .after = label_of(k->c, s, row)});
    }
    compare_order(k, s, above, before, after);
}

static size_t index_like(const struct shape *s, struct any_list in, const void *row, size_t turn)
{
    const char *found = row_like(s, in, row, turn);
    return found == NULL ? in.n : (size_t)(found - (const char *)in.v) / s->size;
}

static struct str labels_of(struct ctx *c, const struct shape *s, struct any_list l)
{
    struct buf b;
    buf_init(&b, c->arena, (size_t)1 << 20);
    for (size_t i = 0; i < l.n; i++) {
        if (i > 0)
            buf_lit(&b, "、");
        buf_str(&b, label_of(c, s, list_row(l, s, i)));
    }
    return buf_as_str(&b);
}

/* Rows that both have, in another order, where the order is people's choice. */
static void compare_order(struct comparing *k, const struct shape *s, struct str above,
                          struct any_list before, struct any_list after)
{
    size_t last = 0;
    for (size_t i = 0; i < before.n && !s->is_sorted; i++) {
        size_t at = index_like(s, after, list_row(before, s, i), turn_of(s, before, i));
        if (at < after.n && at < last) {
            add_change(k, (struct doc_change){.kind = DOC_CHANGED,
                                              .key = above,
                                              .member = STR("order"),
                                              .before = labels_of(k->c, s, before),
                                              .after = labels_of(k->c, s, after)});
            return;
        }
        if (at < after.n)
            last = at;
    }
}

void item_doc_diff(struct ctx *c, const struct item_doc *before, const struct item_doc *after,
                   struct doc_changes *ret)
{
    struct comparing k = {.c = c, .ret = ret};
    *ret = (struct doc_changes){0};
    for (size_t i = 0; i < item_doc_shape.n; i++) {
        const struct shape_member *m = &item_doc_shape.members[i];
        k.part = str_of(m->name);
        compare_lists(&k, m->rows, STR(""), shape_list(before, m), shape_list(after, m));
    }
}
