/* Finding by ear, through slips, in traditional characters, by initials; who may apply; how often it is asked for.
 * Simplified forms and readings are those of the 通用规范汉字表 and the 现代汉语词典; the expected
 * items those a guide at the door would pick (DOMAIN.md 7.4). */
#include "buf.h"
#include "csv.h"
#include "item.h"
#include "item_han.h"
#include "item_index.h"
#include "test.h"

/* STR() is no constant for a static table. */
#define S(lit)                                                                                     \
    {                                                                                              \
        lit, sizeof(lit) - 1                                                                       \
    }

static const struct index_doc house[] = {
    {.code = S("001"),
     .name = S("补领结婚证"),
     .name_en = S("Replacement marriage certificate"),
     .for_persons = true,
     .demand = 50},
    {.code = S("002"),
     .name = S("中国内地公民婚姻登记"),
     .name_en = S("Marriage registration"),
     .for_persons = true,
     .demand = 90},
    {.code = S("003"), .name = S("银行开户许可"), .for_legal_persons = true},
    {.code = S("004"),
     .name = S("营业执照补发"),
     .name_en = S("Business licence"),
     .for_legal_persons = true},
    {.code = S("005"), .name = S("残疾人证换领"), .for_persons = true},
    {.code = S("006"), .name = S("残疾人证新办"), .for_persons = true, .demand = 100},
    {.code = S("007"), .name = S("住房公积金提取"), .for_persons = true, .for_legal_persons = true},
    {.code = S("008"), .name = S("食品经营许可"), .for_legal_persons = true, .for_persons = true}};

static const struct index_saying sayings[] = {{S("丢了"), S("补领 补发"), true},
                                              {S("怎么办"), S(""), false},
                                              {S("饭店"), S("食品经营"), false}};

static struct item_index *index_of_house(struct test *t)
{
    return index_build(t->c->arena, house, sizeof house / sizeof *house, sayings,
                       sizeof sayings / sizeof *sayings);
}

static struct str first_of(const struct item_index *x, struct index_query q)
{
    struct index_answer found;
    q.most = 10;
    index_search(x, &q, &found);
    return found.n == 0 ? STR("") : index_doc_at(x, found.docs[0])->code;
}

void test_item__characters_are_compared_simplified_and_plain(struct test *t)
{
    char out[100];
    struct str plain = {out, han_plain(STR("結婚證 ＡＢc 戶籍"), out, sizeof out)};
    (void)t;
    assert_true(str_is(plain, "结婚证 abc 户籍"));
    plain = (struct str){out, han_plain(STR("證證"), out, 5)}; /* no half characters */
    assert_true(str_is(plain, "证"));
}

void test_item__a_character_has_all_its_readings(struct test *t)
{
    const struct han *h = han_of(0x884C); /* 行 */
    bool xing = false, hang = false;
    (void)t;
    for (size_t i = 0; i < HAN_READINGS; i++) {
        xing = xing || h->sounds[i] == han_sound(STR("xing"));
        hang = hang || h->sounds[i] == han_sound(STR("hang"));
    }
    assert_true(xing && hang);
    assert_int_equal(han_sound(STR("xhing")), 0);
    assert_int_equal(han_kinds[han_sound(STR("zheng"))], han_kinds[han_sound(STR("zen"))]);
    assert_null(han_of('a'));
}

void test_item__a_query_is_found_however_it_is_written(struct test *t)
{
    static const struct {
        const char *words, *code;
    } asked[] = {{"结婚证", "001"},
                 {"結婚證", "001"},
                 {"结婚证丢了怎么办", "001"},
                 {"jiehunzheng", "001"},
                 {"jie hun zheng", "001"},
                 {"JieHunZheng", "001"},
                 {"jiehunzhen", "001"},
                 {"jiehunzehng", "001"},
                 {"blj hz", "001"},
                 {"结昏证", "001"},
                 {"结婚婚证", "001"},
                 {"补领结证", "001"},
                 {"marriage certificate", "001"},
                 {"marrige certifcate", "001"},
                 {"yinhang", "003"},
                 {"yinxing", "003"},
                 {"营业执招", "004"},
                 {"营业照执", "004"},
                 {"cjrzhl", "005"},
                 {"公积提取", "007"},
                 {"开个饭店", "008"},
                 {"zhufang公积金", "007"}};
    const struct item_index *x = index_of_house(t);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct str code = first_of(x, (struct index_query){.words = str_of(asked[i].words)});
        if (!str_is(code, asked[i].code))
            fail_msg("%s found %.*s and not %s", asked[i].words, STR_ARG(code), asked[i].code);
    }
}

