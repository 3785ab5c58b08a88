/* What happens to a ticket at a desk. Which act leads where is one table, checked on each move; the
 * UPDATE names the state that was read, and an index allows a desk one ticket at a time, so even a
 * mistake here cannot bring one ticket to two desks. */
#include "ticket.h"

#include "assist.h"
#include "clock.h"
#include "item.h"
#include "journal.h"
#include "place.h"
#include "ahead.h"
#include "settings.h"
#include "steps.h"

#define NO_MOVE     TICKET_STATE_COUNT
#define UNDO_MS     (10 * SECOND_MS)
#define CALL_AGE_MS (2 * HOUR_MS) /* how long before its no-show a ticket may have been called */

static const enum ticket_state ticket_moves[TICKET_ACT_COUNT][TICKET_STATE_COUNT] = {
    /*                          waiting         called            serving           parked          finished  no_show         cancelled */
    [TICKET_ACT_CALL] = {TICKET_CALLED, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_RECALL] = {NO_MOVE, TICKET_CALLED, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_NO_SHOW] = {NO_MOVE, TICKET_NO_SHOW, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_UNDO_NO_SHOW] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, TICKET_CALLED,
                                 NO_MOVE},
    [TICKET_ACT_PARK] = {NO_MOVE, TICKET_PARKED, TICKET_PARKED, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_UNPARK] = {NO_MOVE, NO_MOVE, NO_MOVE, TICKET_CALLED, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_START] = {NO_MOVE, TICKET_SERVING, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_TRANSFER] = {NO_MOVE, TICKET_WAITING, TICKET_WAITING, NO_MOVE, NO_MOVE, NO_MOVE,
                             NO_MOVE},
    [TICKET_ACT_FINISH] = {NO_MOVE, NO_MOVE, TICKET_FINISHED, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [TICKET_ACT_CANCEL] = {TICKET_CANCELLED, TICKET_CANCELLED, NO_MOVE, TICKET_CANCELLED, NO_MOVE,
                           NO_MOVE, NO_MOVE},
    [TICKET_ACT_REJOIN] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE, TICKET_WAITING, NO_MOVE},
};

bool ticket_next_state(enum ticket_state from, enum ticket_act act, enum ticket_state *ret)
{
    if ((unsigned)from >= TICKET_STATE_COUNT || (unsigned)act >= TICKET_ACT_COUNT)
        return false;
    enum ticket_state to = ticket_moves[act][from];
    if (to == NO_MOVE)
        return false;
    *ret = to;
    return true;
}

static enum err note(struct ctx *c, const struct ticket_row *t, enum event kind, const char *name,
                     struct str value, struct str private_json)
{
    struct str number = ticket_number_text(c, t->prefix, t->number);
    struct str on_floor =
        str_fmt(c->arena, "%lld", (long long)(t->desk_id != 0 ? t->desk_floor : t->floor));
    struct str desk = t->desk_id != 0 && t->desk_code.p != NULL ? t->desk_code : STR("");
    return journal_add(c, kind, t->id, t->thread,
                       event_facts(c, "number", number, "zone", t->zone_code, "desk", desk, "floor",
                                   on_floor, name, value, NULL),
                       private_json);
}

enum err ticket_note(struct ctx *c, const struct ticket_row *t, enum event kind, const char *name,
                     struct str value)
{
    return note(c, t, kind, name, value, STR_NONE);
}

/* The move of t by act, or why not. */
static enum err check_move(struct ctx *c, const struct ticket_row *t, enum ticket_act act)
{
    enum ticket_state to;
    if (ticket_next_state((enum ticket_state)t->state, act, &to))
        return E_OK;
    if (t->state >= TICKET_FINISHED)
        return fail(c, E_TICKET_ENDED, "ticket %lld: act %d", (long long)t->id, (int)act);
    if (act == TICKET_ACT_FINISH && t->state == TICKET_CALLED)
        return fail(c, E_START_FIRST, "ticket %lld", (long long)t->id);
    return fail(c, E_TICKET_MOVE, "ticket %lld: act %d in state %lld", (long long)t->id, (int)act,
                (long long)t->state);
}

static enum err check_changed(struct ctx *c, const struct ticket_row *t, int64_t changed)
{
    if (changed == 1)
        return E_OK;
    return fail(c, E_TICKET_MOVE, "ticket %lld moved meanwhile", (long long)t->id);
}

static enum err current(struct ctx *c, struct desk_row *d, struct ticket_row *ret)
{
    struct ticket_row *t;
    TRY(desk_of_actor(c, d));
    TRY(ticket_of_desk(c, c->center_id, d->id, &t));
    if (t == NULL)
        return fail(c, E_NO_CURRENT, "desk %.*s", STR_ARG(d->code));
    *ret = *t;
    return E_OK;
}

