/* A load program that does not flatter. Requests come at a constant rate whatever the server does,
 * and latency counts from the moment a request was meant to be sent, so waiting for a slow answer
 * is part of the next one's time (no coordinated omission). With `--rate max` it is a closed loop:
 * each connection sends as soon as it is answered, which measures throughput.
 *
 *     load [options] HOST:PORT METHOD PATH [BODY]     one request over and over
 *     load [options] HOST:PORT --script FILE          whole visits (script.h)
 *       --rate N|max (max)  --connections N (64)  --seconds N (10)  --warmup N (2)
 *       --header "Name: value"  --lines FILE  --json
 *       --pid N   the server's: its processor time a request is told too
 *
 * One thread, epoll, keep-alive connections. Exit status 1 when an answer was not 2xx. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IN_START = 16384, IN_MAX = 4 << 20, OUT_SIZE = 16384 };

struct conn {
    int fd, step;            /* step -1: idle */
    bool setup_done, counts; /* counts: the visit began after the warm-up */
    uint64_t intended_ns, step_ns;
    struct speaker who;
    char *in;
    size_t in_size, in_n, out_n, out_sent;
    char out[OUT_SIZE];
};

static struct {
    struct script script;
    struct sockaddr_in address;
    int epoll, connections;
    struct conn *conns;
    int *idle, idle_count;
    double rate;             /* 0: max */
    uint64_t start_ns, measure_ns, end_ns;
    unsigned long long issued, done, empty, bad, broken;
    unsigned long long done_in_time; /* inside the measured window, whatever their start */
    struct hist visits;
    char first_bad[512];
    bool json;
    long pid;                /* of the server, 0 unknown */
    double cpu_s;            /* it used in the measured window */
} g;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void connect_to_server(struct conn *c)
{
    if (c->fd >= 0) close(c->fd);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0) die("socket");
    if (connect(c->fd, (struct sockaddr *)&g.address, sizeof g.address) != 0) die("connect");
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(g.epoll, EPOLL_CTL_ADD, c->fd, &e) != 0) die("epoll");
    c->in_n = 0;
}

