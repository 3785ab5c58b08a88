/* Sealing, finding again, and reading of personal data. A number is never stored open: it is found
 * again by its keyed digest, so a stolen database tells neither names nor numbers. */
#include "party.h"
#include "crypt.h"
#include "journal.h"
#include <string.h>

#define PARTY_KEY        "party"
#define PARTY_DIGEST_KEY "party-digest"

static void party_key(struct ctx *c, const char *name, uint8_t *key, size_t n)
{
    if (c->keys == NULL)
        BUG("personal data without a key ring");
    keys_derive(c->keys, name, key, n);
}

struct str party_seal(struct ctx *c, struct str plain)
{
    uint8_t key[16];
    if (plain.n == 0)
        return STR_NONE;
    party_key(c, PARTY_KEY, key, sizeof key);
    return sm4_seal(c->arena, key, plain, STR(PARTY_KEY));
}

enum err party_unseal(struct ctx *c, struct str sealed, struct str *ret_plain)
{
    uint8_t key[16];
    if (sealed.p == NULL) {
        *ret_plain = STR_NONE;
        return E_OK;
    }
    party_key(c, PARTY_KEY, key, sizeof key);
    if (!sm4_open(c->arena, key, sealed, STR(PARTY_KEY), ret_plain))
        return fail(c, E_INTERNAL, "a sealed field does not open: other key or changed data");
    return E_OK;
}

struct str party_digest(struct ctx *c, struct str plain)
{
    uint8_t key[32], digest[SM3_BYTES];
    party_key(c, PARTY_DIGEST_KEY, key, sizeof key);
    sm3_keyed((struct str){(const char *)key, sizeof key}, plain, digest);
    return hex(c->arena, digest, sizeof digest);
}

static const char *field_of(struct ctx *c, const char *prefix, const char *field)
{
    return str_z(c->arena, str_fmt(c->arena, "%s_%s", prefix, field));
}

static enum err facts_check(struct ctx *c, const struct party_facts *f, const char *prefix)
{
    if (str_trim(f->name).n == 0)
        return fail_field(c, E_NAME_MISSING, field_of(c, prefix, "name"), "no name");
    if (f->id_no.n > 0 && !id_no_ok(f->id_type, f->id_no, today(c)))
        return fail_field(c, E_ID_NO_WRONG, field_of(c, prefix, "id_no"), "type %d",
                          (int)f->id_type);
    if (f->phone.n > 0 && !phone_ok(f->phone))
        return fail_field(c, E_PHONE_WRONG, field_of(c, prefix, "phone"), "not a phone number");
    return E_OK;
}

enum err party_record(struct ctx *c, const struct party_facts *f, const char *field_prefix,
                      int64_t *ret_party_id, struct str *ret_masked_name)
{
    struct party_facts clean = {.name = str_trim(f->name),
                                .id_type = f->id_type,
                                .id_no = identify_clean(c->arena, f->id_no),
                                .phone = identify_clean(c->arena, f->phone)};
    TRY(facts_check(c, &clean, field_prefix));
    struct str digest = STR_NONE;
    struct party_same_row *same = NULL;
    if (clean.id_no.n > 0) {
        digest =
            party_digest(c, str_fmt(c->arena, "%d:%.*s", (int)clean.id_type, STR_ARG(clean.id_no)));
        TRY(party_same(c, c->center_id, digest, &same));
    }
    int64_t id = same != NULL ? same->id : new_id(c);
    struct str name = party_seal(c, clean.name), phone = party_seal(c, clean.phone);
    if (same != NULL)
        TRY(party_seen(c, c->center_id, id, name, phone, c->now));
    else
        TRY(party_add(c, c->center_id, id, false, clean.id_type, digest, name,
                      party_seal(c, clean.id_no), phone, c->now));
    *ret_party_id = id;
    *ret_masked_name = mask_name(c->arena, clean.name);
    return E_OK;
}

enum err party_read(struct ctx *c, int64_t party_id, struct str purpose, struct party_facts *ret)
{
    struct party_row *row;
    struct party_facts facts = {0};
    TRY(party(c, c->center_id, party_id, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "party %lld", (long long)party_id);
    facts.id_type = (enum id_type)row->id_type;
    TRY(party_unseal(c, row->name_sealed, &facts.name));
    TRY(party_unseal(c, row->id_no_sealed, &facts.id_no));
    TRY(party_unseal(c, row->phone_sealed, &facts.phone));
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 1024);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "purpose");
    json_text(&j, purpose);
    json_end_object(&j);
    TRY(journal_add(c, EV_PARTY_READ, party_id, 0, buf_as_str(&b), STR_NONE));
    *ret = facts;
    return E_OK;
}
