/* The one place with a mutable static: the level. A line is put together on the stack and leaves
 * in one write(2), so lines of several threads never mix, and logging needs neither lock nor heap. */
#include "log.h"

#include "arena.h"
#include "buf.h"
#include "clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static _Atomic int current_level = LOG_INFO;

static const char *const level_names[] = {"quiet", "error", "warn", "info", "debug"};

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&current_level, (int)level, memory_order_relaxed);
}

bool log_enabled(enum log_level level)
{
    return level != LOG_QUIET &&
           (int)level <= atomic_load_explicit(&current_level, memory_order_relaxed);
}

/* Control characters would let a text from outside start a line of its own. */
static size_t without_controls(char *to, size_t room, const char *text)
{
    size_t n = 0;
    for (; *text != '\0' && n + 4 < room; text++) {
        unsigned char ch = (unsigned char)*text;
        if (ch >= 0x20 && ch != 0x7f) {
            to[n++] = *text;
        } else {
            n += (size_t)snprintf(to + n, 5, "\\x%02x", ch);
        }
    }
    return n;
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    if (!log_enabled(level))
        return;
    char text[LOG_LINE_MAX], line[LOG_LINE_MAX + 64];
    va_list args;
    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0)
        text[0] = '\0';
    va_end(args);
    size_t n = instant_print(line, clock_now(), 0);
    n += (size_t)snprintf(line + n, 200, " level=%s event=%.100s", level_names[level], event);
    if (text[0] != '\0')
        line[n++] = ' ';
    n += without_controls(line + n, sizeof line - n - 1, text);
    line[n++] = '\n';
    for (size_t at = 0; at < n;) {
        ssize_t written = write(STDERR_FILENO, line + at, n - at);
        if (written < 0 && errno != EINTR)
            return; /* nowhere left to say so */
        at += written > 0 ? (size_t)written : 0;
    }
}

struct str log_value(struct arena *a, struct str value)
{
    bool plain = value.n > 0;
    for (size_t i = 0; i < value.n && plain; i++)
        plain = (unsigned char)value.p[i] > ' ' && value.p[i] != '"' && value.p[i] != '=' &&
                value.p[i] != '\\';
    if (plain)
        return value;
    struct buf b;
    buf_init(&b, a, 2 * value.n + 2);
    buf_char(&b, '"');
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '"' || value.p[i] == '\\')
            buf_char(&b, '\\');
        buf_char(&b, value.p[i]);
    }
    buf_char(&b, '"');
    return buf_as_str(&b);
}
