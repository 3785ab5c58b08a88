/* Asking for help, following it, and the helper's phone. A browser that asked lands on the page of
 * its request; a helper always lands on his one card. */
#include "assist.h"

#include "hall.h"
#include "journal.h"
#include "party.h"

static struct str state_word(int64_t state)
{
    static const char *const words[] = {"requested", "accepted", "arrived", "done", "cancelled"};
    return str_of(state >= 0 && state < ASSIST_STATE_COUNT ? words[state] : "");
}

static struct str state_name(const struct ctx *c, const struct assist_row *a)
{
    switch (a->state) {
    case ASSIST_REQUESTED:
        return tr(c, "已经告诉帮办员，请稍等");
    case ASSIST_ACCEPTED:
        return tr_fill(c, "{helper}正在过来", "helper", a->helper_name, NULL);
    case ASSIST_ARRIVED:
        return tr_fill(c, "{helper}到了", "helper", a->helper_name, NULL);
    case ASSIST_DONE:
        return tr(c, "帮忙完成");
    default:
        return tr(c, "求助已取消");
    }
}

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

enum err assist_view_of(struct ctx *c, const struct assist_row *a, struct assist_view *ret)
{
    struct helpers_on_row on;
    struct str kind = assist_kind_name(c, a->kind);
    TRY(helpers_on(c, c->center_id, &on));
    *ret = (struct assist_view){
        .id = a->id,
        .token = a->token,
        .kind = a->kind,
        .kind_name = kind,
        .place_from = a->place_from,
        .place_to = a->place_to,
        .what = a->what.n > 0 ? a->what : kind,
        .who = a->who,
        .state = state_word(a->state),
        .state_name = state_name(c, a),
        .helper = or_empty(a->helper_name),
        .requested_at = a->requested_at,
        .accepted_at = a->accepted_at,
        .arrived_at = a->arrived_at,
        .ended_at = a->ended_at,
        .is_late = a->escalated_at != 0,
        .is_mine = a->helper_id != 0 && c->actor.kind == ACTOR_STAFF && a->helper_id == c->actor.id,
        .has_phone = a->phone_sealed.p != NULL,
        .helpers_on = on.helpers,
        .link = str_fmt(c->arena, "/assists/%.*s", STR_ARG(a->token)),
    };
    return E_OK;
}

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

enum err assist_ask_for(struct ctx *c, const struct assist_ask_form *f, struct reply *r,
                        struct assist_view *v)
{
    static const char *const kinds[] = {"escort", "stairs", "form", "wheelchair", "bus", "other"};
    struct assist_visit_row *visit = NULL;
    struct assist_row *row;
    struct str token;
    int64_t id;
    if (f->visit.n > 0)
        TRY(assist_visit(c, c->center_id, f->visit, &visit));
    struct assist_wish wish = {
        .thread = visit == NULL ? 0 : visit->thread,
        .kind = str_of(kinds[f->kind >= 0 && f->kind < 6 ? f->kind : 5]),
        .place_from = f->place_from,
        .place_to = f->place_to,
        .what = f->what,
        .who = f->name.n > 0 ? mask_name(c->arena, f->name) : STR(""),
        .phone = f->phone,
    };
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

static enum err fill_helper_page(struct ctx *c, struct helper_page *v)
{
    struct helper_shift_row *shift;
    struct assist_rows rows;
    struct helpers_on_row on;
    TRY(helper_shift(c, c->center_id, c->actor.id, &shift));
    TRY(helpers_on(c, c->center_id, &on));
    TRY(assists_open(c, c->center_id, &rows));
    v->on_duty = shift != NULL;
    v->floor = shift == NULL ? 0 : shift->floor;
    v->helpers_on = on.helpers;
    v->waiting.v = ARENA_ARRAY(c->arena, struct assist_view, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].helper_id == c->actor.id) {
            v->mine = ARENA_NEW(c->arena, struct assist_view);
            TRY(assist_view_of(c, &rows.v[i], v->mine));
        } else if (rows.v[i].state == ASSIST_REQUESTED) {
            TRY(assist_view_of(c, &rows.v[i], &v->waiting.v[v->waiting.n++]));
        } else {
            v->others++;
        }
    }
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
