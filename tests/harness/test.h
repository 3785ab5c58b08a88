/* What a test is given. `void test_MODULE__what_it_says(struct test *t)` is found by its name in
 * src/MODULE/…_test.c and runs with t->c in an open write transaction that is rolled back
 * afterwards, in a centre of its own. `test_live_MODULE__…` gets no open transaction: it uses
 * store_act(), store_submit() and store_read() like the server, in a centre of its own.
 *
 * The clock stands at 2026-03-02 09:00 in China, the actor is a staff member with every role.
 * Asserts are cmocka's. They may be used on the test's own thread only: callbacks on a lane note
 * what they saw, and the test asserts it. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* the project's fail() notes an error; tests fail with fail_msg() */
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* Tests are found by their names: nobody declares them. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#include "ctx.h"
#if __has_include("store.h") /* the tests of base and crypt stand below it */
#include "store.h"
#endif

struct test {
    struct arena *arena;
    struct ctx *c;
    struct store *store;
    const char *engine; /* "sqlite" or "postgresql" */
    int64_t center_id;
};

struct test_info { /* generated: tests.c */
    const char *name, *module;
    void (*run)(struct test *t);
};
extern const struct test_info test_table[];
extern const int test_count;

#define TEST_NOW INT64_C(1772413200000) /* 2026-03-02 09:00 +08:00 */

/* For a test that stands on something large, called before anything else: what `make` does with the
 * test's context is done once a process and committed in a database of its own. The test goes on
 * there, in centre 1, and its own changes are rolled back as ever. So a loading is paid for once,
 * and with --faults it is the test's own calls that fail. */
typedef void test_maker(struct test *t);
void test_start_with(struct test *t, test_maker *make);
/* The demonstration's data folder ("…/data/wolong"), what demo functions are given. */
const char *test_data_dir(const struct test *t);
/* A path in the run's own temporary folder, which is removed at its end. */
const char *test_path(const struct test *t, const char *name);
/* Address of a new, empty database of the same engine, gone at the end of the run. */
const char *test_new_database(struct test *t);
/* A second context in the test's arena: same centre, clock and actor, no transaction. For threads
 * and acts; give it an arena of its own before using it beside others. */
struct ctx *test_new_ctx(struct test *t, struct arena *a);
/* Runs a command of the surroundings (restarting a server); whether it ended well. */
bool test_command(const char *command);
/* For a test that goes on when an act is refused, whatever the reason (random acts): with --faults
 * its passing is then no proof that an error was swallowed. */
void test_tolerates_errors(struct test *t);
/* true when ./dev soak (OW_TEST_LONG=1) asks for the long form of a test. */
bool test_is_long(void);

#endif
