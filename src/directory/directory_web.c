/* Acts on drafts and versions, as forms and as JSON. A save goes the same way for both: the document as it is, what
 * was sent laid over it, read and checked whole; nothing is kept when anything is wrong with it. */
#include "directory.h"
#include "web.h"
#include <inttypes.h>

static void see_version(struct reply *r, const struct item_key *k)
{
    reply_see(r, "/admin/items/%" PRId64 "/versions/%" PRId64, k->item_id, k->version);
}

static enum err saved(struct ctx *c, const struct item_key *k, struct dir_saved *v)
{
    struct item_version_info is;
    TRY(item_version_of(c, k->item_id, k->version, &is));
    *v = (struct dir_saved){k->item_id, k->version, is.revision, str_of(item_state_word(is.state))};
    return E_OK;
}

static enum err first_fault(struct ctx *c, enum err e, const struct doc_faults *faults)
{
    return e == E_ITEM_FAULTS && faults->n > 0 ? doc_faults_end(c, faults) : e;
}

/* --- opening --- */

enum err dir_open_draft(struct ctx *c, const struct dir_open_form *f, struct reply *r,
                        struct dir_saved *v)
{
    struct item_key key;
    TRY(item_draft_open(c, f->id, f->why, &key));
    see_version(r, &key);
    return saved(c, &key, v);
}

static void put_text(struct ctx *c, struct item_doc *d, const char *field, struct str zh)
{
    doc_element_set(c, d, (struct doc_element){str_of(field), zh, STR(""), STR("read"), STR("")});
}

enum err dir_make_new(struct ctx *c, const struct dir_new_form *f, struct reply *r,
                      struct dir_saved *v)
{
    struct item_doc d = {0};
    struct doc_faults faults;
    struct item_key key;
    struct item_row *there = NULL;
    put_text(c, &d, "task_name", f->name);
    if (f->code.n > 0)
        TRY(item_by_code(c, c->center_id, f->code, &there));
    if (there != NULL)
        return fail_field(c, E_DIR_CODE_THERE, "code", "item %lld", (long long)there->id);
    if (f->code.n > 0)
        put_text(c, &d, "catalog_code", f->code);
    enum err e = item_draft_new(c, &d, f->why, &key, &faults);
    if (e == E_ITEM_FAULTS)
        c->refusal.field = "code";
    TRY(e);
    see_version(r, &key);
    return saved(c, &key, v);
}

/* --- saving --- */

/* Read and checked whole, then kept. *d is what would be saved. */
static enum err save_doc(struct ctx *c, struct item_key *key, struct str json, struct str why)
{
    struct item_doc d;
    struct doc_faults faults;
    struct doc_changes changes;
    TRY(first_fault(c, item_doc_read(c, json, &d, &faults), &faults));
    return first_fault(c, item_draft_save(c, *key, &d, why, &key->revision, &faults, &changes),
                       &faults);
}

enum err draft_save(struct ctx *c, struct item_key *key, const struct item_doc *d, struct str why,
                    struct dir_saved *v)
{
    TRY(save_doc(c, key, item_doc_print(c, d), why));
    return saved(c, key, v);
}

/* Where the browser goes on: the same group, or the list of the rows. */
static void see_part(struct reply *r, const struct dir_save_form *f, const struct spot *s)
{
    bool stays = f->act == DIR_SAVE_ACT_SAVE && str_is(s->part, "elements");
    if (stays)
        reply_see(r, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=elements&group=%" PRId64,
                  f->id, f->version, s->group);
    else if (str_is(s->part, "situations") && s->is_row &&
             (f->act == DIR_SAVE_ACT_SAVE || s->option != NO_ROW))
        reply_see(r, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=situations&at=%zu", f->id,
                  f->version, s->at);
    else
        reply_see(r, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=%s", f->id, f->version,
                  part_member(s->part)->name);
}

