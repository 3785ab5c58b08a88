/* The kept days. One mutex guards the few pointers, one lets only one request look a directory through at a time (two that
 * come together after a change: the second finds what the first has made), and each day has one for its boards. A day is
 * let go when its last reader has left it. */
#include "quality_kept.h"
#include "center.h"
#include "clock.h"
#include "item.h"
#include "log.h"
#include "services.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define DAYS_MOST   4
#define BOARDS_MOST 200 /* of a day; what is asked beyond them is computed for the request */
#define DAY_CEILING ((size_t)4 << 30)

struct board_key {
    int32_t before; /* the earlier day, 0 none */
    struct figure_filter filter;
};
struct kept_board {
    struct board_key key;
    struct figure_board board;
    struct kept_board *next;
};
struct day_key {
    int64_t center_id, version;
    uint64_t names; /* of region and agencies, which no version of the directory says */
    int32_t on;
};
struct kept_day {
    struct arena *arena;
    struct day_key key;
    atomic_int readers; /* the service counts as one; of a day made for one request nobody counts */
    struct directory_facts facts;
    struct texts_of zones, agencies, kinds;
    pthread_mutex_t lock; /* for the boards */
    struct kept_board *boards;
    int board_count;
};
struct quality_keeper {
    struct arena *arena;
    pthread_mutex_t lock, looking;
    struct kept_day *days[DAYS_MOST]; /* the one asked for last first */
};

const struct directory_facts *kept_facts(const struct kept_day *day)
{
    return &day->facts;
}
const struct texts_of *kept_zones(const struct kept_day *day)
{
    return &day->zones;
}
const struct texts_of *kept_agencies(const struct kept_day *day)
{
    return &day->agencies;
}
const struct texts_of *kept_kinds(const struct kept_day *day)
{
    return &day->kinds;
}

/* --- making a day --- */

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void distinct(struct arena *keep, struct str *all, size_t n, struct texts_of *ret)
{
    size_t different = 0;
    if (n > 0)
        qsort(all, n, sizeof *all, by_text);
    for (size_t i = 0; i < n; i++)
        if (all[i].n > 0 && (different == 0 || !str_eq(all[i], all[different - 1])))
            all[different++] = all[i];
    *ret = (struct texts_of){ARENA_ARRAY(keep, struct str, different + 1), different};
    for (size_t i = 0; i < different; i++)
        ret->v[i] = all[i];
}

static void fill_choices(struct ctx *c, struct kept_day *day)
{
    const struct directory_facts *d = &day->facts;
    struct str *texts = ARENA_ARRAY(c->arena, struct str, d->n + 1);
    for (size_t i = 0; i < d->n; i++)
        texts[i] = d->v[i].zone;
    distinct(day->arena, texts, d->n, &day->zones);
    for (size_t i = 0; i < d->n; i++)
        texts[i] = d->v[i].agency;
    distinct(day->arena, texts, d->n, &day->agencies);
    for (size_t i = 0; i < d->n; i++)
        texts[i] = d->v[i].kind;
    distinct(day->arena, texts, d->n, &day->kinds);
}

static struct kept_day *new_day(struct arena *a, const struct day_key *key)
{
    struct kept_day *day = ARENA_NEW(a, struct kept_day);
    day->arena = a;
    day->key = *key;
    atomic_init(&day->readers, 1);
    pthread_mutex_init(&day->lock, NULL);
    return day;
}

static void lock_gone(void *day)
{
    pthread_mutex_destroy(&((struct kept_day *)day)->lock);
}

static enum err day_of_request(struct ctx *c, int32_t on, int64_t known_at, struct kept_day **ret)
{
    struct kept_day *day = new_day(c->arena, &(struct day_key){.on = on});
    arena_defer(c->arena, lock_gone, day);
    TRY(directory_facts_on(c, on, known_at, &day->facts));
    fill_choices(c, day);
    *ret = day;
    return E_OK;
}

/* The facts and nothing of what was needed to find them. All that the transaction sees counts, to the end of the day: this
 * request's own moment may be a little before that of an act it already sees. */
static enum err day_to_keep(struct ctx *c, const struct day_key *key, struct kept_day **ret)
{
    struct directory_facts found;
    int64_t begun = clock_steady();
    TRY(directory_facts_on(c, key->on, date_start(date_add(key->on, 1), c->zone_minutes) - 1,
                           &found));
    struct kept_day *day = new_day(arena_new(DAY_CEILING), key);
    struct ctx keep = *c;
    keep.arena = day->arena;
    enum err e = item_terms_read(&keep, &day->facts.terms);
    if (e != E_OK) {
        lock_gone(day);
        arena_free(day->arena);
        return fail(c, e, "the terms of the directory");
    }
    directory_facts_copy(day->arena, &found, &day->facts);
    fill_choices(c, day);
    log_line(LOG_INFO, "quality", "on=%d version=%lld items=%zu ms=%lld bytes=%zu", key->on,
             (long long)key->version, found.n, (long long)(clock_steady() - begun),
             arena_used(day->arena));
    *ret = day;
    return E_OK;
}

