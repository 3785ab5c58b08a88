/* Which desks may handle which item, computed once from the patterns of desk.handles and kept as
 * lines (hall.h). Sets of desks are bit sets over the desks in the order of their numbers; patterns
 * are turned into sets by agency, zone and item first, so that 100,000 items cost one union each
 * and not a comparison with every pattern. */
#include "hall.h"

#include <stdlib.h>

#include "clock.h"
#include "desk_set.h"
#include "journal.h"
#include "settings.h"

#define LINES_MAX   16384
#define TABLE_SLOTS (LINES_MAX * 4)

struct agency_set {
    struct str agency;
    struct desk_set desks;
};

struct item_pattern {
    struct str code;
    int desk;
};

struct made_line {
    int64_t id; /* 0 until known */
    int zone;   /* index */
    bool is_general, is_old;
    struct desk_set desks;
    struct str key;
    int step_free; /* index of the twin, -1 none */
};

struct rebuild {
    struct ctx *c;
    struct desk_rows desks;
    struct zone_rows zones;
    struct desk_set *by_zone;
    struct agency_set *by_agency;
    size_t agency_count;
    struct item_pattern *by_item; /* sorted by code */
    size_t item_count;
    struct desk_set any, special, cant_do, step_free;
    struct made_line *lines;
    size_t line_count;
    int *slots; /* open addressing: index of the line + 1 */
};

static int zone_index(const struct rebuild *r, struct str code)
{
    for (size_t i = 0; i < r->zones.n; i++)
        if (str_eq(r->zones.v[i].code, code))
            return (int)i;
    return -1;
}

/* --- patterns → sets --- */

static struct desk_set *agency_set(struct rebuild *r, struct str agency, size_t room)
{
    for (size_t i = 0; i < r->agency_count; i++)
        if (str_eq(r->by_agency[i].agency, agency))
            return &r->by_agency[i].desks;
    if (r->agency_count == room)
        return NULL;
    r->by_agency[r->agency_count].agency = agency;
    return &r->by_agency[r->agency_count++].desks;
}

static void read_pattern(struct rebuild *r, struct str pattern, size_t desk, size_t room)
{
    struct str rest = pattern, kind = str_cut(&rest, ':');
    if (str_is(pattern, "*")) {
        desk_set_add(&r->any, desk);
    } else if (str_is(kind, "zone") && rest.p != NULL) {
        int zone = zone_index(r, rest);
        if (zone >= 0)
            desk_set_add(&r->by_zone[zone], desk);
    } else if (str_is(kind, "agency") && rest.p != NULL) {
        struct desk_set *s = agency_set(r, rest, room);
        if (s != NULL)
            desk_set_add(s, desk);
    } else if (str_is(kind, "item") && rest.p != NULL && r->item_count < room) {
        r->by_item[r->item_count++] = (struct item_pattern){rest, (int)desk};
    }
}

static int item_pattern_cmp(const void *a, const void *b)
{
    const struct item_pattern *x = a, *y = b;
    return str_cmp(x->code, y->code);
}

static void read_patterns(struct rebuild *r)
{
    size_t room = 1;
    for (size_t i = 0; i < r->desks.n; i++)
        for (size_t k = 0; k < r->desks.v[i].handles.n; k++)
            room += r->desks.v[i].handles.p[k] == ';';
    room += r->desks.n;
    r->by_zone = ARENA_ARRAY(r->c->arena, struct desk_set, r->zones.n + 1);
    r->by_agency = ARENA_ARRAY(r->c->arena, struct agency_set, room);
    r->by_item = ARENA_ARRAY(r->c->arena, struct item_pattern, room);
    for (size_t i = 0; i < r->desks.n; i++) {
        const struct desk_row *d = &r->desks.v[i];
        struct str rest = d->handles;
        if (str_is(d->kind, "special"))
            desk_set_add(&r->special, i);
        if (str_is(d->kind, "cant_do"))
            desk_set_add(&r->cant_do, i);
        if (d->step_free)
            desk_set_add(&r->step_free, i);
        while (rest.p != NULL)
            read_pattern(r, str_trim(str_cut(&rest, ';')), i, room);
    }
    qsort(r->by_item, r->item_count, sizeof(*r->by_item), item_pattern_cmp);
}

