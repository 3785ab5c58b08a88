/* The rota of a small hall: planned, changed by consent, left, checked in; what could not be done. */
#include "duty.h"

#include "calendar.h"
#include "clock.h"
#include "journal.h"
#include "settings.h"
#include "staff.h"
#include "test.h"

#define HELPER_A 71
#define HELPER_B 72
#define HELPER_C 73
#define LEADER   74
#define MIDDLE   75

static void person(struct test *t, int64_t id, const char *login, const char *tier)
{
    assert_int_equal(staff_put(t->c, t->center_id, id, str_of(login), str_of(login), STR(""),
                               INT64_C(1) << ROLE_HELPER, STR(""), STR(""), 1, STR("")),
                     E_OK);
    assert_int_equal(duty_person_put(t->c, t->center_id, id, str_of(tier)), E_OK);
}

static void post(struct test *t, const char *code, int64_t floor, bool stairs, bool officer,
                 const char *tiers, int64_t position)
{
    assert_int_equal(duty_post_put(t->c, t->center_id, str_of(code), str_of(code), STR(""),
                                   STR("某处"), STR(""), floor, stairs, officer, str_of(tiers), 510,
                                   1050, STR("1234"), position),
                     E_OK);
}

/* One floor; every day from 2026-03-02 on is a working day of the opening hours 8:30 to 17:30. */
static void small_rota(struct test *t)
{
    person(t, HELPER_A, "ha", "helper");
    person(t, HELPER_B, "hb", "helper");
    person(t, HELPER_C, "hc", "helper");
    person(t, LEADER, "le", "leader");
    person(t, MIDDLE, "mi", "middle");
    post(t, "officer", 1, false, true, "leader middle", 0);
    post(t, "floor1", 1, false, false, "helper", 1);
    for (int32_t on = 20260302; on <= 20260311; on = date_add(on, 1)) {
        assert_int_equal(duty_slot_add(t->c, t->center_id, on, on, STR("floor1"), HELPER_A + on % 3,
                                       STR("x"), STR("fewest"), 0),
                         E_OK);
        assert_int_equal(duty_slot_add(t->c, t->center_id, on + 100, on, STR("officer"),
                                       on % 2 == 0 ? LEADER : MIDDLE, STR("y"), STR("fewest"), 0),
                         E_OK);
    }
}

static void be(struct test *t, int64_t id, uint64_t roles)
{
    t->c->actor =
        (struct actor){.kind = ACTOR_STAFF, .id = id, .name = STR("某人"), .roles = roles};
}

/* 20260302 % 3 is 1: A has 03-04, B 03-02, C 03-03, and so on. */
static const struct duty_slot_row *slot(struct test *t, int64_t id)
{
    struct duty_slot_row *s;
    assert_int_equal(duty_slot(t->c, t->center_id, id, &s), E_OK);
    assert_non_null(s);
    return s;
}

void test_duty__a_change_needs_the_others_consent(struct test *t)
{
    struct duty_swap_view v = {0};
    struct reply r = {.c = t->c};
    small_rota(t);
    int64_t mine = slot(t, 20260303)->staff_id, theirs = slot(t, 20260304)->staff_id;
    struct duty_swap_wish_form f = {.slot = 20260303, .with_slot = 20260304, .note = STR("")};
    be(t, mine, 0);
    assert_int_equal(duty_swap_ask(t->c, &f, &r, &v), E_OK);
    assert_int_equal(duty_swap_ask(t->c, &f, &r, &v), E_DUTY_SWAP_OPEN);
    assert_int_equal(slot(t, 20260303)->staff_id, mine); /* asking changes nothing */
    struct duty_swap_view_list mine_list;
    assert_int_equal(duty_swap_views(t->c, &mine_list), E_OK);
    struct duty_id_form id = {.id = mine_list.v[0].id};
    assert_int_equal(duty_swap_accept(t->c, &id, &r, &v), E_DUTY_NOT_YOURS);
    be(t, theirs, 0);
    assert_int_equal(duty_swap_accept(t->c, &id, &r, &v), E_OK);
    assert_int_equal(slot(t, 20260303)->staff_id, theirs);
    assert_int_equal(slot(t, 20260304)->staff_id, mine);
    assert_int_equal(duty_swap_decline(t->c, &id, &r, &v), E_DUTY_SWAP_DONE);
}

