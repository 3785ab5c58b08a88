/* Starting the three libraries, checking that they do what they should by one known answer each,
 * and the handles each thread keeps. A program that signs and seals with an unfit library must not
 * start at all. */
#include "crypt.h"
#include "handles.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static EVP_MD *sha256;
static _Thread_local struct handles *mine;
static _Thread_local struct handles mine_kept;

static void close_handles(void *arg)
{
    struct handles *h = arg;
    gcry_md_close(h->sm3);
    EVP_MD_CTX_free(h->sha256);
    for (int i = 0; i < SM4_KEYS_KEPT; i++)
        gcry_cipher_close(h->sm4[i].cipher);
    sodium_memzero(h, sizeof *h);
    mine = NULL;
}

/* GB/T 32905-2016 A.1: the digest of "abc". */
static void check_sm3(void)
{
    static const uint8_t expected[SM3_BYTES] = {0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9,
                                                0xd1, 0xf2, 0xd4, 0x6b, 0xdc, 0x10, 0xe4, 0xe2,
                                                0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2, 0xf7, 0xa2,
                                                0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0};
    uint8_t digest[SM3_BYTES];
    gcry_md_hash_buffer(GCRY_MD_SM3, digest, "abc", 3);
    if (memcmp(digest, expected, sizeof digest) != 0)
        BUG("libgcrypt computes SM3 wrongly");
}

static void start(void)
{
    if (sodium_init() < 0)
        BUG("libsodium does not start");
    /* The application that comes first initialises libgcrypt; secure memory is not used here. */
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        if (gcry_check_version("1.9.0") == NULL)
            BUG("libgcrypt is older than 1.9: %s", gcry_check_version(NULL));
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    if (gcry_md_test_algo(GCRY_MD_SM3) != 0 || gcry_cipher_test_algo(GCRY_CIPHER_SM4) != 0)
        BUG("libgcrypt lacks SM3 or SM4");
    check_sm3();
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (sha256 == NULL)
        BUG("OpenSSL lacks SHA-256");
    if (pthread_key_create(&at_thread_end, close_handles) != 0)
        BUG("no thread key left");
}

void crypt_start(void)
{
    pthread_once(&started, start);
}

struct handles *thread_handles(void)
{
    if (mine != NULL)
        return mine;
    crypt_start();
    struct handles *h = &mine_kept;
    *h = (struct handles){0};
    h->sha256 = EVP_MD_CTX_new();
    if (gcry_md_open(&h->sm3, GCRY_MD_SM3, 0) != 0 || h->sha256 == NULL)
        BUG("out of memory");
    pthread_setspecific(at_thread_end, h);
    return mine = h;
}

const EVP_MD *sha256_algorithm(void)
{
    return sha256;
}
