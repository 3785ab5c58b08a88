/* What must never happen (issue 2, section 5), tried by many threads at once through the lanes, as
 * the server does: two desks with one ticket, two tickets with one number. The long form
 * (OW_TEST_LONG=1) has 100,000 tickets. */
#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "journal.h"
#include "services.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

#define CLERKS  64
#define ISSUERS 16

struct crowd {
    struct test *t;
    int tickets;         /* to issue in all */
    _Atomic int started; /* issued by whom it may concern */
    _Atomic int refused; /* acts that failed for another reason than conflicts */
    int64_t *calls;      /* ticket id of each call, by clerk */
    _Atomic int call_count;
};

struct hand {
    struct crowd *crowd;
    int number;
    struct ctx *c;
    struct ticket_row row;
    bool found;
};

/* 64 windows of one zone, and a clerk at each. */
static enum err big_hall(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(small_hall(c, NULL));
    for (int i = 0; i < CLERKS; i++) {
        struct desk_row d;
        struct str code = str_fmt(c->arena, "W%02d", i);
        bool step_free = i % 2 == 0;
        TRY(desk_put(c, c->center_id, new_id(c), code, code, code, step_free ? 1 : 2, 2,
                     STR("comprehensive"), step_free, false, STR("zone:business"), c->now));
        c->actor.id = 1000 + i;
        c->actor.name = code;
        if (i == CLERKS - 1)
            TRY(lines_rebuild(c));
        TRY(desk_open(c, code, &d));
    }
    return lines_rebuild(c);
}

static enum err issue_one(struct ctx *c, void *arg)
{
    struct hand *h = arg;
    static char no_stairs[] = "no_stairs";
    struct str need = str_of(no_stairs);
    struct ticket_wish_form f = {.item = h->number % 3 == 0 ? STR(ITEM_COMPANY) : STR(""),
                                 .zone = STR("business"),
                                 .channel = CHANNEL_KIOSK,
                                 .priority = -1,
                                 .needs = {&need, h->number % 4 == 0 ? 1 : 0}};
    return ticket_issue(c, &f, &h->row);
}

static struct ctx *own_ctx(struct hand *h)
{
    struct arena *a = arena_new((size_t)64 << 20);
    struct ctx *c = arena_alloc(a, sizeof(*c));
    *c = *h->crowd->t->c;
    c->arena = a;
    c->txn = NULL;
    return c;
}

static void *issuer(void *arg)
{
    struct hand *h = arg;
    struct crowd *k = h->crowd;
    while (k->started++ < k->tickets) {
        h->c = own_ctx(h);
        if (store_act(k->t->store, h->c, issue_one, h) != E_OK)
            k->refused++;
        arena_free(h->c->arena);
    }
    return NULL;
}

static enum err call_one(struct ctx *c, void *arg)
{
    struct hand *h = arg;
    struct ticket_row *t, r;
    c->actor.id = 1000 + h->number;
    TRY(ticket_call_next(c, &t));
    h->found = t != NULL;
    if (t == NULL)
        return E_OK;
    h->row = *t;
    TRY(ticket_start(c, &r));
    return ticket_finish(c, &r);
}

static void *clerk(void *arg)
{
    struct hand *h = arg;
    struct crowd *k = h->crowd;
    do {
        h->c = own_ctx(h);
        h->found = false;
        enum err e = store_act(k->t->store, h->c, call_one, h);
        if (e != E_OK)
            k->refused++;
        else if (h->found)
            k->calls[k->call_count++] = h->row.id;
        arena_free(h->c->arena);
        if (e != E_OK)
            break;
    } while (h->found);
    return NULL;
}

