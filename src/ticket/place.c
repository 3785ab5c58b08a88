/* Where to wait. The order of the questions is the order of what matters to somebody who stands at
 * the foot of the stairs: is there a desk down here that may do it; if not, who brings me up; if
 * nobody is open, when. */
#include "place.h"

#include "assist.h"
#include "calendar.h"
#include "clock.h"

#define UNIT   "\x1f"
#define OTHER  "\x1e"
#define CLOSED "\x1d"

struct str reason_add(struct ctx *c, struct str so_far, const char *message, const char *hole,
                      struct str value)
{
    const char *line = so_far.n > 0 ? "\n" : "";
    if (hole == NULL)
        return str_fmt(c->arena, "%.*s%s%s", STR_ARG(so_far), line, message);
    return str_fmt(c->arena, "%.*s%s%s" UNIT "%s=%.*s", STR_ARG(so_far), line, message, hole,
                   STR_ARG(value));
}

struct str reason_add_for_closed(struct ctx *c, struct str so_far, const char *message,
                                 const char *hole, struct str value)
{
    return reason_add(c, so_far, str_z(c->arena, str_fmt(c->arena, CLOSED "%s", message)), hole,
                      value);
}

static struct str sentence_show(const struct ctx *c, struct str sentence)
{
    struct str rest = sentence, message = str_cut(&rest, UNIT[0]);
    if (rest.p == NULL)
        return tr(c, str_z(c->arena, message));
    struct str value = rest, name = str_cut(&value, '=');
    if (value.p == NULL)
        value = STR("");
    struct str en = value, zh = str_cut(&en, OTHER[0]);
    int64_t number;
    if (str_is(name, "floor") && str_to_int(value, &number))
        value = floor_text(c, number);
    else
        value = en.p != NULL ? name_in_lang(c, zh, en) : value;
    return tr_fill(c, str_z(c->arena, message), str_z(c->arena, name), value, NULL);
}

struct str reason_show(const struct ctx *c, struct str reason, bool is_open)
{
    struct str rest = reason, all = STR("");
    while (rest.p != NULL && reason.n > 0) {
        struct str sentence = str_cut(&rest, '\n');
        if (sentence.n > 0 && sentence.p[0] == CLOSED[0]) {
            if (is_open)
                continue;
            sentence.p++;
            sentence.n--;
        }
        struct str one = sentence_show(c, sentence);
        const char *between = all.n == 0 ? "" : c->lang == LANG_EN ? " " : "。";
        all = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all), between, STR_ARG(one));
    }
    return all;
}

/* When the hall opens next, looking at most 14 days ahead; 0 when no hours are known. */
static enum err next_opening(struct ctx *c, int64_t *ret_at)
{
    struct ctx then = *c;
    *ret_at = 0;
    for (int day = 0; day < 14; day++) {
        struct opening_now o;
        int32_t on = date_add(today(c), day);
        then.now = day == 0 ? c->now : date_start(on, c->zone_minutes);
        TRY(calendar_opening_now(&then, &o));
        if (o.next_minute >= 0) {
            *ret_at = date_start(on, c->zone_minutes) + o.next_minute * MINUTE_MS;
            return E_OK;
        }
        if (o.is_open && day > 0) {
            *ret_at = then.now;
            return E_OK;
        }
    }
    return E_OK;
}

/* No desk is open: does the hall open later, or is only nobody at the window? */
static enum err say_nobody_open(struct ctx *c, struct str *reason)
{
    struct opening_now o;
    int64_t at;
    TRY(calendar_opening_now(c, &o));
    if (!o.is_open)
        TRY(next_opening(c, &at));
    else
        at = 0;
    if (at == 0) {
        *reason =
            reason_add_for_closed(c, *reason,
                                  /* tr */ "现在没有开着的窗口能办这件事，号已排上，窗口一开就叫您",
                                  NULL, STR_NONE);
    } else if (date_of(at, c->zone_minutes) == today(c)) {
        *reason = reason_add_for_closed(c, *reason,
                                        /* tr */ "大厅 {time} 开门，号已给您留着，开门后按号叫",
                                        "time", time_text(c->arena, at, c->zone_minutes));
    } else {
        struct str when = str_fmt(c->arena, "%.*s %.*s",
                                  STR_ARG(date_text(c->arena, date_of(at, c->zone_minutes))),
                                  STR_ARG(time_text(c->arena, at, c->zone_minutes)));
        *reason = reason_add_for_closed(
            c, *reason, /* tr */ "大厅今天不再开门，下次开门是 {time}；号票当天有效，请到时再取号",
            "time", when);
    }
    return E_OK;
}

