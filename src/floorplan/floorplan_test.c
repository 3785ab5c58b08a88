/* The plan drawn and the plan read again from the journal. */
#include "floorplan.h"

#include "clock.h"
#include "csv.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

static struct str as_json(struct test *t, const struct hall_now *h)
{
    struct plan v = {0};
    struct buf b;
    struct json j;
    assert_int_equal(plan_draw(t->c, h, &v), E_OK);
    buf_init(&b, t->arena, (size_t)1 << 20);
    json_init(&j, &b, t->c->zone_minutes);
    json_plan(&j, &v);
    assert_false(buf_overflowed(&b));
    return buf_as_str(&b);
}

static struct str live(struct test *t)
{
    struct hall_now h;
    assert_int_equal(hall_now_live(t->c, &h), E_OK);
    return as_json(t, &h);
}

static struct str past(struct test *t, int64_t at)
{
    struct hall_now h;
    assert_int_equal(hall_now_past(t->c, at, &h), E_OK);
    return as_json(t, &h);
}

/* --- a generated day --- */

static uint64_t chance;
static unsigned pick(unsigned n)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chance >> 33) % n;
}

static const char *const desk_codes[] = {"01", "02", "03", "07", "08", "27", "33"};
#define CLERKS     (sizeof(desk_codes) / sizeof(*desk_codes))
#define TAKEN_MOST 400

struct day {
    struct ticket_row taken[TAKEN_MOST];
    size_t count;
};

static void act_as(struct test *t, unsigned clerk)
{
    t->c->actor.id = 71 + (int64_t)clerk;
    t->c->actor.kind = ACTOR_STAFF;
    t->c->actor.name = str_fmt(t->arena, "窗口%u", clerk);
}

static enum err take(struct test *t, struct day *d)
{
    static const char *const zone_codes[] = {"personal", "personal", "business", "estate"};
    struct ticket_wish_form f = {.item = STR(""),
                                 .zone = str_of(zone_codes[pick(4)]),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1};
    if (d->count == TAKEN_MOST)
        return E_OK;
    TRY(ticket_issue(t->c, &f, &d->taken[d->count]));
    d->count++;
    return E_OK;
}

static enum err move_desk(struct test *t, unsigned clerk, unsigned how)
{
    struct desk_row d;
    struct ticket_row *there;
    if (how == 0)
        return desk_open(t->c, str_of(desk_codes[clerk]), &d);
    TRY(desk_of_actor(t->c, &d));
    if (how == 1)
        return desk_pause(t->c, d.id, d.code, STR("临时离开"));
    if (how == 2)
        return desk_resume(t->c, d.id, d.code);
    TRY(ticket_of_desk(t->c, t->c->center_id, d.id, &there));
    return there != NULL ? E_OK : desk_close(t->c, d.id, d.code);
}

static enum err serve(struct test *t, unsigned how)
{
    struct ticket_row row, *next;
    static const char *const zone_codes[] = {"personal", "business"};
    struct transfer_to_form f = {.item = STR(""), .desk = STR(""), .zone = STR("")};
    switch (how) {
    case 0:
    case 1:
    case 2:
        return ticket_call_next(t->c, &next);
    case 3:
        return ticket_recall(t->c, &row);
    case 4:
        return ticket_no_show(t->c, &row);
    case 5:
        return ticket_undo_no_show(t->c, &row);
    case 6:
        return ticket_park(t->c, STR("去补材料"), &row);
    case 7:
        return ticket_unpark(t->c, STR(""), &row);
    case 8:
        if (pick(2) == 0)
            f.zone = str_of(zone_codes[pick(2)]);
        else
            f.desk = str_of(desk_codes[pick(CLERKS)]);
        return ticket_transfer(t->c, &f, &row);
    case 9:
    case 10:
        return ticket_finish(t->c, &row);
    default:
        return ticket_start(t->c, &row);
    }
}

static enum err visitor(struct test *t, struct day *d)
{
    struct ticket_row row;
    if (d->count == 0)
        return E_OK;
    TRY(ticket_by_its_token(t->c, d->taken[pick((unsigned)d->count)].token, &row));
    return pick(2) == 0 ? ticket_cancel(t->c, &row) : ticket_rejoin(t->c, &row);
}

static enum err alarm_act(struct test *t)
{
    struct alarm_line_list open;
    struct alarm_line v;
    struct reply r = {.c = t->c};
    TRY(alarms_open(t->c, &open));
    if (open.n == 0 || pick(3) == 0)
        return alarm_raise(t->c, &r, &v);
    struct alarm_choice_form f = {.id = open.v[pick((unsigned)open.n)].id};
    struct alarm_note_form end = {.id = f.id, .note = STR("")};
    return pick(2) == 0 ? alarm_answer(t->c, &f, &r, &v) : alarm_end(t->c, &end, &r, &v);
}

