/* A kiosk goes on when its server is away: it has leased a block of numbers ahead, in the same row that all
 * numbers come from, so none is given twice; what it gave out it hands in afterwards. A block is a promise
 * about numbers only, so what is never used costs nothing but a gap, counted when the day is over.
 *
 * Handing in may be told any number of times (the answer is lost, the kiosk asks again): each ticket is
 * known by the device and the kiosk's own id. A refused one is told with the reason and left where it is:
 * the kiosk keeps it in its log and shows it. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "ticket.h"

#include "center.h"
#include "clock.h"
#include "device.h"
#include "journal.h"
#include "settings.h"

#define BLOCKS_A_DAY     40 /* of a kiosk in a zone */
#define MERGED_AT_ONCE   50
#define CLOCK_AHEAD_MOST (5 * MINUTE_MS) /* of a kiosk's clock before ours */
#define DAYS_LATE_MOST   14

/* --- leasing --- */

/* "personal:150": the kiosk's newest block of that zone ends with 150 and runs out. */
static int64_t last_known(const struct texts *have, struct str zone_code)
{
    for (size_t i = 0; i < have->n; i++) {
        struct str rest = have->v[i], code = str_cut(&rest, ':');
        int64_t last;
        if (str_eq(code, zone_code) && rest.p != NULL && str_to_int(rest, &last))
            return last;
    }
    return 0;
}

/* The block that the kiosk does not know yet (its last answer was lost), else a new one. */
static enum err lease_zone(struct ctx *c, int64_t device_id, const struct zones_row *z,
                           int64_t known, struct leased_zone *ret)
{
    struct number_blocks_rows blocks;
    struct ticket_numbers_lease_row number;
    int64_t count = setting_ticket_lease_numbers(c);
    TRY(number_blocks(c, c->center_id, device_id, z->id, today(c), &blocks));
    *ret = (struct leased_zone){.code = z->code,
                                .name = z->name,
                                .name_en = z->name_en,
                                .prefix = z->prefix,
                                .floor = z->floor,
                                .sign = z->sign,
                                .colour = z->colour};
    if (blocks.n > 0 && (blocks.v[0].last > known || blocks.n >= BLOCKS_A_DAY)) {
        ret->first = blocks.v[0].first;
        ret->last = blocks.v[0].last;
        return E_OK;
    }
    TRY(ticket_numbers_lease(c, c->center_id, z->id, today(c), count, &number));
    ret->first = number.last - count + 1;
    ret->last = number.last;
    return number_block_put(c, c->center_id, new_id(c), device_id, z->id, today(c), ret->first,
                            ret->last, c->now);
}

enum err kiosk_lease(struct ctx *c, const struct lease_wish_form *f, struct reply *r,
                     struct number_lease *v)
{
    struct device_row kiosk;
    struct zones_rows zs;
    (void)r;
    TRY(kiosk_of_actor(c, &kiosk));
    TRY(zones(c, c->center_id, &zs));
    *v = (struct number_lease){.on = today(c),
                               .center = c->center_id,
                               .name = kiosk.name,
                               .is_locked = kiosk.is_locked};
    struct ctx zh = *c, en = *c;
    zh.lang = LANG_ZH;
    en.lang = LANG_EN;
    v->hall = page_center(&zh);
    v->hall_en = page_center(&en);
    v->items.v = ARENA_ARRAY(c->arena, struct leased_zone, zs.n + 1);
    for (size_t i = 0; i < zs.n; i++) {
        struct line_facts line;
        enum err e = line_facts_of_zone(c, zs.v[i].code, &line);
        if (e == E_NO_SUCH_ZONE) { /* no desk there, so nobody waits there */
            c->refusal = (struct refusal){.code = E_OK};
            continue;
        }
        TRY(e);
        TRY(lease_zone(c, kiosk.id, &zs.v[i], last_known(&f->have, zs.v[i].code),
                       &v->items.v[v->items.n++]));
    }
    return E_OK;
}

