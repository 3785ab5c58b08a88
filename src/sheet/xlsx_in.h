/* One sheet of an XLSX file as a table; sheet_open() comes here. */
#ifndef XLSX_IN_H
#define XLSX_IN_H

#include "csv.h"

bool xlsx_open(struct table_in *t, struct arena *a, struct str bytes, struct str sheet);

#endif
