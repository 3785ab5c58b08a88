/* The threads that print. Each takes a printer that no other of this process has, opens it, sends what
 * waits for it one slip after the other, and closes it when nothing does: a printer serves one connection
 * at a time, and a slow one keeps nobody else waiting. They are woken by the journal after a commit. A
 * slip is claimed in the database before its first byte goes out; what came of it is written behind it. */
#include "clock.h"
#include "journal.h"
#include "log.h"
#include "port.h"
#include "printer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define THREADS       6
#define BUSY_MOST     64
#define LOOK_MS       1000  /* without being woken */
#define CHECK_MS      60000 /* how often an idle printer is asked how it is */
#define RETRY_MS      2000
#define RETRY_MOST_MS 15000
#define SLIPS_AT_ONCE 200 /* of one opening; then others look too */
#define WORK_BYTES    ((size_t)8 << 20)

struct printing {
    struct arena *arena;
    struct ctx base; /* store, keys, centre */
    pthread_t threads[THREADS];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool is_stopping;
    uint64_t wakings;
    int64_t busy[BUSY_MOST]; /* printers that a thread has */
    size_t busy_count;
};

static struct str state_word(enum port_state s)
{
    static const char *const words[] = {"ok",         "unreachable", "silent", "offline",
                                        "cover_open", "paper_out",   "broken"};
    return str_of(words[s]);
}

/* One piece of work: a context over the thread's arena, at the present time. */
static struct ctx work_context(const struct printing *p, struct arena *a)
{
    struct ctx c = p->base;
    c.arena = a;
    c.now = clock_now();
    c.txn = NULL;
    c.settings = NULL;
    c.request_id = STR("printing");
    return c;
}

struct printer_work {
    int64_t printer_id;
    struct printer_row *printer;
    struct slip_next_row *slip;
    int64_t claimed;
    enum port_state state;
    bool is_mute;
    enum port_outcome outcome;
};

static enum err read_printer(struct ctx *c, void *arg)
{
    struct printer_work *w = arg;
    return printer(c, c->center_id, w->printer_id, &w->printer);
}

static enum err note_state(struct ctx *c, void *arg)
{
    const struct printer_work *w = arg;
    return printer_is(c, w->printer_id, state_word(w->state), w->is_mute);
}

static enum err claim_next(struct ctx *c, void *arg)
{
    struct printer_work *w = arg;
    w->claimed = 0;
    TRY(slip_next(c, c->center_id, w->printer_id, c->now, &w->slip));
    return w->slip == NULL ? E_OK
                           : slip_claim_changes(c, c->center_id, w->slip->id, c->now, &w->claimed);
}

static int64_t retry_ms(int64_t tries)
{
    int64_t ms = RETRY_MS * (tries + 1);
    return ms < RETRY_MOST_MS ? ms : RETRY_MOST_MS;
}

static enum err note_outcome(struct ctx *c, void *arg)
{
    const struct printer_work *w = arg;
    const struct slip_next_row *s = w->slip;
    if (w->outcome == PORT_PRINTED) {
        TRY(printer_printed_put(c, c->center_id, w->printer_id, c->now));
        return slip_ended(c, s->id, s->thread, s->number, SLIP_PRINTED, STR(""));
    }
    TRY(printer_is(c, w->printer_id, state_word(w->state), w->is_mute));
    if (w->outcome == PORT_NOT_BEGUN)
        return slip_again_put(c, c->center_id, s->id, c->now + retry_ms(s->tries));
    return slip_ended(c, s->id, s->thread, s->number, SLIP_FAILED, state_word(w->state));
}

static enum err put_off(struct ctx *c, void *arg)
{
    const struct printer_work *w = arg;
    return slip_put_off(c, c->center_id, w->printer_id, c->now, c->now + RETRY_MS);
}

/* Writes; a database that is away for a while is waited for, because what a printer did is known here only. */
static bool write_surely(struct printing *p, struct arena *a, store_work *run,
                         struct printer_work *w)
{
    for (int i = 0; i < 20; i++) {
        struct ctx c = work_context(p, a);
        if (store_act(c.store, &c, run, w) == E_OK)
            return true;
        log_line(LOG_WARN, "printing_not_noted", "printer=%lld", (long long)w->printer_id);
        struct timespec t = {.tv_nsec = 200000000};
        nanosleep(&t, NULL);
        if (p->is_stopping)
            return false;
    }
    return false;
}

/* Sends what waits, until nothing does or something is the matter. Then all of it waits a little: a printer
 * that breaks off each slip must not be given one after the other to spoil. */
static void send_slips(struct printing *p, struct arena *a, struct printer_work *w,
                       struct port *port)
{
    for (int i = 0; i < SLIPS_AT_ONCE; i++) {
        struct ctx c = work_context(p, a);
        if (p->is_stopping || store_act(c.store, &c, claim_next, w) != E_OK || w->claimed != 1)
            return;
        w->outcome = PORT_NOT_BEGUN;
        if (i == 0 || (w->state = port_check(port)) == PORT_OK)
            w->outcome = port_print(port, w->slip->bytes, &w->state);
        w->is_mute = port->is_mute;
        if (!write_surely(p, a, note_outcome, w))
            return;
        if (w->outcome != PORT_PRINTED) {
            (void)write_surely(p, a, put_off, w);
            return;
        }
    }
}

