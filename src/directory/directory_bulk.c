/* One field of many items. What is sent is what the editor sends of one element, so a change of two hundred items and a
 * change of one are the same code; the result is a batch, to be looked at first. */
#include "clock.h"
#include "directory.h"
#include "store.h"
#include "web.h"
#include <inttypes.h>

/* What can sensibly be the same for many items: contacts, hours, place, terms, fee, how far it goes online. */
static const char *const bulk_fields[] =
    {"consult_phone",   "complain_phone",        "link_way",          "supervise_way",
     "transact_time",   "transact_addr",         "traffic_guide",     "hall_zone",
     "one_window",      "promise_day",           "promise_type",      "is_fee",
     "is_online",       "online_handle_depth",   "online_handle_url", "mobile_terminal_url",
     "limit_scene_num", "handle_type",           "is_schedule",       "is_pay_online",
     "is_express",      "result_receive_method", "dept_name"};
#define BULK_FIELDS (sizeof bulk_fields / sizeof *bulk_fields)

static const struct element_term *bulk_term(const struct item_terms *t, struct str field)
{
    for (size_t i = 0; i < BULK_FIELDS; i++)
        if (str_is(field, bulk_fields[i]))
            return element_term_of(t, field);
    return NULL;
}

/* --- the page --- */

static void fields_to_choose(struct ctx *c, const struct item_terms *t, struct str chosen,
                             struct dir_choice_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct dir_choice, BULK_FIELDS + 1);
    ret->v[ret->n++] = (struct dir_choice){STR(""), tr(c, "请选择"), chosen.n == 0};
    for (size_t i = 0; i < BULK_FIELDS; i++)
        if (element_term_of(t, str_of(bulk_fields[i])) != NULL)
            ret->v[ret->n++] = (struct dir_choice){str_of(bulk_fields[i]),
                                                   element_title(c, t, str_of(bulk_fields[i])),
                                                   str_is(chosen, bulk_fields[i])};
}

static enum err add_item(struct ctx *c, struct str pick, struct dir_bulk_item_list *ret)
{
    int64_t id;
    struct item_row row;
    if (!str_to_int(pick, &id))
        return fail_field(c, E_NO_SUCH_ITEM, "picks", "%.*s", STR_ARG(str_head(pick, 20)));
    if (ret->n == BATCH_MOST)
        return fail_field(c, E_DIR_MANY, "picks", "more than %d", BATCH_MOST);
    TRY(item_by_its_id(c, id, &row));
    ret->v[ret->n++] = (struct dir_bulk_item){row.id, row.code, item_name(c, &row)};
    return E_OK;
}

static enum err picked(struct ctx *c, const struct texts *picks, struct dir_bulk_item_list *ret)
{
    *ret = (struct dir_bulk_item_list){ARENA_ARRAY(c->arena, struct dir_bulk_item, BATCH_MOST), 0};
    for (size_t i = 0; i < picks->n; i++)
        TRY(add_item(c, picks->v[i], ret));
    return E_OK;
}

/* Of a form that was refused: its items stand in the body, which this page's own form does not read. */
static struct texts posted_picks(struct ctx *c, const struct dir_bulk_query_form *f)
{
    const struct request *q = c->request;
    if (f->picks.n > 0 || q == NULL || !refused(c, NULL))
        return f->picks;
    struct texts picks = {ARENA_ARRAY(c->arena, struct str, BATCH_MOST), 0};
    for (size_t i = 0; i < q->field_count; i++)
        if (str_is(q->fields[i].name, "picks"))
            for (struct str rest = q->fields[i].value; rest.p != NULL && picks.n < BATCH_MOST;)
                picks.v[picks.n++] = str_cut(&rest, ',');
    return picks;
}

static struct str ids_joined(struct ctx *c, const struct dir_bulk_item_list *l)
{
    struct buf b;
    buf_init(&b, c->arena, 21 * BATCH_MOST);
    for (size_t i = 0; i < l->n; i++)
        buf_fmt(&b, i == 0 ? "%" PRId64 : ",%" PRId64, l->v[i].id);
    return buf_as_str(&b);
}

enum err dir_bulk_show(struct ctx *c, const struct dir_bulk_query_form *f, struct reply *r,
                       struct dir_bulk *v)
{
    struct editing e = {.spot = spot_of(STR("elements"), 0, NO_ROW, NO_ROW)};
    struct texts picks = posted_picks(c, f);
    (void)r;
    TRY(item_terms_read(c, &e.terms));
    if (f->all)
        TRY(items_of_filter(c, f, &v->items));
    else
        TRY(picked(c, &picks, &v->items));
    v->picks = ids_joined(c, &v->items);
    const struct element_term *t = bulk_term(&e.terms, f->field);
    v->field = t == NULL ? STR("") : f->field;
    fields_to_choose(c, &e.terms, v->field, &v->fields);
    if (t == NULL)
        return E_OK;
    if (refused(c, NULL) && pairs_read(c, &e.sent) != E_OK)
        e.sent = (struct pairs){0};
    if (e.sent.n == 0) /* a new value is one that somebody knows */
        doc_element_set(c, &e.doc,
                        (struct doc_element){t->field, STR(""), STR(""), STR("read"), STR("")});
    v->groups.v = ARENA_ARRAY(c->arena, struct dir_group, 1);
    v->groups.v[v->groups.n++] = element_group(c, &e, t);
    v->groups.v[0].is_missing = false;
    if (refused(c, "v"))
        v->groups.v[0].fault = refusal_sentence(c);
    return E_OK;
}

