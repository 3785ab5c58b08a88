/* What all forms of tables have in common: the faults, the header, rows by column name, and values
 * by kind. Where the rows come from is the reader's business (csv.c here, src/sheet for the others).
 * What is wrong with a row never stops the reading of the next one. */
#include "buf.h"
#include "clock.h"
#include "csv.h"

#include <stdarg.h>
#include <stdio.h>

#define FAULTS_KEPT       ((size_t)1000)
#define REASON_MAX        400
#define COLUMN_NAME_CHARS 60
#define PROGRESS_LINES    1024
#define ROW_SPARE_BYTES   ((size_t)16 * 1024 * 1024) /* of row_arena, for the importer's own use */

/* --- faults ------------------------------------------------------------------------------ */

static ptrdiff_t find_column(const struct table_in *t, struct str name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (str_eq(t->columns[i], name))
            return (ptrdiff_t)i;
    return -1;
}

static void note_fault(struct table_in *t, struct table_place place, const char *fmt, va_list args)
{
    size_t i = t->fault_count++;
    if (i >= FAULTS_KEPT)
        return;
    if (t->faults == NULL)
        t->faults = ARENA_ARRAY(t->arena, struct table_fault, FAULTS_KEPT);
    char reason[REASON_MAX];
    vsnprintf(reason, sizeof reason, fmt, args);
    struct str text = str_of(reason);
    while (!str_is_utf8(text)) /* cut inside a character */
        text.n--;
    t->faults[i] = (struct table_fault){place.line, place.column_at,
                                        str_copy(t->arena, place.column), str_copy(t->arena, text)};
}

void table_fault_at(struct table_in *t, int line, size_t column_at, const char *fmt, ...)
{
    struct table_place place = {line, (int)column_at, STR("")};
    if (column_at > 0 && column_at <= t->column_count)
        place.column = t->columns[column_at - 1];
    else if (column_at > 0 && t->sheet.p == NULL)
        place.column = str_fmt(t->row_arena, "第 %zu 列", column_at);
    va_list args;
    va_start(args, fmt);
    note_fault(t, place, fmt, args);
    va_end(args);
}

void table_fault(struct table_in *t, const char *column, const char *fmt, ...)
{
    struct str name = str_of(column == NULL ? "" : column);
    struct table_place place = {t->row_line, (int)find_column(t, name) + 1, name};
    va_list args;
    va_start(args, fmt);
    note_fault(t, place, fmt, args);
    va_end(args);
}

struct str table_place(struct arena *a, const struct table_in *t, const struct table_fault *f)
{
    struct buf b;
    buf_init(&b, a, REASON_MAX);
    if (t->sheet.p != NULL)
        buf_fmt(&b, "sheet %.*s, ", STR_ARG(t->sheet));
    buf_fmt(&b, "line %d", f->line);
    char letters[4];
    column_letters(t->sheet.p == NULL ? 0 : f->column_at, letters);
    if (letters[0] != '\0')
        buf_fmt(&b, ", column %s%s%.*s%s", letters, f->column.n > 0 ? " (" : "", STR_ARG(f->column),
                f->column.n > 0 ? ")" : "");
    else if (f->column.n > 0)
        buf_fmt(&b, ", column %.*s", STR_ARG(f->column));
    return buf_as_str(&b);
}

void column_letters(int column_at, char ret_letters[4])
{
    char reversed[4];
    size_t n = 0;
    for (int rest = column_at; rest > 0 && n < 3; rest = (rest - 1) / 26)
        reversed[n++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < n; i++)
        ret_letters[i] = reversed[n - 1 - i];
    ret_letters[n] = '\0';
}

/* --- opening ----------------------------------------------------------------------------- */

static void free_arena(void *arg)
{
    arena_free(arg);
}

static bool row_is_empty(const struct table_in *t)
{
    for (size_t i = 0; i < t->value_count; i++)
        if (i >= CSV_COLUMNS_MAX || str_trim(t->values[i]).n > 0)
            return false;
    return true;
}

