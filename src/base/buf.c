/* The slow half of struct buf: growth by doubling, in place when the text is the newest thing in
 * its arena (the usual case while a page is printed), and the end at the ceiling. After an overflow
 * the room is said to be what is written, so the inline half comes here and is turned away. */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_ROOM_BYTES ((size_t)512)

void buf_init(struct buf *b, struct arena *a, size_t ceiling_bytes)
{
    *b = (struct buf){.ceiling = ceiling_bytes, .arena = a};
}

static bool make_room(struct buf *b, size_t n)
{
    if (b->overflowed)
        return false;
    if (n > b->ceiling - b->n) {
        b->overflowed = true;
        b->room = b->n;
        return false;
    }
    size_t wanted = b->n + n;
    size_t room = b->room < FIRST_ROOM_BYTES / 2 ? FIRST_ROOM_BYTES : b->room;
    while (room < wanted)
        room = room > SIZE_MAX / 2 ? wanted : room * 2;
    if (b->room > 0 && room < 2 * b->room)
        room = 2 * b->room;
    if (room > b->ceiling)
        room = b->ceiling;
    if (!arena_extend(b->arena, b->p, b->room, room)) {
        char *p = arena_bytes(b->arena, room);
        if (b->n > 0)
            memcpy(p, b->p, b->n);
        b->p = p;
    }
    b->room = room;
    return true;
}

void buf_put_slowly(struct buf *b, const char *p, size_t n)
{
    if (n == 0)
        return;
    if (n > b->room - b->n && !make_room(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";

void buf_int(struct buf *b, int64_t value)
{
    char text[20];
    char *at = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    while (rest >= 100) {
        at -= 2;
        memcpy(at, digit_pairs + 2 * (rest % 100), 2);
        rest /= 100;
    }
    if (rest >= 10) {
        at -= 2;
        memcpy(at, digit_pairs + 2 * rest, 2);
    } else {
        *--at = (char)('0' + rest);
    }
    if (value < 0)
        *--at = '-';
    buf_put(b, at, (size_t)(text + sizeof text - at));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    char first[256];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(first, sizeof first, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof first) {
        buf_put(b, first, (size_t)n);
    } else if (n >= 0 && (size_t)n < b->room - b->n) { /* vsnprintf writes a NUL behind */
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    } else if (n >= 0 && ((size_t)n <= b->ceiling - b->n || make_room(b, (size_t)n))) {
        char *text = arena_bytes(b->arena, (size_t)n + 1);
        vsnprintf(text, (size_t)n + 1, fmt, again);
        buf_put(b, text, (size_t)n);
    }
    va_end(again);
}

struct str buf_as_str(const struct buf *b)
{
    return (struct str){b->p == NULL ? "" : b->p, b->n};
}

bool buf_overflowed(const struct buf *b)
{
    return b->overflowed;
}
