/* The table of rules and what each looks at (DOMAIN.md 1.10, last paragraph; 1.8 for papers and limits). */
#include "item_rules.h"
#include <string.h>

struct item_ruling {
    struct ctx *c;
    const struct item_doc *d;
    const struct item_rule *rule;
    struct rule_findings *found; /* NULL: only whether */
    bool is_broken;
};

#define FINDINGS_MAX 400

static void broken_at(struct item_ruling *k, struct str place)
{
    k->is_broken = true;
    if (k->found != NULL && k->found->n < FINDINGS_MAX)
        k->found->v[k->found->n++] = (struct rule_finding){k->rule, place};
}

static void broken(struct item_ruling *k, bool is_so)
{
    if (is_so)
        broken_at(k, str_of(k->rule->place));
}

/* --- reading elements --- */

static struct str value(const struct item_ruling *k, const char *field)
{
    return str_or_empty(doc_value(k->d, field));
}
static bool has(const struct item_ruling *k, const char *field)
{
    return value(k, field).n > 0;
}
static bool is(const struct item_ruling *k, const char *field, const char *code)
{
    return str_is(value(k, field), code);
}

static bool among(struct str codes, const char *code)
{
    for (struct str rest = codes; rest.p != NULL;)
        if (str_is(str_cut(&rest, ','), code))
            return true;
    return false;
}

static bool among_others(struct str codes, const char *than)
{
    for (struct str rest = codes; rest.p != NULL && codes.n > 0;)
        if (!str_is(str_cut(&rest, ','), than))
            return true;
    return false;
}

int64_t limit_in_fifths(const struct item_doc *d, const char *day_field, const char *unit_field)
{
    struct str unit = str_or_empty(doc_value(d, unit_field));
    int64_t days;
    if (!str_to_int(str_or_empty(doc_value(d, day_field)), &days) || days < 0)
        return -1;
    if (str_is(unit, "1"))
        return days * 5;
    return str_is(unit, "2") ? days * 7 : -1;
}

static int lines_of(struct str text)
{
    int n = 0;
    for (struct str rest = text; rest.p != NULL;)
        n += str_trim(str_cut(&rest, '\n')).n > 0 ? 1 : 0;
    return n;
}

int item_doc_steps(const struct item_doc *d)
{
    return lines_of(doc_value(d, "handle_flow"));
}

/* --- at once, and how long --- */

static void immediate_term(struct item_ruling *k)
{
    broken(k, has(k, "promise_day") && has(k, "project_type") &&
                  is(k, "promise_day", "0") != is(k, "project_type", "1"));
}
static void immediate_review(struct item_ruling *k)
{
    broken(k, has(k, "review_type") && has(k, "project_type") &&
                  is(k, "review_type", "1") != is(k, "project_type", "1"));
}
static void promise_within_law(struct item_ruling *k)
{
    int64_t law = limit_in_fifths(k->d, "anticipate_day", "anticipate_type");
    int64_t promise = limit_in_fifths(k->d, "promise_day", "promise_type");
    broken(k, law >= 0 && promise > law);
}

/* --- the result --- */

static struct str bare_end(struct str name)
{
    name = str_trim(name);
    while (str_ends(name, STR("。")))
        name = str_trim((struct str){name.p, name.n - strlen("。")});
    return name;
}

static void result_kind(struct item_ruling *k)
{
    struct str name = bare_end(value(k, "result_name"));
    if (!has(k, "result_type") || name.n == 0)
        return;
    /* zh: endings of names in documents */
    if (str_ends(name, STR("证")))
        broken(k, !is(k, "result_type", "1"));
    /* zh: the same */
    else if (str_ends(name, STR("文")) || str_ends(name, STR("批复")))
        broken(k, !is(k, "result_type", "2"));
}
static void result_sample(struct item_ruling *k)
{
    broken(k, has(k, "result_name") && !is(k, "result_type", "4") && !has(k, "result_guid"));
}

/* --- going there, or not --- */

static bool is_no_reason(struct str s)
{
    /* zh: what people write for "no reason" */
    static const char *const words[] = {"", "无", "没有", "不需要", "无需到场"};
    s = bare_end(s);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(s, words[i]))
            return true;
    return false;
}

