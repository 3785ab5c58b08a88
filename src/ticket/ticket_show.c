/* What people see of a ticket. "Ahead" counts who would be called before it by the policy: in its
 * own line exactly, in lines that share only some of its desks in part, because some of those
 * people will be called to desks that are not this line's. */
#include "ticket.h"

#include "assist.h"
#include "clock.h"
#include "party.h"
#include "place.h"
#include "ahead.h"
#include "settings.h"
#include "steps.h"

struct str ticket_number_text(struct ctx *c, struct str prefix, int64_t number)
{
    return str_fmt(c->arena, "%.*s%03lld", STR_ARG(prefix), (long long)number);
}

struct str ticket_state_word(int64_t state)
{
    static const char *const words[] = {"waiting",  "called",  "serving",  "parked",
                                        "finished", "no_show", "cancelled"};
    return str_of(state >= 0 && state < TICKET_STATE_COUNT ? words[state] : "");
}

struct str ticket_class_word(int64_t class)
{
    static const char *const words[] = {"green",   "disabled", "military", "infant",
                                        "elderly", "booked",   "normal"};
    return str_of(class >= 0 && class < CLASS_COUNT ? words[class] : "");
}

struct str ticket_class_name(const struct ctx *c, int64_t class)
{
    static const char *const names[] = {/* tr */ "绿色通道",   /* tr */ "行动不便优先",
                                        /* tr */ "军人优先",
                                        /* tr */ "孕妇和婴儿", /* tr */ "老年人优先",
                                        /* tr */ "预约",
                                        /* tr */ "普通"};
    return class >= 0 && class < CLASS_COUNT ? tr(c, names[class]) : STR("");
}

static struct str state_name(const struct ctx *c, int64_t state)
{
    static const char *const names[] = {/* tr */ "等候",     /* tr */ "叫到您了",
                                        /* tr */ "正在办理", /* tr */ "暂时挂起",
                                        /* tr */ "已办完",   /* tr */ "已过号",
                                        /* tr */ "已取消"};
    return state >= 0 && state < TICKET_STATE_COUNT ? tr(c, names[state]) : STR("");
}

static struct str channel_word(int64_t channel)
{
    static const char *const words[] = {"guide", "kiosk", "phone", "web", "booking"};
    return str_of(channel >= 0 && channel < CHANNEL_COUNT ? words[channel] : "");
}

static struct texts need_words(struct ctx *c, int64_t needs)
{
    static const char *const words[] = {"no_stairs", "low_vision", "deaf",     "infant", "pregnant",
                                        "elderly",   "disabled",   "military", "foreign"};
    size_t count = sizeof(words) / sizeof(words[0]);
    struct texts t = {ARENA_ARRAY(c->arena, struct str, count), 0};
    for (size_t i = 0; i < count; i++)
        if ((needs >> i & 1) != 0)
            t.v[t.n++] = str_of(words[i]);
    return t;
}

enum err ticket_by_its_token(struct ctx *c, struct str token, struct ticket_row *ret)
{
    struct ticket_row *t;
    TRY(ticket_by_token(c, c->center_id, token, &t));
    if (t == NULL)
        return fail(c, E_NOT_FOUND, "no ticket with this token");
    *ret = *t;
    return E_OK;
}

enum err ticket_by_its_number(struct ctx *c, struct str number, struct ticket_row **ret)
{
    char prefix[8];
    size_t n = 0;
    int64_t digits;
    struct str s = identify_clean(c->arena, number);
    *ret = NULL;
    while (n < s.n && n < sizeof(prefix) && s.p[n] >= 'A' && s.p[n] <= 'Z') {
        prefix[n] = s.p[n];
        n++;
    }
    if (n == 0 || !str_to_int((struct str){s.p + n, s.n - n}, &digits) || digits < 1)
        return E_OK;
    return ticket_by_number(c, c->center_id, today(c), (struct str){prefix, n}, digits, ret);
}

enum err ticket_person(struct ctx *c, const struct ticket_row *t, struct str *ret_name,
                       struct str *ret_phone)
{
    struct str name, phone;
    TRY(party_unseal(c, t->name_sealed, &name));
    TRY(party_unseal(c, t->phone_sealed, &phone));
    *ret_name = name;
    *ret_phone = phone;
    return E_OK;
}

struct str ticket_call_reason(const struct ctx *c, const struct ticket_row *t)
{
    if (t->call_reason.n == 0)
        return STR("");
    int64_t waited = t->called_at > t->queued_at ? (t->called_at - t->queued_at) / MINUTE_MS : 0;
    return tr_fill(c, str_z(c->arena, t->call_reason), "minutes",
                   str_fmt(c->arena, "%lld", (long long)waited), NULL);
}

/* --- people ahead --- */

static void show_ahead(struct ctx *c, const struct ahead *a, struct ticket_view *v)
{
    v->rule = tr(c, policy_rule(a->policy.kind));
    v->ahead = (a->weight + 50) / 100;
    v->ahead_is = a->is_at_least ? STR("at_least") : a->is_about ? STR("about") : STR("exact");
    v->eta_minutes = a->told.half_ms / MINUTE_MS;
    v->eta_most_minutes = (a->told.most_ms + MINUTE_MS) / MINUTE_MS;
}

