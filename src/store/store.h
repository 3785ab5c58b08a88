/* One database under the whole program: SQLite (one hall) or PostgreSQL (many). The rest of the
 * program sees transactions, acts and generated statement functions, never an engine.
 *
 *   Reading   store_read() runs work under a read transaction on a handle of the calling thread
 *             (SQLite) or on one of a bounded pool (PostgreSQL).
 *   Writing   store_submit() queues an act to a lane. A lane takes everything that waits, runs it
 *             in one transaction, commits once (one sync), and only then calls each act's done().
 *             A refused act leaves nothing: when it had written, the batch is run again, each act
 *             in a savepoint. Where the engine threw the whole batch away, the acts are run again
 *             one by one. Where the connection died during COMMIT, the outcome is looked up
 *             (act.was_done) before anything is answered or repeated. So an act whose done() says
 *             E_OK is durable.
 *
 * A queue has a bound; when it is full store_submit() refuses with E_BUSY and nothing is lost.
 * A conflict between transactions (PostgreSQL) is not an error: the lane repeats, bounded and
 * counted. A transaction touches one centre. */
#ifndef STORE_H
#define STORE_H

#include "ctx.h"

struct store;
struct txn; /* an open transaction on one handle */

struct store_options {
    const char *url;    /* "sqlite:FILE" or "postgresql://…" */
    const char *folder; /* the data folder, for what lies beside the database; NULL: none */
    unsigned node;      /* < 1024, part of every id */
    unsigned lanes;     /* PostgreSQL; SQLite always has one. 0 means default */
    unsigned readers;   /* PostgreSQL reader connections; 0 means default */
    size_t queue_bound; /* acts waiting per lane; 0 means 4096 */
    bool migrate; /* apply missing migrations (init, serve); else refuse when some are missing */
    bool unsafe_no_sync; /* tests only: synchronous off, to see the durability tests fail */
    const char *vfs;     /* tests only: SQLite VFS name */
};

/* Opens, checks migrations by hash, prepares and checks every statement. E_STORE_OPEN with a
 * sentence in *ret_why (static or arena text of a) when it cannot. */
MUST_USE enum err store_open(const struct store_options *o, struct arena *a,
                             struct store **ret_store, struct str *ret_why);
void store_close(struct store *s); /* runs what is queued, then ends the lanes */
bool store_is_postgres(const struct store *s);
struct ids *store_ids(struct store *s);
const char *store_folder(const struct store *s); /* as given when it was opened */

typedef enum err store_work(struct ctx *c, void *arg);

/* Runs work under a read transaction; c->txn is set for the time of the call. Inside an open
 * transaction (c->txn already set) it simply runs in it. Fills c->store, c->ids and c->settings
 * when they are NULL; so does everything below that runs work. */
MUST_USE enum err store_read(struct store *s, struct ctx *c, store_work *work, void *arg);

struct act {
    struct ctx *c;   /* c->center_id chooses the lane; its arena lives until done() */
    store_work *run; /* may run more than once: keeps its results in arg, set only at the end */
    store_work *
        was_done; /* after an unknown COMMIT: E_OK when the act is in the database, E_NOT_FOUND when not; NULL means answer E_OUTCOME_UNKNOWN */
    void (*done)(void *arg, enum err e); /* once, on the lane's thread, after COMMIT or refusal */
    void *arg;
    int64_t deadline; /* clock_steady(); waiting longer than this answers E_BUSY; 0 none */
    /* the lane's own: */
    struct act *next;
    enum err result;
};

/* Queues the act. E_BUSY (503, Retry-After) when the queue is full or the store is stopping; then
 * done() is not called. */
MUST_USE enum err store_submit(struct store *s, struct act *act);
/* The same and waits: for commands, jobs and tests. Inside a held transaction it runs there. */
MUST_USE enum err store_act(struct store *s, struct ctx *c, store_work *run, void *arg);
/* One big transaction outside the batches for imports (blocks the lane meanwhile). */
MUST_USE enum err store_bulk(struct store *s, struct ctx *c, store_work *run, void *arg);

/* Opens a write transaction on the calling thread; the lane of c->center_id waits meanwhile, so
 * keep it short. store_let_go() ends it on the same thread: commit when keep, else roll back. In a
 * held transaction a refused statement undoes only itself and work goes on; in an act the first
 * error of a statement fails the act, whatever it returns. store_bulk() stands on these. */
MUST_USE enum err store_hold(struct store *s, struct ctx *c);
MUST_USE enum err store_let_go(struct ctx *c, bool keep);

/* Settings: the rows of table `setting` over the defaults, read by the generated getters through
 * c->settings. settings_load() takes the centre's from the store's memory or reads them; a change
 * by setting_save() is journalled and heard by every process, and the next unit of work has it.
 * setting_save() refuses an unknown name (E_NOT_FOUND) or a value out of bounds (E_SETTING_VALUE). */
MUST_USE enum err settings_load(struct ctx *c);
MUST_USE enum err setting_save(struct ctx *c, const char *name, struct str value);

struct store_figures { /* since start, for /metrics */
    uint64_t acts, refused, batches, conflicts, largest_batch, repeated, queue_full, taken_back;
    size_t waiting;
};
void store_figures(struct store *s, struct store_figures *ret);
/* Numbers that the domain knows (a backlog), for /metrics too: set by name, a literal; at most STORE_GAUGES_MOST. */
#define STORE_GAUGES_MOST 16
void store_gauge_set(struct store *s, const char *name, int64_t value);
/* The i-th that was ever set; false past the last one. */
bool store_gauge(struct store *s, int i, const char **ret_name, int64_t *ret_value);
/* For /healthz: a trivial read, and what the lanes met last (server lost, disk full, stuck). Never
 * waits for a lane. */
MUST_USE enum err store_check(struct store *s, struct ctx *c);

/* Tests only: the n-th statement from now fails with E_STORE (0: none). store_fail_fired() tells
 * whether it came to that. */
void store_fail_at(struct store *s, int64_t n);
bool store_fail_fired(const struct store *s);
/* Tests only: from now on statements of other threads than this one neither fail nor are traced. */
void store_count_only_here(struct store *s);
/* Tests only: the number of each statement that runs from now on goes into trace (NULL: no longer);
 * store_traced() is how many there were, those beyond its room too. */
void store_trace(struct store *s, int16_t *trace, size_t room);
size_t store_traced(const struct store *s);

#endif