static void serve_printer(struct printing *p, struct arena *a, int64_t id)
{
    struct printer_work w = {.printer_id = id};
    struct port port;
    struct ctx c = work_context(p, a);
    if (store_read(c.store, &c, read_printer, &w) != E_OK || w.printer == NULL)
        return;
    w.state = port_open(a, w.printer->address, w.printer->is_mute, &port);
    w.is_mute = port.is_mute;
    bool is_news = !str_eq(state_word(w.state), w.printer->state) ||
                   w.is_mute != w.printer->is_mute ||
                   w.printer->checked_at < clock_now() - CHECK_MS / 2;
    if (is_news)
        (void)write_surely(p, a, note_state, &w);
    if (w.state != PORT_OK) {
        (void)write_surely(p, a, put_off, &w);
        return;
    }
    send_slips(p, a, &w, &port);
    port_close(&port);
}

/* --- who serves which --- */

static bool is_busy(const struct printing *p, int64_t id)
{
    for (size_t i = 0; i < p->busy_count; i++)
        if (p->busy[i] == id)
            return true;
    return false;
}

static bool take_printer(struct printing *p, int64_t id)
{
    pthread_mutex_lock(&p->lock);
    bool is_mine = !is_busy(p, id) && p->busy_count < BUSY_MOST;
    if (is_mine)
        p->busy[p->busy_count++] = id;
    pthread_mutex_unlock(&p->lock);
    return is_mine;
}

static void leave_printer(struct printing *p, int64_t id)
{
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < p->busy_count; i++)
        if (p->busy[i] == id) {
            p->busy[i] = p->busy[--p->busy_count];
            break;
        }
    pthread_mutex_unlock(&p->lock);
}

static enum err read_due(struct ctx *c, void *arg)
{
    return printers_due(c, c->center_id, c->now, c->now - CHECK_MS, arg);
}

/* One round; whether any printer was there to be served. */
static bool look(struct printing *p, struct arena *a)
{
    struct printers_due_rows due = {0};
    struct ctx c = work_context(p, a);
    bool did = false;
    if (store_read(c.store, &c, read_due, &due) != E_OK)
        return false;
    for (size_t i = 0; i < due.n && !p->is_stopping; i++) {
        if (!take_printer(p, due.v[i].id))
            continue;
        serve_printer(p, a, due.v[i].id);
        leave_printer(p, due.v[i].id);
        did = true;
    }
    return did;
}

static void sleep_until_woken(struct printing *p, uint64_t seen)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += LOOK_MS / 1000;
    pthread_mutex_lock(&p->lock);
    while (!p->is_stopping && p->wakings == seen)
        if (pthread_cond_timedwait(&p->wake, &p->lock, &t) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&p->lock);
}

static void *run_printing(void *arg)
{
    struct printing *p = arg;
    struct arena *a = arena_new(WORK_BYTES);
    while (!p->is_stopping) {
        pthread_mutex_lock(&p->lock);
        uint64_t seen = p->wakings;
        pthread_mutex_unlock(&p->lock);
        bool did = look(p, a);
        arena_reset(a);
        if (!did)
            sleep_until_woken(p, seen);
    }
    arena_free(a);
    return NULL;
}

static void wake_all(struct printing *p)
{
    pthread_mutex_lock(&p->lock);
    p->wakings++;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

/* A ticket may have a slip, and who asks for one once more is journalled. */
static void on_entry(void *arg, const struct journal_entry *e)
{
    if (e->kind == EV_TICKET_ISSUED || e->kind == EV_SLIP_ASKED || e->kind == EV_PRINTER_ADDED)
        wake_all(arg);
}

enum err printing_start(struct ctx *c, void **ret_service)
{
    struct arena *a = arena_new(1 << 20);
    struct printing *p = ARENA_NEW(a, struct printing);
    pthread_condattr_t attributes;
    p->arena = a;
    p->base = *c;
    p->base.request = NULL;
    /* zh: a name as the journal keeps it */
    p->base.actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("打印")};
    p->base.lang = LANG_ZH;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&p->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    *ret_service = p;
    journal_listen(c->store, on_entry, p);
    for (size_t i = 0; i < THREADS; i++) {
        if (pthread_create(&p->threads[i], NULL, run_printing, p) != 0) {
            printing_stop(p);
            *ret_service = NULL;
            return fail(c, E_INTERNAL, "no thread to print with");
        }
        p->thread_count++;
    }
    return E_OK;
}

void printing_stop(void *service)
{
    struct printing *p = service;
    journal_unlisten(p->base.store, p);
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->thread_count; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    arena_free(p->arena);
}