static void all_hands(struct crowd *k, int count, void *(*run)(void *))
{
    pthread_t threads[CLERKS];
    struct hand *hands = ARENA_ARRAY(k->t->arena, struct hand, (size_t)count);
    for (int i = 0; i < count; i++) {
        hands[i] = (struct hand){.crowd = k, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, run, &hands[i]), 0);
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static int id_cmp(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static enum err check_counts(struct ctx *c, void *arg)
{
    struct crowd *k = arg;
    struct queue_differences_rows wrong;
    struct ticket_number_next_row number;
    TRY(queue_differences(c, c->center_id, &wrong));
    if (wrong.n > 0)
        return E_BAD_STATE;
    TRY(ticket_number_next(c, c->center_id, 2, today(c), &number));
    return number.last == k->tickets + 1 ? E_OK : E_CONFLICT; /* none given twice, none left out */
}

void test_live_ticket__64_clerks_at_once_never_share_a_ticket(struct test *t)
{
    struct crowd k = {.t = t, .tickets = test_is_long() ? 100000 : 2000};
    assert_int_equal(store_act(t->store, t->c, big_hall, NULL), E_OK);
    all_hands(&k, ISSUERS, issuer);
    assert_int_equal(k.refused, 0);
    assert_int_equal(store_act(t->store, t->c, check_counts, &k), E_OK);
    k.calls = ARENA_ARRAY(t->arena, int64_t, (size_t)k.tickets + CLERKS);
    all_hands(&k, CLERKS, clerk);
    assert_int_equal(k.refused, 0);
    assert_int_equal(k.call_count, k.tickets); /* everybody was called … */
    qsort(k.calls, (size_t)k.call_count, sizeof(*k.calls), id_cmp);
    for (int i = 1; i < k.call_count; i++)
        assert_true(k.calls[i - 1] != k.calls[i]); /* … and nobody twice */
}

/* --- any acts in any order --- */

static uint64_t seed = 64;

static int roll(int below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)below);
}

static enum err some_act(struct ctx *c, struct hand *h)
{
    static const char *const zones[] = {"personal", "business"};
    static const char *const codes[] = {"01", "02", "07", "33", "20"};
    struct ticket_row *called, r;
    struct transfer_to_form to = {.zone = str_of(zones[roll(2)])};
    if (roll(3) == 0)
        to = (struct transfer_to_form){.desk = str_of(codes[roll(5)])};
    switch (roll(12)) {
    case 0:
        return ticket_start(c, &r);
    case 1:
        return ticket_finish(c, &r);
    case 2:
        return ticket_no_show(c, &r);
    case 3:
        return ticket_park(c, STR(""), &r);
    case 4:
        return ticket_unpark(c, STR(""), &r);
    case 5:
        return ticket_transfer(c, &to, &r);
    case 6:
        return ticket_undo_no_show(c, &r);
    case 7:
        TRY(ticket_by_its_token(c, h->row.token, &r));
        return ticket_cancel(c, &r);
    case 8:
        TRY(ticket_by_its_token(c, h->row.token, &r));
        return ticket_rejoin(c, &r);
    case 9:
        return ticket_recall(c, &r);
    default:
        return ticket_call_next(c, &called);
    }
}

/* A refusal is no fault here, a failure of the store is. */
static bool is_done(enum err e)
{
    assert_true(err_table[e].status < 500);
    return e == E_OK;
}

void test_ticket__counts_of_who_waits_stay_true_whatever_happens(struct test *t)
{
    static const char *const codes[] = {"01", "02", "07", "33", "20"};
    struct hand h = {0};
    int done = 0;
    assert_int_equal(small_hall(t->c, NULL), E_OK);
    for (int i = 0; i < 5; i++) {
        struct desk_row d;
        t->c->actor.id = 1000 + i;
        assert_int_equal(desk_open(t->c, str_of(codes[i]), &d), E_OK);
    }
    for (int i = 0; i < 1000; i++) {
        struct queue_differences_rows wrong;
        t->c->actor.id = 1000 + roll(5);
        t->c->now += roll(8000);
        h.number = roll(12);
        if (roll(4) == 0)
            assert_int_equal(issue_one(t->c, &h), E_OK);
        else if (h.row.token.n > 0)
            done += is_done(some_act(t->c, &h));
        assert_int_equal(queue_differences(t->c, t->center_id, &wrong), E_OK);
        assert_int_equal(wrong.n, 0);
    }
    assert_in_range(done, 100, 1000); /* enough of the acts were lawful to mean something */
}
