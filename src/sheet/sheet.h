/* Tables in other forms than CSV, behind the same struct table_in and struct table_out, so that every
 * importer reads and every exporter writes them: XLSX (ECMA-376, read with libzip and expat, written
 * with libxlsxwriter) and JSON (an array of flat objects). What comes from outside is read under
 * limits: parts, bytes, compression, cells, nesting; XML with a DTD is refused. */
#ifndef SHEET_H
#define SHEET_H

#include "csv.h"
#include "table_out.h"

/* Opens a table over bytes in memory, whatever its form: XLSX and JSON are known by their first
 * bytes, the rest is CSV. sheet: the name of the sheet, STR_NONE the first that is not hidden. False when
 * it cannot be read (noted). A formula, an error value or a merged cell is a fault: what a spreadsheet
 * computed last is not taken for what somebody wrote. The bytes must stay as long as the table. */
bool sheet_open(struct table_in *t, struct arena *a, struct str bytes, struct str sheet);

/* Begins a file in the form of its ending: .csv .xlsx .json; E_FILE_FORM for another. It stands under its name
 * only after table_out_end(); until then, and after a failure, what was there before stays. */
MUST_USE enum err sheet_create(struct ctx *c, struct table_out *t, struct str path);

#endif
