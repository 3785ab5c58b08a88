/* Between the files of the test program: options, the databases, and what a worker tells. */
#ifndef RUN_H
#define RUN_H

#include "test.h"

#define JOBS_MOST 16

struct run {
    const char *db;          /* as given */
    const char *url;         /* this process's own database */
    char folder[256];        /* temporary, removed at the end */
    char place[280];         /* the part of it that is this process's own */
    _Atomic int *next_place; /* in the order of tests, shared by all workers */
    const char *match, *module;
    int jobs;
    bool with_faults;
    bool lists, shows_times;
};
extern struct run run;

/* database.c */
bool database_make(struct arena *a, char *ret_url, size_t room); /* a new one beside run.db */
void databases_drop(void);                                       /* all that this run has made */

/* worker.c: takes one place of `order` after another and runs the test there, writing a line before
 * and after each to `told`; ends the process after the first that failed. */
_Noreturn void worker(const int *order, int count, int told);

#endif
