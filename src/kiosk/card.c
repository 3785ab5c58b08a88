/* The card reader's bridge: a small program beside the reader's driver, on this machine, that speaks lines of
 * JSON (docs/hall.md, Card reader). What was read lives in memory only, no longer than the card lies there
 * and at most a minute, and never reaches a page: only the masked name does. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "kiosk.h"

#include "clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define KEPT_MS   60000
#define LINE_MOST 2000
#define AGAIN_MS  1000

struct card_reader {
    pthread_t thread;
    pthread_mutex_t lock;
    struct card card;
    int64_t read_at; /* clock_steady(); 0: no card */
};

static bool take_text(const json_t *o, const char *name, char *to, size_t most)
{
    const json_t *x = json_object_get(o, name);
    size_t n = json_string_length(x);
    if (!json_is_string(x) || n == 0 || n >= most)
        return false;
    memcpy(to, json_string_value(x), n + 1);
    return true;
}

bool card_line(struct str line, struct card *ret, bool *ret_is_there)
{
    json_t *o = json_loadb(line.p, line.n, 0, NULL);
    const char *event = json_string_value(json_object_get(o, "event"));
    struct card x = {.name = ""};
    bool is_right = event != NULL;
    *ret_is_there = false;
    if (is_right && strcmp(event, "card") == 0) {
        is_right = take_text(o, "name", x.name, sizeof x.name) &&
                   take_text(o, "id_no", x.id_no, sizeof x.id_no);
        *ret_is_there = is_right;
    } else if (is_right) {
        is_right = strcmp(event, "removed") == 0;
    }
    if (is_right)
        *ret = x;
    explicit_bzero(&x, sizeof x);
    json_decref(o);
    return is_right;
}

static int connect_to(const char *address)
{
    char host[100];
    const char *colon = strrchr(address, ':');
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM};
    if (colon == NULL || (size_t)(colon - address) >= sizeof host)
        return -1;
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void forget(struct card_reader *r)
{
    pthread_mutex_lock(&r->lock);
    explicit_bzero(&r->card, sizeof r->card);
    r->read_at = 0;
    pthread_mutex_unlock(&r->lock);
}

static void take_line(struct card_reader *r, struct str line)
{
    struct card x;
    bool is_there;
    if (!card_line(line, &x, &is_there))
        return;
    pthread_mutex_lock(&r->lock);
    r->card = x;
    r->read_at = is_there ? clock_steady() : 0;
    pthread_mutex_unlock(&r->lock);
    explicit_bzero(&x, sizeof x);
}

/* Lines until the bridge ends; one that is too long ends it too. */
static void read_lines(struct kiosk *k, int fd)
{
    char text[LINE_MOST];
    size_t n = 0;
    while (!k->is_stopping) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 500) <= 0)
            continue;
        ssize_t got = read(fd, text + n, sizeof text - n);
        if (got <= 0 && !(got < 0 && errno == EINTR))
            break;
        n += got > 0 ? (size_t)got : 0;
        for (char *end; (end = memchr(text, '\n', n)) != NULL;) {
            size_t used = (size_t)(end - text) + 1;
            take_line(k->reader, (struct str){text, used - 1});
            memmove(text, text + used, n - used);
            n -= used;
        }
        if (n == sizeof text)
            break;
    }
    explicit_bzero(text, sizeof text);
}

static void *run_reader(void *arg)
{
    struct kiosk *k = arg;
    while (!k->is_stopping) {
        int fd = connect_to(k->card);
        if (fd >= 0) {
            read_lines(k, fd);
            close(fd);
            forget(k->reader);
        }
        struct timespec t = {.tv_sec = AGAIN_MS / 1000};
        if (!k->is_stopping)
            nanosleep(&t, NULL);
    }
    return NULL;
}

bool card_start(struct kiosk *k)
{
    k->reader = NULL;
    if (k->card == NULL)
        return true;
    k->reader = ARENA_NEW(k->arena, struct card_reader);
    pthread_mutex_init(&k->reader->lock, NULL);
    return pthread_create(&k->reader->thread, NULL, run_reader, k) == 0;
}

void card_stop(struct kiosk *k)
{
    if (k->reader == NULL)
        return;
    pthread_join(k->reader->thread, NULL);
    forget(k->reader);
    pthread_mutex_destroy(&k->reader->lock);
}

bool card_now(struct kiosk *k, struct card *ret)
{
    struct card_reader *r = k->reader;
    if (r == NULL)
        return false;
    pthread_mutex_lock(&r->lock);
    bool is_there = r->read_at != 0 && clock_steady() - r->read_at < KEPT_MS;
    if (is_there)
        *ret = r->card;
    pthread_mutex_unlock(&r->lock);
    return is_there;
}
