/* Between the files of the test program: options, the databases, and what a worker tells. */
#ifndef RUN_H
#define RUN_H

#include "test.h"

struct run {
    const char *db;   /* as given */
    const char *url;  /* the run's own database */
    char folder[256]; /* temporary, removed at the end */
    const char *match, *module;
    bool with_faults;
    bool lists, shows_times;
};
extern struct run run;

/* database.c */
bool database_make(struct arena *a, char *ret_url, size_t room); /* a new one beside run.db */
void databases_drop(void);                                       /* all that this run has made */

/* worker.c: runs the tests of `order` from place `from` on, writing a line before and after each to
 * `told`; ends the process after the first that failed. */
_Noreturn void worker(const int *order, int from, int count, int told);

#endif
