/* The test program: chooses tests, runs them in a child process one after another, and starts a new
 * child behind a test that failed, crashed or hung; so one crash hides nothing, and the database
 * is opened once and not for every test.
 *
 *   onewindow-test [--db sqlite:FILE|postgresql://…] [--list] [--match TEXT] [--module M] [--faults]
 *                [--times]
 *
 * OW_TEST_DB does what --db does. On PostgreSQL the run makes databases of its own and drops them. */
#include "run.h"

#include "clock.h"
#include "crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HUNG_SECONDS (test_is_long() ? 3600 : 300)
#define SHOWN_LINES  25
#define SLOW_MS      1000

struct run run;

struct child {
    pid_t pid;
    FILE *told;
};

static bool is_chosen(const struct test_info *info)
{
    bool is_live = strncmp(info->name, "test_live_", 10) == 0;
    return (run.match == NULL || strstr(info->name, run.match) != NULL) &&
           (run.module == NULL || strcmp(info->module, run.module) == 0) &&
           !(run.with_faults && is_live);
}

/* What the test wrote: cmocka's two lines as one, then what else was said. */
static void show_output(const char *name, const char *what)
{
    char path[300], line[1000], where[500] = "", error[500] = "";
    snprintf(path, sizeof path, "%s/output", run.folder);
    FILE *f = fopen(path, "r");
    char rest[SHOWN_LINES][300];
    int count = 0;
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "[  ERROR   ] --- ", 17) == 0)
            snprintf(error, sizeof error, "%.480s", line + 17);
        else if (strncmp(line, "[   LINE   ] --- ", 17) == 0)
            snprintf(where, sizeof where, "%.480s", line + 17);
        else if (line[0] != '[' && line[0] != '\0' && strstr(line, "FAILED TEST(S)") == NULL)
            snprintf(rest[count++ % SHOWN_LINES], sizeof *rest, "%.299s", line);
    }
    if (f != NULL)
        fclose(f);
    printf("FAILED %s: %s%s%s%s%s\n", name, what, where[0] == '\0' ? "" : " ", where,
           error[0] == '\0' ? "" : ": ", error);
    for (int i = count > SHOWN_LINES ? count - SHOWN_LINES : 0; i < count; i++)
        printf("    %s\n", rest[i % SHOWN_LINES]);
    fflush(stdout);
}

static struct child start_child(const int *order, int from, int count)
{
    int ends[2];
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        worker(order, from, count, ends[1]);
    }
    close(ends[1]);
    return (struct child){pid, fdopen(ends[0], "r")};
}

/* One line of the child, or how it ended when it says nothing more. */
static bool next_line(struct child *child, char *line, size_t room, const char **ret_end,
                      int *ret_status)
{
    struct pollfd f = {.fd = fileno(child->told), .events = POLLIN};
    int status = 0, ready = 0;
    while ((ready = poll(&f, 1, HUNG_SECONDS * 1000)) < 0 && errno == EINTR)
        continue;
    if (ready == 1 && fgets(line, (int)room, child->told) != NULL)
        return true;
    *ret_end = "crashed";
    if (ready == 0) {
        kill(child->pid, SIGKILL);
        *ret_end = "hung";
    }
    waitpid(child->pid, &status, 0);
    *ret_status = status;
    return false;
}

struct totals {
    int passed, failed;
};

/* What one child has come to. */
struct progress {
    int at; /* place in order of the test that began last */
    bool is_running;
    int64_t began;
};

static void on_line(char *line, const int *order, struct progress *p, struct totals *totals)
{
    if (line[0] == 'S') {
        *p = (struct progress){atoi(line + 2), true, clock_steady()};
        return;
    }
    const char *name = test_table[order[p->at]].name;
    p->is_running = false;
    if (line[0] == 'P') {
        totals->passed++;
        if (run.shows_times && clock_steady() - p->began > SLOW_MS)
            printf("slow %s: %lld ms\n", name, (long long)(clock_steady() - p->began));
    } else {
        line[strcspn(line, "\n")] = '\0';
        totals->failed++;
        show_output(name, line + 2);
    }
}