static void add_item_desks(const struct rebuild *r, struct str code, struct desk_set *s)
{
    size_t low = 0, high = r->item_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(r->by_item[mid].code, code) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < r->item_count && str_eq(r->by_item[low].code, code); low++)
        desk_set_add(s, (size_t)r->by_item[low].desk);
}

static struct desk_set item_desks(struct rebuild *r, const struct hall_items_row *item, int zone)
{
    struct desk_set s = r->any, *agency = agency_set(r, item->agency, r->agency_count);
    if (zone >= 0)
        desk_set_join(&s, &r->by_zone[zone]);
    if (agency != NULL)
        desk_set_join(&s, agency);
    add_item_desks(r, item->code, &s);
    if (!item->one_window)
        s = desk_set_both(&s, &r->special);
    return desk_set_without(&s, &r->cant_do);
}

/* Who takes people that do not know their item: the zone's windows without a speciality. */
static struct desk_set general_desks(const struct rebuild *r, size_t zone)
{
    struct desk_set s = r->by_zone[zone], here = {{0}};
    desk_set_join(&s, &r->any);
    s = desk_set_without(&s, &r->cant_do);
    struct desk_set plain = desk_set_without(&s, &r->special);
    if (desk_set_count(&plain) > 0)
        return plain;
    if (desk_set_count(&s) > 0)
        return s;
    for (size_t i = 0; i < r->desks.n; i++)
        if (r->desks.v[i].zone_id == r->zones.v[zone].id)
            desk_set_add(&here, i);
    return here;
}

/* --- lines --- */

static size_t slot_of(const struct rebuild *r, int zone, const struct desk_set *s)
{
    uint64_t h = UINT64_C(1469598103934665603) ^ (uint64_t)zone;
    for (size_t i = 0; i < DESK_SET_WORDS; i++)
        h = (h ^ s->w[i]) * UINT64_C(1099511628211);
    size_t at = (size_t)(h ^ h >> 29) % TABLE_SLOTS;
    while (r->slots[at] != 0) {
        const struct made_line *l = &r->lines[r->slots[at] - 1];
        if (l->zone == zone && desk_set_eq(&l->desks, s))
            break;
        at = (at + 1) % TABLE_SLOTS;
    }
    return at;
}

static struct str key_of(const struct rebuild *r, const struct desk_set *s)
{
    struct buf b;
    buf_init(&b, r->c->arena, 65536);
    for (size_t i = 0; i < r->desks.n; i++) {
        if (!desk_set_has(s, i))
            continue;
        if (b.n > 0)
            buf_char(&b, ' ');
        buf_str(&b, r->desks.v[i].code);
    }
    return buf_as_str(&b);
}

/* Index of the line of this set; -1 when there are too many. */
static int line_of(struct rebuild *r, int zone, const struct desk_set *s)
{
    size_t slot = slot_of(r, zone, s);
    if (r->slots[slot] != 0)
        return r->slots[slot] - 1;
    if (r->line_count == LINES_MAX)
        return -1;
    int i = (int)r->line_count++;
    r->lines[i] =
        (struct made_line){.zone = zone, .desks = *s, .key = key_of(r, s), .step_free = -1};
    r->slots[slot] = i + 1;
    return i;
}

static enum err line_need(struct rebuild *r, int zone, const struct desk_set *s, int *ret)
{
    *ret = line_of(r, zone, s);
    return *ret >= 0 ? E_OK : fail(r->c, E_TOO_LARGE, "more than %d lines", LINES_MAX);
}

/* Lines that are there already keep their id; their sets are read from their keys, without desks
 * that are gone. A line that would be empty then is served by the zone's general desks. */
