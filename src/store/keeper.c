/* The keeper of SQLite's log: a thread with a connection of its own that copies the log into the
 * database file while the lane goes on committing, so that no visitor waits for it. */
#include "engine.h"

struct keeper {
    struct store *store;
    struct handle *handle;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_asked, is_stopping;
};

static void *keep(void *arg)
{
    struct keeper *k = arg;
    pthread_mutex_lock(&k->lock);
    while (!k->is_stopping) {
        if (!k->is_asked) {
            pthread_cond_wait(&k->changed, &k->lock);
            continue;
        }
        pthread_mutex_unlock(&k->lock);
        /* What it could not move now (a long reader) is moved the next time. */
        (void)!sqlite_move_log(k->handle);
        pthread_mutex_lock(&k->lock);
        k->is_asked = false;
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

enum err keeper_start(struct store *s)
{
    struct keeper *k = ARENA_NEW(s->arena, struct keeper);
    k->store = s;
    enum err e = s->engine->open(s, true, &k->handle);
    if (e != E_OK) {
        s->engine->close(k->handle);
        return e;
    }
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->changed, NULL);
    if (pthread_create(&k->thread, NULL, keep, k) != 0) {
        s->engine->close(k->handle);
        return E_STORE_OPEN;
    }
    s->keeper = k;
    return E_OK;
}

void keeper_stop(struct store *s)
{
    struct keeper *k = s->keeper;
    if (k == NULL)
        return;
    pthread_mutex_lock(&k->lock);
    k->is_stopping = true;
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    s->engine->close(k->handle);
    pthread_mutex_destroy(&k->lock);
    pthread_cond_destroy(&k->changed);
    s->keeper = NULL;
}

void keeper_wake(struct store *s)
{
    struct keeper *k = s->keeper;
    if (k == NULL)
        return;
    pthread_mutex_lock(&k->lock);
    k->is_asked = true;
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
}

bool keeper_is_idle(struct store *s)
{
    struct keeper *k = s->keeper;
    if (k == NULL)
        return true;
    pthread_mutex_lock(&k->lock);
    bool is_idle = !k->is_asked;
    pthread_mutex_unlock(&k->lock);
    return is_idle;
}
