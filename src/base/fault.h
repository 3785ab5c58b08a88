/* How things fail. `enum err` (generated from the `error` lines of every .def) is what everything
 * that can fail returns. Three kinds: a refusal (4xx: the person can act: sentence, hint, field),
 * a failure (5xx: we apologise with a reference and log once, at the top), a bug (BUG(): abort). */
#ifndef FAULT_H
#define FAULT_H

#include "errors.h" /* generated: enum err, E_OK = 0, ERR_COUNT */
#include "str.h"

#define MUST_USE __attribute__((warn_unused_result))

struct ctx;

struct err_info {         /* one row of the registry, generated */
    const char *name;     /* "E_LOAN_TAKEN" */
    const char *code;     /* "loan_taken": what JSON clients see */
    int status;           /* HTTP status */
    const char *sentence; /* zh-CN, a message id for tr() */
    const char *hint;     /* what to do now; NULL when there is none */
};
extern const struct err_info err_table[];

/* Notes the error and its detail in the context and returns it:
 *     return fail(c, E_LOAN_TAKEN, "umbrella %s", code);
 * The detail is for the log, never for the visitor. fail_field() also names the form field. */
enum err fail(struct ctx *c, enum err e, const char *detail_fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum err fail_field(struct ctx *c, enum err e, const char *field, const char *detail_fmt, ...)
    __attribute__((format(printf, 4, 5)));

#define TRY(expr)                                                                                  \
    do {                                                                                           \
        enum err try_e_ = (expr);                                                                  \
        if (try_e_ != E_OK)                                                                        \
            return try_e_;                                                                         \
    } while (0)

/* Our own mistake: writes place, reason and stack to stderr and aborts; the supervisor restarts. */
_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#define BUG(...)     bug_at(__FILE__, __LINE__, __VA_ARGS__)
#define BUG_IF(cond) ((cond) ? BUG("%s", #cond) : (void)0)

#endif
