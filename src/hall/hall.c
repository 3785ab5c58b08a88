/* Desks and their moves. A desk is closed, open or paused; which act leads where is one table, and
 * the UPDATE names the state it was read in, so a move that came too late changes nothing. The
 * counts of open desks in each line are kept here, at the rare moves, and not computed at each
 * ticket. */
#include "hall.h"

#include <stdarg.h>

#include "clock.h"
#include "item.h"
#include "journal.h"
#include "settings.h"

#define NO_MOVE DESK_STATE_COUNT

static const enum desk_state desk_moves[DESK_STATE_COUNT][DESK_ACT_COUNT] = {
    [DESK_CLOSED] = {DESK_OPEN, NO_MOVE, NO_MOVE, NO_MOVE},
    [DESK_OPEN] = {NO_MOVE, DESK_PAUSED, NO_MOVE, DESK_CLOSED},
    [DESK_PAUSED] = {NO_MOVE, NO_MOVE, DESK_OPEN, DESK_CLOSED},
};

bool desk_next_state(enum desk_state from, enum desk_act act, enum desk_state *ret)
{
    if ((unsigned)from >= DESK_STATE_COUNT || (unsigned)act >= DESK_ACT_COUNT)
        return false;
    enum desk_state to = desk_moves[from][act];
    if (to == NO_MOVE)
        return false;
    *ret = to;
    return true;
}

struct str desk_state_word(int64_t state)
{
    switch (state) {
    case DESK_OPEN:
        return STR("open");
    case DESK_PAUSED:
        return STR("paused");
    default:
        return STR("closed");
    }
}

struct str name_in_lang(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

struct str floor_text(const struct ctx *c, int64_t floor)
{
    /* zh: for Chinese alone; other languages count */
    static const char *const names[] = {"一楼", "二楼", "三楼", "四楼", "五楼",
                                        "六楼", "七楼", "八楼", "九楼", "十楼"};
    if (c->lang == LANG_ZH && floor >= 1 && floor <= 10)
        return str_of(names[floor - 1]);
    struct str n = str_fmt(c->arena, "%lld", (long long)floor);
    return tr_fill(c, "{n} 楼", "n", n, NULL);
}

struct str event_facts(struct ctx *c, ...)
{
    struct buf b;
    struct json j;
    va_list args;
    buf_init(&b, c->arena, 4096);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    va_start(args, c);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;) {
        struct str value = va_arg(args, struct str);
        json_name(&j, name);
        json_text(&j, value.p == NULL ? STR("") : value);
    }
    va_end(args);
    json_end_object(&j);
    return buf_as_str(&b);
}

enum err desk_of_actor(struct ctx *c, struct desk_row *ret)
{
    struct desk_row *row = NULL;
    if (c->actor.kind == ACTOR_STAFF)
        TRY(desk_of_staff(c, c->center_id, c->actor.id, &row));
    if (row == NULL)
        return fail(c, E_DESK_NOT_OPEN, "staff %lld sits nowhere", (long long)c->actor.id);
    *ret = *row;
    return E_OK;
}

enum err desk_by_its_code(struct ctx *c, struct str code, struct desk_row *ret)
{
    struct desk_row *row = NULL;
    TRY(desk(c, c->center_id, code, &row));
    if (row == NULL && code.n == 1)
        TRY(desk(c, c->center_id, str_fmt(c->arena, "0%.*s", STR_ARG(code)), &row));
    if (row == NULL)
        return fail_field(c, E_NO_SUCH_DESK, "desk", "desk %.*s", STR_ARG(code));
    *ret = *row;
    return E_OK;
}

/* Moves the desk d and keeps the row up to date. */
static enum err desk_act(struct ctx *c, struct desk_row *d, enum desk_act act, struct str reason)
{
    enum desk_state to;
    int64_t changed;
    if (!desk_next_state((enum desk_state)d->state, act, &to))
        return fail(c, E_DESK_MOVE, "desk %.*s: act %d in state %lld", STR_ARG(d->code), (int)act,
                    (long long)d->state);
    if (act == DESK_ACT_OPEN) {
        d->staff_id = c->actor.id;
        d->staff_name = c->actor.name;
    } else if (act == DESK_ACT_CLOSE) {
        d->staff_id = 0;
        d->staff_name = STR_NONE;
    }
    d->pause_reason = act == DESK_ACT_PAUSE ? reason : STR_NONE;
    TRY(desk_move_changes(c, c->center_id, d->id, d->state, to, d->staff_id, d->staff_name, c->now,
                          d->pause_reason, &changed));
    if (changed != 1)
        return fail(c, E_DESK_MOVE, "desk %.*s moved meanwhile", STR_ARG(d->code));
    d->state = to;
    d->since_at = c->now;
    TRY(lines_count_open(c, c->center_id, d->id));
    TRY(open_desks_note(c));
    static const enum event events[DESK_ACT_COUNT] = {EV_DESK_OPENED, EV_DESK_PAUSED,
                                                      EV_DESK_RESUMED, EV_DESK_CLOSED};
    return journal_add(c, events[act], d->id, 0,
                       event_facts(c, "desk", d->code, "zone", d->zone_code, "reason", reason,
                                   NULL),
                       STR_NONE);
}

