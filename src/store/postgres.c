/* The PostgreSQL engine: connections and transactions. READ COMMITTED for the lanes, whose acts of
 * one centre are serial behind the lock of its journal_head row; a REPEATABLE READ snapshot for
 * readers.
 *
 * Every connection is in libpq's pipeline mode: BEGIN, SAVEPOINT and RELEASE wait for the next
 * statement and travel with it, so an act of three statements costs three trips, not six. */
#include "clock.h"
#include "log.h"
#include "postgres.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 250

static const char *const command_sql[PG_COMMAND_COUNT] = {
    [PG_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [PG_COMMIT] = "COMMIT",
    [PG_ROLLBACK] = "ROLLBACK",
    [PG_SAVEPOINT] = "SAVEPOINT act",
    [PG_RELEASE] = "RELEASE act",
    [PG_ROLLBACK_TO] = "ROLLBACK TO act",
    /* around a writing statement in a held transaction */
    [PG_STEP] = "SAVEPOINT step",
    [PG_STEP_END] = "RELEASE step",
    [PG_STEP_BACK] = "ROLLBACK TO step",
};

struct pg_handle *pg_of(struct handle *h)
{
    return (struct pg_handle *)h;
}

/* --- errors -------------------------------------------------------------------------------- */

static enum err err_of_state(const char *state)
{
    static const struct {
        const char *state;
        enum err e;
    } known[] = {
        {"23502", E_STORE}, /* NOT NULL: our mistake, nobody was first */
        {"23", E_UNIQUE},        {"40001", E_CONFLICT},   {"40P01", E_CONFLICT},
        {"53100", E_STORE_FULL}, {"53300", E_STORE_BUSY}, {"55P03", E_STORE_BUSY},
        {"57014", E_STORE_BUSY}, {"57P", E_STORE_LOST},   {"08", E_STORE_LOST},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(state, known[i].state, strlen(known[i].state)) == 0)
            return known[i].e;
    return E_STORE;
}

static void note(struct pg_handle *p, const char *text)
{
    size_t n = strcspn(text, "\n");
    snprintf(p->base.why, sizeof p->base.why, "%.*s", (int)(n < 380 ? n : 380), text);
}

enum err pg_err(struct pg_handle *p, const PGresult *r)
{
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = r == NULL ? PQerrorMessage(p->conn) : PQresultErrorMessage(r);
    note(p, text);
    if (PQstatus(p->conn) == CONNECTION_BAD || state == NULL) {
        p->is_lost = true;
        return E_STORE_LOST;
    }
    enum err e = err_of_state(state);
    p->is_lost = p->is_lost || e == E_STORE_LOST;
    return e;
}

/* --- trips --------------------------------------------------------------------------------- */

/* Reads the answers of one trip. The first error counts; what follows it is "aborted". When
 * ret_last is not NULL it gets the last answer before the sync that is not an error. */
static enum err read_trip(struct pg_handle *p, PGresult **ret_last)
{
    enum err e = E_OK;
    PGresult *last = NULL;
    for (int empty = 0;;) {
        PGresult *r = PQgetResult(p->conn);
        if (r == NULL) { /* the end of one command's answers; twice in a row: nothing will come */
            if (PQstatus(p->conn) == CONNECTION_BAD || ++empty > 1) {
                e = e == E_OK ? pg_err(p, NULL) : e;
                p->is_lost = true;
                break;
            }
            continue;
        }
        empty = 0;
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            PQclear(last);
            last = r;
            continue;
        }
        if (status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED && e == E_OK)
            e = pg_err(p, r);
        PQclear(r);
        if (status == PGRES_PIPELINE_SYNC)
            break;
    }
    if (ret_last != NULL && e == E_OK)
        *ret_last = last;
    else
        PQclear(last);
    return e;
}

static enum err read_old_trips(struct pg_handle *p)
{
    while (p->unread > 0 && !p->is_lost) {
        p->unread--;
        (void)!read_trip(p, NULL); /* only endings of read transactions are left unread */
    }
    return p->is_lost ? E_STORE_LOST : E_OK;
}

static enum err lose(struct pg_handle *p)
{
    note(p, PQerrorMessage(p->conn));
    p->is_lost = true;
    return E_STORE_LOST;
}

static enum err send_waiting(struct pg_handle *p)
{
    for (int i = 0; i < p->waiting_count; i++) {
        enum pg_command what = p->waiting[i];
        const char *sql = what == PG_BEGIN && !p->base.writes
                              ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                              : command_sql[what];
        if (PQsendQueryParams(p->conn, sql, 0, NULL, NULL, NULL, NULL, 1) != 1)
            return lose(p);
    }
    p->waiting_count = 0;
    return E_OK;
}

