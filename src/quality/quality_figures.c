/* The figures of DOMAIN.md 12.3, each as what one item adds to it. Reductions of papers, steps and visits need an
 * earlier day: the same item then and now; where one of the two is not known, it is counted as not known. */
#include "buf.h"
#include "item_tables.h" /* item_digest */
#include "quality.h"
#include <inttypes.h>

static const struct share not_counted = {NOT_COUNTED, 0, 0}, not_known = {NOT_KNOWN, 0, 0};

static struct share one_of(bool is_in)
{
    return (struct share){COUNTED, is_in ? 1 : 0, 1};
}
/* A flag of an item that was entered: 1, 0 or -1. */
static struct share flag_share(const struct item_facts *f, int flag)
{
    if (f->item_id == 0)
        return not_counted;
    return flag < 0 ? not_known : one_of(flag == 1);
}

/* 一窗: of the items that stand in the hall, those that comprehensive windows take. */
static struct share one_window(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    if (f->item_id == 0 || f->in_hall == 0)
        return not_counted;
    return f->in_hall < 0 || f->one_window < 0 ? not_known : one_of(f->one_window == 1);
}
static struct share in_hall(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return flag_share(f, f->in_hall);
}
static struct share entry(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return f->is_claimed ? one_of(f->item_id != 0) : not_counted;
}

#define WHOLE 10000 /* of an item, where a figure is a mean over items */

static struct share completeness(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    if (f->item_id == 0 || f->needed == 0)
        return not_counted;
    return (struct share){COUNTED, WHOLE * (f->needed - f->gaps) / f->needed, WHOLE};
}
static struct share complete(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return f->item_id == 0 ? not_counted : one_of(f->needed > 0 && f->gaps == 0);
}
static struct share four_sames(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return f->item_id == 0 ? not_counted : one_of(f->sames == 0);
}
static struct share sound(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return f->item_id == 0 ? not_counted : one_of(hard_count(f) == 0);
}
static struct share online(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return flag_share(f, f->is_online);
}
static struct share full_online(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    if (f->is_online == 1 && f->visits < 0)
        return f->item_id == 0 ? not_counted : not_known;
    return flag_share(f, f->is_online < 0 ? -1 : f->is_online == 1 && f->visits == 0 ? 1 : 0);
}
static struct share visits_at_most(const struct item_facts *f, int64_t most)
{
    return flag_share(f, f->visits < 0 ? -1 : f->visits <= most ? 1 : 0);
}
static struct share zero_visit(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return visits_at_most(f, 0);
}
static struct share at_most_once(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return visits_at_most(f, 1);
}
static struct share immediate(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    return flag_share(f, f->is_immediate);
}

/* --- the four reductions --- */

static struct share time_sum(const struct item_facts *f, const struct item_facts *before)
{
    (void)before;
    if (f->item_id == 0 || f->law == 0)
        return not_counted; /* the law names no days: nothing to reduce */
    if (f->law < 0 || f->promise < 0)
        return not_known;
    return (struct share){COUNTED, f->law - f->promise, f->law};
}
static struct share time_mean(const struct item_facts *f, const struct item_facts *before)
{
    struct share s = time_sum(f, before);
    return s.is != COUNTED ? s : (struct share){COUNTED, WHOLE * s.num / s.den, WHOLE};
}

static struct share reduction(const struct item_facts *f, const struct item_facts *before,
                              int64_t then, int64_t now)
{
    if (f->item_id == 0)
        return not_counted;
    if (before == NULL || then <= 0 || now < 0)
        return not_known;
    return (struct share){COUNTED, then - now, then};
}
/* A guide without a single paper or step is one that nobody has written yet: not known. */
static int64_t or_unknown(int64_t count)
{
    return count > 0 ? count : -1;
}
static struct share papers_less(const struct item_facts *f, const struct item_facts *before)
{
    return reduction(f, before, before == NULL ? -1 : or_unknown(before->papers),
                     or_unknown(f->papers));
}
static struct share steps_less(const struct item_facts *f, const struct item_facts *before)
{
    return reduction(f, before, before == NULL ? -1 : or_unknown(before->steps),
                     or_unknown(f->steps));
}
/* Who had no visit then has none to lose: not counted. */
static struct share visits_less(const struct item_facts *f, const struct item_facts *before)
{
    if (before != NULL && before->visits == 0 && f->visits == 0)
        return not_counted;
    return reduction(f, before, before == NULL ? -1 : before->visits, f->visits);
}

