/* In constant memory a row is on disk when the next begins; cells are put from left to right, which
 * struct table_out does anyhow. Texts are always written as texts, so none is a formula. */
#include "xlsx_out.h"

#include "ctx.h"

#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define WIDTH_MIN     8
#define WIDTH_MAX     60
#define CELL_UNITS    32767 /* characters that a cell of Excel holds */
#define NUMBER_DIGITS 999999999999999LL

struct xlsx_sink {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_error error;
    struct arena *arena; /* of a row */
    size_t widths[TABLE_OUT_COLUMNS_MAX];
};

static bool needs_escape(struct str s, size_t i)
{
    unsigned char ch = (unsigned char)s.p[i];
    if (ch != '_')
        return ch < 0x20 && ch != '\t' && ch != '\n';
    if (s.n - i < 7 || s.p[i + 1] != 'x' || s.p[i + 6] != '_')
        return false;
    for (size_t k = i + 2; k < i + 6; k++)
        if (memchr("0123456789abcdefABCDEF", s.p[k], 22) == NULL)
            return false;
    return true;
}

struct str xlsx_escape(struct arena *a, struct str s)
{
    struct buf b;
    size_t i = 0;
    while (i < s.n && !needs_escape(s, i))
        i++;
    if (i == s.n)
        return s;
    buf_init(&b, a, s.n * 7 + 1);
    for (i = 0; i < s.n; i++)
        if (needs_escape(s, i))
            buf_fmt(&b, "_x%04X_", (unsigned)(unsigned char)s.p[i]);
        else
            buf_char(&b, s.p[i]);
    return buf_as_str(&b);
}

static void note(struct xlsx_sink *x, lxw_error error)
{
    if (x->error == LXW_NO_ERROR)
        x->error = error;
}

/* Chinese characters are about two figures wide. */
static void widen(struct xlsx_sink *x, size_t column, struct str s)
{
    size_t width = 0, at = 0;
    while (at < s.n && width < WIDTH_MAX)
        width += str_next_char(s, &at) < 0x1100 ? 1 : 2;
    if (width > x->widths[column])
        x->widths[column] = width;
}

static void free_arena(void *arg)
{
    arena_free(arg);
}

static enum err failed(struct ctx *c, const struct table_out *t, lxw_error error)
{
    bool is_too_large = error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ||
                        error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE;
    return fail(c, is_too_large ? E_TOO_LARGE : E_FILE_UNWRITABLE, "%s, row %lld: %s", t->path,
                (long long)t->rows + 2, lxw_strerror(error));
}

static enum err begin(struct ctx *c, struct table_out *t)
{
    /* libxlsxwriter would find out only at the end, and let everybody read it */
    int probe = open(t->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (probe < 0)
        return failed(c, t, LXW_ERROR_CREATING_XLSX_FILE);
    close(probe);
    struct xlsx_sink *x = ARENA_NEW(c->arena, struct xlsx_sink);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    x->arena = arena_new((size_t)256 << 20);
    arena_defer(c->arena, free_arena, x->arena);
    x->book = workbook_new_opt(t->part_path, &options);
    x->sheet = x->book == NULL ? NULL : workbook_add_worksheet(x->book, NULL);
    if (x->sheet == NULL)
        return failed(c, t, LXW_ERROR_MEMORY_MALLOC_FAILED);
    t->sink = x;
    lxw_format *bold = workbook_add_format(x->book);
    format_set_bold(bold);
    for (size_t i = 0; i < t->column_count; i++) {
        note(x, worksheet_write_string(x->sheet, 0, (lxw_col_t)i, t->columns[i], bold));
        widen(x, i, str_of(t->columns[i]));
    }
    worksheet_freeze_panes(x->sheet, 1, 0);
    return E_OK;
}

static void put_text(struct table_out *t, struct str s)
{
    struct xlsx_sink *x = t->sink;
    widen(x, t->column, s);
    if (s.n > CELL_UNITS && str_chars(s) > CELL_UNITS)
        note(x, LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED);
    else if (s.n > 0)
        note(x, worksheet_write_string(x->sheet, (lxw_row_t)(t->rows + 1), (lxw_col_t)t->column,
                                       str_z(x->arena, xlsx_escape(x->arena, s)), NULL));
}

static void put_number(struct table_out *t, int64_t v)
{
    struct xlsx_sink *x = t->sink;
    struct str s = str_fmt(x->arena, "%lld", (long long)v);
    if (v > NUMBER_DIGITS || v < -NUMBER_DIGITS) { /* a spreadsheet would lose the last digits */
        put_text(t, s);
        return;
    }
    widen(x, t->column, s);
    note(x, worksheet_write_number(x->sheet, (lxw_row_t)(t->rows + 1), (lxw_col_t)t->column,
                                   (double)v, NULL));
}

static void put_flag(struct table_out *t, bool v)
{
    put_number(t, v ? 1 : 0);
}

static enum err end_row(struct ctx *c, struct table_out *t)
{
    struct xlsx_sink *x = t->sink;
    arena_reset(x->arena);
    return x->error == LXW_NO_ERROR ? E_OK : failed(c, t, x->error);
}

static enum err end(struct ctx *c, struct table_out *t)
{
    struct xlsx_sink *x = t->sink;
    for (size_t i = 0; i < t->column_count; i++) {
        size_t width = x->widths[i] < WIDTH_MIN ? WIDTH_MIN : x->widths[i];
        worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i,
                             (double)(width > WIDTH_MAX ? WIDTH_MAX : width) + 2, NULL);
    }
    worksheet_autofilter(x->sheet, 0, 0, (lxw_row_t)t->rows, (lxw_col_t)(t->column_count - 1));
    lxw_error error = workbook_close(x->book);
    x->book = NULL;
    return error == LXW_NO_ERROR ? E_OK : failed(c, t, error);
}

static void drop(struct table_out *t)
{
    struct xlsx_sink *x = t->sink;
    if (x != NULL && x->book != NULL)
        lxw_workbook_free(x->book);
}

const struct table_form table_form_xlsx = {".xlsx",  begin,   put_text, put_number,
                                           put_flag, end_row, end,      drop};
