/* The national exchange: the columns as DOMAIN.md 1.8 names them, written out here by hand, and a real item value by
 * value against data/wolong. */
#include "test.h"

#include "csv.h"
#include "item.h"
#include "item_sample.h"
#include "item_version.h"
#include "sheet.h"

#include <stdio.h>
#include <string.h>

#define MARRIAGE  "412011013000" /* 补领结婚证 */
#define TASK_CODE "11411303000001185N4412011013000"
/* SM3 of "up_task_general_basic\nTASK_CODE\n0" by OpenSSL, its first 16 bytes as a UUID of version 8 */
#define TASK_GUID "d901db35-a540-865c-8f98-04544fc40643"
/* of its sample of the result in item_files.csv: "file\nSM3 of the bytes\n0", in the same way */
#define SAMPLE_GUID "2eb36a73-62e9-8085-aa2f-f18ebf5f98e1"

typedef enum err exporting(struct ctx *c, struct table_out *t);

static struct str bytes_of(struct test *t, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(t->arena, 4 << 20);
    size_t n = fread(bytes, 1, 4 << 20, f);
    fclose(f);
    assert_true(n < 4 << 20);
    return (struct str){bytes, n};
}

static void exported(struct test *t, exporting *export, struct table_in *ret)
{
    const char *path = test_path(t, "exchange.csv");
    struct table_out out = {0};
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(export(t->c, &out), E_OK);
    assert_int_equal(table_out_end(t->c, &out), E_OK);
    assert_true(sheet_open(ret, t->arena, bytes_of(t, path), STR_NONE));
}

/* To the first row with these values in these columns. */
static void go_to(struct table_in *in, const char *column, const char *value, const char *column2,
                  const char *value2)
{
    while (table_next(in))
        if (str_is(table_text(in, column), value) &&
            (column2 == NULL || str_is(table_text(in, column2), value2)))
            return;
    fail_msg("no row with %s %s", column, value);
}

static const char *data_text(struct test *t, const char *element)
{
    struct table_in in;
    const char *path = str_z(t->arena, str_fmt(t->arena, "%s/item_texts.csv", test_data_dir(t)));
    assert_true(sheet_open(&in, t->arena, bytes_of(t, path), STR_NONE));
    go_to(&in, "item", MARRIAGE, "element", element);
    return str_z(t->arena, table_text(&in, "text"));
}

struct cell {
    const char *column, *value; /* NULL: the test looks at it itself */
};

/* The columns are these, in this order, and the row at hand has these values. */
static void check_row(struct table_in *in, const struct cell *cells, size_t n)
{
    assert_int_equal(in->column_count, n);
    for (size_t i = 0; i < n; i++) {
        if (!str_is(in->columns[i], cells[i].column))
            fail_msg("column %zu is %.*s, not %s", i + 1, STR_ARG(in->columns[i]), cells[i].column);
        struct str value = table_text(in, cells[i].column);
        if (cells[i].value != NULL && !str_is(value, cells[i].value))
            fail_msg("%s is “%.*s”, not “%s”", cells[i].column, STR_ARG(value), cells[i].value);
    }
}
#define CHECK_ROW(in, cells) check_row((in), (cells), sizeof(cells) / sizeof *(cells))
#define BOOKKEEPING                                                                                \
    {"data_source", "001"}, {"cd_batch", "20260302"}, {"cd_time", "20260302T090000"},              \
    {                                                                                              \
        "cd_operation", "I"                                                                        \
    }

static void check_cell(struct table_in *in, const char *column, const char *value)
{
    assert_true(str_is(table_text(in, column), value));
}

static size_t rows_left(struct table_in *in)
{
    size_t n = 0;
    while (table_next(in))
        n++;
    assert_int_equal(in->fault_count, 0);
    return n;
}

static const char *version_now(struct test *t)
{
    struct item_row item;
    struct item_version_infos all;
    assert_int_equal(item_by_any_code(t->c, STR(MARRIAGE), &item), E_OK);
    assert_int_equal(item_versions(t->c, item.id, &all), E_OK);
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].is_in_force)
            return str_z(t->arena, str_fmt(t->arena, "%lld", (long long)all.v[i].version));
    fail_msg("no version in force");
    return "";
}

