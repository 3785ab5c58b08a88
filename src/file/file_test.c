/* Files: what is written comes back, and whatever is done to the bytes on the disk is found. Where each part
 * lies in a sealed file is written down here a second time, from the description in file.h. */
#include "file.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "crypt.h"

#define HEAD  40 /* 8 of the name of the format, 32 of salt */
#define TAG   16
#define END   24 /* 8 of size, 16 that bind it to the name */
#define CHUNK 65536

/* Bytes that do not repeat where chunks do. */
static struct str sample(struct test *t, size_t n, unsigned seed)
{
    char *p = arena_bytes(t->c->arena, n + 1);
    uint32_t x = seed * 2654435761u + 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        p[i] = (char)(x >> 24);
    }
    return (struct str){p, n};
}

static const char *place(struct test *t, struct str name)
{
    return str_z(t->arena, str_fmt(t->arena, "%s/files/%lld/%.3s/%.*s", store_folder(t->store),
                                   (long long)t->c->center_id, name.p, STR_ARG(name)));
}

static struct file_kept kept(struct test *t, struct str bytes)
{
    struct file_kept k;
    assert_int_equal(file_write(t->c, bytes, &k), E_OK);
    return k;
}

static enum err read_back(struct test *t, struct str name, struct str *ret)
{
    return file_read_whole(t->c, name, (size_t)64 << 20, ret);
}

static void put_bytes(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
}

static struct str get_bytes(struct test *t, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    char *p = arena_bytes(t->arena, (size_t)st.st_size + 1);
    assert_true(read(fd, p, (size_t)st.st_size) == st.st_size);
    close(fd);
    return (struct str){p, (size_t)st.st_size};
}

void test_file__what_is_written_comes_back_at_every_size_about_a_chunk(struct test *t)
{
    static const size_t sizes[] =
        {0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7, 5 * CHUNK - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct str bytes = sample(t, sizes[i], (unsigned)i), back;
        struct file_kept k = kept(t, bytes);
        uint8_t digest[SM3_BYTES];
        assert_int_equal(k.size, (int64_t)sizes[i]);
        sm3_of(bytes, digest);
        assert_true(str_eq(k.digest, hex(t->arena, digest, sizeof digest)));
        assert_int_equal(read_back(t, k.name, &back), E_OK);
        assert_true(str_eq(back, bytes));
    }
}

void test_file__pieces_of_any_length_make_the_same_file(struct test *t)
{
    struct str whole = sample(t, 3 * CHUNK + 100, 9), back;
    static const size_t steps[] = {1000, CHUNK, CHUNK + 1, 4 * CHUNK};
    struct file_kept once = kept(t, whole), parts;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct file_writer *w;
        assert_int_equal(file_begin(t->c, &w), E_OK);
        for (size_t at = 0; at < whole.n; at += steps[i]) {
            size_t n = whole.n - at < steps[i] ? whole.n - at : steps[i];
            assert_int_equal(file_add(t->c, w, (struct str){whole.p + at, n}), E_OK);
        }
        assert_int_equal(file_end(t->c, w, &parts), E_OK);
        assert_true(str_eq(parts.name, once.name));
        assert_int_equal(read_back(t, parts.name, &back), E_OK);
        assert_true(str_eq(back, whole));
    }
}

void test_file__neither_name_nor_bytes_tell_what_is_in_it(struct test *t)
{
    struct str bytes = sample(t, 5000, 3);
    struct file_kept here = kept(t, bytes);
    struct str sealed = get_bytes(t, place(t, here.name));
    assert_false(str_eq(here.name, here.digest));
    assert_true(str_find(sealed, (struct str){bytes.p + 100, 16}) < 0);
    struct str first = str_copy(t->arena, sealed);
    kept(t, bytes); /* the same content again: sealed anew, another salt */
    assert_false(str_eq(get_bytes(t, place(t, here.name)), first));
    t->c->center_id++; /* another centre keeps the same paper under another name */
    assert_false(str_eq(kept(t, bytes).name, here.name));
    t->c->center_id--;
}

void test_file__cut_anywhere_it_does_not_open(struct test *t)
{
    struct str bytes = sample(t, 2 * CHUNK + 500, 4), back;
    struct file_kept k = kept(t, bytes);
    struct str sealed = get_bytes(t, place(t, k.name));
    const size_t one = CHUNK + TAG;
    assert_int_equal(sealed.n, HEAD + 2 * one + 500 + TAG + END);
    const size_t cuts[] = {0,
                           1,
                           8,
                           HEAD - 1,
                           HEAD,
                           HEAD + 1,
                           HEAD + CHUNK,
                           HEAD + one - 1,
                           HEAD + one,
                           HEAD + one + 1,
                           HEAD + 2 * one,
                           HEAD + 2 * one + 500,
                           HEAD + 2 * one + 500 + TAG,
                           sealed.n - END,
                           sealed.n - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        put_bytes(place(t, k.name), (struct str){sealed.p, cuts[i]});
        assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
    }
    /* A whole chunk less, with the end put behind it as if it were whole: the size tells. */
    struct buf b;
    buf_init(&b, t->arena, sealed.n);
    buf_put(&b, sealed.p, HEAD + 2 * one);
    buf_put(&b, sealed.p + sealed.n - END, END);
    put_bytes(place(t, k.name), buf_as_str(&b));
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
    put_bytes(place(t, k.name), str_fmt(t->arena, "%.*sx", 0, ""));
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
    put_bytes(place(t, k.name), sealed);
    assert_int_equal(read_back(t, k.name, &back), E_OK);
}

