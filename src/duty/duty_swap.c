/* Changing duties with consent of the other: asked, answered, both told. The rules are looked at twice, when
 * somebody asks and when the other answers, because the rota may have moved in between. */
#include "duty.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"

#define AHEAD_DAYS 62

enum err duty_rule_refused(struct ctx *c, enum rota_rule rule)
{
    switch (rule) {
    case RULE_OK:
        return E_OK;
    case RULE_PAST:
        return fail(c, E_DUTY_RULE_PAST, "past");
    case RULE_TIER:
        return fail(c, E_DUTY_RULE_TIER, "tier");
    case RULE_LEAVE:
        return fail(c, E_DUTY_RULE_LEAVE, "leave");
    case RULE_TWICE:
        return fail(c, E_DUTY_RULE_TWICE, "twice");
    }
    return E_OK;
}

enum err duty_may_take(struct ctx *c, int64_t staff_id, const struct duty_slot_row *slot,
                       int64_t giving)
{
    struct duty_rules r;
    struct duty_slots_of_rows his;
    size_t who = 0, post = 0;
    bool has_post = false;
    TRY(duty_rules(c, &r));
    while (who < r.people.n && r.people.v[who].staff_id != staff_id)
        who++;
    while (post < r.posts.n && !str_eq(r.posts.v[post].code, slot->post))
        post++;
    if (who == r.people.n || post == r.posts.n)
        return duty_rule_refused(c, RULE_TIER);
    TRY(duty_slots_of(c, c->center_id, staff_id, slot->duty_on, slot->duty_on, &his));
    for (size_t i = 0; i < his.n; i++)
        has_post = has_post || (his.v[i].id != giving && his.v[i].id != slot->id);
    return duty_rule_refused(c, slot->checked_at != 0
                                    ? RULE_PAST
                                    : rota_may(&r.rota, &r.rota.people[who], &r.rota.posts[post],
                                               slot->duty_on, today(c), has_post));
}

static enum err slot_by_id(struct ctx *c, int64_t id, struct duty_slot_row **ret)
{
    TRY(duty_slot(c, c->center_id, id, ret));
    return *ret == NULL ? fail(c, E_NOT_FOUND, "duty slot %lld", (long long)id) : E_OK;
}

/* Both slots of a swap as they are now, and that nothing breaks a rule when they change hands. */
static enum err check_swap(struct ctx *c, int64_t asker, int64_t other, int64_t slot_id,
                           int64_t with_slot_id, struct duty_slot_row **ret_give,
                           struct duty_slot_row **ret_get)
{
    *ret_get = NULL;
    TRY(slot_by_id(c, slot_id, ret_give));
    if ((*ret_give)->staff_id != asker)
        return fail(c, E_DUTY_NOT_YOURS, "slot %lld", (long long)slot_id);
    if (with_slot_id != 0) {
        TRY(slot_by_id(c, with_slot_id, ret_get));
        if ((*ret_get)->staff_id != other)
            return fail(c, E_DUTY_NOT_YOURS, "slot %lld", (long long)with_slot_id);
        TRY(duty_may_take(c, asker, *ret_get, slot_id));
    }
    return duty_may_take(c, other, *ret_give, with_slot_id);
}

static struct str slot_words(const struct ctx *c, const struct duty_posts_rows *posts,
                             const struct duty_slot_row *s)
{
    return str_fmt(c->arena, "%.*s %.*s", STR_ARG(duty_day_words(c, s->duty_on)),
                   STR_ARG(duty_post_name(c, posts, s->post)));
}

static enum err swap_view(struct ctx *c, const struct duty_swap_row *w, struct duty_swap_view *ret)
{
    static const struct {
        const char *word, *name;
    } states[SWAP_STATE_COUNT] = {{"asked", /* tr */ "等答复"},
                                  {"accepted", /* tr */ "同意了，班已经换好"},
                                  {"declined", /* tr */ "没有同意"},
                                  {"withdrawn", /* tr */ "撤回了"}};
    struct duty_posts_rows posts;
    struct duty_slot_row *give, *get = NULL;
    TRY(duty_posts(c, c->center_id, &posts));
    TRY(duty_slot(c, c->center_id, w->slot_id, &give));
    if (w->with_slot_id != 0)
        TRY(duty_slot(c, c->center_id, w->with_slot_id, &get));
    *ret = (struct duty_swap_view){.id = w->id,
                                   .asker = w->asker,
                                   .other = w->other,
                                   .give = give == NULL ? STR("") : slot_words(c, &posts, give),
                                   .get = get == NULL ? STR("") : slot_words(c, &posts, get),
                                   .note = w->note,
                                   .state = str_of(states[w->state].word),
                                   .state_name = tr(c, states[w->state].name),
                                   .of_me = w->other_id == c->actor.id};
    return E_OK;
}

static enum err note(struct ctx *c, enum event what, const struct duty_swap_row *w)
{
    struct ctx zh = *c;
    struct duty_swap_view v;
    zh.lang = LANG_ZH; /* the journal speaks the hall's own language */
    TRY(swap_view(&zh, w, &v));
    struct str words =
        v.get.n == 0 ? v.give : str_fmt(c->arena, "%.*s ↔ %.*s", STR_ARG(v.give), STR_ARG(v.get));
    return journal_add(c, what, w->id, 0,
                       event_facts(c, "asker", w->asker, "other", w->other, "what", words, NULL),
                       STR_NONE);
}

