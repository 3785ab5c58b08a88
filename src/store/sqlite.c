/* The SQLite engine: WAL, synchronous FULL (a commit is on the disk before it returns), one writer
 * and many readers, each reader with its own connection.
 *
 * In SQLite `$1` is a name, so its index is looked up once, when the statement is prepared. LIKE
 * is made to see case, as PostgreSQL's does. Nothing is checkpointed inside a commit: keeper.c
 * does that beside the lane, and rest() finishes it between two batches. */
#include "engine.h"
#include "log.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define BUSY_MS 5000
#define REST_FRAMES                                                                                \
    8000 /* 32 MB of log: four times fewer syncs of the file than at 8 MB, and each of its pages once */
#define FEW_FRAMES  100
#define PASSES_MOST 4

struct sqlite_run { /* one prepared statement */
    sqlite3_stmt *stmt;
    int16_t *index; /* of parameter n at n - 1; 0 when the SQL does not use it */
    bool is_done;
};

enum control { BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK_TO, HEAD, CONTROL_COUNT };

struct sqlite_handle {
    struct handle base;
    sqlite3 *db;
    struct sqlite_run *runs;
    sqlite3_stmt *control[CONTROL_COUNT];
    int frames;      /* pages in the log after the last commit */
    int rest_frames; /* the keeper is asked when it has grown past this */
    bool has_asked;
};

static struct sqlite_handle *of(struct handle *h)
{
    return (struct sqlite_handle *)h;
}

static enum err err_of(int rc)
{
    int extended = rc;
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return E_OK;
    case SQLITE_CONSTRAINT:
        return extended == SQLITE_CONSTRAINT_NOTNULL || extended == SQLITE_CONSTRAINT_DATATYPE
                   ? E_STORE
                   : E_UNIQUE;
    case SQLITE_FULL:
        return E_STORE_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return E_STORE_BUSY;
    default:
        return E_STORE;
    }
}

static enum err note(struct sqlite_handle *q, int rc)
{
    enum err e = err_of(rc);
    if (e != E_OK)
        snprintf(q->base.why, sizeof q->base.why, "%s (%d)",
                 q->db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(q->db), rc);
    return e;
}

static enum err script(struct handle *h, const char *sql)
{
    struct sqlite_handle *q = of(h);
    return note(q, sqlite3_exec(q->db, sql, NULL, NULL, NULL));
}

static int count_frames(void *arg, sqlite3 *db, const char *name, int frames)
{
    (void)db;
    (void)name;
    ((struct sqlite_handle *)arg)->frames = frames;
    return SQLITE_OK;
}

/* A file system that cannot do WAL (some network ones) would quietly keep another mode. */
static enum err set_log(struct sqlite_handle *q)
{
    sqlite3_stmt *st = NULL;
    TRY(note(q, sqlite3_prepare_v2(q->db, "PRAGMA journal_mode = WAL", -1, &st, NULL)));
    enum err e = note(q, sqlite3_step(st));
    const char *mode = e == E_OK ? (const char *)sqlite3_column_text(st, 0) : NULL;
    if (e == E_OK && (mode == NULL || strcmp(mode, "wal") != 0)) {
        snprintf(q->base.why, sizeof q->base.why, "journal_mode is %s", mode == NULL ? "?" : mode);
        e = E_STORE_OPEN;
    }
    sqlite3_finalize(st);
    return e;
}

/* Small memory of a handle's statements; above SQLite's own 1,200 × 40, whose misses went to malloc. */
#define LOOKASIDE_BYTES 1200
#define LOOKASIDE_SLOTS 500

