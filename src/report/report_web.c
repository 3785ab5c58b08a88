/* The story of a visit in one timeline, for the visitor and for staff, and the manager's page of today. */
#include "alarm.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "loan.h"
#include "report.h"
#include "printer.h"
#include "ticket.h"

static void tell(struct ctx *c, const struct journal_entry *e, bool for_staff, struct story *v)
{
    const struct event_info *kind = &event_table[e->kind];
    if (!for_staff && !kind->shown_to_visitor)
        return;
    v->lines.v[v->lines.n++] = (struct story_line){.at = e->at,
                                                   .actor = e->actor,
                                                   .sentence = journal_sentence(c, e),
                                                   .kind = str_of(kind->name)};
}

enum err visit_show(struct ctx *c, const struct story_token_form *f, struct reply *r,
                    struct story *v)
{
    struct ticket_row t;
    struct journal_entries entries;
    (void)r;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_show(c, &t, &v->ticket));
    TRY(journal_of_thread(c, t.thread, &entries));
    bool for_staff = may(c, RIGHT_TICKET_SEE);
    v->lines.v = ARENA_ARRAY(c->arena, struct story_line, entries.n + 1);
    for (size_t i = 0; i < entries.n; i++)
        tell(c, &entries.v[i], for_staff, v);
    struct rating_row *rated;
    TRY(rating_of_ticket(c, c->center_id, t.id, &rated));
    v->can_rate = t.state == TICKET_FINISHED && rated == NULL && !for_staff;
    v->rate_link = str_fmt(c->arena, "/rate/%.*s", STR_ARG(f->token));
    return E_OK;
}

static enum err count_ratings(struct ctx *c, struct today_figures *v)
{
    struct ratings_since_rows rows;
    TRY(ratings_since(c, c->center_id, date_start(v->on, c->zone_minutes), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        v->ratings += rows.v[i].ratings;
        if (rows.v[i].grade >= 3)
            v->ratings_good += rows.v[i].ratings;
        else
            v->ratings_bad += rows.v[i].ratings;
    }
    return E_OK;
}

static enum err count_late_loans(struct ctx *c, struct today_figures *v)
{
    struct loan_line_list out;
    TRY(loans_out(c, &out));
    for (size_t i = 0; i < out.n; i++)
        v->loans_late += out.v[i].is_late ? 1 : 0;
    return E_OK;
}

enum err manage_show(struct ctx *c, struct reply *r, struct today_figures *v)
{
    struct day_figures_list yesterdays_zones;
    struct help_waiting_count_row help;
    v->on = today(c);
    v->at = c->now;
    TRY(printer_alarm_now(c, &v->printers));
    TRY(day_of_hall(c, v->on, &v->today, &v->zones));
    TRY(day_of_hall(c, date_add(v->on, -1), &v->yesterday, &yesterdays_zones));
    TRY(day_by_class(c, v->on, &v->classes));
    TRY(desks_show(c, r, &v->desks));
    for (size_t i = 0; i < v->desks.items.n; i++)
        v->desks_open += str_is(v->desks.items.v[i].state, "open") ? 1 : 0;
    TRY(help_waiting_count(c, c->center_id, &help));
    v->help_waiting = help.waiting;
    TRY(count_late_loans(c, v));
    TRY(alarms_open(c, &v->alarms));
    return count_ratings(c, v);
}
