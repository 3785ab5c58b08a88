/* Leasing numbers ahead and handing in what was given out alone. Both may be asked any number of times with
 * the same result (lease.c), so whatever answer is lost is simply asked for again. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "kiosk.h"

#include "clock.h"
#include "json.h"
#include "log.h"
#include "peer.h"
#include "store.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define ROUND_MS     2000  /* while something waits to be handed in, or the server is away */
#define LEASE_MS     30000 /* otherwise */
#define ANSWER_BYTES ((size_t)1 << 20)
#define WORK_BYTES   ((size_t)16 << 20)

void kiosk_sync_now(struct kiosk *k)
{
    pthread_mutex_lock(&k->lock);
    k->is_woken = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
}

/* Asks the server as this device; NULL when it is away or refuses. The value belongs to the arena. */
static void free_json(void *arg)
{
    json_decref(arg);
}

static json_t *ask(struct kiosk *k, struct arena *a, const char *path, struct str body,
                   int *ret_status)
{
    struct peer_question q = {.method = "POST",
                              .url = str_fmt(a, "%s%s", k->server, path),
                              .body = body};
    struct str answer;
    peer_header(a, &q, "Authorization", str_fmt(a, "Bearer %s", k->token));
    peer_header(a, &q, "Content-Type", STR("application/json"));
    peer_header(a, &q, "Accept", STR("application/json"));
    *ret_status = 0;
    if (!peer_ask(a, &q, ANSWER_BYTES, ret_status, &answer))
        return NULL;
    if (*ret_status != 200 && *ret_status != 201) {
        log_line(LOG_WARN, "kiosk_refused", "path=%s status=%d", path, *ret_status);
        return NULL;
    }
    json_t *j = json_loadb(answer.p, answer.n, 0, NULL);
    if (j != NULL)
        arena_defer(a, free_json, j);
    return j;
}

static struct str text_in(const json_t *o, const char *name)
{
    const json_t *x = json_object_get(o, name);
    return json_is_string(x) ? str_of(json_string_value(x)) : STR("");
}
static int64_t number_in(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

/* "2026-03-02" → 20260302 */
static int32_t date_in(const json_t *o, const char *name)
{
    struct str s = text_in(o, name);
    int32_t d = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            d = d * 10 + (s.p[i] - '0');
    return s.n == 10 ? d : 0;
}

/* --- leasing --- */

static enum err read_blocks(struct ctx *c, void *arg)
{
    return kiosk_blocks(c, c->center_id, today(c), arg);
}

/* Zones whose blocks are half gone, as "code:last". */
static struct str lease_body(struct ctx *c, const struct kiosk_blocks_rows *all)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 16384);
    json_init(&j, &b, c->zone_minutes);
    json_open_object(&j);
    json_name(&j, "have");
    json_open_array(&j);
    for (size_t i = 0; i < all->n; i++) {
        const struct kiosk_blocks_row *x = &all->v[i];
        bool is_newest = i + 1 == all->n || !str_eq(all->v[i + 1].zone_code, x->zone_code);
        if (is_newest && (x->last - x->next + 1) * 2 <= x->last - x->first + 1)
            json_text(&j,
                      str_fmt(c->arena, "%.*s:%lld", STR_ARG(x->zone_code), (long long)x->last));
    }
    json_end_array(&j);
    json_end_object(&j);
    return buf_as_str(&b);
}

static enum err keep_lease(struct ctx *c, void *arg)
{
    const json_t *lease = arg, *items = json_object_get(lease, "items");
    int32_t on = date_in(lease, "on");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *z = json_array_get(items, i);
        int64_t first = number_in(z, "first"), last = number_in(z, "last");
        if (on == 0 || first < 1 || last < first)
            return fail(c, E_INTERNAL, "no lease");
        TRY(kiosk_block_put(c, c->center_id, text_in(z, "code"), on, first, last,
                            text_in(z, "name"), text_in(z, "name_en"), text_in(z, "prefix"),
                            number_in(z, "floor"), text_in(z, "sign"), text_in(z, "colour")));
    }
    return E_OK;
}

static void keep_names(struct kiosk *k, const json_t *lease)
{
    static const char *const names[] = {"hall", "hall_en"};
    for (int i = 0; i < 2; i++) {
        struct str s = text_in(lease, names[i]);
        if (s.n == 0 || s.n >= sizeof k->hall[i])
            continue;
        pthread_mutex_lock(&k->lock);
        memcpy(k->hall[i], s.p, s.n + 1);
        pthread_mutex_unlock(&k->lock);
    }
    k->is_locked = json_is_true(json_object_get(lease, "is_locked"));
}

