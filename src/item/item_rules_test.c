/* Each rule with documents that pass and that fail; what is expected is the sentence of DOMAIN.md 1.10 (last paragraph),
 * of the law named beside the rule, and the six steps of the four-sames check there. */
#include "item_rules.h"
#include "item_sample.h"
#include <string.h>

struct vector {
    const char *rule;
    bool breaks;
    const char *elements; /* field=value, with | between; \n in a value makes lines */
    const char *parts;    /* JSON of the other parts */
};

#define PAPER(basis)                                                                               \
    "{\"papers\":[{\"position\":1,\"name\":\"身份证\",\"kind\":\"original\",\"copies\":1,"      \
    "\"necessity\":\"required\",\"provider\":\"applicant\",\"basis\":\"" basis                     \
    "\",\"state\":\"read\"}]}"
#define FEE                                                                                        \
    "{\"fees\":[{\"name\":\"工本费\",\"standard\":\"9元\",\"basis\":\"b\",\"state\":\"read\"}]}"
#define QUESTION                                                                                   \
    "{\"questions\":[{\"question\":\"要钱吗？\",\"answer\":\"不要\",\"state\":\"read\"}]}"
#define ASK(code, parent, option)                                                                  \
    "{\"code\":\"" code "\",\"parent\":\"" parent "\",\"question\":\"问？\",\"state\":\"read\"," \
    "\"options\":[{\"code\":\"" option "\",\"name\":\"是\"}]}"
#define FIVE                                                                                       \
    ASK("q1", "", "o1")                                                                            \
    "," ASK("q2", "o1", "o2") "," ASK("q3", "o2", "o3") "," ASK("q4", "o3",                        \
                                                                "o4") "," ASK("q5", "o4", "o5")

