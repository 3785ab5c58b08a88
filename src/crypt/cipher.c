/* SM4 in Galois/counter mode. Setting a key (key schedule and GHASH tables) costs as much as
 * sealing a short text, so a thread keeps the handles of the few keys it works with. */
#include "crypt.h"
#include "handles.h"

#include <sodium.h>
#include <string.h>

#define NONCE_BYTES SM4_NONCE_BYTES
#define TAG_BYTES   SM4_TAG_BYTES

static void must(gcry_error_t e)
{
    if (e != 0)
        BUG("SM4-GCM: %s", gcry_strerror(e));
}

static gcry_cipher_hd_t handle_of(const uint8_t key[16])
{
    struct handles *h = thread_handles();
    struct sm4_handle *oldest = &h->sm4[0];
    h->uses++;
    for (int i = 0; i < SM4_KEYS_KEPT; i++) {
        struct sm4_handle *k = &h->sm4[i];
        if (k->cipher != NULL && sodium_memcmp(k->key, key, sizeof k->key) == 0) {
            k->used_at = h->uses;
            return k->cipher;
        }
        if (k->used_at < oldest->used_at)
            oldest = k;
    }
    if (oldest->cipher == NULL)
        must(gcry_cipher_open(&oldest->cipher, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0));
    must(gcry_cipher_setkey(oldest->cipher, key, 16));
    memcpy(oldest->key, key, sizeof oldest->key);
    oldest->used_at = h->uses;
    return oldest->cipher;
}

static void begin(gcry_cipher_hd_t cipher, const uint8_t *nonce, struct str bound)
{
    must(gcry_cipher_setiv(cipher, nonce, NONCE_BYTES)); /* resets what an earlier text left */
    if (bound.n > 0)
        must(gcry_cipher_authenticate(cipher, bound.p, bound.n));
    must(gcry_cipher_final(cipher));
}

void sm4_seal_part(const uint8_t key[16], const uint8_t nonce[SM4_NONCE_BYTES], const void *plain,
                   size_t n, uint8_t *sealed)
{
    gcry_cipher_hd_t cipher = handle_of(key);
    begin(cipher, nonce, STR_NONE);
    must(gcry_cipher_encrypt(cipher, sealed, n, n > 0 ? plain : sealed, n));
    must(gcry_cipher_gettag(cipher, sealed + n, TAG_BYTES));
}

bool sm4_open_part(const uint8_t key[16], const uint8_t nonce[SM4_NONCE_BYTES],
                   const uint8_t *sealed, size_t n, void *plain)
{
    gcry_cipher_hd_t cipher = handle_of(key);
    begin(cipher, nonce, STR_NONE);
    must(gcry_cipher_decrypt(cipher, plain, n, sealed, n));
    if (gcry_cipher_checktag(cipher, sealed + n, TAG_BYTES) == 0)
        return true;
    sodium_memzero(plain, n);
    return false;
}

struct str sm4_seal(struct arena *a, const uint8_t key[16], struct str plain, struct str bound)
{
    uint8_t *sealed = arena_bytes(a, plain.n + SM4_SEAL_BYTES);
    uint8_t *text = sealed + NONCE_BYTES, *tag = text + plain.n;
    random_bytes(sealed, NONCE_BYTES);
    gcry_cipher_hd_t cipher = handle_of(key);
    begin(cipher, sealed, bound);
    must(gcry_cipher_encrypt(cipher, text, plain.n, plain.p, plain.n));
    must(gcry_cipher_gettag(cipher, tag, TAG_BYTES));
    return (struct str){(const char *)sealed, plain.n + SM4_SEAL_BYTES};
}

bool sm4_open(struct arena *a, const uint8_t key[16], struct str sealed, struct str bound,
              struct str *ret_plain)
{
    if (sealed.n < SM4_SEAL_BYTES)
        return false;
    size_t n = sealed.n - SM4_SEAL_BYTES;
    const uint8_t *nonce = (const uint8_t *)sealed.p, *text = nonce + NONCE_BYTES;
    uint8_t *plain = arena_bytes(a, n);
    gcry_cipher_hd_t cipher = handle_of(key);
    begin(cipher, nonce, bound);
    must(gcry_cipher_decrypt(cipher, plain, n, text, n));
    if (gcry_cipher_checktag(cipher, text + n, TAG_BYTES) != 0) {
        sodium_memzero(plain, n); /* what was not vouched for is not left lying about */
        return false;
    }
    *ret_plain = (struct str){(const char *)plain, n};
    return true;
}
