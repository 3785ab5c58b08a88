/* Opening and closing the database, reading, holding, and what the store remembers of each centre.
 * The lanes are in lane.c, the engines in sqlite.c and postgres.c. */
#include "clock.h"
#include "engine.h"
#include "ids.h"
#include "log.h"
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define READERS_DEFAULT 6
#define READER_WAIT_MS  2000
#define STUCK_MS        10000

/* --- what the store remembers -------------------------------------------------------------- */

struct center_memory *store_center(struct store *s, int64_t center_id)
{
    struct center_memory **at = &s->centers[(uint64_t)center_id % CENTER_BUCKETS];
    pthread_mutex_lock(&s->lock);
    struct center_memory *m = *at;
    while (m != NULL && m->center_id != center_id)
        m = m->next;
    if (m == NULL) {
        m = ARENA_NEW(s->arena, struct center_memory);
        m->center_id = center_id;
        m->heard = -1;
        m->next = *at;
        *at = m;
    }
    pthread_mutex_unlock(&s->lock);
    return m;
}

void store_fill(struct store *s, struct ctx *c)
{
    c->store = s;
    if (c->ids == NULL)
        c->ids = s->ids;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(event_table[*(const enum event *)a].name,
                  event_table[*(const enum event *)b].name);
}

static void sort_kinds(struct store *s)
{
    s->kinds = ARENA_ARRAY(s->arena, enum event, (size_t)EVENT_COUNT + 1);
    for (int i = 0; i < EVENT_COUNT; i++)
        s->kinds[i] = (enum event)i;
    qsort(s->kinds, EVENT_COUNT, sizeof *s->kinds, by_name);
}

/* --- read handles -------------------------------------------------------------------------- */

static enum err open_reader(struct store *s, struct handle **ret_h)
{
    struct handle *h = NULL;
    enum err e = s->engine->open(s, false, &h);
    if (e == E_OK)
        e = s->engine->prepare(h);
    if (e != E_OK) {
        log_line(LOG_ERROR, "store_reader", "why=\"%s\"", h->why);
        s->engine->close(h);
        return e;
    }
    *ret_h = h;
    return E_OK;
}

/* A thread of SQLite's readers ends: its handle goes with it. */
static void close_reader(void *arg)
{
    struct handle *h = arg;
    struct store *s = h->store;
    pthread_mutex_lock(&s->lock);
    for (struct handle **at = &s->readers; *at != NULL; at = &(*at)->next)
        if (*at == h) {
            *at = h->next;
            break;
        }
    pthread_mutex_unlock(&s->lock);
    s->engine->close(h);
}

static enum err thread_reader(struct store *s, struct handle **ret_h)
{
    struct handle *h = pthread_getspecific(s->reader_key);
    if (h == NULL) {
        TRY(open_reader(s, &h));
        pthread_mutex_lock(&s->lock);
        h->next = s->readers;
        s->readers = h;
        pthread_mutex_unlock(&s->lock);
        pthread_setspecific(s->reader_key, h);
    }
    if (h->in_use)
        BUG("a read inside a read on one thread: pass the context on instead");
    *ret_h = h;
    return E_OK;
}

/* An idle connection, a new one while there may be more, or the next to come back. */
static enum err pooled_reader(struct store *s, struct handle **ret_h)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += READER_WAIT_MS / 1000;
    pthread_mutex_lock(&s->lock);
    while (s->readers == NULL && s->reader_count >= s->options.readers) {
        if (pthread_cond_timedwait(&s->reader_free, &s->lock, &until) == ETIMEDOUT) {
            pthread_mutex_unlock(&s->lock);
            return E_STORE_BUSY;
        }
    }
    struct handle *h = s->readers;
    if (h != NULL)
        s->readers = h->next;
    else
        s->reader_count++;
    pthread_mutex_unlock(&s->lock);
    enum err e = h == NULL ? open_reader(s, &h) : s->engine->revive(h);
    if (e == E_OK) {
        *ret_h = h;
        return E_OK;
    }
    if (h != NULL)
        s->engine->close(h);
    pthread_mutex_lock(&s->lock);
    s->reader_count--;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->lock);
    return e;
}

static enum err take_reader(struct store *s, struct handle **ret_h)
{
    enum err e = s->has_reader_key ? thread_reader(s, ret_h) : pooled_reader(s, ret_h);
    if (e == E_OK)
        (*ret_h)->in_use = true;
    return e;
}

static void give_reader(struct store *s, struct handle *h)
{
    h->in_use = false;
    if (s->has_reader_key)
        return;
    pthread_mutex_lock(&s->lock);
    h->next = s->readers;
    s->readers = h;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->lock);
}