void test_duty__a_change_that_breaks_a_rule_is_refused_with_the_rule(struct test *t)
{
    struct duty_swap_view v = {0};
    struct reply r = {.c = t->c};
    small_rota(t);
    be(t, slot(t, 20260303)->staff_id, 0);
    struct duty_swap_wish_form tier = {.slot = 20260303, .with_slot = 99};
    assert_int_equal(duty_slot_add(t->c, t->center_id, 99, 20260404, STR("officer"), LEADER,
                                   STR("y"), STR("fewest"), 0),
                     E_OK);
    assert_int_equal(duty_swap_ask(t->c, &tier, &r, &v), E_DUTY_RULE_TIER);
    /* the colleague has a duty on that day already: one a day */
    struct duty_swap_wish_form twice = {.slot = 20260303, .with = slot(t, 20260304)->staff_id};
    assert_int_equal(duty_slot_add(t->c, t->center_id, 9, 20260303, STR("stairs"), twice.with,
                                   STR("x"), STR("fewest"), 0),
                     E_OK);
    assert_int_equal(duty_swap_ask(t->c, &twice, &r, &v), E_DUTY_RULE_TWICE);
    struct duty_swap_wish_form leave = {.slot = 20260303, .with = slot(t, 20260302)->staff_id};
    assert_int_equal(duty_leave_add(t->c, t->center_id, 5, leave.with, 20260303, 20260303,
                                    STR("家里有事"), t->c->now),
                     E_OK);
    assert_int_equal(duty_leave_answer(t->c, t->center_id, 5, LEAVE_GRANTED, t->c->now,
                                       STR("主任")),
                     E_OK);
    assert_int_equal(duty_swap_ask(t->c, &leave, &r, &v), E_DUTY_RULE_LEAVE);
    struct duty_swap_wish_form nobody = {.slot = 20260303};
    assert_int_equal(duty_swap_ask(t->c, &nobody, &r, &v), E_DUTY_SWAP_NOBODY);
    struct duty_swap_wish_form foreign = {.slot = 20260304, .with = HELPER_A};
    assert_int_equal(duty_swap_ask(t->c, &foreign, &r, &v), E_DUTY_NOT_YOURS);
}

void test_duty__leave_granted_gives_the_duty_to_another(struct test *t)
{
    struct duty_leave_view v = {0};
    struct reply r = {.c = t->c};
    small_rota(t);
    int64_t who = slot(t, 20260303)->staff_id;
    struct duty_leave_wish_form wish = {.from = 20260303, .to = 20260303, .why = STR("看病")};
    be(t, who, 0);
    assert_int_equal(duty_leave_ask(t->c, &wish, &r, &v), E_OK);
    struct duty_id_form id = {.id = v.id};
    assert_int_equal(slot(t, 20260303)->staff_id, who);
    be(t, 1, UINT64_C(1) << ROLE_MANAGER);
    assert_int_equal(duty_leave_grant(t->c, &id, &r, &v), E_OK);
    assert_true(slot(t, 20260303)->staff_id != who && slot(t, 20260303)->staff_id != 0);
    assert_int_equal(duty_leave_refuse(t->c, &id, &r, &v), E_DUTY_LEAVE_ANSWERED);
    wish.to = 20260302;
    assert_int_equal(duty_leave_ask(t->c, &wish, &r, &v), E_DUTY_LEAVE_DAYS);
}

