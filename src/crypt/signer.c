/* The signed attributes are put together and signed here by hand, for all kinds of keys alike: OpenSSL 3.0's
 * own CMS_final() cannot sign with SM2, because the signer's id has to go into the digest first. What it can do,
 * the frame around them, it does (CMS_PARTIAL). */
#include "signer.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "crypt.h"

#define YEARS      10
#define ATTRIBUTES 3
#define RSA_BITS   2048

const char *const signer_words[] = {"rsa", "ec", "sm2", NULL};

struct signer {
    enum signer_kind kind;
    EVP_PKEY *key;
    X509 *certificate;
};

static const EVP_MD *digest_of(enum signer_kind kind)
{
    return kind == SIGNER_SM2 ? EVP_sm3() : EVP_sha256();
}

/* A context that signs or verifies; with SM2 the id is told before the digest begins. */
static bool begin_sign(EVP_MD_CTX *x, EVP_PKEY *key, enum signer_kind kind)
{
    EVP_PKEY_CTX *keyed = NULL;
    if (kind == SIGNER_SM2) {
        keyed = EVP_PKEY_CTX_new(key, NULL);
        if (keyed == NULL ||
            EVP_PKEY_CTX_set1_id(keyed, SM2_STANDARD_ID, (int)strlen(SM2_STANDARD_ID)) <= 0) {
            EVP_PKEY_CTX_free(keyed);
            return false;
        }
        EVP_MD_CTX_set_pkey_ctx(x, keyed); /* stays ours */
    }
    return EVP_DigestSignInit(x, NULL, digest_of(kind), NULL, key) > 0;
}

static void end_sign(EVP_MD_CTX *x, enum signer_kind kind)
{
    EVP_PKEY_CTX *keyed = kind == SIGNER_SM2 ? EVP_MD_CTX_get_pkey_ctx(x) : NULL;
    EVP_MD_CTX_free(x);
    EVP_PKEY_CTX_free(keyed);
}

/* --- a demonstration certificate --------------------------------------------------------------------- */

static bool add_extension(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool is_done = e != NULL && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return is_done;
}

static bool add_name(X509 *x, struct str organ)
{
    X509_NAME *name = X509_get_subject_name(x);
    return X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const unsigned char *)"CN", -1, -1,
                                      0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                      (const unsigned char *)"示范数据 demonstration only", -1, -1,
                                      0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)organ.p,
                                      (int)organ.n, -1, 0) == 1 &&
           X509_set_issuer_name(x, name) == 1;
}

