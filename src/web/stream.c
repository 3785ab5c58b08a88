/* Live events: GET /events?topic=…, server-sent events fed by the journal. One ring of finished
 * event texts for the whole process; a stream is a position in it and a set of topics, so ten
 * thousand of them are small. A stream that has nothing to send is a suspended connection; one
 * thread wakes those that have. The lane only puts a text into the ring (its own short lock) and
 * never waits for a stream. A stream that fell behind the ring is told `lost` and loads its page anew.
 *
 *     id: 4711                       the journal's seq; Last-Event-ID goes on behind it
 *     event: ticket.called           the kind; or hello, tick, lost
 *     data: {"seq":4711,"kind":"ticket.called","topics":["hall"],"subject":"…","thread":"…","at":"…","data":{…}}
 */
#include "server.h"

#include "clock.h"
#include "json.h"
#include "web_gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RING        4096
#define TEXT_MAX    992
#define TICK_MS     2000
#define TICK_PARTS  20 /* streams are ticked in turns, a twentieth every 100 ms */
#define GATHER_MS   10 /* events of a burst go out together */
#define MISSED_MAX  500
#define BLOCK_BYTES 1024
#define STREAMS_MAX (LINKS_MAX - 1000) /* the rest is for people who ask something */

struct slot {
    int64_t center_id, seq;
    unsigned topics;
    unsigned n;
    char text[TEXT_MAX];
};

struct hub {
    struct web *web;
    pthread_mutex_t ring_lock; /* ring, head, woken */
    pthread_cond_t news;
    uint64_t head;         /* entries ever put in */
    unsigned woken_topics; /* of entries since the last waking */
    bool is_stopping;
    pthread_mutex_t streams_lock; /* every link's stream, tick */
    char tick[64];
    size_t tick_size;
    _Atomic unsigned streams;
    _Atomic int64_t seq; /* last heard of the server's own centre */
    pthread_t thread;
    struct slot ring[RING];
};

static void put_event(struct buf *b, const struct journal_entry *e, int zone_minutes,
                      bool with_data)
{
    struct json j;
    buf_fmt(b, "id: %" PRId64 "\nevent: %s\ndata: ", e->seq, event_table[e->kind].name);
    json_init(&j, b, zone_minutes);
    json_object(&j);
    json_name(&j, "seq");
    json_int(&j, e->seq);
    json_name(&j, "kind");
    json_text(&j, str_of(event_table[e->kind].name));
    json_name(&j, "topics");
    json_array(&j);
    for (int i = 0; i < TOPIC_COUNT; i++)
        if (event_table[e->kind].topics & 1u << i)
            json_text(&j, str_of(topic_names[i]));
    json_end_array(&j);
    json_name(&j, "subject");
    json_id(&j, e->subject);
    json_name(&j, "thread");
    json_id(&j, e->thread);
    json_name(&j, "at");
    json_instant(&j, e->at);
    json_name(&j, "data");
    json_raw(&j, with_data ? e->public_json : STR_NONE);
    json_end_object(&j);
    buf_lit(b, "\n\n");
}

/* On the lane: must be short. Nobody listening costs one load. */
static void on_entry(void *arg, const struct journal_entry *e)
{
    struct hub *h = arg;
    unsigned topics = event_table[e->kind].topics;
    if (e->center_id == h->web->options.center_id)
        atomic_store_explicit(&h->seq, e->seq, memory_order_release);
    if (topics == 0 || atomic_load_explicit(&h->streams, memory_order_relaxed) == 0)
        return;
    pthread_mutex_lock(&h->ring_lock);
    struct slot *slot = &h->ring[h->head % RING];
    struct buf b = {.p = slot->text, .room = TEXT_MAX, .ceiling = TEXT_MAX};
    put_event(&b, e, h->web->options.zone_minutes, true);
    if (buf_overflowed(&b)) {
        b = (struct buf){.p = slot->text, .room = TEXT_MAX, .ceiling = TEXT_MAX};
        put_event(&b, e, h->web->options.zone_minutes, false);
    }
    slot->n = (unsigned)b.n;
    slot->center_id = e->center_id;
    slot->seq = e->seq;
    slot->topics = topics;
    h->head++;
    if (h->woken_topics == 0)
        pthread_cond_signal(&h->news);
    h->woken_topics |= topics;
    pthread_mutex_unlock(&h->ring_lock);
}

