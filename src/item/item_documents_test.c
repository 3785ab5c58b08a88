/* Whole documents: a second hall that takes them in gives the same bytes; a bad one is told with its place. */
#include "test.h"

#include "csv.h"
#include "item.h"
#include "item_doc.h"
#include "item_sample.h"
#include "sheet.h"

#include <stdio.h>

static struct str exported(struct test *t, const char *form)
{
    const char *path = test_path(t, str_z(t->arena, str_fmt(t->arena, "documents.%s", form)));
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(item_documents_export(t->c, &out), E_OK);
    assert_int_equal(out.rows, 948); /* items of data/wolong, counted by the csv module of Python */
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(t->arena, 16 << 20);
    size_t n = fread(bytes, 1, 16 << 20, f);
    fclose(f);
    assert_true(n < 16 << 20);
    return (struct str){bytes, n};
}

void test_item__documents_come_back_whole_in_another_hall(struct test *t)
{
    struct table_in in;
    /* loaded here and not by start_with_wolong(), so that --faults meets loading too */
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
    struct str before = exported(t, "json"), as_csv = exported(t, "csv");
    t->c->center_id++; /* with nothing but the agencies */
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_true(sheet_open(&in, t->c->arena, before, STR_NONE));
    assert_int_equal(item_documents_import(t->c, &in), E_OK);
    if (in.fault_count > 0)
        fail_msg("line %d: %.*s", in.faults[0].line, STR_ARG(in.faults[0].reason));
    assert_true(str_eq(exported(t, "json"), before));
    assert_true(str_eq(exported(t, "csv"), as_csv));
}

static void told(struct test *t, const char *json, const char *column, const char *part)
{
    struct table_in in;
    assert_true(sheet_open(&in, t->c->arena, str_of(json), STR_NONE));
    assert_int_equal(item_documents_import(t->c, &in), E_OK);
    assert_true(in.fault_count > 0);
    assert_true(str_is(in.faults[0].column, column));
    if (str_find(in.faults[0].reason, str_of(part)) < 0)
        fail_msg("%.*s", STR_ARG(in.faults[0].reason));
}

void test_item__bad_documents_are_told_with_their_place(struct test *t)
{
    struct item_any_row *any;
    start_with_wolong(t);
    t->c->center_id++;
    told(t, "[{\"item\":\"412011013000\",\"document\":\"{\"}]", "document", "1");
    told(t, "[{\"item\":\"412011013000\",\"document\":\"{\\\"fees\\\":[{\\\"nam\\\":1}]}\"}]",
         "document", "fees[1]");
    told(t, "[{\"item\":\"412011013000\",\"document\":\"{}\"}]", "item", "基本编码");
    told(t, "[{\"item\":\"412011013000\",\"document\":\"\"}]", "document", "");
    assert_int_equal(item_any(t->c, t->c->center_id, &any), E_OK);
    assert_null(any);
}
