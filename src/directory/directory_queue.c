/* Checked drafts that wait: several are published together with their dates and one reason, all or none. */
#include "directory.h"
#include "item_rules.h"
#include "web.h"
#include <inttypes.h>

static bool is_posted(const struct ctx *c, struct str pick)
{
    const struct request *q = c->request;
    for (size_t i = 0; q != NULL && refused(c, NULL) && i < q->field_count; i++)
        if (str_is(q->fields[i].name, "picks") && str_eq(q->fields[i].value, pick))
            return true;
    return false;
}

static bool has_broken_rule(struct ctx *c, const struct item_doc *d)
{
    struct doc_faults hard = {0};
    item_rules_faults(c, d, &hard);
    return hard.n > 0;
}

static enum err waiting_of(struct ctx *c, const struct item_version_info *is,
                           struct dir_waiting *ret)
{
    struct item_doc d;
    struct dir_hand_in_row *hand;
    TRY(item_version_doc(c, is->item_id, is->version, &d));
    TRY(dir_hand_in(c, c->center_id, is->item_id, is->version, c->actor.id, &hand));
    *ret = (struct dir_waiting){.id = is->item_id,
                                .version = is->version,
                                .revision = is->revision,
                                .name = str_or_empty(doc_value(&d, "task_name")),
                                .at = is->changed_at,
                                .why_not = STR("")};
    TRY(staff_name_of(c, is->edited_by, &ret->by));
    TRY(staff_name_of(c, is->checked_by, &ret->checked_by));
    if (!may(c, RIGHT_ITEM_PUBLISH))
        ret->why_not = tr(c, "发布要由有权的人来做。");
    else if (hand != NULL)
        ret->why_not = tr(c, "您改过这一版，要由另一位有权的人发布。");
    else if (has_broken_rule(c, &d))
        ret->why_not = tr(c, "有和规则不符的地方，打开这一稿，改好再发布。");
    ret->can_publish = ret->why_not.n == 0;
    ret->pick = str_fmt(c->arena, "%" PRId64 ":%" PRId64 ":%" PRId64, is->item_id, is->version,
                        is->revision);
    ret->is_picked = is_posted(c, ret->pick);
    return E_OK;
}

enum err dir_queue_show(struct ctx *c, struct reply *r, struct dir_queue *v)
{
    struct item_version_infos all;
    (void)r;
    TRY(item_versions_at_work(c, ITEM_CHECKED, &all));
    v->waiting.v = ARENA_ARRAY(c->arena, struct dir_waiting, all.n + 1);
    for (size_t i = 0; i < all.n; i++) {
        TRY(waiting_of(c, &all.v[i], &v->waiting.v[i]));
        v->waiting.n++;
        v->can_any = v->can_any || v->waiting.v[i].can_publish;
    }
    return E_OK;
}

static bool key_of_pick(struct str pick, struct item_key *ret)
{
    struct str rest = pick, id = str_cut(&rest, ':'), version = str_cut(&rest, ':');
    return version.p != NULL && rest.p != NULL && str_to_int(id, &ret->item_id) &&
           str_to_int(version, &ret->version) && str_to_int(rest, &ret->revision);
}

/* The refusal names the item, since several were picked. */
static enum err publish_pick(struct ctx *c, struct str pick, const struct item_publishing *p)
{
    struct item_key key;
    struct item_doc d;
    struct doc_faults faults = {0};
    if (!key_of_pick(pick, &key))
        return fail_field(c, E_DIR_NOTHING, "picks", "%.*s", STR_ARG(str_head(pick, 60)));
    enum err e = item_publish(c, key, p, &faults);
    bool is_of_all = e == E_OK || e == E_ITEM_WHY || e == E_ITEM_DATES || e == E_NO_SUCH_VERSION;
    if (is_of_all)
        return e;
    TRY(item_version_doc(c, key.item_id, key.version, &d));
    c->refusal.text =
        str_fmt(c->arena, "%.*s：%.*s", STR_ARG(str_or_empty(doc_value(&d, "task_name"))),
                STR_ARG(refusal_sentence(c)));
    c->refusal.field = "picks";
    return e;
}

enum err dir_publish_many(struct ctx *c, const struct dir_publish_many_form *f, struct reply *r,
                          struct dir_published *v)
{
    struct item_publishing p = {f->effective_on, f->ends_on, f->why};
    if (f->picks.n == 0)
        return fail_field(c, E_DIR_NOTHING, "picks", "nothing picked");
    for (size_t i = 0; i < f->picks.n; i++)
        TRY(publish_pick(c, f->picks.v[i], &p));
    v->published = (int64_t)f->picks.n;
    reply_see(r, "/admin/items/publish");
    return E_OK;
}
