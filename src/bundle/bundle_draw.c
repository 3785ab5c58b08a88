/* The steps as a drawing. A phone is narrow and names are long, so there is one box a line and all lines run on
 * the left: out of a box at its foot, down a lane of their own, into the next at its head. Sizes are pixels of a
 * narrow phone's card; assets/app.css (DRAWING) sets the same sizes of type. */
#include "bundle.h"
#include "web.h"

struct sizes {
    int width, name, note, line_gap, pad;
};
static const struct sizes usual = {296, 17, 14, 5, 9}, elder = {280, 22, 18, 7, 12};

enum {
    LANE = 11,      /* between two lanes */
    LANE_EDGE = 14, /* from the last lane to the boxes */
    HEAD = 8,       /* of an arrow */
    ROUND = 6,
    BOX_GAP = 9,
    BAND_GAP = 12,
    WORDS_MAX = 8, /* lines of a box */
};

/* Width in hundredths of the type size: a Chinese character is 100, a Latin one less. */
static int char_width(uint32_t ch)
{
    return ch >= 0x2e80 ? 100 : ch == ' ' ? 30 : ch >= 'A' && ch <= 'Z' ? 68 : 57;
}

/* As much of a text as fits, at least a character; breaks at a blank, or anywhere between Chinese ones. */
static struct str line_that_fits(struct str s, int hundredths)
{
    size_t at = 0, end = 0, breaks_at = 0;
    int width = 0;
    while (at < s.n) {
        size_t start = at;
        uint32_t ch = str_next_char(s, &at);
        width += char_width(ch);
        if (width > hundredths && end > 0)
            return (struct str){s.p, breaks_at > 0 ? breaks_at : end};
        if (ch == ' ' || ch >= 0x2e80)
            breaks_at = ch == ' ' ? start : at;
        end = at;
    }
    return s;
}

/* Lines of a text below y; returns the y below the last. */
static int put_words(struct ctx *c, struct bundle_words_list *to, struct str s, int x, int y,
                     int size, int gap, int room)
{
    if (to->v == NULL)
        to->v = ARENA_ARRAY(c->arena, struct bundle_words, WORDS_MAX);
    for (struct str rest = str_trim(s); rest.n > 0 && to->n < WORDS_MAX;) {
        struct str line = line_that_fits(rest, room * 100 / size);
        y += size;
        to->v[to->n++] = (struct bundle_words){x, y, line};
        y += gap;
        rest = str_trim((struct str){rest.p + line.n, rest.n - line.n});
    }
    return y;
}

static struct str term_of(struct ctx *c, const struct bundle_step *s)
{
    struct str n = str_fmt(c->arena, "%lld", (long long)s->days);
    if (s->days == 0)
        return tr(c, "当场办好");
    return str_is(s->unit, "natural") ? tr_fill(c, "{n} 天", "n", n, NULL)
                                      : tr_fill(c, "{n} 个工作日", "n", n, NULL);
}

/* By whom and how long: on one line, or each on its own. */
static int put_note(struct ctx *c, struct bundle_box *b, const struct bundle_step *s, int x, int y,
                    const struct sizes *z, int room)
{
    struct str term = term_of(c, s);
    struct str both = str_fmt(c->arena, "%.*s · %.*s", STR_ARG(s->agency), STR_ARG(term));
    if (line_that_fits(both, room * 100 / z->note).n == both.n)
        return put_words(c, &b->notes, both, x, y, z->note, z->line_gap, room);
    y = put_words(c, &b->notes, s->agency, x, y, z->note, z->line_gap, room);
    return put_words(c, &b->notes, term, x, y, z->note, z->line_gap, room);
}

static struct str band_title(struct ctx *c, const struct bundle_view *v, int64_t wave)
{
    int64_t n = 0;
    for (size_t i = 0; i < v->steps.n; i++)
        n += v->steps.v[i].wave == wave;
    struct str w = str_fmt(c->arena, "%lld", (long long)wave),
               k = str_fmt(c->arena, "%lld", (long long)n);
    return n == 1 ? tr_fill(c, "第 {w} 步", "w", w, NULL)
                  : tr_fill(c, "第 {w} 步，{n} 件可以同时办", "w", w, "n", k, NULL);
}