enum err store_read(struct store *s, struct ctx *c, store_work *work, void *arg)
{
    if (c->txn != NULL)
        return work(c, arg);
    struct handle *h = NULL;
    enum err e = take_reader(s, &h);
    if (e != E_OK)
        return fail(c, e, "no reader");
    store_fill(s, c);
    struct txn t = {.store = s, .handle = h, .arena = c->arena};
    e = s->engine->begin(h);
    if (e == E_OK) {
        c->txn = &t;
        e = settings_load(c);
        if (e == E_OK)
            e = work(c, arg);
        c->txn = NULL;
        if (s->engine->commit(h) != E_OK)
            s->engine->rollback(h);
    } else {
        e = fail(c, e, "begin: %s", h->why);
        s->engine->rollback(h);
    }
    give_reader(s, h);
    return e;
}

/* --- holding ------------------------------------------------------------------------------- */

struct lane *store_lane_of(struct store *s, int64_t center_id)
{
    /* Ids are multiples of little: mix them before choosing. */
    uint64_t mixed = (uint64_t)center_id * UINT64_C(0x9E3779B97F4A7C15);
    return &s->lanes[(mixed >> 32) % s->lane_count];
}

enum err store_hold(struct store *s, struct ctx *c)
{
    BUG_IF(c->txn != NULL);
    struct lane *l = store_lane_of(s, c->center_id);
    lane_hold(l);
    store_fill(s, c);
    enum err e = txn_begin(l, c);
    if (e == E_OK) {
        l->txn.is_held = true;
        c->txn = &l->txn;
        e = settings_load(c);
        if (e == E_OK)
            return E_OK;
        c->txn = NULL;
        s->engine->rollback(l->handle);
        txn_forget(&l->txn);
    }
    lane_let_go(l);
    return e;
}

enum err store_let_go(struct ctx *c, bool keep)
{
    struct txn *t = c->txn;
    BUG_IF(t == NULL || !t->is_held);
    struct lane *l = t->lane;
    const struct engine *g = t->store->engine;
    enum err e = E_OK;
    if (keep) {
        e = txn_write_heads(l, c);
        if (e == E_OK && (e = g->commit(l->handle)) != E_OK)
            e = fail(c, e, "commit: %s", l->handle->why);
    }
    if (!keep || e != E_OK)
        g->rollback(l->handle);
    c->txn = NULL;
    c->settings = keep ? NULL : c->settings;
    if (keep && e == E_OK)
        journal_publish(t->store, t);
    txn_forget(t);
    if (g->rest != NULL)
        g->rest(l->handle);
    lane_let_go(l);
    return e;
}

enum err store_bulk(struct store *s, struct ctx *c, store_work *run, void *arg)
{
    if (c->txn != NULL)
        return run(c, arg);
    TRY(store_hold(s, c));
    enum err e = run(c, arg);
    enum err ended = store_let_go(c, e == E_OK);
    return e != E_OK ? e : ended;
}

/* --- opening and closing ------------------------------------------------------------------- */

static void init_locks(struct store *s)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->reader_free, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&s->lock, NULL);
    /* A listener may read, and a read may wait for nothing that publishes: no recursion. */
    pthread_mutex_init(&s->publish_lock, NULL);
}

static const struct engine *engine_of(const char *url)
{
    if (strncmp(url, "sqlite:", 7) == 0 && url[7] != '\0')
        return &sqlite_engine;
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        return &postgres_engine;
    return NULL;
}

static enum err say(struct arena *a, struct str *ret_why, const char *what, const struct handle *h)
{
    *ret_why = str_fmt(a, "%s:%s", what, h == NULL ? "内存或线程不足" : h->why);
    return E_STORE_OPEN;
}

/* The schema first, on a connection of its own, for nothing can be prepared before it is there. */
static enum err open_schema(struct store *s, struct arena *a, struct str *ret_why)
{
    struct handle *h = NULL;
    enum err e = s->engine->open(s, true, &h);
    if (e != E_OK)
        say(a, ret_why, "数据库打不开", h);
    else
        e = migrate(h, s->options.migrate, a, ret_why);
    s->engine->close(h);
    return e == E_OK ? E_OK : E_STORE_OPEN;
}

static enum err open_lanes(struct store *s, struct arena *a, struct str *ret_why)
{
    s->lanes = ARENA_ARRAY(s->arena, struct lane, s->lane_count);
    for (unsigned i = 0; i < s->lane_count; i++) {
        struct lane *l = &s->lanes[i];
        l->store = s;
        enum err e = s->engine->open(s, true, &l->handle);
        if (e == E_OK)
            e = s->engine->prepare(l->handle);
        if (e != E_OK)
            return say(a, ret_why, "数据库打不开", l->handle);
    }
    return E_OK;
}

