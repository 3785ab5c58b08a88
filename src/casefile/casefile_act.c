/* Making a move. It is checked three times: by the table, by the right it names, and by the UPDATE,
 * which names the state the case was read in, so that of two clerks one is told that the other was
 * faster. What each act needs besides is in `prepare`; the long ones are in casefile_long.c. */
#include "casefile_parts.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

enum err case_papers_missing(struct ctx *c, int64_t case_id, struct str *ret_names)
{
    struct casefile_papers_rows papers;
    struct buf b;
    TRY(casefile_papers(c, c->center_id, case_id, &papers));
    buf_init(&b, c->arena, 16 * 1024);
    for (size_t i = 0; i < papers.n; i++) {
        const struct casefile_papers_row *p = &papers.v[i];
        if (p->is_taken || !str_is(p->necessity, "required"))
            continue;
        if (b.n > 0)
            buf_str(&b, tr(c, "、"));
        buf_str(&b, name_in_lang(c, p->name, p->name_en));
    }
    *ret_names = buf_as_str(&b);
    return E_OK;
}

static enum err check_papers(struct ctx *c, const struct casefile_row *k)
{
    struct str missing;
    TRY(case_papers_missing(c, k->id, &missing));
    if (missing.n == 0)
        return E_OK;
    enum err e = fail_field(c, E_PAPERS_MISSING, "materials", "case %.*s", STR_ARG(k->number));
    c->refusal.text = tr_fill(c, "材料还不齐，缺：{names}", "names", missing, NULL);
    return e;
}

enum err case_count(struct ctx *c, struct casefile_row *k)
{
    struct case_terms terms;
    TRY(case_terms_of(c, k, &terms));
    k->due_on = terms.promised.due_on;
    k->legal_due_on = terms.legal.due_on;
    return E_OK;
}

static enum err prepare_accept(struct ctx *c, struct casefile_row *k)
{
    TRY(check_papers(c, k));
    k->accepted_at = c->now;
    return case_count(c, k);
}

/* Nobody told the applicant anything in five working days: accepted from the day of receipt, with or
 * without papers (ALL 32(1)4). */
static enum err prepare_deem(struct ctx *c, struct casefile_row *k)
{
    TRY(casefile_deemed(c, c->center_id, k->id, c->now));
    k->accepted_at = k->received_at;
    k->deemed_at = c->now;
    return case_count(c, k);
}

static enum err prepare_not_accept(struct ctx *c, const struct case_doing *d,
                                   struct casefile_row *k)
{
    if (!str_is(d->ground, "outside_authority"))
        return E_OK;
    if (str_trim(d->organ).n == 0)
        return fail_field(c, E_ORGAN_NEEDED, "organ", "case %.*s", STR_ARG(k->number));
    k->organ = str_trim(d->organ);
    return casefile_organ_put(c, c->center_id, k->id, k->organ);
}

static enum err prepare_decide(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    if (k->state == CASE_ACCEPTED && !k->is_immediate)
        return fail(c, E_NOT_IMMEDIATE, "case %.*s", STR_ARG(k->number));
    if (k->state != CASE_ACCEPTED)
        TRY(case_prepare_decision(c, d, k));
    k->decided_at = c->now;
    k->result = d->act == CASE_ACT_GRANT ? STR("grant") : STR("refuse");
    return E_OK;
}

/* What was never granted cannot be taken back. */
static enum err prepare_end_of_grant(struct ctx *c, struct casefile_row *k)
{
    if (!str_is(k->result, "grant"))
        return fail(c, E_CASE_MOVE, "case %.*s was not granted", STR_ARG(k->number));
    k->closed_at = k->closed_at != 0 ? k->closed_at : c->now;
    return E_OK;
}

static bool needs_reasons(enum case_act act)
{
    return act == CASE_ACT_REFUSE || act == CASE_ACT_NOT_ACCEPT || act == CASE_ACT_CORRECT ||
           act == CASE_ACT_EXTEND || act == CASE_ACT_REVOKE || act == CASE_ACT_CANCEL ||
           act == CASE_ACT_FORWARD;
}

/* What a move needs besides being allowed, and what it changes in the row. */
static enum err prepare(struct ctx *c, const struct case_doing *d, struct casefile_row *k,
                        struct str *what)
{
    if (needs_reasons(d->act) && d->opinion.n == 0)
        return fail_field(c, E_OPINION_NEEDED, "opinion", "case %.*s", STR_ARG(k->number));
    switch (d->act) {
    case CASE_ACT_ACCEPT:
        return prepare_accept(c, k);
    case CASE_ACT_DEEM:
        return prepare_deem(c, k);
    case CASE_ACT_NOT_ACCEPT:
        return prepare_not_accept(c, d, k);
    case CASE_ACT_GRANT:
    case CASE_ACT_REFUSE:
        return prepare_decide(c, d, k);
    case CASE_ACT_CORRECT:
        return case_prepare_correct(c, d, k, what);
    case CASE_ACT_SUPPLY:
        return case_prepare_supply(c, d, k);
    case CASE_ACT_REVIEW:
        return case_prepare_review(c, d, k, what);
    case CASE_ACT_SUSPEND:
        return case_prepare_suspend(c, d, k, what);
    case CASE_ACT_RESUME:
        return case_prepare_resume(c, d, k);
    case CASE_ACT_EXTEND:
        return case_prepare_extend(c, d, k, what);
    case CASE_ACT_FORWARD:
        return case_prepare_forward(c, d, k);
    case CASE_ACT_REVOKE:
    case CASE_ACT_CANCEL:
        return prepare_end_of_grant(c, k);
    case CASE_ACT_CLOSE:
        k->closed_at = c->now;
        break;
    case CASE_ACT_DELIVER:
        return case_prepare_deliver(c, d, k);
    case CASE_ACT_WITHDRAW:
    case CASE_ACT_LAPSE:
    case CASE_ACT_COUNT:
        break;
    }
    return E_OK;
}

