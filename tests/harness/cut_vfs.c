/* See cut_vfs.h. A file is a node with the content as the program sees it (image) and the list of
 * what was done to it since the last sync; the real file holds what a disk would surely hold. Locks
 * and shared memory are the real ones. Deleting a file is taken to be durable at once. */
#include "cut_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#define SECTOR 512
#define NODES  32

struct change { /* since the last sync; data NULL: truncated to `at` */
    struct change *next;
    int64_t at, n;
    uint8_t data[];
};

struct node {
    char path[512];
    uint8_t *image;
    int64_t size, room;
    struct change *first, **end;
    int64_t unsynced;
};

struct cut_file {
    sqlite3_file base;
    struct node *node;  /* NULL: a temporary file, passed through */
    sqlite3_file *real; /* behind this struct */
};

static struct disk {
    pthread_mutex_t lock;
    sqlite3_vfs vfs, *real;
    struct node nodes[NODES];
    uint64_t random;
    int64_t cut_after, fail_after, room, syncs;
    bool is_cut;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER, .room = -1};

static uint64_t next_random(void)
{
    disk.random ^= disk.random << 13;
    disk.random ^= disk.random >> 7;
    disk.random ^= disk.random << 17;
    return disk.random;
}

static struct cut_file *of(sqlite3_file *f)
{
    return (struct cut_file *)f;
}

/* --- nodes --------------------------------------------------------------------------------- */

static void forget_changes(struct node *n)
{
    while (n->first != NULL) {
        struct change *next = n->first->next;
        sqlite3_free(n->first);
        n->first = next;
    }
    n->end = &n->first;
    n->unsynced = 0;
}

static void forget_node(struct node *n)
{
    forget_changes(n);
    sqlite3_free(n->image);
    *n = (struct node){.end = &n->first};
}

static int make_room(struct node *n, int64_t size)
{
    if (size <= n->room)
        return SQLITE_OK;
    int64_t room = size * 2 + 65536;
    uint8_t *image = sqlite3_realloc64(n->image, (uint64_t)room);
    if (image == NULL)
        return SQLITE_NOMEM;
    memset(image + n->room, 0, (size_t)(room - n->room));
    n->image = image;
    n->room = room;
    return SQLITE_OK;
}

static struct node *node_of(const char *path, sqlite3_file *real)
{
    struct node *unused = NULL;
    for (int i = 0; i < NODES; i++) {
        struct node *n = &disk.nodes[i];
        if (strcmp(n->path, path) == 0)
            return n;
        if (n->path[0] == '\0' && unused == NULL)
            unused = n;
    }
    sqlite3_int64 size = 0;
    if (unused == NULL || strlen(path) >= sizeof unused->path ||
        real->pMethods->xFileSize(real, &size) != SQLITE_OK || make_room(unused, size) != SQLITE_OK)
        return NULL;
    if (size > 0 && real->pMethods->xRead(real, unused->image, (int)size, 0) != SQLITE_OK)
        return NULL;
    strcpy(unused->path, path);
    unused->size = size;
    unused->end = &unused->first;
    return unused;
}

static int change_real(sqlite3_file *real, const struct change *c, int64_t from, int64_t n)
{
    if (c->n < 0)
        return real->pMethods->xTruncate(real, c->at);
    return real->pMethods->xWrite(real, c->data + from, (int)n, c->at + from);
}

/* --- the cut ------------------------------------------------------------------------------- */

/* In some cuts nearly all reaches the disk, in some nearly nothing, in some all up to a point. */
static void lose(struct node *n, sqlite3_file *real)
{
    uint64_t kept_of_256 = next_random() % 257;
    bool in_order = next_random() % 3 == 0, is_over = false;
    for (const struct change *c = n->first; c != NULL && !is_over; c = c->next) {
        int64_t size = c->n < 0 ? 1 : c->n;
        for (int64_t from = 0; from < size && !is_over; from += SECTOR) {
            bool is_kept = next_random() % 256 < kept_of_256;
            int64_t piece = size - from < SECTOR ? size - from : SECTOR;
            if (is_kept)
                change_real(real, c, from, piece);
            is_over = in_order && !is_kept;
        }
    }
    forget_changes(n);
}

/* Opens each file again below us, for the handles belong to whoever opened them. */
static void cut(void)
{
    disk.is_cut = true;
    for (int i = 0; i < NODES; i++) {
        struct node *n = &disk.nodes[i];
        if (n->path[0] == '\0' || n->first == NULL)
            continue;
        sqlite3_file *real = sqlite3_malloc(disk.real->szOsFile);
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
        if (real != NULL && disk.real->xOpen(disk.real, n->path, real, flags, NULL) == SQLITE_OK) {
            lose(n, real);
            real->pMethods->xClose(real);
        }
        sqlite3_free(real);
    }
}

