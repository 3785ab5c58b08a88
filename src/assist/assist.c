/* Requests for help and their steps. Which act leads where is one table; the UPDATE names the state
 * it was read in, so of two helpers who tap at once one goes and the other is told. What a visitor
 * wrote stays with the request: the journal's public part, which goes to live topics, says only
 * the kind of help. */
#include "assist.h"

#include "hall.h"
#include "journal.h"
#include "party.h"
#include "thing.h"

#define NO_MOVE ASSIST_STATE_COUNT

static const enum assist_state assist_moves[ASSIST_STATE_COUNT][ASSIST_ACT_COUNT] = {
    [ASSIST_REQUESTED] = {ASSIST_ACCEPTED, NO_MOVE, NO_MOVE, ASSIST_CANCELLED},
    [ASSIST_ACCEPTED] = {NO_MOVE, ASSIST_ARRIVED, ASSIST_DONE, ASSIST_CANCELLED},
    [ASSIST_ARRIVED] = {NO_MOVE, NO_MOVE, ASSIST_DONE, ASSIST_CANCELLED},
    [ASSIST_DONE] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
    [ASSIST_CANCELLED] = {NO_MOVE, NO_MOVE, NO_MOVE, NO_MOVE},
};

bool assist_next_state(enum assist_state from, enum assist_act act, enum assist_state *ret)
{
    if ((unsigned)from >= ASSIST_STATE_COUNT || (unsigned)act >= ASSIST_ACT_COUNT)
        return false;
    enum assist_state to = assist_moves[from][act];
    if (to == NO_MOVE)
        return false;
    *ret = to;
    return true;
}

struct str assist_kind_name(const struct ctx *c, struct str kind)
{
    if (str_is(kind, "escort"))
        return tr(c, "陪同引导");
    if (str_is(kind, "stairs"))
        return tr(c, "上下楼");
    if (str_is(kind, "form"))
        return tr(c, "帮忙填表");
    if (str_is(kind, "wheelchair"))
        return tr(c, "借轮椅、推轮椅");
    if (str_is(kind, "bus"))
        return tr(c, "送到公交站");
    return tr(c, "其他帮助");
}

/* The journal keeps what happened in the hall's own language. */
const char *assist_kind_zh(struct str kind)
{
    /* zh: a value of the journal, not an interface text */
    static const struct {
        const char *kind, *name;
    } names[] = {{"escort", "陪同引导"},
                 {"stairs", "上下楼"},
                 {"form", "帮忙填表"},
                 {"wheelchair", "借轮椅、推轮椅"},
                 {"bus", "送到公交站"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_is(kind, names[i].kind))
            return names[i].name;
    return "其他帮助";
}

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

/* A kiosk, a clerk or the guide asks for somebody else; a visitor asks from his phone. */
static struct str source_of(const struct ctx *c, struct str told)
{
    if (told.n > 0)
        return told;
    if (c->actor.kind == ACTOR_DEVICE)
        return STR("kiosk");
    if (c->actor.kind != ACTOR_STAFF)
        return STR("phone");
    return has_role(c, ROLE_CLERK) ? STR("desk") : STR("door");
}

/* The skills asked for and those that the kind always needs; E_ASSIST_SKILL_UNKNOWN. */
static enum err skills_needed(struct ctx *c, const struct assist_wish *w, struct str *ret)
{
    struct help_skill_rows_rows rows;
    struct str all = STR("");
    TRY(help_skill_rows(c, c->center_id, &rows));
    size_t found = 0, asked = 0;
    for (size_t i = 0; i < rows.n; i++) {
        bool is_asked = w->skills.n > 0 && skills_cover(w->skills, rows.v[i].code);
        found += is_asked ? 1 : 0;
        if (is_asked || (rows.v[i].kinds.n > 0 && skills_cover(rows.v[i].kinds, w->kind)))
            all = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all), all.n > 0 ? " " : "",
                          STR_ARG(rows.v[i].code));
    }
    for (struct str rest = w->skills; rest.p != NULL;)
        asked += str_trim(str_cut(&rest, ' ')).n > 0 ? 1 : 0;
    if (asked > found)
        return fail_field(c, E_ASSIST_SKILL_UNKNOWN, "skills", "%.*s", STR_ARG(w->skills));
    *ret = all;
    return E_OK;
}

static enum err note_request(struct ctx *c, const struct assist_wish *w, int64_t id)
{
    struct thing_for_hold_row *chair;
    if (w->chair || str_is(w->kind, "wheelchair"))
        TRY(thing_hold(c, STR("wheelchair"), w->wanted_at != 0 ? w->wanted_at : c->now, id,
                       &chair));
    return journal_add(c, EV_ASSIST_REQUESTED, id, w->thread,
                       event_facts(c, "what", str_of(assist_kind_zh(w->kind)), "kind", w->kind,
                                   NULL),
                       STR_NONE);
}

