/* Reading versions: which there are, what they say, who worked on them. */
#include "item_life.h"
#include "journal.h"
#include "json.h"
#include <inttypes.h>

static const char *const state_words[ITEM_STATE_COUNT] = {[ITEM_NOT_THERE] = "",
                                                          [ITEM_DRAFT] = "draft",
                                                          [ITEM_CHECKED] = "checked",
                                                          [ITEM_PUBLISHED] = "published",
                                                          [ITEM_WITHDRAWN] = "withdrawn"};
static const char *const act_words[ITEM_ACT_COUNT] = {
    [ITEM_ACT_OPEN] = "open",        [ITEM_ACT_SAVE] = "save",       [ITEM_ACT_CHECK] = "check",
    [ITEM_ACT_RETURN] = "return",    [ITEM_ACT_PUBLISH] = "publish", [ITEM_ACT_DISCARD] = "discard",
    [ITEM_ACT_WITHDRAW] = "withdraw"};

/* Two people (MISSION.md M8): the one who wrote a version neither checks nor publishes it. */
const struct item_move item_moves[] = {
    {ITEM_NOT_THERE, ITEM_ACT_OPEN, ITEM_DRAFT, RIGHT_ITEM_EDIT, false, false, EV_ITEM_OPENED},
    {ITEM_DRAFT, ITEM_ACT_SAVE, ITEM_DRAFT, RIGHT_ITEM_EDIT, false, false, EV_ITEM_SAVED},
    {ITEM_DRAFT, ITEM_ACT_DISCARD, ITEM_WITHDRAWN, RIGHT_ITEM_EDIT, false, true, EV_ITEM_DISCARDED},
    {ITEM_DRAFT, ITEM_ACT_CHECK, ITEM_CHECKED, RIGHT_ITEM_CHECK, true, false, EV_ITEM_CHECKED},
    {ITEM_CHECKED, ITEM_ACT_RETURN, ITEM_DRAFT, RIGHT_ITEM_CHECK, false, true, EV_ITEM_RETURNED},
    {ITEM_CHECKED, ITEM_ACT_PUBLISH, ITEM_PUBLISHED, RIGHT_ITEM_PUBLISH, true, true,
     EV_ITEM_PUBLISHED},
    {ITEM_PUBLISHED, ITEM_ACT_WITHDRAW, ITEM_WITHDRAWN, RIGHT_ITEM_PUBLISH, false, true,
     EV_ITEM_WITHDRAWN}};
const int item_move_count = sizeof item_moves / sizeof *item_moves;

const struct item_move *item_move_of(enum item_state from, enum item_act act)
{
    for (int i = 0; i < item_move_count; i++)
        if (item_moves[i].from == from && item_moves[i].act == act)
            return &item_moves[i];
    return NULL;
}

const char *item_state_word(enum item_state s)
{
    return state_words[s];
}
const char *item_act_word(enum item_act a)
{
    return act_words[a];
}

enum item_state item_state_of(struct str word)
{
    for (int i = ITEM_DRAFT; i < ITEM_STATE_COUNT; i++)
        if (str_is(word, state_words[i]))
            return (enum item_state)i;
    return ITEM_NOT_THERE;
}

static struct item_version_info info_of(const struct version_row_row *r, int64_t in_force)
{
    return (struct item_version_info){.item_id = r->item_id,
                                      .version = r->version,
                                      .base_version = r->base_version,
                                      .revision = r->revision,
                                      .changed_at = r->changed_at,
                                      .state = item_state_of(r->state),
                                      .effective_on = r->effective_on,
                                      .ends_on = r->ends_on,
                                      .edited_by = r->edited_by,
                                      .checked_by = r->checked_by,
                                      .published_by = r->published_by,
                                      .why = r->why,
                                      .is_in_force = r->version == in_force};
}

/* The version that the tables hold and visitors see, 0 when none. */
static enum err version_seen(struct ctx *c, int64_t item_id, int64_t *ret)
{
    struct item_standing_row *standing;
    TRY(item_standing(c, c->center_id, item_id, &standing));
    *ret = standing == NULL || !standing->is_listed ? 0 : standing->version;
    return E_OK;
}

