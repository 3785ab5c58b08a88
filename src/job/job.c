/* One thread and a table of times when each job is due next. A job that runs long makes the
 * others late, never concurrent: two jobs of one process never race, and a lane is taken for no
 * more than one act at a time. Times come from the steady clock, so a clock that is set
 * neither skips a job nor runs it twice. Only a clock that tests move (clock_move) makes all of them due. */
#include "job.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "services.h"

#define JOB_ARENA_BYTES           ((size_t)256 << 20)
#define FIRST_RUN_AT_MOST_SECONDS 60

struct jobs {
    struct jobs_options o;
    struct arena *arena; /* of this struct */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    int64_t *due;  /* clock_steady() of each job's next run */
    int64_t moved; /* clock_moved() when it was last looked at */
};

static enum err run_one(struct ctx *c, void *arg)
{
    const struct job_info **job = arg;
    return (*job)->run(c);
}

static enum err run_job(const struct jobs_options *o, const struct job_info *job, int64_t now)
{
    struct arena *a = arena_new(JOB_ARENA_BYTES);
    struct ctx c = {
        .arena = a,
        .store = o->store,
        .keys = o->keys,
        .ids = store_ids(o->store),
        .now = now,
        .zone_minutes = o->zone_minutes,
        .center_id = o->center_id,
        .actor = {.kind = ACTOR_SYSTEM, .name = STR("系统"), .login = STR_NONE},
        .services = o->services,
    };
    c.request_id = str_fmt(a, "job-%s", job->name);
    enum err e = store_act(o->store, &c, run_one, &job);
    if (e != E_OK)
        log_line(err_table[e].status >= 500 ? LOG_ERROR : LOG_WARN, "job_failed",
                 "job=%s error=%s detail=\"%.*s\"", job->name, err_table[e].code,
                 STR_ARG(c.refusal.detail));
    arena_free(a);
    return e;
}

enum err job_run(const struct jobs_options *o, const char *name, int64_t now)
{
    for (int i = 0; i < job_count; i++)
        if (strcmp(job_table[i].name, name) == 0)
            return run_job(o, &job_table[i], now);
    return E_NOT_FOUND;
}

/* The job due first; -1 when there is none at all. */
static int next_job(const struct jobs *j)
{
    int next = -1;
    for (int i = 0; i < job_count; i++)
        if (next < 0 || j->due[i] < j->due[next])
            next = i;
    return next;
}

static void wait_until(struct jobs *j, int64_t steady)
{
    struct timespec t = {.tv_sec = (time_t)(steady / SECOND_MS),
                         .tv_nsec = (long)(steady % SECOND_MS) * 1000000};
    pthread_cond_timedwait(&j->wake, &j->lock, &t);
}

/* What waits for a day need not wait for its minute when a test has just made it that day. */
static void follow_clock(struct jobs *j)
{
    if (clock_moved() == j->moved)
        return;
    j->moved = clock_moved();
    for (int i = 0; i < job_count; i++)
        j->due[i] = clock_steady();
}

static void *run_jobs(void *arg)
{
    struct jobs *j = arg;
    pthread_mutex_lock(&j->lock);
    while (!j->stopping) {
        follow_clock(j);
        int next = next_job(j);
        if (next < 0) {
            pthread_cond_wait(&j->wake, &j->lock);
            continue;
        }
        if (j->due[next] > clock_steady()) {
            wait_until(j, j->due[next]);
            continue;
        }
        pthread_mutex_unlock(&j->lock);
        (void)run_job(&j->o, &job_table[next], clock_now());
        pthread_mutex_lock(&j->lock);
        j->due[next] = clock_steady() + job_table[next].every_seconds * SECOND_MS;
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

enum err jobs_start(const struct jobs_options *o, struct jobs **ret_jobs)
{
    struct arena *a = arena_new(1 << 20);
    struct jobs *j = ARENA_NEW(a, struct jobs);
    j->o = *o;
    j->arena = a;
    j->due = ARENA_ARRAY(a, int64_t, (size_t)job_count + 1);
    j->moved = clock_moved();
    for (int i = 0; i < job_count; i++) {
        int every = job_table[i].every_seconds;
        int first = every < FIRST_RUN_AT_MOST_SECONDS ? every : FIRST_RUN_AT_MOST_SECONDS;
        j->due[i] = clock_steady() + first * SECOND_MS;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&j->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&j->lock, NULL);
    if (pthread_create(&j->thread, NULL, run_jobs, j) != 0) {
        arena_free(a);
        return E_INTERNAL;
    }
    *ret_jobs = j;
    return E_OK;
}

void jobs_stop(struct jobs *j)
{
    if (j == NULL)
        return;
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_cond_signal(&j->wake);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    arena_free(j->arena);
}
