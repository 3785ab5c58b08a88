/* Wall boards, and the voice that speaks the calls. A board never stays dark: with an address that means
 * nothing (a zone that was renamed), it says so in words and shows the whole hall. */
#include "display.h"

#include "clock.h"
#include "services.h"
#include "voice.h"

#define CALLS_SHOWN_MS (4 * HOUR_MS)
#define NEWEST_MOST    6

static struct call_line line_of(struct ctx *c, const struct calls_recent_row *t)
{
    return (struct call_line){
        .number = ticket_number_text(c, t->prefix, t->number),
        .desk = t->desk_code,
        .desk_plain = desk_plain(t->desk_code),
        .floor = t->desk_floor,
        .floor_name = floor_text(c, t->desk_floor),
        .called_at = t->called_at,
        .calls = t->calls,
        .seq = str_fmt(c->arena, "%lld-%lld", (long long)t->id, (long long)t->calls),
        .zone = t->zone_code,
        .state = ticket_state_word(t->state),
    };
}

/* Who is called and has not come yet is always among the calls, however many they are; the newest
 * of those who came fill the board; all others, and who missed the call, are the history. */
static void sort_calls(struct ctx *c, const struct calls_recent_rows *rows, struct board *v)
{
    v->calls.v = ARENA_ARRAY(c->arena, struct call_line, rows->n);
    v->history.v = ARENA_ARRAY(c->arena, struct call_line, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        int64_t state = rows->v[i].state;
        bool is_now = state == TICKET_CALLED ||
                      (state != TICKET_NO_SHOW && v->calls.n < NEWEST_MOST && v->history.n == 0);
        struct call_line_list *to = is_now ? &v->calls : &v->history;
        to->v[to->n++] = line_of(c, &rows->v[i]);
    }
    for (size_t i = 0; i < v->calls.n; i++) {
        struct call_line *l = &v->calls.v[i];
        l->is_newest = i == 0;
        struct ctx other = *c;
        other.lang = c->lang == LANG_EN ? LANG_ZH : LANG_EN;
        l->second = tr_fill(&other, "{desk}号窗口 {floor}", "desk", l->desk_plain, "floor",
                            floor_text(&other, l->floor), NULL);
    }
    v->newest = v->calls.n > 0 ? v->calls.v[0].seq : STR("");
}

static enum err fill_calls(struct ctx *c, int64_t zone_id, struct board *v)
{
    struct calls_recent_rows rows;
    int64_t day = date_start(today(c), c->zone_minutes), after = c->now - CALLS_SHOWN_MS;
    if (after < day)
        after = day;
    if (zone_id == 0)
        TRY(calls_recent(c, c->center_id, after, &rows));
    else
        TRY(calls_recent_of_zone(c, c->center_id, after, zone_id, &rows));
    sort_calls(c, &rows, v);
    return E_OK;
}

static enum err fill_waits(struct ctx *c, struct str only, struct board *v)
{
    struct zone_wait_list all;
    TRY(zone_waits(c, &all));
    v->waits.v = ARENA_ARRAY(c->arena, struct zone_wait, all.n);
    for (size_t i = 0; i < all.n; i++) {
        if (only.n > 0 && !str_eq(all.v[i].code, only))
            continue;
        v->waits.v[v->waits.n++] = all.v[i];
        v->waiting += all.v[i].waiting;
    }
    if (all.n == 0)
        v->wrong = tr(c, "大厅还没有设办事区和窗口，请系统管理员导入。要办事请问工作人员");
    return E_OK;
}

static enum err fill_messages(struct ctx *c, struct board *v)
{
    TRY(messages_of(c, str_is(v->zone, "all") ? STR("") : v->zone, &v->urgent, &v->messages));
    v->message = v->wrong.n > 0      ? v->wrong
                 : v->urgent.n > 0   ? v->urgent.v[0].text
                 : v->messages.n > 0 ? v->messages.v[0].text
                                     : tr(c, "听到叫号请到窗口；没听清、过了号，请问工作人员");
    return E_OK;
}

enum err display_show(struct ctx *c, const struct board_zone_form *f, struct reply *r,
                      struct board *v)
{
    struct zone_row *z = NULL;
    (void)r;
    bool is_whole = str_is(f->zone, "all");
    if (!is_whole)
        TRY(zone(c, c->center_id, f->zone, &z));
    v->is_known = is_whole || z != NULL;
    v->zone = z != NULL ? z->code : STR("all");
    v->zone_name = z != NULL ? name_in_lang(c, z->name, z->name_en) : tr(c, "全部办事区");
    v->second =
        z != NULL ? second_name(c, z->name, z->name_en) : second_line(c, /* tr */ "全部办事区");
    v->at = c->now;
    v->wrong = v->is_known
                   ? STR("")
                   : tr_fill(c, "没有“{zone}”这个区，现在显示整个大厅", "zone", f->zone, NULL);
    TRY(fill_calls(c, z != NULL ? z->id : 0, v));
    TRY(fill_waits(c, z != NULL ? z->code : STR(""), v));
    return fill_messages(c, v);
}

/* NAME is ID-CALLS.wav of a ticket that was called today; what is said is what the board shows. */
static enum err called_ticket(struct ctx *c, struct str name, struct ticket_row **ret)
{
    struct str rest = name, id_text = str_cut(&rest, '-');
    int64_t id;
    *ret = NULL;
    if (str_to_int(id_text, &id) && id > 0 && rest.p != NULL && str_ends(rest, STR(".wav")))
        TRY(ticket(c, c->center_id, id, ret));
    if (*ret == NULL || (*ret)->desk_id == 0 || (*ret)->desk_code.p == NULL ||
        (*ret)->issued_on != today(c))
        return fail(c, E_NOT_FOUND, "no such call");
    return E_OK;
}

enum err display_say(struct ctx *c, const struct board_call_form *f, struct reply *r)
{
    struct ticket_row *t;
    struct str wav;
    TRY(called_ticket(c, f->name, &t));
    /* zh: calls are spoken in Chinese */
    struct str words = str_fmt(c->arena, "请 %.*s 到 %.*s 号窗口",
                               STR_ARG(ticket_number_text(c, t->prefix, t->number)),
                               STR_ARG(desk_plain(t->desk_code)));
    struct voice *voice = c->services == NULL ? NULL : c->services[SERVICE_VOICE];
    TRY(voice_say(voice, c, words, &wav));
    r->cache_seconds = 3600;
    reply_body(r, "audio/wav", wav);
    return E_OK;
}
