/* From the state of the hall to shapes with words. A floor that has positions is drawn by them, what has none stands in
 * rows below; a floor without any is laid out zone by zone: the waiting area, under it its windows in rows. */
#include "floorplan.h"

#include "clock.h"

#define EDGE       20
#define GAP        8
#define ZONE_H     78
#define DOT_STEP   22
#define DOTS_TOP   46
#define FLOORS_MAX 20

static const struct {
    const char *state, *word, *sign;
} looks[] = {
    {"free", /* tr */ "空闲", "○"},    {"called", /* tr */ "叫号", "◎"},
    {"serving", /* tr */ "办理", "●"}, {"paused", /* tr */ "暂停", "‖"},
    {"closed", /* tr */ "关闭", "✕"},
};
enum { LOOKS_FREE, LOOKS_CALLED, LOOKS_SERVING, LOOKS_PAUSED, LOOKS_CLOSED };

static int look_of(const struct desk_now *d)
{
    if (d->number.n > 0)
        return d->is_serving ? LOOKS_SERVING : LOOKS_CALLED;
    return d->state == DESK_OPEN     ? LOOKS_FREE
           : d->state == DESK_PAUSED ? LOOKS_PAUSED
                                     : LOOKS_CLOSED;
}

static bool has_alarm(const struct hall_now *h, struct str code)
{
    for (size_t i = 0; i < h->alarm_count; i++)
        if (str_eq(h->alarms[i].desk, code))
            return true;
    return false;
}

/* The last line in a window of the drawing: the number there, else why it is paused; short. */
static struct str note_of(const struct ctx *c, const struct desk_now *d)
{
    if (d->number.n > 0)
        return d->number;
    return d->state == DESK_PAUSED ? str_head(tr(c, str_z(c->arena, d->reason)), 6) : STR("");
}

static struct plan_desk desk_shape(struct ctx *c, const struct hall_now *h,
                                   const struct desk_now *d, const struct desk_row *row)
{
    int look = look_of(d);
    struct plan_desk v = {
        .code = d->code,
        .name = row == NULL ? STR("") : name_in_lang(c, row->name, row->name_en),
        .floor = row == NULL ? 0 : row->floor,
        .zone = row == NULL ? STR("") : row->zone_code,
        .zone_name = row == NULL ? STR("") : name_in_lang(c, row->zone_name, row->zone_name_en),
        .state = str_of(looks[look].state),
        .word = tr(c, looks[look].word),
        .sign = str_of(looks[look].sign),
        .number = d->number,
        .since = d->number.n > 0 ? d->number_since : d->since,
        .reason = tr(c, str_z(c->arena, d->reason)),
        .staff = d->staff,
        .has_alarm = has_alarm(h, d->code),
        .note = note_of(c, d),
    };
    return v;
}

static void put_desk(struct plan_desk *d, int64_t x, int64_t y, int64_t w, int64_t h)
{
    d->x = x;
    d->y = y;
    d->w = w;
    d->h = h;
    d->cx = x + w / 2;
    d->y1 = y + h * 30 / 100;
    d->y2 = y + h * 60 / 100;
    d->y3 = y + h * 87 / 100;
}

/* People as dots, row by row as far as the area goes; the rest as a number. */
static void put_zone(struct ctx *c, struct plan_zone *z, int64_t x, int64_t y, int64_t w, int64_t h,
                     bool with_dots)
{
    z->x = x;
    z->y = y;
    z->w = w;
    z->h = h;
    z->cx = x + w / 2;
    z->ty = y + 26;
    z->label = with_dots
                   ? tr_fill(c, "{sign} {zone} · {n} 人等候", "sign", z->sign, "zone", z->name, "n",
                             str_fmt(c->arena, "%lld", (long long)z->waiting), NULL)
                   : str_fmt(c->arena, "%.*s %.*s", STR_ARG(z->sign), STR_ARG(z->name));
    int64_t a_row = (w - 2 * GAP) / DOT_STEP, rows = (h - DOTS_TOP) / DOT_STEP + 1;
    int64_t room = a_row > 0 && rows > 0 ? a_row * rows : 0;
    int64_t n = !with_dots ? 0 : z->waiting < room ? z->waiting : room;
    z->dots.v = ARENA_ARRAY(c->arena, struct plan_dot, (size_t)n + 1);
    z->dots.n = (size_t)n;
    for (int64_t i = 0; i < n; i++)
        z->dots.v[i] = (struct plan_dot){x + GAP + DOT_STEP / 2 + i % a_row * DOT_STEP,
                                         y + DOTS_TOP + i / a_row * DOT_STEP};
    z->more = with_dots && z->waiting > n ? str_fmt(c->arena, "+%lld", (long long)(z->waiting - n))
                                          : STR("");
}

