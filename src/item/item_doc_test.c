/* Documents: read, printed, compared, checked. The property is that nothing is lost and nothing unknown gets in;
 * documents are generated from the shapes, so a member that is added there is tested here. */
#include "item_shape.h"
#include "item_sample.h"
#include "item_terms.h"
#include "test.h"
#include <string.h>

/* --- generated documents --- */

static uint32_t chance(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

static struct str some_text(struct test *t, uint32_t *seed, int64_t max)
{
    static const char *const bits[] = {"材料", "\"", "\\", "\n",        "</script>",
                                       "a b",  "，", "𠮷", "é",         "=1+1",
                                       "\t",   "{}", "0",  "《民法典》"};
    struct buf b;
    buf_init(&b, t->c->arena, 4096);
    for (uint32_t n = chance(seed, 6); n > 0; n--)
        buf_lit(&b, "");
    for (uint32_t n = 1 + chance(seed, 8); n > 0; n--)
        buf_str(&b, str_of(bits[chance(seed, sizeof bits / sizeof *bits)]));
    struct str s = str_head(buf_as_str(&b), (size_t)max);
    return str_trim(s).n == 0 ? STR("x") : s;
}

static void fill_row(struct test *t, uint32_t *seed, const struct shape *s, char *row);

static void fill_list(struct test *t, uint32_t *seed, const struct shape_member *m, char *row)
{
    struct any_list l = {NULL, chance(seed, 4)};
    l.v = arena_array(t->c->arena, l.n + 1, m->rows->size);
    for (size_t i = 0; i < l.n; i++)
        fill_row(t, seed, m->rows, (char *)l.v + i * m->rows->size);
    memcpy(row + m->offset, &l, sizeof l);
}

static void fill_member(struct test *t, uint32_t *seed, const struct shape_member *m, char *row)
{
    struct str text = STR("");
    int64_t number = (int64_t)chance(seed, 1 + (uint32_t)(m->max > 1000 ? 1000 : m->max));
    bool flag = chance(seed, 2) == 1, is_left_out = !m->is_needed && chance(seed, 3) == 0;
    size_t words = 0;
    while (m->words != NULL && m->words[words] != NULL)
        words++;
    if (m->kind == MEMBER_TEXT && !is_left_out)
        text = some_text(t, seed, m->max);
    if (m->kind == MEMBER_WORD && !is_left_out)
        text = str_of(m->words[chance(seed, (uint32_t)words)]);
    if (m->kind == MEMBER_TEXT || m->kind == MEMBER_WORD)
        memcpy(row + m->offset, &text, sizeof text);
    if (m->kind == MEMBER_INT)
        memcpy(row + m->offset, &number, sizeof number);
    if (m->kind == MEMBER_FLAG)
        memcpy(row + m->offset, &flag, sizeof flag);
    if (m->kind == MEMBER_LIST)
        fill_list(t, seed, m, row);
}

static void fill_row(struct test *t, uint32_t *seed, const struct shape *s, char *row)
{
    for (size_t i = 0; i < s->n; i++)
        fill_member(t, seed, &s->members[i], row);
}

void test_item__any_document_survives_printing_and_reading(struct test *t)
{
    for (uint32_t n = 1; n <= 400; n++) {
        uint32_t seed = n;
        struct item_doc made = {0}, once, twice;
        struct doc_faults faults;
        struct doc_changes changes;
        fill_row(t, &seed, &item_doc_shape, (char *)&made);
        assert_int_equal(item_doc_read(t->c, item_doc_print(t->c, &made), &once, &faults), E_OK);
        struct str printed = item_doc_print(t->c, &once);
        assert_int_equal(item_doc_read(t->c, printed, &twice, &faults), E_OK);
        assert_true(str_eq(item_doc_print(t->c, &twice), printed));
        item_doc_diff(t->c, &once, &twice, &changes);
        assert_int_equal(changes.n, 0);
        /* the rows themselves are all there: counted by hand, not by the printer */
        assert_int_equal(once.papers.n, made.papers.n);
        assert_int_equal(once.handlings.n, made.handlings.n);
        for (size_t i = 0; i < made.questions.n; i++)
            assert_true(str_eq(once.questions.v[i].answer, made.questions.v[i].answer) &&
                        str_eq(once.questions.v[i].source, made.questions.v[i].source));
    }
}

/* --- what is refused, and where --- */

void test_item__a_bad_document_is_refused_with_its_place(struct test *t)
{
    static const struct {
        const char *json, *place;
    } bad[] = {
        {"{\"papers\":[{\"position\":1,\"name\":\"a\",\"kind\":\"form\",\"necessity\":\"required\","
         "\"provider\":\"applicant\",\"state\":\"read\",\"colour\":\"red\"}]}",
         "papers[1].colour"},
        {"{\"colour\":[]}", "colour"},
        {"{\"papers\":[{\"position\":1,\"name\":\"a\",\"kind\":\"stone\",\"necessity\":"
         "\"required\",\"provider\":\"applicant\",\"state\":\"read\"}]}",
         "papers[1].kind"},
        {"{\"papers\":[{\"position\":-1,\"name\":\"a\",\"kind\":\"form\",\"necessity\":"
         "\"required\",\"provider\":\"applicant\",\"state\":\"read\"}]}",
         "papers[1].position"},
        {"{\"papers\":[{\"position\":1.5,\"name\":\"a\",\"kind\":\"form\",\"necessity\":"
         "\"required\",\"provider\":\"applicant\",\"state\":\"read\"}]}",
         "papers[1].position"},
        {"{\"papers\":{}}", "papers"},
        {"{\"papers\":[7]}", "papers[1]"},
        {"{\"elements\":[{\"field\":\"a\",\"zh\":5,\"state\":\"read\"}]}", "elements[1].zh"},
        {"{\"elements\":[{\"field\":\"a\",\"state\":\"read\"},{\"zh\":\"b\",\"state\":\"read\"}]}",
         "elements[2].field"},
        {"{\"questions\":[{\"question\":\" \",\"answer\":\"b\",\"state\":\"read\"}]}",
         "questions[1].question"},
        {"{\"situations\":[{\"code\":\"q\",\"question\":\"?\",\"state\":\"read\",\"options\":[{"
         "\"code\":\"a\",\"name\":\"A\",\"papers\":[{\"paper\":1,\"necessity\":\"maybe\"}]}]}]}",
         "situations[1].options[1].papers[1].necessity"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct item_doc d;
        struct doc_faults faults;
        assert_int_equal(item_doc_read(t->c, str_of(bad[i].json), &d, &faults), E_ITEM_FAULTS);
        assert_string_equal(str_z(t->c->arena, faults.v[0].place), bad[i].place);
        assert_true(faults.v[0].reason.n > 0 && t->c->refusal.text.n > 0);
    }
}

void test_item__json_that_cannot_be_read_names_line_and_column(struct test *t)
{
    static const char *const bad[] = {"",
                                      "{",
                                      "{\"papers\":[}",
                                      "[]x",
                                      "{\"papers\":[],\"papers\":[]}",
                                      "{\"elements\":[{\"field\":\"\xff\"}]}",
                                      "{\"elements\":[{\"field\":\"a\\u0000b\"}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct item_doc d;
        struct doc_faults faults;
        assert_int_equal(item_doc_read(t->c, str_of(bad[i]), &d, &faults), E_ITEM_FAULTS);
        assert_true(str_find(faults.v[0].place, STR("第 ")) == 0);
    }
}

/* 10 MB in one legal text (issue 3, bad input): the place is named, nothing else happens. */
void test_item__ten_megabytes_of_law_are_refused_with_their_place(struct test *t)
{
    struct buf b;
    struct item_doc d = {0};
    struct doc_faults faults;
    buf_init(&b, t->c->arena, (size_t)16 << 20);
    buf_lit(&b, "{\"bases\":[{\"kind\":\"law\",\"law\":\"民法典\",\"state\":\"read\"},{\"kind\":"
                "\"law\",\"law\":\"民法典\",\"state\":\"read\",\"wording\":\"");
    while (b.n < (size_t)10 << 20)
        buf_lit(&b, "第一千零四十九条 要求结婚的男女双方应当亲自到婚姻登记机关申请结婚登记。");
    buf_lit(&b, "\"}]}");
    assert_int_equal(item_doc_read(t->c, buf_as_str(&b), &d, &faults), E_ITEM_FAULTS);
    assert_string_equal(str_z(t->c->arena, faults.v[0].place), "bases[2].wording");
    assert_int_equal(faults.all, 1);
}

/* --- situations --- */

static void assert_faults(struct test *t, const struct item_doc *d, const char *const *places,
                          size_t n)
{
    struct doc_faults faults = {0};
    situations_check(t->c, d, &faults);
    assert_int_equal(faults.all, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(str_z(t->c->arena, faults.v[i].place), places[i]);
}

static struct item_doc tree(struct test *t)
{
    struct item_doc d;
    sample_doc(t, &d);
    return d;
}

static struct item_doc start_with_tree(struct test *t)
{
    test_start_with(t, load_terms);
    return tree(t);
}

void test_item__a_sound_tree_has_no_faults_and_its_longest_way(struct test *t)
{
    struct item_doc d = start_with_tree(t);
    assert_faults(t, &d, NULL, 0);
    /* who (1) → agent: relation (2); age beside it (3) */
    assert_int_equal(situations_depth(&d), 3);
}

void test_item__a_cycle_of_questions_is_named(struct test *t)
{
    static const char *const places[] = {"situations[1].parent", "situations[2].parent"};
    struct item_doc d = start_with_tree(t);
    d.situations.v[0].parent = STR("spouse"); /* who ← relation's option, relation ← who's */
    assert_faults(t, &d, places, 2);
    assert_int_equal(situations_depth(&d), 1); /* ends; only the question beside is reached */
    d = tree(t);
    d.situations.v[0].parent = STR("self"); /* its own option */
    static const char *const own[] = {"situations[1].parent", "situations[2].parent"};
    struct doc_faults faults = {0};
    situations_check(t->c, &d, &faults);
    assert_true(faults.all >= 1);
    assert_string_equal(str_z(t->c->arena, faults.v[0].place), own[0]);
}

void test_item__dangling_parents_papers_and_double_codes_are_named(struct test *t)
{
    static const char *const parent[] = {"situations[2].parent"};
    static const char *const paper[] = {"situations[1].options[2].papers[1]"};
    static const char *const option[] = {"situations[3].options[1].code"};
    static const char *const code[] = {"situations[3].code"};
    struct item_doc d = start_with_tree(t);
    d.situations.v[1].parent = STR("nobody");
    assert_faults(t, &d, parent, 1);
    d = tree(t);
    d.situations.v[0].options.v[1].papers.v[0].paper = 9;
    assert_faults(t, &d, paper, 1);
    d = tree(t);
    d.situations.v[2].options.v[0].code = STR("self");
    assert_faults(t, &d, option, 1);
    d = tree(t);
    d.situations.v[2].code = STR("who");
    assert_faults(t, &d, code, 1);
}

static void assert_needs(struct test *t, const struct item_doc *d, const char *chosen,
                         const char *wanted)
{
    struct str codes[8];
    size_t n = 0;
    struct buf b;
    for (struct str rest = str_of(chosen); rest.p != NULL && rest.n > 0;)
        codes[n++] = str_cut(&rest, ' ');
    struct doc_needs needs = item_doc_needs(t->c, d, codes, n);
    buf_init(&b, t->c->arena, 1000);
    for (size_t i = 0; i < needs.n; i++)
        buf_fmt(&b, "%d%c ", (int)needs.v[i].paper->position, needs.v[i].necessity.p[0]);
    buf_char(&b, '\0');
    assert_string_equal(b.p, wanted);
}

/* Paper 1 of everybody; 2 (proxy) of agents; 3 (kinship) of relatives, required of a child; see item_sample.c. */
void test_item__the_papers_are_those_of_ones_own_situation(struct test *t)
{
    struct item_doc d = start_with_tree(t);
    assert_needs(t, &d, "", "1r ");
    assert_needs(t, &d, "self", "1r ");
    assert_needs(t, &d, "agent", "1r 2r ");
    assert_needs(t, &d, "agent spouse", "1r 2r 3l ");
    assert_needs(t, &d, "agent child minor", "1r 2r 3r ");
    assert_needs(t, &d, "self child", "1r "); /* relation is not asked of who comes himself */
}

void test_item__questions_come_one_after_the_other(struct test *t)
{
    struct item_doc d = start_with_tree(t);
    struct str chosen[] = {STR("agent"), STR("spouse"), STR("adult")};
    assert_true(str_is(item_doc_next_question(&d, chosen, 0)->code, "who"));
    assert_true(str_is(item_doc_next_question(&d, chosen, 1)->code, "relation"));
    assert_true(str_is(item_doc_next_question(&d, chosen, 2)->code, "age"));
    assert_null(item_doc_next_question(&d, chosen, 3));
    chosen[0] = STR("self");
    assert_true(str_is(item_doc_next_question(&d, chosen, 1)->code, "age"));
}

/* --- differences --- */

void test_item__a_difference_says_what_was_and_what_is(struct test *t)
{
    struct item_doc a = start_with_tree(t), b = tree(t);
    struct doc_changes changes;
    struct doc_element guide = *doc_element_of(&b, "traffic_guide");
    guide.zh = STR("坐5路车");
    doc_element_set(t->c, &b, guide);
    b.papers.v[0].name = STR("居民身份证或户口簿");
    b.papers.n = 2;
    a.questions.n = 1;
    b.situations.v[0].options.v[1].papers.v[0].necessity = STR("later");
    item_doc_diff(t->c, &a, &b, &changes);
    assert_int_equal(changes.n, 5);
    assert_true(changes.v[0].kind == DOC_CHANGED && str_is(changes.v[0].key, "traffic_guide") &&
                str_is(changes.v[0].member, "zh") && str_is(changes.v[0].after, "坐5路车"));
    assert_true(changes.v[1].kind == DOC_CHANGED && str_is(changes.v[1].key, "1") &&
                str_is(changes.v[1].member, "name") && str_is(changes.v[1].before, "居民身份证"));
    assert_true(changes.v[2].kind == DOC_REMOVED && str_is(changes.v[2].key, "3") &&
                str_is(changes.v[2].before, "亲属关系材料"));
    assert_true(changes.v[3].kind == DOC_ADDED && str_is(changes.v[3].part, "questions") &&
                str_is(changes.v[3].after, "多久？"));
    assert_true(str_is(changes.v[4].part, "situations") &&
                str_is(changes.v[4].key, "who.agent.2") &&
                str_is(changes.v[4].before, "required") && str_is(changes.v[4].after, "later"));
}

void test_item__another_order_is_a_difference(struct test *t)
{
    struct item_doc a = start_with_tree(t), b = tree(t);
    struct doc_changes changes;
    struct doc_question first = b.questions.v[0];
    b.questions.v[0] = b.questions.v[1];
    b.questions.v[1] = first;
    item_doc_diff(t->c, &a, &b, &changes);
    assert_int_equal(changes.n, 1);
    assert_true(str_is(changes.v[0].member, "order"));
}

/* --- values --- */

void test_item__values_keep_to_their_element(struct test *t)
{
    static const struct {
        const char *field, *value;
        bool is_good;
    } values[] = {{"promise_day", "5", true},
                  {"promise_day", "05", false},
                  {"promise_day", "-1", false},
                  {"promise_day", "五", false},
                  {"is_fee", "2", false},
                  {"server_type", "1,2", true},
                  {"server_type", "1,1", false},
                  {"server_type", "1,8", false},
                  {"server_type", "1,", false},
                  {"task_type", "11", false},
                  {"link_addr", "https://example.com/a", true},
                  {"link_addr", "javascript:alert(1)", false},
                  {"result_guid", "no-such-file", false},
                  {"result_guid", "sample", true},
                  {"task_version", "3", false},  /* filled in by the exchange */
                  {"material_name", "x", false}, /* a column of papers, no element */
                  {"no_such_field", "x", false},
                  {"catalog_code", "41201101300", false},
                  {"task_code", "12441500196720244X4412011013000", false},
                  {"dept_code", "12441500196720244X", false}};
    struct item_terms terms;
    start_with_terms(t, &terms);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct item_doc d = tree(t);
        struct doc_faults faults = {0};
        doc_element_set(t->c, &d,
                        (struct doc_element){str_of(values[i].field), str_of(values[i].value),
                                             STR(""), STR("read"), STR("")});
        item_doc_check(t->c, &terms, &d, 20260302, &faults);
        if ((faults.all == 0) != values[i].is_good)
            fail_msg("%s = %s", values[i].field, values[i].value);
    }
}

void test_item__double_elements_papers_files_and_handling_codes_are_refused(struct test *t)
{
    struct item_terms terms;
    struct item_doc d = start_with_tree(t);
    struct doc_faults faults = {0};
    assert_int_equal(item_terms_read(t->c, &terms), E_OK);
    item_doc_check(t->c, &terms, &d, 20260302, &faults);
    assert_int_equal(faults.all, 0);
    d.elements.v[1] = d.elements.v[0];
    d.papers.v[1].position = 1;
    d.files.v[1].code = d.files.v[0].code;
    d.handlings.v[1].code = d.handlings.v[0].code;
    item_doc_check(t->c, &terms, &d, 20260302, &faults);
    bool named[4] = {false};
    for (size_t i = 0; i < faults.n; i++) {
        named[0] = named[0] || str_find(faults.v[i].place, STR("elements.")) == 0;
        named[1] = named[1] || str_is(faults.v[i].place, "papers[2].position");
        named[2] = named[2] || str_is(faults.v[i].place, "files[2].code");
        named[3] = named[3] || str_is(faults.v[i].place, "handlings[2].code");
    }
    assert_true(named[0] && named[1] && named[2] && named[3]);
}
