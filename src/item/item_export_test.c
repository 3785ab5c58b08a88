/* Export, import, export: equal files, in each form and over the whole Wolong directory. The second hall takes in
 * what the first gave out. */
#include "test.h"

#include "csv.h"
#include "item.h"
#include "item_sample.h"
#include "item_version.h"
#include "sheet.h"

#include <stdio.h>

static struct str read_back(struct ctx *c, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(c->arena, 16 << 20);
    size_t n = fread(bytes, 1, 16 << 20, f);
    fclose(f);
    return (struct str){bytes, n};
}

static const struct {
    const char *name;
    enum err (*export)(struct ctx *c, struct table_out *t);
    enum err (*import)(struct ctx *c, struct table_in *t);
    size_t
        rows; /* lines of data/wolong less the header, counted by the csv module of Python (item_texts: less its
                  * 109 of `questions`); 0: other tables add rows of their own */
} tables[] = {{"items", items_export, items_import, 948},
              {"item_texts", item_texts_export, item_texts_import, 1199},
              {"item_files", item_files_export, item_files_import, 227}, /* papers name them */
              {"item_papers", item_papers_export, item_papers_import, 314},
              {"item_words", item_words_export, item_words_import, 6666},
              {"item_sayings", item_sayings_export, item_sayings_import, 1695},
              {"item_demands", item_demands_export, item_demands_import, 948},
              {"item_sources", item_sources_export, item_sources_import, 0}};
#define TABLES (sizeof tables / sizeof *tables)
#define FILES  2
#define PAPERS 3 /* item_papers among them */

static struct str exported(struct test *t, size_t i, const char *form)
{
    const char *path =
        test_path(t, str_z(t->arena, str_fmt(t->arena, "%s.%s", tables[i].name, form)));
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(tables[i].export(t->c, &out), E_OK);
    assert_true(out.rows > 0);
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    return read_back(t->c, path);
}

static size_t rows_in(struct test *t, struct str table)
{
    struct table_in in;
    size_t n = 0;
    assert_true(sheet_open(&in, t->c->arena, table, STR_NONE));
    while (table_next(&in))
        n++;
    return n;
}

static void round_trip(struct test *t, const char *form)
{
    struct str before[TABLES],
        given[TABLES]; /* an XLSX holds the time of its making: the texts are compared */
    for (size_t i = 0; i < TABLES; i++) {
        before[i] = exported(t, i, "csv");
        given[i] = exported(t, i, form);
        if (tables[i].rows > 0)
            assert_int_equal(rows_in(t, before[i]), tables[i].rows);
    }
    t->c->center_id++; /* another hall, with nothing but the agencies */
    for (size_t i = 0; i < TABLES; i++) {
        struct table_in in;
        assert_true(sheet_open(&in, t->c->arena, given[i], STR_NONE));
        assert_int_equal(tables[i].import(t->c, &in), E_OK);
        if (in.fault_count > 0)
            fail_msg("%s.%s: %.*s", tables[i].name, form, STR_ARG(in.faults[0].reason));
        if (i != FILES) /* whose order is that of their making: item_export_parts_test.c */
            assert_true(str_eq(exported(t, i, "csv"), before[i]));
    }
}

void test_item__the_directory_comes_back_from_csv(struct test *t)
{
    start_with_wolong(t);
    round_trip(t, "csv");
}

void test_item__the_directory_comes_back_from_xlsx(struct test *t)
{
    start_with_wolong(t);
    round_trip(t, "xlsx");
}

void test_item__the_directory_comes_back_from_json(struct test *t)
{
    start_with_wolong(t);
    round_trip(t, "json");
}

/* A paper with every member said (item_sample_test.c) comes back whole from its table, and a table of the first
 * fourteen columns keeps the rest. */
static struct str papers_of_sample(struct test *t)
{
    struct item_row row;
    struct item_doc d;
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    assert_int_equal(item_doc_of_tables(t->c, row.id, &d), E_OK);
    struct item_doc only = {.papers = d.papers};
    return item_doc_print(t->c, &only);
}

static void take_in_papers(struct test *t, struct str table)
{
    struct table_in in;
    assert_true(sheet_open(&in, t->c->arena, table, STR_NONE));
    assert_int_equal(item_papers_import(t->c, &in), E_OK);
    assert_int_equal(table_end(t->c, &in), E_OK);
}

static struct str without_columns(struct test *t, struct str table, size_t columns)
{
    struct table_in in;
    struct buf b;
    buf_init(&b, t->c->arena, 1 << 20);
    assert_true(sheet_open(&in, t->c->arena, table, STR_NONE));
    for (size_t i = 0; i < columns; i++)
        csv_field(&b, in.columns[i], i == 0);
    buf_char(&b, '\n');
    while (table_next(&in)) {
        for (size_t i = 0; i < columns; i++)
            csv_field(&b, table_text(&in, str_z(t->c->arena, in.columns[i])), i == 0);
        buf_char(&b, '\n');
    }
    return buf_as_str(&b);
}

void test_item__a_paper_comes_back_with_every_member(struct test *t)
{
    struct item_row row;
    (void)start_with_sample(t);
    struct str whole = papers_of_sample(t), table = exported(t, PAPERS, "csv");
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    take_in_papers(t, without_columns(t, table, 14));
    assert_true(str_eq(papers_of_sample(t), whole));
    assert_int_equal(papers_clear(t->c, t->c->center_id, row.id), E_OK);
    assert_false(str_eq(papers_of_sample(t), whole));
    take_in_papers(t, table);
    assert_true(str_eq(papers_of_sample(t), whole));
    assert_true(str_eq(exported(t, PAPERS, "csv"), table));
}

void test_item__a_paper_names_only_files_that_are_there(struct test *t)
{
    struct table_in in;
    (void)start_with_sample(t);
    struct str whole = papers_of_sample(t);
    assert_true(
        sheet_open(&in, t->c->arena,
                   STR("item,position,name,kind,copies,necessity,provider,on_site,state,"
                       "blank_file,medium\n"
                       "412011013000,1,身份证,original,1,required,applicant,0,read,gone,\n"
                       "412011013000,2,委托书,form,1,optional,applicant,0,read,form,stone\n"),
                   STR_NONE));
    assert_int_equal(item_papers_import(t->c, &in), E_OK);
    assert_int_equal(in.fault_count, 2);
    assert_int_equal(in.faults[0].line, 2);
    assert_true(str_is(in.faults[0].column, "blank_file"));
    assert_int_equal(in.faults[1].line, 3);
    assert_true(str_is(in.faults[1].column, "medium"));
    assert_true(str_eq(papers_of_sample(t), whole)); /* nothing of either row */
}
