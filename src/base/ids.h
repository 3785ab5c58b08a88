/* Ids are made by the program: 41 bits of milliseconds since 2020-01-01 UTC, 10 bits of node, 12
 * bits of sequence. They rise with time on one node and never repeat; nothing depends on the
 * database engine. Public numbers (ticket, case, token) are something else. */
#ifndef IDS_H
#define IDS_H

#include <stdint.h>

struct ids; /* thread-safe */

struct ids *ids_new(unsigned node); /* node < 1024 */
void ids_free(struct ids *ids);
/* Never 0. When now stands still or goes back, the ids go on from the newest one; when 4096 are
 * taken within a millisecond they borrow from the next. */
int64_t ids_next(struct ids *ids, int64_t now);

#endif
