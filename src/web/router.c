/* Finds the route of a path. The generated table is turned into a tree of path segments once at
 * start; a look-up walks it without allocating. A literal segment goes before {…}: /loans/late.csv
 * is not the loan "late.csv". Behind a literal that leads nowhere the {…} beside it is tried. */
#include "server.h"

#include <string.h>

#define DEPTH_MAX       12
#define VALUES_PER_PATH 4

struct node {
    struct str word; /* "" for {…} */
    struct node *literals, *next, *any;
    const struct route *by_method[METHOD_COUNT];
    unsigned methods;
};

struct router {
    struct node root;
};

static struct str segment(struct str *rest)
{
    return str_cut(rest, '/');
}

static struct node *literal_child(const struct node *n, struct str word)
{
    for (struct node *k = n->literals; k != NULL; k = k->next)
        if (str_eq(k->word, word))
            return k;
    return NULL;
}

static struct node *child_for(struct arena *a, struct node *n, struct str word)
{
    if (word.n > 1 && word.p[0] == '{') {
        if (n->any == NULL)
            n->any = ARENA_NEW(a, struct node);
        return n->any;
    }
    struct node *k = literal_child(n, word);
    if (k == NULL) {
        k = ARENA_NEW(a, struct node);
        k->word = word;
        k->next = n->literals;
        n->literals = k;
    }
    return k;
}

struct router *router_new(struct arena *a, const struct route *table, int count)
{
    struct router *r = ARENA_NEW(a, struct router);
    for (int i = 0; i < count; i++) {
        struct node *n = &r->root;
        struct str rest = str_of(table[i].pattern);
        BUG_IF(rest.n == 0 || rest.p[0] != '/');
        rest = (struct str){rest.p + 1, rest.n - 1};
        if (rest.n > 0)
            while (rest.p != NULL)
                n = child_for(a, n, segment(&rest));
        if (n->by_method[table[i].method] != NULL)
            BUG("two routes %s", table[i].pattern);
        n->by_method[table[i].method] = &table[i];
        n->methods |= 1u << table[i].method;
    }
    return r;
}

struct walk {
    struct str values[VALUES_PER_PATH];
    int value_count, depth;
};

static const struct node *walk(const struct node *n, struct str rest, struct walk *w)
{
    if (rest.p == NULL)
        return n->methods != 0 ? n : NULL;
    if (w->depth == DEPTH_MAX)
        return NULL;
    struct str word = segment(&rest);
    w->depth++;
    const struct node *k = literal_child(n, word), *found = NULL;
    if (k != NULL && word.n > 0)
        found = walk(k, rest, w);
    if (found == NULL && n->any != NULL && word.n > 0 && w->value_count < VALUES_PER_PATH) {
        w->values[w->value_count++] = word;
        found = walk(n->any, rest, w);
        if (found == NULL)
            w->value_count--;
    }
    w->depth--;
    return found;
}

const struct route *router_find(const struct router *r, enum method m, struct str path,
                                struct str values[4], unsigned *ret_allowed)
{
    struct walk w = {.value_count = 0};
    *ret_allowed = 0;
    if (path.n == 0 || path.p[0] != '/')
        return NULL;
    struct str rest = {path.p + 1, path.n - 1};
    const struct node *n = path.n == 1 ? &r->root : walk(&r->root, rest, &w);
    if (n == NULL)
        return NULL;
    *ret_allowed = n->methods;
    memcpy(values, w.values, sizeof w.values);
    return m < METHOD_COUNT ? n->by_method[m] : NULL;
}

struct str pattern_name(const char *pattern, int n)
{
    for (const char *p = pattern; (p = strchr(p, '{')) != NULL; p++) {
        const char *end = strchr(p, '}');
        if (end == NULL)
            break;
        if (n-- == 0)
            return (struct str){p + 1, (size_t)(end - p - 1)};
    }
    return STR_NONE;
}
