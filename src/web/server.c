/* Starts and stops libmicrohttpd and answers its callbacks. One network thread a core, each with its
 * own epoll; a request is read whole and under limits here, then trip.c takes it. Decoding of paths
 * and queries is ours (libmicrohttpd would cut at %00), and so is the watch over time. */
#include "server.h"

#include "clock.h"
#include "log.h"
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define POOL_BYTES                                                                                 \
    ((size_t)16 *                                                                                  \
     1024) /* heads of request and answer: 12 KB of headers fit, and 10,000 streams stay below 200 MB */
#define BACKLOG            1024
#define QUICK_WORKERS      8
#define SLOW_WORKERS       4 /* reports, spoken calls, password hashing */
#define WAITING_MAX        2048
#define PEM_MAX            ((size_t)1 << 20)
#define QUERY_VALUES_MAX   128
#define UPLOAD_PASSED_OVER ((int64_t)256 << 20)

/* --- one request arriving --- */

static enum err early_refusal(struct trip *t)
{
    struct MHD_Connection *k = t->link->connection;
    const union MHD_ConnectionInfo *head =
        MHD_get_connection_info(k, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct str length = header_of(t, "Content-Length");
    int64_t n;
    if (strlen(t->uri) > LINE_MAX_BYTES)
        return E_ADDRESS_LONG;
    if (head != NULL && head->header_size > HEAD_MAX_BYTES + LINE_MAX_BYTES)
        return E_HEAD_LARGE;
    if (length.p != NULL && header_of(t, "Transfer-Encoding").p != NULL)
        return E_BODY_UNREADABLE; /* two lengths: two programs on the way may read two requests */
    if (length.p != NULL && (!str_to_int(length, &n) || n < 0))
        return E_BODY_UNREADABLE;
    TRY(intake_body_max(t));
    if (t->is_upload)
        atomic_store(&t->link->deadline, clock_steady() + UPLOAD_MS);
    if (length.p == NULL || n <= (int64_t)t->body_max)
        return E_OK;
    /* Browsers show no answer that comes while they still send: what is a little too large is read to its end. */
    t->is_too_large = t->is_upload && n <= UPLOAD_PASSED_OVER;
    return t->is_too_large ? E_OK : E_BODY_LARGE;
}

static const char *method_of(const char *method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", NULL};
    for (int i = 0; known[i] != NULL; i++)
        if (strcmp(known[i], method) == 0)
            return known[i];
    return "other";
}

static enum MHD_Result run(struct trip *t)
{
    trip_run(t);
    return t->has_left ? MHD_YES : answer_send(t);
}

static enum MHD_Result arrive(struct trip *t, const char *data, size_t *size)
{
    if (*size > 0) {
        if (t->is_too_large || t->body.n + *size > t->body_max)
            t->is_too_large = true;
        else
            buf_put(&t->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    atomic_store(&t->link->deadline, 0);
    if (t->is_too_large)
        t->result = E_BODY_LARGE;
    return run(t);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)arg, (void)connection, (void)url, (void)version;
    struct link *l = *state;
    struct trip *t = l != NULL ? l->trip : NULL;
    if (t == NULL)
        return MHD_NO;
    if (t->stage == TRIP_READY) {
        trip_look_back(t);
        return answer_send(t);
    }
    if (t->stage != TRIP_READING) {
        *size = 0;
        return MHD_YES;
    }
    if (t->method_name != NULL)
        return arrive(t, data, size);
    t->method_name = method_of(method);
    t->result = early_refusal(t);
    if (t->result == E_OK)
        return MHD_YES;
    t->is_early = true;
    atomic_store(&l->deadline, 0);
    return run(t);
}

/* libmicrohttpd itself splits the query into its small pool, and when that is full it waits for ever. */
static bool has_too_many_values(const char *uri)
{
    int n = 0;
    for (const char *p = uri; (p = strchr(p, '&')) != NULL; p++)
        n++;
    return n > QUERY_VALUES_MAX;
}

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
    (void)arg;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct link *l = info != NULL ? info->socket_context : NULL;
    if (l == NULL)
        return NULL;
    int64_t latest = clock_steady() + ARRIVE_MS, deadline = atomic_load(&l->deadline);
    if (deadline == 0 || deadline > latest)
        atomic_store(&l->deadline, latest);
    if (has_too_many_values(uri)) { /* it never becomes a request, so nothing is begun for it */
        link_shut(l, "414 URI Too Long");
        return NULL;
    }
    l->trip = trip_new(l, uri);
    return l;
}

static size_t leave_escapes(void *arg, struct MHD_Connection *connection, char *s)
{
    (void)arg, (void)connection;
    return strlen(s);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)arg, (void)connection, (void)code;
    struct link *l = *state;
    if (l == NULL)
        return;
    stream_closed(l);
    if (l->trip != NULL)
        trip_free(l->trip);
    atomic_store(&l->deadline, clock_steady() + IDLE_SECONDS * SECOND_MS + ARRIVE_MS);
    *state = NULL;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = link_take(arg, connection);
    } else if (*context != NULL) {
        link_give_back(*context);
        *context = NULL;
    }
}

