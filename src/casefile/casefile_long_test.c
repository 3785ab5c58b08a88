/* Cases that take longer than a visit: the correction, the ledger of stops, the extension, two persons, and
 * what the program does by itself when a day has passed. Dates are those of DOMAIN.md 3.4 and 4. */
#include "casefile.h"

#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include "item.h"
#include "journal.h"
#include "small_hall.h"
#include "test.h"

#define PROMISED 20

static int64_t morning(struct test *t, int32_t on)
{
    return date_start(on, t->c->zone_minutes) + 9 * HOUR_MS;
}

static void rule(struct test *t, const char *mode, bool two, bool approval, int correction_days)
{
    struct item_row item;
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    assert_int_equal(case_rule_put(t->c, t->c->center_id, item.id, str_of(mode), two, approval,
                                   correction_days, 3, 2, 1, STR("demonstration"), STR("test")),
                     E_OK);
}

static void load_hall(struct test *t)
{
    load_small_hall(t);
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
}

static void put_paper(struct test *t, int64_t item_id, int position, const char *name)
{
    struct doc_paper p = {.position = position,
                          .name = str_of(name),
                          .kind = STR("original"),
                          .copies = 1,
                          .necessity = STR("required"),
                          .provider = STR("applicant"),
                          .state = STR("read")};
    assert_int_equal(item_paper_put(t->c, item_id, &p), E_OK);
}

/* A promised item of twenty working days with two papers. */
static void begin(struct test *t, int32_t on)
{
    struct item_row item;
    test_start_with(t, load_hall);
    assert_int_equal(item_put(t->c, t->c->center_id, 77, STR(ITEM_REISSUE),
                              STR("12441500196720244T3442199806003"), STR("补领结婚证"), STR(""),
                              STR(""), 3, STR("20"), STR("personal"), true, false, 1, false, 30,
                              STR("working"), PROMISED, STR("working"), false, 7),
                     E_OK);
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    for (int i = 1; i <= 2; i++)
        put_paper(t, item.id, i, i == 1 ? "身份证" : "合影");
    rule(t, "ordinary", true, false, 0);
    t->c->now = morning(t, on);
}

static struct str take(struct test *t, bool with_papers)
{
    struct case_view v;
    struct str *papers = ARENA_ARRAY(t->c->arena, struct str, 2);
    papers[0] = STR("1");
    papers[1] = STR("2");
    struct case_wish_form f = {.item = STR(ITEM_REISSUE),
                               .applicant_name = STR("李建国"),
                               .applicant_id_type = 111,
                               .agent_id_type = 111,
                               .materials = {papers, with_papers ? 2 : 0}};
    assert_int_equal(case_take_in(t->c, &f, &v), E_OK);
    return v.number;
}

static struct str accepted(struct test *t)
{
    struct case_view v;
    struct str number = take(t, true);
    assert_int_equal(case_do(t->c, number, CASE_ACT_ACCEPT, STR(""), &v), E_OK);
    return number;
}

static enum err make(struct test *t, struct str number, struct case_doing d, struct case_view *v)
{
    return case_make_move(t->c, number, &d, v);
}

static enum err stop(struct test *t, struct str number, int days, struct case_view *v)
{
    return make(t, number,
                (struct case_doing){.act = CASE_ACT_SUSPEND,
                                    .kind = STR("expert_review"),
                                    .days = days,
                                    .basis = STR("行政许可法第四十五条"),
                                    .approver = STR("王局长")},
                v);
}

static struct case_view seen(struct test *t, struct str number)
{
    struct casefile_row k;
    struct case_view v;
    assert_int_equal(case_by_its_number(t->c, number, &k), E_OK);
    assert_int_equal(case_view_whole(t->c, &k, &v), E_OK);
    return v;
}

/* --- correction (ALL 32(1)4) --- */

