/* Who is asked, who is told next, and what looks like a password. */
#include "dispatch.h"
#include "clock.h"
#include "test.h"

static const struct helper_state helpers[] = {
    {.staff_id = 1, .floor = 1, .skills = {"lifting", 7}, .idle_since = 30},
    {.staff_id = 2, .floor = 2, .skills = {"sign english", 12}, .idle_since = 10},
    {.staff_id = 3, .floor = 1, .skills = {"sign", 4}, .idle_since = 20},
    {.staff_id = 4, .floor = 1, .skills = {"sign", 4}, .idle_since = 5, .is_busy = true},
};

void test_assist__the_nearest_with_the_skill_who_rested_longest_is_asked(struct test *t)
{
    (void)t;
    assert_int_equal(dispatch_best(helpers, 4, 1, STR("")), 2); /* rested since 20 */
    assert_int_equal(dispatch_best(helpers, 4, 2, STR("")), 1); /* on that floor */
    assert_int_equal(dispatch_best(helpers, 4, 0, STR("")), 1); /* anywhere: rested longest */
    assert_int_equal(dispatch_best(helpers, 4, 2, STR("lifting")),
                     0); /* the skill before the floor */
    assert_int_equal(dispatch_best(helpers, 4, 1, STR("sign english")), 1);
    assert_int_equal(dispatch_best(helpers, 4, 1, STR("german")), -1);
    assert_int_equal(dispatch_best(helpers + 3, 1, 1, STR("")), -1); /* busy */
    assert_true(dispatch_can_anybody(helpers + 3, 1, STR("sign")));
    assert_false(dispatch_can_anybody(helpers, 4, STR("sign lifting")));
}

/* Property: over every wait the steps only rise, and end with the leader. */
void test_assist__who_is_told_only_rises_with_the_wait(struct test *t)
{
    static const struct dispatch_terms terms = {.all_ms = MINUTE_MS,
                                                .officer_ms = 3 * MINUTE_MS,
                                                .leader_ms = 8 * MINUTE_MS};
    (void)t;
    for (int best = 0; best < 2; best++) {
        enum assist_told before = TOLD_NOBODY;
        for (int64_t ms = -MINUTE_MS; ms <= 10 * MINUTE_MS; ms += 1000) {
            enum assist_told now = dispatch_step(ms, best != 0, true, &terms);
            assert_true(now >= before);
            assert_true((now == TOLD_NOBODY) == (ms < 0));
            before = now;
        }
        assert_int_equal(before, TOLD_LEADER);
    }
    assert_int_equal(dispatch_step(0, false, false, &terms), TOLD_OFFICER);
    assert_int_equal(dispatch_step(0, false, true, &terms), TOLD_ALL);
}

void test_assist__a_password_is_seen_and_what_is_none_is_let_through(struct test *t)
{
    static const char *const secrets[] = {"密码123456",    "密码是 abc", "手机验证码：839201",
                                          "abc12345",      "Qwerty!9",   "password=x1y2z3",
                                          "登录口令888888"};
    static const char *const harmless[] = {"社保卡密码忘了，想改",
                                           "41130319900307001X",
                                           "13800138000",
                                           "A023 号请人帮忙",
                                           "WH-01",
                                           "帮我填表",
                                           "1-2-301 室"};
    (void)t;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_true(tells_secret(str_of(secrets[i])));
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        assert_false(tells_secret(str_of(harmless[i])));
    assert_true(names_secret(STR("写着密码的纸条")));
    assert_false(names_secret(STR("身份证、户口本")));
}

void test_assist__words_for_a_place_name_a_floor(struct test *t)
{
    (void)t;
    assert_int_equal(place_floor(STR("二楼 33 号窗口")), 2);
    assert_int_equal(place_floor(STR("1 楼等候区")), 1);
    assert_int_equal(place_floor(STR("2F")), 2);
    assert_int_equal(place_floor(STR("12楼")), 0);
    assert_int_equal(place_floor(STR("公交站")), 0);
}
