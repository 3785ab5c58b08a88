/* The file is written beside its place and renamed when it is whole, so nobody ever finds half a table
 * under its name. CSV and JSON go through one buffer; other forms have their own (src/sheet). */
#include "table_out.h"

#include "csv.h"
#include "ctx.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define ROW_BYTES_MAX ((size_t)256 << 20)
#define FLUSH_BYTES   ((size_t)256 << 10)

static enum err unwritable(struct ctx *c, const struct table_out *t)
{
    return fail(c, E_FILE_UNWRITABLE, "%s: %s", t->path, strerror(errno));
}

enum err table_out_begin(struct ctx *c, struct table_out *t, struct str path,
                         const struct table_form *form)
{
    bool is_plain = t->is_plain;
    *t = (struct table_out){.form = form, .fd = -1, .is_plain = is_plain};
    t->path = str_z(c->arena, path);
    t->part_path = str_z(c->arena, str_fmt(c->arena, "%.*s.part", STR_ARG(path)));
    return E_OK;
}

enum err table_out_columns(struct ctx *c, struct table_out *t, const char *const *names)
{
    t->columns = names;
    for (t->column_count = 0; names[t->column_count] != NULL;)
        t->column_count++;
    BUG_IF(t->is_open || t->column_count == 0 || t->column_count > TABLE_OUT_COLUMNS_MAX);
    TRY(t->form->begin(c, t));
    t->is_open = true;
    return E_OK;
}

void table_put_text(struct table_out *t, struct str s)
{
    BUG_IF(t->column >= t->column_count);
    t->form->text(t, str_or_empty(s));
    t->column++;
}

void table_put_int(struct table_out *t, int64_t v)
{
    BUG_IF(t->column >= t->column_count);
    t->form->number(t, v);
    t->column++;
}

void table_put_flag(struct table_out *t, bool v)
{
    BUG_IF(t->column >= t->column_count);
    t->form->flag(t, v);
    t->column++;
}

enum err table_end_row(struct ctx *c, struct table_out *t)
{
    BUG_IF(t->column != t->column_count);
    t->column = 0;
    TRY(t->form->end_row(c, t));
    t->rows++;
    return E_OK;
}

enum err table_out_end(struct ctx *c, struct table_out *t)
{
    BUG_IF(!t->is_open || t->column != 0);
    TRY(t->form->end(c, t));
    t->is_open = false;
    if (rename(t->part_path, t->path) != 0) {
        enum err e = unwritable(c, t);
        unlink(t->part_path);
        return e;
    }
    return E_OK;
}

void table_out_drop(struct table_out *t)
{
    if (!t->is_open)
        return;
    t->is_open = false;
    t->form->drop(t);
    unlink(t->part_path);
}

/* --- what CSV and JSON share ------------------------------------------------------------- */

static enum err open_file(struct ctx *c, struct table_out *t)
{
    t->fd = open(t->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    buf_init(&t->b, c->arena, ROW_BYTES_MAX);
    return t->fd < 0 ? unwritable(c, t) : E_OK;
}

static enum err flush(struct ctx *c, struct table_out *t)
{
    if (buf_overflowed(&t->b))
        return fail(c, E_TOO_LARGE, "%s: a row is too long", t->path);
    for (size_t at = 0; at < t->b.n;) {
        ssize_t written = write(t->fd, t->b.p + at, t->b.n - at);
        if (written < 0 && errno != EINTR)
            return unwritable(c, t);
        at += written > 0 ? (size_t)written : 0;
    }
    t->b.n = 0;
    return E_OK;
}

static enum err flush_when_full(struct ctx *c, struct table_out *t)
{
    return t->b.n >= FLUSH_BYTES || buf_overflowed(&t->b) ? flush(c, t) : E_OK;
}

static void drop_file(struct table_out *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

static enum err close_file(struct ctx *c, struct table_out *t)
{
    TRY(flush(c, t));
    if (fsync(t->fd) != 0)
        return unwritable(c, t);
    drop_file(t);
    return E_OK;
}

/* --- CSV --------------------------------------------------------------------------------- */

static enum err csv_begin(struct ctx *c, struct table_out *t)
{
    TRY(open_file(c, t));
    if (!t->is_plain)
        buf_lit(&t->b, "\xef\xbb\xbf");
    for (size_t i = 0; i < t->column_count; i++)
        csv_field(&t->b, str_of(t->columns[i]), i == 0);
    buf_char(&t->b, '\n');
    return E_OK;
}

static void csv_text(struct table_out *t, struct str s)
{
    csv_field(&t->b, s, t->column == 0);
}

static void csv_number(struct table_out *t, int64_t v)
{
    if (t->column > 0)
        buf_char(&t->b, ',');
    buf_int(&t->b, v);
}

static void csv_flag(struct table_out *t, bool v)
{
    csv_number(t, v ? 1 : 0);
}

static enum err csv_end_row(struct ctx *c, struct table_out *t)
{
    buf_char(&t->b, '\n');
    return flush_when_full(c, t);
}

const struct table_form table_form_csv = {".csv",   csv_begin,   csv_text,   csv_number,
                                          csv_flag, csv_end_row, close_file, drop_file};

/* --- JSON: an array of objects, one a line ----------------------------------------------- */

static enum err json_begin(struct ctx *c, struct table_out *t)
{
    TRY(open_file(c, t));
    buf_char(&t->b, '[');
    return E_OK;
}

static struct json member(struct table_out *t)
{
    struct json j;
    if (t->column == 0)
        buf_put(&t->b, t->rows == 0 ? "\n{" : ",\n{", t->rows == 0 ? 2 : 3);
    else
        buf_char(&t->b, ',');
    json_init(&j, &t->b, 0);
    json_text(&j, str_of(t->columns[t->column]));
    buf_char(&t->b, ':');
    json_init(&j, &t->b, 0);
    return j;
}

static void put_json_text(struct table_out *t, struct str s)
{
    struct json j = member(t);
    json_text(&j, s);
}

static void put_json_number(struct table_out *t, int64_t v)
{
    struct json j = member(t);
    json_int(&j, v);
}

static void put_json_flag(struct table_out *t, bool v)
{
    struct json j = member(t);
    json_flag(&j, v);
}

static enum err json_end_row(struct ctx *c, struct table_out *t)
{
    buf_char(&t->b, '}');
    return flush_when_full(c, t);
}

static enum err json_end(struct ctx *c, struct table_out *t)
{
    buf_lit(&t->b, "\n]\n");
    return close_file(c, t);
}

const struct table_form table_form_json = {".json",         json_begin,    put_json_text,
                                           put_json_number, put_json_flag, json_end_row,
                                           json_end,        drop_file};