/* --- one stream, on its network thread --- */

/* Entries from the stream's position on, as many as fit; true when one did not. */
static bool take_entries(struct hub *h, struct stream *s, char *to, size_t max, size_t *n)
{
    static const struct str lost = {"event: lost\ndata: {}\n\n", 22};
    bool is_full = false;
    pthread_mutex_lock(&h->ring_lock);
    if (h->head - s->next > RING) {
        if (max - *n >= lost.n) {
            memcpy(to + *n, lost.p, lost.n);
            *n += lost.n;
        }
        s->next = h->head;
    }
    while (s->next < h->head && !is_full) {
        const struct slot *slot = &h->ring[s->next % RING];
        bool is_ours = (slot->topics & s->topics) != 0 && slot->center_id == s->center_id &&
                       slot->seq > s->last_seq;
        if (is_ours && slot->n > max - *n) {
            is_full = true;
            break;
        }
        if (is_ours) {
            memcpy(to + *n, slot->text, slot->n);
            *n += slot->n;
        }
        s->next++;
    }
    pthread_mutex_unlock(&h->ring_lock);
    return is_full;
}

static ssize_t take_backlog(struct link *l, char *to, size_t max)
{
    struct stream *s = &l->stream;
    size_t n = s->backlog.n < max ? s->backlog.n : max;
    memcpy(to, s->backlog.p, n);
    s->backlog.p += n;
    s->backlog.n -= n;
    if (s->backlog.n == 0 && l->trip != NULL)
        trip_free(l->trip); /* from here on the stream is its link alone */
    return (ssize_t)n;
}

static ssize_t stream_read(void *arg, uint64_t position, char *to, size_t max)
{
    (void)position;
    struct link *l = arg;
    struct stream *s = &l->stream;
    struct hub *h = l->web->hub;
    if (s->backlog.n > 0)
        return take_backlog(l, to, max);
    size_t n = 0;
    pthread_mutex_lock(&h->streams_lock);
    bool is_closing = s->is_closing, is_full = false;
    if (!is_closing) {
        is_full = take_entries(h, s, to, max, &n);
        if (s->tick_due && max - n >= h->tick_size) {
            memcpy(to + n, h->tick, h->tick_size);
            n += h->tick_size;
            s->tick_due = false;
        }
        if (n == 0 && !is_full) { /* under the lock, so that a wake-up cannot come between */
            s->is_asleep = true;
            MHD_suspend_connection(l->connection);
        }
    }
    pthread_mutex_unlock(&h->streams_lock);
    if (is_closing || (is_full && n == 0))
        return MHD_CONTENT_READER_END_OF_STREAM;
    return (ssize_t)n;
}

enum MHD_Result stream_send(struct trip *t)
{
    struct link *l = t->link;
    struct hub *h = t->web->hub;
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, stream_read, l, NULL);
    if (r == NULL)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", "text/event-stream; charset=utf-8");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Accel-Buffering", "no");
    send_security_headers(t->web, r);
    pthread_mutex_lock(&h->streams_lock);
    l->stream.is_open = true;
    l->stream.is_closing = h->is_stopping;
    pthread_mutex_unlock(&h->streams_lock);
    enum MHD_Result ok = MHD_queue_response(l->connection, 200, r);
    MHD_destroy_response(r);
    send_done(t, 200);
    return ok;
}

void stream_closed(struct link *l)
{
    struct hub *h = l->web->hub;
    if (!l->stream.is_open)
        return;
    pthread_mutex_lock(&h->streams_lock);
    l->stream = (struct stream){.is_open = false};
    pthread_mutex_unlock(&h->streams_lock);
    atomic_fetch_sub(&h->streams, 1);
}

unsigned hub_streams(const struct web *w)
{
    return atomic_load(&w->hub->streams);
}

