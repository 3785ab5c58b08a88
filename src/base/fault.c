/* Refusals and failures are noted in the context where they happen; a bug ends the process. The
 * stack goes to stderr unresolved by malloc (backtrace_symbols_fd), because the heap may be what
 * broke. */
#include "fault.h"

#include "ctx.h"
#include "log.h"

#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DETAIL_MAX  1000
#define STACK_DEPTH 64

static enum err note(struct ctx *c, enum err e, const char *field, const char *fmt, va_list args)
{
    if (c == NULL)
        return e;
    c->refusal = (struct refusal){.code = e, .field = field};
    if (fmt != NULL && c->arena != NULL) {
        char text[DETAIL_MAX];
        int n = vsnprintf(text, sizeof text, fmt, args);
        if (n > 0)
            c->refusal.detail = str_copy(c->arena, str_of(text));
    }
    return e;
}

enum err fail(struct ctx *c, enum err e, const char *detail_fmt, ...)
{
    va_list args;
    va_start(args, detail_fmt);
    note(c, e, NULL, detail_fmt, args);
    va_end(args);
    return e;
}

enum err fail_field(struct ctx *c, enum err e, const char *field, const char *detail_fmt, ...)
{
    va_list args;
    va_start(args, detail_fmt);
    note(c, e, field, detail_fmt, args);
    va_end(args);
    return e;
}

void bug_at(const char *file, int line, const char *fmt, ...)
{
    char reason[DETAIL_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    const char *name = strrchr(file, '/');
    log_line(LOG_ERROR, "bug", "at=%s:%d why=\"%s\"", name == NULL ? file : name + 1, line, reason);
    void *stack[STACK_DEPTH];
    int depth = backtrace(stack, STACK_DEPTH);
    backtrace_symbols_fd(stack, depth, STDERR_FILENO);
    abort();
}
