/* The key ring. Its file is four short lines of text, so that it can be printed and locked away:
 * a name with a version, the master key, the seed of the signing key, and a checksum that tells a
 * mistyped line from a wrong key. Whoever has it reads all personal data: hence the mode checks. */
#include "crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_HEAD      "onewindow-keys 1"
#define FILE_BYTES_MAX 1024
#define CHECK_BYTES    8
#define SECRET_BYTES   32

static bool refuse(struct str *ret_why, struct str why)
{
    *ret_why = why;
    return false;
}

static void checksum(const uint8_t master[SECRET_BYTES], const uint8_t seed[SECRET_BYTES],
                     uint8_t out[CHECK_BYTES])
{
    uint8_t both[2 * SECRET_BYTES], digest[SM3_BYTES];
    memcpy(both, master, SECRET_BYTES);
    memcpy(both + SECRET_BYTES, seed, SECRET_BYTES);
    sm3_of((struct str){(const char *)both, sizeof both}, digest);
    memcpy(out, digest, CHECK_BYTES);
    sodium_memzero(both, sizeof both);
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            p += written;
            n -= (size_t)written;
        }
    }
    return fsync(fd) == 0;
}

/* A new file is there after a power cut only when its folder was synced too. */
static bool sync_folder_of(const char *file)
{
    char folder[4096];
    const char *slash = strrchr(file, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - file) + 1;
    if (n >= sizeof folder)
        return false;
    memcpy(folder, file, n);
    memcpy(folder + n, ".", 2);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = fsync(fd) == 0;
    close(fd);
    return synced;
}

bool keys_make(const char *file, struct str *ret_why)
{
    crypt_start();
    uint8_t secrets[2][SECRET_BYTES], check[CHECK_BYTES];
    char master[2 * SECRET_BYTES + 1], seed[2 * SECRET_BYTES + 1], sum[2 * CHECK_BYTES + 1];
    char text[FILE_BYTES_MAX];
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return refuse(ret_why, STR("密钥文件已经存在，不会覆盖"));
    if (fd < 0)
        return refuse(ret_why, STR("密钥文件建不了，请核对文件夹和权限"));
    random_bytes(secrets, sizeof secrets);
    checksum(secrets[0], secrets[1], check);
    sodium_bin2hex(master, sizeof master, secrets[0], SECRET_BYTES);
    sodium_bin2hex(seed, sizeof seed, secrets[1], SECRET_BYTES);
    sodium_bin2hex(sum, sizeof sum, check, sizeof check);
    int n = snprintf(text, sizeof text, FILE_HEAD "\nmaster %s\nsign %s\ncheck %s\n", master, seed,
                     sum);
    bool done = fchmod(fd, 0600) == 0 && write_all(fd, text, (size_t)n) && sync_folder_of(file);
    close(fd);
    sodium_memzero(secrets, sizeof secrets);
    sodium_memzero(master, sizeof master);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    if (!done) {
        unlink(file);
        return refuse(ret_why, STR("密钥文件没有写成，请检查磁盘"));
    }
    return true;
}

/* Reads the whole file; -1 when it cannot be read or is too long. */
static ssize_t read_file(int fd, char *to, size_t room)
{
    size_t n = 0;
    while (n < room) {
        ssize_t got = read(fd, to + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            return (ssize_t)n;
        n += (size_t)got;
    }
    return -1;
}

static bool read_secret(struct str *rest, const char *name, uint8_t *to, size_t n)
{
    struct str line = str_trim(str_cut(rest, '\n')), word = str_cut(&line, ' ');
    return str_is(word, name) && unhex(line, to, n);
}

static bool parse(struct str text, struct keys *ret)
{
    uint8_t seed[SECRET_BYTES], check[CHECK_BYTES], expected[CHECK_BYTES];
    struct keys k;
    bool read = str_is(str_trim(str_cut(&text, '\n')), FILE_HEAD) &&
                read_secret(&text, "master", k.master, sizeof k.master) &&
                read_secret(&text, "sign", seed, sizeof seed) &&
                read_secret(&text, "check", check, sizeof check);
    if (read) {
        checksum(k.master, seed, expected);
        read = memcmp(check, expected, sizeof check) == 0;
    }
    if (read) {
        crypto_sign_seed_keypair(k.sign_public, k.sign_secret, seed);
        *ret = k;
    }
    sodium_memzero(&k, sizeof k);
    sodium_memzero(seed, sizeof seed);
    return read;
}

bool keys_load(const char *file, struct keys *ret, struct str *ret_why)
{
    crypt_start();
    struct stat st;
    char text[FILE_BYTES_MAX];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return refuse(ret_why, STR("找不到密钥文件"));
    if (fd < 0)
        return refuse(ret_why, STR("密钥文件打不开，请核对权限"));
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool ours = regular && (st.st_uid == geteuid() || st.st_uid == 0);
    bool closed_to_others = regular && (st.st_mode & 077) == 0;
    ssize_t n = regular && ours && closed_to_others ? read_file(fd, text, sizeof text) : -1;
    close(fd);
    if (!regular)
        return refuse(ret_why, STR("密钥文件不是普通文件"));
    if (!ours)
        return refuse(ret_why, STR("密钥文件属于别的用户，请改为运行本程序的用户"));
    if (!closed_to_others)
        return refuse(ret_why, STR("密钥文件别人也能读，请先执行 chmod 600"));
    bool whole = n > 0 && parse((struct str){text, (size_t)n}, ret);
    sodium_memzero(text, sizeof text);
    return whole || refuse(ret_why, STR("密钥文件的内容不完整或有误，请用备份恢复"));
}

void keys_derive(const struct keys *k, const char *name, uint8_t *out, size_t n)
{
    uint8_t key[SM3_BYTES];
    BUG_IF(n > sizeof key);
    sm3_keyed((struct str){(const char *)k->master, sizeof k->master}, str_of(name), key);
    memcpy(out, key, n);
    sodium_memzero(key, sizeof key);
}

void sign_ed25519(const struct keys *k, struct str s, uint8_t out[64])
{
    if (crypto_sign_detached(out, NULL, (const uint8_t *)s.p, s.n, k->sign_secret) != 0)
        BUG("Ed25519 signing failed");
}

bool verify_ed25519(const uint8_t public_key[32], struct str s, const uint8_t signature[64])
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)s.p, s.n, public_key) == 0;
}
