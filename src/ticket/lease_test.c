/* Numbers leased to a kiosk: never one twice, each ticket handed in once, the rest counted. */
#include "clock.h"
#include "device.h"
#include "settings.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

static int64_t add_kiosk(struct test *t, const char *name)
{
    int64_t id = new_id(t->c);
    assert_int_equal(device_put(t->c, t->c->center_id, id, str_of(name), STR("kiosk"), STR(""),
                                STR(""), STR("always"), false, t->c->now, t->c->now),
                     E_OK);
    return id;
}

static void act_as(struct test *t, int64_t device_id)
{
    t->c->actor = (struct actor){.kind = ACTOR_DEVICE, .id = device_id, .name = STR("自助机")};
}

/* The block of the zone personal. */
static struct leased_zone lease(struct test *t, const char *have)
{
    struct str words[] = {str_of(have)};
    struct lease_wish_form f = {.have = {words, have[0] == '\0' ? 0 : 1}};
    struct reply r = {.c = t->c};
    struct number_lease v = {0};
    assert_int_equal(kiosk_lease(t->c, &f, &r, &v), E_OK);
    assert_true(v.items.n > 0 && str_is(v.items.v[0].code, "personal"));
    return v.items.v[0];
}

static struct str entry(struct test *t, const char *local_id, struct str token, int64_t number,
                        int64_t at)
{
    return str_fmt(t->arena,
                   "[{\"local_id\":\"%s\",\"token\":\"%.*s\",\"zone\":\"personal\",\"number\":%lld,"
                   "\"issued_at\":%lld,\"needs\":[\"elderly\"]}]",
                   local_id, STR_ARG(token), (long long)number, (long long)at);
}

static struct merged_ticket merge(struct test *t, struct str tickets)
{
    struct merge_wish_form f = {.tickets = tickets};
    struct reply r = {.c = t->c};
    struct merge_answer v = {0};
    assert_int_equal(kiosk_merge(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.items.n, 1);
    return v.items.v[0];
}

static int64_t issue_here(struct test *t)
{
    struct ticket_wish_form f = {.zone = STR("personal"), .channel = CHANNEL_KIOSK, .priority = -1};
    struct ticket_row row;
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    return row.number;
}

void test_ticket__a_lease_takes_numbers_away_from_everybody_else(struct test *t)
{
    test_start_with(t, load_small_hall);
    int64_t a = add_kiosk(t, "东门"), b = add_kiosk(t, "西门");
    assert_int_equal(issue_here(t), 1);
    act_as(t, a);
    struct leased_zone x = lease(t, "");
    act_as(t, b);
    struct leased_zone y = lease(t, "");
    int64_t n = setting_ticket_lease_numbers(t->c);
    assert_true(x.first == 2 && x.last == n + 1);
    assert_true(y.first == n + 2 && y.last == 2 * n + 1);
    assert_int_equal(issue_here(t), 2 * n + 2);
}

void test_ticket__a_lease_whose_answer_was_lost_is_told_again(struct test *t)
{
    test_start_with(t, load_small_hall);
    act_as(t, add_kiosk(t, "东门"));
    struct leased_zone x = lease(t, ""), again = lease(t, "");
    assert_true(x.first == again.first && x.last == again.last);
    const char *have = str_z(t->arena, str_fmt(t->arena, "personal:%lld", (long long)x.last));
    struct leased_zone next = lease(t, have), lost = lease(t, have);
    assert_true(next.first == x.last + 1);
    assert_true(lost.first == next.first && lost.last == next.last);
}

void test_ticket__only_a_kiosk_leases(struct test *t)
{
    test_start_with(t, load_small_hall);
    struct lease_wish_form f = {.have = {NULL, 0}};
    struct reply r = {.c = t->c};
    struct number_lease v = {0};
    assert_int_equal(kiosk_lease(t->c, &f, &r, &v), E_DEVICE_NEEDED);
}

void test_ticket__handed_in_once_however_often_it_is_told(struct test *t)
{
    test_start_with(t, load_small_hall);
    act_as(t, add_kiosk(t, "东门"));
    struct leased_zone x = lease(t, "");
    struct str token = public_token(t->c);
    int64_t at = t->c->now;
    t->c->now += 20 * MINUTE_MS;
    struct merged_ticket m = merge(t, entry(t, "7", token, x.first, at));
    assert_true(str_is(m.state, "taken") && str_eq(m.token, token));
    struct merged_ticket again = merge(t, entry(t, "7", token, x.first, at));
    assert_true(str_is(again.state, "taken") && str_eq(again.number, m.number));
    struct ticket_row row;
    assert_int_equal(ticket_by_its_token(t->c, token, &row), E_OK);
    assert_true(row.number == x.first && row.queued_at == at && row.class == CLASS_ELDERLY);
    struct queue_differences_rows d;
    assert_int_equal(queue_differences(t->c, t->c->center_id, &d), E_OK);
    assert_int_equal(d.n, 0);
}

void test_ticket__a_number_of_somebody_else_is_refused_in_words(struct test *t)
{
    test_start_with(t, load_small_hall);
    int64_t a = add_kiosk(t, "东门"), b = add_kiosk(t, "西门");
    act_as(t, a);
    struct leased_zone x = lease(t, "");
    assert_true(
        str_is(merge(t, entry(t, "1", public_token(t->c), x.first, t->c->now)).state, "taken"));
    struct merged_ticket twice = merge(t, entry(t, "2", public_token(t->c), x.first, t->c->now));
    assert_true(str_is(twice.state, "refused") && twice.why.n > 0);
    struct merged_ticket beyond =
        merge(t, entry(t, "3", public_token(t->c), x.last + 1, t->c->now));
    assert_true(str_is(beyond.state, "refused") && beyond.why.n > 0);
    act_as(t, b);
    struct merged_ticket other =
        merge(t, entry(t, "1", public_token(t->c), x.first + 1, t->c->now));
    assert_true(str_is(other.state, "refused"));
    struct merged_ticket future =
        merge(t, entry(t, "4", public_token(t->c), x.first + 1, t->c->now + DAY_MS));
    assert_true(str_is(future.state, "refused"));
}

void test_ticket__what_a_kiosk_did_not_use_is_counted_at_the_end_of_the_day(struct test *t)
{
    test_start_with(t, load_small_hall);
    act_as(t, add_kiosk(t, "东门"));
    struct leased_zone x = lease(t, "");
    int64_t at = t->c->now;
    merge(t, entry(t, "1", public_token(t->c), x.first, at));
    t->c->now += DAY_MS;
    assert_int_equal(ticket_close_day_job(t->c), E_OK);
    struct zone_row *z;
    struct number_blocks_rows blocks;
    assert_int_equal(zone(t->c, t->c->center_id, STR("personal"), &z), E_OK);
    assert_int_equal(number_blocks(t->c, t->c->center_id, t->c->actor.id, z->id, 20260302, &blocks),
                     E_OK);
    assert_true(blocks.n == 1 && blocks.v[0].closed_at == t->c->now);
    /* Handed in the day after: it was given out, so it stands in the books of its day. */
    struct merged_ticket late = merge(t, entry(t, "2", public_token(t->c), x.first + 1, at));
    assert_true(str_is(late.state, "taken"));
}