/* With the lock held: counts a call towards the cut; not SQLITE_OK when the power is off. */
static int count_call(void)
{
    if (!disk.is_cut && disk.cut_after > 0 && --disk.cut_after == 0)
        cut();
    return disk.is_cut ? SQLITE_IOERR : SQLITE_OK;
}

/* --- files --------------------------------------------------------------------------------- */

static int note_change(struct node *n, const void *p, int64_t amount, int64_t at)
{
    struct change *c = sqlite3_malloc64(sizeof *c + (uint64_t)(amount > 0 ? amount : 0));
    if (c == NULL)
        return SQLITE_NOMEM;
    *c = (struct change){.at = at, .n = amount};
    if (amount > 0)
        memcpy(c->data, p, (size_t)amount);
    *n->end = c;
    n->end = &c->next;
    n->unsynced += amount > 0 ? amount : 1;
    return SQLITE_OK;
}

static int write_node(struct node *n, const void *p, int amount, int64_t at)
{
    if (disk.fail_after > 0 && --disk.fail_after == 0)
        return SQLITE_IOERR_WRITE;
    if (disk.room >= 0 && at + amount > n->size) {
        if (at + amount - n->size > disk.room)
            return SQLITE_FULL;
        disk.room -= at + amount - n->size;
    }
    if (make_room(n, at + amount) != SQLITE_OK || note_change(n, p, amount, at) != SQLITE_OK)
        return SQLITE_NOMEM;
    memcpy(n->image + at, p, (size_t)amount);
    n->size = at + amount > n->size ? at + amount : n->size;
    return SQLITE_OK;
}

