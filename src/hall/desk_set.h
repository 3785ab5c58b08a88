/* Sets of desks as bits, in the order of their numbers when lines were computed (desk.bit). */
#ifndef DESK_SET_H
#define DESK_SET_H

#include "str.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DESKS_MAX      1024
#define DESK_SET_WORDS (DESKS_MAX / 64)

struct desk_set {
    uint64_t w[DESK_SET_WORDS];
};

static inline void desk_set_add(struct desk_set *s, size_t i)
{
    s->w[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline bool desk_set_has(const struct desk_set *s, size_t i)
{
    return (s->w[i / 64] >> (i % 64) & 1) != 0;
}

static inline void desk_set_join(struct desk_set *s, const struct desk_set *other)
{
    for (size_t i = 0; i < DESK_SET_WORDS; i++)
        s->w[i] |= other->w[i];
}

static inline struct desk_set desk_set_both(const struct desk_set *a, const struct desk_set *b)
{
    struct desk_set s;
    for (size_t i = 0; i < DESK_SET_WORDS; i++)
        s.w[i] = a->w[i] & b->w[i];
    return s;
}

static inline struct desk_set desk_set_without(const struct desk_set *a, const struct desk_set *b)
{
    struct desk_set s;
    for (size_t i = 0; i < DESK_SET_WORDS; i++)
        s.w[i] = a->w[i] & ~b->w[i];
    return s;
}

static inline int desk_set_count(const struct desk_set *s)
{
    int n = 0;
    for (size_t i = 0; i < DESK_SET_WORDS; i++)
        n += __builtin_popcountll(s->w[i]);
    return n;
}

static inline bool desk_set_eq(const struct desk_set *a, const struct desk_set *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* As kept in the database: the words up to the last one that is not 0, as this machine writes them. */
static inline struct str desk_set_bytes(const struct desk_set *s)
{
    size_t n = DESK_SET_WORDS;
    while (n > 1 && s->w[n - 1] == 0)
        n--;
    return (struct str){(const char *)s->w, n * sizeof *s->w};
}

/* Absent bytes are the empty set. */
static inline struct desk_set desk_set_of(struct str bytes)
{
    struct desk_set s = {{0}};
    if (bytes.p != NULL && bytes.n <= sizeof s)
        memcpy(&s, bytes.p, bytes.n);
    return s;
}

#endif
