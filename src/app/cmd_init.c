/* onewindow init: makes the data folder of a hall: master key, database with its tables, and with
 * --demo the demonstration hall. hall.conf is written last: a folder without it is not a hall yet,
 * so that an init that failed half-way can simply be run again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "center_gen.h"
#include "log.h"
#include "services.h"

/* The folder and those above it, readable by its owner only. */
static bool make_folder(struct arena *a, const char *path, struct str *ret_why)
{
    struct str whole = str_copy(a, str_of(path));
    for (size_t i = 1; i <= whole.n; i++) {
        if (i < whole.n && whole.p[i] != '/')
            continue;
        const char *part = str_z(a, (struct str){whole.p, i});
        if (mkdir(part, i == whole.n ? 0700 : 0755) != 0 && errno != EEXIST) {
            *ret_why = str_fmt(a, "%s: %s", part, strerror(errno));
            return false;
        }
    }
    return true;
}

struct demo_run {
    const char *data_dir;
    bool shown; /* names each step once, even when the transaction is repeated */
};

static enum err run_demo(struct ctx *c, void *arg)
{
    struct demo_run *demo = arg;
    for (int i = 0; i < demo_count; i++) {
        if (isatty(STDERR_FILENO) && !demo->shown)
            fprintf(stderr, "\r\033[Kdemonstration hall: %s (%d of %d)", demo_table[i].name, i + 1,
                    demo_count);
        enum err e = demo_table[i].run(c, demo->data_dir);
        if (e != E_OK) {
            c->refusal.text =
                str_fmt(c->arena, "%s: %.*s", demo_table[i].name, STR_ARG(error_sentence(c, e)));
            return e;
        }
    }
    demo->shown = true;
    return E_OK;
}

static bool fill_demo(struct hall *h, const char *data_dir, struct str *ret_why)
{
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "init");
    struct demo_run demo = {.data_dir = data_dir};
    enum err e = store_bulk(h->store, &c, run_demo, &demo);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    if (e != E_OK)
        *ret_why = str_fmt(h->arena, "the demonstration hall was not made: %.*s",
                           STR_ARG(error_sentence(&c, e)));
    arena_free(a);
    return e == E_OK;
}

static enum err put_center(struct ctx *c, void *arg)
{
    const struct str *name = arg, none = STR("");
    struct str number = str_fmt(c->arena, "%lld", (long long)c->center_id);
    return center_put(c, c->center_id, number, *name, none, number, none, none, none, none, none,
                      false);
}

/* A centre with nothing in it but its name. */
static bool fill_empty(struct hall *h, const char *name, struct str *ret_why)
{
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "init");
    struct str text = str_of(name);
    enum err e = store_act(h->store, &c, put_center, &text);
    if (e != E_OK)
        *ret_why = str_copy(h->arena, error_sentence(&c, e));
    arena_free(a);
    return e == E_OK;
}

static bool make_hall(struct hall *h, const char *data_dir, const char *name, struct str *ret_why)
{
    if (!make_folder(h->arena, h->data, ret_why))
        return false;
    crypt_start();
    if (access(h->key_file, F_OK) != 0 && !keys_make(h->key_file, ret_why))
        return false;
    if (!hall_open(h, true, ret_why))
        return false;
    bool filled = data_dir != NULL ? fill_demo(h, data_dir, ret_why) : fill_empty(h, name, ret_why);
    bool made = filled && hall_write(h, ret_why);
    hall_close(h);
    return made;
}

static int init(const struct command *self, struct hall *h, const char *demo, const char *data_from,
                const char *name)
{
    if (h->data == NULL)
        return wrong_words(self, "--data DIR is needed");
    const char *data_dir = NULL;
    if (demo != NULL) {
        if (strcmp(demo, "wolong") != 0)
            return wrong_words(self, "there is no demonstration hall %s; there is: wolong", demo);
        data_dir = find_data(h->arena, data_from, demo);
        if (data_dir == NULL)
            return refuse("the files of the demonstration hall are not found; "
                          "say where with --data-from DIR");
        h->center_id = DEMO_CENTER_ID;
    }
    hall_defaults(h);
    if (hall_exists(h))
        return refuse("%s is a hall already; nothing was changed", h->data);
    struct str why = STR_NONE;
    if (!make_hall(h, data_dir, name, &why))
        return refuse("%.*s", STR_ARG(why));
    printf("The hall is made: %s\n"
           "Its master key:   %s (keep a copy in another place; no backup holds it)\n"
           "Serve it with:    onewindow serve --data %s\n",
           h->data, h->key_file, h->data);
    if (demo == NULL)
        printf("First account:    onewindow user add NAME --role sysadmin --data %s\n", h->data);
    return EXIT_DONE;
}

int cmd_init(const struct command *self, int argc, char **argv)
{
    const char *demo = NULL, *data_from = NULL, *name = "政务服务中心", *words[1];
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES), .center_id = 1};
    const struct option_spec specs[] = {
        HALL_OPTIONS(h),
        {"--center", OPTION_INT, &h.center_id, "N",
         "number of the centre: the six digits of its district (GB/T 2260); without it 1"},
        {"--name", OPTION_TEXT, &name, "NAME", "name of the centre, as visitors read it"},
        {"--demo", OPTION_TEXT, &demo, "wolong", "fill in the demonstration hall"},
        {"--data-from", OPTION_TEXT, &data_from, "DIR", "where the demonstration's tables are"},
    };
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 0);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = init(self, &h, demo, data_from, name);
    arena_free(h.arena);
    return status;
}
