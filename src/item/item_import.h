/* Shared by the importers of the directory's tables. */
#ifndef ITEM_IMPORT_H
#define ITEM_IMPORT_H

#include "csv.h"
#include "item.h"
#include "item_tables.h"
#include "item_version.h"

/* The item of a row by its code in column `item`; *ret_is_known false with a fault when there is none. "*" is 0 where
 * it is allowed. */
MUST_USE enum err item_of_row(struct ctx *c, struct table_in *t, bool star, bool *ret_is_known,
                              int64_t *ret_id);
/* Each row of a table whose column `item` names its item; at the end the directory's version rises when anything changed. */
typedef enum err item_row_import(struct ctx *c, struct table_in *t, struct item_changes *k,
                                 int64_t item_id);
MUST_USE enum err item_rows_import(struct ctx *c, struct table_in *t, bool star,
                                   item_row_import *import);

#endif
