/* Reading a catalogue of the level above, and what it would change here. */
#include "csv.h"
#include "quality.h"
#include <stdlib.h>

#define ENTRIES_MAX  20000
#define FIRST_DAY    19000101
#define CODE_MAX     40
#define NAME_MAX     1000
#define FAULTS_SHOWN 5

static int by_code(const void *a, const void *b)
{
    const struct catalogue_entry *p = a, *q = b;
    return str_cmp(p->code, q->code);
}

enum err catalogue_whole(struct ctx *c, struct catalogue_entries *ret)
{
    struct catalogue_entries part, all = {NULL, 0};
    struct str after = STR("");
    size_t room = 0;
    do {
        TRY(catalogue_after(c, after, &part));
        if (all.n + part.n > room) {
            struct catalogue_entry *v =
                ARENA_ARRAY(c->arena, struct catalogue_entry, room = (all.n + part.n) * 2 + 1);
            for (size_t i = 0; i < all.n; i++)
                v[i] = all.v[i];
            all.v = v;
        }
        for (size_t i = 0; i < part.n; i++)
            all.v[all.n++] = part.v[i];
        after = part.n > 0 ? part.v[part.n - 1].code : after;
    } while (part.n > 0);
    *ret = all;
    return E_OK;
}

/* --- reading --- */

static int32_t date_or(struct table_in *t, const char *column, int32_t otherwise)
{
    return str_or_empty(table_text(t, column)).n == 0 ? otherwise : table_date(t, column);
}

/* Lines "kind|law|document number|article", as the kind catalogue has them. */
static void read_bases(struct ctx *c, struct table_in *t, struct doc_basis_list *ret)
{
    struct str text = str_copy(c->arena, str_or_empty(table_text(t, "bases")));
    *ret = (struct doc_basis_list){ARENA_ARRAY(c->arena, struct doc_basis, DOC_ROWS_MAX), 0};
    for (struct str rest = text; rest.p != NULL && text.n > 0;) {
        struct str line = str_cut(&rest, '\n'), kind = str_cut(&line, '|'),
                   law = str_or_empty(str_cut(&line, '|')), no = str_cut(&line, '|');
        if (law.n == 0 || ret->n == DOC_ROWS_MAX) {
            table_fault(t, "bases", "每行写成：种类|法规名称|文号|条款");
            return;
        }
        ret->v[ret->n++] = (struct doc_basis){.kind = kind,
                                              .law = law,
                                              .document_no = str_or_empty(no),
                                              .article = str_trim(str_or_empty(line))};
    }
}

static struct str kept(struct ctx *c, struct str s)
{
    return str_copy(c->arena, str_or_empty(s));
}

static void read_entry(struct ctx *c, struct table_in *t, struct catalogue_entry *ret)
{
    *ret = (struct catalogue_entry){.code = kept(c, table_need(t, "code", CODE_MAX)),
                                    .name = kept(c, table_need(t, "name", NAME_MAX)),
                                    .name_en = kept(c, table_text(t, "name_en")),
                                    .kind = kept(c, table_need(t, "type", 10)),
                                    .use_levels = kept(c, table_need(t, "use_levels", 40)),
                                    .central_dept = kept(c, table_text(t, "central_dept")),
                                    .valid_from = date_or(t, "valid_from", FIRST_DAY),
                                    .valid_to = date_or(t, "valid_to", 0)};
    if (ret->code.n > 0 && ret->code.n != 12)
        table_fault(t, "code", "基本编码应为 12 位");
    read_bases(c, t, &ret->bases);
}

static enum err refuse_table(struct ctx *c, const struct table_in *t)
{
    struct buf b;
    if (t->fault_count == 0)
        return E_OK;
    buf_init(&b, c->arena, 8192);
    for (size_t i = 0; i < t->fault_count && i < FAULTS_SHOWN; i++)
        buf_fmt(&b, "%s%d %.*s: %.*s", i == 0 ? "" : "; ", t->faults[i].line,
                STR_ARG(str_head(str_or_empty(t->faults[i].column), 40)),
                STR_ARG(str_head(t->faults[i].reason, 200)));
    enum err e = fail_field(c, E_TABLE_FAULTS, "table", "%zu bad rows", t->fault_count);
    c->refusal.text =
        tr_fill(c, "表里有 {n} 处错。行、列和原因：{first}", "n",
                str_fmt(c->arena, "%zu", t->fault_count), "first", buf_as_str(&b), NULL);
    return e;
}

