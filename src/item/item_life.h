/* Inside of the versions' life, shared by its files. */
#ifndef ITEM_LIFE_H
#define ITEM_LIFE_H

#include "item.h"
#include "item_tables.h"
#include "item_version.h"

/* Gives an imported version its content before the tables change: nothing to do when it has one. */
MUST_USE enum err version_freeze(struct ctx *c, int64_t item_id, int64_t version);
MUST_USE enum err version_next(struct ctx *c, int64_t item_id, int64_t *ret_version);
/* The item's name, the version and why, as facts of the journal. */
MUST_USE enum err journal_version(struct ctx *c, enum event event, int64_t item_id, struct str name,
                                  int64_t version, struct str why);
enum item_state item_state_of(struct str word);

#endif
