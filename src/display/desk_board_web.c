/* The display over one window, and the overview of where to go. */
#include "display.h"

/* What a window's display says: one of these, in both languages. */
struct saying {
    const char *state, *words, *next;
};
enum { SAY_CALLED, SAY_SERVING, SAY_FREE, SAY_PAUSED, SAY_PAUSED_WHY, SAY_CLOSED, SAY_UNKNOWN };
static const struct saying sayings[] = {
    [SAY_CALLED] = {"called", /* tr */ "请 {number} 到这个窗口",
                    /* tr */ "请带好证件和材料，直接到窗口坐下"},
    [SAY_SERVING] = {"serving", /* tr */ "正在办理 {number}",
                     /* tr */ "其他号请在等候区等候，听到叫号再来"},
    [SAY_FREE] = {"free", /* tr */ "开放，等待叫号",
                  /* tr */ "有号的请听叫号；没有号请先取号"},
    [SAY_PAUSED] = {"paused", /* tr */ "暂停叫号",
                    /* tr */ "请稍等；您的号仍然有效，别的窗口也会叫到"},
    [SAY_PAUSED_WHY] = {"paused", /* tr */ "暂停叫号：{reason}",
                        /* tr */ "请稍等；您的号仍然有效，别的窗口也会叫到"},
    [SAY_CLOSED] = {"closed", /* tr */ "窗口关闭",
                    /* tr */ "请到别的窗口办理，听叫号；有疑问请问导办台"},
    [SAY_UNKNOWN] = {"unknown", /* tr */ "没有“{desk}”号窗口",
                     /* tr */ "请系统管理员核对这块屏的地址；办事请听叫号或问导办台"},
};

static void say(struct ctx *c, int what, struct str reason, struct desk_board *v)
{
    struct ctx other = *c;
    const struct saying *s = &sayings[what];
    other.lang = c->lang == LANG_EN ? LANG_ZH : LANG_EN;
    v->state = str_of(s->state);
    v->words = tr_fill(c, s->words, "number", v->number, "desk", v->desk_plain, "reason",
                       tr(c, str_z(c->arena, reason)), NULL);
    v->words_second = tr_fill(&other, s->words, "number", v->number, "desk", v->desk_plain,
                              "reason", tr(&other, str_z(c->arena, reason)), NULL);
    v->next = tr(c, s->next);
    v->next_second = tr(&other, s->next);
}

/* Nobody knows which window this display hangs over: it says so and names the windows there are. */
static enum err show_unknown(struct ctx *c, struct desk_board *v)
{
    struct desk_rows all;
    TRY(desks(c, c->center_id, &all));
    v->desks.v = ARENA_ARRAY(c->arena, struct str, all.n);
    for (size_t i = 0; i < all.n; i++)
        v->desks.v[v->desks.n++] = all.v[i].code;
    say(c, SAY_UNKNOWN, STR(""), v);
    return messages_of(c, STR(""), &v->urgent, &(struct board_message_list){0});
}

static enum err find_desk(struct ctx *c, struct str code, struct desk_row **ret)
{
    struct desk_row d;
    enum err e = desk_by_its_code(c, code, &d);
    *ret = NULL;
    if (e == E_NO_SUCH_DESK)
        return E_OK;
    TRY(e);
    *ret = ARENA_NEW(c->arena, struct desk_row);
    **ret = d;
    return E_OK;
}

static void say_state(struct ctx *c, const struct desk_row *d, const struct ticket_row *t,
                      struct desk_board *v)
{
    struct str reason = str_or_empty(d->pause_reason);
    v->number = t == NULL ? STR("") : ticket_number_text(c, t->prefix, t->number);
    if (t != NULL)
        say(c, t->state == TICKET_CALLED ? SAY_CALLED : SAY_SERVING, reason, v);
    else if (d->state == DESK_PAUSED)
        say(c, reason.n > 0 ? SAY_PAUSED_WHY : SAY_PAUSED, reason, v);
    else
        say(c, d->state == DESK_OPEN ? SAY_FREE : SAY_CLOSED, reason, v);
}