void test_item__words_that_no_item_has_find_nothing(struct test *t)
{
    const struct item_index *x = index_of_house(t);
    static const char *const strange[] = {"qwrtp", "鑫龘靐", "！？", "zzzzzzzzzzzzzzzz", "a", NULL};
    for (const char *const *s = strange; *s != NULL; s++)
        assert_true(str_is(first_of(x, (struct index_query){.words = str_of(*s)}), ""));
}

void test_item__of_equal_names_the_more_asked_for_comes_first(struct test *t)
{
    const struct item_index *x = index_of_house(t);
    assert_true(str_is(first_of(x, (struct index_query){.words = STR("残疾人证")}), "006"));
    assert_true(str_is(first_of(x, (struct index_query){.words = STR("残疾人证换领")}), "005"));
}

void test_item__audience_leaves_out_who_may_not_apply(struct test *t)
{
    const struct item_index *x = index_of_house(t);
    struct index_query q = {.words = STR("许可"), .audience = AUDIENCE_PERSONAL, .most = 10};
    struct index_answer found;
    index_search(x, &q, &found);
    assert_int_equal(found.total, 1);
    assert_true(str_is(index_doc_at(x, found.docs[0])->code, "008"));
    q.audience = AUDIENCE_LEGAL;
    index_search(x, &q, &found);
    assert_int_equal(found.total, 2);
    q.words = STR_NONE; /* lists are filtered too */
    index_search(x, &q, &found);
    assert_int_equal(found.total, 4);
}

/* --- families, amounts, words that stand alone: a small directory of its own --- */

static struct str troupe_words[] = {S("剧团")}, dog_words[] = {S("养狗证")};
static const struct index_doc street[] =
    {{.code = S("101"),
      .name = S("设立文艺表演团体核发"),
      .main_item = S("文艺表演团体"),
      .words = troupe_words,
      .word_count = 1},
     {.code = S("102"), .name = S("文艺表演团体注销审批"), .main_item = S("文艺表演团体")},
     {.code = S("103"), .name = S("文艺表演团体变更审批"), .main_item = S("文艺表演团体")},
     {.code = S("104"), .name = S("犬类准养证核发"), .words = dog_words, .word_count = 1},
     {.code = S("105"), .name = S("生猪屠宰许可")},
     {.code = S("106"), .name = S("百头牛大会许可")},
     {.code = S("107"), .name = S("八十岁老人津贴")},
     {.code = S("108"), .name = S("工作证展览许可")}};

static const struct index_saying street_sayings[] =
    {{S("不办了"), S("注销"), true}, {S("不干了"), S("注销"), true}, {S("俺"), S(""), false},
     {S("关门"), S("注销"), true},   {S("想办"), S(""), false},      {S("换人"), S("变更"), true},
     {S("换老板"), S("变更"), true}, {S("改名"), S("变更"), true}};

static struct index_answer answer_of_street(struct test *t, const struct item_index **x,
                                            struct str words)
{
    struct index_answer found;
    *x = index_build(t->c->arena, street, sizeof street / sizeof *street, street_sayings,
                     sizeof street_sayings / sizeof *street_sayings);
    index_search(*x, &(struct index_query){.words = words, .most = 10}, &found);
    return found;
}

static bool is_found(const struct item_index *x, const struct index_answer *found, const char *code)
{
    for (size_t i = 0; i < found->n; i++)
        if (str_is(index_doc_at(x, found->docs[i])->code, code))
            return true;
    return false;
}

