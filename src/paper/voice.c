/* A call is put together from parts: 请, A, 零, 二, 三, 到, 六, 号窗口. Each part is spoken once by
 * espeak-ng, its silence cut off, and kept; the parts that every call needs are spoken ahead by a thread of
 * the service, so that a call costs no process at all. Parts are spoken under one lock, one process
 * at a time; when espeak-ng is missing, hangs or fails, nobody asks it again for a while, so a hall
 * without a voice is as fast as one with it. */
#include "voice.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"

#define PARTS_KEPT      160
#define PARTS_MOST      48 /* of one call */
#define PART_BYTES_MAX  ((size_t)512 << 10)
#define SOUND_BYTES_MAX ((size_t)4 << 20)
#define SPEAK_MS        3000
#define QUIET_MS        30000 /* nobody asks again for so long when it failed */
#define AHEAD_AFTER_MS  1500  /* the start of the program comes first */
#define WORDS_MAX       400
#define RATE            22050 /* samples a second, 16 bit, one channel: what espeak-ng writes */
#define HEAD_BYTES      44
#define SILENCE         300 /* a sample below this is not heard */
#define DIGIT_GAP_MS    40
#define WORD_GAP_MS     110

struct part {
    struct arena *arena;
    struct str words, samples;
    uint64_t asked;
};

struct voice {
    struct arena *arena;
    pthread_mutex_t table_lock, speak_lock;
    struct part parts[PARTS_KEPT];
    uint64_t asked;
    _Atomic int64_t quiet_until; /* clock_steady() */
    atomic_bool stopping;
    pthread_cond_t wake;
    pthread_t ahead;
    bool has_ahead;
};

extern char **environ;

/* zh: calls are spoken in Chinese */
static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
/* zh: what every call is made of */
static const char *const words_of_calls[] = {"请", "到", "号窗口"};

static bool is_spoken(uint32_t ch)
{
    return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= 0x4e00 && ch <= 0x9fff);
}

