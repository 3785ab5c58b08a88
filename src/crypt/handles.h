/* What a thread keeps of the libraries, so that the hot path neither fetches an algorithm nor
 * opens a handle: internal to src/crypt. These are caches; no result depends on them. */
#ifndef HANDLES_H
#define HANDLES_H

#include <gcrypt.h>
#include <openssl/evp.h>
#include <stdint.h>

#define SM4_KEYS_KEPT 4

struct sm4_handle {
    gcry_cipher_hd_t cipher; /* NULL: free */
    uint8_t key[16];
    uint64_t used_at; /* of the thread's own count, the oldest is replaced */
};

struct handles {
    gcry_md_hd_t sm3;
    EVP_MD_CTX *sha256;
    struct sm4_handle sm4[SM4_KEYS_KEPT];
    uint64_t uses;
};

struct handles *thread_handles(void);
const EVP_MD *sha256_algorithm(void);

#endif
