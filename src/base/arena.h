/* Memory of one unit of work (a request, a job run, a test). Everything is let go together, and
 * so is what arena_defer() registered, in reverse order. Running out of real memory, or past the
 * arena's ceiling, ends the process: sizes from outside are bounded before they get here. */
#ifndef ARENA_H
#define ARENA_H

#include "str.h"

struct arena;

struct arena *arena_new(size_t ceiling_bytes);
void arena_reset(
    struct arena *a); /* runs the deferred calls, keeps the first block for the next work */
void arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t size)
    __attribute__((malloc, alloc_size(2)));                    /* zeroed, 16-aligned */
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow checked */
/* The same, not zeroed: for bytes that are written at once (copies, buffers). */
void *arena_bytes(struct arena *a, size_t size) __attribute__((malloc, alloc_size(2)));
/* Lengthens the newest allocation where it lies, when the block has the room; else false. */
bool arena_extend(struct arena *a, void *p, size_t old_size, size_t new_size);
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);
size_t arena_used(const struct arena *a); /* bytes given out since the last reset, rounded up */

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

#endif