enum err desk_open(struct ctx *c, struct str code, struct desk_row *ret)
{
    struct desk_row d, *mine;
    if (c->actor.kind != ACTOR_STAFF)
        return fail(c, E_NOT_ALLOWED, "only staff opens a desk");
    TRY(desk_by_its_code(c, code, &d));
    if (d.staff_id != 0 && d.staff_id != c->actor.id)
        return fail_field(c, E_DESK_TAKEN, "desk", "desk %.*s: staff %lld", STR_ARG(d.code),
                          (long long)d.staff_id);
    if (d.staff_id == c->actor.id && d.state == DESK_OPEN) {
        *ret = d;
        return E_OK;
    }
    TRY(desk_of_staff(c, c->center_id, c->actor.id, &mine));
    if (mine != NULL && mine->id != d.id)
        TRY(desk_act(c, mine, DESK_ACT_CLOSE, STR_NONE));
    TRY(desk_act(c, &d, d.state == DESK_PAUSED ? DESK_ACT_RESUME : DESK_ACT_OPEN, STR_NONE));
    *ret = d;
    return E_OK;
}

static enum err desk_act_by_code(struct ctx *c, int64_t desk_id, struct str code, enum desk_act act,
                                 struct str reason)
{
    struct desk_row d;
    TRY(desk_by_its_code(c, code, &d));
    if (d.id != desk_id)
        return fail(c, E_NO_SUCH_DESK, "desk %.*s is not %lld", STR_ARG(code), (long long)desk_id);
    return desk_act(c, &d, act, reason);
}

enum err desk_pause(struct ctx *c, int64_t desk_id, struct str code, struct str reason)
{
    return desk_act_by_code(c, desk_id, code, DESK_ACT_PAUSE, reason.p == NULL ? STR("") : reason);
}

enum err desk_resume(struct ctx *c, int64_t desk_id, struct str code)
{
    return desk_act_by_code(c, desk_id, code, DESK_ACT_RESUME, STR_NONE);
}

enum err desk_close(struct ctx *c, int64_t desk_id, struct str code)
{
    return desk_act_by_code(c, desk_id, code, DESK_ACT_CLOSE, STR_NONE);
}

static void facts_of(const struct line_of_item_row *r, struct line_facts *ret)
{
    *ret = (struct line_facts){
        .line_id = r->id,
        .zone_id = r->zone_id,
        .step_free_id = r->step_free_id,
        .zone_code = r->zone_code,
        .prefix = r->prefix,
        .zone_name = r->zone_name,
        .zone_name_en = r->zone_name_en,
        .service_ms = r->service_ms,
        .desks = (int)r->desks,
        .desks_open = (int)r->desks_open,
        .desks_open_step_free = (int)r->desks_open_step_free,
        .desks_step_free = (int)r->desks_step_free,
        .floor_main = r->floor_main,
        .floor_step_free = r->floor_step_free,
        .floor_open = r->floor_open,
    };
}

enum err line_facts_of_item(struct ctx *c, int64_t item_id, struct line_facts *ret)
{
    struct line_of_item_row *row;
    TRY(line_of_item(c, c->center_id, item_id, &row));
    if (row == NULL) {
        struct item_row item;
        TRY(item_by_its_id(c, item_id, &item));
        return line_facts_of_zone(c, item.zone_code, ret);
    }
    facts_of(row, ret);
    return E_OK;
}

enum err line_facts_of_zone(struct ctx *c, struct str zone_code, struct line_facts *ret)
{
    struct line_of_item_row *row;
    TRY(line_of_zone(c, c->center_id, zone_code, &row));
    if (row == NULL)
        return fail_field(c, E_NO_SUCH_ZONE, "zone", "zone %.*s", STR_ARG(zone_code));
    facts_of(row, ret);
    return E_OK;
}

enum err line_facts_of_desk(struct ctx *c, int64_t desk_id, struct line_facts *ret)
{
    struct line_of_item_row *row;
    TRY(line_of_desk(c, c->center_id, desk_id, &row));
    if (row == NULL)
        return fail_field(c, E_NO_SUCH_DESK, "desk", "desk %lld has no line", (long long)desk_id);
    facts_of(row, ret);
    return E_OK;
}

enum err line_facts_of_line(struct ctx *c, int64_t line_id, struct line_facts *ret)
{
    struct line_of_item_row *row;
    TRY(line_by_id(c, c->center_id, line_id, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "line %lld", (long long)line_id);
    facts_of(row, ret);
    return E_OK;
}

enum err line_note_service(struct ctx *c, int64_t line_id, int64_t service_ms)
{
    struct line_facts f;
    if (service_ms < 10 * SECOND_MS || service_ms > 2 * HOUR_MS)
        return E_OK;
    TRY(line_facts_of_line(c, line_id, &f));
    return line_service_put(c, c->center_id, line_id,
                            f.service_ms + (service_ms - f.service_ms) / 16);
}

enum err hall_lines_follow(struct ctx *c)
{
    struct hall_directory_row *now;
    struct lines_made_row *made;
    TRY(hall_directory(c, c->center_id, &now));
    TRY(lines_made(c, c->center_id, &made));
    if (now == NULL || (made != NULL && made->directory_version == now->version))
        return E_OK;
    return lines_rebuild(c);
}
