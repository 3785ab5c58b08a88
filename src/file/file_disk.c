/* Sealed bytes in folders of the disk. A file is written under a temporary name in files/CENTRE/part, synced,
 * and renamed to where its name says; then the folder is synced, because a rename that is not may be
 * gone after a power cut. Writers hold a shared lock on the folder while they rename and the sweeper an
 * exclusive one while it looks and removes, so what has just been put there again is never taken for old. */
#include "file.h"
#include "file_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "crypt.h"

#define NAME_CHARS  64
#define SHARD_CHARS 3
#define SWEPT_MOST  500 /* files of a folder looked at in one run */

struct place_part {
    int fd; /* -1 when it is ended */
    const char *path;
};
struct place_file {
    int fd;
};

static enum err trouble(struct ctx *c, const char *what, const char *path)
{
    int why = errno;
    bool is_full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    return fail(c, is_full ? E_STORE_FULL : E_FILE_STORE, "%s %s: %s", what, path, strerror(why));
}

static const char *root_of(struct ctx *c)
{
    const char *folder = store_folder(c->store);
    BUG_IF(folder == NULL);
    return str_z(c->arena, str_fmt(c->arena, "%s/files/%lld", folder, (long long)c->center_id));
}

static const char *shard_path(struct ctx *c, struct str name)
{
    return str_z(c->arena, str_fmt(c->arena, "%s/%.*s", root_of(c), SHARD_CHARS, name.p));
}

static const char *path_of(struct ctx *c, struct str name)
{
    return str_z(c->arena, str_fmt(c->arena, "%s/%.*s", shard_path(c, name), STR_ARG(name)));
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_synced;
}

/* A folder and those above it, below the data folder; each is synced into the one it stands in. */
static enum err make_folders(struct ctx *c, const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return E_OK;
    if (errno != ENOENT)
        return trouble(c, "mkdir", path);
    const char *slash = strrchr(path, '/');
    BUG_IF(slash == NULL || slash == path);
    const char *above = str_z(c->arena, (struct str){path, (size_t)(slash - path)});
    TRY(make_folders(c, above));
    if ((mkdir(path, 0700) != 0 && errno != EEXIST) || !sync_folder(above))
        return trouble(c, "mkdir", path);
    return E_OK;
}

/* --- writing ------------------------------------------------------------------------------------- */

static void drop_part(void *arg)
{
    struct place_part *p = arg;
    if (p->fd < 0)
        return;
    close(p->fd);
    unlink(p->path);
    p->fd = -1;
}