void stream_given_up(struct link *l)
{
    if (!l->stream.is_open && l->stream.topics != 0)
        atomic_fetch_sub(&l->web->hub->streams, 1);
}

int64_t hub_seq(const struct web *w)
{
    return atomic_load_explicit(&w->hub->seq, memory_order_acquire);
}

/* --- opening --- */

static enum err topics_of(struct ctx *c, const struct texts *names, unsigned *ret_topics)
{
    unsigned topics = 0;
    for (size_t i = 0; i < names->n; i++) {
        int k = 0;
        while (k < TOPIC_COUNT && !str_is(names->v[i], topic_names[k]))
            k++;
        if (k == TOPIC_COUNT)
            return fail_field(c, E_TOPIC_UNKNOWN, "topic", "%.*s", STR_ARG(names->v[i]));
        topics |= 1u << k;
    }
    if (topics == 0)
        return fail_field(c, E_TOPIC_UNKNOWN, "topic", "none");
    *ret_topics = topics;
    return E_OK;
}

/* What was missed since Last-Event-ID; or, for a newcomer, only where the journal stands, so that a
 * connection that is cut before its first event can be resumed as well. */
static enum err read_missed(struct ctx *c, struct stream *s, struct str last_id, struct buf *b)
{
    int64_t head = 0, after;
    struct str hash;
    TRY(journal_head(c, &head, &hash));
    buf_lit(b, "retry: 2000\n");
    if (str_to_int(last_id, &after) && after >= 0 && after < head) {
        struct journal_entries missed;
        TRY(journal_after(c, after, MISSED_MAX, &missed));
        if (missed.n == MISSED_MAX && missed.v[missed.n - 1].seq < head) {
            buf_lit(b, "event: lost\ndata: {}\n\n");
            missed.n = 0;
        }
        for (size_t i = 0; i < missed.n; i++)
            if (event_table[missed.v[i].kind].topics & s->topics)
                put_event(b, &missed.v[i], c->zone_minutes, true);
    }
    s->last_seq = head;
    buf_fmt(b, "id: %" PRId64 "\nevent: hello\ndata: {\"seq\":%" PRId64 "}\n\n", head, head);
    return E_OK;
}

enum err events_open(struct ctx *c, const struct events_form *f, struct reply *r)
{
    struct trip *t = trip_of(c);
    struct hub *h = t->web->hub;
    struct stream *s = &t->link->stream;
    unsigned topics = 0;
    (void)r;
    TRY(topics_of(c, &f->topic, &topics));
    if (atomic_load(&h->streams) >= STREAMS_MAX)
        return fail(c, E_STREAMS_FULL, "%u streams", atomic_load(&h->streams));
    if (!t->opens_stream)
        atomic_fetch_add(&h->streams,
                         1); /* before the position is taken, so that the lane fills the ring */
    t->opens_stream = true;
    pthread_mutex_lock(&h->streams_lock);
    pthread_mutex_lock(&h->ring_lock);
    *s = (struct stream){.topics = topics, .center_id = c->center_id, .next = h->head};
    pthread_mutex_unlock(&h->ring_lock);
    pthread_mutex_unlock(&h->streams_lock);
    struct buf b;
    buf_init(&b, c->arena, (size_t)1 << 20);
    enum err e = read_missed(c, s, header_of(t, "Last-Event-ID"), &b);
    if (e != E_OK) {
        t->opens_stream = false;
        atomic_fetch_sub(&h->streams, 1);
        return e;
    }
    s->backlog = buf_as_str(&b);
    return E_OK;
}

/* --- the thread that wakes streams --- */

static void wake(struct link *l)
{
    if (!l->stream.is_asleep)
        return;
    l->stream.is_asleep = false;
    MHD_resume_connection(l->connection);
}

