/* The check page: anybody who holds a paper, or a copy of one, learns whether it is ours, whether it was changed, and
 * whether it still holds. It shows nothing of a person that is not on the paper, and the name only masked. */
#include "document_parts.h"

#include "crypt.h"

#define TRIES_A_MINUTE 60
#define MARK           "check:"
#define TOKEN_MOST     60

static void fill(struct ctx *c, const struct document_row *d, struct check_view *v)
{
    enum document_kind kind;
    *v = (struct check_view){.state = d->state == DOCUMENT_WITHDRAWN ? STR("withdrawn")
                                      : d->state == DOCUMENT_WAITING ? STR("waiting")
                                                                     : STR("genuine"),
                             .title = document_kind_named(d->kind, &kind)
                                          ? tr(c, document_title(kind))
                                          : d->kind,
                             .number = d->number,
                             .organ = d->organ,
                             .holder = d->holder,
                             .issued_at = d->issued_at,
                             .made_at = d->made_at,
                             .withdrawn_at = d->withdrawn_at,
                             .licence_no = d->licence_no,
                             .signer = str_or_empty(d->signer),
                             .algorithm = str_or_empty(d->algorithm),
                             .digest = str_or_empty(d->digest),
                             .is_demonstration = page_is_demonstration(c)};
}

static void unknown(struct check_view *v)
{
    *v = (struct check_view){.state = STR("unknown"),
                             .title = STR(""),
                             .number = STR(""),
                             .organ = STR(""),
                             .holder = STR(""),
                             .licence_no = STR(""),
                             .signer = STR(""),
                             .algorithm = STR(""),
                             .digest = STR("")};
}

/* A code typed by hand: the last part of the address on the paper. */
enum err check_show(struct ctx *c, const struct check_query_form *f, struct reply *r,
                    struct check_view *v)
{
    struct document_row *d;
    struct str code = str_trim(f->code);
    (void)r;
    unknown(v);
    if (code.n == 0) {
        v->state = f->unknown ? STR("unknown") : STR("");
        v->was_compared = f->unknown;
        return E_OK;
    }
    TRY(limit_take(c, "check", STR_NONE, TRIES_A_MINUTE));
    TRY(document_by_token(c, c->center_id, code, &d));
    if (d != NULL)
        fill(c, d, v);
    return E_OK;
}

static void compare(struct str digest, struct check_view *v)
{
    v->was_compared = digest.n > 0;
    if (digest.n > 0 && !str_eq(digest, v->digest) && !str_is(v->state, "waiting"))
        v->state = STR("changed");
}

enum err check_one(struct ctx *c, const struct check_token_form *f, struct reply *r,
                   struct check_view *v)
{
    struct document_row *d;
    (void)r;
    TRY(limit_take(c, "check", STR_NONE, TRIES_A_MINUTE));
    TRY(document_by_token(c, c->center_id, f->token, &d));
    if (d == NULL) {
        unknown(v);
        return E_OK;
    }
    fill(c, d, v);
    compare(f->digest, v);
    return E_OK;
}

static bool is_token_char(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           ch == '-' || ch == '_';
}

/* What our papers say of themselves, twice: one changed byte leaves the other. All that are met, a blank between. */
static struct str marks_of(struct ctx *c, struct str bytes)
{
    struct buf b;
    buf_init(&b, c->arena, 8 * (TOKEN_MOST + 1));
    for (int found = 0; found < 8;) {
        ptrdiff_t at = str_find(bytes, STR(MARK));
        if (at < 0)
            break;
        bytes =
            (struct str){bytes.p + at + sizeof MARK - 1, bytes.n - (size_t)at - sizeof MARK + 1};
        size_t n = 0;
        while (n < bytes.n && n < TOKEN_MOST && is_token_char(bytes.p[n]))
            n++;
        if (n == 0)
            continue;
        found++;
        buf_put(&b, bytes.p, n);
        buf_char(&b, ' ');
    }
    return buf_as_str(&b);
}

enum err check_read(struct ctx *c, struct check_upload_form *f)
{
    uint8_t digest[SM3_BYTES];
    TRY(limit_take(c, "check", STR_NONE, TRIES_A_MINUTE));
    if (f->paper.bytes.n == 0)
        return fail_field(c, E_DOCUMENT_PAPER, "paper", "no file");
    sm3_of(f->paper.bytes, digest);
    f->digest = hex(c->arena, digest, sizeof digest);
    f->mark = marks_of(c, f->paper.bytes);
    return E_OK;
}

static enum err find_paper(struct ctx *c, const struct check_upload_form *f,
                           struct document_row **ret)
{
    struct str rest = f->mark;
    TRY(document_by_digest(c, c->center_id, f->digest, ret));
    while (*ret == NULL && rest.p != NULL && rest.n > 0) {
        struct str token = str_cut(&rest, ' ');
        if (token.n > 0)
            TRY(document_by_token(c, c->center_id, token, ret));
    }
    return E_OK;
}

enum err check_file(struct ctx *c, const struct check_upload_form *f, struct reply *r,
                    struct check_view *v)
{
    struct document_row *d = NULL;
    TRY(find_paper(c, f, &d));
    if (d == NULL) {
        unknown(v);
        v->was_compared = true;
        reply_see(r, "/check?unknown=1");
        return E_OK;
    }
    fill(c, d, v);
    compare(f->digest, v);
    reply_see(r, "/check/%.*s?digest=%.*s", STR_ARG(d->token), STR_ARG(f->digest));
    return E_OK;
}
