/* The one filled button of the window, and the acts behind it, in the small hall (small_hall.h). */
#include "counter.h"

#include "calendar.h"
#include "item.h"
#include "journal.h"
#include "small_hall.h"
#include "test.h"

static void expect(struct desk_moment m, const char *step)
{
    assert_string_equal(desk_step_word(desk_step_of(&m)), step);
}

void test_counter__the_next_lawful_step(struct test *t)
{
    (void)t;
    const struct desk_moment idle = {.has_desk = true};
    struct desk_moment m = {.has_desk = false};
    expect(m, "open");
    expect(idle, "call");
    m = idle;
    m.is_paused = true;
    expect(m, "resume");
    m.has_ticket = true;
    m.ticket = TICKET_CALLED;
    expect(m, "start"); /* who was called is served, pause or not */
    m = (struct desk_moment){.has_desk = true, .has_ticket = true, .ticket = TICKET_SERVING};
    expect(m, "accept");
    m.has_case = true;
    m.case_ = CASE_RECEIVED;
    expect(m, "accept");
    m.case_ = CASE_ACCEPTED;
    expect(m, "finish"); /* not immediate: the back office decides */
    m.is_immediate = true;
    expect(m, "finish_on_spot"); /* ALL 34(2): must be decided on the spot */
    static const enum case_state to_the_end[] = {CASE_NOT_ACCEPTED, CASE_GRANTED, CASE_REFUSED,
                                                 CASE_DELIVERED, CASE_WITHDRAWN};
    for (size_t i = 0; i < sizeof to_the_end / sizeof *to_the_end; i++) {
        m.case_ = to_the_end[i];
        expect(m, "finish_on_spot");
    }
    m.case_ = CASE_CLOSED;
    expect(m, "finish");
}

static void load_hall(struct test *t)
{
    load_small_hall(t);
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
}

static void begin(struct test *t)
{
    struct item_row item;
    struct desk_row d;
    test_start_with(t, load_hall);
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    for (int i = 1; i <= 2; i++) {
        struct doc_paper p = {.position = i,
                              .name = i == 1 ? STR("身份证") : STR("合影"),
                              .kind = STR("original"),
                              .copies = 1,
                              .necessity = STR("required"),
                              .provider = STR("applicant"),
                              .state = STR("read")};
        assert_int_equal(item_paper_put(t->c, item.id, &p), E_OK);
    }
    assert_int_equal(desk_open(t->c, STR("07"), &d), E_OK);
}

static struct ticket_row call_one(struct test *t, const char *item, const char *name)
{
    struct ticket_row row, *called;
    struct ticket_wish_form f = {.item = str_of(item),
                                 .zone = STR("personal"),
                                 .channel = CHANNEL_GUIDE,
                                 .priority = -1,
                                 .name = str_of(name)};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_non_null(called);
    return row;
}

static struct desk_screen screen(struct test *t)
{
    struct desk_screen v;
    assert_int_equal(desk_screen_fill(t->c, STR(""), STR(""), &v), E_OK);
    return v;
}

static enum err accept(struct test *t, const char *a, const char *b, struct reply *r,
                       struct case_made *v)
{
    struct desk_intake_form f = {.applicant_id_type = 111,
                                 .agent_id_type = 111,
                                 .with_papers = true};
    f.materials.v = ARENA_ARRAY(t->c->arena, struct str, 2);
    if (a != NULL)
        f.materials.v[f.materials.n++] = str_of(a);
    if (b != NULL)
        f.materials.v[f.materials.n++] = str_of(b);
    *r = (struct reply){.c = t->c};
    *v = (struct case_made){0};
    return desk_accept(t->c, &f, r, v);
}