void test_casefile__a_correction_names_everything_and_comes_once(struct test *t)
{
    struct case_view v;
    struct case_doing d = {.act = CASE_ACT_CORRECT};
    begin(t, 20260302);
    struct str number = take(t, false);
    assert_int_equal(make(t, number, d, &v), E_OPINION_NEEDED);
    d.opinion = STR("身份证、合影没有带来");
    assert_int_equal(make(t, number, d, &v), E_OK);
    assert_true(str_is(v.state, "correction"));
    assert_true(str_find(v.law, STR("第三十二条第一款第四项")) > 0);
    assert_true(str_is(v.correction, "身份证、合影")); /* all of it, whatever the clerk named */
    assert_true(str_find(v.asked, STR("身份证、合影")) >= 0);
    assert_int_equal(case_do(t->c, number, CASE_ACT_ACCEPT, STR(""), &v), E_PAPERS_MISSING);
    d = (struct case_doing){.act = CASE_ACT_SUPPLY,
                            .papers = {ARENA_ARRAY(t->c->arena, struct str, 2), 2}};
    d.papers.v[0] = STR("1");
    d.papers.v[1] = STR("合影");
    assert_int_equal(make(t, number, d, &v), E_OK);
    assert_true(str_is(v.state, "received") && v.papers_left == 0);
    d = (struct case_doing){.act = CASE_ACT_CORRECT, .opinion = STR("再补一份")};
    assert_int_equal(make(t, number, d, &v), E_CORRECTED_ONCE);
    assert_int_equal(case_do(t->c, number, CASE_ACT_ACCEPT, STR(""), &v), E_OK);
}

void test_casefile__faulty_papers_are_of_the_list_and_complete_ones_need_no_correction(
    struct test *t)
{
    struct case_view v;
    struct str wrong = STR("户口簿"), faulty = STR("2");
    struct case_doing d = {.act = CASE_ACT_CORRECT, .opinion = STR("照片不清楚")};
    begin(t, 20260302);
    struct str number = take(t, true);
    assert_int_equal(make(t, number, d, &v), E_NOTHING_TO_CORRECT);
    d.papers = (struct texts){&wrong, 1};
    assert_int_equal(make(t, number, d, &v), E_NOT_IN_LIST); /* ALL 31 */
    d.papers = (struct texts){&faulty, 1};
    d.answer_by = 20260302;
    assert_int_equal(make(t, number, d, &v), E_DAY_IS_OVER);
    d.answer_by = 20260320;
    assert_int_equal(make(t, number, d, &v), E_OK);
    assert_true(str_is(v.correction, "合影") && v.answer_by == 20260320);
}

void test_casefile__outside_authority_the_competent_organ_is_named(struct test *t)
{
    struct case_view v;
    struct case_doing d = {.act = CASE_ACT_NOT_ACCEPT,
                           .opinion = STR("户籍不在本区"),
                           .ground = STR("outside_authority")};
    begin(t, 20260302);
    struct str number = take(t, true);
    assert_int_equal(make(t, number, d, &v), E_ORGAN_NEEDED); /* ALL 32(1)2 */
    d.organ = STR("宛城区民政局");
    assert_int_equal(make(t, number, d, &v), E_OK);
    assert_true(str_find(v.asked, STR("宛城区民政局")) > 0);
}

/* --- what the program does by itself --- */

/* 2026-02-12, a Thursday, +5 working days: 13, 14 (make-up), 24, 25, 26 February (DOMAIN.md 4). */
void test_casefile__no_word_in_five_working_days_is_acceptance_from_receipt(struct test *t)
{
    begin(t, 20260212);
    struct str silent = take(t, false), told = take(t, false), late = STR_NONE;
    struct case_view v;
    assert_int_equal(make(t, told,
                          (struct case_doing){.act = CASE_ACT_CORRECT, .opinion = STR("缺材料")},
                          &v),
                     E_OK);
    t->c->now = morning(t, 20260213);
    late = take(t, false);
    t->c->actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("系统")};
    t->c->now = date_start(20260227, t->c->zone_minutes) - 1; /* the last moment of the fifth day */
    assert_int_equal(case_clock_job(t->c), E_OK);
    assert_true(str_is(seen(t, silent).state, "received"));
    t->c->now++;
    assert_int_equal(case_clock_job(t->c), E_OK);
    v = seen(t, silent);
    assert_true(str_is(v.state, "accepted") && v.is_deemed);
    assert_int_equal(v.accepted_at, v.received_at);
    assert_int_equal(v.due_on, 20260318); /* 2026-02-12 +20, DOMAIN.md 3.4 */
    assert_true(str_find(v.law, STR("逾期不告知的")) >= 0);
    assert_true(str_is(seen(t, told).state, "correction"));
    assert_true(str_is(seen(t, late).state, "received"));
    assert_int_equal(case_clock_job(t->c), E_OK); /* again: nothing happens twice */
    assert_true(str_is(seen(t, silent).state, "accepted"));
}

void test_casefile__nobody_may_deem_or_lapse_by_hand(struct test *t)
{
    struct case_view v;
    begin(t, 20260302);
    struct str number = take(t, false);
    assert_int_equal(case_do(t->c, number, CASE_ACT_DEEM, STR(""), &v), E_NOT_ALLOWED);
    t->c->now = morning(t, 20410701); /* a year nobody knows: no date is guessed */
    number = take(t, false);
    t->c->now = morning(t, 20410801);
    t->c->actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("系统")};
    assert_int_equal(case_clock_job(t->c), E_OK);
    assert_true(str_is(seen(t, number).state, "received"));
}

