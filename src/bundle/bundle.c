/* A bundle out of its tables: rows, the items behind them, and the plan with every word turned into a number.
 * A word that leads nowhere is noted, not passed over: importing refuses it. */
#include "bundle.h"

#define FAULTS_KEPT 40

struct str bundle_name(const struct ctx *c, const struct bundle_row *b)
{
    return c->lang == LANG_EN && b->name_en.n > 0 ? b->name_en : b->name;
}

static void note(struct bundle_def *d, struct bundle_fault f)
{
    if (d->fault_count < FAULTS_KEPT)
        d->faults[d->fault_count++] = f;
}

static int component_of(const struct bundle_def *d, struct str code)
{
    for (size_t i = 0; i < d->components.n; i++)
        if (str_eq(d->components.v[i].code, code))
            return (int)i;
    return -1;
}

static int option_of(const struct bundle_def *d, struct str code)
{
    for (size_t i = 0; i < d->options.n; i++)
        if (str_eq(d->options.v[i].code, code))
            return (int)i;
    return -1;
}

/* The codes of a list divided by ; as bits; where says at which row and column the list stands. */
static uint64_t set_of(struct bundle_def *d, struct str list, struct bundle_fault where,
                       int (*find)(const struct bundle_def *, struct str))
{
    uint64_t set = 0;
    for (struct str rest = list; rest.n > 0;) {
        struct str word = str_trim(str_cut(&rest, ';'));
        int at = find(d, word);
        where.word = word;
        if (at < 0)
            note(d, where);
        else
            set |= (uint64_t)1 << at;
    }
    return set;
}

static plan_set owners_of(struct bundle_def *d, enum bundle_part part, size_t row, struct str list)
{
    struct bundle_fault where = {part, row, "components", BUNDLE_NO_COMPONENT, STR_NONE};
    size_t faults = d->fault_count;
    plan_set set = set_of(d, list, where, component_of);
    where.wrong = BUNDLE_NOBODY;
    if (set == 0 && faults == d->fault_count)
        note(d, where);
    return set;
}

static uint32_t when_of(struct bundle_def *d, enum bundle_part part, size_t row, struct str list)
{
    struct bundle_fault where = {part, row, "when", BUNDLE_NO_OPTION, STR_NONE};
    return (uint32_t)set_of(d, list, where, option_of);
}

static void resolve_options(struct bundle_def *d)
{
    struct plan *p = &d->plan;
    int64_t question = 0;
    for (size_t i = 0; i < d->options.n; i++) {
        const struct bundle_options_row *o = &d->options.v[i];
        struct bundle_fault where = {BUNDLE_OPTIONS, i, "components", BUNDLE_NO_COMPONENT,
                                     STR_NONE};
        if (o->question != question)
            p->question_count++;
        question = o->question;
        struct plan_question *q = &p->questions[p->question_count - 1];
        q->options |= (uint32_t)1 << i;
        if (__builtin_popcount(q->options) > PLAN_OPTIONS_MAX)
            note(d, (struct bundle_fault){BUNDLE_OPTIONS, i, "question", BUNDLE_MANY_OPTIONS,
                                          STR_NONE});
        plan_set adds = set_of(d, o->components, where, component_of);
        for (int k = 0; k < p->component_count; k++)
            if ((adds & PLAN_BIT(k)) != 0)
                p->components[k].chosen_by |= (uint32_t)1 << i;
    }
}

static void note_cycle(struct ctx *c, struct bundle_def *d)
{
    int ring[PLAN_COMPONENTS_MAX], n = plan_cycle(&d->plan, ring);
    struct buf b;
    if (n == 0)
        return;
    buf_init(&b, c->arena, 4096);
    for (int i = 0; i <= n; i++) {
        buf_str(&b, i == 0 ? STR("") : STR(" → "));
        buf_str(&b, d->components.v[ring[i % n]].code);
    }
    size_t at = 0;
    for (int e = 0; e < d->plan.edge_count; e++)
        if (d->plan.edges[e].before == ring[n - 1] && d->plan.edges[e].after == ring[0])
            at = (size_t)e;
    note(d, (struct bundle_fault){BUNDLE_EDGES, at, "after", BUNDLE_CYCLE, buf_as_str(&b)});
}

