/* What is to do, item by item: what is asked for most first, or agency by agency, or what has most to mend; and the rules with how many break each. */
#include "clock.h"
#include "csv.h"
#include "quality_scope.h"
#include "web.h"
#include <inttypes.h>
#include <stdlib.h>

#define SHEET_BYTES ((size_t)256 << 20)
#define GAPS_MAX    (64 + SAME_STEP_COUNT + MISSING_WORDS * 64 + 2)

static bool has_gap(const struct item_facts *f)
{
    return f->item_id == 0 || hard_count(f) > 0 || soft_count(f) > 0 || f->gaps > 0 ||
           f->sames != 0;
}

/* An item of the list, with what it is sorted by. */
struct to_do {
    const struct item_facts *f;
    int64_t tickets;  /* of the last 90 days */
    int64_t expected; /* visits a month, as the directory says it (item_demand) */
    int hard, soft;
};
struct to_dos {
    struct to_do *v;
    size_t n;
};

static int64_t order(int64_t a, int64_t b)
{
    return (a < b) - (a > b); /* more comes first */
}

static int64_t order_of_faults(const struct to_do *p, const struct to_do *q)
{
    int64_t o = order(p->hard, q->hard);
    if (o == 0)
        o = order(p->soft, q->soft);
    return o != 0 ? o : order(p->f->gaps, q->f->gaps);
}

static int64_t order_of_demand(const struct to_do *p, const struct to_do *q)
{
    int64_t o = order(p->tickets, q->tickets);
    return o != 0 ? o : order(p->expected, q->expected);
}

static int by_demand(const void *a, const void *b)
{
    const struct to_do *p = a, *q = b;
    int64_t o = order_of_demand(p, q);
    if (o == 0)
        o = order_of_faults(p, q);
    return o != 0 ? (int)o : str_cmp(p->f->code, q->f->code);
}

static int by_agency(const void *a, const void *b)
{
    const struct to_do *p = a, *q = b;
    int o = str_cmp(p->f->agency, q->f->agency);
    return o != 0 ? o : by_demand(a, b);
}

static int by_gaps(const void *a, const void *b)
{
    const struct to_do *p = a, *q = b;
    int64_t o = order_of_faults(p, q);
    return o != 0 ? (int)o : by_demand(a, b);
}

#define DEMAND_DAYS 90

static int by_item(const void *a, const void *b)
{
    const struct to_do *p = a, *q = b;
    return (p->f->item_id > q->f->item_id) - (p->f->item_id < q->f->item_id);
}

/* Both lists come in order of item. */
static enum err add_demand(struct ctx *c, const struct looked_at *l, struct to_dos *all)
{
    struct demand_of_items_rows tickets;
    struct demand_expected_rows expected;
    size_t t = 0, e = 0;
    TRY(demand_of_items(c, c->center_id, date_add(l->now->on, -DEMAND_DAYS), &tickets));
    TRY(demand_expected(c, c->center_id, &expected));
    qsort(all->v, all->n, sizeof *all->v, by_item);
    for (size_t i = 0; i < all->n; i++) {
        int64_t id = all->v[i].f->item_id;
        while (t < tickets.n && tickets.v[t].item_id < id)
            t++;
        while (e < expected.n && expected.v[e].item_id < id)
            e++;
        all->v[i].tickets = t < tickets.n && tickets.v[t].item_id == id ? tickets.v[t].tickets : 0;
        all->v[i].expected =
            e < expected.n && expected.v[e].item_id == id ? expected.v[e].visits : 0;
    }
    return E_OK;
}

static enum err worklist(struct ctx *c, const struct looked_at *l, enum quality_query_by by,
                         struct to_dos *ret)
{
    *ret = (struct to_dos){ARENA_ARRAY(c->arena, struct to_do, l->now->n + 1), 0};
    for (size_t i = 0; i < l->now->n; i++) {
        const struct item_facts *f = &l->now->v[i];
        if (figure_filter_takes(&l->filter, f) && has_gap(f))
            ret->v[ret->n++] = (struct to_do){f, 0, 0, hard_count(f), soft_count(f)};
    }
    if (ret->n == 0)
        return E_OK;
    TRY(add_demand(c, l, ret));
    qsort(ret->v, ret->n, sizeof *ret->v,
          by == QUALITY_QUERY_BY_AGENCY ? by_agency
          : by == QUALITY_QUERY_BY_GAPS ? by_gaps
                                        : by_demand);
    return E_OK;
}

