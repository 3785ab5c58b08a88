/* What an editor sends. Forms of the editor have as many fields as the element table and the shapes say, so they are
 * sent as pairs: all keys (k) first, then their values (v) in the same order; boxes of several codes as "key:code". */
#include "directory.h"
#include "web.h"
#include <string.h>

/* Line ends become one character; what cannot be shown is refused. */
static enum err clean(struct ctx *c, struct str s, struct str *ret)
{
    char *p = arena_alloc(c->arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
            continue;
        if ((ch < 0x20 && ch != '\n' && ch != '\t' && ch != '\r') || ch == 0x7f)
            return fail(c, E_FIELD_CONTROL, "byte %u", ch);
        p[n++] = ch == '\r' ? '\n' : (char)ch;
    }
    *ret = str_trim((struct str){p, n});
    return E_OK;
}

enum err pairs_read(struct ctx *c, struct pairs *ret)
{
    const struct request *q = c->request;
    size_t room = q == NULL ? 1 : q->field_count + 1, keys = 0;
    struct pairs p = {.k = ARENA_ARRAY(c->arena, struct str, room),
                      .v = ARENA_ARRAY(c->arena, struct str, room),
                      .codes = {ARENA_ARRAY(c->arena, struct str, room), 0},
                      .take = {ARENA_ARRAY(c->arena, struct str, room), 0}};
    for (size_t i = 0; q != NULL && i < q->field_count; i++) {
        const struct field_value *f = &q->fields[i];
        if (str_is(f->name, "k"))
            p.k[keys++] = f->value;
        else if (str_is(f->name, "v"))
            TRY(clean(c, f->value, &p.v[p.n++]));
        else if (str_is(f->name, "code"))
            p.codes.v[p.codes.n++] = f->value;
        else if (str_is(f->name, "take"))
            p.take.v[p.take.n++] = f->value;
    }
    if (keys != p.n)
        return fail(c, E_DIR_PAIRS, "%zu keys, %zu values", keys, p.n);
    *ret = p;
    return E_OK;
}

static bool has_boxes(const struct pairs *p, struct str key)
{
    for (size_t i = 0; i < p->codes.n; i++)
        if (str_starts(p->codes.v[i], key) && p->codes.v[i].n > key.n &&
            p->codes.v[i].p[key.n] == ':')
            return true;
    return false;
}

static struct str boxes_of(struct ctx *c, const struct pairs *p, struct str key)
{
    struct buf b;
    buf_init(&b, c->arena, 100000);
    for (size_t i = 0; i < p->codes.n; i++) {
        struct str rest = p->codes.v[i], of = str_cut(&rest, ':');
        if (!str_eq(of, key) || rest.p == NULL)
            continue;
        if (b.n > 0)
            buf_char(&b, ',');
        buf_str(&b, rest);
    }
    return buf_as_str(&b);
}

struct str pairs_value(struct ctx *c, const struct pairs *p, struct str key)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->k[i], key))
            return has_boxes(p, key) ? boxes_of(c, p, key) : p->v[i];
    return STR_NONE;
}

bool pairs_take(const struct pairs *p, struct str key)
{
    for (size_t i = 0; i < p->take.n; i++)
        if (str_eq(p->take.v[i], key))
            return true;
    return false;
}

const struct shape_member *part_member(struct str part)
{
    for (size_t i = 0; i < item_doc_shape.n; i++)
        if (str_is(part, item_doc_shape.members[i].name))
            return &item_doc_shape.members[i];
    return NULL;
}

/* --- elements --- */

static void set_element(struct ctx *c, struct item_doc *d, struct str key, struct str value)
{
    struct str member = key, field = str_cut(&member, '.');
    const struct doc_element *old = doc_element_of(d, str_z(c->arena, field));
    struct doc_element e = {field, STR(""), STR(""), STR("missing"), STR("")};
    if (old != NULL)
        e = *old;
    if (str_is(member, "zh"))
        e.zh = value;
    else if (str_is(member, "en"))
        e.en = value;
    else if (str_is(member, "state"))
        e.state = value;
    else if (str_is(member, "source"))
        e.source = value;
    if (e.zh.n == 0 && e.en.n == 0)
        e.state = STR("missing");
    bool says_something = e.zh.n > 0 || e.en.n > 0 || e.source.n > 0;
    if (old != NULL || says_something)
        doc_element_set(c, d, e);
}

