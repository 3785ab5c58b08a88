/* Tickets in the small hall (small_hall.h): from wish to number, the table of moves, the waiting
 * counts, and what a visitor is told. */
#include "ticket.h"

#include "assist.h"
#include "calendar.h"
#include "clock.h"
#include "services.h"
#include "small_hall.h"
#include "test.h"

#define CLERK_A 100
#define CLERK_B 101

static void be_clerk(struct test *t, int64_t id)
{
    t->c->actor.id = id;
    t->c->actor.name = id == CLERK_A ? STR("张三") : STR("李四");
}

static void open_at(struct test *t, int64_t clerk, const char *code)
{
    struct desk_row d;
    be_clerk(t, clerk);
    assert_int_equal(desk_open(t->c, str_of(code), &d), E_OK);
}

static void begin(struct test *t)
{
    test_start_with(t, load_small_hall);
}

static struct texts needs_of(struct test *t, const char *need)
{
    struct texts n = {ARENA_ARRAY(t->c->arena, struct str, 1), 0};
    if (need != NULL)
        n.v[n.n++] = str_of(need);
    return n;
}

static struct ticket_row take(struct test *t, const char *item, const char *zone, const char *need)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = str_of(item == NULL ? "" : item),
                                 .zone = str_of(zone == NULL ? "" : zone),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1,
                                 .needs = needs_of(t, need)};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    return row;
}

/* The same in the zone business, and what the visitor is shown at once. */
static struct ticket_row take_seen(struct test *t, const char *need, struct ticket_view *ret)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.zone = STR("business"),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1,
                                 .needs = needs_of(t, need)};
    assert_int_equal(ticket_issue_shown(t->c, &f, &row, ret), E_OK);
    return row;
}

static struct ticket_row call(struct test *t, int64_t clerk)
{
    struct ticket_row *row;
    be_clerk(t, clerk);
    assert_int_equal(ticket_call_next(t->c, &row), E_OK);
    assert_non_null(row);
    return *row;
}

static struct ticket_view shown(struct test *t, struct ticket_row *row)
{
    struct ticket_view v;
    assert_int_equal(ticket_by_its_token(t->c, row->token, row), E_OK);
    assert_int_equal(ticket_show(t->c, row, &v), E_OK);
    return v;
}

static bool says(struct str text, const char *part)
{
    return str_find(text, str_of(part)) >= 0;
}

/* --- issuing --- */

void test_ticket__numbers_count_up_in_a_zone_and_start_anew_each_day(struct test *t)
{
    begin(t);
    struct ticket_row a = take(t, NULL, "personal", NULL), b = take(t, ITEM_REISSUE, NULL, NULL);
    struct ticket_row other = take(t, NULL, "business", NULL);
    assert_true(str_is(ticket_number_text(t->c, a.prefix, a.number), "A001"));
    assert_true(str_is(ticket_number_text(t->c, b.prefix, b.number), "A002"));
    assert_true(str_is(ticket_number_text(t->c, other.prefix, other.number), "B001"));
    t->c->now += DAY_MS;
    struct ticket_row next = take(t, NULL, "personal", NULL);
    assert_int_equal(next.number, 1);
    assert_int_equal(next.issued_on, 20260303);
}

void test_ticket__who_says_neither_item_nor_zone_is_asked(struct test *t)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(""), .zone = STR(""), .channel = -1, .priority = -1};
    begin(t);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_ITEM_OR_ZONE);
    f.item = STR("000000000000");
    assert_int_equal(ticket_issue(t->c, &f, &row), E_NO_SUCH_ITEM);
    f.item = STR("");
    f.zone = STR("nowhere");
    assert_int_equal(ticket_issue(t->c, &f, &row), E_NO_SUCH_ZONE);
    f.zone = STR("personal");
    f.booking = STR("x");
    assert_int_equal(ticket_issue(t->c, &f, &row), E_NOT_FOUND);
}

