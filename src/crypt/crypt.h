/* Random bytes, digests, ciphers, signatures and the keys they need, in one small face over
 * libgcrypt (SM4-GCM, which OpenSSL 3.0 lacks, and SM3, where it was measured 1.2 to 2 times as
 * fast), OpenSSL 3 (SHA-256) and libsodium (random, argon2id, Ed25519, constant time). Results live
 * in arenas; a thread's library handles are made once and closed when it ends. All functions are
 * for any thread, and those without an arena do not allocate. */
#ifndef CRYPT_H
#define CRYPT_H

#include "arena.h"
#include "fault.h"

void crypt_start(void); /* before threads; again is harmless; aborts when a library is unfit */

void random_bytes(void *to, size_t n);
/* n random bytes as base64url without padding. */
struct str random_token(struct arena *a, size_t n);

#define SM3_BYTES 32
struct sm3; /* a digest under way, in an arena */
struct sm3 *sm3_start(struct arena *a);
void sm3_add(struct sm3 *d, const void *p, size_t n);
void sm3_end(struct sm3 *d, uint8_t out[SM3_BYTES]);
void sm3_of(struct str s,
            uint8_t out[SM3_BYTES]); /* GB/T 32905-2016; no allocation, thread-cached */
void sha256_of(struct str s, uint8_t out[32]);
/* Keyed digest (HMAC-SM3, GB/T 15852.2). */
void sm3_keyed(struct str key, struct str s, uint8_t out[SM3_BYTES]);
struct str hex(struct arena *a, const uint8_t *p, size_t n);
bool unhex(struct str s, uint8_t *to, size_t n); /* exactly 2n digits */
struct str base64url(struct arena *a, const void *p, size_t n);
/* Refuses padding, other alphabets and stray bits at the end: one spelling for each value. */
bool base64url_decode(struct arena *a, struct str s, struct str *ret_bytes);
bool equal_in_constant_time(const void *a, const void *b, size_t n);

/* SM4-GCM (GB/T 32907, NIST SP 800-38D): nonce(12) ‖ ciphertext ‖ tag(16). bound is authenticated,
 * not encrypted: what the text belongs to (table, id), so that it cannot be moved to another row.
 * The nonce is random, so one key is good for 2^32 texts (SP 800-38D 8.3): derive keys by purpose. */
#define SM4_SEAL_BYTES 28 /* what sealing adds */
struct str sm4_seal(struct arena *a, const uint8_t key[16], struct str plain, struct str bound);
bool sm4_open(struct arena *a, const uint8_t key[16], struct str sealed, struct str bound,
              struct str *ret_plain);

/* The same under a nonce of the caller's, which must never come twice under one key: for the parts of a file
 * (src/file), whose number is the nonce. sealed has n + SM4_TAG_BYTES. */
#define SM4_NONCE_BYTES 12
#define SM4_TAG_BYTES   16
void sm4_seal_part(const uint8_t key[16], const uint8_t nonce[SM4_NONCE_BYTES], const void *plain,
                   size_t n, uint8_t *sealed);
/* n bytes of text before the tag; false leaves zeros. */
bool sm4_open_part(const uint8_t key[16], const uint8_t nonce[SM4_NONCE_BYTES],
                   const uint8_t *sealed, size_t n, void *plain);

/* argon2id, libsodium's interactive limits; slow on purpose (about 50 ms, 64 MiB): never on a lane. */
struct str password_hash(struct arena *a, struct str password);
bool password_ok(struct arena *a, struct str hash, struct str password);

/* The key ring: a master key in a file outside the data folder (0600), sub-keys derived from it
 * by name (HKDF-SM3 in effect: HMAC-SM3 of the name). */
struct keys {
    uint8_t master[32];
    uint8_t sign_public[32], sign_secret[64]; /* Ed25519 for anchors and links */
};
/* Both say in *ret_why, a zh-CN sentence, what is wrong. A file that is there is never overwritten;
 * one that others than its owner may read or write is refused. */
MUST_USE bool keys_make(const char *file, struct str *ret_why);
MUST_USE bool keys_load(const char *file, struct keys *ret, struct str *ret_why);
void keys_derive(const struct keys *k, const char *name, uint8_t *out, size_t n); /* n <= 32 */
void sign_ed25519(const struct keys *k, struct str s, uint8_t out[64]);
bool verify_ed25519(const uint8_t public_key[32], struct str s, const uint8_t signature[64]);

#endif
