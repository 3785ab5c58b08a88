/* The proposals of the hall now, their acceptance, and what the clerk concerned sees of it. */
#include "tide.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"
#include "staff.h"

static const char *const kind_words[TIDE_KIND_COUNT] = {"open", "close", "switch"};

struct reading {
    struct tide_line *lines;
    size_t line_count;
    struct tide_desk *desks;
    size_t desk_count;
};

static enum err read_lines(struct ctx *c, struct reading *g)
{
    struct tide_lines_rows rows;
    TRY(tide_lines(c, c->center_id, &rows));
    g->lines = ARENA_ARRAY(c->arena, struct tide_line, rows.n + 1);
    g->line_count = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        g->lines[i] = (struct tide_line){.id = rows.v[i].id,
                                         .waiting = rows.v[i].waiting,
                                         .service_ms = rows.v[i].service_ms,
                                         .is_own = rows.v[i].desks == 1};
    return E_OK;
}

static enum err read_desks(struct ctx *c, struct reading *g)
{
    struct desk_rows rows;
    struct tide_desk_lines_rows served;
    struct tide_desks_busy_rows busy;
    TRY(desks(c, c->center_id, &rows));
    TRY(tide_desk_lines(c, c->center_id, &served));
    TRY(tide_desks_busy(c, c->center_id, &busy));
    g->desks = ARENA_ARRAY(c->arena, struct tide_desk, rows.n + 1);
    g->desk_count = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct desk_row *r = &rows.v[i];
        int64_t *of_desk = ARENA_ARRAY(c->arena, int64_t, served.n + 1);
        size_t n = 0;
        for (size_t k = 0; k < served.n; k++)
            if (served.v[k].desk_id == r->id)
                of_desk[n++] = served.v[k].line_id;
        g->desks[i] = (struct tide_desk){.code = r->code,
                                         .is_open = r->state == DESK_OPEN,
                                         .is_away = r->state == DESK_PAUSED,
                                         .since = r->since_at,
                                         .lines = of_desk,
                                         .line_count = n};
        for (size_t k = 0; k < busy.n; k++)
            g->desks[i].is_busy = g->desks[i].is_busy || busy.v[k].desk_id == r->id;
    }
    return E_OK;
}

static struct str number(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

static struct str what_to_do(struct ctx *c, struct str kind, struct str from, struct str to)
{
    const char *words = str_is(kind, "open")    ? /* tr */ "请开 {to} 号窗口"
                        : str_is(kind, "close") ? /* tr */ "{from} 号窗口可以关闭"
                                                : /* tr */ "请 {from} 号窗口改到 {to} 号窗口";
    return tr_fill(c, words, "from", from, "to", to, NULL);
}

static struct str why(struct ctx *c, const struct tide_move *m)
{
    struct str minutes = number(c, (m->load_ms + MINUTE_MS - 1) / MINUTE_MS);
    struct str people = number(c, m->waiting);
    if (m->kind == TIDE_CLOSE)
        return tr_fill(c, "少了它，预计等候也不超过 {minutes} 分", "minutes", minutes, NULL);
    if (m->load_ms > DAY_MS)
        return tr_fill(c, "{n} 人在等，没有能办的窗口开着", "n", people, NULL);
    return tr_fill(c, "{n} 人在等，预计要等 {minutes} 分", "n", people, "minutes", minutes, NULL);
}

enum err tide_of_hall(struct ctx *c, struct tide_line_view_list *ret)
{
    struct reading g;
    struct tide_move moves[TIDE_MOST];
    struct tide_rules rules = {setting_tide_high_minutes(c) * MINUTE_MS,
                               setting_tide_low_minutes(c) * MINUTE_MS,
                               setting_tide_rest_minutes(c) * MINUTE_MS};
    TRY(read_lines(c, &g));
    TRY(read_desks(c, &g));
    size_t n =
        tide_propose(c->arena, g.lines, g.line_count, g.desks, g.desk_count, c->now, &rules, moves);
    ret->v = ARENA_ARRAY(c->arena, struct tide_line_view, n + 1);
    ret->n = n;
    for (size_t i = 0; i < n; i++) {
        struct str kind = str_of(kind_words[moves[i].kind]);
        struct str from = moves[i].from >= 0 ? g.desks[moves[i].from].code : STR("");
        struct str to = moves[i].to >= 0 ? g.desks[moves[i].to].code : STR("");
        ret->v[i] = (struct tide_line_view){.kind = kind,
                                            .from = from,
                                            .to = to,
                                            .words = what_to_do(c, kind, from, to),
                                            .reason = why(c, &moves[i]),
                                            .by = STR("")};
    }
    return E_OK;
}

enum err tides_show(struct ctx *c, struct reply *r, struct tides *v)
{
    (void)r;
    return tide_of_hall(c, &v->items);
}

/* What is accepted is proposed still: a page that stood open for an hour moves nobody. */
enum err tide_accept(struct ctx *c, const struct tide_choice_form *f, struct reply *r,
                     struct tide_line_view *v)
{
    struct tide_line_view_list now;
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    TRY(tide_of_hall(&zh, &now));
    for (size_t i = 0; i < now.n; i++) {
        const struct tide_line_view *p = &now.v[i];
        if (!str_is(p->kind, tide_choice_kind_words[f->kind]) ||
            !str_eq(p->from, str_or_empty(f->from)) || !str_eq(p->to, str_or_empty(f->to)))
            continue;
        *v = *p;
        v->by = c->actor.name;
        v->at = c->now;
        reply_see(r, "/floors");
        TRY(tide_add(c, c->center_id, new_id(c), p->kind, p->from, p->to, p->reason, c->actor.name,
                     c->now));
        return journal_add(c, EV_TIDE_ACCEPTED, 0, 0,
                           event_facts(c, "kind", p->kind, "from", p->from, "to", p->to, NULL),
                           STR_NONE);
    }
    return fail(c, E_TIDE_OVER, "%.*s to %.*s is not proposed", STR_ARG(str_or_empty(f->from)),
                STR_ARG(str_or_empty(f->to)));
}

static struct tide_line_view as_shown(struct ctx *c, const struct tides_recent_row *t)
{
    return (struct tide_line_view){.kind = t->kind,
                                   .from = t->from_desk,
                                   .to = t->to_desk,
                                   .words = what_to_do(c, t->kind, t->from_desk, t->to_desk),
                                   .reason = t->reason,
                                   .by = t->accepted_by,
                                   .at = t->accepted_at};
}

enum err tide_for_clerk(struct ctx *c, struct tide_line_view **ret)
{
    struct desk_row *d;
    struct staff_row *me;
    struct tides_recent_rows rows;
    *ret = NULL;
    TRY(tides_recent(c, c->center_id, c->now - setting_tide_show_minutes(c) * MINUTE_MS, &rows));
    if (rows.n == 0)
        return E_OK;
    TRY(desk_of_staff(c, c->center_id, c->actor.id, &d));
    TRY(staff(c, c->center_id, c->actor.id, &me));
    for (size_t i = 0; i < rows.n; i++) {
        const struct tides_recent_row *t = &rows.v[i];
        bool is_mine = d != NULL ? str_eq(t->from_desk, d->code) && d->since_at <= t->accepted_at
                                 : me != NULL && t->from_desk.n == 0 &&
                                       str_eq(t->to_desk, str_or_empty(me->desk_code));
        if (!is_mine)
            continue;
        *ret = ARENA_NEW(c->arena, struct tide_line_view);
        **ret = as_shown(c, t);
        return E_OK;
    }
    return E_OK;
}
