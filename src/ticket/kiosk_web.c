/* The kiosk: who stands there has both hands full and has never used it. Four touches lead to a
 * number: what (take a number), which zone, which item, print; needs are chosen on the last page.
 * Every step is a plain address, so it works without script and "back" is the browser's own. */
#include "ticket.h"

#include "booking.h"

#include "assist.h"
#include "calendar.h"
#include "center.h"
#include "device.h"
#include "item.h"
#include "services.h"
#include "voice.h"

#define ITEMS_A_PAGE 8

/* Locked, or outside its hours: a page that says so, and not an error. */
static enum err why_no_numbers(struct ctx *c, struct str *ret)
{
    enum err e = kiosk_may_issue(c);
    *ret = STR("");
    if (e != E_KIOSK_LOCKED && e != E_KIOSK_CLOSED)
        return e;
    *ret = refusal_sentence(c);
    c->refusal = (struct refusal){.code = E_OK};
    return E_OK;
}

enum err kiosk_show(struct ctx *c, struct reply *r, struct kiosk_home *v)
{
    struct zone_wait_list waits;
    struct opening_now o;
    struct center_row here;
    (void)r;
    TRY(zone_waits(c, &waits));
    TRY(calendar_opening_now(c, &o));
    TRY(why_no_numbers(c, &v->notice));
    for (size_t i = 0; i < waits.n; i++)
        v->waiting += waits.v[i].waiting;
    v->is_open = o.is_open;
    v->hours = STR("");
    enum err e = center_here(c, &here);
    if (e == E_OK)
        v->hours = name_in_lang(c, here.hours, here.hours_en);
    return e == E_NOT_FOUND ? E_OK : e;
}

static struct str zone_name_of(const struct zone_wait_list *zones, struct str code)
{
    for (size_t i = 0; i < zones->n; i++)
        if (str_eq(zones->v[i].code, code))
            return zones->v[i].name;
    return STR("");
}

enum err kiosk_take_show(struct ctx *c, const struct kiosk_find_form *f, struct reply *r,
                         struct kiosk_take *v)
{
    struct item_list found = {0};
    struct item_search s = {.words = f->q.p == NULL ? STR("") : f->q,
                            .zone = f->zone.p == NULL ? STR("") : f->zone,
                            .agency = STR(""),
                            .page = (int)f->page,
                            .page_size = ITEMS_A_PAGE};
    (void)r;
    TRY(kiosk_may_issue(c));
    TRY(zone_waits(c, &v->zones));
    v->q = s.words;
    v->zone_name = zone_name_of(&v->zones, s.zone);
    v->zone = v->zone_name.n > 0 ? s.zone : STR("");
    v->more = STR("");
    if (v->q.n == 0 && v->zone.n == 0)
        return E_OK;
    s.zone = v->zone;
    TRY(item_search(c, &s, &found));
    v->items = found.items;
    v->total = found.total;
    if (f->page * ITEMS_A_PAGE < found.total && found.items.n > 0)
        v->more = str_fmt(c->arena, "%lld", (long long)(f->page + 1));
    return E_OK;
}

enum err kiosk_needs_show(struct ctx *c, const struct kiosk_wish_form *f, struct reply *r,
                          struct kiosk_needs *v)
{
    struct item_row item;
    struct zone_wait_list zones;
    (void)r;
    *v = (struct kiosk_needs){.item = STR(""),
                              .item_name = STR(""),
                              .zone = STR(""),
                              .zone_name = STR("")};
    TRY(kiosk_may_issue(c));
    TRY(zone_waits(c, &zones));
    if (f->item.n > 0) {
        TRY(item_by_any_code(c, f->item, &item));
        v->item = item.code;
        v->item_name = item_name(c, &item);
        v->zone_name = zone_name_of(&zones, item.zone_code);
        return item_papers(c, item.id, &v->papers);
    }
    v->zone_name = zone_name_of(&zones, f->zone.p == NULL ? STR("") : f->zone);
    if (v->zone_name.n == 0)
        return fail(c, E_NO_SUCH_ZONE, "zone %.*s", STR_ARG(f->zone));
    v->zone = f->zone;
    return E_OK;
}

enum err kiosk_ticket_show(struct ctx *c, const struct kiosk_ticket_of_form *f, struct reply *r,
                           struct ticket_issued *v)
{
    struct ticket_row t;
    (void)r;
    TRY(ticket_by_its_token(c, f->token, &t));
    TRY(ticket_show(c, &t, &v->ticket));
    /* A kiosk that has its printer itself says how that went. */
    v->ticket.paper = STR("");
    if (f->paper == KIOSK_TICKET_OF_PAPER_PAPER_OUT)
        v->ticket.paper = tr(c, "打印机没有纸了。请记下号码，号码一样有效");
    else if (f->paper > KIOSK_TICKET_OF_PAPER_NONE)
        v->ticket.paper = tr(c, "号票没有打印出来。请记下号码，号码一样有效");
    return ticket_show_printing(c, &t, &v->ticket);
}

