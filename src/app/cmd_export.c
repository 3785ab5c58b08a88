/* onewindow export KIND FILE: writes a table of the hall, in the form of the file's ending. It is one
 * moment of the hall (one reading transaction), and the file appears only when it is whole. The kinds are the
 * `exporter` lines of the .def files; what is written, `onewindow import` of the same kind takes back. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "log.h"
#include "services.h"
#include "sheet.h"

struct export_run {
    const struct exporter_info *exporter;
    const char *file;
    bool is_plain;
    int64_t rows;
};

/* May run again after a conflict: the file is begun anew each time. */
static enum err export_rows(struct ctx *c, void *arg)
{
    struct export_run *run = arg;
    struct table_out t = {.is_plain = run->is_plain};
    TRY(sheet_create(c, &t, str_of(run->file)));
    enum err e = run->exporter->run(c, &t);
    if (e == E_OK)
        e = table_out_end(c, &t);
    table_out_drop(&t);
    run->rows = t.rows;
    return e;
}

static int export_file(struct hall *h, struct export_run *run)
{
    struct str why = STR_NONE;
    if (!hall_read(h, &why) || !hall_open(h, false, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "export");
    enum err e = store_read(h->store, &c, export_rows, run);
    int status = EXIT_DONE;
    if (e != E_OK)
        status = refuse("nothing was exported: %.*s", STR_ARG(error_sentence(&c, e)));
    else
        printf("%lld rows exported.\n", (long long)run->rows);
    arena_free(a);
    hall_close(h);
    return status;
}

static void list_kinds(FILE *to)
{
    fprintf(to, "Kinds:");
    for (int i = 0; i < exporter_count; i++)
        fprintf(to, " %s", exporter_table[i].name);
    fprintf(to, "\n");
}

static int export(const struct command *self, struct hall *h, const char *const *words,
                  bool is_plain)
{
    if (words[0] == NULL || words[1] == NULL || h->data == NULL) {
        int status = wrong_words(self, "a kind, a file and --data DIR are needed");
        list_kinds(stderr);
        return status;
    }
    hall_defaults(h);
    for (int i = 0; i < exporter_count; i++)
        if (strcmp(exporter_table[i].name, words[0]) == 0) {
            struct export_run run = {.exporter = &exporter_table[i],
                                     .file = words[1],
                                     .is_plain = is_plain};
            return export_file(h, &run);
        }
    int status = wrong_words(self, "there is no table of kind %s", words[0]);
    list_kinds(stderr);
    return status;
}

int cmd_export(const struct command *self, int argc, char **argv)
{
    const char *words[3] = {NULL, NULL, NULL};
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    bool is_plain = false;
    const struct option_spec specs[] = {{"--plain", OPTION_FLAG, &is_plain, NULL,
                                         "CSV without the mark (BOM) that Excel looks for"},
                                        HALL_OPTIONS(h)};
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 2);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = export(self, &h, words, is_plain);
    else if (status == EXIT_DONE)
        list_kinds(stdout);
    arena_free(h.arena);
    return status;
}