enum err item_versions(struct ctx *c, int64_t item_id, struct item_version_infos *ret)
{
    struct version_rows_rows rows;
    int64_t in_force;
    TRY(version_seen(c, item_id, &in_force));
    TRY(version_rows(c, c->center_id, item_id, &rows));
    *ret = (struct item_version_infos){ARENA_ARRAY(c->arena, struct item_version_info, rows.n + 1),
                                       rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = info_of(&rows.v[i], in_force);
    return E_OK;
}

enum err item_version_of(struct ctx *c, int64_t item_id, int64_t version,
                         struct item_version_info *ret)
{
    struct version_row_row *row;
    int64_t in_force;
    TRY(version_row(c, c->center_id, item_id, version, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_VERSION, "item %lld version %lld", (long long)item_id,
                    (long long)version);
    TRY(version_seen(c, item_id, &in_force));
    *ret = info_of(row, in_force);
    return E_OK;
}

enum err item_version_hands(struct ctx *c, int64_t item_id, int64_t version, struct item_hands *ret)
{
    struct hands_of_rows rows;
    TRY(hands_of(c, c->center_id, item_id, version, &rows));
    *ret = (struct item_hands){ARENA_ARRAY(c->arena, struct item_hand, rows.n + 1), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = (struct item_hand){rows.v[i].act, rows.v[i].staff_name, rows.v[i].why,
                                       rows.v[i].staff_id, rows.v[i].at};
    return E_OK;
}

enum err item_versions_at_work(struct ctx *c, enum item_state state, struct item_version_infos *ret)
{
    struct version_rows_at_work_rows rows;
    TRY(version_rows_at_work(c, c->center_id, str_of(state_words[state]), &rows));
    *ret = (struct item_version_infos){ARENA_ARRAY(c->arena, struct item_version_info, rows.n + 1),
                                       rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = info_of(&rows.v[i], 0);
    return E_OK;
}

/* --- documents --- */

static enum err read_content(struct ctx *c, struct str content, struct item_doc *ret)
{
    struct doc_faults faults;
    enum err e = item_doc_read(c, content, ret, &faults);
    if (e == E_ITEM_FAULTS) /* we wrote it ourselves */
        return fail(c, E_INTERNAL, "a stored document: %.*s", STR_ARG(faults.v[0].place));
    return e;
}

enum err item_version_doc(struct ctx *c, int64_t item_id, int64_t version, struct item_doc *ret)
{
    struct version_content_row *row;
    TRY(version_content(c, c->center_id, item_id, version, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_VERSION, "item %lld version %lld", (long long)item_id,
                    (long long)version);
    return row->content.n > 0 ? read_content(c, row->content, ret)
                              : item_doc_of_tables(c, item_id, ret);
}

enum err item_doc_in_force(struct ctx *c, int64_t item_id, struct item_doc *ret)
{
    struct catalogue_entry *entry;
    int64_t version;
    TRY(version_seen(c, item_id, &version));
    if (version == 0)
        return fail(c, E_NO_SUCH_ITEM, "item %lld has no version in force", (long long)item_id);
    TRY(item_doc_of_tables(c, item_id, ret));
    TRY(catalogue_of(c, str_or_empty(doc_value(ret, "catalog_code")), &entry));
    item_doc_inherit(c, ret, entry);
    return E_OK;
}

enum err version_freeze(struct ctx *c, int64_t item_id, int64_t version)
{
    struct version_content_row *row;
    struct item_doc d;
    TRY(version_content(c, c->center_id, item_id, version, &row));
    if (row == NULL || row->content.n > 0)
        return E_OK;
    TRY(item_doc_of_tables(c, item_id, &d));
    struct str content = item_doc_print(c, &d);
    return version_content_put(c, c->center_id, item_id, version, content, item_digest(c, content));
}

enum err version_next(struct ctx *c, int64_t item_id, int64_t *ret_version)
{
    struct version_last_row *last;
    TRY(version_last(c, c->center_id, item_id, &last));
    *ret_version = last == NULL ? 1 : last->version + 1;
    return E_OK;
}

/* --- the directory and the journal --- */

enum err directory_rise(struct ctx *c, int64_t *ret_version)
{
    struct directory_row *d;
    TRY(directory(c, c->center_id, &d));
    *ret_version = d == NULL ? 1 : d->version + 1;
    return directory_put(c, c->center_id, *ret_version, c->now);
}

enum err journal_version(struct ctx *c, enum event event, int64_t item_id, struct str name,
                         int64_t version, struct str why)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 8192);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "item");
    json_text(&j, name);
    json_name(&j, "version");
    json_int(&j, version);
    json_name(&j, "why");
    json_text(&j, str_or_empty(why));
    json_end_object(&j);
    return journal_add(c, event, item_id, 0, buf_as_str(&b), STR_NONE);
}
