/* From a row to a signed PDF. What is printed is Chinese, whatever language somebody reads the screens in: it is the
 * organ's paper. */
#include "document_parts.h"

#include "center.h"
#include "clock.h"
#include "crypt.h"
#include "hall.h"
#include "journal.h"
#include "pdf.h"
#include "settings.h"

#define ROWS_MOST DOCUMENT_PART_COUNT

static struct str chinese_date(struct ctx *c, int64_t at)
{
    int32_t on = date_of(at, c->zone_minutes);
    return str_fmt(c->arena, "%d年%d月%d日", on / 10000, on / 100 % 100, on % 100);
}

static struct str check_words(struct ctx *c, struct str address, const struct document_signing *s)
{
    const char *how = s->signer == NULL ? "本文书没有电子签名，以加盖公章的纸质件为准。"
                      : s->is_demonstration
                          ? "本文书用示范证书签名，印章为示范图样，不具有法律效力。"
                          : "本文书有电子签名，与加盖公章的纸质文书具有同等效力。";
    return str_fmt(c->arena, "扫描二维码，或者打开下面的网址，可以核验本文书：\n%.*s\n%s",
                   STR_ARG(address), how);
}

static enum err letter_of(struct ctx *c, const struct document_row *d, struct str holder,
                          const struct document_signing *s, struct pdf_letter *ret)
{
    struct str parts[DOCUMENT_PART_COUNT];
    struct pdf_row *rows = ARENA_ARRAY(c->arena, struct pdf_row, ROWS_MOST);
    enum document_kind kind;
    enum document_part part;
    bool is_needed;
    size_t n = 0;
    if (!document_kind_named(d->kind, &kind))
        return fail(c, E_DOCUMENT_UNMADE, "kind %.*s", STR_ARG(d->kind));
    TRY(document_open_contents(c, d, parts));
    for (int at = 0; document_part_at(kind, at, &part, &is_needed); at++)
        if (parts[part].n > 0 && part != PART_REMEDY)
            rows[n++] =
                (struct pdf_row){str_of(document_part_label(part)),
                                 str_is(parts[part], DOCUMENT_HOLDER) ? holder : parts[part]};
    *ret =
        (struct pdf_letter){.organ = d->organ,
                            .title = str_of(document_title(kind)),
                            .number = d->number,
                            .addressee = holder,
                            .rows = rows,
                            .row_count = n,
                            .closing = parts[PART_REMEDY],
                            .date = chinese_date(c, d->issued_at),
                            .check_address = document_check_address(c, d->token),
                            .mark = s->is_demonstration ? STR("示范数据，不具有法律效力") : STR(""),
                            .seal =
                                s->signer != NULL && s->is_demonstration ? STR("示 范") : STR(""),
                            .keywords = str_fmt(c->arena, "check:%.*s", STR_ARG(d->token)),
                            .made_at = c->now,
                            .zone_minutes = c->zone_minutes};
    ret->check_words = check_words(c, ret->check_address, s);
    return E_OK;
}

enum err document_draw(struct ctx *c, const struct document_row *d, struct str holder,
                       const struct document_signing *s, struct str *ret_pdf)
{
    struct pdf_letter letter;
    struct pdf_ready ready;
    TRY(letter_of(c, d, holder, s, &letter));
    struct str drawn = pdf_letter_draw(c->arena, &letter);
    const struct pdf_signing signing = {.has_signature = s->signer != NULL,
                                        .name = s->signer != NULL ? signer_name(c->arena, s->signer)
                                                                  : STR(""),
                                        .reason = letter.title,
                                        .contact = letter.keywords,
                                        .at = c->now,
                                        .zone_minutes = c->zone_minutes,
                                        .signature_bytes_max = CMS_BYTES_MAX};
    if (drawn.n == 0 || !pdf_make_ready(c->arena, drawn, &signing, &ready))
        return fail(c, E_DOCUMENT_UNMADE, "drawing %lld", (long long)d->id);
    if (s->signer != NULL &&
        !pdf_put_signature(&ready, signer_sign(c->arena, s->signer, ready.parts, 2, c->now)))
        return fail(c, E_DOCUMENT_UNMADE, "signing %lld", (long long)d->id);
    *ret_pdf = ready.bytes;
    return E_OK;
}

/* --- certificates ----------------------------------------------------------------------------------- */

static void signer_key(const struct ctx *c, uint8_t key[16])
{
    BUG_IF(c->keys == NULL);
    keys_derive(c->keys, "document signer", key, 16);
}

enum err document_signing_now(struct ctx *c, struct document_signing *ret)
{
    struct document_signer_row *row;
    uint8_t key[16];
    struct str plain;
    *ret = (struct document_signing){0};
    TRY(document_signer(c, c->center_id, setting_document_signature(c), &row));
    if (row == NULL)
        return E_OK;
    signer_key(c, key);
    if (!sm4_open(c->arena, key, row->key_sealed, row->kind, &plain))
        return fail(c, E_DOCUMENT_UNMADE, "the signer's key does not open: another key ring");
    ret->signer = signer_load(c->arena, row->certificate, plain);
    ret->is_demonstration = row->is_demonstration;
    return ret->signer != NULL
               ? E_OK
               : fail(c, E_DOCUMENT_UNMADE, "signer %.*s does not load", STR_ARG(row->kind));
}

enum err document_signer_set(struct ctx *c, struct str certificate, struct str key,
                             bool is_demonstration)
{
    uint8_t sealing[16];
    struct signer *s = signer_load(c->arena, certificate, key);
    if (s == NULL)
        return fail(c, E_SIGNER_WRONG, "certificate and key");
    struct str kind = str_of(signer_words[signer_kind_of(s)]);
    signer_key(c, sealing);
    struct str sealed = sm4_seal(c->arena, sealing, key, kind);
    TRY(document_signer_put(c, c->center_id, kind, certificate, sealed, is_demonstration, c->now));
    return journal_add(c, EV_DOCUMENT_SIGNER, 0, 0,
                       event_facts(c, "name", signer_name(c->arena, s), NULL), STR_NONE);
}

/* One of each kind, so that the setting can be tried. */
enum err document_demo(struct ctx *c, const char *data_dir)
{
    struct center_row center;
    struct str certificate, key;
    (void)data_dir;
    TRY(center_here(c, &center));
    for (int kind = 0; kind < SIGNER_KIND_COUNT; kind++) {
        if (!signer_make_demonstration(c->arena, (enum signer_kind)kind, center.name, c->now,
                                       &certificate, &key))
            return fail(c, E_SIGNER_WRONG, "no demonstration certificate: %s", signer_words[kind]);
        TRY(document_signer_set(c, certificate, key, true));
    }
    return E_OK;
}
