/* Requests for help, from asking to done. */
#include "assist.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "services.h"
#include "settings.h"
#include "test.h"

static int64_t ask(struct test *t, int64_t thread, struct str *ret_token)
{
    int64_t id = 0;
    struct assist_wish wish = {.thread = thread,
                               .kind = STR("escort"),
                               .place_from = STR("一楼入口"),
                               .place_to = STR("二楼"),
                               .what = STR("陪 A001 号上楼"),
                               .who = STR("张*"),
                               .phone = STR("13800138000")};
    assert_int_equal(assist_request(t->c, &wish, &id, ret_token), E_OK);
    return id;
}

static void be(struct test *t, int64_t id, struct str name, uint64_t roles)
{
    t->c->actor.id = id;
    t->c->actor.name = name;
    t->c->actor.roles = roles;
}

#define HELPER (UINT64_C(1) << ROLE_HELPER)

void test_assist__only_the_tables_moves_succeed(struct test *t)
{
    static const struct {
        enum assist_state from;
        enum assist_act act;
        enum assist_state to;
    } allowed[] = {{ASSIST_REQUESTED, ASSIST_ACT_ACCEPT, ASSIST_ACCEPTED},
                   {ASSIST_REQUESTED, ASSIST_ACT_CANCEL, ASSIST_CANCELLED},
                   {ASSIST_ACCEPTED, ASSIST_ACT_ARRIVE, ASSIST_ARRIVED},
                   {ASSIST_ACCEPTED, ASSIST_ACT_COMPLETE, ASSIST_DONE},
                   {ASSIST_ACCEPTED, ASSIST_ACT_CANCEL, ASSIST_CANCELLED},
                   {ASSIST_ARRIVED, ASSIST_ACT_COMPLETE, ASSIST_DONE},
                   {ASSIST_ARRIVED, ASSIST_ACT_CANCEL, ASSIST_CANCELLED}};
    (void)t;
    for (int from = 0; from < ASSIST_STATE_COUNT; from++) {
        for (int act = 0; act < ASSIST_ACT_COUNT; act++) {
            enum assist_state to = ASSIST_STATE_COUNT, wanted = ASSIST_STATE_COUNT;
            for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
                if ((int)allowed[i].from == from && (int)allowed[i].act == act)
                    wanted = allowed[i].to;
            bool is_allowed = assist_next_state((enum assist_state)from, (enum assist_act)act, &to);
            assert_int_equal(is_allowed, wanted != ASSIST_STATE_COUNT);
            if (is_allowed)
                assert_int_equal(to, wanted);
        }
    }
}

void test_assist__a_helper_takes_comes_and_finishes(struct test *t)
{
    struct str token;
    struct assist_row a;
    int64_t id = ask(t, 0, &token);
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &a), E_OK);
    assert_int_equal(a.accepted_at, t->c->now);
    t->c->now += MINUTE_MS;
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ARRIVE, &a), E_OK);
    t->c->now += MINUTE_MS;
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_COMPLETE, &a), E_OK);
    assert_true(a.state == ASSIST_DONE && a.ended_at - a.accepted_at == 2 * MINUTE_MS);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_COMPLETE, &a), E_ASSIST_ENDED);
    assert_int_equal(assist_move_on(t->c, 999, ASSIST_ACT_ACCEPT, &a), E_NOT_FOUND);
}

void test_assist__one_request_one_helper_and_one_helper_one_request(struct test *t)
{
    struct str token;
    struct assist_row a;
    int64_t first = ask(t, 0, &token), second = ask(t, 0, &token);
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_move_on(t->c, first, ASSIST_ACT_ACCEPT, &a), E_OK);
    assert_int_equal(assist_move_on(t->c, second, ASSIST_ACT_ACCEPT, &a), E_ASSIST_ONE);
    be(t, 8, STR("帮办二"), HELPER);
    assert_int_equal(assist_move_on(t->c, first, ASSIST_ACT_ACCEPT, &a), E_ASSIST_TAKEN);
    assert_int_equal(assist_move_on(t->c, first, ASSIST_ACT_COMPLETE, &a), E_ASSIST_NOT_YOURS);
    be(t, 9, STR("值班"), UINT64_C(1) << ROLE_DUTY);
    assert_int_equal(assist_move_on(t->c, first, ASSIST_ACT_COMPLETE, &a), E_OK);
}

void test_assist__what_nobody_takes_is_escalated_once(struct test *t)
{
    struct str token;
    struct assist_row *a;
    int64_t id = ask(t, 0, &token), seq, after;
    struct str hash;
    t->c->now += setting_assist_escalate_minutes(t->c) * MINUTE_MS;
    assert_int_equal(assist_escalate_job(t->c), E_OK); /* not yet: the minutes must be over */
    assert_int_equal(assist(t->c, t->center_id, id, &a), E_OK);
    assert_int_equal(a->escalated_at, 0);
    t->c->now += 1;
    assert_int_equal(assist_escalate_job(t->c), E_OK);
    assert_int_equal(assist(t->c, t->center_id, id, &a), E_OK);
    assert_int_equal(a->escalated_at, t->c->now);
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    t->c->now += MINUTE_MS;
    assert_int_equal(assist_escalate_job(t->c), E_OK);
    assert_int_equal(journal_head(t->c, &after, &hash), E_OK);
    assert_int_equal(after, seq);
}

void test_assist__a_visit_that_ends_takes_its_requests_along(struct test *t)
{
    struct str token;
    struct assist_row *a;
    int64_t id = ask(t, 77, &token), other = ask(t, 78, &token);
    assert_int_equal(assist_open_of_thread(t->c, 77, &a), E_OK);
    assert_int_equal(a->id, id);
    assert_int_equal(assists_of_thread_cancel(t->c, 77), E_OK);
    assert_int_equal(assist_open_of_thread(t->c, 77, &a), E_OK);
    assert_null(a);
    assert_int_equal(assist_open_of_thread(t->c, 78, &a), E_OK);
    assert_int_equal(a->id, other);
}

/* The phone is sealed in the table and is read by the helper who goes there alone. */
void test_assist__the_phone_is_for_who_goes_there(struct test *t)
{
    struct str token;
    struct assist_row *a, moved;
    struct assist_phone v = {0};
    struct reply r = {.c = t->c};
    int64_t id = ask(t, 0, &token);
    struct assist_id_form f = {.id = id};
    assert_int_equal(assist(t->c, t->center_id, id, &a), E_OK);
    assert_true(a->phone_sealed.n > 0 && str_find(a->phone_sealed, STR("13800138000")) < 0);
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_phone_show(t->c, &f, &r, &v), E_ASSIST_NOT_YOURS);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &moved), E_OK);
    assert_int_equal(assist_phone_show(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.phone, "13800138000"));
}

void test_assist__a_helper_goes_on_and_off_duty(struct test *t)
{
    struct helper_page v = {0};
    struct reply r = {.c = t->c};
    struct helper_on_form f = {.floor = 2};
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(helper_go_on(t->c, &f, &r, &v), E_OK);
    assert_true(v.on_duty && v.floor == 2 && v.helpers_on == 1);
    v = (struct helper_page){0};
    assert_int_equal(helper_go_on(t->c, &f, &r, &v), E_OK); /* twice is once */
    assert_int_equal(v.helpers_on, 1);
    v = (struct helper_page){0};
    assert_int_equal(helper_go_off(t->c, &r, &v), E_OK);
    assert_true(!v.on_duty && v.helpers_on == 0);
}
