/* One 64-bit word holds the newest id's time and sequence, moved on by compare-and-swap: no lock,
 * and time and sequence can never be seen apart. Sequence overflow carries into the time by itself. */
#include "ids.h"

#include "fault.h"

#include <stdatomic.h>
#include <stdlib.h>

#define IDS_EPOCH_MS  INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */
#define SEQUENCE_BITS 12
#define NODE_BITS     10
#define TIME_BITS     41

struct ids {
    _Atomic uint64_t newest; /* time << 12 | sequence */
    uint64_t node;
};

struct ids *ids_new(unsigned node)
{
    BUG_IF(node >= 1u << NODE_BITS);
    struct ids *ids = calloc(1, sizeof *ids);
    if (ids == NULL)
        BUG("out of memory");
    ids->node = node;
    return ids;
}

void ids_free(struct ids *ids)
{
    free(ids);
}

int64_t ids_next(struct ids *ids, int64_t now)
{
    uint64_t earliest = now > IDS_EPOCH_MS ? (uint64_t)(now - IDS_EPOCH_MS) << SEQUENCE_BITS : 0;
    uint64_t newest = atomic_load_explicit(&ids->newest, memory_order_relaxed), next;
    do {
        next = newest + 1 > earliest ? newest + 1 : earliest;
    } while (!atomic_compare_exchange_weak_explicit(&ids->newest, &newest, next,
                                                    memory_order_relaxed, memory_order_relaxed));
    if (next >> (TIME_BITS + SEQUENCE_BITS) != 0)
        BUG("ids: the time %lld is past the year 2089", (long long)now);
    uint64_t sequence = next & ((UINT64_C(1) << SEQUENCE_BITS) - 1);
    return (int64_t)(next >> SEQUENCE_BITS << (NODE_BITS + SEQUENCE_BITS) |
                     ids->node << SEQUENCE_BITS | sequence);
}
