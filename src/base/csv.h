/* Reading tables that people made: CSV here (RFC 4180; UTF-8 with or without BOM, GBK as GB18030,
 * UTF-16 with BOM), other forms through table_begin() (src/sheet). Every bad row is
 * noted with line, column and reason, and reading goes on, so that all faults are told at once;
 * importing is all or nothing. Lines end in LF, CRLF or CR; empty lines and rows of nothing but
 * empty fields (Excel leaves them at the end) are passed over. A row with broken UTF-8 is noted
 * field by field and skipped. After a quote that never ends nothing can be read any more.
 *
 * What a spreadsheet would take for a formula (= + - @ first, and not a number) is written with a '
 * before it, and that ' is taken off again in reading, so a visitor's text cannot run on a clerk's
 * machine and still comes back as it was. */
#ifndef CSV_H
#define CSV_H

#include "arena.h"
#include "fault.h"

#define CSV_FIELD_MAX   (1 << 20)
#define CSV_COLUMNS_MAX 128

struct table_place {
    int line;      /* 1 is the header */
    int column_at; /* from 1; 0: of no one column, or of one that is not there */
    struct str column;
};

struct table_fault {
    int line, column_at; /* as in table_place */
    struct str column;
    struct str reason; /* zh-CN, whole sentence */
};

enum table_row { ROW_READ, ROW_BROKEN, ROW_END };
struct table_in;
/* Reads the next row into values, value_count and row_line, its memory in row_arena; moves `at`. A
 * broken row has been noted. */
typedef enum table_row table_reader(struct table_in *t);

struct table_in {
    struct arena *arena;     /* of the whole table: column names, faults */
    struct arena *row_arena; /* reset with every row */
    struct str text;         /* the file, mapped or read; of other forms only its size counts */
    size_t at;
    table_reader *read_row;
    void *source;     /* of the reader */
    struct str sheet; /* its name; STR_NONE: a form without sheets */
    char separator;
    bool is_guarded; /* a ' before what looks like a formula comes off (CSV) */
    bool is_at_end;
    int line, row_line; /* row_line: where the current row began */
    struct str columns[CSV_COLUMNS_MAX];
    size_t column_count;
    size_t blank_columns; /* without a name, at the end of the header: empty in every row */
    bool is_asked[CSV_COLUMNS_MAX]; /* somebody wanted the column by its name */
    struct str values[CSV_COLUMNS_MAX];
    size_t value_count;         /* fields of the row, those beyond the columns too */
    struct table_fault *faults; /* at most 1000 kept */
    size_t fault_count;         /* all of them */
    void (*progress)(void *arg, size_t done,
                     size_t total); /* bytes; set after table_open(), or NULL */
    void *progress_arg;
};

/* Opens CSV over a text in memory and reads the header; false when there is none, it cannot be read or a
 * column repeats (noted). The text must stay as long as the table. */
bool table_open(struct table_in *t, struct arena *a, struct str text);
/* For readers of other forms: an empty table with room for row_bytes in a row; then sheet, source and
 * text.n are set, and table_begin() reads the header. table_fault_at() notes any place. */
void table_init(struct table_in *t, struct arena *a, size_t row_bytes);
bool table_begin(struct table_in *t, table_reader *reader);
void table_fault_at(struct table_in *t, int line, size_t column_at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* 1 is A, 27 is AA, as spreadsheets name columns. */
void column_letters(int column_at, char ret_letters[4]);
/* Where a fault is, for a terminal or log: "line 3, column name", "sheet 事项, line 12, column C (name)". */
struct str table_place(struct arena *a, const struct table_in *t, const struct table_fault *f);
void table_close(struct table_in *t); /* the faults stay, they live in the arena of the table */
/* The next row; false at the end. A row with the wrong number of fields is noted and skipped. At the end of a
 * table without faults a column that nobody asked for in any row is one: its name is mistyped, and what
 * stands in it would be lost. */
bool table_next(struct table_in *t);
/* Values of the current row by column name, blanks off both ends, good until the next row. An
 * absent column gives STR_NONE. In the other getters an absent or empty value is a fault: for one that may be left
 * out, ask table_text() first. A fault gives "", min, false, 0 and -1. */
struct str table_text(struct table_in *t, const char *column);
/* As above, but empty is a fault; also notes texts longer than max characters. */
struct str table_need(struct table_in *t, const char *column, size_t max_chars);
int64_t table_int(struct table_in *t, const char *column, int64_t min, int64_t max);
bool table_flag(struct table_in *t, const char *column); /* 0 or 1 */
int32_t table_date(struct table_in *t,
                   const char *column); /* also 2026/2/2, as spreadsheets write it */
/* One of NULL-ended words; returns its index, or -1 (noted). */
int table_choice(struct table_in *t, const char *column, const char *const *words);
void table_fault(struct table_in *t, const char *column, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool table_has_column(struct table_in *t, const char *column);

struct ctx;
/* The same over a file, read whole (at most 256 MiB): E_FILE_UNREADABLE, or E_TABLE_FAULTS without a header. */
MUST_USE enum err table_open_file(struct ctx *c, struct table_in *t, struct str path);
/* Closes: E_OK, or E_TABLE_FAULTS with the first fault as detail when any row was bad. */
MUST_USE enum err table_end(struct ctx *c, struct table_in *t);

/* Writing: quotes where needed, CRLF line ends are not used. */
struct buf;
void csv_field(struct buf *b, struct str s, bool first);
bool csv_is_guarded(struct str s); /* ' before what a spreadsheet would take for a formula */

#endif