static const struct cell basic[] =
    {{"row_guid", TASK_GUID},
     {"task_name", "补领结婚证"},
     {"catalog_code", MARRIAGE},
     {"local_catalog_code", ""},
     {"task_type", "20"},
     {"by_law", "婚姻登记条例（2025年修订）||关于补领婚姻登记证的规定||行政法规\n"
                "中华人民共和国民法典||第一千零四十九条||法律"},
     {"power_source", "1"},
     {"use_level", "4"},
     {"task_code", TASK_CODE},
     {"local_task_code", ""},
     {"task_handle_item", ""},
     {"task_state", "1"},
     {"task_version", NULL},
     {"dept_name", "民政局"},
     {"dept_type", "1"},
     {"dept_code", "11411303000001185N"},
     {"entrust_name", ""},
     {"anticipate_day", "1"},
     {"anticipate_type", "2"},
     {"anticipate_explain", ""},
     {"promise_day", "0"},
     {"promise_type", "2"},
     {"promise_explain", ""},
     {"accept_condition", NULL},
     {"handle_flow", NULL},
     {"special_procedure", "没有特别程序"},
     {"is_fee", "0"},
     {"fee_basis", ""},
     {"server_type", "1"},
     {"project_type", "1"},
     {"handle_type", "1"},
     {"limit_scene_num", "1"},
     {"limit_scene_explain", "需要当面核对本人或核验原件。"},
     {"transact_addr", NULL},
     {"transact_time", NULL},
     {"link_way", "窗口；电话：0377-00000118"},
     {"supervise_way", "电话：0377-00009001，或拨打12345"},
     {"link_addr", ""},
     {"is_single_login", "0"},
     {"mobile_terminal_url", ""},
     {"app_is_single_login", "0"},
     {"plan_effective_date", "20260302"},
     {"plan_cancel_date", ""},
     {"collect_type", ""},
     {"is_permit_reduce", ""},
     {"punishment_method", ""},
     BOOKKEEPING};

void test_item__national_exchange_of_items(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    exported(t, exchange_basic_export, &in);
    go_to(&in, "catalog_code", MARRIAGE, NULL, NULL);
    CHECK_ROW(&in, basic);
    check_cell(&in, "task_version", version_now(t));
    check_cell(&in, "accept_condition", data_text(t, "conditions"));
    check_cell(&in, "handle_flow", data_text(t, "steps"));
    check_cell(&in, "transact_addr", data_text(t, "place"));
    check_cell(&in, "transact_time", data_text(t, "hours"));
}

static const struct cell extend[] = {{"row_guid", NULL},
                                     {"task_guid", TASK_GUID},
                                     {"catalog_code", MARRIAGE},
                                     {"task_code", TASK_CODE},
                                     {"is_entry_center", "1"},
                                     {"handle_area", ""},
                                     {"other_dept", ""},
                                     {"service_type", ""},
                                     {"limit_explain", ""},
                                     {"result_type", "1"},
                                     {"result_name", NULL},
                                     {"result_guid", SAMPLE_GUID},
                                     {"is_schedule", "0"},
                                     {"is_pay_online", "0"},
                                     {"is_express", "0"},
                                     {"is_service_terminals", ""},
                                     {"user_topic_type", "05"},
                                     {"user_character_topic_type", ""},
                                     {"corp_topic_type", ""},
                                     {"corp_character_topic_type", ""},
                                     {"is_online", "0"},
                                     {"online_handle_depth", ""},
                                     {"online_handle_url", ""},
                                     {"town_name", ""},
                                     {"town_code", ""},
                                     {"village_name", ""},
                                     {"village_code", ""},
                                     {"review_type", ""},
                                     {"finance_flag", ""},
                                     {"extend_field", ""},
                                     BOOKKEEPING};

void test_item__national_exchange_of_what_items_have_besides(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    exported(t, exchange_extend_export, &in);
    go_to(&in, "catalog_code", MARRIAGE, NULL, NULL);
    CHECK_ROW(&in, extend);
    check_cell(&in, "result_name", data_text(t, "result"));
    assert_false(str_is(table_text(&in, "row_guid"), TASK_GUID));
}

void test_item__national_exchange_of_papers(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    exported(t, exchange_material_export, &in);
    go_to(&in, "catalog_code", MARRIAGE, "order_num", "2");
    const struct cell cells[] =
        {{"row_guid", "c517e840-afcc-85f3-b82e-b691eb7eb901"}, /* by OpenSSL, as above, number 2 */
         {"task_guid", TASK_GUID},
         {"catalog_code", MARRIAGE},
         {"task_code", TASK_CODE},
         {"material_name", "申请补领婚姻登记证声明书"},
         {"material_type", "1"},
         {"material_format", "1"},
         {"is_need", "1"},
         {"source_type", "99"},
         {"source_explain", ""},
         {"page_num", "1"},
         {"page_format", "A4"},
         {"form_guid", NULL},
         {"example_guid", NULL},
         {"fill_explain", "当着工作人员签名、写日期，有手印栏的按手印。"},
         {"accept_stand", "夫妻两人当着登记员的面签字、按手印，内容填全。"},
         {"by_law", "《婚姻登记条例》（2025年修订）关于补领婚姻登记证的规定"},
         {"order_num", "2"},
         {"is_result_cert", "0"},
         BOOKKEEPING};
    CHECK_ROW(&in, cells);
    struct str form = table_text(&in, "form_guid"), example = table_text(&in, "example_guid");
    assert_int_equal(form.n, 36); /* a blank one and a filled one, two files */
    assert_int_equal(example.n, 36);
    assert_false(str_eq(form, example));
    go_to(&in, "catalog_code", MARRIAGE, "order_num", "3"); /* both, from the government */
    assert_true(str_is(table_text(&in, "material_type"), "3"));
    assert_true(str_is(table_text(&in, "source_type"), "20"));
    go_to(&in, "catalog_code", MARRIAGE, "order_num", "5"); /* optional, from the applicant */
    assert_true(str_is(table_text(&in, "is_need"), "2"));
    assert_true(str_is(table_text(&in, "source_type"), "10"));
}

