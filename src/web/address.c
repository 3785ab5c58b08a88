/* Network addresses: one form for both families (IPv4 as ::ffff:a.b.c.d), so that limits and the
 * list of trusted proxies need one comparison and no cases. */
#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool address_of_sockaddr(const struct sockaddr *sa, struct address *ret)
{
    struct address x = {{0}};
    if (sa == NULL)
        return false;
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;
        memcpy(x.bytes, mapped, sizeof mapped);
        memcpy(x.bytes + 12, &in->sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)sa;
        memcpy(x.bytes, &in6->sin6_addr, 16);
    } else {
        return false;
    }
    *ret = x;
    return true;
}

bool address_parse(struct str s, struct address *ret)
{
    char text[64];
    struct address x = {{0}};
    if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
        s = (struct str){s.p + 1, s.n - 2};
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    if (inet_pton(AF_INET, text, x.bytes + 12) == 1)
        memcpy(x.bytes, mapped, sizeof mapped);
    else if (inet_pton(AF_INET6, text, x.bytes) != 1)
        return false;
    *ret = x;
    return true;
}

/* Needed for every request, so IPv4 without inet_ntop(), which goes through printf. */
struct str address_text(struct arena *a, const struct address *x)
{
    if (memcmp(x->bytes, mapped, sizeof mapped) == 0) {
        struct buf b;
        buf_init(&b, a, 16);
        for (int i = 12; i < 16; i++) {
            if (i > 12)
                buf_char(&b, '.');
            buf_int(&b, x->bytes[i]);
        }
        return buf_as_str(&b);
    }
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(AF_INET6, x->bytes, text, sizeof text);
    return str_copy(a, str_of(text));
}

bool address_is_loopback(const struct address *x)
{
    static const uint8_t one[16] = {[15] = 1};
    if (memcmp(x->bytes, mapped, sizeof mapped) == 0)
        return x->bytes[12] == 127;
    return memcmp(x->bytes, one, sizeof one) == 0;
}

bool cidr_parse(struct str s, struct cidr *ret)
{
    struct cidr net = {{{0}}, 128};
    struct str rest = s, host = str_cut(&rest, '/');
    if (!address_parse(host, &net.net))
        return false;
    bool is_v4 = memcmp(net.net.bytes, mapped, sizeof mapped) == 0;
    if (rest.p != NULL) {
        int64_t bits;
        if (!str_to_int(rest, &bits) || bits < 0 || bits > (is_v4 ? 32 : 128))
            return false;
        net.bits = (unsigned)bits + (is_v4 ? 96 : 0);
    }
    *ret = net;
    return true;
}

bool cidr_holds(const struct cidr *net, const struct address *x)
{
    unsigned whole = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->net.bytes, x->bytes, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return (net->net.bytes[whole] & mask) == (x->bytes[whole] & mask);
}