struct drawing {
    struct ctx *c;
    const struct hall_now *h;
    struct places_rows places;
    struct plan_floor *floor;
    int64_t bottom; /* of what is drawn so far */
};

static const struct places_row *spot(const struct drawing *g, const char *kind, struct str code)
{
    for (size_t i = 0; i < g->places.n; i++)
        if (g->places.v[i].floor == g->floor->number && str_is(g->places.v[i].kind, kind) &&
            str_eq(g->places.v[i].code, code))
            return &g->places.v[i];
    return NULL;
}

static void reach(struct drawing *g, int64_t x, int64_t y)
{
    if (x + EDGE > g->floor->width)
        g->floor->width = x + EDGE;
    if (y > g->bottom)
        g->bottom = y;
}

static bool has_desks_here(const struct drawing *g, const struct zone_row *z)
{
    for (size_t i = 0; i < g->h->desks.n; i++)
        if (g->h->desks.v[i].floor == g->floor->number && g->h->desks.v[i].zone_id == z->id)
            return true;
    return false;
}

static void draw_zone(struct drawing *g, size_t i, const struct places_row *p)
{
    const struct zone_row *r = &g->h->zones.v[i];
    struct plan_zone *z = &g->floor->zones.v[g->floor->zones.n++];
    bool is_main = r->floor == g->floor->number;
    *z = (struct plan_zone){.code = r->code,
                            .name = name_in_lang(g->c, r->name, r->name_en),
                            .sign = r->sign,
                            .colour = r->colour,
                            .floor = g->floor->number,
                            .waiting = is_main ? g->h->waiting[i] : 0};
    if (p != NULL)
        put_zone(g->c, z, p->x, p->y, p->w, p->h, is_main);
    else
        put_zone(g->c, z, EDGE, g->bottom + GAP, PLAN_WIDTH - 2 * EDGE, ZONE_H, is_main);
    reach(g, z->x + z->w, z->y + z->h);
}

/* The windows of a zone that have no position, in rows below what is there. */
static void draw_rows(struct drawing *g, const struct zone_row *z)
{
    int64_t x = EDGE, y = g->bottom + GAP;
    for (size_t i = 0; i < g->h->desks.n; i++) {
        const struct desk_row *row = &g->h->desks.v[i];
        if (row->floor != g->floor->number || row->zone_id != z->id ||
            spot(g, "desk", row->code) != NULL)
            continue;
        if (x + PLAN_DESK_W > PLAN_WIDTH - EDGE) {
            x = EDGE;
            y += PLAN_DESK_H + GAP;
        }
        struct plan_desk *d = &g->floor->desks.v[g->floor->desks.n++];
        *d = desk_shape(g->c, g->h, &g->h->desk_states[i], row);
        put_desk(d, x, y, PLAN_DESK_W, PLAN_DESK_H);
        reach(g, PLAN_WIDTH - EDGE, y + PLAN_DESK_H);
        x += PLAN_DESK_W + GAP;
    }
}

static void draw_placed_desks(struct drawing *g)
{
    for (size_t i = 0; i < g->h->desks.n; i++) {
        const struct desk_row *row = &g->h->desks.v[i];
        const struct places_row *p =
            row->floor == g->floor->number ? spot(g, "desk", row->code) : NULL;
        if (p == NULL)
            continue;
        struct plan_desk *d = &g->floor->desks.v[g->floor->desks.n++];
        *d = desk_shape(g->c, g->h, &g->h->desk_states[i], row);
        put_desk(d, p->x, p->y, p->w, p->h);
        reach(g, p->x + p->w, p->y + p->h);
    }
}

static void draw_fixtures(struct drawing *g)
{
    for (size_t i = 0; i < g->places.n; i++) {
        const struct places_row *p = &g->places.v[i];
        if (p->floor != g->floor->number || str_is(p->kind, "desk") || str_is(p->kind, "zone"))
            continue;
        g->floor->fixtures.v[g->floor->fixtures.n++] =
            (struct plan_fixture){.kind = p->kind,
                                  .code = p->code,
                                  .name = name_in_lang(g->c, p->name, p->name_en),
                                  .floor = p->floor,
                                  .x = p->x,
                                  .y = p->y,
                                  .w = p->w,
                                  .h = p->h,
                                  .cx = p->x + p->w / 2,
                                  .cy = p->y + p->h / 2 + 6};
        reach(g, p->x + p->w, p->y + p->h);
    }
}

