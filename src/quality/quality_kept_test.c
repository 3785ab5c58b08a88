/* What is kept is what would be computed: the same day is looked through once, again after anything it rests on has
 * changed, and its boards hold the same figures. */
#include "center.h"
#include "clock.h"
#include "csv.h"
#include "item.h"
#include "item_sample.h"
#include "item_version.h"
#include "quality_kept.h"
#include "services.h"
#include <string.h>

static void start(struct test *t)
{
    t->c->services = arena_array(t->arena, SERVICE_COUNT + 1, sizeof(void *));
    assert_int_equal(quality_kept_start(t->c, (void **)&t->c->services[SERVICE_QUALITY_KEPT]),
                     E_OK);
    arena_defer(t->arena, quality_kept_stop, t->c->services[SERVICE_QUALITY_KEPT]);
}

static void load(struct test *t)
{
    (void)start_with_sample(t);
    assert_int_equal(center_put(t->c, t->c->center_id, STR("T"), STR("大厅"), STR(""),
                                STR("411303"), STR(""), STR(""), STR(""), STR(""), STR(""), true),
                     E_OK);
}

/* The day as a request gets it, which ends at once. */
static const struct kept_day *asked(struct test *t, int32_t on)
{
    struct ctx c = *t->c;
    struct kept_day *day;
    c.arena = arena_new(64 << 20);
    enum err e = kept_day_of(&c, on, 0, &day);
    arena_free(c.arena);
    assert_int_equal(e, E_OK);
    return day; /* the service still has it */
}

void test_quality__a_day_is_looked_through_once(struct test *t)
{
    load(t);
    start(t);
    const struct kept_day *first = asked(t, 20260302);
    assert_ptr_equal(asked(t, 20260302), first);
    assert_int_equal(kept_facts(first)->n, 1);
    assert_ptr_not_equal(asked(t, 20260301), first); /* another day beside it */
    assert_ptr_equal(asked(t, 20260302), first);
    assert_int_equal(kept_facts(asked(t, 20260301))->n, 0);
}

static int64_t visits_kept(struct test *t)
{
    return kept_facts(asked(t, 20260302))->v[0].visits;
}

static void change_visits(struct test *t, const char *zh)
{
    struct item_doc d;
    sample_doc(t, &d);
    doc_element_set(t->c, &d,
                    (struct doc_element){STR("limit_scene_num"), str_of(zh), STR(""), STR("read"),
                                         STR("")});
    take_in_doc(t, &d);
}

void test_quality__what_changes_the_directory_is_looked_at_anew(struct test *t)
{
    load(t);
    start(t);
    assert_int_equal(visits_kept(t), 7);
    t->c->now += 1000;
    change_visits(t, "1");
    assert_int_equal(visits_kept(t), 1);
}

/* The level of the centre follows its region, which no version of the directory says. */
void test_quality__another_region_is_looked_at_anew(struct test *t)
{
    load(t);
    start(t);
    assert_int_equal(catalogue_put(t->c, STR("412011013000"), STR("说明第二行"), STR(""), STR("20"),
                                   STR("4"), STR("11"), STR(""), STR("read"), 19000101, 0,
                                   STR("x")),
                     E_OK);
    assert_true(kept_facts(asked(t, 20260302))->v[0].is_claimed);
    assert_int_equal(center_put(t->c, t->c->center_id, STR("T"), STR("大厅"), STR(""),
                                STR("411300"), STR(""), STR(""), STR(""), STR(""), STR(""), true),
                     E_OK);
    assert_false(kept_facts(asked(t, 20260302))->v[0].is_claimed);
}

/* Elements come in anew with one mandatory element less: the completeness of what is kept follows. */
void test_quality__another_table_of_elements_is_looked_at_anew(struct test *t)
{
    struct table_in in;
    load(t);
    start(t);
    int64_t needed = kept_facts(asked(t, 20260302))->v[0].needed;
    assert_true(
        table_open(&in, t->c->arena,
                   STR("field,number,part,title,title_en,value_type,scheme,need,rule,"
                       "max_chars,seen_by,source\n"
                       "is_express,67,B,是否支持物流快递,Express?,flag,,O,,1,visitor,x\n")));
    assert_int_equal(elements_import(t->c, &in), E_OK);
    assert_int_equal(in.fault_count, 0);
    assert_int_equal(kept_facts(asked(t, 20260302))->v[0].needed, needed - 1);
}

/* On each board every figure is what figure_compute() says, with filters and an earlier day. */
void test_quality__boards_hold_what_is_computed(struct test *t)
{
    static const char *const zones[] = {"", "personal", "estate", "nowhere"};
    struct kept_day *now, *then;
    load(t);
    assert_int_equal(kept_day_of(t->c, 20260302, 0, &now), E_OK);
    assert_int_equal(kept_day_of(t->c, 20260301, 0, &then), E_OK);
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        for (int earlier = 0; earlier < 2; earlier++) {
            const struct directory_facts *before = earlier == 0 ? NULL : kept_facts(then);
            struct figure_filter filter = {str_of(zones[z]), STR(""), STR("")};
            const struct figure_board *b = kept_board(t->c, now, before, &filter);
            assert_ptr_equal(kept_board(t->c, now, before, &filter), b);
            for (int i = 0; i < figure_rule_count; i++) {
                struct figure f;
                figure_compute(t->c, &figure_rules[i], kept_facts(now), before, &filter, &f);
                const struct figure *is = board_figure(b, &figure_rules[i]);
                assert_int_equal(is->numerator, f.numerator);
                assert_int_equal(is->denominator, f.denominator);
                assert_int_equal(is->unknown, f.unknown);
                assert_true(str_eq(is->digest, f.digest));
            }
        }
}
