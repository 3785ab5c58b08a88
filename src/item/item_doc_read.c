/* Reading a document from JSON by its shape. Nothing is guessed: a member that the shape does not know, a wrong type
 * or a word not of its list is a fault with its place, and all faults are told at once. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "item_shape.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct ctx *c;
    struct doc_faults *faults;
};
struct place { /* a chain up to the whole; written out only for a fault */
    const struct place *up;
    const char *name;
    int64_t at; /* -1: not a row */
};

static void write_place(struct buf *b, const struct place *p)
{
    if (p == NULL)
        return;
    write_place(b, p->up);
    if (p->at >= 0) {
        buf_fmt(b, "[%" PRId64 "]", p->at + 1);
        return;
    }
    if (b->n > 0)
        buf_char(b, '.');
    buf_str(b, str_head(str_of(p->name), 60));
}

static void fault(struct reading *r, const struct place *p, struct str reason)
{
    struct buf b;
    buf_init(&b, r->c->arena, 1000);
    write_place(&b, p);
    doc_fault_add(r->c, r->faults, buf_as_str(&b), reason);
}

static struct str number(struct ctx *c, int64_t v)
{
    return str_fmt(c->arena, "%" PRId64, v);
}

static void read_text(struct reading *r, const struct shape_member *m, json_t *v,
                      const struct place *p, void *row)
{
    struct ctx *c = r->c;
    struct str s = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v)) {
        fault(r, p, tr(c, "这里要写文字"));
        return;
    }
    if (m->kind == MEMBER_TEXT && s.n > (size_t)m->max && str_chars(s) > (size_t)m->max) {
        fault(r, p,
              tr_fill(c, "太长：有 {n} 个字，最多 {max} 个", "n", number(c, (int64_t)str_chars(s)),
                      "max", number(c, m->max), NULL));
        return;
    }
    if (m->kind == MEMBER_TEXT && m->is_needed && str_trim(s).n == 0)
        fault(r, p, tr(c, "不能空着"));
    size_t i = 0;
    while (m->kind == MEMBER_WORD && m->words[i] != NULL && !str_is(s, m->words[i]))
        i++;
    if (m->kind == MEMBER_WORD && m->words[i] == NULL)
        fault(r, p, tr_fill(c, "没有“{word}”这个取值", "word", str_head(s, 40), NULL));
    s = str_copy(c->arena, s);
    memcpy((char *)row + m->offset, &s, sizeof s);
}

static void read_int(struct reading *r, const struct shape_member *m, json_t *v,
                     const struct place *p, void *row)
{
    int64_t n = json_is_integer(v) ? (int64_t)json_integer_value(v) : -1;
    if (n < 0 || n > m->max)
        fault(r, p, tr_fill(r->c, "要写 0 到 {max} 的整数", "max", number(r->c, m->max), NULL));
    else
        memcpy((char *)row + m->offset, &n, sizeof n);
}

static void read_row(struct reading *r, const struct shape *s, json_t *o, const struct place *p,
                     void *row);

static int by_key(const void *a, const void *b, void *arg)
{
    const struct shape_member *m = arg;
    if (m->kind == MEMBER_INT) {
        int64_t x = shape_int(a, m), y = shape_int(b, m);
        return x < y ? -1 : x > y;
    }
    return str_cmp(shape_text(a, m), shape_text(b, m));
}

static void read_list(struct reading *r, const struct shape_member *m, json_t *v,
                      const struct place *p, void *row)
{
    const struct shape *s = m->rows;
    struct any_list l = {NULL, json_array_size(v)};
    if (!json_is_array(v) || l.n > (size_t)m->max) {
        fault(r, p,
              json_is_array(v) ? tr_fill(r->c, "最多 {max} 行", "max", number(r->c, m->max), NULL)
                               : tr(r->c, "这里要写列表"));
        return;
    }
    l.v = arena_array(r->c->arena, l.n + 1, s->size);
    for (size_t i = 0; i < l.n; i++) {
        struct place at = {p, NULL, (int64_t)i};
        read_row(r, s, json_array_get(v, i), &at, (char *)l.v + i * s->size);
    }
    if (s->is_sorted)
        qsort_r(l.v, l.n, s->size, by_key, (void *)(uintptr_t)shape_member_of(s, s->key));
    memcpy((char *)row + m->offset, &l, sizeof l);
}

static void read_member(struct reading *r, const struct shape_member *m, json_t *v,
                        const struct place *p, void *row)
{
    bool flag = json_is_true(v);
    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_WORD:
        read_text(r, m, v, p, row);
        break;
    case MEMBER_INT:
        read_int(r, m, v, p, row);
        break;
    case MEMBER_FLAG:
        if (json_is_boolean(v))
            memcpy((char *)row + m->offset, &flag, sizeof flag);
        else
            fault(r, p, tr(r->c, "要写 true 或 false"));
        break;
    case MEMBER_LIST:
        read_list(r, m, v, p, row);
        break;
    }
}

/* Absent texts are empty, not NULL: a document has no third state. */
static void set_empty(const struct shape *s, void *row)
{
    struct str empty = STR("");
    for (size_t i = 0; i < s->n; i++)
        if (s->members[i].kind == MEMBER_TEXT || s->members[i].kind == MEMBER_WORD)
            memcpy((char *)row + s->members[i].offset, &empty, sizeof empty);
}

static void read_row(struct reading *r, const struct shape *s, json_t *o, const struct place *p,
                     void *row)
{
    const char *key;
    json_t *v;
    set_empty(s, row);
    if (!json_is_object(o)) {
        fault(r, p, tr(r->c, "这里要写一行，用花括号括起来"));
        return;
    }
    json_object_foreach(o, key, v)
    {
        const struct shape_member *m = shape_member_of(s, key);
        struct place at = {p, key, -1};
        if (m == NULL)
            fault(r, &at, tr(r->c, "不认识这一项"));
        else
            read_member(r, m, v, &at, row);
    }
    for (size_t i = 0; i < s->n; i++) {
        struct place at = {p, s->members[i].name, -1};
        if (s->members[i].is_needed && json_object_get(o, s->members[i].name) == NULL)
            fault(r, &at, tr(r->c, "缺这一项"));
    }
}

static void let_go(void *json)
{
    json_decref(json);
}

enum err item_doc_read(struct ctx *c, struct str json, struct item_doc *ret,
                       struct doc_faults *faults)
{
    struct reading r = {c, faults};
    json_error_t why;
    struct item_doc d = {0};
    *faults = (struct doc_faults){0};
    if (json.n > DOC_BYTES_MAX)
        return fail(c, E_TOO_LARGE, "a document of %zu bytes", json.n);
    json_t *o = json_loadb(json.p == NULL ? "" : json.p, json.n, JSON_REJECT_DUPLICATES, &why);
    if (o == NULL) {
        doc_fault_add(c, faults,
                      tr_fill(c, "第 {line} 行第 {column} 列", "line", number(c, why.line),
                              "column", number(c, why.column), NULL),
                      tr_fill(c, "不是完整的 JSON（{why}）", "why",
                              str_copy(c->arena, str_of(why.text)), NULL));
        return doc_faults_end(c, faults);
    }
    arena_defer(c->arena, let_go, o);
    read_row(&r, &item_doc_shape, o, NULL, &d);
    TRY(doc_faults_end(c, faults));
    *ret = d;
    return E_OK;
}