void test_ticket__who_cannot_climb_stairs_waits_downstairs_when_a_desk_there_is_open(struct test *t)
{
    begin(t);
    open_at(t, CLERK_A, "27"); /* upstairs */
    open_at(t, CLERK_B, "01"); /* step-free, may handle it too */
    struct ticket_row row = take(t, ITEM_REISSUE, NULL, "no_stairs");
    struct ticket_view v = shown(t, &row);
    assert_true(v.step_free && v.floor == 1 && !v.has_escort);
    assert_true(str_is(v.reason, "一楼有可办的无障碍窗口，不用上楼"));
    assert_true(str_is(v.priority, "disabled"));
    struct ticket_row *none;
    be_clerk(t, CLERK_A);
    assert_int_equal(ticket_call_next(t->c, &none), E_OK); /* the desk upstairs does not get it */
    assert_null(none);
    assert_int_equal(call(t, CLERK_B).id, row.id);
}

void test_ticket__a_helper_is_asked_when_only_a_desk_upstairs_is_open(struct test *t)
{
    struct assist_row *a;
    begin(t);
    open_at(t, CLERK_A, "27");
    struct ticket_row row = take(t, ITEM_REISSUE, NULL, "no_stairs");
    struct ticket_view v = shown(t, &row);
    assert_true(!v.step_free && v.floor == 2 && v.has_escort);
    assert_true(says(v.reason, "二楼") && says(v.reason, "帮办员"));
    assert_int_equal(assist_open_of_thread(t->c, row.thread, &a), E_OK);
    assert_true(a != NULL && str_is(a->kind, "escort") && a->state == ASSIST_REQUESTED);
    assert_int_equal(call(t, CLERK_A).id, row.id); /* asked once, not again by the call */
    struct assist_rows all;
    assert_int_equal(assists_of_thread(t->c, t->center_id, row.thread, &all), E_OK);
    assert_int_equal(all.n, 1);
}

void test_ticket__without_an_open_desk_a_number_is_still_given_and_says_so(struct test *t)
{
    begin(t);
    assert_int_equal(opening_put(t->c, t->center_id, 1, 1, 8 * 60 + 30, 12 * 60, STR("ordinary")),
                     E_OK);
    struct ticket_row row = take(t, ITEM_REISSUE, NULL, NULL); /* Monday 09:00: open, nobody sits */
    assert_true(says(shown(t, &row).reason, "窗口一开就叫您"));
    t->c->now -= 2 * HOUR_MS; /* 07:00 */
    row = take(t, ITEM_REISSUE, NULL, NULL);
    assert_true(says(shown(t, &row).reason, "08:30"));
    t->c->now += 10 * HOUR_MS; /* 17:00; next Monday then */
    row = take(t, ITEM_REISSUE, NULL, NULL);
    assert_true(says(shown(t, &row).reason, "2026-03-09 08:30"));
}

void test_ticket__green_is_granted_by_the_guide_alone(struct test *t)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = CHANNEL_GUIDE,
                                 .priority = 0};
    begin(t);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_true(row.class == CLASS_GREEN && row.channel == CHANNEL_GUIDE);
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR, .name = STR("来访者")};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_true(row.class == CLASS_NORMAL && row.channel == CHANNEL_WEB);
}

/* 60 years: 老年人权益保障法 art. 2. The number is the example of GB 11643-1999, born 1949-12-31. */
void test_ticket__an_old_persons_number_gives_the_priority(struct test *t)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = -1,
                                 .priority = -1,
                                 .id_no = STR("11010519491231002X")};
    begin(t);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_int_equal(row.class, CLASS_ELDERLY);
    f.id_no = STR("110105194912310021");
    assert_int_equal(ticket_issue(t->c, &f, &row), E_ID_NO_WRONG);
}

void test_ticket__a_phone_takes_no_more_than_the_set_number_a_day(struct test *t)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = -1,
                                 .priority = -1,
                                 .phone = STR("13800138000")};
    begin(t);
    for (int i = 0; i < 10; i++) /* default of ticket.per_phone_day */
        assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_TOO_MANY_TICKETS);
    f.phone = STR("13900138000"); /* another phone with the same tail */
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    t->c->now += DAY_MS;
    f.phone = STR("13800138000");
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
}

void test_ticket__name_and_phone_are_sealed_and_come_back_whole(struct test *t)
{
    struct ticket_row row, stored;
    struct str name, phone;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = -1,
                                 .priority = -1,
                                 .name = STR("张三丰"),
                                 .phone = STR("13800138000")};
    begin(t);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_int_equal(ticket_by_its_token(t->c, row.token, &stored), E_OK);
    assert_true(str_find(stored.name_sealed, STR("张")) < 0 &&
                str_find(stored.phone_sealed, STR("138")) < 0);
    assert_int_equal(ticket_person(t->c, &stored, &name, &phone), E_OK);
    assert_true(str_is(name, "张三丰") && str_is(phone, "13800138000"));
    assert_false(says(stored.name_masked, "三丰"));
}

