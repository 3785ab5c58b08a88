/* onewindow import KIND FILE: takes a table (CSV, XLSX, JSON) into the hall in one transaction. Every bad row is
 * told with line, column and reason; when there is one, nothing is taken at all. The kinds are the
 * `importer` lines of the .def files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "clock.h"
#include "log.h"
#include "services.h"
#include "sheet.h"

#define FILE_BYTES_MAX ((int64_t)1 << 30)
#define FAULTS_SHOWN   50
#define BAR_WIDTH      30
#define BAR_EVERY_MS   100

struct import_run {
    const struct importer_info *importer;
    struct str text, sheet;
    struct arena *arena; /* of the table and its faults: outlives the transaction */
    struct table_in *table;
    int64_t bar_shown_at;
    bool has_faults;
};

static void show_bar(void *arg, size_t done, size_t total)
{
    struct import_run *run = arg;
    int64_t now = clock_steady();
    if (done < total && now - run->bar_shown_at < BAR_EVERY_MS)
        return;
    run->bar_shown_at = now;
    int full = total == 0 ? BAR_WIDTH : (int)(done * BAR_WIDTH / total);
    int percent = total == 0 ? 100 : (int)(done * 100 / total);
    fprintf(stderr, "\r[%-*.*s] %3d %%", BAR_WIDTH, full, "##############################",
            percent);
}

/* May run again after a conflict, so the table is opened anew each time. */
static enum err import_rows(struct ctx *c, void *arg)
{
    struct import_run *run = arg;
    arena_reset(run->arena);
    run->table = ARENA_NEW(run->arena, struct table_in);
    enum err e = E_OK;
    if (sheet_open(run->table, run->arena, run->text, run->sheet)) {
        if (isatty(STDERR_FILENO)) {
            run->table->progress = show_bar;
            run->table->progress_arg = run;
        }
        e = run->importer->run(c, run->table);
    }
    table_close(run->table);
    run->has_faults = run->table->fault_count > 0;
    return e == E_OK && run->has_faults ? E_BAD_STATE : e; /* an error takes everything back */
}

static int tell_faults(struct import_run *run)
{
    struct table_in *t = run->table;
    size_t kept = t->fault_count < 1000 ? t->fault_count : 1000;
    for (size_t i = 0; i < kept && i < FAULTS_SHOWN; i++)
        fprintf(stderr, "%.*s: %.*s\n", STR_ARG(table_place(run->arena, t, &t->faults[i])),
                STR_ARG(t->faults[i].reason));
    if (t->fault_count > FAULTS_SHOWN)
        fprintf(stderr, "… and %zu more\n", t->fault_count - FAULTS_SHOWN);
    return refuse("%zu fault%s; nothing was imported", t->fault_count,
                  t->fault_count == 1 ? "" : "s");
}

/* Counts rows by reading the table once more: an importer does not say how many it took. */
static size_t rows_of(struct import_run *run)
{
    size_t rows = 0;
    struct table_in t = {0};
    arena_reset(run->arena);
    if (sheet_open(&t, run->arena, run->text, run->sheet)) {
        while (table_next(&t))
            rows++;
        table_close(&t);
    }
    return rows;
}

static int import_text(struct hall *h, const struct importer_info *importer, struct str text,
                       struct str sheet)
{
    struct str why = STR_NONE;
    if (!hall_read(h, &why) || !hall_open(h, true, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "import");
    struct import_run run = {.importer = importer,
                             .text = text,
                             .sheet = sheet,
                             .arena = arena_new(APP_ARENA_BYTES)};
    int64_t started = clock_steady();
    enum err e = store_bulk(h->store, &c, import_rows, &run);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    int status = EXIT_DONE;
    if (run.has_faults)
        status = tell_faults(&run);
    else if (e != E_OK)
        status = refuse("nothing was imported: %.*s", STR_ARG(error_sentence(&c, e)));
    else
        printf("%zu rows imported in %.1f s.\n", rows_of(&run),
               (double)(clock_steady() - started) / 1000.0);
    arena_free(run.arena);
    arena_free(a);
    hall_close(h);
    return status;
}

static int import_file(struct hall *h, const struct importer_info *importer, const char *file,
                       const char *sheet)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int status = refuse("%s: %s", file, strerror(errno));
        if (fd >= 0)
            close(fd);
        return status;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX) {
        close(fd);
        return refuse("%s is not a file of at most 1 GiB", file);
    }
    size_t size = (size_t)st.st_size;
    char *bytes = size == 0 ? NULL : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return refuse("%s: %s", file, strerror(errno));
    int status = import_text(h, importer, bytes == NULL ? STR("") : (struct str){bytes, size},
                             str_of(sheet));
    if (bytes != NULL)
        munmap(bytes, size);
    return status;
}

static void list_kinds(FILE *to)
{
    fprintf(to, "Kinds:");
    for (int i = 0; i < importer_count; i++)
        fprintf(to, " %s", importer_table[i].name);
    fprintf(to, "\n");
}

static int import(const struct command *self, struct hall *h, const char *const *words,
                  const char *sheet)
{
    if (words[0] == NULL || words[1] == NULL || h->data == NULL) {
        int status = wrong_words(self, "a kind, a file and --data DIR are needed");
        list_kinds(stderr);
        return status;
    }
    hall_defaults(h);
    for (int i = 0; i < importer_count; i++)
        if (strcmp(importer_table[i].name, words[0]) == 0)
            return import_file(h, &importer_table[i], words[1], sheet);
    int status = wrong_words(self, "there is no table of kind %s", words[0]);
    list_kinds(stderr);
    return status;
}

int cmd_import(const struct command *self, int argc, char **argv)
{
    const char *words[3] = {NULL, NULL, NULL};
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    const char *sheet = NULL;
    const struct option_spec specs[] = {{"--sheet", OPTION_TEXT, &sheet, "NAME",
                                         "of an XLSX file; without it the first visible one"},
                                        HALL_OPTIONS(h)};
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 2);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = import(self, &h, words, sheet);
    else if (status == EXIT_DONE)
        list_kinds(stdout);
    arena_free(h.arena);
    return status;
}
