/* The kiosk's own small server, for its browser only. What begins with /kiosk/local/ is answered here, all
 * else by the hall's server; and when that is away, a page by which numbers can be had all the same. A
 * thread a connection, because one browser has few and each may wait for the server. */
#include "kiosk.h"

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "party.h"
#include "peer.h"
#include "store.h"
#include "web.h"

#include "assets.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define REQUEST_BYTES ((size_t)16 << 20)
#define BODY_MOST     ((size_t)256 * 1024)
#define PAGE_BYTES    ((size_t)512 * 1024)
#define SLIP_MOST     ((size_t)64 * 1024)

struct call {
    struct kiosk *k;
    struct arena *arena;
    struct MHD_Connection *connection;
    const char *method;
    struct str path, query;
    struct buf body;
    bool is_begun;
    struct ctx c;
    struct peer_stream stream;
};

static struct str header_in(struct call *x, const char *name)
{
    return str_of(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name));
}

static struct str cookie_in(struct call *x, const char *name)
{
    return str_of(MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, name));
}

static enum MHD_Result answer_bytes(struct call *x, unsigned status, const char *type,
                                    struct str bytes, const char *location)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(bytes.n, (void *)(uintptr_t)bytes.p, MHD_RESPMEM_MUST_COPY);
    if (r == NULL)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", type);
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "Content-Security-Policy",
                            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    if (location != NULL)
        MHD_add_response_header(r, "Location", location);
    enum MHD_Result ok = MHD_queue_response(x->connection, status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result answer_page(struct call *x, unsigned status, const struct buf *page)
{
    return answer_bytes(x, status, "text/html; charset=utf-8", buf_as_str(page), NULL);
}

static enum MHD_Result see(struct call *x, struct str where)
{
    return answer_bytes(x, 303, "text/plain", STR(""), str_z(x->arena, where));
}

static struct str hall_name(struct call *x)
{
    pthread_mutex_lock(&x->k->lock);
    struct str s = str_copy(x->arena, str_of(x->k->hall[x->c.lang]));
    pthread_mutex_unlock(&x->k->lock);
    return s;
}

/* --- without the server --- */

static enum MHD_Result away_home(struct call *x, unsigned status, struct str notice)
{
    struct away_page v = {.hall = hall_name(x), .notice = notice};
    struct buf b;
    if (kiosk_zones(x->k, &x->c, &v.items) != E_OK)
        v.items.n = 0;
    if (x->k->is_locked) {
        v.items.n = 0;
        v.notice = tr(&x->c, "这台自助机暂停使用");
    }
    buf_init(&b, x->arena, PAGE_BYTES);
    away_home_page(&b, &x->c, &v);
    return answer_page(x, status, &b);
}

static struct str printed_words(struct call *x, struct str state)
{
    struct ctx *c = &x->c;
    if (str_is(state, "ok"))
        return tr(c, "号票打好了，请取走");
    if (str_is(state, "paper_out"))
        return tr(c, "打印机没有纸了。请记下号码，号码一样有效");
    return tr(c, "号票没有打印出来。请记下号码，号码一样有效");
}

struct wanted {
    int64_t local_id;
    struct kiosk_ticket_row *row;
};

static enum err read_ticket(struct ctx *c, void *arg)
{
    struct wanted *w = arg;
    return kiosk_ticket(c, c->center_id, w->local_id, &w->row);
}

static enum MHD_Result away_ticket_shown(struct call *x)
{
    struct wanted w = {.row = NULL};
    struct buf b;
    struct str id = str_of(MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "id"));
    if (!str_to_int(id, &w.local_id) || store_read(x->k->store, &x->c, read_ticket, &w) != E_OK ||
        w.row == NULL)
        return see(x, STR("/kiosk"));
    struct away_ticket v = {.hall = hall_name(x),
                            .number = str_fmt(x->arena, "%.*s%03lld", STR_ARG(w.row->prefix),
                                              (long long)w.row->number),
                            .zone_name =
                                x->c.lang == LANG_EN ? w.row->zone_name_en : w.row->zone_name,
                            .floor_name =
                                tr_fill(&x->c, "{f} 楼", "f",
                                        str_fmt(x->arena, "%lld", (long long)w.row->floor), NULL),
                            .words = printed_words(x, w.row->printed),
                            .is_printed = str_is(w.row->printed, "ok"),
                            .is_merged = w.row->state == 1};
    buf_init(&b, x->arena, PAGE_BYTES);
    away_ticket_page(&b, &x->c, &v);
    return answer_page(x, 200, &b);
}

/* The value of a field of a posted form; our own words only, so nothing is decoded. */
static struct str posted_word(struct call *x, const char *name)
{
    struct str rest = buf_as_str(&x->body);
    while (rest.n > 0) {
        struct str value = str_cut(&rest, '&'), key = str_cut(&value, '=');
        if (str_is(key, name))
            return str_or_empty(value);
    }
    return STR("");
}

