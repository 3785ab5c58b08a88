/* Identifiers that people and bodies carry, checked by pure rules (DOMAIN.md 2). They stand in base
 * because the forms of every screen need them. Each accepts full-width digits and blanks around,
 * and a lower-case x where X is meant: identify_clean() first. */
#ifndef IDENTIFY_H
#define IDENTIFY_H

#include "arena.h"

/* Codes of GA/T 2000.156 as DOMAIN.md 2.4 gives them (111 sure, the others K?). */
enum id_type {
    ID_RESIDENT = 111,
    ID_TEMPORARY = 112,
    ID_HOUSEHOLD = 113,
    ID_OFFICER = 114,
    ID_PASSPORT = 414,
    ID_TAIWAN_PERMIT = 511,
    ID_HK_MACAO_PERMIT = 516,
    ID_FOREIGN_RESIDENCE = 553,
    ID_OTHER = 990
};

enum id_fault { ID_OK, ID_LENGTH, ID_CHARACTERS, ID_REGION, ID_DATE, ID_CHECK, ID_FUTURE };

/* Blanks off, full-width to half-width, letters to upper case. */
struct str identify_clean(struct arena *a, struct str s);
/* Resident ID (GB 11643-1999) and residence permits of HK, Macao and Taiwan residents (same rule).
 * today: yyyymmdd, birth must not be after it. */
enum id_fault resident_id_check(struct str s, int32_t today);
int32_t resident_id_birth(struct str s); /* of a checked one */
bool resident_id_is_female(struct str s);
enum id_fault uscc_check(struct str s); /* GB 32100-2015, both check characters */
enum id_fault foreign_residence_check(
    struct str s); /* both card versions; the new one's check is enforced, its layout is K? */
bool id_no_ok(enum id_type type, struct str s,
              int32_t today); /* by type; other papers by their pattern */
bool mobile_ok(struct str s);
bool phone_ok(struct str s); /* mobile, landline with optional extension, or 12345-like hotline */
/* Codes of items (GB/T 39554.1 as verified in DOMAIN.md 1.3-1.6). */
bool basic_code_ok(struct str s);          /* 12 */
bool implementation_code_ok(struct str s); /* 31, its USCC checked */
bool handling_code_ok(struct str s);       /* 33 */
bool region_code_ok(struct str s);         /* 6 digits, province known */
/* ISO 7064 MOD 37,36 over 0-9A-Z (electronic licences, DOMAIN.md 11.5). */
char mod37_36(struct str s);

/* Masks (DOMAIN.md 11.3): 张*, 4113************25, 138****1234. */
struct str mask_name(struct arena *a, struct str name);
struct str mask_id_no(struct arena *a, struct str id_no);
struct str mask_phone(struct arena *a, struct str phone);

#endif
