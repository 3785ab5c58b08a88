/* An emergency call is heard once, answered by one, ended, and all of it is in the journal. */
#include "alarm.h"

#include "hall.h"
#include "journal.h"
#include "small_hall.h"
#include "test.h"

static void act_as(struct test *t, int64_t id, const char *name)
{
    t->c->actor.id = id;
    t->c->actor.kind = ACTOR_STAFF;
    t->c->actor.name = str_of(name);
}

static struct alarm_line raise_at(struct test *t, const char *desk)
{
    struct desk_row d;
    struct alarm_line v = {0};
    struct reply r = {.c = t->c};
    act_as(t, 71, "张三");
    assert_int_equal(desk_open(t->c, str_of(desk), &d), E_OK);
    assert_int_equal(alarm_raise(t->c, &r, &v), E_OK);
    return v;
}

void test_alarm__pressing_twice_is_one_call(struct test *t)
{
    struct alarm_line_list open;
    struct alarm_line again = {0};
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    struct alarm_line first = raise_at(t, "01");
    assert_true(str_is(first.state, "raised") && str_is(first.staff, "张三"));
    assert_int_equal(alarm_raise(t->c, &r, &again), E_OK);
    assert_true(again.id == first.id);
    assert_int_equal(alarms_open(t->c, &open), E_OK);
    assert_int_equal(open.n, 1);
}

void test_alarm__one_answers_with_name_and_time(struct test *t)
{
    struct alarm_line v = {0};
    struct reply r = {.c = t->c};
    struct journal_entries entries;
    test_start_with(t, load_small_hall);
    struct alarm_line a = raise_at(t, "01");
    int64_t seq;
    struct str hash;
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    struct alarm_choice_form f = {.id = a.id};
    struct alarm_note_form end = {.id = a.id, .note = STR("来人情绪激动，已经平静")};
    act_as(t, 80, "值班长");
    t->c->now += 5000;
    assert_int_equal(alarm_answer(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.state, "acknowledged") && str_is(v.answered_by, "值班长") &&
                v.answered_at == t->c->now);
    assert_int_equal(alarm_answer(t->c, &f, &r, &v), E_ALARM_ANSWERED);
    assert_int_equal(alarm_end(t->c, &end, &r, &v), E_OK);
    assert_int_equal(alarm_end(t->c, &end, &r, &v), E_ALARM_OVER);
    assert_int_equal(alarm_answer(t->c, &f, &r, &v), E_ALARM_OVER);
    f.id = 99;
    assert_int_equal(alarm_answer(t->c, &f, &r, &v), E_NOT_FOUND);
    assert_int_equal(journal_after(t->c, seq, 100, &entries), E_OK);
    assert_int_equal(entries.n, 2);
    assert_int_equal(entries.v[0].kind, EV_ALARM_ACKNOWLEDGED);
    assert_int_equal(entries.v[1].kind, EV_ALARM_ENDED);
    /* What is said about people stays out of the public part. */
    assert_true(str_find(entries.v[1].public_json, STR("情绪")) < 0);
    struct alarm_line next = raise_at(t, "01"); /* and the window may call again */
    assert_true(next.id != a.id);
}

void test_alarm__who_sits_nowhere_has_no_button(struct test *t)
{
    struct alarm_line v = {0};
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    act_as(t, 90, "李四");
    assert_int_equal(alarm_raise(t->c, &r, &v), E_DESK_NOT_OPEN);
}
