/* See before.h. */
#include "before.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* What other lines bring to each of the desks `at`, in hundredths of a person; returns how many desks. */
static size_t loads_of(const struct desk_set *at, const struct desk_set *open, bool is_any_open,
                       const struct waiting_line *v, size_t n, int64_t *ret)
{
    size_t count = 0;
    for (size_t d = 0; d < DESKS_MAX; d++) {
        if (!desk_set_has(at, d))
            continue;
        ret[count] = 0;
        for (size_t i = 0; i < n; i++) {
            if (v[i].is_own || !desk_set_has(&v[i].desks, d))
                continue;
            struct desk_set theirs = is_any_open ? desk_set_both(&v[i].desks, open) : v[i].desks;
            ret[count] += v[i].people * 100 / desk_set_count(&theirs);
        }
        count++;
    }
    return count;
}

/* Fills `own` hundredths of people over the least loaded desks until all stand equal; returns how many of
 * the sorted loads take part, and the level they come to. */
static size_t fill(const int64_t *load, size_t n, int64_t own, int64_t *ret_level)
{
    int64_t sum = own;
    for (size_t k = 1; k <= n; k++) {
        sum += load[k - 1];
        *ret_level = sum / (int64_t)k;
        if (k == n || *ret_level <= load[k])
            return k;
    }
    *ret_level = 0;
    return 0;
}

struct before people_before(const struct desk_set *mine, const struct desk_set *open,
                            const struct waiting_line *v, size_t n)
{
    int64_t load[DESKS_MAX], own = 0, level, with_it;
    struct desk_set at = desk_set_both(mine, open);
    bool is_any_open = desk_set_count(&at) > 0;
    size_t desks = loads_of(is_any_open ? &at : mine, open, is_any_open, v, n, load);
    qsort(load, desks, sizeof *load, by_size);
    for (size_t i = 0; i < n; i++)
        own += v[i].is_own ? v[i].people * 100 : 0;
    fill(load, desks, own, &level);
    struct before b = {.weight = own, .desks = (int64_t)fill(load, desks, own + 100, &with_it)};
    for (int64_t i = 0; i < b.desks; i++) {
        b.weight += load[i] < level ? load[i] : level;
        b.is_about = b.is_about || (load[i] > 0 && level > 0);
    }
    return b;
}