enum err pg_trip(struct pg_handle *p, const char *name, const struct pg_run *run,
                 PGresult **ret_result)
{
    int binary[PG_PARAMS_MAX];
    for (int i = 0; run != NULL && i < run->param_count; i++)
        binary[i] = 1;
    TRY(read_old_trips(p));
    TRY(send_waiting(p));
    if (name != NULL && PQsendQueryPrepared(p->conn, name, run->param_count, run->values,
                                            run->lengths, binary, 1) != 1)
        return lose(p);
    if (PQpipelineSync(p->conn) != 1)
        return lose(p);
    return read_trip(p, ret_result);
}

void pg_later(struct pg_handle *p, enum pg_command what)
{
    BUG_IF(p->waiting_count >= PG_WAITING_MAX);
    p->waiting[p->waiting_count++] = what;
}

/* --- connections --------------------------------------------------------------------------- */

static void ignore_notice(void *arg, const PGresult *r)
{
    (void)arg;
    (void)r;
}

enum err pg_connect(struct pg_handle *p)
{
    const struct store_options *o = &p->base.store->options;
    const char *const words[] = {"dbname",          "application_name", "connect_timeout",
                                 "client_encoding", "keepalives_idle",  "tcp_user_timeout",
                                 "options",         "gssencmode",       NULL};
#define SESSION                                                                                    \
    " -c jit=off -c timezone=UTC -c lock_timeout=3s -c idle_in_transaction_session_timeout=10min"
    const char *options = o->unsafe_no_sync ? "-c synchronous_commit=off" SESSION
                                            : "-c synchronous_commit=on" SESSION;
    /* No Kerberos: its library, once libcurl brings it in as well, ends before our last connection does. */
    const char *const values[] = {o->url,  "onewindow", "5",       "UTF8", "5",
                                  "10000", options,     "disable", NULL};
    p->conn = PQconnectdbParams(words, values, 1);
    p->waiting_count = p->unread = 0;
    p->is_open = false;
    if (PQstatus(p->conn) != CONNECTION_OK) {
        p->is_lost = true;
        note(p, PQerrorMessage(p->conn));
        return E_STORE_LOST;
    }
    p->is_lost = false;
    PQsetNoticeReceiver(p->conn, ignore_notice, NULL);
    if (PQserverVersion(p->conn) < 150000) {
        note(p, "PostgreSQL 15 or newer is needed");
        return E_STORE_OPEN;
    }
    return E_OK;
}

static enum err open_handle(struct store *s, bool writes, struct handle **ret_h)
{
    struct arena *a = arena_new((size_t)8 << 20);
    struct pg_handle *p = ARENA_NEW(a, struct pg_handle);
    p->base = (struct handle){.engine = &postgres_engine, .store = s, .arena = a, .writes = writes};
    *ret_h = &p->base;
    return pg_connect(p);
}

static void close_handle(struct handle *h)
{
    PQfinish(pg_of(h)->conn);
    arena_free(h->arena);
}

/* A connection on which something waits to be read while nothing was asked has usually been ended
 * by the server; reading it tells. */
static bool looks_lost(struct pg_handle *p)
{
    struct pollfd f = {.fd = PQsocket(p->conn), .events = POLLIN};
    if (p->is_lost || PQstatus(p->conn) != CONNECTION_OK)
        return true;
    if (read_old_trips(p) != E_OK)
        return true;
    for (int i = 0; i < 8 && poll(&f, 1, 0) == 1; i++) /* last words first, then the end */
        if (PQconsumeInput(p->conn) != 1)
            return true;
    return PQstatus(p->conn) != CONNECTION_OK;
}

static enum err revive(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    if (!looks_lost(p))
        return E_OK;
    if (clock_steady() < p->retry_at)
        return E_STORE_LOST;
    PQfinish(p->conn);
    enum err e = pg_connect(p);
    if (e == E_OK)
        e = pg_prepare(h);
    if (e != E_OK) {
        p->is_lost = true;
        p->retry_at = clock_steady() + RETRY_MS;
        return E_STORE_LOST;
    }
    log_line(LOG_INFO, "store_connected", "writes=%d", h->writes);
    return E_OK;
}

/* --- transactions -------------------------------------------------------------------------- */

static enum err begin(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    p->waiting_count = 0;
    p->is_open = true;
    pg_later(p, PG_BEGIN);
    return E_OK;
}

static enum err savepoint(struct handle *h)
{
    pg_later(pg_of(h), PG_SAVEPOINT);
    return E_OK;
}