/* --- the table --- */

const struct figure_rule figure_rules[] = {
    {"one_window", /* tr */ "一窗受理率",
     /* tr */ "综合窗口能收的事项，占进驻大厅的事项。没有写是否进驻、但有大厅分区的，算进驻。",
     /* tr */ "看不在内的事项：能不能培训综合窗口来收。", UNIT_ITEMS, false, one_window},
    {"in_hall", /* tr */ "进驻率", /* tr */ "进驻大厅的事项，占录入的全部事项。",
     /* tr */ "看不在内的事项：请部门进驻，或写明不进驻的依据。", UNIT_ITEMS, false, in_hall},
    {"entry", /* tr */ "录入完成率",
     /* tr */
     "已经录入的，占基本目录里本级应有的条目。没有录入的条目归指导部门相同、事项最多的部门。",
     /* tr */ "看不在内的条目：请这个部门起草事项。", UNIT_ITEMS, false, entry},
    {"completeness", /* tr */ "要素完整度",
     /* tr */ "每个事项已填的必填和条件必填要素占应填的比例，再对事项取平均。",
     /* tr */ "从差得最多、办得最多的事项补起。", UNIT_MEAN, false, completeness},
    {"complete", /* tr */ "指南完整的事项",
     /* tr */ "必填和条件必填要素一个不缺的事项，占录入的全部事项。",
     /* tr */ "看待办清单，按办理量从多到少补齐。", UNIT_ITEMS, false, complete},
    {"four_sames", /* tr */ "四级四同率",
     /* tr */ "名称、编码、依据、类型与基本目录一致（六步都通过）的事项，占录入的全部事项。",
     /* tr */ "看不在内的事项：按目录改，或请上级改目录。", UNIT_ITEMS, false, four_sames},
    {"sound", /* tr */ "没有硬性错误的事项",
     /* tr */ "要素之间没有矛盾、编码和日期都对的事项，占录入的全部事项。",
     /* tr */ "硬性错误改好之前，这个事项的新版本不能发布。", UNIT_ITEMS, false, sound},
    {"online", /* tr */ "网办率", /* tr */ "可以网上办的事项，占录入的全部事项。",
     /* tr */ "看不在内的事项：哪些可以上网。", UNIT_ITEMS, false, online},
    {"full_online", /* tr */ "全程网办率",
     /* tr */ "可以网上办、又不用到现场的事项，占录入的全部事项。",
     /* tr */ "看能网办、还要到现场的事项：为什么要来。", UNIT_ITEMS, false, full_online},
    {"zero_visit", /* tr */ "零跑动率", /* tr */ "到现场 0 次的事项，占录入的全部事项。",
     /* tr */ "看要到现场的事项：哪一步可以寄送或网上做。", UNIT_ITEMS, false, zero_visit},
    {"at_most_once", /* tr */ "最多跑一次率",
     /* tr */ "到现场不超过 1 次的事项，占录入的全部事项。",
     /* tr */ "看要跑两次以上的事项：哪两次可以合成一次。", UNIT_ITEMS, false, at_most_once},
    {"immediate", /* tr */ "即办件比例", /* tr */ "办件类型是即办件的事项，占录入的全部事项。",
     /* tr */ "看承诺时限短的承诺件：能不能当场办。", UNIT_ITEMS, false, immediate},
    {"time_sum", /* tr */ "减时限（总和法）",
     /* tr */
     "法定时限总和减去承诺时限总和，占法定时限总和。5 个工作日折 7 个自然日；法定 0 天的不算。",
     /* tr */ "看压缩少的事项：承诺能不能再短。", UNIT_DAYS, false, time_sum},
    {"time_mean", /* tr */ "减时限（平均法）",
     /* tr */ "每个事项的压缩比例，再对事项取平均。与总和法不同：时限长的事项不占便宜。",
     /* tr */ "上报时写明用的是哪种算法。", UNIT_MEAN, false, time_mean},
    {"papers_less", /* tr */ "减材料",
     /* tr */ "现在比起算日少要的材料，占起算日要的材料。两天都有材料清单的事项才算。",
     /* tr */ "请选起算日；没有改过的事项比例是 0。", UNIT_PAPERS, true, papers_less},
    {"steps_less", /* tr */ "减环节",
     /* tr */ "现在比起算日少的环节，占起算日的环节。两天都写了流程的事项才算。",
     /* tr */ "请选起算日；没有改过的事项比例是 0。", UNIT_STEPS, true, steps_less},
    {"visits_less", /* tr */ "减跑动",
     /* tr */ "现在比起算日少跑的次数，占起算日要跑的次数。起算日要跑的事项才算。",
     /* tr */ "请选起算日；没有改过的事项比例是 0。", UNIT_VISITS, true, visits_less},
};
const int figure_rule_count = sizeof figure_rules / sizeof *figure_rules;