void test_file__one_bit_anywhere_is_found(struct test *t)
{
    struct str bytes = sample(t, CHUNK + 500, 5), back;
    struct file_kept k = kept(t, bytes);
    struct str sealed = get_bytes(t, place(t, k.name));
    char *p = arena_bytes(t->arena, sealed.n);
    memcpy(p, sealed.p, sealed.n);
    const size_t spots[] = {0,                    /* name of the format */
                            8,                    /* salt */
                            HEAD - 1,             /* salt */
                            HEAD,                 /* first byte of the first chunk */
                            HEAD + CHUNK - 1,     /* its last */
                            HEAD + CHUNK,         /* its tag */
                            HEAD + CHUNK + TAG,   /* the last chunk */
                            sealed.n - END - TAG, /* its tag */
                            sealed.n - END,       /* the size, high */
                            sealed.n - END + 7,   /* the size, low */
                            sealed.n - 1};        /* what binds it to the name */
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++)
        for (int bit = 0; bit < 8; bit += 7) {
            p[spots[i]] ^= (char)(1 << bit);
            put_bytes(place(t, k.name), (struct str){p, sealed.n});
            assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
            p[spots[i]] ^= (char)(1 << bit);
        }
}

void test_file__chunks_in_another_order_and_swapped_files_are_found(struct test *t)
{
    struct str bytes = sample(t, 3 * CHUNK, 6), back;
    struct file_kept k = kept(t, bytes), other = kept(t, sample(t, 3 * CHUNK, 7));
    struct str sealed = get_bytes(t, place(t, k.name)),
               foreign = get_bytes(t, place(t, other.name));
    const size_t one = CHUNK + TAG;
    char *p = arena_bytes(t->arena, sealed.n);
    memcpy(p, sealed.p, sealed.n); /* the first two chunks change places */
    memcpy(p + HEAD, sealed.p + HEAD + one, one);
    memcpy(p + HEAD + one, sealed.p + HEAD, one);
    put_bytes(place(t, k.name), (struct str){p, sealed.n});
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
    memcpy(p, sealed.p, sealed.n); /* a chunk of another file */
    memcpy(p + HEAD, foreign.p + HEAD, one);
    put_bytes(place(t, k.name), (struct str){p, sealed.n});
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
    put_bytes(place(t, k.name), foreign); /* the whole of another file */
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
}

void test_file__another_key_opens_nothing(struct test *t)
{
    struct file_kept k = kept(t, sample(t, 1000, 8));
    struct keys other = *t->c->keys;
    struct str back;
    other.master[0] ^= 1;
    t->c->keys = &other;
    assert_int_equal(read_back(t, k.name, &back), E_FILE_CHANGED);
}

void test_file__a_name_that_is_none_opens_nothing(struct test *t)
{
    struct str back;
    assert_int_equal(read_back(t, STR("../../hall.conf"), &back), E_FILE_GONE);
    assert_int_equal(read_back(t, STR(""), &back), E_FILE_GONE);
    assert_int_equal(read_back(t,
                               hex(t->arena, (const uint8_t *)"0123456789012345678901234567890",
                                   32),
                               &back),
                     E_FILE_GONE);
}

void test_file__longer_than_allowed_is_not_read(struct test *t)
{
    struct str back;
    struct file_kept k = kept(t, sample(t, 1000, 10));
    assert_int_equal(file_read_whole(t->c, k.name, 999, &back), E_TOO_LARGE);
}

/* A child whose files may not grow: what the disk does when it is full. */
void test_file__a_full_disk_is_told_and_leaves_nothing(struct test *t)
{
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit small = {100000, 100000};
        struct file_kept k;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        struct arena *a = arena_new((size_t)8 << 20);
        struct ctx *c = test_new_ctx(t, a);
        c->center_id = t->c->center_id + 5000;
        enum err e = file_write(c, sample(t, 3 * CHUNK, 11), &k);
        arena_free(a); /* removes what was begun */
        _exit(e == E_STORE_FULL ? 0 : 1);
    }
    int status;
    assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    const char *part =
        str_z(t->arena, str_fmt(t->arena, "%s/files/%lld/part", store_folder(t->store),
                                (long long)t->c->center_id + 5000));
    assert_int_equal(rmdir(part), 0); /* empty */
}

static struct str shared;
static void *write_often(void *arg)
{
    struct ctx *c = arg;
    struct file_kept k;
    for (int i = 0; i < 20; i++)
        if (file_write(c, shared, &k) != E_OK)
            return NULL;
    return arg;
}

