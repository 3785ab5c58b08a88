/* Cases in the small hall (small_hall.h): intake, papers, the immediate path, who sees what. The table of
 * moves is tried in casefile_moves_test.c, the longer way in casefile_long_test.c. */
#include "casefile.h"

#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include "item.h"
#include "journal.h"
#include "party.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

/* A real one of DOMAIN.md 1.5, for its structure. */
#define IMPL        "12441500196720244T3442199806003"
#define RESIDENT_ID "11010519491231002X" /* the worked example of GB 11643-1999 */

static void put_item(struct ctx *c, bool is_immediate, int promised_days)
{
    assert_int_equal(item_put(c, c->center_id, 77, STR(ITEM_REISSUE), STR(IMPL), STR("补领结婚证"),
                              STR(""), STR(""), 3, STR("20"), STR("personal"), true, false, 1,
                              is_immediate, 20, STR("working"), promised_days, STR("working"),
                              false, 7),
                     E_OK);
}

static void put_paper(struct ctx *c, int64_t item_id, int position, const char *name,
                      const char *necessity)
{
    struct doc_paper p = {.position = position,
                          .name = str_of(name),
                          .kind = STR("original"),
                          .copies = 1,
                          .necessity = str_of(necessity),
                          .provider = STR("applicant"),
                          .standard = STR("在有效期内"),
                          .state = STR("read")};
    assert_int_equal(item_paper_put(c, item_id, &p), E_OK);
}

static void load_hall(struct test *t)
{
    load_small_hall(t);
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
}

static void begin_as(struct test *t, bool is_immediate, int promised_days)
{
    struct item_row item;
    test_start_with(t, load_hall);
    put_item(t->c, is_immediate, promised_days);
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    put_paper(t->c, item.id, 1, "身份证", "required");
    put_paper(t->c, item.id, 2, "合影", "required");
    put_paper(t->c, item.id, 3, "委托书", "optional");
}

static void begin(struct test *t)
{
    begin_as(t, true, 0);
}

static struct texts words(struct test *t, const char *a, const char *b)
{
    struct texts list = {ARENA_ARRAY(t->c->arena, struct str, 2), 0};
    if (a != NULL)
        list.v[list.n++] = str_of(a);
    if (b != NULL)
        list.v[list.n++] = str_of(b);
    return list;
}

static enum err take(struct test *t, const char *a, const char *b, struct case_view *v)
{
    struct case_wish_form f = {.item = STR(ITEM_REISSUE),
                               .applicant_name = STR("李建国"),
                               .applicant_id_type = 111,
                               .applicant_id_no = STR(RESIDENT_ID),
                               .agent_id_type = 111,
                               .materials = words(t, a, b)};
    return case_take_in(t->c, &f, v);
}

static struct str taken(struct test *t, const char *a, const char *b)
{
    struct case_view v;
    assert_int_equal(take(t, a, b, &v), E_OK);
    return v.number;
}

static enum err act(struct test *t, struct str number, enum case_act a, const char *opinion,
                    struct case_view *v)
{
    return case_do(t->c, number, a, str_of(opinion), v);
}

/* --- numbers --- */

void test_casefile__a_number_is_implementation_code_date_and_serial(struct test *t)
{
    /* the observed case number of DOMAIN.md 1.7 */
    assert_true(str_is(case_number_of(t->c->arena, STR(IMPL), 20220623, 68), IMPL "202206230068"));
    assert_true(
        str_is(case_number_of(t->c->arena, STR(IMPL), 20220623, 9999), IMPL "202206239999"));
    assert_true(
        str_is(case_number_of(t->c->arena, STR(IMPL), 20220623, 10000), IMPL "2022062310000"));
}

void test_casefile__serials_count_within_item_and_day(struct test *t)
{
    begin(t);
    assert_true(str_is(taken(t, NULL, NULL), IMPL "202603020001"));
    assert_true(str_is(taken(t, NULL, NULL), IMPL "202603020002"));
    t->c->now += DAY_MS;
    assert_true(str_is(taken(t, NULL, NULL), IMPL "202603030001"));
}

