/* The order of the hall in numbers; what each policy and class rests on stands in policy.h. */
#include "policy.h"

#include "clock.h"
#include "settings.h"

#define FAR_MS (1000 * DAY_MS) /* more than anybody's wait */

/* Groups, chosen in this order; strict has one for each class behind GROUP_PLAIN. */
enum { GROUP_FIRST, GROUP_FAVOURED, GROUP_PLAIN, GROUP_CAPPED, GROUP_LAST = 99 };

struct policy policy_of(const struct ctx *c, enum policy_kind kind, struct str desk_kind)
{
    struct policy p = {.kind = kind,
                       .head_start_ms =
                           {
                               [CLASS_GREEN] = setting_ticket_head_start_green(c) * MINUTE_MS,
                               [CLASS_DISABLED] = setting_ticket_head_start_disabled(c) * MINUTE_MS,
                               [CLASS_MILITARY] = setting_ticket_head_start_military(c) * MINUTE_MS,
                               [CLASS_INFANT] = setting_ticket_head_start_infant(c) * MINUTE_MS,
                               [CLASS_ELDERLY] = setting_ticket_head_start_elderly(c) * MINUTE_MS,
                               [CLASS_BOOKED] = setting_ticket_head_start_booked(c) * MINUTE_MS,
                               [CLASS_NORMAL] = 0,
                           },
                       .patience_ms = 60 * MINUTE_MS,
                       .first = 2,
                       .then = 1};
    int64_t more = setting_ticket_head_start_desk(c) * MINUTE_MS;
    if (kind == POLICY_ARRIVAL)
        for (int k = 0; k < CLASS_COUNT; k++)
            p.head_start_ms[k] = 0;
    if (str_is(desk_kind, "green"))
        for (int k = CLASS_GREEN; k <= CLASS_ELDERLY; k++)
            p.head_start_ms[k] += more;
    if (str_is(desk_kind, "elderly"))
        p.head_start_ms[CLASS_ELDERLY] += more;
    return p;
}

static const char *const policy_words[POLICY_COUNT] = {"arrival", "ageing", "strict",
                                                       "ratio",   "window", "green_cap"};

struct str policy_word(enum policy_kind kind)
{
    return str_of(policy_words[kind]);
}

bool policy_by_word(struct str word, enum policy_kind *ret)
{
    for (int k = 0; k < POLICY_COUNT; k++)
        if (str_is(word, policy_words[k])) {
            *ret = (enum policy_kind)k;
            return true;
        }
    return false;
}

const char *policy_name(enum policy_kind kind)
{
    static const char *const names[POLICY_COUNT] = {
        [POLICY_ARRIVAL] = /* tr */ "严格按先后",
        [POLICY_AGEING] = /* tr */ "优先的人提前几分钟",
        [POLICY_STRICT] = /* tr */ "优先的人一律先叫",
        [POLICY_RATIO] = /* tr */ "优先号和普通号按比例",
        [POLICY_WINDOW] = /* tr */ "预约时段先叫",
        [POLICY_GREEN_CAP] = /* tr */ "绿色通道先叫，有名额",
    };
    return names[kind];
}

const char *policy_rule(enum policy_kind kind)
{
    static const char *const rules[POLICY_COUNT] = {
        [POLICY_ARRIVAL] = /* tr */ "这里按取号先后叫号",
        [POLICY_AGEING] = /* tr */ "这里按取号先后叫号，老人、残疾人、军人、孕妇等提前一些",
        [POLICY_STRICT] = /* tr */ "这里先叫有优先资格的人，等得太久的人也先叫",
        [POLICY_RATIO] = /* tr */ "这里优先号和普通号按比例轮流叫",
        [POLICY_WINDOW] = /* tr */ "这里预约的人到时间先叫，其他人按先后",
        [POLICY_GREEN_CAP] = /* tr */ "这里绿色通道先叫，但有名额；其他人按先后",
    };
    return rules[kind];
}

/* --- the order --- */