static enum err release(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    /* An act that wrote nothing leaves nothing to do. */
    if (p->waiting_count > 0 && p->waiting[p->waiting_count - 1] == PG_SAVEPOINT)
        p->waiting_count--;
    else
        pg_later(p, PG_RELEASE);
    return E_OK;
}

static enum err rollback_to(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    if (p->waiting_count > 0 && p->waiting[p->waiting_count - 1] == PG_SAVEPOINT) {
        p->waiting_count--;
        return E_OK;
    }
    pg_later(p, PG_ROLLBACK_TO);
    pg_later(p, PG_RELEASE);
    return E_OK;
}

/* Nothing was sent: BEGIN still waits. */
static bool is_untouched(const struct pg_handle *p)
{
    return p->waiting_count > 0 && p->waiting[0] == PG_BEGIN;
}

static enum err commit(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    if (is_untouched(p)) {
        p->waiting_count = 0;
        p->is_open = false;
        return E_OK;
    }
    pg_later(p, PG_COMMIT);
    if (!h->writes) { /* nobody waits for the end of a read */
        TRY(read_old_trips(p));
        TRY(send_waiting(p));
        if (PQpipelineSync(p->conn) != 1)
            return lose(p);
        p->unread++;
        p->is_open = false;
        return E_OK;
    }
    PGresult *r = NULL;
    bool was_lost = p->is_lost;
    enum err e = pg_trip(p, NULL, NULL, &r);
    if (e == E_OK && strcmp(PQcmdStatus(r), "COMMIT") != 0) {
        note(p, "the server rolled back instead of committing");
        e = E_STORE;
    }
    if (e == E_STORE_LOST && !was_lost)
        e = E_OUTCOME_UNKNOWN;
    if (e == E_OK)
        p->is_open = false;
    PQclear(r);
    return e;
}

static void rollback(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    bool needs_word = p->is_open && !p->is_lost && !is_untouched(p);
    p->waiting_count = 0;
    p->is_open = false;
    if (!needs_word)
        return;
    pg_later(p, PG_ROLLBACK);
    if (pg_trip(p, NULL, NULL, NULL) != E_OK)
        p->is_lost = true; /* a fresh connection is in no transaction */
}

static bool in_transaction(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    return p->is_open && !p->is_lost;
}

/* --- migrations, before pipeline mode ------------------------------------------------------- */

static enum err script(struct handle *h, const char *sql)
{
    struct pg_handle *p = pg_of(h);
    PGresult *r = PQexec(p->conn, sql);
    ExecStatusType status = PQresultStatus(r);
    enum err e =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY
            ? E_OK
            : pg_err(p, r);
    PQclear(r);
    return e;
}

static enum err rows(struct handle *h, const char *sql, text_row *row, void *arg)
{
    struct pg_handle *p = pg_of(h);
    PGresult *r = PQexec(p->conn, sql);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? E_OK : pg_err(p, r);
    for (int i = 0; e == E_OK && i < PQntuples(r); i++) {
        const char *values[8] = {NULL};
        int n = PQnfields(r) < 8 ? PQnfields(r) : 8;
        for (int k = 0; k < n; k++)
            values[k] = PQgetisnull(r, i, k) ? NULL : PQgetvalue(r, i, k);
        row(arg, n, values);
    }
    PQclear(r);
    return e;
}

/* Other processes hear it by tail.c. Its own transaction, which needs no sync: were it lost, the
 * tail would find the entries when it next looks. */
static void tell(struct handle *h, int64_t center_id, int64_t seq)
{
    struct pg_handle *p = pg_of(h);
    char text[160];
    snprintf(text, sizeof text, "%s %lld %lld", tail_tag(h->store), (long long)center_id,
             (long long)seq);
    const char *const values[] = {text};
    if (p->is_lost || read_old_trips(p) != E_OK)
        return;
    if (PQsendQueryPrepared(p->conn, "tell", 1, values, NULL, NULL, 0) == 1 &&
        PQpipelineSync(p->conn) == 1)
        p->unread++;
    else
        p->is_lost = true;
}

const struct engine postgres_engine = {
    .open = open_handle,
    .prepare = pg_prepare,
    .close = close_handle,
    .revive = revive,
    .begin = begin,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .commit = commit,
    .rollback = rollback,
    .many_writers = true,
    .in_transaction = in_transaction,
    .lock_head = pg_lock_head,
    .open_cursor = pg_open_cursor,
    .bind_int = pg_bind_int,
    .bind_text = pg_bind_text,
    .next = pg_next,
    .column_int = pg_column_int,
    .column_text = pg_column_text,
    .close_cursor = pg_close_cursor,
    .script = script,
    .rows = rows,
    .tell = tell,
};