void test_ticket__people_ahead_are_counted_by_who_will_be_called_first(struct test *t)
{
    struct ticket_view v;
    begin(t);
    for (int i = 0; i < 4; i++) {
        struct ticket_row row = take_seen(t, NULL, &v);
        assert_int_equal(v.ahead, i);
        assert_true(str_is(v.ahead_is, "exact"));
        assert_int_equal(shown(t, &row).ahead, i); /* both ways of counting agree */
        t->c->now += MINUTE_MS;
    }
    (void)take_seen(t, "elderly", &v); /* 15 minutes ahead of all four */
    assert_int_equal(v.ahead, 0);
    t->c->now += 20 * MINUTE_MS;
    (void)take_seen(t, "elderly", &v); /* those waited longer than that */
    assert_int_equal(v.ahead, 5);
    assert_true(v.eta_minutes > 0 && v.eta_minutes < v.eta_most_minutes);
}

void test_ticket__people_of_other_lines_count_when_they_share_the_desks(struct test *t)
{
    begin(t);
    (void)take(t, NULL, "personal", NULL);
    struct ticket_row row = take(t, ITEM_REISSUE, NULL, NULL);
    struct ticket_view v = shown(t, &row);
    assert_int_equal(v.ahead, 0); /* desk 27 has nobody else to call */
    open_at(t, CLERK_A, "01");    /* only a desk that both lines share is open */
    v = shown(t, &row);
    assert_int_equal(v.ahead, 1);
    assert_true(str_is(v.ahead_is, "about"));
    struct ticket_row own = take(t, ITEM_MARRIAGE, NULL, NULL);
    open_at(t, CLERK_B, "27");
    v = shown(t, &own);
    assert_int_equal(v.ahead, 1); /* the item's may go to 27 or to 01: half a person, told as one */
    assert_true(str_is(v.ahead_is, "about"));
    v = shown(t, &row);
    assert_int_equal(v.ahead, 0);
}

/* --- the table of moves, through the functions of desks and visitors --- */

/* Brings a ticket of the desk 33 into a state by lawful acts. */
static struct ticket_row in_state(struct test *t, enum ticket_state state)
{
    struct ticket_row row = take(t, NULL, "business", NULL), r;
    if (state == TICKET_WAITING)
        return row;
    if (state == TICKET_CANCELLED) {
        assert_int_equal(ticket_cancel(t->c, &row), E_OK);
        return row;
    }
    row = call(t, CLERK_A);
    if (state == TICKET_SERVING || state == TICKET_FINISHED)
        assert_int_equal(ticket_start(t->c, &r), E_OK);
    if (state == TICKET_FINISHED)
        assert_int_equal(ticket_finish(t->c, &r), E_OK);
    if (state == TICKET_PARKED)
        assert_int_equal(ticket_park(t->c, STR("去复印"), &r), E_OK);
    if (state == TICKET_NO_SHOW)
        assert_int_equal(ticket_no_show(t->c, &r), E_OK);
    return row;
}

static enum err do_act(struct test *t, enum ticket_act act, struct ticket_row *row)
{
    struct ticket_row r, *called = NULL;
    struct transfer_to_form to = {.zone = STR("personal")};
    switch (act) {
    case TICKET_ACT_CALL: {
        enum err e = ticket_call_next(t->c, &called);
        return e == E_OK && called == NULL ? E_NO_CURRENT : e;
    }
    case TICKET_ACT_RECALL:
        return ticket_recall(t->c, &r);
    case TICKET_ACT_NO_SHOW:
        return ticket_no_show(t->c, &r);
    case TICKET_ACT_UNDO_NO_SHOW:
        return ticket_undo_no_show(t->c, &r);
    case TICKET_ACT_PARK:
        return ticket_park(t->c, STR(""), &r);
    case TICKET_ACT_UNPARK:
        return ticket_unpark(t->c, row->token, &r);
    case TICKET_ACT_START:
        return ticket_start(t->c, &r);
    case TICKET_ACT_TRANSFER:
        return ticket_transfer(t->c, &to, &r);
    case TICKET_ACT_FINISH:
        return ticket_finish(t->c, &r);
    case TICKET_ACT_CANCEL:
        TRY(ticket_by_its_token(t->c, row->token, row));
        return ticket_cancel(t->c, row);
    case TICKET_ACT_REJOIN:
        TRY(ticket_by_its_token(t->c, row->token, row));
        return ticket_rejoin(t->c, row);
    case TICKET_ACT_COUNT:
        break;
    }
    return E_BAD_STATE;
}

