/* Acts on versions. Each goes the same way: the version as it stands, the move that the table allows, the right, the
 * two people, the revision the actor has seen; then the change, the hand that did it, and the journal. */
#include "clock.h"
#include "item_life.h"
#include "item_rules.h"

#define WHY_MAX 500

struct acting {
    struct item_version_info is;
    const struct item_move *move;
};

static enum err check_actor(struct ctx *c, const struct item_move *move, struct item_key key)
{
    struct hand_of_editor_row *hand = NULL;
    if (c->actor.kind != ACTOR_STAFF || !may(c, move->right))
        return fail(c, E_NOT_ALLOWED, "%s of an item version", item_act_word(move->act));
    if (move->not_by_editor)
        TRY(hand_of_editor(c, c->center_id, key.item_id, key.version, c->actor.id, &hand));
    if (hand != NULL)
        return fail(c, E_ITEM_OWN_DRAFT, "staff %lld wrote in it", (long long)c->actor.id);
    return E_OK;
}

static enum err check_why(struct ctx *c, const struct item_move *move, struct str why)
{
    if (move->needs_why && str_trim(why).n == 0)
        return fail_field(c, E_ITEM_WHY, "why", "%s without a reason", item_act_word(move->act));
    if (str_chars(why) > WHY_MAX)
        return fail_field(c, E_TOO_LARGE, "why", "%zu characters", str_chars(why));
    return E_OK;
}

static enum err begin(struct ctx *c, struct item_key key, enum item_act act, struct str why,
                      struct acting *ret)
{
    TRY(item_version_of(c, key.item_id, key.version, &ret->is));
    ret->move = item_move_of(ret->is.state, act);
    if (ret->move == NULL)
        return fail(c, E_ITEM_MOVE, "%s in state %s", item_act_word(act),
                    item_state_word(ret->is.state));
    TRY(check_actor(c, ret->move, key));
    TRY(check_why(c, ret->move, why));
    if (key.revision != ret->is.revision && act != ITEM_ACT_SAVE)
        return fail(c, E_ITEM_CHANGED, "revision %lld seen, %lld now", (long long)key.revision,
                    (long long)ret->is.revision);
    return E_OK;
}

static struct str name_of(const struct item_doc *d)
{
    return str_or_empty(doc_value(d, "task_name"));
}

static enum err note(struct ctx *c, const struct item_move *move, struct item_key key,
                     struct str name, struct str why)
{
    TRY(hand_add(c, c->center_id, key.item_id, key.version, str_of(item_act_word(move->act)),
                 c->actor.id, str_or_empty(c->actor.name), str_or_empty(why), c->now));
    return journal_version(c, move->event, key.item_id, name, key.version, why);
}

/* The state changes; nothing did when somebody was faster. */
static enum err moved(struct ctx *c, const struct acting *a, int64_t changed)
{
    if (changed == 0)
        return fail(c, E_ITEM_CHANGED, "version %lld has moved on", (long long)a->is.version);
    return E_OK;
}

static enum err move_to(struct ctx *c, const struct acting *a, struct str why)
{
    const struct item_version_info *is = &a->is;
    int64_t changed, checked_by = is->checked_by;
    if (a->move->act == ITEM_ACT_CHECK)
        checked_by = c->actor.id;
    if (a->move->act == ITEM_ACT_RETURN)
        checked_by = 0;
    TRY(version_move_changes(c, c->center_id, is->item_id, is->version,
                             str_of(item_state_word(a->move->from)),
                             str_of(item_state_word(a->move->to)), checked_by, str_or_empty(why),
                             c->now, &changed));
    return moved(c, a, changed);
}

static enum err publish(struct ctx *c, const struct acting *a, const struct item_publishing *p)
{
    int64_t changed;
    TRY(version_publish_changes(c, c->center_id, a->is.item_id, a->is.version, c->actor.id,
                                p->effective_on, p->ends_on, str_or_empty(p->why), c->now,
                                &changed));
    return moved(c, a, changed);
}

/* --- drafts --- */

static enum err add_draft(struct ctx *c, struct item_key key, int64_t base,
                          const struct item_doc *d, struct str why)
{
    const struct item_move *move = item_move_of(ITEM_NOT_THERE, ITEM_ACT_OPEN);
    struct str content = item_doc_print(c, d);
    TRY(check_actor(c, move, key));
    TRY(check_why(c, move, why));
    TRY(version_draft_add(c, c->center_id, key.item_id, key.version, base, c->actor.id,
                          str_or_empty(why), c->now, content, item_digest(c, content)));
    return note(c, move, key, name_of(d), why);
}

