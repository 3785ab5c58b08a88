/* Digests, the keyed digest made of them (RFC 2104), and the two spellings of bytes as text. The
 * thread's handle is reset, not opened, for each digest. */
#include "crypt.h"
#include "handles.h"

#include <sodium.h>
#include <string.h>

#define SM3_BLOCK_BYTES 64

struct sm3 {
    gcry_md_hd_t md; /* NULL when ended */
};

static void close_sm3(void *arg)
{
    struct sm3 *d = arg;
    gcry_md_close(d->md);
    d->md = NULL;
}

struct sm3 *sm3_start(struct arena *a)
{
    crypt_start();
    struct sm3 *d = ARENA_NEW(a, struct sm3);
    if (gcry_md_open(&d->md, GCRY_MD_SM3, 0) != 0)
        BUG("out of memory");
    arena_defer(a, close_sm3, d);
    return d;
}

void sm3_add(struct sm3 *d, const void *p, size_t n)
{
    BUG_IF(d->md == NULL);
    gcry_md_write(d->md, p, n);
}

void sm3_end(struct sm3 *d, uint8_t out[SM3_BYTES])
{
    BUG_IF(d->md == NULL);
    memcpy(out, gcry_md_read(d->md, GCRY_MD_SM3), SM3_BYTES);
    close_sm3(d);
}

void sm3_of(struct str s, uint8_t out[SM3_BYTES])
{
    gcry_md_hd_t md = thread_handles()->sm3;
    gcry_md_reset(md);
    gcry_md_write(md, s.p, s.n);
    memcpy(out, gcry_md_read(md, GCRY_MD_SM3), SM3_BYTES);
}

void sha256_of(struct str s, uint8_t out[32])
{
    EVP_MD_CTX *x = thread_handles()->sha256;
    if (EVP_DigestInit_ex2(x, sha256_algorithm(), NULL) != 1 ||
        EVP_DigestUpdate(x, s.p == NULL ? "" : s.p, s.n) != 1 ||
        EVP_DigestFinal_ex(x, out, NULL) != 1)
        BUG("SHA-256 failed");
}

static void keyed_pass(gcry_md_hd_t md, const uint8_t key[SM3_BLOCK_BYTES], uint8_t pad,
                       struct str s, uint8_t out[SM3_BYTES])
{
    uint8_t block[SM3_BLOCK_BYTES];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = key[i] ^ pad;
    gcry_md_reset(md);
    gcry_md_write(md, block, sizeof block);
    gcry_md_write(md, s.p, s.n);
    memcpy(out, gcry_md_read(md, GCRY_MD_SM3), SM3_BYTES);
    sodium_memzero(block, sizeof block);
}

void sm3_keyed(struct str key, struct str s, uint8_t out[SM3_BYTES])
{
    gcry_md_hd_t md = thread_handles()->sm3;
    uint8_t padded[SM3_BLOCK_BYTES] = {0}, inner[SM3_BYTES];
    if (key.n > sizeof padded)
        sm3_of(key, padded);
    else if (key.n > 0)
        memcpy(padded, key.p, key.n);
    keyed_pass(md, padded, 0x36, s, inner);
    keyed_pass(md, padded, 0x5c, (struct str){(const char *)inner, sizeof inner}, out);
    gcry_md_reset(md); /* leaves no key in the handle */
    sodium_memzero(padded, sizeof padded);
}

struct str hex(struct arena *a, const uint8_t *p, size_t n)
{
    char *text = arena_bytes(a, 2 * n + 1);
    sodium_bin2hex(text, 2 * n + 1, p, n);
    return (struct str){text, 2 * n};
}

bool unhex(struct str s, uint8_t *to, size_t n)
{
    size_t written;
    return s.n == 2 * n && sodium_hex2bin(to, n, s.p, s.n, NULL, &written, NULL) == 0 &&
           written == n;
}

struct str base64url(struct arena *a, const void *p, size_t n)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(n, variant);
    char *text = arena_bytes(a, room);
    sodium_bin2base64(text, room, p, n, variant);
    return (struct str){text, room - 1};
}

bool base64url_decode(struct arena *a, struct str s, struct str *ret_bytes)
{
    size_t room = s.n / 4 * 3 + 3, n;
    uint8_t *bytes = arena_bytes(a, room);
    const char *end;
    if (s.n > 0 && (sodium_base642bin(bytes, room, s.p, s.n, NULL, &n, &end,
                                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
                    end != s.p + s.n))
        return false;
    *ret_bytes = (struct str){(const char *)bytes, s.n > 0 ? n : 0};
    return true;
}
