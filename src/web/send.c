/* Hands an answer to libmicrohttpd: status, headers, body. The body stays where it was printed, in
 * the request's arena, which lives until the connection has sent it. Every answer carries the
 * security headers; pages may load nothing that is not ours. */
#include "server.h"

#include "clock.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

/* DESIGN.md 6: nothing inline, nothing from elsewhere. */
#define POLICY "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"

static void header(struct MHD_Response *r, const char *name, const char *value)
{
    if (MHD_add_response_header(r, name, value) != MHD_YES)
        log_line(LOG_WARN, "header_refused", "name=%s", name);
}

static void header_str(struct trip *t, struct MHD_Response *r, const char *name, struct str value)
{
    header(r, name, str_z(t->arena, value));
}

void send_security_headers(const struct web *w, struct MHD_Response *r)
{
    header(r, "Content-Security-Policy", POLICY);
    header(r, "X-Content-Type-Options", "nosniff");
    header(r, "Referrer-Policy", "same-origin");
    header(r, "Permissions-Policy", "camera=(self)");
    header(r, "X-Frame-Options", "DENY");
    header(r, "Cross-Origin-Opener-Policy", "same-origin");
    if (w->has_tls)
        header(r, "Strict-Transport-Security", "max-age=31536000");
}

static void add_allow(struct trip *t, struct MHD_Response *r)
{
    static const char *const names[METHOD_COUNT] = {"GET, HEAD", "POST", "PUT", "DELETE"};
    struct buf b;
    buf_init(&b, t->arena, 100);
    for (int i = 0; i < METHOD_COUNT; i++)
        if (t->allowed & 1u << i) {
            buf_str(&b, str_of(names[i]));
            buf_lit(&b, ", ");
        }
    buf_lit(&b, "OPTIONS");
    header_str(t, r, "Allow", buf_as_str(&b));
}

static void add_cookies(struct trip *t, struct MHD_Response *r)
{
    for (size_t i = 0; i < t->reply.cookie_count; i++) {
        struct str value = t->reply.cookies[i];
        if (t->is_https)
            value = str_fmt(t->arena, "%.*s; Secure", STR_ARG(value));
        header_str(t, r, "Set-Cookie", value);
    }
}

static void add_caching(struct trip *t, struct MHD_Response *r)
{
    const struct reply *y = &t->reply;
    if (y->cache_seconds <= 0 || t->keys_printed > 0 || y->cookie_count > 0 || y->status >= 300) {
        header(r, "Cache-Control", "no-store");
        return;
    }
    bool is_for_all = t->q.session_token.p == NULL;
    header_str(t, r, "Cache-Control",
               str_fmt(t->arena, "%s, max-age=%d", is_for_all ? "public" : "private",
                       y->cache_seconds));
    header(r, "Vary", "Accept, Accept-Language, Cookie");
}

static void add_headers(struct trip *t, struct MHD_Response *r)
{
    const struct reply *y = &t->reply;
    if (y->content_type.n > 0)
        header_str(t, r, "Content-Type", y->content_type);
    send_security_headers(t->web, r);
    add_caching(t, r);
    if (y->location.n > 0)
        header_str(t, r, "Location", y->location);
    if (y->disposition.n > 0)
        header_str(t, r, "Content-Disposition", y->disposition);
    if (t->allowed != 0 && (y->status == 405 || y->status == 204))
        add_allow(t, r);
    if (t->retry_seconds > 0)
        header_str(t, r, "Retry-After", str_fmt(t->arena, "%d", t->retry_seconds));
    if (t->is_replay)
        header(r, "Idempotent-Replay", "true");
    if (t->is_early || atomic_load_explicit(&t->web->is_stopping, memory_order_relaxed))
        header(r, "Connection", "close");
    add_cookies(t, r);
}

void send_done(struct trip *t, int status)
{
    int64_t took = clock_steady() - t->started;
    t->stage = TRIP_ANSWERED;
    metrics_count(t->web, t, status, took);
    if (log_enabled(LOG_INFO))
        log_line(LOG_INFO, "request", "method=%s route=%s status=%d ms=%d id=%.*s", t->method_name,
                 t->asset != NULL     ? "/static/"
                 : t->q.route != NULL ? t->q.route->pattern
                                      : "-",
                 status, (int)took, STR_ARG(t->c.request_id));
    if (t->is_counted) {
        t->is_counted = false;
        atomic_fetch_sub(&t->web->trips, 1);
    }
}

enum MHD_Result answer_send(struct trip *t)
{
    if (t->result == E_OK && t->asset != NULL)
        return asset_send(t);
    if (t->result == E_OK && t->opens_stream)
        return stream_send(t);
    if (t->result == E_OK && !t->is_printed)
        answer_print(t);
    if (t->result != E_OK)
        answer_refusal(t);
    struct reply *y = &t->reply;
    /* MHD's parameter is not const, but PERSISTENT promises that it only reads. */
    struct MHD_Response *r =
        MHD_create_response_from_buffer(y->body.n, (void *)(uintptr_t)y->body.p,
                                        MHD_RESPMEM_PERSISTENT);
    if (r == NULL)
        return MHD_NO;
    add_headers(t, r);
    enum MHD_Result ok = MHD_queue_response(t->link->connection, (unsigned)y->status, r);
    MHD_destroy_response(r);
    send_done(t, y->status);
    return ok;
}
