/* What postgres.c (connections, transactions), postgres_run.c (statements) and tail.c share. */
#ifndef POSTGRES_H
#define POSTGRES_H

#include "engine.h"

#include <libpq-fe.h>

enum pg_command {
    PG_BEGIN,
    PG_COMMIT,
    PG_ROLLBACK,
    PG_SAVEPOINT,
    PG_RELEASE,
    PG_ROLLBACK_TO,
    PG_STEP,
    PG_STEP_END,
    PG_STEP_BACK,
    PG_COMMAND_COUNT
};

#define PG_WAITING_MAX 12

#define PG_PARAMS_MAX 64

struct pg_run { /* one run of one statement */
    PGresult *result;
    int row, param_count;
    bool has_run, is_open;
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    uint8_t numbers[PG_PARAMS_MAX][8];
};

struct pg_handle {
    struct handle base;
    PGconn *conn;      /* in pipeline mode once prepared */
    char (*names)[16]; /* of the prepared statements, by enum stmt */
    /* Commands that go with the next trip to the server, so that they cost none of their own. */
    enum pg_command waiting[PG_WAITING_MAX];
    int waiting_count;
    int unread; /* trips sent whose answers nobody has read yet */
    bool is_lost;
    bool is_open;      /* a transaction, in the server's eyes or waiting to be begun */
    struct pg_run run; /* the usual one; a run inside a run takes one of the arena */
    int64_t retry_at;  /* steady time before which no new connection is tried */
};

struct pg_handle *pg_of(struct handle *h);
/* Connects and sets the session up, not in pipeline mode; h->why on failure. */
enum err pg_connect(struct pg_handle *p);
/* Sends what waits and, when name is not NULL, the statement; reads all answers. Answers that are
 * errors end the trip; *ret_result (owned by the caller) is the statement's. */
enum err pg_trip(struct pg_handle *p, const char *name, const struct pg_run *run,
                 PGresult **ret_result);
/* Lets a command wait for the next trip. */
void pg_later(struct pg_handle *p, enum pg_command what);
/* The error of a failed answer; notes its text in why and is_lost. */
enum err pg_err(struct pg_handle *p, const PGresult *r);

/* postgres_run.c */
enum err pg_prepare(struct handle *h);
void pg_open_cursor(struct cursor *k, struct handle *h);
void pg_bind_int(struct cursor *k, int param, int64_t v, bool is_null);
void pg_bind_text(struct cursor *k, int param, struct str v, bool is_bytes);
bool pg_next(struct cursor *k);
int64_t pg_column_int(struct cursor *k, int column, bool *ret_is_null);
struct str pg_column_text(struct cursor *k, int column);
enum err pg_close_cursor(struct cursor *k, int64_t *ret_changed);
enum err pg_lock_head(struct handle *h, int64_t center_id, int64_t *ret_seq,
                      uint8_t ret_hash[SM3_BYTES]);

#endif
