/* Walking the days of a term, one by one. */
#include "due.h"

static enum due_found kind_of(const struct day_kinds *d, int32_t on, enum due_day *ret)
{
    int at = date_diff(d->from_on, on);
    if (at < 0 || at >= d->n)
        return DUE_TOO_FEW_DAYS;
    *ret = (enum due_day)d->kinds[at];
    return *ret == DAY_UNKNOWN ? DUE_UNKNOWN : DUE_FOUND;
}

/* The stop that covers the end of the day; stop_count when none does. */
static size_t stop_on(const struct due_term *t, int32_t on)
{
    size_t i = 0;
    while (i < t->stop_count && (on < t->stops[i].from_on || on >= t->stops[i].to_on))
        i++;
    return i;
}

enum due_found due_of(const struct due_term *t, const struct day_kinds *days, due_note *note,
                      void *arg, struct due_sum *ret)
{
    struct due_sum sum = {.due_on = t->from_on};
    int whole = t->days + t->extended;
    enum due_day kind;
    enum due_found found = kind_of(days, t->from_on, &kind);
    for (int counted = 0; found == DUE_FOUND && counted < whole;) {
        sum.due_on = date_add(sum.due_on, 1);
        found = kind_of(days, sum.due_on, &kind);
        size_t stop = stop_on(t, sum.due_on);
        bool would_count = t->unit == TERM_NATURAL || kind == DAY_WORKED;
        if (would_count && stop < t->stop_count) {
            sum.stopped++;
            sum.stopped_by[stop]++;
        }
        if (would_count && stop == t->stop_count)
            counted++;
        else if (note != NULL && found == DUE_FOUND)
            note(arg, sum.due_on);
    }
    while (found == DUE_FOUND && t->unit == TERM_NATURAL && whole > 0 && kind != DAY_WORKED) {
        if (note != NULL)
            note(arg, sum.due_on);
        sum.due_on = date_add(sum.due_on, 1);
        found = kind_of(days, sum.due_on, &kind);
    }
    *ret = sum;
    return found;
}

enum due_found due_stop_end(int32_t from_on, int days, enum term_unit unit,
                            const struct day_kinds *kinds, int32_t *ret_to_on)
{
    enum due_found found = DUE_FOUND;
    int32_t on = from_on;
    for (int stopped = 0; found == DUE_FOUND && stopped < days; on = date_add(on, 1)) {
        enum due_day kind = DAY_OFF;
        found = kind_of(kinds, on, &kind);
        stopped += unit == TERM_NATURAL || kind == DAY_WORKED ? 1 : 0;
    }
    *ret_to_on = on;
    return found;
}
