/* Sealing and opening, a chunk at a time. A writer holds a full chunk back until it knows whether more
 * follows, because the last one is marked; a reader knows from the size how many there must be. */
#include "file.h"
#include "file_place.h"

#include <string.h>

#include "crypt.h"

#define MAGIC        "OWFILE1\n"
#define MAGIC_BYTES  8
#define SALT_BYTES   32
#define HEAD_BYTES   (MAGIC_BYTES + SALT_BYTES)
#define BIND_BYTES   16
#define END_BYTES    (8 + BIND_BYTES)
#define SEALED_BYTES (FILE_CHUNK_BYTES + SM4_TAG_BYTES)

struct file_writer {
    struct place_part *part;
    struct sm3 *sum;
    uint8_t key[16];
    uint64_t chunk; /* number of the next */
    int64_t size;
    size_t held; /* bytes in plain */
    uint8_t plain[FILE_CHUNK_BYTES], sealed[SEALED_BYTES];
};
struct file_reader {
    struct place_file *file;
    uint8_t key[16];
    int64_t size, done;
    uint64_t chunk;
    bool is_over;
    uint8_t plain[FILE_CHUNK_BYTES], sealed[SEALED_BYTES];
};

static void put_number(uint8_t to[8], uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        to[i] = (uint8_t)v;
}

static uint64_t get_number(const uint8_t from[8])
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | from[i];
    return v;
}

static void center_key(struct ctx *c, const char *purpose, uint8_t out[SM3_BYTES])
{
    struct str name = str_fmt(c->arena, "%s %lld", purpose, (long long)c->center_id);
    BUG_IF(c->keys == NULL);
    keys_derive(c->keys, str_z(c->arena, name), out, SM3_BYTES);
}

static void file_key(struct ctx *c, const uint8_t salt[SALT_BYTES], uint8_t out[16])
{
    uint8_t ours[SM3_BYTES], whole[SM3_BYTES];
    center_key(c, "file", ours);
    sm3_keyed((struct str){(const char *)ours, sizeof ours},
              (struct str){(const char *)salt, SALT_BYTES}, whole);
    memcpy(out, whole, 16);
    explicit_bzero(ours, sizeof ours);
    explicit_bzero(whole, sizeof whole);
}

static struct str name_of(struct ctx *c, const uint8_t digest[SM3_BYTES])
{
    uint8_t ours[SM3_BYTES], name[SM3_BYTES];
    center_key(c, "file name", ours);
    sm3_keyed((struct str){(const char *)ours, sizeof ours},
              (struct str){(const char *)digest, SM3_BYTES}, name);
    explicit_bzero(ours, sizeof ours);
    return hex(c->arena, name, sizeof name);
}

/* The end of a file: its size, and that this size belongs under this name. */
static void bind_end(struct ctx *c, const uint8_t key[16], struct str name, int64_t size,
                     uint8_t out[END_BYTES])
{
    uint8_t sum[SM3_BYTES];
    struct str what = str_fmt(c->arena, "%.*s %lld", STR_ARG(name), (long long)size);
    put_number(out, (uint64_t)size);
    sm3_keyed((struct str){(const char *)key, 16}, what, sum);
    memcpy(out + 8, sum, BIND_BYTES);
}

static void nonce_of(uint64_t chunk, bool is_last, uint8_t out[SM4_NONCE_BYTES])
{
    memset(out, 0, SM4_NONCE_BYTES);
    put_number(out, chunk);
    out[SM4_NONCE_BYTES - 1] = is_last ? 1 : 0;
}

/* --- writing ------------------------------------------------------------------------------------- */

enum err file_begin(struct ctx *c, struct file_writer **ret)
{
    struct file_writer *w = arena_bytes(c->arena, sizeof *w);
    uint8_t head[HEAD_BYTES];
    memcpy(head, MAGIC, MAGIC_BYTES);
    random_bytes(head + MAGIC_BYTES, SALT_BYTES);
    file_key(c, head + MAGIC_BYTES, w->key);
    w->chunk = 0;
    w->size = 0;
    w->held = 0;
    w->sum = sm3_start(c->arena);
    TRY(place_begin(c, &w->part));
    TRY(place_add(c, w->part, head, sizeof head));
    *ret = w;
    return E_OK;
}

static enum err seal(struct ctx *c, struct file_writer *w, const void *plain, size_t n,
                     bool is_last)
{
    uint8_t nonce[SM4_NONCE_BYTES];
    nonce_of(w->chunk++, is_last, nonce);
    sm4_seal_part(w->key, nonce, plain, n, w->sealed);
    return place_add(c, w->part, w->sealed, n + SM4_TAG_BYTES);
}