static bool lease(struct kiosk *k, struct arena *a)
{
    struct ctx c = kiosk_context(k, a, LANG_ZH);
    struct kiosk_blocks_rows all = {0};
    int status;
    if (store_read(k->store, &c, read_blocks, &all) != E_OK)
        return false;
    json_t *got = ask(k, a, "/kiosk/lease", lease_body(&c, &all), &status);
    if (got == NULL)
        return false;
    keep_names(k, got);
    return store_act(k->store, &c, keep_lease, got) == E_OK;
}

/* --- handing in --- */

static enum err read_open(struct ctx *c, void *arg)
{
    return kiosk_tickets_open(c, c->center_id, arg);
}

static void put_words(struct json *j, struct str words)
{
    struct str rest = words;
    json_open_array(j);
    while (rest.n > 0)
        json_text(j, str_cut(&rest, ' '));
    json_end_array(j);
}

static struct str merge_body(struct ctx *c, const struct kiosk_tickets_open_rows *rows)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 65536);
    json_init(&j, &b, c->zone_minutes);
    json_open_object(&j);
    json_name(&j, "tickets");
    json_open_array(&j);
    for (size_t i = 0; i < rows->n; i++) {
        const struct kiosk_tickets_open_row *t = &rows->v[i];
        json_open_object(&j);
        json_name(&j, "local_id");
        json_text(&j, str_fmt(c->arena, "%lld", (long long)t->local_id));
        json_name(&j, "token");
        json_text(&j, t->token);
        json_name(&j, "zone");
        json_text(&j, t->zone_code);
        json_name(&j, "number");
        json_int(&j, t->number);
        json_name(&j, "issued_at");
        json_int(&j, t->issued_at);
        json_name(&j, "needs");
        put_words(&j, t->needs);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return buf_as_str(&b);
}

static enum err keep_merged(struct ctx *c, void *arg)
{
    const json_t *items = json_object_get(arg, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *x = json_array_get(items, i);
        int64_t id;
        if (!str_to_int(text_in(x, "local_id"), &id))
            continue;
        bool is_taken = str_is(text_in(x, "state"), "taken");
        TRY(kiosk_ticket_state_put(c, c->center_id, id, is_taken ? 1 : 2, text_in(x, "why")));
        if (!is_taken)
            log_line(LOG_ERROR, "kiosk_ticket_refused", "local_id=%lld", (long long)id);
    }
    return E_OK;
}

/* ret_left: whether there is more to hand in. */
static bool hand_in(struct kiosk *k, struct arena *a, bool *ret_left)
{
    struct ctx c = kiosk_context(k, a, LANG_ZH);
    struct kiosk_tickets_open_rows rows = {0};
    int status;
    *ret_left = false;
    if (store_read(k->store, &c, read_open, &rows) != E_OK)
        return false;
    if (rows.n == 0)
        return true;
    *ret_left = true;
    json_t *got = ask(k, a, "/kiosk/merge", merge_body(&c, &rows), &status);
    return got != NULL && store_act(k->store, &c, keep_merged, got) == E_OK;
}

bool kiosk_sync_once(struct kiosk *k)
{
    bool is_there = true, is_left = true;
    for (int i = 0; i < 500 && is_there && is_left && !k->is_stopping; i++) {
        struct arena *a = arena_new(WORK_BYTES);
        is_there = hand_in(k, a, &is_left);
        arena_free(a);
    }
    struct arena *a = arena_new(WORK_BYTES);
    is_there = is_there && lease(k, a);
    arena_free(a);
    return is_there;
}

void *kiosk_sync(void *arg)
{
    struct kiosk *k = arg;
    while (!k->is_stopping) {
        bool is_there = kiosk_sync_once(k);
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_sec += (is_there ? LEASE_MS : ROUND_MS) / 1000;
        pthread_mutex_lock(&k->lock);
        while (!k->is_stopping && !(k->is_woken && is_there))
            if (pthread_cond_timedwait(&k->wake, &k->lock, &t) == ETIMEDOUT)
                break;
        k->is_woken = false;
        pthread_mutex_unlock(&k->lock);
    }
    return NULL;
}
