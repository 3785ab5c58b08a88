/* The page of a bundle: the plan put into words for the person who stands before it. What may be needed is said to be
 * so until the questions are answered. */
#include "bundle.h"
#include "center.h"

static struct str in_language(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

static const struct {
    const char *code, *title;
} stage_titles[] = {
    {"birth", /* tr */ "出生"},        {"schooling", /* tr */ "上学"},
    {"work", /* tr */ "工作"},         {"living", /* tr */ "成家和生活"},
    {"home", /* tr */ "住房"},         {"travel", /* tr */ "出行"},
    {"medical", /* tr */ "看病"},      {"relief", /* tr */ "救助"},
    {"old_age", /* tr */ "养老"},      {"death", /* tr */ "身后"},
    {"entry", /* tr */ "开办"},        {"hiring", /* tr */ "用工"},
    {"tax", /* tr */ "税费"},          {"operation", /* tr */ "经营"},
    {"construction", /* tr */ "建设"}, {"exit", /* tr */ "停业注销"},
};

struct str bundle_stage_title(const struct ctx *c, struct str code)
{
    for (size_t i = 0; i < sizeof stage_titles / sizeof *stage_titles; i++)
        if (str_is(code, stage_titles[i].code))
            return tr(c, stage_titles[i].title);
    return code;
}

struct str bundle_join(const struct ctx *c, const struct texts *names)
{
    struct buf b;
    buf_init(&b, c->arena, 65536);
    for (size_t i = 0; i < names->n; i++) {
        buf_str(&b, i == 0 ? STR("") : tr(c, "、"));
        buf_str(&b, names->v[i]);
    }
    return buf_as_str(&b);
}

static struct str need_word(enum plan_need need)
{
    return need == PLAN_NEEDED ? STR("needed") : need == PLAN_MAYBE ? STR("maybe") : STR("none");
}

static struct str step_name(const struct ctx *c, const struct bundle_def *d, size_t i)
{
    return in_language(c, d->components.v[i].name, d->components.v[i].name_en);
}

static struct texts names_of(struct ctx *c, const struct bundle_def *d, plan_set set)
{
    struct texts t = {.v = ARENA_ARRAY(c->arena, struct str, PLAN_COMPONENTS_MAX)};
    for (size_t i = 0; i < d->components.n; i++)
        if ((set & PLAN_BIT(i)) != 0)
            t.v[t.n++] = step_name(c, d, i);
    return t;
}

/* --- questions --- */

static uint32_t chosen_of(const struct bundle_def *d, const struct str *answers, size_t count)
{
    uint32_t chosen = 0;
    for (size_t i = 0; i < d->options.n; i++) {
        size_t q = (size_t)d->options.v[i].question - 1;
        if (q < count && answers[q].n > 0 && str_eq(answers[q], d->options.v[i].code))
            chosen |= (uint32_t)1 << i;
    }
    return chosen;
}

static void fill_questions(struct ctx *c, const struct bundle_def *d, uint32_t chosen,
                           struct bundle_view *v)
{
    struct bundle_question *q = NULL;
    v->questions.v = ARENA_ARRAY(c->arena, struct bundle_question, PLAN_QUESTIONS_MAX);
    for (size_t i = 0; i < d->options.n; i++) {
        const struct bundle_options_row *o = &d->options.v[i];
        bool is_chosen = (chosen >> i & 1) != 0;
        if (q == NULL || q->number != o->question) {
            q = &v->questions.v[v->questions.n++];
            *q = (struct bundle_question){.number = o->question,
                                          .text = in_language(c, o->text, o->text_en),
                                          .answer = STR("")};
            q->choices.v = ARENA_ARRAY(c->arena, struct bundle_choice, PLAN_OPTIONS_MAX);
            v->open++;
        }
        q->choices.v[q->choices.n++] =
            (struct bundle_choice){o->code, in_language(c, o->label, o->label_en), is_chosen};
        if (is_chosen) {
            q->answer = o->code;
            v->open--;
        }
    }
}

/* --- papers and fields --- */

static void fill_papers(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                        struct bundle_view *v)
{
    v->papers.v = ARENA_ARRAY(c->arena, struct bundle_paper, d->papers.n + 1);
    v->known.v = ARENA_ARRAY(c->arena, struct bundle_paper, d->papers.n + 1);
    for (size_t i = 0; i < d->papers.n; i++) {
        const struct bundle_papers_row *r = &d->papers.v[i];
        const struct plan_paper *paper = &d->plan.papers[i];
        enum plan_need need = plan_need_of(s, paper->owners, paper->needed_when),
                       brings = plan_brings(s, paper);
        if (need == PLAN_NOT_NEEDED)
            continue;
        struct bundle_paper *to =
            brings == PLAN_NOT_NEEDED ? &v->known.v[v->known.n++] : &v->papers.v[v->papers.n++];
        *to = (struct bundle_paper){.code = r->code,
                                    .name = in_language(c, r->name, r->name_en),
                                    .kind = r->kind,
                                    .copies = r->copies,
                                    .provider = r->provider,
                                    .note = in_language(c, r->note, r->note_en),
                                    .need = need_word(brings == PLAN_NOT_NEEDED ? need : brings),
                                    .needed_by = names_of(c, d, paper->owners & s->maybe),
                                    .given_by = paper->produced_by < 0
                                                    ? STR("")
                                                    : step_name(c, d, (size_t)paper->produced_by),
                                    .demonstration = str_is(r->state, "demonstration")};
    }
}

static void fill_fields(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                        struct bundle_view *v)
{
    v->fields.v = ARENA_ARRAY(c->arena, struct bundle_field, d->fields.n + 1);
    for (size_t i = 0; i < d->fields.n; i++) {
        const struct bundle_fields_row *r = &d->fields.v[i];
        const struct plan_field *f = &d->plan.fields[i];
        enum plan_need need = plan_need_of(s, f->owners, f->needed_when);
        if (need == PLAN_NOT_NEEDED)
            continue;
        v->fields.v[v->fields.n++] =
            (struct bundle_field){.code = r->code,
                                  .title = in_language(c, r->title, r->title_en),
                                  .type = r->type,
                                  .need = need_word(need),
                                  .prefilled = in_language(c, r->prefilled, r->prefilled_en),
                                  .needed_by = names_of(c, d, f->owners & s->maybe)};
        v->to_write += !f->is_prefilled;
        v->taken_over += f->is_prefilled;
    }
}

/* --- steps --- */

static struct str fee_of(const struct ctx *c, const struct bundle_components_row *r,
                         const struct item_view *i)
{
    for (size_t e = 0; i != NULL && e < i->elements.n; e++)
        if (str_is(i->elements.v[e].element, "fee") && i->elements.v[e].text.n > 0)
            return i->elements.v[e].text;
    return in_language(c, r->cost, r->cost_en);
}

/* The first line of a place says where; the others are the same for every item. */
static struct str place_of(const struct ctx *c, const struct bundle_components_row *r,
                           const struct item_view *i)
{
    if (i == NULL || (r->outside && r->agency.n > 0))
        return in_language(c, r->agency, r->agency_en);
    struct str rest = i->place.n > 0 ? i->place : i->zone_name;
    return str_cut(&rest, '\n');
}

static void fill_waits(struct ctx *c, const struct bundle_def *d, plan_set among, size_t i,
                       struct bundle_step *step)
{
    step->waits_for.v = ARENA_ARRAY(c->arena, struct bundle_waits, d->edges.n + 1);
    for (size_t e = 0; e < d->edges.n; e++) {
        const struct plan_edge *edge = &d->plan.edges[e];
        if ((size_t)edge->after == i && (among & PLAN_BIT(edge->before)) != 0)
            step->waits_for.v[step->waits_for.n++] =
                (struct bundle_waits){step_name(c, d, (size_t)edge->before),
                                      in_language(c, d->edges.v[e].result,
                                                  d->edges.v[e].result_en)};
    }
}

static void fill_step(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                      size_t i, struct bundle_step *step)
{
    const struct bundle_components_row *r = &d->components.v[i];
    const struct plan_component *k = &d->plan.components[i];
    const struct item_view *item = d->items[i];
    *step = (struct bundle_step){.code = r->code,
                                 .name = step_name(c, d, i),
                                 .item = item == NULL ? STR("") : item->code,
                                 .item_name = item == NULL ? STR("") : item->name,
                                 .agency = item == NULL ? in_language(c, r->agency, r->agency_en)
                                                        : item->agency,
                                 .days = k->days,
                                 .unit = k->is_natural ? STR("natural") : STR("working"),
                                 .visits = k->visits,
                                 .online = item != NULL && item->online,
                                 .outside = k->is_outside,
                                 .need = need_word(plan_need_of(s, PLAN_BIT(i), 0)),
                                 .fee = fee_of(c, r, item)};
    step->place = place_of(c, r, item);
    fill_waits(c, d, s->maybe, i, step);
}

static void fill_steps(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                       const struct plan_term *most, struct bundle_view *v)
{
    int wave[PLAN_COMPONENTS_MAX];
    v->waves = plan_waves(&d->plan, s->maybe, wave);
    v->steps.v = ARENA_ARRAY(c->arena, struct bundle_step, d->components.n + 1);
    for (int w = 0; w < v->waves; w++)
        for (size_t i = 0; i < d->components.n; i++) {
            if (wave[i] != w)
                continue;
            struct bundle_step *step = &v->steps.v[v->steps.n++];
            fill_step(c, d, s, i, step);
            step->wave = w + 1;
            step->number = (int64_t)v->steps.n;
            for (int p = 0; p < most->length; p++)
                step->critical |=
                    most->path[p] == (int)i && (most->working_days + most->natural_days) > 0;
        }
}

static void fill_edges(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                       struct bundle_view *v)
{
    v->edges.v = ARENA_ARRAY(c->arena, struct bundle_edge, d->edges.n + 1);
    for (size_t e = 0; e < d->edges.n; e++) {
        const struct plan_edge *edge = &d->plan.edges[e];
        if ((s->maybe & PLAN_BIT(edge->before)) == 0 || (s->maybe & PLAN_BIT(edge->after)) == 0)
            continue;
        v->edges.v[v->edges.n++] =
            (struct bundle_edge){step_name(c, d, (size_t)edge->before),
                                 step_name(c, d, (size_t)edge->after),
                                 in_language(c, d->edges.v[e].result, d->edges.v[e].result_en)};
    }
}

/* Steps that say the same of place or cost, together. */
static struct bundle_shared_list shared(struct ctx *c, const struct bundle_view *v, bool is_fee)
{
    struct bundle_shared_list all = {
        .v = ARENA_ARRAY(c->arena, struct bundle_shared, v->steps.n + 1)};
    for (size_t i = 0; i < v->steps.n; i++) {
        struct str text = is_fee ? v->steps.v[i].fee : v->steps.v[i].place;
        size_t at = 0;
        while (at < all.n && !str_eq(all.v[at].text, text))
            at++;
        if (text.n == 0)
            continue;
        if (at == all.n) {
            all.v[all.n++] = (struct bundle_shared){.text = text,
                                                    .steps = {.v = ARENA_ARRAY(c->arena, struct str,
                                                                               v->steps.n)}};
        }
        all.v[at].steps.v[all.v[at].steps.n++] = v->steps.v[i].name;
    }
    return all;
}

/* --- how long --- */

static struct str number(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

static struct str path_words(struct ctx *c, const struct bundle_term *t)
{
    struct buf b;
    buf_init(&b, c->arena, 8192);
    for (size_t i = 0; i < t->path.n; i++) {
        buf_str(&b, i == 0 ? STR("") : STR(" → "));
        buf_str(&b, t->path.v[i]);
    }
    return buf_as_str(&b);
}

static struct str how_long(struct ctx *c, const struct bundle_term *t)
{
    struct str least = number(c, t->least_days), most = number(c, t->most_days);
    if (t->most_days == 0)
        return tr(c, "材料齐全，当天就能办完。");
    if (t->least_days == t->most_days)
        return tr_fill(c, "最长 {n} 个工作日。", "n", most, NULL);
    if (t->least_days == 0)
        return tr_fill(c, "最快当天，最长 {n} 个工作日，看您的情形。", "n", most, NULL);
    return tr_fill(c, "最快 {a} 个工作日，最长 {n} 个工作日，看您的情形。", "a", least, "n", most,
                   NULL);
}

static struct str reason_of(struct ctx *c, const struct bundle_term *t)
{
    if (t->most_days == 0)
        return STR("");
    if (t->path.n == 1)
        return tr_fill(c, "因为“{step}”这一件要 {n} 个工作日，别的可以同时办。", "step",
                       t->path.v[0], "n", number(c, t->most_days), NULL);
    return tr_fill(c, "因为这几件要一件接一件办：{path}。", "path", path_words(c, t), NULL);
}

static struct str sentence_of(struct ctx *c, const struct bundle_term *t, bool is_settled)
{
    struct buf b;
    struct str gap = c->lang == LANG_EN ? STR(" ") : STR("");
    buf_init(&b, c->arena, 16384);
    buf_str(&b, how_long(c, t));
    buf_str(&b, gap);
    buf_str(&b, reason_of(c, t));
    if (t->natural > 0) {
        buf_str(&b, gap);
        buf_str(&b, tr_fill(c, "其中 {n} 天连休息日也算，七天折合五个工作日。", "n",
                            number(c, t->natural), NULL));
    }
    if (is_settled && t->sum_days > t->most_days) {
        buf_str(&b, gap);
        buf_str(&b, tr_fill(c, "分开一件一件办，加起来要 {n} 个工作日。", "n",
                            number(c, t->sum_days), NULL));
    }
    return buf_as_str(&b);
}

static void fill_term(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                      const struct plan_term *least, const struct plan_term *most,
                      struct bundle_view *v)
{
    struct plan_term sum = {0};
    for (size_t i = 0; i < d->components.n; i++) {
        const struct plan_component *k = &d->plan.components[i];
        if ((s->maybe & PLAN_BIT(i)) == 0)
            continue;
        *(k->is_natural ? &sum.natural_days : &sum.working_days) += k->days;
    }
    v->term = (struct bundle_term){.least_days = plan_whole_days(least),
                                   .most_days = plan_whole_days(most),
                                   .sum_days = plan_whole_days(&sum),
                                   .working = most->working_days,
                                   .natural = most->natural_days};
    v->term.path.v = ARENA_ARRAY(c->arena, struct str, PLAN_COMPONENTS_MAX);
    for (int i = 0; i < most->length; i++)
        v->term.path.v[v->term.path.n++] = step_name(c, d, (size_t)most->path[i]);
    v->term.sentence = sentence_of(c, &v->term, v->open == 0);
}

static void fill_savings(struct ctx *c, const struct bundle_def *d, const struct plan_situation *s,
                         struct bundle_view *v)
{
    struct plan_saving k = plan_saved(&d->plan, s);
    struct bundle_saving all[] =
        {{STR("steps"), tr(c, "申请几次"), k.steps_before, k.steps_after, 0},
         {STR("papers"), tr(c, "交几份材料"), k.papers_before, k.papers_after, 0},
         {STR("fields"), tr(c, "填几栏"), k.fields_before, k.fields_after, 0},
         {STR("visits"), tr(c, "跑几趟"), k.visits_before, k.visits_after, 0}};
    v->savings.v = ARENA_ARRAY(c->arena, struct bundle_saving, 4);
    for (size_t i = 0; i < 4; i++) {
        if (all[i].before == 0)
            continue;
        all[i].percent = plan_percent_less(all[i].before, all[i].after);
        v->savings.v[v->savings.n++] = all[i];
    }
}

static bool is_invented(const struct bundle_def *d)
{
    bool invented = str_is(d->head.state, "demonstration");
    for (size_t i = 0; i < d->components.n; i++)
        invented |= str_is(d->components.v[i].state, "demonstration");
    return invented;
}

enum err bundle_fill(struct ctx *c, const struct bundle_def *d, const struct str *answers,
                     size_t answer_count, struct bundle_view *ret)
{
    struct plan_situation s = plan_situate(&d->plan, chosen_of(d, answers, answer_count));
    struct plan_term least = {0}, most = {0};
    struct agency_row *lead;
    TRY(agency_by_name(c, c->center_id, d->head.lead, &lead));
    plan_term_range(&d->plan, &s, &least, &most);
    *ret = (struct bundle_view){.code = d->head.code,
                                .name = bundle_name(c, &d->head),
                                .summary = in_language(c, d->head.summary, d->head.summary_en),
                                .audience = d->head.audience,
                                .stage = d->head.stage,
                                .stage_name = bundle_stage_title(c, d->head.stage),
                                .lead = lead == NULL ? d->head.lead
                                                     : in_language(c, lead->name, lead->name_en),
                                .demonstration = is_invented(d),
                                .state = d->head.state,
                                .source = d->head.source};
    fill_questions(c, d, s.chosen, ret);
    fill_papers(c, d, &s, ret);
    fill_fields(c, d, &s, ret);
    fill_steps(c, d, &s, &most, ret);
    fill_edges(c, d, &s, ret);
    fill_term(c, d, &s, &least, &most, ret);
    fill_savings(c, d, &s, ret);
    ret->places = shared(c, ret, false);
    ret->fees = shared(c, ret, true);
    bundle_draw(c, d, ret);
    return E_OK;
}