static enum err take_old_lines(struct rebuild *r)
{
    struct lines_rows old;
    int at;
    TRY(lines(r->c, r->c->center_id, &old));
    for (size_t i = 0; i < old.n; i++) {
        struct desk_set s = {{0}};
        struct str rest = old.v[i].desks_key;
        size_t zone = 0;
        while (zone < r->zones.n && r->zones.v[zone].id != old.v[i].zone_id)
            zone++;
        if (zone == r->zones.n)
            continue;
        for (size_t d = 0; rest.p != NULL;) {
            struct str code = str_cut(&rest, ' ');
            for (d = 0; d < r->desks.n; d++)
                if (str_eq(r->desks.v[d].code, code))
                    desk_set_add(&s, d);
        }
        if (desk_set_count(&s) == 0)
            s = general_desks(r, zone);
        if (r->slots[slot_of(r, (int)zone, &s)] != 0 && r->line_count < LINES_MAX) {
            r->lines[r->line_count] = r->lines[r->slots[slot_of(r, (int)zone, &s)] - 1];
            at = (int)r->line_count++; /* two old lines with one set now: both go on */
        } else {
            TRY(line_need(r, (int)zone, &s, &at));
        }
        r->lines[at].id = old.v[i].id;
        r->lines[at].key = old.v[i].desks_key;
        r->lines[at].is_old = true;
    }
    return E_OK;
}

static enum err make_plain_lines(struct rebuild *r)
{
    int at;
    for (size_t zone = 0; zone < r->zones.n; zone++) {
        struct desk_set s = general_desks(r, zone);
        TRY(line_need(r, (int)zone, &s, &at));
        r->lines[at].is_general = true;
    }
    for (size_t i = 0; i < r->desks.n; i++) {
        struct desk_set s = {{0}};
        int zone = zone_index(r, r->desks.v[i].zone_code);
        desk_set_add(&s, i);
        TRY(line_need(r, zone, &s, &at));
    }
    return E_OK;
}

static enum err make_twins(struct rebuild *r)
{
    for (size_t i = 0; i < r->line_count; i++) {
        struct desk_set s = desk_set_both(&r->lines[i].desks, &r->step_free);
        if (desk_set_count(&s) == 0)
            continue;
        int at = desk_set_eq(&s, &r->lines[i].desks) ? (int)i : line_of(r, r->lines[i].zone, &s);
        if (at < 0)
            return fail(r->c, E_TOO_LARGE, "more than %d lines", LINES_MAX);
        r->lines[i].step_free = at;
    }
    return E_OK;
}

/* --- writing --- */

static int64_t floor_of(const struct rebuild *r, const struct desk_set *s)
{
    int64_t best = 0;
    int most = 0;
    for (size_t i = 0; i < r->desks.n; i++) {
        int n = 0;
        if (!desk_set_has(s, i))
            continue;
        for (size_t k = 0; k < r->desks.n; k++)
            n += desk_set_has(s, k) && r->desks.v[k].floor == r->desks.v[i].floor;
        if (n > most || (n == most && r->desks.v[i].floor < best)) {
            most = n;
            best = r->desks.v[i].floor;
        }
    }
    return best;
}

static enum err write_line(struct rebuild *r, struct made_line *l)
{
    struct ctx *c = r->c;
    struct desk_set step_free = desk_set_both(&l->desks, &r->step_free);
    int64_t service_ms = setting_hall_service_minutes(c) * MINUTE_MS;
    TRY(line_put(c, c->center_id, l->id, r->zones.v[l->zone].id, l->is_general, l->key,
                 l->step_free < 0 ? 0 : r->lines[l->step_free].id, floor_of(r, &l->desks),
                 desk_set_count(&step_free) > 0 ? floor_of(r, &step_free) : 0,
                 desk_set_count(&l->desks), desk_set_count(&step_free), service_ms));
    TRY(line_bits_put(c, c->center_id, l->id, desk_set_bytes(&l->desks)));
    for (size_t i = 0; i < r->desks.n; i++)
        if (desk_set_has(&l->desks, i))
            TRY(desk_line_put(c, c->center_id, r->desks.v[i].id, l->id));
    return E_OK;
}