static enum MHD_Result on_accept(void *arg, const struct sockaddr *sa, socklen_t size)
{
    (void)size;
    return link_may_come(arg, sa) ? MHD_YES : MHD_NO;
}

__attribute__((format(printf, 2, 0))) static void on_log(void *arg, const char *fmt, va_list args)
{
    char text[300];
    (void)arg;
    if (!log_enabled(LOG_DEBUG))
        return;
    vsnprintf(text, sizeof text, fmt, args);
    text[strcspn(text, "\n")] = '\0';
    log_line(LOG_DEBUG, "libmicrohttpd", "text=\"%s\"", text);
}

/* --- starting --- */

static void *watch(void *arg)
{
    struct web *w = arg;
    while (!atomic_load(&w->is_stopping)) {
        nanosleep(&(struct timespec){0, 500000000L}, NULL);
        links_watch(w);
        log_flush();
    }
    return NULL;
}

static int listen_on(struct arena *a, const char *where, struct str *ret_why)
{
    struct str all = str_of(where);
    size_t colon = all.n;
    while (colon > 0 && all.p[colon - 1] != ':')
        colon--;
    struct str host = {all.p, colon > 0 ? colon - 1 : 0}, port = {all.p + colon, all.n - colon};
    if (host.n > 2 && host.p[0] == '[')
        host = (struct str){host.p + 1, host.n - 2};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    int e = getaddrinfo(host.n > 0 ? str_z(a, host) : NULL, str_z(a, port), &hints, &found);
    if (e != 0) {
        *ret_why = str_fmt(a, "%s: %s", where, gai_strerror(e));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        *ret_why = str_fmt(a, "%s: %s", where, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char port[NI_MAXSERV];
    int64_t n;
    if (getsockname(fd, (struct sockaddr *)&at, &size) != 0 ||
        getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0)
        return 0;
    return str_to_int(str_of(port), &n) ? (int)n : 0;
}

static const char *read_pem(struct arena *a, const char *file)
{
    struct stat about;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = NULL;
    if (fstat(fd, &about) == 0 && about.st_size > 0 && (size_t)about.st_size <= PEM_MAX) {
        text = arena_alloc(a, (size_t)about.st_size + 1);
        if (read(fd, text, (size_t)about.st_size) != about.st_size)
            text = NULL;
    }
    close(fd);
    return text;
}

static enum err no_work(struct ctx *c, void *arg)
{
    (void)c, (void)arg;
    return E_OK;
}

static void read_settings(struct web *w)
{
    struct ctx c = {.arena = arena_new(ARENA_CEILING),
                    .keys = w->keys,
                    .center_id = w->options.center_id,
                    .now = clock_now(),
                    .zone_minutes = w->options.zone_minutes};
    if (store_read(w->store, &c, no_work, NULL) == E_OK)
        atomic_store(&w->settings, c.settings);
    w->body_max = (size_t)setting_web_body_bytes(&c);
    w->rate_address = setting_web_requests_per_second(&c);
    w->rate_account = setting_web_account_requests_per_second(&c);
    w->connections_per_address = (unsigned)setting_web_connections_per_address(&c);
    arena_free(c.arena);
}

static bool read_trust(struct web *w, struct str *ret_why)
{
    const char *const *list = w->options.trust;
    size_t n = 0;
    while (list != NULL && list[n] != NULL)
        n++;
    w->trusted = ARENA_ARRAY(w->arena, struct cidr, n + 1);
    for (; w->trusted_count < n; w->trusted_count++)
        if (!cidr_parse(str_of(list[w->trusted_count]), &w->trusted[w->trusted_count])) {
            *ret_why = str_fmt(w->arena, "--trust %s: not an address or a network",
                               list[w->trusted_count]);
            return false;
        }
    return true;
}

static void raise_descriptors(void)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
        l.rlim_cur = l.rlim_max;
        (void)!setrlimit(RLIMIT_NOFILE, &l);
    }
}

static struct MHD_Daemon *start_daemon(struct web *w, const char *cert, const char *key)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = w->options.threads > 0 ? w->options.threads
                       : cores > 0            ? (unsigned)cores
                                              : 1;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     MHD_USE_TURBO | MHD_USE_ERROR_LOG | (w->has_tls ? (unsigned)MHD_USE_TLS : 0u);
    return MHD_start_daemon(flags, 0, on_accept, w, on_request, w, MHD_OPTION_EXTERNAL_LOGGER,
                            on_log, NULL, MHD_OPTION_LISTEN_SOCKET, w->listen_fd,
                            MHD_OPTION_URI_LOG_CALLBACK, on_uri, w, MHD_OPTION_UNESCAPE_CALLBACK,
                            leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, w,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, w,
                            MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
                            MHD_OPTION_CONNECTION_LIMIT, LINKS_MAX * threads,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
                            w->has_tls ? tls : none, MHD_OPTION_END);
}