/* --- lanes: an interval of each box that others wait for; intervals that overlap lie side by side --- */

struct trunk {
    int from, to; /* y of its foot, y of the last head it reaches */
    int lane;     /* -1: nobody waits for this one */
};

struct drawing {
    struct ctx *c;
    const struct bundle_def *d;
    struct bundle_view *v;
    const struct sizes *size;
    int step_of[PLAN_COMPONENTS_MAX]; /* place in the list, -1: not drawn */
    int order[PLAN_COMPONENTS_MAX];   /* the component of each place */
    struct trunk trunks[PLAN_COMPONENTS_MAX];
    int lanes;
};

static int foot_of(const struct bundle_box *b)
{
    return (int)(b->y + b->h) - 10;
}

/* Several lines into one box come in below each other. */
static int head_of(const struct drawing *k, int step, int nth)
{
    const struct bundle_box *b = &k->v->picture.boxes.v[step];
    int y = (int)b->y + 12 + nth * 7;
    return y < foot_of(b) - 6 ? y : foot_of(b) - 6;
}

static bool is_drawn(const struct drawing *k, int edge)
{
    const struct plan_edge *e = &k->d->plan.edges[edge];
    return k->step_of[e->before] >= 0 && k->step_of[e->after] >= 0;
}

static int lane_of(const struct drawing *k, int edge)
{
    return k->trunks[k->step_of[k->d->plan.edges[edge].before]].lane;
}

/* How many lines come into the same box above this one: those of inner lanes, so that none crosses another there. */
static int nth_into(const struct drawing *k, int edge)
{
    int n = 0;
    for (int e = 0; e < k->d->plan.edge_count; e++)
        if (is_drawn(k, e) && k->d->plan.edges[e].after == k->d->plan.edges[edge].after)
            n +=
                lane_of(k, e) < lane_of(k, edge) || (lane_of(k, e) == lane_of(k, edge) && e < edge);
    return n;
}

/* Only the order of boxes counts here, so it may be asked before they have their places. */
static void choose_lanes(struct drawing *k)
{
    int busy_until[PLAN_COMPONENTS_MAX];
    for (int i = 0; i < PLAN_COMPONENTS_MAX; i++) {
        busy_until[i] = -1;
        k->trunks[i].lane = -1;
    }
    for (int i = 0; i < (int)k->v->steps.n; i++) {
        int last = -1, lane = 0;
        for (int e = 0; e < k->d->plan.edge_count; e++)
            if (is_drawn(k, e) && k->d->plan.edges[e].before == k->order[i] &&
                k->step_of[k->d->plan.edges[e].after] > last)
                last = k->step_of[k->d->plan.edges[e].after];
        if (last < 0)
            continue;
        while (busy_until[lane] > i)
            lane++;
        busy_until[lane] = last;
        k->trunks[i] = (struct trunk){i, last, lane};
        if (lane + 1 > k->lanes)
            k->lanes = lane + 1;
    }
}

static int boxes_x(const struct drawing *k)
{
    return k->lanes == 0 ? 2 : LANE_EDGE + k->lanes * LANE;
}

static int put_box(struct drawing *k, size_t i, int y)
{
    const struct bundle_step *s = &k->v->steps.v[i];
    const struct sizes *z = k->size;
    struct bundle_box *b = &k->v->picture.boxes.v[k->v->picture.boxes.n++];
    int x = boxes_x(k), w = z->width - x - 2, room = w - 2 * z->pad;
    *b = (struct bundle_box){.x = x,
                             .y = y,
                             .w = w,
                             .critical = s->critical,
                             .maybe = str_is(s->need, "maybe")};
    struct str name = str_fmt(k->c->arena, "%lld. %.*s", (long long)s->number, STR_ARG(s->name));
    int below =
        put_words(k->c, &b->words, name, x + z->pad, y + z->pad - 3, z->name, z->line_gap, room);
    below = put_note(k->c, b, s, x + z->pad, below, z, room);
    b->h = below + z->pad - 3 - y;
    return y + (int)b->h;
}

