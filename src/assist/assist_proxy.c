/* Doing things for somebody (帮办代办): what was handed over, for what, on whose wish, and that it came back
 * (DOMAIN.md 9.7); never a password. And what the person says of the help, and the manager's day. */
#include "assist.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#define DAY_ITEMS_MOST 100

/* The request, when it is the actor's (or the officer on duty acts). */
static enum err own_assist(struct ctx *c, int64_t id, struct assist_row **ret)
{
    TRY(assist(c, c->center_id, id, ret));
    if (*ret == NULL)
        return fail(c, E_NOT_FOUND, "assist %lld", (long long)id);
    if ((*ret)->helper_id != c->actor.id && !has_role(c, ROLE_DUTY))
        return fail(c, E_ASSIST_NOT_YOURS, "assist %lld", (long long)id);
    return (*ret)->state >= ASSIST_DONE ? fail(c, E_ASSIST_ENDED, "assist %lld", (long long)id)
                                        : E_OK;
}

static enum err no_secret(struct ctx *c, struct str text, const char *field)
{
    return names_secret(text) ? fail_field(c, E_ASSIST_SECRET, field, "a log names a password")
                              : E_OK;
}

enum err assist_paper_take(struct ctx *c, const struct assist_paper_in_form *f, struct reply *r,
                           struct assist_view *v)
{
    struct assist_row *a;
    TRY(no_secret(c, f->what, "what"));
    TRY(no_secret(c, f->purpose, "purpose"));
    TRY(no_secret(c, f->whose, "whose"));
    TRY(own_assist(c, f->id, &a));
    TRY(assist_paper_add(c, c->center_id, new_id(c), a->id, f->what, f->purpose, f->whose, c->now,
                         c->actor.name));
    TRY(journal_add(c, EV_ASSIST_HANDED, a->id, a->thread,
                    event_facts(c, "helper", c->actor.name, NULL),
                    event_facts(c, "what", f->what, NULL)));
    reply_see(r, "/helper");
    return assist_view_of(c, a, v);
}

/* Also after the help has ended, should that ever be: what a person gave is given back. */
enum err assist_paper_give_back(struct ctx *c, const struct assist_id_form *f, struct reply *r,
                                struct assist_view *v)
{
    struct assist_paper_row *p;
    struct assist_row *a;
    int64_t changed;
    TRY(assist_paper(c, c->center_id, f->id, &p));
    if (p == NULL)
        return fail(c, E_NOT_FOUND, "paper %lld", (long long)f->id);
    TRY(assist(c, c->center_id, p->assist_id, &a));
    BUG_IF(a == NULL);
    if (a->helper_id != c->actor.id && !has_role(c, ROLE_DUTY))
        return fail(c, E_ASSIST_NOT_YOURS, "assist %lld", (long long)a->id);
    TRY(assist_paper_return_changes(c, c->center_id, p->id, c->now, c->actor.name, &changed));
    if (changed == 0)
        return fail(c, E_ASSIST_PAPER_BACK, "paper %lld", (long long)p->id);
    TRY(journal_add(c, EV_ASSIST_HANDED_BACK, a->id, a->thread,
                    event_facts(c, "helper", c->actor.name, NULL),
                    event_facts(c, "what", p->what, NULL)));
    reply_see(r, "/helper");
    return assist_view_of(c, a, v);
}

enum err assist_rate(struct ctx *c, const struct assist_grade_given_form *f, struct reply *r,
                     struct assist_view *v)
{
    struct assist_row *a;
    int64_t changed;
    TRY(assist_by_token(c, c->center_id, f->token, &a));
    if (a == NULL)
        return fail(c, E_NOT_FOUND, "no such request for help");
    if (c->actor.kind == ACTOR_STAFF)
        return fail(c, E_ASSIST_GRADE_STAFF, "assist %lld", (long long)a->id);
    if (a->state != ASSIST_DONE)
        return fail(c, E_ASSIST_NOT_DONE, "assist %lld", (long long)a->id);
    TRY(assist_grade_changes(c, c->center_id, a->id, f->grade, str_or_empty(f->text), c->now,
                             &changed));
    if (changed == 0)
        return fail(c, E_ASSIST_GRADED, "assist %lld", (long long)a->id);
    a->grade = f->grade;
    TRY(journal_add(c, EV_ASSIST_GRADED, a->id, a->thread,
                    event_facts(c, "grade", str_fmt(c->arena, "%lld", (long long)f->grade), NULL),
                    STR_NONE));
    reply_see(r, "/assists/%.*s", STR_ARG(f->token));
    return assist_view_of(c, a, v);
}

