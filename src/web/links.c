/* Connections: a table of fixed size, how many one address may hold, and a watch over requests that
 * do not arrive. libmicrohttpd's own timeout starts again with every byte, so one byte a second would
 * live for ever; here a request has a fixed time to arrive whole, and the socket of one that does not
 * is shut from outside, which its network thread then notices like any other end. */
#include "server.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define HELD_PLACES 65536

void links_start(struct web *w)
{
    pthread_mutex_init(&w->links_lock, NULL);
    random_bytes(&w->links_seed, sizeof w->links_seed);
    w->held = ARENA_ARRAY(w->arena, uint16_t, HELD_PLACES);
    w->links = ARENA_ARRAY(w->arena, struct link, LINKS_MAX);
    for (size_t i = LINKS_MAX; i > 0; i--) {
        w->links[i - 1].web = w;
        w->links[i - 1].next_free = w->free_links;
        w->free_links = &w->links[i - 1];
    }
}

static bool address_is_trusted(const struct web *w, const struct address *x)
{
    for (size_t i = 0; i < w->trusted_count; i++)
        if (cidr_holds(&w->trusted[i], x))
            return true;
    return false;
}

/* How many connections the address holds, counted by a keyed hash: two addresses may share a count,
 * but nobody can choose with whom. */
static uint16_t *held_by(struct web *w, const struct address *x)
{
    uint64_t h = w->links_seed;
    for (size_t i = 0; i < sizeof x->bytes; i++) {
        h = (h ^ x->bytes[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return &w->held[(h ^ h >> 32) % HELD_PLACES];
}

bool link_may_come(struct web *w, const struct sockaddr *sa)
{
    struct address x;
    if (!address_of_sockaddr(sa, &x))
        return false;
    bool is_exempt = address_is_trusted(w, &x) || (w->options.no_limits && address_is_loopback(&x));
    pthread_mutex_lock(&w->links_lock);
    bool is_welcome = w->free_links != NULL;
    if (!is_exempt && *held_by(w, &x) >= w->connections_per_address)
        is_welcome = false;
    pthread_mutex_unlock(&w->links_lock);
    return is_welcome;
}

struct link *link_take(struct web *w, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    pthread_mutex_lock(&w->links_lock);
    struct link *l = w->free_links;
    if (l != NULL) {
        w->free_links = l->next_free;
        l->connection = connection; /* the stream is left alone: it has a lock of its own */
        l->trip = NULL;
        l->is_used = true;
        w->links_used++;
        if (peer == NULL || !address_of_sockaddr(peer->client_addr, &l->address))
            l->address = (struct address){{0}};
        ++*held_by(w, &l->address);
        l->is_trusted = address_is_trusted(w, &l->address);
        l->is_loopback = address_is_loopback(&l->address);
        l->fd = fd != NULL ? fd->connect_fd : -1;
        atomic_store(&l->deadline, clock_steady() + ARRIVE_MS);
    }
    pthread_mutex_unlock(&w->links_lock);
    return l;
}

void link_give_back(struct link *l)
{
    struct web *w = l->web;
    pthread_mutex_lock(&w->links_lock);
    l->is_used = false;
    --*held_by(w, &l->address);
    l->fd = -1;
    atomic_store(&l->deadline, 0);
    l->next_free = w->free_links;
    w->free_links = l;
    w->links_used--;
    pthread_mutex_unlock(&w->links_lock);
}

void link_shut(struct link *l, const char *status)
{
    char answer[128];
    int n = snprintf(answer, sizeof answer,
                     "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status);
    if (!l->web->has_tls)
        (void)!send(l->fd, answer, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(l->fd, SHUT_RDWR);
    atomic_store(&l->deadline, 0);
}

void links_watch(struct web *w)
{
    int64_t now = clock_steady();
    pthread_mutex_lock(&w->links_lock);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        struct link *l = &w->links[i];
        int64_t deadline = l->is_used ? atomic_load(&l->deadline) : 0;
        if (deadline != 0 && now > deadline) /* under the lock: it is still this connection's */
            link_shut(l, "408 Request Timeout");
    }
    pthread_mutex_unlock(&w->links_lock);
}