static enum err booked_line_of(struct ctx *c, const struct bookings_of_person_row *b,
                               struct booked_line *ret)
{
    struct booking_purposes_rows what;
    struct zone_row *z;
    TRY(booking_purposes(c, c->center_id, b->id, &what));
    TRY(zone(c, c->center_id, b->zone, &z));
    struct str zone_name = z == NULL ? b->zone : name_in_lang(c, z->name, z->name_en);
    *ret = (struct booked_line){.arrival = b->arrival,
                                .when = str_fmt(c->arena, "%.*s–%.*s",
                                                STR_ARG(minute_text(c->arena, b->start_minute)),
                                                STR_ARG(minute_text(c->arena, b->end_minute))),
                                .zone_name = zone_name,
                                .name = b->name_masked,
                                .what = what.n == 0 ? zone_name
                                                    : name_in_lang(c, what.v[0].item_name,
                                                                   what.v[0].item_name_en),
                                .ticket = b->ticket_token};
    return E_OK;
}

enum err booked_today(struct ctx *c, struct str phone, bool is_tail, struct booked_line_list *ret)
{
    struct bookings_of_person_rows rows;
    if (is_tail)
        TRY(bookings_of_tail_today(c, phone, &rows));
    else
        TRY(bookings_of_phone_today(c, phone, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct booked_line, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        TRY(booked_line_of(c, &rows.v[i], &ret->v[i]));
    return E_OK;
}

/* Who asks by a whole phone number sees that phone's bookings of today, and may say that they are
 * there: the token shown is good for nothing else. Asked often, it is somebody who guesses. */
enum err kiosk_booking_show(struct ctx *c, const struct kiosk_phone_form *f, struct reply *r,
                            struct kiosk_booking *v)
{
    struct center_row here;
    (void)r;
    v->phone = STR("");
    v->asked = f->phone.p == NULL ? STR("") : f->phone;
    enum err e = center_here(c, &here);
    if (e == E_OK)
        v->phone = here.phone;
    if (e != E_OK && e != E_NOT_FOUND)
        return e;
    if (v->asked.n == 0)
        return E_OK;
    TRY(limit_take(c, "kiosk_booking", STR_NONE, 20));
    return booked_today(c, v->asked, false, &v->items);
}

/* A ticket's number is found here; anything longer is taken for the number of a case. */
enum err kiosk_progress_show(struct ctx *c, const struct kiosk_number_form *f, struct reply *r,
                             struct kiosk_progress *v)
{
    struct ticket_row *t;
    (void)r;
    v->number = f->number.p == NULL ? STR("") : f->number;
    v->casefile = STR("");
    v->is_asked = v->number.n > 0;
    if (!v->is_asked)
        return E_OK;
    TRY(ticket_by_its_number(c, v->number, &t));
    if (t == NULL) {
        if (v->number.n > 6)
            v->casefile = v->number;
        return E_OK;
    }
    v->found = ARENA_NEW(c->arena, struct ticket_view);
    TRY(ticket_show(c, t, v->found));
    v->found->name = STR(""); /* everybody can type a number */
    v->found->token = STR("");
    v->found->link = STR("");
    v->found->qr = STR("");
    v->found->assist_token = STR("");
    return E_OK;
}

static enum err helped(struct ctx *c, struct str token, struct assist_view *v)
{
    struct assist_row *a;
    TRY(assist_by_token(c, c->center_id, token, &a));
    if (a == NULL)
        return fail(c, E_NOT_FOUND, "no such request for help");
    return assist_view_of(c, a, v);
}

enum err kiosk_helped_show(struct ctx *c, const struct ticket_token_form *f, struct reply *r,
                           struct kiosk_helped *v)
{
    (void)r;
    return helped(c, f->token, &v->request);
}

enum err kiosk_help(struct ctx *c, const struct kiosk_place_form *f, struct reply *r,
                    struct assist_view *v)
{
    struct str token;
    int64_t id;
    /* zh: what the helper reads is data of the hall */
    struct assist_wish wish = {
        .kind = STR("other"),
        .place_from = f->place.n > 0 ? f->place : STR("一楼自助机"),
        .what = STR("自助机旁边有人要帮忙"),
        .source = STR("kiosk"),
    };
    TRY(assist_request(c, &wish, &id, &token));
    reply_see(r, "/kiosk/helped/%.*s", STR_ARG(token));
    return helped(c, token, v);
}

/* zh: steps are spoken in Chinese, as calls are */
static const char *const spoken[] = {
    "欢迎来办事 请按屏幕上的大按钮 办事取号 我有预约 或者查进度 要人帮忙请按下面的叫工作人员",
    "请按您要办事的区 或者写几个字来找",
    "需要照顾的请点一下 可以不点 然后按取号",
    "您的号取好了 请看屏幕上的号码 听到叫号再去窗口",
    "请写预约时留的手机号 再按查找",
    "请写号票上的号 再按查询",
};

enum err kiosk_say(struct ctx *c, const struct kiosk_step_form *f, struct reply *r)
{
    struct voice *voice = c->services == NULL ? NULL : c->services[SERVICE_VOICE];
    struct str wav;
    TRY(voice_say(voice, c, str_of(spoken[f->step]), &wav));
    r->cache_seconds = 3600;
    reply_body(r, "audio/wav", wav);
    return E_OK;
}
