/* What hangs on the walls: nothing is cut off or forgotten, nothing makes a display blank. */
#include "display.h"

#include "clock.h"
#include "small_hall.h"
#include "test.h"

#include <string.h>

static bool says(struct str text, const char *part)
{
    return str_find(text, str_of(part)) >= 0;
}

static void act_as(struct test *t, int64_t id)
{
    t->c->actor.id = id;
    t->c->actor.kind = ACTOR_STAFF;
    t->c->actor.name = str_fmt(t->arena, "窗口%lld", (long long)id);
}

static void open_at(struct test *t, int64_t clerk, const char *desk)
{
    struct desk_row d;
    act_as(t, clerk);
    assert_int_equal(desk_open(t->c, str_of(desk), &d), E_OK);
}

static struct ticket_row take(struct test *t, const char *zone_code)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(""),
                                 .zone = str_of(zone_code),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    return row;
}

static void call(struct test *t, int64_t clerk)
{
    struct ticket_row *row;
    act_as(t, clerk);
    assert_int_equal(ticket_call_next(t->c, &row), E_OK);
    assert_non_null(row);
}

static struct board board_of(struct test *t, const char *zone_code)
{
    struct board v = {0};
    struct reply r = {.c = t->c};
    struct board_zone_form f = {.zone = str_of(zone_code)};
    assert_int_equal(display_show(t->c, &f, &r, &v), E_OK);
    return v;
}

static struct desk_board desk_board_of(struct test *t, const char *desk)
{
    struct desk_board v = {0};
    struct reply r = {.c = t->c};
    struct board_desk_form f = {.desk = str_of(desk)};
    assert_int_equal(display_desk(t->c, &f, &r, &v), E_OK);
    return v;
}

void test_display__the_board_shows_the_last_calls_newest_first(struct test *t)
{
    test_start_with(t, load_small_hall);
    open_at(t, 71, "01");
    for (int i = 0; i < 8; i++) {
        struct ticket_row done;
        (void)take(t, "personal");
        call(t, 71);
        assert_int_equal(ticket_start(t->c, &done), E_OK);
        assert_int_equal(ticket_finish(t->c, &done), E_OK);
        t->c->now += MINUTE_MS;
    }
    (void)take(t, "personal");
    struct board v = board_of(t, "personal");
    assert_int_equal(v.calls.n, 6);
    assert_true(str_is(v.calls.v[0].number, "A008") && v.calls.v[0].is_newest &&
                str_is(v.calls.v[5].number, "A003"));
    assert_true(v.history.n == 2 && str_is(v.history.v[0].number, "A002"));
    assert_true(v.waits.n == 1 && v.waits.v[0].waiting == 1);
    v = board_of(t, "estate"); /* its own calls only */
    assert_int_equal(v.calls.n, 0);
    v = board_of(t, "moon"); /* never blank */
    assert_true(!v.is_known && v.waits.n == 3 && v.calls.n == 6 && says(v.message, "moon"));
}

/* Called and not come yet: on the board however many they are; who missed the call is history only. */
void test_display__whoever_is_called_stays_on_the_board(struct test *t)
{
    static const char *const places[] = {"01", "02", "03", "07", "08"};
    struct ticket_row missed;
    test_start_with(t, load_small_hall);
    for (int i = 0; i < 5; i++) {
        (void)take(t, "personal");
        open_at(t, 71 + i, places[i]);
        call(t, 71 + i);
        t->c->now += SECOND_MS;
    }
    for (int i = 0; i < 8; i++) { /* one desk goes on; the other four wait for their people */
        struct ticket_row done;
        act_as(t, 75);
        assert_int_equal(ticket_start(t->c, &done), E_OK);
        assert_int_equal(ticket_finish(t->c, &done), E_OK);
        (void)take(t, "personal");
        call(t, 75);
        t->c->now += SECOND_MS;
    }
    assert_int_equal(ticket_no_show(t->c, &missed), E_OK);
    struct board v = board_of(t, "all");
    int called = 0, came = 0;
    for (size_t i = 0; i < v.calls.n; i++) {
        called += str_is(v.calls.v[i].state, "called");
        came += str_is(v.calls.v[i].state, "finished");
        assert_false(str_is(v.calls.v[i].state, "no_show"));
    }
    assert_int_equal(called, 4);
    assert_true(came <= 6);
    assert_int_equal(v.calls.n + v.history.n, 13);
    assert_true(str_is(v.history.v[0].number, "A013") && str_is(v.history.v[0].state, "no_show"));
}