void test_counter__a_usual_visit_is_four_keys(struct test *t)
{
    struct reply r = {.c = t->c};
    struct case_made v = {0};
    struct ticket_row row;
    begin(t);
    row = call_one(t, ITEM_REISSUE, "李建国"); /* F1 */
    assert_true(str_is(screen(t).step, "start"));
    assert_int_equal(accept(t, "1", "2", &r, &v), E_START_FIRST);
    assert_int_equal(ticket_start(t->c, &row), E_OK); /* F3 */
    assert_true(str_is(screen(t).step, "accept"));
    assert_int_equal(accept(t, "1", "2", &r, &v), E_OK); /* F4 */
    assert_int_equal(r.refuse, E_OK);
    assert_true(str_is(screen(t).step, "finish_on_spot"));
    assert_int_equal(desk_finish_on_spot(t->c, &r, &v), E_OK); /* F7 */
    assert_true(str_is(v.case_.state, "closed") && str_is(v.case_.result, "grant"));
    assert_int_equal(ticket_by_its_token(t->c, row.token, &row), E_OK);
    assert_int_equal(row.state, TICKET_FINISHED);
    assert_true(str_is(screen(t).step, "call"));
    assert_int_equal(screen(t).mine_today, 1);
}

/* Each of the moves stands in the story by itself, in the order of the law. */
void test_counter__on_the_spot_each_move_is_recorded(struct test *t)
{
    static const enum event wanted[] = {EV_CASE_GRANTED, EV_CASE_DELIVERED, EV_CASE_CLOSED,
                                        EV_TICKET_FINISHED};
    struct reply r = {.c = t->c};
    struct case_made v = {0};
    struct ticket_row row;
    struct journal_entries story;
    begin(t);
    int64_t thread = call_one(t, ITEM_REISSUE, "李建国").thread;
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    assert_int_equal(accept(t, "1", "2", &r, &v), E_OK);
    assert_int_equal(desk_finish_on_spot(t->c, &r, &v), E_OK);
    assert_int_equal(journal_of_thread(t->c, thread, &story), E_OK);
    assert_true(story.n >= 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(story.v[story.n - 4 + i].kind, wanted[i]);
}

void test_counter__missing_papers_refuse_but_the_ticks_stay(struct test *t)
{
    struct reply r;
    struct case_made v;
    struct ticket_row row;
    begin(t);
    (void)call_one(t, ITEM_REISSUE, "李建国");
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    assert_int_equal(accept(t, "2", NULL, &r, &v), E_OK);
    assert_int_equal(r.refuse, E_PAPERS_MISSING);
    assert_string_equal(r.refuse_field, "materials");
    struct desk_screen s = screen(t);
    assert_true(!s.papers.v[0].is_taken && s.papers.v[1].is_taken);
    assert_int_equal(desk_finish_on_spot(t->c, &r, &v), E_CASE_MOVE);
}

void test_counter__what_the_ticket_lacks_is_asked_for(struct test *t)
{
    struct reply r;
    struct case_made v;
    struct ticket_row row;
    begin(t);
    (void)call_one(t, "", NULL);
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    struct desk_screen s = screen(t);
    assert_true(s.asks_item && s.asks_name);
    assert_int_equal(accept(t, NULL, NULL, &r, &v), E_ITEM_OR_ZONE);
    assert_string_equal(t->c->refusal.field, "item");
    assert_int_equal(desk_screen_fill(t->c, STR(""), STR(ITEM_REISSUE), &s), E_OK);
    assert_true(s.papers.n == 2 && str_is(s.item_name, "补领结婚证"));
}

void test_counter__a_refusal_is_delivered_and_closed_too(struct test *t)
{
    struct reply r = {.c = t->c};
    struct case_made v = {0};
    struct ticket_row row;
    struct desk_decision_form f = {.result = DESK_DECISION_RESULT_REFUSE, .opinion = STR("")};
    begin(t);
    (void)call_one(t, ITEM_REISSUE, "李建国");
    assert_int_equal(ticket_start(t->c, &row), E_OK);
    assert_int_equal(accept(t, "1", "2", &r, &v), E_OK);
    assert_int_equal(desk_decide(t->c, &f, &r, &v), E_OPINION_NEEDED);
    f.opinion = STR("档案里没有登记");
    assert_int_equal(desk_decide(t->c, &f, &r, &v), E_OK);
    assert_int_equal(desk_finish_on_spot(t->c, &r, &v), E_OK);
    assert_true(str_is(v.case_.state, "closed") && str_is(v.case_.result, "refuse"));
}
