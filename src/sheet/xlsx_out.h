/* Tables as XLSX, written with libxlsxwriter in constant memory: one sheet, the header bold, frozen
 * and with a filter, columns as wide as what is in them. */
#ifndef XLSX_OUT_H
#define XLSX_OUT_H

#include "table_out.h"

extern const struct table_form table_form_xlsx;

/* What XML cannot hold, and what looks like an escape already, written as _xHHHH_ (ST_Xstring). */
struct str xlsx_escape(struct arena *a, struct str s);

#endif
