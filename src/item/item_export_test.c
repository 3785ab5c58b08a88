/* Export, import, export: equal files, in each form and over the whole Wolong directory. The second hall takes in
 * what the first gave out. */
#include "test.h"

#include "item.h"
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
              {"item_papers", item_papers_export, item_papers_import, 314},
              {"item_words", item_words_export, item_words_import, 6666},
              {"item_sayings", item_sayings_export, item_sayings_import, 1695},
              {"item_demands", item_demands_export, item_demands_import, 948},
              {"item_sources", item_sources_export, item_sources_import, 0}};
#define TABLES (sizeof tables / sizeof *tables)

static struct str exported(struct test *t, size_t i, const char *form)
{
    const char *path =
        test_path(t, str_z(t->arena, str_fmt(t->arena, "%s.%s", tables[i].name, form)));
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(tables[i].export(t->c, &out), E_OK);
    if (tables[i].rows > 0)
        assert_int_equal(out.rows, (int64_t)tables[i].rows);
    assert_true(out.rows > 0);
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    return read_back(t->c, path);
}

static void round_trip(struct test *t, const char *form)
{
    struct str before[TABLES],
        given[TABLES]; /* an XLSX holds the time of its making: the texts are compared */
    for (size_t i = 0; i < TABLES; i++) {
        before[i] = exported(t, i, "csv");
        given[i] = exported(t, i, form);
    }
    t->c->center_id++; /* another hall, with nothing but the agencies */
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    for (size_t i = 0; i < TABLES; i++) {
        struct table_in in;
        assert_true(sheet_open(&in, t->c->arena, given[i], STR_NONE));
        assert_int_equal(tables[i].import(t->c, &in), E_OK);
        if (in.fault_count > 0)
            fail_msg("%s.%s: %.*s", tables[i].name, form, STR_ARG(in.faults[0].reason));
        assert_true(str_eq(exported(t, i, "csv"), before[i]));
    }
}

static void load(struct test *t)
{
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
}

void test_item__the_directory_comes_back_from_csv(struct test *t)
{
    load(t);
    round_trip(t, "csv");
}

void test_item__the_directory_comes_back_from_xlsx(struct test *t)
{
    load(t);
    round_trip(t, "xlsx");
}

void test_item__the_directory_comes_back_from_json(struct test *t)
{
    load(t);
    round_trip(t, "json");
}
