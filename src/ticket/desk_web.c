/* The acts of a window. Each answers with its ticket and the reason of the call; a browser goes
 * back to the window's screen. */
#include "ticket.h"

static enum err show_call(struct ctx *c, const struct ticket_row *t, struct reply *r,
                          struct ticket_call *v)
{
    reply_see(r, "/desk");
    v->reason = STR("");
    if (t == NULL)
        return E_OK;
    v->ticket = ARENA_NEW(c->arena, struct ticket_view);
    v->reason = ticket_call_reason(c, t);
    return ticket_show(c, t, v->ticket);
}

/* A desk with somebody at it is not left. */
static enum err check_left(struct ctx *c, const struct desk_row *d)
{
    struct ticket_row *t;
    TRY(ticket_of_desk(c, c->center_id, d->id, &t));
    if (t != NULL)
        return fail(c, E_DESK_BUSY, "desk %.*s has ticket %lld", STR_ARG(d->code),
                    (long long)t->id);
    return E_OK;
}

static enum err show_desk(struct ctx *c, struct str code, struct reply *r, struct desk_view *v)
{
    struct desk_row d;
    TRY(desk_by_its_code(c, code, &d));
    reply_see(r, "/desk");
    desk_view_of(c, &d, v);
    return E_OK;
}

enum err desk_do_open(struct ctx *c, const struct desk_choice_form *f, struct reply *r,
                      struct desk_view *v)
{
    struct desk_row d, *mine;
    TRY(desk_of_staff(c, c->center_id, c->actor.id, &mine));
    TRY(desk_by_its_code(c, f->desk, &d));
    if (mine != NULL && mine->id != d.id)
        TRY(check_left(c, mine));
    TRY(desk_open(c, d.code, &d));
    return show_desk(c, d.code, r, v);
}

enum err desk_do_pause(struct ctx *c, const struct pause_reason_form *f, struct reply *r,
                       struct desk_view *v)
{
    struct desk_row d;
    TRY(desk_of_actor(c, &d));
    TRY(desk_pause(c, d.id, d.code, f->reason));
    return show_desk(c, d.code, r, v);
}

enum err desk_do_resume(struct ctx *c, struct reply *r, struct desk_view *v)
{
    struct desk_row d;
    TRY(desk_of_actor(c, &d));
    TRY(desk_resume(c, d.id, d.code));
    return show_desk(c, d.code, r, v);
}

enum err desk_do_close(struct ctx *c, struct reply *r, struct desk_view *v)
{
    struct desk_row d;
    TRY(desk_of_actor(c, &d));
    TRY(check_left(c, &d));
    TRY(desk_close(c, d.id, d.code));
    return show_desk(c, d.code, r, v);
}

enum err desk_do_call(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row *t;
    TRY(ticket_call_next(c, &t));
    return show_call(c, t, r, v);
}

enum err desk_do_call_chosen(struct ctx *c, const struct desk_chosen_form *f, struct reply *r,
                             struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_call_chosen(c, f->number, f->reason, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_recall(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_recall(c, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_no_show(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_no_show(c, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_undo_no_show(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_undo_no_show(c, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_park(struct ctx *c, const struct desk_note_form *f, struct reply *r,
                      struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_park(c, f->reason, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_unpark(struct ctx *c, const struct unpark_of_form *f, struct reply *r,
                        struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_unpark(c, f->ticket, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_start(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_start(c, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_transfer(struct ctx *c, const struct transfer_to_form *f, struct reply *r,
                          struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_transfer(c, f, &t));
    return show_call(c, &t, r, v);
}

enum err desk_do_finish(struct ctx *c, struct reply *r, struct ticket_call *v)
{
    struct ticket_row t;
    TRY(ticket_finish(c, &t));
    return show_call(c, &t, r, v);
}

enum err desk_parked_show(struct ctx *c, struct reply *r, struct tickets_shown *v)
{
    (void)r;
    return tickets_parked_at_actors_desk(c, &v->items);
}
