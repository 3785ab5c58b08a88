/* Requests for help and their steps. Which act leads where is one table; the UPDATE names the state
 * it was read in, so of two helpers who tap at once one goes and the other is told. What a visitor
 * wrote stays with the request: the journal's public part, which goes to live topics, says only
 * the kind of help. */
#include "assist.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "party.h"
#include "settings.h"

#define NO_MOVE ASSIST_STATE_COUNT

static const enum assist_state assist_moves[ASSIST_STATE_COUNT][ASSIST_ACT_COUNT] = {
    [ASSIST_REQUESTED] = {ASSIST_ACCEPTED, NO_MOVE, NO_MOVE, ASSIST_CANCELLED},
    [ASSIST_ACCEPTED] = {NO_MOVE, ASSIST_ARRIVED, ASSIST_DONE, ASSIST_CANCELLED},
    [ASSIST_ARRIVED] = {NO_MOVE, NO_MOVE, ASSIST_DONE, ASSIST_CANCELLED},
    [ASSIST_DONE] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [ASSIST_CANCELLED] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
};

bool assist_next_state(enum assist_state from, enum assist_act act, enum assist_state *ret)
{
    if ((unsigned)from >= ASSIST_STATE_COUNT || (unsigned)act >= ASSIST_ACT_COUNT)
        return false;
    enum assist_state to = assist_moves[from][act];
    if (to == NO_MOVE)
        return false;
    *ret = to;
    return true;
}

struct str assist_kind_name(const struct ctx *c, struct str kind)
{
    if (str_is(kind, "escort"))
        return tr(c, "陪同引导");
    if (str_is(kind, "stairs"))
        return tr(c, "上下楼");
    if (str_is(kind, "form"))
        return tr(c, "帮忙填表");
    if (str_is(kind, "wheelchair"))
        return tr(c, "借轮椅、推轮椅");
    if (str_is(kind, "bus"))
        return tr(c, "送到公交站");
    return tr(c, "其他帮助");
}

