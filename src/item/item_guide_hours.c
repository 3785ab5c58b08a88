/* When to come: the hall's hours of today, whether it is open at this minute, else when it opens next. Read at most
 * once a minute (item_search.c keeps the numbers); only the sentences are made for each page. */
#include "calendar.h"
#include "clock.h"
#include "item_guide.h"

#define DAYS_AHEAD 14 /* longer than any holiday */

static enum err next_day(struct ctx *c, struct guide_hours *h)
{
    for (int i = 1; i <= DAYS_AHEAD; i++) {
        struct openings_of_rows sessions;
        int32_t on = date_add(h->today_on, i);
        TRY(calendar_sessions_on(c, on, &sessions));
        if (sessions.n == 0)
            continue;
        h->next_on = on;
        h->next_minute = (int)sessions.v[0].open_minute;
        return E_OK;
    }
    return E_OK;
}

enum err guide_hours_read(struct ctx *c, struct guide_hours *ret)
{
    struct openings_of_rows sessions;
    struct guide_hours h = {.minute = c->now / MINUTE_MS, .today_on = today(c)};
    TRY(calendar_sessions_on(c, h.today_on, &sessions));
    TRY(calendar_opening_now(c, &h.now));
    for (size_t i = 0; i < sessions.n && h.count < 4; i++) {
        h.from[h.count] = (int)sessions.v[i].open_minute;
        h.to[h.count] = (int)sessions.v[i].close_minute;
        h.after_hours[h.count++] = str_is(sessions.v[i].kind, "after_hours");
    }
    if (!h.now.is_open && h.now.next_minute < 0)
        TRY(next_day(c, &h));
    *ret = h;
    return E_OK;
}

static struct str clock_of(struct ctx *c, int minute)
{
    return str_fmt(c->arena, "%d:%02d", minute / 60, minute % 60);
}

static const char *const weekdays[] = {"",
                                       /* tr */ "周一",
                                       /* tr */ "周二",
                                       /* tr */ "周三",
                                       /* tr */ "周四",
                                       /* tr */ "周五",
                                       /* tr */ "周六",
                                       /* tr */ "周日"};

static struct str opening_sentence(struct ctx *c, const struct guide_hours *h)
{
    if (h->now.is_open)
        return tr_fill(c, "现在开门，到 {time}。", "time", clock_of(c, h->now.until_minute), NULL);
    if (h->now.next_minute >= 0)
        return tr_fill(c, "现在没有开门，今天 {time} 开门。", "time",
                       clock_of(c, h->now.next_minute), NULL);
    if (h->next_on == 0)
        return tr(c, "现在没有开门，请先打电话问什么时候开门。");
    return tr_fill(c, "现在没有开门，下次是{weekday}（{date}）{time}。", "weekday",
                   tr(c, weekdays[date_weekday(h->next_on)]), "date",
                   date_text(c->arena, h->next_on), "time", clock_of(c, h->next_minute), NULL);
}

static struct str sessions_sentence(struct ctx *c, const struct guide_hours *h)
{
    struct buf b;
    buf_init(&b, c->arena, 1000);
    for (int i = 0; i < h->count; i++) {
        if (i > 0)
            buf_str(&b, c->lang == LANG_EN ? STR(", ") : STR("，"));
        buf_str(&b, clock_of(c, h->from[i]));
        buf_str(&b, STR("–"));
        buf_str(&b, clock_of(c, h->to[i]));
        if (h->after_hours[i])
            buf_str(&b, tr(c, "（延时服务）"));
    }
    return b.n == 0 ? tr(c, "今天不办公。")
                    : tr_fill(c, "今天办公：{hours}。", "hours", buf_as_str(&b), NULL);
}

void guide_hours_say(struct ctx *c, const struct guide_hours *h, struct item_view *v)
{
    v->opening = opening_sentence(c, h);
    v->hours_today = sessions_sentence(c, h);
}