static struct str number_value(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

static void choose_step_free(struct ctx *c, const struct line_facts *f, struct place *p)
{
    p->line_id = f->step_free_id;
    p->floor = f->floor_step_free;
    p->desks_open = f->desks_open_step_free;
    p->step_free = true;
    p->reason = reason_add(c, p->reason, /* tr */ "{floor}有可办的无障碍窗口，不用上楼", "floor",
                           number_value(c, p->floor));
}

/* Nobody is told that a helper comes while none is there. */
static enum err say_upstairs(struct ctx *c, struct place *p)
{
    struct helpers_on_row on;
    const char *says = /* tr */ "能办的窗口在{floor}，叫到您时请帮办员陪您上楼";
    TRY(helpers_on(c, c->center_id, &on));
    p->needs_escort = p->desks_open > 0;
    if (p->needs_escort)
        says = on.helpers > 0 ? /* tr */ "能办的窗口在{floor}，已请帮办员来陪您上楼" : /* tr */
                   "能办的窗口在{floor}，现在没有帮办员在岗，请先到导办台，由工作人员陪您上楼";
    p->reason = reason_add(c, p->reason, says, "floor", number_value(c, p->floor));
    return E_OK;
}

enum err place_choose(struct ctx *c, const struct line_facts *f, int64_t needs, struct place *ret)
{
    struct place p = {
        .line_id = f->line_id,
        .floor = f->desks_open > 0 ? f->floor_open : f->floor_main,
        .service_ms = f->service_ms,
        .desks_open = f->desks_open,
        .reason = STR(""),
    };
    bool can_climb_stairs = (needs & NEED_NO_STAIRS) == 0;
    bool is_up_only = f->desks_open > 0 ? f->desks_open_step_free == 0 : f->desks_step_free == 0;
    if (!can_climb_stairs && !is_up_only) {
        choose_step_free(c, f, &p);
    } else if (!can_climb_stairs) {
        TRY(say_upstairs(c, &p));
    } else if (p.desks_open > 0) {
        struct str zone =
            str_fmt(c->arena, "%.*s" OTHER "%.*s", STR_ARG(f->zone_name), STR_ARG(f->zone_name_en));
        p.reason = reason_add(c, p.reason, /* tr */ "请到{zone}等候，叫到号再去窗口", "zone", zone);
    }
    if (p.desks_open == 0)
        TRY(say_nobody_open(c, &p.reason));
    *ret = p;
    return E_OK;
}

enum err place_ask_escort(struct ctx *c, const struct ticket_row *t)
{
    struct ctx zh = *c;
    struct str token, number = ticket_number_text(c, t->prefix, t->number);
    struct assist_row *open;
    int64_t id;
    zh.lang = LANG_ZH;
    TRY(assist_open_of_thread(c, t->thread, &open));
    if (open != NULL)
        return E_OK;
    struct str up = floor_text(&zh, t->floor);
    /* zh: what the helper reads is data of the hall */
    struct assist_wish wish = {
        .thread = t->thread,
        .kind = STR("escort"),
        .place_from = STR("一楼入口"),
        .place_to = str_fmt(c->arena, "%.*s %.*s", STR_ARG(up), STR_ARG(t->zone_name)),
        .what = str_fmt(c->arena, "陪 %.*s 号上楼", STR_ARG(number)),
        .who = t->name_masked,
    };
    return assist_request(c, &wish, &id, &token);
}
