/* The test program: chooses tests, has them run by child processes, each with a database of its own,
 * that take one test after another from the list, and starts a new child in place of one whose test
 * failed, crashed or hung; so one crash hides nothing, and a database is opened once and not for
 * every test.
 *
 *   onewindow-test [--db sqlite:FILE|postgresql://…] [--list] [--match TEXT] [--module M] [--faults]
 *                [--jobs N] [--times]
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
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HUNG_SECONDS (test_is_long() ? 3600 : 300)
#define SHOWN_LINES  25
#define SLOW_MS      1000

struct run run;

struct child {
    int number; /* of its folder and its database */
    const char *url;
    pid_t pid;
    FILE *told;
    int at; /* place in order of the test that began last, -1 none */
    bool is_running;
    int64_t began, heard;
};

struct totals {
    int passed, failed;
};

static bool is_chosen(const struct test_info *info)
{
    bool is_live = strncmp(info->name, "test_live_", 10) == 0;
    return (run.match == NULL || strstr(info->name, run.match) != NULL) &&
           (run.module == NULL || strcmp(info->module, run.module) == 0) &&
           !(run.with_faults && is_live);
}

/* What the test wrote: cmocka's two lines as one, then what else was said. */
static void show_output(int number, const char *name, const char *what)
{
    char path[300], line[1000], where[500] = "", error[500] = "";
    snprintf(path, sizeof path, "%s/%d/output", run.folder, number);
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

static void start_child(struct child *child, const int *order, int count)
{
    int ends[2];
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        run.url = child->url;
        snprintf(run.place, sizeof run.place, "%s/%d", run.folder, child->number);
        worker(order, count, ends[1]);
    }
    close(ends[1]);
    child->pid = pid;
    child->told = fdopen(ends[0], "r");
    child->at = -1;
    child->is_running = false;
    child->heard = clock_steady();
    /* Lines are short and written whole; the pipe is unbuffered here so that poll() tells the truth. */
    setvbuf(child->told, NULL, _IONBF, 0);
}

static void on_line(char *line, const int *order, struct child *child, struct totals *totals)
{
    child->heard = clock_steady();
    if (line[0] == 'S') {
        child->at = atoi(line + 2);
        child->is_running = true;
        child->began = child->heard;
        return;
    }
    const char *name = test_table[order[child->at]].name;
    child->is_running = false;
    if (line[0] == 'P') {
        totals->passed++;
        if (run.shows_times && child->heard - child->began > SLOW_MS)
            printf("slow %s: %lld ms\n", name, (long long)(child->heard - child->began));
    } else {
        line[strcspn(line, "\n")] = '\0';
        totals->failed++;
        show_output(child->number, name, line + 2);
    }
}

/* A child says nothing more: its test crashed or hung, or nothing could run at all, or it has ended
 * well, unless something leaked. */
static void on_end(struct child *child, bool is_hung, const int *order, int count,
                   struct totals *totals)
{
    int status = 0;
    char what[100];
    if (is_hung)
        kill(child->pid, SIGKILL);
    waitpid(child->pid, &status, 0);
    fclose(child->told);
    bool is_bad = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    snprintf(what, sizeof what, "%s (signal %d, status %d)", is_hung ? "hung" : "crashed",
             WIFSIGNALED(status) ? WTERMSIG(status) : 0,
             WIFEXITED(status) ? WEXITSTATUS(status) : 0);
    if (child->is_running) {
        totals->failed++;
        show_output(child->number, test_table[order[child->at]].name, what);
    } else if (is_bad && child->at >= 0) {
        totals->failed++;
        show_output(child->number, "(after the last test)", what);
    } else if (is_bad) {
        int from = atomic_exchange(run.next_place, count);
        totals->failed += from < count ? count - from : 1;
        show_output(child->number, "(nothing could run)", "no store");
    }
}

/* One round over the children that spoke; returns how many are left. */
static int hear(struct child *children, int n, const int *order, int count, struct totals *totals)
{
    struct pollfd f[JOBS_MOST];
    char line[300];
    for (int i = 0; i < n; i++)
        f[i] = (struct pollfd){.fd = fileno(children[i].told), .events = POLLIN};
    if (poll(f, (nfds_t)n, SLOW_MS) < 0)
        return n; /* EINTR */
    for (int i = n; i-- > 0;) {
        struct child *child = &children[i];
        bool is_hung = clock_steady() - child->heard > HUNG_SECONDS * INT64_C(1000);
        if (f[i].revents == 0 && !is_hung)
            continue;
        if (f[i].revents != 0 && fgets(line, sizeof line, child->told) != NULL) {
            on_line(line, order, child, totals);
            continue;
        }
        on_end(child, is_hung, order, count, totals);
        if (atomic_load(run.next_place) < count)
            start_child(child, order, count);
        else
            *child = children[--n]; /* which has been heard in this round */
    }
    return n;
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
    snprintf(run.place, sizeof run.place, "%s", run.folder);
    char file[300];
    struct str why = STR_NONE;
    snprintf(file, sizeof file, "%s/key", run.folder);
    return keys_make(file, &why);
}

static bool make_child(struct arena *a, struct child *child, int number)
{
    char *url = arena_alloc(a, 1000), path[300];
    *child = (struct child){.number = number, .url = url};
    snprintf(path, sizeof path, "%s/%d", run.folder, number);
    if (mkdir(path, 0700) != 0 || !database_make(a, url, 1000))
        return false;
    run.url = url; /* the next one is another */
    return true;
}

static int run_all(const int *order, int count)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct child children[JOBS_MOST];
    struct totals totals = {0, 0};
    int n = 0, jobs = run.jobs < count ? run.jobs : count;
    bool is_made = make_folder();
    while (is_made && n < jobs)
        is_made = make_child(a, &children[n], n) && ++n > 0;
    if (!is_made) {
        fprintf(stderr, "no folder or no database for the tests (%s)\n", run.db);
        return 1;
    }
    for (int i = 0; i < n; i++)
        start_child(&children[i], order, count);
    while (n > 0)
        n = hear(children, n, order, count, &totals);
    databases_drop();
    nftw(run.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(a);
    printf("%d passed, %d failed\n", totals.passed, totals.failed);
    return totals.failed == 0 ? 0 : 1;
}

static void help(void)
{
    puts("onewindow-test [--db sqlite:FILE|postgresql://...] [--list] [--match TEXT] [--module M] "
         "[--faults] [--jobs N] [--times]\n"
         "  --db       engine and server; default a temporary SQLite file (or OW_TEST_DB)\n"
         "  --list     names only\n"
         "  --match    tests whose name contains TEXT\n"
         "  --module   tests of one folder\n"
         "  --faults   every rule test again and again with its n-th store call failing, n = 1, 2, "
         "...\n"
         "  --jobs     so many processes side by side; default one a processor\n"
         "  --times    names of tests that take longer than a second");
}

static bool read_words(int argc, char **argv)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    run.db = getenv("OW_TEST_DB");
    run.jobs = processors < JOBS_MOST ? (int)processors : JOBS_MOST;
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
        else if (strcmp(argv[i], "--jobs") == 0 && has_value)
            run.jobs = atoi(argv[++i]);
        else
            return false;
    }
    if (run.jobs < 1 || run.jobs > JOBS_MOST)
        return false;
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
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct arena *a = arena_new((size_t)4 << 20);
    run.next_place = mmap(NULL, sizeof *run.next_place, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run.next_place == MAP_FAILED)
        return 1;
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
