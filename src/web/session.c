/* Sessions know a token and whose it is; who staff are and what a password is belongs to the staff
 * folder. A token names its centre (as all public tokens do) and is kept only as a digest, so that a
 * copy of the database logs nobody in. It is looked up in the same transaction as the act, so a
 * log-out holds from the next commit on. */
#include "server.h"

#include "clock.h"
#include "settings.h"
#include "web_gen.h"

#include <string.h>

#define RANDOM_BYTES      13 /* 104 bits that nobody guesses, 18 letters of base64url */
#define TIME_LETTERS      4
#define TOKEN_TEXT        22
#define CENTER_DIGITS_MAX 13

struct str token_digest(struct ctx *c, struct str token)
{
    uint8_t *hash = arena_alloc(c->arena, SM3_BYTES);
    sm3_of(token, hash);
    return (struct str){(const char *)hash, SM3_BYTES};
}

/* Quarters of a second, modulo 48 days, in letters that sort as their numbers do: tokens of one moment
 * stand side by side in an index, and a batch of them changes one page of it instead of one each. */
static void time_letters(int64_t now, char ret[TIME_LETTERS])
{
    static const char letters[] =
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    uint64_t v = (uint64_t)now / 250;
    for (size_t i = TIME_LETTERS; i-- > 0; v >>= 6)
        ret[i] = letters[v & 63];
}

struct str public_token(struct ctx *c)
{
    char text[CENTER_DIGITS_MAX + 1], moment[TIME_LETTERS];
    size_t at = sizeof text;
    uint64_t v = (uint64_t)c->center_id;
    do {
        text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[v % 36];
        v /= 36;
    } while (v != 0 && at > 0);
    struct str random = random_token(c->arena, RANDOM_BYTES);
    time_letters(c->now, moment);
    return str_fmt(c->arena, "%.*s-%.*s%.*s", (int)(sizeof text - at), text + at, TIME_LETTERS,
                   moment, STR_ARG(random));
}

bool public_token_center(struct str token, int64_t *ret_center_id)
{
    if (token.n < TOKEN_TEXT + 2 || token.n > TOKEN_TEXT + 1 + CENTER_DIGITS_MAX)
        return false;
    size_t digits = token.n - TOKEN_TEXT - 1;
    if (token.p[digits] != '-' || (digits > 1 && token.p[0] == '0'))
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < digits; i++) {
        char ch = token.p[i];
        unsigned digit = ch >= '0' && ch <= '9'   ? (unsigned)(ch - '0')
                         : ch >= 'a' && ch <= 'z' ? (unsigned)(ch - 'a') + 10
                                                  : 99;
        if (digit == 99 || v > ((uint64_t)INT64_MAX - digit) / 36)
            return false;
        v = v * 36 + digit;
    }
    for (size_t i = digits + 1; i < token.n; i++) {
        char ch = token.p[i];
        bool is_word = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') ||
                       ch == '-' || ch == '_';
        if (!is_word)
            return false;
    }
    *ret_center_id = (int64_t)v;
    return true;
}

enum err session_open(struct ctx *c, int64_t staff_id, struct str name, struct str login,
                      uint64_t roles, struct str *ret_token, int64_t *ret_expires_at)
{
    struct str token = public_token(c);
    int64_t expires_at = c->now + setting_web_session_hours(c) * HOUR_MS;
    TRY(session_put(c, c->center_id, token_digest(c, token), new_id(c), staff_id, name, login,
                    (int64_t)roles, c->now, expires_at));
    *ret_token = token;
    *ret_expires_at = expires_at;
    return E_OK;
}

enum err session_close(struct ctx *c, int64_t session_id)
{
    return session_drop(c, c->center_id, session_id);
}

enum err sessions_of_staff_close(struct ctx *c, int64_t staff_id)
{
    return sessions_drop_of_staff(c, c->center_id, staff_id);
}

struct actor nobody(void)
{
    /* zh: a name as the journal keeps it, in the hall's own language */
    return (struct actor){.kind = ACTOR_VISITOR, .name = STR("办事人")};
}

enum err session_resolve(struct trip *t)
{
    struct ctx *c = &t->c;
    int64_t center_id;
    t->was_resolved = true;
    c->actor = nobody();
    if (!public_token_center(t->q.session_token, &center_id))
        return device_resolve(t);
    if (center_id != c->center_id)
        return fail(c, E_NOT_FOUND, "session of another centre");
    struct session_by_token_row *s = NULL;
    TRY(session_by_token(c, center_id, token_digest(c, t->q.session_token), c->now, &s));
    if (s == NULL)
        TRY(device_resolve(t));
    if (s == NULL && c->actor.kind == ACTOR_VISITOR && center_id != t->web->options.center_id)
        return fail(c, E_LOGIN_NEEDED, "no such session");
    if (s != NULL)
        c->actor = (struct actor){.kind = ACTOR_STAFF,
                                  .id = s->staff_id,
                                  .session_id = s->id,
                                  .name = s->name,
                                  .login = s->login,
                                  .roles = (uint64_t)s->roles};
    return E_OK;
}

enum err route_allowed(struct trip *t, const struct route *route)
{
    struct ctx *c = &t->c;
    TRY(device_allowed(t, route));
    if (route->right == RIGHT_PUBLIC || may(c, route->right))
        return E_OK;
    if (c->actor.kind == ACTOR_VISITOR)
        return fail(c, E_LOGIN_NEEDED, "%s", right_names[route->right]);
    return fail(c, E_NOT_ALLOWED, "%s", right_names[route->right]);
}

/* The job web.prune: what has run out. */
enum err web_prune_job(struct ctx *c)
{
    TRY(sessions_drop_expired(c, c->center_id, c->now));
    return kept_answers_drop_old(c, c->center_id, c->now - DAY_MS);
}
