/* onewindow verify: walks the journal of every centre, hash by hash, and with --anchor holds its
 * heads against the signed ones that the server wrote outside the database; then opens and reads every
 * file of this centre that something stands on. */
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "file.h"
#include "journal.h"
#include "log.h"

static int report(const struct journal_fault *fault, bool sound, int64_t entries)
{
    if (!sound) {
        refuse("the journal of centre %lld is not sound: %s at entry %lld (%lld entries checked)",
               (long long)fault->center_id, fault->what, (long long)fault->seq, (long long)entries);
        return EXIT_REFUSED;
    }
    printf("The journal is sound: %lld entries.\n", (long long)entries);
    return EXIT_DONE;
}

static int report_files(const struct file_faults *f)
{
    if (f->gone + f->changed > 0)
        return refuse("of %lld files %lld are missing and %lld were changed; the first: %.*s",
                      (long long)f->files, (long long)f->gone, (long long)f->changed,
                      STR_ARG(f->first));
    printf("The files are sound: %lld.\n", (long long)f->files);
    return EXIT_DONE;
}

static int verify_files(struct hall *h, struct ctx *c)
{
    struct file_faults found;
    enum err e = file_verify(h->store, c, &found);
    return e == E_OK ? report_files(&found) : refuse("%.*s", STR_ARG(error_sentence(c, e)));
}

static int verify(const struct command *self, struct hall *h)
{
    struct str why = STR_NONE;
    if (h->data == NULL)
        return wrong_words(self, "--data DIR is needed");
    const char *anchor = h->anchor_file;
    hall_defaults(h);
    if (anchor != NULL && access(anchor, R_OK) != 0)
        return refuse("the anchor file %s cannot be read", anchor);
    if (!hall_read(h, &why) || !hall_open(h, false, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "verify");
    struct journal_fault fault = {0};
    bool sound = false;
    int64_t entries = 0;
    enum err e = journal_verify(h->store, &c, anchor, &fault, &sound, &entries);
    int status =
        e == E_OK ? report(&fault, sound, entries) : refuse("%.*s", STR_ARG(error_sentence(&c, e)));
    int files = verify_files(h, &c);
    arena_free(a);
    hall_close(h);
    return status != EXIT_DONE ? status : files;
}

int cmd_verify(const struct command *self, int argc, char **argv)
{
    const char *words[1];
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    const struct option_spec specs[] = {
        HALL_OPTIONS(h),
        {"--anchor", OPTION_TEXT, &h.anchor_file, "FILE",
         "the signed heads that `serve` wrote (DIR.anchor, unless it was told otherwise)"},
    };
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 0);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = verify(self, &h);
    arena_free(h.arena);
    return status;
}