static void want(struct conn *c, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = c};
    epoll_ctl(g.epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void send_rest(struct conn *c)
{
    while (c->out_sent < c->out_n) {
        ssize_t n = send(c->fd, c->out + c->out_sent, c->out_n - c->out_sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) { want(c, EPOLLIN | EPOLLOUT); return; }
        if (n <= 0) return; /* the read side will see it */
        c->out_sent += (size_t)n;
    }
}

static void start_step(struct conn *c, int step)
{
    c->step = step;
    c->in_n = 0;
    c->out_sent = 0;
    c->out_n = script_render(&g.script, step, &c->who, c->out, sizeof c->out);
    if (c->out_n == 0) { fprintf(stderr, "load: request of step %d too long\n", step + 1); exit(2); }
    c->step_ns = now_ns();
    send_rest(c);
}

static void start_visit(struct conn *c, uint64_t intended_ns)
{
    c->intended_ns = intended_ns;
    c->counts = intended_ns >= g.measure_ns;
    c->who.visit = ++g.issued;
    start_step(c, g.script.setup_count);
}

static void go_idle(struct conn *c)
{
    c->step = -1;
    if (g.rate == 0 && g.start_ns != 0 && now_ns() < g.end_ns) start_visit(c, now_ns());
    else g.idle[g.idle_count++] = (int)(c - g.conns);
}

static void end_visit(struct conn *c, bool whole)
{
    uint64_t t = now_ns();
    if (whole && t >= g.measure_ns && t < g.end_ns) g.done_in_time++;
    if (c->counts) {
        if (whole) {
            g.done++;
            hist_add(&g.visits, (t - c->intended_ns) / 1000);
        } else g.empty++;
    }
    go_idle(c);
}

static void keep_bad(const struct conn *c, int status, const char *body, size_t size)
{
    g.bad++;
    if (g.first_bad[0] == 0)
        snprintf(g.first_bad, sizeof g.first_bad, "%s %s: %d %.*s", g.script.steps[c->step].method,
                 g.script.steps[c->step].path, status, (int)(size < 300 ? size : 300), body);
}

static void answered(struct conn *c, int status, const char *body, size_t size)
{
    struct step *p = &g.script.steps[c->step];
    bool good = status >= 200 && status < 300, in_setup = c->step < g.script.setup_count;
    if (!in_setup && c->counts) {
        uint64_t from = c->step == g.script.setup_count ? c->intended_ns : c->step_ns;
        hist_add(&p->hist, (now_ns() - from) / 1000);
    }
    if (!good && !p->may_fail) {
        keep_bad(c, status, body, size);
        if (in_setup) { fprintf(stderr, "load: setup failed: %s\n", g.first_bad); exit(1); }
        end_visit(c, false);
        return;
    }
    if (good && !script_take(&g.script, c->step, &c->who, body, size)) {
        if (in_setup) { fprintf(stderr, "load: setup answer lacks a value: %.*s\n", (int)size, body); exit(1); }
        end_visit(c, false);
        return;
    }
    int next = c->step + 1;
    if (next == g.script.setup_count) { c->setup_done = true; go_idle(c); }
    else if (next < g.script.step_count) start_step(c, next);
    else end_visit(c, true);
}

/* Whole answer there? Its status, body and whether the server will close. */
static bool parse_answer(struct conn *c, int *ret_status, char **ret_body, size_t *ret_size, bool *ret_close)
{
    char *end = memmem(c->in, c->in_n, "\r\n\r\n", 4);
    if (end == NULL) return false;
    char saved = end[2];
    end[2] = 0; /* header ends in a terminated line for strcasestr */
    const char *length = strcasestr(c->in, "\r\ncontent-length:");
    bool chunked = strcasestr(c->in, "\r\ntransfer-encoding: chunked") != NULL;
    *ret_close = strcasestr(c->in, "\r\nconnection: close") != NULL;
    *ret_status = c->in_n > 12 ? (int)strtol(c->in + 9, NULL, 10) : 0;
    size_t size = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    end[2] = saved;
    *ret_body = end + 4;
    size_t there = c->in_n - (size_t)(*ret_body - c->in);
    if (chunked) {
        if (there < 5 || memcmp(c->in + c->in_n - 5, "0\r\n\r\n", 5) != 0) return false;
        *ret_size = there;
        return true;
    }
    *ret_size = size;
    return there >= size;
}

static void lost(struct conn *c)
{
    bool was_busy = c->step >= 0;
    connect_to_server(c);
    if (!was_busy) return;
    g.broken++;
    if (c->step < g.script.setup_count) start_step(c, c->step);
    else end_visit(c, false);
}

static void readable(struct conn *c)
{
    for (;;) {
        if (c->in_n + 1 >= c->in_size) {
            if (c->in_size >= IN_MAX) { errno = EMSGSIZE; die("answer"); }
            c->in_size *= 2;
            c->in = realloc(c->in, c->in_size);
            if (c->in == NULL) die("memory");
        }
        ssize_t n = recv(c->fd, c->in + c->in_n, c->in_size - c->in_n - 1, 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) { lost(c); return; }
        c->in_n += (size_t)n;
        c->in[c->in_n] = 0;
        int status;
        char *body;
        size_t size;
        bool closes;
        if (c->step < 0 || !parse_answer(c, &status, &body, &size, &closes)) continue;
        if (closes) {
            int step = c->step;
            close(c->fd);
            c->fd = -1;
            size_t kept = c->in_n;
            connect_to_server(c);
            c->in_n = kept;
            c->step = step;
        }
        answered(c, status, body, size);
        return; /* level-triggered: more comes round again */
    }
}

static void poll_once(int64_t wait_ns)
{
    struct epoll_event events[256];
    struct timespec t = {wait_ns / 1000000000, wait_ns % 1000000000};
    int n = epoll_pwait2(g.epoll, events, 256, wait_ns < 0 ? NULL : &t, NULL);
    if (n < 0 && errno != EINTR) die("epoll_pwait2");
    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;
        if (events[i].events & EPOLLOUT) { want(c, EPOLLIN); send_rest(c); }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(c);
    }
}

