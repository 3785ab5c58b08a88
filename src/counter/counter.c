/* Puts the window's screen together: the desk, the person, the papers, what is next. */
#include "counter.h"

#include "clock.h"
#include "item.h"
#include "staff.h"

#define UNDO_MS     (10 * SECOND_MS) /* as ticket.c has it */
#define CALL_AGE_MS (2 * HOUR_MS)    /* how long before its no-show a ticket may have been called */
#define ITEMS_FOUND 8

/* --- the next lawful step --------------------------------------------------------------------- */

static enum desk_step step_while_serving(const struct desk_moment *m)
{
    if (!m->has_case)
        return STEP_ACCEPT;
    switch (m->case_) {
    case CASE_RECEIVED:
    case CASE_CORRECTION:
        return STEP_ACCEPT;
    case CASE_ACCEPTED:
        return m->is_immediate ? STEP_FINISH_ON_SPOT : STEP_FINISH;
    case CASE_NOT_ACCEPTED:
    case CASE_GRANTED:
    case CASE_REFUSED:
    case CASE_DELIVERED:
    case CASE_WITHDRAWN:
    case CASE_LAPSED:
        return STEP_FINISH_ON_SPOT;
    case CASE_CLOSED:
    case CASE_REVIEW:
    case CASE_SUSPENDED:
    case CASE_FORWARDED:
    case CASE_REVOKED:
    case CASE_CANCELLED:
    case CASE_STATE_COUNT:
        break;
    }
    return STEP_FINISH;
}

enum desk_step desk_step_of(const struct desk_moment *m)
{
    if (!m->has_desk)
        return STEP_OPEN;
    if (m->has_ticket)
        return m->ticket == TICKET_CALLED ? STEP_START : step_while_serving(m);
    return m->is_paused ? STEP_RESUME : STEP_CALL;
}

const char *desk_step_word(enum desk_step step)
{
    static const char *const words[STEP_COUNT] = {"open",   "resume",         "call",  "start",
                                                  "accept", "finish_on_spot", "finish"};
    BUG_IF((unsigned)step >= STEP_COUNT);
    return words[step];
}

struct str need_title(const struct ctx *c, struct str need)
{
    static const struct {
        const char *code, *title;
    } needs[] = {
        {"no_stairs", /* tr */ "不能上楼"}, {"low_vision", /* tr */ "看不清"},
        {"deaf", /* tr */ "听不见"},        {"infant", /* tr */ "带婴儿"},
        {"pregnant", /* tr */ "孕妇"},      {"elderly", /* tr */ "老年人"},
        {"disabled", /* tr */ "残疾人"},    {"military", /* tr */ "军人"},
        {"foreign", /* tr */ "外国人"},
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (str_is(need, needs[i].code))
            return tr(c, needs[i].title);
    return need;
}

/* --- parts of the screen ------------------------------------------------------------------------ */

static enum err fill_choices(struct ctx *c, struct desk_screen *v)
{
    struct desk_rows rows;
    struct staff_row me;
    TRY(staff_by_its_id(c, c->actor.id, &me));
    TRY(desks(c, c->center_id, &rows));
    v->usual = me.desk_code;
    v->choices.v = ARENA_ARRAY(c->arena, struct desk_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq(rows.v[i].code, v->usual) && rows.v[i].staff_id == 0)
            desk_view_of(c, &rows.v[i], &v->choices.v[v->choices.n++]);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].staff_id == 0 && !str_eq(rows.v[i].code, v->usual))
            desk_view_of(c, &rows.v[i], &v->choices.v[v->choices.n++]);
    return E_OK;
}

static enum err fill_figures(struct ctx *c, const struct desk_row *d, struct desk_screen *v)
{
    struct desk_waiting_row waiting;
    struct served_at_desk_row served;
    TRY(desk_waiting(c, c->center_id, d->id, &waiting));
    TRY(served_at_desk(c, c->center_id, d->id, c->actor.id, date_start(today(c), c->zone_minutes),
                       &served));
    v->waiting = waiting.waiting;
    v->mine_today = served.served;
    v->mean_ms = served.served > 0 ? served.work_ms / served.served : 0;
    return E_OK;
}

static enum err fill_missed(struct ctx *c, const struct desk_row *d, struct desk_screen *v)
{
    struct ticket_row *t;
    v->missed = STR("");
    TRY(ticket_just_missed(c, c->center_id, d->id, c->now - CALL_AGE_MS, c->now - UNDO_MS, &t));
    if (t == NULL)
        return E_OK;
    v->missed = ticket_number_text(c, t->prefix, t->number);
    v->missed_until = t->ended_at + UNDO_MS;
    return E_OK;
}

/* Where one may be sent: other open windows, and the zones. */
static enum err fill_places(struct ctx *c, const struct desk_row *d, struct desk_screen *v)
{
    struct desk_rows rows;
    struct zone_rows zone_list;
    TRY(desks(c, c->center_id, &rows));
    v->others.v = ARENA_ARRAY(c->arena, struct desk_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].state == DESK_OPEN && rows.v[i].id != d->id)
            desk_view_of(c, &rows.v[i], &v->others.v[v->others.n++]);
    TRY(zones(c, c->center_id, &zone_list));
    v->zones.v = ARENA_ARRAY(c->arena, struct zone_view, zone_list.n + 1);
    v->zones.n = zone_list.n;
    for (size_t i = 0; i < zone_list.n; i++)
        v->zones.v[i] =
            (struct zone_view){.code = zone_list.v[i].code,
                               .name = name_in_lang(c, zone_list.v[i].name, zone_list.v[i].name_en),
                               .sign = zone_list.v[i].sign};
    return E_OK;
}

