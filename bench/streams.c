/* Thousands of wall boards: opens COUNT event streams and says how long an event takes to reach them
 * all. It is driven line by line: it prints `ready COUNT` once all streams are answered; each `go` on
 * its input starts the clock (the driver then causes the event), and when every stream has had a
 * message named EVENT, or after 5 s, it prints one JSON object.
 *
 *     streams HOST:PORT PATH COUNT EVENT */
#include "hist.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct stream {
    int fd, round;     /* round: the last `go` whose event has come */
    bool answered;
    char tail[64];     /* end of what came before: a name may be cut in two */
    size_t tail_size;
};

static struct {
    struct stream *v;
    int count, answered, lost, epoll, round, got;
    const char *host, *path;
    char mark[64];     /* "event: NAME\n" */
    struct sockaddr_in address;
    uint64_t start_ns;
    struct hist hist;
} g;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "streams: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void open_stream(struct stream *s)
{
    char text[1024];
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n", g.path, g.host);
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (s->fd < 0) die("socket");
    if (connect(s->fd, (struct sockaddr *)&g.address, sizeof g.address) != 0) die("connect");
    if (send(s->fd, text, (size_t)n, MSG_NOSIGNAL) != n) die("send");
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};
    if (epoll_ctl(g.epoll, EPOLL_CTL_ADD, s->fd, &e) != 0) die("epoll");
}

static void came(struct stream *s, char *text, size_t size)
{
    if (!s->answered && size > 12) {
        if (memcmp(text + s->tail_size, "HTTP/1.1 200", 12) != 0) {
            fprintf(stderr, "streams: refused: %.*s\n", 200, text + s->tail_size);
            exit(1);
        }
        s->answered = true;
        g.answered++;
    }
    if (s->round < g.round && memmem(text, size, g.mark, strlen(g.mark)) != NULL) {
        s->round = g.round;
        g.got++;
        hist_add(&g.hist, (now_ns() - g.start_ns) / 1000);
    }
    s->tail_size = size < sizeof s->tail ? size : sizeof s->tail - 1;
    memcpy(s->tail, text + size - s->tail_size, s->tail_size);
    if (s->round == g.round) s->tail_size = 0; /* not counted twice in the next round */
}

static void readable(struct stream *s)
{
    char text[16384 + sizeof s->tail + 1];
    memcpy(text, s->tail, s->tail_size);
    ssize_t n = recv(s->fd, text + s->tail_size, 16384, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        close(s->fd);
        g.lost++;
        return;
    }
    text[s->tail_size + (size_t)n] = 0;
    came(s, text, s->tail_size + (size_t)n);
}

static void poll_once(int wait_ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(g.epoll, events, 512, wait_ms);
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr != NULL) readable(events[i].data.ptr);
        else {
            char line[64];
            if (read(0, line, sizeof line) <= 0) exit(g.lost > 0);
            g.round++;
            g.got = 0;
            memset(&g.hist, 0, sizeof g.hist);
            g.start_ns = now_ns();
        }
}

static void report(void)
{
    printf("{\"streams\":%d,\"got\":%d,\"lost\":%d,\"p50_us\":%llu,\"p99_us\":%llu,\"max_us\":%llu}\n", g.count, g.got, g.lost,
           (unsigned long long)hist_at(&g.hist, 0.5), (unsigned long long)hist_at(&g.hist, 0.99), (unsigned long long)g.hist.max_us);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 5 || strchr(argv[1], ':') == NULL) {
        fprintf(stderr, "streams HOST:PORT PATH COUNT EVENT\n");
        return 2;
    }
    g.host = argv[1];
    g.path = argv[2];
    g.count = (int)strtol(argv[3], NULL, 10);
    snprintf(g.mark, sizeof g.mark, "event: %s\n", argv[4]);
    struct rlimit files = {(rlim_t)g.count + 64, (rlim_t)g.count + 64};
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) die("cannot open so many files");
    char host[64] = "";
    snprintf(host, sizeof host, "%.*s", (int)(strchr(g.host, ':') - g.host), g.host);
    g.address.sin_family = AF_INET;
    g.address.sin_port = htons((uint16_t)strtoul(strchr(g.host, ':') + 1, NULL, 10));
    if (inet_pton(AF_INET, host, &g.address.sin_addr) != 1) die("address");
    g.epoll = epoll_create1(0);
    g.v = calloc((size_t)g.count, sizeof *g.v);
    if (g.v == NULL) die("memory");
    for (int i = 0; i < g.count; i++) {
        open_stream(&g.v[i]);
        if (i % 100 == 99) poll_once(0);
    }
    for (uint64_t t = now_ns(); g.answered < g.count && now_ns() - t < 30000000000U;) poll_once(100);
    printf("ready %d\n", g.answered);
    fflush(stdout);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(g.epoll, EPOLL_CTL_ADD, 0, &e) != 0) die("standard input must be a pipe");
    for (int reported = 0;;) {
        poll_once(100);
        bool all_there = g.got >= g.count - g.lost, too_long = now_ns() - g.start_ns > 5000000000U;
        if (reported < g.round && (all_there || too_long)) {
            report();
            reported = g.round;
        }
    }
}