void test_casefile__a_correction_lapses_after_its_day_and_only_with_one(struct test *t)
{
    struct case_view v;
    const struct case_doing d = {.act = CASE_ACT_CORRECT, .opinion = STR("缺材料")};
    begin(t, 20260302);
    struct str without = take(t, false);
    assert_int_equal(make(t, without, d, &v), E_OK);
    rule(t, "ordinary", true, false, 10);
    struct str with = take(t, false);
    assert_int_equal(make(t, with, d, &v), E_OK);
    assert_int_equal(v.answer_by, 20260312);
    t->c->actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("系统")};
    t->c->now = date_start(20260313, t->c->zone_minutes) - 1;
    assert_int_equal(case_clock_job(t->c), E_OK);
    assert_true(str_is(seen(t, with).state, "correction"));
    t->c->now++;
    assert_int_equal(case_clock_job(t->c), E_OK);
    assert_true(str_is(seen(t, with).state, "lapsed"));
    assert_true(str_is(seen(t, without).state, "correction"));
}

static void import_calendar(struct test *t, const char *rows)
{
    struct table_in in;
    assert_true(
        table_open(&in, t->c->arena, str_fmt(t->c->arena, "date,kind,name,source\n%s", rows)));
    assert_int_equal(calendar_import(t->c, &in), E_OK);
    assert_int_equal(in.fault_count, 0);
}

/* A new notice makes 2026-03-04 a holiday and nothing else in that year: 20 working days of 2026-03-02 end on
 * 2026-03-31 instead of 03-30. A case that ended stays as it is. */
void test_casefile__due_dates_follow_the_calendar(struct test *t)
{
    struct casefile_row k;
    struct journal_entries all;
    begin(t, 20260302);
    struct str open = accepted(t);
    assert_int_equal(case_recount_job(t->c), E_OK);
    assert_int_equal(seen(t, open).due_on, 20260330);
    import_calendar(t, "2026-03-04,holiday,临时放假,test\n");
    assert_int_equal(case_recount_job(t->c), E_OK);
    assert_int_equal(case_by_its_number(t->c, open, &k), E_OK);
    assert_int_equal(k.due_on, 20260331);
    assert_int_equal(journal_after(t->c, 0, 500, &all), E_OK);
    assert_int_equal(all.v[all.n - 1].kind, EV_CASE_DUE_MOVED);
    assert_true(str_find(all.v[all.n - 1].public_json, STR("2026-03-31")) > 0);
    assert_int_equal(case_recount_job(t->c), E_OK); /* nothing to do */
    struct journal_entries again;
    assert_int_equal(journal_after(t->c, 0, 500, &again), E_OK);
    assert_int_equal(again.n, all.n);
}

/* --- the clock stands (ALL 45) --- */

/* Issue 5: "accepted 2 Feb 2026, 20 working days, 7 working days not counted for expert review, due 17 March 2026". */
void test_casefile__the_sum_of_the_clock_is_said(struct test *t)
{
    struct case_view v;
    begin(t, 20260202);
    struct str number = accepted(t);
    t->c->now = morning(t, 20260204);
    assert_int_equal(stop(t, number, 7, &v), E_OK);
    assert_true(str_is(v.state, "suspended"));
    assert_int_equal(v.due_on, 20260317); /* as told */
    t->c->now = morning(t, 20260213);
    assert_int_equal(make(t, number,
                          (struct case_doing){.act = CASE_ACT_RESUME, .outcome = STR("通过")}, &v),
                     E_OK);
    assert_true(str_is(v.state, "review"));
    assert_int_equal(v.due_on, 20260317);
    assert_true(str_find(v.clock, STR("2026-02-02 受理，20 个工作日，专家评审 7 个工作日不计，应于 "
                                      "2026-03-17 办结")) == 0);
    assert_int_equal(v.stops.n, 1);
    assert_int_equal(v.stops.v[0].not_counted, 7);
}

