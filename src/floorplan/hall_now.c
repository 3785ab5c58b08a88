/* The two sources of the plan: the tables, and the journal. */
#include "floorplan.h"

#include "clock.h"
#include "ticket.h"

#define BATCH         1000
#define KEPT_EVERY_MS (15 * MINUTE_MS)
#define KEPT_MOST     20000 /* entries a run of the job */
#define SETTLED_MS    (5 * SECOND_MS)
#define WHOLE_DAYS    8 /* older ones keep every fourth hour */

/* Reads on from seq up to the first entry later than `until`; *seq is the last one taken. */
static enum err read_on(struct ctx *c, struct fold *f, int64_t until, int64_t most, int64_t *seq,
                        int64_t *ret_count, bool *ret_ended)
{
    struct journal_entries entries;
    *ret_count = 0;
    *ret_ended = false;
    while (*ret_count < most) {
        TRY(journal_after(c, *seq, BATCH, &entries));
        for (size_t i = 0; i < entries.n; i++) {
            if (entries.v[i].at > until) {
                *ret_ended = true;
                return E_OK;
            }
            fold_entry(f, &entries.v[i]);
            *seq = entries.v[i].seq;
            ++*ret_count;
        }
        if (entries.n == 0) {
            *ret_ended = true;
            return E_OK;
        }
    }
    return E_OK;
}

static enum err fold_from_kept(struct ctx *c, int64_t at, struct fold **ret, int64_t *ret_seq,
                               int64_t *ret_kept_at)
{
    struct plan_kept_before_row *kept;
    TRY(plan_kept_before(c, c->center_id, at, &kept));
    *ret = fold_new(c->arena);
    *ret_seq = 0;
    *ret_kept_at = 0;
    if (kept == NULL || !fold_read(*ret, kept->state))
        return E_OK;
    *ret_seq = kept->seq;
    *ret_kept_at = kept->at;
    return E_OK;
}

enum err floorplan_keep(struct ctx *c)
{
    struct fold *f;
    int64_t seq, kept_at, count;
    int64_t until = (c->now - SETTLED_MS) / KEPT_EVERY_MS * KEPT_EVERY_MS;
    bool ended;
    TRY(fold_from_kept(c, until, &f, &seq, &kept_at));
    if (kept_at >= until)
        return E_OK;
    int64_t before = seq;
    TRY(read_on(c, f, until, KEPT_MOST, &seq, &count, &ended));
    if (count == 0)
        return E_OK;
    /* Stopped by its bound: as far as it came, so that the next run goes on from there. */
    if (!ended) {
        struct journal_entries last;
        TRY(journal_after(c, seq - 1, 1, &last));
        until = last.n == 1 && last.v[0].at < until ? last.v[0].at : until;
    }
    if (seq > before)
        TRY(plan_kept_put(c, c->center_id, until, seq, fold_print(f, c->arena)));
    return plan_kept_thin(c, c->center_id, c->now - WHOLE_DAYS * DAY_MS);
}

static enum err read_hall(struct ctx *c, int64_t at, struct hall_now *ret)
{
    *ret = (struct hall_now){.at = at};
    TRY(desks(c, c->center_id, &ret->desks));
    TRY(zones(c, c->center_id, &ret->zones));
    ret->desk_states = ARENA_ARRAY(c->arena, struct desk_now, ret->desks.n + 1);
    ret->waiting = ARENA_ARRAY(c->arena, int64_t, ret->zones.n + 1);
    return E_OK;
}

static struct desk_now desk_of_row(const struct desk_row *d)
{
    bool is_closed = d->state == DESK_CLOSED;
    return (struct desk_now){
        .code = d->code,
        .state = d->state,
        .since = is_closed ? 0 : d->since_at,
        .staff = is_closed ? STR("") : str_or_empty(d->staff_name),
        .reason = d->state == DESK_PAUSED ? str_or_empty(d->pause_reason) : STR(""),
        .number = STR(""),
    };
}

static enum err read_tickets(struct ctx *c, struct hall_now *ret)
{
    struct tickets_at_desks_rows there;
    TRY(tickets_at_desks(c, c->center_id, &there));
    for (size_t i = 0; i < there.n; i++)
        for (size_t k = 0; k < ret->desks.n; k++) {
            const struct tickets_at_desks_row *t = &there.v[i];
            struct desk_now *d = &ret->desk_states[k];
            if (ret->desks.v[k].id != t->desk_id)
                continue;
            d->number = ticket_number_text(c, t->prefix, t->number);
            d->is_serving = t->state == TICKET_SERVING;
            d->number_since = d->is_serving ? t->started_at : t->called_at;
        }
    return E_OK;
}

static enum err read_alarms(struct ctx *c, struct hall_now *ret)
{
    struct alarm_line_list open;
    TRY(alarms_open(c, &open));
    ret->alarms = ARENA_ARRAY(c->arena, struct alarm_now, open.n + 1);
    ret->alarm_count = open.n;
    for (size_t i = 0; i < open.n; i++)
        ret->alarms[i] = (struct alarm_now){.id = open.v[i].id,
                                            .at = open.v[i].raised_at,
                                            .answered_at = open.v[i].answered_at,
                                            .desk = open.v[i].desk,
                                            .by = open.v[i].staff,
                                            .answered_by = open.v[i].answered_by};
    return E_OK;
}

enum err hall_now_live(struct ctx *c, struct hall_now *ret)
{
    struct zones_waiting_rows waiting;
    TRY(read_hall(c, c->now, ret));
    for (size_t i = 0; i < ret->desks.n; i++)
        ret->desk_states[i] = desk_of_row(&ret->desks.v[i]);
    TRY(read_tickets(c, ret));
    TRY(zones_waiting(c, c->center_id, &waiting));
    for (size_t i = 0; i < waiting.n; i++)
        for (size_t k = 0; k < ret->zones.n; k++)
            if (ret->zones.v[k].id == waiting.v[i].zone_id)
                ret->waiting[k] = waiting.v[i].waiting;
    return read_alarms(c, ret);
}

static bool is_in_hall(const struct hall_now *h, struct str code)
{
    for (size_t i = 0; i < h->desks.n; i++)
        if (str_eq(h->desks.v[i].code, code))
            return true;
    return false;
}

enum err hall_now_past(struct ctx *c, int64_t at, struct hall_now *ret)
{
    struct fold *f;
    int64_t seq, kept_at, count;
    bool ended;
    TRY(read_hall(c, at, ret));
    TRY(fold_from_kept(c, at, &f, &seq, &kept_at));
    TRY(read_on(c, f, at, INT64_MAX, &seq, &count, &ended));
    for (size_t i = 0; i < ret->desks.n; i++)
        ret->desk_states[i] = fold_desk(f, ret->desks.v[i].code);
    for (size_t i = 0; i < ret->zones.n; i++)
        ret->waiting[i] = fold_waiting(f, ret->zones.v[i].code);
    ret->alarm_count = fold_alarms(f, c->arena, &ret->alarms);
    ret->gone = ARENA_ARRAY(c->arena, struct desk_now, fold_desk_count(f) + 1);
    for (size_t i = 0; i < fold_desk_count(f); i++) {
        struct desk_now d = fold_desk_at(f, i);
        if (d.state != DESK_CLOSED && !is_in_hall(ret, d.code))
            ret->gone[ret->gone_count++] = d;
    }
    return E_OK;
}
