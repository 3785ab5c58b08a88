/* A file layer (VFS) between SQLite and the system: what a commit appends to the write-ahead log leaves
 * in one write. SQLite writes each frame in two pieces, its head of 24 bytes and its page, so a batch of
 * 40 pages is 80 system calls, which cost the lane more than all its hashing. Here pieces that follow
 * one another are gathered and written
 *   - before anything else is done with the file: a read, a sync, a truncation, asking its size;
 *   - behind the last page of a commit, which the head of its frame tells (sqlite.org/fileformat2.html,
 *     section 4.1: bytes 4-7 are not zero), because other connections may read it from then on;
 *   - when the room is full.
 * So at every moment at which SQLite relies on the file, it holds what it held without this layer. Only
 * logs are wrapped; database files are opened by the system's layer itself. */
#include "engine.h"

#include <sqlite3.h>
#include <string.h>

#define ROOM_BYTES (120 * 1024) /* the system's layer writes at most 2^17 - 1 bytes at once */
#define HEAD_BYTES 24

struct wal_file {
    sqlite3_file base;
    sqlite3_file *file; /* the system's, behind this struct in the same memory */
    char *room;         /* NULL until something is written */
    sqlite3_int64 from; /* where the first gathered byte belongs */
    int n;              /* bytes gathered */
    bool ends_commit;   /* the next piece is the last page of a commit */
};

static struct wal_file *wal_of(sqlite3_file *f)
{
    return (struct wal_file *)f;
}

static int write_out(struct wal_file *w)
{
    int n = w->n;
    w->n = 0; /* after a failure SQLite rolls back and writes these frames anew */
    w->ends_commit = false;
    return n == 0 ? SQLITE_OK : w->file->pMethods->xWrite(w->file, w->room, n, w->from);
}

static int wal_close(sqlite3_file *f)
{
    struct wal_file *w = wal_of(f);
    int written = write_out(w), closed = w->file->pMethods->xClose(w->file);
    sqlite3_free(w->room);
    w->room = NULL;
    return written != SQLITE_OK ? written : closed;
}

static int wal_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->file->pMethods->xRead(w->file, to, n, at);
}

static bool is_head_of_last(const unsigned char *p, int n)
{
    return n == HEAD_BYTES && (p[4] | p[5] | p[6] | p[7]) != 0;
}

static int wal_write(sqlite3_file *f, const void *piece, int n, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    bool follows = w->n > 0 && at == w->from + w->n && n <= ROOM_BYTES - w->n;
    int rc = follows ? SQLITE_OK : write_out(w);
    if (rc != SQLITE_OK)
        return rc;
    if (w->room == NULL && (w->room = sqlite3_malloc(ROOM_BYTES)) == NULL)
        return SQLITE_NOMEM;
    if (n > ROOM_BYTES)
        return w->file->pMethods->xWrite(w->file, piece, n, at);
    if (w->n == 0)
        w->from = at;
    memcpy(w->room + w->n, piece, (size_t)n);
    w->n += n;
    if (w->ends_commit)
        return write_out(w);
    w->ends_commit = is_head_of_last(piece, n);
    return SQLITE_OK;
}

static int wal_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->file->pMethods->xTruncate(w->file, size);
}

static int wal_sync(sqlite3_file *f, int flags)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->file->pMethods->xSync(w->file, flags);
}

static int wal_size(sqlite3_file *f, sqlite3_int64 *ret_size)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->file->pMethods->xFileSize(w->file, ret_size);
}

static int wal_lock(sqlite3_file *f, int kind)
{
    return wal_of(f)->file->pMethods->xLock(wal_of(f)->file, kind);
}

static int wal_unlock(sqlite3_file *f, int kind)
{
    return wal_of(f)->file->pMethods->xUnlock(wal_of(f)->file, kind);
}

static int wal_is_reserved(sqlite3_file *f, int *ret_is)
{
    return wal_of(f)->file->pMethods->xCheckReservedLock(wal_of(f)->file, ret_is);
}

static int wal_control(sqlite3_file *f, int what, void *arg)
{
    return wal_of(f)->file->pMethods->xFileControl(wal_of(f)->file, what, arg);
}

static int wal_sector(sqlite3_file *f)
{
    return wal_of(f)->file->pMethods->xSectorSize(wal_of(f)->file);
}

static int wal_traits(sqlite3_file *f)
{
    return wal_of(f)->file->pMethods->xDeviceCharacteristics(wal_of(f)->file);
}

static const sqlite3_io_methods wal_methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_is_reserved,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector,
    .xDeviceCharacteristics = wal_traits,
};

static int open_file(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags,
                     int *ret_flags)
{
    sqlite3_vfs *below = v->pAppData;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return below->xOpen(below, name, f, flags, ret_flags);
    struct wal_file *w = wal_of(f);
    *w = (struct wal_file){.file = (sqlite3_file *)(w + 1)};
    int rc = below->xOpen(below, name, w->file, flags, ret_flags);
    if (rc == SQLITE_OK)
        w->base.pMethods = &wal_methods;
    return rc;
}

/* Everything else is the layer's below: it is called with its own struct. */
static int delete_file(sqlite3_vfs *v, const char *name, int sync_dir)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xDelete(below, name, sync_dir);
}

static int access_file(sqlite3_vfs *v, const char *name, int flags, int *ret_result)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xAccess(below, name, flags, ret_result);
}

static int full_name(sqlite3_vfs *v, const char *name, int room, char *ret_name)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xFullPathname(below, name, room, ret_name);
}

static int random_of(sqlite3_vfs *v, int n, char *to)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xRandomness(below, n, to);
}

static int sleep_for(sqlite3_vfs *v, int microseconds)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xSleep(below, microseconds);
}

static int last_error(sqlite3_vfs *v, int n, char *to)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xGetLastError(below, n, to);
}

static int time_now(sqlite3_vfs *v, sqlite3_int64 *ret_now)
{
    sqlite3_vfs *below = v->pAppData;
    return below->xCurrentTimeInt64(below, ret_now);
}

const char *wal_layer_over(const char *below_name)
{
    sqlite3_vfs *below = sqlite3_vfs_find(below_name);
    if (below == NULL)
        return below_name; /* opening will say so */
    char name[64];
    sqlite3_snprintf(sizeof name, name, "gathered-%s", below->zName);
    sqlite3_vfs *v = sqlite3_vfs_find(name);
    if (v != NULL)
        return v->zName;
    v = sqlite3_malloc((int)(sizeof *v + sizeof name)); /* registered for the life of the process */
    if (v == NULL)
        return below_name;
    *v = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = below->szOsFile + (int)sizeof(struct wal_file),
        .mxPathname = below->mxPathname,
        .zName = memcpy(v + 1, name, sizeof name),
        .pAppData = below,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_name,
        .xRandomness = random_of,
        .xSleep = sleep_for,
        .xGetLastError = last_error,
        .xCurrentTimeInt64 = time_now,
    };
    return sqlite3_vfs_register(v, 0) == SQLITE_OK ? v->zName : below_name;
}
