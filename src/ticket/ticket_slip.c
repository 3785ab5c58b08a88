/* The slip of a ticket: what its paper says, and who has it printed. A kiosk gets its paper unasked, in the
 * transaction of the ticket; the guide and the window ask for it, and anybody may have it once more. */
#include "ticket.h"

#include "center.h"
#include "clock.h"
#include "device.h"
#include "printer.h"

#define SLIPS_AT_KIOSK 3 /* of one ticket, by who stands there */

static struct str instant_words(struct ctx *c, int64_t at)
{
    struct buf b;
    buf_init(&b, c->arena, 40);
    html_instant(&b, c, at);
    return buf_as_str(&b);
}

static struct str number_words(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

void ticket_slip_facts(struct ctx *c, const struct ticket_row *t, const struct ticket_view *v,
                       struct slip_facts *ret)
{
    bool is_waiting = t->state == TICKET_WAITING && v->ahead >= 0;
    *ret = (struct slip_facts){
        .number = v->number,
        .zone = v->zone,
        .zone_name = v->zone_name,
        .floor = v->floor_name,
        .item = v->item_name,
        .ahead = is_waiting
                     ? tr_fill(c, "前面 {n} 人 · 约 {from}–{to} 分钟", "n",
                               number_words(c, v->ahead), "from", number_words(c, v->eta_minutes),
                               "to", number_words(c, v->eta_most_minutes), NULL)
                     : STR(""),
        .reason = v->reason,
        .priority = str_is(v->priority, "normal") ? STR("") : v->priority_name,
        .issued = instant_words(c, t->issued_at),
        .qr = v->link,
    };
}

static enum err spool(struct ctx *c, const struct ticket_row *t, const struct ticket_view *v,
                      bool is_again, bool *ret_is_spooled)
{
    struct slip_job job = {.ticket_id = t->id, .thread = t->thread, .is_again = is_again};
    ticket_slip_facts(c, t, v, &job.facts);
    return printer_spool(c, &job, ret_is_spooled);
}

enum err ticket_print_new(struct ctx *c, const struct ticket_row *t, const struct ticket_view *v)
{
    bool is_spooled;
    if (t->channel != CHANNEL_KIOSK || t->issued_at != c->now)
        return E_OK;
    return spool(c, t, v, false, &is_spooled);
}

enum err ticket_show_printing(struct ctx *c, const struct ticket_row *t, struct ticket_view *v)
{
    int64_t printer_id;
    int columns;
    TRY(printer_choose(c, v->zone, &printer_id, &columns));
    /* A registered kiosk may have its printer itself (onewindow kiosk), which we do not see. */
    v->has_printer = printer_id != 0 || c->actor.kind == ACTOR_DEVICE;
    return slip_state_of_ticket(c, t->id, &v->printing, &v->printing_words, &v->slips);
}

/* A slip once more, of the ticket as it is now. */
static enum err again(struct ctx *c, struct str token, int64_t most, struct ticket_view *v)
{
    struct ticket_row t;
    bool is_spooled;
    TRY(ticket_by_its_token(c, token, &t));
    TRY(ticket_show(c, &t, v));
    TRY(ticket_show_printing(c, &t, v));
    if (v->slips >= most)
        return fail(c, E_REPRINT_ENOUGH, "%lld slips", (long long)v->slips);
    TRY(spool(c, &t, v, true, &is_spooled));
    if (!is_spooled)
        return fail(c, E_NO_PRINTER, "none for zone %.*s", STR_ARG(v->zone));
    return ticket_show_printing(c, &t, v);
}

enum err ticket_slip_again(struct ctx *c, const struct ticket_slip_wish_form *f, struct reply *r,
                           struct ticket_issued *v)
{
    TRY(again(c, f->token, INT64_MAX, &v->ticket));
    if (f->back.n > 0)
        reply_back(r, f->back, "/guide");
    else
        reply_see(r, "/guide?issued=%.*s", STR_ARG(f->token));
    return E_OK;
}

enum err kiosk_slip_again(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                          struct ticket_issued *v)
{
    TRY(again(c, f->token, SLIPS_AT_KIOSK, &v->ticket));
    reply_see(r, "/kiosk/ticket/%.*s", STR_ARG(f->token));
    return E_OK;
}

/* For a kiosk that has its printer itself: the bytes, by the hall's template. */
enum err kiosk_slip_bytes(struct ctx *c, const struct ticket_token_form *f, struct reply *r)
{
    struct device_row kiosk;
    struct ticket_row t;
    struct ticket_view v;
    struct str bytes;
    TRY(kiosk_of_actor(c, &kiosk));
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_show(c, &t, &v));
    struct slip_facts facts;
    ticket_slip_facts(c, &t, &v, &facts);
    TRY(slip_compose(c, &facts, 48, &bytes));
    reply_body(r, "application/octet-stream", bytes);
    return E_OK;
}
