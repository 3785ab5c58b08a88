/* The stock, its labels, what people report by them, checks, repair, and giving out medicine. A visitor's report
 * takes nothing out of use: a colleague looks first. */
#include "thing.h"

#include "clock.h"
#include "hall.h"
#include "identify.h"
#include "journal.h"
#include "qr.h"
#include "settings.h"

static struct str in_lang(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

static struct str state_name(const struct ctx *c, struct str state)
{
    if (str_is(state, "reported"))
        return tr(c, "有人报修，还没看");
    if (str_is(state, "repairing"))
        return tr(c, "正在修，不能用");
    if (str_is(state, "scrapped"))
        return tr(c, "已报废");
    return tr(c, "好用");
}

static struct str fault_state_name(const struct ctx *c, struct str state)
{
    if (str_is(state, "repairing"))
        return tr(c, "正在修");
    if (str_is(state, "mended"))
        return tr(c, "修好了");
    return str_is(state, "scrapped") ? tr(c, "已报废") : tr(c, "还没处理");
}

static struct texts points_of(struct ctx *c, struct str list)
{
    struct texts points = {ARENA_ARRAY(c->arena, struct str, 21), 0};
    for (struct str rest = list; rest.p != NULL && points.n < 20;) {
        struct str one = str_trim(str_cut(&rest, ';'));
        if (one.n > 0)
            points.v[points.n++] = one;
    }
    return points;
}

static void fill(struct ctx *c, const struct thing_stock_row *t, struct thing_view *v)
{
    *v =
        (struct thing_view){.id = t->id,
                            .label = t->label,
                            .code = t->code,
                            .name = in_lang(c, t->name, t->name_en),
                            .kind = t->kind,
                            .place = in_lang(c, t->place, t->place_en),
                            .quantity = t->quantity,
                            .state = t->state,
                            .state_name = state_name(c, t->state),
                            .is_lendable = t->lendable,
                            .is_given = str_is(t->kind, "medicine"),
                            .points = points_of(c, t->checklist),
                            .checked_at = t->checked_at,
                            .checked_by = t->checked_by,
                            .check_late = t->is_usable &&
                                          thing_check_is_late(t->checked_at, t->check_days, c->now),
                            .expires_on = t->expires_on,
                            .is_expired = thing_is_expired(t->expires_on, today(c)),
                            .expires_soon = thing_expires_soon(t->expires_on, today(c),
                                                               setting_thing_warn_days(c)),
                            .qr = str_fmt(c->arena, "/things/%.*s/qr.svg", STR_ARG(t->label))};
}

static enum err fill_faults(struct ctx *c, const struct thing_faults_open_rows *all,
                            struct thing_view *v)
{
    v->faults.v = ARENA_ARRAY(c->arena, struct thing_fault_view, all->n + 1);
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].thing_id == v->id)
            v->faults.v[v->faults.n++] =
                (struct thing_fault_view){.id = all->v[i].id,
                                          .what = all->v[i].what,
                                          .at = all->v[i].at,
                                          .by = all->v[i].by_name,
                                          .state = all->v[i].state,
                                          .state_name = fault_state_name(c, all->v[i].state),
                                          .note = all->v[i].note};
    return E_OK;
}

static enum err show_one(struct ctx *c, int64_t id, struct thing_view *v)
{
    struct thing_stock_row *t;
    struct thing_faults_open_rows faults;
    TRY(thing_stock(c, c->center_id, id, &t));
    if (t == NULL)
        return fail(c, E_THING_UNKNOWN, "thing %lld", (long long)id);
    TRY(thing_faults_open(c, c->center_id, &faults));
    fill(c, t, v);
    return fill_faults(c, &faults, v);
}