enum err display_desk(struct ctx *c, const struct board_desk_form *f, struct reply *r,
                      struct desk_board *v)
{
    struct desk_row *d;
    struct ticket_row *t;
    struct board_message_list others;
    (void)r;
    TRY(find_desk(c, f->desk, &d));
    *v = (struct desk_board){.desk = f->desk,
                             .desk_plain = desk_plain(f->desk),
                             .name = STR(""),
                             .second = STR(""),
                             .zone = STR(""),
                             .floor_name = STR(""),
                             .number = STR(""),
                             .at = c->now};
    if (d == NULL)
        return show_unknown(c, v);
    TRY(ticket_of_desk(c, c->center_id, d->id, &t));
    v->desk = d->code;
    v->desk_plain = desk_plain(d->code);
    v->name = name_in_lang(c, d->name, d->name_en);
    v->second = second_name(c, d->name, d->name_en);
    v->zone = d->zone_code;
    v->floor = d->floor;
    v->floor_name = floor_text(c, d->floor);
    say_state(c, d, t, v);
    return messages_of(c, d->zone_code, &v->urgent, &others);
}

/* --- where to go --- */

/* Numbers in order, those that follow one another drawn together: 01–05, 07. Numbers that are no
 * numbers stand alone. */
static struct str numbers_of(struct ctx *c, const struct desk_rows *all, struct str zone_code,
                             int64_t on_floor)
{
    struct buf b;
    int64_t last = -2, n;
    struct str last_text = STR("");
    bool is_run = false;
    buf_init(&b, c->arena, 4096);
    for (size_t i = 0; i < all->n; i++) {
        const struct desk_row *d = &all->v[i];
        if (!str_eq(d->zone_code, zone_code) || d->floor != on_floor)
            continue;
        if (!str_to_int(d->code, &n))
            n = -2;
        if (n >= 0 && n == last + 1) {
            is_run = true;
        } else {
            if (is_run)
                buf_fmt(&b, "–%.*s", STR_ARG(last_text));
            buf_fmt(&b, "%s%.*s", b.n > 0 ? ", " : "", STR_ARG(d->code));
            is_run = false;
        }
        last = n;
        last_text = d->code;
    }
    if (is_run)
        buf_fmt(&b, "–%.*s", STR_ARG(last_text));
    return buf_as_str(&b);
}

/* "一楼 01–20 号窗口；二楼 27–32 号窗口" */
static struct str places_of(const struct ctx *c, struct ctx *in, const struct desk_rows *all,
                            struct str zone_code)
{
    struct buf b;
    int64_t highest = 0;
    buf_init(&b, c->arena, 8192);
    for (size_t i = 0; i < all->n; i++)
        highest = all->v[i].floor > highest ? all->v[i].floor : highest;
    for (int64_t level = 1; level <= highest; level++) {
        struct str numbers = numbers_of(in, all, zone_code, level);
        if (numbers.n == 0)
            continue;
        if (b.n > 0)
            buf_str(&b, tr(in, "；"));
        buf_str(&b, tr_fill(in, "{floor} {desks} 号窗口", "floor", floor_text(in, level), "desks",
                            numbers, NULL));
    }
    return b.n > 0 ? buf_as_str(&b) : tr(in, "还没有窗口");
}

enum err display_overview(struct ctx *c, struct reply *r, struct overview *v)
{
    struct zone_wait_list waits;
    struct zone_rows known;
    struct desk_rows all;
    struct ctx other = *c;
    (void)r;
    other.lang = c->lang == LANG_EN ? LANG_ZH : LANG_EN;
    v->at = c->now;
    TRY(zone_waits(c, &waits));
    TRY(zones(c, c->center_id, &known));
    TRY(desks(c, c->center_id, &all));
    v->zones.v = ARENA_ARRAY(c->arena, struct zone_place, known.n);
    for (size_t i = 0; i < known.n && i < waits.n; i++) {
        const struct zone_wait *w = &waits.v[i];
        v->zones.v[v->zones.n++] = (struct zone_place){
            .code = w->code,
            .name = w->name,
            .second = second_name(c, known.v[i].name, known.v[i].name_en),
            .sign = w->sign,
            .colour = w->colour,
            .prefix = w->prefix,
            .floors = places_of(c, c, &all, w->code),
            .floors_second = places_of(c, &other, &all, w->code),
            .desks = numbers_of(c, &all, w->code, w->floor),
            .waiting = w->waiting,
            .minutes = w->minutes,
            .desks_open = w->desks_open,
        };
    }
    v->wrong = known.n > 0
                   ? STR("")
                   : tr(c, "大厅还没有设办事区和窗口，请系统管理员导入。要办事请问工作人员");
    return messages_of(c, STR(""), &v->urgent, &v->messages);
}