static void put_away(struct test *t, struct ticket_row *row)
{
    struct ticket_row r;
    assert_int_equal(ticket_by_its_token(t->c, row->token, row), E_OK);
    if (row->state == TICKET_SERVING)
        assert_int_equal(ticket_finish(t->c, &r), E_OK);
    else if (row->state < TICKET_FINISHED)
        assert_int_equal(ticket_cancel(t->c, row), E_OK);
    t->c->now += HOUR_MS; /* too late for any undo */
}

/* Every act on a ticket in every state, through the functions that desks and visitors use: the
 * table's moves succeed and nothing else does, and the counts of who waits stay true. */
void test_ticket__every_act_from_every_state_follows_the_table(struct test *t)
{
    begin(t);
    open_at(t, CLERK_A, "33");
    for (int state = 0; state < TICKET_STATE_COUNT; state++) {
        for (int act = 0; act < TICKET_ACT_COUNT; act++) {
            enum ticket_state to = TICKET_STATE_COUNT;
            struct queue_differences_rows wrong;
            struct ticket_row row = in_state(t, (enum ticket_state)state);
            bool is_allowed =
                ticket_next_state((enum ticket_state)state, (enum ticket_act)act, &to);
            enum err e = do_act(t, (enum ticket_act)act, &row);
            if (is_allowed != (e == E_OK) || e == E_STORE)
                fail_msg("state %d, act %d gave %s", state, act, err_table[e].name);
            assert_int_equal(ticket_by_its_token(t->c, row.token, &row), E_OK);
            assert_int_equal(row.state, is_allowed ? (int64_t)to : state);
            assert_int_equal(queue_differences(t->c, t->center_id, &wrong), E_OK);
            assert_int_equal(wrong.n, 0);
            put_away(t, &row);
        }
    }
}

/* --- at the desk --- */

void test_ticket__a_desk_has_one_ticket_and_a_ticket_one_desk(struct test *t)
{
    struct ticket_row *none, r;
    begin(t);
    open_at(t, CLERK_A, "01");
    open_at(t, CLERK_B, "02");
    struct ticket_row first = take(t, NULL, "personal", NULL),
                      second = take(t, NULL, "personal", NULL);
    assert_int_equal(call(t, CLERK_A).id, first.id);
    assert_int_equal(ticket_call_next(t->c, &none), E_DESK_BUSY);
    assert_int_equal(call(t, CLERK_B).id, second.id);
    be_clerk(t, CLERK_A);
    assert_int_equal(ticket_start(t->c, &r), E_OK);
    assert_int_equal(r.id, first.id);
    assert_int_equal(ticket_finish(t->c, &r), E_OK);
    assert_int_equal(ticket_call_next(t->c, &none), E_OK);
    assert_null(none); /* nobody waits: that is no error */
    assert_int_equal(ticket_start(t->c, &r), E_NO_CURRENT);
}

void test_ticket__a_call_says_why_it_is_this_person(struct test *t)
{
    begin(t);
    open_at(t, CLERK_A, "01");
    (void)take(t, NULL, "personal", NULL);
    struct ticket_row old = take(t, NULL, "personal", "elderly");
    t->c->now += 2 * MINUTE_MS;
    struct ticket_row called = call(t, CLERK_A);
    assert_int_equal(called.id, old.id);
    assert_true(str_is(ticket_call_reason(t->c, &called), "老年人优先，已等 2 分"));
}

