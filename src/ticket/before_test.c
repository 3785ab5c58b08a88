/* Who is before a ticket, worked out by hand. */
#include "before.h"
#include "test.h"

static struct desk_set desks(const char *numbers)
{
    struct desk_set s = {{0}};
    for (const char *p = numbers; *p != '\0'; p++)
        desk_set_add(&s, (size_t)(*p - 'a'));
    return s;
}

static struct before before(const char *mine, const char *open, const struct waiting_line *v,
                            size_t n)
{
    struct desk_set m = desks(mine), o = desks(open);
    return people_before(&m, &o, v, n);
}

/* A crowd of another zone stands at a desk both share; a desk of one's own calls at once. */
void test_ticket__a_crowd_elsewhere_is_not_before_who_has_a_desk_of_his_own(struct test *t)
{
    const struct waiting_line crowd[] = {{false, 392, desks("cdefghij")}};
    (void)t;
    struct before b = before("abc", "abcdefghij", crowd, 1);
    assert_int_equal(b.weight, 0);
    assert_false(b.is_about);
    assert_int_equal(b.desks, 2);           /* the shared one is held up for 49 people */
    b = before("bc", "cdefghij", crowd, 1); /* b is closed: only the shared desk calls */
    assert_int_equal(b.weight, 4900);
    assert_true(b.is_about);
    assert_int_equal(b.desks, 1);
    b = before("bc", "bdefghij", crowd, 1); /* the shared one is closed */
    assert_int_equal(b.weight, 0);
}

/* Two of its own line before it at two desks, one of which has three of another line to call: the first
 * takes both and then it. */
void test_ticket__its_own_line_goes_where_it_is_quickest(struct test *t)
{
    const struct waiting_line v[] = {{true, 2, desks("ab")}, {false, 3, desks("b")}};
    (void)t;
    struct before b = before("ab", "ab", v, 2);
    assert_int_equal(b.weight, 200);
    assert_int_equal(b.desks, 1);
    const struct waiting_line even[] = {{true, 4, desks("ab")}, {false, 2, desks("b")}};
    b = before("ab", "ab", even, 2); /* three services at each desk */
    assert_int_equal(b.weight, 600);
    assert_int_equal(b.desks, 2);
    assert_true(b.is_about);
}

void test_ticket__with_no_desk_open_all_count_as_open(struct test *t)
{
    const struct waiting_line v[] = {{true, 3, desks("ab")}};
    (void)t;
    struct before b = before("ab", "cd", v, 1);
    assert_int_equal(b.weight, 300);
    assert_int_equal(b.desks, 2);
    b = before("", "cd", v, 1); /* a line whose desks are all gone */
    assert_int_equal(b.weight, 300);
}

/* More people of other lines never make it sooner (services at each desk), and never more than all are before it. */
void test_ticket__more_people_never_make_it_sooner(struct test *t)
{
    uint64_t random = 7;
    (void)t;
    for (int round = 0; round < 2000; round++) {
        struct waiting_line v[4];
        struct desk_set mine = {{0}}, open = {{0}};
        int64_t all = 0;
        for (size_t i = 0; i < 4; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            v[i] = (struct waiting_line){.is_own = i == 0, .people = (int64_t)(random >> 60)};
            v[i].desks.w[0] = (random >> 40 & 0xff) | 1;
            open.w[0] |= random >> 30 & 0xff;
            all += v[i].people;
        }
        mine = v[0].desks;
        struct before b = people_before(&mine, &open, v, 4);
        assert_true(b.weight >= v[0].people * 100 && b.weight <= all * 100);
        v[1].people++;
        struct before more = people_before(&mine, &open, v, 4);
        assert_true(more.weight / more.desks + 1 >= b.weight / b.desks);
    }
}