static const struct vector vectors[] = {
    {"immediate_term", false, "promise_day=0|project_type=1", ""},
    {"immediate_term", false, "promise_day=5|project_type=2", ""},
    {"immediate_term", false, "promise_day=0", ""}, /* a gap is no contradiction */
    {"immediate_term", true, "promise_day=0|project_type=2", ""},
    {"immediate_term", true, "promise_day=3|project_type=1", ""},
    {"immediate_review", false, "review_type=1|project_type=1", ""},
    {"immediate_review", false, "project_type=1", ""},
    {"immediate_review", true, "review_type=2|project_type=1", ""},
    {"immediate_review", true, "review_type=1|project_type=2", ""},
    {"promise_within_law", false, "promise_day=5|promise_type=2|anticipate_day=5|anticipate_type=2",
     ""},
    {"promise_within_law", true, "promise_day=6|promise_type=2|anticipate_day=5|anticipate_type=2",
     ""},
    /* five working days are a week: 20 working days fit into 28 natural ones, not into 27 */
    {"promise_within_law", false,
     "promise_day=20|promise_type=2|anticipate_day=28|anticipate_type=1", ""},
    {"promise_within_law", true,
     "promise_day=20|promise_type=2|anticipate_day=27|anticipate_type=1", ""},
    {"promise_within_law", false,
     "promise_day=28|promise_type=1|anticipate_day=20|anticipate_type=2", ""},
    {"promise_within_law", true,
     "promise_day=29|promise_type=1|anticipate_day=20|anticipate_type=2", ""},
    {"result_kind", false, "result_name=食品经营许可证|result_type=1", ""},
    {"result_kind", false, "result_name=关于同意的批复。|result_type=2", ""},
    {"result_kind", false, "result_name=登记簿记录|result_type=3", ""},
    {"result_kind", true, "result_name=食品经营许可证|result_type=2", ""},
    {"result_kind", true, "result_name=准予许可批文|result_type=1", ""},
    {"result_kind", true, "result_name=关于同意的批复。|result_type=3", ""},
    {"result_sample", false, "result_name=证|result_guid=f1", ""},
    {"result_sample", false, "result_name=没有|result_type=4", ""},
    {"result_sample", true, "result_name=证", ""},
    {"visit_reason", false, "limit_scene_num=1|limit_scene_explain=要当面签字", ""},
    {"visit_reason", false, "limit_scene_num=0", ""},
    {"visit_reason", true, "limit_scene_num=1", ""},
    {"visit_reason", true, "limit_scene_num=1|limit_scene_explain=无", ""},
    {"visit_reason_none", false, "limit_scene_num=0|limit_scene_explain=无", ""},
    {"visit_reason_none", false, "limit_scene_num=1|limit_scene_explain=要当面签字", ""},
    {"visit_reason_none", true, "limit_scene_num=0|limit_scene_explain=要当面签字", ""},
    {"mail_form", false, "limit_scene_num=0|is_online=0|handle_type=1,4", ""},
    {"mail_form", false, "limit_scene_num=0|is_online=1|handle_type=2", ""},
    {"mail_form", false, "limit_scene_num=1|is_online=0|handle_type=1", ""},
    {"mail_form", true, "limit_scene_num=0|is_online=0|handle_type=1", ""},
    {"online_depth", false, "online_handle_depth=1,4,7|limit_scene_num=0", ""},
    {"online_depth", false, "online_handle_depth=1,4|limit_scene_num=1", ""},
    {"online_depth", true, "online_handle_depth=1,4,7|limit_scene_num=1", ""},
    {"fee_basis", false, "is_fee=1|fee_basis=法", ""},
    {"fee_basis", false, "is_fee=0", ""},
    {"fee_basis", true, "is_fee=1", ""},
    {"fee_rows", false, "is_fee=1", FEE},
    {"fee_rows", true, "is_fee=1", ""},
    {"fee_payment", false, "is_fee=1|is_pay_online=0", ""},
    {"fee_payment", true, "is_fee=1", ""},
    {"no_fee_payment", false, "is_fee=0|is_pay_online=0", ""},
    {"no_fee_payment", false, "is_fee=1|is_pay_online=1", ""},
    {"no_fee_payment", true, "is_fee=0|is_pay_online=1", ""},
    {"phones_differ", false, "consult_phone=0377-63000001|complain_phone=0377-63000002", ""},
    {"phones_differ", false, "", ""},
    {"phones_differ", true, "consult_phone=0377-63000001|complain_phone=0377-63000001", ""},
    {"phones_differ", true, "consult_phone=0377-63000001|complain_phone=（0377）63000001", ""},
    {"phones_differ", false, "consult_phone=找人|complain_phone=找人", ""}, /* no number at all */
    {"phone_area", false, "consult_phone=0377-63000001|complain_phone=12345", ""},
    {"phone_area", false, "consult_phone=（010）63000001|complain_phone=400-1234567", ""},
    {"phone_area", true, "consult_phone=63000001|complain_phone=0377-63000002", ""},
    {"phone_area", true, "consult_phone=0377-63000001|complain_phone=找值班的人", ""},
    {"theme_missing", false, "server_type=1,2|user_topic_type=05|corp_topic_type=01", ""},
    {"theme_missing", false, "", ""},
    {"theme_missing", true, "server_type=1", ""},
    {"theme_missing", true, "server_type=2|user_topic_type=05", ""},
    {"theme_other", false, "server_type=1|user_topic_type=05", ""},
    {"theme_other", true, "server_type=1|corp_topic_type=01", ""},
    {"theme_other", true, "server_type=2,4|user_topic_type=05|corp_topic_type=01", ""},
    {"theme_other", false, "server_type=1|user_topic_type=05|user_character_topic_type=新生儿", ""},
    {"theme_other", true, "server_type=1|user_topic_type=05|corp_character_topic_type=个体户", ""},
    {"theme_missing", false, "server_type=1|user_topic_type=05", ""}, /* no group need be named */
    {"paper_basis", false, "", PAPER("民法典第一千零四十九条")},
    {"paper_basis", true, "", PAPER("")},
    {"licence_questions", false, "task_type=01", QUESTION},
    {"licence_questions", false, "task_type=20", ""},
    {"licence_questions", true, "task_type=01", ""},
    {"licence_steps", false, "task_type=01|handle_flow=受理\n审查\n决定\n办结\n送达", ""},
    {"licence_steps", false, "task_type=07|handle_flow=受理", ""},
    {"licence_steps", true, "task_type=01|handle_flow=受理\n审查\n\n决定\n办结\n", ""},
    {"few_questions", false, "", "{\"situations\":[" FIVE "]}"},
    {"few_questions", true, "", "{\"situations\":[" FIVE "," ASK("q6", "o5", "o6") "]}"},
};
#define VECTORS (sizeof vectors / sizeof *vectors)

