/* onewindow kiosk: the program on the kiosk's own machine (src/kiosk/kiosk.h). Its data folder holds
 * kiosk.db, the log of what it gave out alone, and token, what the hall knows it by; both are its own, so a
 * lost machine is withdrawn in the hall and nothing else. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "kiosk.h"
#include "port.h"
#include "store.h"
#include "web.h"

struct kiosk_words {
    const struct command *self;
    struct kiosk kiosk;
    const char *data, *token_file;
};

static const char *read_token(struct arena *a, const char *path)
{
    char line[200] = "";
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return NULL;
    bool got = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    return got ? str_z(a, str_trim(str_of(line))) : NULL;
}

static int run(struct kiosk_words *w)
{
    struct kiosk *k = &w->kiosk;
    struct str why = STR_NONE;
    struct store_options o = {.url =
                                  str_z(k->arena, str_fmt(k->arena, "sqlite:%s/kiosk.db", w->data)),
                              .migrate = true};
    if (mkdir(w->data, 0700) != 0 && errno != EEXIST)
        return refuse("%s: %s", w->data, strerror(errno));
    crypt_start();
    if (store_open(&o, k->arena, &k->store, &why) != E_OK)
        return refuse("%.*s", STR_ARG(why));
    printf("onewindow kiosk on http://%s for %s\n", k->listen, k->server);
    fflush(stdout);
    why = STR_NONE;
    bool ok = kiosk_run(k, &why);
    store_close(k->store);
    return ok ? EXIT_DONE : refuse("%.*s", STR_ARG(why));
}

static int check_and_run(struct kiosk_words *w)
{
    struct kiosk *k = &w->kiosk;
    if (k->server == NULL || w->data == NULL)
        return wrong_words(w->self, "it needs --server and --data");
    if (k->token == NULL && w->token_file != NULL)
        k->token = read_token(k->arena, w->token_file);
    if (k->token == NULL)
        return wrong_words(w->self, "it needs --token-file FILE, or --token: pair the kiosk first "
                                    "(page /devices of the hall)");
    struct str server = str_of(k->server);
    if (!str_starts(server, STR("http://")) && !str_starts(server, STR("https://")))
        return wrong_words(w->self, "--server must begin with http:// or https://");
    while (server.n > 8 && server.p[server.n - 1] == '/')
        server.n--;
    k->server = str_z(k->arena, server);
    if (!public_token_center(str_of(k->token), &k->center_id))
        return refuse("this is not the token of a device");
    if (k->printer != NULL && !port_address_ok(str_of(k->printer), true))
        return wrong_words(w->self, "--printer takes host:9100 or a device file");
    return run(w);
}

int cmd_kiosk(const struct command *self, int argc, char **argv)
{
    struct kiosk_words w = {.self = self,
                            .kiosk = {.arena = arena_new(APP_ARENA_BYTES),
                                      .listen = "127.0.0.1:8412"}};
    const char *words[1];
    const struct option_spec specs[] = {
        {"--server", OPTION_TEXT, &w.kiosk.server, "URL", "the hall's server"},
        {"--token", OPTION_TEXT, &w.kiosk.token, "TOKEN", "what the hall knows this kiosk by"},
        {"--token-file", OPTION_TEXT, &w.token_file, "FILE", "the same, from a file of one line"},
        {"--data", OPTION_TEXT, &w.data, "DIR",
         "where it keeps its log; made when it is not there"},
        {"--listen", OPTION_TEXT, &w.kiosk.listen, "ADDRESS",
         "where its browser finds it; without it 127.0.0.1:8412"},
        {"--printer", OPTION_TEXT, &w.kiosk.printer, "ADDRESS", "host:9100 or /dev/usb/lp0"},
        {"--card", OPTION_TEXT, &w.kiosk.card, "ADDRESS",
         "the card reader's bridge, such as 127.0.0.1:8413"},
    };
    int status = options_read(self, argc, argv, specs, sizeof specs / sizeof *specs, words, 0);
    if (status == OPTIONS_GO_ON)
        status = check_and_run(&w);
    arena_free(w.kiosk.arena);
    return status;
}
