/* A hall on disk: the data folder and what lies beside it. hall.conf holds the few facts that must
 * be known before the database is open; all other settings live in the database. The master key
 * and the journal's anchor are outside the folder on purpose: who copies the folder (a backup)
 * has neither the key to what is encrypted in it nor the means to make a cut journal look whole. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "center.h"
#include "clock.h"
#include "ids.h"
#include "services.h"

#define CONF_LINE_MAX 256

static const char *absolute(struct arena *a, const char *path)
{
    char here[PATH_MAX];
    struct str whole;
    if (path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
        whole = str_fmt(a, "%s", path);
    else
        whole = str_fmt(a, "%s/%s", here, path);
    while (whole.n > 1 && whole.p[whole.n - 1] == '/')
        whole.n--;
    return str_z(a, whole);
}

void hall_defaults(struct hall *h)
{
    h->data = absolute(h->arena, h->data);
    if (h->url == NULL)
        h->url = str_z(h->arena, str_fmt(h->arena, "sqlite:%s/onewindow.db", h->data));
    if (h->key_file == NULL)
        h->key_file = str_z(h->arena, str_fmt(h->arena, "%s.key", h->data));
    if (h->anchor_file == NULL)
        h->anchor_file = str_z(h->arena, str_fmt(h->arena, "%s.anchor", h->data));
}

static const char *conf_path(const struct hall *h)
{
    return str_z(h->arena, str_fmt(h->arena, "%s/hall.conf", h->data));
}

bool hall_exists(const struct hall *h)
{
    return access(conf_path(h), F_OK) == 0;
}

bool hall_write(const struct hall *h, struct str *ret_why)
{
    const char *path = conf_path(h);
    const char *fresh = str_z(h->arena, str_fmt(h->arena, "%s.new", path));
    FILE *f = fopen(fresh, "we");
    if (f == NULL) {
        *ret_why = str_fmt(h->arena, "%s: %s", fresh, strerror(errno));
        return false;
    }
    fprintf(f, "# Written by onewindow init. All other settings are in the database.\n");
    fprintf(f, "center = %lld\n", (long long)h->center_id);
    bool written = fflush(f) == 0 && fsync(fileno(f)) == 0;
    written = fclose(f) == 0 && written;
    if (!written || rename(fresh, path) != 0) {
        *ret_why = str_fmt(h->arena, "%s: %s", path, strerror(errno));
        return false;
    }
    return true;
}

static bool take_line(struct hall *h, struct str line)
{
    struct str rest = str_trim(line);
    if (rest.n == 0 || rest.p[0] == '#')
        return true;
    struct str name = str_trim(str_cut(&rest, '='));
    int64_t value;
    if (rest.p == NULL || !str_to_int(str_trim(rest), &value))
        return false;
    if (str_is(name, "center"))
        h->center_id = value;
    else
        return false;
    return true;
}

bool hall_read(struct hall *h, struct str *ret_why)
{
    const char *path = conf_path(h);
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        *ret_why =
            str_fmt(h->arena, "there is no hall in %s; make one with `onewindow init --data %s`",
                    h->data, h->data);
        return false;
    }
    char line[CONF_LINE_MAX];
    int number = 0;
    bool sound = true;
    while (sound && fgets(line, sizeof(line), f) != NULL) {
        number++;
        sound = take_line(h, str_of(line));
    }
    fclose(f);
    if (!sound)
        *ret_why = str_fmt(h->arena, "%s, line %d: expected `center = NUMBER`", path, number);
    return sound;
}

static enum err read_center(struct ctx *c, void *arg)
{
    struct hall *h = arg;
    struct center_row row;
    enum err e = center_here(c, &row);
    if (e == E_OK)
        h->is_demonstration = row.is_demonstration;
    return e == E_NOT_FOUND ? E_OK : e; /* not yet, while init makes it */
}

