/* The policy of a zone decides at its desks, tells why, and remembers. */
#include "clock.h"
#include "policy.h"
#include "small_hall.h"
#include "test.h"

static struct ticket_row take_of(struct test *t, const char *need)
{
    struct ticket_row row;
    struct texts needs = {ARENA_ARRAY(t->c->arena, struct str, 1), 0};
    if (need != NULL)
        needs.v[needs.n++] = str_of(need);
    struct ticket_wish_form f = {.zone = STR("personal"),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1,
                                 .needs = needs};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    t->c->now += SECOND_MS;
    return row;
}

static void choose(struct test *t, enum policy_choice_policy policy, int first, int then)
{
    struct policy_choice_form f = {.zone = STR("personal"),
                                   .policy = (int)policy,
                                   .first = first,
                                   .then = then,
                                   .patience_minutes = 60};
    struct reply r = {.c = t->c};
    struct policy_zone v;
    assert_int_equal(policy_choose_for_zone(t->c, &f, &r, &v), E_OK);
    assert_true(str_eq(v.policy, str_of(policy_choice_policy_words[policy])));
}

/* Calls, tells why and serves to the end. */
static int64_t call_one(struct test *t, const char *because)
{
    struct ticket_row *called, done;
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_non_null(called);
    assert_true(str_find(ticket_call_reason(t->c, called), str_of(because)) >= 0);
    int64_t id = called->id;
    assert_int_equal(ticket_start(t->c, &done), E_OK);
    assert_int_equal(ticket_finish(t->c, &done), E_OK);
    return id;
}

static void begin(struct test *t)
{
    struct desk_row d;
    assert_int_equal(small_hall(t->c, NULL), E_OK);
    t->c->actor.id = 100;
    assert_int_equal(desk_open(t->c, STR("01"), &d), E_OK);
}

void test_ticket__a_zone_calls_in_turns_and_remembers_them(struct test *t)
{
    begin(t);
    choose(t, POLICY_CHOICE_POLICY_RATIO, 1, 1);
    int64_t normal = take_of(t, NULL).id, elder = take_of(t, "elderly").id;
    int64_t elder_two = take_of(t, "elderly").id;
    assert_int_equal(call_one(t, "老年人优先"), elder);
    assert_int_equal(call_one(t, "轮到普通号"), normal);
    assert_int_equal(call_one(t, "老年人优先"), elder_two);
}

void test_ticket__a_zone_without_a_choice_lets_a_class_age(struct test *t)
{
    begin(t);
    int64_t normal = take_of(t, NULL).id, elder = take_of(t, "elderly").id;
    assert_int_equal(call_one(t, "老年人优先"), elder);
    choose(t, POLICY_CHOICE_POLICY_ARRIVAL, 2, 1);
    int64_t elder_two = take_of(t, "elderly").id;
    assert_int_equal(call_one(t, "按先后轮到"), normal);
    assert_int_equal(call_one(t, "按先后轮到"), elder_two);
}

void test_ticket__who_waits_is_told_the_order_of_the_zone(struct test *t)
{
    struct ticket_view before, after;
    begin(t);
    choose(t, POLICY_CHOICE_POLICY_STRICT, 2, 1);
    struct ticket_row normal = take_of(t, NULL);
    assert_int_equal(ticket_by_its_token(t->c, normal.token, &normal), E_OK);
    assert_int_equal(ticket_show(t->c, &normal, &before), E_OK);
    assert_true(str_find(before.rule, STR("优先")) >= 0);
    take_of(t, "elderly");
    assert_int_equal(ticket_show(t->c, &normal, &after), E_OK);
    assert_int_equal(after.ahead,
                     before.ahead + 1); /* who came later with a claim goes before him */
    choose(t, POLICY_CHOICE_POLICY_ARRIVAL, 2, 1);
    assert_int_equal(ticket_show(t->c, &normal, &after), E_OK);
    assert_int_equal(after.ahead, before.ahead);
}

void test_ticket__a_policy_with_wrong_numbers_is_refused(struct test *t)
{
    struct policy_choice_form f = {.zone = STR("personal"),
                                   .policy = POLICY_CHOICE_POLICY_GREEN_CAP,
                                   .first = 5,
                                   .then = 5,
                                   .patience_minutes = 60};
    struct reply r = {.c = t->c};
    struct policy_zone v;
    struct zone_order o;
    struct zone_row *z;
    begin(t);
    assert_int_equal(policy_choose_for_zone(t->c, &f, &r, &v), E_POLICY_NUMBERS);
    f.zone = STR("nowhere");
    f.first = 2;
    assert_int_equal(policy_choose_for_zone(t->c, &f, &r, &v), E_NOT_FOUND);
    assert_int_equal(zone(t->c, t->c->center_id, STR("personal"), &z), E_OK);
    assert_int_equal(zone_order(t->c, z->id, STR(""), &o), E_OK);
    assert_int_equal(o.policy.kind, POLICY_AGEING);
}
