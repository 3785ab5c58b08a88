/* Signing documents so that others can check it without this program: X.509 certificates and detached
 * CMS signatures (RFC 5652) over OpenSSL. RSA and ECDSA with SHA-256; SM2 with SM3 (GB/T 32918, GB/T 35275
 * in its international form), the signer's id being the standard 1234567812345678 (GM/T 0009). */
#ifndef SIGNER_H
#define SIGNER_H

#include "arena.h"

enum signer_kind { SIGNER_RSA, SIGNER_EC, SIGNER_SM2, SIGNER_KIND_COUNT };
extern const char *const signer_words[]; /* "rsa" "ec" "sm2", NULL-ended */

/* More than any signature that is made here. */
#define CMS_BYTES_MAX 6000
/* The id that goes into the digest of an SM2 signature (GM/T 0009-2012, 10). */
#define SM2_STANDARD_ID "1234567812345678"

/* A key pair and a certificate that it signs itself, for ten years, its name saying 示范 (demonstration): DER both,
 * the key as PKCS #8 and not encrypted. Takes up to a second for RSA. False: the library would not. */
bool signer_make_demonstration(struct arena *a, enum signer_kind kind, struct str organ,
                               int64_t now, struct str *ret_certificate, struct str *ret_key);

struct signer; /* key and certificate ready for use by any thread; freed with the arena */
/* NULL when they are not DER, not of a kind above, or do not belong together. */
struct signer *signer_load(struct arena *a, struct str certificate, struct str key);
enum signer_kind signer_kind_of(const struct signer *s);
struct str signer_name(struct arena *a, const struct signer *s); /* CN of the certificate */
/* The same from PEM files' text, as DER; false when it is none. */
bool signer_read_pem(struct arena *a, struct str certificate_pem, struct str key_pem,
                     struct str *ret_certificate, struct str *ret_key);

/* The signature over the parts, one after the other, as DER (ContentInfo, detached, certificate inside, signed
 * attributes content type, signing time and message digest); STR_NONE when the library fails. */
struct str signer_sign(struct arena *a, const struct signer *s, const struct str *parts,
                       size_t part_count, int64_t at);

#endif