/* --- one item --- */

static void add(struct gap_line_list *l, const char *kind, struct str says, struct str mend)
{
    l->v[l->n++] = (struct gap_line){str_of(kind), says, mend};
}

static void add_rules(struct ctx *c, const struct item_facts *f, enum rule_weight weight,
                      struct gap_line_list *l)
{
    for (int i = 0; i < item_rule_count; i++)
        if ((f->broken >> i & 1) != 0 && item_rules[i].weight == weight)
            add(l, weight == RULE_HARD ? "hard" : "soft", tr(c, item_rules[i].says),
                tr(c, item_rules[i].mend));
}

static struct str missing_text(struct ctx *c, const struct element_term *e)
{
    struct str title = title_of(c, e->title, e->title_en);
    return str_is(e->part, "C") ? tr_fill(c, "材料的“{title}”", "title", title, NULL) : title;
}

static void add_missing(struct ctx *c, const struct directory_facts *d, const struct item_facts *f,
                        struct gap_line_list *l)
{
    for (size_t i = 0; i < d->terms.element_count && i < MISSING_WORDS * 64; i++)
        if ((f->missing[i / 64] >> (i % 64) & 1) != 0)
            add(l, "missing", missing_text(c, &d->terms.elements[i]), tr(c, "请补上这个要素"));
}

static void gaps_of(struct ctx *c, const struct directory_facts *d, const struct item_facts *f,
                    struct gap_line_list *ret)
{
    *ret = (struct gap_line_list){ARENA_ARRAY(c->arena, struct gap_line, GAPS_MAX), 0};
    if (f->item_id == 0) {
        add(ret, "hard", tr(c, "基本目录里有，还没有录入"), tr(c, "请起草这个事项"));
        return;
    }
    if (f->faults > 0)
        add(ret, "hard",
            tr_fill(c, "编码、日期、代码或情形有 {n} 处错", "n",
                    str_fmt(c->arena, "%" PRId64, f->faults), NULL),
            tr(c, "请在编辑页按列出的位置改"));
    add_rules(c, f, RULE_HARD, ret);
    for (int i = 0; i < SAME_STEP_COUNT; i++)
        if ((f->sames >> i & 1) != 0)
            add(ret, "soft", tr(c, same_sentences[i]), tr(c, "请与基本目录核对"));
    add_rules(c, f, RULE_SOFT, ret);
    add_missing(c, d, f, ret);
}

/* What is hard comes first, then what is soft, then what is missing: the first of them is the next thing to do. */
static void fill_item(struct ctx *c, const struct directory_facts *d, const struct to_do *t,
                      struct gap_item *v)
{
    const struct item_facts *f = t->f;
    *v = (struct gap_item){.code = f->code,
                           .name = title_of(c, f->name, f->name_en),
                           .agency = f->agency,
                           .demand = t->tickets,
                           .expected = t->expected,
                           .missing = f->gaps,
                           .completeness = percent_text(c, f->needed - f->gaps, f->needed),
                           .id = f->item_id};
    gaps_of(c, d, f, &v->gaps);
    for (size_t i = 0; i < v->gaps.n; i++) {
        v->hard += str_is(v->gaps.v[i].kind, "hard") ? 1 : 0;
        v->soft += str_is(v->gaps.v[i].kind, "soft") ? 1 : 0;
    }
    v->others = v->gaps.n > 0 ? (int64_t)v->gaps.n - 1 : 0;
    if (v->gaps.n > 0)
        v->next = &v->gaps.v[0];
}

static enum err look(struct ctx *c, const struct quality_query_form *f, struct looked_at *ret)
{
    struct figure_filter filter = {str_or_empty(f->zone), str_or_empty(f->agency),
                                   str_or_empty(f->kind)};
    return scope_read(c, &filter, f->on, 0, 0, ret);
}