/* A guide at the door: who names only the trade begins it; who ends or changes it says so. */
void test_item__the_act_decides_between_items_of_a_family(struct test *t)
{
    static const struct {
        const char *words, *code;
    } asked[] = {{"剧团", "101"},        {"俺剧团", "101"},   {"剧团不办了", "102"},
                 {"俺剧团关门", "102"},  {"剧团换人", "103"}, {"剧团改名", "103"},
                 {"文艺表演团体", "101"}};
    const struct item_index *x;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct index_answer found = answer_of_street(t, &x, str_of(asked[i].words));
        assert_true(found.n > 0);
        struct str code = index_doc_at(x, found.docs[0])->code;
        if (!str_is(code, asked[i].code))
            fail_msg("%s found %.*s and not %s", asked[i].words, STR_ARG(code), asked[i].code);
    }
}

void test_item__an_amount_is_no_name_but_an_age_is(struct test *t)
{
    const struct item_index *x;
    struct index_answer found = answer_of_street(t, &x, STR("五百头生猪"));
    assert_true(is_found(x, &found, "105") && !is_found(x, &found, "106"));
    found = answer_of_street(t, &x, STR("八十岁"));
    assert_true(found.n == 1 && is_found(x, &found, "107"));
}

void test_item__a_character_left_alone_is_a_word(struct test *t)
{
    const struct item_index *x;
    struct index_answer found = answer_of_street(t, &x, STR("俺狗想办工作证"));
    assert_true(is_found(x, &found, "108") && is_found(x, &found, "104"));
}

/* Anything may be typed: 80 characters of every kind must neither fail nor run out of room. */
void test_item__long_and_odd_queries_are_survived(struct test *t)
{
    const struct item_index *x = index_of_house(t);
    static const char *const parts[] = {"结", "昏", "证", "a",    "zh", " ",  "'", "１",
                                        "龘", "銀", "行", "🙂", "𠮷", "。", "v"};
    uint32_t seed = 7;
    for (int round = 0; round < 300; round++) {
        struct buf b;
        buf_init(&b, t->c->arena, 2000);
        for (int i = 0; i < 80; i++) {
            seed = seed * 1664525U + 1013904223U;
            buf_str(&b, str_of(parts[(seed >> 16) % (sizeof parts / sizeof *parts)]));
        }
        (void)first_of(x, (struct index_query){.words = buf_as_str(&b)});
    }
}

void test_item__an_empty_directory_is_searched(struct test *t)
{
    const struct item_index *x = index_build(t->c->arena, NULL, 0, NULL, 0);
    assert_true(str_is(first_of(x, (struct index_query){.words = STR("结婚证")}), ""));
    assert_true(str_is(first_of(x, (struct index_query){.words = STR("jhz")}), ""));
}

static size_t sayings_faults(struct test *t, const char *rows, struct table_in *table)
{
    struct str csv = str_fmt(t->c->arena, "said,means,kind,state,source\n%s", rows);
    assert_true(table_open(table, t->c->arena, csv));
    assert_int_equal(item_sayings_import(t->c, table), E_OK);
    return table->fault_count;
}

void test_item__a_bad_saying_is_named_with_line_and_column(struct test *t)
{
    static const struct {
        const char *row, *column;
    } bad[] = {{",补领,means,read,x\n", "said"},    {"丢了,,means,read,x\n", "means"},
               {"丢了,,act,read,x\n", "means"},     {"怎么办,补领,ask,read,x\n", "means"},
               {"丢了,补领,verb,read,x\n", "kind"}, {"丢了,补领,means,guessed,x\n", "state"}};
    struct table_in table;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(sayings_faults(t, bad[i].row, &table), 1);
        assert_int_equal(table.faults[0].line, 2);
        assert_true(str_is(table.faults[0].column, bad[i].column));
    }
    assert_int_equal(sayings_faults(t, "丟了,补领,act,read,x\nＯＫ,,ask,read,x\n", &table), 0);
    struct item_sayings_rows rows;
    assert_int_equal(item_sayings(t->c, t->c->center_id, STR(""), &rows), E_OK);
    assert_int_equal(rows.n, 2);
    assert_true(str_is(rows.v[0].said, "ok") && str_is(rows.v[1].said, "丢了"));
}
