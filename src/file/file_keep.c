/* What the database knows of files: who stands on them, which nobody does, and whether those that somebody
 * does are as they were. */
#include "file.h"
#include "file_place.h"

#include "clock.h"
#include "crypt.h"
#include "settings.h"

#define SHARDS_A_RUN 4 /* of 4,096, a run a minute: all of them in 17 hours */

enum err file_use(struct ctx *c, const struct file_kept *f, const char *owner, int64_t owner_id)
{
    if (!place_has(c, f->name))
        return fail(c, E_FILE_GONE, "%.*s was swept before it was used", STR_ARG(f->name));
    TRY(file_row_put(c, c->center_id, f->name, f->digest, f->size, c->now));
    return file_use_put(c, c->center_id, f->name, str_of(owner), owner_id);
}

enum err file_unuse(struct ctx *c, struct str name, const char *owner, int64_t owner_id)
{
    TRY(file_use_end(c, c->center_id, name, str_of(owner), owner_id));
    return file_row_end(c, c->center_id, name);
}

static enum err is_orphan(struct ctx *c, struct str name, bool *ret_remove)
{
    struct file_row_row *row;
    TRY(file_row(c, c->center_id, name, &row));
    *ret_remove = row == NULL;
    return E_OK;
}

/* Which folders are looked at follows from the time, so nothing has to be remembered. The age of a file is by
 * the machine's own clock, whatever a test has made of ours. */
enum err file_sweep_job(struct ctx *c)
{
    int64_t round = c->now / MINUTE_MS * SHARDS_A_RUN;
    int64_t older_than = c->now - clock_moved() - setting_file_grace_hours(c) * HOUR_MS;
    for (int i = 0; i < SHARDS_A_RUN; i++)
        TRY(place_sweep(c, (unsigned)((round + i) % FILE_SHARDS), older_than, is_orphan));
    return E_OK;
}

/* --- verify ------------------------------------------------------------------------------------- */

static enum err check_content(struct ctx *c, const struct file_row_row *row)
{
    struct file_reader *r;
    struct sm3 *sum = sm3_start(c->arena);
    uint8_t digest[SM3_BYTES];
    struct str part;
    TRY(file_open(c, row->name, &r));
    do {
        TRY(file_next(c, r, &part));
        sm3_add(sum, part.p, part.n);
    } while (part.n > 0);
    sm3_end(sum, digest);
    if (file_size(r) != row->size || !str_eq(hex(c->arena, digest, sizeof digest), row->digest))
        return fail(c, E_FILE_CHANGED, "%.*s: digest", STR_ARG(row->name));
    return E_OK;
}

/* Each file in an arena of its own, so that a million of them need no more room than one. */
static enum err check_one(struct ctx *c, const struct file_row_row *row, struct file_faults *f)
{
    struct ctx inner = *c;
    inner.arena = arena_new((size_t)1 << 20);
    enum err e = check_content(&inner, row);
    arena_free(inner.arena);
    f->files++;
    f->gone += e == E_FILE_GONE ? 1 : 0;
    f->changed += e == E_FILE_CHANGED ? 1 : 0;
    if (e != E_OK && f->first.p == NULL)
        f->first = str_copy(c->arena, row->name);
    return e == E_FILE_GONE || e == E_FILE_CHANGED ? E_OK : e;
}

struct page {
    struct str after;
    struct file_rows_after_rows rows;
};

static enum err read_page(struct ctx *c, void *arg)
{
    struct page *p = arg;
    return file_rows_after(c, c->center_id, p->after, &p->rows);
}

enum err file_verify(struct store *s, struct ctx *c, struct file_faults *ret)
{
    struct file_faults found = {.first = STR_NONE};
    struct page p = {.after = STR("")};
    do {
        TRY(store_read(s, c, read_page, &p));
        for (size_t i = 0; i < p.rows.n; i++)
            TRY(check_one(c, &p.rows.v[i], &found));
        if (p.rows.n > 0)
            p.after = p.rows.v[p.rows.n - 1].name;
    } while (p.rows.n > 0);
    *ret = found;
    return E_OK;
}