/* A page of somebody else's must not give out numbers here. */
static bool is_from_here(struct call *x)
{
    struct str origin = header_in(x, "Origin"), host = header_in(x, "Host");
    struct str site = header_in(x, "Sec-Fetch-Site");
    if (site.p != NULL && !str_is(site, "same-origin") && !str_is(site, "none"))
        return false;
    return origin.p == NULL || str_eq(origin, str_fmt(x->arena, "http://%.*s", STR_ARG(host)));
}

static enum MHD_Result away_take(struct call *x)
{
    struct kiosk_ticket_row t;
    struct texts needs = {NULL, 0};
    if (!is_from_here(x))
        return answer_bytes(x, 403, "text/plain", STR("cross-site"), NULL);
    enum err e = x->k->is_locked ? E_KIOSK_LOCKED
                                 : kiosk_give(x->k, &x->c, posted_word(x, "zone"), &needs, &t);
    if (e != E_OK)
        return away_home(x, 503, tr(&x->c, err_table[e].sentence));
    kiosk_print_own(x->k, &x->c, &t);
    return see(x, str_fmt(x->arena, "/kiosk/local/ticket?id=%lld", (long long)t.local_id));
}

static enum MHD_Result set_lang(struct call *x)
{
    struct str to = str_of(MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "to"));
    struct MHD_Response *r = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Location", "/kiosk");
    MHD_add_response_header(r, "Set-Cookie",
                            str_is(to, "en") ? "lang=en; Path=/; HttpOnly; SameSite=Lax"
                                             : "lang=zh; Path=/; HttpOnly; SameSite=Lax");
    enum MHD_Result ok = MHD_queue_response(x->connection, 303, r);
    MHD_destroy_response(r);
    return ok;
}

/* For the page: whether a card lies there, and whose, masked. */
static enum MHD_Result card_shown(struct call *x)
{
    struct card card;
    struct buf b;
    struct json j;
    bool is_there = card_now(x->k, &card);
    buf_init(&b, x->arena, 2000);
    json_init(&j, &b, ZONE_CHINA_MINUTES);
    json_object(&j);
    json_name(&j, "is_there");
    json_flag(&j, is_there);
    json_name(&j, "name");
    json_text(&j, is_there ? mask_name(x->arena, str_of(card.name)) : STR(""));
    json_end_object(&j);
    explicit_bzero(&card, sizeof card);
    return answer_bytes(x, 200, "application/json", buf_as_str(&b), NULL);
}

static enum MHD_Result own_asset(struct call *x)
{
    struct str name = {x->path.p + 8, x->path.n - 8};
    for (size_t i = 0; i < asset_count; i++)
        if (str_is(name, asset_table[i].hashed_name))
            return answer_bytes(x, 200, asset_table[i].content_type,
                                (struct str){(const char *)asset_table[i].bytes,
                                             asset_table[i].size},
                                NULL);
    return answer_bytes(x, 404, "text/plain", STR(""), NULL);
}

static enum MHD_Result away(struct call *x)
{
    bool is_page = str_find(header_in(x, "Accept"), STR("text/html")) >= 0;
    if (str_starts(x->path, STR("/static/")))
        return own_asset(x);
    if (!is_page)
        return answer_bytes(x, 503, "application/json",
                            STR("{\"error\":{\"code\":\"server_away\",\"message\":\"\"}}"), NULL);
    if (strcmp(x->method, "GET") == 0)
        return away_home(x, 200, STR(""));
    return away_home(x, 503, tr(&x->c, "系统刚刚断开，这一步没有确认。请在这里重新取号。"));
}

/* --- with the server --- */

static const char *const passed_on[] = {"Accept",     "Accept-Language", "Content-Type",
                                        "X-Part",     "HX-Request",      "Last-Event-ID",
                                        "User-Agent", "Idempotency-Key"};
static const char *const passed_back[] = {"Content-Type",
                                          "Set-Cookie",
                                          "Location",
                                          "Cache-Control",
                                          "Retry-After",
                                          "Content-Language",
                                          "Content-Security-Policy",
                                          "X-Content-Type-Options",
                                          "Referrer-Policy",
                                          "Permissions-Policy",
                                          "Content-Disposition",
                                          "X-Frame-Options",
                                          "Vary"};

