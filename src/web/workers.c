/* A bounded pool of threads for what must not hold up a network thread: reads on PostgreSQL, slow
 * pages, the `before` step of an act (password hashing, signatures). */
#include "server.h"

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct trip *first, *last;
    size_t waiting, bound;
    bool is_stopping;
    unsigned count;
    pthread_t *threads;
};

static void *work(void *arg)
{
    struct workers *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->first == NULL && !p->is_stopping)
            pthread_cond_wait(&p->wake, &p->lock);
        struct trip *t = p->first;
        if (t == NULL)
            break;
        p->first = t->next;
        if (p->first == NULL)
            p->last = NULL;
        p->waiting--;
        pthread_mutex_unlock(&p->lock);
        t->task(t);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct workers *workers_new(struct arena *a, unsigned threads, size_t bound)
{
    struct workers *p = ARENA_NEW(a, struct workers);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    p->bound = bound;
    p->threads = ARENA_ARRAY(a, pthread_t, threads);
    while (p->count < threads && pthread_create(&p->threads[p->count], NULL, work, p) == 0)
        p->count++;
    return p->count > 0 ? p : NULL;
}

bool workers_add(struct workers *p, struct trip *t, void (*task)(struct trip *t))
{
    pthread_mutex_lock(&p->lock);
    bool is_taken = p->waiting < p->bound && !p->is_stopping;
    if (is_taken) {
        t->task = task;
        t->next = NULL;
        if (p->last != NULL)
            p->last->next = t;
        else
            p->first = t;
        p->last = t;
        p->waiting++;
        pthread_cond_signal(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
    return is_taken;
}

void workers_stop(struct workers *p)
{
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->count; i++)
        pthread_join(p->threads[i], NULL);
}
