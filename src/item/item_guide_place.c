/* Where an item is handled. The hall tells floor, zone and number of each window but no coordinates, so the plan is
 * schematic: zones one below the other, their windows in the order of their numbers, the entrance at the bottom. */
#include "item_guide.h"

#define CELL_WIDE  40
#define CELL_HIGH  30
#define CELL_STEP  44 /* sideways */
#define ROW_STEP   48 /* down: room above a window for its mark */
#define LABEL_HIGH 26
#define DOOR_HIGH  30
#define IN_A_ROW   8
#define PLAN_WIDE  (IN_A_ROW * CELL_STEP + 4)
#define NAMED_MOST 6 /* windows of a floor that are told with their names */

struct places {
    struct ctx *c;
    struct guide_desks_rows all;
    const bool *is_mine; /* by position in all */
};

static bool is_special(const struct guide_desks_row *d)
{
    return str_is(d->kind, "special");
}

static struct guide_desk desk_of(struct ctx *c, const struct guide_desks_row *d)
{
    return (struct guide_desk){.code = d->code,
                               .name = guide_text(c, d->name, d->name_en),
                               .zone = d->zone_code,
                               .zone_name = guide_text(c, d->zone_name, d->zone_name_en),
                               .floor = d->floor,
                               .step_free = d->step_free};
}

/* --- the plan --- */

struct drawing {
    struct guide_floor *f;
    struct buf others; /* outlines of the other windows, one path */
    int64_t x, y;
    int in_row;
    struct str zone;
};

static void begin_zone(struct ctx *c, struct drawing *g, const struct guide_desks_row *d)
{
    if (g->in_row > 0)
        g->y += ROW_STEP;
    g->in_row = 0;
    g->zone = d->zone_code;
    g->f->labels.v[g->f->labels.n++] =
        (struct guide_label){g->y + 18, guide_text(c, d->zone_name, d->zone_name_en)};
    g->y += LABEL_HIGH;
}

static void draw_desk(struct ctx *c, struct drawing *g, const struct guide_desks_row *d,
                      bool is_mine)
{
    if (!str_eq(g->zone, d->zone_code))
        begin_zone(c, g, d);
    if (g->in_row == IN_A_ROW) {
        g->in_row = 0;
        g->y += ROW_STEP;
    }
    int64_t x = 4 + g->in_row++ * CELL_STEP, y = g->y + 14;
    if (!is_mine)
        buf_fmt(&g->others, "M%d %dh%dv%dh-%dz", (int)x, (int)y, CELL_WIDE, CELL_HIGH, CELL_WIDE);
    g->f->spots.v[g->f->spots.n++] = (struct guide_spot){x, y, d->code, is_mine};
}

static void draw_floor(const struct places *p, struct guide_floor *f)
{
    struct ctx *c = p->c;
    struct drawing g = {.f = f, .zone = STR("")};
    buf_init(&g.others, c->arena, 40000);
    f->labels.v = ARENA_ARRAY(c->arena, struct guide_label, p->all.n + 1);
    f->spots.v = ARENA_ARRAY(c->arena, struct guide_spot, p->all.n + 1);
    for (size_t i = 0; i < p->all.n; i++)
        if (p->all.v[i].floor == f->number)
            draw_desk(c, &g, &p->all.v[i], p->is_mine[i]);
    f->others = buf_as_str(&g.others);
    f->width = PLAN_WIDE;
    f->height = g.y + ROW_STEP + DOOR_HIGH;
}

/* --- the windows --- */

static void add_desks(const struct places *p, struct guide_floor *f, bool specials)
{
    for (size_t i = 0; i < p->all.n; i++) {
        const struct guide_desks_row *d = &p->all.v[i];
        if (d->floor != f->number || !p->is_mine[i] || is_special(d) != specials)
            continue;
        f->desks.v[f->desks.n++] = desk_of(p->c, d);
        f->step_free = f->step_free || d->step_free;
    }
}

