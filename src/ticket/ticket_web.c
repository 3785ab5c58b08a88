/* The visitor's ticket: taking it, holding it, giving it back, calling somebody. Where a browser
 * goes after taking one depends on who stands there: a phone to its ticket, the kiosk to its slip,
 * the guide back to her one field. */
#include "ticket.h"

#include "assist.h"
#include "device.h"
#include "place.h"
#include "qr.h"
#include "steps.h"

enum err ticket_take(struct ctx *c, const struct ticket_wish_form *f, struct reply *r,
                     struct ticket_issued *v)
{
    struct ticket_row t;
    if (f->channel == CHANNEL_KIOSK)
        TRY(kiosk_may_issue(c));
    TRY(ticket_issue_shown(c, f, &t, &v->ticket));
    TRY(ticket_print_new(c, &t, &v->ticket));
    if (t.channel == CHANNEL_KIOSK)
        reply_see(r, "/kiosk/ticket/%.*s", STR_ARG(t.token));
    else if (t.channel == CHANNEL_GUIDE)
        reply_see(r, "/guide?issued=%.*s", STR_ARG(t.token));
    else
        reply_see(r, "/tickets/%.*s", STR_ARG(t.token));
    return E_OK;
}

enum err ticket_follow(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                       struct ticket_issued *v)
{
    struct ticket_row t;
    (void)r;
    TRY(ticket_by_its_token(c, f->token, &t));
    return ticket_show(c, &t, &v->ticket);
}

enum err ticket_print(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                      struct ticket_issued *v)
{
    return ticket_follow(c, f, r, v);
}

enum err ticket_qr(struct ctx *c, const struct ticket_token_form *f, struct reply *r)
{
    struct ticket_row t;
    struct ticket_view v;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_show(c, &t, &v));
    struct str svg = qr_svg(c->arena, v.link);
    if (svg.p == NULL)
        return fail(c, E_INTERNAL, "no QR code for a link of %zu bytes", v.link.n);
    reply_body(r, "image/svg+xml", svg);
    return E_OK;
}

static enum err show_after(struct ctx *c, const struct ticket_row *t, struct reply *r,
                           struct ticket_issued *v)
{
    reply_see(r, "/tickets/%.*s", STR_ARG(t->token));
    return ticket_show(c, t, &v->ticket);
}

enum err ticket_give_up(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                        struct ticket_issued *v)
{
    struct ticket_row t;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_cancel(c, &t));
    return show_after(c, &t, r, v);
}

enum err ticket_come_back(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                          struct ticket_issued *v)
{
    struct ticket_row t;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_rejoin(c, &t));
    return show_after(c, &t, r, v);
}

enum err ticket_add_step(struct ctx *c, const struct ticket_step_form *f, struct reply *r,
                         struct ticket_issued *v)
{
    struct ticket_row t;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_step_add(c, &t, f->item));
    TRY(show_after(c, &t, r, v));
    if (may(c, RIGHT_TICKET_ISSUE))
        reply_see(r, "/guide?issued=%.*s", STR_ARG(t.token));
    return E_OK;
}

/* A second touch finds the request of the first. */
enum err ticket_ask_help(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                         struct ticket_issued *v)
{
    struct ticket_row t;
    struct assist_row *open;
    struct ctx zh = *c;
    struct str token;
    int64_t id;
    zh.lang = LANG_ZH;
    TRY(ticket_by_its_token(c, f->token, &t));
    if (t.state >= TICKET_FINISHED)
        return fail(c, E_TICKET_ENDED, "help for ticket %lld", (long long)t.id);
    TRY(assist_open_of_thread(c, t.thread, &open));
    if (open == NULL) {
        /* zh: what the helper reads is data of the hall */
        struct str number = ticket_number_text(c, t.prefix, t.number);
        struct assist_wish wish = {
            .thread = t.thread,
            .kind = STR("other"),
            .place_from = str_fmt(c->arena, "%.*s %.*s", STR_ARG(floor_text(&zh, t.floor)),
                                  STR_ARG(t.zone_name)),
            .what = str_fmt(c->arena, "%.*s 号请人帮忙", STR_ARG(number)),
            .who = t.name_masked,
        };
        TRY(assist_request(c, &wish, &id, &token));
    }
    return show_after(c, &t, r, v);
}
