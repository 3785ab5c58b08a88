/* Figures on screen: the cards, the items behind each, what was kept and whether it comes out the same again. */
#include "clock.h"
#include "csv.h"
#include "journal.h"
#include "quality_scope.h"
#include "store.h"
#include "web.h"
#include <inttypes.h>

#define SHEET_BYTES ((size_t)64 << 20)

static struct figure_filter filter_of(struct str zone, struct str agency, struct str kind)
{
    return (struct figure_filter){str_or_empty(zone), str_or_empty(agency), str_or_empty(kind)};
}

/* --- the page of figures --- */

enum err quality_show(struct ctx *c, const struct quality_query_form *f, struct reply *r,
                      struct quality_page *v)
{
    struct looked_at l;
    struct figure_filter filter = filter_of(f->zone, f->agency, f->kind);
    (void)r;
    TRY(scope_read(c, &filter, f->on, 0, f->since, &l));
    scope_fill(c, &l, &v->scope);
    const struct figure_board *b = kept_board(c, l.day, l.before, &l.filter);
    v->figures.v = ARENA_ARRAY(c->arena, struct figure_card, (size_t)figure_rule_count);
    for (int i = 0; i < figure_rule_count; i++)
        card_fill(c, &b->figures[i], &v->figures.v[v->figures.n++]);
    v->agencies = (struct agency_standing_list){b->agencies, b->agency_count};
    v->items = b->items;
    v->hard = b->hard;
    v->complete = b->complete;
    v->may_keep = may(c, RIGHT_QUALITY_KEEP);
    return E_OK;
}

/* --- the items behind one --- */

static struct str adds_text(struct ctx *c, const struct figure_rule *rule, struct share s)
{
    if (s.is != COUNTED || rule->unit == UNIT_ITEMS)
        return STR("");
    if (rule->unit == UNIT_MEAN)
        return percent_text(c, s.num, s.den);
    return over_text(c, rule, s.num, s.den, 1);
}

static const char *part_of(struct share s)
{
    if (s.is == NOT_KNOWN)
        return "unknown";
    return s.num > 0 ? "in" : "out";
}

static struct str part_text(struct ctx *c, const char *part)
{
    if (str_is(STR("unknown"), part))
        return tr(c, "不知道");
    return str_is(STR("in"), part) ? tr(c, "在内") : tr(c, "不在内");
}

static struct figure_item item_line(struct ctx *c, const struct figure_rule *rule,
                                    const struct item_facts *f, struct share s)
{
    const char *part = part_of(s);
    return (struct figure_item){.code = f->code,
                                .name = title_of(c, f->name, f->name_en),
                                .agency = f->agency,
                                .part = str_of(part),
                                .part_is = part_text(c, part),
                                .adds = adds_text(c, rule, s),
                                .id = f->item_id};
}

static bool is_shown(enum figure_query_shown shown, struct share s)
{
    return shown <= FIGURE_QUERY_SHOWN_ALL ||
           str_is(str_of(figure_query_shown_words[shown]), part_of(s));
}

/* Every item that is counted or not known, in order of code: how many, and the lines of those from `from` on, at most
 * `most`. */
static int64_t list_items(struct ctx *c, const struct figure_rule *rule, const struct looked_at *l,
                          enum figure_query_shown shown, int64_t from, int64_t most,
                          struct figure_item_list *ret)
{
    int64_t total = 0;
    size_t room = most < (int64_t)l->now->n ? (size_t)most : l->now->n;
    *ret = (struct figure_item_list){ARENA_ARRAY(c->arena, struct figure_item, room + 1), 0};
    for (size_t i = 0; i < l->now->n; i++) {
        const struct item_facts *f = &l->now->v[i];
        if (!figure_filter_takes(&l->filter, f))
            continue;
        struct share s = rule->of(f, l->before == NULL ? NULL : facts_of_code(l->before, f->code));
        if (s.is == NOT_COUNTED || !is_shown(shown, s))
            continue;
        if (total >= from && ret->n < room)
            ret->v[ret->n++] = item_line(c, rule, f, s);
        total++;
    }
    return total;
}

