/* onewindow signer: the certificate that this centre signs its documents with. The key is read once and kept sealed
 * under the key ring; where the files came from they may be deleted. */
#include <stdio.h>

#include "app.h"
#include "document.h"
#include "log.h"

#define PEM_BYTES_MAX 65536

static bool read_file(struct arena *a, const char *path, struct str *ret)
{
    char *bytes = arena_bytes(a, PEM_BYTES_MAX);
    FILE *f = fopen(path, "re");
    size_t n = f == NULL ? 0 : fread(bytes, 1, PEM_BYTES_MAX, f);
    if (f != NULL)
        fclose(f);
    *ret = (struct str){bytes, n};
    return n > 0 && n < PEM_BYTES_MAX;
}

struct pair {
    struct str certificate, key;
};
static enum err put(struct ctx *c, void *arg)
{
    const struct pair *p = arg;
    return document_signer_set(c, p->certificate, p->key, false);
}

static int set(struct hall *h, const struct pair *p)
{
    struct str why = STR_NONE;
    if (!hall_read(h, &why) || !hall_open(h, false, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "signer");
    enum err e = store_act(h->store, &c, put, (void *)(uintptr_t)p);
    struct signer *s = e == E_OK ? signer_load(a, p->certificate, p->key) : NULL;
    int status = e == E_OK ? EXIT_DONE : refuse("%.*s", STR_ARG(error_sentence(&c, e)));
    if (s != NULL)
        printf("Documents can now be signed by %.*s (%s). The setting document.signature chooses "
               "which kind signs.\n",
               STR_ARG(signer_name(a, s)), signer_words[signer_kind_of(s)]);
    arena_free(a);
    hall_close(h);
    return status;
}

static int signer(const struct command *self, struct hall *h, const char **words)
{
    struct str certificate, key;
    struct pair p;
    if (h->data == NULL)
        return wrong_words(self, "--data DIR is needed");
    if (words[0] == NULL || words[1] == NULL)
        return wrong_words(self, "which CERTIFICATE and which KEY?");
    hall_defaults(h);
    if (!read_file(h->arena, words[0], &certificate))
        return refuse("%s cannot be read", words[0]);
    if (!read_file(h->arena, words[1], &key))
        return refuse("%s cannot be read", words[1]);
    if (!signer_read_pem(h->arena, certificate, key, &p.certificate, &p.key))
        return refuse("certificate and key must be PEM files, the key without a password");
    return set(h, &p);
}

int cmd_signer(const struct command *self, int argc, char **argv)
{
    const char *words[3] = {NULL};
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    const struct option_spec specs[] = {HALL_OPTIONS(h)};
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 2);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = signer(self, &h, words);
    arena_free(h.arena);
    return status;
}
