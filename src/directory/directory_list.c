/* The list of the directory: filters, pages, and for each item the next step of the person who looks. How complete an
 * item is stands in its document only, so that filter reads documents, at most LOOKED_AT a page. */
#include "clock.h"
#include "directory.h"
#include "web.h"
#include <inttypes.h>

#define PAGE_SIZE 25
#define LOOKED_AT 400

/* What a LIKE pattern would take for a sign of its own is written with "!". */
static struct str pattern_of(struct ctx *c, struct str q)
{
    struct buf b;
    buf_init(&b, c->arena, 1000);
    buf_char(&b, '%');
    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] == '%' || q.p[i] == '_' || q.p[i] == '!')
            buf_char(&b, '!');
        buf_char(&b, q.p[i]);
    }
    buf_char(&b, '%');
    return buf_as_str(&b);
}

static struct str step_of_draft(const struct ctx *c, bool has_hand_in, bool is_checked)
{
    if (has_hand_in)
        return is_checked || !may(c, RIGHT_ITEM_EDIT) ? STR("see") : STR("edit");
    if (is_checked)
        return may(c, RIGHT_ITEM_PUBLISH) ? STR("publish") : STR("see");
    return may(c, RIGHT_ITEM_CHECK) ? STR("check") : STR("see");
}

static enum err step_of(struct ctx *c, int64_t id, int64_t draft, struct str state, struct str *ret)
{
    struct dir_hand_in_row *hand = NULL;
    *ret = may(c, RIGHT_ITEM_EDIT) ? STR("open") : STR("see");
    if (draft == 0)
        return E_OK;
    TRY(dir_hand_in(c, c->center_id, id, draft, c->actor.id, &hand));
    *ret = step_of_draft(c, hand != NULL, str_is(state, "checked"));
    return E_OK;
}

static enum err line_of(struct ctx *c, const struct item_terms *t, const struct dir_rows_row *row,
                        struct dir_line *ret)
{
    struct item_doc d;
    TRY(item_doc_of_tables(c, row->id, &d));
    *ret = (struct dir_line){.id = row->id,
                             .code = row->code,
                             .name = row->name,
                             .agency = row->agency,
                             .zone_name = str_or_empty(row->zone_name),
                             .version = row->is_listed ? row->version : 0,
                             .draft = row->draft == INT_NONE ? 0 : row->draft,
                             .draft_state = str_or_empty(row->draft_state),
                             .due_on = row->due_on,
                             .ends_on = row->ends_on,
                             .completeness = completeness_of(c, t, &d)};
    if (ret->draft > 0)
        TRY(staff_name_of(c, row->draft_by, &ret->draft_by));
    return step_of(c, row->id, ret->draft, ret->draft_state, &ret->step);
}