enum err things_show(struct ctx *c, struct reply *r, struct thing_stock_page *v)
{
    struct thing_stock_all_rows rows;
    struct thing_faults_open_rows faults;
    (void)r;
    TRY(thing_stock_all(c, c->center_id, &rows));
    TRY(thing_faults_open(c, c->center_id, &faults));
    v->items.v = ARENA_ARRAY(c->arena, struct thing_view, rows.n + 1);
    v->items.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        struct thing_view *one = &v->items.v[i];
        fill(c, &rows.v[i], one);
        TRY(fill_faults(c, &faults, one));
        v->late += one->check_late ? 1 : 0;
        v->expired += one->is_expired ? 1 : 0;
        v->soon += one->expires_soon ? 1 : 0;
    }
    v->faults = (int64_t)faults.n;
    v->total = (int64_t)rows.n;
    return E_OK;
}

enum err things_labels_show(struct ctx *c, struct reply *r, struct thing_labels *v)
{
    struct thing_stock_all_rows rows;
    (void)r;
    TRY(thing_stock_all(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct thing_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].label.n > 0 && !str_is(rows.v[i].state, "scrapped"))
            fill(c, &rows.v[i], &v->items.v[v->items.n++]);
    return E_OK;
}

static enum err labelled(struct ctx *c, struct str label, struct thing_stock_row **ret)
{
    TRY(thing_by_label(c, c->center_id, label, ret));
    return *ret == NULL ? fail(c, E_THING_UNKNOWN, "no such label") : E_OK;
}

enum err thing_show(struct ctx *c, const struct thing_label_form *f, struct reply *r,
                    struct thing_view *v)
{
    struct thing_stock_row *t;
    (void)r;
    TRY(labelled(c, f->label, &t));
    return show_one(c, t->id, v);
}

enum err thing_qr(struct ctx *c, const struct thing_label_form *f, struct reply *r)
{
    struct thing_stock_row *t;
    struct str host = c->request == NULL || c->request->host.p == NULL ? STR("") : c->request->host;
    TRY(labelled(c, f->label, &t));
    struct str svg =
        qr_svg(c->arena, str_fmt(c->arena, "%.*s/things/%.*s", STR_ARG(host), STR_ARG(t->label)));
    if (svg.p == NULL)
        return fail(c, E_INTERNAL, "no QR code for a label");
    reply_body(r, "image/svg+xml", svg);
    return E_OK;
}

enum err thing_fault_limit(struct ctx *c, struct thing_fault_told_form *f)
{
    TRY(limit_take(c, "fault", STR_NONE, 10));
    return limit_take(c, "fault of", f->label, 5);
}

enum err thing_fault_tell(struct ctx *c, const struct thing_fault_told_form *f, struct reply *r,
                          struct thing_view *v)
{
    struct thing_stock_row *t;
    TRY(labelled(c, f->label, &t));
    TRY(thing_fault_add(c, c->center_id, new_id(c), t->id, f->what, c->now,
                        c->actor.kind == ACTOR_STAFF ? c->actor.name : STR("")));
    if (str_is(t->state, "good"))
        TRY(thing_state_set(c, c->center_id, t->id, STR("reported"), t->is_usable));
    TRY(journal_add(c, EV_THING_FAULT, t->id, 0, event_facts(c, "thing", t->name, NULL), STR_NONE));
    reply_see(r, "/things/%.*s", STR_ARG(f->label));
    return show_one(c, t->id, v);
}

enum err thing_check_it(struct ctx *c, const struct thing_look_form *f, struct reply *r,
                        struct thing_view *v)
{
    struct thing_stock_row *t;
    TRY(thing_stock(c, c->center_id, f->id, &t));
    if (t == NULL)
        return fail(c, E_THING_UNKNOWN, "thing %lld", (long long)f->id);
    bool is_good = f->good && f->found.n == 0;
    TRY(thing_check_add(c, c->center_id, new_id(c), t->id, c->now, c->actor.name, is_good,
                        str_or_empty(f->found)));
    TRY(thing_checked_set(c, c->center_id, t->id, c->now, c->actor.name));
    if (!is_good) {
        TRY(thing_fault_add(c, c->center_id, new_id(c), t->id,
                            f->found.n > 0 ? f->found : tr(c, "检查时不好用"), c->now,
                            c->actor.name));
        if (str_is(t->state, "good"))
            TRY(thing_state_set(c, c->center_id, t->id, STR("reported"), t->is_usable));
    }
    /* zh: a value of the journal */
    TRY(journal_add(c, EV_THING_CHECKED, t->id, 0,
                    event_facts(c, "thing", t->name, "result",
                                is_good ? STR("好用") : STR("有问题"), NULL),
                    STR_NONE));
    reply_see(r, "/things");
    return show_one(c, t->id, v);
}

