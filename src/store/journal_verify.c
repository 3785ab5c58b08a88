/* Verifying the journal: walks every centre's chain a page at a time, recomputes each hash from the
 * fields and from the hash before it, opens each private part that is still there and compares it
 * with its digest, and holds the end of the chain against journal_head and against the signed
 * heads that journal_anchor() wrote outside the database. */
#include "buf.h"
#include "clock.h"
#include "engine.h"
#include "store_gen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANCHOR_FILE_MAX ((size_t)256 << 20)

struct walk {
    struct store *store;
    struct ctx page; /* its arena is reset with every page */
    struct journal_fault *fault;
    bool is_sound;
    int64_t entries;
    uint8_t key[16];

    int64_t center_id, seq, head_seq, last_seq;
    uint8_t hash[SM3_BYTES], head_hash[SM3_BYTES];
    bool has_head, is_at_end;
    int64_t asked_seq; /* of the anchor */
    struct str found_hash;
};

static void found(struct walk *w, int64_t seq, const char *what)
{
    if (!w->is_sound)
        return;
    w->is_sound = false;
    *w->fault = (struct journal_fault){.center_id = w->center_id, .seq = seq, .what = what};
}

static bool is_hash(struct str s, const uint8_t hash[SM3_BYTES])
{
    return s.n == SM3_BYTES && memcmp(s.p, hash, SM3_BYTES) == 0;
}

/* --- one centre ---------------------------------------------------------------------------- */

static bool private_is_sound(struct walk *w, const struct journal_whole_after_row *r)
{
    if (r->private_sealed.p == NULL && r->private_salt.p == NULL)
        return true; /* none, or erased */
    uint8_t bound[16], digest[SM3_BYTES];
    struct str plain = STR_NONE;
    for (int i = 0; i < 8; i++) {
        bound[i] = (uint8_t)((uint64_t)w->center_id >> (56 - 8 * i));
        bound[8 + i] = (uint8_t)((uint64_t)r->seq >> (56 - 8 * i));
    }
    if (r->private_sealed.p == NULL || r->private_salt.p == NULL ||
        !sm4_open(w->page.arena, w->key, r->private_sealed, (struct str){(const char *)bound, 16},
                  &plain))
        return false;
    sm3_keyed(r->private_salt, plain, digest);
    return is_hash(r->private_digest, digest);
}

static void check_row(struct walk *w, const struct journal_whole_after_row *r)
{
    struct journal_row row = {
        .center_id = w->center_id,
        .seq = r->seq,
        .at = r->at,
        .actor_kind = r->actor_kind,
        .actor_id = r->actor_id,
        .subject = r->subject,
        .thread = r->thread,
        .actor = r->actor,
        .kind = r->kind,
        .public_json = r->public_json,
        .private_digest = r->private_digest,
    };
    if (r->seq != w->seq + 1)
        found(w, w->seq + 1, "gap");
    journal_hash(w->hash, &row, w->page.arena, w->hash);
    if (!is_hash(r->hash, w->hash))
        found(w, r->seq, "hash");
    else if (w->page.keys != NULL && !private_is_sound(w, r))
        found(w, r->seq, "private");
    w->seq = r->seq;
    w->entries++;
}

static enum err read_page(struct ctx *c, void *arg)
{
    struct walk *w = arg;
    struct journal_whole_after_rows rows = {NULL, 0};
    TRY(journal_whole_after(c, w->center_id, w->seq, &rows));
    for (size_t i = 0; i < rows.n && w->is_sound && w->seq < w->head_seq; i++)
        check_row(w, &rows.v[i]);
    w->is_at_end = rows.n == 0 || w->seq >= w->head_seq || !w->is_sound;
    return E_OK;
}

/* Head and last row are read together, so acts that go on meanwhile do not disturb. */
static enum err read_end(struct ctx *c, void *arg)
{
    struct walk *w = arg;
    struct journal_head_of_row *head = NULL;
    struct journal_last_row *last = NULL;
    TRY(journal_head_of(c, w->center_id, &head));
    TRY(journal_last(c, w->center_id, &last));
    w->last_seq = last == NULL ? 0 : last->seq;
    w->has_head = head != NULL && head->hash.n == SM3_BYTES;
    w->head_seq = head == NULL ? 0 : head->seq;
    if (w->has_head)
        memcpy(w->head_hash, head->hash.p, SM3_BYTES);
    return E_OK;
}

static enum err walk_center(struct walk *w)
{
    w->seq = 0;
    memset(w->hash, 0, sizeof w->hash);
    TRY(store_read(w->store, &w->page, read_end, w));
    if (!w->has_head || w->last_seq > w->head_seq)
        found(w, w->last_seq, "head");
    w->is_at_end = !w->is_sound;
    while (!w->is_at_end) {
        arena_reset(w->page.arena);
        TRY(store_read(w->store, &w->page, read_page, w));
    }
    if (w->is_sound && (w->seq != w->head_seq || memcmp(w->hash, w->head_hash, SM3_BYTES) != 0))
        found(w, w->seq < w->head_seq ? w->seq + 1 : w->seq, "head");
    return E_OK;
}

static enum err read_next_center(struct ctx *c, void *arg)
{
    int64_t *center_id = arg;
    struct journal_center_after_row *row = NULL;
    TRY(journal_center_after(c, *center_id, &row));
    *center_id = row == NULL ? INT64_MAX : row->center_id;
    return E_OK;
}

/* --- anchors ------------------------------------------------------------------------------- */

