/* The directory in public: search results and guides. */
#include "item.h"

#define PAGE_SIZE 20

enum err items_show(struct ctx *c, const struct item_query_form *f, struct reply *r,
                    struct item_list *v)
{
    (void)r;
    struct item_search s = {.words = f->q,
                            .zone = f->zone,
                            .agency = f->agency,
                            .page = (int)f->page,
                            .page_size = PAGE_SIZE};
    return item_search(c, &s, v);
}

enum err item_show(struct ctx *c, const struct item_code_form *f, struct reply *r,
                   struct item_view *v)
{
    (void)r;
    return item_guide(c, f->code, v);
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

struct str items_next_page(struct ctx *c, const struct item_list *v)
{
    struct buf b;
    buf_init(&b, c->arena, 1024);
    buf_lit(&b, "/items?q=");
    put_query_value(&b, v->q);
    buf_lit(&b, "&page=");
    buf_str(&b, v->next);
    return buf_as_str(&b);
}
