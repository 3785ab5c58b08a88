/* The pages: all bundles by stage of life, and one of them. */
#include "bundle.h"

#define LINES_MAX 12

static struct bundle_sizes_row size_of(const struct bundle_sizes_rows *sizes, struct str code)
{
    for (size_t i = 0; i < sizes->n; i++)
        if (str_eq(sizes->v[i].bundle, code))
            return sizes->v[i];
    return (struct bundle_sizes_row){0};
}

/* The name may be read from a list and yet what stands under it invented: marked as on the page of the bundle. */
static struct bundle_line line_of(const struct ctx *c, const struct bundle_row *b,
                                  const struct bundle_sizes_rows *sizes)
{
    struct bundle_sizes_row size = size_of(sizes, b->code);
    return (struct bundle_line){.code = b->code,
                                .name = bundle_name(c, b),
                                .summary = c->lang == LANG_EN && b->summary_en.n > 0 ? b->summary_en
                                                                                     : b->summary,
                                .audience = b->audience,
                                .stage = b->stage,
                                .stage_name = bundle_stage_title(c, b->stage),
                                .components = size.components,
                                .demonstration =
                                    str_is(b->state, "demonstration") || size.invented > 0};
}

enum err bundle_lines(struct ctx *c, struct str codes, struct bundle_line_list *ret)
{
    struct bundle_sizes_rows sizes;
    *ret = (struct bundle_line_list){.v = ARENA_ARRAY(c->arena, struct bundle_line, LINES_MAX)};
    TRY(bundle_sizes(c, c->center_id, &sizes));
    for (struct str rest = codes; rest.p != NULL && ret->n < LINES_MAX;) {
        struct str code = str_trim(str_cut(&rest, ','));
        struct bundle_row *row;
        TRY(bundle(c, c->center_id, code, &row));
        if (row != NULL)
            ret->v[ret->n++] = line_of(c, row, &sizes);
    }
    return E_OK;
}

/* Stages in the order in which the list first comes to them. */
static void by_stage(struct ctx *c, struct bundle_list *v)
{
    v->stages.v = ARENA_ARRAY(c->arena, struct bundle_stage, v->items.n + 1);
    for (size_t i = 0; i < v->items.n; i++) {
        struct bundle_line *b = &v->items.v[i];
        size_t s = 0;
        while (s < v->stages.n && !str_eq(v->stages.v[s].code, b->stage))
            s++;
        if (s == v->stages.n) {
            v->stages.v[v->stages.n++] =
                (struct bundle_stage){.code = b->stage,
                                      .name = b->stage_name,
                                      .items = {.v = ARENA_ARRAY(c->arena, struct bundle_line,
                                                                 v->items.n)}};
        }
        v->stages.v[s].items.v[v->stages.v[s].items.n++] = *b;
    }
}

enum err bundles_show(struct ctx *c, const struct bundle_query_form *f, struct reply *r,
                      struct bundle_list *v)
{
    struct bundles_rows rows;
    struct bundle_sizes_rows sizes;
    bool all = !str_is(f->audience, "person") && !str_is(f->audience, "enterprise");
    (void)r;
    v->audience = all ? STR("") : f->audience;
    TRY(bundles(c, c->center_id, &rows));
    TRY(bundle_sizes(c, c->center_id, &sizes));
    v->items.v = ARENA_ARRAY(c->arena, struct bundle_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (all || str_eq(rows.v[i].audience, f->audience))
            v->items.v[v->items.n++] = line_of(c, &rows.v[i], &sizes);
    v->total = (int64_t)v->items.n;
    by_stage(c, v);
    return E_OK;
}

enum err bundle_show(struct ctx *c, const struct bundle_answers_form *f, struct reply *r,
                     struct bundle_view *v)
{
    struct bundle_def *d = ARENA_NEW(c->arena, struct bundle_def);
    struct str answers[] = {f->q1, f->q2, f->q3, f->q4, f->q5};
    (void)r;
    TRY(bundle_load(c, f->code, d));
    return bundle_fill(c, d, answers, sizeof answers / sizeof *answers, v);
}