enum err place_begin(struct ctx *c, struct place_part **ret)
{
    struct place_part *p = ARENA_NEW(c->arena, struct place_part);
    struct str token = random_token(c->arena, 12);
    const char *folder = str_z(c->arena, str_fmt(c->arena, "%s/part", root_of(c)));
    p->path = str_z(c->arena, str_fmt(c->arena, "%s/%.*s", folder, STR_ARG(token)));
    p->fd = open(p->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (p->fd < 0 && errno == ENOENT) {
        TRY(make_folders(c, folder));
        p->fd = open(p->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (p->fd < 0)
        return trouble(c, "open", p->path);
    arena_defer(c->arena, drop_part, p);
    *ret = p;
    return E_OK;
}

enum err place_add(struct ctx *c, struct place_part *p, const void *bytes, size_t n)
{
    const char *at = bytes;
    BUG_IF(p->fd < 0);
    while (n > 0) {
        ssize_t written = write(p->fd, at, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return trouble(c, "write", p->path);
        at += written;
        n -= (size_t)written;
    }
    return E_OK;
}

static enum err rename_into(struct ctx *c, struct place_part *p, struct str name)
{
    const char *shard = shard_path(c, name), *to = path_of(c, name);
    TRY(make_folders(c, shard));
    int folder = open(shard, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return trouble(c, "open", shard);
    bool is_done = flock(folder, LOCK_SH) == 0 && rename(p->path, to) == 0 && fsync(folder) == 0;
    enum err e = is_done ? E_OK : trouble(c, "rename", to);
    close(folder);
    return e;
}

enum err place_end(struct ctx *c, struct place_part *p, struct str name)
{
    BUG_IF(p->fd < 0 || name.n != NAME_CHARS);
    if (fsync(p->fd) != 0)
        return trouble(c, "fsync", p->path);
    TRY(rename_into(c, p, name));
    close(p->fd);
    p->fd = -1;
    return E_OK;
}

/* --- reading ------------------------------------------------------------------------------------- */

static void close_file(void *arg)
{
    struct place_file *f = arg;
    close(f->fd);
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (strchr("0123456789abcdef", name.p[i]) == NULL)
            return false;
    return name.n == NAME_CHARS;
}

enum err place_open(struct ctx *c, struct str name, struct place_file **ret, int64_t *ret_size)
{
    struct stat st;
    if (!is_name(name))
        return fail(c, E_FILE_GONE, "not a name of a file: %.*s", STR_ARG(name));
    int fd = open(path_of(c, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(c, E_FILE_GONE, "%.*s: %s", STR_ARG(name), strerror(errno));
    struct place_file *f = ARENA_NEW(c->arena, struct place_file);
    f->fd = fd;
    arena_defer(c->arena, close_file, f);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(c, E_FILE_GONE, "%.*s is not a file", STR_ARG(name));
    *ret = f;
    *ret_size = st.st_size;
    return E_OK;
}

enum err place_read(struct ctx *c, struct place_file *f, int64_t at, void *to, size_t n)
{
    char *p = to;
    while (n > 0) {
        ssize_t got = pread(f->fd, p, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(c, E_FILE_CHANGED, "read: %s", got < 0 ? strerror(errno) : "too short");
        p += got;
        at += got;
        n -= (size_t)got;
    }
    return E_OK;
}

bool place_has(struct ctx *c, struct str name)
{
    return is_name(name) && access(path_of(c, name), F_OK) == 0;
}

/* --- sweeping ------------------------------------------------------------------------------------- */

static bool is_older(int folder, const char *name, int64_t than)
{
    struct stat st;
    return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           (int64_t)st.st_mtim.tv_sec * SECOND_MS < than;
}

static enum err sweep_folder(struct ctx *c, DIR *d, int64_t older_than, place_question *ask)
{
    const struct dirent *entry;
    int folder = dirfd(d), looked_at = 0;
    while ((entry = readdir(d)) != NULL && looked_at < SWEPT_MOST) {
        bool removes = ask == NULL;
        if (entry->d_name[0] == '.' || !is_older(folder, entry->d_name, older_than))
            continue;
        looked_at++;
        if (ask != NULL)
            TRY(ask(c, str_copy(c->arena, str_of(entry->d_name)), &removes));
        if (removes)
            unlinkat(folder, entry->d_name, 0);
    }
    return E_OK;
}

static enum err sweep_path(struct ctx *c, const char *path, int64_t older_than, place_question *ask)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return E_OK; /* nothing was ever put there */
    /* Whoever is renaming into it goes first; the folder comes round again. */
    bool is_ours = flock(dirfd(d), LOCK_EX | LOCK_NB) == 0;
    enum err e = is_ours ? sweep_folder(c, d, older_than, ask) : E_OK;
    closedir(d);
    return e;
}

enum err place_sweep(struct ctx *c, unsigned shard, int64_t older_than, place_question *ask)
{
    const char *root = root_of(c);
    struct str part = str_fmt(c->arena, "%s/part", root);
    struct str folder = str_fmt(c->arena, "%s/%03x", root, shard % FILE_SHARDS);
    TRY(sweep_path(c, str_z(c->arena, part), older_than, NULL));
    return sweep_path(c, str_z(c->arena, folder), older_than, ask);
}