void test_casefile__each_move_is_journalled_once_in_the_visits_story(struct test *t)
{
    struct case_view v;
    struct journal_entries before, after;
    begin(t);
    struct str number = taken(t, "1", "2");
    assert_int_equal(journal_after(t->c, 0, 500, &before), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_REFUSE, "照片不是本人", &v), E_OK);
    assert_int_equal(journal_after(t->c, 0, 500, &after), E_OK);
    assert_int_equal(after.n, before.n + 2);
    assert_int_equal(after.v[after.n - 2].kind, EV_CASE_ACCEPTED);
    assert_int_equal(after.v[after.n - 1].kind, EV_CASE_REFUSED);
    /* the reasons may tell of the person: they are not in the public part (PIPL 28) */
    assert_true(str_find(after.v[after.n - 1].public_json, STR("照片不是本人")) < 0);
}

/* --- what a move needs --- */

void test_casefile__missing_papers_are_all_named_and_nothing_is_accepted(struct test *t)
{
    struct case_view v;
    begin(t);
    struct str number = taken(t, NULL, NULL);
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_PAPERS_MISSING);
    assert_true(str_find(t->c->refusal.text, STR("身份证")) >=
                0); /* told once, everything (ALL 32(1)4) */
    assert_true(str_find(t->c->refusal.text, STR("合影")) >= 0);
    assert_true(str_find(t->c->refusal.text, STR("委托书")) <
                0); /* optional ones are not demanded */
    assert_int_equal(case_tick(t->c, number, 1, true, &v), E_OK);
    assert_int_equal(v.papers_left, 1);
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_PAPERS_MISSING);
    assert_true(str_find(t->c->refusal.text, STR("身份证")) < 0);
    assert_int_equal(case_tick(t->c, number, 2, true, &v), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
}

void test_casefile__nothing_beyond_the_list_can_be_asked_for(struct test *t)
{
    struct case_view v;
    begin(t);
    assert_int_equal(take(t, "1", "户口簿", &v), E_NOT_IN_LIST); /* ALL 31 */
    assert_int_equal(take(t, "4", NULL, &v), E_NOT_IN_LIST);
    struct str number = taken(t, "合影", "1"); /* by name or position */
    assert_int_equal(case_tick(t->c, number, 9, true, &v), E_NOT_IN_LIST);
    struct texts wrong = words(t, "1", "9");
    assert_int_equal(case_tick_all(t->c, number, &wrong, &v), E_NOT_IN_LIST);
}

void test_casefile__papers_stand_still_after_acceptance(struct test *t)
{
    struct case_view v;
    begin(t);
    struct str number = taken(t, "1", "2");
    struct texts one = words(t, "2", NULL);
    assert_int_equal(case_tick_all(t->c, number, &one, &v), E_OK);
    assert_true(!v.papers.v[0].is_taken && v.papers.v[1].is_taken);
    assert_int_equal(case_tick(t->c, number, 1, true, &v), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(case_tick(t->c, number, 1, false, &v), E_CASE_MOVE);
    assert_int_equal(case_tick_all(t->c, number, &one, &v), E_CASE_MOVE);
}

void test_casefile__a_later_list_changes_nothing_for_a_case(struct test *t)
{
    struct case_view v;
    struct item_row item;
    begin(t);
    struct str number = taken(t, "1", "2");
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    put_paper(t->c, item.id, 4, "户口簿", "required");
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(v.papers.n, 3);
}

void test_casefile__no_refusal_without_reasons(struct test *t)
{
    struct case_view v;
    begin(t);
    struct str number = taken(t, "1", "2");
    assert_int_equal(act(t, number, CASE_ACT_NOT_ACCEPT, "  ", &v),
                     E_OPINION_NEEDED); /* ALL 32(2) */
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_REFUSE, "", &v), E_OPINION_NEEDED); /* ALL 38(2) */
    assert_int_equal(act(t, number, CASE_ACT_REFUSE, "档案里没有登记", &v), E_OK);
    assert_true(str_is(v.result, "refuse") && str_is(v.opinion, "档案里没有登记"));
}

void test_casefile__what_is_not_immediate_is_not_decided_at_the_window(struct test *t)
{
    struct case_view v;
    begin_as(t, false, 5);
    struct str number = taken(t, "1", "2");
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(act(t, number, CASE_ACT_GRANT, "", &v), E_NOT_IMMEDIATE);
    assert_int_equal(act(t, number, CASE_ACT_REFUSE, "理由", &v), E_NOT_IMMEDIATE);
    assert_true(str_is(v.state, "accepted"));
}