/* The card on the reader goes with a ticket that is asked for; nobody types it, and no page has seen it. */
static struct str body_with_card(struct call *x)
{
    struct str body = buf_as_str(&x->body);
    struct card card;
    struct buf b;
    if (strcmp(x->method, "POST") != 0 || !str_is(x->path, "/tickets") || !card_now(x->k, &card) ||
        str_find(header_in(x, "Content-Type"), STR("application/x-www-form-urlencoded")) < 0)
        return body;
    buf_init(&b, x->arena, body.n + 1000);
    buf_str(&b, body);
    const char *const fields[] = {"&name=", card.name, "&id_no=", card.id_no};
    for (size_t i = 0; i < 4; i++)
        for (const unsigned char *p = (const unsigned char *)fields[i]; *p != 0; p++) {
            if (i % 2 == 0)
                buf_char(&b, (char)*p);
            else
                buf_fmt(&b, "%%%02X", *p);
        }
    explicit_bzero(&card, sizeof card);
    return buf_as_str(&b);
}

static struct peer_question question_of(struct call *x)
{
    struct kiosk *k = x->k;
    struct str cookies = header_in(x, "Cookie");
    struct peer_question q = {.method = x->method,
                              .url = str_fmt(x->arena, "%s%.*s%s%.*s", k->server, STR_ARG(x->path),
                                             x->query.n > 0 ? "?" : "", STR_ARG(x->query)),
                              .body = body_with_card(x)};
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        peer_header(x->arena, &q, passed_on[i], header_in(x, passed_on[i]));
    peer_header(x->arena, &q, "Cookie",
                str_fmt(x->arena, "%.*s%s" DEVICE_COOKIE "=%s", STR_ARG(cookies),
                        cookies.n > 0 ? "; " : "", k->token));
    return q;
}

static ssize_t read_on(void *arg, uint64_t at, char *to, size_t most)
{
    struct call *x = arg;
    (void)at;
    long n = peer_read(&x->stream, to, most);
    return n > 0    ? n
           : n == 0 ? MHD_CONTENT_READER_END_OF_STREAM
                    : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void add_headers(struct call *x, struct MHD_Response *r, const char *location)
{
    for (size_t i = 0; i < x->stream.header_count; i++) {
        struct str rest = x->stream.headers[i], name = str_cut(&rest, ':');
        const char *n = str_z(x->arena, name);
        for (size_t k = 0; rest.p != NULL && k < sizeof passed_back / sizeof *passed_back; k++)
            if (strcasecmp(n, passed_back[k]) == 0 &&
                (location == NULL || strcasecmp(n, "Location") != 0))
                MHD_add_response_header(r, n, str_z(x->arena, str_trim(rest)));
    }
    if (location != NULL)
        MHD_add_response_header(r, "Location", location);
}

/* Fetches a slip that the server knows and prints it here: the word of the printer's state. */
static struct str print_slip(struct call *x, struct str where)
{
    struct str bytes, state = STR("broken");
    int status;
    struct peer_question q = {.method = "GET",
                              .url =
                                  str_fmt(x->arena, "%s%.*s/slip", x->k->server, STR_ARG(where))};
    peer_header(x->arena, &q, "Cookie", str_fmt(x->arena, DEVICE_COOKIE "=%s", x->k->token));
    if (peer_ask(x->arena, &q, SLIP_MOST, &status, &bytes) && status == 200)
        state = kiosk_print(x->k, x->arena, bytes);
    if (!str_is(state, "ok"))
        log_line(LOG_WARN, "kiosk_not_printed", "state=%.*s", STR_ARG(state));
    return state;
}

/* A ticket was just given out by the server: its slip is printed here. Where that fails, the browser is sent
 * to a page that says so. */
static const char *print_new(struct call *x)
{
    struct str where = peer_header_of(&x->stream, "Location");
    if (x->k->printer == NULL || x->stream.status != 303 ||
        !str_starts(where, STR("/kiosk/ticket/")))
        return NULL;
    struct str state = print_slip(x, where);
    return str_is(state, "ok") ? NULL
                               : str_z(x->arena, str_fmt(x->arena, "%.*s?paper=%.*s",
                                                         STR_ARG(where), STR_ARG(state)));
}

static enum MHD_Result pass(struct call *x)
{
    struct peer_question q = question_of(x);
    if (!peer_open(x->arena, &q, &x->stream)) {
        x->stream.state = NULL;
        return away(x);
    }
    bool is_ticket = strcmp(x->method, "POST") == 0 && str_is(x->path, "/tickets");
    const char *location = is_ticket ? print_new(x) : NULL;
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, read_on, x, NULL);
    if (r == NULL)
        return MHD_NO;
    add_headers(x, r, location);
    enum MHD_Result ok = MHD_queue_response(x->connection, (unsigned)x->stream.status, r);
    MHD_destroy_response(r);
    return ok;
}

/* "Print again", at a kiosk that has the printer itself. */
static enum MHD_Result print_again(struct call *x)
{
    struct str where = {x->path.p, x->path.n - strlen("/slip")};
    if (!is_from_here(x))
        return answer_bytes(x, 403, "text/plain", STR("cross-site"), NULL);
    struct str state = print_slip(x, where);
    return see(x, str_is(state, "ok")
                      ? where
                      : str_fmt(x->arena, "%.*s?paper=%.*s", STR_ARG(where), STR_ARG(state)));
}

