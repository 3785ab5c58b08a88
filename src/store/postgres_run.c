/* The PostgreSQL engine: preparing every statement on a connection with the types declared in its
 * .sql file, checking what it returns, and running it. Parameters and results travel in binary. */
#include "postgres.h"

#include <stdio.h>
#include <string.h>

#define OID_BOOL    16
#define OID_BYTEA   17
#define OID_INT8    20
#define OID_INT2    21
#define OID_INT4    23
#define OID_TEXT    25
#define OID_VARCHAR 1043

static Oid oid_of(char letter)
{
    switch (letter) {
    case 'd':
    case 'D':
        return OID_INT4;
    case 'f':
    case 'F':
        return OID_INT2;
    case 't':
    case 'T':
        return OID_TEXT;
    case 'b':
    case 'B':
        return OID_BYTEA;
    default:
        return OID_INT8;
    }
}

/* Whole numbers may be of any width: count(*) is a bigint, CASE … THEN 1 an integer. */
static bool fits(char letter, Oid type)
{
    switch (oid_of(letter)) {
    case OID_TEXT:
        return type == OID_TEXT || type == OID_VARCHAR;
    case OID_BYTEA:
        return type == OID_BYTEA;
    case OID_INT2:
        return type == OID_INT2 || type == OID_INT4 || type == OID_INT8 || type == OID_BOOL;
    default:
        return type == OID_INT2 || type == OID_INT4 || type == OID_INT8;
    }
}

/* --- preparing ----------------------------------------------------------------------------- */

static enum err check_columns(struct pg_handle *p, const struct stmt_spec *spec, const PGresult *r)
{
    int columns = (int)strlen(spec->columns);
    char *why = p->base.why;
    size_t room = sizeof p->base.why;
    if (PQnfields(r) != columns) {
        snprintf(why, room, "%s: %d columns declared, %d in the SQL", spec->name, columns,
                 PQnfields(r));
        return E_STORE_OPEN;
    }
    for (int i = 0; i < columns; i++) {
        if (strcmp(PQfname(r, i), spec->column_names[i]) != 0) {
            snprintf(why, room, "%s: column %d is declared as %s, the SQL says %s", spec->name,
                     i + 1, spec->column_names[i], PQfname(r, i));
            return E_STORE_OPEN;
        }
        if (!fits(spec->columns[i], PQftype(r, i))) {
            snprintf(why, room,
                     "%s: column %s is declared '%c', PostgreSQL gives type %u (cast it)",
                     spec->name, spec->column_names[i], spec->columns[i], PQftype(r, i));
            return E_STORE_OPEN;
        }
    }
    return E_OK;
}

static enum err send_prepare(struct pg_handle *p, int i)
{
    const struct stmt_spec *spec = &stmt_specs[i];
    Oid types[PG_PARAMS_MAX];
    int n = (int)strlen(spec->params);
    BUG_IF(n > PG_PARAMS_MAX);
    for (int k = 0; k < n; k++)
        types[k] = oid_of(spec->params[k]);
    if (PQsendPrepare(p->conn, p->names[i], spec->sql, n, types) != 1 ||
        PQsendDescribePrepared(p->conn, p->names[i]) != 1)
        return pg_err(p, NULL);
    return E_OK;
}

static enum err send_prepares(struct pg_handle *p)
{
    static const Oid id[] = {OID_INT8}, text[] = {OID_TEXT};
    for (int i = 0; i < stmt_count; i++)
        if (p->base.writes || !stmt_specs[i].writes)
            TRY(send_prepare(p, i));
    if (p->base.writes &&
        (PQsendPrepare(p->conn, "lock_head",
                       "SELECT seq, hash FROM journal_head WHERE center_id = $1 FOR UPDATE", 1,
                       id) != 1 ||
         PQsendPrepare(p->conn, "tell", "SELECT pg_notify('onewindow', $1)", 1, text) != 1))
        return pg_err(p, NULL);
    return PQpipelineSync(p->conn) == 1 ? E_OK : pg_err(p, NULL);
}

/* The answers to one message: one result, then the NULL that ends it. */
static enum err next_answer(struct pg_handle *p, const struct stmt_spec *spec, bool is_describe)
{
    PGresult *r = PQgetResult(p->conn);
    enum err e = E_OK;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        char text[300];
        e = pg_err(p, r) == E_STORE_LOST ? E_STORE_LOST : E_STORE_OPEN;
        snprintf(text, sizeof text, "%.299s", p->base.why);
        snprintf(p->base.why, sizeof p->base.why, "%s: %s", spec == NULL ? "prepare" : spec->name,
                 text);
    } else if (is_describe) {
        e = check_columns(p, spec, r);
    }
    PQclear(r);
    while ((r = PQgetResult(p->conn)) != NULL)
        PQclear(r);
    return e;
}

static enum err read_prepares(struct pg_handle *p)
{
    for (int i = 0; i < stmt_count; i++)
        if (p->base.writes || !stmt_specs[i].writes) {
            TRY(next_answer(p, &stmt_specs[i], false));
            TRY(next_answer(p, &stmt_specs[i], true));
        }
    if (p->base.writes) {
        TRY(next_answer(p, NULL, false));
        TRY(next_answer(p, NULL, false));
    }
    PGresult *r = PQgetResult(p->conn);
    enum err e = PQresultStatus(r) == PGRES_PIPELINE_SYNC ? E_OK : pg_err(p, r);
    PQclear(r);
    return e;
}