/* The opinion of the row is the one that the applicant reads: why it was refused, not accepted, taken
 * back. What reviewers say among themselves stands with their step. */
static bool is_told(enum case_act act)
{
    return act != CASE_ACT_REVIEW && act != CASE_ACT_SUSPEND && act != CASE_ACT_RESUME &&
           act != CASE_ACT_EXTEND && act != CASE_ACT_CORRECT && act != CASE_ACT_SUPPLY;
}

/* Reasons go into the private part only: they may tell of the person (PIPL 28). In public the
 * sentence says that there are reasons in writing. */
static enum err journal_move(struct ctx *c, const struct case_move *m, const struct casefile_row *k,
                             struct str opinion, struct str what)
{
    struct str facts = event_facts(c, "number", k->number, "item", k->item_name, "item_code",
                                   k->item_code, "state", str_of(case_state_word(m->to)), "reason",

                                   tr(c, "理由见书面通知"), what.n > 0 ? "what" : NULL, what, NULL);
    bool is_private = needs_reasons(m->act) || (m->act == CASE_ACT_REVIEW && opinion.n > 0);
    return journal_add(c, m->event, k->id, k->thread, facts,
                       is_private ? event_facts(c, "opinion", opinion, NULL) : STR_NONE);
}

bool case_is_claimed(const struct ctx *c, const struct casefile_row *k)
{
    return k->claimed_by != 0 && k->claimed_at >= c->now - setting_case_claim_hours(c) * HOUR_MS;
}

static enum err check_allowed(struct ctx *c, const struct casefile_row *k, enum case_act act,
                              const struct case_move **ret)
{
    const struct case_move *m = case_move_of((enum case_state)k->state, act);
    if (m == NULL)
        return fail(c, E_CASE_MOVE, "case %.*s: %s in state %s", STR_ARG(k->number),
                    case_act_word(act), case_state_word(k->state));
    bool is_allowed = m->by_program ? c->actor.kind == ACTOR_SYSTEM : may(c, m->right);
    if (!is_allowed)
        return fail(c, E_NOT_ALLOWED, "%s", case_act_word(act));
    if (m->right == RIGHT_CASE_REVIEW && case_is_claimed(c, k) && k->claimed_by != c->actor.id)
        return fail(c, E_CASE_CLAIMED, "case %.*s", STR_ARG(k->number));
    *ret = m;
    return E_OK;
}

enum err case_make_move(struct ctx *c, struct str number, const struct case_doing *doing,
                        struct case_view *ret)
{
    struct casefile_row k, before;
    const struct case_move *m = NULL;
    struct case_doing d = *doing;
    struct str what = STR_NONE;
    int64_t changed;
    d.opinion = str_trim(d.opinion);
    TRY(case_by_its_number(c, number, &k));
    TRY(check_allowed(c, &k, d.act, &m));
    before = k;
    TRY(prepare(c, &d, &k, &what));
    if (d.opinion.n > 0 && is_told(d.act))
        k.opinion = d.opinion;
    TRY(casefile_move_changes(c, c->center_id, k.id, k.state, m->to, k.accepted_at, k.due_on,
                              k.legal_due_on, k.decided_at, k.result, k.opinion, k.closed_at,
                              &changed));
    if (changed != 1)
        return fail(c, E_CASE_MOVE, "case %.*s moved meanwhile", STR_ARG(number));
    k.state = m->to;
    TRY(case_write_paper(c, m, &d, &before, &k));
    TRY(journal_move(c, m, &k, d.opinion, what));
    return case_view_whole(c, &k, ret);
}

enum err case_do(struct ctx *c, struct str number, enum case_act act, struct str opinion,
                 struct case_view *ret)
{
    const struct case_doing d = {.act = act, .opinion = opinion};
    return case_make_move(c, number, &d, ret);
}

enum err case_claim(struct ctx *c, struct str number, bool is_mine, struct case_view *ret)
{
    struct casefile_row k;
    int64_t changed = 1;
    TRY(case_by_its_number(c, number, &k));
    if (k.closed_at != 0 ||
        (k.state != CASE_ACCEPTED && k.state != CASE_REVIEW && k.state != CASE_SUSPENDED))
        return fail(c, E_CASE_MOVE, "claim of case %.*s in state %s", STR_ARG(number),
                    case_state_word(k.state));
    if (!is_mine && case_is_claimed(c, &k) && k.claimed_by != c->actor.id)
        return fail(c, E_CASE_CLAIMED, "case %.*s", STR_ARG(number));
    if (is_mine)
        TRY(casefile_claim_changes(c, c->center_id, k.id, c->actor.id, c->now,
                                   c->now - setting_case_claim_hours(c) * HOUR_MS, &changed));
    else
        TRY(casefile_unclaim(c, c->center_id, k.id));
    if (changed != 1)
        return fail(c, E_CASE_CLAIMED, "case %.*s", STR_ARG(number));
    k.claimed_by = is_mine ? c->actor.id : 0;
    k.claimed_at = is_mine ? c->now : 0;
    TRY(journal_add(c, is_mine ? EV_CASE_CLAIMED : EV_CASE_GIVEN_BACK, k.id, k.thread,
                    event_facts(c, "number", k.number, NULL), STR_NONE));
    return case_view_whole(c, &k, ret);
}
