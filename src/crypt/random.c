/* Random bytes come from the kernel through libsodium (getrandom); nothing is kept in the process
 * that a core dump or a fork could give away. */
#include "crypt.h"

#include <sodium.h>

void random_bytes(void *to, size_t n)
{
    crypt_start();
    randombytes_buf(to, n);
}

struct str random_token(struct arena *a, size_t n)
{
    uint8_t *bytes = arena_bytes(a, n);
    random_bytes(bytes, n);
    return base64url(a, bytes, n);
}

bool equal_in_constant_time(const void *a, const void *b, size_t n)
{
    return n == 0 || sodium_memcmp(a, b, n) == 0;
}