static void put_boxes(struct drawing *k)
{
    struct bundle_picture *p = &k->v->picture;
    const struct sizes *z = k->size;
    int y = 0;
    p->boxes.v = ARENA_ARRAY(k->c->arena, struct bundle_box, k->v->steps.n + 1);
    p->bands.v = ARENA_ARRAY(k->c->arena, struct bundle_band, k->v->steps.n + 1);
    for (size_t i = 0; i < k->v->steps.n; i++) {
        if (i == 0 || k->v->steps.v[i].wave != k->v->steps.v[i - 1].wave) {
            struct bundle_words_list title = {0};
            y += i == 0 ? 0 : BAND_GAP;
            put_words(k->c, &title, band_title(k->c, k->v, k->v->steps.v[i].wave), boxes_x(k), y,
                      z->note, z->line_gap, z->width);
            p->bands.v[p->bands.n++] = (struct bundle_band){y, z->note, title.v[0]};
            y += z->note + z->line_gap + 3;
        }
        y = put_box(k, i, y) + BOX_GAP;
    }
    p->w = z->width;
    p->h = y;
}

static bool is_on_longest(const struct drawing *k, int edge)
{
    const struct plan_edge *e = &k->d->plan.edges[edge];
    const struct bundle_term *t = &k->v->term;
    for (size_t i = 0; i + 1 < t->path.n; i++)
        if (str_eq(t->path.v[i], k->v->steps.v[k->step_of[e->before]].name) &&
            str_eq(t->path.v[i + 1], k->v->steps.v[k->step_of[e->after]].name))
            return true;
    return false;
}

static void put_arrow(struct drawing *k, int edge)
{
    const struct plan_edge *e = &k->d->plan.edges[edge];
    int from = k->step_of[e->before], to = k->step_of[e->after], x = boxes_x(k);
    int lane = x - LANE_EDGE - k->trunks[from].lane * LANE,
        y = foot_of(&k->v->picture.boxes.v[from]);
    int end = head_of(k, to, nth_into(k, edge));
    struct bundle_arrow *a = &k->v->picture.arrows.v[k->v->picture.arrows.n++];
    a->line =
        str_fmt(k->c->arena, "M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", x, y, lane + ROUND, lane, y,
                lane, y + ROUND, end - ROUND, lane, end, lane + ROUND, end, x - HEAD + 1);
    a->head = str_fmt(k->c->arena, "M%d %dL%d %dL%d %dZ", x - 1, end, x - HEAD, end - 5, x - HEAD,
                      end + 5);
    a->critical = is_on_longest(k, edge);
}

void bundle_draw(struct ctx *c, const struct bundle_def *d, struct bundle_view *v)
{
    struct drawing k = {.c = c,
                        .d = d,
                        .v = v,
                        .size = c->request != NULL && c->request->elder ? &elder : &usual};
    for (int i = 0; i < PLAN_COMPONENTS_MAX; i++)
        k.step_of[i] = -1;
    for (size_t s = 0; s < v->steps.n; s++)
        for (size_t i = 0; i < d->components.n; i++)
            if (str_eq(d->components.v[i].code, v->steps.v[s].code)) {
                k.step_of[i] = (int)s;
                k.order[s] = (int)i;
            }
    choose_lanes(&k);
    put_boxes(&k);
    v->picture.arrows.v = ARENA_ARRAY(c->arena, struct bundle_arrow, d->edges.n + 1);
    for (int pass = 0; pass < 2; pass++) /* those that count most lie on top */
        for (int e = 0; e < d->plan.edge_count; e++)
            if (is_drawn(&k, e) && is_on_longest(&k, e) == (pass == 1))
                put_arrow(&k, e);
}
