/* Latency histogram in the manner of HdrHistogram: buckets that double, 64 parts each, so every
 * value is kept to 1.6 % and a percentile of a million samples costs nothing. Microseconds. */
#ifndef HIST_H
#define HIST_H

#include <stdint.h>

enum { HIST_SIZE = 64 * 40 };
struct hist {
    uint64_t count[HIST_SIZE];
    uint64_t n, max_us, sum_us;
};

static inline void hist_add(struct hist *h, uint64_t us)
{
    unsigned shift = us < 128 ? 0 : 57U - (unsigned)__builtin_clzll(us);
    uint64_t at = (uint64_t)shift * 64 + (us >> shift);
    h->count[at < HIST_SIZE ? at : HIST_SIZE - 1]++;
    h->n++;
    h->sum_us += us;
    if (us > h->max_us) h->max_us = us;
}

/* The value that `part` (0.99) of the samples do not exceed: the upper edge of its bucket. */
static inline uint64_t hist_at(const struct hist *h, double part)
{
    uint64_t want = (uint64_t)((double)h->n * part + 0.999999), seen = 0;
    for (uint64_t i = 0; i < HIST_SIZE; i++) {
        seen += h->count[i];
        if (seen < want || seen == 0) continue;
        uint64_t shift = i < 128 ? 0 : i / 64 - 1;
        uint64_t edge = i < 128 ? i : ((i - shift * 64 + 1) << shift) - 1;
        return edge < h->max_us ? edge : h->max_us;
    }
    return h->max_us;
}

#endif
