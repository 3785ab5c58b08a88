/* Counts who goes first by the policy of the zone, and makes a time of it. */
#include "ahead.h"

#include "before.h"
#include "clock.h"

#define COUNTED_MOST 200 /* the LIMIT of queues_before */

/* Lines as they are read, to be weighed together. */
struct lines_seen {
    struct waiting_line *v;
    size_t n;
};

static void see(struct lines_seen *l, const struct ticket_row *t, int64_t line_id, int64_t people,
                struct str desk_bits)
{
    if (people > 0)
        l->v[l->n++] = (struct waiting_line){.is_own = line_id == t->line_id,
                                             .people = people,
                                             .desks = desk_set_of(desk_bits)};
}

/* Those who wait now are all before a new ticket, unless its class goes before theirs; then the
 * instants must be compared (*ret_is_enough false). */
static enum err see_all(struct ctx *c, const struct ticket_row *t, const struct policy *p,
                        struct lines_seen *l, bool *ret_is_enough)
{
    struct queues_seen_rows rows;
    *ret_is_enough = true;
    TRY(queues_seen(c, c->center_id, t->line_id, &rows));
    l->v = ARENA_ARRAY(c->arena, struct waiting_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct queues_seen_row *q = &rows.v[i];
        if (policy_instant_of(p, (enum ticket_class)t->class, t->queued_at,
                              (enum ticket_class)q->class) < t->queued_at)
            *ret_is_enough = false;
        see(l, t, q->line_id, q->waiting, q->desk_bits);
    }
    return E_OK;
}

static enum err see_by_instant(struct ctx *c, const struct ticket_row *t, struct lines_seen *l,
                               struct ahead *ret)
{
    struct queues_before_rows rows;
    int64_t at[CLASS_COUNT];
    for (int k = 0; k < CLASS_COUNT; k++)
        at[k] = policy_instant_of(&ret->policy, (enum ticket_class)t->class, t->queued_at,
                                  (enum ticket_class)k);
    TRY(queues_before(c, c->center_id, t->line_id, t->id, at[CLASS_GREEN], at[CLASS_DISABLED],
                      at[CLASS_MILITARY], at[CLASS_INFANT], at[CLASS_ELDERLY], at[CLASS_BOOKED],
                      at[CLASS_NORMAL], &rows));
    *l = (struct lines_seen){ARENA_ARRAY(c->arena, struct waiting_line, rows.n + 1), 0};
    for (size_t i = 0; i < rows.n; i++) {
        see(l, t, rows.v[i].line_id, rows.v[i].waiting, rows.v[i].desk_bits);
        ret->is_at_least = ret->is_at_least ||
                           (rows.v[i].waiting >= COUNTED_MOST && rows.v[i].line_id == t->line_id);
    }
    return E_OK;
}

static void weigh(const struct ticket_row *t, const struct line_habits *h,
                  const struct lines_seen *l, struct ahead *ret)
{
    struct before b = people_before(&h->desks, &h->open, l->v, l->n);
    ret->weight = b.weight;
    ret->is_about = b.is_about;
    ret->told = estimate_wait(b.weight, t->line_service_ms,
                              t->line_desks_open > 0 ? b.desks : t->line_desks_open, h->stretch);
}

enum err ahead_of(struct ctx *c, const struct ticket_row *t, struct ahead *ret)
{
    struct line_habits h;
    struct lines_seen l;
    *ret = (struct ahead){0};
    TRY(line_order(c, t->line_id, &ret->policy, &h));
    TRY(see_by_instant(c, t, &l, ret));
    weigh(t, &h, &l, ret);
    return E_OK;
}

enum err ahead_of_new(struct ctx *c, const struct ticket_row *t, struct ahead *ret)
{
    struct line_habits h;
    struct lines_seen l = {NULL, 0};
    bool is_enough;
    *ret = (struct ahead){0};
    TRY(line_order(c, t->line_id, &ret->policy, &h));
    TRY(see_all(c, t, &ret->policy, &l, &is_enough));
    if (!is_enough)
        TRY(see_by_instant(c, t, &l, ret));
    weigh(t, &h, &l, ret);
    return E_OK;
}

enum err ahead_learn(struct ctx *c, const struct ticket_row *t)
{
    struct policy p;
    struct line_habits h;
    bool has_moved = t->queued_at != t->issued_at; /* came back, or is booked */
    if (t->ahead == 0 || t->told_most_ms == 0 || has_moved)
        return E_OK;
    TRY(line_order(c, t->line_id, &p, &h));
    struct stretch s =
        stretch_after(h.stretch, t->ahead, (struct estimate){t->told_half_ms, t->told_most_ms},
                      t->wait_ms);
    return line_stretch_put(c, c->center_id, t->line_id, s.half, s.most);
}
