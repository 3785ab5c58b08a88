/* The hidden `key` of a form is two things at once: proof that the form came from a page of ours
 * for this browser, and the idempotency key of the act. It is a nonce, a number within the page and
 * an HMAC-SM3 over both and the cookie it is bound to (session, else the anonymous visitor cookie),
 * so nothing is kept for it. Whoever sends no cookie has nothing that another site could misuse:
 * bearer tokens and cookie-less JSON need no key of ours and may choose their own. */
#include "server.h"

#include <string.h>
#include <strings.h>

#define NONCE_BYTES     12
#define NUMBER_BYTES    4
#define MAC_BYTES       16
#define KEY_BYTES       (NONCE_BYTES + NUMBER_BYTES + MAC_BYTES)
#define KEY_TEXT        43 /* base64url of 32 bytes */
#define VISITOR_SECONDS (INT64_C(30) * 24 * 3600)

static void key_mac(const uint8_t secret[32], const uint8_t *head, struct str bound_to,
                    uint8_t mac[SM3_BYTES])
{
    char text[NONCE_BYTES + NUMBER_BYTES + 256];
    size_t n = bound_to.n < 256 ? bound_to.n : 256;
    memcpy(text, head, NONCE_BYTES + NUMBER_BYTES);
    if (n > 0)
        memcpy(text + NONCE_BYTES + NUMBER_BYTES, bound_to.p, n);
    sm3_keyed((struct str){(const char *)secret, 32},
              (struct str){text, NONCE_BYTES + NUMBER_BYTES + n}, mac);
}

struct str csrf_key_make(struct arena *a, const uint8_t secret[32], const uint8_t nonce[12],
                         uint32_t number, struct str bound_to)
{
    uint8_t key[KEY_BYTES], mac[SM3_BYTES];
    memcpy(key, nonce, NONCE_BYTES);
    for (int i = 0; i < NUMBER_BYTES; i++)
        key[NONCE_BYTES + i] = (uint8_t)(number >> (8 * i));
    key_mac(secret, key, bound_to, mac);
    memcpy(key + NONCE_BYTES + NUMBER_BYTES, mac, MAC_BYTES);
    return base64url(a, key, sizeof key);
}

static int digit_of(char ch)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = ch == '\0' ? NULL : strchr(digits, ch);
    return at == NULL ? -1 : (int)(at - digits);
}

bool csrf_key_is_valid(const uint8_t secret[32], struct str key, struct str bound_to)
{
    uint8_t bytes[KEY_BYTES + 1] = {0}, mac[SM3_BYTES];
    if (key.n != KEY_TEXT || bound_to.n == 0)
        return false;
    uint32_t bits = 0;
    size_t at = 0;
    int held = 0;
    for (size_t i = 0; i < key.n; i++) {
        int digit = digit_of(key.p[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[at++] = (uint8_t)(bits >> held);
        }
    }
    key_mac(secret, bytes, bound_to, mac);
    return equal_in_constant_time(bytes + NONCE_BYTES + NUMBER_BYTES, mac, MAC_BYTES);
}

struct str csrf_key(struct trip *t, uint32_t number)
{
    struct request *q = &t->q;
    if (number == 0)
        random_bytes(t->nonce, sizeof t->nonce);
    if (q->session_token.p == NULL && q->visitor_token.p == NULL) {
        q->visitor_token = random_token(t->arena, 16);
        reply_cookie(&t->reply, "visitor", q->visitor_token, VISITOR_SECONDS);
    }
    struct str bound_to = q->session_token.p != NULL ? q->session_token : q->visitor_token;
    return csrf_key_make(t->arena, t->web->csrf_secret, t->nonce, number, bound_to);
}

/* What browsers say about where a request comes from; other clients say nothing. */
static bool is_cross_site(struct trip *t)
{
    struct str site = header_of(t, "Sec-Fetch-Site"), origin = header_of(t, "Origin");
    if (site.p != NULL && !str_is(site, "same-origin") && !str_is(site, "none"))
        return true;
    if (origin.p == NULL)
        return false;
    if (str_is(origin, "null"))
        return site.p == NULL;
    ptrdiff_t ours = str_find(t->q.host, STR("://")), theirs = str_find(origin, STR("://"));
    if (theirs < 0)
        return true;
    struct str a = {t->q.host.p + ours, t->q.host.n - (size_t)ours},
               b = {origin.p + theirs, origin.n - (size_t)theirs};
    return a.n != b.n || strncasecmp(a.p, b.p, a.n) != 0;
}

static bool key_has_shape(struct str key)
{
    if (key.n == 0 || key.n > 100)
        return false;
    for (size_t i = 0; i < key.n; i++) {
        char ch = key.p[i];
        bool is_word = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') ||
                       ch == '-' || ch == '_';
        if (!is_word)
            return false;
    }
    return true;
}

enum err csrf_check(struct trip *t)
{
    struct ctx *c = &t->c;
    const struct request *q = &t->q;
    const uint8_t *secret = t->web->csrf_secret;
    if (!q->is_bearer && is_cross_site(t))
        return fail(c, E_CROSS_SITE, "origin");
    bool is_plain = q->is_bearer || (!t->has_cookie && (q->json != NULL || t->body.n == 0));
    if (is_plain) {
        if (q->key.p != NULL && !key_has_shape(q->key))
            return fail(c, E_KEY_SHAPE, "key of %zu bytes", q->key.n);
        return E_OK;
    }
    if (csrf_key_is_valid(secret, q->key, q->session_token) ||
        csrf_key_is_valid(secret, q->key, q->visitor_token))
        return E_OK;
    return fail(c, E_KEY_MISSING, "%s", q->key.p == NULL ? "no key" : "not a key for this cookie");
}