enum err file_add(struct ctx *c, struct file_writer *w, struct str bytes)
{
    if (bytes.n == 0)
        return E_OK;
    sm3_add(w->sum, bytes.p, bytes.n);
    w->size += (int64_t)bytes.n;
    while (bytes.n > 0) {
        if (w->held == FILE_CHUNK_BYTES) {
            TRY(seal(c, w, w->plain, FILE_CHUNK_BYTES, false));
            w->held = 0;
        }
        if (w->held == 0 && bytes.n > FILE_CHUNK_BYTES) { /* more follows: straight from there */
            TRY(seal(c, w, bytes.p, FILE_CHUNK_BYTES, false));
            bytes = (struct str){bytes.p + FILE_CHUNK_BYTES, bytes.n - FILE_CHUNK_BYTES};
            continue;
        }
        size_t room = FILE_CHUNK_BYTES - w->held, n = bytes.n < room ? bytes.n : room;
        memcpy(w->plain + w->held, bytes.p, n);
        w->held += n;
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
    return E_OK;
}

enum err file_end(struct ctx *c, struct file_writer *w, struct file_kept *ret)
{
    uint8_t digest[SM3_BYTES], end[END_BYTES];
    TRY(seal(c, w, w->plain, w->held, true));
    sm3_end(w->sum, digest);
    struct file_kept kept = {.name = name_of(c, digest),
                             .digest = hex(c->arena, digest, sizeof digest),
                             .size = w->size};
    bind_end(c, w->key, kept.name, kept.size, end);
    TRY(place_add(c, w->part, end, sizeof end));
    TRY(place_end(c, w->part, kept.name));
    explicit_bzero(w->key, sizeof w->key);
    explicit_bzero(w->plain, w->held);
    *ret = kept;
    return E_OK;
}

enum err file_write(struct ctx *c, struct str bytes, struct file_kept *ret)
{
    struct file_writer *w;
    TRY(file_begin(c, &w));
    TRY(file_add(c, w, bytes));
    return file_end(c, w, ret);
}

/* --- reading ------------------------------------------------------------------------------------- */

static int64_t sealed_size(int64_t size)
{
    int64_t chunks = size == 0 ? 1 : (size + FILE_CHUNK_BYTES - 1) / FILE_CHUNK_BYTES;
    return HEAD_BYTES + size + chunks * SM4_TAG_BYTES + END_BYTES;
}

static enum err open_end(struct ctx *c, struct file_reader *r, struct str name, int64_t whole)
{
    uint8_t head[HEAD_BYTES], end[END_BYTES], expected[END_BYTES];
    if (whole < sealed_size(0))
        return fail(c, E_FILE_CHANGED, "%.*s: too short", STR_ARG(name));
    TRY(place_read(c, r->file, 0, head, sizeof head));
    TRY(place_read(c, r->file, whole - END_BYTES, end, sizeof end));
    uint64_t size = get_number(end);
    if (memcmp(head, MAGIC, MAGIC_BYTES) != 0 || size > (uint64_t)whole ||
        sealed_size((int64_t)size) != whole)
        return fail(c, E_FILE_CHANGED, "%.*s: length", STR_ARG(name));
    file_key(c, head + MAGIC_BYTES, r->key);
    bind_end(c, r->key, name, (int64_t)size, expected);
    if (!equal_in_constant_time(end, expected, sizeof end))
        return fail(c, E_FILE_CHANGED, "%.*s: not its own", STR_ARG(name));
    r->size = (int64_t)size;
    return E_OK;
}

enum err file_open(struct ctx *c, struct str name, struct file_reader **ret)
{
    struct file_reader *r = arena_bytes(c->arena, sizeof *r);
    int64_t whole;
    r->done = 0;
    r->chunk = 0;
    r->is_over = false;
    TRY(place_open(c, name, &r->file, &whole));
    TRY(open_end(c, r, name, whole));
    *ret = r;
    return E_OK;
}

int64_t file_size(const struct file_reader *r)
{
    return r->size;
}

enum err file_next(struct ctx *c, struct file_reader *r, struct str *ret_part)
{
    uint8_t nonce[SM4_NONCE_BYTES];
    int64_t left = r->size - r->done;
    size_t n = left < FILE_CHUNK_BYTES ? (size_t)left : FILE_CHUNK_BYTES;
    if (r->is_over) {
        *ret_part = STR("");
        return E_OK;
    }
    nonce_of(r->chunk, (int64_t)n == left, nonce);
    int64_t at = HEAD_BYTES + r->done + (int64_t)r->chunk * SM4_TAG_BYTES;
    TRY(place_read(c, r->file, at, r->sealed, n + SM4_TAG_BYTES));
    if (!sm4_open_part(r->key, nonce, r->sealed, n, r->plain))
        return fail(c, E_FILE_CHANGED, "chunk %llu does not open", (unsigned long long)r->chunk);
    r->chunk++;
    r->done += (int64_t)n;
    r->is_over = r->done == r->size;
    *ret_part = (struct str){(const char *)r->plain, n};
    return E_OK;
}

enum err file_read_whole(struct ctx *c, struct str name, size_t most_bytes, struct str *ret_bytes)
{
    struct file_reader *r;
    struct str part;
    size_t n = 0;
    TRY(file_open(c, name, &r));
    if (r->size > (int64_t)most_bytes)
        return fail(c, E_TOO_LARGE, "%lld bytes", (long long)r->size);
    char *whole = arena_bytes(c->arena, (size_t)r->size + 1);
    do {
        TRY(file_next(c, r, &part));
        memcpy(whole + n, part.p, part.n);
        n += part.n;
    } while (part.n > 0);
    *ret_bytes = (struct str){whole, n};
    return E_OK;
}