static enum err show_help(struct ctx *c, const struct ticket_row *t, struct ticket_view *v)
{
    struct assist_row *a;
    TRY(assist_open_of_thread(c, t->thread, &a));
    v->has_escort = a != NULL;
    v->assist_token = a == NULL ? STR("") : a->token;
    v->helper = a == NULL || a->helper_name.p == NULL ? STR("") : a->helper_name;
    v->assist_state = a == NULL                      ? STR("")
                      : a->state == ASSIST_REQUESTED ? STR("requested")
                      : a->state == ASSIST_ACCEPTED  ? STR("accepted")
                                                     : STR("arrived");
    return E_OK;
}

static struct str link_of(struct ctx *c, struct str token, const char *rest)
{
    struct str host = c->request == NULL || c->request->host.p == NULL ? STR("") : c->request->host;
    return str_fmt(c->arena, "%.*s/tickets/%.*s%s", STR_ARG(host), STR_ARG(token), rest);
}

static void fill_plain(struct ctx *c, const struct ticket_row *t, struct ticket_view *v)
{
    bool has_desk = t->desk_id != 0 && t->desk_code.p != NULL && t->state != TICKET_WAITING;
    *v = (struct ticket_view){
        .id = t->id,
        .token = t->token,
        .number = ticket_number_text(c, t->prefix, t->number),
        .zone = t->zone_code,
        .zone_name = name_in_lang(c, t->zone_name, t->zone_name_en),
        .floor = t->floor,
        .floor_name = floor_text(c, t->floor),
        .state = ticket_state_word(t->state),
        .state_name = state_name(c, t->state),
        .ahead = -1,
        .ahead_is = STR("exact"),
        .priority = ticket_class_word(t->class),
        .priority_name = ticket_class_name(c, t->class),
        .reason = reason_show(c, t->reason, t->line_desks_open > 0),
        .item = t->item_code,
        .item_name = name_in_lang(c, t->item_name, t->item_name_en),
        .step_free = t->step_free,
        .desk = has_desk ? t->desk_code : STR(""),
        .desk_floor = has_desk ? t->desk_floor : 0,
        .desk_floor_name = has_desk ? floor_text(c, t->desk_floor) : STR(""),
        .name = t->name_masked,
        .needs = need_words(c, t->needs),
        .channel = channel_word(t->channel),
        .issued_at = t->issued_at,
        .called_at = t->called_at,
        .link = link_of(c, t->token, ""),
        .qr = str_fmt(c->arena, "/tickets/%.*s/qr.svg", STR_ARG(t->token)),
        .is_ended = t->state >= TICKET_FINISHED,
        .may_rejoin = t->state == TICKET_NO_SHOW &&
                      c->now <= t->ended_at + setting_ticket_rejoin_minutes(c) * MINUTE_MS,
    };
}

enum err ticket_show(struct ctx *c, const struct ticket_row *t, struct ticket_view *ret)
{
    fill_plain(c, t, ret);
    struct ahead a;
    if (t->state == TICKET_WAITING) {
        TRY(ahead_of(c, t, &a));
        show_ahead(c, &a, ret);
    }
    if (t->state >= TICKET_FINISHED)
        return E_OK;
    TRY(ticket_steps_show(c, t, &ret->steps));
    return show_help(c, t, ret);
}

enum err ticket_show_new(struct ctx *c, const struct ticket_row *t, const struct ahead *a,
                         struct ticket_view *ret)
{
    fill_plain(c, t, ret);
    show_ahead(c, a, ret);
    return t->thread != t->id || t->needs != 0 ? show_help(c, t, ret) : E_OK;
}

enum err zone_waits(struct ctx *c, struct zone_wait_list *ret)
{
    struct zones_open_rows open;
    struct zones_waiting_rows waiting;
    TRY(zones_open(c, c->center_id, &open));
    TRY(zones_waiting(c, c->center_id, &waiting));
    ret->v = ARENA_ARRAY(c->arena, struct zone_wait, open.n);
    ret->n = open.n;
    for (size_t i = 0; i < open.n; i++) {
        const struct zones_open_row *z = &open.v[i];
        int64_t people = 0, work_ms = 0, desks = z->desks_open > 0 ? z->desks_open : 1;
        for (size_t k = 0; k < waiting.n; k++) {
            if (waiting.v[k].zone_id != z->id)
                continue;
            people = waiting.v[k].waiting;
            work_ms = waiting.v[k].work_ms;
        }
        ret->v[i] = (struct zone_wait){
            .code = z->code,
            .name = name_in_lang(c, z->name, z->name_en),
            .sign = z->sign,
            .colour = z->colour,
            .prefix = z->prefix,
            .floor = z->floor,
            .floor_name = floor_text(c, z->floor),
            .waiting = people,
            .minutes = (work_ms / desks + MINUTE_MS - 1) / MINUTE_MS,
            .desks_open = z->desks_open,
        };
    }
    return E_OK;
}
