/* The day and the filters that all pages share. */
#include "quality_scope.h"
#include "clock.h"
#include "web.h"
#include <inttypes.h>

enum err scope_read(struct ctx *c, const struct figure_filter *filter, int32_t on, int64_t known_at,
                    int32_t since, struct looked_at *ret)
{
    int32_t day = on == 0 ? today(c) : on;
    *ret = (struct looked_at){.filter = *filter};
    if (day > today(c))
        return fail_field(c, E_QUALITY_DAY, "on", "%d is to come", day);
    if (since != 0 && since >= day)
        return fail_field(c, E_QUALITY_DAY, "since", "%d is not before %d", since, day);
    TRY(kept_day_of(c, day, known_at, &ret->day));
    ret->now = kept_facts(ret->day);
    ret->known_at = day < today(c) || known_at != 0 ? ret->now->known_at : c->now;
    if (since != 0) {
        struct kept_day *then;
        TRY(kept_day_of(c, since, 0, &then));
        ret->before = kept_facts(then);
    }
    return E_OK;
}

static void choices_of(struct ctx *c, const struct texts_of *all, struct str chosen,
                       struct quality_choice_list *ret)
{
    *ret = (struct quality_choice_list){ARENA_ARRAY(c->arena, struct quality_choice, all->n + 1),
                                        all->n};
    for (size_t i = 0; i < all->n; i++)
        ret->v[i] = (struct quality_choice){all->v[i], all->v[i], str_eq(all->v[i], chosen)};
}

static void name_codes(struct ctx *c, const struct directory_facts *now, const char *scheme,
                       struct quality_choice_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct code_term *term =
            code_term_of(&now->terms, str_of(scheme), list->v[i].code, now->on);
        if (term != NULL)
            list->v[i].name = title_of(c, term->name, term->name_en);
    }
}

struct str title_of(struct ctx *c, struct str name, struct str name_en)
{
    return c->lang == LANG_EN && name_en.n > 0 ? name_en : name;
}

void scope_fill(struct ctx *c, const struct looked_at *l, struct quality_scope *v)
{
    const struct directory_facts *now = l->now;
    *v = (struct quality_scope){.on = now->on,
                                .since = l->before == NULL ? 0 : l->before->on,
                                .zone = l->filter.zone,
                                .agency = l->filter.agency,
                                .kind = l->filter.kind,
                                .is_today = now->on == today(c)};
    v->on_is = v->is_today ? STR("") : date_text(c->arena, v->on);
    v->since_is = v->since == 0 ? STR("") : date_text(c->arena, v->since);
    choices_of(c, kept_zones(l->day), v->zone, &v->zones);
    name_codes(c, now, "hall_zone", &v->zones);
    choices_of(c, kept_agencies(l->day), v->agency, &v->agencies);
    choices_of(c, kept_kinds(l->day), v->kind, &v->kinds);
    name_codes(c, now, "item_type", &v->kinds);
}

static struct str counted_text(struct ctx *c, const char *sentence, int64_t a, int64_t b)
{
    return tr_fill(c, sentence, "a", str_fmt(c->arena, "%" PRId64, a), "b",
                   str_fmt(c->arena, "%" PRId64, b), NULL);
}

struct str over_text(struct ctx *c, const struct figure_rule *rule, int64_t numerator,
                     int64_t denominator, int64_t items)
{
    switch (rule->unit) {
    case UNIT_ITEMS:
        return counted_text(c, /* tr */ "{b} 项中的 {a} 项", numerator, denominator);
    case UNIT_MEAN:
        return counted_text(c, /* tr */ "{a} 项的平均", items, 0);
    case UNIT_DAYS:
        return counted_text(c, /* tr */ "{b} 个自然日中减了 {a} 个", numerator / 5,
                            denominator / 5);
    case UNIT_PAPERS:
        return counted_text(c, /* tr */ "{b} 份材料中减了 {a} 份", numerator, denominator);
    case UNIT_STEPS:
        return counted_text(c, /* tr */ "{b} 个环节中减了 {a} 个", numerator, denominator);
    case UNIT_VISITS:
        return counted_text(c, /* tr */ "{b} 次跑动中减了 {a} 次", numerator, denominator);
    }
    BUG("unit %d", (int)rule->unit);
}

void card_fill(struct ctx *c, const struct figure *f, struct figure_card *v)
{
    *v = (struct figure_card){.name = str_of(f->rule->name),
                              .title = tr(c, f->rule->title),
                              .about = tr(c, f->rule->about),
                              .next = tr(c, f->rule->next),
                              .value = percent_text(c, f->numerator, f->denominator),
                              .over = over_text(c, f->rule, f->numerator, f->denominator, f->items),
                              .numerator = f->numerator,
                              .denominator = f->denominator,
                              .items = f->items,
                              .unknown = f->unknown,
                              .digest = f->digest};
}

int64_t pages_of(int64_t total, int64_t *page, int64_t *ret_from)
{
    int64_t pages = total == 0 ? 1 : (total + PAGE_ROWS - 1) / PAGE_ROWS;
    if (*page > pages)
        *page = pages;
    *ret_from = (*page - 1) * PAGE_ROWS;
    return pages;
}

void sheet_reply(struct ctx *c, struct reply *r, const struct buf *b, const char *name)
{
    reply_body(r, "text/csv; charset=utf-8", buf_as_str(b));
    r->disposition = str_fmt(c->arena, "attachment; filename=\"%s-%.*s.csv\"", name,
                             STR_ARG(date_text(c->arena, today(c))));
}