/* --- the plan --- */

struct planning {
    struct dir_bulk_plan_form *f;
    struct batch_plan plan;
    struct pairs sent;
    struct item_terms terms;
};

/* Only what belongs to the field that was chosen is laid over a document. */
static bool is_of_field(const struct planning *k)
{
    for (size_t i = 0; i < k->sent.n; i++) {
        struct str rest = k->sent.k[i];
        if (!str_eq(str_cut(&rest, '.'), k->f->field) || rest.p == NULL)
            return false;
    }
    return k->sent.n > 0;
}

static enum err plan_item(struct ctx *c, struct planning *k, const struct dir_bulk_item *item)
{
    struct dir_standing_row *standing;
    struct doc_faults faults = {0};
    struct item_doc before;
    struct batch_item b = {.item_id = item->id};
    struct spot s = spot_of(STR("elements"), 0, NO_ROW, NO_ROW);
    TRY(dir_standing(c, c->center_id, item->id, &standing));
    if (standing == NULL || !standing->is_listed)
        return fail_field(c, E_NO_SUCH_ITEM, "picks", "item %" PRId64, item->id);
    b.base_version = standing->version;
    TRY(item_version_doc(c, item->id, standing->version, &before));
    TRY(item_version_doc(c, item->id, standing->version, &b.after));
    TRY(pairs_apply(c, &k->sent, &s, &b.after, &faults));
    if (!str_eq(item_doc_print(c, &before), item_doc_print(c, &b.after)))
        k->plan.v[k->plan.n++] = b;
    return E_OK;
}

static struct str value_words(struct ctx *c, const struct planning *k)
{
    struct str value = pairs_value(c, &k->sent, str_fmt(c->arena, "%.*s.zh", STR_ARG(k->f->field)));
    const struct element_term *t = element_term_of(&k->terms, k->f->field);
    const struct code_term *code =
        t->type == VALUE_CODE ? code_term_of(&k->terms, t->scheme, str_or_empty(value), today(c))
                              : NULL;
    if (t->type == VALUE_FLAG && value.n > 0)
        return str_is(value, "1") ? tr(c, "是") : tr(c, "否");
    if (code != NULL)
        return c->lang == LANG_EN && code->name_en.n > 0 ? code->name_en : code->name;
    return value.n == 0 ? tr(c, "（空）") : str_head(value, 60);
}

static enum err plan_all(struct ctx *c, void *arg)
{
    struct planning *k = arg;
    struct dir_bulk_item_list items;
    TRY(item_terms_read(c, &k->terms));
    if (bulk_term(&k->terms, k->f->field) == NULL)
        return fail_field(c, E_DIR_BULK_FIELD, "field", "%.*s", STR_ARG(k->f->field));
    if (!is_of_field(k))
        return fail_field(c, E_DIR_PAIRS, "v", "values of another field");
    TRY(picked(c, &k->f->picks, &items));
    if (items.n == 0)
        return fail_field(c, E_DIR_NOTHING, "picks", "nothing picked");
    k->plan.v = ARENA_ARRAY(c->arena, struct batch_item, items.n);
    k->plan.n = 0;
    for (size_t i = 0; i < items.n; i++)
        TRY(plan_item(c, k, &items.v[i]));
    if (k->plan.n == 0)
        return fail_field(c, E_DIR_NO_CHANGE, "v", "%zu items say so already", items.n);
    k->plan.title =
        tr_fill(c, "{field} → {value}", "field", element_title(c, &k->terms, k->f->field), "value",
                value_words(c, k), NULL);
    return E_OK;
}

/* Documents of two hundred items are read beside the lane, not on it. */
enum err dir_bulk_before(struct ctx *c, struct dir_bulk_plan_form *f)
{
    struct planning *k = ARENA_NEW(c->arena, struct planning);
    *k = (struct planning){.f = f, .plan = {.kind = STR("bulk"), .why = f->why}};
    TRY(pairs_read(c, &k->sent));
    TRY(store_read(c->store, c, plan_all, k));
    f->plan = plan_handed(&k->plan);
    return E_OK;
}

enum err dir_bulk_plan(struct ctx *c, const struct dir_bulk_plan_form *f, struct reply *r,
                       struct dir_planned *v)
{
    TRY(batch_keep(c, plan_of(f->plan), v));
    reply_see(r, "/admin/items/batches/%" PRId64, v->id);
    return E_OK;
}