void test_ticket__finishing_needs_a_start_and_recalls_end(struct test *t)
{
    struct ticket_row r;
    begin(t);
    open_at(t, CLERK_A, "01");
    (void)take(t, NULL, "personal", NULL);
    (void)call(t, CLERK_A);
    assert_int_equal(ticket_finish(t->c, &r), E_START_FIRST);
    for (int i = 0; i < 3; i++) /* default of ticket.recall_most */
        assert_int_equal(ticket_recall(t->c, &r), E_OK);
    assert_int_equal(ticket_recall(t->c, &r), E_RECALL_ENOUGH);
}

void test_ticket__a_no_show_can_be_undone_for_ten_seconds(struct test *t)
{
    struct ticket_row r;
    begin(t);
    open_at(t, CLERK_A, "01");
    struct ticket_row row = take(t, NULL, "personal", NULL);
    (void)call(t, CLERK_A);
    assert_int_equal(ticket_no_show(t->c, &r), E_OK);
    t->c->now += 10 * SECOND_MS;
    assert_int_equal(ticket_undo_no_show(t->c, &r), E_OK);
    assert_true(r.id == row.id && r.state == TICKET_CALLED);
    assert_int_equal(ticket_no_show(t->c, &r), E_OK);
    t->c->now += 10 * SECOND_MS + 1;
    assert_int_equal(ticket_undo_no_show(t->c, &r), E_UNDO_LATE);
    assert_int_equal(ticket_by_its_token(t->c, row.token, &r), E_OK);
    assert_int_equal(ticket_rejoin(t->c, &r), E_OK); /* but the visitor may come back to the line */
    assert_int_equal(call(t, CLERK_A).id, row.id);
}

void test_ticket__a_transfer_keeps_the_number_and_the_time_waited(struct test *t)
{
    struct ticket_row r;
    begin(t);
    open_at(t, CLERK_A, "01");
    open_at(t, CLERK_B, "33");
    struct ticket_row row = take(t, NULL, "personal", NULL);
    t->c->now += MINUTE_MS;
    struct ticket_row later = take(t, NULL, "business", NULL);
    (void)call(t, CLERK_A);
    struct transfer_to_form to = {.zone = STR("business")};
    assert_int_equal(ticket_transfer(t->c, &to, &r), E_OK);
    assert_true(r.number == row.number && str_is(r.prefix, "A") && str_is(r.zone_code, "business"));
    assert_int_equal(r.queued_at, row.queued_at);
    assert_int_equal(call(t, CLERK_B).id, row.id); /* before who came later to that zone */
    assert_int_equal(ticket_start(t->c, &r), E_OK);
    assert_int_equal(r.wait_ms, MINUTE_MS);
    assert_int_equal(ticket_finish(t->c, &r), E_OK);
    assert_int_equal(call(t, CLERK_B).id, later.id);
}

void test_ticket__a_ticket_sent_to_a_desk_is_called_by_that_desk_alone(struct test *t)
{
    struct ticket_row r, *none;
    begin(t);
    open_at(t, CLERK_A, "01");
    open_at(t, CLERK_B, "20"); /* 有诉即办: receives who is sent to it */
    struct ticket_row row = take(t, NULL, "personal", NULL);
    be_clerk(t, CLERK_B);
    assert_int_equal(ticket_call_next(t->c, &none), E_OK);
    assert_null(none);
    (void)call(t, CLERK_A);
    struct transfer_to_form to = {.desk = STR("20")};
    assert_int_equal(ticket_transfer(t->c, &to, &r), E_OK);
    assert_int_equal(ticket_call_next(t->c, &none), E_OK);
    assert_null(none);
    assert_int_equal(call(t, CLERK_B).id, row.id);
    to.desk = STR("99");
    assert_int_equal(ticket_transfer(t->c, &to, &r), E_NO_SUCH_DESK);
}

void test_ticket__a_paused_desk_does_not_call(struct test *t)
{
    struct desk_row d;
    struct ticket_row *none;
    begin(t);
    open_at(t, CLERK_A, "01");
    assert_int_equal(desk_of_actor(t->c, &d), E_OK);
    assert_int_equal(desk_pause(t->c, d.id, d.code, STR("开会")), E_OK);
    assert_int_equal(ticket_call_next(t->c, &none), E_DESK_PAUSED);
    be_clerk(t, CLERK_B);
    assert_int_equal(ticket_call_next(t->c, &none), E_DESK_NOT_OPEN);
}

