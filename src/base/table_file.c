/* Tables that stand in files: read whole into the unit's arena, closed with one verdict, so that an
 * importer says E_TABLE_FAULTS and its transaction takes nothing in. */
#include "csv.h"
#include "ctx.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((off_t)256 << 20)

static bool read_whole(int fd, char *to, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = read(fd, to + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static bool read_file(struct ctx *c, struct str path, struct str *ret_text)
{
    struct stat st;
    int fd = open(str_z(c->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_fit = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX;
    size_t n = is_fit ? (size_t)st.st_size : 0;
    char *text = arena_alloc(c->arena, n + 1);
    bool is_read = is_fit && read_whole(fd, text, n);
    close(fd);
    *ret_text = (struct str){text, n};
    return is_read;
}

enum err table_open_file(struct ctx *c, struct table_in *t, struct str path)
{
    struct str text;
    if (!read_file(c, path, &text))
        return fail(c, E_FILE_UNREADABLE, "%.*s: %s", STR_ARG(path), strerror(errno));
    if (!table_open(t, c->arena, text))
        return fail(c, E_TABLE_FAULTS, "%.*s: no header", STR_ARG(path));
    return E_OK;
}

enum err table_end(struct ctx *c, struct table_in *t)
{
    enum err e = E_OK;
    if (t->fault_count > 0) {
        const struct table_fault *f = &t->faults[0];
        struct str place = table_place(c->arena, t, f);
        e = fail(c, E_TABLE_FAULTS, "%zu faults, first: %.*s: %.*s", t->fault_count, STR_ARG(place),
                 STR_ARG(f->reason));
    }
    table_close(t);
    return e;
}
