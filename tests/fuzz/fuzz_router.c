/* Hostile heads: addresses against the program's own routes, decoding, cookies, tokens, keys, languages,
 * network addresses. What the router finds must be spelled by the pattern and its values. */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right)
        abort();
}

/* The pattern with its values put in is the path again. */
static void check_spelling(struct arena *a, const struct route *r, struct str path, const struct str values[4])
{
    struct buf b;
    int n = 0;
    buf_init(&b, a, path.n + 100);
    for (const char *p = r->pattern; *p != '\0'; p++) {
        if (*p != '{') {
            buf_char(&b, *p);
            continue;
        }
        buf_str(&b, values[n++]);
        p = strchr(p, '}');
    }
    check(str_eq(buf_as_str(&b), path));
}

static void check_path(struct arena *a, struct str raw)
{
    struct str path, values[4] = {STR_NONE};
    if (!url_decode(a, raw, false, &path))
        return;
    check(str_is_utf8(path) && path.n <= raw.n);
    struct router *r = router_new(a, routes, route_count);
    for (enum method m = METHOD_GET; m <= METHOD_COUNT; m++) {
        unsigned allowed;
        const struct route *found = router_find(r, m, path, values, &allowed);
        check(found == NULL || (found->method == m && (allowed & 1u << m) != 0));
        if (found != NULL)
            check_spelling(a, found, path, values);
    }
}

static void check_encoding(struct arena *a, struct str s)
{
    struct buf b;
    struct str back;
    buf_init(&b, a, s.n * 3 + 1);
    url_encode(&b, s);
    check(!buf_overflowed(&b));
    if (str_is_utf8(s))
        check(url_decode(a, buf_as_str(&b), false, &back) && str_eq(back, s));
}

static void check_html(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n * 6 + 1);
    html_text(&b, s);
    for (size_t i = 0; i < b.n; i++)
        check(strchr("<>\"'", b.p[i]) == NULL || b.p[i] == '\0');
    buf_init(&b, a, s.n * 6 + 1);
    html_url(&b, s);
    check(b.n > 0 && memchr(b.p, '<', b.n) == NULL && memchr(b.p, '"', b.n) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t secret[32] = {7};
    struct str s = {(const char *)data, size};
    struct arena *a = arena_new(ROOM);
    struct address x;
    struct cidr net;
    int64_t center_id;
    check_path(a, s);
    check_encoding(a, s);
    check_html(a, s);
    struct str cookie = cookie_of(s, "session");
    check(cookie.p == NULL || (cookie.p >= s.p && cookie.p + cookie.n <= s.p + s.n));
    if (public_token_center(s, &center_id))
        check(center_id >= 0 && s.n <= 40);
    check(!csrf_key_is_valid(secret, s, STR("somebody"))); /* nobody guesses an HMAC */
    (void)language_of(s);
    (void)accepts_json(s);
    if (address_parse(s, &x))
        check(address_text(a, &x).n > 0);
    if (cidr_parse(s, &net))
        check(net.bits <= 128 && cidr_holds(&net, &net.net));
    arena_free(a);
    return 0;
}