static void visit_reason(struct item_ruling *k)
{
    broken(k, has(k, "limit_scene_num") && !is(k, "limit_scene_num", "0") &&
                  is_no_reason(value(k, "limit_scene_explain")));
}
static void visit_reason_none(struct item_ruling *k)
{
    broken(k, is(k, "limit_scene_num", "0") && !is_no_reason(value(k, "limit_scene_explain")));
}
static void mail_form(struct item_ruling *k)
{
    broken(k, is(k, "limit_scene_num", "0") && is(k, "is_online", "0") && has(k, "handle_type") &&
                  !among(value(k, "handle_type"), "4"));
}
/* Level IV, wholly online, is written in the national dictionary as the e-licence coming back online (7). */
static void online_depth(struct item_ruling *k)
{
    broken(k, among(value(k, "online_handle_depth"), "7") && has(k, "limit_scene_num") &&
                  !is(k, "limit_scene_num", "0"));
}

/* --- fees --- */

static void fee_basis(struct item_ruling *k)
{
    broken(k, is(k, "is_fee", "1") && !has(k, "fee_basis"));
}
static void fee_rows(struct item_ruling *k)
{
    broken(k, is(k, "is_fee", "1") && k->d->fees.n == 0);
}
static void fee_payment(struct item_ruling *k)
{
    broken(k, is(k, "is_fee", "1") && !has(k, "is_pay_online"));
}
static void no_fee_payment(struct item_ruling *k)
{
    broken(k, is(k, "is_fee", "0") && is(k, "is_pay_online", "1"));
}

/* --- phones --- */

/* However it is written: 0377-63000000 and (0377)63000000 are one number. */
static struct str digits_of(const struct item_ruling *k, struct str phone)
{
    char *only = ARENA_ARRAY(k->c->arena, char, phone.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < phone.n; i++)
        if (phone.p[i] >= '0' && phone.p[i] <= '9')
            only[n++] = phone.p[i];
    return (struct str){only, n};
}

static void phones_differ(struct item_ruling *k)
{
    struct str consult = digits_of(k, value(k, "consult_phone"));
    broken(k, consult.n > 0 && str_eq(consult, digits_of(k, value(k, "complain_phone"))));
}

static int digits_at(struct str s, size_t at)
{
    int n = 0;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        n++;
        at++;
    }
    return n;
}

/* 0377-63000000, (0377)63000000; 12345 and the like, 400 numbers and mobile phones have none. */
static bool has_area_code(struct str s)
{
    size_t at = 0;
    while (at < s.n && (s.p[at] < '0' || s.p[at] > '9'))
        at++;
    if (at == s.n)
        return false;
    int n = digits_at(s, at);
    if (s.p[at] == '0')
        return n >= 3;
    return s.p[at] == '4' ? n == 3 || n == 10 : s.p[at] == '1' && (n == 5 || n == 11);
}

