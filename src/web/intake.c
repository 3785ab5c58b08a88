/* The head of a request, turned into what the rest of the program wants to know: path, who may be
 * asking (cookies, bearer token), language, address behind trusted proxies. Nothing here believes a
 * length, an encoding or a header of a proxy that was not named with --trust. */
#include "server.h"

#include <string.h>
#include <strings.h>

#define COOKIE_VALUE_MAX 200

struct str header_of(struct trip *t, const char *name)
{
    return str_of(MHD_lookup_connection_value(t->link->connection, MHD_HEADER_KIND, name));
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F')
        return ch - 'A' + 10;
    return -1;
}

bool url_decode(struct arena *a, struct str s, bool is_form, struct str *ret)
{
    bool is_plain = true;
    for (size_t i = 0; i < s.n && is_plain; i++)
        is_plain = s.p[i] != '%' && !(is_form && s.p[i] == '+');
    struct str out = s;
    if (!is_plain) {
        char *p = arena_alloc(a, s.n + 1);
        size_t n = 0;
        for (size_t i = 0; i < s.n; i++) {
            char ch = s.p[i];
            if (ch == '+' && is_form) {
                ch = ' ';
            } else if (ch == '%') {
                int high = s.n - i > 2 ? hex_digit(s.p[i + 1]) : -1;
                int low = s.n - i > 2 ? hex_digit(s.p[i + 2]) : -1;
                if (high < 0 || low < 0)
                    return false;
                ch = (char)(high * 16 + low);
                i += 2;
            }
            p[n++] = ch;
        }
        out = (struct str){p, n};
    }
    if (!str_is_utf8(out))
        return false;
    *ret = out;
    return true;
}

void url_encode(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool is_safe = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') ||
                       (ch != 0 && strchr("-._~/", ch) != NULL);
        if (is_safe) {
            buf_char(b, (char)ch);
        } else {
            buf_char(b, '%');
            buf_char(b, digits[ch >> 4]);
            buf_char(b, digits[ch & 15]);
        }
    }
}

struct str cookie_of(struct str cookies, const char *name)
{
    struct str rest = cookies;
    while (rest.p != NULL) {
        struct str value = str_trim(str_cut(&rest, ';'));
        struct str key = str_cut(&value, '=');
        if (value.p != NULL && str_is(key, name))
            return value.n > 0 && value.n <= COOKIE_VALUE_MAX ? value : STR_NONE;
    }
    return STR_NONE;
}

/* The first of zh and en that is named; browsers send them in the order of liking. */
enum lang language_of(struct str accept_language)
{
    struct str rest = accept_language;
    while (rest.p != NULL) {
        struct str word = str_trim(str_cut(&rest, ','));
        if (word.n >= 2 && strncasecmp(word.p, "zh", 2) == 0)
            return LANG_ZH;
        if (word.n >= 2 && strncasecmp(word.p, "en", 2) == 0)
            return LANG_EN;
    }
    return LANG_ZH;
}

bool accepts_json(struct str accept)
{
    return str_find(accept, STR("application/json")) >= 0 && str_find(accept, STR("text/html")) < 0;
}

static bool is_trusted(const struct web *w, const struct address *x)
{
    for (size_t i = 0; i < w->trusted_count; i++)
        if (cidr_holds(&w->trusted[i], x))
            return true;
    return false;
}

/* Behind trusted proxies the client is the last address that is not one of them. */
static struct address client_address(struct trip *t)
{
    struct address client = t->link->address;
    if (!t->link->is_trusted)
        return client;
    struct str rest = header_of(t, "X-Forwarded-For");
    while (rest.n > 0) {
        size_t from = rest.n;
        while (from > 0 && rest.p[from - 1] != ',')
            from--;
        struct address x;
        if (!address_parse(str_trim((struct str){rest.p + from, rest.n - from}), &x))
            break;
        client = x;
        if (!is_trusted(t->web, &x))
            break;
        rest.n = from > 0 ? from - 1 : 0;
    }
    return client;
}

static bool host_is_clean(struct str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char ch = host.p[i];
        bool is_word = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z');
        if (!is_word && (ch == '\0' || strchr(".:-[]_", ch) == NULL))
            return false;
    }
    return host.n > 0 && host.n <= 255;
}

static void read_origin(struct trip *t)
{
    t->client = client_address(t);
    t->q.address = address_text(t->arena, &t->client);
    t->is_https = t->web->has_tls ||
                  (t->link->is_trusted && str_is(header_of(t, "X-Forwarded-Proto"), "https"));
    struct str host = header_of(t, "Host");
    if (!host_is_clean(host))
        host = STR("localhost");
    struct buf b;
    buf_init(&b, t->arena, 8 + 255);
    buf_str(&b, t->is_https ? STR("https://") : STR("http://"));
    buf_str(&b, host);
    t->q.host = buf_as_str(&b);
}

