/* onewindow serve: opens the hall, starts services, jobs and the web, and waits to be told to
 * stop. The order of stopping is the order of starting turned round, so that what was accepted is
 * finished: first nobody comes in any more, then the jobs, then the last anchor, then the store. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "clock.h"
#include "job.h"
#include "journal.h"
#include "log.h"
#include "web.h"

#define ANCHOR_EVERY_SECONDS 600

struct serve_words {
    const struct command *self;
    struct hall hall;
    const char *listen;
    const char *trust[OPTION_MANY_MOST + 1];
    const char *tls_cert, *tls_key;
    const char *clock; /* a file of one number: seconds this hall's clock is ahead */
    bool demo_public, no_limits, no_supervisor;
};

/* Is the address of --listen this machine itself and nothing else? */
static bool is_loopback(const char *listen)
{
    char host[64];
    const char *colon = strrchr(listen, ':');
    size_t n = colon == NULL ? strlen(listen) : (size_t)(colon - listen);
    if (n >= sizeof(host))
        return false;
    memcpy(host, listen, n);
    host[n] = '\0';
    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    struct in_addr address;
    return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

static void write_anchor(const struct hall *h)
{
    struct arena *a = arena_new((size_t)64 << 20);
    struct ctx c = hall_context(h, a, "anchor");
    enum err e = journal_anchor(h->store, &c, h->anchor_file);
    if (e != E_OK)
        log_line(LOG_ERROR, "anchor_failed", "error=%s", err_table[e].code);
    arena_free(a);
}

/* --- a clock that tests move: for a demonstration hall on this machine only --- */

#define CLOCK_AHEAD_MOST   (INT64_C(40) * 366 * 24 * 3600) /* seconds */
#define CLOCK_LOOK_SECONDS 1

static bool read_clock(const char *path, int64_t *ret_seconds)
{
    char line[64] = "";
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return false;
    bool is_read = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    return is_read && str_to_int(str_trim(str_of(line)), ret_seconds) && *ret_seconds >= 0 &&
           *ret_seconds <= CLOCK_AHEAD_MOST;
}

/* Forward only: ids, sessions and the journal rely on it. */
static bool follow_clock(const struct serve_words *w)
{
    int64_t seconds;
    if (w->clock == NULL)
        return true;
    if (!read_clock(w->clock, &seconds) || seconds * SECOND_MS < clock_moved())
        return false;
    if (seconds * SECOND_MS > clock_moved()) {
        clock_move(seconds * SECOND_MS);
        log_line(LOG_WARN, "clock", "file=%s moved_s=%lld why=\"a test moves this hall's clock\"",
                 w->clock, (long long)seconds);
    }
    return true;
}

/* Whether it may be moved at all, and where it stands at the start. */
static bool start_clock(const struct serve_words *w, struct str *ret_why)
{
    if (w->clock == NULL)
        return true;
    *ret_why = STR_NONE;
    if (!w->hall.is_demonstration)
        *ret_why = STR("--clock is for tests: only a demonstration hall's clock can be moved");
    else if (!follow_clock(w))
        *ret_why =
            str_fmt(w->hall.arena, "%s: expected one number, the seconds to be ahead", w->clock);
    else
        log_line(LOG_WARN, "clock",
                 "file=%s moved_s=%lld why=\"the clock of this hall follows a file\"", w->clock,
                 (long long)(clock_moved() / SECOND_MS));
    return ret_why->n == 0;
}

static bool start_hall(struct serve_words *w, struct str *ret_why)
{
    return start_clock(w, ret_why) && hall_start_services(&w->hall, ret_why);
}

static void wait_for_end(const struct serve_words *w, const sigset_t *ends)
{
    const struct hall *h = &w->hall;
    const struct timespec every = {.tv_sec = w->clock == NULL ? ANCHOR_EVERY_SECONDS
                                                              : CLOCK_LOOK_SECONDS};
    int64_t next = clock_steady() + ANCHOR_EVERY_SECONDS * SECOND_MS;
    while (sigtimedwait(ends, NULL, &every) < 0) {
        (void)follow_clock(w); /* half a file, or an earlier time: the clock stays where it is */
        if (clock_steady() < next)
            continue;
        write_anchor(h);
        next = clock_steady() + ANCHOR_EVERY_SECONDS * SECOND_MS;
    }
    log_line(LOG_INFO, "stopping", "why=told");
    /* A second word ends it at once. */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, ends, NULL);
}

static bool start_web(struct serve_words *w, struct web **ret_web, struct str *ret_why)
{
    struct web_options options = {
        .listen = w->listen,
        .trust = w->trust,
        .tls_cert = w->tls_cert,
        .tls_key = w->tls_key,
        .center_id = w->hall.center_id,
        .zone_minutes = ZONE_CHINA_MINUTES,
        .no_limits = w->no_limits,
        .demonstration = w->hall.is_demonstration,
    };
    enum err e =
        web_start(&options, w->hall.store, &w->hall.keys, w->hall.services, ret_web, ret_why);
    if (e != E_OK && ret_why->n == 0)
        *ret_why = str_fmt(w->hall.arena, "the server does not start (%s)", err_table[e].code);
    return e == E_OK;
}

