/* How often somebody may ask: token buckets in a table of fixed size, so that an attacker with many
 * addresses costs no memory. A set of eight buckets shares a place; a newcomer takes the one that
 * is fullest, that is, whose owner has asked least. A fresh bucket is full, so being thrown out
 * only ever helps the asker. */
#include "server.h"

#include "clock.h"

#include <string.h>

#define SETS  4096
#define WAYS  8
#define LOCKS 64

struct bucket {
    uint64_t owner; /* keyed hash of kind and who; 0 free */
    int64_t level;  /* thousandths of a request that are left */
    int64_t at;     /* clock_steady() of the level */
};

struct limits {
    uint64_t seed[2];
    pthread_mutex_t locks[LOCKS];
    struct bucket sets[SETS][WAYS];
};

struct limits *limits_new(struct arena *a)
{
    struct limits *l = ARENA_NEW(a, struct limits);
    random_bytes(l->seed, sizeof l->seed);
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&l->locks[i], NULL);
    return l;
}

/* Keyed, so that nobody can aim at somebody else's place; collisions only share a limit. */
static uint64_t hash(const struct limits *l, char kind, struct str who)
{
    uint64_t h = l->seed[0] ^ (uint64_t)(unsigned char)kind;
    for (size_t i = 0; i < who.n; i++) {
        h = (h ^ (unsigned char)who.p[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    h = (h ^ l->seed[1]) * UINT64_C(0xbf58476d1ce4e5b9);
    h ^= h >> 32;
    return h != 0 ? h : 1;
}

static struct bucket *bucket_of(struct bucket set[WAYS], uint64_t owner, int64_t full, int64_t now)
{
    struct bucket *best = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].owner == owner)
            return &set[i];
        if (set[i].owner == 0 || (best->owner != 0 && set[i].level > best->level))
            best = &set[i];
    }
    *best = (struct bucket){owner, full, now};
    return best;
}

bool limits_take(struct limits *l, char kind, struct str who, int64_t per_second_milli,
                 int64_t burst, int64_t now, int *ret_seconds)
{
    uint64_t owner = hash(l, kind, who);
    size_t place = owner % SETS;
    int64_t full = burst * 1000;
    pthread_mutex_t *lock = &l->locks[place % LOCKS];
    pthread_mutex_lock(lock);
    struct bucket *b = bucket_of(l->sets[place], owner, full, now);
    int64_t passed = now > b->at ? now - b->at : 0;
    if (passed > DAY_MS)
        passed = DAY_MS;
    int64_t gained = passed * per_second_milli / 1000;
    if (gained > 0) {
        b->level = b->level + gained < full ? b->level + gained : full;
        b->at = now;
    }
    bool is_there = b->level >= 1000;
    if (is_there)
        b->level -= 1000;
    int64_t missing = 1000 - b->level;
    pthread_mutex_unlock(lock);
    if (!is_there)
        *ret_seconds = (int)(missing / (per_second_milli > 0 ? per_second_milli : 1)) + 1;
    return is_there;
}

enum err limit_take(struct ctx *c, const char *what, struct str key, int per_minute)
{
    struct trip *t = trip_of(c);
    if (t == NULL || (t->web->options.no_limits && t->link->is_loopback))
        return E_OK;
    if (key.p == NULL)
        key = t->q.address;
    struct str who = str_fmt(c->arena, "%s %lld %.*s", what, (long long)c->center_id, STR_ARG(key));
    if (limits_take(t->web->limits, 't', who, per_minute * 1000 / 60, per_minute, clock_steady(),
                    &t->retry_seconds))
        return E_OK;
    return fail(c, E_TOO_OFTEN, "%s", what);
}