static enum MHD_Result answer(struct call *x)
{
    bool is_post = strcmp(x->method, "POST") == 0;
    if (!is_post && strcmp(x->method, "GET") != 0 && strcmp(x->method, "HEAD") != 0)
        return answer_bytes(x, 405, "text/plain", STR(""), NULL);
    if (str_is(x->path, "/"))
        return see(x, STR("/kiosk"));
    if (str_is(x->path, "/kiosk/local/take"))
        return is_post ? away_take(x) : see(x, STR("/kiosk"));
    if (str_is(x->path, "/kiosk/local/ticket"))
        return away_ticket_shown(x);
    if (str_is(x->path, "/kiosk/local/lang"))
        return set_lang(x);
    if (str_is(x->path, "/kiosk/local/card"))
        return card_shown(x);
    if (is_post && x->k->printer != NULL && str_starts(x->path, STR("/kiosk/ticket/")) &&
        str_ends(x->path, STR("/slip")))
        return print_again(x);
    return pass(x);
}

/* --- libmicrohttpd --- */

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct arena *a = arena_new(REQUEST_BYTES);
    struct call *x = ARENA_NEW(a, struct call);
    struct str rest = str_copy(a, str_of(uri));
    x->k = arg;
    x->arena = a;
    x->connection = connection;
    x->path = str_cut(&rest, '?');
    x->query = str_or_empty(rest);
    return x;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **per_request)
{
    struct call *x = *per_request;
    (void)arg;
    (void)connection;
    (void)url;
    (void)version;
    if (x == NULL)
        return MHD_NO;
    if (!x->is_begun) {
        x->is_begun = true;
        x->method = method;
        buf_init(&x->body, x->arena, BODY_MOST);
        struct str lang = cookie_in(x, "lang");
        bool is_english = str_is(lang, "en");
        x->c = kiosk_context(x->k, x->arena, is_english ? LANG_EN : LANG_ZH);
        return MHD_YES;
    }
    if (*size > 0) {
        buf_put(&x->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (buf_overflowed(&x->body))
        return answer_bytes(x, 413, "text/plain", STR(""), NULL);
    return answer(x);
}

static void on_end(void *arg, struct MHD_Connection *connection, void **per_request,
                   enum MHD_RequestTerminationCode why)
{
    struct call *x = *per_request;
    (void)arg;
    (void)connection;
    (void)why;
    if (x == NULL)
        return;
    peer_close(&x->stream);
    struct arena *a = x->arena;
    arena_free(a);
    *per_request = NULL;
}

static struct MHD_Daemon *start(struct kiosk *k, struct str *ret_why)
{
    struct str rest = str_of(k->listen), host = str_cut(&rest, ':');
    struct sockaddr_in address = {.sin_family = AF_INET};
    int64_t port = 0;
    if (rest.p == NULL || !str_to_int(rest, &port) || port < 1 || port > 65535 ||
        inet_pton(AF_INET, str_z(k->arena, host), &address.sin_addr) != 1 ||
        ntohl(address.sin_addr.s_addr) >> 24 != 127) {
        *ret_why = STR("--listen must be an address of this machine, such as 127.0.0.1:8412");
        return NULL;
    }
    address.sin_port = htons((uint16_t)port);
    struct MHD_Daemon *d =
        MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                             MHD_USE_POLL,
                         (uint16_t)port, NULL, NULL, on_request, k, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_URI_LOG_CALLBACK, on_uri, k, MHD_OPTION_NOTIFY_COMPLETED,
                         on_end, k, MHD_OPTION_CONNECTION_LIMIT, 64U, MHD_OPTION_CONNECTION_TIMEOUT,
                         60U, MHD_OPTION_END);
    if (d == NULL)
        *ret_why = str_fmt(k->arena, "nothing can listen on %s", k->listen);
    return d;
}

static void wait_for_end(void)
{
    sigset_t ends;
    int got;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigwait(&ends, &got);
}

static void set_up(struct kiosk *k)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->printing, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&k->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool kiosk_run(struct kiosk *k, struct str *ret_why)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* in every thread: they are waited for here */
    signal(SIGPIPE, SIG_IGN);
    peer_start();
    set_up(k);
    struct MHD_Daemon *d = start(k, ret_why);
    if (d == NULL)
        return false;
    bool is_syncing = pthread_create(&k->syncing, NULL, kiosk_sync, k) == 0;
    if (!is_syncing || !card_start(k))
        *ret_why = STR("no thread");
    else
        wait_for_end();
    k->is_stopping = true;
    kiosk_sync_now(k);
    MHD_stop_daemon(d);
    if (is_syncing)
        pthread_join(k->syncing, NULL);
    card_stop(k);
    return ret_why->n == 0;
}
