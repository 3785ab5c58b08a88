/* Known answers of the standards, tampering, and what must be refused. */
#include "test.h"

#include "crypt.h"

#include <fcntl.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM ((size_t)64 << 20)

static void assert_bytes(const void *p, size_t n, const char *expected_hex)
{
    struct arena *a = arena_new(ROOM);
    struct str got = hex(a, p, n);
    if (!str_is(got, expected_hex))
        fail_msg("expected %s, got %.*s", expected_hex, STR_ARG(got));
    arena_free(a);
}

static struct str bytes_of(struct arena *a, const char *digits)
{
    struct str s = str_of(digits);
    uint8_t *p = arena_alloc(a, s.n / 2 + 1);
    assert_true(unhex(s, p, s.n / 2));
    return (struct str){(const char *)p, s.n / 2};
}

/* --- digests ----------------------------------------------------------------------------- */

/* GB/T 32905-2016, A.1 and A.2. */
void test_crypt__sm3_of_the_standards_examples(struct test *t)
{
    (void)t;
    uint8_t digest[SM3_BYTES];
    sm3_of(STR("abc"), digest);
    assert_bytes(digest, sizeof digest,
                 "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    sm3_of(STR("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"), digest);
    assert_bytes(digest, sizeof digest,
                 "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

/* Every way to the same digest, with OpenSSL as the second opinion. */
void test_crypt__sm3_agrees_with_openssl_at_every_length(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    char text[300];
    for (size_t n = 0; n <= sizeof text; n++) {
        uint8_t whole[SM3_BYTES], parts[SM3_BYTES], other[SM3_BYTES];
        for (size_t i = 0; i < n; i++)
            text[i] = (char)(i * 7 + n);
        sm3_of((struct str){text, n}, whole);
        struct sm3 *d = sm3_start(a);
        for (size_t i = 0; i < n; i += 13)
            sm3_add(d, text + i, n - i < 13 ? n - i : 13);
        sm3_end(d, parts);
        assert_int_equal(EVP_Digest(text, n, other, NULL, EVP_sm3(), NULL), 1);
        assert_memory_equal(whole, other, SM3_BYTES);
        assert_memory_equal(parts, other, SM3_BYTES);
    }
    sm3_start(a); /* begun and left: closed with the arena */
    uint8_t none[SM3_BYTES];
    sm3_of(STR_NONE, none);
    assert_bytes(none, sizeof none,
                 "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
    arena_free(a);
}

/* FIPS 180-2 B.1. */
void test_crypt__sha256_of_the_standards_example(struct test *t)
{
    (void)t;
    uint8_t digest[32];
    sha256_of(STR("abc"), digest);
    assert_bytes(digest, sizeof digest,
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_of(STR_NONE, digest);
    assert_bytes(digest, sizeof digest,
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* GM/T 0042-2015 appendix D.3. */
void test_crypt__keyed_sm3_of_the_standards_examples(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    uint8_t mac[SM3_BYTES];
    char fifty[50];
    memset(fifty, 0xcd, sizeof fifty);
    sm3_keyed(bytes_of(a, "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"),
              STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
                  "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              mac);
    assert_bytes(mac, sizeof mac,
                 "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    sm3_keyed(
        bytes_of(a, "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425"),
        (struct str){fifty, sizeof fifty}, mac);
    assert_bytes(mac, sizeof mac,
                 "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae");
    sm3_keyed(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    assert_bytes(mac, sizeof mac,
                 "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882");
    arena_free(a);
}

/* RFC 2104: keys longer than a block are digested first; OpenSSL as the second opinion. */
void test_crypt__keyed_sm3_takes_keys_of_any_length(struct test *t)
{
    (void)t;
    char key[200];
    memset(key, 'k', sizeof key);
    for (size_t n = 1; n <= sizeof key; n++) {
        uint8_t ours[SM3_BYTES], other[SM3_BYTES];
        sm3_keyed((struct str){key, n}, STR("卧龙"), ours);
        assert_non_null(HMAC(EVP_sm3(), key, (int)n, (const uint8_t *)"卧龙", 6, other, NULL));
        assert_memory_equal(ours, other, SM3_BYTES);
    }
}

static void *digest_in_a_thread(void *arg)
{
    for (int i = 0; i < 1000; i++)
        sm3_of(STR("abc"), arg);
    struct arena *a = arena_new(ROOM);
    struct str back = STR_NONE;
    const uint8_t key[16] = {1};
    bool opened = sm4_open(a, key, sm4_seal(a, key, STR("x"), STR_NONE), STR_NONE, &back);
    bool right = opened && str_is(back, "x");
    arena_free(a);
    return right ? arg : NULL;
}

void test_crypt__threads_have_handles_of_their_own(struct test *t)
{
    (void)t;
    pthread_t threads[8];
    uint8_t digests[8][SM3_BYTES];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, digest_in_a_thread, digests[i]), 0);
    for (int i = 0; i < 8; i++) {
        void *right;
        pthread_join(threads[i], &right);
        assert_non_null(right);
        assert_bytes(digests[i], SM3_BYTES,
                     "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }
}

/* --- texts of bytes ---------------------------------------------------------------------- */

void test_crypt__hex_both_ways(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    uint8_t bytes[4] = {7, 7, 7, 7};
    assert_true(unhex(STR("00fFa109"), bytes, 4));
    assert_true(str_is(hex(a, bytes, 4), "00ffa109"));
    assert_int_equal(hex(a, bytes, 0).n, 0);
    assert_true(unhex(STR(""), bytes, 0));
    const char *const bad[] = {"00ffa1", "00ffa10900", "00ffa10g", "00ffa1 9", "00ffa10"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(unhex(str_of(bad[i]), bytes, 4));
    arena_free(a);
}

/* RFC 4648 section 10, without padding, and the two letters in which the URL alphabet differs. */
void test_crypt__base64url_both_ways(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg"},
                                           {"fo", "Zm8"},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg"},
                                           {"fooba", "Zm9vYmE"},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xfb\xef\xff", "--__"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct str plain = str_of(pairs[i][0]), text = str_of(pairs[i][1]), back = STR_NONE;
        assert_true(str_eq(base64url(a, plain.p, plain.n), text));
        assert_true(base64url_decode(a, text, &back));
        assert_true(str_eq(back, plain));
        assert_non_null(back.p);
    }
    const char *const bad[] = {"Zg==", "Zm9v+", "Zm9v/w", "Z",   "Zh", "Zm9",
                               "Zg\n", " Zg",   "Zm 9v",  "Zg=", "号"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str back = STR("untouched");
        if (base64url_decode(a, str_of(bad[i]), &back))
            fail_msg("\"%s\" was taken", bad[i]);
        assert_true(str_is(back, "untouched"));
    }
    arena_free(a);
}

void test_crypt__random_tokens_differ(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct str tokens[200];
    for (int i = 0; i < 200; i++) {
        struct str bytes;
        tokens[i] = random_token(a, 16);
        assert_int_equal(tokens[i].n, 22); /* 128 bits, 6 a letter */
        assert_true(base64url_decode(a, tokens[i], &bytes));
        assert_int_equal(bytes.n, 16);
        for (int k = 0; k < i; k++)
            assert_false(str_eq(tokens[i], tokens[k]));
    }
    assert_true(equal_in_constant_time("abcd", "abce", 3));
    assert_false(equal_in_constant_time("abcd", "abce", 4));
    assert_true(equal_in_constant_time("a", "b", 0));
    arena_free(a);
}

/* --- SM4 --------------------------------------------------------------------------------- */

/* RFC 8998 A.1. */
void test_crypt__sm4_gcm_opens_the_example_of_rfc_8998(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct str key = bytes_of(a, "0123456789ABCDEFFEDCBA9876543210"), plain = STR_NONE;
    struct str sealed =
        bytes_of(a, "00001234567800000000ABCD"
                    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
                    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
                    "83DE3541E4C2B58177E065A9BF7B62EC");
    struct str bound = bytes_of(a, "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    assert_true(sm4_open(a, (const uint8_t *)key.p, sealed, bound, &plain));
    assert_bytes(plain.p, plain.n,
                 "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                 "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    arena_free(a);
}

void test_crypt__sm4_round_trip_with_many_keys(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    char text[500];
    memset(text, 'x', sizeof text);
    struct str sealed[20];
    for (uint8_t i = 0; i < 20; i++) { /* more keys than a thread keeps handles */
        const uint8_t key[16] = {i};
        sealed[i] = sm4_seal(a, key, (struct str){text, (size_t)i * 25}, STR("party:7"));
        assert_int_equal(sealed[i].n, i * 25 + SM4_SEAL_BYTES);
    }
    for (int round = 0; round < 3; round++)
        for (uint8_t i = 0; i < 20; i++) {
            const uint8_t key[16] = {i}, other[16] = {(uint8_t)(i + 1)};
            struct str plain = STR_NONE;
            assert_true(sm4_open(a, key, sealed[i], STR("party:7"), &plain));
            assert_non_null(plain.p);
            assert_true(str_eq(plain, (struct str){text, (size_t)i * 25}));
            assert_false(sm4_open(a, other, sealed[i], STR("party:7"), &plain));
        }
    const uint8_t key[16] = {1};
    struct str again = sm4_seal(a, key, STR("same"), STR_NONE),
               more = sm4_seal(a, key, STR("same"), STR_NONE);
    assert_false(str_eq(again, more)); /* a new nonce each time */
    arena_free(a);
}

void test_crypt__sm4_tampering_is_seen_at_every_bit(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    const uint8_t key[16] = "0123456789abcde";
    struct str sealed = sm4_seal(a, key, STR("411303199003070025"), STR("party:7")),
               plain = STR("untouched");
    char *bytes = arena_alloc(a, sealed.n);
    for (size_t bit = 0; bit < sealed.n * 8; bit++) {
        memcpy(bytes, sealed.p, sealed.n);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        assert_false(sm4_open(a, key, (struct str){bytes, sealed.n}, STR("party:7"), &plain));
    }
    for (size_t n = 0; n < sealed.n; n++)
        assert_false(sm4_open(a, key, (struct str){sealed.p, n}, STR("party:7"), &plain));
    assert_false(sm4_open(a, key, sealed, STR("party:8"), &plain)); /* moved to another row */
    assert_false(sm4_open(a, key, sealed, STR_NONE, &plain));
    assert_false(sm4_open(a, key, STR_NONE, STR_NONE, &plain));
    assert_true(str_is(plain, "untouched"));
    assert_true(sm4_open(a, key, sealed, STR("party:7"), &plain));
    assert_true(str_is(plain, "411303199003070025"));
    arena_free(a);
}

/* --- passwords --------------------------------------------------------------------------- */

void test_crypt__passwords_open_only_with_the_right_words(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct str hash = password_hash(a, STR("wolong-demo"));
    assert_true(
        str_starts(hash,
                   STR("$argon2id$v=19$m=65536,t=2,p=1$"))); /* libsodium's interactive limits */
    assert_true(password_ok(a, hash, STR("wolong-demo")));
    assert_false(password_ok(a, hash, STR("wolong-demO")));
    assert_false(password_ok(a, hash, STR("wolong-demo ")));
    assert_false(password_ok(a, hash, STR_NONE));
    assert_false(str_eq(hash, password_hash(a, STR("wolong-demo")))); /* salted */
    assert_false(password_ok(a, STR_NONE, STR("")));
    assert_false(password_ok(a, STR("wolong-demo"), STR("wolong-demo")));
    char *longer = arena_alloc(a, 1000);
    memcpy(longer, hash.p, hash.n);
    assert_false(password_ok(a, (struct str){longer, 1000}, STR("wolong-demo")));
    arena_free(a);
}

/* --- keys -------------------------------------------------------------------------------- */

struct key_place {
    char folder[64], file[80];
};

static void make_place(struct key_place *p)
{
    snprintf(p->folder, sizeof p->folder, "/tmp/onewindow-keys-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->file, sizeof p->file, "%s/key", p->folder);
}

static void remove_place(struct key_place *p)
{
    unlink(p->file);
    rmdir(p->folder);
}

void test_crypt__a_key_file_is_made_once_and_only_for_its_owner(struct test *t)
{
    (void)t;
    struct key_place p;
    struct keys k, again;
    struct str why = STR_NONE;
    struct stat st;
    make_place(&p);
    assert_false(keys_load(p.file, &k, &why));
    assert_true(str_is(why, "找不到密钥文件"));
    assert_true(keys_make(p.file, &why));
    assert_int_equal(stat(p.file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_true(keys_load(p.file, &k, &why));
    assert_false(keys_make(p.file, &why));
    assert_true(str_is(why, "密钥文件已经存在，不会覆盖"));
    assert_true(keys_load(p.file, &again, &why));
    assert_memory_equal(&k, &again, sizeof k);
    const mode_t open_modes[] = {0640, 0620, 0610, 0604, 0602, 0601};
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        assert_int_equal(chmod(p.file, open_modes[i]), 0);
        assert_false(keys_load(p.file, &again, &why));
        assert_true(str_find(why, STR("chmod 600")) > 0);
    }
    assert_int_equal(chmod(p.file, 0400), 0); /* read-only for the owner is stricter, and fine */
    assert_true(keys_load(p.file, &again, &why));
    assert_false(keys_load(p.folder, &again, &why));
    assert_false(keys_make("/tmp/onewindow-no-such-folder/key", &why));
    remove_place(&p);
}

void test_crypt__a_damaged_key_file_is_refused(struct test *t)
{
    (void)t;
    struct key_place p;
    struct keys k;
    struct str why;
    char text[400];
    make_place(&p);
    assert_true(keys_make(p.file, &why));
    int fd = open(p.file, O_RDWR);
    ssize_t n = read(fd, text, sizeof text);
    assert_in_range(n, 150, 300);
    for (ssize_t i = 0; i < n; i++) {
        char wrong = text[i] == '7' ? '8' : '7';
        assert_int_equal(pwrite(fd, &wrong, 1, i), 1);
        bool taken = keys_load(p.file, &k, &why);
        if (taken && text[i] != '\n') /* the last line end may be anything blank */
            fail_msg("a wrong byte at %zd was taken", i);
        assert_int_equal(pwrite(fd, &text[i], 1, i), 1);
    }
    assert_true(keys_load(p.file, &k, &why));
    for (ssize_t i = n - 2; i >= 0; i -= 5) {
        assert_int_equal(ftruncate(fd, i), 0);
        assert_false(keys_load(p.file, &k, &why));
    }
    close(fd);
    remove_place(&p);
}

void test_crypt__keys_are_derived_by_name(struct test *t)
{
    (void)t;
    struct keys k = {.master = {1, 2, 3}}, other = {.master = {1, 2, 4}};
    uint8_t a[32], b[32], expected[32];
    keys_derive(&k, "journal", a, sizeof a);
    assert_non_null(HMAC(EVP_sm3(), k.master, 32, (const uint8_t *)"journal", 7, expected, NULL));
    assert_memory_equal(a, expected, 32);
    keys_derive(&k, "party", b, sizeof b);
    assert_memory_not_equal(a, b, 32);
    keys_derive(&other, "journal", b, sizeof b);
    assert_memory_not_equal(a, b, 32);
    memset(b, 7, sizeof b);
    keys_derive(&k, "journal", b, 16);
    assert_memory_equal(a, b, 16);
    assert_int_equal(b[16], 7);
}

/* RFC 8032 section 7.1, test 3; libsodium's secret is the seed and the public key. */
void test_crypt__ed25519_of_rfc_8032(struct test *t)
{
    (void)t;
    struct keys k = {0};
    assert_true(unhex(STR("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
                      k.sign_secret, 32));
    assert_true(unhex(STR("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
                      k.sign_public, 32));
    memcpy(k.sign_secret + 32, k.sign_public, 32);
    uint8_t signature[64];
    sign_ed25519(&k, STR("\xaf\x82"), signature);
    assert_bytes(signature, 64,
                 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    assert_true(verify_ed25519(k.sign_public, STR("\xaf\x82"), signature));
    assert_false(verify_ed25519(k.sign_public, STR("\xaf\x83"), signature));
    signature[3] ^= 1;
    assert_false(verify_ed25519(k.sign_public, STR("\xaf\x82"), signature));
}