static enum err rule_named(struct ctx *c, struct str name, const struct figure_rule **ret)
{
    *ret = figure_rule_of(name);
    return *ret == NULL ? fail(c, E_NO_SUCH_FIGURE, "%.*s", STR_ARG(name)) : E_OK;
}

enum err quality_figure(struct ctx *c, const struct figure_query_form *f, struct reply *r,
                        struct figure_page *v)
{
    const struct figure_rule *rule;
    struct looked_at l;
    struct figure_filter filter = filter_of(f->zone, f->agency, f->kind);
    int64_t from;
    (void)r;
    TRY(rule_named(c, f->name, &rule));
    TRY(scope_read(c, &filter, f->on, 0, f->since, &l));
    scope_fill(c, &l, &v->scope);
    card_fill(c, board_figure(kept_board(c, l.day, l.before, &l.filter), rule), &v->card);
    v->shown = f->shown <= FIGURE_QUERY_SHOWN_ALL ? STR("all")
                                                  : str_of(figure_query_shown_words[f->shown]);
    v->page = f->page;
    v->total = list_items(c, rule, &l, f->shown, (f->page - 1) * PAGE_ROWS, PAGE_ROWS, &v->items);
    v->pages = pages_of(v->total, &v->page, &from);
    if (v->page != f->page) /* beyond the last one: that one */
        (void)list_items(c, rule, &l, f->shown, from, PAGE_ROWS, &v->items);
    v->earlier = v->page > 1 ? v->page - 1 : 0;
    v->later = v->page < v->pages ? v->page + 1 : 0;
    v->may_keep = may(c, RIGHT_QUALITY_KEEP);
    return E_OK;
}

enum err quality_figure_csv(struct ctx *c, const struct figure_query_form *f, struct reply *r)
{
    const struct figure_rule *rule;
    struct looked_at l;
    struct figure_item_list items;
    struct figure_filter filter = filter_of(f->zone, f->agency, f->kind);
    struct buf b;
    TRY(rule_named(c, f->name, &rule));
    TRY(scope_read(c, &filter, f->on, 0, f->since, &l));
    (void)list_items(c, rule, &l, f->shown, 0, INT64_MAX, &items);
    buf_init(&b, c->arena, SHEET_BYTES);
    buf_lit(&b, "code,name,agency,part,adds\n");
    for (size_t i = 0; i < items.n; i++) {
        const struct figure_item *item = &items.v[i];
        csv_field(&b, item->code, true);
        csv_field(&b, item->name, false);
        csv_field(&b, item->agency, false);
        csv_field(&b, item->part, false);
        csv_field(&b, item->adds, false);
        buf_char(&b, '\n');
    }
    sheet_reply(c, r, &b, rule->name);
    return E_OK;
}

/* --- keeping one --- */

struct keeping {
    struct figure_keep_form *f;
};

static enum err compute(struct ctx *c, void *arg)
{
    struct figure_keep_form *f = ((struct keeping *)arg)->f;
    const struct figure_rule *rule;
    struct looked_at l;
    struct figure_filter filter = filter_of(f->zone, f->agency, f->kind);
    TRY(rule_named(c, f->name, &rule));
    TRY(scope_read(c, &filter, f->on, 0, f->since, &l));
    const struct figure *figure = board_figure(kept_board(c, l.day, l.before, &l.filter), rule);
    f->on = l.now->on;
    f->known_at = l.known_at;
    f->numerator = figure->numerator;
    f->denominator = figure->denominator;
    f->items = figure->items;
    f->unknown = figure->unknown;
    f->items_digest = str_copy(c->arena, figure->digest);
    return E_OK;
}