/* Numbers from the n-th window on, and the zones of all of them. */
static void list_more(struct ctx *c, struct guide_floor *f)
{
    struct buf more, zones;
    buf_init(&more, c->arena, 20000);
    buf_init(&zones, c->arena, 20000);
    struct str mark = c->lang == LANG_EN ? STR(", ") : STR("、");
    for (size_t i = 0; i < f->desks.n; i++) {
        bool is_known = false;
        for (size_t k = 0; k < i; k++)
            is_known = is_known || str_eq(f->desks.v[k].zone, f->desks.v[i].zone);
        if (!is_known && zones.n > 0)
            buf_str(&zones, mark);
        if (!is_known)
            buf_str(&zones, f->desks.v[i].zone_name);
        if (i < NAMED_MOST)
            continue;
        if (more.n > 0)
            buf_str(&more, mark);
        buf_str(&more, f->desks.v[i].code);
    }
    f->more = buf_as_str(&more);
    f->zone_name = buf_as_str(&zones);
}

/* What a picture says to who does not see it. */
static struct str about_floor(struct ctx *c, const struct guide_floor *f)
{
    struct buf b;
    buf_init(&b, c->arena, 20000);
    for (size_t i = 0; i < f->desks.n; i++) {
        if (i > 0)
            buf_str(&b, c->lang == LANG_EN ? STR(", ") : STR("、"));
        buf_str(&b, f->desks.v[i].code);
    }
    return tr_fill(c, "{floor}示意图，您要去的窗口：{desks}", "floor", f->name, "desks",
                   buf_as_str(&b), NULL);
}

static void add_floor(const struct places *p, const struct guide_floors_row *row,
                      struct item_view *v)
{
    struct ctx *c = p->c;
    struct guide_floor f = {.number = row->number,
                            .name = guide_text(c, row->name, row->name_en),
                            .has_lift = row->has_lift};
    f.desks.v = ARENA_ARRAY(c->arena, struct guide_desk, p->all.n + 1);
    add_desks(p, &f, true);
    add_desks(p, &f, false);
    if (f.desks.n == 0)
        return;
    list_more(c, &f);
    f.about = about_floor(c, &f);
    draw_floor(p, &f);
    v->places.v[v->places.n++] = f;
}

/* Who cannot climb stairs: the first floor with a window of the item that is reached without any; only said when
 * some window is not. */
static struct str step_free_place(struct ctx *c, const struct item_view *v)
{
    const struct guide_desk *found = NULL;
    const struct guide_floor *on = NULL;
    bool some_not = false;
    for (size_t i = 0; i < v->places.n; i++)
        for (size_t k = 0; k < v->places.v[i].desks.n; k++) {
            const struct guide_desk *d = &v->places.v[i].desks.v[k];
            some_not = some_not || !d->step_free;
            if (d->step_free && found == NULL) {
                found = d;
                on = &v->places.v[i];
            }
        }
    if (!some_not)
        return STR("");
    if (found == NULL)
        return tr(c, "爬不了楼梯的，请在门口的导办台说一声，工作人员帮您安排。");
    return tr_fill(c, "爬不了楼梯的，取号时选“不能上楼”，在{floor}办，例如 {desk} 号{name}。",
                   "floor", on->name, "desk", found->code, "name", found->name, NULL);
}

enum err guide_places_fill(struct ctx *c, int64_t item_id, struct item_view *v)
{
    struct places p = {.c = c};
    struct guide_item_desks_rows mine;
    struct guide_floors_rows floors;
    TRY(guide_desks(c, c->center_id, &p.all));
    TRY(guide_item_desks(c, c->center_id, item_id, &mine));
    TRY(guide_floors(c, c->center_id, &floors));
    bool *is_mine = ARENA_ARRAY(c->arena, bool, p.all.n + 1);
    for (size_t i = 0; i < p.all.n; i++)
        for (size_t k = 0; k < mine.n && !is_mine[i]; k++)
            is_mine[i] = p.all.v[i].id == mine.v[k].desk_id;
    p.is_mine = is_mine;
    v->places.v = ARENA_ARRAY(c->arena, struct guide_floor, floors.n + 1);
    for (size_t i = 0; i < floors.n; i++)
        add_floor(&p, &floors.v[i], v);
    v->step_free_place = step_free_place(c, v);
    return E_OK;
}
