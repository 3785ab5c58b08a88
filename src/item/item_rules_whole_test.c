/* Each rule broken once: a document in which everything is said and nothing is wrong, one thing changed, and exactly
 * this finding, with its sentence, what to do and its weight. The sentences are written down here a second time; what
 * must be found is DOMAIN.md 1.10, last paragraph. A hard finding stops publication with its place, a soft one does not. */
#include "item.h"
#include "item_rules.h"
#include "item_sample.h"
#include "item_version.h"
#include <string.h>

#define EDITOR    101
#define CHECKER   102
#define PUBLISHER 103

enum part_change { ELEMENTS_ONLY, NO_FEES, NO_QUESTIONS, NO_PAPER_BASIS, SIX_QUESTIONS };

static const struct broken_once {
    const char *rule;
    enum rule_weight weight;
    const char *elements; /* field=value, with | between; an empty value is a missing one */
    enum part_change part;
    const char *place, *says, *mend;
} cases[] = {
    {"immediate_term", RULE_HARD, "promise_day=0", ELEMENTS_ONLY, "elements.promise_day",
     "承诺 0 天当场办结的应是即办件，即办件的承诺应是 0 天",
     "请核对承诺办结时限和办件类型，改不对的一处"},
    {"immediate_review", RULE_HARD, "review_type=1", ELEMENTS_ONLY, "elements.review_type",
     "即办件的审查类型应是即审即办，别的不是", "请核对办件类型和事项审查类型，改不对的一处"},
    {"promise_within_law", RULE_HARD, "promise_day=8", ELEMENTS_ONLY, "elements.promise_day",
     "承诺时限比法定时限还长",
     "请把承诺时限改到法定时限以内；单位不同的，5 个工作日按 7 个自然日比"},
    {"result_kind", RULE_HARD, "result_type=3", ELEMENTS_ONLY, "elements.result_type",
     "结果名称以“证”结尾的类型应是证照，以“文”“批复”结尾的应是批文", "请核对审批结果的名称和类型"},
    {"result_sample", RULE_SOFT, "result_guid=", ELEMENTS_ONLY, "elements.result_guid",
     "有审批结果，没有结果样本", "请上传一份去掉个人信息的结果样本"},
    {"visit_reason", RULE_SOFT, "limit_scene_explain=无", ELEMENTS_ONLY,
     "elements.limit_scene_explain", "要到现场，没有说为什么",
     "请写明必须到现场的原因，或改为不用到现场"},
    {"visit_reason_none", RULE_HARD, "limit_scene_num=0", ELEMENTS_ONLY,
     "elements.limit_scene_explain", "不用到现场，却写了必须到现场的原因",
     "请删去原因，或改到现场次数"},
    {"mail_form", RULE_HARD, "limit_scene_num=0|limit_scene_explain=无|is_online=0", ELEMENTS_ONLY,
     "elements.handle_type", "不用到现场，又不能网上办，就应能用快递申请",
     "请在办理形式里加上快递申请，或改到现场次数、是否网办"},
    {"online_depth", RULE_HARD, "online_handle_depth=1,4,7", ELEMENTS_ONLY,
     "elements.online_handle_depth", "网上办理深度是全程网办，却要到现场",
     "请改网上办理深度，或把到现场次数改为 0"},
    {"fee_basis", RULE_HARD, "fee_basis=", ELEMENTS_ONLY, "elements.fee_basis",
     "收费，没有收费依据", "请写明收费依据的法规和条款；没有依据的不能收费"},
    {"fee_rows", RULE_HARD, "", NO_FEES, "fees", "收费，没有收费项目和标准",
     "请列出每一项收费和它的标准，或改为不收费"},
    {"fee_payment", RULE_HARD, "is_pay_online=", ELEMENTS_ONLY, "elements.is_pay_online",
     "收费，没有说能不能网上支付", "请填是否支持网上支付"},
    {"no_fee_payment", RULE_HARD, "is_fee=0", ELEMENTS_ONLY, "elements.is_pay_online",
     "不收费，却开了网上支付", "请把是否支持网上支付改为否"},
    {"phones_differ", RULE_HARD, "complain_phone=0377-63000001", ELEMENTS_ONLY,
     "elements.complain_phone", "咨询电话和投诉电话是同一个",
     "请写另一个部门或另一个人接的投诉电话"},
    {"phone_area", RULE_SOFT, "consult_phone=63000001", ELEMENTS_ONLY, "elements.consult_phone",
     "电话没有区号", "请写成 0377-12345678 这样"},
    {"theme_missing", RULE_SOFT, "user_topic_type=", ELEMENTS_ONLY, "elements.user_topic_type",
     "有这种服务对象，没有填对应的主题", "请给自然人、法人各选对应的主题"},
    {"theme_other", RULE_HARD, "server_type=1|corp_character_topic_type=", ELEMENTS_ONLY,
     "elements.corp_topic_type", "填了主题，却没有这种服务对象",
     "请删去多余的主题，或补上服务对象"},
    {"paper_basis", RULE_HARD, "", NO_PAPER_BASIS, "papers[2].basis",
     "要收的材料没有依据，就不能要", "请写明要求这份材料的法规和条款，或删去这份材料"},
    {"licence_questions", RULE_SOFT, "", NO_QUESTIONS, "questions", "行政许可没有常见问题",
     "请至少写一个办事人常问的问题和回答"},
    {"licence_steps", RULE_SOFT, "handle_flow=受理\n审查\n决定\n送达", ELEMENTS_ONLY,
     "elements.handle_flow", "行政许可的办理流程少于五步",
     "请按受理、审查、决定、办结、送达分步写，一步一行"},
    {"few_questions", RULE_SOFT, "", SIX_QUESTIONS, "situations", "办事人要答的问题多于五个",
     "请合并情形，让人最多答五个问题"},
};
#define CASES (sizeof cases / sizeof *cases)