/* Zones with a position first, then those that have none, each with its windows that have none. */
static void draw_zones(struct drawing *g)
{
    for (size_t i = 0; i < g->h->zones.n; i++) {
        const struct places_row *p = spot(g, "zone", g->h->zones.v[i].code);
        if (p != NULL)
            draw_zone(g, i, p);
    }
    draw_placed_desks(g);
    for (size_t i = 0; i < g->h->zones.n; i++) {
        const struct zone_row *z = &g->h->zones.v[i];
        bool is_here = has_desks_here(g, z) || z->floor == g->floor->number;
        if (is_here && spot(g, "zone", z->code) == NULL)
            draw_zone(g, i, NULL);
        draw_rows(g, z);
    }
}

static void draw_floor(struct drawing *g, int64_t number)
{
    struct ctx *c = g->c;
    *g->floor =
        (struct plan_floor){.number = number, .name = floor_text(c, number), .width = PLAN_WIDTH};
    g->floor->desks.v = ARENA_ARRAY(c->arena, struct plan_desk, g->h->desks.n + 1);
    g->floor->zones.v = ARENA_ARRAY(c->arena, struct plan_zone, g->h->zones.n + 1);
    g->floor->fixtures.v = ARENA_ARRAY(c->arena, struct plan_fixture, g->places.n + 1);
    g->bottom = EDGE - GAP;
    draw_fixtures(g);
    draw_zones(g);
    g->floor->height = g->bottom + EDGE;
    g->floor->label =
        tr_fill(c, "{floor}的平面图，文字版在下面的表里", "floor", g->floor->name, NULL);
}

static void count(struct ctx *c, const struct hall_now *h, struct plan *v)
{
    v->waits.v = ARENA_ARRAY(c->arena, struct plan_zone, h->zones.n + 1);
    for (size_t i = 0; i < h->zones.n; i++) {
        const struct zone_row *z = &h->zones.v[i];
        v->waits.v[v->waits.n++] = (struct plan_zone){.code = z->code,
                                                      .name = name_in_lang(c, z->name, z->name_en),
                                                      .sign = z->sign,
                                                      .colour = z->colour,
                                                      .floor = z->floor,
                                                      .waiting = h->waiting[i]};
        v->waiting += h->waiting[i];
    }
    for (size_t i = 0; i < h->desks.n; i++) {
        int look = look_of(&h->desk_states[i]);
        v->free += look == LOOKS_FREE;
        v->serving += look == LOOKS_SERVING || look == LOOKS_CALLED;
        v->paused += look == LOOKS_PAUSED;
        v->closed += look == LOOKS_CLOSED;
    }
}

static void show_alarms(struct ctx *c, const struct hall_now *h, struct plan *v)
{
    v->alarms.v = ARENA_ARRAY(c->arena, struct alarm_line, h->alarm_count + 1);
    v->alarms.n = h->alarm_count;
    for (size_t i = 0; i < h->alarm_count; i++) {
        const struct alarm_now *a = &h->alarms[i];
        struct alarm_line *to = &v->alarms.v[i];
        *to =
            (struct alarm_line){.id = a->id,
                                .desk = a->desk,
                                .desk_plain = a->desk,
                                .floor_name = STR(""),
                                .staff = a->by,
                                .raised_at = a->at,
                                .state = a->answered_at != 0 ? STR("acknowledged") : STR("raised"),
                                .answered_by = a->answered_by,
                                .answered_at = a->answered_at};
        for (size_t k = 0; k < h->desks.n; k++)
            if (str_eq(h->desks.v[k].code, a->desk)) {
                to->floor = h->desks.v[k].floor;
                to->floor_name = floor_text(c, to->floor);
            }
    }
}

static bool has_floor(const struct hall_now *h, const struct places_rows *places, int64_t number)
{
    for (size_t i = 0; i < h->desks.n; i++)
        if (h->desks.v[i].floor == number)
            return true;
    for (size_t i = 0; i < places->n; i++)
        if (places->v[i].floor == number)
            return true;
    return false;
}

enum err plan_draw(struct ctx *c, const struct hall_now *h, struct plan *v)
{
    struct drawing g = {.c = c, .h = h};
    TRY(places(c, c->center_id, &g.places));
    v->at = h->at;
    v->floors.v = ARENA_ARRAY(c->arena, struct plan_floor, FLOORS_MAX);
    for (int64_t number = 1; number <= FLOORS_MAX; number++) {
        if (!has_floor(h, &g.places, number))
            continue;
        g.floor = &v->floors.v[v->floors.n++];
        draw_floor(&g, number);
    }
    v->gone.v = ARENA_ARRAY(c->arena, struct plan_desk, h->gone_count + 1);
    for (size_t i = 0; i < h->gone_count; i++)
        v->gone.v[v->gone.n++] = desk_shape(c, h, &h->gone[i], NULL);
    count(c, h, v);
    show_alarms(c, h, v);
    return E_OK;
}