static void set_up(void)
{
    g.epoll = epoll_create1(0);
    g.conns = calloc((size_t)g.connections, sizeof *g.conns);
    g.idle = calloc((size_t)g.connections, sizeof *g.idle);
    if (g.conns == NULL || g.idle == NULL) die("memory");
    for (int i = 0; i < g.connections; i++) {
        struct conn *c = &g.conns[i];
        c->fd = c->step = -1;
        c->who.number = i + 1;
        c->in_size = IN_START;
        if ((c->in = malloc(IN_START)) == NULL) die("memory");
        connect_to_server(c);
        if (g.script.setup_count > 0) start_step(c, 0);
        else go_idle(c);
    }
    while (g.idle_count < g.connections) poll_once(1000000000);
}

/* Seconds of processor time a process has used; unlike throughput that does not depend on who else is busy. */
static double cpu_of(long pid)
{
    char name[64], text[1024];
    unsigned long user = 0, kernel = 0;
    snprintf(name, sizeof name, "/proc/%ld/stat", pid);
    FILE *f = fopen(name, "r");
    if (f == NULL) return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    const char *behind = strrchr(text, ')'); /* the program's name may hold blanks */
    if (behind == NULL || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2) return 0;
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void run(double warmup_s, double seconds)
{
    g.start_ns = now_ns();
    g.measure_ns = g.start_ns + (uint64_t)(warmup_s * 1e9);
    g.end_ns = g.measure_ns + (uint64_t)(seconds * 1e9);
    uint64_t arrivals = 0, give_up_ns = g.end_ns + 10000000000U;
    if (g.rate == 0) {
        int n = g.idle_count;
        g.idle_count = 0;
        for (int i = 0; i < n; i++) start_visit(&g.conns[g.idle[i]], now_ns());
    }
    double cpu_before = -1, cpu_after = -1;
    for (;;) {
        uint64_t t = now_ns();
        int64_t wait_ns = 100000000;
        if (g.pid != 0 && cpu_before < 0 && t >= g.measure_ns) cpu_before = cpu_of(g.pid);
        if (g.pid != 0 && cpu_after < 0 && t >= g.end_ns) cpu_after = cpu_of(g.pid);
        while (g.rate > 0) {
            uint64_t due = g.start_ns + (uint64_t)((double)arrivals / g.rate * 1e9);
            if (due >= g.end_ns) break;
            if (due > t) { wait_ns = (int64_t)(due - t); break; }
            if (g.idle_count == 0) break; /* it waits, and the waiting counts */
            arrivals++;
            start_visit(&g.conns[g.idle[--g.idle_count]], due);
        }
        if ((t >= g.end_ns && g.idle_count == g.connections) || t >= give_up_ns) break;
        poll_once(wait_ns);
    }
    g.cpu_s = cpu_before >= 0 && cpu_after >= 0 ? cpu_after - cpu_before : 0;
}

static void print_hist(const char *name, const struct hist *h)
{
    if (g.json)
        printf("\"n\":%llu,\"mean_us\":%llu,\"p50_us\":%llu,\"p90_us\":%llu,\"p99_us\":%llu,\"p999_us\":%llu,\"max_us\":%llu",
               (unsigned long long)h->n, (unsigned long long)(h->n ? h->sum_us / h->n : 0), (unsigned long long)hist_at(h, 0.5),
               (unsigned long long)hist_at(h, 0.9), (unsigned long long)hist_at(h, 0.99), (unsigned long long)hist_at(h, 0.999),
               (unsigned long long)h->max_us);
    else
        printf("%-34.34s %9llu  p50 %8.2f  p90 %8.2f  p99 %8.2f  p99.9 %8.2f  max %8.2f ms\n", name, (unsigned long long)h->n,
               (double)hist_at(h, 0.5) / 1e3, (double)hist_at(h, 0.9) / 1e3, (double)hist_at(h, 0.99) / 1e3,
               (double)hist_at(h, 0.999) / 1e3, (double)h->max_us / 1e3);
}

static void report(double seconds)
{
    double per_s = (double)g.done_in_time / seconds;
    if (g.json) {
        printf("{\"per_second\":%.1f,\"seconds\":%.1f,\"connections\":%d,\"wanted_per_second\":%.1f,\"cpu_us\":%.1f,\"bad\":%llu,\"empty\":%llu,\"broken\":%llu,",
               per_s, seconds, g.connections, g.rate,
               g.done_in_time ? g.cpu_s * 1e6 / (double)g.done_in_time : 0, g.bad, g.empty, g.broken);
        print_hist("", &g.visits);
        printf(",\"steps\":[");
        for (int i = g.script.setup_count; i < g.script.step_count; i++) {
            printf("%s{\"request\":\"%s %s\",", i > g.script.setup_count ? "," : "", g.script.steps[i].method, g.script.steps[i].path);
            print_hist("", &g.script.steps[i].hist);
            printf("}");
        }
        printf("]}\n");
    } else {
        printf("%.1f/s over %.1f s, %d connections, wanted %s%.0f/s; not 2xx %llu, empty %llu, connections lost %llu\n", per_s, seconds,
               g.connections, g.rate == 0 ? "the most, " : "", g.rate, g.bad, g.empty, g.broken);
        print_hist("whole", &g.visits);
        for (int i = g.script.setup_count; i < g.script.step_count && g.script.step_count - g.script.setup_count > 1; i++) {
            char name[1100];
            snprintf(name, sizeof name, "%s %s", g.script.steps[i].method, g.script.steps[i].path);
            print_hist(name, &g.script.steps[i].hist);
        }
    }
    if (g.first_bad[0] != 0) fprintf(stderr, "load: first refusal: %s\n", g.first_bad);
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "load [--rate N|max] [--connections N] [--seconds N] [--warmup N] [--header H] [--lines FILE] [--pid N] [--json]\n"
                    "     HOST:PORT (METHOD PATH [BODY] | --script FILE)\n");
    exit(2);
}

