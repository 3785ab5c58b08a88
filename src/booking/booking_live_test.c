/* A slot overbooked must never happen (issue 4, part 5): a thousand people at once for the last places
 * through the lanes, as the server does; and whatever is done in whatever order, the counters are what
 * a count finds. The short form has 200 people. */
#include <pthread.h>
#include <stdlib.h>

#include "booking.h"
#include "booking_wait.h"
#include "small_hall.h"
#include "test.h"

#define HANDS    16
#define PLACES   7
#define TUESDAY  20260303
#define THE_SLOT 540

struct rush {
    struct test *t;
    int people;
    _Atomic int next, booked, full, other;
};

static enum err morning(struct ctx *c, int64_t places, int64_t helped)
{
    TRY(calendar_year_put(c, 2026));
    return booking_series_add(c, c->center_id, new_id(c), STR(""), STR("上午"), STR("ordinary"),
                              0x1f, 101, 1231, 20200101, 0, THE_SLOT, 720, 30, places, helped,
                              STR(""));
}

static enum err hall_with_places(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(small_hall(c, NULL));
    return morning(c, PLACES, 0);
}

static enum err want_it(struct ctx *c, void *arg)
{
    const int *person = arg;
    struct purpose p;
    struct booking_row b;
    c->actor = (struct actor){.kind = ACTOR_VISITOR};
    struct booking_person who = {STR("张三"), str_fmt(c->arena, "138%08d", *person)};
    TRY(booking_settle(c));
    TRY(purpose_read(c, STR(""), STR("personal"), 1, &p));
    TRY(booking_hold(c, &p, (struct booking_when){TUESDAY, THE_SLOT}, BOOKING_OPEN,
                     c->now + 10 * MINUTE_MS, 0, &b));
    return booking_confirm(c, &b, &who);
}

static void *run_people(void *arg)
{
    struct rush *k = arg;
    for (int person; (person = k->next++) < k->people;) {
        struct arena *a = arena_new((size_t)16 << 20);
        struct ctx *c = test_new_ctx(k->t, a);
        c->arena = a;
        enum err e = store_act(k->t->store, c, want_it, &person);
        *(e == E_OK ? &k->booked : e == E_BOOKING_FULL ? &k->full : &k->other) += 1;
        arena_free(a);
    }
    return NULL;
}

struct found {
    int64_t taken;
    size_t booked, wrong;
};

static enum err look(struct ctx *c, void *arg)
{
    struct found *f = arg;
    struct booking_slots_rows slots;
    struct bookings_of_day_rows day;
    struct booking_slot_differences_rows wrong;
    TRY(booking_slots(c, c->center_id, STR("personal"), TUESDAY, TUESDAY, &slots));
    TRY(bookings_of_day(c, c->center_id, TUESDAY, &day));
    TRY(booking_slot_differences(c, c->center_id, &wrong));
    f->taken = slots.n == 1 ? slots.v[0].taken : -1;
    f->booked = day.n;
    f->wrong = wrong.n;
    return E_OK;
}

void test_live_booking__the_last_places_go_to_as_many_as_there_are(struct test *t)
{
    struct rush k = {.t = t, .people = test_is_long() ? 1000 : 200};
    struct found f = {0};
    pthread_t hands[HANDS];
    assert_int_equal(store_act(t->store, t->c, hall_with_places, NULL), E_OK);
    for (int i = 0; i < HANDS; i++)
        assert_int_equal(pthread_create(&hands[i], NULL, run_people, &k), 0);
    for (int i = 0; i < HANDS; i++)
        pthread_join(hands[i], NULL);
    assert_int_equal(k.other, 0);
    assert_int_equal(k.booked, PLACES);
    assert_int_equal(k.full, k.people - PLACES);
    assert_int_equal(store_act(t->store, t->c, look, &f), E_OK);
    assert_int_equal(f.taken, PLACES);
    assert_int_equal(f.booked, PLACES);
    assert_int_equal(f.wrong, 0);
}

static uint64_t seed = 41;
static int roll(int n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)(seed >> 33) % n;
}

static struct booking_when any_time(void)
{
    return (struct booking_when){TUESDAY + roll(3), THE_SLOT + 30 * roll(6)};
}

struct step {
    struct booking_row *b;
    int64_t now;
    size_t wrong; /* counters that differ from a count, afterwards */
};

/* One act as the lane runs it: what it did is taken back when it is refused. The dice fall in an order of their
 * own, whatever order a compiler gives to arguments. */
static enum err some_act(struct ctx *c, void *arg)
{
    struct step *s = arg;
    int what = roll(8), minutes = 15 + 15 * roll(4), later = roll(20);
    struct purpose p = {.zone = STR("personal"), .people = 1, .minutes = minutes};
    struct booking_person who = {STR("张三"), str_fmt(c->arena, "138%08d", roll(1000000))};
    struct booking_when when = any_time();
    enum booking_class class = (enum booking_class)roll(2);
    c->now = s->now;
    c->actor = (struct actor){.kind = ACTOR_VISITOR};
    switch (what) {
    case 0:
    case 1:
    case 2:
        return booking_hold(c, &p, when, class, c->now + later / 2 * MINUTE_MS, 0, s->b);
    case 3:
    case 4:
        return booking_confirm(c, s->b, &who);
    case 5:
        return booking_move(c, s->b, when);
    case 6:
        return booking_cancel(c, s->b);
    default:
        s->now += later * MINUTE_MS;
        c->now = s->now;
        return booking_settle(c);
    }
}

static enum err see(struct ctx *c, void *arg)
{
    struct step *s = arg;
    struct booking_slot_differences_rows wrong;
    TRY(booking_slot_differences(c, c->center_id, &wrong));
    s->wrong = wrong.n;
    if (s->b->id == 0)
        s->b->state = BOOKING_LAPSED;
    return s->b->id == 0 ? E_OK : booking_by_its_token(c, s->b->token, s->b);
}

static enum err hall_with_a_morning(struct ctx *c, void *arg)
{
    TRY(small_hall(c, arg));
    return morning(c, 3, 1);
}

void test_live_booking__counters_stay_true_whatever_happens(struct test *t)
{
    struct booking_row b[20] = {0};
    struct step s = {.now = t->c->now};
    int done = 0;
    test_tolerates_errors(t);
    assert_int_equal(store_act(t->store, t->c, hall_with_a_morning, NULL), E_OK);
    for (int i = 0; i < 600; i++) {
        s.b = &b[roll(20)];
        assert_int_equal(store_act(t->store, t->c, see, &s), E_OK);
        struct booking_row before = *s.b;
        enum err e = store_act(t->store, t->c, some_act, &s);
        assert_true(err_table[e].status < 500);
        if (e == E_OK)
            done++;
        else
            *s.b = before;
        assert_int_equal(store_act(t->store, t->c, see, &s), E_OK);
        assert_int_equal(s.wrong, 0);
    }
    assert_in_range(done, 100, 600); /* enough of the acts were lawful to mean something */
}