static enum err write_rivals(struct rebuild *r)
{
    struct ctx *c = r->c;
    for (size_t i = 0; i < r->line_count; i++) {
        for (size_t k = 0; k < r->line_count; k++) {
            struct desk_set both = desk_set_both(&r->lines[i].desks, &r->lines[k].desks);
            int n = desk_set_count(&both);
            if (n > 0)
                TRY(line_rival_put(c, c->center_id, r->lines[i].id, r->lines[k].id,
                                   n * 100 / desk_set_count(&r->lines[k].desks)));
        }
    }
    return E_OK;
}

static enum err write_lines(struct rebuild *r)
{
    struct ctx *c = r->c;
    for (size_t i = 0; i < r->line_count; i++)
        if (r->lines[i].id == 0)
            r->lines[i].id = new_id(c);
    TRY(desk_lines_clear(c, c->center_id));
    TRY(line_rivals_clear(c, c->center_id));
    for (size_t i = 0; i < r->line_count; i++)
        TRY(write_line(r, &r->lines[i]));
    TRY(write_rivals(r));
    for (size_t i = 0; i < r->desks.n; i++)
        TRY(desk_bit_put(c, c->center_id, r->desks.v[i].id, (int64_t)i));
    return lines_count_all_open(c, c->center_id);
}

enum err open_desks_note(struct ctx *c)
{
    struct desks_open_rows rows;
    struct desk_set s = {{0}};
    TRY(desks_open(c, c->center_id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        desk_set_add(&s, (size_t)rows.v[i].bit);
    return lines_open_put(c, c->center_id, desk_set_bytes(&s));
}

/* Runs over all items twice: first the lines are found, then, with their ids known, the items are
 * written to them. */
static enum err each_item(struct rebuild *r, bool write)
{
    struct ctx *c = r->c;
    struct hall_items_rows page;
    int64_t after = 0;
    do {
        TRY(hall_items(c, c->center_id, after, &page));
        for (size_t i = 0; i < page.n; i++) {
            const struct hall_items_row *item = &page.v[i];
            int zone = zone_index(r, item->zone_code), at;
            struct desk_set s = item_desks(r, item, zone);
            after = item->id;
            if (zone < 0 || desk_set_count(&s) == 0) {
                if (write)
                    TRY(item_line_drop(c, c->center_id, item->id));
                continue;
            }
            TRY(line_need(r, zone, &s, &at));
            if (write)
                TRY(item_line_put(c, c->center_id, item->id, r->lines[at].id));
        }
    } while (page.n > 0);
    return E_OK;
}

enum err lines_rebuild(struct ctx *c)
{
    struct hall_directory_row *directory;
    struct rebuild *r = ARENA_NEW(c->arena, struct rebuild);
    r->c = c;
    r->lines = ARENA_ARRAY(c->arena, struct made_line, LINES_MAX);
    r->slots = ARENA_ARRAY(c->arena, int, TABLE_SLOTS);
    TRY(desks(c, c->center_id, &r->desks));
    TRY(zones(c, c->center_id, &r->zones));
    read_patterns(r);
    TRY(take_old_lines(r));
    TRY(make_plain_lines(r));
    TRY(each_item(r, false));
    TRY(make_twins(r));
    TRY(write_lines(r));
    TRY(each_item(r, true));
    TRY(item_lines_tidy(c, c->center_id));
    TRY(hall_directory(c, c->center_id, &directory));
    TRY(lines_made_put(c, c->center_id, directory == NULL ? 0 : directory->version, c->now));
    TRY(open_desks_note(c));
    struct str n = str_fmt(c->arena, "%zu", r->line_count);
    return journal_add(c, EV_HALL_LINES_MADE, 0, 0, event_facts(c, "lines", n, NULL), STR_NONE);
}
