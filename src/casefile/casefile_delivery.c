/* Handing the result over (送达, ALL 44): in person, by post with a waybill, or through a locker whose code only the
 * applicant reads. Sent and received are two times; in person they are one. */
#include "casefile_parts.h"

#include "crypt.h"
#include "hall.h"
#include "journal.h"

#define CODE_DIGITS   6
#define WAYBILL_LEAST 6
#define SEAL_BOUND    "delivery"

static void delivery_key(const struct ctx *c, uint8_t key[16])
{
    BUG_IF(c->keys == NULL);
    keys_derive(c->keys, "delivery", key, 16);
}

static struct str seal(struct ctx *c, struct str plain)
{
    uint8_t key[16];
    if (plain.n == 0)
        return STR_NONE;
    delivery_key(c, key);
    return sm4_seal(c->arena, key, plain, STR(SEAL_BOUND));
}

static enum err unseal(struct ctx *c, struct str sealed, struct str *ret)
{
    uint8_t key[16];
    delivery_key(c, key);
    *ret = STR("");
    if (sealed.n == 0 || sm4_open(c->arena, key, sealed, STR(SEAL_BOUND), ret))
        return E_OK;
    return fail(c, E_INTERNAL, "a locker's code does not open");
}

static struct str new_code(struct ctx *c)
{
    uint32_t n;
    do
        random_bytes(&n, sizeof n);
    while (n >= 4294000000u); /* a multiple of a million: each code is as likely */
    return str_fmt(c->arena, "%0*u", CODE_DIGITS, n % 1000000u);
}

static bool is_waybill(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-'))
            return false;
    return s.n >= WAYBILL_LEAST;
}

enum err case_prepare_deliver(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    bool is_post = str_is(d->mode, "post"), is_locker = str_is(d->mode, "locker");
    struct str waybill = str_trim(d->waybill), code = is_locker ? new_code(c) : STR_NONE;
    if (is_post && !is_waybill(waybill))
        return fail_field(c, E_WAYBILL_NEEDED, "waybill", "case %.*s", STR_ARG(k->number));
    return casefile_delivery_add(c, c->center_id, k->id,
                                 is_post     ? STR("post")
                                 : is_locker ? STR("locker")
                                             : STR("hand"),
                                 is_post ? waybill : STR(""), str_or_empty(str_trim(d->place)),
                                 seal(c, d->receiver), seal(c, code), c->now,
                                 is_post || is_locker ? 0 : c->now, c->actor.id);
}

enum err case_received(struct ctx *c, struct str number, struct str code, struct case_view *ret)
{
    struct casefile_row k;
    struct casefile_delivery_row *way;
    struct str right;
    TRY(case_by_its_number(c, number, &k));
    TRY(casefile_delivery(c, c->center_id, k.id, &way));
    if (way == NULL || way->received_at != 0)
        return fail(c, E_NOT_SENT, "case %.*s", STR_ARG(number));
    TRY(unseal(c, way->code_sealed, &right));
    code = str_trim(code);
    if (right.n > 0 && (code.n != right.n || !equal_in_constant_time(code.p, right.p, right.n)))
        return fail_field(c, E_LOCKER_CODE, "code", "case %.*s", STR_ARG(number));
    TRY(casefile_delivery_received(c, c->center_id, k.id, c->now));
    TRY(journal_add(c, EV_CASE_RECEIVED_BY, k.id, k.thread,
                    event_facts(c, "number", k.number, NULL), STR_NONE));
    return case_view_whole(c, &k, ret);
}

static enum err fill_delivery(struct ctx *c, const struct casefile_delivery_row *way,
                              bool is_for_applicant, struct case_view *v)
{
    struct case_delivery_view *d = ARENA_NEW(c->arena, struct case_delivery_view);
    struct str code = STR("");
    if (is_for_applicant && way->received_at == 0)
        TRY(unseal(c, way->code_sealed, &code));
    *d =
        (struct case_delivery_view){.mode = way->mode,
                                    .mode_title = str_is(way->mode, "post")     ? tr(c, "邮寄")
                                                  : str_is(way->mode, "locker") ? tr(c, "取件柜")
                                                                                : tr(c, "当面交付"),
                                    .waybill = way->waybill,
                                    .place = way->place,
                                    .code = code,
                                    .sent_at = way->sent_at,
                                    .received_at = way->received_at};
    v->delivery = d;
    return E_OK;
}

enum err case_fill_documents(struct ctx *c, const struct casefile_row *k, bool is_for_applicant,
                             struct case_view *v)
{
    struct casefile_delivery_row *way;
    struct document_list papers;
    TRY(document_lines(c, k->id, &papers));
    v->documents = papers.items;
    TRY(casefile_delivery(c, c->center_id, k->id, &way));
    return way == NULL ? E_OK : fill_delivery(c, way, is_for_applicant, v);
}