struct str voice_spell(struct arena *a, struct str words)
{
    struct buf b;
    bool was_letter = false;
    buf_init(&b, a, WORDS_MAX * 8);
    for (size_t at = 0; at < words.n;) {
        size_t from = at;
        uint32_t ch = str_next_char(words, &at);
        bool is_digit = ch >= '0' && ch <= '9', is_letter = ch < 0x80 && is_spoken(ch);
        if (is_digit || ((is_letter || was_letter) && b.n > 0))
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

/* --- what is kept --- */

static bool look_up(struct voice *v, struct ctx *c, struct str words, struct str *ret_samples)
{
    bool found = false;
    pthread_mutex_lock(&v->table_lock);
    for (size_t i = 0; i < PARTS_KEPT && !found; i++) {
        if (v->parts[i].arena == NULL || !str_eq(v->parts[i].words, words))
            continue;
        v->parts[i].asked = ++v->asked;
        *ret_samples = str_copy(c->arena, v->parts[i].samples);
        found = true;
    }
    pthread_mutex_unlock(&v->table_lock);
    return found;
}

static void keep(struct voice *v, struct str words, struct str samples)
{
    pthread_mutex_lock(&v->table_lock);
    struct part *oldest = &v->parts[0];
    for (size_t i = 1; i < PARTS_KEPT; i++)
        if (v->parts[i].asked < oldest->asked)
            oldest = &v->parts[i];
    if (oldest->arena != NULL)
        arena_free(oldest->arena);
    oldest->arena = arena_new(PART_BYTES_MAX * 2);
    oldest->words = str_copy(oldest->arena, words);
    oldest->samples = str_copy(oldest->arena, samples);
    oldest->asked = ++v->asked;
    pthread_mutex_unlock(&v->table_lock);
}

/* --- espeak-ng --- */

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
static bool listen_to(const struct voice *v, pid_t pid, int fd, struct buf *b)
{
    int64_t deadline = clock_steady() + SPEAK_MS;
    bool ended = false;
    while (!ended && !buf_overflowed(b) && !atomic_load(&v->stopping)) {
        struct pollfd p = {fd, POLLIN, 0};
        char piece[16384];
        int64_t left = deadline - clock_steady();
        int ready = left > 0 ? poll(&p, 1, left < 100 ? (int)left : 100) : -1;
        if (ready == 0 || (ready < 0 && left > 0 && errno == EINTR))
            continue;
        if (ready < 0)
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

static int16_t sample_at(struct str samples, size_t i)
{
    int16_t s;
    memcpy(&s, samples.p + 2 * i, sizeof s);
    return s;
}

static bool is_heard(struct str samples, size_t i)
{
    int16_t s = sample_at(samples, i);
    return s > SILENCE || s < -SILENCE;
}

/* Parts stand close to each other: the silence around them goes, but for a hundredth of a second. */
static struct str without_silence(struct str samples)
{
    size_t from = 0, to = samples.n / 2, edge = RATE / 100;
    while (from < to && !is_heard(samples, from))
        from++;
    while (to > from && !is_heard(samples, to - 1))
        to--;
    from = from > edge ? from - edge : 0;
    to = to + edge < samples.n / 2 ? to + edge : samples.n / 2;
    return (struct str){samples.p + 2 * from, 2 * (to - from)};
}

static enum err speak(struct voice *v, struct ctx *c, struct str words, struct str *ret_samples)
{
    struct buf b;
    pid_t pid;
    int fd;
    uint32_t rate;
    buf_init(&b, c->arena, PART_BYTES_MAX);
    if (!spawn(str_z(c->arena, words), &pid, &fd))
        return fail(c, E_VOICE_OFF, "espeak-ng does not start: %s", strerror(errno));
    if (!listen_to(v, pid, fd, &b) || b.n <= HEAD_BYTES || memcmp(b.p, "RIFF", 4) != 0 ||
        memcmp(b.p + 36, "data", 4) != 0)
        return fail(c, E_VOICE_OFF, "espeak-ng gave no sound");
    memcpy(&rate, b.p + 24, sizeof rate);
    if (rate != RATE)
        return fail(c, E_VOICE_OFF, "espeak-ng speaks at %u samples a second", rate);
    *ret_samples = without_silence((struct str){b.p + HEAD_BYTES, b.n - HEAD_BYTES});
    return E_OK;
}

static enum err part_of(struct voice *v, struct ctx *c, struct str words, struct str *ret_samples)
{
    enum err e = E_OK;
    if (look_up(v, c, words, ret_samples))
        return E_OK;
    pthread_mutex_lock(&v->speak_lock);
    if (!look_up(v, c, words, ret_samples)) {
        if (clock_steady() < atomic_load(&v->quiet_until))
            e = fail(c, E_VOICE_OFF, "espeak-ng failed a moment ago");
        else
            e = speak(v, c, words, ret_samples);
        if (e == E_OK)
            keep(v, words, *ret_samples);
        else if (clock_steady() >= atomic_load(&v->quiet_until))
            atomic_store(&v->quiet_until, clock_steady() + QUIET_MS);
    }
    pthread_mutex_unlock(&v->speak_lock);
    return e;
}

/* --- the service --- */

static bool rest(struct voice *v, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&v->table_lock);
    while (!atomic_load(&v->stopping) &&
           pthread_cond_timedwait(&v->wake, &v->table_lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&v->table_lock);
    return !atomic_load(&v->stopping);
}

static bool speak_one_ahead(struct voice *v, const char *words)
{
    struct arena *a = arena_new(PART_BYTES_MAX * 4);
    struct ctx c = {.arena = a};
    struct str samples;
    enum err e = part_of(v, &c, str_of(words), &samples);
    arena_free(a);
    return e == E_OK && rest(v, 20);
}

/* What calls are made of: the words, the numerals, the letters of zones. Ends at the first failure. */
static void *speak_ahead(void *arg)
{
    struct voice *v = arg;
    char letter[2] = "A";
    bool goes_on = rest(v, AHEAD_AFTER_MS);
    for (size_t i = 0; goes_on && i < sizeof(words_of_calls) / sizeof(*words_of_calls); i++)
        goes_on = speak_one_ahead(v, words_of_calls[i]);
    for (size_t i = 0; goes_on && i < sizeof(digits) / sizeof(*digits); i++)
        goes_on = speak_one_ahead(v, digits[i]);
    for (; goes_on && letter[0] <= 'Z'; letter[0]++)
        goes_on = speak_one_ahead(v, letter);
    return NULL;
}

enum err voice_start(struct ctx *c, void **ret_service)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct voice *v = ARENA_NEW(a, struct voice);
    (void)c;
    v->arena = a;
    pthread_mutex_init(&v->table_lock, NULL);
    pthread_mutex_init(&v->speak_lock, NULL);
    pthread_cond_init(&v->wake, NULL);
    v->has_ahead = pthread_create(&v->ahead, NULL, speak_ahead, v) == 0;
    *ret_service = v;
    return E_OK;
}

void voice_stop(void *service)
{
    struct voice *v = service;
    if (v == NULL)
        return;
    pthread_mutex_lock(&v->table_lock);
    atomic_store(&v->stopping, true);
    pthread_cond_broadcast(&v->wake);
    pthread_mutex_unlock(&v->table_lock);
    if (v->has_ahead)
        pthread_join(v->ahead, NULL);
    for (size_t i = 0; i < PARTS_KEPT; i++)
        if (v->parts[i].arena != NULL)
            arena_free(v->parts[i].arena);
    pthread_cond_destroy(&v->wake);
    pthread_mutex_destroy(&v->table_lock);
    pthread_mutex_destroy(&v->speak_lock);
    arena_free(v->arena);
}

/* --- a whole call --- */

static void put_number(struct buf *b, uint64_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(b, (char)(n >> (8 * i) & 0xff));
}

static void put_head(struct buf *b, size_t sample_bytes)
{
    buf_lit(b, "RIFF");
    put_number(b, HEAD_BYTES - 8 + sample_bytes, 4);
    buf_lit(b, "WAVEfmt ");
    put_number(b, 16, 4);
    put_number(b, 1, 2); /* PCM */
    put_number(b, 1, 2); /* one channel */
    put_number(b, RATE, 4);
    put_number(b, RATE * 2, 4);
    put_number(b, 2, 2);
    put_number(b, 16, 2);
    buf_lit(b, "data");
    put_number(b, sample_bytes, 4);
}

static bool is_digit_word(struct str word)
{
    for (size_t i = 0; i < sizeof(digits) / sizeof(*digits); i++)
        if (str_is(word, digits[i]))
            return true;
    return false;
}

static void put_gap(struct buf *b, int ms)
{
    for (int i = 0; i < RATE * ms / 1000; i++)
        put_number(b, 0, 2);
}

enum err voice_say(struct voice *v, struct ctx *c, struct str words, struct str *ret_wav)
{
    struct buf sound, wav;
    struct str left = voice_spell(c->arena, str_head(words, WORDS_MAX)), part;
    bool was_digit = false;
    if (v == NULL)
        return fail(c, E_VOICE_OFF, "no voice");
    buf_init(&sound, c->arena, SOUND_BYTES_MAX);
    for (int n = 0; left.p != NULL && n < PARTS_MOST;) {
        struct str word = str_cut(&left, ' ');
        if (word.n == 0)
            continue;
        TRY(part_of(v, c, word, &part));
        bool is_digit = is_digit_word(word);
        if (n++ > 0)
            put_gap(&sound, is_digit && was_digit ? DIGIT_GAP_MS : WORD_GAP_MS);
        buf_str(&sound, part);
        was_digit = is_digit;
    }
    if (sound.n == 0 || buf_overflowed(&sound))
        return fail(c, E_VOICE_OFF, "nothing to say, or too much");
    buf_init(&wav, c->arena, SOUND_BYTES_MAX + HEAD_BYTES);
    put_head(&wav, sound.n);
    buf_str(&wav, buf_as_str(&sound));
    *ret_wav = buf_as_str(&wav);
    return E_OK;
}