static bool fill_certificate(X509 *x, EVP_PKEY *key, struct str organ, int64_t now)
{
    uint8_t serial[15];
    random_bytes(serial, sizeof serial);
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive */
    BIGNUM *n = BN_bin2bn(serial, sizeof serial, NULL);
    bool is_numbered = n != NULL && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
    BN_free(n);
    time_t from = (time_t)(now / SECOND_MS) - 86400;
    return is_numbered && X509_set_version(x, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL &&
           ASN1_TIME_adj(X509_getm_notAfter(x), from, 366 * YEARS, 0) != NULL &&
           X509_set_pubkey(x, key) == 1 && add_name(x, organ) &&
           add_extension(x, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(x, NID_key_usage, "critical,digitalSignature,nonRepudiation");
}

static bool sign_certificate(X509 *x, EVP_PKEY *key, enum signer_kind kind)
{
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool is_done = m != NULL && begin_sign(m, key, kind) && X509_sign_ctx(x, m) > 0;
    end_sign(m, kind);
    return is_done;
}

static EVP_PKEY *make_key(enum signer_kind kind)
{
    switch (kind) {
    case SIGNER_RSA:
        return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS);
    case SIGNER_EC:
        return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    case SIGNER_SM2:
        return EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    case SIGNER_KIND_COUNT:
        break;
    }
    return NULL;
}

static struct str take_der(struct arena *a, unsigned char *der, int n)
{
    struct str s = STR_NONE;
    if (der != NULL && n > 0)
        s = str_copy(a, (struct str){(const char *)der, (size_t)n});
    OPENSSL_clear_free(der, n > 0 ? (size_t)n : 0);
    return s;
}

static struct str certificate_der(struct arena *a, X509 *x)
{
    unsigned char *der = NULL;
    int n = i2d_X509(x, &der);
    return take_der(a, der, n);
}

static struct str key_der(struct arena *a, EVP_PKEY *key)
{
    unsigned char *der = NULL;
    PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
    int n = p8 == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(p8, &der);
    PKCS8_PRIV_KEY_INFO_free(p8);
    return take_der(a, der, n);
}

bool signer_make_demonstration(struct arena *a, enum signer_kind kind, struct str organ,
                               int64_t now, struct str *ret_certificate, struct str *ret_key)
{
    struct str name = str_head(str_fmt(a, "%.*s（示范）", STR_ARG(organ)), 60);
    EVP_PKEY *key = make_key(kind);
    X509 *x = X509_new();
    bool is_done = key != NULL && x != NULL && fill_certificate(x, key, name, now) &&
                   sign_certificate(x, key, kind);
    if (is_done) {
        *ret_certificate = certificate_der(a, x);
        *ret_key = key_der(a, key);
        is_done = ret_certificate->n > 0 && ret_key->n > 0;
    }
    X509_free(x);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return is_done;
}

/* --- loading ------------------------------------------------------------------------------------------ */

static void free_signer(void *arg)
{
    struct signer *s = arg;
    X509_free(s->certificate);
    EVP_PKEY_free(s->key);
}

static bool kind_of(const EVP_PKEY *key, enum signer_kind *ret)
{
    if (EVP_PKEY_is_a(key, "RSA"))
        *ret = SIGNER_RSA;
    else if (EVP_PKEY_is_a(key, "EC"))
        *ret = SIGNER_EC;
    else if (EVP_PKEY_is_a(key, "SM2"))
        *ret = SIGNER_SM2;
    else
        return false;
    return true;
}

struct signer *signer_load(struct arena *a, struct str certificate, struct str key)
{
    struct signer *s = ARENA_NEW(a, struct signer);
    const unsigned char *c = (const unsigned char *)certificate.p,
                        *k = (const unsigned char *)key.p;
    arena_defer(a, free_signer, s);
    if (certificate.n > INT_MAX || key.n > INT_MAX)
        return NULL;
    s->certificate = d2i_X509(NULL, &c, (long)certificate.n);
    s->key = d2i_AutoPrivateKey(NULL, &k, (long)key.n);
    bool is_whole = s->certificate != NULL && s->key != NULL && kind_of(s->key, &s->kind) &&
                    X509_check_private_key(s->certificate, s->key) == 1;
    ERR_clear_error();
    return is_whole ? s : NULL;
}

enum signer_kind signer_kind_of(const struct signer *s)
{
    return s->kind;
}

struct str signer_name(struct arena *a, const struct signer *s)
{
    char name[200] = "";
    X509_NAME *subject = X509_get_subject_name(s->certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    ASN1_STRING *text = at < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    unsigned char *utf8 = NULL;
    int n = text == NULL ? -1 : ASN1_STRING_to_UTF8(&utf8, text);
    if (n > 0 && (size_t)n < sizeof name)
        memcpy(name, utf8, (size_t)n);
    OPENSSL_free(utf8);
    return str_copy(a, str_of(name));
}

bool signer_read_pem(struct arena *a, struct str certificate_pem, struct str key_pem,
                     struct str *ret_certificate, struct str *ret_key)
{
    BIO *c = BIO_new_mem_buf(certificate_pem.p, (int)certificate_pem.n);
    BIO *k = BIO_new_mem_buf(key_pem.p, (int)key_pem.n);
    char no_password[] = "";
    X509 *x = c == NULL ? NULL : PEM_read_bio_X509(c, NULL, NULL, no_password);
    EVP_PKEY *key = k == NULL ? NULL : PEM_read_bio_PrivateKey(k, NULL, NULL, no_password);
    bool is_read = x != NULL && key != NULL;
    if (is_read) {
        *ret_certificate = certificate_der(a, x);
        *ret_key = key_der(a, key);
    }
    X509_free(x);
    EVP_PKEY_free(key);
    BIO_free(c);
    BIO_free(k);
    ERR_clear_error();
    return is_read;
}

/* --- signing ------------------------------------------------------------------------------------------ */

static bool digest_parts(enum signer_kind kind, const struct str *parts, size_t n,
                         unsigned char out[EVP_MAX_MD_SIZE], unsigned *ret_n)
{
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool is_done = m != NULL && EVP_DigestInit_ex2(m, digest_of(kind), NULL) == 1;
    for (size_t i = 0; is_done && i < n; i++)
        is_done = EVP_DigestUpdate(m, parts[i].p, parts[i].n) == 1;
    is_done = is_done && EVP_DigestFinal_ex(m, out, ret_n) == 1;
    EVP_MD_CTX_free(m);
    return is_done;
}

static bool add_attributes(CMS_SignerInfo *si, const unsigned char *digest, unsigned digest_n,
                           int64_t at)
{
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(at / SECOND_MS));
    bool is_done =
        time != NULL &&
        CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                    OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
        CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, time->type, time, -1) == 1 &&
        CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest,
                                    (int)digest_n) == 1;
    ASN1_TIME_free(time);
    return is_done;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* What is signed (RFC 5652, 5.4): the attributes as a SET OF in DER, so sorted. */