static enum err save_pairs(struct ctx *c, const struct dir_save_form *f, const struct spot *s,
                           struct item_doc *d)
{
    struct pairs p;
    struct doc_faults faults = {0};
    if (f->act != DIR_SAVE_ACT_SAVE)
        return rows_act(c, (enum dir_save_act)f->act, s, d);
    TRY(pairs_read(c, &p));
    TRY(pairs_apply(c, &p, s, d, &faults));
    return doc_faults_end(c, &faults);
}

/* A save of an old revision is laid over nothing: item says that it is old and what changed. */
enum err dir_save_part(struct ctx *c, const struct dir_save_form *f, struct reply *r,
                       struct dir_saved *v)
{
    struct item_key key = {f->id, f->version, f->revision};
    struct spot s = spot_of(f->part, f->group, f->at, f->option);
    struct item_version_info is;
    struct item_doc d;
    TRY(item_version_of(c, f->id, f->version, &is));
    TRY(item_version_doc(c, f->id, f->version, &d));
    if (is.revision == f->revision)
        TRY(save_pairs(c, f, &s, &d));
    TRY(draft_save(c, &key, &d, f->why, v));
    see_part(r, f, &s);
    return E_OK;
}

enum err dir_save_document(struct ctx *c, const struct dir_document_form *f, struct reply *r,
                           struct dir_saved *v)
{
    struct item_key key = {f->id, f->version, f->revision};
    TRY(save_doc(c, &key, f->document, f->why));
    see_version(r, &key);
    return saved(c, &key, v);
}

/* --- the steps after it --- */

static enum err step(struct ctx *c, const struct dir_why_form *f,
                     enum err act(struct ctx *c, struct item_key key, struct str why),
                     struct reply *r, struct dir_saved *v)
{
    struct item_key key = {f->id, f->version, f->revision};
    TRY(act(c, key, f->why));
    see_version(r, &key);
    return saved(c, &key, v);
}

enum err dir_check(struct ctx *c, const struct dir_why_form *f, struct reply *r,
                   struct dir_saved *v)
{
    return step(c, f, item_check, r, v);
}

enum err dir_return(struct ctx *c, const struct dir_why_form *f, struct reply *r,
                    struct dir_saved *v)
{
    return step(c, f, item_return, r, v);
}

enum err dir_withdraw(struct ctx *c, const struct dir_why_form *f, struct reply *r,
                      struct dir_saved *v)
{
    return step(c, f, item_withdraw, r, v);
}

enum err dir_discard(struct ctx *c, const struct dir_why_form *f, struct reply *r,
                     struct dir_saved *v)
{
    TRY(step(c, f, item_draft_discard, r, v));
    reply_see(r, "/admin/items/%" PRId64, f->id);
    return E_OK;
}

static enum err rebase(struct ctx *c, struct item_key key, struct str why)
{
    int64_t revision;
    return item_draft_rebase(c, key, why, &revision);
}

enum err dir_rebase(struct ctx *c, const struct dir_why_form *f, struct reply *r,
                    struct dir_saved *v)
{
    return step(c, f, rebase, r, v);
}

enum err dir_publish(struct ctx *c, const struct dir_publish_form *f, struct reply *r,
                     struct dir_saved *v)
{
    struct item_key key = {f->id, f->version, f->revision};
    struct item_publishing p = {f->effective_on, f->ends_on, f->why};
    struct doc_faults faults = {0};
    TRY(first_fault(c, item_publish(c, key, &p, &faults), &faults));
    see_version(r, &key);
    return saved(c, &key, v);
}

/* --- looking --- */

static enum err title_of(struct ctx *c, int64_t id, int64_t version, struct str *ret_name,
                         struct str *ret_code)
{
    struct item_doc d;
    TRY(item_version_doc(c, id, version, &d));
    *ret_name = str_or_empty(doc_value(&d, "task_name"));
    if (ret_code != NULL)
        *ret_code = str_or_empty(doc_value(&d, "catalog_code"));
    return E_OK;
}

