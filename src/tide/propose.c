/* The proposals. A proposal is tried on a copy of the windows before the next is looked for, so that two of them
 * never mean the same need. */
#include "tide.h"

#include <string.h>

struct tide {
    const struct tide_line *lines;
    size_t line_count;
    struct tide_desk *desks;
    size_t desk_count;
    int64_t now;
    const struct tide_rules *rules;
};

static bool serves(const struct tide_desk *d, int64_t line_id)
{
    for (size_t i = 0; i < d->line_count; i++)
        if (d->lines[i] == line_id)
            return true;
    return false;
}

static int64_t open_desks(const struct tide *t, int64_t line_id)
{
    int64_t n = 0;
    for (size_t i = 0; i < t->desk_count; i++)
        n += t->desks[i].is_open && serves(&t->desks[i], line_id);
    return n;
}

static int64_t load_with(const struct tide_line *l, int64_t desks)
{
    if (l->waiting == 0)
        return 0;
    return desks > 0 ? l->waiting * l->service_ms / desks : INT64_MAX / 4;
}

static bool is_rested(const struct tide *t, const struct tide_desk *d)
{
    return t->now - d->since >= t->rules->rest_ms;
}

/* The greatest load that would remain in its lines without this window; -1 when it cannot be spared. */
static int64_t load_without(const struct tide *t, const struct tide_desk *d)
{
    int64_t worst = 0;
    if (!d->is_open || d->is_busy || !is_rested(t, d))
        return -1;
    for (size_t i = 0; i < t->line_count; i++) {
        const struct tide_line *l = &t->lines[i];
        if (!serves(d, l->id) || (l->is_own && l->waiting == 0))
            continue;
        int64_t left = open_desks(t, l->id) - 1;
        int64_t load = load_with(l, left);
        if (left < 1 || load >= t->rules->low_ms)
            return -1;
        worst = load > worst ? load : worst;
    }
    return worst;
}

/* The window that can be spared with the least load left; -1 none. */
static int spare_desk(const struct tide *t, int64_t *ret_load)
{
    int best = -1;
    for (size_t i = 0; i < t->desk_count; i++) {
        int64_t load = load_without(t, &t->desks[i]);
        if (load < 0 || (best >= 0 && load >= *ret_load))
            continue;
        best = (int)i;
        *ret_load = load;
    }
    return best;
}

static int64_t people_of(const struct tide *t, const struct tide_desk *d)
{
    int64_t n = 0;
    for (size_t i = 0; i < t->line_count; i++)
        n += serves(d, t->lines[i].id) ? t->lines[i].waiting : 0;
    return n;
}

/* The line with the greatest load above the bound that a closed window could serve, and that window: the one
 * whose lines have most people waiting. */
static int wanted_desk(const struct tide *t, int64_t *ret_load)
{
    int best = -1;
    *ret_load = t->rules->high_ms;
    for (size_t i = 0; i < t->line_count; i++) {
        int64_t load = load_with(&t->lines[i], open_desks(t, t->lines[i].id)), most = -1;
        if (load <= *ret_load)
            continue;
        for (size_t k = 0; k < t->desk_count; k++) {
            const struct tide_desk *d = &t->desks[k];
            if (d->is_open || d->is_away || !is_rested(t, d) || !serves(d, t->lines[i].id) ||
                people_of(t, d) <= most)
                continue;
            most = people_of(t, d);
            best = (int)k;
            *ret_load = load;
        }
    }
    return best;
}

static bool next_move(struct tide *t, bool has_some, struct tide_move *m)
{
    int64_t load = 0, left = 0;
    int to = wanted_desk(t, &load), from = spare_desk(t, &left);
    if (to >= 0) {
        *m = (struct tide_move){from >= 0 ? TIDE_SWITCH : TIDE_OPEN, from, to, load,
                                people_of(t, &t->desks[to])};
        t->desks[to].is_open = true;
        t->desks[to].since = t->now;
    } else if (from >= 0 && !has_some) {
        *m = (struct tide_move){TIDE_CLOSE, from, -1, left, people_of(t, &t->desks[from])};
    } else {
        return false;
    }
    if (from >= 0) {
        t->desks[from].is_open = false;
        t->desks[from].since = t->now;
    }
    return true;
}

size_t tide_propose(struct arena *a, const struct tide_line *lines, size_t line_count,
                    const struct tide_desk *desks, size_t desk_count, int64_t now,
                    const struct tide_rules *rules, struct tide_move ret[TIDE_MOST])
{
    struct tide t = {lines, line_count, NULL, desk_count, now, rules};
    size_t n = 0;
    t.desks = ARENA_ARRAY(a, struct tide_desk, desk_count + 1);
    if (desk_count > 0)
        memcpy(t.desks, desks, desk_count * sizeof *desks);
    while (n < TIDE_MOST && next_move(&t, n > 0, &ret[n]))
        if (ret[n++].kind == TIDE_CLOSE)
            break;
    return n;
}