static void say_where(const struct serve_words *w, const struct web *web)
{
    const char *colon = strrchr(w->listen, ':');
    int host = colon == NULL ? (int)strlen(w->listen) : (int)(colon - w->listen);
    printf("onewindow serves %s://%.*s:%d\n", w->tls_cert != NULL ? "https" : "http", host,
           w->listen, web_port(web));
    fflush(stdout);
}

/* Before any thread is started: they all inherit it, and the words to end reach wait_for_end(). */
static void hold_back_signals(sigset_t *ret_ends)
{
    sigemptyset(ret_ends);
    sigaddset(ret_ends, SIGTERM);
    sigaddset(ret_ends, SIGINT);
    sigaddset(ret_ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ret_ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* The server itself, in the supervised process. */
static int serve(void *arg)
{
    struct serve_words *w = arg;
    struct hall *h = &w->hall;
    struct str why = STR_NONE;
    struct jobs *jobs = NULL;
    struct web *web = NULL;
    sigset_t ends;
    hold_back_signals(&ends);
    if (!hall_open(h, true, &why))
        return refuse("%.*s", STR_ARG(why));
    int status = EXIT_REFUSED;
    if (h->is_demonstration && !w->demo_public && !is_loopback(w->listen))
        why = str_fmt(h->arena,
                      "this is the demonstration hall, whose passwords everybody knows: "
                      "it listens on %s only with --demo-public",
                      w->listen);
    else if (start_hall(w, &why)) {
        struct jobs_options options = {.store = h->store,
                                       .keys = &h->keys,
                                       .services = h->services,
                                       .center_id = h->center_id,
                                       .zone_minutes = ZONE_CHINA_MINUTES};
        if (jobs_start(&options, &jobs) != E_OK)
            why = STR("the background jobs do not start");
        else if (start_web(w, &web, &why)) {
            say_where(w, web);
            wait_for_end(w, &ends);
            web_stop(web);
            status = EXIT_DONE;
        }
        jobs_stop(jobs);
        if (status == EXIT_DONE)
            write_anchor(h);
        hall_stop_services(h);
    }
    hall_close(h);
    if (status != EXIT_DONE)
        return refuse("%.*s", STR_ARG(why));
    log_line(LOG_INFO, "stopped", "status=0");
    return status;
}

static int check_and_serve(struct serve_words *w)
{
    struct hall *h = &w->hall;
    struct str why = STR_NONE;
    if (h->data == NULL)
        return wrong_words(w->self, "--data DIR is needed");
    if ((w->tls_cert == NULL) != (w->tls_key == NULL))
        return wrong_words(w->self, "--tls-cert and --tls-key go together");
    hall_defaults(h);
    if (!hall_read(h, &why))
        return refuse("%.*s", STR_ARG(why));
    if (!is_loopback(w->listen) && w->no_limits)
        return refuse("--no-limits is for tests: it needs a loopback address");
    if (!is_loopback(w->listen) && w->clock != NULL)
        return refuse("--clock is for tests: it needs a loopback address");
    log_gather();
    int status = w->no_supervisor ? serve(w) : supervise(serve, w);
    log_flush();
    return status;
}

int cmd_serve(const struct command *self, int argc, char **argv)
{
    const char *words[1];
    struct serve_words w = {.self = self,
                            .listen = "127.0.0.1:8411",
                            .hall = {.arena = arena_new(APP_ARENA_BYTES)}};
    const struct option_spec specs[] = {
        HALL_OPTIONS(w.hall),
        {"--listen", OPTION_TEXT, &w.listen, "HOST:PORT", "without it 127.0.0.1:8411"},
        {"--trust", OPTION_MANY, w.trust, "CIDR",
         "a reverse proxy whose word on the visitor's address is believed; may be repeated"},
        {"--tls-cert", OPTION_TEXT, &w.tls_cert, "FILE", "serve HTTPS with this certificate (PEM)"},
        {"--tls-key", OPTION_TEXT, &w.tls_key, "FILE", "and this key"},
        {"--anchor", OPTION_TEXT, &w.hall.anchor_file, "FILE",
         "where signed heads of the journal go; without it DIR.anchor, beside the folder"},
        {"--demo-public", OPTION_FLAG, &w.demo_public, NULL,
         "let a demonstration hall be reached from other machines"},
        {"--no-limits", OPTION_FLAG, &w.no_limits, NULL,
         "no rate limits: for load tests, on a loopback address only"},
        {"--clock", OPTION_TEXT, &w.clock, "FILE",
         "for tests of a demonstration hall: a file of one number, the seconds its clock is ahead; "
         "read again each second"},
        {"--no-supervisor", OPTION_FLAG, &w.no_supervisor, NULL,
         "one process, not started again after a crash: for debuggers and systemd"},
    };
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 0);
    if (status == OPTIONS_GO_ON)
        status = check_and_serve(&w);
    arena_free(w.hall.arena);
    return status;
}