static bool has_claim(enum ticket_class class)
{
    return class != CLASS_NORMAL;
}

int64_t policy_remember(int64_t recent, enum ticket_class class)
{
    return ((recent << 3) | (int64_t) class) & POLICY_NOTHING;
}

static int class_called(int64_t recent, int back)
{
    return (int)(recent >> (3 * back)) & 7;
}

static int64_t aged(const struct policy *p, enum ticket_class class, int64_t queued_at)
{
    return queued_at - p->head_start_ms[class];
}

/* How many of the last n calls were green. */
static int green_of_last(int64_t recent, int n)
{
    int green = 0;
    for (int i = 0; i < n; i++)
        green += class_called(recent, i) == CLASS_GREEN ? 1 : 0;
    return green;
}

/* Whether, of the turns of a ratio, it is that of people without a claim: the `first` calls before were
 * all of people with one, or the turn has begun and is not over. */
static bool is_turn_of_others(const struct policy *p, int64_t recent)
{
    int others = 0, claims = 0;
    while (others < p->then && class_called(recent, others) == CLASS_NORMAL)
        others++;
    if (others > 0 && others < p->then)
        return true;
    while (claims < p->first && has_claim((enum ticket_class)class_called(recent, claims)) &&
           class_called(recent, claims) < CLASS_COUNT)
        claims++;
    return claims == p->first;
}

/* The group of a candidate: of a lower one somebody is chosen first; inside a group the instant counts. */
struct place_in_order {
    int group;
    int64_t at;
    enum policy_ground ground;
};

static struct place_in_order by_class(const struct policy *p, const struct candidate *k,
                                      int64_t now, int64_t recent)
{
    struct place_in_order o = {.group = GROUP_PLAIN, .at = aged(p, k->class, k->queued_at)};
    bool is_turn;
    switch (p->kind) {
    case POLICY_ARRIVAL:
        o.ground = GROUND_ARRIVAL;
        break;
    case POLICY_STRICT:
        o.group += (int)k->class;
        break;
    case POLICY_RATIO:
        is_turn = is_turn_of_others(p, recent);
        o.group += has_claim(k->class) == is_turn ? 1 : 0;
        o.ground = is_turn && !has_claim(k->class) ? GROUND_TURN : GROUND_CLASS;
        break;
    case POLICY_WINDOW:
        if (k->class == CLASS_BOOKED && k->queued_at <= now)
            o = (struct place_in_order){GROUP_FAVOURED, k->queued_at, GROUND_WINDOW};
        break;
    case POLICY_GREEN_CAP:
        if (k->class == CLASS_GREEN)
            o.group = green_of_last(recent, p->then - 1) < p->first ? GROUP_FAVOURED : GROUP_CAPPED;
        break;
    case POLICY_AGEING:
    case POLICY_COUNT:
        break;
    }
    return o;
}

static struct place_in_order place_of(const struct policy *p, const struct candidate *k,
                                      int64_t now, int64_t recent)
{
    bool has_patience = p->kind != POLICY_ARRIVAL && p->kind != POLICY_AGEING;
    struct place_in_order o = by_class(p, k, now, recent);
    if (k->queued_at > now) /* booked for later, and here already */
        return (struct place_in_order){GROUP_LAST, k->queued_at, GROUND_CLASS};
    bool is_capped = p->kind == POLICY_GREEN_CAP && o.group == GROUP_CAPPED;
    if (has_patience && !is_capped && now - k->queued_at > p->patience_ms)
        return (struct place_in_order){GROUP_FIRST, k->queued_at, GROUND_PATIENCE};
    return o;
}

static bool goes_before(struct place_in_order a, int64_t a_id, struct place_in_order b,
                        int64_t b_id)
{
    if (a.group != b.group)
        return a.group < b.group;
    return a.at != b.at ? a.at < b.at : a_id < b_id;
}