static void phone_area(struct item_ruling *k)
{
    static const char *const fields[] = {"consult_phone", "complain_phone"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (has(k, fields[i]) && !has_area_code(value(k, fields[i])))
            broken_at(k, str_fmt(k->c->arena, "elements.%s", fields[i]));
}

/* --- themes --- */

/* Themes, and the groups within them: a mirror rule (DOMAIN.md 1.8, 69 and 70), the groups only by half. */
static const struct theme {
    const char *field;
    bool is_for_persons, is_group;
} themes[] = {{"user_topic_type", true, false},
              {"corp_topic_type", false, false},
              {"user_character_topic_type", true, true},
              {"corp_character_topic_type", false, true}};
#define THEMES (sizeof themes / sizeof *themes)

static bool theme_is_wanted(const struct item_ruling *k, const struct theme *theme)
{
    struct str objects = value(k, "server_type");
    return theme->is_for_persons ? among(objects, "1") : among_others(objects, "1");
}

static void theme_missing(struct item_ruling *k)
{
    for (size_t i = 0; i < THEMES; i++)
        if (!themes[i].is_group && theme_is_wanted(k, &themes[i]) && !has(k, themes[i].field))
            broken_at(k, str_fmt(k->c->arena, "elements.%s", themes[i].field));
}
static void theme_other(struct item_ruling *k)
{
    for (size_t i = 0; i < THEMES; i++)
        if (has(k, "server_type") && !theme_is_wanted(k, &themes[i]) && has(k, themes[i].field))
            broken_at(k, str_fmt(k->c->arena, "elements.%s", themes[i].field));
}

/* --- papers, questions, steps --- */

static void paper_basis(struct item_ruling *k)
{
    for (size_t i = 0; i < k->d->papers.n; i++)
        if (k->d->papers.v[i].basis.n == 0)
            broken_at(k, str_fmt(k->c->arena, "papers[%zu].basis", i + 1));
}
static void licence_questions(struct item_ruling *k)
{
    broken(k, is(k, "task_type", "01") && k->d->questions.n == 0);
}
static void licence_steps(struct item_ruling *k)
{
    broken(k, is(k, "task_type", "01") && has(k, "handle_flow") && item_doc_steps(k->d) < 5);
}
static void few_questions(struct item_ruling *k)
{
    broken(k, situations_depth(k->d) > 5);
}

/* --- the table --- */

#define HARD RULE_HARD
#define SOFT RULE_SOFT

const struct item_rule item_rules[] = {
    {"immediate_term", HARD, "elements.promise_day", "promise_day project_type",
     /* tr */ "承诺 0 天当场办结的应是即办件，即办件的承诺应是 0 天",
     /* tr */ "请核对承诺办结时限和办件类型，改不对的一处", /* tr */ "市级办事指南核对规则",
     immediate_term},
    {"immediate_review", HARD, "elements.review_type", "review_type project_type",
     /* tr */ "即办件的审查类型应是即审即办，别的不是",
     /* tr */ "请核对办件类型和事项审查类型，改不对的一处", /* tr */ "市级办事指南核对规则",
     immediate_review},
    {"promise_within_law", HARD, "elements.promise_day",
     "promise_day promise_type anticipate_day anticipate_type",
     /* tr */ "承诺时限比法定时限还长",
     /* tr */ "请把承诺时限改到法定时限以内；单位不同的，5 个工作日按 7 个自然日比",
     /* tr */ "行政许可法第四十二条", promise_within_law},
    {"result_kind", HARD, "elements.result_type", "result_name result_type",
     /* tr */ "结果名称以“证”结尾的类型应是证照，以“文”“批复”结尾的应是批文",
     /* tr */ "请核对审批结果的名称和类型", /* tr */ "市级办事指南核对规则", result_kind},
    {"result_sample", SOFT, "elements.result_guid", "result_name result_guid",
     /* tr */ "有审批结果，没有结果样本",
     /* tr */ "请上传一份去掉个人信息的结果样本", /* tr */ "市级办事指南核对规则", result_sample},
    {"visit_reason", SOFT, "elements.limit_scene_explain", "limit_scene_num limit_scene_explain",
     /* tr */ "要到现场，没有说为什么",
     /* tr */ "请写明必须到现场的原因，或改为不用到现场", /* tr */ "市级办事指南核对规则",
     visit_reason},
    {"visit_reason_none", HARD, "elements.limit_scene_explain",
     "limit_scene_num limit_scene_explain",
     /* tr */ "不用到现场，却写了必须到现场的原因",
     /* tr */ "请删去原因，或改到现场次数", /* tr */ "市级办事指南核对规则", visit_reason_none},
    {"mail_form", HARD, "elements.handle_type", "limit_scene_num is_online handle_type",
     /* tr */ "不用到现场，又不能网上办，就应能用快递申请",
     /* tr */ "请在办理形式里加上快递申请，或改到现场次数、是否网办",
     /* tr */ "市级办事指南核对规则", mail_form},
    {"online_depth", HARD, "elements.online_handle_depth", "online_handle_depth limit_scene_num",
     /* tr */ "网上办理深度是全程网办，却要到现场",
     /* tr */ "请改网上办理深度，或把到现场次数改为 0", /* tr */ "市级办事指南核对规则",
     online_depth},
    {"fee_basis", HARD, "elements.fee_basis", "is_fee fee_basis",
     /* tr */ "收费，没有收费依据",
     /* tr */ "请写明收费依据的法规和条款；没有依据的不能收费",
     /* tr */ "行政许可法第五十八条；市级办事指南核对规则", fee_basis},
    {"fee_rows", HARD, "fees", "is_fee",
     /* tr */ "收费，没有收费项目和标准",
     /* tr */ "请列出每一项收费和它的标准，或改为不收费",
     /* tr */ "行政许可法第五十九条；市级办事指南核对规则", fee_rows},
    {"fee_payment", HARD, "elements.is_pay_online", "is_fee is_pay_online",
     /* tr */ "收费，没有说能不能网上支付",
     /* tr */ "请填是否支持网上支付", /* tr */ "市级办事指南核对规则", fee_payment},
    {"no_fee_payment", HARD, "elements.is_pay_online", "is_fee is_pay_online",
     /* tr */ "不收费，却开了网上支付",
     /* tr */ "请把是否支持网上支付改为否", /* tr */ "市级办事指南核对规则", no_fee_payment},
    {"phones_differ", HARD, "elements.complain_phone", "consult_phone complain_phone",
     /* tr */ "咨询电话和投诉电话是同一个",
     /* tr */ "请写另一个部门或另一个人接的投诉电话", /* tr */ "市级办事指南核对规则",
     phones_differ},
    {"phone_area", SOFT, "elements.consult_phone", "consult_phone complain_phone",
     /* tr */ "电话没有区号",
     /* tr */ "请写成 0377-12345678 这样", /* tr */ "市级办事指南核对规则", phone_area},
    {"theme_missing", SOFT, "elements.user_topic_type",
     "server_type user_topic_type corp_topic_type",
     /* tr */ "有这种服务对象，没有填对应的主题",
     /* tr */ "请给自然人、法人各选对应的主题", /* tr */ "市级办事指南核对规则", theme_missing},
    {"theme_other", HARD, "elements.corp_topic_type",
     "server_type user_topic_type corp_topic_type user_character_topic_type "
     "corp_character_topic_type",
     /* tr */ "填了主题，却没有这种服务对象",
     /* tr */ "请删去多余的主题，或补上服务对象", /* tr */ "市级办事指南核对规则", theme_other},
    {"paper_basis", HARD, "papers", "",
     /* tr */ "要收的材料没有依据，就不能要",
     /* tr */ "请写明要求这份材料的法规和条款，或删去这份材料",
     /* tr */ "行政许可法第三十一条；优化营商环境条例", paper_basis},
    {"licence_questions", SOFT, "questions", "task_type",
     /* tr */ "行政许可没有常见问题",
     /* tr */ "请至少写一个办事人常问的问题和回答", /* tr */ "市级办事指南核对规则",
     licence_questions},
    {"licence_steps", SOFT, "elements.handle_flow", "task_type handle_flow",
     /* tr */ "行政许可的办理流程少于五步",
     /* tr */ "请按受理、审查、决定、办结、送达分步写，一步一行", /* tr */ "市级办事指南核对规则",
     licence_steps},
    {"few_questions", SOFT, "situations", "",
     /* tr */ "办事人要答的问题多于五个",
     /* tr */ "请合并情形，让人最多答五个问题", /* tr */ "一次问清，最多五问", few_questions},
};
const int item_rule_count = sizeof item_rules / sizeof *item_rules;

static uint64_t judge(struct ctx *c, const struct item_doc *d, struct rule_findings *found)
{
    uint64_t bits = 0;
    for (int i = 0; i < item_rule_count; i++) {
        struct item_ruling k = {.c = c, .d = d, .rule = &item_rules[i], .found = found};
        item_rules[i].judge(&k);
        if (k.is_broken)
            bits |= UINT64_C(1) << i;
    }
    return bits;
}

void item_rules_judge(struct ctx *c, const struct item_doc *d, struct rule_findings *ret)
{
    *ret = (struct rule_findings){ARENA_ARRAY(c->arena, struct rule_finding, FINDINGS_MAX), 0};
    (void)judge(c, d, ret);
}

uint64_t item_rules_broken(struct ctx *c, const struct item_doc *d)
{
    return judge(c, d, NULL);
}

void item_rules_faults(struct ctx *c, const struct item_doc *d, struct doc_faults *faults)
{
    struct rule_findings found;
    item_rules_judge(c, d, &found);
    for (size_t i = 0; i < found.n; i++)
        if (found.v[i].rule->weight == RULE_HARD)
            doc_fault_add(c, faults, found.v[i].place,
                          tr_fill(c, "{says}。{mend}", "says", tr(c, found.v[i].rule->says), "mend",
                                  tr(c, found.v[i].rule->mend), NULL));
}