/* The journal keeps what happened in the hall's own language. */
static const char *kind_in_chinese(struct str kind)
{
    /* zh: a value of the journal, not an interface text */
    static const struct {
        const char *kind, *name;
    } names[] = {{"escort", "陪同引导"},
                 {"stairs", "上下楼"},
                 {"form", "帮忙填表"},
                 {"wheelchair", "借轮椅、推轮椅"},
                 {"bus", "送到公交站"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_is(kind, names[i].kind))
            return names[i].name;
    return "其他帮助";
}

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

enum err assist_request(struct ctx *c, const struct assist_wish *wish, int64_t *ret_id,
                        struct str *ret_token)
{
    int64_t id = new_id(c);
    struct str token = public_token(c);
    struct str what = str_of(kind_in_chinese(wish->kind));
    TRY(assist_add(c, c->center_id, id, token, wish->thread, wish->kind, or_empty(wish->place_from),
                   or_empty(wish->place_to), or_empty(wish->what), or_empty(wish->who),
                   party_seal(c, wish->phone), c->now));
    TRY(journal_add(c, EV_ASSIST_REQUESTED, id, wish->thread,
                    event_facts(c, "what", what, "kind", wish->kind, NULL), STR_NONE));
    *ret_id = id;
    *ret_token = token;
    return E_OK;
}

/* Writes the move of a; who helps and the times follow from the act. */
static enum err move_row(struct ctx *c, struct assist_row *a, enum assist_act act,
                         enum assist_state to)
{
    static const enum event events[ASSIST_ACT_COUNT] = {EV_ASSIST_ACCEPTED, EV_ASSIST_ARRIVED,
                                                        EV_ASSIST_COMPLETED, EV_ASSIST_CANCELLED};
    int64_t changed, before = a->state;
    if (act == ASSIST_ACT_ACCEPT) {
        a->helper_id = c->actor.id;
        a->helper_name = c->actor.name;
        a->accepted_at = c->now;
    } else if (act == ASSIST_ACT_ARRIVE) {
        a->arrived_at = c->now;
    } else {
        a->ended_at = c->now;
    }
    a->state = to;
    TRY(assist_move_changes(c, c->center_id, a->id, before, a->state, a->helper_id, a->helper_name,
                            a->accepted_at, a->arrived_at, a->ended_at, &changed));
    if (changed != 1)
        return fail(c, E_ASSIST_TAKEN, "assist %lld moved meanwhile", (long long)a->id);
    return journal_add(c, events[act], a->id, a->thread,
                       event_facts(c, "what", str_of(kind_in_chinese(a->kind)), "helper",
                                   or_empty(a->helper_name), NULL),
                       STR_NONE);
}

/* May the actor do this act of the request? */
static enum err check_helper(struct ctx *c, const struct assist_row *a, enum assist_act act)
{
    struct assist_row *mine;
    if (act == ASSIST_ACT_ACCEPT) {
        TRY(assist_of_helper(c, c->center_id, c->actor.id, &mine));
        if (mine != NULL)
            return fail(c, E_ASSIST_ONE, "helper %lld", (long long)c->actor.id);
        return E_OK;
    }
    if (a->helper_id != 0 && a->helper_id != c->actor.id && !has_role(c, ROLE_DUTY))
        return fail(c, E_ASSIST_NOT_YOURS, "assist %lld", (long long)a->id);
    return E_OK;
}

enum err assist_move_on(struct ctx *c, int64_t assist_id, enum assist_act act,
                        struct assist_row *ret)
{
    struct assist_row *a;
    enum assist_state to;
    TRY(assist(c, c->center_id, assist_id, &a));
    if (a == NULL)
        return fail(c, E_NOT_FOUND, "assist %lld", (long long)assist_id);
    if (!assist_next_state((enum assist_state)a->state, act, &to)) {
        if (a->state >= ASSIST_DONE)
            return fail(c, E_ASSIST_ENDED, "assist %lld", (long long)assist_id);
        return fail(c, act == ASSIST_ACT_ACCEPT ? E_ASSIST_TAKEN : E_BAD_STATE,
                    "assist %lld: act %d in state %lld", (long long)assist_id, (int)act,
                    (long long)a->state);
    }
    TRY(check_helper(c, a, act));
    TRY(move_row(c, a, act, to));
    *ret = *a;
    return E_OK;
}

enum err assist_withdrawn(struct ctx *c, struct assist_row *a)
{
    enum assist_state to;
    if (!assist_next_state((enum assist_state)a->state, ASSIST_ACT_CANCEL, &to))
        return fail(c, E_ASSIST_ENDED, "assist %lld", (long long)a->id);
    return move_row(c, a, ASSIST_ACT_CANCEL, to);
}

enum err assists_of_thread_cancel(struct ctx *c, int64_t thread)
{
    struct assist_rows rows;
    TRY(assists_of_thread(c, c->center_id, thread, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        enum assist_state to;
        if (assist_next_state((enum assist_state)rows.v[i].state, ASSIST_ACT_CANCEL, &to))
            TRY(move_row(c, &rows.v[i], ASSIST_ACT_CANCEL, to));
    }
    return E_OK;
}

enum err assist_open_of_thread(struct ctx *c, int64_t thread, struct assist_row **ret)
{
    struct assist_rows rows;
    *ret = NULL;
    TRY(assists_of_thread(c, c->center_id, thread, &rows));
    for (size_t i = 0; i < rows.n && *ret == NULL; i++)
        if (rows.v[i].state < ASSIST_DONE)
            *ret = &rows.v[i];
    return E_OK;
}

enum err assist_escalate_job(struct ctx *c)
{
    struct assist_rows rows;
    int64_t minutes = setting_assist_escalate_minutes(c);
    TRY(assists_unheard(c, c->center_id, c->now - minutes * MINUTE_MS, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct assist_row *a = &rows.v[i];
        struct str waited =
            str_fmt(c->arena, "%lld", (long long)((c->now - a->requested_at) / MINUTE_MS));
        TRY(assist_escalate(c, c->center_id, a->id, c->now));
        TRY(journal_add(c, EV_ASSIST_ESCALATED, a->id, a->thread,
                        event_facts(c, "minutes", waited, "what", str_of(kind_in_chinese(a->kind)),
                                    NULL),
                        STR_NONE));
    }
    return E_OK;
}