void test_file__two_who_write_the_same_both_have_it(struct test *t)
{
    pthread_t threads[2];
    struct arena *a[2];
    void *done;
    struct str back;
    shared = sample(t, 2 * CHUNK + 3, 12);
    for (int i = 0; i < 2; i++) {
        a[i] = arena_new((size_t)64 << 20);
        assert_int_equal(pthread_create(&threads[i], NULL, write_often, test_new_ctx(t, a[i])), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_non_null(done);
        arena_free(a[i]);
    }
    assert_int_equal(read_back(t, kept(t, shared).name, &back), E_OK);
    assert_true(str_eq(back, shared));
}

/* --- who stands on it ----------------------------------------------------------------------------- */

static void look_at_all_folders(struct test *t, int64_t now)
{
    int64_t minute = now / MINUTE_MS;
    for (int i = 0; i < 1024; i++) {
        t->c->now = (minute + i) * MINUTE_MS;
        assert_int_equal(file_sweep_job(t->c), E_OK);
    }
}

static int64_t written_at(struct test *t, struct str name)
{
    struct stat st;
    assert_int_equal(stat(place(t, name), &st), 0);
    return (int64_t)st.st_mtim.tv_sec * SECOND_MS;
}

void test_file__what_nobody_stands_on_is_swept_after_its_time(struct test *t)
{
    struct str back;
    struct file_kept used = kept(t, sample(t, 100, 13)), orphan = kept(t, sample(t, 100, 14));
    int64_t at = written_at(t, orphan.name);
    test_tolerates_errors(t);
    assert_int_equal(file_use(t->c, &used, "test", 7), E_OK);
    assert_int_equal(file_use(t->c, &used, "test", 8), E_OK);
    look_at_all_folders(t, at + HOUR_MS); /* 18 hours of looking: not yet its time */
    assert_int_equal(access(place(t, orphan.name), F_OK), 0);
    look_at_all_folders(t, at + 25 * HOUR_MS);
    assert_int_equal(read_back(t, orphan.name, &back), E_FILE_GONE);
    assert_int_equal(read_back(t, used.name, &back), E_OK);
    assert_int_equal(file_use(t->c, &orphan, "test", 9), E_FILE_GONE);
    assert_int_equal(file_unuse(t->c, used.name, "test", 7), E_OK);
    look_at_all_folders(t, at + 25 * HOUR_MS);
    assert_int_equal(read_back(t, used.name, &back), E_OK); /* one still stands on it */
    assert_int_equal(file_unuse(t->c, used.name, "test", 8), E_OK);
    look_at_all_folders(t, at + 25 * HOUR_MS);
    assert_int_equal(read_back(t, used.name, &back), E_FILE_GONE);
}

void test_file__killed_before_anybody_stood_on_it_it_is_an_orphan(struct test *t)
{
    struct str bytes = sample(t, 3 * CHUNK, 15), back;
    int ends[2], status;
    char name[65] = "";
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) { /* one whole file, one half: then the power is gone */
        struct arena *a = arena_new((size_t)8 << 20);
        struct ctx *c = test_new_ctx(t, a);
        struct file_kept k;
        struct file_writer *w;
        bool is_done = file_write(c, bytes, &k) == E_OK && file_begin(c, &w) == E_OK &&
                       file_add(c, w, bytes) == E_OK &&
                       write(ends[1], k.name.p, k.name.n) == (ssize_t)k.name.n;
        if (is_done)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], name, 64), 64);
    close(ends[0]);
    assert_true(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    struct str orphan = str_of(name);
    assert_int_equal(read_back(t, orphan, &back), E_OK); /* it was safe on the disk */
    look_at_all_folders(t, written_at(t, orphan) + 25 * HOUR_MS);
    assert_int_equal(read_back(t, orphan, &back), E_FILE_GONE);
    const char *part = str_z(t->arena, str_fmt(t->arena, "%s/files/%lld/part",
                                               store_folder(t->store), (long long)t->c->center_id));
    assert_int_equal(rmdir(part), 0); /* the half one is gone too */
}

void test_live_file__verify_tells_what_is_missing_and_what_was_changed(struct test *t)
{
    struct file_kept k[3];
    struct file_faults found;
    for (unsigned i = 0; i < 3; i++) {
        k[i] = kept(t, sample(t, 1000, 16 + i));
        assert_int_equal(store_hold(t->store, t->c), E_OK);
        assert_int_equal(file_use(t->c, &k[i], "test", 1), E_OK);
        assert_int_equal(store_let_go(t->c, true), E_OK);
    }
    assert_int_equal(file_verify(t->store, t->c, &found), E_OK);
    assert_true(found.files == 3 && found.gone == 0 && found.changed == 0 && found.first.p == NULL);
    assert_int_equal(unlink(place(t, k[0].name)), 0);
    struct str sealed = get_bytes(t, place(t, k[1].name));
    ((char *)(uintptr_t)sealed.p)[HEAD + 3] ^= 1;
    put_bytes(place(t, k[1].name), sealed);
    assert_int_equal(file_verify(t->store, t->c, &found), E_OK);
    assert_true(found.files == 3 && found.gone == 1 && found.changed == 1);
}
