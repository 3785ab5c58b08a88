/* CSV (RFC 4180): one pass over the text, no copy but of fields with doubled quotes in them. One
 * fault stops the reading: a quote that does not end hides where the rows are, so there the rest is
 * given up, and said to be. */
#include "csv.h"

#include "buf.h"
#include "encoding.h"

enum ending { END_OF_FIELD, END_OF_ROW, END_BROKEN };

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
    table_fault_at(t, t->line, index + 1, "%s，从这里起读不下去了", why);
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
    if (!at_line_end(t) && t->text.p[t->at] != t->separator) {
        table_fault_at(t, line, index + 1, "这一格在结束的引号后面还有字，格里的引号要写两遍");
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
    while (!at_line_end(t) && t->text.p[t->at] != t->separator)
        t->at++;
    *ret_value = (struct str){t->text.p + start, t->at - start};
    if (ret_value->n > CSV_FIELD_MAX) {
        table_fault_at(t, t->line, index + 1, "这一格太长");
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
            table_fault_at(t, t->row_line, i + 1,
                           "这一格的文字不是 UTF-8 编码（GBK "
                           "等不能混在同一个文件里），请另存为“CSV UTF-8”再导入");
    return false;
}

static enum table_row csv_row(struct table_in *t)
{
    while (t->at < t->text.n && at_line_end(t))
        pass_line_end(t);
    if (t->at >= t->text.n)
        return ROW_END;
    size_t from = t->at;
    t->row_line = t->line;
    enum ending ending;
    do {
        struct str value = STR("");
        ending = read_field(t, t->value_count, &value);
        if (ending == END_BROKEN)
            return ROW_BROKEN;
        if (t->value_count < CSV_COLUMNS_MAX)
            t->values[t->value_count] = value;
        t->value_count++;
    } while (ending == END_OF_FIELD);
    return row_is_utf8(t, from) ? ROW_READ : ROW_BROKEN;
}

/* --- opening ----------------------------------------------------------------------------- */

/* "Unicode text" of Excel is UTF-16 with tabs between the fields. */
static char separator_of(struct str text, enum encoding encoding)
{
    struct str rest = text, header = str_cut(&rest, '\n');
    bool is_utf16 = encoding == ENCODING_UTF16_LE || encoding == ENCODING_UTF16_BE;
    return is_utf16 && str_find(header, STR("\t")) >= 0 && str_find(header, STR(",")) < 0 ? '\t'
                                                                                          : ',';
}

/* Names the place behind the part that could be read. */
static bool refuse_encoding(struct table_in *t, struct str good, enum encoding encoding)
{
    int line = 1;
    size_t column = 1;
    bool quoted = false;
    for (size_t i = 0; i < good.n; i++) {
        quoted = quoted != (good.p[i] == '"');
        if (good.p[i] == '\n')
            line++, column = quoted ? column : 1;
        else if (good.p[i] == ',' && !quoted)
            column++;
    }
    if (encoding == ENCODING_GB18030)
        table_fault_at(
            t, line, column,
            "这里的文字既不是 UTF-8，也不是 GBK（GB18030）编码，请另存为“CSV UTF-8”再导入");
    else
        table_fault_at(t, line, column,
                       "这里的文字不是完整的 UTF-16 编码，请另存为“CSV UTF-8”再导入");
    return false;
}

bool table_open(struct table_in *t, struct arena *a, struct str text)
{
    enum encoding encoding = encoding_of(text);
    struct str utf8;
    bool is_read = encoding_to_utf8(a, text, encoding, &utf8);
    table_init(t, a, utf8.n > SIZE_MAX / 4 ? SIZE_MAX : 2 * utf8.n);
    if (!is_read)
        return refuse_encoding(t, utf8, encoding);
    t->text = utf8;
    t->is_guarded = true;
    t->separator = separator_of(utf8, encoding);
    return table_begin(t, csv_row);
}

/* --- writing ----------------------------------------------------------------------------- */

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

bool csv_is_guarded(struct str s)
{
    size_t quotes = 0;
    while (quotes < s.n && s.p[quotes] == '\'')
        quotes++;
    return quotes > 0 && looks_like_formula((struct str){s.p + quotes, s.n - quotes});
}

void csv_field(struct buf *b, struct str s, bool first)
{
    if (!first)
        buf_char(b, ',');
    bool guard = looks_like_formula(s) || csv_is_guarded(s), quote = guard;
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