void test_casefile__a_procedure_that_ends_early_or_late_counts_as_it_was(struct test *t)
{
    struct case_view v;
    const struct case_doing resume = {.act = CASE_ACT_RESUME};
    begin(t, 20260302);
    struct str early = accepted(t), late = accepted(t); /* due 2026-03-30 */
    assert_int_equal(stop(t, early, 5, &v), E_OK);
    assert_int_equal(stop(t, late, 5, &v), E_OK);
    t->c->now = morning(t, 20260304); /* 3 March stood still; the 2nd is not counted anyhow */
    assert_int_equal(make(t, early, resume, &v), E_OK);
    assert_int_equal(v.due_on, 20260331);
    t->c->now = morning(t, 20260312); /* told until the 6th; it runs over, and the page says so */
    assert_int_equal(seen(t, late).due_on,
                     20260409); /* 3 … 11 March: 7 days; 4 … 6 April are holidays */
    assert_int_equal(make(t, late, resume, &v), E_OK);
    assert_int_equal(v.due_on, 20260409);
}

void test_casefile__a_procedure_needs_kind_days_basis_and_approver(struct test *t)
{
    struct case_view v;
    struct case_doing d = {.act = CASE_ACT_SUSPEND, .kind = STR("holiday"), .days = 3};
    begin(t, 20260302);
    struct str number = accepted(t);
    assert_int_equal(make(t, number, d, &v), E_STOP_NEEDS);
    assert_string_equal(t->c->refusal.field, "kind");
    d.kind = STR("hearing");
    assert_int_equal(make(t, number, d, &v), E_STOP_NEEDS);
    assert_string_equal(t->c->refusal.field, "basis");
    d.basis = STR("行政许可法第四十六条");
    assert_int_equal(make(t, number, d, &v), E_STOP_NEEDS);
    assert_string_equal(t->c->refusal.field, "approver");
    d.approver = STR("王局长");
    assert_int_equal(make(t, number, d, &v), E_OK);
}

/* --- the extension (ALL 42) --- */

void test_casefile__one_extension_of_at_most_ten_days(struct test *t)
{
    struct case_view v;
    struct case_doing d = {.act = CASE_ACT_EXTEND, .days = 11, .approver = STR("王局长")};
    begin(t, 20260212);
    struct str number = accepted(t); /* due 2026-03-18 */
    assert_int_equal(make(t, number, d, &v), E_OPINION_NEEDED);
    d.opinion = STR("需要核实原始档案");
    assert_int_equal(make(t, number, d, &v), E_EXTENDED_TOO_LONG);
    d.days = 10;
    assert_int_equal(make(t, number, d, &v), E_OK);
    assert_int_equal(v.due_on, 20260401);
    assert_true(str_find(v.clock, STR("延长 10 个工作日")) > 0);
    assert_int_equal(make(t, number, d, &v), E_EXTENDED_ONCE);
}

void test_casefile__joint_handling_may_be_extended_by_fifteen(struct test *t)
{
    struct case_view v;
    begin(t, 20260302);
    rule(t, "joint", true, false, 0);
    struct case_doing d = {.act = CASE_ACT_EXTEND,
                           .days = 15,
                           .approver = STR("区政府负责人"),
                           .opinion = STR("几个部门还在会审")};
    assert_int_equal(make(t, accepted(t), d, &v), E_OK); /* ALL 42(2) */
}

/* --- steps, two persons, claims --- */

static void be(struct test *t, int64_t staff_id)
{
    t->c->actor.id = staff_id;
}

void test_casefile__who_reviewed_does_not_decide_where_two_are_wanted(struct test *t)
{
    struct case_view v;
    const struct case_doing review = {.act = CASE_ACT_REVIEW, .opinion = STR("材料属实")};
    begin(t, 20260302);
    rule(t, "ordinary", true, false, 0);
    struct str number = accepted(t);
    be(t, 501);
    assert_int_equal(case_do(t->c, number, CASE_ACT_GRANT, STR(""), &v), E_NOT_IMMEDIATE);
    assert_int_equal(make(t, number, review, &v), E_OK);
    assert_int_equal(make(t, number, review, &v), E_REVIEWED_ALREADY);
    assert_int_equal(case_do(t->c, number, CASE_ACT_GRANT, STR(""), &v), E_TWO_PERSONS);
    be(t, 502);
    assert_int_equal(case_do(t->c, number, CASE_ACT_GRANT, STR(""), &v), E_OK);
    assert_true(str_is(v.state, "granted"));
    assert_true(str_find(v.law, STR("第三十八条第一款")) > 0 &&
                str_find(v.law, STR("当场")) <
                    0);                       /* not on the spot: ALL 34(2) is not its ground */
    assert_int_equal(v.deliver_by, 20260316); /* ALL 44: ten working days of 2026-03-02 */
    rule(t, "ordinary", false, false, 0);
    number = accepted(t);
    assert_int_equal(make(t, number, review, &v), E_OK);
    assert_int_equal(case_do(t->c, number, CASE_ACT_REFUSE, STR("档案里没有登记"), &v), E_OK);
}