static void hands_fill(struct ctx *c, const struct dir_hands_rows *rows, struct dir_item *v)
{
    v->hands.v = ARENA_ARRAY(c->arena, struct dir_hand, rows->n + 1);
    for (size_t i = 0; i < rows->n; i++)
        v->hands.v[v->hands.n++] =
            (struct dir_hand){rows->v[i].at,
                              tr_fill(c, "{act}第 {n} 版", "act", act_label(c, rows->v[i].act), "n",
                                      str_fmt(c->arena, "%" PRId64, rows->v[i].version), NULL),
                              rows->v[i].staff_name, rows->v[i].why};
}

enum err dir_item_show(struct ctx *c, const struct dir_item_id_form *f, struct reply *r,
                       struct dir_item *v)
{
    struct item_version_infos all;
    struct dir_hands_rows hands;
    (void)r;
    TRY(item_versions(c, f->id, &all));
    if (all.n == 0)
        return fail(c, E_NO_SUCH_ITEM, "item %" PRId64, f->id);
    TRY(title_of(c, f->id, all.v[0].version, &v->name, &v->code));
    v->id = f->id;
    v->versions.v = ARENA_ARRAY(c->arena, struct dir_version, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct item_version_info *k = &all.v[i];
        struct str by;
        TRY(staff_name_of(c, k->edited_by, &by));
        bool is_open = k->state == ITEM_DRAFT || k->state == ITEM_CHECKED;
        if (is_open)
            v->open = k->version;
        if (k->is_in_force)
            v->in_force = k->version;
        v->versions.v[v->versions.n++] = (struct dir_version){k->version,
                                                              state_label(c, k->state),
                                                              k->is_in_force,
                                                              k->effective_on,
                                                              k->ends_on,
                                                              k->changed_at,
                                                              by,
                                                              k->why};
    }
    TRY(dir_hands(c, c->center_id, f->id, &hands));
    hands_fill(c, &hands, v);
    return E_OK;
}

static void version_choices(struct ctx *c, const struct item_version_infos *all, int64_t chosen,
                            struct dir_choice_list *l)
{
    l->v = ARENA_ARRAY(c->arena, struct dir_choice, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        struct str number = str_fmt(c->arena, "%" PRId64, all->v[i].version);
        l->v[l->n++] = (struct dir_choice){number,
                                           tr_fill(c, "第 {n} 版（{state}）", "n", number, "state",
                                                   state_label(c, all->v[i].state), NULL),
                                           all->v[i].version == chosen};
    }
}

/* Without a choice: the newest against the one it was made from, or the one before. */
static void choose_versions(const struct item_version_infos *all, struct dir_comparison *v)
{
    const struct item_version_info *newest = &all->v[0];
    if (v->to == 0)
        v->to = newest->version;
    if (v->from == 0)
        v->from = newest->base_version > 0 ? newest->base_version : all->v[all->n - 1].version;
}

enum err dir_compare_show(struct ctx *c, const struct dir_compare_form *f, struct reply *r,
                          struct dir_comparison *v)
{
    struct item_version_infos all;
    struct item_terms terms;
    struct item_doc before, after;
    struct doc_changes changes;
    (void)r;
    *v = (struct dir_comparison){.id = f->id, .from = f->against, .to = f->to};
    TRY(item_versions(c, f->id, &all));
    if (all.n == 0)
        return fail(c, E_NO_SUCH_ITEM, "item %" PRId64, f->id);
    choose_versions(&all, v);
    TRY(item_version_doc(c, f->id, v->from, &before));
    TRY(item_version_doc(c, f->id, v->to, &after));
    TRY(item_terms_read(c, &terms));
    v->name = str_or_empty(doc_value(&after, "task_name"));
    item_doc_diff(c, &before, &after, &changes);
    changes_fill(c, &terms, &changes, &v->changes);
    version_choices(c, &all, v->from, &v->versions);
    version_choices(c, &all, v->to, &v->others);
    return E_OK;
}