static void something_happens(struct test *t, struct day *d)
{
    unsigned what = pick(20), clerk = pick(CLERKS);
    enum err e;
    act_as(t, clerk);
    if (what < 5)
        e = take(t, d);
    else if (what < 8)
        e = move_desk(t, clerk, what == 5 ? pick(4) : 0);
    else if (what < 18)
        e = serve(t, pick(16));
    else
        e = what == 18 ? visitor(t, d) : alarm_act(t);
    (void)e; /* many are refused: that is a day too */
}

static void compare(struct test *t, const int64_t *minutes, const struct str *recorded, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str again = past(t, minutes[i]);
        if (!str_eq(again, recorded[i]))
            fail_msg("minute %zu:\n live %.*s\n past %.*s", i, STR_ARG(recorded[i]),
                     STR_ARG(again));
    }
}

/* A live test only because it is long: with --faults each of its thousands of calls would fail in turn. */
void test_live_floorplan__any_past_minute_is_what_was_live_then(struct test *t)
{
    enum { MINUTES = 150 };
    struct day *d = ARENA_NEW(t->arena, struct day);
    int64_t minutes[MINUTES];
    struct str recorded[MINUTES];
    assert_int_equal(store_hold(t->store, t->c), E_OK);
    assert_int_equal(small_hall(t->c, NULL), E_OK);
    chance = 20260302;
    int64_t nine = t->c->now / MINUTE_MS * MINUTE_MS;
    for (size_t m = 0; m < MINUTES; m++) {
        int64_t night = m >= 120 ? 15 * HOUR_MS : 0; /* the last half hour is the next day */
        for (int i = 1; i < 6; i++) {
            t->c->now = nine + night + (int64_t)m * MINUTE_MS + i * 10 * SECOND_MS;
            something_happens(t, d);
        }
        if (m == 122)
            assert_int_equal(ticket_close_day_job(t->c), E_OK);
        t->c->now = nine + night + (int64_t)(m + 1) * MINUTE_MS;
        minutes[m] = t->c->now;
        recorded[m] = live(t);
        t->c->now += 6 * SECOND_MS;
        if (m % 5 == 0)
            assert_int_equal(floorplan_keep(t->c), E_OK);
    }
    assert_true(d->count > 60);
    compare(t, minutes, recorded, MINUTES); /* from what was kept on */
    struct plan_kept_before_row *kept;
    assert_int_equal(plan_kept_before(t->c, t->c->center_id, INT64_MAX, &kept), E_OK);
    assert_non_null(kept);
    assert_int_equal(plan_kept_thin(t->c, t->c->center_id, INT64_MAX), E_OK);
    compare(t, minutes, recorded, MINUTES); /* and from the first entry of the journal */
    assert_int_equal(store_let_go(t->c, false), E_OK);
}

/* --- the drawing --- */

static struct plan drawn(struct test *t)
{
    struct plan v = {0};
    struct hall_now h;
    assert_int_equal(hall_now_live(t->c, &h), E_OK);
    assert_int_equal(plan_draw(t->c, &h, &v), E_OK);
    return v;
}

static bool overlap(const struct plan_desk *a, int64_t x, int64_t y, int64_t w, int64_t h)
{
    return a->x < x + w && x < a->x + a->w && a->y < y + h && y < a->y + a->h;
}

static void check_tidy(const struct plan *v)
{
    for (size_t f = 0; f < v->floors.n; f++) {
        const struct plan_floor *level = &v->floors.v[f];
        for (size_t i = 0; i < level->desks.n; i++) {
            const struct plan_desk *d = &level->desks.v[i];
            assert_true(d->x >= 0 && d->y >= 0 && d->x + d->w <= level->width &&
                        d->y + d->h <= level->height);
            for (size_t k = 0; k < i; k++)
                assert_false(overlap(d, level->desks.v[k].x, level->desks.v[k].y,
                                     level->desks.v[k].w, level->desks.v[k].h));
            for (size_t k = 0; k < level->zones.n; k++)
                assert_false(overlap(d, level->zones.v[k].x, level->zones.v[k].y,
                                     level->zones.v[k].w, level->zones.v[k].h));
        }
    }
}

void test_floorplan__a_hall_without_positions_is_laid_out(struct test *t)
{
    test_start_with(t, load_small_hall);
    struct plan v = drawn(t);
    assert_int_equal(v.floors.n, 2);
    assert_int_equal(v.floors.v[0].desks.n, 5); /* 01 02 07 08 20 */
    assert_int_equal(v.floors.v[1].desks.n, 3); /* 03 27 33 */
    check_tidy(&v);
    assert_int_equal(v.closed, 8);
    /* One window has a position: it is there, the others stand in rows below it. */
    assert_int_equal(place_put(t->c, t->c->center_id, 1, STR("desk"), STR("07"), STR(""), STR(""),
                               STR(""), 500, 40, 90, 90),
                     E_OK);
    v = drawn(t);
    assert_true(str_is(v.floors.v[0].desks.v[0].code, "07") && v.floors.v[0].desks.v[0].x == 500);
    check_tidy(&v);
}