/* --- rows --- */

static void *row_of(struct any_list l, const struct shape *s, size_t i)
{
    return (char *)l.v + i * s->size;
}

static void list_put(void *row, const struct shape_member *m, struct any_list l)
{
    memcpy((char *)row + m->offset, &l, sizeof l);
}

static const struct shape_member *options_member(void)
{
    return shape_member_of(part_member(STR("situations"))->rows, "options");
}

static void set_blank(const struct shape *s, void *row)
{
    struct str empty = STR("");
    for (size_t i = 0; i < s->n; i++) {
        const struct shape_member *m = &s->members[i];
        if (m->kind == MEMBER_TEXT || m->kind == MEMBER_WORD)
            memcpy((char *)row + m->offset, &empty, sizeof empty);
    }
}

static struct any_list longer(struct ctx *c, struct any_list l, const struct shape *s)
{
    struct any_list more = {arena_array(c->arena, l.n + 1, s->size), l.n + 1};
    if (l.n > 0)
        memcpy(more.v, l.v, l.n * s->size);
    set_blank(s, row_of(more, s, l.n));
    return more;
}

/* A new paper comes last. */
static void number_paper(const struct item_doc *d, struct str part, size_t at)
{
    if (str_is(part, "papers"))
        d->papers.v[at].position = at == 0 ? 1 : d->papers.v[at - 1].position + 1;
}

/* The list that holds the row, its owner and member; situations' options stand one level deeper. */
struct holder {
    void *row;
    const struct shape_member *m;
    struct any_list l;
    size_t at;
};

static enum err find_holder(struct ctx *c, const struct spot *s, struct item_doc *d,
                            struct holder *ret)
{
    const struct shape_member *m = part_member(s->part);
    if (m == NULL || str_is(s->part, "elements"))
        return fail(c, E_DIR_PLACE, "part %.*s", STR_ARG(str_head(s->part, 20)));
    *ret = (struct holder){d, m, shape_list(d, m), s->at};
    if (s->option == NO_ROW)
        return E_OK;
    if (!str_is(s->part, "situations") || s->at >= ret->l.n)
        return fail(c, E_DIR_PLACE, "option of row %zu", s->at);
    void *situation = row_of(ret->l, m->rows, s->at);
    m = options_member();
    *ret = (struct holder){situation, m, shape_list(situation, m), s->option};
    return E_OK;
}

static enum err hold_row(struct ctx *c, const struct spot *s, struct item_doc *d,
                         struct holder *ret)
{
    TRY(find_holder(c, s, d, ret));
    if (ret->at > ret->l.n)
        return fail(c, E_DIR_PLACE, "row %zu of %zu", ret->at, ret->l.n);
    if (ret->at < ret->l.n)
        return E_OK;
    ret->l = longer(c, ret->l, ret->m->rows);
    list_put(ret->row, ret->m, ret->l);
    if (s->option == NO_ROW)
        number_paper(d, s->part, ret->at);
    return E_OK;
}

/* "paper.3" → the necessity of paper 3 for this option; empty: it does not ask for it. */
static void set_option_paper(struct ctx *c, struct doc_option *o, int64_t paper, struct str word)
{
    size_t n = 0;
    struct doc_option_paper *v = ARENA_ARRAY(c->arena, struct doc_option_paper, o->papers.n + 1);
    for (size_t i = 0; i < o->papers.n; i++)
        if (o->papers.v[i].paper != paper)
            v[n++] = o->papers.v[i];
    if (word.n > 0)
        v[n++] = (struct doc_option_paper){paper, word};
    for (size_t i = n; i > 1 && v[i - 1].paper < v[i - 2].paper; i--) {
        struct doc_option_paper last = v[i - 1];
        v[i - 1] = v[i - 2];
        v[i - 2] = last;
    }
    o->papers = (struct doc_option_paper_list){v, n};
}