enum err ticket_at_actors_desk(struct ctx *c, struct ticket_row *ret)
{
    struct desk_row d;
    return current(c, &d, ret);
}

/* The actor's desk, open and without a ticket. */
static enum err free_desk(struct ctx *c, struct desk_row *d)
{
    struct ticket_row *t;
    TRY(desk_of_actor(c, d));
    if (d->state == DESK_PAUSED)
        return fail(c, E_DESK_PAUSED, "desk %.*s", STR_ARG(d->code));
    TRY(ticket_of_desk(c, c->center_id, d->id, &t));
    if (t != NULL)
        return fail(c, E_DESK_BUSY, "desk %.*s has ticket %lld", STR_ARG(d->code),
                    (long long)t->id);
    return E_OK;
}

/* Brings t to the desk d. */
static enum err bring(struct ctx *c, struct ticket_row *t, const struct desk_row *d,
                      enum ticket_act act, struct str call_reason)
{
    int64_t changed, before = t->state;
    TRY(check_move(c, t, act));
    t->calls++;
    TRY(ticket_call_put_changes(c, c->center_id, t->id, before, d->id, c->actor.id, t->calls,
                                c->now, call_reason, &changed));
    TRY(check_changed(c, t, changed));
    t->state = TICKET_CALLED;
    t->desk_id = d->id;
    t->desk_code = d->code;
    t->desk_floor = d->floor;
    t->staff_id = c->actor.id;
    t->called_at = c->now;
    t->call_reason = call_reason;
    t->ended_at = 0;
    return E_OK;
}

/* Of all lines that are not empty and that the desk serves: who is next by the policy of its zone, and why. */
static enum err choose_next(struct ctx *c, const struct desk_row *d, struct ticket_row **ret,
                            const char **ret_reason)
{
    struct tickets_next_rows rows;
    struct zone_order o;
    TRY(zone_order(c, d->zone_id, d->kind, &o));
    TRY(tickets_next(c, c->center_id, d->id, &rows));
    struct candidate *v = ARENA_ARRAY(c->arena, struct candidate, rows.n);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].id != 0)
            v[n++] = (struct candidate){.ticket_id = rows.v[i].id,
                                        .line_id = rows.v[i].line_id,
                                        .queued_at = rows.v[i].queued_at,
                                        .class = (enum ticket_class)rows.v[i].class};
    struct choice best = policy_choose(&o.policy, v, n, c->now, o.recent);
    *ret = NULL;
    if (best.index < 0)
        return E_OK;
    *ret_reason = policy_reason(v[best.index].class, best.ground);
    TRY(zone_order_called(c, d->zone_id, &o, v[best.index].class));
    return ticket(c, c->center_id, v[best.index].ticket_id, ret);
}

/* Up the stairs nobody goes alone; and when a desk downstairs calls after all, nobody need come. */
static enum err escort_for_call(struct ctx *c, struct ticket_row *t, const struct desk_row *d)
{
    struct assist_row *a;
    if (!d->step_free) {
        t->floor = d->floor;
        return place_ask_escort(c, t);
    }
    TRY(assist_open_of_thread(c, t->thread, &a));
    if (a != NULL && a->state == ASSIST_REQUESTED && str_is(a->kind, "escort"))
        return assist_withdrawn(c, a);
    return E_OK;
}

/* Out of its line to the desk. why: what the clerk gave as a reason, private; none under a policy. */
static enum err call(struct ctx *c, struct ticket_row *t, const struct desk_row *d,
                     const char *reason, struct str why)
{
    TRY(bring(c, t, d, TICKET_ACT_CALL, str_of(reason)));
    TRY(line_queue_take(c, c->center_id, t->line_id, t->class));
    TRY(note(c, t, EV_TICKET_CALLED, "calls", str_fmt(c->arena, "%lld", (long long)t->calls), why));
    return (t->needs & NEED_NO_STAIRS) != 0 ? escort_for_call(c, t, d) : E_OK;
}

enum err ticket_call_next(struct ctx *c, struct ticket_row **ret)
{
    struct desk_row d;
    struct ticket_row *t;
    const char *reason;
    TRY(free_desk(c, &d));
    TRY(choose_next(c, &d, &t, &reason));
    *ret = t;
    return t == NULL ? E_OK : call(c, t, &d, reason, STR_NONE);
}