void test_item__national_exchange_of_fees_and_questions(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    exported(t, exchange_fee_export, &in);
    go_to(&in, "catalog_code", "412009007000", NULL, NULL);
    const char *guid = str_z(t->arena, table_text(&in, "row_guid")),
               *task = str_z(t->arena, table_text(&in, "task_guid"));
    const struct cell fee[] = {{"row_guid", guid},
                               {"task_guid", task},
                               {"catalog_code", "412009007000"},
                               {"task_code", "1141130300000103854412009007000"},
                               {"fee_name", "居民身份证工本费"},
                               {"fee_stand", "首次申领免费；到期换证每证20元"},
                               {"by_law", ""},
                               {"is_desc", "1"},
                               {"desc_explain", "首次申领不收费"},
                               {"order_num", "1"},
                               BOOKKEEPING};
    CHECK_ROW(&in, fee);
    exported(t, exchange_questions_export, &in);
    go_to(&in, "catalog_code", MARRIAGE, NULL, NULL);
    guid = str_z(t->arena, table_text(&in, "row_guid"));
    const struct cell question[] = {{"row_guid", guid},
                                    {"task_guid", TASK_GUID},
                                    {"catalog_code", MARRIAGE},
                                    {"task_code", TASK_CODE},
                                    {"question", "要带户口簿吗？"},
                                    {"answer", "不用。2025年5月10日起不再要户口簿。"},
                                    {"order_num", "1"},
                                    BOOKKEEPING};
    CHECK_ROW(&in, question);
}

/* Lines of data/wolong less the header, counted by the csv module of Python. */
void test_item__national_exchange_has_every_row_once(struct test *t)
{
    static const struct {
        exporting *export;
        size_t rows;
    } tables[] = {{exchange_basic_export, 948},
                  {exchange_extend_export, 948},
                  {exchange_material_export, 314},
                  {exchange_fee_export, 15},
                  {exchange_questions_export, 219}};
    start_with_wolong(t);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct table_in in;
        exported(t, tables[i].export, &in);
        assert_int_equal(rows_left(&in), tables[i].rows);
    }
}

void test_item__national_exchange_speaks_the_partners_codes(struct test *t)
{
    struct table_in in;
    start_with_wolong(t);
    assert_int_equal(code_map_put(t->c, STR("national"), STR("time_unit"), STR("1"), STR("7"),
                                  STR("both"), STR("")),
                     E_OK);
    assert_int_equal(code_map_put(t->c, STR("national"), STR("time_unit"), STR("2"), STR("8"),
                                  STR("in"), STR("")),
                     E_OK);
    assert_int_equal(code_map_put(t->c, STR("national"), STR("time_unit"), STR("2"), STR("9"),
                                  STR("out"), STR("")),
                     E_OK);
    exported(t, exchange_basic_export, &in);
    go_to(&in, "catalog_code", MARRIAGE, NULL, NULL);
    assert_true(str_is(table_text(&in, "anticipate_type"), "9"));
    assert_true(str_is(table_text(&in, "promise_type"), "9"));
    assert_true(str_is(table_text(&in, "use_level"), "4"));
}

void test_item__national_exchange_stops_at_a_code_without_a_partners(struct test *t)
{
    struct table_out out = {0};
    const char *path = test_path(t, "refused.csv");
    start_with_wolong(t);
    assert_int_equal(code_map_put(t->c, STR("national"), STR("case_type"), STR("9"), STR("9"),
                                  STR("both"), STR("")),
                     E_OK);
    assert_int_equal(sheet_create(t->c, &out, str_of(path)), E_OK);
    assert_int_equal(exchange_basic_export(t->c, &out), E_ITEM_PARTNER_CODE);
    table_out_drop(&out);
    assert_true(str_find(t->c->refusal.text, STR("case_type")) >= 0);
    assert_null(fopen(path, "rb"));
}