enum err item_draft_open(struct ctx *c, int64_t item_id, struct str why, struct item_key *ret)
{
    struct version_open_row *open;
    struct item_standing_row *standing;
    struct item_doc d;
    TRY(item_standing(c, c->center_id, item_id, &standing));
    if (standing == NULL)
        return fail(c, E_NO_SUCH_ITEM, "item %lld", (long long)item_id);
    TRY(version_open(c, c->center_id, item_id, &open));
    if (open != NULL) {
        *ret = (struct item_key){item_id, open->version, open->revision};
        return fail(c, E_ITEM_DRAFT_OPEN, "version %lld", (long long)open->version);
    }
    struct item_key key = {.item_id = item_id, .revision = 1};
    TRY(version_next(c, item_id, &key.version));
    TRY(item_version_doc(c, item_id, standing->version, &d));
    TRY(add_draft(c, key, standing->is_listed ? standing->version : 0, &d, why));
    *ret = key;
    return E_OK;
}

/* Codes, words and the tree are sound, and nothing inherited is contradicted; gaps are allowed. */
static enum err check_doc(struct ctx *c, const struct item_doc *d, int32_t on,
                          struct doc_faults *faults)
{
    struct item_terms terms;
    struct catalogue_entry *entry;
    *faults = (struct doc_faults){0};
    TRY(item_terms_read(c, &terms));
    item_doc_check(c, &terms, d, on, faults);
    TRY(catalogue_of(c, str_or_empty(doc_value(d, "catalog_code")), &entry));
    item_doc_against_catalogue(c, d, entry, faults);
    return E_OK;
}

enum err item_draft_new(struct ctx *c, const struct item_doc *d, struct str why,
                        struct item_key *ret, struct doc_faults *faults)
{
    struct item_key key = {new_id(c), 1, 1};
    TRY(check_doc(c, d, today(c), faults));
    TRY(doc_faults_end(c, faults));
    TRY(add_draft(c, key, 0, d, why));
    *ret = key;
    return E_OK;
}

/* What the others have written since the revision that this actor saw. */
static enum err tell_changes(struct ctx *c, struct item_key key, struct doc_changes *ret)
{
    struct revision_content_row *seen;
    struct item_doc then, now;
    struct doc_faults faults;
    *ret = (struct doc_changes){0};
    TRY(revision_content(c, c->center_id, key.item_id, key.version, key.revision, &seen));
    if (seen != NULL) {
        TRY(item_doc_read(c, seen->content, &then, &faults));
        TRY(item_version_doc(c, key.item_id, key.version, &now));
        item_doc_diff(c, &then, &now, ret);
    }
    return fail(c, E_ITEM_CHANGED, "revision %lld was seen", (long long)key.revision);
}

enum err item_draft_save(struct ctx *c, struct item_key key, const struct item_doc *d,
                         struct str why, int64_t *ret_revision, struct doc_faults *faults,
                         struct doc_changes *ret_changes)
{
    struct acting a;
    int64_t changed;
    struct str content = item_doc_print(c, d);
    TRY(begin(c, key, ITEM_ACT_SAVE, why, &a));
    if (key.revision != a.is.revision)
        return tell_changes(c, key, ret_changes);
    TRY(check_doc(c, d, today(c), faults));
    TRY(doc_faults_end(c, faults));
    TRY(revision_keep(c, c->center_id, key.item_id, key.version, key.revision));
    TRY(version_save_changes(c, c->center_id, key.item_id, key.version, c->actor.id,
                             str_or_empty(why), c->now, content, item_digest(c, content),
                             key.revision, &changed));
    if (changed == 0)
        return tell_changes(c, key, ret_changes);
    TRY(note(c, a.move, key, name_of(d), why));
    *ret_revision = key.revision + 1;
    return E_OK;
}

enum err item_draft_rebase(struct ctx *c, struct item_key key, struct str why,
                           int64_t *ret_revision)
{
    struct acting a;
    struct item_standing_row *standing;
    struct item_doc d;
    TRY(begin(c, key, ITEM_ACT_SAVE, why, &a));
    if (key.revision != a.is.revision)
        return fail(c, E_ITEM_CHANGED, "revision %lld was seen", (long long)key.revision);
    TRY(item_standing(c, c->center_id, key.item_id, &standing));
    TRY(item_version_doc(c, key.item_id, key.version, &d));
    TRY(revision_keep(c, c->center_id, key.item_id, key.version, key.revision));
    TRY(version_rebase(c, c->center_id, key.item_id, key.version,
                       standing != NULL && standing->is_listed ? standing->version : 0, c->now));
    TRY(note(c, a.move, key, name_of(&d), why));
    *ret_revision = key.revision + 1;
    return E_OK;
}

/* An act that only moves: the document stays as it is. */
static enum err move_only(struct ctx *c, struct item_key key, enum item_act act, struct str why)
{
    struct acting a;
    struct item_doc d;
    TRY(begin(c, key, act, why, &a));
    TRY(item_version_doc(c, key.item_id, key.version, &d));
    TRY(move_to(c, &a, why));
    return note(c, a.move, key, name_of(&d), why);
}

enum err item_draft_discard(struct ctx *c, struct item_key key, struct str why)
{
    TRY(move_only(c, key, ITEM_ACT_DISCARD, why));
    return revisions_forget(c, c->center_id, key.item_id, key.version);
}