struct choice policy_choose(const struct policy *p, const struct candidate *v, size_t n,
                            int64_t now, int64_t recent)
{
    struct choice best = {.index = -1};
    struct place_in_order best_place = {0};
    for (size_t i = 0; i < n; i++) {
        struct place_in_order o = place_of(p, &v[i], now, recent);
        if (best.index >= 0 && !goes_before(o, v[i].ticket_id, best_place, v[best.index].ticket_id))
            continue;
        best = (struct choice){.index = (ptrdiff_t)i, .ground = o.ground};
        best_place = o;
    }
    return best;
}

int64_t policy_instant_of(const struct policy *p, enum ticket_class mine, int64_t queued_at,
                          enum ticket_class other)
{
    int64_t by_age = queued_at - p->head_start_ms[mine] + p->head_start_ms[other];
    enum ticket_class favoured = p->kind == POLICY_WINDOW ? CLASS_BOOKED : CLASS_GREEN;
    switch (p->kind) {
    case POLICY_STRICT:
        return other == mine ? queued_at : other < mine ? queued_at + FAR_MS : queued_at - FAR_MS;
    case POLICY_WINDOW:
    case POLICY_GREEN_CAP:
        if ((mine == favoured) == (other == favoured))
            return by_age;
        return mine == favoured ? queued_at - FAR_MS : queued_at + FAR_MS;
    case POLICY_ARRIVAL:
    case POLICY_AGEING:
    case POLICY_RATIO:
    case POLICY_COUNT:
        break;
    }
    return by_age;
}

const char *policy_reason(enum ticket_class class, enum policy_ground ground)
{
    switch (ground) {
    case GROUND_ARRIVAL:
        return /* tr */ "按先后轮到，已等 {minutes} 分";
    case GROUND_PATIENCE:
        return /* tr */ "等得太久，先叫，已等 {minutes} 分";
    case GROUND_TURN:
        return /* tr */ "轮到普通号，已等 {minutes} 分";
    case GROUND_WINDOW:
        return /* tr */ "预约时段已到，已等 {minutes} 分";
    case GROUND_CLASS:
    case GROUND_COUNT:
        break;
    }
    switch (class) {
    case CLASS_GREEN:
        return /* tr */ "绿色通道，已等 {minutes} 分";
    case CLASS_DISABLED:
        return /* tr */ "行动不便优先，已等 {minutes} 分";
    case CLASS_MILITARY:
        return /* tr */ "军人优先，已等 {minutes} 分";
    case CLASS_INFANT:
        return /* tr */ "孕妇和带婴儿优先，已等 {minutes} 分";
    case CLASS_ELDERLY:
        return /* tr */ "老年人优先，已等 {minutes} 分";
    case CLASS_BOOKED:
        return /* tr */ "预约到场，已等 {minutes} 分";
    case CLASS_NORMAL:
    case CLASS_COUNT:
        break;
    }
    return /* tr */ "等得最久，已等 {minutes} 分";
}

enum ticket_class class_of_needs(int64_t needs, bool is_booked, bool is_green)
{
    if (is_green)
        return CLASS_GREEN;
    if ((needs & (NEED_DISABLED | NEED_NO_STAIRS | NEED_LOW_VISION | NEED_DEAF)) != 0)
        return CLASS_DISABLED;
    if ((needs & NEED_MILITARY) != 0)
        return CLASS_MILITARY;
    if ((needs & (NEED_INFANT | NEED_PREGNANT)) != 0)
        return CLASS_INFANT;
    if ((needs & NEED_ELDERLY) != 0)
        return CLASS_ELDERLY;
    return is_booked ? CLASS_BOOKED : CLASS_NORMAL;
}

enum ticket_class class_with_booking(const struct policy *p, int64_t needs, bool is_green)
{
    enum ticket_class class = class_of_needs(needs, true, is_green);
    if (p->kind == POLICY_WINDOW)
        return CLASS_BOOKED;
    if (p->kind == POLICY_STRICT || (p->kind == POLICY_GREEN_CAP && is_green))
        return class;
    return p->head_start_ms[CLASS_BOOKED] > p->head_start_ms[class] ? CLASS_BOOKED : class;
}