static void check_twice(struct table_in *t, const struct catalogue_entries *all)
{
    for (size_t i = 1; i < all->n; i++)
        if (str_eq(all->v[i].code, all->v[i - 1].code))
            table_fault(t, "code", "编码 %.*s 写了两次", STR_ARG(all->v[i].code));
}

enum err catalogue_read(struct ctx *c, struct str csv, struct catalogue_entries *ret)
{
    struct table_in t = {0};
    struct catalogue_entries all = {ARENA_ARRAY(c->arena, struct catalogue_entry, ENTRIES_MAX), 0};
    if (table_open(&t, c->arena, csv)) {
        while (table_next(&t) && all.n < ENTRIES_MAX)
            read_entry(c, &t, &all.v[all.n++]);
        if (all.n == ENTRIES_MAX)
            table_fault(&t, "code", "最多比较 %d 条", ENTRIES_MAX - 1);
        qsort(all.v, all.n, sizeof *all.v, by_code);
        check_twice(&t, &all);
    }
    table_close(&t);
    TRY(refuse_table(c, &t));
    *ret = all;
    return E_OK;
}

/* --- comparing --- */

struct comparing {
    struct ctx *c;
    struct upstream_changes *ret;
    char level;
    int32_t on;
};

static bool is_ours(const struct comparing *k, const struct catalogue_entry *e)
{
    for (struct str rest = e->use_levels; rest.p != NULL;) {
        struct str one = str_trim(str_cut(&rest, ','));
        if (one.n == 1 && one.p[0] == k->level)
            return true;
    }
    return false;
}

static bool is_there(const struct comparing *k, const struct catalogue_entry *e)
{
    return e->valid_to == 0 || k->on < e->valid_to;
}

static void note(struct comparing *k, enum doc_change_kind kind, const struct catalogue_entry *e,
                 const char *member, struct str before, struct str after, bool ours)
{
    k->ret->v[k->ret->n++] = (struct upstream_change){
        kind, e->code, e->name, str_of(member), str_or_empty(before), str_or_empty(after), ours};
}

static struct str bases_text(struct ctx *c, const struct catalogue_entry *e)
{
    struct buf b;
    buf_init(&b, c->arena, 65536);
    for (size_t i = 0; i < e->bases.n; i++)
        buf_fmt(&b, "%s《%.*s》%.*s", i == 0 ? "" : "；", STR_ARG(e->bases.v[i].law),
                STR_ARG(e->bases.v[i].article));
    return buf_as_str(&b);
}

static void compare(struct comparing *k, const struct catalogue_entry *a,
                    const struct catalogue_entry *b)
{
    bool ours = is_ours(k, a) || is_ours(k, b);
    struct str before = bases_text(k->c, a), after = bases_text(k->c, b);
    if (!str_eq(a->name, b->name))
        note(k, DOC_CHANGED, b, "name", a->name, b->name, ours);
    if (!str_eq(a->kind, b->kind))
        note(k, DOC_CHANGED, b, "type", a->kind, b->kind, ours);
    if (!str_eq(a->use_levels, b->use_levels))
        note(k, DOC_CHANGED, b, "use_levels", a->use_levels, b->use_levels, ours);
    if (!str_eq(before, after))
        note(k, DOC_CHANGED, b, "bases", before, after, ours);
}

void catalogue_diff(struct ctx *c, const struct catalogue_entries *ours,
                    const struct catalogue_entries *theirs, char level, int32_t on,
                    struct upstream_changes *ret)
{
    struct comparing k = {c, ret, level, on};
    size_t i = 0, j = 0;
    *ret = (struct upstream_changes){ARENA_ARRAY(c->arena, struct upstream_change,
                                                 4 * (ours->n + theirs->n) + 1),
                                     0};
    while (i < ours->n || j < theirs->n) {
        int order = i == ours->n     ? 1
                    : j == theirs->n ? -1
                                     : str_cmp(ours->v[i].code, theirs->v[j].code);
        const struct catalogue_entry *a = order <= 0 ? &ours->v[i++] : NULL;
        const struct catalogue_entry *b = order >= 0 ? &theirs->v[j++] : NULL;
        bool was = a != NULL && is_there(&k, a), will = b != NULL && is_there(&k, b);
        if (was && will)
            compare(&k, a, b);
        else if (was)
            note(&k, DOC_REMOVED, a, "", a->name, STR(""), is_ours(&k, a));
        else if (will)
            note(&k, DOC_ADDED, b, "", STR(""), b->name, is_ours(&k, b));
    }
}
