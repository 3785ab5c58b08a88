/* Background jobs: the `job NAME SECONDS FUNCTION` lines of the .def files. One thread runs each
 * of them in turn when it is due: as an act on the lane (store.h), so c->txn is open for writing,
 * the act may be run again after a conflict, and what it does is durable and journalled like
 * any other act. A job takes a bounded piece of work a run and leaves the rest to its next one. A
 * failure is logged once and the job simply comes again; nothing waits for it. */
#ifndef JOB_H
#define JOB_H

#include "crypt.h"
#include "store.h"

struct jobs;

struct jobs_options {
    struct store *store;
    const struct keys *keys;
    void *const *services;
    int64_t center_id;
    int zone_minutes;
};

/* Starts the thread; the first round comes after each job's own interval, at most 60 s. */
MUST_USE enum err jobs_start(const struct jobs_options *o, struct jobs **ret_jobs);
/* Finishes the job that is running, then ends the thread. */
void jobs_stop(struct jobs *j);
/* Runs one job now, on the calling thread: for tests and for `onewindow job NAME`. */
MUST_USE enum err job_run(const struct jobs_options *o, const char *name, int64_t now);

#endif
