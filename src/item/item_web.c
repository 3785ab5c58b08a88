/* The directory in public: search results. Guides are in item_guide_web.c. */
#include "item.h"

#define PAGE_SIZE 20

enum err items_show(struct ctx *c, const struct item_query_form *f, struct reply *r,
                    struct item_list *v)
{
    (void)r;
    struct item_search s = {.words = f->q,
                            .zone = f->zone,
                            .agency = f->agency,
                            .audience = f->audience,
                            .page = (int)f->page,
                            .page_size = PAGE_SIZE};
    return item_search(c, &s, v);
}

/* Bytes that a query may hold as they are; all others are written %XX (RFC 3986). */
static void put_query_value(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool is_plain = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
                        (ch >= 'A' && ch <= 'Z') || ch == '-' || ch == '.';
        if (is_plain)
            buf_char(b, (char)ch);
        else
            buf_fmt(b, "%%%02X", ch);
    }
}

static void put_parameter(struct buf *b, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_str(b, str_of(name));
    put_query_value(b, value);
}

struct str items_next_page(struct ctx *c, const struct item_list *v)
{
    struct buf b;
    buf_init(&b, c->arena, 1024);
    buf_lit(&b, "/items?q=");
    put_query_value(&b, v->q);
    put_parameter(&b, "&zone=", v->zone);
    put_parameter(&b, "&agency=", v->agency);
    put_parameter(&b, "&audience=", v->audience);
    put_parameter(&b, "&page=", v->next);
    return buf_as_str(&b);
}
