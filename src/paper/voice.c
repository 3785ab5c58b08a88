/* The cache is a small table with one lock; who finds nothing there speaks under a second lock, so
 * that two boards asking for the same new call start one process. Each kept sound has an arena of
 * its own, freed when the sound has not been asked for the longest. */
#include "voice.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"

#define SOUNDS_KEPT     64
#define SOUND_BYTES_MAX ((size_t)2 << 20)
#define SPEAK_MS        5000
#define WORDS_MAX       400

struct sound {
    struct arena *arena;
    struct str words, wav;
    uint64_t asked;
};

struct voice {
    struct arena *arena;
    pthread_mutex_t table_lock, speak_lock;
    struct sound sounds[SOUNDS_KEPT];
    uint64_t asked;
};

extern char **environ;

enum err voice_start(struct ctx *c, void **ret_service)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct voice *v = ARENA_NEW(a, struct voice);
    (void)c;
    v->arena = a;
    pthread_mutex_init(&v->table_lock, NULL);
    pthread_mutex_init(&v->speak_lock, NULL);
    *ret_service = v;
    return E_OK;
}

void voice_stop(void *service)
{
    struct voice *v = service;
    if (v == NULL)
        return;
    for (size_t i = 0; i < SOUNDS_KEPT; i++)
        if (v->sounds[i].arena != NULL)
            arena_free(v->sounds[i].arena);
    pthread_mutex_destroy(&v->table_lock);
    pthread_mutex_destroy(&v->speak_lock);
    arena_free(v->arena);
}

static bool is_spoken(uint32_t ch)
{
    return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= 0x4e00 && ch <= 0x9fff);
}

struct str voice_spell(struct arena *a, struct str words)
{
    /* zh: calls are spoken in Chinese */
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    struct buf b;
    bool was_letter = false;
    buf_init(&b, a, WORDS_MAX * 8);
    for (size_t at = 0; at < words.n;) {
        size_t from = at;
        uint32_t ch = str_next_char(words, &at);
        bool is_digit = ch >= '0' && ch <= '9', is_letter = ch < 0x80 && is_spoken(ch);
        if (is_digit || (is_letter != was_letter && b.n > 0))
            buf_char(&b, ' ');
        was_letter = is_letter;
        if (is_digit)
            buf_fmt(&b, "%s ", digits[ch - '0']);
        else if (is_spoken(ch))
            buf_put(&b, words.p + from, at - from);
        else
            buf_char(&b, ' ');
    }
    return buf_as_str(&b);
}

static bool look_up(struct voice *v, struct ctx *c, struct str words, struct str *ret_wav)
{
    bool found = false;
    pthread_mutex_lock(&v->table_lock);
    for (size_t i = 0; i < SOUNDS_KEPT && !found; i++) {
        if (v->sounds[i].arena == NULL || !str_eq(v->sounds[i].words, words))
            continue;
        v->sounds[i].asked = ++v->asked;
        *ret_wav = str_copy(c->arena, v->sounds[i].wav);
        found = true;
    }
    pthread_mutex_unlock(&v->table_lock);
    return found;
}

static void keep(struct voice *v, struct str words, struct str wav)
{
    pthread_mutex_lock(&v->table_lock);
    struct sound *oldest = &v->sounds[0];
    for (size_t i = 1; i < SOUNDS_KEPT; i++)
        if (v->sounds[i].asked < oldest->asked)
            oldest = &v->sounds[i];
    if (oldest->arena != NULL)
        arena_free(oldest->arena);
    oldest->arena = arena_new(SOUND_BYTES_MAX * 2);
    oldest->words = str_copy(oldest->arena, words);
    oldest->wav = str_copy(oldest->arena, wav);
    oldest->asked = ++v->asked;
    pthread_mutex_unlock(&v->table_lock);
}

/* Starts the process with its output in a pipe; its means are cut before it can use them. */
static bool spawn(const char *words, pid_t *ret_pid, int *ret_fd)
{
    char *argv[] = {"espeak-ng", "-v",       "cmn-latn-pinyin", "-s",
                    "140",       "--stdout", (char *)words,     NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool started = posix_spawnp(ret_pid, argv[0], &actions, &attributes, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (!started) {
        close(ends[0]);
        return false;
    }
    struct rlimit seconds = {4, 4}, memory = {(rlim_t)512 << 20, (rlim_t)512 << 20};
    (void)prlimit(*ret_pid, RLIMIT_CPU, &seconds, NULL);
    (void)prlimit(*ret_pid, RLIMIT_AS, &memory, NULL);
    *ret_fd = ends[0];
    return true;
}

/* Everything the process writes, within its time and size; true when it ended well. */
static bool listen_to(pid_t pid, int fd, struct buf *b)
{
    int64_t deadline = clock_steady() + SPEAK_MS;
    bool ended = false;
    while (!ended && !buf_overflowed(b)) {
        struct pollfd p = {fd, POLLIN, 0};
        char piece[16384];
        int64_t left = deadline - clock_steady();
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            break;
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0)
            buf_put(b, piece, (size_t)n);
        ended = n <= 0;
    }
    close(fd);
    if (!ended)
        kill(pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A WAV written to a pipe has lengths of "unknown" in its head; players want the real ones. */
static void mend_lengths(struct buf *b)
{
    size_t riff = b->n - 8, data = b->n - 44;
    for (int i = 0; i < 4; i++) {
        b->p[4 + i] = (char)(riff >> (8 * i) & 0xff);
        b->p[40 + i] = (char)(data >> (8 * i) & 0xff);
    }
}

static enum err speak(struct ctx *c, struct str words, struct str *ret_wav)
{
    struct buf b;
    pid_t pid;
    int fd;
    buf_init(&b, c->arena, SOUND_BYTES_MAX);
    if (!spawn(str_z(c->arena, words), &pid, &fd))
        return fail(c, E_VOICE_OFF, "espeak-ng does not start: %s", strerror(errno));
    if (!listen_to(pid, fd, &b) || b.n <= 44 || memcmp(b.p, "RIFF", 4) != 0 ||
        memcmp(b.p + 36, "data", 4) != 0)
        return fail(c, E_VOICE_OFF, "espeak-ng gave no sound");
    mend_lengths(&b);
    *ret_wav = buf_as_str(&b);
    return E_OK;
}

enum err voice_say(struct voice *v, struct ctx *c, struct str words, struct str *ret_wav)
{
    enum err e = E_OK;
    struct str spelled = voice_spell(c->arena, str_head(words, WORDS_MAX));
    if (v == NULL || str_trim(spelled).n == 0)
        return fail(c, E_VOICE_OFF, "nothing to say, or no voice");
    if (look_up(v, c, spelled, ret_wav))
        return E_OK;
    pthread_mutex_lock(&v->speak_lock);
    if (!look_up(v, c, spelled, ret_wav)) {
        e = speak(c, spelled, ret_wav);
        if (e == E_OK)
            keep(v, spelled, *ret_wav);
    }
    pthread_mutex_unlock(&v->speak_lock);
    return e;
}