/* --- the clock (ALL 82; the vectors of DOMAIN.md 3.4 over the Spring Festival of 2026) --- */

void test_casefile__terms_count_working_days_from_acceptance(struct test *t)
{
    struct case_view v;
    struct casefile_row k;
    begin_as(t, false, 5);
    t->c->now = date_start(20260212, t->c->zone_minutes) + 9 * HOUR_MS;
    struct str number = taken(t, "1", "2"); /* received a day earlier: that day does not count */
    t->c->now += DAY_MS;
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(v.due_on, 20260227); /* 2026-02-13 +5 */
    assert_true(str_find(v.clock, STR("2026-02-13 受理，5 个工作日，应于 2026-02-27 办结")) == 0);
    t->c->now = date_start(20260212, t->c->zone_minutes) + 10 * HOUR_MS;
    number = taken(t, "1", "2");
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(case_by_its_number(t->c, number, &k), E_OK);
    assert_int_equal(k.legal_due_on, 20260318); /* 2026-02-12 +20 */
}

void test_casefile__a_year_without_calendar_is_not_guessed(struct test *t)
{
    struct case_view v;
    begin_as(t, false, 5);
    t->c->now = date_start(20410701, t->c->zone_minutes) + 9 * HOUR_MS;
    struct str number = taken(t, "1", "2");
    assert_int_equal(act(t, number, CASE_ACT_ACCEPT, "", &v), E_OK);
    assert_int_equal(v.due_on, 0);
    assert_true(str_find(v.clock, STR("到期日待算")) > 0);
}

/* --- from a ticket, and who sees it --- */

static struct ticket_row at_desk(struct test *t)
{
    struct ticket_row row;
    struct ticket_row *called;
    struct desk_row d;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = CHANNEL_GUIDE,
                                 .priority = -1,
                                 .name = STR("李建国"),
                                 .phone = STR("13800138000")};
    assert_int_equal(desk_open(t->c, STR("07"), &d), E_OK);
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    return row;
}

void test_casefile__nothing_is_typed_again_when_there_is_a_ticket(struct test *t)
{
    struct case_view v, *found;
    struct journal_entries story;
    struct case_wish_form f = {.applicant_id_type = 111, .agent_id_type = 111};
    bool was_read = false;
    begin(t);
    struct ticket_row ticket = at_desk(t);
    assert_int_equal(case_take_in(t->c, &f, &v), E_OK);
    assert_true(str_is(v.item, ITEM_REISSUE));
    assert_true(str_eq(v.applicant, mask_name(t->c->arena, STR("李建国"))));
    assert_true(str_eq(v.ticket, ticket_number_text(t->c, ticket.prefix, ticket.number)));
    assert_int_equal(case_of_ticket(t->c, &ticket, &found), E_OK);
    assert_true(found != NULL && str_eq(found->number, v.number));
    assert_int_equal(journal_of_thread(t->c, ticket.thread, &story), E_OK);
    for (size_t i = 0; i < story.n; i++)
        was_read |= story.v[i].kind == EV_PARTY_READ;
    assert_true(was_read); /* reading a name leaves a trace (PIPL 51, GB/T 22239) */
    assert_int_equal(case_take_in(t->c, &f, &v), E_CASE_TAKEN_IN);
}

void test_casefile__without_ticket_item_and_name_are_needed(struct test *t)
{
    struct case_view v;
    struct case_wish_form f = {.applicant_id_type = 111, .agent_id_type = 111};
    begin(t);
    assert_int_equal(case_take_in(t->c, &f, &v), E_ITEM_OR_ZONE);
    f.item = STR(ITEM_REISSUE);
    assert_int_equal(case_take_in(t->c, &f, &v), E_NAME_MISSING);
    f.applicant_name = STR("李建国");
    f.applicant_id_no = STR("110105194912310021"); /* wrong check digit */
    assert_int_equal(case_take_in(t->c, &f, &v), E_ID_NO_WRONG);
    assert_string_equal(t->c->refusal.field, "applicant_id_no");
    f.applicant_id_no = STR(RESIDENT_ID);
    assert_int_equal(case_take_in(t->c, &f, &v), E_OK);
}