enum err quality_figure_before(struct ctx *c, struct figure_keep_form *f)
{
    struct keeping k = {f};
    return store_read(c->store, c, compute, &k);
}

static struct str filters_text(struct ctx *c, struct str zone, struct str agency, struct str kind)
{
    struct buf b;
    const struct str all[] = {zone, agency, kind};
    buf_init(&b, c->arena, 4096);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].n > 0)
            buf_fmt(&b, "%s%.*s", b.n > 0 ? " · " : "", STR_ARG(all[i]));
    return b.n > 0 ? buf_as_str(&b) : tr(c, "全部事项");
}

static void kept_fill(struct ctx *c, const struct figures_stored_row *row, struct kept_figure *v)
{
    const struct figure_rule *rule = figure_rule_of(row->name);
    *v = (struct kept_figure){.id = row->id,
                              .name = row->name,
                              .title = rule == NULL ? row->name : tr(c, rule->title),
                              .value = percent_text(c, row->numerator, row->denominator),
                              .over = rule == NULL ? STR("")
                                                   : over_text(c, rule, row->numerator,
                                                               row->denominator, row->items),
                              .as_of = row->as_of,
                              .known_at = row->known_at,
                              .since = row->since,
                              .filters = filters_text(c, row->zone, row->agency, row->kind),
                              .items = row->items,
                              .unknown = row->unknown,
                              .digest = row->items_digest,
                              .stored_by = row->staff_name,
                              .stored_at = row->stored_at};
}

enum err quality_figure_keep(struct ctx *c, const struct figure_keep_form *f, struct reply *r,
                             struct kept_figure *v)
{
    const struct figure_rule *rule;
    struct figure_stored_row *row;
    int64_t id = new_id(c);
    TRY(rule_named(c, f->name, &rule));
    TRY(figure_put(c, c->center_id, id, f->name, f->on, f->known_at, f->since,
                   str_or_empty(f->zone), str_or_empty(f->agency), str_or_empty(f->kind),
                   f->numerator, f->denominator, f->items, f->unknown, f->items_digest, c->actor.id,
                   str_or_empty(c->actor.name), c->now));
    TRY(journal_quality(c, EV_QUALITY_FIGURE_KEPT, id, "figure", str_of(rule->title), f->items));
    TRY(figure_stored(c, c->center_id, id, &row));
    kept_fill(c, row, v);
    reply_see(r, "/manage/items/kept/%" PRId64, id);
    return E_OK;
}

enum err quality_kept(struct ctx *c, struct reply *r, struct kept_figures *v)
{
    struct figures_stored_rows rows;
    (void)r;
    TRY(figures_stored(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct kept_figure, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        kept_fill(c, &rows.v[i], &v->items.v[v->items.n++]);
    return E_OK;
}

enum err quality_kept_one(struct ctx *c, const struct kept_id_form *f, struct reply *r,
                          struct kept_figure_page *v)
{
    struct figure_stored_row *row;
    const struct figure_rule *rule;
    struct looked_at l;
    struct figure figure;
    (void)r;
    TRY(figure_stored(c, c->center_id, f->id, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_FIGURE, "%" PRId64, f->id);
    TRY(rule_named(c, row->name, &rule));
    struct figure_filter filter = filter_of(row->zone, row->agency, row->kind);
    TRY(scope_read(c, &filter, row->as_of, row->known_at, row->since, &l));
    figure_compute(c, rule, l.now, l.before, &l.filter, &figure);
    kept_fill(c, row, &v->kept);
    card_fill(c, &figure, &v->again);
    v->is_same = str_eq(figure.digest, row->items_digest) && figure.unknown == row->unknown;
    v->zone = row->zone;
    v->agency = row->agency;
    v->kind = row->kind;
    v->on_is = date_text(c->arena, row->as_of);
    v->since_is = row->since == 0 ? STR("") : date_text(c->arena, row->since);
    return E_OK;
}