enum err number_blocks_count(struct ctx *c)
{
    struct number_blocks_over_rows rows;
    TRY(number_blocks_over(c, c->center_id, today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct number_blocks_over_row *b = &rows.v[i];
        struct numbers_given_row given;
        TRY(numbers_given(c, c->center_id, b->zone_id, b->issued_on, b->first, b->last, &given));
        int64_t size = b->last - b->first + 1;
        TRY(number_block_close(c, c->center_id, b->id, c->now, size - given.given));
        TRY(journal_add(c, EV_TICKET_BLOCK_OVER, b->id, 0,
                        event_facts(c, "zone", b->zone_name, "size",
                                    str_fmt(c->arena, "%lld", (long long)size), "unused",
                                    str_fmt(c->arena, "%lld", (long long)(size - given.given)),
                                    NULL),
                        STR_NONE));
    }
    return E_OK;
}

/* --- handing in --- */

struct handed_in {
    struct str local_id, zone;
    struct given_number given;
    struct texts needs;
};

static struct str text_of(const json_t *o, const char *name, size_t most)
{
    const json_t *x = json_object_get(o, name);
    struct str s = {json_string_value(x), json_string_length(x)};
    return s.p == NULL || s.n > most || !str_is_utf8(s) ? STR("") : s;
}

static void read_one(struct ctx *c, const json_t *o, struct handed_in *ret)
{
    const json_t *needs = json_object_get(o, "needs");
    *ret =
        (struct handed_in){.local_id = text_of(o, "local_id", 40), .zone = text_of(o, "zone", 20)};
    ret->given =
        (struct given_number){.number = json_integer_value(json_object_get(o, "number")),
                              .issued_at = json_integer_value(json_object_get(o, "issued_at")),
                              .token = text_of(o, "token", 80)};
    ret->needs.v = ARENA_ARRAY(c->arena, struct str, 10);
    for (size_t i = 0; i < json_array_size(needs) && ret->needs.n < 9; i++) {
        const json_t *word = json_array_get(needs, i);
        if (json_is_string(word))
            ret->needs.v[ret->needs.n++] = str_of(json_string_value(word));
    }
    struct ctx then = *c;
    then.now = ret->given.issued_at;
    ret->given.issued_on = ret->given.issued_at > 0 ? today(&then) : 0;
}

/* Why it cannot be taken, in words; empty when it can. */
static enum err why_not(struct ctx *c, int64_t device_id, const struct handed_in *h,
                        struct number_blocks_row **ret_block, struct str *ret_why)
{
    struct zone_row *z;
    struct ticket_with_number_row *other = NULL;
    struct ticket_row *same;
    int64_t center_id, oldest = c->now - DAYS_LATE_MOST * DAY_MS;
    *ret_why = STR("");
    if (h->local_id.n == 0 || h->given.number < 1 || h->given.issued_at < oldest ||
        h->given.issued_at > c->now + CLOCK_AHEAD_MOST ||
        !public_token_center(h->given.token, &center_id) || center_id != c->center_id) {
        *ret_why = tr(c, "记录不完整，或者自助机的时间不对");
        return E_OK;
    }
    TRY(zone(c, c->center_id, h->zone, &z));
    if (z == NULL) {
        *ret_why = tr(c, "没有这个办事区");
        return E_OK;
    }
    TRY(number_block_with(c, c->center_id, device_id, z->id, h->given.issued_on, h->given.number,
                          ret_block));
    TRY(ticket_with_number(c, c->center_id, z->id, h->given.issued_on, h->given.number, &other));
    TRY(ticket_by_token(c, c->center_id, h->given.token, &same));
    if (*ret_block == NULL)
        *ret_why = tr(c, "这个号不是预留给这台自助机的");
    else if (other != NULL || same != NULL)
        *ret_why = tr(c, "这个号已经有人了");
    return E_OK;
}

static enum err take_in(struct ctx *c, int64_t device_id, const struct handed_in *h,
                        const struct number_blocks_row *block, struct ticket_row *ret)
{
    struct ticket_wish_form f = {.zone = h->zone,
                                 .channel = CHANNEL_KIOSK,
                                 .needs = h->needs,
                                 .priority = -1};
    TRY(ticket_issue_given(c, &f, &h->given, ret));
    TRY(ticket_merged_put(c, c->center_id, device_id, h->local_id, ret->id, c->now));
    if (block->closed_at != 0)
        TRY(number_block_used_late(c, c->center_id, block->id));
    return ticket_note(c, ret, EV_TICKET_MERGED, NULL, STR_NONE);
}

static enum err merge_one(struct ctx *c, int64_t device_id, const json_t *o,
                          struct merged_ticket *ret)
{
    struct handed_in h;
    struct ticket_merged_row *known;
    struct number_blocks_row *block = NULL;
    struct ticket_row made = {0}, *t = &made;
    struct str why;
    read_one(c, o, &h);
    *ret = (struct merged_ticket){.local_id = h.local_id,
                                  .state = STR("taken"),
                                  .number = STR(""),
                                  .token = h.given.token,
                                  .why = STR("")};
    TRY(ticket_merged(c, c->center_id, device_id, h.local_id, &known));
    if (known != NULL) {
        TRY(ticket(c, c->center_id, known->ticket_id, &t));
        if (t == NULL)
            return fail(c, E_NOT_FOUND, "merged ticket %lld", (long long)known->ticket_id);
    } else {
        TRY(why_not(c, device_id, &h, &block, &why));
        if (why.n > 0) {
            ret->state = STR("refused");
            ret->why = why;
            return E_OK;
        }
        TRY(take_in(c, device_id, &h, block, t));
    }
    ret->number = ticket_number_text(c, t->prefix, t->number);
    ret->token = t->token;
    return E_OK;
}

static void free_json(void *arg)
{
    json_decref(arg);
}

enum err kiosk_merge(struct ctx *c, const struct merge_wish_form *f, struct reply *r,
                     struct merge_answer *v)
{
    struct device_row kiosk;
    (void)r;
    TRY(kiosk_of_actor(c, &kiosk));
    json_t *all = json_loadb(f->tickets.p, f->tickets.n, 0, NULL);
    if (!json_is_array(all) || json_array_size(all) > MERGED_AT_ONCE) {
        json_decref(all);
        return fail_field(c, E_FIELD_JSON, "tickets", "no list of at most %d", MERGED_AT_ONCE);
    }
    arena_defer(c->arena, free_json, all);
    size_t n = json_array_size(all);
    v->items.v = ARENA_ARRAY(c->arena, struct merged_ticket, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(merge_one(c, kiosk.id, json_array_get(all, i), &v->items.v[v->items.n++]));
    return E_OK;
}
