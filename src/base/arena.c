/* Blocks taken from malloc and given out by moving a pointer. The first block holds the arena
 * itself and stays over arena_reset(), so that a request that fits in it costs no malloc at all.
 * Memory is zeroed when it is given out, only as much as was asked for. What does not fit a block
 * gets one of its own, and the block begun goes on being used; a large one that is to be zero comes
 * so from the system, page by page as it is touched. Under AddressSanitizer every
 * allocation has a poisoned strip behind it, and what was reset is poisoned. */
#include "arena.h"

#include "fault.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONED 1
#endif

#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GUARD_BYTES    16
#else
#define POISON(p, n)   ((void)0)
#define UNPOISON(p, n) ((void)0)
#define GUARD_BYTES    0
#endif

#define ALIGNMENT           ((size_t)16)
#define FIRST_BLOCK_BYTES   ((size_t)16 * 1024 - 64) /* with malloc's own head below 16 KiB */
#define LARGEST_BLOCK_BYTES ((size_t)1024 * 1024)
#define LARGE_BYTES         ((size_t)256 * 1024)

struct block {
    struct block *next;
    size_t size; /* usable bytes behind the head */
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *arg);
    void *arg;
};

struct arena {
    char *at, *end; /* free part of the current block */
    size_t used, ceiling;
    size_t next_block_bytes;
    struct block *blocks;      /* those after the first, newest first */
    struct deferred *deferred; /* newest first */
    char *first, *first_end;   /* the block the arena itself lies in */
};

static size_t rounded(size_t n)
{
    return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

struct arena *arena_new(size_t ceiling_bytes)
{
    struct arena *a = malloc(FIRST_BLOCK_BYTES);
    if (a == NULL)
        BUG("out of memory");
    if (ceiling_bytes > SIZE_MAX / 2) /* so that rounding up cannot overflow */
        ceiling_bytes = SIZE_MAX / 2;
    *a = (struct arena){.ceiling = ceiling_bytes, .next_block_bytes = 2 * FIRST_BLOCK_BYTES};
    a->first = (char *)a + rounded(sizeof *a);
    a->first_end = (char *)a + (FIRST_BLOCK_BYTES & ~(ALIGNMENT - 1));
    a->at = a->first;
    a->end = a->first_end;
    POISON(a->at, (size_t)(a->end - a->at));
    return a;
}

static struct block *new_block(struct arena *a, size_t size, bool is_zero)
{
    size_t whole = rounded(sizeof(struct block)) + size;
    struct block *block = is_zero ? calloc(1, whole) : malloc(whole);
    if (block == NULL)
        BUG("out of memory");
    block->size = size;
    block->next = a->blocks;
    a->blocks = block;
    POISON((char *)block + rounded(sizeof *block), size);
    return block;
}

static void *take_slowly(struct arena *a, size_t size)
{
    bool alone = size > a->next_block_bytes / 4;
    struct block *block = new_block(a, alone ? size : a->next_block_bytes, false);
    char *start = (char *)block + rounded(sizeof *block);
    if (alone)
        return start;
    a->at = start + size;
    a->end = start + block->size;
    if (a->next_block_bytes < LARGEST_BLOCK_BYTES)
        a->next_block_bytes *= 2;
    return start;
}

/* Counts what is taken, with the strip behind it. */
static size_t count_taken(struct arena *a, size_t size)
{
    if (size > a->ceiling)
        BUG("arena: %zu bytes asked for, the ceiling is %zu", size, a->ceiling);
    size_t taken = rounded(size + (size == 0)) + GUARD_BYTES;
    if (taken > a->ceiling - a->used)
        BUG("arena: past the ceiling of %zu bytes", a->ceiling);
    a->used += taken;
    return taken;
}

void *arena_bytes(struct arena *a, size_t size)
{
    size_t taken = count_taken(a, size);
    char *p = a->at;
    if (taken <= (size_t)(a->end - p))
        a->at = p + taken;
    else
        p = take_slowly(a, taken);
    UNPOISON(p, size);
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size < LARGE_BYTES)
        return memset(arena_bytes(a, size), 0, size);
    char *p = (char *)new_block(a, count_taken(a, size), true) + rounded(sizeof(struct block));
    UNPOISON(p, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        BUG("arena: %zu times %zu bytes", count, size);
    return arena_alloc(a, bytes);
}

bool arena_extend(struct arena *a, void *p, size_t old_size, size_t new_size)
{
    if (p == NULL || GUARD_BYTES != 0 || new_size < old_size)
        return false;
    char *old_end = (char *)p + rounded(old_size + (old_size == 0));
    if (old_end != a->at || new_size > a->ceiling)
        return false;
    size_t more = rounded(new_size) - (size_t)(old_end - (char *)p);
    if (more > (size_t)(a->end - a->at) || more > a->ceiling - a->used)
        return false;
    a->at += more;
    a->used += more;
    return true;
}

void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred){a->deferred, fn, arg};
    a->deferred = d;
}

static void let_go(struct arena *a)
{
    while (a->deferred != NULL) { /* one by one: a deferred call may defer another */
        struct deferred *d = a->deferred;
        a->deferred = d->next;
        d->fn(d->arg);
    }
    while (a->blocks != NULL) {
        struct block *block = a->blocks;
        a->blocks = block->next;
        UNPOISON((char *)block + rounded(sizeof *block), block->size);
        free(block);
    }
}

void arena_reset(struct arena *a)
{
    let_go(a);
    a->at = a->first;
    a->end = a->first_end;
    a->used = 0;
    a->next_block_bytes = 2 * FIRST_BLOCK_BYTES;
    POISON(a->at, (size_t)(a->end - a->at));
}

void arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    let_go(a);
    UNPOISON(a->first, (size_t)(a->first_end - a->first));
    free(a);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
