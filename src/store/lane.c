/* The lanes: where everything is written. A lane takes all acts that wait, runs them in one
 * transaction, commits once, and only then answers; so the cost of the disk is shared, acts of a
 * centre never race, and an answered act is durable.
 *
 * Most acts succeed, and most that are refused have written nothing yet, so a batch is first run
 * without savepoints, which would copy every page that an act changes.
 *
 * What can go wrong with a batch, and what is done:
 *   an act is refused            when it had written nothing, the others go on; else the batch is run
 *                                again, each act in a savepoint, and goes back to that
 *   the engine threw all away    (full disk, I/O error) all are run again, one by one
 *   a conflict                   (PostgreSQL) the batch is repeated, at most CONFLICTS_MAX times
 *   the server went away         before COMMIT: repeated once, then E_STORE_LOST
 *   it went away during COMMIT   looked up behind the centre's lock, which waits for the old
 *                                transaction to end: is our last journal entry there? */
#include "clock.h"
#include "engine.h"
#include "log.h"
#include "stmts.h"
#include "store_gen.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#define BATCH_MAX     256
#define CONFLICTS_MAX 6
#define LOOK_UP_MS    10000

static void pause_ms(int64_t ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* --- a transaction ------------------------------------------------------------------------- */

void txn_forget(struct txn *t)
{
    struct lane *l = t->lane;
    *t = (struct txn){.store = l->store,
                      .lane = l,
                      .handle = l->handle,
                      .writes = true,
                      .arena = l->arena};
    t->pending_end = &t->pending;
    arena_reset(l->arena);
}

enum err txn_begin(struct lane *l, struct ctx *c)
{
    const struct engine *g = l->store->engine;
    txn_forget(&l->txn);
    enum err e = g->revive(l->handle);
    if (e == E_OK)
        e = g->begin(l->handle);
    if (e != E_OK)
        return fail(c, e, "begin: %s", l->handle->why);
    if (!g->many_writers)
        return E_OK;
    struct chain *head = NULL;
    c->txn = &l->txn;
    e = chain_of(c, &head);
    c->txn = NULL;
    if (e != E_OK)
        g->rollback(l->handle);
    return e;
}

enum err txn_write_heads(struct lane *l, struct ctx *c)
{
    for (struct chain *h = l->txn.chains; h != NULL; h = h->next) {
        int64_t changed = 0;
        struct str hash = {(const char *)h->hash, SM3_BYTES};
        if (!h->is_dirty)
            continue;
        TRY(journal_head_move_changes(c, h->center_id, h->seq, hash, h->moved_at, &changed));
        if (changed != 1)
            return fail(c, E_STORE, "journal_head of centre %lld is gone", (long long)h->center_id);
    }
    return E_OK;
}

/* --- a batch ------------------------------------------------------------------------------- */

/* Runs one act, in a savepoint when told to. Not E_OK: the whole batch is lost. *ret_is_left: without a
 * savepoint, the refused act has left something that must not stay. */
static enum err run_one(struct lane *l, struct act *a, bool in_savepoint, bool *ret_is_left)
{
    const struct engine *g = l->store->engine;
    struct txn *t = &l->txn;
    struct ctx *c = a->c;
    t->act++;
    t->broken = E_OK;
    t->has_written = false;
    if (in_savepoint)
        TRY(g->savepoint(l->handle));
    store_fill(l->store, c);
    c->refusal = (struct refusal){0};
    c->txn = t;
    enum err e = settings_load(c);
    if (e == E_OK)
        e = a->run(c, a->arg);
    if (e == E_OK && t->broken != E_OK)
        e = fail(c, t->broken, "the act went on after a failed statement");
    c->txn = NULL;
    enum err broken = t->broken;
    a->result = e;
    t->broken = E_OK;
    if (e == E_CONFLICT || e == E_STORE_LOST)
        return e;
    if (!in_savepoint && broken != E_OK && broken != E_UNIQUE)
        return broken; /* the engine failed, the act was not refused */
    *ret_is_left = !in_savepoint && e != E_OK && (t->has_written || broken != E_OK);
    if (*ret_is_left)
        return E_OK;
    if (!g->in_transaction(l->handle))
        return e == E_OK ? E_STORE : e;
    if (e == E_OK)
        return in_savepoint ? g->release(l->handle) : E_OK;
    journal_undo(t);
    return in_savepoint ? g->rollback_to(l->handle) : E_OK;
}

static enum err run_acts(struct lane *l, struct act *acts, bool in_savepoints, bool *ret_is_left)
{
    enum err e = E_OK;
    *ret_is_left = false;
    for (struct act *a = acts; a != NULL && e == E_OK && !*ret_is_left; a = a->next)
        e = run_one(l, a, in_savepoints, ret_is_left);
    return e;
}

/* The lane's own context, for what belongs to no act. */
static struct ctx lane_ctx(struct lane *l, const struct act *a)
{
    return (struct ctx){
        .arena = l->arena,
        .store = l->store,
        .ids = l->store->ids,
        .now = a->c->now,
        .zone_minutes = a->c->zone_minutes,
        .center_id = a->c->center_id,
        .actor = {.kind = ACTOR_SYSTEM},
    };
}

static enum err run_and_commit(struct lane *l, struct act *acts)
{
    const struct engine *g = l->store->engine;
    struct ctx c = lane_ctx(l, acts);
    bool is_left = false;
    TRY(txn_begin(l, &c));
    enum err e = run_acts(l, acts, false, &is_left);
    if (is_left) {
        l->store->taken_back++;
        g->rollback(l->handle);
        for (struct act *a = acts; a != NULL; a = a->next)
            a->result = E_OK;
        TRY(txn_begin(l, &c));
        e = run_acts(l, acts, true, &is_left);
    }
    if (e == E_OK) {
        c.txn = &l->txn;
        e = txn_write_heads(l, &c);
    }
    if (e == E_OK)
        e = g->commit(l->handle);
    if (e != E_OK && e != E_OUTCOME_UNKNOWN) {
        log_line(LOG_WARN, "batch_lost", "error=%s why=\"%s\"", err_table[e].code, l->handle->why);
        g->rollback(l->handle);
    }
    return e;
}

/* Whether the batch whose COMMIT got no answer is in the database: E_OK, E_NOT_FOUND, or another
 * error when that cannot be found out now. */
static enum err look_up(struct lane *l, struct act *acts)
{
    const struct engine *g = l->store->engine;
    struct chain *head = l->txn.chains;
    uint8_t hash[SM3_BYTES];
    int64_t seq = 0;
    struct txn look = {.store = l->store,
                       .lane = l,
                       .handle = l->handle,
                       .writes = true,
                       .arena = l->arena};
    struct ctx c = lane_ctx(l, acts);
    c.txn = &look;
    TRY(g->revive(l->handle));
    enum err e = g->begin(l->handle);
    if (e == E_OK)
        e = g->lock_head(l->handle, c.center_id, &seq, hash);
    if (e == E_OK && head != NULL && head->is_dirty) {
        struct journal_hash_at_row *row = NULL;
        e = journal_hash_at(&c, head->center_id, head->seq, &row);
        if (e == E_OK)
            e = row != NULL && row->hash.n == SM3_BYTES &&
                        memcmp(row->hash.p, head->hash, SM3_BYTES) == 0
                    ? E_OK
                    : E_NOT_FOUND;
    } else if (e == E_OK) {
        struct act *a = acts;
        while (a != NULL && (a->result != E_OK || a->was_done == NULL))
            a = a->next;
        if (a == NULL)
            e = E_OUTCOME_UNKNOWN;
        else {
            a->c->txn = &look;
            e = a->was_done(a->c, a->arg);
            a->c->txn = NULL;
        }
    }
    g->rollback(l->handle);
    return e;
}

static enum err find_out(struct lane *l, struct act *acts)
{
    int64_t until = clock_steady() + LOOK_UP_MS;
    enum err e = look_up(l, acts);
    while (e != E_OK && e != E_NOT_FOUND && e != E_OUTCOME_UNKNOWN && clock_steady() < until) {
        pause_ms(100);
        e = look_up(l, acts);
    }
    return e == E_OK || e == E_NOT_FOUND ? e : E_OUTCOME_UNKNOWN;
}

static void answer(struct lane *l, struct act *acts, enum err batch)
{
    struct store *s = l->store;
    uint64_t n = 0;
    if (batch == E_OK)
        journal_publish(s, &l->txn);
    txn_forget(&l->txn);
    atomic_store(&l->last_error, batch == E_CONFLICT ? E_OK : (int)batch);
    atomic_store(&l->last_at, clock_steady());
    bool is_alone = acts->next == NULL;
    for (struct act *a = acts, *next = NULL; a != NULL; a = next) {
        next = a->next; /* done() may let go of the act */
        /* A refusal may have come from acts that are now lost with the batch. */
        bool is_lost = a->result == E_OK || (!is_alone && batch != E_OUTCOME_UNKNOWN);
        if (batch != E_OK && is_lost)
            a->result = fail(a->c, batch, "the batch failed: %s", l->handle->why);
        if (a->result != E_OK)
            s->refused++;
        n++;
        a->done(a->arg, a->result);
    }
    s->acts += n;
    s->batches++;
    if (n > s->largest_batch)
        s->largest_batch = n;
}

static void run_batch(struct lane *l, struct act *acts);

static void run_one_by_one(struct lane *l, struct act *acts)
{
    for (struct act *a = acts, *next = NULL; a != NULL; a = next) {
        next = a->next;
        a->next = NULL;
        a->result = E_OK;
        l->store->repeated++;
        run_batch(l, a);
    }
}

static void run_batch(struct lane *l, struct act *acts)
{
    unsigned conflicts = 0, losses = 0;
    for (;;) {
        for (struct act *a = acts; a != NULL; a = a->next)
            a->result = E_OK;
        enum err e = run_and_commit(l, acts);
        if (e == E_OUTCOME_UNKNOWN) {
            e = find_out(l, acts);
            log_line(LOG_WARN, "commit_unknown", "outcome=%s", err_table[e].code);
        }
        if (e == E_NOT_FOUND || (e == E_STORE_LOST && losses++ == 0)) {
            l->store->repeated++;
            continue;
        }
        if (e == E_CONFLICT && ++conflicts < CONFLICTS_MAX) {
            l->store->conflicts++;
            pause_ms((int64_t)conflicts * 2);
            continue;
        }
        bool is_whole =
            e == E_OK || e == E_STORE_LOST || e == E_STORE_BUSY || e == E_OUTCOME_UNKNOWN;
        if (is_whole || acts->next == NULL)
            answer(l, acts, e);
        else
            run_one_by_one(l, acts);
        return;
    }
}

/* --- the queue ----------------------------------------------------------------------------- */

/* Takes off the list what goes into one transaction: all, or where many write, one centre's. */
static struct act *part_of(struct lane *l, struct act **list)
{
    struct act *part = NULL, **end = &part, **at = list;
    int64_t center_id = (*list)->c->center_id, now = clock_steady();
    while (*at != NULL) {
        struct act *a = *at;
        if (l->store->engine->many_writers && a->c->center_id != center_id) {
            at = &a->next;
            continue;
        }
        *at = a->next;
        a->next = NULL;
        if (a->deadline != 0 && now > a->deadline) {
            l->store->refused++;
            a->done(a->arg, fail(a->c, E_BUSY, "waited in the lane past its deadline"));
            continue;
        }
        *end = a;
        end = &a->next;
    }
    return part;
}

static void run_list(struct lane *l, struct act *list)
{
    while (list != NULL) {
        atomic_store(&l->since, clock_steady());
        struct act *part = part_of(l, &list);
        if (part != NULL)
            run_batch(l, part);
        if (l->store->engine->rest != NULL)
            l->store->engine->rest(l->handle);
    }
    atomic_store(&l->since, 0);
}

/* With the queue locked: the first acts that wait, at most BATCH_MAX. */
static struct act *take(struct lane *l)
{
    struct act *list = l->first, *last = list;
    size_t n = 1;
    while (last->next != NULL && n < BATCH_MAX) {
        last = last->next;
        n++;
    }
    l->first = last->next;
    if (l->first == NULL)
        l->end = &l->first;
    last->next = NULL;
    l->waiting -= n;
    return list;
}

static void *lane_thread(void *arg)
{
    struct lane *l = arg;
    pthread_mutex_lock(&l->lock);
    for (;;) {
        if (l->first == NULL && l->is_stopping)
            break;
        if (l->first == NULL || l->is_held || l->want_hold > 0) {
            pthread_cond_wait(&l->changed, &l->lock);
            continue;
        }
        struct act *list = take(l);
        l->is_running = true;
        pthread_mutex_unlock(&l->lock);
        run_list(l, list);
        pthread_mutex_lock(&l->lock);
        l->is_running = false;
        if (l->want_hold > 0)
            pthread_cond_broadcast(&l->changed);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

void lane_hold(struct lane *l)
{
    pthread_mutex_lock(&l->lock);
    l->want_hold++;
    while (l->is_running || l->is_held)
        pthread_cond_wait(&l->changed, &l->lock);
    l->want_hold--;
    l->is_held = true;
    pthread_mutex_unlock(&l->lock);
}

void lane_let_go(struct lane *l)
{
    pthread_mutex_lock(&l->lock);
    l->is_held = false;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

enum err store_submit(struct store *s, struct act *act)
{
    BUG_IF(act->c->txn != NULL);
    struct lane *l = store_lane_of(s, act->c->center_id);
    act->next = NULL;
    act->result = E_OK;
    pthread_mutex_lock(&l->lock);
    bool is_full = l->waiting >= s->options.queue_bound, is_stopping = l->is_stopping;
    if (!is_full && !is_stopping) {
        *l->end = act;
        l->end = &act->next;
        if (l->waiting++ == 0)
            pthread_cond_broadcast(&l->changed);
    }
    pthread_mutex_unlock(&l->lock);
    if (!is_full && !is_stopping)
        return E_OK;
    if (is_full)
        s->queue_full++;
    return fail(act->c, E_BUSY, is_full ? "the lane's queue is full" : "the store is stopping");
}

struct waiting_act {
    struct act act;
    pthread_mutex_t lock;
    pthread_cond_t is_done_now;
    store_work *run;
    void *arg;
    bool is_done;
    enum err result;
};

static enum err run_waiting(struct ctx *c, void *arg)
{
    struct waiting_act *w = arg;
    return w->run(c, w->arg);
}

static void wake_waiting(void *arg, enum err e)
{
    struct waiting_act *w = arg;
    pthread_mutex_lock(&w->lock);
    w->result = e;
    w->is_done = true;
    pthread_cond_signal(&w->is_done_now);
    pthread_mutex_unlock(&w->lock);
}

/* An act inside a held transaction: in a savepoint of its own, as in a lane. */
static enum err run_inside(struct ctx *c, store_work *run, void *arg)
{
    struct txn *t = c->txn;
    const struct engine *g = t->store->engine;
    BUG_IF(!t->is_held);
    if (t->is_nested)
        return run(c, arg);
    t->act++;
    enum err e = g->savepoint(t->handle);
    if (e != E_OK)
        return fail(c, e, "savepoint: %s", t->handle->why);
    t->is_nested = true;
    e = run(c, arg);
    t->is_nested = false;
    if (e != E_OK)
        journal_undo(t);
    enum err ended = e == E_OK ? g->release(t->handle) : g->rollback_to(t->handle);
    t->act++;
    return e != E_OK || ended == E_OK ? e : fail(c, ended, "savepoint: %s", t->handle->why);
}

enum err store_act(struct store *s, struct ctx *c, store_work *run, void *arg)
{
    if (c->txn != NULL)
        return run_inside(c, run, arg);
    struct waiting_act w = {
        .act = {.c = c, .run = run_waiting, .done = wake_waiting},
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .is_done_now = PTHREAD_COND_INITIALIZER,
        .run = run,
        .arg = arg,
    };
    w.act.arg = &w;
    TRY(store_submit(s, &w.act));
    pthread_mutex_lock(&w.lock);
    while (!w.is_done)
        pthread_cond_wait(&w.is_done_now, &w.lock);
    pthread_mutex_unlock(&w.lock);
    return w.result;
}

/* --- starting and stopping ----------------------------------------------------------------- */

enum err lanes_start(struct store *s)
{
    sigset_t all, before;
    sigfillset(&all);
    enum err e = E_OK;
    for (unsigned i = 0; i < s->lane_count; i++) {
        struct lane *l = &s->lanes[i];
        pthread_mutex_init(&l->lock, NULL);
        pthread_cond_init(&l->changed, NULL);
        l->end = &l->first;
        l->arena = arena_new((size_t)1 << 30);
        l->txn.lane = l;
        txn_forget(&l->txn);
        l->is_ready = true;
        pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are the main thread's */
        if (pthread_create(&l->thread, NULL, lane_thread, l) != 0)
            e = E_STORE_OPEN;
        else
            l->has_thread = true;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return e;
}

void lanes_stop(struct store *s)
{
    for (unsigned i = 0; s->lanes != NULL && i < s->lane_count; i++) {
        struct lane *l = &s->lanes[i];
        if (!l->is_ready)
            continue;
        pthread_mutex_lock(&l->lock);
        l->is_stopping = true;
        pthread_cond_broadcast(&l->changed);
        pthread_mutex_unlock(&l->lock);
        if (l->has_thread)
            pthread_join(l->thread, NULL);
        pthread_mutex_destroy(&l->lock);
        pthread_cond_destroy(&l->changed);
        arena_free(l->arena);
        l->is_ready = false;
    }
}
