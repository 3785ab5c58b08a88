/* Tidal windows: what must hold in any hall, and one hall told by hand. */
#include "tide.h"

#include "clock.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

#define DESKS_MOST 12
#define LINES_MOST 8

static uint64_t chance;
static unsigned pick(unsigned n)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chance >> 33) % n;
}

struct random_hall {
    struct tide_line lines[LINES_MOST];
    struct tide_desk desks[DESKS_MOST];
    int64_t served[DESKS_MOST][LINES_MOST];
    size_t line_count, desk_count;
};

static const struct tide_rules rules = {20 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS};
#define NOW (1000 * MINUTE_MS)

static void make_hall(struct random_hall *h)
{
    *h = (struct random_hall){.line_count = 1 + pick(LINES_MOST),
                              .desk_count = 1 + pick(DESKS_MOST)};
    for (size_t i = 0; i < h->line_count; i++)
        h->lines[i] = (struct tide_line){.id = (int64_t)i + 1,
                                         .waiting = pick(3) == 0 ? 0 : pick(30),
                                         .service_ms = (1 + (int64_t)pick(12)) * MINUTE_MS,
                                         .is_own = pick(5) == 0};
    for (size_t i = 0; i < h->desk_count; i++) {
        struct tide_desk *d = &h->desks[i];
        *d = (struct tide_desk){.code = STR("x"),
                                .is_open = pick(2) == 0,
                                .since = NOW - pick(60) * MINUTE_MS,
                                .lines = h->served[i]};
        d->is_busy = d->is_open && pick(3) == 0;
        d->is_away = !d->is_open && pick(6) == 0;
        for (size_t k = 0; k < h->line_count; k++)
            if (pick(3) == 0)
                h->served[i][d->line_count++] = h->lines[k].id;
    }
}

static bool serves(const struct tide_desk *d, int64_t line)
{
    for (size_t i = 0; i < d->line_count; i++)
        if (d->lines[i] == line)
            return true;
    return false;
}

static int64_t open_for(const struct random_hall *h, int64_t line)
{
    int64_t n = 0;
    for (size_t i = 0; i < h->desk_count; i++)
        n += h->desks[i].is_open && serves(&h->desks[i], line);
    return n;
}

/* Does as proposed. */
static void follow(struct random_hall *h, const struct tide_move *m, int64_t now)
{
    if (m->from >= 0) {
        h->desks[m->from].is_open = false;
        h->desks[m->from].since = now;
    }
    if (m->to >= 0) {
        h->desks[m->to].is_open = true;
        h->desks[m->to].since = now;
    }
}

/* In 20,000 halls: a window that leaves is open, free and rested, and each line with people waiting keeps one; a window that is
 * opened was closed, and somebody waits for it. */
void test_tide__nobody_is_left_without_a_window(struct test *t)
{
    struct random_hall h;
    struct tide_move moves[TIDE_MOST];
    int proposed[TIDE_KIND_COUNT] = {0};
    chance = 7;
    for (int n = 0; n < 20000; n++) {
        make_hall(&h);
        size_t count = tide_propose(t->arena, h.lines, h.line_count, h.desks, h.desk_count, NOW,
                                    &rules, moves);
        for (size_t i = 0; i < count; i++) {
            const struct tide_move *m = &moves[i];
            proposed[m->kind]++;
            if (m->from >= 0) {
                const struct tide_desk *d = &h.desks[m->from];
                assert_true(d->is_open && !d->is_busy && NOW - d->since >= rules.rest_ms);
                for (size_t k = 0; k < h.line_count; k++)
                    if (serves(d, h.lines[k].id) && h.lines[k].waiting > 0)
                        assert_true(open_for(&h, h.lines[k].id) > 1);
            }
            if (m->to >= 0) {
                assert_true(!h.desks[m->to].is_open && !h.desks[m->to].is_away);
                assert_true(m->waiting > 0);
            }
            follow(&h, m, NOW);
        }
    }
    for (int k = 0; k < TIDE_KIND_COUNT; k++)
        assert_true(proposed[k] > 100); /* the test has seen each of them often */
}

