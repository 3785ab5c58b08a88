/* The one place with mutable statics: the level, and where a server's lines are gathered. A line is put
 * together on the stack and leaves whole, so lines of several threads never mix.
 *
 * A server writes a line for every request, and a system call for each would cost a page a tenth of its
 * time. So what is no trouble (info, debug) is gathered and leaves a moment later; a warning or an error
 * leaves at once, behind all that came before it. The room is shared with the supervisor, which writes
 * out what a server that crashed had not yet said. */
#include "log.h"

#include "arena.h"
#include "buf.h"
#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GATHERED_MOST ((size_t)48 * 1024)

static _Atomic int current_level = LOG_INFO;
static pthread_mutex_t gathered_lock = PTHREAD_MUTEX_INITIALIZER;
static struct gathered {
    size_t n;
    char text[GATHERED_MOST];
} * gathered; /* NULL: every line leaves at once */

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

static void write_whole(const char *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t written = write(STDERR_FILENO, p + at, n - at);
        if (written < 0 && errno != EINTR)
            return; /* nowhere left to say so */
        at += written > 0 ? (size_t)written : 0;
    }
}

static void write_gathered(void)
{
    write_whole(gathered->text, gathered->n);
    gathered->n = 0;
}

void log_gather(void)
{
    void *room =
        mmap(NULL, sizeof *gathered, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room != MAP_FAILED)
        gathered = room;
}

void log_flush(void)
{
    if (gathered == NULL)
        return;
    pthread_mutex_lock(&gathered_lock);
    write_gathered();
    pthread_mutex_unlock(&gathered_lock);
}

static void leave(enum log_level level, const char *line, size_t n)
{
    if (gathered == NULL) {
        write_whole(line, n);
        return;
    }
    pthread_mutex_lock(&gathered_lock);
    if (n > GATHERED_MOST - gathered->n)
        write_gathered();
    memcpy(gathered->text + gathered->n, line, n);
    gathered->n += n;
    if (level < LOG_INFO)
        write_gathered();
    pthread_mutex_unlock(&gathered_lock);
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
    leave(level, line, n);
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
