/* The way of a case as one table, and making a move on it. A move is checked three times: by the
 * table, by the right it names, and by the UPDATE, which names the state it was read in, so that
 * of two clerks one is told that the other was faster. */
#include "casefile.h"

#include "calendar.h"
#include "clock.h"
#include "hall.h"
#include "item_version.h"
#include "journal.h"

/* Only immediate cases go from accepted to decided here (ALL 34(2)); the back office has its own moves. */
const struct case_move case_moves[] = {
    {CASE_RECEIVED, CASE_ACT_ACCEPT, CASE_ACCEPTED, RIGHT_CASE_ACCEPT, EV_CASE_ACCEPTED,
     /* tr */ "材料齐全、符合法定形式，予以受理（行政许可法第三十二条第一款第五项）"},
    {CASE_RECEIVED, CASE_ACT_NOT_ACCEPT, CASE_NOT_ACCEPTED, RIGHT_CASE_ACCEPT, EV_CASE_NOT_ACCEPTED,
     /* tr */ "不需要办理，或不归本机关办理，即时告知（行政许可法第三十二条第一款第一、二项）"},
    {CASE_RECEIVED, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, RIGHT_CASE_TAKE, EV_CASE_WITHDRAWN,
     /* tr */ "决定作出前，申请人可以撤回申请"},
    {CASE_ACCEPTED, CASE_ACT_GRANT, CASE_GRANTED, RIGHT_CASE_DECIDE, EV_CASE_GRANTED,
     /* tr */
     "材料齐全、能够当场决定的，当场作出书面决定（行政许可法第三十四条第二款、第三十八条第一款）"},
    {CASE_ACCEPTED, CASE_ACT_REFUSE, CASE_REFUSED, RIGHT_CASE_DECIDE, EV_CASE_REFUSED,
     /* tr */ "不予许可的，说明理由并告知复议和诉讼的权利（行政许可法第三十八条第二款）"},
    {CASE_ACCEPTED, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, RIGHT_CASE_TAKE, EV_CASE_WITHDRAWN,
     /* tr */ "决定作出前，申请人可以撤回申请"},
    {CASE_GRANTED, CASE_ACT_DELIVER, CASE_DELIVERED, RIGHT_CASE_TAKE, EV_CASE_DELIVERED,
     /* tr */ "决定之日起十日内送达（行政许可法第四十四条）"},
    {CASE_REFUSED, CASE_ACT_DELIVER, CASE_DELIVERED, RIGHT_CASE_TAKE, EV_CASE_DELIVERED,
     /* tr */ "不予许可的书面决定交给申请人（行政许可法第三十八条第二款）"},
    {CASE_DELIVERED, CASE_ACT_CLOSE, CASE_CLOSED, RIGHT_CASE_TAKE, EV_CASE_CLOSED,
     /* tr */ "结果已交给申请人，办结归档"},
    {CASE_NOT_ACCEPTED, CASE_ACT_CLOSE, CASE_CLOSED, RIGHT_CASE_TAKE, EV_CASE_CLOSED,
     /* tr */ "不予受理的书面凭证已交给申请人（行政许可法第三十二条第二款）"},
    {CASE_WITHDRAWN, CASE_ACT_CLOSE, CASE_CLOSED, RIGHT_CASE_TAKE, EV_CASE_CLOSED,
     /* tr */ "材料已退还申请人"},
};
const int case_move_count = (int)(sizeof case_moves / sizeof *case_moves);

const struct case_move *case_move_of(enum case_state from, enum case_act act)
{
    for (int i = 0; i < case_move_count; i++)
        if (case_moves[i].from == from && case_moves[i].act == act)
            return &case_moves[i];
    return NULL;
}

const char *case_state_word(int64_t state)
{
    static const char *const words[CASE_STATE_COUNT] = {"received",  "accepted", "not_accepted",
                                                        "granted",   "refused",  "delivered",
                                                        "withdrawn", "closed"};
    BUG_IF(state < 0 || state >= CASE_STATE_COUNT);
    return words[state];
}

const char *case_act_word(enum case_act act)
{
    static const char *const words[CASE_ACT_COUNT] = {"accept",  "not_accept", "grant", "refuse",
                                                      "deliver", "withdraw",   "close"};
    BUG_IF((unsigned)act >= CASE_ACT_COUNT);
    return words[act];
}

struct str case_number_of(struct arena *a, struct str impl_code, int32_t on, int64_t serial)
{
    return str_fmt(a, "%.*s%08d%04lld", STR_ARG(impl_code), (int)on, (long long)serial);
}