const struct figure_rule *figure_rule_of(struct str name)
{
    for (int i = 0; i < figure_rule_count; i++)
        if (str_is(name, figure_rules[i].name))
            return &figure_rules[i];
    return NULL;
}

/* --- adding up --- */

bool figure_filter_takes(const struct figure_filter *f, const struct item_facts *item)
{
    return (f->zone.n == 0 || str_eq(f->zone, item->zone)) &&
           (f->agency.n == 0 || str_eq(f->agency, item->agency)) &&
           (f->kind.n == 0 || str_eq(f->kind, item->kind));
}

const struct item_facts *facts_of_code(const struct directory_facts *d, struct str code)
{
    size_t low = 0, high = d->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(d->v[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < d->n && d->v[low].item_id != 0 && str_eq(d->v[low].code, code) ? &d->v[low] : NULL;
}

#define LINE_MAX_BYTES 120

void figure_compute(struct ctx *c, const struct figure_rule *rule,
                    const struct directory_facts *now, const struct directory_facts *before,
                    const struct figure_filter *filter, struct figure *ret)
{
    struct buf lines;
    buf_init(&lines, c->arena, (now->n + 1) * LINE_MAX_BYTES);
    *ret = (struct figure){.rule = rule};
    for (size_t i = 0; i < now->n; i++) {
        const struct item_facts *f = &now->v[i];
        if (!figure_filter_takes(filter, f))
            continue;
        struct share s = rule->of(f, before == NULL ? NULL : facts_of_code(before, f->code));
        if (s.is == NOT_KNOWN)
            ret->unknown++;
        if (s.is != COUNTED)
            continue;
        ret->items++;
        ret->numerator += s.num;
        ret->denominator += s.den;
        buf_fmt(&lines, "%.*s %" PRId64 " %" PRId64 "\n", STR_ARG(str_head(f->code, 40)), s.num,
                s.den);
    }
    ret->digest = item_digest(c, buf_as_str(&lines));
}

struct str percent_text(struct ctx *c, int64_t numerator, int64_t denominator)
{
    if (denominator == 0)
        return STR("—");
    bool is_less = (numerator < 0) != (denominator < 0);
    int64_t num = numerator < 0 ? -numerator : numerator,
            den = denominator < 0 ? -denominator : denominator;
    int64_t size = (num * 2000 + den) / (2 * den); /* tenths, half up */
    if (size == 1000 && num < den)
        size = 999;
    return str_fmt(c->arena, "%s%" PRId64 ".%" PRId64 " %%", is_less && size > 0 ? "-" : "",
                   size / 10, size % 10);
}
