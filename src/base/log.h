/* One structured line an event, to stderr: time, level, event, then key=value, values quoted where
 * needed. A line leaves whole, control characters escaped (no text from outside can fake a line) and
 * cut at LOG_LINE_MAX. Personal data never goes here. */
#ifndef LOG_H
#define LOG_H

#include "str.h"

#define LOG_LINE_MAX 4096

enum log_level { LOG_QUIET, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
/* From now on lines of LOG_INFO and LOG_DEBUG are gathered until log_flush(), a warning or an error, or
 * 48 KB of them. Before threads are started; a process forked later shares the room, so that its parent
 * can flush what it left. */
void log_gather(void);
void log_flush(void);
/* fmt holds the key=value part: log_line(LOG_INFO, "started", "port=%d", 8411) */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A value for the key=value part: in quotes, inner ones escaped, when it holds blanks, = or " */
struct str log_value(struct arena *a, struct str value);

#endif
