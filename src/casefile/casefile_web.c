/* Cases over HTTP. The applicant sees his case with its number and the token he was given; staff
 * sees it without; nobody sees a name in full here, so nothing is read that needs a trace. */
#include "casefile.h"

#include "crypt.h"
#include "ticket.h"

#define PAGE_SIZE    50
#define COUNTED_MOST 1000

/* What a clerk hands over to the applicant; other staff has no use for it. */
static enum err show(struct ctx *c, struct str number, struct reply *r, struct case_made *v)
{
    struct casefile_row k;
    TRY(case_by_its_number(c, number, &k));
    if (may(c, RIGHT_CASE_TAKE))
        v->case_.token = k.token;
    reply_see(r, may(c, RIGHT_CASE_TAKE) ? "/review/%.*s" : "/cases/%.*s", STR_ARG(k.number));
    return E_OK;
}

static enum err move(struct ctx *c, struct str number, const struct case_doing *d, struct reply *r,
                     struct case_made *v)
{
    TRY(case_make_move(c, number, d, &v->case_));
    return show(c, number, r, v);
}

static enum err act(struct ctx *c, struct str number, enum case_act a, struct str opinion,
                    struct reply *r, struct case_made *v)
{
    const struct case_doing d = {.act = a, .opinion = opinion};
    return move(c, number, &d, r, v);
}

static int64_t state_of(int choice)
{
    return choice;
} /* the words of case_query stand in the order of the enum */

static enum err list_rows(struct ctx *c, int choice, int64_t skip, struct casefile_rows *ret,
                          int64_t *ret_total)
{
    struct casefiles_open_count_row all;
    struct casefiles_open_in_count_row some;
    struct casefiles_closed_count_row closed;
    if (choice == CASE_QUERY_STATE_CLOSED) {
        TRY(casefiles_closed(c, c->center_id, skip, ret));
        TRY(casefiles_closed_count(c, c->center_id, &closed));
        *ret_total = closed.cases;
    } else if (choice == CASE_QUERY_STATE_UNSET) {
        TRY(casefiles_open(c, c->center_id, skip, ret));
        TRY(casefiles_open_count(c, c->center_id, &all));
        *ret_total = all.cases;
    } else {
        TRY(casefiles_open_in(c, c->center_id, state_of(choice), skip, ret));
        TRY(casefiles_open_in_count(c, c->center_id, state_of(choice), &some));
        *ret_total = some.cases;
    }
    return E_OK;
}

enum err cases_show(struct ctx *c, const struct case_query_form *f, struct reply *r,
                    struct case_list *v)
{
    struct casefile_rows rows;
    (void)r;
    TRY(list_rows(c, f->state, (f->page - 1) * PAGE_SIZE, &rows, &v->total));
    v->items.v = ARENA_ARRAY(c->arena, struct case_view, rows.n + 1);
    v->items.n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        TRY(case_view_of(c, &rows.v[i], &v->items.v[i]));
    v->total_is = v->total > COUNTED_MOST ? STR("at_least") : STR("exact");
    v->total = v->total > COUNTED_MOST ? COUNTED_MOST : v->total;
    v->next = rows.n == PAGE_SIZE ? str_fmt(c->arena, "%lld", (long long)f->page + 1) : STR("");
    return E_OK;
}

static bool is_same_token(struct str a, struct str b)
{
    return a.n == b.n && a.n > 0 && equal_in_constant_time(a.p, b.p, a.n);
}

/* A wrong token and a number that does not exist look the same. */
enum err case_show(struct ctx *c, const struct case_number_form *f, struct reply *r,
                   struct case_made *v)
{
    struct casefile_row k;
    (void)r;
    TRY(case_by_its_number(c, f->number, &k));
    bool has_token = is_same_token(f->token, k.token);
    if (!has_token && !may(c, RIGHT_CASE_SEE))
        return fail(c, E_NO_SUCH_CASE, "case %.*s: wrong token", STR_ARG(f->number));
    TRY(case_view_whole(c, &k, &v->case_));
    TRY(case_fill_documents(c, &k, has_token, &v->case_));
    if (has_token || may(c, RIGHT_CASE_TAKE))
        v->case_.token = k.token;
    return E_OK;
}

enum err case_take(struct ctx *c, const struct case_wish_form *f, struct reply *r,
                   struct case_made *v)
{
    TRY(case_take_in(c, f, &v->case_));
    reply_see(r, "/cases/%.*s", STR_ARG(v->case_.number));
    return E_OK;
}

enum err case_tick_paper(struct ctx *c, const struct case_tick_form *f, struct reply *r,
                         struct case_made *v)
{
    TRY(case_tick(c, f->number, f->position, f->taken, &v->case_));
    return show(c, f->number, r, v);
}

enum err case_accept(struct ctx *c, const struct case_number_form *f, struct reply *r,
                     struct case_made *v)
{
    return act(c, f->number, CASE_ACT_ACCEPT, STR(""), r, v);
}

enum err case_not_accept(struct ctx *c, const struct case_opinion_form *f, struct reply *r,
                         struct case_made *v)
{
    return act(c, f->number, CASE_ACT_NOT_ACCEPT, f->opinion, r, v);
}

enum err case_decide(struct ctx *c, const struct case_decision_form *f, struct reply *r,
                     struct case_made *v)
{
    bool is_grant = f->result == CASE_DECISION_RESULT_GRANT;
    const struct case_doing d = {.act = is_grant ? CASE_ACT_GRANT : CASE_ACT_REFUSE,
                                 .opinion = f->opinion,
                                 .content = f->content,
                                 .conditions = f->conditions,
                                 .validity = f->validity};
    return move(c, f->number, &d, r, v);
}

