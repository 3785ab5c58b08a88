/* Requests for help, from asking to done. */
#include "assist.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "services.h"
#include "settings.h"
#include "staff.h"
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

/* One helper on duty on the ground floor, without any skill. */
static void put_on_duty(struct test *t, int64_t staff_id, int64_t floor)
{
    struct str login = str_fmt(t->arena, "h%d", (int)staff_id);
    assert_int_equal(staff_put(t->c, t->center_id, staff_id, login, login, STR(""), HELPER, STR(""),
                               STR(""), floor, STR("")),
                     E_OK);
    assert_int_equal(helper_shift_add(t->c, t->center_id, new_id(t->c), staff_id, floor, t->c->now),
                     E_OK);
}

static const struct assist_row *now_told(struct test *t, int64_t id, int64_t minutes)
{
    struct assist_row *a;
    t->c->now += minutes * MINUTE_MS;
    assert_int_equal(assist_escalate_job(t->c), E_OK);
    assert_int_equal(assist(t->c, t->center_id, id, &a), E_OK);
    return a;
}

void test_assist__who_is_told_next_when_nobody_comes(struct test *t)
{
    struct str token, hash;
    int64_t seq, after, officer = setting_assist_escalate_minutes(t->c),
                        leader = setting_assist_leader_minutes(t->c);
    put_on_duty(t, 7, 1);
    int64_t id = ask(t, 0, &token);
    const struct assist_row *a = now_told(t, id, 0);
    assert_true(a->told == TOLD_ONE && a->offered_id == 7);
    assert_int_equal(now_told(t, id, setting_assist_all_minutes(t->c))->told, TOLD_ALL);
    a = now_told(t, id, officer - setting_assist_all_minutes(t->c));
    assert_true(a->told == TOLD_OFFICER && a->escalated_at == t->c->now);
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    assert_int_equal(now_told(t, id, 0)->told, TOLD_OFFICER);
    assert_int_equal(journal_head(t->c, &after, &hash), E_OK);
    assert_int_equal(after, seq); /* told once */
    assert_int_equal(now_told(t, id, leader - officer)->told, TOLD_LEADER);
}

void test_assist__without_anybody_on_duty_the_officer_is_told_at_once(struct test *t)
{
    struct str token;
    int64_t id = ask(t, 0, &token);
    assert_int_equal(now_told(t, id, 0)->told, TOLD_OFFICER);
}

void test_assist__help_wanted_later_is_told_shortly_before(struct test *t)
{
    struct str token;
    int64_t id = 0, lead = setting_assist_lead_minutes(t->c);
    struct assist_wish wish = {.kind = STR("escort"),
                               .place_from = STR("公交站"),
                               .wanted_at = t->c->now + 120 * MINUTE_MS};
    put_on_duty(t, 7, 1);
    assert_int_equal(assist_request(t->c, &wish, &id, &token), E_OK);
    assert_int_equal(now_told(t, id, 119 - lead)->told, TOLD_NOBODY);
    assert_int_equal(now_told(t, id, 1)->told, TOLD_ONE);
}

void test_assist__who_cannot_sign_is_kept_from_it_until_the_officer_is_told(struct test *t)
{
    struct str token;
    struct assist_row a;
    int64_t id = 0;
    struct assist_wish wish = {.kind = STR("escort"), .skills = STR("sign")};
    put_on_duty(t, 7, 1);
    put_on_duty(t, 8, 1);
    assert_int_equal(assist_request(t->c, &wish, &id, &token), E_ASSIST_SKILL_UNKNOWN);
    assert_int_equal(help_skill_put(t->c, t->center_id, STR("sign"), STR("手语"),
                                    STR("Sign language"), STR(""), 0),
                     E_OK);
    assert_int_equal(helper_skill_put(t->c, t->center_id, 8, STR("sign")), E_OK);
    assert_int_equal(assist_request(t->c, &wish, &id, &token), E_OK);
    assert_int_equal(now_told(t, id, 0)->offered_id, 8);
    be(t, 7, STR("不会的"), HELPER);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &a), E_ASSIST_SKILL);
    assert_int_equal(now_told(t, id, setting_assist_escalate_minutes(t->c))->told, TOLD_OFFICER);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &a), E_OK);
}

/* DOMAIN.md 9.7: what was handed over and returned, no passwords kept. */
void test_assist__what_was_handed_over_comes_back_before_the_end(struct test *t)
{
    struct str token;
    struct assist_row a;
    struct assist_view v = {0};
    struct reply r = {.c = t->c};
    int64_t id = ask(t, 0, &token);
    struct assist_paper_in_form f = {.id = id,
                                     .what = STR("社保卡，密码123456"),
                                     .purpose = STR("查社保"),
                                     .whose = STR("李*")};
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &a), E_OK);
    assert_int_equal(assist_paper_take(t->c, &f, &r, &v), E_ASSIST_SECRET);
    f.what = STR("社保卡");
    be(t, 8, STR("帮办二"), HELPER);
    assert_int_equal(assist_paper_take(t->c, &f, &r, &v), E_ASSIST_NOT_YOURS);
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_paper_take(t->c, &f, &r, &v), E_OK);
    assert_true(v.papers.n == 1 && v.papers_out == 1);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_COMPLETE, &a), E_ASSIST_PAPERS_OUT);
    struct assist_id_form back = {.id = v.papers.v[0].id};
    assert_int_equal(assist_paper_give_back(t->c, &back, &r, &v), E_OK);
    assert_int_equal(assist_paper_give_back(t->c, &back, &r, &v), E_ASSIST_PAPER_BACK);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_COMPLETE, &a), E_OK);
}

void test_assist__help_is_rated_once_by_who_was_helped(struct test *t)
{
    struct str token;
    struct assist_row a;
    struct assist_view v = {0};
    struct reply r = {.c = t->c};
    int64_t id = ask(t, 0, &token);
    struct assist_grade_given_form f = {.token = token, .grade = 5, .text = STR("")};
    be(t, 7, STR("帮办一"), HELPER);
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_ACCEPT, &a), E_OK);
    assert_int_equal(assist_rate(t->c, &f, &r, &v), E_ASSIST_GRADE_STAFF);
    struct actor helper = t->c->actor;
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
    assert_int_equal(assist_rate(t->c, &f, &r, &v), E_ASSIST_NOT_DONE);
    t->c->actor = helper;
    assert_int_equal(assist_move_on(t->c, id, ASSIST_ACT_COMPLETE, &a), E_OK);
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
    assert_int_equal(assist_rate(t->c, &f, &r, &v), E_OK);
    assert_int_equal(assist_rate(t->c, &f, &r, &v), E_ASSIST_GRADED);
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