enum err duty_swap_ask(struct ctx *c, const struct duty_swap_wish_form *f, struct reply *r,
                       struct duty_swap_view *v)
{
    struct duty_slot_row *give, *get;
    struct duty_swap_row *made;
    int64_t id = new_id(c), other = f->with;
    if (f->with_slot != 0) {
        TRY(slot_by_id(c, f->with_slot, &get));
        other = get->staff_id;
    }
    if (other == 0 || other == c->actor.id)
        return fail_field(c, E_DUTY_SWAP_NOBODY, "with_slot", "nobody to change with");
    TRY(check_swap(c, c->actor.id, other, f->slot, f->with_slot, &give, &get));
    enum err e = duty_swap_add(c, c->center_id, id, f->slot, f->with_slot, c->actor.id, other,
                               str_or_empty(f->note), c->now);
    if (e == E_UNIQUE)
        return fail_field(c, E_DUTY_SWAP_OPEN, "slot", "slot %lld", (long long)f->slot);
    TRY(e);
    TRY(duty_swap(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    TRY(note(c, EV_DUTY_SWAP_ASKED, made));
    reply_see(r, "/duty");
    return swap_view(c, made, v);
}

/* The swap, still open, when the actor is the one who may answer (or withdraw) it. */
static enum err open_swap(struct ctx *c, int64_t id, bool as_asker, struct duty_swap_row **ret)
{
    TRY(duty_swap(c, c->center_id, id, ret));
    if (*ret == NULL)
        return fail(c, E_NOT_FOUND, "swap %lld", (long long)id);
    if ((as_asker ? (*ret)->asker_id : (*ret)->other_id) != c->actor.id)
        return fail(c, E_DUTY_NOT_YOURS, "swap %lld", (long long)id);
    return (*ret)->state == SWAP_ASKED ? E_OK
                                       : fail(c, E_DUTY_SWAP_DONE, "swap %lld", (long long)id);
}

static enum err settle(struct ctx *c, struct duty_swap_row *w, enum swap_state to, enum event what,
                       struct reply *r, struct duty_swap_view *v)
{
    int64_t changed;
    TRY(duty_swap_answer_changes(c, c->center_id, w->id, to, c->now, &changed));
    if (changed != 1)
        return fail(c, E_DUTY_SWAP_DONE, "swap %lld", (long long)w->id);
    TRY(note(c, what, w));
    w->state = to;
    reply_see(r, "/duty");
    return swap_view(c, w, v);
}

/* The key of the table lets nobody have two posts a day even for a moment, so the first is emptied first. */
enum err duty_swap_accept(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                          struct duty_swap_view *v)
{
    struct duty_swap_row *w;
    struct duty_slot_row *give, *get;
    TRY(open_swap(c, f->id, false, &w));
    TRY(check_swap(c, w->asker_id, w->other_id, w->slot_id, w->with_slot_id, &give, &get));
    if (get != NULL) {
        TRY(duty_slot_give(c, c->center_id, give->id, 0, STR(""), STR("nobody"), 0));
        TRY(duty_slot_give(c, c->center_id, get->id, w->asker_id, w->asker, STR("swapped"), 0));
    }
    TRY(duty_slot_give(c, c->center_id, give->id, w->other_id, w->other, STR("swapped"), 0));
    return settle(c, w, SWAP_ACCEPTED, EV_DUTY_SWAP_ACCEPTED, r, v);
}

enum err duty_swap_decline(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                           struct duty_swap_view *v)
{
    struct duty_swap_row *w;
    TRY(open_swap(c, f->id, false, &w));
    return settle(c, w, SWAP_DECLINED, EV_DUTY_SWAP_DECLINED, r, v);
}

enum err duty_swap_withdraw(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                            struct duty_swap_view *v)
{
    struct duty_swap_row *w;
    TRY(open_swap(c, f->id, true, &w));
    return settle(c, w, SWAP_WITHDRAWN, EV_DUTY_SWAP_WITHDRAWN, r, v);
}

enum err duty_swap_views(struct ctx *c, struct duty_swap_view_list *ret)
{
    struct duty_swaps_of_rows rows;
    TRY(duty_swaps_of(c, c->center_id, c->actor.id, c->now - 30 * DAY_MS, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct duty_swap_view, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        TRY(swap_view(c, &rows.v[i], &ret->v[i]));
    return E_OK;
}

/* Duties of colleagues of the actor's group from today on that could be changed for his. */
enum err duty_slots_to_swap(struct ctx *c, const struct duty_people_rows *people, struct str tier,
                            struct duty_slot_view_list *ret)
{
    struct duty_slots_rows rows;
    TRY(duty_slots(c, c->center_id, today(c), date_add(today(c), AHEAD_DAYS), &rows));
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        bool same = false;
        for (size_t k = 0; k < people->n; k++)
            same = same ||
                   (people->v[k].staff_id == rows.v[i].staff_id && str_eq(people->v[k].tier, tier));
        if (same && rows.v[i].staff_id != c->actor.id && rows.v[i].checked_at == 0)
            rows.v[n++] = rows.v[i];
    }
    return duty_slot_views(c, rows.v, n, ret);
}
