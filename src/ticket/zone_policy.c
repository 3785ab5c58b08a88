/* The policy of each zone: kept as data, chosen by a manager, with the numbers it needs. */
#include "clock.h"
#include "journal.h"
#include "policy.h"

static struct zone_order order_of(struct ctx *c, const struct zone_policy_row *row,
                                  struct str desk_kind)
{
    enum policy_kind kind = POLICY_AGEING;
    if (row != NULL && !policy_by_word(row->name, &kind))
        BUG("policy %.*s", STR_ARG(row->name));
    struct zone_order o = {.policy = policy_of(c, kind, desk_kind), .recent = POLICY_NOTHING};
    if (row != NULL) {
        o.policy.first = (int)row->first_calls;
        o.policy.then = (int)row->then_calls;
        o.policy.patience_ms = row->patience_minutes * MINUTE_MS;
        o.recent = row->recent;
    }
    return o;
}

enum err zone_order(struct ctx *c, int64_t zone_id, struct str desk_kind, struct zone_order *ret)
{
    struct zone_policy_row *row;
    TRY(zone_policy(c, c->center_id, zone_id, &row));
    *ret = order_of(c, row, desk_kind);
    return E_OK;
}

enum err line_order(struct ctx *c, int64_t line_id, struct policy *ret_policy,
                    struct line_habits *ret)
{
    struct line_order_read_row row;
    enum policy_kind kind = POLICY_AGEING;
    TRY(line_order_read(c, c->center_id, line_id, &row));
    if (row.policy.n > 0 && !policy_by_word(row.policy, &kind))
        BUG("policy %.*s", STR_ARG(row.policy));
    *ret_policy = policy_of(c, kind, STR(""));
    *ret = (struct line_habits){.stretch = {row.stretch_half, row.stretch_most},
                                .desks = desk_set_of(row.desk_bits),
                                .open = desk_set_of(row.open_bits)};
    return E_OK;
}

enum err zone_order_called(struct ctx *c, int64_t zone_id, const struct zone_order *o,
                           enum ticket_class class)
{
    if (o->policy.kind != POLICY_RATIO && o->policy.kind != POLICY_GREEN_CAP)
        return E_OK;
    return zone_policy_called(c, c->center_id, zone_id, policy_remember(o->recent, class));
}

/* --- the manager's page --- */

static struct policy_option_list options_of(struct ctx *c, enum policy_kind chosen)
{
    struct policy_option_list l = {ARENA_ARRAY(c->arena, struct policy_option, POLICY_COUNT), 0};
    for (int k = 0; k < POLICY_COUNT; k++)
        l.v[l.n++] = (struct policy_option){.code = policy_word((enum policy_kind)k),
                                            .name = tr(c, policy_name((enum policy_kind)k)),
                                            .is_chosen = k == (int)chosen};
    return l;
}

static enum err show_zone(struct ctx *c, const struct zone_row *z, struct policy_zone *v)
{
    struct zone_order o;
    TRY(zone_order(c, z->id, STR(""), &o));
    *v = (struct policy_zone){.zone = z->code,
                              .zone_name = name_in_lang(c, z->name, z->name_en),
                              .policy = policy_word(o.policy.kind),
                              .rule = tr(c, policy_rule(o.policy.kind)),
                              .options = options_of(c, o.policy.kind),
                              .first = o.policy.first,
                              .then = o.policy.then,
                              .patience_minutes = o.policy.patience_ms / MINUTE_MS};
    return E_OK;
}

enum err policies_show(struct ctx *c, struct reply *r, struct policy_page *v)
{
    struct zone_rows all;
    (void)r;
    TRY(zones(c, c->center_id, &all));
    v->items.v = ARENA_ARRAY(c->arena, struct policy_zone, all.n);
    for (size_t i = 0; i < all.n; i++)
        TRY(show_zone(c, &all.v[i], &v->items.v[v->items.n++]));
    return E_OK;
}

enum err policy_choose_for_zone(struct ctx *c, const struct policy_choice_form *f, struct reply *r,
                                struct policy_zone *v)
{
    struct zone_row *z;
    struct str word = str_of(policy_choice_policy_words[f->policy]);
    TRY(zone(c, c->center_id, f->zone, &z));
    if (z == NULL)
        return fail(c, E_NOT_FOUND, "zone %.*s", STR_ARG(f->zone));
    if (str_is(word, "green_cap") && f->first >= f->then)
        return fail_field(c, E_POLICY_NUMBERS, "first", "%lld of %lld", (long long)f->first,
                          (long long)f->then);
    TRY(zone_policy_put(c, c->center_id, z->id, word, f->first, f->then, f->patience_minutes,
                        POLICY_NOTHING, c->now));
    TRY(journal_add(c, EV_TICKET_POLICY, z->id, z->id,
                    event_facts(c, "zone", z->name, "policy", word, NULL), STR_NONE));
    reply_see(r, "/manage/policies");
    return show_zone(c, z, v);
}