/* --- keeping it --- */

static void day_release(void *arg)
{
    struct kept_day *day = arg;
    if (atomic_fetch_sub(&day->readers, 1) != 1)
        return;
    lock_gone(day);
    arena_free(day->arena);
}

static bool same_key(const struct day_key *a, const struct day_key *b)
{
    return a->center_id == b->center_id && a->version == b->version && a->names == b->names &&
           a->on == b->on;
}

/* With a reader more, or NULL. */
static struct kept_day *day_kept(struct quality_keeper *k, const struct day_key *key)
{
    struct kept_day *found = NULL;
    pthread_mutex_lock(&k->lock);
    for (int i = 0; i < DAYS_MOST && found == NULL; i++) {
        if (k->days[i] == NULL || !same_key(&k->days[i]->key, key))
            continue;
        found = k->days[i];
        for (; i > 0; i--)
            k->days[i] = k->days[i - 1];
        k->days[0] = found;
        atomic_fetch_add(&found->readers, 1);
    }
    pthread_mutex_unlock(&k->lock);
    return found;
}

static bool is_stale(const struct kept_day *day, const struct day_key *key)
{
    return day->key.version != key->version || day->key.names != key->names;
}

/* Before the others; those of another version go. */
static void day_put(struct quality_keeper *k, struct kept_day *day)
{
    struct kept_day *gone[DAYS_MOST], *stays[DAYS_MOST] = {day};
    int n = 1, gone_count = 0;
    atomic_fetch_add(&day->readers, 1); /* the request's own */
    pthread_mutex_lock(&k->lock);
    for (int i = 0; i < DAYS_MOST; i++) {
        if (k->days[i] == NULL)
            continue;
        if (n == DAYS_MOST || is_stale(k->days[i], &day->key))
            gone[gone_count++] = k->days[i];
        else
            stays[n++] = k->days[i];
    }
    for (int i = 0; i < DAYS_MOST; i++)
        k->days[i] = stays[i];
    pthread_mutex_unlock(&k->lock);
    for (int i = 0; i < gone_count; i++)
        day_release(gone[i]);
}

static uint64_t add_text(uint64_t hash, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return (hash ^ 0xff) * UINT64_C(1099511628211);
}

static enum err key_of(struct ctx *c, int32_t on, struct day_key *ret)
{
    struct center_row center;
    struct quality_agencies_rows agencies;
    struct directory_row *version;
    TRY(center_here(c, &center));
    TRY(quality_agencies(c, c->center_id, &agencies));
    TRY(directory(c, c->center_id, &version));
    *ret = (struct day_key){.center_id = c->center_id,
                            .version = version == NULL ? 0 : version->version,
                            .names = add_text(UINT64_C(14695981039346656037), center.region),
                            .on = on};
    for (size_t i = 0; i < agencies.n; i++)
        ret->names = add_text(ret->names, agencies.v[i].name);
    return E_OK;
}

static enum err look_and_keep(struct ctx *c, struct quality_keeper *k, const struct day_key *key,
                              struct kept_day **ret)
{
    enum err e = E_OK;
    pthread_mutex_lock(&k->looking);
    *ret = day_kept(k, key); /* somebody else may just have made it */
    if (*ret == NULL) {
        e = day_to_keep(c, key, ret);
        if (e == E_OK)
            day_put(k, *ret);
    }
    pthread_mutex_unlock(&k->looking);
    return e;
}

enum err kept_day_of(struct ctx *c, int32_t on, int64_t known_at, struct kept_day **ret)
{
    struct quality_keeper *k = c->services == NULL ? NULL : c->services[SERVICE_QUALITY_KEPT];
    struct day_key key;
    if (k == NULL || known_at != 0)
        return day_of_request(c, on, known_at, ret);
    TRY(key_of(c, on, &key));
    *ret = day_kept(k, &key);
    if (*ret == NULL)
        TRY(look_and_keep(c, k, &key, ret));
    arena_defer(c->arena, day_release, *ret);
    return E_OK;
}

/* --- boards --- */

static bool same_filter(const struct figure_filter *a, const struct figure_filter *b)
{
    return str_eq(a->zone, b->zone) && str_eq(a->agency, b->agency) && str_eq(a->kind, b->kind);
}

static const struct kept_board *board_kept(const struct kept_day *day, const struct board_key *key)
{
    for (const struct kept_board *b = day->boards; b != NULL; b = b->next)
        if (b->key.before == key->before && same_filter(&b->key.filter, &key->filter))
            return b;
    return NULL;
}

