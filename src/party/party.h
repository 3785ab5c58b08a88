/* Natural and legal persons, and how their data is kept: names, numbers and phones are sealed
 * (SM4-GCM under a key of their own), looked up by keyed digest, shown masked (PIPL 51; DOMAIN.md 11.3). */
#ifndef PARTY_H
#define PARTY_H

#include "identify.h"
#include "party_gen.h"

/* STR_NONE or empty gives STR_NONE. */
struct str party_seal(struct ctx *c, struct str plain);
MUST_USE enum err party_unseal(struct ctx *c, struct str sealed, struct str *ret_plain);
/* Keyed digest for finding an equal number again, hex. */
struct str party_digest(struct ctx *c, struct str plain);

struct party_facts {
    struct str name;
    enum id_type id_type; /* 0 when not given */
    struct str id_no, phone;
};
/* Finds the person by type and number, or records a new one; refuses a wrong number with the field named
 * (field_prefix "applicant" → "applicant_id_no"). */
MUST_USE enum err party_record(struct ctx *c, const struct party_facts *f, const char *field_prefix,
                               int64_t *ret_party_id, struct str *ret_masked_name);
/* The plain data; journals who read it and why (event party.read), so it is called in a lane. */
MUST_USE enum err party_read(struct ctx *c, int64_t party_id, struct str purpose,
                             struct party_facts *ret);

#endif