static void take_column(struct table_in *t, size_t i)
{
    struct str whole = str_trim(t->values[i]), name = str_head(whole, COLUMN_NAME_CHARS);
    if (name.n == 0)
        table_fault_at(t, t->row_line, i + 1, "这一列没有列名");
    ptrdiff_t same = name.n == 0 ? -1 : find_column(t, name);
    t->columns[i] = str_copy(t->arena, name);
    t->column_count = i + 1;
    if (name.n < whole.n)
        table_fault_at(t, t->row_line, i + 1, "列名太长，最多 %d 个字", COLUMN_NAME_CHARS);
    if (same >= 0)
        table_fault_at(t, t->row_line, i + 1, "列名“%.*s”出现了两次", STR_ARG(name));
}

static bool take_header(struct table_in *t)
{
    size_t n = t->value_count;
    if (n > CSV_COLUMNS_MAX) {
        table_fault_at(t, t->row_line, 0, "表头有 %zu 列，最多 %d 列", n, CSV_COLUMNS_MAX);
        return false;
    }
    while (n > 0 && str_trim(t->values[n - 1]).n == 0)
        n--;
    for (size_t i = 0; i < n; i++)
        take_column(t, i);
    t->blank_columns = t->value_count - n;
    return t->fault_count == 0;
}

static enum table_row read_row(struct table_in *t)
{
    arena_reset(t->row_arena);
    t->value_count = 0;
    enum table_row row = t->read_row(t);
    t->is_at_end = row == ROW_END;
    return row;
}

void table_init(struct table_in *t, struct arena *a, size_t row_bytes)
{
    *t = (struct table_in){.arena = a, .line = 1, .row_line = 1, .is_at_end = true};
    t->row_arena =
        arena_new(row_bytes > SIZE_MAX - ROW_SPARE_BYTES ? SIZE_MAX : row_bytes + ROW_SPARE_BYTES);
    arena_defer(a, free_arena, t->row_arena);
}

bool table_begin(struct table_in *t, table_reader *reader)
{
    t->read_row = reader;
    enum table_row row = read_row(t);
    if (row == ROW_END && t->fault_count == 0)
        table_fault_at(t, t->row_line, 0, "%s是空的，第一行要写列名",
                       t->sheet.p == NULL ? "文件" : "工作表");
    if (row == ROW_READ && take_header(t) && t->column_count == 0)
        table_fault_at(t, t->row_line, 0, "第一行要写列名");
    t->value_count = 0;
    t->is_at_end = t->fault_count > 0;
    return t->fault_count == 0;
}

void table_close(struct table_in *t)
{
    if (t->row_arena != NULL)
        arena_reset(t->row_arena);
    t->value_count = 0;
}

/* --- rows -------------------------------------------------------------------------------- */

static bool row_fits(struct table_in *t)
{
    size_t least = t->column_count, most = least + t->blank_columns;
    bool fits = t->value_count >= least && t->value_count <= most;
    for (size_t i = least; fits && i < t->value_count; i++)
        fits = str_trim(t->values[i]).n == 0;
    if (!fits)
        table_fault_at(t, t->row_line, 0, "这一行有 %zu 格，表头有 %zu 列", t->value_count, least);
    return fits;
}

/* What people write beside a row for people. */
static bool is_for_people(struct str column)
{
    return str_is(column, "source") || str_is(column, "state") || str_is(column, "note") ||
           str_is(column, "备注");
}

/* Only where columns are asked for by name, and where no fault made a row be left half read. */
static void note_unknown_columns(struct table_in *t)
{
    size_t asked = 0;
    for (size_t i = 0; i < t->column_count; i++)
        asked += t->is_asked[i] ? 1 : 0;
    if (asked == 0 || t->fault_count > 0)
        return;
    for (size_t i = 0; i < t->column_count; i++)
        if (!t->is_asked[i] && !is_for_people(t->columns[i]))
            table_fault_at(t, 1, i + 1,
                           "没有“%.*s”这一列，里面的内容会丢；请改对列名，用不着就把这一列删掉",
                           STR_ARG(t->columns[i]));
}

bool table_next(struct table_in *t)
{
    bool was_at_end = t->is_at_end;
    while (!t->is_at_end) {
        enum table_row row = read_row(t);
        if (t->progress != NULL && (t->row_line % PROGRESS_LINES == 0 || t->at == t->text.n))
            t->progress(t->progress_arg, t->at, t->text.n);
        if (row == ROW_READ && !row_is_empty(t) && row_fits(t))
            return true;
    }
    if (!was_at_end)
        note_unknown_columns(t);
    t->value_count = 0;
    return false;
}