static enum err set_up(struct sqlite_handle *q)
{
    const struct store_options *o = &q->base.store->options;
    sqlite3_extended_result_codes(q->db, 1);
    sqlite3_busy_timeout(q->db, BUSY_MS);
    TRY(script(&q->base, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                         "PRAGMA case_sensitive_like = ON; PRAGMA trusted_schema = OFF;"
                         "PRAGMA wal_autocheckpoint = 0"));
    TRY(script(&q->base,
               o->unsafe_no_sync ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL"));
    if (!q->base.writes)
        return script(&q->base, "PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;"
                                "PRAGMA cache_size = -2000");
    sqlite3_wal_hook(q->db, count_frames, q);
    TRY(script(&q->base, "PRAGMA cache_size = -16000"));
    return set_log(q);
}

static void close_handle(struct handle *h)
{
    struct sqlite_handle *q = of(h);
    for (int i = 0; q->runs != NULL && i < stmt_count; i++)
        sqlite3_finalize(q->runs[i].stmt);
    for (int i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(q->control[i]);
    sqlite3_close_v2(q->db);
    arena_free(h->arena);
}

static enum err open_handle(struct store *s, bool writes, struct handle **ret_h)
{
    /* The journal of open savepoints stays in memory, and nobody counts allocations: the count has one
     * lock for all threads. Too late after the first handle: no matter. */
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct arena *a = arena_new((size_t)8 << 20);
    struct sqlite_handle *q = ARENA_NEW(a, struct sqlite_handle);
    q->base = (struct handle){.engine = &sqlite_engine, .store = s, .arena = a, .writes = writes};
    *ret_h = &q->base;
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int rc = sqlite3_open_v2(s->options.url + strlen("sqlite:"), &q->db, flags,
                             wal_layer_over(s->options.vfs));
    if (rc != SQLITE_OK) {
        enum err e = note(q, rc);
        sqlite3_close(q->db);
        q->db = NULL;
        return e;
    }
    sqlite3_db_config(q->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_BYTES, LOOKASIDE_SLOTS);
    return set_up(q);
}

/* --- preparing ----------------------------------------------------------------------------- */

static enum err check_statement(struct sqlite_handle *q, const struct stmt_spec *spec,
                                sqlite3_stmt *st)
{
    int columns = (int)strlen(spec->columns);
    if (sqlite3_column_count(st) != columns) {
        snprintf(q->base.why, sizeof q->base.why, "%s: %d columns declared, %d in the SQL",
                 spec->name, columns, sqlite3_column_count(st));
        return E_STORE_OPEN;
    }
    for (int i = 0; i < columns; i++) {
        if (strcmp(sqlite3_column_name(st, i), spec->column_names[i]) != 0) {
            snprintf(q->base.why, sizeof q->base.why,
                     "%s: column %d is declared as %s, the SQL says %s", spec->name, i + 1,
                     spec->column_names[i], sqlite3_column_name(st, i));
            return E_STORE_OPEN;
        }
    }
    if ((sqlite3_stmt_readonly(st) == 0) != spec->writes) {
        snprintf(q->base.why, sizeof q->base.why, "%s: declared as %s", spec->name,
                 spec->writes ? "writing, but reads" : "reading, but writes");
        return E_STORE_OPEN;
    }
    return E_OK;
}

static enum err prepare_run(struct sqlite_handle *q, int i)
{
    const struct stmt_spec *spec = &stmt_specs[i];
    struct sqlite_run *r = &q->runs[i];
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(q->db, spec->sql, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, &tail);
    if (rc != SQLITE_OK) {
        snprintf(q->base.why, sizeof q->base.why, "%s: %s", spec->name, sqlite3_errmsg(q->db));
        return E_STORE_OPEN;
    }
    size_t params = strlen(spec->params);
    r->index = ARENA_ARRAY(q->base.arena, int16_t, params + 1);
    for (size_t p = 0; p < params; p++) {
        char name[24];
        snprintf(name, sizeof name, "$%zu", p + 1);
        r->index[p] = (int16_t)sqlite3_bind_parameter_index(r->stmt, name);
    }
    return check_statement(q, spec, r->stmt);
}

static enum err prepare(struct handle *h)
{
    static const char *const sql[CONTROL_COUNT] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [ROLLBACK] = "ROLLBACK",
        [SAVEPOINT] = "SAVEPOINT act",
        [RELEASE] = "RELEASE act",
        [ROLLBACK_TO] = "ROLLBACK TO act",
        [HEAD] = "SELECT seq, hash FROM journal_head WHERE center_id = ?",
    };
    struct sqlite_handle *q = of(h);
    for (int i = 0; i < CONTROL_COUNT; i++) {
        const char *text = i == BEGIN && !h->writes ? "BEGIN" : sql[i];
        TRY(note(q, sqlite3_prepare_v3(q->db, text, -1, SQLITE_PREPARE_PERSISTENT, &q->control[i],
                                       NULL)));
    }
    q->runs = ARENA_ARRAY(h->arena, struct sqlite_run, (size_t)stmt_count + 1);
    for (int i = 0; i < stmt_count; i++)
        if (h->writes || !stmt_specs[i].writes)
            TRY(prepare_run(q, i));
    return E_OK;
}

/* --- transactions -------------------------------------------------------------------------- */

static enum err control(struct handle *h, enum control what)
{
    sqlite3_stmt *st = of(h)->control[what];
    int rc = sqlite3_step(st);
    enum err e = note(of(h), rc);
    sqlite3_reset(st);
    return e;
}

static enum err begin(struct handle *h)
{
    return control(h, BEGIN);
}

static enum err savepoint(struct handle *h)
{
    return control(h, SAVEPOINT);
}

static enum err release(struct handle *h)
{
    return control(h, RELEASE);
}

static enum err rollback_to(struct handle *h)
{
    TRY(control(h, ROLLBACK_TO));
    return control(h, RELEASE);
}

static enum err commit(struct handle *h)
{
    return control(h, COMMIT);
}

static void rollback(struct handle *h)
{
    if (sqlite3_get_autocommit(of(h)->db) == 0 && control(h, ROLLBACK) != E_OK)
        log_line(LOG_ERROR, "store_rollback", "why=\"%s\"", h->why);
}

static bool in_transaction(struct handle *h)
{
    return sqlite3_get_autocommit(of(h)->db) == 0;
}

static enum err revive(struct handle *h)
{
    (void)h;
    return E_OK;
}

static enum err lock_head(struct handle *h, int64_t center_id, int64_t *ret_seq,
                          uint8_t ret_hash[SM3_BYTES])
{
    struct sqlite_handle *q = of(h);
    sqlite3_stmt *st = q->control[HEAD];
    sqlite3_bind_int64(st, 1, center_id);
    int rc = sqlite3_step(st);
    enum err e = rc == SQLITE_DONE ? E_NOT_FOUND : note(q, rc);
    if (rc == SQLITE_ROW && sqlite3_column_bytes(st, 1) == SM3_BYTES) {
        *ret_seq = sqlite3_column_int64(st, 0);
        memcpy(ret_hash, sqlite3_column_blob(st, 1), SM3_BYTES);
    } else if (rc == SQLITE_ROW) {
        snprintf(h->why, sizeof h->why, "journal_head of centre %lld is damaged",
                 (long long)center_id);
        e = E_STORE;
    }
    sqlite3_reset(st);
    return e;
}

/* The keeper moves the bulk of the log into the file while the lane goes on; the lane moves the few
 * pages written meanwhile, and then the log starts from its beginning. */
static void rest(struct handle *h)
{
    struct sqlite_handle *q = of(h);
    if (q->has_asked && keeper_is_idle(h->store)) {
        q->has_asked = false;
        q->rest_frames = q->frames + REST_FRAMES;
        sqlite3_wal_checkpoint_v2(q->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    } else if (q->frames < REST_FRAMES) {
        q->rest_frames = REST_FRAMES;
    } else if (!q->has_asked && q->frames >= q->rest_frames) {
        q->has_asked = true;
        keeper_wake(h->store);
    }
}

/* Copies the log into the file, as far as nobody reads it, and has the file on the disk. SQLite itself syncs
 * the file only when the whole log was copied, which on a busy morning is rest(): without this it would
 * find megabytes unwritten there, and all visitors would wait for them. What came while it was at it is
 * copied too, until little is left. */
enum err sqlite_move_log(struct handle *h)
{
    struct sqlite_handle *q = of(h);
    sqlite3_file *file = NULL;
    TRY(note(q, sqlite3_file_control(q->db, "main", SQLITE_FCNTL_FILE_POINTER, &file)));
    for (int pass = 0, before = 0, moved = 0; pass < PASSES_MOST; pass++, before = moved) {
        TRY(note(q,
                 sqlite3_wal_checkpoint_v2(q->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &moved)));
        if (file->pMethods != NULL && !h->store->options.unsafe_no_sync)
            TRY(note(q, file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)));
        if (moved - before < FEW_FRAMES)
            break;
    }
    return E_OK;
}

/* --- cursors ------------------------------------------------------------------------------- */

static void open_cursor(struct cursor *k, struct handle *h)
{
    struct sqlite_run *r = &of(h)->runs[k->stmt];
    if (sqlite3_stmt_busy(r->stmt))
        BUG("%s is opened while it runs", stmt_specs[k->stmt].name);
    r->is_done = false;
    k->handle = r;
}

static void bind_int(struct cursor *k, int param, int64_t v, bool is_null)
{
    struct sqlite_run *r = k->handle;
    int index = r->index[param - 1];
    if (index == 0)
        return;
    if (is_null)
        sqlite3_bind_null(r->stmt, index);
    else
        sqlite3_bind_int64(r->stmt, index, v);
}

static void bind_text(struct cursor *k, int param, struct str v, bool is_bytes)
{
    struct sqlite_run *r = k->handle;
    int index = r->index[param - 1];
    if (index == 0)
        return;
    /* SQLITE_STATIC: what is bound outlives the run, which ends in cursor_close(). */
    int rc = SQLITE_OK;
    if (v.p == NULL)
        rc = sqlite3_bind_null(r->stmt, index);
    else if (is_bytes)
        rc = sqlite3_bind_blob64(r->stmt, index, v.p, v.n, SQLITE_STATIC);
    else
        rc = sqlite3_bind_text64(r->stmt, index, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8);
    if (rc != SQLITE_OK)
        k->error = note(of(k->c->txn->handle), rc);
}

static bool next(struct cursor *k)
{
    struct sqlite_run *r = k->handle;
    if (r->is_done)
        return false;
    int rc = sqlite3_step(r->stmt);
    if (rc == SQLITE_ROW)
        return true;
    r->is_done = true;
    if (rc != SQLITE_DONE)
        k->error = note(of(k->c->txn->handle), rc);
    return false;
}

static int64_t column_int(struct cursor *k, int column, bool *ret_is_null)
{
    struct sqlite_run *r = k->handle;
    int64_t v = sqlite3_column_int64(r->stmt, column);
    *ret_is_null = v == 0 && sqlite3_column_type(r->stmt, column) == SQLITE_NULL;
    return v;
}

static struct str column_text(struct cursor *k, int column)
{
    struct sqlite_run *r = k->handle;
    const void *p = sqlite3_column_blob(r->stmt, column);
    int n = sqlite3_column_bytes(r->stmt, column);
    if (p == NULL && sqlite3_column_type(r->stmt, column) == SQLITE_NULL)
        return STR_NONE;
    return str_copy(k->c->arena, (struct str){p == NULL ? "" : p, (size_t)n});
}

static enum err close_cursor(struct cursor *k, int64_t *ret_changed)
{
    struct sqlite_run *r = k->handle;
    while (k->error == E_OK && next(k))
        continue;
    if (k->error == E_OK)
        *ret_changed = sqlite3_changes64(of(k->c->txn->handle)->db);
    sqlite3_reset(r->stmt);
    return k->error;
}

/* --- migrations ---------------------------------------------------------------------------- */

static enum err rows(struct handle *h, const char *sql, text_row *row, void *arg)
{
    struct sqlite_handle *q = of(h);
    sqlite3_stmt *st = NULL;
    TRY(note(q, sqlite3_prepare_v2(q->db, sql, -1, &st, NULL)));
    int rc = SQLITE_OK;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        const char *values[8] = {NULL};
        int n = sqlite3_column_count(st) < 8 ? sqlite3_column_count(st) : 8;
        for (int i = 0; i < n; i++)
            values[i] = (const char *)sqlite3_column_text(st, i);
        row(arg, n, values);
    }
    enum err e = note(q, rc);
    sqlite3_finalize(st);
    return e;
}

const struct engine sqlite_engine = {
    .open = open_handle,
    .prepare = prepare,
    .close = close_handle,
    .revive = revive,
    .begin = begin,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .lock_head = lock_head,
    .open_cursor = open_cursor,
    .bind_int = bind_int,
    .bind_text = bind_text,
    .next = next,
    .column_int = column_int,
    .column_text = column_text,
    .close_cursor = close_cursor,
    .script = script,
    .rows = rows,
    .rest = rest,
};