/* What the item asks for, as long as no case holds its own copy. */
static enum err fill_item(struct ctx *c, const struct item_row *item, struct desk_screen *v)
{
    struct item_paper_view_list list;
    v->item = item->code;
    v->item_name = item_name(c, item);
    v->item_version = item->version;
    v->is_immediate = item->is_immediate;
    TRY(item_papers(c, item->id, &list));
    v->papers.v = ARENA_ARRAY(c->arena, struct case_paper_view, list.n + 1);
    v->papers.n = list.n;
    for (size_t i = 0; i < list.n; i++)
        v->papers.v[i] = (struct case_paper_view){.position = list.v[i].position,
                                                  .name = list.v[i].name,
                                                  .kind = list.v[i].kind,
                                                  .copies = list.v[i].copies,
                                                  .necessity = list.v[i].necessity,
                                                  .standard = list.v[i].standard,
                                                  .on_site = list.v[i].on_site};
    return E_OK;
}

/* The ticket's item; when it names none, the one the clerk chose, or what his words find. */
static enum err fill_wanted(struct ctx *c, const struct ticket_row *t, struct str q,
                            struct str code, struct desk_screen *v)
{
    struct item_row item;
    struct item_list found = {.total = 0};
    struct item_search s = {.words = q,
                            .zone = STR(""),
                            .agency = STR(""),
                            .page = 1,
                            .page_size = ITEMS_FOUND};
    v->asks_item = t->item_id == 0;
    if (!v->asks_item) {
        TRY(item_by_its_id(c, t->item_id, &item));
        return fill_item(c, &item, v);
    }
    if (code.n > 0) {
        TRY(item_by_any_code(c, code, &item));
        return fill_item(c, &item, v);
    }
    if (q.n == 0)
        return E_OK;
    v->q = q;
    TRY(item_search(c, &s, &found));
    v->found = found.items;
    return E_OK;
}

static enum err fill_now(struct ctx *c, const struct ticket_row *t, struct str q, struct str item,
                         struct desk_screen *v)
{
    v->now = ARENA_NEW(c->arena, struct ticket_view);
    TRY(ticket_show(c, t, v->now));
    v->now_reason = ticket_call_reason(c, t);
    v->now_class = ticket_class_name(c, t->class);
    v->since = t->state == TICKET_SERVING ? t->started_at : t->called_at;
    v->now_needs.v = ARENA_ARRAY(c->arena, struct need_word, v->now->needs.n + 1);
    v->now_needs.n = v->now->needs.n;
    for (size_t i = 0; i < v->now->needs.n; i++)
        v->now_needs.v[i] = (struct need_word){.code = v->now->needs.v[i],
                                               .name = need_title(c, v->now->needs.v[i])};
    TRY(case_of_ticket(c, t, &v->case_));
    if (v->case_ != NULL) {
        v->papers = v->case_->papers;
        v->item = v->case_->item;
        v->item_name = v->case_->item_name;
        v->is_immediate = v->case_->is_immediate;
    } else {
        TRY(fill_wanted(c, t, q, item, v));
    }
    v->asks_name = v->case_ == NULL && v->now->name.n == 0;
    return E_OK;
}

static enum case_state state_of(const struct case_view *k)
{
    for (int s = 0; s < CASE_STATE_COUNT; s++)
        if (str_is(k->state, case_state_word(s)))
            return (enum case_state)s;
    BUG("a case without a state");
}

enum err desk_screen_fill(struct ctx *c, struct str q, struct str item, struct desk_screen *v)
{
    struct desk_row *d;
    struct ticket_row *t;
    struct desk_moment m = {.has_desk = false};
    *v = (struct desk_screen){.usual = STR(""), .missed = STR(""), .q = STR(""), .item = STR("")};
    TRY(tide_for_clerk(c, &v->tide));
    TRY(desk_of_staff(c, c->center_id, c->actor.id, &d));
    if (d == NULL) {
        v->step = str_of(desk_step_word(desk_step_of(&m)));
        return fill_choices(c, v);
    }
    v->desk = ARENA_NEW(c->arena, struct desk_view);
    desk_view_of(c, d, v->desk);
    v->zone_name = name_in_lang(c, d->zone_name, d->zone_name_en);
    TRY(duty_stand_in_words(c, d->code, &v->stand_in));
    TRY(fill_figures(c, d, v));
    TRY(alarm_of_desk(c, d->id, &v->alarm));
    TRY(ticket_of_desk(c, c->center_id, d->id, &t));
    m.has_desk = true;
    m.is_paused = d->state == DESK_PAUSED;
    if (t != NULL) {
        TRY(fill_now(c, t, q, item, v));
        TRY(fill_places(c, d, v));
        m.has_ticket = true;
        m.ticket = (enum ticket_state)t->state;
    } else {
        TRY(fill_missed(c, d, v));
    }
    if (v->case_ != NULL) {
        m.has_case = true;
        m.is_immediate = v->case_->is_immediate;
        m.case_ = state_of(v->case_);
    }
    v->step = str_of(desk_step_word(desk_step_of(&m)));
    return tickets_parked_at_actors_desk(c, &v->parked);
}