void test_casefile__an_item_with_approval_wants_it_before_the_decision(struct test *t)
{
    struct case_view v;
    struct case_doing review = {.act = CASE_ACT_REVIEW};
    begin(t, 20260302);
    rule(t, "ordinary", true, true, 0);
    struct str number = accepted(t);
    be(t, 501);
    assert_int_equal(make(t, number, review, &v), E_OK);
    assert_int_equal(make(t, number, review, &v), E_TWO_PERSONS);
    be(t, 502);
    assert_int_equal(case_do(t->c, number, CASE_ACT_GRANT, STR(""), &v), E_REVIEW_FIRST);
    review.step = STR("return");
    assert_int_equal(make(t, number, review, &v), E_OPINION_NEEDED);
    review.opinion = STR("请再核对照片");
    assert_int_equal(make(t, number, review, &v), E_OK);
    review.step = STR("pass");
    assert_int_equal(make(t, number, review, &v), E_OK); /* reviewed again, by 502 */
    be(t, 503);
    assert_int_equal(make(t, number, review, &v), E_OK);
    assert_int_equal(case_do(t->c, number, CASE_ACT_GRANT, STR(""), &v), E_OK);
}

void test_casefile__what_a_colleague_has_claimed_is_his(struct test *t)
{
    struct case_view v;
    const struct case_doing review = {.act = CASE_ACT_REVIEW};
    begin(t, 20260302);
    struct str number = accepted(t);
    be(t, 501);
    assert_int_equal(case_claim(t->c, number, true, &v), E_OK);
    be(t, 502);
    assert_int_equal(case_claim(t->c, number, true, &v), E_CASE_CLAIMED);
    assert_int_equal(case_claim(t->c, number, false, &v), E_CASE_CLAIMED);
    assert_int_equal(make(t, number, review, &v), E_CASE_CLAIMED);
    be(t, 501);
    assert_int_equal(make(t, number, review, &v), E_OK); /* and it is free for the next */
    be(t, 502);
    assert_int_equal(case_claim(t->c, number, true, &v), E_OK);
    t->c->now += 25 * HOUR_MS; /* case.claim_hours: 24 */
    be(t, 503);
    assert_int_equal(case_claim(t->c, number, true, &v), E_OK);
}

void test_casefile__what_was_never_granted_is_not_revoked(struct test *t)
{
    struct case_view v;
    begin(t, 20260302);
    struct str number = take(t, true);
    assert_int_equal(case_do(t->c, number, CASE_ACT_WITHDRAW, STR(""), &v), E_OK);
    assert_int_equal(case_do(t->c, number, CASE_ACT_CLOSE, STR(""), &v), E_OK);
    assert_int_equal(case_do(t->c, number, CASE_ACT_REVOKE, STR("理由"), &v), E_CASE_MOVE);
}

void test_casefile__the_back_office_lists_what_waits_by_step(struct test *t)
{
    struct review_list list = {0};
    struct reply r = {.c = t->c};
    struct review_query_form q = {.step = REVIEW_QUERY_STEP_REVIEW, .page = 1};
    struct case_view v;
    begin(t, 20260302);
    struct str first = accepted(t), second = accepted(t);
    be(t, 501);
    assert_int_equal(make(t, second, (struct case_doing){.act = CASE_ACT_REVIEW}, &v), E_OK);
    assert_int_equal(review_show(t->c, &q, &r, &list), E_OK);
    assert_true(list.items.n == 1 && str_eq(list.items.v[0].number, first));
    assert_true(str_is(list.items.v[0].light, "on_time"));
    q.step = REVIEW_QUERY_STEP_DECIDE;
    assert_int_equal(review_show(t->c, &q, &r, &list), E_OK);
    assert_true(list.items.n == 1 && str_eq(list.items.v[0].number, second));
    q.step = REVIEW_QUERY_STEP_ALL;
    static const struct {
        int32_t on;
        const char *light;
    } lights[] = {{20260326, "on_time"}, {20260327, "soon"}, {20260330, "soon"},
                  {20260331, "late"},    {20260413, "late"}, {20260415, "late_by_law"}};
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) { /* due 03-30, by law 04-14 */
        t->c->now = morning(t, lights[i].on);
        assert_int_equal(review_show(t->c, &q, &r, &list), E_OK);
        assert_int_equal(list.items.n, 2);
        assert_true(str_is(list.items.v[0].light, lights[i].light));
    }
}