enum err item_check(struct ctx *c, struct item_key key, struct str why)
{
    return move_only(c, key, ITEM_ACT_CHECK, why);
}

enum err item_return(struct ctx *c, struct item_key key, struct str why)
{
    return move_only(c, key, ITEM_ACT_RETURN, why);
}

enum err item_withdraw(struct ctx *c, struct item_key key, struct str why)
{
    struct acting a;
    struct item_doc d;
    TRY(begin(c, key, ITEM_ACT_WITHDRAW, why, &a));
    TRY(version_freeze(c, key.item_id, key.version));
    TRY(item_version_doc(c, key.item_id, key.version, &d));
    TRY(move_to(c, &a, why));
    TRY(note(c, a.move, key, name_of(&d), why));
    return item_settle(c, key.item_id);
}

/* --- publishing --- */

static enum err check_dates(struct ctx *c, const struct acting *a, const struct item_publishing *p)
{
    struct version_due_later_row *later;
    if (p->effective_on < today(c))
        return fail_field(c, E_ITEM_DATES, "effective_on", "%d is before today", p->effective_on);
    if (p->ends_on != 0 && p->ends_on <= p->effective_on)
        return fail_field(c, E_ITEM_DATES, "ends_on", "%d to %d", p->effective_on, p->ends_on);
    TRY(version_due_later(c, c->center_id, a->is.item_id, today(c), &later));
    if (later == NULL)
        return E_OK;
    enum err e = fail(c, E_ITEM_SCHEDULED, "version %lld", (long long)later->version);
    c->refusal.text = tr_fill(c, "已有第 {n} 版定于 {date} 起用，请先撤回它再发布", "n",
                              str_fmt(c->arena, "%lld", (long long)later->version), "date",
                              date_text(c->arena, later->effective_on), NULL);
    return e;
}

static enum err check_base(struct ctx *c, const struct acting *a)
{
    struct item_standing_row *standing;
    TRY(item_standing(c, c->center_id, a->is.item_id, &standing));
    int64_t now = standing != NULL && standing->is_listed ? standing->version : 0;
    if (a->is.base_version != now)
        return fail(c, E_ITEM_BASE, "made from %lld, in force %lld", (long long)a->is.base_version,
                    (long long)now);
    return E_OK;
}

/* The document as it will be in force: checked for that day, and for what it will stand beside. */
static enum err check_publishable(struct ctx *c, struct item_key key, int32_t on,
                                  struct item_doc *ret, struct doc_faults *faults)
{
    struct catalogue_entry *entry;
    struct agency_row by;
    TRY(item_version_doc(c, key.item_id, key.version, ret));
    TRY(catalogue_of(c, str_or_empty(doc_value(ret, "catalog_code")), &entry));
    TRY(check_doc(c, ret, on, faults));
    item_doc_inherit(c, ret, entry);
    item_rules_faults(c, ret, faults);
    TRY(item_doc_fits(c, key.item_id, ret, &by, faults));
    return doc_faults_end(c, faults);
}

enum err item_publish(struct ctx *c, struct item_key key, const struct item_publishing *p,
                      struct doc_faults *faults)
{
    struct acting a;
    struct item_doc d;
    struct item_publishing dated = *p;
    if (dated.effective_on == 0)
        dated.effective_on = today(c);
    TRY(begin(c, key, ITEM_ACT_PUBLISH, p->why, &a));
    TRY(check_dates(c, &a, &dated));
    TRY(check_base(c, &a));
    TRY(check_publishable(c, key, dated.effective_on, &d, faults));
    TRY(publish(c, &a, &dated));
    TRY(revisions_forget(c, c->center_id, key.item_id, key.version));
    TRY(note(c, a.move, key, name_of(&d), p->why));
    return item_settle(c, key.item_id);
}

enum err item_end(struct ctx *c, int64_t item_id, int32_t on, struct str why)
{
    const struct item_move *move = item_move_of(ITEM_PUBLISHED, ITEM_ACT_WITHDRAW);
    struct item_standing_row *standing;
    int32_t day = on == 0 ? today(c) : on;
    TRY(item_standing(c, c->center_id, item_id, &standing));
    if (standing == NULL || !standing->is_listed)
        return fail(c, E_NO_SUCH_ITEM, "item %lld has nothing in force", (long long)item_id);
    struct item_key key = {item_id, standing->version, 0};
    TRY(check_actor(c, move, key));
    TRY(check_why(c, move, why));
    if (day < today(c))
        return fail_field(c, E_ITEM_DATES, "on", "%d is before today", day);
    TRY(versions_end(c, c->center_id, item_id, day));
    TRY(hand_add(c, c->center_id, item_id, key.version, STR("end"), c->actor.id,
                 str_or_empty(c->actor.name), why, c->now));
    TRY(journal_version(c, EV_ITEM_ENDING, item_id, standing->name, key.version, why));
    return item_settle(c, item_id);
}
