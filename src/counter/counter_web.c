/* The acts of the window that concern the case; calling and serving are ticket's. Each works on the
 * ticket at the clerk's desk, so nothing needs to be named twice, and each of them may be refused
 * with the message beside the field it means. */
#include "counter.h"

#define HERE "/desk"

enum err desk_show(struct ctx *c, const struct desk_query_form *f, struct reply *r,
                   struct desk_screen *v)
{
    (void)r;
    return desk_screen_fill(c, f->q, f->item, v);
}

/* The boxes of required papers and those of others are two lists, so that one touch can tick all
 * of the first (data-check-all). */
static struct texts both(struct ctx *c, const struct texts *a, const struct texts *b)
{
    struct texts all = {ARENA_ARRAY(c->arena, struct str, a->n + b->n + 1), 0};
    for (size_t i = 0; i < a->n; i++)
        all.v[all.n++] = a->v[i];
    for (size_t i = 0; i < b->n; i++)
        all.v[all.n++] = b->v[i];
    return all;
}

/* The case of the ticket at this desk; ret->number empty when nothing was taken in yet. */
static enum err case_here(struct ctx *c, struct ticket_row *ret_ticket, struct case_view *ret)
{
    struct case_view *there;
    TRY(ticket_at_actors_desk(c, ret_ticket));
    if (ret_ticket->state != TICKET_SERVING)
        return fail(c, E_START_FIRST, "ticket %lld", (long long)ret_ticket->id);
    TRY(case_of_ticket(c, ret_ticket, &there));
    *ret = there != NULL ? *there : (struct case_view){.number = STR("")};
    return E_OK;
}

static enum err need_case(struct ctx *c, struct ticket_row *ret_ticket, struct case_view *ret)
{
    TRY(case_here(c, ret_ticket, ret));
    return ret->number.n > 0 ? E_OK
                             : fail(c, E_NO_CASE_HERE, "ticket %lld", (long long)ret_ticket->id);
}

static enum err take_in(struct ctx *c, const struct desk_intake_form *f, struct case_view *ret)
{
    struct case_wish_form wish = {.item = f->item,
                                  .applicant_name = f->applicant_name,
                                  .applicant_id_type = f->applicant_id_type,
                                  .applicant_id_no = f->applicant_id_no,
                                  .applicant_phone = f->applicant_phone,
                                  .agent_name = f->agent_name,
                                  .agent_id_type = f->agent_id_type,
                                  .agent_id_no = f->agent_id_no,
                                  .agent_phone = f->agent_phone,
                                  .materials = both(c, &f->materials, &f->others),
                                  .form = f->form};
    return case_take_in(c, &wish, ret);
}

enum err desk_take_in(struct ctx *c, const struct desk_intake_form *f, struct reply *r,
                      struct case_made *v)
{
    struct ticket_row t;
    TRY(case_here(c, &t, &v->case_));
    TRY(take_in(c, f, &v->case_));
    reply_see(r, HERE);
    return E_OK;
}

enum err desk_tick(struct ctx *c, const struct desk_papers_form *f, struct reply *r,
                   struct case_made *v)
{
    struct ticket_row t;
    TRY(need_case(c, &t, &v->case_));
    struct texts taken = both(c, &f->materials, &f->others);
    TRY(case_tick_all(c, v->case_.number, &taken, &v->case_));
    reply_see(r, HERE);
    return E_OK;
}

/* One key for the usual way: taken in if it was not yet, ticked off as the boxes stand, accepted.
 * When papers are missing the boxes stay as they were ticked, and the answer names what is missing. */
enum err desk_accept(struct ctx *c, const struct desk_intake_form *f, struct reply *r,
                     struct case_made *v)
{
    struct ticket_row t;
    struct texts taken = both(c, &f->materials, &f->others);
    TRY(case_here(c, &t, &v->case_));
    if (v->case_.number.n == 0)
        TRY(take_in(c, f, &v->case_));
    else if (f->with_papers || taken.n > 0)
        TRY(case_tick_all(c, v->case_.number, &taken, &v->case_));
    reply_see(r, HERE);
    enum err e = case_do(c, v->case_.number, CASE_ACT_ACCEPT, STR(""), &v->case_);
    if (e != E_PAPERS_MISSING)
        return e;
    reply_refuse(r, e, "materials");
    return E_OK;
}

