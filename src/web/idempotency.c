/* A double click, a retry, a reload: the thing is done once and the first answer is shown again. The
 * key is unique per centre, whoever asks (session, else visitor cookie, else address) and route. The
 * look and the keeping happen inside the act's own transaction, on the lane, so twenty equal
 * requests at once come one after the other and nineteen find the first one's answer. What is kept
 * may hold personal data, so it is sealed. An answer that sets a cookie or hands out a log-in is not
 * kept: its secret would outlive the session. */
#include "server.h"

#include "clock.h"
#include "web_gen.h"

#include <string.h>

#define KEPT_BODY_MAX 65536

static void add(struct sm3 *d, struct str s)
{
    uint32_t n = (uint32_t)s.n;
    sm3_add(d, &n, sizeof n);
    if (s.n > 0)
        sm3_add(d, s.p, s.n);
}

/* A browser sends the same form with files under another boundary each time, so what the parts say counts. */
static void add_body(struct sm3 *d, const struct trip *t)
{
    const struct request *q = &t->q;
    if (!t->is_upload) {
        add(d, buf_as_str(&t->body));
        return;
    }
    for (size_t i = t->path_count + t->query_count; i < q->field_count; i++) {
        add(d, q->fields[i].name);
        add(d, q->fields[i].value);
    }
    for (size_t i = 0; i < q->file_count; i++) {
        add(d, q->files[i].field);
        add(d, q->files[i].name);
        add(d, q->files[i].bytes);
    }
}

enum err idempotency_prepare(struct trip *t)
{
    const struct request *q = &t->q;
    if (q->key.p == NULL)
        return E_OK;
    struct str who = q->session_token.p != NULL   ? q->session_token
                     : q->visitor_token.p != NULL ? q->visitor_token
                                                  : q->address;
    struct sm3 *d = sm3_start(t->arena);
    add(d, str_of(q->route->name));
    add(d, who);
    add(d, q->key);
    sm3_end(d, t->key_hash);
    d = sm3_start(t->arena);
    add(d, q->path);
    add(d, q->wants_json ? STR("json") : STR("page"));
    add_body(d, t);
    for (size_t i = t->path_count; i < t->path_count + t->query_count; i++) {
        add(d, q->fields[i].name);
        add(d, q->fields[i].value);
    }
    sm3_end(d, t->body_hash);
    t->is_keyed = true;
    return E_OK;
}

static struct str hash_str(const uint8_t hash[SM3_BYTES])
{
    return (struct str){(const char *)hash, SM3_BYTES};
}

/* status, location, content type, body: one a line, the body last. */
static bool unpack(struct trip *t, struct str sealed)
{
    struct str plain;
    int64_t status;
    if (!sm4_open(t->arena, t->web->answer_key, sealed, hash_str(t->key_hash), &plain))
        return false;
    struct str rest = plain, number = str_cut(&rest, '\n');
    if (!str_to_int(number, &status))
        return false;
    struct str location = str_cut(&rest, '\n'), type = str_cut(&rest, '\n');
    t->reply = (struct reply){.c = &t->c, .status = (int)status};
    t->reply.location = location.n > 0 ? location : STR_NONE;
    t->reply.content_type = type.n > 0 ? type : STR_NONE;
    t->reply.body = rest.p != NULL ? rest : STR("");
    t->is_printed = t->is_replay = true;
    return true;
}

enum err idempotency_look(struct trip *t, bool may_drop, bool *ret_found)
{
    struct ctx *c = &t->c;
    struct kept_answer_by_key_row *row = NULL;
    TRY(kept_answer_by_key(c, c->center_id, hash_str(t->key_hash), &row));
    *ret_found = false;
    if (row == NULL)
        return E_OK;
    if (row->made_at < c->now - DAY_MS)
        return may_drop ? kept_answer_drop(c, c->center_id, hash_str(t->key_hash)) : E_OK;
    if (!str_eq(row->body_hash, hash_str(t->body_hash)))
        return fail(c, E_KEY_REUSED, "another body");
    if (!unpack(t, row->answer))
        return fail(c, E_INTERNAL, "kept answer cannot be opened");
    *ret_found = true;
    return E_OK;
}

enum err idempotency_keep(struct trip *t)
{
    struct ctx *c = &t->c;
    const struct reply *r = &t->reply;
    if (r->cookie_count > 0 || r->body.n > KEPT_BODY_MAX || r->status >= 400)
        return E_OK;
    struct buf b;
    buf_init(&b, t->arena, KEPT_BODY_MAX + 4096);
    buf_int(&b, r->status);
    buf_char(&b, '\n');
    buf_str(&b, r->location);
    buf_char(&b, '\n');
    buf_str(&b, r->content_type);
    buf_char(&b, '\n');
    buf_str(&b, r->body);
    if (buf_overflowed(&b))
        return E_OK;
    struct str sealed =
        sm4_seal(t->arena, t->web->answer_key, buf_as_str(&b), hash_str(t->key_hash));
    enum err e = kept_answer_put(c, c->center_id, hash_str(t->key_hash), hash_str(t->body_hash),
                                 sealed, c->now);
    return e == E_UNIQUE ? fail(c, E_CONFLICT, "the same key at once") : e;
}
