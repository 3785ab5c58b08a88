/* See cut_link.h. One thread, poll(), at most LINKS connections. */
#include "cut_link.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINKS 32

struct pair {
    int client, server; /* -1 free */
    int loses_answer;
};

static struct cut_link {
    int listener;
    char host[200], port[20];
    pthread_t thread;
    atomic_int state, is_over;
    struct pair pairs[LINKS];
} the_link;

static int connect_server(const struct cut_link *l)
{
    if (l->host[0] == '/') {
        struct sockaddr_un at = {.sun_family = AF_UNIX};
        snprintf(at.sun_path, sizeof at.sun_path, "%.60s/.s.PGSQL.%s", l->host, l->port);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
            return fd;
        close(fd);
        return -1;
    }
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(l->port))};
    inet_pton(AF_INET, strcmp(l->host, "localhost") == 0 ? "127.0.0.1" : l->host, &at.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

static void close_pair(struct pair *p)
{
    if (p->client >= 0)
        close(p->client);
    if (p->server >= 0)
        close(p->server);
    *p = (struct pair){-1, -1, 0};
}

static void accept_one(struct cut_link *l)
{
    int client = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
    struct pair *p = NULL;
    for (int i = 0; i < LINKS && p == NULL; i++)
        if (l->pairs[i].client < 0)
            p = &l->pairs[i];
    int server = p == NULL || atomic_load(&l->state) == LINK_DOWN ? -1 : connect_server(l);
    if (client < 0 || server < 0) {
        if (client >= 0)
            close(client);
        return;
    }
    *p = (struct pair){client, server, 0};
}

static int pass_on(int from, int to, char *bytes, ssize_t *ret_n)
{
    ssize_t n = read(from, bytes, 65536);
    *ret_n = n;
    if (n <= 0)
        return 0;
    for (ssize_t at = 0, wrote = 0; to >= 0 && at < n; at += wrote)
        if ((wrote = write(to, bytes + at, (size_t)(n - at))) <= 0)
            return 0;
    return 1;
}

static void from_client(struct cut_link *l, struct pair *p)
{
    static char bytes[65536];
    ssize_t n = read(p->client, bytes, sizeof bytes);
    int state = atomic_load(&l->state);
    int has_commit = n > 0 && memmem(bytes, (size_t)n, "COMMIT", 7) != NULL;
    if (n <= 0 || (has_commit && state == LINK_LOSE_COMMIT)) {
        if (n > 0)
            atomic_store(&l->state, LINK_OPEN);
        close_pair(p);
        return;
    }
    if (has_commit && state == LINK_LOSE_ANSWER)
        p->loses_answer = 1;
    for (ssize_t at = 0, wrote = 0; at < n; at += wrote)
        if ((wrote = write(p->server, bytes + at, (size_t)(n - at))) <= 0) {
            close_pair(p);
            return;
        }
}

static void from_server(struct cut_link *l, struct pair *p)
{
    static char bytes[65536];
    ssize_t n = 0;
    if (p->loses_answer) { /* the answer is here, so the transaction is committed */
        pass_on(p->server, -1, bytes, &n);
        close_pair(p);
        atomic_store(&l->state, LINK_OPEN);
    } else if (!pass_on(p->server, p->client, bytes, &n)) {
        close_pair(p);
    }
}

static void *run_link(void *arg)
{
    struct cut_link *l = arg;
    while (!atomic_load(&l->is_over)) {
        struct pollfd f[1 + 2 * LINKS] = {{.fd = l->listener, .events = POLLIN}};
        for (int i = 0; i < LINKS; i++) {
            if (atomic_load(&l->state) == LINK_DOWN)
                close_pair(&l->pairs[i]);
            f[1 + 2 * i] = (struct pollfd){.fd = l->pairs[i].client, .events = POLLIN};
            f[2 + 2 * i] = (struct pollfd){.fd = l->pairs[i].server, .events = POLLIN};
        }
        poll(f, 1 + 2 * LINKS, 20);
        for (int i = 0; i < LINKS; i++) {
            if (f[1 + 2 * i].revents != 0 && l->pairs[i].client == f[1 + 2 * i].fd)
                from_client(l, &l->pairs[i]);
            if (f[2 + 2 * i].revents != 0 && l->pairs[i].server == f[2 + 2 * i].fd)
                from_server(l, &l->pairs[i]);
        }
        if (f[0].revents != 0)
            accept_one(l);
    }
    for (int i = 0; i < LINKS; i++)
        close_pair(&l->pairs[i]);
    close(l->listener);
    return NULL;
}

/* Host, port, user and database of the address; the password is not passed on. */
static int read_address(struct cut_link *l, const char *url, char *user, char *name, size_t room)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    snprintf(l->host, sizeof l->host, "127.0.0.1");
    snprintf(l->port, sizeof l->port, "5432");
    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
        if (o->val == NULL)
            continue;
        if (strcmp(o->keyword, "host") == 0)
            snprintf(l->host, sizeof l->host, "%s", o->val);
        else if (strcmp(o->keyword, "port") == 0)
            snprintf(l->port, sizeof l->port, "%s", o->val);
        else if (strcmp(o->keyword, "user") == 0)
            snprintf(user, room, "%s", o->val);
        else if (strcmp(o->keyword, "dbname") == 0)
            snprintf(name, room, "%s", o->val);
    }
    PQconninfoFree(options);
    return options != NULL;
}

struct cut_link *cut_link_open(const char *url, char *ret_url)
{
    struct cut_link *l = &the_link;
    char user[100] = "postgres", name[100] = "postgres";
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    *l = (struct cut_link){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    for (int i = 0; i < LINKS; i++)
        l->pairs[i] = (struct pair){-1, -1, 0};
    if (!read_address(l, url, user, name, sizeof user) ||
        bind(l->listener, (struct sockaddr *)&at, n) != 0 || listen(l->listener, 16) != 0 ||
        getsockname(l->listener, (struct sockaddr *)&at, &n) != 0 ||
        pthread_create(&l->thread, NULL, run_link, l) != 0)
        return NULL;
    snprintf(ret_url, 1000, "postgresql://%s@127.0.0.1:%d/%s", user, ntohs(at.sin_port), name);
    return l;
}

void cut_link_set(struct cut_link *l, enum link_state state)
{
    atomic_store(&l->state, (int)state);
}

enum link_state cut_link_state(struct cut_link *l)
{
    return (enum link_state)atomic_load(&l->state);
}

void cut_link_close(struct cut_link *l)
{
    atomic_store(&l->is_over, 1);
    pthread_join(l->thread, NULL);
}
