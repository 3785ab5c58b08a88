/* The two languages of the screens. A message is its own zh-CN source text; English is looked up in
 * the generated table, which is sorted by the bytes of the Chinese. A missing English text shows the
 * Chinese: better a readable sentence than a key (a release build refuses to be made that way). */
#include "buf.h"
#include "ctx.h"

#include <stdarg.h>
#include <string.h>

struct message { /* as po/ gives it (docs/generated.md) */
    const char *zh, *en;
};
extern const struct message message_table[];
extern const int message_count;

#define HOLES_MAX  16
#define FILLED_MAX ((size_t)64 * 1024)

static const char *english(const char *msg)
{
    int low = 0, high = message_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(msg, message_table[middle].zh);
        if (order == 0)
            return message_table[middle].en;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct str tr(const struct ctx *c, const char *msg)
{
    if (msg == NULL)
        return STR_NONE;
    const char *en = c->lang == LANG_EN ? english(msg) : NULL;
    return str_of(en == NULL || *en == '\0' ? msg : en);
}

struct hole {
    struct str name, value;
};

static void fill(struct buf *b, struct str text, const struct hole *holes, int count)
{
    while (text.n > 0) {
        const char *open = memchr(text.p, '{', text.n);
        const char *close =
            open == NULL ? NULL : memchr(open, '}', (size_t)(text.p + text.n - open));
        if (close == NULL)
            break;
        struct str name = {open + 1, (size_t)(close - open - 1)};
        int i = 0;
        while (i < count && !str_eq(holes[i].name, name))
            i++;
        if (i == count) { /* not one of ours: the brace is text */
            close = open;
            buf_put(b, text.p, (size_t)(open + 1 - text.p));
        } else {
            buf_put(b, text.p, (size_t)(open - text.p));
            buf_str(b, holes[i].value);
        }
        size_t passed = (size_t)(close + 1 - text.p);
        text = (struct str){text.p + passed, text.n - passed};
    }
    buf_str(b, text);
}

struct str tr_fill(const struct ctx *c, const char *msg, ...)
{
    struct hole holes[HOLES_MAX];
    int count = 0;
    va_list args;
    va_start(args, msg);
    for (const char *name; (name = va_arg(args, const char *)) != NULL; count++) {
        BUG_IF(count == HOLES_MAX);
        holes[count].name = str_of(name);
        holes[count].value = va_arg(args, struct str);
    }
    va_end(args);
    struct buf b;
    buf_init(&b, c->arena, FILLED_MAX);
    fill(&b, tr(c, msg), holes, count);
    return buf_as_str(&b);
}