/* In portions, so that a network thread never waits long for the lock. */
static void wake_all(struct hub *h, unsigned topics, int tick_part, bool is_closing)
{
    struct web *w = h->web;
    for (size_t from = 0; from < LINKS_MAX; from += 256) {
        pthread_mutex_lock(&h->streams_lock);
        for (size_t i = from; i < from + 256 && i < LINKS_MAX; i++) {
            struct stream *s = &w->links[i].stream;
            if (!s->is_open)
                continue;
            bool is_ticked = tick_part >= 0 && (int)(i % TICK_PARTS) == tick_part;
            s->tick_due |= is_ticked;
            s->is_closing |= is_closing;
            if (is_closing || is_ticked || (s->topics & topics) != 0)
                wake(&w->links[i]);
        }
        pthread_mutex_unlock(&h->streams_lock);
    }
}

static void write_tick(struct hub *h)
{
    pthread_mutex_lock(&h->streams_lock);
    int n = snprintf(h->tick, sizeof h->tick, "event: tick\ndata: {\"now\":%" PRId64 "}\n\n",
                     clock_now());
    h->tick_size = (size_t)n;
    pthread_mutex_unlock(&h->streams_lock);
}

static void wait_for_news(struct hub *h, int64_t until)
{
    struct timespec at = {until / SECOND_MS, until % SECOND_MS * 1000000};
    while (h->woken_topics == 0 && !h->is_stopping && clock_steady() < until)
        if (pthread_cond_timedwait(&h->news, &h->ring_lock, &at) != 0)
            break;
}

static void *hub_run(void *arg)
{
    struct hub *h = arg;
    int64_t next_tick = clock_steady() + TICK_MS / TICK_PARTS;
    int part = 0;
    for (;;) {
        pthread_mutex_lock(&h->ring_lock);
        wait_for_news(h, next_tick);
        bool is_stopping = h->is_stopping, has_news = h->woken_topics != 0;
        pthread_mutex_unlock(&h->ring_lock);
        if (is_stopping)
            return NULL;
        if (has_news) {
            nanosleep(&(struct timespec){0, GATHER_MS * 1000000L}, NULL);
            pthread_mutex_lock(&h->ring_lock);
            unsigned topics = h->woken_topics;
            h->woken_topics = 0;
            pthread_mutex_unlock(&h->ring_lock);
            wake_all(h, topics, -1, false);
        }
        if (clock_steady() >= next_tick) {
            write_tick(h);
            if (atomic_load(&h->streams) > 0)
                wake_all(h, 0, part, false);
            part = (part + 1) % TICK_PARTS;
            next_tick += TICK_MS / TICK_PARTS;
        }
    }
}

static enum err read_head(struct ctx *c, void *arg)
{
    struct str hash;
    return journal_head(c, arg, &hash);
}

static int64_t head_now(struct web *w)
{
    int64_t seq = 0;
    struct ctx c = {.arena = arena_new((size_t)1 << 20),
                    .keys = w->keys,
                    .center_id = w->options.center_id,
                    .now = clock_now()};
    if (store_read(w->store, &c, read_head, &seq) != E_OK)
        seq = 0;
    arena_free(c.arena);
    return seq;
}

enum err hub_start(struct web *w)
{
    struct hub *h = ARENA_NEW(w->arena, struct hub);
    pthread_condattr_t steady;
    h->web = w;
    w->hub = h;
    pthread_mutex_init(&h->ring_lock, NULL);
    pthread_mutex_init(&h->streams_lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&h->news, &steady);
    write_tick(h);
    if (pthread_create(&h->thread, NULL, hub_run, h) != 0)
        return E_INTERNAL;
    atomic_store(&h->seq, head_now(w));
    journal_listen(w->store, on_entry, h);
    return E_OK;
}

void hub_stop(struct web *w)
{
    struct hub *h = w->hub;
    pthread_mutex_lock(&h->ring_lock);
    h->is_stopping = true;
    pthread_cond_signal(&h->news);
    pthread_mutex_unlock(&h->ring_lock);
    pthread_join(h->thread, NULL);
    journal_unlisten(w->store, h);
    for (int tries = 0; tries < 200 && atomic_load(&h->streams) > 0; tries++) {
        wake_all(h, 0, -1, true);
        nanosleep(&(struct timespec){0, 10 * 1000000L}, NULL);
    }
}