static void read_address(const char *text)
{
    char host[64];
    const char *colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host) usage();
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    g.address.sin_family = AF_INET;
    g.address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    if (inet_pton(AF_INET, host, &g.address.sin_addr) != 1) usage();
    g.script.host = text;
}

int main(int argc, char **argv)
{
    static char headers[4096] = "Accept: application/json\r\n";
    const char *words[4] = {0}, *script = NULL;
    int word_count = 0;
    double seconds = 10, warmup_s = 2;
    g.connections = 64;
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(a, "--json") == 0) { g.json = true; continue; }
        if (strncmp(a, "--", 2) != 0) { if (word_count < 4) words[word_count++] = a; continue; }
        if (v == NULL) usage();
        i++;
        if (strcmp(a, "--rate") == 0) g.rate = strcmp(v, "max") == 0 ? 0 : strtod(v, NULL);
        else if (strcmp(a, "--connections") == 0) g.connections = (int)strtol(v, NULL, 10);
        else if (strcmp(a, "--seconds") == 0) seconds = strtod(v, NULL);
        else if (strcmp(a, "--warmup") == 0) warmup_s = strtod(v, NULL);
        else if (strcmp(a, "--script") == 0) script = v;
        else if (strcmp(a, "--pid") == 0) g.pid = strtol(v, NULL, 10);
        else if (strcmp(a, "--lines") == 0) script_lines(&g.script, v);
        else if (strcmp(a, "--header") == 0) {
            size_t n = strncasecmp(v, "accept:", 7) == 0 ? 0 : strlen(headers);
            snprintf(headers + n, sizeof headers - n, "%s\r\n", v);
        } else usage();
    }
    if (words[0] == NULL || (script == NULL && words[2] == NULL) || g.connections < 1) usage();
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files = {65536, 65536};
    if ((rlim_t)g.connections + 64 > 1000) setrlimit(RLIMIT_NOFILE, &files);
    read_address(words[0]);
    g.script.headers = headers;
    if (script != NULL) script_read(&g.script, script);
    else script_single(&g.script, words[1], words[2], words[3] ? words[3] : "");
    set_up();
    run(warmup_s, seconds);
    report(seconds);
    return g.bad > 0 || g.broken > 0;
}
