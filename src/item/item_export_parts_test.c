/* Parts of items and terms: what goes out is what data/ holds, row by row, and a second hall that takes it in
 * gives the same. Rows are compared in order of their text: a directory goes out in the order it was filled. */
#include "test.h"

#include "csv.h"
#include "item.h"
#include "item_sample.h"
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *data_file; /* NULL: not a file of data/ */
    enum err (*export)(struct ctx *c, struct table_out *t);
    enum err (*import)(struct ctx *c, struct table_in *t);
    size_t rows; /* less the header, counted by the csv module of Python */
} parts[] =
    {{"item_elements", "item_elements.csv", item_elements_export, item_elements_import, 2097},
     {"item_files", "item_files.csv", item_files_export, item_files_import, 109},
     {"item_fees", "item_fees.csv", item_fees_export, item_fees_import, 15},
     /* lines of the element questions in item_texts.csv */
     {"item_questions", NULL, item_questions_export, item_questions_import, 219},
     {"item_bases", "item_bases.csv", item_bases_export, item_bases_import, 167},
     {"item_situations", "item_situations.csv", item_situations_export, item_situations_import, 71},
     {"item_handlings", "item_handlings.csv", item_handlings_export, item_handlings_import, 19},
     {"elements", "../catalogue/elements.csv", elements_export, elements_import, 161},
     {"codes", "../catalogue/codes.csv", codes_export, codes_import, 152},
     {"code_maps", "../catalogue/code_maps.csv", code_maps_export, code_maps_import, 44},
     {"catalogue", "../catalogue/catalogue.csv", catalogue_export, catalogue_import, 948}};
#define PARTS (sizeof parts / sizeof *parts)

static struct str bytes_of(struct test *t, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(t->arena, 1 << 20);
    size_t n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    assert_true(n < 1 << 20);
    return (struct str){bytes, n};
}

static struct str data_bytes(struct test *t, const char *file)
{
    return bytes_of(t, str_z(t->arena, str_fmt(t->arena, "%s/%s", test_data_dir(t), file)));
}

static struct str exported(struct test *t, const char *name,
                           enum err (*export)(struct ctx *, struct table_out *))
{
    const char *path = test_path(t, str_z(t->arena, str_fmt(t->arena, "%s.csv", name)));
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(export(t->c, &out), E_OK);
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    return bytes_of(t, path);
}

static void imported(struct test *t, const char *name, struct str bytes,
                     enum err (*import)(struct ctx *, struct table_in *))
{
    struct table_in in;
    assert_true(sheet_open(&in, t->c->arena, bytes, STR_NONE));
    assert_int_equal(import(t->c, &in), E_OK);
    if (in.fault_count > 0)
        fail_msg("%s, line %d: %.*s", name, in.faults[0].line, STR_ARG(in.faults[0].reason));
}

struct row_texts {
    struct str v[4000];
    size_t n;
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "column=value" of every column in the order of `columns`. */
static struct row_texts *rows_of(struct test *t, struct str bytes, const struct table_in *columns)
{
    struct table_in in;
    struct row_texts *rows = ARENA_NEW(t->arena, struct row_texts);
    assert_true(sheet_open(&in, t->arena, bytes, STR_NONE));
    assert_int_equal(in.column_count, columns->column_count);
    for (rows->n = 0; table_next(&in); rows->n++) {
        struct buf b;
        buf_init(&b, t->arena, 1 << 20);
        for (size_t i = 0; i < columns->column_count; i++) {
            struct str value = table_text(&in, str_z(t->arena, columns->columns[i]));
            assert_non_null(value.p);
            buf_str(&b, columns->columns[i]);
            buf_lit(&b, "=");
            buf_str(&b, value);
            buf_lit(&b, "\x1f");
        }
        assert_true(rows->n < 4000);
        rows->v[rows->n] = str_copy(t->arena, buf_as_str(&b));
    }
    assert_int_equal(in.fault_count, 0);
    qsort(rows->v, rows->n, sizeof *rows->v, by_text);
    return rows;
}

static void same_rows(struct test *t, const char *name, struct str is, struct str wanted)
{
    struct table_in columns;
    assert_true(sheet_open(&columns, t->arena, wanted, STR_NONE));
    struct row_texts *a = rows_of(t, is, &columns), *b = rows_of(t, wanted, &columns);
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (!str_eq(a->v[i], b->v[i]))
            fail_msg("%s: %.*s instead of %.*s", name, STR_ARG(a->v[i]), STR_ARG(b->v[i]));
    assert_int_equal(a->n, b->n);
}

void test_item__parts_and_terms_go_out_as_they_came_in(struct test *t)
{
    start_with_wolong(t);
    for (size_t i = 0; i < PARTS; i++) {
        struct str out = exported(t, parts[i].name, parts[i].export);
        struct table_in in;
        size_t rows = 0;
        assert_true(sheet_open(&in, t->arena, out, STR_NONE));
        while (table_next(&in))
            rows++;
        assert_int_equal(rows, parts[i].rows);
        if (parts[i].data_file != NULL)
            same_rows(t, parts[i].name, out, data_bytes(t, parts[i].data_file));
    }
}

void test_item__another_hall_takes_parts_in_and_gives_them_out(struct test *t)
{
    struct str before[PARTS];
    start_with_wolong(t);
    for (size_t i = 0; i < PARTS; i++)
        before[i] = exported(t, parts[i].name, parts[i].export);
    struct str items = exported(t, "items", items_export),
               papers = exported(t, "item_papers", item_papers_export),
               exported_files = exported(t, "item_files", item_files_export);
    t->c->center_id++; /* with nothing but the agencies; items come in order of code, not as in data/ */
    imported(t, "items", items, items_import);
    imported(t, "item_sources", data_bytes(t, "item_sources.csv"), item_sources_import);
    imported(t, "item_files", exported_files,
             item_files_import); /* papers and elements name them */
    imported(t, "item_papers", papers, item_papers_import);
    for (size_t i = 0; i < PARTS; i++)
        imported(t, parts[i].name, before[i], parts[i].import);
    for (size_t i = 0; i < PARTS; i++)
        same_rows(t, parts[i].name, exported(t, parts[i].name, parts[i].export), before[i]);
}
