/* Asking for help, following it, and the helper's phone. A browser that asked lands on the page of
 * its request; a helper always lands on his one card. */
#include "assist.h"

#include "calendar.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "party.h"
#include "settings.h"

static enum err views_of(struct ctx *c, const struct assist_row *rows, size_t n,
                         struct assist_view_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct assist_view, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        TRY(assist_view_of(c, &rows[i], &ret->v[i]));
    return E_OK;
}

enum err assists_now(struct ctx *c, struct assist_view_list *ret)
{
    struct assist_rows rows;
    TRY(assists_open(c, c->center_id, &rows));
    return views_of(c, rows.v, rows.n, ret);
}

enum err assists_show(struct ctx *c, struct reply *r, struct assist_list *v)
{
    (void)r;
    TRY(assists_now(c, &v->items));
    v->total = (int64_t)v->items.n;
    return E_OK;
}

static enum err by_token(struct ctx *c, struct str token, struct assist_row **ret)
{
    TRY(assist_by_token(c, c->center_id, token, ret));
    if (*ret == NULL)
        return fail(c, E_NOT_FOUND, "no such request for help");
    return E_OK;
}

enum err assist_ask_limit(struct ctx *c, struct assist_ask_form *f)
{
    (void)f;
    return limit_take(c, "assist", STR_NONE, 60);
}

/* "09:30" or "9:30" as minutes of the day, -1 when it is neither. */
static int64_t minute_of(struct str s)
{
    struct str rest = s;
    int64_t hour, minute;
    struct str first = str_cut(&rest, ':');
    if (!str_to_int(first, &hour) || rest.n != 2 || !str_to_int(rest, &minute) || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return -1;
    return hour * 60 + minute;
}

/* The time of a request made ahead: within the days allowed, while the hall is open. */
static enum err when_wanted(struct ctx *c, const struct assist_ask_form *f, int64_t *ret)
{
    struct openings_of_rows open;
    int64_t minute = minute_of(f->at);
    int32_t on = f->on == 0 ? today(c) : f->on;
    *ret = 0;
    if (f->at.n == 0 && f->on == 0)
        return E_OK;
    int64_t at = date_start(on, c->zone_minutes) + minute * MINUTE_MS;
    if (minute < 0 || at <= c->now || date_diff(today(c), on) > setting_assist_days_ahead(c))
        return fail_field(c, E_ASSIST_WHEN, "at", "%d %.*s", on, STR_ARG(f->at));
    TRY(calendar_sessions_on(c, on, &open));
    for (size_t i = 0; i < open.n; i++)
        if (minute >= open.v[i].open_minute && minute < open.v[i].close_minute)
            *ret = at;
    return *ret != 0 ? E_OK
                     : fail_field(c, E_ASSIST_WHEN, "at", "closed %d %.*s", on, STR_ARG(f->at));
}

/* The list of a form as codes with blanks between. */
static struct str joined(struct ctx *c, struct texts list)
{
    struct str all = STR("");
    for (size_t i = 0; i < list.n; i++)
        all = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all), i > 0 ? " " : "", STR_ARG(list.v[i]));
    return all;
}

static enum err wish_of(struct ctx *c, const struct assist_ask_form *f, struct assist_wish *ret)
{
    static const char *const kinds[] = {"escort", "stairs", "form", "wheelchair", "bus", "other"};
    struct assist_visit_row *visit = NULL;
    if (f->visit.n > 0)
        TRY(assist_visit(c, c->center_id, f->visit, &visit));
    *ret = (struct assist_wish){
        .thread = visit == NULL ? 0 : visit->thread,
        .kind = str_of(kinds[f->kind >= 0 && f->kind < 6 ? f->kind : 5]),
        .place_from = f->place_from,
        .place_to = f->place_to,
        .what = f->what,
        .who = f->name.n > 0 ? mask_name(c->arena, f->name) : STR(""),
        .phone = f->phone,
        .source = f->source < 0 ? STR("") : str_of(assist_ask_source_words[f->source]),
        .floor = f->floor,
        .skills = joined(c, f->skills),
        .chair = f->chair,
    };
    return when_wanted(c, f, &ret->wanted_at);
}

enum err assist_ask_for(struct ctx *c, const struct assist_ask_form *f, struct reply *r,
                        struct assist_view *v)
{
    struct assist_wish wish;
    struct assist_row *row;
    struct str token;
    int64_t id;
    TRY(wish_of(c, f, &wish));
    TRY(assist_request(c, &wish, &id, &token));
    TRY(by_token(c, token, &row));
    reply_back(r, f->back, str_z(c->arena, str_fmt(c->arena, "/assists/%.*s", STR_ARG(token))));
    return assist_view_of(c, row, v);
}

enum err assist_show(struct ctx *c, const struct assist_token_form *f, struct reply *r,
                     struct assist_view *v)
{
    struct assist_row *row;
    (void)r;
    TRY(by_token(c, f->token, &row));
    return assist_view_of(c, row, v);
}

enum err assist_withdraw(struct ctx *c, const struct assist_token_form *f, struct reply *r,
                         struct assist_view *v)
{
    struct assist_row *row;
    TRY(by_token(c, f->token, &row));
    TRY(assist_withdrawn(c, row));
    reply_see(r, "/assists/%.*s", STR_ARG(f->token));
    return assist_view_of(c, row, v);
}

static enum err step(struct ctx *c, int64_t id, enum assist_act act, struct reply *r,
                     struct assist_view *v)
{
    struct assist_row row;
    TRY(assist_move_on(c, id, act, &row));
    reply_see(r, "/helper");
    return assist_view_of(c, &row, v);
}

