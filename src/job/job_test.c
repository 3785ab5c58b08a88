/* Jobs: each one that is declared runs once over an empty centre without failing, an unknown one is
 * refused, and the thread ends when told, also while nothing is due. */
#include "job.h"

#include "clock.h"
#include "services.h"
#include "test.h"

static struct jobs_options options_of(const struct test *t)
{
    return (struct jobs_options){.store = t->store,
                                 .keys = t->c->keys,
                                 .services = t->c->services,
                                 .center_id = t->c->center_id,
                                 .zone_minutes = t->c->zone_minutes};
}

void test_live_job__every_declared_job_runs_in_an_empty_centre(struct test *t)
{
    struct jobs_options o = options_of(t);
    assert_true(job_count > 0);
    for (int i = 0; i < job_count; i++)
        if (job_run(&o, job_table[i].name, TEST_NOW) != E_OK)
            fail_msg("the job %s failed", job_table[i].name);
}

void test_live_job__an_unknown_job_is_refused(struct test *t)
{
    struct jobs_options o = options_of(t);
    assert_int_equal(job_run(&o, "no.such.job", TEST_NOW), E_NOT_FOUND);
}

void test_live_job__the_thread_ends_when_told(struct test *t)
{
    struct jobs_options o = options_of(t);
    struct jobs *jobs = NULL;
    assert_int_equal(jobs_start(&o, &jobs), E_OK);
    int64_t told_at = clock_steady();
    jobs_stop(jobs);
    assert_true(clock_steady() - told_at < 2 * SECOND_MS);
}
