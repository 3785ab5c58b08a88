/* Agencies come in whole or not at all, and wrong check digits are named. */
#include "center.h"
#include "csv.h"
#include "test.h"

static enum err import_agencies(struct test *t, const char *csv, struct table_in *table)
{
    assert_true(table_open(table, t->c->arena, str_of(csv)));
    return agencies_import(t->c, table);
}

/* 12441500196720244T and 11370800MB28559184 are real codes (DOMAIN.md 1.5). */
void test_center__an_agency_is_found_by_its_name(struct test *t)
{
    struct table_in table;
    struct agency_row row;
    assert_int_equal(
        import_agencies(t,
                        "name,name_en,uscc,phone,state,source\n"
                        "民政局,Civil Affairs,12441500196720244T,0377-00000001,demonstration,x\n",
                        &table),
        E_OK);
    assert_int_equal(table.fault_count, 0);
    assert_int_equal(agency_by_its_name(t->c, STR("民政局"), &row), E_OK);
    assert_true(str_is(row.uscc, "12441500196720244T"));
    assert_int_equal(agency_by_its_name(t->c, STR("没有这个局"), &row), E_NOT_FOUND);
}

void test_center__a_wrong_check_digit_is_named_with_line_and_column(struct test *t)
{
    struct table_in table;
    (void)import_agencies(t,
                          "name,name_en,uscc,phone,state,source\n"
                          "民政局,Civil Affairs,12441500196720244X,0377-00000001,demonstration,x\n",
                          &table);
    assert_int_equal(table.fault_count, 1);
    assert_int_equal(table.faults[0].line, 2);
    assert_true(str_is(table.faults[0].column, "uscc"));
}