enum err assist_accept(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                       struct assist_view *v)
{
    return step(c, f->id, ASSIST_ACT_ACCEPT, r, v);
}

enum err assist_arrive(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                       struct assist_view *v)
{
    return step(c, f->id, ASSIST_ACT_ARRIVE, r, v);
}

enum err assist_complete(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                         struct assist_view *v)
{
    return step(c, f->id, ASSIST_ACT_COMPLETE, r, v);
}

enum err assist_cancel(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                       struct assist_view *v)
{
    return step(c, f->id, ASSIST_ACT_CANCEL, r, v);
}

/* Only who goes there may read the number, and the reading is journalled (PIPL 51). */
enum err assist_phone_show(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                           struct assist_phone *v)
{
    struct assist_row *a;
    TRY(assist(c, c->center_id, f->id, &a));
    if (a == NULL)
        return fail(c, E_NOT_FOUND, "assist %lld", (long long)f->id);
    if (a->helper_id != c->actor.id || a->state >= ASSIST_DONE)
        return fail(c, E_ASSIST_NOT_YOURS, "assist %lld", (long long)f->id);
    TRY(party_unseal(c, a->phone_sealed, &v->phone));
    if (v->phone.n == 0)
        return fail(c, E_ASSIST_NO_PHONE, "assist %lld", (long long)f->id);
    /* zh: a value of the journal */
    TRY(journal_add(c, EV_PARTY_READ, a->id, a->thread,
                    event_facts(c, "purpose", STR("帮办联系"), NULL), STR_NONE));
    reply_see(r, "/helper");
    return E_OK;
}

/* Where a row belongs on the helper's phone; the actor's own skills decide what he may take. */
static enum err put_on_page(struct ctx *c, const struct assist_row *a, struct str skills,
                            struct helper_page *v)
{
    struct assist_view *to;
    if (a->helper_id == c->actor.id) {
        v->mine = ARENA_NEW(c->arena, struct assist_view);
        to = v->mine;
    } else if (a->state != ASSIST_REQUESTED) {
        v->others++;
        return E_OK;
    } else if (c->now < assist_due_from(c, a)) {
        to = &v->later.v[v->later.n++];
    } else {
        to = &v->waiting.v[v->waiting.n++];
    }
    TRY(assist_view_of(c, a, to));
    to->is_for_me = a->offered_id == c->actor.id && a->told == TOLD_ONE;
    to->can_take =
        a->told >= TOLD_OFFICER || has_role(c, ROLE_DUTY) || skills_cover(skills, a->skills);
    return E_OK;
}

/* Those I was asked for first, then those I can do, then the rest; inside each the longest waiting. */
static void mine_first(struct assist_view_list *all)
{
    for (size_t i = 1; i < all->n; i++) {
        struct assist_view moved = all->v[i];
        int rank = moved.is_for_me ? 2 : moved.can_take ? 1 : 0;
        size_t at = i;
        while (at > 0) {
            const struct assist_view *before = &all->v[at - 1];
            if ((before->is_for_me ? 2 : before->can_take ? 1 : 0) >= rank)
                break;
            all->v[at] = all->v[at - 1];
            at--;
        }
        all->v[at] = moved;
    }
}

static enum err fill_helper_page(struct ctx *c, struct helper_page *v)
{
    struct helper_shift_row *shift;
    struct assist_rows rows;
    struct helpers_on_row on;
    struct str skills;
    TRY(helper_shift(c, c->center_id, c->actor.id, &shift));
    TRY(helpers_on(c, c->center_id, &on));
    TRY(assists_open(c, c->center_id, &rows));
    TRY(skills_of_staff(c, c->actor.id, &skills));
    TRY(skill_views(c, skills, &v->skills));
    v->on_duty = shift != NULL;
    v->floor = shift == NULL ? 0 : shift->floor;
    v->helpers_on = on.helpers;
    v->waiting.v = ARENA_ARRAY(c->arena, struct assist_view, rows.n + 1);
    v->later.v = ARENA_ARRAY(c->arena, struct assist_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        TRY(put_on_page(c, &rows.v[i], skills, v));
    mine_first(&v->waiting);
    return E_OK;
}

enum err helper_show(struct ctx *c, struct reply *r, struct helper_page *v)
{
    (void)r;
    return fill_helper_page(c, v);
}

enum err helper_go_on(struct ctx *c, const struct helper_on_form *f, struct reply *r,
                      struct helper_page *v)
{
    struct helper_shift_row *shift;
    TRY(helper_shift(c, c->center_id, c->actor.id, &shift));
    if (shift != NULL && shift->floor != f->floor) {
        TRY(helper_shift_end(c, c->center_id, c->actor.id, c->now));
        shift = NULL;
    }
    if (shift == NULL) {
        TRY(helper_shift_add(c, c->center_id, new_id(c), c->actor.id, f->floor, c->now));
        TRY(journal_add(c, EV_HELPER_ON_DUTY, c->actor.id, 0,
                        event_facts(c, "helper", c->actor.name, NULL), STR_NONE));
    }
    reply_see(r, "/helper");
    return fill_helper_page(c, v);
}

enum err helper_go_off(struct ctx *c, struct reply *r, struct helper_page *v)
{
    int64_t changed;
    TRY(helper_shift_end_changes(c, c->center_id, c->actor.id, c->now, &changed));
    if (changed > 0)
        TRY(journal_add(c, EV_HELPER_OFF_DUTY, c->actor.id, 0,
                        event_facts(c, "helper", c->actor.name, NULL), STR_NONE));
    reply_see(r, "/helper");
    return fill_helper_page(c, v);
}
