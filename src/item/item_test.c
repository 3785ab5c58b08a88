/* The directory: what comes in, what is refused with its place named, and what everyday words find.
 * The expected items are those a guide at the door would pick (MISSION.md; DOMAIN.md 7.4). */
#include "center.h"
#include "csv.h"
#include "item.h"
#include "item_index.h"
#include "item_sample.h"
#include "services.h"
#include "test.h"

#define ITEM_HEADER                                                                                \
    "code,impl_code,name,name_en,main_item,agency,type,zone,one_window,online,visits,case_type,"   \
    "legal_days,legal_unit,"                                                                       \
    "promised_days,promised_unit,fee\n"
/* 12441500196720244T is a real USCC with valid check characters (DOMAIN.md 2.5). */
#define GOOD_ROW                                                                                   \
    "412011013000,12441500196720244T4412011013000,补领结婚证,Replacement marriage "           \
    "certificate,,民政局,20,personal,1,0,1,"                                                    \
    "immediate,0,working,0,working,0\n"

static void add_agency(struct test *t)
{
    assert_int_equal(agency_put(t->c, t->c->center_id, 3, STR("民政局"), STR("Civil Affairs"),
                                STR("12441500196720244T"), STR("0377-00000001"),
                                STR("demonstration"), STR("x")),
                     E_OK);
}

static size_t import_faults(struct test *t, const char *csv, struct table_in *table)
{
    assert_true(table_open(table, t->c->arena, str_of(csv)));
    assert_int_equal(items_import(t->c, table), E_OK);
    return table->fault_count;
}

void test_item__is_found_by_either_code(struct test *t)
{
    struct table_in table;
    struct item_row row;
    add_agency(t);
    assert_int_equal(import_faults(t, ITEM_HEADER GOOD_ROW, &table), 0);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    assert_true(str_is(row.name, "补领结婚证") && row.is_immediate && row.one_window);
    assert_int_equal(item_by_any_code(t->c, STR("12441500196720244T4412011013000"), &row), E_OK);
    assert_int_equal(item_by_any_code(t->c, STR("000000000000"), &row), E_NO_SUCH_ITEM);
}

void test_item__every_bad_cell_is_named_with_line_and_column(struct test *t)
{
    static const struct {
        const char *row, *column;
    } bad[] = {{"41201101300,12441500196720244T4412011013000,补领结婚证,,,民政局,20,personal,1,0,1,"
                "immediate,0,working,0,working,0\n",
                "code"},
               {"412011013000,12441500196720244X4412011013000,补领结婚证,,,民政局,20,personal,1,0,"
                "1,immediate,0,working,0,working,0\n",
                "impl_code"},
               {"412011013000,12441500196720244T4412011013001,补领结婚证,,,民政局,20,personal,1,0,"
                "1,immediate,0,working,0,working,0\n",
                "impl_code"},
               {"412011013000,12441500196720244T4412011013000,补领结婚证,,,没有的局,20,personal,1,"
                "0,1,immediate,0,working,0,working,0\n",
                "agency"},
               {"412011013000,12441500196720244T4412011013000,,,,民政局,20,personal,1,0,1,"
                "immediate,0,working,0,working,0\n",
                "name"},
               {"412011013000,12441500196720244T4412011013000,补领结婚证,,,民政局,20,upstairs,1,0,"
                "1,immediate,0,working,0,working,0\n",
                "zone"},
               {"412011013000,12441500196720244T4412011013000,补领结婚证,,,民政局,20,personal,yes,"
                "0,1,immediate,0,working,0,working,0\n",
                "one_window"},
               {"412011013000,12441500196720244T4412011013000,补领结婚证,,,民政局,20,personal,1,0,"
                "1,immediate,-1,working,0,working,0\n",
                "legal_days"}};
    add_agency(t);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct table_in table;
        struct str csv = str_fmt(t->c->arena, "%s%s", ITEM_HEADER, bad[i].row);
        assert_true(import_faults(t, str_z(t->c->arena, csv), &table) >= 1);
        assert_int_equal(table.faults[0].line, 2);
        assert_true(str_is(table.faults[0].column, bad[i].column));
    }
}

