/* The tail: hears the acts of other processes on PostgreSQL. A lane tells "tag centre seq" after
 * each commit; the tail of every other process then reads the journal beyond what its listeners
 * have heard. A lost word does no harm: each LOOK_MS all heads are compared.
 *
 * journal.c keeps the order: whatever was heard, from the lane or from here, is passed over. */
#include "clock.h"
#include "log.h"
#include "postgres.h"
#include "store_gen.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOOK_MS 5000

struct tail {
    struct store *store;
    struct handle *handle;
    pthread_t thread;
    int stop; /* eventfd */
    bool has_looked;
    char tag[24];
};

const char *tail_tag(const struct store *s)
{
    return s->tail == NULL ? "-" : s->tail->tag;
}

static void on_word(struct tail *t, const char *text)
{
    char tag[24];
    long long center_id = 0, seq = 0;
    if (sscanf(text, "%23s %lld %lld", tag, &center_id, &seq) != 3 || strcmp(tag, t->tag) == 0)
        return;
    journal_catch_up(t->store, center_id);
}

static void on_head(void *arg, int columns, const char *const *values)
{
    struct tail *t = arg;
    int64_t center_id = 0, seq = 0;
    if (columns != 2 || !str_to_int(str_of(values[0]), &center_id) ||
        !str_to_int(str_of(values[1]), &seq))
        return;
    struct center_memory *m = store_center(t->store, center_id);
    pthread_mutex_lock(&t->store->publish_lock);
    if (m->heard < 0 && !t->has_looked)
        m->heard = seq; /* what was before we began is not news */
    bool is_behind = m->heard < seq;
    pthread_mutex_unlock(&t->store->publish_lock);
    if (is_behind)
        journal_catch_up(t->store, center_id);
}

static bool look_at_heads(struct tail *t)
{
    const char *heads = "SELECT center_id, seq FROM journal_head";
    bool is_well = t->handle->engine->rows(t->handle, heads, on_head, t) == E_OK;
    t->has_looked = t->has_looked || is_well;
    return is_well;
}

static bool connect_again(struct tail *t)
{
    struct pg_handle *p = pg_of(t->handle);
    PQfinish(p->conn);
    return pg_connect(p) == E_OK &&
           t->handle->engine->script(t->handle, "LISTEN onewindow") == E_OK && look_at_heads(t);
}

static void hear_words(struct tail *t, PGconn *conn)
{
    PGnotify *n = NULL;
    while (PQconsumeInput(conn) == 1 && (n = PQnotifies(conn)) != NULL) {
        on_word(t, n->extra);
        PQfreemem(n);
    }
}

static void *listen_thread(void *arg)
{
    struct tail *t = arg;
    struct pg_handle *p = pg_of(t->handle);
    int64_t look_at = clock_steady() + LOOK_MS;
    bool is_well = true;
    for (;;) {
        struct pollfd f[2] = {{.fd = t->stop, .events = POLLIN},
                              {.fd = is_well ? PQsocket(p->conn) : -1, .events = POLLIN}};
        int64_t wait = is_well ? look_at - clock_steady() : 500;
        poll(f, 2, wait < 0 ? 0 : (int)wait);
        if (f[0].revents != 0)
            return NULL;
        if (is_well)
            hear_words(t, p->conn);
        if (is_well && clock_steady() >= look_at) {
            is_well = look_at_heads(t);
            look_at = clock_steady() + LOOK_MS;
        }
        if (!is_well || PQstatus(p->conn) != CONNECTION_OK)
            is_well = connect_again(t);
    }
}

enum err tail_start(struct store *s)
{
    if (s->engine != &postgres_engine)
        return E_OK;
    struct tail *t = ARENA_NEW(s->arena, struct tail);
    uint8_t random[8];
    random_bytes(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(t->tag + 2 * i, 3, "%02x", random[i]);
    t->store = s;
    t->stop = eventfd(0, EFD_CLOEXEC);
    sigset_t all, before;
    sigfillset(&all);
    enum err e = s->engine->open(s, false, &t->handle);
    if (e == E_OK)
        e = s->engine->script(t->handle, "LISTEN onewindow");
    if (e == E_OK && !look_at_heads(t))
        e = E_STORE_OPEN;
    pthread_sigmask(SIG_BLOCK, &all, &before);
    if (e == E_OK && pthread_create(&t->thread, NULL, listen_thread, t) != 0)
        e = E_STORE_OPEN;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (e != E_OK) {
        s->engine->close(t->handle);
        close(t->stop);
        return e;
    }
    s->tail = t;
    return E_OK;
}

void tail_stop(struct store *s)
{
    struct tail *t = s->tail;
    if (t == NULL)
        return;
    uint64_t one = 1;
    while (write(t->stop, &one, sizeof one) != (ssize_t)sizeof one)
        continue;
    pthread_join(t->thread, NULL);
    s->engine->close(t->handle);
    close(t->stop);
    s->tail = NULL;
}