void test_ticket__a_desk_with_somebody_at_it_is_not_left(struct test *t)
{
    struct reply r = {.c = t->c};
    struct desk_view v;
    struct desk_choice_form other = {.desk = STR("02")};
    begin(t);
    open_at(t, CLERK_A, "01");
    (void)take(t, NULL, "personal", NULL);
    (void)call(t, CLERK_A);
    assert_int_equal(desk_do_close(t->c, &r, &v), E_DESK_BUSY);
    assert_int_equal(desk_do_open(t->c, &other, &r, &v), E_DESK_BUSY);
    struct ticket_row done;
    assert_int_equal(ticket_no_show(t->c, &done), E_OK);
    assert_int_equal(desk_do_open(t->c, &other, &r, &v), E_OK);
    assert_true(str_is(v.code, "02") && str_is(v.state, "open"));
}

/* --- the visitor --- */

void test_ticket__giving_up_ends_the_ticket_and_its_help(struct test *t)
{
    struct assist_row *a;
    struct reply r = {.c = t->c};
    struct ticket_issued v;
    begin(t);
    open_at(t, CLERK_A, "27");
    struct ticket_row row = take(t, ITEM_REISSUE, NULL, "no_stairs");
    struct ticket_token_form f = {.token = row.token};
    assert_int_equal(ticket_give_up(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.ticket.state, "cancelled"));
    assert_int_equal(ticket_give_up(t->c, &f, &r, &v), E_TICKET_ENDED);
    assert_int_equal(assist_open_of_thread(t->c, row.thread, &a), E_OK);
    assert_null(a);
    f.token = STR("1-AAAAAAAAAAAAAAAAAAAAAA");
    assert_int_equal(ticket_give_up(t->c, &f, &r, &v), E_NOT_FOUND);
}

void test_ticket__asking_for_help_twice_asks_once(struct test *t)
{
    struct assist_rows all;
    struct reply r = {.c = t->c};
    struct ticket_issued v;
    begin(t);
    struct ticket_row row = take(t, NULL, "personal", NULL);
    struct ticket_token_form f = {.token = row.token};
    assert_int_equal(ticket_ask_help(t->c, &f, &r, &v), E_OK);
    assert_int_equal(ticket_ask_help(t->c, &f, &r, &v), E_OK);
    assert_true(v.ticket.has_escort);
    assert_int_equal(assists_of_thread(t->c, t->center_id, row.thread, &all), E_OK);
    assert_int_equal(all.n, 1);
}

void test_ticket__a_second_ticket_of_the_same_visit_keeps_its_thread(struct test *t)
{
    struct ticket_row row;
    begin(t);
    struct ticket_row first = take(t, NULL, "personal", NULL);
    struct ticket_wish_form f = {.item = STR(""),
                                 .zone = STR("business"),
                                 .channel = -1,
                                 .priority = -1,
                                 .thread_token = first.token};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_true(row.thread == first.id && row.id != first.id);
}

void test_ticket__a_number_is_found_as_people_type_it(struct test *t)
{
    struct ticket_row *found;
    begin(t);
    struct ticket_row row = take(t, NULL, "personal", NULL);
    static const char *const typed[] = {"A001", "a001", "a1", " A 001 ", "A001"};
    for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
        assert_int_equal(ticket_by_its_number(t->c, str_of(typed[i]), &found), E_OK);
        assert_non_null(found);
        assert_int_equal(found->id, row.id);
    }
    static const char *const other[] = {"A002", "B001", "001", "A", "A-1", "", "AAAAAAAAAAAA1"};
    for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
        assert_int_equal(ticket_by_its_number(t->c, str_of(other[i]), &found), E_OK);
        assert_null(found);
    }
}

void test_ticket__who_waits_since_yesterday_is_let_go(struct test *t)
{
    struct queue_differences_rows wrong;
    begin(t);
    struct ticket_row row = take(t, NULL, "personal", NULL), today_row;
    t->c->now += DAY_MS;
    today_row = take(t, NULL, "personal", NULL);
    assert_int_equal(ticket_close_day_job(t->c), E_OK);
    assert_true(str_is(shown(t, &row).state, "cancelled"));
    assert_true(str_is(shown(t, &today_row).state, "waiting"));
    assert_int_equal(queue_differences(t->c, t->center_id, &wrong), E_OK);
    assert_int_equal(wrong.n, 0);
}
