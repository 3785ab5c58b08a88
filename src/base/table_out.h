/* Writing tables: an exporter names the columns and puts row after row; in which form they are written
 * is the form's business. Texts stay texts and numbers numbers in each form, and what is written reads back through
 * struct table_in as it was, but for blanks at the ends of a text, which reading takes off.
 *
 * CSV: a text that a spreadsheet would run (= + - @ tab CR first, and no plain number) is written with
 * a ' before it, taken off in reading (csv.h); in XLSX and JSON a text can be no formula. */
#ifndef TABLE_OUT_H
#define TABLE_OUT_H

#include "buf.h"
#include "fault.h"

#define TABLE_OUT_COLUMNS_MAX 128

struct table_out;

struct table_form {
    const char *ending; /* ".csv" */
    enum err (*begin)(struct ctx *c, struct table_out *t);
    void (*text)(struct table_out *t, struct str s);
    void (*number)(struct table_out *t, int64_t v);
    void (*flag)(struct table_out *t, bool v);
    enum err (*end_row)(struct ctx *c, struct table_out *t);
    enum err (*end)(struct ctx *c, struct table_out *t); /* closes what begin() opened */
    void (*drop)(struct table_out *t);                   /* the same after a failure */
};

struct table_out {
    const struct table_form *form;
    const char *path, *part_path; /* the file, and where it is written until it is whole */
    const char *const *columns;
    size_t column_count, column;
    int64_t rows;
    bool is_plain; /* CSV without the BOM that Excel wants */
    bool is_open;
    int fd;
    struct buf b; /* CSV and JSON: what is not in the file yet */
    void *sink;   /* of the form */
};

extern const struct table_form table_form_csv, table_form_json;

/* For sheet_create(): E_FILE_UNWRITABLE when the place cannot be written. */
MUST_USE enum err table_out_begin(struct ctx *c, struct table_out *t, struct str path,
                                  const struct table_form *form);
/* NULL-ended names, before the first row; they must stay. */
MUST_USE enum err table_out_columns(struct ctx *c, struct table_out *t, const char *const *names);
/* The cells of a row from left to right; STR_NONE is the empty text. */
void table_put_text(struct table_out *t, struct str s);
void table_put_int(struct table_out *t, int64_t v);
void table_put_flag(struct table_out *t, bool v); /* 1 and 0; true and false in JSON */
MUST_USE enum err table_end_row(struct ctx *c, struct table_out *t);
/* The file is whole and stands under its name. */
MUST_USE enum err table_out_end(struct ctx *c, struct table_out *t);
/* After a failure: nothing is left but what was there before. May follow table_out_end(). */
void table_out_drop(struct table_out *t);

#endif