static int file_write(sqlite3_file *f, const void *p, int amount, sqlite3_int64 at)
{
    struct cut_file *file = of(f);
    if (file->node == NULL)
        return file->real->pMethods->xWrite(file->real, p, amount, at);
    pthread_mutex_lock(&disk.lock);
    int rc = disk.is_cut ? SQLITE_IOERR : write_node(file->node, p, amount, at);
    int counted = count_call();
    pthread_mutex_unlock(&disk.lock);
    return counted != SQLITE_OK ? counted : rc;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct cut_file *file = of(f);
    if (file->node == NULL)
        return file->real->pMethods->xTruncate(file->real, size);
    pthread_mutex_lock(&disk.lock);
    struct node *n = file->node;
    int rc = count_call();
    if (rc == SQLITE_OK && size < n->size) {
        rc = note_change(n, NULL, -1, size);
        memset(n->image + size, 0, (size_t)(n->size - size));
        n->size = size;
    }
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int file_read(sqlite3_file *f, void *p, int amount, sqlite3_int64 at)
{
    struct cut_file *file = of(f);
    if (file->node == NULL)
        return file->real->pMethods->xRead(file->real, p, amount, at);
    pthread_mutex_lock(&disk.lock);
    struct node *n = file->node;
    int64_t there = at >= n->size ? 0 : n->size - at < amount ? n->size - at : amount;
    if (there > 0)
        memcpy(p, n->image + at, (size_t)there);
    memset((uint8_t *)p + there, 0, (size_t)(amount - there));
    int rc = disk.is_cut ? SQLITE_IOERR : there < amount ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int file_sync(sqlite3_file *f, int flags)
{
    struct cut_file *file = of(f);
    (void)flags;
    if (file->node == NULL)
        return SQLITE_OK;
    pthread_mutex_lock(&disk.lock);
    int rc = count_call();
    for (const struct change *c = file->node->first; c != NULL && rc == SQLITE_OK; c = c->next)
        rc = change_real(file->real, c, 0, c->n);
    if (rc == SQLITE_OK) {
        forget_changes(file->node);
        disk.syncs++;
    }
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret_size)
{
    struct cut_file *file = of(f);
    if (file->node == NULL)
        return file->real->pMethods->xFileSize(file->real, ret_size);
    pthread_mutex_lock(&disk.lock);
    *ret_size = file->node->size;
    pthread_mutex_unlock(&disk.lock);
    return SQLITE_OK;
}

static int file_close(sqlite3_file *f)
{
    return of(f)->real->pMethods->xClose(of(f)->real);
}

static int file_lock(sqlite3_file *f, int level)
{
    return of(f)->real->pMethods->xLock(of(f)->real, level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return of(f)->real->pMethods->xUnlock(of(f)->real, level);
}

static int file_check_lock(sqlite3_file *f, int *ret)
{
    return of(f)->real->pMethods->xCheckReservedLock(of(f)->real, ret);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE ||
        op == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_OK; /* would touch the real file */
    return of(f)->real->pMethods->xFileControl(of(f)->real, op, arg);
}

static int file_sector(sqlite3_file *f)
{
    (void)f;
    return SECTOR;
}

static int file_traits(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* bytes beside a write are never damaged: as on Linux */
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
    return of(f)->real->pMethods->xShmMap(of(f)->real, page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return of(f)->real->pMethods->xShmLock(of(f)->real, at, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    of(f)->real->pMethods->xShmBarrier(of(f)->real);
}

static int file_shm_unmap(sqlite3_file *f, int is_deleted)
{
    return of(f)->real->pMethods->xShmUnmap(of(f)->real, is_deleted);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory mapping */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* --- the file system ------------------------------------------------------------------------ */

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *ret_flags)
{
    struct cut_file *file = of(f);
    (void)vfs;
    *file = (struct cut_file){.real = (sqlite3_file *)(file + 1)};
    if (disk.is_cut)
        return SQLITE_CANTOPEN;
    int rc = disk.real->xOpen(disk.real, path, file->real, flags, ret_flags);
    if (rc != SQLITE_OK)
        return rc;
    if (path != NULL &&
        (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
        pthread_mutex_lock(&disk.lock);
        file->node = node_of(path, file->real);
        pthread_mutex_unlock(&disk.lock);
        if (file->node == NULL) {
            file->real->pMethods->xClose(file->real);
            return SQLITE_CANTOPEN;
        }
    }
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    pthread_mutex_lock(&disk.lock);
    int rc = disk.is_cut ? SQLITE_IOERR_DELETE : disk.real->xDelete(disk.real, path, sync);
    for (int i = 0; i < NODES && rc == SQLITE_OK; i++)
        if (strcmp(disk.nodes[i].path, path) == 0)
            forget_node(&disk.nodes[i]);
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
    (void)vfs;
    return disk.is_cut ? SQLITE_IOERR_ACCESS : disk.real->xAccess(disk.real, path, flags, ret);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int room, char *out)
{
    (void)vfs;
    return disk.real->xFullPathname(disk.real, path, room, out);
}

void cut_disk_on(uint64_t seed)
{
    pthread_mutex_lock(&disk.lock);
    if (disk.real == NULL) {
        disk.real = sqlite3_vfs_find(NULL);
        disk.vfs = *disk.real;
        disk.vfs.zName = "cut";
        disk.vfs.pNext = NULL;
        disk.vfs.szOsFile = (int)sizeof(struct cut_file) + disk.real->szOsFile;
        disk.vfs.xOpen = vfs_open;
        disk.vfs.xDelete = vfs_delete;
        disk.vfs.xAccess = vfs_access;
        disk.vfs.xFullPathname = vfs_full_path;
        sqlite3_vfs_register(&disk.vfs, 0);
    }
    for (int i = 0; i < NODES; i++)
        forget_node(&disk.nodes[i]);
    disk.random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    disk.cut_after = disk.fail_after = disk.syncs = 0;
    disk.room = -1;
    disk.is_cut = false;
    pthread_mutex_unlock(&disk.lock);
}

void cut_disk_after(int64_t calls)
{
    pthread_mutex_lock(&disk.lock);
    disk.cut_after = calls;
    pthread_mutex_unlock(&disk.lock);
}

void cut_disk_now(void)
{
    pthread_mutex_lock(&disk.lock);
    if (!disk.is_cut)
        cut();
    pthread_mutex_unlock(&disk.lock);
}

bool cut_disk_is_cut(void)
{
    pthread_mutex_lock(&disk.lock);
    bool is_cut = disk.is_cut;
    pthread_mutex_unlock(&disk.lock);
    return is_cut;
}

int64_t cut_disk_unsynced(const char *suffix)
{
    int64_t sum = 0;
    pthread_mutex_lock(&disk.lock);
    for (int i = 0; i < NODES; i++) {
        size_t n = strlen(disk.nodes[i].path), m = strlen(suffix);
        if (n >= m && n > 0 && strcmp(disk.nodes[i].path + n - m, suffix) == 0)
            sum += disk.nodes[i].unsynced;
    }
    pthread_mutex_unlock(&disk.lock);
    return sum;
}

int64_t cut_disk_syncs(void)
{
    pthread_mutex_lock(&disk.lock);
    int64_t n = disk.syncs;
    pthread_mutex_unlock(&disk.lock);
    return n;
}

void cut_disk_room(int64_t bytes)
{
    pthread_mutex_lock(&disk.lock);
    disk.room = bytes;
    pthread_mutex_unlock(&disk.lock);
}

void cut_disk_fail_after(int64_t calls)
{
    pthread_mutex_lock(&disk.lock);
    disk.fail_after = calls;
    pthread_mutex_unlock(&disk.lock);
}
