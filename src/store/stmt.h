/* What the generated statement functions stand on; nobody else includes it. A cursor is one run of
 * one prepared statement on the handle of c->txn. Parameters are counted from 1, columns from 0.
 * Types: 'i' id, int, instant (int8), 'd' date (int4), 'f' flag (int2), 't' text, 'b' bytes. An
 * upper-case letter allows NULL: 0 ('I': id, instant; 'D'), INT_NONE ('N': int, so that 0 is a
 * number) or a str without p ('T', 'B') stands for it. There is no nullable flag. */
#ifndef STMT_H
#define STMT_H

#include "ctx.h"

#define INT_NONE INT64_MIN

struct stmt_spec { /* generated, one row a statement, indexed by enum stmt (stmts.h) */
    const char *name;
    const char *sql;     /* as written, $1 … */
    const char *params;  /* type letters */
    const char *columns; /* type letters; "" for a statement without rows */
    const char *const *column_names;
    bool writes;
};
extern const struct stmt_spec stmt_specs[];
extern const int stmt_count;

struct cursor {
    struct ctx *c;
    int stmt;
    void *handle; /* sqlite3_stmt, or the PostgreSQL run */
    enum err error;
};

/* A write statement on a read transaction is a bug. */
void cursor_open(struct cursor *k, struct ctx *c, int stmt);
void cursor_bind_int(struct cursor *k, int param, int64_t v); /* i, d, f by the spec */
void cursor_bind_text(struct cursor *k, int param, struct str v);
/* Next row: true; false at the end or on error (cursor_close tells). */
bool cursor_next(struct cursor *k);
int64_t cursor_int(struct cursor *k, int column);
struct str cursor_text(struct cursor *k, int column); /* copied into c->arena */
/* Ends the run. Rows changed by a write go to *ret_changed when not NULL. Errors: E_CONFLICT
 * (repeat), E_UNIQUE (a constraint refused it; which one in c->refusal.detail), E_STORE_FULL,
 * E_STORE_BUSY, E_STORE_LOST, E_STORE. */
MUST_USE enum err cursor_close(struct cursor *k, int64_t *ret_changed);

struct migration_spec { /* generated, in order of number */
    int number;
    const char *name;
    const char *sqlite_sql;
    const char *postgres_sql;
    const char *hash; /* SM3 of the source text, hex */
};
extern const struct migration_spec migration_specs[];
extern const int migration_count;

#endif