enum err ticket_call_chosen(struct ctx *c, struct str number, struct str reason,
                            struct ticket_row *ret)
{
    struct desk_row d;
    struct ticket_row *t;
    struct line_serves_row *serves;
    struct str why = str_trim(reason);
    TRY(free_desk(c, &d));
    TRY(ticket_by_its_number(c, number, &t));
    if (t == NULL)
        return fail_field(c, E_NO_SUCH_NUMBER, "number", "%.*s", STR_ARG(number));
    TRY(check_move(c, t, TICKET_ACT_CALL));
    TRY(line_serves(c, c->center_id, d.id, t->line_id, &serves));
    if (serves == NULL)
        return fail_field(c, E_NOT_THIS_DESK, "number", "line %lld", (long long)t->line_id);
    if (why.n == 0)
        return fail_field(c, E_CHOSEN_WHY, "reason", "none");
    TRY(call(c, t, &d, /* tr */ "窗口工作人员说明原因后提前叫号，已等 {minutes} 分",
             event_facts(c, "reason", why, NULL)));
    *ret = *t;
    return E_OK;
}

enum err ticket_recall(struct ctx *c, struct ticket_row *ret)
{
    struct desk_row d;
    int64_t changed;
    TRY(current(c, &d, ret));
    TRY(check_move(c, ret, TICKET_ACT_RECALL));
    if (ret->calls > setting_ticket_recall_most(c))
        return fail(c, E_RECALL_ENOUGH, "%lld calls", (long long)ret->calls);
    ret->calls++;
    ret->called_at = c->now;
    TRY(ticket_recall_put_changes(c, c->center_id, ret->id, ret->calls, c->now, &changed));
    TRY(check_changed(c, ret, changed));
    return ticket_note(c, ret, EV_TICKET_RECALLED, "calls",
                       str_fmt(c->arena, "%lld", (long long)ret->calls));
}

/* Ends the desk's ticket as not come or finished. */
static enum err end_current(struct ctx *c, enum ticket_act act, enum ticket_state to,
                            struct ticket_row *ret)
{
    struct desk_row d;
    int64_t changed;
    TRY(current(c, &d, ret));
    TRY(check_move(c, ret, act));
    TRY(ticket_end_put_changes(c, c->center_id, ret->id, ret->state, to, c->now, &changed));
    TRY(check_changed(c, ret, changed));
    ret->state = to;
    ret->ended_at = c->now;
    return E_OK;
}

enum err ticket_no_show(struct ctx *c, struct ticket_row *ret)
{
    TRY(end_current(c, TICKET_ACT_NO_SHOW, TICKET_NO_SHOW, ret));
    return ticket_note(c, ret, EV_TICKET_NO_SHOW, NULL, STR_NONE);
}

enum err ticket_finish(struct ctx *c, struct ticket_row *ret)
{
    struct ticket_step_next_row *step;
    TRY(ticket_at_actors_desk(c, ret));
    TRY(check_move(c, ret, TICKET_ACT_FINISH));
    TRY(line_note_service(c, ret->line_id, c->now - ret->started_at));
    TRY(ticket_step_next(c, c->center_id, ret->id, &step));
    if (step != NULL)
        return ticket_go_on(c, ret, step);
    TRY(end_current(c, TICKET_ACT_FINISH, TICKET_FINISHED, ret));
    return ticket_note(c, ret, EV_TICKET_FINISHED, NULL, STR_NONE);
}

enum err ticket_undo_no_show(struct ctx *c, struct ticket_row *ret)
{
    struct desk_row d;
    struct ticket_row *t;
    TRY(free_desk(c, &d));
    TRY(ticket_just_missed(c, c->center_id, d.id, c->now - CALL_AGE_MS, c->now - UNDO_MS, &t));
    if (t == NULL)
        return fail(c, E_UNDO_LATE, "desk %.*s", STR_ARG(d.code));
    TRY(bring(c, t, &d, TICKET_ACT_UNDO_NO_SHOW, t->call_reason));
    *ret = *t;
    return ticket_note(c, ret, EV_TICKET_MISSED_UNDONE, NULL, STR_NONE);
}

enum err ticket_park(struct ctx *c, struct str reason, struct ticket_row *ret)
{
    struct desk_row d;
    int64_t changed;
    TRY(current(c, &d, ret));
    TRY(check_move(c, ret, TICKET_ACT_PARK));
    TRY(ticket_park_put_changes(c, c->center_id, ret->id, ret->state, &changed));
    TRY(check_changed(c, ret, changed));
    ret->state = TICKET_PARKED;
    /* What a clerk types stays private: the public part goes to live topics. */
    struct str why = reason.n > 0 ? event_facts(c, "reason", reason, NULL) : STR_NONE;
    return note(c, ret, EV_TICKET_PARKED, NULL, STR_NONE, why);
}