enum err pg_prepare(struct handle *h)
{
    struct pg_handle *p = pg_of(h);
    if (p->names == NULL) {
        p->names = arena_array(h->arena, (size_t)stmt_count + 1, sizeof *p->names);
        for (int i = 0; i < stmt_count; i++)
            snprintf(p->names[i], sizeof p->names[i], "s%d", i);
    }
    if (PQenterPipelineMode(p->conn) != 1)
        return pg_err(p, NULL);
    TRY(send_prepares(p));
    return read_prepares(p);
}

/* --- running ------------------------------------------------------------------------------- */

/* The handle's own run, for imports open thousands of cursors in one arena. */
void pg_open_cursor(struct cursor *k, struct handle *h)
{
    struct pg_run *r = &pg_of(h)->run;
    if (r->is_open)
        r = ARENA_NEW(k->c->arena, struct pg_run);
    int n = (int)strlen(stmt_specs[k->stmt].params);
    r->result = NULL;
    r->row = -1;
    r->param_count = n;
    r->has_run = false;
    r->is_open = true;
    memset(r->values, 0, (size_t)n * sizeof *r->values);
    k->handle = r;
}

void pg_bind_int(struct cursor *k, int param, int64_t v, bool is_null)
{
    struct pg_run *r = k->handle;
    Oid type = oid_of(stmt_specs[k->stmt].params[param - 1]);
    int n = type == OID_INT2 ? 2 : type == OID_INT4 ? 4 : 8;
    uint8_t *p = r->numbers[param - 1];
    if (is_null)
        return;
    for (int i = 0; i < n; i++)
        p[i] = (uint8_t)((uint64_t)v >> (8 * (n - 1 - i)));
    r->values[param - 1] = (const char *)p;
    r->lengths[param - 1] = n;
}

void pg_bind_text(struct cursor *k, int param, struct str v, bool is_bytes)
{
    struct pg_run *r = k->handle;
    (void)is_bytes;
    if (v.p == NULL)
        return;
    r->values[param - 1] = v.p;
    r->lengths[param - 1] = (int)v.n;
}

static void run(struct cursor *k)
{
    struct pg_run *r = k->handle;
    struct txn *t = k->c->txn;
    struct pg_handle *p = pg_of(t->handle);
    bool is_step = t->is_held && stmt_specs[k->stmt].writes;
    r->has_run = true;
    if (is_step)
        pg_later(p, PG_STEP);
    k->error = pg_trip(p, p->names[k->stmt], r, &r->result);
    if (is_step && !p->is_lost) {
        if (k->error != E_OK)
            pg_later(p, PG_STEP_BACK);
        pg_later(p, PG_STEP_END);
    }
}

bool pg_next(struct cursor *k)
{
    struct pg_run *r = k->handle;
    if (!r->has_run)
        run(k);
    if (k->error != E_OK || r->row + 1 >= PQntuples(r->result))
        return false;
    r->row++;
    return true;
}

int64_t pg_column_int(struct cursor *k, int column, bool *ret_is_null)
{
    struct pg_run *r = k->handle;
    if (PQgetisnull(r->result, r->row, column)) {
        *ret_is_null = true;
        return 0;
    }
    *ret_is_null = false;
    const uint8_t *p = (const uint8_t *)PQgetvalue(r->result, r->row, column);
    int n = PQgetlength(r->result, r->row, column);
    uint64_t v = n > 1 && (p[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

struct str pg_column_text(struct cursor *k, int column)
{
    struct pg_run *r = k->handle;
    if (PQgetisnull(r->result, r->row, column))
        return STR_NONE;
    struct str s = {PQgetvalue(r->result, r->row, column),
                    (size_t)PQgetlength(r->result, r->row, column)};
    return str_copy(k->c->arena, s);
}

enum err pg_close_cursor(struct cursor *k, int64_t *ret_changed)
{
    struct pg_run *r = k->handle;
    int64_t changed = 0;
    if (!r->has_run)
        run(k);
    if (k->error == E_OK && str_to_int(str_of(PQcmdTuples(r->result)), &changed))
        *ret_changed = changed;
    PQclear(r->result);
    r->result = NULL;
    r->is_open = false;
    return k->error;
}

enum err pg_lock_head(struct handle *h, int64_t center_id, int64_t *ret_seq,
                      uint8_t ret_hash[SM3_BYTES])
{
    struct pg_handle *p = pg_of(h);
    uint8_t id[8];
    for (int i = 0; i < 8; i++)
        id[i] = (uint8_t)((uint64_t)center_id >> (56 - 8 * i));
    struct pg_run run = {.param_count = 1, .values = {(const char *)id}, .lengths = {8}};
    PGresult *r = NULL;
    TRY(pg_trip(p, "lock_head", &run, &r));
    enum err e = PQntuples(r) == 0 ? E_NOT_FOUND : E_OK;
    if (e == E_OK && PQgetlength(r, 0, 1) == SM3_BYTES) {
        uint64_t seq = 0;
        for (int i = 0; i < 8; i++)
            seq = seq << 8 | (uint8_t)PQgetvalue(r, 0, 0)[i];
        *ret_seq = (int64_t)seq;
        memcpy(ret_hash, PQgetvalue(r, 0, 1), SM3_BYTES);
    } else if (e == E_OK) {
        snprintf(h->why, sizeof h->why, "journal_head of centre %lld is damaged",
                 (long long)center_id);
        e = E_STORE;
    }
    PQclear(r);
    return e;
}
