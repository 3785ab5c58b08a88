/* See peer.h. One transfer is one multi handle: it is driven by whoever reads, so an answer is never held
 * whole, and no thread is needed but the reader's. What curl hands over beyond what was asked for waits in
 * a small buffer; it pauses when that is full. */
#include "peer.h"

#include "buf.h"
#include "clock.h"
#include "fault.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS 1500L
#define HEAD_MS    10000
#define SILENT_MS  15000
#define HELD_BYTES ((size_t)64 * 1024)

struct peer_state {
    struct arena *arena;
    struct peer_stream *stream;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    char held[HELD_BYTES];
    size_t held_from, held_to;
    bool has_head, has_ended, is_paused;
    CURLcode result;
    int64_t heard_at;
};

void peer_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void peer_header(struct arena *a, struct peer_question *q, const char *name, struct str value)
{
    if (value.n > 0 && q->header_count < PEER_HEADERS_MOST)
        q->headers[q->header_count++] = str_fmt(a, "%s: %.*s", name, STR_ARG(value));
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct peer_state *s = arg;
    size_t bytes = size * n;
    s->heard_at = clock_steady();
    if (s->held_from == s->held_to)
        s->held_from = s->held_to = 0;
    if (bytes > HELD_BYTES - s->held_to) {
        s->is_paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    memcpy(s->held + s->held_to, p, bytes);
    s->held_to += bytes;
    return bytes;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct peer_state *s = arg;
    struct str line = str_trim((struct str){p, size * n});
    s->heard_at = clock_steady();
    if (str_starts(line, STR("HTTP/")))
        s->stream->header_count = 0; /* what came before was "100 Continue" */
    else if (line.n > 0 && s->stream->header_count < PEER_HEADERS_MOST)
        s->stream->headers[s->stream->header_count++] = str_copy(s->arena, line);
    else if (line.n == 0)
        s->has_head = true;
    return size * n;
}

/* Goes on for a moment; false when the transfer has ended, well or not. */
static bool drive(struct peer_state *s)
{
    int running = 0, left;
    if (curl_multi_perform(s->multi, &running) != CURLM_OK)
        running = 0;
    for (CURLMsg *m; (m = curl_multi_info_read(s->multi, &left)) != NULL;)
        if (m->msg == CURLMSG_DONE)
            s->result = m->data.result;
    if (running == 0) {
        s->has_ended = true;
        return false;
    }
    if (s->held_from == s->held_to && !s->has_head)
        (void)curl_multi_poll(s->multi, NULL, 0, 200, NULL);
    else if (s->held_from == s->held_to)
        (void)curl_multi_poll(s->multi, NULL, 0, 1000, NULL);
    return true;
}

static void set_up(struct peer_state *s, const struct peer_question *q)
{
    CURL *e = s->easy;
    for (size_t i = 0; i < q->header_count; i++)
        s->headers = curl_slist_append(s->headers, str_z(s->arena, q->headers[i]));
    s->headers = curl_slist_append(s->headers, "Expect:");
    curl_easy_setopt(e, CURLOPT_URL, str_z(s->arena, q->url));
    curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, q->method);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, s->headers);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, s);
    if (strcmp(q->method, "GET") != 0) {
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, q->body.p == NULL ? "" : q->body.p);
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)q->body.n);
    }
}

bool peer_open(struct arena *a, const struct peer_question *q, struct peer_stream *ret)
{
    struct peer_state *s = ARENA_NEW(a, struct peer_state);
    *ret = (struct peer_stream){.state = s};
    *s = (struct peer_state){.arena = a, .stream = ret, .heard_at = clock_steady()};
    s->multi = curl_multi_init();
    s->easy = curl_easy_init();
    if (s->multi == NULL || s->easy == NULL)
        BUG("libcurl gives no handle");
    set_up(s, q);
    curl_multi_add_handle(s->multi, s->easy);
    int64_t until = clock_steady() + HEAD_MS;
    while (!s->has_head && drive(s) && clock_steady() < until) {
    }
    long status = 0;
    curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
    ret->status = (int)status;
    if (s->has_head && status > 0)
        return true;
    peer_close(ret);
    return false;
}

long peer_read(struct peer_stream *stream, char *to, size_t most)
{
    struct peer_state *s = stream->state;
    while (s->held_from == s->held_to && !s->has_ended) {
        if (s->is_paused) {
            s->is_paused = false;
            curl_easy_pause(s->easy, CURLPAUSE_CONT);
        }
        if (s->held_from == s->held_to)
            (void)drive(s);
        if (clock_steady() - s->heard_at > SILENT_MS)
            return -1;
    }
    size_t n = s->held_to - s->held_from;
    if (n == 0)
        return s->result == CURLE_OK ? 0 : -1;
    if (n > most)
        n = most;
    memcpy(to, s->held + s->held_from, n);
    s->held_from += n;
    return (long)n;
}

void peer_close(struct peer_stream *stream)
{
    struct peer_state *s = stream->state;
    if (s == NULL)
        return;
    curl_multi_remove_handle(s->multi, s->easy);
    curl_easy_cleanup(s->easy);
    curl_multi_cleanup(s->multi);
    curl_slist_free_all(s->headers);
    stream->state = NULL;
}

bool peer_ask(struct arena *a, const struct peer_question *q, size_t most, int *ret_status,
              struct str *ret_body)
{
    struct peer_stream s;
    struct buf b;
    char part[8192];
    long n;
    if (!peer_open(a, q, &s))
        return false;
    buf_init(&b, a, most);
    while ((n = peer_read(&s, part, sizeof part)) > 0)
        buf_put(&b, part, (size_t)n);
    *ret_status = s.status;
    *ret_body = buf_as_str(&b);
    peer_close(&s);
    return n == 0 && !buf_overflowed(&b);
}

struct str peer_header_of(const struct peer_stream *s, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < s->header_count; i++) {
        struct str h = s->headers[i];
        if (h.n > n && h.p[n] == ':' && strncasecmp(h.p, name, n) == 0)
            return str_trim((struct str){h.p + n + 1, h.n - n - 1});
    }
    return STR_NONE;
}