static bool learn_center(struct hall *h, struct str *ret_why)
{
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "open");
    enum err e = store_read(h->store, &c, read_center, h);
    if (e != E_OK)
        *ret_why = str_copy(h->arena, error_sentence(&c, e));
    arena_free(a);
    return e == E_OK;
}

bool hall_open(struct hall *h, bool migrate, struct str *ret_why)
{
    crypt_start();
    if (h->node < 0 || h->node > 1023) {
        *ret_why = STR("--node must be 0 to 1023");
        return false;
    }
    if (!keys_load(h->key_file, &h->keys, ret_why))
        return false;
    struct store_options options = {.url = h->url,
                                    .folder = h->data,
                                    .node = (unsigned)h->node,
                                    .migrate = migrate};
    *ret_why = STR_NONE;
    enum err e = store_open(&options, h->arena, &h->store, ret_why);
    if (e != E_OK) {
        if (ret_why->n == 0)
            *ret_why = str_fmt(h->arena, "the database does not open (%s)", err_table[e].code);
        h->store = NULL;
        return false;
    }
    h->services = ARENA_ARRAY(h->arena, void *, (size_t)SERVICE_COUNT + 1);
    if (learn_center(h, ret_why))
        return true;
    hall_close(h);
    return false;
}

void hall_close(struct hall *h)
{
    if (h->store != NULL)
        store_close(h->store);
    h->store = NULL;
    explicit_bzero(&h->keys, sizeof(h->keys));
}

struct ctx hall_context(const struct hall *h, struct arena *a, const char *request_id)
{
    return (struct ctx){
        .arena = a,
        .store = h->store,
        .keys = &h->keys,
        .ids = store_ids(h->store),
        .now = clock_now(),
        .zone_minutes = ZONE_CHINA_MINUTES,
        .center_id = h->center_id,
        .actor = {.kind = ACTOR_SYSTEM, .name = STR("系统"), .login = STR_NONE},
        .lang = LANG_ZH,
        .request_id = str_of(request_id),
        .services = h->services,
    };
}

bool hall_start_services(struct hall *h, struct str *ret_why)
{
    for (int i = 0; i < SERVICE_COUNT; i++) {
        struct arena *a = arena_new(APP_ARENA_BYTES);
        struct ctx c = hall_context(h, a, "start");
        enum err e = service_table[i].start(&c, &h->services[i]);
        if (e != E_OK)
            *ret_why = str_fmt(h->arena, "the service %s does not start: %.*s",
                               service_table[i].name, STR_ARG(error_sentence(&c, e)));
        arena_free(a);
        if (e != E_OK) {
            h->services[i] = NULL;
            hall_stop_services(h);
            return false;
        }
    }
    return true;
}

void hall_stop_services(struct hall *h)
{
    for (int i = SERVICE_COUNT; i-- > 0;) {
        if (h->services[i] != NULL)
            service_table[i].stop(h->services[i]);
        h->services[i] = NULL;
    }
}

struct str error_sentence(const struct ctx *c, enum err e)
{
    struct str text = c->refusal.text.n > 0 ? c->refusal.text : tr(c, err_table[e].sentence);
    if (c->refusal.code != e || c->refusal.detail.n == 0)
        return str_fmt(c->arena, "%.*s (%s)", STR_ARG(text), err_table[e].code);
    return str_fmt(c->arena, "%.*s (%s: %.*s)", STR_ARG(text), err_table[e].code,
                   STR_ARG(c->refusal.detail));
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *find_data(struct arena *a, const char *from, const char *name)
{
    if (from != NULL)
        return is_folder(from) ? from : NULL;
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (n <= 0)
        return NULL;
    program[n] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    const char *beside = str_z(a, str_fmt(a, "%s/../data/%s", program, name));
    const char *installed = str_z(a, str_fmt(a, "%s/../share/onewindow/data/%s", program, name));
    if (is_folder(beside))
        return beside;
    return is_folder(installed) ? installed : NULL;
}