static void resolve_edges(struct ctx *c, struct bundle_def *d)
{
    for (size_t i = 0; i < d->edges.n; i++) {
        const struct bundle_edges_row *e = &d->edges.v[i];
        int before = component_of(d, e->before_code), after = component_of(d, e->after_code);
        if (before < 0)
            note(d, (struct bundle_fault){BUNDLE_EDGES, i, "before", BUNDLE_NO_COMPONENT,
                                          e->before_code});
        if (after < 0)
            note(d, (struct bundle_fault){BUNDLE_EDGES, i, "after", BUNDLE_NO_COMPONENT,
                                          e->after_code});
        if (before < 0 || after < 0)
            before = after = 0;
        d->plan.edges[d->plan.edge_count++] = (struct plan_edge){before, after};
    }
    if (d->fault_count == 0)
        note_cycle(c, d);
}

static enum plan_provider provider_of(struct str word)
{
    if (str_is(word, "government"))
        return PLAN_GOVERNMENT;
    return str_is(word, "on_site") ? PLAN_ON_SITE : PLAN_APPLICANT;
}

static void resolve_papers(struct bundle_def *d)
{
    for (size_t i = 0; i < d->papers.n; i++) {
        const struct bundle_papers_row *r = &d->papers.v[i];
        struct plan_paper *paper = &d->plan.papers[d->plan.paper_count++];
        paper->owners = owners_of(d, BUNDLE_PAPERS, i, r->components);
        paper->provider = provider_of(r->provider);
        paper->needed_when = when_of(d, BUNDLE_PAPERS, i, r->needed_when);
        paper->produced_by = r->produced_by.n == 0 ? -1 : component_of(d, r->produced_by);
        if (r->produced_by.n > 0 && paper->produced_by < 0)
            note(d, (struct bundle_fault){BUNDLE_PAPERS, i, "produced_by", BUNDLE_NO_COMPONENT,
                                          r->produced_by});
        if (paper->produced_by >= 0 && (paper->owners & PLAN_BIT(paper->produced_by)) != 0)
            note(d, (struct bundle_fault){BUNDLE_PAPERS, i, "produced_by", BUNDLE_OWN_PAPER,
                                          r->produced_by});
    }
}

static void resolve_fields(struct bundle_def *d)
{
    for (size_t i = 0; i < d->fields.n; i++) {
        const struct bundle_fields_row *r = &d->fields.v[i];
        struct plan_field *f = &d->plan.fields[d->plan.field_count++];
        f->owners = owners_of(d, BUNDLE_FIELDS, i, r->components);
        f->needed_when = when_of(d, BUNDLE_FIELDS, i, r->needed_when);
        f->is_prefilled = r->prefilled.n > 0;
    }
}

/* Terms and visits come from the item where there is one: what it promises is said once. */
static enum err load_items(struct ctx *c, struct bundle_def *d)
{
    for (size_t i = 0; i < d->components.n; i++) {
        const struct bundle_components_row *r = &d->components.v[i];
        struct plan_component *k = &d->plan.components[d->plan.component_count++];
        struct item_row *row = NULL;
        *k = (struct plan_component){.days = r->days,
                                     .is_natural = str_is(r->unit, "natural"),
                                     .visits = r->visits,
                                     .is_outside = r->outside};
        if (r->item.n > 0)
            TRY(item_by_code(c, c->center_id, r->item, &row));
        if (row == NULL)
            continue;
        d->items[i] = ARENA_NEW(c->arena, struct item_view);
        TRY(item_guide(c, r->item, d->items[i]));
        k->days = d->items[i]->is_immediate ? 0 : d->items[i]->promised_days;
        k->is_natural = str_is(d->items[i]->promised_unit, "natural");
        k->visits = d->items[i]->onsite_visits;
    }
    return E_OK;
}

enum err bundle_load(struct ctx *c, struct str code, struct bundle_def *ret)
{
    struct bundle_row *head;
    *ret = (struct bundle_def){0};
    TRY(bundle(c, c->center_id, code, &head));
    if (head == NULL)
        return fail(c, E_NO_SUCH_BUNDLE, "bundle %.*s", STR_ARG(code));
    ret->head = *head;
    ret->faults = ARENA_ARRAY(c->arena, struct bundle_fault, FAULTS_KEPT);
    TRY(bundle_components(c, c->center_id, code, &ret->components));
    TRY(bundle_options(c, c->center_id, code, &ret->options));
    TRY(bundle_edges(c, c->center_id, code, &ret->edges));
    TRY(bundle_papers(c, c->center_id, code, &ret->papers));
    TRY(bundle_fields(c, c->center_id, code, &ret->fields));
    TRY(load_items(c, ret));
    resolve_options(ret);
    resolve_edges(c, ret);
    resolve_papers(ret);
    resolve_fields(ret);
    return E_OK;
}