static enum err lines_fill(struct ctx *c, const struct dir_query_form *f,
                           const struct item_terms *t, struct dir_list *v)
{
    struct dir_rows_rows rows;
    int64_t most = f->below > 0 ? LOOKED_AT : PAGE_SIZE + 1;
    TRY(dir_rows(c, c->center_id, pattern_of(c, f->q), f->zone, f->agency, f->kind, f->state,
                 f->after, today(c), most, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct dir_line, PAGE_SIZE + 1);
    size_t i = 0;
    for (; i < rows.n && v->items.n < PAGE_SIZE; i++) {
        struct dir_line *line = &v->items.v[v->items.n];
        TRY(line_of(c, t, &rows.v[i], line));
        v->items.n += f->below == 0 || line->completeness < f->below;
    }
    v->looked_at = (int64_t)i;
    bool has_more = i < rows.n || (int64_t)rows.n == most;
    v->next = has_more && i > 0 ? rows.v[i - 1].code : STR("");
    return E_OK;
}

static enum err fresh_fill(struct ctx *c, const struct item_terms *t, struct dir_list *v)
{
    struct dir_fresh_rows rows;
    TRY(dir_fresh(c, c->center_id, &rows));
    v->fresh.v = ARENA_ARRAY(c->arena, struct dir_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct item_doc d;
        struct str by, step;
        TRY(item_version_doc(c, rows.v[i].item_id, rows.v[i].version, &d));
        TRY(staff_name_of(c, rows.v[i].edited_by, &by));
        TRY(step_of(c, rows.v[i].item_id, rows.v[i].version, rows.v[i].state, &step));
        v->fresh.v[v->fresh.n++] =
            (struct dir_line){.id = rows.v[i].item_id,
                              .code = str_or_empty(doc_value(&d, "catalog_code")),
                              .name = str_or_empty(doc_value(&d, "task_name")),
                              .agency = str_or_empty(doc_value(&d, "dept_name")),
                              .zone_name = STR(""),
                              .draft = rows.v[i].version,
                              .draft_state = rows.v[i].state,
                              .draft_by = by,
                              .completeness = completeness_of(c, t, &d),
                              .step = step};
    }
    return E_OK;
}

/* --- the filters --- */

static void choice(struct dir_choice_list *l, struct str code, struct str name, struct str chosen)
{
    l->v[l->n++] = (struct dir_choice){code, name, str_eq(code, str_or_empty(chosen))};
}

static void states_fill(struct ctx *c, const struct dir_query_form *f, struct dir_list *v)
{
    v->states.v = ARENA_ARRAY(c->arena, struct dir_choice, 6);
    choice(&v->states, STR(""), tr(c, "全部"), f->state);
    choice(&v->states, STR("draft"), tr(c, "有稿在改"), f->state);
    choice(&v->states, STR("checked"), tr(c, "已核对，等发布"), f->state);
    choice(&v->states, STR("published"), tr(c, "正在用"), f->state);
    choice(&v->states, STR("ending"), tr(c, "定了停用日期"), f->state);
    choice(&v->states, STR("gone"), tr(c, "已停办"), f->state);
}

static void scheme_fill(struct ctx *c, const struct item_terms *t, const char *scheme,
                        struct str chosen, struct dir_choice_list *l)
{
    l->v = ARENA_ARRAY(c->arena, struct dir_choice, t->code_count + 1);
    choice(l, STR(""), tr(c, "全部"), chosen);
    for (size_t i = 0; i < t->code_count; i++)
        if (str_is(t->codes[i].scheme, scheme) &&
            code_term_of(t, t->codes[i].scheme, t->codes[i].code, today(c)) == &t->codes[i])
            choice(l, t->codes[i].code,
                   c->lang == LANG_EN && t->codes[i].name_en.n > 0 ? t->codes[i].name_en
                                                                   : t->codes[i].name,
                   chosen);
}

static enum err filters_fill(struct ctx *c, const struct dir_query_form *f,
                             const struct item_terms *t, struct dir_list *v)
{
    struct agencies_rows all;
    TRY(agencies(c, c->center_id, &all));
    v->agencies.v = ARENA_ARRAY(c->arena, struct dir_choice, all.n + 1);
    choice(&v->agencies, STR(""), tr(c, "全部"), f->agency);
    for (size_t i = 0; i < all.n; i++)
        choice(&v->agencies, all.v[i].name,
               c->lang == LANG_EN && all.v[i].name_en.n > 0 ? all.v[i].name_en : all.v[i].name,
               f->agency);
    scheme_fill(c, t, "hall_zone", f->zone, &v->zones);
    scheme_fill(c, t, "item_type", f->kind, &v->kinds);
    states_fill(c, f, v);
    v->q = str_or_empty(f->q);
    v->below = f->below;
    return E_OK;
}

static void put_parameter(struct buf *b, const char *name, struct str value)
{
    buf_fmt(b, "&%s=", name);
    for (size_t i = 0; i < value.n; i++) {
        unsigned char ch = (unsigned char)value.p[i];
        bool is_plain =
            (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        buf_fmt(b, is_plain ? "%c" : "%%%02X", ch);
    }
}

static struct str next_link(struct ctx *c, const struct dir_query_form *f, struct str next)
{
    struct buf b;
    buf_init(&b, c->arena, 4000);
    buf_fmt(&b, "/admin/items?below=%" PRId64, f->below);
    put_parameter(&b, "q", f->q);
    put_parameter(&b, "zone", f->zone);
    put_parameter(&b, "agency", f->agency);
    put_parameter(&b, "kind", f->kind);
    put_parameter(&b, "state", f->state);
    put_parameter(&b, "after", next);
    return buf_as_str(&b);
}

enum err dir_list_show(struct ctx *c, const struct dir_query_form *f, struct reply *r,
                       struct dir_list *v)
{
    struct item_terms terms;
    struct dir_count_row count;
    struct item_version_infos waiting;
    (void)r;
    TRY(item_terms_read(c, &terms));
    TRY(filters_fill(c, f, &terms, v));
    TRY(lines_fill(c, f, &terms, v));
    if (f->after.n == 0)
        TRY(fresh_fill(c, &terms, v));
    TRY(dir_count(c, c->center_id, pattern_of(c, f->q), f->zone, f->agency, f->kind, f->state,
                  today(c), &count));
    v->total = count.items;
    if (v->next.n > 0)
        v->next_link = next_link(c, f, v->next);
    TRY(item_versions_at_work(c, ITEM_CHECKED, &waiting));
    v->waits = (int64_t)waiting.n;
    return E_OK;
}

/* --- for a change of many --- */

static enum err is_below(struct ctx *c, const struct item_terms *t, int64_t item_id, int64_t below,
                         bool *ret)
{
    struct item_doc d;
    *ret = true;
    if (below == 0)
        return E_OK;
    TRY(item_doc_of_tables(c, item_id, &d));
    *ret = completeness_of(c, t, &d) < below;
    return E_OK;
}

/* A page of rows; *after moves on, STR_NONE when there are no more. */
static enum err page_of_filter(struct ctx *c, const struct dir_bulk_query_form *f,
                               const struct item_terms *t, struct str *after,
                               struct dir_bulk_item_list *ret)
{
    struct dir_rows_rows rows;
    TRY(dir_rows(c, c->center_id, pattern_of(c, f->q), f->zone, f->agency, f->kind, f->state,
                 *after, today(c), LOOKED_AT, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        bool is_meant;
        TRY(is_below(c, t, rows.v[i].id, f->below, &is_meant));
        if (!is_meant || !rows.v[i].is_listed)
            continue;
        if (ret->n == BATCH_MOST)
            return fail(c, E_DIR_MANY, "more than %d items", BATCH_MOST);
        ret->v[ret->n++] = (struct dir_bulk_item){rows.v[i].id, rows.v[i].code, rows.v[i].name};
    }
    *after = rows.n < LOOKED_AT ? STR_NONE : rows.v[rows.n - 1].code;
    return E_OK;
}

enum err items_of_filter(struct ctx *c, const struct dir_bulk_query_form *f,
                         struct dir_bulk_item_list *ret)
{
    struct item_terms terms;
    struct str after = STR("");
    TRY(item_terms_read(c, &terms));
    *ret = (struct dir_bulk_item_list){ARENA_ARRAY(c->arena, struct dir_bulk_item, BATCH_MOST), 0};
    while (after.p != NULL)
        TRY(page_of_filter(c, f, &terms, &after, ret));
    return E_OK;
}