/* --- the faultless document --- */

static void set(struct test *t, struct item_doc *d, const char *field, struct str zh)
{
    struct str state = zh.n == 0 ? STR("missing") : STR("read");
    doc_element_set(t->c, d, (struct doc_element){str_of(field), zh, STR(""), state, STR("")});
}

static void set_all(struct test *t, struct item_doc *d, const char *elements)
{
    for (struct str rest = str_of(elements); rest.p != NULL && rest.n > 0;) {
        struct str pair = str_cut(&rest, '|'), field = str_cut(&pair, '=');
        set(t, d, str_z(t->c->arena, field), str_or_empty(pair));
    }
}

#define USCC "12441500196720244T"

/* A licence with a fee, for persons and bodies, one visit, partly online. Each number has codes of its own. */
static void sound_doc(struct test *t, int number, struct item_doc *ret)
{
    struct str code = str_fmt(t->c->arena, "410111%03d000", number),
               task = str_fmt(t->c->arena, USCC "4%.*s", STR_ARG(code));
    sample_doc(t, ret);
    set(t, ret, "catalog_code", code);
    set(t, ret, "task_code", task);
    set_all(t, ret,
            "task_type=01|task_name=食品经营许可|project_type=2|review_type=2|result_type=1|"
            "result_name=食品经营许可证|limit_scene_num=1|limit_scene_explain=要当面核对原件|"
            "handle_type=1,2|online_handle_depth=1,4|is_online=1|"
            "handle_flow=受理\n审查\n决定\n办结\n送达");
    for (size_t i = 0; i < ret->handlings.n; i++)
        ret->handlings.v[i].code = str_fmt(t->c->arena, "%.*s%02zu", STR_ARG(task), i + 1);
    for (size_t i = 1; i < ret->papers.n; i++) { /* the first one says everything */
        ret->papers.v[i].medium = STR("any");
        ret->papers.v[i].standard = STR("在有效期内");
        ret->papers.v[i].fill_note = STR("写全名");
    }
}

static void six_questions(struct test *t, struct item_doc *d)
{
    static const char chain[] = "123456";
    struct doc_situation *v = ARENA_ARRAY(t->c->arena, struct doc_situation, 6);
    for (size_t i = 0; i < 6; i++) {
        struct doc_option *o = ARENA_ARRAY(t->c->arena, struct doc_option, 2);
        for (size_t j = 0; j < 2; j++)
            o[j] = (struct doc_option){.code = str_fmt(t->c->arena, "%c%c", "yn"[j], chain[i]),
                                       .name = j == 0 ? STR("是") : STR("否")};
        v[i] = (struct doc_situation){.code = str_fmt(t->c->arena, "q%c", chain[i]),
                                      .parent = i == 0 ? STR("") : v[i - 1].options.v[0].code,
                                      .question = STR("是吗？"),
                                      .options = {o, 2},
                                      .state = STR("read")};
    }
    d->situations = (struct doc_situation_list){v, 6};
}