enum err quality_gaps(struct ctx *c, const struct quality_query_form *f, struct reply *r,
                      struct gaps_page *v)
{
    struct looked_at l;
    struct to_dos all;
    int64_t from;
    (void)r;
    TRY(look(c, f, &l));
    scope_fill(c, &l, &v->scope);
    TRY(worklist(c, &l, f->by, &all));
    v->by = str_of(quality_query_by_words[f->by < 0 ? QUALITY_QUERY_BY_DEMAND : f->by]);
    v->total = (int64_t)all.n;
    v->page = f->page;
    v->pages = pages_of(v->total, &v->page, &from);
    v->earlier = v->page > 1 ? v->page - 1 : 0;
    v->later = v->page < v->pages ? v->page + 1 : 0;
    v->items.v = ARENA_ARRAY(c->arena, struct gap_item, PAGE_ROWS);
    for (int64_t i = from; i < v->total && i < from + PAGE_ROWS; i++)
        fill_item(c, l.now, &all.v[i], &v->items.v[v->items.n++]);
    return E_OK;
}

static void sheet_row(struct buf *b, struct ctx *c, const struct gap_item *item,
                      const struct gap_line *gap)
{
    csv_field(b, item->agency, true);
    csv_field(b, item->code, false);
    csv_field(b, item->name, false);
    csv_field(b, str_fmt(c->arena, "%" PRId64, item->demand), false);
    csv_field(b, gap->kind, false);
    csv_field(b, gap->says, false);
    csv_field(b, gap->mend, false);
    buf_char(b, '\n');
}

enum err quality_gaps_csv(struct ctx *c, const struct quality_query_form *f, struct reply *r)
{
    struct looked_at l;
    struct buf b;
    struct to_dos all;
    TRY(look(c, f, &l));
    TRY(worklist(c, &l, f->by, &all));
    buf_init(&b, c->arena, SHEET_BYTES);
    buf_lit(&b, "agency,code,name,demand,kind,says,mend\n");
    for (size_t i = 0; i < all.n; i++) {
        struct gap_item item;
        fill_item(c, l.now, &all.v[i], &item);
        for (size_t j = 0; j < item.gaps.n; j++)
            sheet_row(&b, c, &item, &item.gaps.v[j]);
    }
    sheet_reply(c, r, &b, "gaps");
    return E_OK;
}

/* --- rules --- */

static void add_rule_lines(struct ctx *c, const struct looked_at *l, struct rules_page *v)
{
    v->rules.v = ARENA_ARRAY(c->arena, struct rule_line, (size_t)item_rule_count);
    for (int i = 0; i < item_rule_count; i++) {
        const struct item_rule *rule = &item_rules[i];
        struct rule_line *line = &v->rules.v[v->rules.n++];
        *line = (struct rule_line){.code = str_of(rule->code),
                                   .is_hard = rule->weight == RULE_HARD,
                                   .says = tr(c, rule->says),
                                   .mend = tr(c, rule->mend),
                                   .source = tr(c, rule->source)};
        for (size_t j = 0; j < l->now->n; j++)
            line->items += figure_filter_takes(&l->filter, &l->now->v[j]) &&
                                   (l->now->v[j].broken >> i & 1) != 0
                               ? 1
                               : 0;
    }
}

enum err quality_rules(struct ctx *c, const struct quality_query_form *f, struct reply *r,
                       struct rules_page *v)
{
    struct looked_at l;
    (void)r;
    TRY(look(c, f, &l));
    scope_fill(c, &l, &v->scope);
    add_rule_lines(c, &l, v);
    v->sames.v = ARENA_ARRAY(c->arena, struct rule_line, SAME_STEP_COUNT);
    for (int i = 0; i < SAME_STEP_COUNT; i++) {
        struct rule_line *line = &v->sames.v[v->sames.n++];
        *line = (struct rule_line){.code = str_fmt(c->arena, "%d", i + 1),
                                   .says = tr(c, same_sentences[i]),
                                   .mend = tr(c, "请与基本目录核对"),
                                   .source = tr(c, "四级四同核对办法")};
        for (size_t j = 0; j < l.now->n; j++)
            line->items += l.now->v[j].item_id != 0 && (l.now->v[j].sames >> i & 1) != 0 &&
                                   figure_filter_takes(&l.filter, &l.now->v[j])
                               ? 1
                               : 0;
    }
    return E_OK;
}