static void sort_ints(int64_t *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t at = i; at > 0 && v[at - 1] > v[at]; at--) {
            int64_t moved = v[at];
            v[at] = v[at - 1];
            v[at - 1] = moved;
        }
}

static enum err count_day(struct ctx *c, const struct assists_between_rows *rows,
                          struct help_day *v)
{
    int64_t *waits = ARENA_ARRAY(c->arena, int64_t, rows->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct assist_row *a = &rows->v[i];
        v->asked++;
        v->done += a->state == ASSIST_DONE ? 1 : 0;
        v->open += a->state < ASSIST_DONE ? 1 : 0;
        v->escalated += a->escalated_at != 0 ? 1 : 0;
        if (a->graded_at != 0) {
            v->graded++;
            v->grade_sum += a->grade;
        }
        if (a->accepted_at != 0) {
            int64_t wait = a->accepted_at - assist_due_from(c, a);
            waits[n++] = wait < 0 ? 0 : wait;
        }
    }
    sort_ints(waits, n);
    int64_t tenths = v->graded > 0 ? (v->grade_sum * 10 + v->graded / 2) / v->graded : 0;
    v->grade_words = v->graded == 0
                         ? tr(c, "还没有人评价")
                         : str_fmt(c->arena, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
    int64_t seconds = n == 0 ? 0 : waits[(n - 1) / 2] / SECOND_MS;
    v->accept_words = n == 0 ? tr(c, "还没有人接过")
                             : str_fmt(c->arena, "%lld′%02lld″", (long long)(seconds / 60),
                                       (long long)(seconds % 60));
    return E_OK;
}

static enum err list_helpers(struct ctx *c, struct help_day *v)
{
    struct helper_state *helpers;
    size_t n;
    TRY(helpers_now(c, &helpers, &n));
    v->helpers.v = ARENA_ARRAY(c->arena, struct helper_line, n + 1);
    v->helpers.n = n;
    for (size_t i = 0; i < n; i++) {
        struct help_skill_view_list skills;
        struct str words = STR("");
        TRY(skill_views(c, helpers[i].skills, &skills));
        for (size_t k = 0; k < skills.n; k++)
            words = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(words), k > 0 ? " · " : "",
                            STR_ARG(skills.v[k].name));
        v->helpers.v[i] = (struct helper_line){.name = helpers[i].name,
                                               .floor = helpers[i].floor,
                                               .skills = words,
                                               .busy = helpers[i].is_busy,
                                               .on_at = helpers[i].idle_since};
    }
    return E_OK;
}

enum err help_day_show(struct ctx *c, const struct help_day_of_form *f, struct reply *r,
                       struct help_day *v)
{
    struct assists_between_rows rows;
    (void)r;
    v->on = f->on == 0 ? today(c) : f->on;
    int64_t from = date_start(v->on, c->zone_minutes);
    TRY(assists_between(c, c->center_id, from, from + DAY_MS, &rows));
    TRY(count_day(c, &rows, v));
    TRY(list_helpers(c, v));
    v->items.v = ARENA_ARRAY(c->arena, struct assist_view, DAY_ITEMS_MOST);
    for (size_t i = 0; i < rows.n && i < DAY_ITEMS_MOST; i++)
        TRY(assist_view_of(c, &rows.v[i], &v->items.v[v->items.n++]));
    v->total = (int64_t)rows.n;
    return E_OK;
}