static void change_part(struct test *t, enum part_change change, struct item_doc *d)
{
    switch (change) {
    case ELEMENTS_ONLY:
        break;
    case NO_FEES:
        d->fees.n = 0;
        break;
    case NO_QUESTIONS:
        d->questions.n = 0;
        break;
    case NO_PAPER_BASIS:
        d->papers.v[1].basis = STR("");
        break;
    case SIX_QUESTIONS:
        six_questions(t, d);
        break;
    }
}

/* --- what is expected --- */

static void expect_nothing_wrong(struct test *t, const struct item_doc *d)
{
    struct item_terms terms;
    struct rule_findings found;
    struct element_gaps gaps;
    struct doc_faults faults = {0};
    assert_int_equal(item_terms_read(t->c, &terms), E_OK);
    item_rules_judge(t->c, d, &found);
    if (found.n > 0)
        fail_msg("%s at %.*s", found.v[0].rule->code, STR_ARG(found.v[0].place));
    item_doc_check(t->c, &terms, d, 20260302, &faults);
    assert_int_equal(faults.n, 0);
    item_doc_missing(t->c, &terms, d, &gaps);
    assert_int_equal(gaps.n, 0);
}

static void expect_finding(struct test *t, const struct broken_once *k, const struct item_doc *d)
{
    struct rule_findings found;
    item_rules_judge(t->c, d, &found);
    if (found.n != 1)
        fail_msg("%s: %zu findings, the last %s", k->rule, found.n,
                 found.n == 0 ? "-" : found.v[found.n - 1].rule->code);
    const struct item_rule *rule = found.v[0].rule;
    assert_string_equal(rule->code, k->rule);
    assert_int_equal(rule->weight, k->weight);
    assert_string_equal(rule->says, k->says);
    assert_string_equal(rule->mend, k->mend);
    assert_string_equal(str_z(t->c->arena, found.v[0].place), k->place);
}

/* Three people; what comes of it. */
static enum err publish(struct test *t, const struct item_doc *d, struct doc_faults *ret)
{
    struct item_key key;
    struct item_publishing p = {.why = STR("新事项")};
    *ret = (struct doc_faults){0};
    t->c->actor.id = EDITOR;
    assert_int_equal(item_draft_new(t->c, d, STR("新事项"), &key, ret), E_OK);
    t->c->actor.id = CHECKER;
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    t->c->actor.id = PUBLISHER;
    return item_publish(t->c, key, &p, ret);
}

static void expect_publication(struct test *t, const struct broken_once *k,
                               const struct item_doc *d)
{
    struct doc_faults faults;
    struct item_row row;
    enum err e = publish(t, d, &faults);
    struct str code = doc_value(d, "catalog_code");
    if (k->weight == RULE_SOFT) {
        assert_int_equal(e, E_OK);
        assert_int_equal(item_by_any_code(t->c, code, &row), E_OK);
        return;
    }
    assert_int_equal(e, E_ITEM_FAULTS);
    assert_int_equal(faults.n, 1);
    assert_string_equal(str_z(t->c->arena, faults.v[0].place), k->place);
    assert_string_equal(str_z(t->c->arena, faults.v[0].reason),
                        str_z(t->c->arena, str_fmt(t->c->arena, "%s。%s", k->says, k->mend)));
    assert_int_equal(item_by_any_code(t->c, code, &row), E_NO_SUCH_ITEM);
}

void test_item__each_rule_broken_once_is_found_alone_and_a_hard_one_stops_publication(
    struct test *t)
{
    struct item_doc d;
    struct doc_faults faults;
    struct item_terms terms;
    start_with_terms(t, &terms);
    sample_agency(t);
    sound_doc(t, 100, &d);
    expect_nothing_wrong(t, &d);
    assert_int_equal(publish(t, &d, &faults), E_OK);
    for (size_t i = 0; i < CASES; i++) {
        sound_doc(t, 101 + (int)i, &d);
        set_all(t, &d, cases[i].elements);
        change_part(t, cases[i].part, &d);
        expect_finding(t, &cases[i], &d);
        expect_publication(t, &cases[i], &d);
    }
}

/* The list of DOMAIN.md 1.10 and of the laws beside it is the list here: 21, each once. */
void test_item__every_declared_rule_is_broken_once(struct test *t)
{
    (void)t;
    assert_int_equal(CASES, 21);
    assert_int_equal(item_rule_count, CASES);
    for (int i = 0; i < item_rule_count; i++) {
        int n = 0;
        for (size_t j = 0; j < CASES; j++)
            n += strcmp(cases[j].rule, item_rules[i].code) == 0 ? 1 : 0;
        assert_int_equal(n, 1);
    }
}