void test_floorplan__a_window_says_what_it_does(struct test *t)
{
    struct day *d = ARENA_NEW(t->arena, struct day);
    struct desk_row desk;
    struct ticket_row *row, started;
    test_start_with(t, load_small_hall);
    act_as(t, 0);
    assert_int_equal(desk_open(t->c, STR("01"), &desk), E_OK);
    assert_int_equal(drawn(t).free, 1);
    chance = 1;
    for (int i = 0; i < 60; i++)
        assert_int_equal(take(t, d), E_OK);
    assert_int_equal(ticket_call_next(t->c, &row), E_OK);
    assert_int_equal(ticket_start(t->c, &started), E_OK);
    struct plan v = drawn(t);
    const struct plan_desk *shown = &v.floors.v[0].desks.v[0];
    assert_true(str_is(shown->code, "01") && str_is(shown->state, "serving") &&
                shown->number.n == 4 && shown->since == t->c->now && v.waiting == 59);
    for (size_t i = 0; i < v.floors.v[0].zones.n; i++) { /* no more dots than fit; none is lost */
        const struct plan_zone *z = &v.floors.v[0].zones.v[i];
        for (size_t k = 0; k < z->dots.n; k++)
            assert_true(z->dots.v[k].x < z->x + z->w && z->dots.v[k].y < z->y + z->h);
        int64_t more = 0;
        if (z->more.n > 0)
            assert_true(str_to_int((struct str){z->more.p + 1, z->more.n - 1}, &more));
        assert_int_equal((int64_t)z->dots.n + more, z->waiting);
    }
    assert_int_equal(desk_pause(t->c, desk.id, desk.code, STR("临时离开")), E_OK);
    assert_int_equal(ticket_finish(t->c, &started), E_OK);
    v = drawn(t);
    shown = &v.floors.v[0].desks.v[0];
    assert_true(str_is(shown->state, "paused") && str_is(shown->reason, "临时离开"));
}

void test_floorplan__before_the_first_entry_the_hall_is_closed(struct test *t)
{
    struct plan v = {0};
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    struct past_minute_form f = {.on = 20200101, .time = STR("09:30"), .minute = -1};
    assert_int_equal(floors_past(t->c, &f, &r, &v), E_OK);
    assert_true(v.is_past && v.closed == 8 && v.waiting == 0 && v.minute == 570);
    f = (struct past_minute_form){.on = 20260302, .time = STR(""), .minute = 1439};
    v = (struct plan){0};
    assert_int_equal(floors_past(t->c, &f, &r, &v), E_OK);
    assert_true(v.wrong.n > 0 && v.minute == 540); /* not come yet: the latest minute, in words */
    f.time = STR("25:00");
    assert_int_equal(floors_past(t->c, &f, &r, &v), E_NO_SUCH_MINUTE);
}

void test_floorplan__what_was_kept_but_is_broken_is_read_anew(struct test *t)
{
    struct day *d = ARENA_NEW(t->arena, struct day);
    test_start_with(t, load_small_hall);
    chance = 3;
    assert_int_equal(take(t, d), E_OK);
    struct str now = live(t);
    assert_int_equal(plan_kept_put(t->c, t->c->center_id, t->c->now - 1, 1, STR("{\"tick")), E_OK);
    assert_true(str_eq(past(t, t->c->now), now));
}

static size_t import(struct test *t, const char *rows)
{
    struct table_in in;
    assert_true(
        table_open(&in, t->arena,
                   str_fmt(t->arena, "floor,kind,code,name,name_en,words,x,y,w,h\n%s", rows)));
    assert_int_equal(places_import(t->c, &in), E_OK);
    return in.fault_count;
}

void test_floorplan__a_table_of_places_tells_all_its_faults(struct test *t)
{
    struct places_rows all;
    test_start_with(t, load_small_hall);
    assert_int_equal(import(t, "1,desk,99,,,,0,0,80,70\n1,zone,moon,,,,0,0,80,70\n"
                               "1,stairs,s,,,,0,0,80,70\n"),
                     3);
    assert_int_equal(import(t, "1,desk,01,,,,0,0,80,70\n2,stairs,s,楼梯,Stairs,上楼,10,10,80,70\n"),
                     0);
    assert_int_equal(places(t->c, t->c->center_id, &all), E_OK);
    assert_int_equal(all.n, 2);
}