static enum err act(struct ctx *c, enum case_act a, struct str opinion, struct reply *r,
                    struct case_made *v)
{
    struct ticket_row t;
    TRY(need_case(c, &t, &v->case_));
    TRY(case_do(c, v->case_.number, a, opinion, &v->case_));
    reply_see(r, HERE);
    return E_OK;
}

enum err desk_not_accept(struct ctx *c, const struct desk_opinion_form *f, struct reply *r,
                         struct case_made *v)
{
    return act(c, CASE_ACT_NOT_ACCEPT, f->opinion, r, v);
}

/* All that is missing is named by the program (ALL 32(1)4: told once, everything). */
enum err desk_correct(struct ctx *c, const struct desk_opinion_form *f, struct reply *r,
                      struct case_made *v)
{
    return act(c, CASE_ACT_CORRECT, f->opinion, r, v);
}

/* Somebody comes back with papers, or for his result: his case is not on this ticket. */
enum err desk_case(struct ctx *c, const struct desk_case_number_form *f, struct reply *r)
{
    struct casefile_row k;
    TRY(case_by_its_number(c, str_trim(f->number), &k));
    reply_see(r, "/review/%.*s", STR_ARG(k.number));
    return E_OK;
}

enum err desk_withdraw(struct ctx *c, const struct desk_opinion_form *f, struct reply *r,
                       struct case_made *v)
{
    return act(c, CASE_ACT_WITHDRAW, f->opinion, r, v);
}

enum err desk_decide(struct ctx *c, const struct desk_decision_form *f, struct reply *r,
                     struct case_made *v)
{
    bool is_grant = f->result == DESK_DECISION_RESULT_GRANT;
    return act(c, is_grant ? CASE_ACT_GRANT : CASE_ACT_REFUSE, f->opinion, r, v);
}

/* The move that leads on from a state to the end; CASE_ACT_COUNT when there is none. */
static enum case_act act_onward(struct str next)
{
    if (str_is(next, "decide") || str_is(next, "review")) /* refused there: not immediate */
        return CASE_ACT_GRANT;
    if (str_is(next, "deliver"))
        return CASE_ACT_DELIVER;
    return str_is(next, "close") ? CASE_ACT_CLOSE : CASE_ACT_COUNT;
}

/* Each move is made and recorded by itself; together they are one act: all of them or none. */
enum err desk_finish_on_spot(struct ctx *c, struct reply *r, struct case_made *v)
{
    struct ticket_row t;
    TRY(need_case(c, &t, &v->case_));
    while (!str_is(v->case_.state, case_state_word(CASE_CLOSED))) {
        enum case_act a = act_onward(v->case_.next);
        if (a == CASE_ACT_COUNT)
            return fail(c, E_CASE_MOVE, "case %.*s is not accepted yet", STR_ARG(v->case_.number));
        TRY(case_do(c, v->case_.number, a, STR(""), &v->case_));
    }
    TRY(ticket_finish(c, &t));
    reply_see(r, HERE);
    return E_OK;
}

enum err desk_ask_help(struct ctx *c, const struct desk_wish_form *f, struct reply *r,
                       struct assist_view *v)
{
    struct desk_row d;
    struct ticket_row *t;
    struct assist_row *made;
    struct str token;
    int64_t id;
    TRY(desk_of_actor(c, &d));
    TRY(ticket_of_desk(c, c->center_id, d.id, &t));
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    /* zh: kept as data for the helpers, in the source language, whatever the clerk's screen speaks */
    struct assist_wish wish = {
        .thread = t != NULL ? t->thread : 0,
        .kind = STR("other"),
        .place_from = str_fmt(c->arena, "%.*s %.*s 号窗口", STR_ARG(floor_text(&zh, d.floor)),
                              STR_ARG(d.code)),
        .place_to = STR(""),
        .what = f->what.n > 0 ? f->what : STR("窗口需要人帮忙"),
        .who = c->actor.name,
    };
    TRY(assist_request(c, &wish, &id, &token));
    TRY(assist(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    reply_see(r, HERE);
    return assist_view_of(c, made, v);
}
