/* Quantiles of a gamma distribution by its number of services, and the factors that follow what happens. */
#include "estimate.h"

#define LEAST    250 /* bounds of a factor, thousandths */
#define GREATEST 8000

/* In thousandths of one service: half the quantiles 0.5 and 0.9 of chi-square with 2k degrees of freedom. */
static const struct {
    int64_t services, half, most;
} gamma_table[] = {{1, 693, 2303},     {2, 1678, 3890},    {3, 2674, 5322},
                   {4, 3672, 6681},    {6, 5670, 9275},    {10, 9669, 14206},
                   {20, 19668, 25903}, {50, 49667, 59249}, {100, 99667, 113013}};
#define ROWS (sizeof gamma_table / sizeof *gamma_table)

/* Between two rows, and beyond the last by the slope of the last two, in a straight line. */
static int64_t along(int64_t at, int64_t from, int64_t to, int64_t low, int64_t high)
{
    return low + (high - low) * (at - 100 * from) / (100 * (to - from));
}

struct estimate estimate_wait(int64_t ahead, int64_t service_ms, int64_t desks, struct stretch s)
{
    int64_t services = ahead + 100, each_ms = service_ms / (desks < 1 ? 1 : desks);
    size_t i = 0;
    while (i + 2 < ROWS && 100 * gamma_table[i + 1].services <= services)
        i++;
    int64_t from = gamma_table[i].services, to = gamma_table[i + 1].services;
    if (ahead == 0)
        s = (struct stretch){1000, 1000};
    struct estimate e = {along(services, from, to, gamma_table[i].half, gamma_table[i + 1].half) *
                             each_ms / 1000 * s.half / 1000,
                         along(services, from, to, gamma_table[i].most, gamma_table[i + 1].most) *
                             each_ms / 1000 * s.most / 1000};
    if (e.most_ms < e.half_ms)
        e.most_ms = e.half_ms;
    return e;
}

static int64_t within(int64_t v)
{
    return v < LEAST ? LEAST : v > GREATEST ? GREATEST : v;
}

struct stretch stretch_after(struct stretch s, int64_t ahead, struct estimate told, int64_t wait_ms)
{
    if (ahead == 0 || told.most_ms == 0)
        return s;
    s.half += wait_ms > told.half_ms ? s.half / 50 : -(s.half / 50);
    s.most += wait_ms > told.most_ms ? s.most * 9 / 100 : -(s.most / 100);
    return (struct stretch){within(s.half), within(s.most)};
}