/* Also remembers that it was asked for. */
static ptrdiff_t wanted_column(struct table_in *t, const char *column)
{
    ptrdiff_t i = find_column(t, str_of(column));
    if (i >= 0)
        t->is_asked[i] = true;
    return i;
}

bool table_has_column(struct table_in *t, const char *column)
{
    return wanted_column(t, column) >= 0;
}

/* --- values ------------------------------------------------------------------------------ */

struct str table_text(struct table_in *t, const char *column)
{
    ptrdiff_t i = wanted_column(t, column);
    if (i < 0 || (size_t)i >= t->value_count)
        return STR_NONE;
    struct str s = str_trim(t->values[i]);
    return t->is_guarded && csv_is_guarded(s) ? (struct str){s.p + 1, s.n - 1} : s;
}

struct str table_need(struct table_in *t, const char *column, size_t max_chars)
{
    struct str s = table_text(t, column);
    size_t chars = str_chars(s);
    if (s.n == 0) {
        table_fault(t, column, "这一格不能空着");
        return STR("");
    }
    if (chars > max_chars) {
        table_fault(t, column, "这一格有 %zu 个字，最多 %zu 个", chars, max_chars);
        return STR("");
    }
    return s;
}

/* The start of a value, for a sentence. */
static struct str shown(struct str s)
{
    return str_head(s, 40);
}

int64_t table_int(struct table_in *t, const char *column, int64_t min, int64_t max)
{
    struct str s = table_text(t, column);
    int64_t value;
    if (s.n == 0) {
        table_fault(t, column, "这一格不能空着，要填一个整数");
        return min;
    }
    if (!str_to_int(s, &value)) {
        table_fault(t, column, "“%.*s”不是整数", STR_ARG(shown(s)));
        return min;
    }
    if (value < min || value > max) {
        table_fault(t, column, "“%.*s”超出范围，要在 %lld 到 %lld 之间", STR_ARG(shown(s)),
                    (long long)min, (long long)max);
        return min;
    }
    return value;
}

bool table_flag(struct table_in *t, const char *column)
{
    struct str s = table_text(t, column);
    if (!str_is(s, "0") && !str_is(s, "1"))
        table_fault(t, column, "这一格要填 0（否）或 1（是）");
    return str_is(s, "1");
}

/* 2026/2/2, what a spreadsheet makes of a date. */
static bool parse_slashed(struct str s, int32_t *ret_date)
{
    struct str rest = s;
    int64_t parts[3];
    for (int i = 0; i < 3; i++)
        if (!str_to_int(str_cut(&rest, '/'), &parts[i]) || parts[i] < 1 || parts[i] > 9999)
            return false;
    int32_t date = (int32_t)(parts[0] * 10000 + parts[1] * 100 + parts[2]);
    if (rest.p != NULL || parts[1] > 12 || parts[2] > 31 || !date_is_valid(date))
        return false;
    *ret_date = date;
    return true;
}

int32_t table_date(struct table_in *t, const char *column)
{
    struct str s = table_text(t, column);
    int32_t date;
    if (date_parse(s, &date) || parse_slashed(s, &date))
        return date;
    if (s.n == 0)
        table_fault(t, column, "这一格不能空着，要填日期，如 2026-02-02");
    else
        table_fault(t, column, "“%.*s”不是日期，要写成 2026-02-02 这样", STR_ARG(shown(s)));
    return 0;
}

int table_choice(struct table_in *t, const char *column, const char *const *words)
{
    struct str s = table_text(t, column);
    for (int i = 0; words[i] != NULL; i++)
        if (str_is(s, words[i]))
            return i;
    struct buf allowed;
    buf_init(&allowed, t->row_arena, REASON_MAX / 2);
    for (int i = 0; words[i] != NULL; i++)
        buf_fmt(&allowed, "%s%s", i == 0 ? "" : "、", words[i]);
    struct str list = buf_as_str(&allowed);
    if (s.n == 0)
        table_fault(t, column, "这一格不能空着，可以填：%.*s", STR_ARG(list));
    else
        table_fault(t, column, "“%.*s”不能填，可以填：%.*s", STR_ARG(shown(s)), STR_ARG(list));
    return -1;
}