void test_casefile__a_visitor_needs_the_token(struct test *t)
{
    struct case_view v;
    struct case_made made = {0};
    struct reply r = {.c = t->c};
    begin(t);
    assert_int_equal(take(t, NULL, NULL, &v), E_OK);
    assert_true(v.token.n > 20);
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR, .name = STR("办事人")};
    struct case_number_form f = {.number = v.number};
    assert_int_equal(case_show(t->c, &f, &r, &made), E_NO_SUCH_CASE);
    f.token = public_token(t->c);
    assert_int_equal(case_show(t->c, &f, &r, &made), E_NO_SUCH_CASE);
    f.token = v.token;
    assert_int_equal(case_show(t->c, &f, &r, &made), E_OK);
    f.number = STR("nothing");
    assert_int_equal(case_show(t->c, &f, &r, &made), E_NO_SUCH_CASE);
}

void test_casefile__lists_hold_what_is_open_first(struct test *t)
{
    struct case_view v;
    struct case_list list = {0};
    struct reply r = {.c = t->c};
    struct case_query_form all = {.state = CASE_QUERY_STATE_UNSET, .page = 1};
    struct case_query_form closed = {.state = CASE_QUERY_STATE_CLOSED, .page = 1};
    struct case_query_form withdrawn = {.state = CASE_QUERY_STATE_WITHDRAWN, .page = 1};
    begin(t);
    struct str first = taken(t, NULL, NULL), second = taken(t, NULL, NULL);
    assert_int_equal(act(t, first, CASE_ACT_WITHDRAW, "", &v), E_OK);
    assert_int_equal(cases_show(t->c, &withdrawn, &r, &list), E_OK);
    assert_true(list.total == 1 && str_eq(list.items.v[0].number, first));
    assert_int_equal(act(t, first, CASE_ACT_CLOSE, "", &v), E_OK);
    assert_int_equal(cases_show(t->c, &all, &r, &list), E_OK);
    assert_true(list.total == 1 && str_eq(list.items.v[0].number, second));
    assert_int_equal(cases_show(t->c, &closed, &r, &list), E_OK);
    assert_true(list.total == 1 && str_eq(list.items.v[0].number, first));
    assert_true(list.items.v[0].token.n == 0); /* lists carry no tokens */
}

/* Papers and terms of a case are those of its day (issue 3, point 4), however the directory changes. */
void test_casefile__a_case_keeps_the_version_it_began_under(struct test *t)
{
    static const char *const tables[] = {
        "code,impl_code,name,name_en,main_item,agency,type,zone,one_window,online,visits,case_type,"
        "legal_days,legal_unit,promised_days,promised_unit,fee\n" ITEM_REISSUE
        ",12441500196720244T4" ITEM_REISSUE
        ",补领结婚证,,,民政局,20,personal,1,0,1,immediate,3,working,0,working,0\n",
        "item,position,name,name_en,kind,copies,necessity,provider,standard,standard_en,basis,"
        "on_site,state,source\n" ITEM_REISSUE ",1,身份证件,,original,1,required,applicant,,,,0,"
        "read,x\n"};
    enum err (*const imports[])(struct ctx *, struct table_in *) = {items_import,
                                                                    item_papers_import};
    struct item_doc d;
    struct item_row now;
    struct casefile_row k;
    begin(t);
    struct str number = taken(t, "1", "2");
    t->c->now += DAY_MS;
    for (size_t i = 0; i < 2; i++) {
        struct table_in in;
        assert_true(table_open(&in, t->c->arena, str_of(tables[i])));
        assert_int_equal(imports[i](t->c, &in), E_OK);
        if (in.fault_count > 0)
            fail_msg("%s", str_z(t->c->arena, in.faults[0].reason));
    }
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &now), E_OK);
    assert_int_equal(now.legal_days, 3);
    assert_int_equal(case_item_doc(t->c, number, &d), E_OK);
    assert_true(str_is(doc_value(&d, "anticipate_day"), "20"));
    assert_int_equal(d.papers.n, 3);
    assert_true(str_is(d.papers.v[0].name, "身份证"));
    assert_int_equal(case_by_its_number(t->c, number, &k), E_OK);
    assert_int_equal(k.legal_days, 20);
}