static int by_agency(const void *a, const void *b)
{
    const struct item_facts *p = *(const struct item_facts *const *)a,
                            *q = *(const struct item_facts *const *)b;
    return str_cmp(p->agency, q->agency);
}

struct adding { /* an agency's items */
    struct agency_standing *row;
    int64_t num, den;
};

static void add_item(const struct figure_rule *completeness, struct adding *k,
                     const struct item_facts *f)
{
    struct share s = completeness->of(f, NULL);
    if (f->item_id == 0) {
        k->row->unentered++;
        return;
    }
    k->row->items++;
    k->row->complete += f->gaps == 0 ? 1 : 0;
    k->row->hard += hard_count(f) > 0 ? 1 : 0;
    k->row->soft += soft_count(f) > 0 ? 1 : 0;
    k->num += s.num;
    k->den += s.den;
}

static void end_agency(struct arena *keep, struct ctx *c, struct figure_board *b,
                       const struct adding *k)
{
    if (k->row == NULL)
        return;
    k->row->completeness = str_copy(keep, percent_text(c, k->num, k->den));
    b->items += k->row->items;
    b->hard += k->row->hard;
    b->complete += k->row->complete;
}

static void add_agencies(struct arena *keep, struct ctx *c, const struct directory_facts *now,
                         const struct figure_filter *filter, size_t most, struct figure_board *b)
{
    const struct figure_rule *completeness = figure_rule_of(STR("completeness"));
    const struct item_facts **all = ARENA_ARRAY(c->arena, const struct item_facts *, now->n + 1);
    struct adding k = {0};
    size_t n = 0;
    for (size_t i = 0; i < now->n; i++)
        if (figure_filter_takes(filter, &now->v[i]))
            all[n++] = &now->v[i];
    if (n > 0)
        qsort(all, n, sizeof *all, by_agency);
    b->agencies = ARENA_ARRAY(keep, struct agency_standing, most + 1); /* one has no name */
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !str_eq(all[i]->agency, all[i - 1]->agency)) {
            end_agency(keep, c, b, &k);
            k = (struct adding){.row = &b->agencies[b->agency_count++]};
            *k.row = (struct agency_standing){.agency = all[i]->agency};
        }
        add_item(completeness, &k, all[i]);
    }
    end_agency(keep, c, b, &k);
}

static void board_fill(struct arena *keep, struct ctx *c, const struct kept_day *day,
                       const struct directory_facts *before, const struct figure_filter *filter,
                       struct figure_board *b)
{
    b->figures = ARENA_ARRAY(keep, struct figure, (size_t)figure_rule_count);
    for (int i = 0; i < figure_rule_count; i++) {
        figure_compute(c, &figure_rules[i], &day->facts, before, filter, &b->figures[i]);
        b->figures[i].digest = str_copy(keep, b->figures[i].digest);
    }
    add_agencies(keep, c, &day->facts, filter, day->agencies.n, b);
}

const struct figure_board *kept_board(struct ctx *c, struct kept_day *day,
                                      const struct directory_facts *before,
                                      const struct figure_filter *filter)
{
    struct board_key key = {before == NULL ? 0 : before->on, *filter};
    pthread_mutex_lock(&day->lock);
    const struct kept_board *is = board_kept(day, &key);
    bool has_room = day->board_count < BOARDS_MOST;
    if (is == NULL) {
        struct arena *keep = has_room ? day->arena : c->arena;
        struct kept_board *made = ARENA_NEW(keep, struct kept_board);
        made->key =
            (struct board_key){key.before,
                               {str_copy(keep, filter->zone), str_copy(keep, filter->agency),
                                str_copy(keep, filter->kind)}};
        board_fill(keep, c, day, before, filter, &made->board);
        if (has_room) {
            made->next = day->boards;
            day->boards = made;
            day->board_count++;
        }
        is = made;
    }
    pthread_mutex_unlock(&day->lock);
    return &is->board;
}

const struct figure *board_figure(const struct figure_board *b, const struct figure_rule *rule)
{
    return &b->figures[rule - figure_rules];
}

/* --- the service --- */

enum err quality_kept_start(struct ctx *c, void **ret)
{
    struct arena *a = arena_new(65536);
    struct quality_keeper *k = ARENA_NEW(a, struct quality_keeper);
    (void)c; /* nothing is looked at before somebody asks */
    k->arena = a;
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->looking, NULL);
    *ret = k;
    return E_OK;
}

void quality_kept_stop(void *service)
{
    struct quality_keeper *k = service;
    for (int i = 0; i < DAYS_MOST; i++)
        if (k->days[i] != NULL)
            day_release(k->days[i]);
    pthread_mutex_destroy(&k->lock);
    pthread_mutex_destroy(&k->looking);
    arena_free(k->arena);
}
