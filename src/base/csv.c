/* One pass over the text, no copy but of fields with doubled quotes in them. What is wrong with a
 * row never stops the reading of the next one, with one exception: a quote that does not end hides
 * where the rows are, so there the rest is given up, and said to be. */
#include "csv.h"

#include "buf.h"
#include "clock.h"

#include <stdarg.h>
#include <stdio.h>

#define FAULTS_KEPT       ((size_t)1000)
#define REASON_MAX        400
#define COLUMN_NAME_CHARS 60
#define PROGRESS_LINES    1024
#define ROW_SPARE_BYTES   ((size_t)16 * 1024 * 1024) /* of row_arena, for the importer's own use */

enum ending { END_OF_FIELD, END_OF_ROW, END_BROKEN };

/* --- faults ------------------------------------------------------------------------------ */

static void note_fault(struct table_in *t, int line, struct str column, const char *fmt,
                       va_list args)
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
    t->faults[i] = (struct table_fault){line, str_copy(t->arena, column), str_copy(t->arena, text)};
}

static void fault_at(struct table_in *t, int line, struct str column, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void fault_at(struct table_in *t, int line, struct str column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    note_fault(t, line, column, fmt, args);
    va_end(args);
}

void table_fault(struct table_in *t, const char *column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    note_fault(t, t->row_line, str_of(column == NULL ? "" : column), fmt, args);
    va_end(args);
}

/* The name of a column, or its place where there is no name (yet). */
static struct str column_name(struct table_in *t, size_t index)
{
    if (index < t->column_count)
        return t->columns[index];
    return str_fmt(t->row_arena, "第 %zu 列", index + 1);
}

/* --- fields and rows --------------------------------------------------------------------- */

static bool at_line_end(const struct table_in *t)
{
    return t->at >= t->text.n || t->text.p[t->at] == '\n' || t->text.p[t->at] == '\r';
}

static void pass_line_end(struct table_in *t)
{
    if (t->at >= t->text.n)
        return;
    if (t->text.p[t->at] == '\r' && t->at + 1 < t->text.n && t->text.p[t->at + 1] == '\n')
        t->at++;
    t->at++;
    t->line++;
}

/* Behind a field: a comma, or the end of the row. */
static enum ending pass_separator(struct table_in *t)
{
    if (at_line_end(t)) {
        pass_line_end(t);
        return END_OF_ROW;
    }
    t->at++;
    return END_OF_FIELD;
}

static void pass_rest_of_line(struct table_in *t)
{
    while (!at_line_end(t))
        t->at++;
    pass_line_end(t);
}

static void count_lines(struct table_in *t, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->line += p[i] == '\n' || (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'));
}

static struct str without_doubled_quotes(struct arena *a, struct str s)
{
    char *to = arena_bytes(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        to[n++] = s.p[i];
        i += s.p[i] == '"';
    }
    return (struct str){to, n};
}

static enum ending give_up(struct table_in *t, size_t index, const char *why)
{
    fault_at(t, t->line, column_name(t, index), "%s，从这里起读不下去了", why);
    t->at = t->text.n;
    return END_BROKEN;
}

/* t->at stands on the opening quote. */
static enum ending read_quoted(struct table_in *t, size_t index, struct str *ret_value)
{
    const char *start = t->text.p + t->at + 1, *end = t->text.p + t->text.n, *quote = start;
    bool doubled = false;
    for (;; quote += 2, doubled = true) {
        quote = quote < end ? memchr(quote, '"', (size_t)(end - quote)) : NULL;
        if (quote == NULL)
            return give_up(t, index, "这一格开头的引号没有结束");
        if (quote - start > CSV_FIELD_MAX)
            return give_up(t, index, "这一格太长，或者引号没有结束");
        if (quote + 1 == end || quote[1] != '"')
            break;
    }
    struct str value = {start, (size_t)(quote - start)};
    int line = t->line;
    count_lines(t, value.p, value.n);
    t->at = (size_t)(quote + 1 - t->text.p);
    if (!at_line_end(t) && t->text.p[t->at] != ',') {
        fault_at(t, line, column_name(t, index),
                 "这一格在结束的引号后面还有字，格里的引号要写两遍");
        pass_rest_of_line(t);
        return END_BROKEN;
    }
    *ret_value = doubled ? without_doubled_quotes(t->row_arena, value) : value;
    return pass_separator(t);
}

static enum ending read_field(struct table_in *t, size_t index, struct str *ret_value)
{
    if (t->at < t->text.n && t->text.p[t->at] == '"')
        return read_quoted(t, index, ret_value);
    size_t start = t->at;
    while (!at_line_end(t) && t->text.p[t->at] != ',')
        t->at++;
    *ret_value = (struct str){t->text.p + start, t->at - start};
    if (ret_value->n > CSV_FIELD_MAX) {
        fault_at(t, t->line, column_name(t, index), "这一格太长");
        pass_rest_of_line(t);
        return END_BROKEN;
    }
    return pass_separator(t);
}

static bool row_is_utf8(struct table_in *t, size_t from)
{
    if (str_is_utf8((struct str){t->text.p + from, t->at - from}))
        return true;
    for (size_t i = 0; i < t->value_count && i < CSV_COLUMNS_MAX; i++)
        if (!str_is_utf8(t->values[i]))
            fault_at(t, t->row_line, column_name(t, i),
                     "这一格的文字不是 UTF-8 编码，请另存为“CSV UTF-8”再导入");
    return false;
}

/* Reads one row into values; false when it was broken (and noted). */
static bool read_row(struct table_in *t)
{
    size_t from = t->at;
    t->row_line = t->line;
    t->value_count = 0;
    enum ending ending;
    do {
        struct str value = STR("");
        ending = read_field(t, t->value_count, &value);
        if (ending == END_BROKEN)
            return false;
        if (t->value_count < CSV_COLUMNS_MAX)
            t->values[t->value_count] = value;
        t->value_count++;
    } while (ending == END_OF_FIELD);
    return row_is_utf8(t, from);
}

static bool row_is_empty(const struct table_in *t)
{
    for (size_t i = 0; i < t->value_count; i++)
        if (i >= CSV_COLUMNS_MAX || str_trim(t->values[i]).n > 0)
            return false;
    return true;
}

/* --- opening ----------------------------------------------------------------------------- */

static void free_arena(void *arg)
{
    arena_free(arg);
}

static bool read_header(struct table_in *t)
{
    if (!read_row(t))
        return false;
    size_t n = t->value_count;
    if (n > CSV_COLUMNS_MAX) {
        fault_at(t, t->row_line, STR(""), "表头有 %zu 列，最多 %d 列", n, CSV_COLUMNS_MAX);
        return false;
    }
    while (n > 0 && str_trim(t->values[n - 1]).n == 0)
        n--;
    for (size_t i = 0; i < n; i++) {
        struct str whole = str_trim(t->values[i]), name = str_head(whole, COLUMN_NAME_CHARS);
        if (name.n < whole.n)
            fault_at(t, t->row_line, name, "列名太长，最多 %d 个字", COLUMN_NAME_CHARS);
        if (name.n == 0)
            fault_at(t, t->row_line, column_name(t, i), "这一列没有列名");
        for (size_t k = 0; k < i; k++)
            if (name.n > 0 && str_eq(name, t->columns[k]))
                fault_at(t, t->row_line, name, "列名“%.*s”出现了两次", STR_ARG(name));
        t->columns[i] = str_copy(t->arena, name);
        t->column_count = i + 1;
    }
    t->blank_columns = t->value_count - n;
    return t->fault_count == 0;
}

bool table_open(struct table_in *t, struct arena *a, struct str text)
{
    *t = (struct table_in){.arena = a, .text = text, .line = 1, .row_line = 1};
    t->row_arena = arena_new(text.n > SIZE_MAX / 4 ? SIZE_MAX : 2 * text.n + ROW_SPARE_BYTES);
    arena_defer(a, free_arena, t->row_arena);
    if (str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff"))) {
        table_fault(t, NULL, "文件是 UTF-16 编码，请另存为“CSV UTF-8”再导入");
        return false;
    }
    if (str_starts(text, STR("\xef\xbb\xbf")))
        t->at = 3;
    while (t->at < t->text.n && at_line_end(t))
        pass_line_end(t);
    if (t->at == t->text.n) {
        table_fault(t, NULL, "文件是空的，第一行要写列名");
        return false;
    }
    if (read_header(t) && t->column_count == 0)
        table_fault(t, NULL, "第一行要写列名");
    t->value_count = 0;
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
        fault_at(t, t->row_line, STR(""), "这一行有 %zu 格，表头有 %zu 列", t->value_count, least);
    return fits;
}

bool table_next(struct table_in *t)
{
    while (t->at < t->text.n) {
        arena_reset(t->row_arena);
        bool whole = read_row(t);
        if (t->progress != NULL && (t->line % PROGRESS_LINES == 0 || t->at == t->text.n))
            t->progress(t->progress_arg, t->at, t->text.n);
        if (whole && !row_is_empty(t) && row_fits(t))
            return true;
    }
    t->value_count = 0;
    return false;
}

static ptrdiff_t find_column(const struct table_in *t, const char *column)
{
    struct str name = str_of(column);
    for (size_t i = 0; i < t->column_count; i++)
        if (str_eq(t->columns[i], name))
            return (ptrdiff_t)i;
    return -1;
}

bool table_has_column(const struct table_in *t, const char *column)
{
    return find_column(t, column) >= 0;
}

/* --- values ------------------------------------------------------------------------------ */

/* = + - @ and the controls are where spreadsheets begin a formula; a plain number or phone is none. */
static bool looks_like_formula(struct str s)
{
    if (s.n == 0 || memchr("=+-@\t\r", s.p[0], 6) == NULL)
        return false;
    for (size_t i = 1; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.' && s.p[i] != ' ')
            return true;
    return s.p[0] != '+' && s.p[0] != '-';
}

static bool is_guarded(struct str s)
{
    size_t quotes = 0;
    while (quotes < s.n && s.p[quotes] == '\'')
        quotes++;
    return quotes > 0 && looks_like_formula((struct str){s.p + quotes, s.n - quotes});
}

struct str table_text(struct table_in *t, const char *column)
{
    ptrdiff_t i = find_column(t, column);
    if (i < 0 || (size_t)i >= t->value_count)
        return STR_NONE;
    struct str s = str_trim(t->values[i]);
    return is_guarded(s) ? (struct str){s.p + 1, s.n - 1} : s;
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

/* --- writing ----------------------------------------------------------------------------- */

void csv_field(struct buf *b, struct str s, bool first)
{
    if (!first)
        buf_char(b, ',');
    bool guard = looks_like_formula(s) || is_guarded(s), quote = guard;
    for (size_t i = 0; i < s.n && !quote; i++)
        quote = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        buf_str(b, s);
        return;
    }
    buf_char(b, '"');
    if (guard)
        buf_char(b, '\'');
    for (size_t done = 0; done < s.n;) {
        const char *found = memchr(s.p + done, '"', s.n - done);
        size_t n = found == NULL ? s.n - done : (size_t)(found - s.p) + 1 - done;
        buf_put(b, s.p + done, n);
        if (found != NULL)
            buf_char(b, '"');
        done += n;
    }
    buf_char(b, '"');
}
