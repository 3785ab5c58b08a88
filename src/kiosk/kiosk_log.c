/* The kiosk's own log: leased numbers, and the tickets it gave out alone. */
#include "kiosk.h"

#include "clock.h"
#include "hall.h"
#include "port.h"
#include "printer.h"
#include "store.h"
#include "ticket.h"

#define COLUMNS 48

struct ctx kiosk_context(struct kiosk *k, struct arena *a, enum lang lang)
{
    return (struct ctx){.arena = a,
                        .store = k->store,
                        .ids = store_ids(k->store),
                        .now = clock_now(),
                        .zone_minutes = ZONE_CHINA_MINUTES,
                        .center_id = k->center_id,
                        .actor = {.kind = ACTOR_SYSTEM, .name = STR("kiosk")},
                        .lang = lang,
                        .request_id = STR("kiosk")};
}

struct giving {
    struct str zone, needs;
    struct kiosk_ticket_row made;
};

static enum err give(struct ctx *c, void *arg)
{
    struct giving *g = arg;
    struct kiosk_blocks_rows all;
    int64_t changed, id = new_id(c);
    struct str token = public_token(c);
    TRY(kiosk_blocks(c, c->center_id, today(c), &all));
    for (size_t i = 0; i < all.n; i++) {
        const struct kiosk_blocks_row *b = &all.v[i];
        if (!str_eq(b->zone_code, g->zone) || b->next > b->last)
            continue;
        TRY(kiosk_block_next_put_changes(c, c->center_id, b->zone_code, today(c), b->first, b->next,
                                         &changed));
        if (changed != 1)
            return fail(c, E_CONFLICT, "number %lld", (long long)b->next);
        TRY(kiosk_ticket_put(c, c->center_id, id, token, b->zone_code, b->name, b->name_en,
                             b->floor, b->prefix, b->next, today(c), c->now, g->needs));
        g->made = (struct kiosk_ticket_row){.local_id = id,
                                            .token = token,
                                            .zone_code = b->zone_code,
                                            .zone_name = b->name,
                                            .zone_name_en = b->name_en,
                                            .floor = b->floor,
                                            .prefix = b->prefix,
                                            .number = b->next,
                                            .issued_on = today(c),
                                            .issued_at = c->now,
                                            .needs = g->needs,
                                            .printed = STR("")};
        return E_OK;
    }
    return fail(c, E_KIOSK_NO_NUMBERS, "zone %.*s", STR_ARG(g->zone));
}

enum err kiosk_give(struct kiosk *k, struct ctx *c, struct str zone, const struct texts *needs,
                    struct kiosk_ticket_row *ret)
{
    struct buf b;
    struct giving g = {.zone = zone};
    buf_init(&b, c->arena, 400);
    for (size_t i = 0; i < needs->n; i++) {
        if (i > 0)
            buf_char(&b, ' ');
        buf_str(&b, needs->v[i]);
    }
    g.needs = buf_as_str(&b);
    TRY(store_act(k->store, c, give, &g));
    *ret = g.made;
    kiosk_sync_now(k);
    return E_OK;
}

static enum err read_blocks(struct ctx *c, void *arg)
{
    return kiosk_blocks(c, c->center_id, today(c), arg);
}

enum err kiosk_zones(struct kiosk *k, struct ctx *c, struct away_zone_list *ret)
{
    struct kiosk_blocks_rows all;
    TRY(store_read(k->store, c, read_blocks, &all));
    ret->v = ARENA_ARRAY(c->arena, struct away_zone, all.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct kiosk_blocks_row *b = &all.v[i];
        if (ret->n == 0 || !str_eq(ret->v[ret->n - 1].code, b->zone_code))
            ret->v[ret->n++] = (struct away_zone){.code = b->zone_code,
                                                  .name = name_in_lang(c, b->name, b->name_en),
                                                  .floor = b->floor,
                                                  .floor_name = floor_text(c, b->floor),
                                                  .sign = b->sign,
                                                  .colour = b->colour};
        ret->v[ret->n - 1].left += b->last - b->next + 1;
    }
    return E_OK;
}

struct str kiosk_print(struct kiosk *k, struct arena *a, struct str bytes)
{
    static const char *const words[] = {"ok",         "unreachable", "silent", "offline",
                                        "cover_open", "paper_out",   "broken"};
    struct port port;
    if (k->printer == NULL)
        return STR("none");
    pthread_mutex_lock(&k->printing);
    enum port_state state = port_open(a, str_of(k->printer), k->is_mute, &port);
    k->is_mute = port.is_mute;
    if (state == PORT_OK) {
        (void)port_print(&port, bytes, &state);
        port_close(&port);
    }
    pthread_mutex_unlock(&k->printing);
    return str_of(words[state]);
}

struct printed {
    int64_t local_id;
    struct str state;
};

static enum err note_printed(struct ctx *c, void *arg)
{
    const struct printed *p = arg;
    return kiosk_ticket_printed_put(c, c->center_id, p->local_id, p->state);
}

void kiosk_print_own(struct kiosk *k, struct ctx *c, struct kiosk_ticket_row *t)
{
    struct str bytes;
    struct buf at;
    buf_init(&at, c->arena, 40);
    html_instant(&at, c, t->issued_at);
    struct slip_facts f = {
        .number = ticket_number_text(c, t->prefix, t->number),
        .zone = STR(""),
        .zone_name = name_in_lang(c, t->zone_name, t->zone_name_en),
        .floor = floor_text(c, t->floor),
        .ahead = tr(c, "前面有几个人现在看不到，请听叫号、看大屏幕。号码有效，不用重取。"),
        .issued = buf_as_str(&at),
        .qr = str_fmt(c->arena, "%s/tickets/%.*s", k->server, STR_ARG(t->token)),
    };
    struct slip_field fields[13];
    struct slip_lines *lines = ARENA_NEW(c->arena, struct slip_lines);
    struct str word;
    int line;
    slip_fields_of(c, &f, fields);
    fields[0].value = str_of(k->hall[c->lang]);
    bytes = slip_fill(c->arena, slip_builtin(), fields, lines, &line, &word)
                ? slip_bytes(c->arena, lines, COLUMNS)
                : STR_NONE;
    struct printed p = {t->local_id,
                        bytes.p == NULL ? STR("broken") : kiosk_print(k, c->arena, bytes)};
    t->printed = p.state;
    (void)!store_act(k->store, c, note_printed, &p);
}