enum err case_by_its_number(struct ctx *c, struct str number, struct casefile_row *ret)
{
    struct casefile_row *row;
    TRY(casefile_by_number(c, c->center_id, number, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_CASE, "case %.*s", STR_ARG(number));
    *ret = *row;
    return E_OK;
}

enum err case_item_doc(struct ctx *c, struct str number, struct item_doc *ret)
{
    struct casefile_row k;
    struct casefile_item_row *of;
    TRY(case_by_its_number(c, number, &k));
    TRY(casefile_item(c, c->center_id, k.id, &of));
    BUG_IF(of == NULL);
    return item_version_doc(c, of->item_id, of->item_version, ret);
}

/* The required papers that are not there, named; "" when all are. */
static enum err papers_missing(struct ctx *c, int64_t case_id, struct str *ret_names)
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
    TRY(papers_missing(c, k->id, &missing));
    if (missing.n == 0)
        return E_OK;
    enum err e = fail_field(c, E_PAPERS_MISSING, "materials", "case %.*s", STR_ARG(k->number));
    c->refusal.text = tr_fill(c, "材料还不齐，缺：{names}", "names", missing, NULL);
    return e;
}

/* Where a year's calendar is not loaded no date is guessed (0); the person's papers are accepted all the
 * same: the hall's own gap is no ground for refusing (ALL 32). */
static enum err term_end(struct ctx *c, int64_t days, struct str unit, int32_t *ret_due_on)
{
    struct term term;
    bool is_natural = str_is(unit, "natural");
    enum err e =
        calendar_term(c, today(c), (int)days, is_natural ? TERM_NATURAL : TERM_WORKING, &term);
    *ret_due_on = e == E_OK ? term.due_on : 0;
    return e == E_CALENDAR_UNKNOWN ? E_OK : e;
}

/* What a move needs besides being allowed, and what it changes in the row. */
static enum err prepare(struct ctx *c, enum case_act act, struct str opinion,
                        struct casefile_row *k)
{
    bool needs_reasons = act == CASE_ACT_REFUSE || act == CASE_ACT_NOT_ACCEPT;
    if (needs_reasons && opinion.n == 0)
        return fail_field(c, E_OPINION_NEEDED, "opinion", "case %.*s", STR_ARG(k->number));
    if ((act == CASE_ACT_GRANT || act == CASE_ACT_REFUSE) && !k->is_immediate)
        return fail(c, E_NOT_IMMEDIATE, "case %.*s", STR_ARG(k->number));
    if (opinion.n > 0)
        k->opinion = opinion;
    switch (act) {
    case CASE_ACT_ACCEPT:
        TRY(check_papers(c, k));
        k->accepted_at = c->now;
        TRY(term_end(c, k->promised_days, k->promised_unit, &k->due_on));
        TRY(term_end(c, k->legal_days, k->legal_unit, &k->legal_due_on));
        break;
    case CASE_ACT_GRANT:
    case CASE_ACT_REFUSE:
        k->decided_at = c->now;
        k->result = act == CASE_ACT_GRANT ? STR("grant") : STR("refuse");
        break;
    case CASE_ACT_CLOSE:
        k->closed_at = c->now;
        break;
    case CASE_ACT_NOT_ACCEPT:
    case CASE_ACT_DELIVER:
    case CASE_ACT_WITHDRAW:
    case CASE_ACT_COUNT:
        break;
    }
    return E_OK;
}

/* Reasons go into the private part only: they may tell of the person (PIPL 28). In public the
 * sentence says that there are reasons in writing. */
static enum err journal_move(struct ctx *c, const struct case_move *m, const struct casefile_row *k)
{
    struct str facts = event_facts(c, "number", k->number, "item", k->item_name, "item_code",
                                   k->item_code, "state", str_of(case_state_word(m->to)), "reason",
                                   tr(c, "理由见书面通知"), NULL);
    bool has_reasons = m->act == CASE_ACT_REFUSE || m->act == CASE_ACT_NOT_ACCEPT;
    return journal_add(c, m->event, k->id, k->thread, facts,
                       has_reasons ? event_facts(c, "opinion", k->opinion, NULL) : STR_NONE);
}

enum err case_do(struct ctx *c, struct str number, enum case_act act, struct str opinion,
                 struct case_view *ret)
{
    struct casefile_row k;
    int64_t changed;
    TRY(case_by_its_number(c, number, &k));
    const struct case_move *m = case_move_of((enum case_state)k.state, act);
    if (m == NULL)
        return fail(c, E_CASE_MOVE, "case %.*s: %s in state %s", STR_ARG(number),
                    case_act_word(act), case_state_word(k.state));
    if (!may(c, m->right))
        return fail(c, E_NOT_ALLOWED, "%s", case_act_word(act));
    TRY(prepare(c, act, str_trim(opinion), &k));
    TRY(casefile_move_changes(c, c->center_id, k.id, k.state, m->to, k.accepted_at, k.due_on,
                              k.legal_due_on, k.decided_at, k.result, k.opinion, k.closed_at,
                              &changed));
    if (changed != 1)
        return fail(c, E_CASE_MOVE, "case %.*s moved meanwhile", STR_ARG(number));
    k.state = m->to;
    TRY(journal_move(c, m, &k));
    return case_view_whole(c, &k, ret);
}