enum err case_deliver(struct ctx *c, const struct case_handing_form *f, struct reply *r,
                      struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_DELIVER,
                                 .mode = str_of(case_handing_mode_words[f->mode]),
                                 .waybill = f->waybill,
                                 .place = f->place,
                                 .receiver = f->receiver,
                                 .substitute = f->substitute,
                                 .remarks = f->remarks};
    return move(c, f->number, &d, r, v);
}

enum err case_receipt(struct ctx *c, const struct case_receipt_form *f, struct reply *r,
                      struct case_made *v)
{
    TRY(case_received(c, f->number, f->code, &v->case_));
    return show(c, f->number, r, v);
}

enum err case_hearing(struct ctx *c, const struct case_hearing_form *f, struct reply *r,
                      struct case_made *v)
{
    const struct case_hearing h = {.is_notice = f->kind == CASE_HEARING_KIND_NOTICE,
                                   .on = f->on,
                                   .time = f->time,
                                   .place = f->place,
                                   .host = f->host,
                                   .reason = f->opinion};
    TRY(case_hearing_paper(c, f->number, &h, &v->case_));
    return show(c, f->number, r, v);
}

/* Whoever may see the case's own page may have its papers: the applicant with his token, and staff. */
enum err case_document_show(struct ctx *c, const struct case_document_form *f, struct reply *r)
{
    struct casefile_row k;
    struct str bytes, name;
    TRY(case_by_its_number(c, f->number, &k));
    if (!is_same_token(f->token, k.token) && !may(c, RIGHT_CASE_TAKE))
        return fail(c, E_NO_SUCH_CASE, "document of case %.*s: wrong token", STR_ARG(f->number));
    TRY(document_file(c, k.id, f->document, &bytes, &name));
    r->disposition = reply_file_name(c, name);
    reply_body(r, "application/pdf", bytes);
    return E_OK;
}

enum err case_withdraw(struct ctx *c, const struct case_opinion_form *f, struct reply *r,
                       struct case_made *v)
{
    return act(c, f->number, CASE_ACT_WITHDRAW, f->opinion, r, v);
}

enum err case_close(struct ctx *c, const struct case_number_form *f, struct reply *r,
                    struct case_made *v)
{
    return act(c, f->number, CASE_ACT_CLOSE, STR(""), r, v);
}

/* --- the longer way ------------------------------------------------------------------------------- */

enum err case_refuse(struct ctx *c, const struct case_refusal_form *f, struct reply *r,
                     struct case_made *v)
{
    bool is_outside = f->ground == CASE_REFUSAL_GROUND_OUTSIDE_AUTHORITY;
    const struct case_doing d = {.act = CASE_ACT_NOT_ACCEPT,
                                 .opinion = f->opinion,
                                 .ground =
                                     is_outside ? STR("outside_authority") : STR("not_required"),
                                 .organ = f->organ};
    return move(c, f->number, &d, r, v);
}

enum err case_correct(struct ctx *c, const struct case_correction_form *f, struct reply *r,
                      struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_CORRECT,
                                 .opinion = f->opinion,
                                 .papers = f->materials,
                                 .answer_by = f->until};
    return move(c, f->number, &d, r, v);
}

enum err case_supplied(struct ctx *c, const struct case_supply_form *f, struct reply *r,
                       struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_SUPPLY, .papers = f->materials};
    return move(c, f->number, &d, r, v);
}

enum err case_review(struct ctx *c, const struct case_review_step_form *f, struct reply *r,
                     struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_REVIEW,
                                 .opinion = f->opinion,
                                 .step = str_of(case_review_step_action_words[f->action])};
    return move(c, f->number, &d, r, v);
}

enum err case_suspend(struct ctx *c, const struct case_suspension_form *f, struct reply *r,
                      struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_SUSPEND,
                                 .kind = str_of(case_suspension_kind_words[f->kind]),
                                 .days = f->days,
                                 .is_natural = f->unit == CASE_SUSPENSION_UNIT_NATURAL,
                                 .basis = f->basis,
                                 .approver = f->approver,
                                 .fee = f->fee};
    return move(c, f->number, &d, r, v);
}

enum err case_resume(struct ctx *c, const struct case_resumption_form *f, struct reply *r,
                     struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_RESUME, .outcome = f->outcome};
    return move(c, f->number, &d, r, v);
}

enum err case_extend(struct ctx *c, const struct case_extension_form *f, struct reply *r,
                     struct case_made *v)
{
    const struct case_doing d = {.act = CASE_ACT_EXTEND,
                                 .days = f->days,
                                 .opinion = f->reason,
                                 .approver = f->approver};
    return move(c, f->number, &d, r, v);
}

enum err case_forward(struct ctx *c, const struct case_opinion_form *f, struct reply *r,
                      struct case_made *v)
{
    return act(c, f->number, CASE_ACT_FORWARD, f->opinion, r, v);
}

enum err case_revoke(struct ctx *c, const struct case_opinion_form *f, struct reply *r,
                     struct case_made *v)
{
    return act(c, f->number, CASE_ACT_REVOKE, f->opinion, r, v);
}

enum err case_cancel(struct ctx *c, const struct case_opinion_form *f, struct reply *r,
                     struct case_made *v)
{
    return act(c, f->number, CASE_ACT_CANCEL, f->opinion, r, v);
}

enum err case_take_on(struct ctx *c, const struct case_number_form *f, struct reply *r,
                      struct case_made *v)
{
    TRY(case_claim(c, f->number, true, &v->case_));
    return show(c, f->number, r, v);
}

enum err case_give_back(struct ctx *c, const struct case_number_form *f, struct reply *r,
                        struct case_made *v)
{
    TRY(case_claim(c, f->number, false, &v->case_));
    return show(c, f->number, r, v);
}