void test_display__a_window_says_what_it_does_and_why(struct test *t)
{
    struct ticket_row row;
    struct desk_row d;
    test_start_with(t, load_small_hall);
    struct desk_board v = desk_board_of(t, "1");
    assert_true(str_is(v.state, "closed") && says(v.next, "别的窗口"));
    open_at(t, 71, "01");
    assert_true(str_is(desk_board_of(t, "01").state, "free"));
    (void)take(t, "personal");
    call(t, 71);
    v = desk_board_of(t, "01");
    assert_true(str_is(v.state, "called") && str_is(v.number, "A001") && says(v.words, "A001"));
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    assert_true(str_is(desk_board_of(t, "01").state, "serving"));
    assert_int_equal(ticket_finish(t->c, &row), E_OK);
    assert_int_equal(desk_of_actor(t->c, &d), E_OK);
    assert_int_equal(desk_pause(t->c, d.id, d.code, STR("临时离开")), E_OK);
    v = desk_board_of(t, "01");
    assert_true(str_is(v.state, "paused") && says(v.words, "临时离开") && says(v.next, "仍然有效"));
    v = desk_board_of(t, "99");
    assert_true(str_is(v.state, "unknown") && says(v.words, "99") && v.desks.n == 8);
}

void test_display__the_overview_says_where_to_go(struct test *t)
{
    struct overview v = {0};
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    assert_int_equal(display_overview(t->c, &r, &v), E_OK);
    assert_int_equal(v.zones.n, 3);
    /* small_hall.h: personal 01 02 07 08 20 on floor 1, 03 27 on floor 2 */
    assert_true(says(v.zones.v[0].floors, "一楼 01–02, 07–08, 20 号窗口") &&
                says(v.zones.v[0].floors, "二楼 03, 27 号窗口"));
    assert_true(says(v.zones.v[2].floors, "还没有窗口"));
}

void test_display__a_hall_without_anything_says_so(struct test *t)
{
    struct overview v = {0};
    struct reply r = {.c = t->c};
    struct board b = board_of(t, "all");
    assert_true(b.wrong.n > 0 && b.calls.n == 0);
    assert_int_equal(display_overview(t->c, &r, &v), E_OK);
    assert_true(v.wrong.n > 0);
    assert_true(str_is(desk_board_of(t, "1").state, "unknown"));
}

/* --- messages --- */

static enum err write_one(struct test *t, struct message_wish_form f, struct board_message *v)
{
    struct reply r = {.c = t->c};
    *v = (struct board_message){0};
    return display_write(t->c, &f, &r, v);
}

