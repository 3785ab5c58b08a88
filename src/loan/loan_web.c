/* Lending at the guide desk: a kind is enough, the program picks a free one; a visit's token ties the
 * loan to the person's day. */
#include "assist.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"
#include "loan.h"
#include "party.h"
#include "thing.h"
#include "ticket.h"

enum err loans_show(struct ctx *c, struct reply *r, struct loan_page *v)
{
    (void)r;
    struct things_with_state_rows things;
    TRY(loans_out(c, &v->items));
    TRY(loan_kinds(c, &v->kinds));
    TRY(things_with_state(c, c->center_id, &things));
    v->things.v = ARENA_ARRAY(c->arena, struct thing_line, things.n + 1);
    for (size_t i = 0; i < things.n; i++) {
        const struct things_with_state_row *t = &things.v[i];
        bool is_english = c->lang == LANG_EN;
        v->things.v[v->things.n++] =
            (struct thing_line){.code = t->code,
                                .name = is_english ? t->name_en : t->name,
                                .kind = t->kind,
                                .place = is_english ? t->place_en : t->place,
                                .is_free = t->open_loan == 0};
    }
    for (size_t i = 0; i < v->items.n; i++)
        v->late += v->items.v[i].is_late ? 1 : 0;
    v->total = (int64_t)v->items.n;
    return E_OK;
}

/* The thing named, the one that is kept for a request for help, or any that is free and promised to nobody
 * until it is due back. */
static enum err thing_wanted(struct ctx *c, const struct lend_form *f, int64_t due_at,
                             struct thing_by_code_row **ret)
{
    struct thing_held_for_row *held = NULL;
    bool promised = false;
    *ret = NULL;
    if (f->help != 0)
        TRY(thing_held_for(c, c->center_id, f->help, &held));
    if (f->thing.n > 0)
        TRY(thing_by_code(c, c->center_id, f->thing, ret));
    else if (held != NULL)
        TRY(thing_by_id(c, c->center_id, held->id, ret));
    else
        TRY(thing_free_of_kind(c, c->center_id, f->kind, c->now / HALF_HOUR_MS,
                               due_at / HALF_HOUR_MS, ret));
    if (*ret != NULL)
        TRY(thing_is_promised(c, (*ret)->id, c->now, due_at, f->help, &promised));
    if (promised)
        return fail_field(c, E_LOAN_PROMISED, "thing", "thing %.*s", STR_ARG((*ret)->code));
    if (*ret == NULL && f->thing.n == 0)
        return fail_field(c, E_LOAN_NONE_FREE, "kind", "kind %.*s", STR_ARG(f->kind));
    return *ret == NULL ? fail_field(c, E_NOT_FOUND, "thing", "thing %.*s", STR_ARG(f->thing))
                        : E_OK;
}

/* Who asked for help and had a thing kept for it need not be named again. */
static enum err helped_one(struct ctx *c, int64_t assist_id, int64_t *ret_thread,
                           struct str *ret_name)
{
    struct assist_row *a;
    TRY(assist(c, c->center_id, assist_id, &a));
    if (a == NULL)
        return fail_field(c, E_NOT_FOUND, "help", "assist %lld", (long long)assist_id);
    *ret_thread = a->thread;
    if (ret_name->n == 0)
        *ret_name = a->who.n > 0 ? a->who : tr(c, "求助的人");
    return E_OK;
}

/* Who borrows: the visit's name when a token is given, else the name told. */
static enum err borrower_of(struct ctx *c, const struct lend_form *f, int64_t *ret_thread,
                            struct str *ret_name)
{
    *ret_thread = 0;
    *ret_name = mask_name(c->arena, f->name);
    if (f->visit.n == 0 && f->help != 0)
        return helped_one(c, f->help, ret_thread, ret_name);
    if (f->visit.n == 0)
        return f->name.n > 0 ? E_OK
                             : fail_field(c, E_NAME_MISSING, "name", "neither visit nor name");
    struct ticket_row t;
    TRY(ticket_by_its_token(c, f->visit, &t));
    *ret_thread = t.thread;
    if (f->name.n == 0)
        *ret_name = t.name_masked;
    return E_OK;
}

enum err loan_lend(struct ctx *c, const struct lend_form *f, struct reply *r, struct loan_line *v)
{
    struct thing_by_code_row *thing;
    struct loan_row *made;
    int64_t thread, id = new_id(c), due_at = c->now + setting_loan_due_hours(c) * INT64_C(3600000);
    struct str borrower;
    TRY(thing_wanted(c, f, due_at, &thing));
    TRY(borrower_of(c, f, &thread, &borrower));
    enum err e = loan_add(c, c->center_id, id, public_token(c), thing->id, thread, borrower,
                          party_seal(c, f->phone), c->now, due_at, c->actor.id,
                          f->note.p != NULL ? f->note : STR(""));
    if (e == E_UNIQUE)
        return fail_field(c, E_LOAN_TAKEN, "thing", "thing %.*s", STR_ARG(thing->code));
    TRY(e);
    if (f->help != 0)
        TRY(thing_hold_end(c, c->center_id, f->help));
    TRY(loan(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    TRY(journal_add(c, EV_LOAN_LENT, id, thread, loan_facts(c, made), STR_NONE));
    *v = loan_line_of(c, made);
    reply_back(r, f->back, "/loans");
    return E_OK;
}

enum err loan_take_back(struct ctx *c, const struct take_back_form *f, struct reply *r,
                        struct loan_line *v)
{
    struct loan_row *l;
    int64_t changed;
    TRY(loan(c, c->center_id, f->id, &l));
    if (l == NULL)
        return fail(c, E_NOT_FOUND, "loan %lld", (long long)f->id);
    TRY(loan_return_changes(c, c->center_id, f->id, c->now, c->actor.id, &changed));
    if (changed == 0)
        return fail(c, E_LOAN_RETURNED, "loan %lld", (long long)f->id);
    l->returned_at = c->now;
    TRY(journal_add(c, EV_LOAN_RETURNED, f->id, l->thread, loan_facts(c, l), STR_NONE));
    *v = loan_line_of(c, l);
    reply_back(r, f->back, "/loans");
    return E_OK;
}

/* To remind somebody; the reading is journalled (PIPL 51). */
enum err loan_phone_show(struct ctx *c, const struct take_back_form *f, struct reply *r,
                         struct loan_phone *v)
{
    struct loan_row *l;
    (void)r;
    TRY(loan(c, c->center_id, f->id, &l));
    if (l == NULL)
        return fail(c, E_NOT_FOUND, "loan %lld", (long long)f->id);
    TRY(party_unseal(c, l->phone_sealed, &v->phone));
    if (v->phone.n == 0)
        return fail(c, E_LOAN_NO_PHONE, "loan %lld", (long long)f->id);
    v->borrower = l->borrower;
    v->thing = c->lang == LANG_EN && l->name_en.n > 0 ? l->name_en : l->name;
    /* zh: a value of the journal */
    return journal_add(c, EV_PARTY_READ, l->id, l->thread,
                       event_facts(c, "purpose", STR("提醒还东西"), NULL), STR_NONE);
}
