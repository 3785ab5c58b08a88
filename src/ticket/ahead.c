/* Counts who goes first by the policy of the zone, and makes a time of it. */
#include "ahead.h"

#include "clock.h"

#define COUNTED_MOST 200 /* the LIMIT of queues_before */

static void ahead_add(struct ahead *a, const struct ticket_row *t, int64_t line_id, int64_t people,
                      int64_t share)
{
    a->weight += people * share;
    a->is_about = a->is_about || (people > 0 && line_id != t->line_id);
}

/* Those who wait now are all before a new ticket, unless its class goes before theirs; then the
 * instants must be compared (*ret_is_enough false). */
static enum err count_all(struct ctx *c, const struct ticket_row *t, struct ahead *ret,
                          bool *ret_is_enough)
{
    struct queues_seen_rows rows;
    *ret_is_enough = true;
    TRY(queues_seen(c, c->center_id, t->line_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct queues_seen_row *q = &rows.v[i];
        if (policy_instant_of(&ret->policy, (enum ticket_class)t->class, t->queued_at,
                              (enum ticket_class)q->class) < t->queued_at)
            *ret_is_enough = false;
        ahead_add(ret, t, q->line_id, q->waiting, q->share);
    }
    return E_OK;
}

static enum err count_by_instant(struct ctx *c, const struct ticket_row *t, struct ahead *ret)
{
    struct queues_before_rows rows;
    int64_t at[CLASS_COUNT];
    for (int k = 0; k < CLASS_COUNT; k++)
        at[k] = policy_instant_of(&ret->policy, (enum ticket_class)t->class, t->queued_at,
                                  (enum ticket_class)k);
    TRY(queues_before(c, c->center_id, t->line_id, t->id, at[CLASS_GREEN], at[CLASS_DISABLED],
                      at[CLASS_MILITARY], at[CLASS_INFANT], at[CLASS_ELDERLY], at[CLASS_BOOKED],
                      at[CLASS_NORMAL], &rows));
    for (size_t i = 0; i < rows.n; i++) {
        ahead_add(ret, t, rows.v[i].line_id, rows.v[i].waiting, rows.v[i].share);
        ret->is_at_least = ret->is_at_least || rows.v[i].waiting >= COUNTED_MOST;
    }
    return E_OK;
}

static void tell(const struct ticket_row *t, struct stretch s, struct ahead *ret)
{
    ret->told = estimate_wait(ret->weight, t->line_service_ms, t->line_desks_open, s);
}

enum err ahead_of(struct ctx *c, const struct ticket_row *t, struct ahead *ret)
{
    struct stretch s;
    *ret = (struct ahead){0};
    TRY(line_order(c, t->line_id, &ret->policy, &s));
    TRY(count_by_instant(c, t, ret));
    tell(t, s, ret);
    return E_OK;
}

enum err ahead_of_new(struct ctx *c, const struct ticket_row *t, struct ahead *ret)
{
    struct stretch s;
    bool is_enough;
    *ret = (struct ahead){0};
    TRY(line_order(c, t->line_id, &ret->policy, &s));
    TRY(count_all(c, t, ret, &is_enough));
    if (!is_enough) {
        ret->weight = 0;
        ret->is_about = false;
        TRY(count_by_instant(c, t, ret));
    }
    tell(t, s, ret);
    return E_OK;
}

enum err ahead_learn(struct ctx *c, const struct ticket_row *t)
{
    struct policy p;
    struct stretch s;
    bool has_moved = t->queued_at != t->issued_at; /* came back, or is booked */
    if (t->ahead == 0 || t->told_most_ms == 0 || has_moved)
        return E_OK;
    TRY(line_order(c, t->line_id, &p, &s));
    s = stretch_after(s, t->ahead, (struct estimate){t->told_half_ms, t->told_most_ms}, t->wait_ms);
    return line_stretch_put(c, c->center_id, t->line_id, s.half, s.most);
}