/* Runs from place `from` until the child ends; returns the next place to run. */
static int run_some(const int *order, int from, int count, struct totals *totals)
{
    struct child child = start_child(order, from, count);
    struct progress p = {.at = from - 1};
    int status = 0;
    char line[300], what[100];
    const char *end = NULL;
    /* Lines are short and written whole; the pipe is unbuffered here so that poll() tells the truth. */
    setvbuf(child.told, NULL, _IONBF, 0);
    while (next_line(&child, line, sizeof line, &end, &status))
        on_line(line, order, &p, totals);
    fclose(child.told);
    bool is_bad = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (p.is_running || (is_bad && p.at + 1 >= count)) {
        totals->failed++;
        snprintf(what, sizeof what, "%s (signal %d, status %d)", end,
                 WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                 WIFEXITED(status) ? WEXITSTATUS(status) : 0);
        show_output(p.is_running ? test_table[order[p.at]].name : "(after the last test)", what);
    } else if (is_bad && p.at < from) {
        totals->failed += count - from;
        show_output("(nothing could run)", "no store");
        return count;
    }
    return p.at + 1;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st;
    (void)flag;
    (void)at;
    return remove(path);
}

static bool make_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(run.folder, sizeof run.folder, "%.200s/onewindow-test.XXXXXX",
             tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(run.folder) == NULL)
        return false;
    char file[300];
    struct str why = STR_NONE;
    snprintf(file, sizeof file, "%s/key", run.folder);
    return keys_make(file, &why);
}

static int run_all(const int *order, int count)
{
    struct arena *a = arena_new((size_t)1 << 20);
    static char url[1000];
    struct totals totals = {0, 0};
    if (!make_folder() || !database_make(a, url, sizeof url)) {
        fprintf(stderr, "no folder or no database for the tests (%s)\n", run.db);
        return 1;
    }
    run.url = url;
    for (int from = 0; from < count;)
        from = run_some(order, from, count, &totals);
    databases_drop();
    nftw(run.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(a);
    printf("%d passed, %d failed\n", totals.passed, totals.failed);
    return totals.failed == 0 ? 0 : 1;
}

static void help(void)
{
    puts("onewindow-test [--db sqlite:FILE|postgresql://...] [--list] [--match TEXT] [--module M] "
         "[--faults] [--times]\n"
         "  --db       engine and server; default a temporary SQLite file (or OW_TEST_DB)\n"
         "  --list     names only\n"
         "  --match    tests whose name contains TEXT\n"
         "  --module   tests of one folder\n"
         "  --faults   every rule test again and again with its n-th store call failing, n = 1, 2, "
         "...\n"
         "  --times    names of tests that take longer than a second");
}

static bool read_words(int argc, char **argv)
{
    run.db = getenv("OW_TEST_DB");
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--list") == 0)
            run.lists = true;
        else if (strcmp(argv[i], "--faults") == 0)
            run.with_faults = true;
        else if (strcmp(argv[i], "--times") == 0)
            run.shows_times = true;
        else if (strcmp(argv[i], "--db") == 0 && has_value)
            run.db = argv[++i];
        else if (strcmp(argv[i], "--match") == 0 && has_value)
            run.match = argv[++i];
        else if (strcmp(argv[i], "--module") == 0 && has_value)
            run.module = argv[++i];
        else
            return false;
    }
    if (run.db == NULL || run.db[0] == '\0')
        run.db = "sqlite:";
    return true;
}

int main(int argc, char **argv)
{
    if (!read_words(argc, argv)) {
        help();
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    crypt_start();
    signal(SIGPIPE, SIG_IGN);
    struct arena *a = arena_new((size_t)4 << 20);
    int *order = ARENA_ARRAY(a, int, (size_t)test_count + 1), count = 0;
    for (int i = 0; i < test_count; i++)
        if (is_chosen(&test_table[i]))
            order[count++] = i;
    int status = 0;
    if (run.lists)
        for (int i = 0; i < count; i++)
            puts(test_table[order[i]].name);
    else
        status = run_all(order, count);
    arena_free(a);
    return status;
}
