/* A growing text with a ceiling from birth. What would pass the ceiling is not written, nor
 * anything after it, and buf_overflowed() says so; the writer checks once, at the end. The bytes
 * live in an arena. Pages are made of thousands of small puts, so the usual case, "there is room",
 * is inline. */
#ifndef BUF_H
#define BUF_H

#include "arena.h"

#include <string.h>

struct buf {
    char *p;
    size_t n, room, ceiling;
    struct arena *arena;
    bool overflowed;
};

void buf_init(struct buf *b, struct arena *a, size_t ceiling_bytes);
void buf_put_slowly(struct buf *b, const char *p, size_t n); /* the rest of buf_put() */
static inline void buf_put(struct buf *b, const char *p, size_t n)
{
    if (n - 1 < b->room - b->n) { /* n == 0 goes the slow way: p may be NULL then */
        memcpy(b->p + b->n, p, n);
        b->n += n;
    } else {
        buf_put_slowly(b, p, n);
    }
}
static inline void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}
static inline void buf_char(struct buf *b, char ch)
{
    buf_put(b, &ch, 1);
}
void buf_int(struct buf *b, int64_t value);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define buf_lit(b, lit) buf_put((b), "" lit, sizeof(lit) - 1)
struct str buf_as_str(const struct buf *b); /* never STR_NONE; good until the next put */
bool buf_overflowed(const struct buf *b);

#endif