enum err assist_request(struct ctx *c, const struct assist_wish *wish, int64_t *ret_id,
                        struct str *ret_token)
{
    int64_t id = new_id(c), floor = wish->floor;
    struct str token = public_token(c), skills;
    struct assist_row *made;
    if (tells_secret(wish->what))
        return fail_field(c, E_ASSIST_SECRET, "what", "a request tells a password");
    TRY(skills_needed(c, wish, &skills));
    if (floor == 0)
        floor = place_floor(wish->place_from);
    TRY(assist_add(c, c->center_id, id, token, wish->thread, wish->kind, or_empty(wish->place_from),
                   or_empty(wish->place_to), or_empty(wish->what), or_empty(wish->who),
                   party_seal(c, wish->phone), c->now, source_of(c, wish->source), floor, skills,
                   wish->wanted_at));
    TRY(note_request(c, wish, id));
    TRY(assist(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    TRY(assist_dispatch(c, made));
    *ret_id = id;
    *ret_token = token;
    return E_OK;
}

/* Writes the move of a; who helps and the times follow from the act. */
static enum err move_row(struct ctx *c, struct assist_row *a, enum assist_act act,
                         enum assist_state to)
{
    static const enum event events[ASSIST_ACT_COUNT] = {EV_ASSIST_ACCEPTED, EV_ASSIST_ARRIVED,
                                                        EV_ASSIST_COMPLETED, EV_ASSIST_CANCELLED};
    int64_t changed, before = a->state;
    if (act == ASSIST_ACT_ACCEPT) {
        a->helper_id = c->actor.id;
        a->helper_name = c->actor.name;
        a->accepted_at = c->now;
    } else if (act == ASSIST_ACT_ARRIVE) {
        a->arrived_at = c->now;
    } else {
        a->ended_at = c->now;
    }
    a->state = to;
    TRY(assist_move_changes(c, c->center_id, a->id, before, a->state, a->helper_id, a->helper_name,
                            a->accepted_at, a->arrived_at, a->ended_at, &changed));
    if (changed != 1)
        return fail(c, E_ASSIST_TAKEN, "assist %lld moved meanwhile", (long long)a->id);
    if (to >= ASSIST_DONE)
        TRY(thing_hold_end(c, c->center_id, a->id));
    return journal_add(c, events[act], a->id, a->thread,
                       event_facts(c, "what", str_of(assist_kind_zh(a->kind)), "helper",
                                   or_empty(a->helper_name), NULL),
                       STR_NONE);
}

/* May the actor do this act of the request? */
static enum err check_helper(struct ctx *c, const struct assist_row *a, enum assist_act act)
{
    struct assist_row *mine;
    if (act == ASSIST_ACT_ACCEPT) {
        struct str skills;
        TRY(assist_of_helper(c, c->center_id, c->actor.id, &mine));
        if (mine != NULL)
            return fail(c, E_ASSIST_ONE, "helper %lld", (long long)c->actor.id);
        TRY(skills_of_staff(c, c->actor.id, &skills));
        if (a->told < TOLD_OFFICER && !has_role(c, ROLE_DUTY) && !skills_cover(skills, a->skills))
            return fail(c, E_ASSIST_SKILL, "assist %lld needs %.*s", (long long)a->id,
                        STR_ARG(a->skills));
        return E_OK;
    }
    if (a->helper_id != 0 && a->helper_id != c->actor.id && !has_role(c, ROLE_DUTY))
        return fail(c, E_ASSIST_NOT_YOURS, "assist %lld", (long long)a->id);
    if (act == ASSIST_ACT_COMPLETE || act == ASSIST_ACT_CANCEL) {
        struct assist_papers_out_row out;
        TRY(assist_papers_out(c, c->center_id, a->id, &out));
        if (out.papers > 0)
            return fail(c, E_ASSIST_PAPERS_OUT, "assist %lld: %lld", (long long)a->id,
                        (long long)out.papers);
    }
    return E_OK;
}

enum err assist_move_on(struct ctx *c, int64_t assist_id, enum assist_act act,
                        struct assist_row *ret)
{
    struct assist_row *a;
    enum assist_state to;
    TRY(assist(c, c->center_id, assist_id, &a));
    if (a == NULL)
        return fail(c, E_NOT_FOUND, "assist %lld", (long long)assist_id);
    if (!assist_next_state((enum assist_state)a->state, act, &to)) {
        if (a->state >= ASSIST_DONE)
            return fail(c, E_ASSIST_ENDED, "assist %lld", (long long)assist_id);
        return fail(c, act == ASSIST_ACT_ACCEPT ? E_ASSIST_TAKEN : E_BAD_STATE,
                    "assist %lld: act %d in state %lld", (long long)assist_id, (int)act,
                    (long long)a->state);
    }
    TRY(check_helper(c, a, act));
    TRY(move_row(c, a, act, to));
    *ret = *a;
    return E_OK;
}

enum err assist_withdrawn(struct ctx *c, struct assist_row *a)
{
    enum assist_state to;
    if (!assist_next_state((enum assist_state)a->state, ASSIST_ACT_CANCEL, &to))
        return fail(c, E_ASSIST_ENDED, "assist %lld", (long long)a->id);
    return move_row(c, a, ASSIST_ACT_CANCEL, to);
}

enum err assists_of_thread_cancel(struct ctx *c, int64_t thread)
{
    struct assist_rows rows;
    TRY(assists_of_thread(c, c->center_id, thread, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        enum assist_state to;
        if (assist_next_state((enum assist_state)rows.v[i].state, ASSIST_ACT_CANCEL, &to))
            TRY(move_row(c, &rows.v[i], ASSIST_ACT_CANCEL, to));
    }
    return E_OK;
}

enum err assist_open_of_thread(struct ctx *c, int64_t thread, struct assist_row **ret)
{
    struct assist_rows rows;
    *ret = NULL;
    TRY(assists_of_thread(c, c->center_id, thread, &rows));
    for (size_t i = 0; i < rows.n && *ret == NULL; i++)
        if (rows.v[i].state < ASSIST_DONE)
            *ret = &rows.v[i];
    return E_OK;
}