enum err ticket_unpark(struct ctx *c, struct str token_or_number, struct ticket_row *ret)
{
    struct desk_row d;
    struct tickets_parked_rows rows;
    TRY(free_desk(c, &d));
    TRY(tickets_parked(c, c->center_id, d.id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct ticket_row *t = &rows.v[i];
        if (token_or_number.n > 0 && !str_eq(t->token, token_or_number) &&
            !str_eq(ticket_number_text(c, t->prefix, t->number), token_or_number))
            continue;
        TRY(bring(c, t, &d, TICKET_ACT_UNPARK, STR(/* tr */ "挂起后回到窗口")));
        *ret = *t;
        return ticket_note(c, ret, EV_TICKET_UNPARKED, NULL, STR_NONE);
    }
    return fail_field(c, E_NO_CURRENT, "ticket", "not parked at desk %.*s", STR_ARG(d.code));
}

enum err ticket_start(struct ctx *c, struct ticket_row *ret)
{
    struct desk_row d;
    int64_t changed;
    TRY(current(c, &d, ret));
    TRY(check_move(c, ret, TICKET_ACT_START));
    if (ret->started_at == 0) {
        ret->wait_ms = c->now - ret->issued_at;
        TRY(ahead_learn(c, ret));
    }
    ret->started_at = c->now;
    TRY(ticket_start_put_changes(c, c->center_id, ret->id, c->now, ret->wait_ms, &changed));
    TRY(check_changed(c, ret, changed));
    ret->state = TICKET_SERVING;
    return ticket_note(c, ret, EV_TICKET_STARTED, NULL, STR_NONE);
}

/* Where a transfer leads: facts of the line, and its name for the timeline. */
static enum err transfer_target(struct ctx *c, const struct transfer_to_form *f,
                                struct ticket_row *t, struct line_facts *line, struct str *ret_to)
{
    struct item_row item;
    struct desk_row d;
    if (f->desk.n > 0) {
        TRY(desk_by_its_code(c, f->desk, &d));
        *ret_to =
            str_fmt(c->arena, "%.*s 号窗口", STR_ARG(d.code)); /* zh: a value of the journal */
        TRY(line_facts_of_desk(c, d.id, line));
        line->desk_code = d.code;
        return E_OK;
    }
    if (f->item.n > 0) {
        TRY(item_by_any_code(c, f->item, &item));
        t->item_id = item.id;
        t->item_code = item.code;
        t->item_name = item.name;
        t->item_name_en = item.name_en;
        *ret_to = item.name;
        return line_facts_of_item(c, item.id, line);
    }
    if (f->zone.n == 0)
        return fail_field(c, E_ITEM_OR_ZONE, "item", "nowhere to transfer to");
    TRY(line_facts_of_zone(c, f->zone, line));
    *ret_to = line->zone_name;
    return E_OK;
}

enum err ticket_requeue(struct ctx *c, struct ticket_row *t, const struct place *p,
                        int64_t queued_at, enum event kind, struct str to)
{
    int64_t changed;
    TRY(ticket_requeue_put_changes(c, c->center_id, t->id, t->state, p->line_id, t->item_id,
                                   t->item_code, t->item_name, t->item_name_en, p->step_free,
                                   p->floor, p->reason, queued_at, &changed));
    TRY(check_changed(c, t, changed));
    TRY(line_queue_add(c, c->center_id, p->line_id, t->class));
    struct ticket_row was = *t;
    TRY(ticket_by_its_token(c, t->token, t));
    was.zone_code = t->zone_code; /* where it waits from now on */
    TRY(ticket_note(c, &was, kind, to.n > 0 ? "to" : NULL, to));
    return p->needs_escort ? place_ask_escort(c, t) : E_OK;
}

enum err ticket_transfer(struct ctx *c, const struct transfer_to_form *f, struct ticket_row *ret)
{
    struct desk_row d;
    struct line_facts line;
    struct place p;
    struct str to;
    TRY(current(c, &d, ret));
    TRY(check_move(c, ret, TICKET_ACT_TRANSFER));
    TRY(transfer_target(c, f, ret, &line, &to));
    TRY(place_choose(c, &line, ret->needs, &p));
    if (f->desk.n > 0)
        p.reason = reason_add(c, p.reason, /* tr */ "已转到{desk} 号窗口，号不变，叫到号再过去",
                              "desk", line.desk_code);
    return ticket_requeue(c, ret, &p, ret->queued_at, EV_TICKET_TRANSFERRED, to);
}

enum err tickets_parked_at_actors_desk(struct ctx *c, struct ticket_view_list *ret)
{
    struct desk_row d;
    struct tickets_parked_rows rows;
    TRY(desk_of_actor(c, &d));
    TRY(tickets_parked(c, c->center_id, d.id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct ticket_view, rows.n);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        TRY(ticket_show(c, &rows.v[i], &ret->v[i]));
    return E_OK;
}
