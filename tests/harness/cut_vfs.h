/* A disk that loses power. An SQLite VFS named "cut" over the usual one: what is written to a
 * database, its log or its journal stays in memory until it is synced; only then does it reach the
 * real file. At the cut a random part of what was not synced (whole writes and 512-byte pieces of
 * them) reaches the file, the rest is lost, and every later call fails. kill -9 cannot show this,
 * because the page cache outlives the process.
 *
 * It can also be full or fail once. One disk a process; calls are safe from any thread. */
#ifndef CUT_VFS_H
#define CUT_VFS_H

#include <stdbool.h>
#include <stdint.h>

void cut_disk_on(uint64_t seed); /* registers the VFS, power on, nothing unsynced, no limits */
void cut_disk_after(
    int64_t calls); /* the power goes at the n-th write, truncation or sync from now */
void cut_disk_now(void);
bool cut_disk_is_cut(void);
/* Bytes written and not synced in files whose path ends so ("-wal"). */
int64_t cut_disk_unsynced(const char *suffix);
int64_t cut_disk_syncs(void);
void cut_disk_room(
    int64_t bytes); /* so much may still be written before the disk is full; -1 no limit */
void cut_disk_fail_after(
    int64_t calls); /* the n-th write from now fails once with an I/O error; 0 none */

#endif