void test_item__the_second_of_two_equal_codes_is_named(struct test *t)
{
    struct table_in table;
    add_agency(t);
    assert_int_equal(import_faults(t, ITEM_HEADER GOOD_ROW GOOD_ROW, &table), 1);
    assert_int_equal(table.faults[0].line, 3);
}

static void load_wolong(struct test *t)
{
    start_with_wolong(t);
    void **services = ARENA_ARRAY(t->c->arena, void *, SERVICE_COUNT);
    assert_int_equal(item_index_start(t->c, &services[SERVICE_ITEM_INDEX]), E_OK);
    arena_defer(t->c->arena, item_index_stop, services[SERVICE_ITEM_INDEX]);
    t->c->services = services;
}

void test_item__everyday_words_find_the_item_first(struct test *t)
{
    static const struct {
        const char *words, *name;
    } asked[] = {{"结婚证丢了", "补领结婚证"},
                 {"结婚证找不到了怎么办", "补领结婚证"},
                 {"给孩子上户口", "户口登记"},
                 {"开个饭店", "食品(含保健食品)经营许可核发"},
                 {"退休金怎么领", "企业职工基本养老保险正常退休申请"},
                 {"我想开个小卖部", "个体工商户设立登记"},
                 {"低保", "最低生活保障"},
                 {"驾照丢了", "机动车驾驶证遗失补证"},
                 {"公租房", "公共租赁住房申请"},
                 {"jhz", "补领结婚证"}};
    load_wolong(t);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct item_list found;
        struct item_search s = {.words = str_of(asked[i].words), .page = 1, .page_size = 10};
        assert_int_equal(item_search(t->c, &s, &found), E_OK);
        assert_true(found.items.n > 0);
        assert_string_equal(str_z(t->c->arena, found.items.v[0].name), asked[i].name);
    }
}

void test_item__a_full_guide_is_complete_and_says_what_is_invented(struct test *t)
{
    struct item_row row;
    struct item_view v;
    load_wolong(t);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    assert_int_equal(item_view_fill(t->c, &row, &v), E_OK);
    assert_int_equal(v.completeness, 100);
    assert_int_equal(v.missing.n, 0);
    assert_true(v.demonstration);
    assert_true(v.papers.n >= 3);
    t->c->lang = LANG_EN;
    assert_int_equal(item_view_fill(t->c, &row, &v), E_OK);
    for (size_t i = 0; i < v.elements.n; i++)
        assert_true(v.elements.v[i].text.n > 0);
}

void test_item__zone_lists_page_without_gaps_or_repeats(struct test *t)
{
    size_t seen = 0;
    struct str last = STR("");
    load_wolong(t);
    for (int page = 1; page < 100; page++) {
        struct item_list found;
        struct item_search s = {.zone = STR("estate"), .page = page, .page_size = 20};
        assert_int_equal(item_search(t->c, &s, &found), E_OK);
        for (size_t i = 0; i < found.items.n; i++) {
            assert_true(str_cmp(found.items.v[i].code, last) > 0);
            last = found.items.v[i].code;
        }
        seen += found.items.n;
        if (found.next.p == NULL) {
            assert_int_equal(seen, found.total);
            break;
        }
    }
    assert_true(seen > 20);
}

static void note_token(void *arg, struct str token, bool is_single)
{
    struct buf *b = arg;
    buf_str(b, token);
    buf_char(b, is_single ? '.' : ' ');
}

void test_item__tokens_are_characters_pairs_and_words(struct test *t)
{
    struct buf b;
    buf_init(&b, t->c->arena, 1000);
    tokens_of(STR("残疾证,ＡＢ12 id"), note_token, &b);
    buf_char(&b, '\0');
    assert_string_equal(b.p, "残.疾.残疾 证.疾证 ab12 id ");
}