static void set_member(struct ctx *c, const struct holder *h, struct str key, struct str value,
                       struct doc_faults *faults)
{
    const struct shape_member *m = shape_member_of(h->m->rows, str_z(c->arena, key));
    char *row = row_of(h->l, h->m->rows, h->at);
    int64_t number = 0;
    if (m == NULL || m->kind == MEMBER_LIST)
        return;
    if (m->kind == MEMBER_TEXT || m->kind == MEMBER_WORD) {
        memcpy(row + m->offset, &value, sizeof value);
        return;
    }
    bool flag = str_is(value, "1");
    if (m->kind == MEMBER_FLAG) {
        memcpy(row + m->offset, &flag, sizeof flag);
        return;
    }
    if (value.n > 0 && (!str_to_int(value, &number) || number < 0))
        doc_fault_add(c, faults, str_fmt(c->arena, "%s[%zu].%s", h->m->name, h->at + 1, m->name),
                      tr(c, "要写整数，例如 5"));
    else
        memcpy(row + m->offset, &number, sizeof number);
}

static enum err apply_row(struct ctx *c, const struct pairs *p, const struct spot *s,
                          struct item_doc *d, struct doc_faults *faults)
{
    struct holder h;
    TRY(hold_row(c, s, d, &h));
    for (size_t i = 0; i < p->n; i++) {
        struct str rest = p->k[i], first = str_cut(&rest, '.');
        int64_t paper;
        if (pairs_take(p, p->k[i]))
            continue;
        if (s->option != NO_ROW && str_is(first, "paper") && str_to_int(rest, &paper))
            set_option_paper(c, row_of(h.l, h.m->rows, h.at), paper, p->v[i]);
        else
            set_member(c, &h, p->k[i], p->v[i], faults);
    }
    return E_OK;
}

enum err pairs_apply(struct ctx *c, const struct pairs *p, const struct spot *s, struct item_doc *d,
                     struct doc_faults *faults)
{
    if (!str_is(s->part, "elements"))
        return apply_row(c, p, s, d, faults);
    for (size_t i = 0; i < p->n; i++)
        if (!pairs_take(p, p->k[i]))
            set_element(c, d, p->k[i], pairs_value(c, p, p->k[i]));
    return E_OK;
}

/* --- adding, removing, moving --- */

static void swap_rows(struct ctx *c, struct holder *h, size_t a, size_t b)
{
    size_t size = h->m->rows->size;
    void *kept = arena_alloc(c->arena, size);
    memcpy(kept, row_of(h->l, h->m->rows, a), size);
    memcpy(row_of(h->l, h->m->rows, a), row_of(h->l, h->m->rows, b), size);
    memcpy(row_of(h->l, h->m->rows, b), kept, size);
}

/* Two papers change their numbers; the situations that name them follow. */
static void swap_numbers(struct item_doc *d, size_t a, size_t b)
{
    int64_t x = d->papers.v[a].position, y = d->papers.v[b].position;
    d->papers.v[a].position = y;
    d->papers.v[b].position = x;
    for (size_t i = 0; i < d->situations.n; i++)
        for (size_t k = 0; k < d->situations.v[i].options.n; k++) {
            struct doc_option_paper_list *l = &d->situations.v[i].options.v[k].papers;
            for (size_t j = 0; j < l->n; j++)
                if (l->v[j].paper == x || l->v[j].paper == y)
                    l->v[j].paper = l->v[j].paper == x ? y : x;
        }
}

static void remove_row(struct holder *h)
{
    size_t size = h->m->rows->size, after = h->l.n - h->at - 1;
    if (after > 0)
        memmove(row_of(h->l, h->m->rows, h->at), row_of(h->l, h->m->rows, h->at + 1), after * size);
    h->l.n--;
    list_put(h->row, h->m, h->l);
}

enum err rows_act(struct ctx *c, enum dir_save_act act, const struct spot *s, struct item_doc *d)
{
    struct holder h;
    TRY(find_holder(c, s, d, &h));
    if (h.at >= h.l.n)
        return fail(c, E_DIR_PLACE, "row %zu of %zu", h.at, h.l.n);
    if (act == DIR_SAVE_ACT_REMOVE) {
        remove_row(&h);
        return E_OK;
    }
    size_t to = act == DIR_SAVE_ACT_UP ? h.at - 1 : h.at + 1;
    if (to >= h.l.n)
        return fail(c, E_DIR_PLACE, "row %zu cannot move", h.at);
    if (str_is(s->part, "papers"))
        swap_numbers(d, h.at, to);
    swap_rows(c, &h, h.at, to);
    return E_OK;
}