static void put(struct test *t, struct item_doc *d, const char *field, struct str zh)
{
    doc_element_set(t->c, d,
                    (struct doc_element){str_of(field), zh, STR(""), STR("read"), STR("")});
}

static void doc_of(struct test *t, const struct vector *v, struct item_doc *ret)
{
    struct doc_faults faults;
    *ret = (struct item_doc){0};
    if (v->parts[0] != '\0')
        assert_int_equal(item_doc_read(t->c, str_of(v->parts), ret, &faults), E_OK);
    for (struct str rest = str_of(v->elements); rest.p != NULL && rest.n > 0;) {
        struct str pair = str_cut(&rest, '|'), field = str_cut(&pair, '=');
        put(t, ret, str_z(t->c->arena, field), pair);
    }
}

static int rule_named(const char *code)
{
    for (int i = 0; i < item_rule_count; i++)
        if (strcmp(item_rules[i].code, code) == 0)
            return i;
    fail_msg("no rule %s", code);
    return -1;
}

void test_item__each_rule_passes_and_fails_where_it_should(struct test *t)
{
    for (size_t i = 0; i < VECTORS; i++) {
        struct item_doc d;
        doc_of(t, &vectors[i], &d);
        uint64_t bit = UINT64_C(1) << rule_named(vectors[i].rule);
        if (((item_rules_broken(t->c, &d) & bit) != 0) != vectors[i].breaks)
            fail_msg("%s should %s with %s %s", vectors[i].rule,
                     vectors[i].breaks ? "fail" : "pass", vectors[i].elements, vectors[i].parts);
    }
}

void test_item__every_rule_has_vectors_for_both_and_a_sentence(struct test *t)
{
    (void)t;
    assert_true(item_rule_count <= 64);
    for (int i = 0; i < item_rule_count; i++) {
        int passes = 0, fails = 0;
        for (size_t v = 0; v < VECTORS; v++)
            if (strcmp(vectors[v].rule, item_rules[i].code) == 0)
                *(vectors[v].breaks ? &fails : &passes) += 1;
        if (passes == 0 || fails == 0)
            fail_msg("%s has %d passing and %d failing vectors", item_rules[i].code, passes, fails);
        assert_true(strlen(item_rules[i].says) > 0 && strlen(item_rules[i].mend) > 0);
        assert_true(strlen(item_rules[i].source) > 0);
    }
}

void test_item__rules_look_only_at_elements_that_exist(struct test *t)
{
    struct item_terms terms;
    start_with_terms(t, &terms);
    for (int i = 0; i < item_rule_count; i++)
        for (struct str rest = str_of(item_rules[i].fields); rest.p != NULL && rest.n > 0;) {
            struct str field = str_cut(&rest, ' ');
            if (element_term_of(&terms, field) == NULL)
                fail_msg("%s: no element %.*s", item_rules[i].code, STR_ARG(field));
        }
}

void test_item__a_finding_names_the_place(struct test *t)
{
    struct item_doc d;
    struct rule_findings found;
    doc_of(t, &(struct vector){"", true, "consult_phone=1|complain_phone=2", PAPER("")}, &d);
    item_rules_judge(t->c, &d, &found);
    assert_int_equal(found.n, 3);
    assert_true(str_is(found.v[0].place, "elements.consult_phone"));
    assert_true(str_is(found.v[1].place, "elements.complain_phone"));
    assert_true(str_is(found.v[2].place, "papers[1].basis"));
}

