/* The upload path against a bare program doing the same. A child sends random bytes through a socket; the parent
 * receives them, digests with SM3, seals with SM4-GCM in chunks, writes and syncs: once with libgcrypt and write() alone,
 * once through src/file, in turn. Says what each made a second, and how much memory the second needed.
 *
 *     bench-files FOLDER MEGABYTES ROUNDS */
#include <fcntl.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "crypt.h"
#include "file.h"
#include "ids.h"

#define CHUNK       65536
#define ROUNDS_MOST 100

static void fail_with(const char *what)
{
    perror(what);
    exit(1);
}

/* The other end of the line: so many bytes, none of them known before. */
static int sender(size_t bytes, pid_t *ret_child)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        fail_with("socketpair");
    *ret_child = fork();
    if (*ret_child == 0) {
        static char block[1 << 20];
        close(ends[0]);
        random_bytes(block, sizeof block);
        for (uint64_t n = 0; bytes > 0; n++) {
            size_t now = bytes < sizeof block ? bytes : sizeof block, sent = 0;
            memcpy(block, &n, sizeof n);
            while (sent < now) {
                ssize_t went = write(ends[1], block + sent, now - sent);
                if (went <= 0)
                    _exit(1);
                sent += (size_t)went;
            }
            bytes -= now;
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static size_t receive(int from, char *to, size_t room)
{
    size_t n = 0;
    while (n < room) {
        ssize_t got = read(from, to + n, room - n);
        if (got < 0)
            fail_with("read");
        if (got == 0)
            break;
        n += (size_t)got;
    }
    return n;
}

static void put_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t went = write(fd, p, n);
        if (went < 0)
            fail_with("write");
        p += went;
        n -= (size_t)went;
    }
}

static void bare(const char *folder, int from)
{
    static char block[CHUNK + 16];
    char path[1000], final[1000];
    uint8_t key[16], nonce[12] = {0};
    gcry_md_hd_t sum;
    gcry_cipher_hd_t cipher;
    size_t n;
    snprintf(path, sizeof path, "%s/bare.part", folder);
    snprintf(final, sizeof final, "%s/bare", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    random_bytes(key, sizeof key);
    if (fd < 0 || gcry_md_open(&sum, GCRY_MD_SM3, 0) != 0 ||
        gcry_cipher_open(&cipher, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0) != 0 ||
        gcry_cipher_setkey(cipher, key, sizeof key) != 0)
        fail_with(path);
    for (uint64_t chunk = 0; (n = receive(from, block, CHUNK)) > 0; chunk++) {
        gcry_md_write(sum, block, n);
        memcpy(nonce, &chunk, sizeof chunk);
        if (gcry_cipher_setiv(cipher, nonce, sizeof nonce) != 0 ||
            gcry_cipher_encrypt(cipher, block, n, NULL, 0) != 0 ||
            gcry_cipher_gettag(cipher, block + n, 16) != 0)
            fail_with("seal");
        put_all(fd, block, n + 16);
    }
    gcry_md_read(sum, GCRY_MD_SM3);
    gcry_md_close(sum);
    gcry_cipher_close(cipher);
    if (fsync(fd) != 0 || close(fd) != 0 || rename(path, final) != 0)
        fail_with(path);
}

static void ours(struct ctx *c, int from)
{
    static char block[CHUNK];
    struct file_writer *w;
    struct file_kept kept;
    size_t n;
    if (file_begin(c, &w) != E_OK)
        fail_with("file_begin");
    while ((n = receive(from, block, sizeof block)) > 0)
        if (file_add(c, w, (struct str){block, n}) != E_OK)
            fail_with("file_add");
    if (file_end(c, w, &kept) != E_OK)
        fail_with("file_end");
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static long memory_kb(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const char *folder = argv[1];
    size_t bytes = (size_t)strtoul(argv[2], NULL, 10) << 20;
    int rounds = (int)strtol(argv[3], NULL, 10);
    double rate[2][ROUNDS_MOST];
    char url[1000];
    struct keys keys = {.master = {1}};
    struct str why;
    struct store *store;
    struct arena *whole = arena_new((size_t)256 << 20);
    if (rounds < 1 || rounds > ROUNDS_MOST)
        return 2;
    crypt_start();
    snprintf(url, sizeof url, "sqlite:%s/files.db", folder);
    const struct store_options o = {.url = url, .folder = folder, .migrate = true};
    if (store_open(&o, whole, &store, &why) != E_OK)
        fail_with(url);
    long before = memory_kb();
    for (int i = 0; i < 2 * rounds; i++) {
        pid_t child;
        struct arena *a = arena_new((size_t)16 << 20);
        struct ctx c = {.arena = a, .store = store, .keys = &keys, .ids = store_ids(store),
                        .now = clock_now(), .center_id = 1};
        int from = sender(bytes, &child);
        int64_t begun = clock_steady();
        if (i % 2 == 0)
            bare(folder, from);
        else
            ours(&c, from);
        rate[i % 2][i / 2] = (double)bytes / 1048576.0 / ((double)(clock_steady() - begun + 1) / 1000);
        close(from);
        waitpid(child, NULL, 0);
        arena_free(a);
    }
    qsort(rate[0], (size_t)rounds, sizeof(double), by_size);
    qsort(rate[1], (size_t)rounds, sizeof(double), by_size);
    printf("{\"bare_mb_s\":%.1f,\"ours_mb_s\":%.1f,\"memory_kb\":%ld}\n", rate[0][rounds / 2],
           rate[1][rounds / 2], memory_kb() - before);
    store_close(store);
    arena_free(whole);
    return 0;
}
