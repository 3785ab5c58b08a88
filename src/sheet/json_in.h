/* A JSON array of flat objects as a table; sheet_open() comes here. The members of the first object are
 * the columns; later ones may leave members out, but have no others. */
#ifndef JSON_IN_H
#define JSON_IN_H

#include "csv.h"

bool json_open(struct table_in *t, struct arena *a, struct str bytes);

#endif
