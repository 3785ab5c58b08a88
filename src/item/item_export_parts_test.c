/* Parts of items and terms: what goes out is what data/ holds, row by row, and a second hall that takes it in
 * gives the same. Rows are compared in order of their text: a directory goes out in the order it was filled. */
#include "test.h"

#include "csv.h"
#include "item.h"
#include "item_doc.h"
#include "item_sample.h"
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *data_file; /* NULL: not a file of data/ */
    enum err (*export)(struct ctx *c, struct table_out *t);
    enum err (*import)(struct ctx *c, struct table_in *t);
    size_t rows; /* less the header, counted by the csv module of Python */
} parts[] =
    {{"item_files", "item_files.csv", item_files_export, item_files_import,
      227}, /* elements name them */
     {"item_elements", "item_elements.csv", item_elements_export, item_elements_import, 2097},
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
    char *bytes = arena_alloc(t->arena, 16 << 20);
    size_t n = fread(bytes, 1, 16 << 20, f);
    fclose(f);
    assert_true(n < 16 << 20);
    return (struct str){bytes, n};
}

static struct str data_bytes(struct test *t, const char *file)
{
    return bytes_of(t, str_z(t->arena, str_fmt(t->arena, "%s/%s", test_data_dir(t), file)));
}

static struct str exported_as(struct test *t, const char *name, const char *form,
                              enum err (*export)(struct ctx *, struct table_out *))
{
    const char *path = test_path(t, str_z(t->arena, str_fmt(t->arena, "%s.%s", name, form)));
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(export(t->c, &out), E_OK);
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    return bytes_of(t, path);
}

static struct str exported(struct test *t, const char *name,
                           enum err (*export)(struct ctx *, struct table_out *))
{
    return exported_as(t, name, "csv", export);
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

/* A form of 60,000 bytes: 80,000 characters of base64url are more than a cell of Excel holds (32,767), so it goes over
 * three rows. With the whole documents nothing of the directory is lost. */
void test_item__documents_and_files_come_back_whole(struct test *t)
{
    static const char *const forms[] = {"csv", "xlsx", "json"};
    struct item_row row;
    struct item_doc d;
    struct doc_file file = {.code = STR("long"),
                            .kind = STR("blank"),
                            .name = STR("长表"),
                            .state = STR("read"),
                            .source = STR("x")};
    char *pdf = arena_alloc(t->arena, 60000);
    start_with_wolong(t);
    for (size_t i = 0; i < 60000; i++)
        pdf[i] = (char)(i * 7 + i / 256);
    memcpy(pdf, "%PDF-", 5);
    struct str bytes = {pdf, 60000};
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    assert_int_equal(item_doc_of_tables(t->c, row.id, &d), E_OK);
    struct doc_file *files = ARENA_ARRAY(t->arena, struct doc_file, d.files.n + 1);
    memcpy(files, d.files.v, d.files.n * sizeof *files);
    assert_int_equal(item_file_keep(t->c, bytes, &file), E_OK);
    files[d.files.n] = file;
    d.files = (struct doc_file_list){files, d.files.n + 1};
    assert_int_equal(item_put_doc(t->c, row.id, row.version, &d), E_OK);
    struct str documents = exported(t, "item_documents", item_documents_export), out[3];
    for (size_t i = 0; i < 3; i++)
        out[i] = exported_as(t, "item_files", forms[i], item_files_export);
    for (size_t i = 0; i < 3; i++) {
        struct str back;
        t->c->center_id++;
        assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
        imported(t, "item_documents", documents, item_documents_import);
        imported(t, "item_files", out[i], item_files_import);
        assert_int_equal(item_file_read(t->c, file.digest, &back), E_OK);
        assert_true(str_eq(back, bytes));
        assert_true(str_eq(exported(t, "item_documents", item_documents_export), documents));
        assert_true(str_eq(exported(t, "item_files", item_files_export), out[0]));
    }
}

/* Pieces that do not join to a file of a known kind are told at the row where the file begins. */
void test_item__bad_files_are_told_with_their_row(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    assert_true(sheet_open(&in, t->c->arena,
                           STR("item,code,kind,name,content,state,source\n"
                               "412011013000,a,blank,A,JVBERi0x,read,x\n"
                               "412011013000,b,blank,B,TVqQ,read,x\n"
                               "412011013000,b,blank,B,AAAA,read,x\n"
                               "412011013000,c,blank,C,###,read,x\n"),
                           STR_NONE));
    assert_int_equal(item_files_import(t->c, &in), E_OK);
    assert_int_equal(in.fault_count, 2);
    assert_int_equal(in.faults[0].line, 3);
    assert_int_equal(in.faults[1].line, 5);
}
