/* What is to do, item by item, what is asked for most first; and the rules with how many break each. */
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

static int64_t order(int64_t a, int64_t b)
{
    return (a < b) - (a > b); /* more comes first */
}

static int by_need(const void *a, const void *b)
{
    const struct item_facts *p = *(const struct item_facts *const *)a,
                            *q = *(const struct item_facts *const *)b;
    int64_t o = order(p->demand, q->demand);
    if (o == 0)
        o = order(hard_count(p), hard_count(q));
    if (o == 0)
        o = order(soft_count(p), soft_count(q));
    if (o == 0)
        o = order(p->gaps, q->gaps);
    return o != 0 ? (int)o : str_cmp(p->code, q->code);
}

static const struct item_facts **worklist(struct ctx *c, const struct looked_at *l, size_t *ret_n)
{
    const struct item_facts **all = ARENA_ARRAY(c->arena, const struct item_facts *, l->now.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->now.n; i++)
        if (has_gap(&l->now.v[i]) && figure_filter_takes(&l->filter, &l->now.v[i]))
            all[n++] = &l->now.v[i];
    if (n > 0)
        qsort(all, n, sizeof *all, by_need);
    *ret_n = n;
    return all;
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

static void add_missing(struct ctx *c, const struct directory_facts *d, const struct item_facts *f,
                        struct gap_line_list *l)
{
    for (size_t i = 0; i < d->terms.element_count && i < MISSING_WORDS * 64; i++)
        if ((f->missing[i / 64] >> (i % 64) & 1) != 0)
            add(l, "missing",
                title_of(c, d->terms.elements[i].title, d->terms.elements[i].title_en),
                tr(c, "请补上这个要素"));
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

static void fill_item(struct ctx *c, const struct directory_facts *d, const struct item_facts *f,
                      struct gap_item *v)
{
    *v = (struct gap_item){.code = f->code,
                           .name = title_of(c, f->name, f->name_en),
                           .agency = f->agency,
                           .demand = f->demand,
                           .missing = f->gaps,
                           .completeness = percent_text(c, f->needed - f->gaps, f->needed)};
    gaps_of(c, d, f, &v->gaps);
    for (size_t i = 0; i < v->gaps.n; i++) {
        v->hard += str_is(v->gaps.v[i].kind, "hard") ? 1 : 0;
        v->soft += str_is(v->gaps.v[i].kind, "soft") ? 1 : 0;
    }
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
    size_t n;
    int64_t from;
    (void)r;
    TRY(look(c, f, &l));
    scope_fill(c, &l, &v->scope);
    const struct item_facts **all = worklist(c, &l, &n);
    v->total = (int64_t)n;
    v->page = f->page;
    v->pages = pages_of(v->total, &v->page, &from);
    v->earlier = v->page > 1 ? v->page - 1 : 0;
    v->later = v->page < v->pages ? v->page + 1 : 0;
    v->items.v = ARENA_ARRAY(c->arena, struct gap_item, PAGE_ROWS);
    for (int64_t i = from; i < v->total && i < from + PAGE_ROWS; i++)
        fill_item(c, &l.now, all[i], &v->items.v[v->items.n++]);
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
    size_t n;
    TRY(look(c, f, &l));
    const struct item_facts **all = worklist(c, &l, &n);
    buf_init(&b, c->arena, SHEET_BYTES);
    buf_lit(&b, "agency,code,name,demand,kind,says,mend\n");
    for (size_t i = 0; i < n; i++) {
        struct gap_item item;
        fill_item(c, &l.now, all[i], &item);
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
        for (size_t j = 0; j < l->now.n; j++)
            line->items +=
                figure_filter_takes(&l->filter, &l->now.v[j]) && (l->now.v[j].broken >> i & 1) != 0
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
        for (size_t j = 0; j < l.now.n; j++)
            line->items += l.now.v[j].item_id != 0 && (l.now.v[j].sames >> i & 1) != 0 &&
                                   figure_filter_takes(&l.filter, &l.now.v[j])
                               ? 1
                               : 0;
    }
    return E_OK;
}
