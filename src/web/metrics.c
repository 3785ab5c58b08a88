/* What the server counts, and the addresses where machines ask after it: /metrics (Prometheus
 * text), /healthz, /openapi.json; and /preferences, which sets language, elder mode and contrast. */
#include "server.h"

#include "clock.h"
#include "web_gen.h"

#include <inttypes.h>
#include <string.h>

extern const char openapi_json[];
extern const size_t openapi_json_size;

#define METRICS_CEILING    ((size_t)4 << 20)
#define PREFERENCE_SECONDS (INT64_C(365) * 24 * 3600)

static const int bucket_ms[TIME_BUCKETS] = {1, 2, 5, 10, 20, 50, 100, 500, 2000, 10000};

void metrics_count(struct web *w, const struct trip *t, int status, int64_t took_ms)
{
    struct route_figures *f = &w->figures[t->q.route != NULL ? t->q.route - routes : route_count];
    int class = status / 100;
    if (class < 0 || class >= STATUS_CLASSES)
        class = 0;
    atomic_fetch_add_explicit(&f->count[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&f->took_us, (uint64_t)took_ms * 1000, memory_order_relaxed);
    for (int i = 0; i < TIME_BUCKETS; i++)
        if (took_ms <= bucket_ms[i]) {
            atomic_fetch_add_explicit(&f->bucket[i], 1, memory_order_relaxed);
            break;
        }
}

static uint64_t get(const _Atomic uint64_t *v)
{
    return atomic_load_explicit(v, memory_order_relaxed);
}

static void put_route(struct buf *b, const struct route_figures *f, const char *name)
{
    uint64_t all = 0, below = 0;
    for (int i = 0; i < STATUS_CLASSES; i++) {
        if (get(&f->count[i]) > 0)
            buf_fmt(b, "onewindow_requests_total{route=\"%s\",status=\"%dxx\"} %" PRIu64 "\n", name,
                    i, get(&f->count[i]));
        all += get(&f->count[i]);
    }
    if (all == 0)
        return;
    for (int i = 0; i < TIME_BUCKETS; i++) {
        below += get(&f->bucket[i]);
        buf_fmt(b, "onewindow_request_seconds_bucket{route=\"%s\",le=\"%d.%03d\"} %" PRIu64 "\n",
                name, bucket_ms[i] / 1000, bucket_ms[i] % 1000, below);
    }
    uint64_t us = get(&f->took_us);
    buf_fmt(b, "onewindow_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name,
            all);
    buf_fmt(b, "onewindow_request_seconds_sum{route=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n", name,
            us / 1000000, us % 1000000);
    buf_fmt(b, "onewindow_request_seconds_count{route=\"%s\"} %" PRIu64 "\n", name, all);
}

static void put_one(struct buf *b, const char *name, const char *type, uint64_t v)
{
    buf_fmt(b, "# TYPE onewindow_%s %s\nonewindow_%s %" PRIu64 "\n", name, type, name, v);
}

static void put_store(struct buf *b, struct store *s)
{
    struct store_figures f;
    store_figures(s, &f);
    put_one(b, "store_acts_total", "counter", f.acts);
    put_one(b, "store_refused_total", "counter", f.refused);
    put_one(b, "store_batches_total", "counter", f.batches);
    put_one(b, "store_conflicts_total", "counter", f.conflicts);
    put_one(b, "store_repeated_total", "counter", f.repeated);
    put_one(b, "store_taken_back_total", "counter", f.taken_back);
    put_one(b, "store_queue_full_total", "counter", f.queue_full);
    put_one(b, "store_largest_batch", "gauge", f.largest_batch);
    put_one(b, "store_waiting", "gauge", f.waiting);
    const char *name;
    int64_t value;
    for (int i = 0; store_gauge(s, i, &name, &value); i++)
        put_one(b, name, "gauge", value > 0 ? (uint64_t)value : 0);
}

enum err metrics_show(struct ctx *c, struct reply *r)
{
    struct web *w = trip_of(c)->web;
    struct buf b;
    buf_init(&b, c->arena, METRICS_CEILING);
    buf_lit(
        &b,
        "# TYPE onewindow_requests_total counter\n# TYPE onewindow_request_seconds histogram\n");
    for (int i = 0; i < route_count; i++)
        put_route(&b, &w->figures[i], routes[i].name);
    put_route(&b, &w->figures[route_count], "other");
    pthread_mutex_lock(&w->links_lock);
    unsigned connections = w->links_used;
    pthread_mutex_unlock(&w->links_lock);
    put_one(&b, "connections", "gauge", connections);
    put_one(&b, "event_streams", "gauge", hub_streams(w));
    put_one(&b, "requests_under_way", "gauge", atomic_load(&w->trips));
    put_one(&b, "uptime_seconds", "gauge",
            (uint64_t)((clock_steady() - w->started_at) / SECOND_MS));
    put_store(&b, w->store);
    reply_body(r, "text/plain; version=0.0.4; charset=utf-8", buf_as_str(&b));
    return E_OK;
}

enum err health_show(struct ctx *c, struct reply *r, struct health *v)
{
    struct store_figures f;
    (void)r;
    store_figures(c->store, &f);
    v->at = c->now;
    v->database = store_is_postgres(c->store) ? STR("postgresql") : STR("sqlite");
    v->waiting = (int64_t)f.waiting;
    TRY(store_check(c->store, c));
    v->ok = true;
    return E_OK;
}

enum err openapi_show(struct ctx *c, struct reply *r)
{
    (void)c;
    reply_body(r, "application/json; charset=utf-8", (struct str){openapi_json, openapi_json_size});
    r->cache_seconds = 300;
    return E_OK;
}

enum err preferences_set(struct ctx *c, const struct preferences_form *f, struct reply *r)
{
    (void)c;
    if (f->lang != PREFERENCES_LANG_UNSET)
        reply_cookie(r, "lang", str_of(preferences_lang_words[f->lang]), PREFERENCE_SECONDS);
    if (f->mode != PREFERENCES_MODE_UNSET)
        reply_cookie(r, "mode", STR("elder"),
                     f->mode == PREFERENCES_MODE_ELDER ? PREFERENCE_SECONDS : 0);
    if (f->reach != PREFERENCES_REACH_UNSET)
        reply_cookie(r, "reach", STR("low"),
                     f->reach == PREFERENCES_REACH_LOW ? PREFERENCE_SECONDS : 0);
    if (f->contrast != PREFERENCES_CONTRAST_UNSET)
        reply_cookie(r, "contrast", STR("on"),
                     f->contrast == PREFERENCES_CONTRAST_ON ? PREFERENCE_SECONDS : 0);
    struct str back = f->back.n > 0 && f->back.p[0] == '/' ? f->back : STR("/");
    reply_see(r, "%.*s", STR_ARG(back));
    return E_OK;
}