static void read_cookies(struct trip *t)
{
    struct request *q = &t->q;
    struct str cookies = header_of(t, "Cookie"), authorization = header_of(t, "Authorization");
    if (authorization.n > 7 && strncasecmp(authorization.p, "Bearer ", 7) == 0) {
        q->session_token = str_trim((struct str){authorization.p + 7, authorization.n - 7});
        q->is_bearer = true;
    } else {
        q->session_token = cookie_of(cookies, SESSION_COOKIE);
        q->visitor_token = cookie_of(cookies, "visitor");
        q->device_token = cookie_of(cookies, DEVICE_COOKIE);
        t->has_cookie =
            q->session_token.p != NULL || q->visitor_token.p != NULL || q->device_token.p != NULL;
    }
    q->elder = str_is(cookie_of(cookies, "mode"), "elder");
    q->contrast = str_is(cookie_of(cookies, "contrast"), "on");
    q->low = str_is(cookie_of(cookies, "reach"), "low");
    struct str lang = cookie_of(cookies, "lang");
    if (lang.p != NULL)
        t->c.lang = str_is(lang, "en") ? LANG_EN : LANG_ZH;
    else
        t->c.lang = language_of(header_of(t, "Accept-Language"));
}

static enum err read_path(struct trip *t)
{
    struct str rest = str_of(t->uri), raw = str_cut(&rest, '?'), path;
    if (raw.n == 0 || raw.p[0] != '/' || !url_decode(t->arena, raw, false, &path))
        return fail(&t->c, E_PAGE_UNKNOWN, "path");
    struct str api = STR("/api/v1");
    if (str_starts(path, api) && (path.n == api.n || path.p[api.n] == '/')) {
        t->is_api = true;
        path = path.n == api.n ? STR("/") : (struct str){path.p + api.n, path.n - api.n};
    }
    if (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    t->q.path = path;
    return E_OK;
}

static void read_method(struct trip *t)
{
    static const struct {
        const char *name;
        enum method method;
    } names[] = {{"GET", METHOD_GET},
                 {"HEAD", METHOD_GET},
                 {"POST", METHOD_POST},
                 {"PUT", METHOD_PUT},
                 {"DELETE", METHOD_DELETE}};
    t->q.method = METHOD_COUNT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(t->method_name, names[i].name) == 0)
            t->q.method = names[i].method;
    t->is_head = strcmp(t->method_name, "HEAD") == 0;
    t->is_unsafe = t->q.method != METHOD_GET;
}

/* Of a route for those who are logged in nobody else sends a file: whether the log-in is good is seen later. */
enum err intake_body_max(struct trip *t)
{
    struct web *w = t->web;
    struct str type = header_of(t, "Content-Type");
    unsigned allowed;
    t->body_max = w->body_max;
    if (type.n < 10 || strncasecmp(type.p, "multipart/", 10) != 0 || read_path(t) != E_OK)
        return E_OK;
    read_method(t);
    const struct route *r =
        router_find(w->router, t->q.method, t->q.path, t->q.path_values, &allowed);
    if (r == NULL || r->form == NULL || r->form->file_bytes == 0)
        return E_OK;
    read_cookies(t);
    if (r->right != RIGHT_PUBLIC && t->q.session_token.p == NULL)
        return E_LOGIN_NEEDED;
    if (atomic_fetch_add(&w->uploads, 1) >= UPLOADS_MAX) {
        atomic_fetch_sub(&w->uploads, 1);
        return E_UPLOADS_FULL;
    }
    t->is_upload = true;
    t->body_max += r->form->file_bytes;
    buf_init(&t->body, t->arena, t->body_max);
    return E_OK;
}

enum err intake_head(struct trip *t)
{
    struct request *q = &t->q;
    t->type = header_of(t, "Content-Type");
    struct str accept = header_of(t, "Accept");
    t->is_browser = str_find(accept, STR("text/html")) >= 0;
    read_method(t);
    read_origin(t);
    read_cookies(t);
    q->is_part = header_of(t, "HX-Request").p != NULL || header_of(t, "X-Part").p != NULL;
    enum err e = read_path(t);
    bool sends_json = t->type.n >= 16 && strncasecmp(t->type.p, "application/json", 16) == 0;
    q->wants_json =
        t->is_api || accepts_json(accept) || ((sends_json || q->is_bearer) && !t->is_browser);
    int64_t center_id;
    struct str token = q->session_token.p != NULL ? q->session_token : q->device_token;
    if (token.p != NULL && public_token_center(token, &center_id))
        t->c.center_id = center_id;
    return e;
}
