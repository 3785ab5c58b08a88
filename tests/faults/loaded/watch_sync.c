/* Loaded into the program by sync.test.mjs (LD_PRELOAD): notes in the file named by WATCH_SYNC, in the
 * order in which it happens, what is written to the database's log, what is synced, and what is
 * answered. With WATCH_SYNC_MODE=off syncing is switched off, which the test must notice. It needs no
 * strace, no right to trace, and no switch in the program itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int notes = -1;
static int is_off;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void)
{
    const char *file = getenv("WATCH_SYNC"), *mode = getenv("WATCH_SYNC_MODE");
    is_off = mode != NULL && strcmp(mode, "off") == 0;
    if (file != NULL)
        notes = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void say(const char *what, const char *more)
{
    char line[80];
    int n = snprintf(line, sizeof line, "%s %s\n", what, more);
    if (notes >= 0 && REAL(write)(notes, line, (size_t)n) != n)
        abort();
}

/* wal, db, or NULL for everything else. */
static const char *kind_of(int fd)
{
    char link[40], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = '\0';
    const char *dot = strrchr(path, '.');
    if (dot == NULL || strncmp(dot, ".db", 3) != 0)
        return NULL;
    return strcmp(dot, ".db-wal") == 0 ? "wal" : strcmp(dot, ".db") == 0 ? "db" : NULL;
}

static void saw_write(int fd, const void *bytes, size_t n)
{
    char status[4] = "";
    if (n > 12 && memcmp(bytes, "HTTP/1.1 ", 9) == 0) {
        memcpy(status, (const char *)bytes + 9, 3);
        say("answer", status);
        return;
    }
    const char *kind = notes < 0 || fd == notes ? NULL : kind_of(fd);
    if (kind != NULL)
        say("write", kind);
}

ssize_t write(int fd, const void *bytes, size_t n) { saw_write(fd, bytes, n); return REAL(write)(fd, bytes, n); }
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) { saw_write(fd, bytes, n); return REAL(pwrite)(fd, bytes, n, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) { saw_write(fd, bytes, n); return REAL(pwrite64)(fd, bytes, n, at); }
ssize_t send(int fd, const void *bytes, size_t n, int flags) { saw_write(fd, bytes, n); return REAL(send)(fd, bytes, n, flags); }
ssize_t writev(int fd, const struct iovec *v, int count)
{
    if (count > 0)
        saw_write(fd, v[0].iov_base, v[0].iov_len);
    return REAL(writev)(fd, v, count);
}
ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    if (m->msg_iovlen > 0)
        saw_write(fd, m->msg_iov[0].iov_base, m->msg_iov[0].iov_len);
    return REAL(sendmsg)(fd, m, flags);
}

static int synced(int fd, int (*real)(int))
{
    const char *kind = kind_of(fd);
    if (is_off && kind != NULL)
        return 0;
    int rc = real(fd);
    if (rc == 0 && kind != NULL)
        say("sync", kind);
    return rc;
}
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
int fsync(int fd) { return synced(fd, REAL(fsync)); }
