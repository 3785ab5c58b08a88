/* onewindow check items: puts every item of the directory under all rules (codes, contradictions, gaps, four sames) and
 * says how many there are of each and how long it took. The pages of the hall show the same, item by item
 * (/manage/items/gaps). Nothing is changed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "clock.h"
#include "log.h"
#include "quality.h"

struct checked {
    struct directory_facts facts;
    int64_t items, hard, soft, complete, same, unentered;
};

static enum err look_through(struct ctx *c, void *arg)
{
    struct checked *k = arg;
    TRY(directory_facts_on(c, today(c), 0, &k->facts));
    for (size_t i = 0; i < k->facts.n; i++) {
        const struct item_facts *f = &k->facts.v[i];
        if (f->item_id == 0) {
            k->unentered++;
            continue;
        }
        k->items++;
        k->hard += hard_count(f) > 0 ? 1 : 0;
        k->soft += soft_count(f) > 0 ? 1 : 0;
        k->complete += f->gaps == 0 ? 1 : 0;
        k->same += f->sames == 0 ? 1 : 0;
    }
    return E_OK;
}

static void print_broken(const struct checked *k)
{
    for (int r = 0; r < item_rule_count; r++) {
        int64_t n = 0;
        for (size_t i = 0; i < k->facts.n; i++)
            n += (k->facts.v[i].broken >> r & 1) != 0 ? 1 : 0;
        if (n > 0)
            printf("  %-18s %-4s %" PRId64 "\n", item_rules[r].code,
                   item_rules[r].weight == RULE_HARD ? "hard" : "soft", n);
    }
}

static int report(const struct checked *k, int64_t took_ms)
{
    printf("%" PRId64 " items checked in %" PRId64 ".%02" PRId64 " s\n", k->items, took_ms / 1000,
           took_ms % 1000 / 10);
    printf("%" PRId64 " complete, %" PRId64 " the same as the catalogue, %" PRId64
           " with hard faults, %" PRId64 " with soft ones, %" PRId64 " entries not entered\n",
           k->complete, k->same, k->hard, k->soft, k->unentered);
    print_broken(k);
    return k->hard > 0 ? EXIT_REFUSED : EXIT_DONE;
}

static int check(struct hall *h)
{
    struct str why = STR_NONE;
    struct checked k = {0};
    if (!hall_read(h, &why) || !hall_open(h, false, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "check");
    int64_t begun = clock_steady();
    enum err e = store_read(h->store, &c, look_through, &k);
    int status = e == E_OK ? report(&k, clock_steady() - begun)
                           : refuse("%.*s", STR_ARG(error_sentence(&c, e)));
    arena_free(a);
    hall_close(h);
    return status;
}

int cmd_check(const struct command *self, int argc, char **argv)
{
    const char *words[2];
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    const struct option_spec specs[] = {HALL_OPTIONS(h)};
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 1);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON) {
        bool is_items = words[0] != NULL && strcmp(words[0], "items") == 0;
        if (!is_items || h.data == NULL)
            status = wrong_words(self, "`items` and --data DIR are needed");
        else {
            hall_defaults(&h);
            status = check(&h);
        }
    }
    arena_free(h.arena);
    return status;
}