void test_display__messages_come_in_their_time_urgent_first(struct test *t)
{
    struct board_message m, urgent;
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    /* 2026-03-02 09:00 */
    struct message_wish_form f = {.text = STR("今天下午停水"), .until_on = 20260302};
    assert_int_equal(write_one(t, f, &m), E_OK);
    f = (struct message_wish_form){.text = STR("二楼请走东侧楼梯"),
                                   .zone = STR("business"),
                                   .urgent = true,
                                   .from_on = 20260302,
                                   .from_time = STR("10:00"),
                                   .until_on = 20260302,
                                   .until_time = STR("12:00")};
    assert_int_equal(write_one(t, f, &urgent), E_OK);
    struct board v = board_of(t, "business");
    assert_true(v.urgent.n == 0 && v.messages.n == 1 && says(v.message, "停水"));
    t->c->now += HOUR_MS;
    v = board_of(t, "business");
    assert_true(v.urgent.n == 1 && v.messages.n == 1 && says(v.message, "东侧楼梯"));
    assert_true(board_of(t, "personal").urgent.n == 0);
    assert_int_equal(desk_board_of(t, "33").urgent.n, 1); /* urgent ones over the window too */
    assert_int_equal(desk_board_of(t, "01").urgent.n, 0);
    t->c->now += 2 * HOUR_MS;
    assert_int_equal(board_of(t, "business").urgent.n, 0);
    struct message_choice_form end = {.id = m.id};
    assert_int_equal(display_end(t->c, &end, &r, &m), E_OK);
    assert_int_equal(board_of(t, "business").messages.n, 0);
}

void test_display__a_message_without_sense_is_refused(struct test *t)
{
    struct board_message m;
    test_start_with(t, load_small_hall);
    struct message_wish_form f = {.text = STR("  "), .until_on = 20260302};
    assert_int_equal(write_one(t, f, &m), E_MESSAGE_EMPTY);
    f.text = STR("停水");
    f.until_on = 20260301;
    assert_int_equal(write_one(t, f, &m), E_MESSAGE_TIMES);
    f.until_on = 20260302;
    f.until_time = STR("25:00");
    assert_int_equal(write_one(t, f, &m), E_MESSAGE_TIME);
    f.until_time = STR("18:00");
    f.zone = STR("moon");
    assert_int_equal(write_one(t, f, &m), E_NO_SUCH_ZONE);
    f.zone = STR("");
    f.picture = (struct upload){STR("picture"), STR("x.png"), STR("<svg xmlns='…'>")};
    assert_int_equal(write_one(t, f, &m), E_PICTURE_BROKEN);
}

/* A picture: signature, IHDR 120 x 100, an empty IDAT, IEND; the CRCs were computed
 * with Python's zlib.crc32. */
static const char png[] = "\x89PNG\r\n\x1a\n"
                          "\0\0\0\rIHDR\0\0\0\x78\0\0\0\x64\x08\x02\0\0\0"
                          "\xc2\x12\x63\x65"
                          "\0\0\0\0IDAT\x35\xaf\x06\x1e"
                          "\0\0\0\0IEND\xae\x42\x60\x82";

void test_display__a_picture_is_what_its_bytes_say(struct test *t)
{
    struct str whole = {png, sizeof(png) - 1};
    struct picture p = picture_look(whole);
    assert_true(p.content_type != NULL && strcmp(p.content_type, "image/png") == 0);
    assert_true(p.width == 120 && p.height == 100);
    for (size_t n = 0; n < whole.n; n++) /* cut anywhere */
        assert_null(picture_look((struct str){png, n}).content_type);
    char *p2 = arena_alloc(t->arena, whole.n + 1);
    memcpy(p2, png, whole.n);
    p2[whole.n] = 'x'; /* something behind the end */
    assert_null(picture_look((struct str){p2, whole.n + 1}).content_type);
    p2[20] ^= 1; /* a byte changed: the CRC no longer holds */
    assert_null(picture_look((struct str){p2, whole.n}).content_type);
    /* JPEG: SOI, SOF0 of 100 x 120, SOS with a scan of three bytes (one stuffed), EOI. */
    static const char jpeg[] = "\xff\xd8\xff\xc0\0\x0b\x08\0\x64\0\x78\x01\x01\x11\0"
                               "\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\x34\xff\xd9";
    p = picture_look((struct str){jpeg, sizeof(jpeg) - 1});
    assert_true(p.content_type != NULL && p.width == 120 && p.height == 100);
    for (size_t n = 0; n + 1 < sizeof(jpeg); n++)
        assert_null(picture_look((struct str){jpeg, n}).content_type);
    assert_null(picture_look(STR("GIF89a......................")).content_type);
}