void test_item__only_hard_rules_are_faults(struct test *t)
{
    struct item_doc d;
    struct doc_faults faults = {0};
    doc_of(t, &(struct vector){"", true, "limit_scene_num=1|is_fee=0|is_pay_online=1", ""}, &d);
    item_rules_faults(t->c, &d, &faults);
    assert_int_equal(faults.n, 1);
    assert_true(str_is(faults.v[0].place, "elements.is_pay_online"));
}

/* --- four sames --- */

static struct catalogue_entry sample_entry(struct doc_basis *basis)
{
    *basis = (struct doc_basis){.kind = STR("law"),
                                .law = STR("民法典"),
                                .article = STR("第一千零四十九条")};
    return (struct catalogue_entry){.code = STR("412011013000"),
                                    .name = STR("补领 结婚证(县级)"),
                                    .kind = STR("20"),
                                    .use_levels = STR("3,4"),
                                    .bases = {basis, 1},
                                    .valid_from = 20250101,
                                    .valid_to = 20270101};
}

static void same_doc(struct test *t, struct item_doc *d)
{
    struct doc_basis *v = ARENA_ARRAY(t->c->arena, struct doc_basis, 2);
    *d = (struct item_doc){0};
    put(t, d, "catalog_code", STR("412011013000"));
    put(t, d, "task_code", STR("12441500196720244T4412011013000"));
    put(t, d, "dept_code", STR("12441500196720244T"));
    put(t, d, "task_name", STR("补领结婚证（县级）"));
    put(t, d, "task_type", STR("20"));
    v[0] = (struct doc_basis){.law = STR("地方的规定"), .article = STR("第二条")};
    v[1] = (struct doc_basis){.law = STR("民法典"), .article = STR("第一千零四十九条")};
    d->bases = (struct doc_basis_list){v, 2};
}

static unsigned failed(struct test *t, const struct item_doc *d, const struct catalogue_entry *e)
{
    return item_sames_failed(t->c, d, e, 20260302);
}

void test_item__four_sames_pass_with_other_brackets_and_more_bases(struct test *t)
{
    struct item_doc d;
    struct doc_basis basis;
    struct catalogue_entry e = sample_entry(&basis);
    same_doc(t, &d);
    assert_int_equal(failed(t, &d, &e), 0);
}

void test_item__four_sames_each_step_fails_alone(struct test *t)
{
    static const struct {
        const char *field, *zh;
        unsigned step;
    } steps[] = {{"task_name", "补领离婚证（县级）", SAME_NAME},
                 {"task_code", "12441500196720244T4412011013001", SAME_CODE},
                 {"dept_code", "11411303000001011D", SAME_CODE},
                 {"task_type", "07", SAME_KIND},
                 {"task_code", "12441500196720244T2412011013000", SAME_LEVEL}};
    struct doc_basis basis;
    struct catalogue_entry e = sample_entry(&basis);
    struct item_doc d;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        same_doc(t, &d);
        put(t, &d, steps[i].field, str_of(steps[i].zh));
        assert_int_equal(failed(t, &d, &e), 1u << steps[i].step);
    }
    same_doc(t, &d);
    d.bases.n = 1; /* the catalogue's own is left out */
    assert_int_equal(failed(t, &d, &e), 1u << SAME_BASES);
}

void test_item__four_sames_follow_the_catalogues_days(struct test *t)
{
    struct item_doc d;
    struct doc_basis basis;
    struct catalogue_entry e = sample_entry(&basis);
    same_doc(t, &d);
    assert_int_equal(failed(t, &d, NULL), 1u << SAME_CATALOGUE);
    assert_int_equal(item_sames_failed(t->c, &d, &e, 20241231), 1u << SAME_CATALOGUE);
    assert_int_equal(item_sames_failed(t->c, &d, &e, 20250101), 0);
    assert_int_equal(item_sames_failed(t->c, &d, &e, 20261231), 0);
    assert_int_equal(item_sames_failed(t->c, &d, &e, 20270101), 1u << SAME_CATALOGUE);
}