static enum err read_hash_at(struct ctx *c, void *arg)
{
    struct walk *w = arg;
    struct journal_hash_at_row *row = NULL;
    TRY(journal_hash_at(c, w->center_id, w->asked_seq, &row));
    w->found_hash = row == NULL ? STR_NONE : row->hash;
    return E_OK;
}

/* centre seq at hash signature */
static enum err check_anchor(struct walk *w, struct str line)
{
    struct str rest = line, word[5];
    uint8_t hash[SM3_BYTES], signature[64];
    int64_t at = 0;
    for (int i = 0; i < 5; i++)
        word[i] = str_cut(&rest, ' ');
    w->asked_seq = 0;
    bool is_line = str_to_int(word[0], &w->center_id) && str_to_int(word[1], &w->asked_seq) &&
                   str_to_int(word[2], &at) && unhex(word[3], hash, sizeof hash) &&
                   unhex(word[4], signature, sizeof signature);
    struct str signed_part = {line.p, is_line ? (size_t)(word[4].p - line.p) - 1 : 0};
    if (!is_line || !verify_ed25519(w->page.keys->sign_public, signed_part, signature)) {
        found(w, w->asked_seq, "anchor");
        return E_OK;
    }
    arena_reset(w->page.arena);
    TRY(store_read(w->store, &w->page, read_hash_at, w));
    if (!is_hash(w->found_hash, hash))
        found(w, w->asked_seq, "anchor");
    return E_OK;
}

static enum err read_file(struct ctx *c, const char *file, struct str *ret)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || (size_t)st.st_size > ANCHOR_FILE_MAX) {
        if (fd >= 0)
            close(fd);
        return fail(c, E_NOT_FOUND, "anchor file %s: %s", file, strerror(errno));
    }
    char *p = arena_alloc(c->arena, (size_t)st.st_size + 1);
    size_t n = 0;
    ssize_t got = 0;
    while (n < (size_t)st.st_size && (got = read(fd, p + n, (size_t)st.st_size - n)) > 0)
        n += (size_t)got;
    close(fd);
    *ret = (struct str){p, n};
    return E_OK;
}

static enum err check_anchors(struct walk *w, struct ctx *c, const char *file)
{
    struct str rest = STR_NONE;
    if (c->keys == NULL)
        return fail(c, E_INTERNAL, "anchors cannot be checked without keys");
    TRY(read_file(c, file, &rest));
    while (w->is_sound && rest.p != NULL && rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n > 0)
            TRY(check_anchor(w, line));
    }
    return E_OK;
}

/* --- both ---------------------------------------------------------------------------------- */

static struct walk start(struct store *s, struct ctx *c, struct journal_fault *fault)
{
    struct walk w = {.store = s, .page = *c, .fault = fault, .is_sound = true};
    w.page.arena = arena_new((size_t)512 << 20);
    if (c->keys != NULL)
        keys_derive(c->keys, "journal", w.key, sizeof w.key);
    return w;
}

enum err journal_verify(struct store *s, struct ctx *c, const char *anchor_file,
                        struct journal_fault *ret_fault, bool *ret_sound, int64_t *ret_entries)
{
    struct walk w = start(s, c, ret_fault);
    int64_t center_id = 0;
    enum err e = E_OK;
    while (e == E_OK && w.is_sound &&
           (e = store_read(s, &w.page, read_next_center, &center_id)) == E_OK &&
           center_id != INT64_MAX) {
        w.center_id = center_id;
        e = walk_center(&w);
    }
    if (e == E_OK && w.is_sound && anchor_file != NULL)
        e = check_anchors(&w, c, anchor_file);
    if (e != E_OK)
        c->refusal = w.page.refusal;
    else {
        *ret_sound = w.is_sound;
        *ret_entries = w.entries;
    }
    arena_free(w.page.arena);
    return e;
}

static void put_anchor(struct buf *b, struct ctx *c, const struct walk *w)
{
    struct str line = str_fmt(c->arena, "%lld %lld %lld ", (long long)w->center_id,
                              (long long)w->head_seq, (long long)c->now);
    struct str digest = hex(c->arena, w->head_hash, SM3_BYTES);
    line = str_fmt(c->arena, "%.*s%.*s", STR_ARG(line), STR_ARG(digest));
    uint8_t signature[64];
    sign_ed25519(c->keys, line, signature);
    buf_str(b, line);
    buf_char(b, ' ');
    buf_str(b, hex(c->arena, signature, sizeof signature));
    buf_char(b, '\n');
}

static enum err append(struct ctx *c, const char *file, struct str text)
{
    int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(c, E_STORE, "anchor file %s: %s", file, strerror(errno));
    bool is_written = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    close(fd);
    return is_written ? E_OK : fail(c, E_STORE, "anchor file %s: %s", file, strerror(errno));
}

enum err journal_anchor(struct store *s, struct ctx *c, const char *anchor_file)
{
    if (c->keys == NULL)
        return fail(c, E_INTERNAL, "an anchor needs keys");
    struct journal_fault none;
    struct walk w = start(s, c, &none);
    struct buf b;
    buf_init(&b, c->arena, (size_t)16 << 20);
    int64_t center_id = 0;
    enum err e = E_OK;
    while ((e = store_read(s, &w.page, read_next_center, &center_id)) == E_OK &&
           center_id != INT64_MAX) {
        w.center_id = center_id;
        e = store_read(s, &w.page, read_end, &w);
        if (e != E_OK)
            break;
        if (w.has_head && w.head_seq > 0)
            put_anchor(&b, c, &w);
        arena_reset(w.page.arena);
    }
    arena_free(w.page.arena);
    TRY(e);
    return append(c, anchor_file, buf_as_str(&b));
}
