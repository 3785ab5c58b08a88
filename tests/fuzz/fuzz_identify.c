/* Identifiers of any bytes: every check ends and agrees with the others, a corrected check character
 * is accepted, a changed digit is not, and a mask shows no more than it may. */
#include "identify.h"

#include <stdlib.h>
#include <string.h>

#define ROOM  ((size_t)16 << 20)
#define TODAY 20260302

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right)
        abort();
}

/* GB 11643: the check character makes the weighted sum 1 modulo 11, so one changed digit is always found. */
static void check_resident_id(struct arena *a, struct str s)
{
    if (resident_id_check(s, TODAY) != ID_OK)
        return;
    check(s.n == 18 && id_no_ok(ID_RESIDENT, s, TODAY));
    int32_t birth = resident_id_birth(s);
    check(birth >= 18000101 && birth <= TODAY);
    resident_id_is_female(s);
    char *other = (char *)(uintptr_t)str_z(a, s);
    for (size_t i = 0; i < 17; i++) {
        char before = other[i];
        other[i] = (char)('0' + (before - '0' + 1) % 10);
        check(resident_id_check((struct str){other, 18}, TODAY) != ID_OK);
        other[i] = before;
    }
}

/* Item codes are made of one another (DOMAIN.md 1.3-1.6). */
static void check_codes(struct str s)
{
    if (uscc_check(s) == ID_OK)
        check(s.n == 18 && mod37_36(s) != 0);
    if (handling_code_ok(s))
        check(s.n == 33 && implementation_code_ok((struct str){s.p, 31}));
    if (implementation_code_ok(s))
        check(s.n == 31 && uscc_check((struct str){s.p, 18}) == ID_OK &&
              basic_code_ok((struct str){s.p + 19, 12}));
    if (basic_code_ok(s))
        check(s.n == 12);
    if (region_code_ok(s))
        check(s.n == 6);
}

/* DOMAIN.md 11.3: of a long number at most seven characters are shown. */
static void check_masks(struct arena *a, struct str s)
{
    struct str masked[] = {mask_id_no(a, s), mask_phone(a, s)};
    check(str_is_utf8(mask_name(a, s)));
    for (size_t i = 0; i < 2; i++) {
        size_t stars = 0, chars = str_chars(masked[i]);
        for (size_t k = 0; k < masked[i].n; k++)
            stars += masked[i].p[k] == '*';
        check(str_is_utf8(masked[i]) && (chars < 12 || chars - stars <= 7));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum id_type types[] = {ID_RESIDENT,     ID_TEMPORARY,      ID_HOUSEHOLD,
                                         ID_OFFICER,      ID_PASSPORT,       ID_TAIWAN_PERMIT,
                                         ID_HK_MACAO_PERMIT, ID_FOREIGN_RESIDENCE, ID_OTHER};
    struct arena *a = arena_new(ROOM);
    struct str s = {(const char *)data, size};
    if (size <= 4096 && str_is_utf8(s)) {
        struct str clean = identify_clean(a, s);
        check(str_is_utf8(clean) && str_eq(identify_clean(a, clean), clean));
        check_resident_id(a, clean);
        check_codes(clean);
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            id_no_ok(types[i], clean, TODAY);
        foreign_residence_check(clean);
        check(!mobile_ok(clean) || phone_ok(clean));
        check_masks(a, clean);
    }
    arena_free(a);
    return 0;
}
