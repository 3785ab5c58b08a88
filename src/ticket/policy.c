/* The order of the hall in numbers; what each class rests on stands in policy.h. A head start is
 * bounded (settings: at most 240 minutes), so every wait is. */
#include "policy.h"

#include "clock.h"
#include "settings.h"

struct policy policy_of(const struct ctx *c, struct str desk_kind)
{
    struct policy p = {{
        [CLASS_GREEN] = setting_ticket_head_start_green(c) * MINUTE_MS,
        [CLASS_DISABLED] = setting_ticket_head_start_disabled(c) * MINUTE_MS,
        [CLASS_MILITARY] = setting_ticket_head_start_military(c) * MINUTE_MS,
        [CLASS_INFANT] = setting_ticket_head_start_infant(c) * MINUTE_MS,
        [CLASS_ELDERLY] = setting_ticket_head_start_elderly(c) * MINUTE_MS,
        [CLASS_BOOKED] = setting_ticket_head_start_booked(c) * MINUTE_MS,
        [CLASS_NORMAL] = 0,
    }};
    int64_t more = setting_ticket_head_start_desk(c) * MINUTE_MS;
    if (str_is(desk_kind, "green"))
        for (int k = CLASS_GREEN; k <= CLASS_ELDERLY; k++)
            p.head_start_ms[k] += more;
    if (str_is(desk_kind, "elderly"))
        p.head_start_ms[CLASS_ELDERLY] += more;
    return p;
}

int64_t policy_instant(const struct policy *p, enum ticket_class class, int64_t queued_at)
{
    return queued_at - p->head_start_ms[class];
}

ptrdiff_t policy_choose(const struct policy *p, const struct candidate *v, size_t n)
{
    ptrdiff_t best = -1;
    int64_t best_at = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t at = policy_instant(p, v[i].class, v[i].queued_at);
        if (best >= 0 && (at > best_at || (at == best_at && v[i].ticket_id > v[best].ticket_id)))
            continue;
        best = (ptrdiff_t)i;
        best_at = at;
    }
    return best;
}

const char *policy_reason(enum ticket_class class)
{
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
    return p->head_start_ms[CLASS_BOOKED] > p->head_start_ms[class] ? CLASS_BOOKED : class;
}

/* Half a service for those at the desks now; then from 7/10 to 14/10 of it and a minute, because
 * services differ that much. */
struct estimate estimate_wait(int64_t weight_hundredths, int64_t service_ms, int64_t desks)
{
    if (desks < 1)
        desks = 1;
    int64_t ms = (weight_hundredths * service_ms / 100 + service_ms / 2) / desks;
    if (weight_hundredths == 0)
        ms = service_ms / 4 / desks;
    return (struct estimate){.minutes = ms * 7 / 10 / MINUTE_MS,
                             .most_minutes = (ms * 14 / 10 + 2 * MINUTE_MS - 1) / MINUTE_MS};
}