static void find_storeless(struct web *w)
{
    static const char *const names[] = {"metrics_show", "openapi_show", "preferences_set",
                                        "health_show"};
    size_t n = 0;
    for (int i = 0; i < route_count; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(routes[i].name, names[k]) == 0)
                w->storeless[n++] = &routes[i];
}

/* What needs neither the network nor threads. */
static void prepare(struct web *w)
{
    uint8_t prefix[3];
    keys_derive(w->keys, "web csrf", w->csrf_secret, sizeof w->csrf_secret);
    keys_derive(w->keys, "web kept answers", w->answer_key, sizeof w->answer_key);
    random_bytes(prefix, sizeof prefix);
    snprintf(w->request_prefix, sizeof w->request_prefix, "%02x%02x%02x", prefix[0], prefix[1],
             prefix[2]);
    pthread_mutex_init(&w->arenas_lock, NULL);
    w->router = router_new(w->arena, routes, route_count);
    w->figures = ARENA_ARRAY(w->arena, struct route_figures, (size_t)route_count + 1);
    w->limits = limits_new(w->arena);
    find_storeless(w);
    read_settings(w);
    links_start(w);
}

static bool read_tls(struct web *w, const char **ret_cert, const char **ret_key,
                     struct str *ret_why)
{
    const struct web_options *o = &w->options;
    if (o->tls_cert == NULL && o->tls_key == NULL)
        return true;
    w->has_tls = true;
    *ret_cert = o->tls_cert != NULL ? read_pem(w->arena, o->tls_cert) : NULL;
    *ret_key = o->tls_key != NULL ? read_pem(w->arena, o->tls_key) : NULL;
    if (*ret_cert != NULL && *ret_key != NULL)
        return true;
    *ret_why = STR("--tls-cert and --tls-key: cannot read both files");
    return false;
}

static enum err start_parts(struct web *w, struct str *ret_why)
{
    const char *cert = NULL, *key = NULL;
    prepare(w);
    if (!read_trust(w, ret_why) || !read_tls(w, &cert, &key, ret_why))
        return E_INTERNAL;
    w->listen_fd = listen_on(w->arena, w->options.listen, ret_why);
    if (w->listen_fd < 0)
        return E_INTERNAL;
    w->port = port_of(w->listen_fd);
    w->quick = workers_new(w->arena, QUICK_WORKERS, WAITING_MAX);
    w->slow = workers_new(w->arena, SLOW_WORKERS, WAITING_MAX);
    if (w->quick == NULL || w->slow == NULL || hub_start(w) != E_OK) {
        *ret_why = STR("cannot start threads");
        return E_INTERNAL;
    }
    w->daemon = start_daemon(w, cert, key);
    if (w->daemon == NULL) {
        *ret_why = STR("libmicrohttpd does not start");
        return E_INTERNAL;
    }
    w->has_watcher = pthread_create(&w->watcher, NULL, watch, w) == 0;
    return E_OK;
}

enum err web_start(const struct web_options *o, struct store *s, const struct keys *keys,
                   void *const *services, struct web **ret_web, struct str *ret_why)
{
    struct arena *a = arena_new((size_t)256 << 20);
    struct web *w = ARENA_NEW(a, struct web);
    *w = (struct web){.options = *o,
                      .store = s,
                      .keys = keys,
                      .services = services,
                      .arena = a,
                      .listen_fd = -1};
    w->started_at = clock_steady();
    raise_descriptors();
    enum err e = start_parts(w, ret_why);
    if (e != E_OK) { /* the reason lives in the arena, and the program is about to end */
        if (w->listen_fd >= 0)
            close(w->listen_fd);
        return e;
    }
    *ret_web = w;
    return E_OK;
}

int web_port(const struct web *w)
{
    return w->port;
}

/* --- stopping --- */

static bool trips_end(struct web *w)
{
    int64_t until = clock_steady() + STOP_MS;
    while (atomic_load(&w->trips) > 0 && clock_steady() < until)
        nanosleep(&(struct timespec){0, 5 * 1000000L}, NULL);
    return atomic_load(&w->trips) == 0;
}

void web_stop(struct web *w)
{
    atomic_store(&w->is_stopping, true);
    if (w->daemon != NULL && MHD_quiesce_daemon(w->daemon) == MHD_INVALID_SOCKET)
        log_line(LOG_WARN, "quiesce", "failed=1");
    if (w->listen_fd >= 0)
        close(w->listen_fd);
    bool is_quiet = trips_end(w);
    if (w->hub != NULL)
        hub_stop(w);
    if (!is_quiet) {
        /* A daemon with suspended connections may not be stopped; the process is ending anyway. */
        log_line(LOG_WARN, "stop", "requests_left=%u", atomic_load(&w->trips));
        return;
    }
    if (w->has_watcher)
        pthread_join(w->watcher, NULL);
    if (w->daemon != NULL)
        MHD_stop_daemon(w->daemon);
    if (w->quick != NULL)
        workers_stop(w->quick);
    if (w->slow != NULL)
        workers_stop(w->slow);
    while (w->arenas_free > 0)
        arena_free(w->arenas[--w->arenas_free]);
    arena_free(w->arena);
}
