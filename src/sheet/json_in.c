/* One object at a time is given to jansson, so a long array needs the memory of a row. Texts, whole
 * numbers, true and false (1 and 0) and null (empty) are values; anything else is a fault of its row. */
#include <jansson.h>

#include "json_in.h"

#include "buf.h"

#define ROW_BYTES_MAX ((size_t)CSV_COLUMNS_MAX * CSV_FIELD_MAX)

struct array_rows {
    struct str text;
    json_t *first; /* gives the columns, and then the first row */
    size_t at;
    int line;
    bool is_at_end, is_begun;
};

static void drop_first(void *arg)
{
    struct array_rows *r = arg;
    json_decref(r->first);
}

static void pass_blanks(struct array_rows *r)
{
    for (; r->at < r->text.n; r->at++) {
        char ch = r->text.p[r->at];
        if (ch != ' ' && ch != '\t' && ch != '\r' && ch != '\n')
            return;
        r->line += ch == '\n';
    }
}

static bool pass(struct array_rows *r, char ch)
{
    pass_blanks(r);
    if (r->at >= r->text.n || r->text.p[r->at] != ch)
        return false;
    r->at++;
    return true;
}

static enum table_row broken(struct table_in *t, struct array_rows *r, const char *why)
{
    r->is_at_end = true;
    table_fault_at(t, r->line, 0, "JSON 写得不对（%s），从这里起读不下去了", why);
    return ROW_BROKEN;
}

/* The next object; NULL at the end or when broken (noted). */
static json_t *next_object(struct table_in *t, struct array_rows *r)
{
    pass_blanks(r);
    if (r->is_begun ? !pass(r, ',') : r->at < r->text.n && r->text.p[r->at] == ']') {
        r->is_at_end = true;
        if (!pass(r, ']'))
            /* zh: part of a sentence for table_fault_at() */
            broken(t, r, "缺逗号或结尾的 ]");
        pass_blanks(r);
        if (t->fault_count == 0 && r->at < r->text.n)
            /* zh: part of a sentence for table_fault_at() */
            broken(t, r, "结尾的 ] 后面还有字");
        return NULL;
    }
    r->is_begun = true;
    pass_blanks(r);
    t->row_line = r->line;
    json_error_t error;
    const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *row = json_loadb(r->text.p + r->at, r->text.n - r->at, flags, &error);
    if (row == NULL) {
        /* zh: part of a sentence for table_fault_at() */
        broken(t, r, "这一行的对象不完整，或有重复的名字");
        return NULL;
    }
    for (size_t end = r->at + (size_t)error.position; r->at < end; r->at++)
        r->line += r->text.p[r->at] == '\n';
    if (json_is_object(row))
        return row;
    json_decref(row);
    /* zh: part of a sentence for table_fault_at() */
    broken(t, r, "数组里要是对象");
    return NULL;
}

static bool value_of(struct table_in *t, json_t *v, struct str *ret)
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        *ret = str_copy(t->row_arena, (struct str){json_string_value(v), json_string_length(v)});
        return ret->n <= CSV_FIELD_MAX && str_is_utf8(*ret);
    case JSON_INTEGER:
        *ret = str_fmt(t->row_arena, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        *ret = json_is_true(v) ? STR("1") : STR("0");
        return true;
    case JSON_NULL:
        *ret = STR("");
        return true;
    case JSON_REAL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return false;
}

static size_t column_named(const struct table_in *t, const char *name)
{
    size_t i = 0;
    while (i < t->column_count && !str_is(t->columns[i], name))
        i++;
    return i;
}

static enum table_row take_row(struct table_in *t, json_t *row)
{
    const char *name;
    json_t *v;
    enum table_row result = ROW_READ;
    for (size_t i = 0; i < t->column_count; i++)
        t->values[i] = STR("");
    t->value_count = t->column_count;
    json_object_foreach(row, name, v)
    {
        size_t i = column_named(t, name);
        if (i == t->column_count) {
            table_fault(t, name, "第一个对象里没有这一项");
            result = ROW_BROKEN;
        } else if (!value_of(t, v, &t->values[i])) {
            table_fault(t, name, "这里要填文字、整数、true、false 或 null");
            result = ROW_BROKEN;
        }
    }
    return result;
}

static enum table_row take_names(struct table_in *t, json_t *row)
{
    const char *name;
    json_t *v;
    json_object_foreach(row, name, v)
    {
        if (t->value_count < CSV_COLUMNS_MAX)
            t->values[t->value_count] = str_copy(t->row_arena, str_of(name));
        t->value_count++;
    }
    return ROW_READ;
}

static enum table_row read_row(struct table_in *t)
{
    struct array_rows *r = t->source;
    if (t->column_count == 0) {
        r->first = next_object(t, r);
        return r->first == NULL ? ROW_END : take_names(t, r->first);
    }
    json_t *row = r->first;
    r->first = NULL;
    if (row == NULL && !r->is_at_end)
        row = next_object(t, r);
    t->at = r->is_at_end ? r->text.n : r->at;
    if (row == NULL)
        return ROW_END;
    enum table_row result = take_row(t, row);
    json_decref(row);
    return result;
}

bool json_open(struct table_in *t, struct arena *a, struct str bytes)
{
    table_init(t, a, ROW_BYTES_MAX);
    struct array_rows *r = ARENA_NEW(a, struct array_rows);
    *r = (struct array_rows){.text = bytes, .line = 1};
    arena_defer(a, drop_first, r);
    r->at = str_starts(bytes, STR("\xef\xbb\xbf")) ? 3 : 0;
    t->source = r;
    t->text.n = bytes.n;
    pass(r, '[');
    return table_begin(t, read_row);
}
