/* Passwords are kept as argon2id strings (RFC 9106) that carry their own salt and cost, so the
 * cost can rise later and old ones still open. */
#include "crypt.h"

#include <sodium.h>
#include <string.h>

struct str password_hash(struct arena *a, struct str password)
{
    crypt_start();
    char *text = arena_alloc(a, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str_alg(text, password.p == NULL ? "" : password.p, password.n,
                              crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        BUG("out of memory");
    return str_of(text);
}

bool password_ok(struct arena *a, struct str hash, struct str password)
{
    crypt_start();
    if (hash.n == 0 || hash.n >= crypto_pwhash_STRBYTES)
        return false;
    char *text = arena_alloc(a, crypto_pwhash_STRBYTES);
    memcpy(text, hash.p, hash.n);
    return crypto_pwhash_str_verify(text, password.p == NULL ? "" : password.p, password.n) == 0;
}