void test_duty__checked_in_at_the_place_and_missing_is_told_once(struct test *t)
{
    struct duty_slot_view v = {0};
    struct reply r = {.c = t->c};
    int64_t seq, after;
    struct str hash;
    small_rota(t); /* 9:00, half an hour after the begin: both posts are missing */
    assert_int_equal(duty_watch_job(t->c), E_OK);
    assert_true(slot(t, 20260302)->told_at == t->c->now);
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    assert_int_equal(duty_watch_job(t->c), E_OK);
    assert_int_equal(journal_head(t->c, &after, &hash), E_OK);
    assert_int_equal(seq, after);
    struct duty_check_form f = {.id = 20260302, .code = STR("9999")};
    struct duty_note_form note = {.id = 20260302, .text = STR("平稳")};
    be(t, slot(t, 20260302)->staff_id, 0);
    assert_int_equal(duty_check_in(t->c, &f, &r, &v), E_DUTY_PLACE_CODE);
    assert_int_equal(duty_write(t->c, &note, &r, &v), E_DUTY_CHECK_FIRST);
    f.code = STR("1234");
    assert_int_equal(duty_check_in(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.state, "late"));
    assert_int_equal(duty_check_in(t->c, &f, &r, &v), E_DUTY_CHECKED);
    assert_int_equal(duty_write(t->c, &note, &r, &v), E_OK);
    assert_true(str_is(v.state, "done"));
    f.id = 20260303;
    assert_int_equal(duty_check_in(t->c, &f, &r, &v), E_DUTY_NOT_YOURS);
}

void test_duty__the_b_post_stands_in_when_the_first_is_away(struct test *t)
{
    struct str words;
    struct duty_page v = {0};
    struct reply r = {.c = t->c};
    struct duty_away_why_form why = {.why = STR("现场勘察")};
    small_rota(t);
    assert_int_equal(duty_pair_put(t->c, t->center_id, STR("D07"), STR("综合"), STR("07"), HELPER_A,
                                   HELPER_B),
                     E_OK);
    assert_int_equal(duty_stand_in_words(t->c, STR("07"), &words), E_OK);
    assert_int_equal(words.n, 0);
    be(t, HELPER_A, 0);
    assert_int_equal(duty_go_away(t->c, &why, &r, &v), E_OK);
    assert_int_equal(duty_stand_in_words(t->c, STR("07"), &words), E_OK);
    assert_true(str_find(words, STR("现场勘察")) > 0 && str_find(words, STR("hb")) > 0);
    be(t, HELPER_B, 0);
    assert_int_equal(duty_go_away(t->c, &why, &r, &v), E_OK);
    assert_int_equal(duty_stand_in_words(t->c, STR("07"), &words), E_OK);
    assert_true(str_find(words, STR("都不在")) > 0);
    be(t, HELPER_A, 0);
    assert_int_equal(duty_come_back(t->c, &r, &v), E_OK);
    assert_int_equal(duty_stand_in_words(t->c, STR("07"), &words), E_OK);
    assert_int_equal(words.n, 0);
    be(t, HELPER_C, 0);
    assert_int_equal(duty_go_away(t->c, &why, &r, &v), E_DUTY_PAIR_NONE);
}

void test_duty__what_could_not_be_done_is_answered_or_goes_to_the_leader(struct test *t)
{
    struct duty_report_view v = {0};
    struct reply r = {.c = t->c};
    struct cannot_tell_form f = {.kind = CANNOT_TELL_KIND_MANY_TRIES, .what = STR("跑了三趟")};
    struct duty_report_row *row;
    small_rota(t); /* the leader is the officer of 03-02 */
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
    assert_int_equal(cannot_tell_it(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.state, "open") && str_is(v.officer, "y"));
    t->c->now = v.due_at + 1;
    assert_int_equal(duty_watch_job(t->c), E_OK);
    assert_int_equal(duty_report(t->c, t->center_id, v.id, &row), E_OK);
    assert_int_equal(row->escalated_at, t->c->now);
    struct cannot_answer_form answer = {.id = v.id,
                                        .outcome = CANNOT_ANSWER_OUTCOME_SOLVED,
                                        .answer = STR("已当场办结")};
    be(t, HELPER_A, 0);
    assert_int_equal(duty_report_answer_it(t->c, &answer, &r, &v), E_DUTY_NOT_OFFICER);
    be(t, 1, UINT64_C(1) << ROLE_MANAGER);
    assert_int_equal(duty_report_answer_it(t->c, &answer, &r, &v), E_OK);
    assert_true(str_is(v.state, "answered") && v.is_late);
    assert_int_equal(duty_report_answer_it(t->c, &answer, &r, &v), E_DUTY_ANSWERED);
}

void test_duty__without_opening_hours_the_clock_runs_on(struct test *t)
{
    int64_t due;
    assert_int_equal(open_time_after(t->c, t->c->now, 60, &due), E_OK);
    assert_int_equal(due, t->c->now + HOUR_MS);
}