/* Nobody comes and nobody goes: followed as often as one likes, it comes to rest, a window that was left is never opened again
 * however long one waits between, and none moves twice within its rest. (One that was opened may be spared in the end, when
 * others that were opened for another line serve its people too.) */
void test_tide__what_was_done_is_not_undone(struct test *t)
{
    struct random_hall h;
    struct tide_move moves[TIDE_MOST];
    chance = 11;
    for (int n = 0; n < 5000; n++) {
        bool was_left[DESKS_MOST] = {false};
        int64_t now = NOW;
        size_t count = 1;
        make_hall(&h);
        for (int turn = 0; turn < 40 && count > 0; turn++) {
            count = tide_propose(t->arena, h.lines, h.line_count, h.desks, h.desk_count, now,
                                 &rules, moves);
            for (size_t i = 0; i < count; i++) {
                if (moves[i].from >= 0) {
                    assert_true(now - h.desks[moves[i].from].since >= rules.rest_ms);
                    was_left[moves[i].from] = true;
                }
                if (moves[i].to >= 0)
                    assert_false(was_left[moves[i].to]);
                follow(&h, &moves[i], now);
            }
            now += HOUR_MS;
        }
        assert_int_equal(count, 0);
    }
}

static void act_as(struct test *t, int64_t id)
{
    t->c->actor.id = id;
    t->c->actor.kind = ACTOR_STAFF;
    t->c->actor.name = str_fmt(t->arena, "窗口%lld", (long long)id);
}

static void take(struct test *t, const char *zone_code, int n)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = STR(""),
                                 .zone = str_of(zone_code),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1};
    for (int i = 0; i < n; i++)
        assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
}

/* 20 people for business and no window there; 01 and 02 are open for personal affairs where nobody waits: one of them
 * is asked to change to a window for business (08 or 33, small_hall.h). */
void test_tide__a_free_window_is_asked_to_change(struct test *t)
{
    struct desk_row d;
    struct tide_line_view_list now;
    struct tide_line_view done, *mine;
    struct reply r = {.c = t->c};
    test_start_with(t, load_small_hall);
    for (int i = 0; i < 4; i++) {
        static const char *const places[] = {"01", "02", "03", "07"};
        act_as(t, 71 + i);
        assert_int_equal(desk_open(t->c, str_of(places[i]), &d), E_OK);
    }
    assert_int_equal(tide_of_hall(t->c, &now), E_OK);
    assert_int_equal(now.n, 0); /* they have just been opened */
    t->c->now += 20 * MINUTE_MS;
    take(t, "business", 20);
    assert_int_equal(tide_of_hall(t->c, &now), E_OK);
    assert_true(now.n > 0 && str_is(now.v[0].kind, "switch"));
    assert_true(str_is(now.v[0].to, "08") || str_is(now.v[0].to, "33"));
    assert_true(str_find(now.v[0].reason, STR("20 人在等")) >= 0);
    struct tide_choice_form f = {.kind = TIDE_CHOICE_KIND_SWITCH,
                                 .from = now.v[0].from,
                                 .to = now.v[0].to};
    assert_int_equal(tide_accept(t->c, &f, &r, &done), E_OK);
    for (int i = 0; i < 4; i++) { /* the clerk concerned sees it, and nobody else */
        act_as(t, 71 + i);
        assert_int_equal(desk_of_actor(t->c, &d), E_OK);
        assert_int_equal(tide_for_clerk(t->c, &mine), E_OK);
        assert_true((mine != NULL) == str_eq(d.code, done.from));
        if (mine != NULL)
            assert_int_equal(desk_open(t->c, done.to, &d), E_OK);
    }
    f.to = STR("27");
    assert_int_equal(tide_accept(t->c, &f, &r, &done), E_TIDE_OVER);
    t->c->now += 31 * MINUTE_MS;
    act_as(t, 71);
    assert_int_equal(tide_for_clerk(t->c, &mine), E_OK);
    assert_null(mine);
}
