/* See port.h. A byte that answers DLE EOT has the bits 0x12 set (fixed by the command reference), one that
 * answers GS r has neither: so a late answer of the one is never taken for the other. */
#include "port.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define CONNECT_MS 1500
#define ANSWER_MS  700  /* for DLE EOT, which is answered in the printer's interrupt */
#define WRITE_MS   5000 /* without any progress */
#define CONFIRM_MS 8000 /* for GS r, which is answered when all before it is printed */

#define STATUS_FIXED 0x12
#define BIT_OFFLINE  0x08 /* of DLE EOT 1 */
#define BIT_COVER    0x04 /* of DLE EOT 2 */
#define BITS_PAPER   0x60 /* of DLE EOT 4: the roll has ended */

static struct str host_of(struct str address, struct str *ret_port)
{
    size_t n = address.n;
    while (n > 0 && address.p[n - 1] != ':')
        n--;
    *ret_port = (struct str){address.p + n, address.n - n};
    return n == 0 ? STR("") : (struct str){address.p, n - 1};
}

bool port_address_ok(struct str address, bool any_path)
{
    struct str port, host = host_of(address, &port);
    int64_t number;
    if (address.n == 0 || address.n > 200)
        return false;
    if (address.p[0] == '/')
        return (any_path || str_starts(address, STR("/dev/"))) && str_find(address, STR("..")) < 0;
    for (size_t i = 0; i < host.n; i++)
        if (host.p[i] <= ' ' || strchr("/?#@\"'<>", host.p[i]) != NULL)
            return false;
    return host.n > 0 && str_to_int(port, &number) && number > 0 && number < 65536;
}

/* Waits for one of the events; false at the end of the time. */
static bool wait_for(int fd, short events, int64_t until)
{
    for (;;) {
        int64_t left = until - clock_steady();
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, left < 0 ? 0 : (int)left);
        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

static int connect_to(const struct addrinfo *x)
{
    int fd = socket(x->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int yes = 1, error = 0;
    socklen_t n = sizeof error;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, x->ai_addr, x->ai_addrlen) == 0)
        return fd;
    if (errno == EINPROGRESS && wait_for(fd, POLLOUT, clock_steady() + CONNECT_MS) &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0)
        return fd;
    close(fd);
    return -1;
}

static int open_tcp(struct arena *a, struct str address)
{
    struct str port, host = host_of(address, &port);
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(str_z(a, host), str_z(a, port), &hints, &found) != 0)
        return -1;
    int fd = -1;
    for (const struct addrinfo *x = found; x != NULL && fd < 0; x = x->ai_next)
        fd = connect_to(x);
    freeaddrinfo(found);
    return fd;
}

/* A FIFO cannot answer, and what is a terminal must not change our bytes. */
static int open_file(const char *path, bool *ret_can_read)
{
    struct stat st;
    *ret_can_read = stat(path, &st) == 0 && S_ISCHR(st.st_mode);
    if (stat(path, &st) != 0 || (!S_ISCHR(st.st_mode) && !S_ISFIFO(st.st_mode)))
        return -1;
    int fd = open(path, (*ret_can_read ? O_RDWR : O_WRONLY) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct termios t;
    if (fd >= 0 && isatty(fd) && tcgetattr(fd, &t) == 0) {
        cfmakeraw(&t);
        (void)tcsetattr(fd, TCSANOW, &t);
    }
    return fd;
}

void port_close(struct port *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

/* How many of the bytes went out. */
static size_t send_all(const struct port *p, struct str bytes)
{
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t n = write(p->fd, bytes.p + done, bytes.n - done);
        if (n > 0) {
            done += (size_t)n;
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0 || errno != EAGAIN || !wait_for(p->fd, POLLOUT, clock_steady() + WRITE_MS))
            break;
    }
    return done;
}

enum answer { ANSWER_BYTE, ANSWER_NONE, ANSWER_ENDED };

/* The next byte that is an answer of the kind asked for; others are passed over. */
static enum answer answer_of(const struct port *p, bool of_status, int64_t until, int *ret)
{
    for (;;) {
        unsigned char ch;
        ssize_t n = read(p->fd, &ch, 1);
        if (n == 1) {
            *ret = ch;
            if (((ch & STATUS_FIXED) == STATUS_FIXED) == of_status)
                return ANSWER_BYTE;
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            return ANSWER_ENDED;
        } else if (!wait_for(p->fd, POLLIN, until)) {
            return ANSWER_NONE;
        }
    }
}

/* Asks all three; a printer that answers none is mute, and so is taken for ready. */
static enum port_state ask_state(struct port *p)
{
    static const char ask[] = "\x10\x04\x01\x10\x04\x02\x10\x04\x04";
    int byte[3];
    if (send_all(p, (struct str){ask, sizeof ask - 1}) != sizeof ask - 1)
        return PORT_SILENT;
    int64_t until = clock_steady() + ANSWER_MS;
    for (int i = 0; i < 3; i++) {
        enum answer x = answer_of(p, true, until, &byte[i]);
        if (x == ANSWER_ENDED)
            return PORT_BROKEN;
        if (x == ANSWER_NONE) {
            p->is_mute = i == 0;
            return i == 0 ? PORT_OK : PORT_SILENT;
        }
    }
    p->is_mute = false;
    if ((byte[2] & BITS_PAPER) != 0)
        return PORT_PAPER_OUT;
    if ((byte[1] & BIT_COVER) != 0)
        return PORT_COVER_OPEN;
    return (byte[0] & BIT_OFFLINE) != 0 ? PORT_OFFLINE : PORT_OK;
}

enum port_state port_open(struct arena *a, struct str address, bool is_mute, struct port *ret)
{
    *ret = (struct port){.fd = -1, .is_mute = is_mute, .can_read = true};
    ret->fd = address.n > 0 && address.p[0] == '/' ? open_file(str_z(a, address), &ret->can_read)
                                                   : open_tcp(a, address);
    if (ret->fd < 0)
        return PORT_UNREACHABLE;
    if (!ret->can_read)
        ret->is_mute = true;
    return port_check(ret);
}

enum port_state port_check(struct port *p)
{
    enum port_state state = p->is_mute ? PORT_OK : ask_state(p);
    if (state != PORT_OK)
        port_close(p);
    return state;
}

/* Why it did not answer: asked once more, as far as it still can. */
static enum port_state why_silent(struct port *p)
{
    enum port_state state = ask_state(p);
    return state == PORT_OK ? PORT_SILENT : state;
}

enum port_outcome port_print(struct port *p, struct str bytes, enum port_state *ret_state)
{
    int byte;
    *ret_state = PORT_OK;
    size_t sent = send_all(p, bytes);
    if (sent < bytes.n) {
        *ret_state = sent == 0 ? PORT_SILENT : PORT_BROKEN;
        port_close(p);
        return sent == 0 ? PORT_NOT_BEGUN : PORT_UNSURE;
    }
    if (p->is_mute)
        return PORT_PRINTED;
    if (send_all(p, STR("\x1dr\x01")) == 3) {
        enum answer x = answer_of(p, false, clock_steady() + CONFIRM_MS, &byte);
        if (x == ANSWER_BYTE)
            return PORT_PRINTED;
        *ret_state = x == ANSWER_NONE ? why_silent(p) : PORT_BROKEN;
    } else {
        *ret_state = PORT_BROKEN;
    }
    port_close(p);
    return PORT_UNSURE;
}