static enum err open_all(struct store *s, struct arena *a, struct str *ret_why)
{
    TRY(open_schema(s, a, ret_why));
    TRY(open_lanes(s, a, ret_why));
    if (s->engine == &sqlite_engine) {
        if (pthread_key_create(&s->reader_key, close_reader) != 0)
            return say(a, ret_why, "数据库打不开", NULL);
        s->has_reader_key = true;
        if (keeper_start(s) != E_OK)
            return say(a, ret_why, "数据库打不开", NULL);
    }
    if (lanes_start(s) != E_OK || tail_start(s) != E_OK)
        return say(a, ret_why, "数据库打不开", NULL);
    return E_OK;
}

enum err store_open(const struct store_options *o, struct arena *a, struct store **ret_store,
                    struct str *ret_why)
{
    const struct engine *engine = engine_of(o->url);
    if (engine == NULL) {
        *ret_why = STR("数据库地址应以 sqlite：或 postgresql:// 开头");
        return E_STORE_OPEN;
    }
    struct arena *own = arena_new((size_t)64 << 20);
    struct store *s = ARENA_NEW(own, struct store);
    s->arena = own;
    s->options = *o;
    s->options.url = str_z(own, str_of(o->url));
    s->options.readers = o->readers == 0 ? READERS_DEFAULT : o->readers;
    s->options.queue_bound = o->queue_bound == 0 ? 4096 : o->queue_bound;
    s->engine = engine;
    s->lane_count = engine == &sqlite_engine ? 1 : o->lanes == 0 ? 4 : o->lanes;
    s->ids = ids_new(o->node);
    init_locks(s);
    sort_kinds(s);
    enum err e = open_all(s, a, ret_why);
    if (e != E_OK) {
        store_close(s);
        return e;
    }
    *ret_store = s;
    return E_OK;
}

void store_close(struct store *s)
{
    lanes_stop(s); /* they still speak to the tail and the keeper */
    tail_stop(s);
    keeper_stop(s);
    if (s->has_reader_key)
        pthread_key_delete(s->reader_key);
    while (s->readers != NULL) {
        struct handle *h = s->readers;
        s->readers = h->next;
        s->engine->close(h);
    }
    for (unsigned i = 0; s->lanes != NULL && i < s->lane_count; i++)
        if (s->lanes[i].handle != NULL)
            s->engine->close(s->lanes[i].handle);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->publish_lock);
    pthread_cond_destroy(&s->reader_free);
    ids_free(s->ids);
    arena_free(s->arena);
}

bool store_is_postgres(const struct store *s)
{
    return s->engine == &postgres_engine;
}

void store_gauge_set(struct store *s, const char *name, int64_t value)
{
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < STORE_GAUGES_MOST; i++)
        if (s->gauges[i].name == NULL || strcmp(s->gauges[i].name, name) == 0) {
            s->gauges[i].name = name;
            s->gauges[i].value = value;
            break;
        }
    pthread_mutex_unlock(&s->lock);
}

bool store_gauge(struct store *s, int i, const char **ret_name, int64_t *ret_value)
{
    if (i >= STORE_GAUGES_MOST)
        return false;
    pthread_mutex_lock(&s->lock);
    *ret_name = s->gauges[i].name;
    *ret_value = s->gauges[i].value;
    pthread_mutex_unlock(&s->lock);
    return *ret_name != NULL;
}

const char *store_folder(const struct store *s)
{
    return s->options.folder;
}

struct ids *store_ids(struct store *s)
{
    return s->ids;
}

/* --- watching ------------------------------------------------------------------------------ */

void store_figures(struct store *s, struct store_figures *ret)
{
    *ret = (struct store_figures){
        .acts = s->acts,
        .refused = s->refused,
        .batches = s->batches,
        .conflicts = s->conflicts,
        .largest_batch = s->largest_batch,
        .repeated = s->repeated,
        .taken_back = s->taken_back,
        .queue_full = s->queue_full,
    };
    for (unsigned i = 0; i < s->lane_count; i++) {
        struct lane *l = &s->lanes[i];
        pthread_mutex_lock(&l->lock);
        ret->waiting += l->waiting;
        pthread_mutex_unlock(&l->lock);
    }
}

static enum err read_head(struct ctx *c, void *arg)
{
    (void)arg;
    int64_t seq = 0;
    struct str hash = STR_NONE;
    return journal_head(c, &seq, &hash);
}

enum err store_check(struct store *s, struct ctx *c)
{
    TRY(store_read(s, c, read_head, NULL));
    for (unsigned i = 0; i < s->lane_count; i++) {
        struct lane *l = &s->lanes[i];
        int64_t since = l->since;
        if (since != 0 && clock_steady() - since > STUCK_MS)
            return fail(c, E_STORE_BUSY, "lane %u has been busy for %lld ms", i,
                        (long long)(clock_steady() - since));
        enum err last = (enum err)atomic_load(&l->last_error);
        if (last != E_OK && clock_steady() - l->last_at < STUCK_MS)
            return fail(c, last, "lane %u: %s", i, err_table[last].name);
    }
    return E_OK;
}