/* No medicine after its day, and never more than there is. */
enum err thing_give_out(struct ctx *c, const struct thing_give_form *f, struct reply *r,
                        struct thing_view *v)
{
    struct thing_stock_row *t;
    int64_t changed;
    TRY(thing_stock(c, c->center_id, f->id, &t));
    if (t == NULL)
        return fail(c, E_THING_UNKNOWN, "thing %lld", (long long)f->id);
    if (!str_is(t->kind, "medicine"))
        return fail(c, E_THING_NOT_GIVEN, "thing %lld", (long long)f->id);
    if (thing_is_expired(t->expires_on, today(c)))
        return fail(c, E_THING_EXPIRED, "thing %lld on %d", (long long)f->id, t->expires_on);
    TRY(thing_take_changes(c, c->center_id, t->id, f->quantity, &changed));
    if (changed == 0)
        return fail_field(c, E_THING_TOO_FEW, "quantity", "thing %lld", (long long)f->id);
    TRY(thing_given_add(c, c->center_id, new_id(c), t->id, f->quantity,
                        f->who.n > 0 ? mask_name(c->arena, f->who) : STR(""), f->why, c->now,
                        c->actor.name));
    TRY(journal_add(c, EV_THING_GIVEN, t->id, 0,
                    event_facts(c, "thing", t->name, "quantity",
                                str_fmt(c->arena, "%lld", (long long)f->quantity), NULL),
                    STR_NONE));
    reply_see(r, "/things");
    return show_one(c, t->id, v);
}

/* A thing is good again when nothing else is open about it. */
static enum err state_after(struct ctx *c, int64_t thing_id, struct str settled)
{
    struct thing_faults_open_rows faults;
    bool open = false, repairing = false;
    if (str_is(settled, "scrapped"))
        return thing_state_set(c, c->center_id, thing_id, settled, false);
    TRY(thing_faults_open(c, c->center_id, &faults));
    for (size_t i = 0; i < faults.n; i++)
        if (faults.v[i].thing_id == thing_id) {
            open = true;
            repairing = repairing || str_is(faults.v[i].state, "repairing");
        }
    return thing_state_set(c, c->center_id, thing_id,
                           repairing ? STR("repairing")
                           : open    ? STR("reported")
                                     : STR("good"),
                           !repairing);
}

enum err thing_fault_settle(struct ctx *c, const struct thing_settle_form *f, struct reply *r,
                            struct thing_view *v)
{
    struct thing_fault_row *fault;
    struct thing_stock_row *t;
    int64_t changed;
    struct str state = str_of(thing_settle_state_words[f->state]);
    bool is_end = f->state != THING_SETTLE_STATE_REPAIRING;
    TRY(thing_fault(c, c->center_id, f->id, &fault));
    if (fault == NULL)
        return fail(c, E_NOT_FOUND, "fault %lld", (long long)f->id);
    TRY(thing_fault_move_changes(c, c->center_id, f->id, state, str_or_empty(f->note),
                                 is_end ? c->now : 0, is_end ? c->actor.name : STR(""), &changed));
    if (changed == 0)
        return fail(c, E_THING_SETTLED, "fault %lld", (long long)f->id);
    TRY(state_after(c, fault->thing_id, state));
    TRY(thing_stock(c, c->center_id, fault->thing_id, &t));
    BUG_IF(t == NULL);
    struct ctx zh = *c;
    zh.lang = LANG_ZH; /* the journal speaks the hall's own language */
    TRY(journal_add(c, EV_THING_SETTLED, t->id, 0,
                    event_facts(c, "thing", t->name, "state", fault_state_name(&zh, state), NULL),
                    STR_NONE));
    reply_see(r, "/things");
    return show_one(c, t->id, v);
}
