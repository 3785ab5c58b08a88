/* Where sealed bytes lie, and nothing of what is in them: between file.c and the one place there is now,
 * folders of the disk (file_disk.c). The path is DATA/files/CENTRE/abc/NAME, abc the first digits of the
 * name, so that no folder grows large: 4,096 of them, 250 files in each of a million. */
#ifndef FILE_PLACE_H
#define FILE_PLACE_H

#include "store.h"

#define FILE_SHARDS 4096

struct place_part; /* being written */
MUST_USE enum err place_begin(struct ctx *c, struct place_part **ret);
MUST_USE enum err place_add(struct ctx *c, struct place_part *p, const void *bytes, size_t n);
/* Synced, renamed, the folder synced: it is there after a power cut. */
MUST_USE enum err place_end(struct ctx *c, struct place_part *p, struct str name);

struct place_file; /* being read; closed with the arena */
MUST_USE enum err place_open(struct ctx *c, struct str name, struct place_file **ret,
                             int64_t *ret_size);
/* Exactly n bytes from there; E_FILE_CHANGED when there are fewer. */
MUST_USE enum err place_read(struct ctx *c, struct place_file *f, int64_t at, void *to, size_t n);
bool place_has(struct ctx *c, struct str name);

/* Calls for each file of a shard, and for each half-written one, that is older than an instant; removes those
 * for which it says so. Nobody puts one there between the question and the removal. */
typedef enum err place_question(struct ctx *c, struct str name, bool *ret_remove);
MUST_USE enum err place_sweep(struct ctx *c, unsigned shard, int64_t older_than,
                              place_question *ask);

#endif