static bool attributes_der(struct arena *a, CMS_SignerInfo *si, struct buf *b)
{
    struct str each[ATTRIBUTES];
    size_t n = 0;
    if (CMS_signed_get_attr_count(si) != ATTRIBUTES)
        return false;
    for (int i = 0; i < ATTRIBUTES; i++) {
        unsigned char *der = NULL;
        int length = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);
        each[i] = take_der(a, der, length);
        n += each[i].n;
    }
    qsort(each, ATTRIBUTES, sizeof *each, by_bytes);
    if (n > 0xffff)
        return false;
    buf_char(b, 0x31);
    if (n > 0xff)
        buf_char(b, (char)0x82);
    else if (n > 0x7f)
        buf_char(b, (char)0x81);
    if (n > 0xff)
        buf_char(b, (char)(n >> 8));
    buf_char(b, (char)(n & 0xff));
    for (int i = 0; i < ATTRIBUTES; i++)
        buf_str(b, each[i]);
    return !buf_overflowed(b);
}

static bool put_signature(struct arena *a, const struct signer *s, CMS_SignerInfo *si,
                          struct str what)
{
    size_t n = 0;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool is_begun = m != NULL && begin_sign(m, s->key, s->kind) &&
                    EVP_DigestSignUpdate(m, what.p, what.n) > 0 &&
                    EVP_DigestSignFinal(m, NULL, &n) > 0;
    unsigned char *signature = arena_bytes(a, n + 1);
    bool is_done = is_begun && EVP_DigestSignFinal(m, signature, &n) > 0;
    end_sign(m, s->kind);
    return is_done &&
           ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si), signature, (int)n) == 1;
}

static void name_algorithm(CMS_SignerInfo *si, enum signer_kind kind)
{
    static const int names[SIGNER_KIND_COUNT] = {NID_rsaEncryption, NID_ecdsa_with_SHA256,
                                                 NID_SM2_with_SM3};
    X509_ALGOR *digest, *signature;
    CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
    X509_ALGOR_set0(signature, OBJ_nid2obj(names[kind]),
                    kind == SIGNER_RSA ? V_ASN1_NULL : V_ASN1_UNDEF, NULL);
}

static bool fill_signature(struct arena *a, const struct signer *s, CMS_ContentInfo *cms,
                           const struct str *parts, size_t part_count, int64_t at)
{
    const unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | CMS_KEY_PARAM;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_n;
    struct buf b;
    CMS_SignerInfo *si = CMS_add1_signer(cms, s->certificate, s->key, digest_of(s->kind), flags);
    buf_init(&b, a, 4096);
    if (si == NULL || !digest_parts(s->kind, parts, part_count, digest, &digest_n) ||
        !add_attributes(si, digest, digest_n, at) || !attributes_der(a, si, &b))
        return false;
    name_algorithm(si, s->kind);
    return put_signature(a, s, si, buf_as_str(&b));
}

struct str signer_sign(struct arena *a, const struct signer *s, const struct str *parts,
                       size_t part_count, int64_t at)
{
    unsigned char *der = NULL;
    struct str signature = STR_NONE;
    CMS_ContentInfo *cms =
        CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_STREAM);
    if (cms != NULL && fill_signature(a, s, cms, parts, part_count, at)) {
        int n = i2d_CMS_ContentInfo(cms, &der);
        signature = take_der(a, der, n);
    }
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return signature.n <= CMS_BYTES_MAX ? signature : STR_NONE;
}
