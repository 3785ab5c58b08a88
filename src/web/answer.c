/* Turns what a handler filled into what a client reads: the HTML page, or the JSON of the same view.
 * A refusal becomes the page the form stands on, shown again with the sentence, or a page of its own
 * that says what to do, or the JSON error object. A failure of ours is logged here, once, with the
 * number that the visitor is shown. */
#include "server.h"

#include "log.h"
#include "web_gen.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"
#define HTML_TYPE "text/html; charset=utf-8"

static struct buf *new_buf(struct trip *t)
{
    struct buf *b = ARENA_NEW(t->arena, struct buf);
    buf_init(b, t->arena, PAGE_CEILING);
    return b;
}

static void set_body(struct trip *t, const char *type, const struct buf *b)
{
    t->reply.content_type = str_of(type);
    t->reply.body = buf_as_str(b);
}

/* Where a browser goes when a handler did not say: the page it came from, if that is one of ours. */
static struct str page_before(struct trip *t)
{
    struct str referer = header_of(t, "Referer"), host = t->q.host;
    if (str_starts(referer, host) && referer.n > host.n && referer.p[host.n] == '/')
        return (struct str){referer.p + host.n, referer.n - host.n};
    return STR("/");
}

static void print_json(struct trip *t)
{
    const struct route *r = t->q.route;
    struct buf *b = new_buf(t);
    struct json j;
    json_init(&j, b, t->c.zone_minutes);
    if (r->json != NULL) {
        r->json(&j, t->view);
    } else {
        json_object(&j);
        json_end_object(&j);
    }
    set_body(t, JSON_TYPE, b);
    if (buf_overflowed(b))
        trip_refuse(t, E_PAGE_OVERFLOW);
}

static void print_page(struct trip *t)
{
    struct buf *b = new_buf(t);
    t->q.route->page(b, &t->c, t->view);
    set_body(t, HTML_TYPE, b);
    if (buf_overflowed(b))
        trip_refuse(t, E_PAGE_OVERFLOW);
}

void answer_print(struct trip *t)
{
    struct reply *r = &t->reply;
    const struct route *route = t->q.route;
    t->is_printed = true;
    bool is_for_browser =
        !t->q.wants_json && (route->page != NULL || t->is_unsafe || r->location.p != NULL);
    if (r->body.p != NULL) {
        if (r->status == 0)
            r->status = 200;
        return;
    }
    if (is_for_browser && (r->location.p != NULL || route->page == NULL)) {
        if (r->location.p == NULL)
            r->location = page_before(t);
        r->status = r->status != 0 ? r->status : 303;
        r->body = STR("");
        return;
    }
    if (r->status == 0)
        r->status = route->created && t->is_unsafe && t->q.wants_json ? 201 : 200;
    if (is_for_browser)
        print_page(t);
    else
        print_json(t);
}

/* --- refusals --- */

static void print_json_error(struct trip *t, int status)
{
    struct ctx *c = &t->c;
    struct buf *b = new_buf(t);
    struct json j;
    json_init(&j, b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "error");
    json_object(&j);
    json_name(&j, "code");
    json_text(&j, str_of(err_table[t->result].code));
    json_name(&j, "message");
    json_text(&j, refusal_sentence(c));
    json_name(&j, "hint");
    struct str hint = refusal_hint(c);
    json_text(&j, hint.n > 0 ? hint : STR_NONE);
    json_name(&j, "field");
    json_text(&j, str_of(c->refusal.field));
    json_name(&j, "reference");
    json_text(&j, status >= 500 ? c->request_id : STR_NONE);
    json_end_object(&j);
    json_end_object(&j);
    set_body(t, JSON_TYPE, b);
}

static bool print_back(struct trip *t)
{
    if (t->back == NULL)
        return false;
    struct buf *b = new_buf(t);
    t->back->page(b, &t->c, t->back_view);
    set_body(t, HTML_TYPE, b);
    return !buf_overflowed(b);
}

static void print_error_page(struct trip *t, int status)
{
    struct buf *b = new_buf(t);
    struct error_view v = {.status = status,
                           .reference = status >= 500 ? t->c.request_id : STR(""),
                           .is_ours = status >= 500};
    error_page(b, &t->c, &v);
    set_body(t, HTML_TYPE, b);
}

#define BACK_MAX 2048 /* a longer way back does not fit the head of an answer */

static void send_to_login(struct trip *t)
{
    struct buf b;
    buf_init(&b, t->arena, 2 * LINE_MAX_BYTES + 64);
    buf_lit(&b, "/login?back=");
    struct str here = t->is_unsafe ? page_before(t) : str_of(t->uri);
    struct buf encoded;
    buf_init(&encoded, t->arena, BACK_MAX);
    url_encode(&encoded, here);
    buf_str(&b, buf_as_str(&encoded));
    t->reply.status = 303;
    t->reply.location =
        buf_overflowed(&b) || buf_overflowed(&encoded) ? STR("/login") : buf_as_str(&b);
    t->reply.body = STR("");
}

static void log_refusal(const struct trip *t, int status)
{
    const struct ctx *c = &t->c;
    enum log_level level = status >= 500 && status != 503 ? LOG_ERROR
                           : status == 503                ? LOG_WARN
                                                          : LOG_DEBUG;
    if (!log_enabled(level))
        return;
    struct str detail = log_value(c->arena, c->refusal.detail);
    log_line(level, status >= 500 ? "failure" : "refusal", "code=%s route=%s id=%.*s detail=%.*s",
             err_table[t->result].code, t->q.route != NULL ? t->q.route->pattern : "-",
             STR_ARG(c->request_id), STR_ARG(detail));
}

void answer_refusal(struct trip *t)
{
    enum err e = t->result;
    int status = err_table[e].status;
    t->is_printed = true;
    t->reply = (struct reply){.c = &t->c, .status = status};
    log_refusal(t, status);
    if (t->retry_seconds == 0 && (status == 503 || status == 429))
        t->retry_seconds = 2;
    if (e == E_METHOD_UNKNOWN && strcmp(t->method_name, "OPTIONS") == 0) {
        t->reply.status = 204;
        t->reply.body = STR("");
    } else if (t->q.wants_json || (!t->is_browser && !t->is_unsafe && t->q.route != NULL &&
                                   t->q.route->page == NULL)) {
        print_json_error(t, status);
    } else if (e == E_LOGIN_NEEDED && !t->q.is_part) {
        send_to_login(t);
    } else if (!print_back(t)) {
        print_error_page(t, status);
    }
}
