/* Ratings in the small hall (small_hall.h): once, after the end, by the visitor and nobody else. */
#include "rating.h"

#include "clock.h"
#include "csv.h"
#include "journal.h"
#include "settings.h"
#include "small_hall.h"
#include "test.h"

static void be_visitor(struct ctx *c)
{
    c->actor = (struct actor){.kind = ACTOR_VISITOR, .name = STR("办事人")};
}

static enum err serve_one(struct ctx *c, bool is_finished, struct ticket_row *ret)
{
    struct ticket_row *called, row;
    struct desk_row d;
    struct ticket_wish_form f = {.item = STR(ITEM_REISSUE),
                                 .zone = STR(""),
                                 .channel = CHANNEL_WEB,
                                 .priority = -1,
                                 .name = STR("李建国")};
    TRY(desk_open(c, STR("07"), &d));
    TRY(ticket_issue(c, &f, ret));
    TRY(ticket_call_next(c, &called));
    TRY(ticket_start(c, &row));
    if (is_finished)
        TRY(ticket_finish(c, &row));
    return ticket_by_its_token(c, ret->token, ret);
}

static void load_hall(struct test *t)
{
    load_small_hall(t);
    assert_int_equal(rating_demo(t->c, test_data_dir(t)), E_OK);
}

static struct ticket_row begin(struct test *t, bool is_finished)
{
    struct ticket_row row;
    test_start_with(t, load_hall);
    assert_int_equal(serve_one(t->c, is_finished, &row), E_OK);
    be_visitor(t->c);
    return row;
}

static enum err give(struct test *t, struct str token, int grade, const char *tag,
                     bool is_anonymous)
{
    struct reply r = {.c = t->c};
    struct rating_given v = {0};
    struct rating_wish_form f = {.ticket = token,
                                 .grade = grade,
                                 .anonymous = is_anonymous,
                                 .channel = RATING_WISH_CHANNEL_PHONE};
    struct str code = str_of(tag);
    if (tag != NULL)
        f.tags = (struct texts){&code, 1};
    return rating_give(t->c, &f, &r, &v);
}

void test_rating__once_for_a_service(struct test *t)
{
    struct ticket_row ticket = begin(t, true);
    assert_int_equal(give(t, ticket.token, 5, NULL, false), E_OK);
    assert_int_equal(give(t, ticket.token, 1, NULL, false),
                     E_RATED_ALREADY); /* 一次一评, 国办发〔2019〕51号 */
}

void test_rating__not_before_the_end(struct test *t)
{
    struct ticket_row ticket = begin(t, false);
    assert_int_equal(give(t, ticket.token, 5, NULL, false), E_NOT_RATEABLE);
}

void test_rating__never_by_staff(struct test *t)
{
    struct actor staff = t->c->actor;
    struct ticket_row ticket = begin(t, true);
    t->c->actor = staff;
    assert_int_equal(give(t, ticket.token, 5, NULL, false), E_RATING_BY_STAFF);
}

void test_rating__a_label_belongs_to_its_grade(struct test *t)
{
    struct ticket_row ticket = begin(t, true);
    assert_int_equal(give(t, ticket.token, 5, "115", false), E_RATING_LABEL_UNKNOWN);
    assert_int_equal(give(t, ticket.token, 1, "999", false), E_RATING_LABEL_UNKNOWN);
    assert_int_equal(give(t, ticket.token, 1, "115", false), E_OK);
}

/* DOMAIN.md 5.3: eight codes a grade, the first digit is the grade; the bounds are those of the table there. */
void test_rating__labels_are_the_forty_of_the_national_set(struct test *t)
{
    static const char *const first[] = {"108", "207", "307", "406", "510"};
    static const char *const last[] = {"115", "214", "314", "413", "517"};
    assert_int_equal(rating_demo(t->c, test_data_dir(t)), E_OK);
    for (int grade = 1; grade <= 5; grade++) {
        struct rating_labels_rows rows;
        assert_int_equal(rating_labels(t->c, STR("national"), grade, &rows), E_OK);
        assert_int_equal(rows.n, 8);
        assert_true(str_is(rows.v[0].code, first[grade - 1]));
        assert_true(str_is(rows.v[7].code, last[grade - 1]));
    }
}

void test_rating__a_label_under_the_wrong_grade_is_not_imported(struct test *t)
{
    struct table_in table;
    assert_true(table_open(&table, t->c->arena,
                           STR("scheme,code,grade,name,name_en,is_used,source\nnational,510,4,"
                               "一窗受理,One window,1,test\n")));
    assert_int_equal(rating_labels_import(t->c, &table), E_OK);
    assert_int_equal(table.fault_count, 1);
    assert_int_equal(table.faults[0].line, 2);
}

void test_rating__without_a_name_the_story_tells_no_grade(struct test *t)
{
    struct journal_entries story;
    struct ticket_row ticket = begin(t, true);
    assert_int_equal(give(t, ticket.token, 1, NULL, true), E_OK);
    assert_int_equal(journal_of_thread(t->c, ticket.thread, &story), E_OK);
    const struct journal_entry *e = &story.v[story.n - 1];
    assert_int_equal(e->kind, EV_RATING_GIVEN_QUIETLY);
    assert_true(str_find(e->public_json, STR("grade")) < 0);
}

/* --- the pad --- */

static struct pad_view pad(struct test *t, struct str word)
{
    struct pad_desk_form f = {.desk = STR("07"), .pad = word};
    struct reply r = {.c = t->c};
    struct pad_view v = {0};
    assert_int_equal(pad_show(t->c, &f, &r, &v), E_OK);
    return v;
}

static enum err touch(struct test *t, struct str word, const char *desk, int grade)
{
    struct pad_touch_form f = {.desk = str_of(desk), .pad = word, .grade = grade};
    struct reply r = {.c = t->c};
    struct pad_view v = {0};
    return pad_touched(t->c, &f, &r, &v);
}

void test_rating__the_pad_shows_the_last_one_for_five_minutes(struct test *t)
{
    struct ticket_row ticket = begin(t, true);
    struct pad_view v = pad(t, STR(""));
    assert_true(str_is(v.step, "faces"));
    assert_true(str_find(v.pad, ticket.token) < 0);
    t->c->now += setting_rating_pad_minutes(t->c) * MINUTE_MS;
    assert_true(str_is(pad(t, STR("")).step, "faces"));
    t->c->now += 1;
    assert_true(str_is(pad(t, STR("")).step, "blank"));
    assert_int_equal(touch(t, v.pad, "07", 5), E_PAD_LATE);
}

void test_rating__the_pads_word_is_good_for_its_desk_only(struct test *t)
{
    (void)begin(t, true);
    struct str word = pad(t, STR("")).pad;
    assert_int_equal(touch(t, word, "08", 5), E_PAD_LATE);
    struct str forged = str_copy(t->c->arena, word);
    ((char *)forged.p)[forged.n - 2] = forged.p[forged.n - 2] == 'A' ? 'B' : 'A';
    assert_int_equal(touch(t, forged, "07", 5), E_PAD_LATE);
    assert_int_equal(touch(t, STR("nonsense"), "07", 5), E_PAD_LATE);
    assert_int_equal(touch(t, word, "07", 5), E_OK);
    assert_int_equal(touch(t, word, "07", 5), E_RATED_ALREADY);
}

void test_rating__labels_and_words_follow_the_touch_once(struct test *t)
{
    (void)begin(t, true);
    struct str word = pad(t, STR("")).pad, code = STR("517");
    struct reply r = {.c = t->c};
    struct pad_view v = {0};
    assert_int_equal(touch(t, word, "07", 5), E_OK);
    assert_true(str_is(pad(t, STR("")).step, "blank"));
    assert_true(str_is(pad(t, word).step, "labels"));
    struct pad_more_form f = {.desk = STR("07"),
                              .pad = word,
                              .tags = {&code, 1},
                              .text = STR("谢谢")};
    assert_int_equal(pad_added(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(pad(t, word).step, "thanks"));
    assert_int_equal(pad_added(t->c, &f, &r, &v), E_RATED_ALREADY);
}

/* --- many at once --- */

#include <pthread.h>

#define TOUCHES 16

struct race {
    struct test *t;
    struct str token;
    enum err answers[TOUCHES];
    _Atomic int next;
};

static enum err race_hall(struct ctx *c, void *arg)
{
    struct race *k = arg;
    struct ticket_row row;
    TRY(small_hall(c, NULL));
    TRY(serve_one(c, true, &row));
    k->token = str_copy(k->t->arena, row.token);
    return E_OK;
}

static enum err race_give(struct ctx *c, void *arg)
{
    struct race *k = arg;
    struct rating_target target;
    struct rating_words w = {.grade = 3, .channel = "phone"};
    int64_t id;
    be_visitor(c);
    TRY(rating_target_of_token(c, k->token, &target));
    return rating_put(c, &target, &w, &id);
}

static void *racer(void *arg)
{
    struct race *k = arg;
    struct arena *a = arena_new((size_t)16 << 20);
    struct ctx *c = test_new_ctx(k->t, a);
    int n = k->next++;
    k->answers[n] = store_act(k->t->store, c, race_give, k);
    arena_free(a);
    return NULL;
}

void test_live_rating__of_many_at_once_one_counts(struct test *t)
{
    struct race k = {.t = t};
    pthread_t threads[TOUCHES];
    int given = 0, refused = 0;
    assert_int_equal(store_act(t->store, t->c, race_hall, &k), E_OK);
    for (int i = 0; i < TOUCHES; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, racer, &k), 0);
    for (int i = 0; i < TOUCHES; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < TOUCHES; i++) {
        given += k.answers[i] == E_OK ? 1 : 0;
        refused += k.answers[i] == E_RATED_ALREADY ? 1 : 0;
    }
    assert_int_equal(given, 1);
    assert_int_equal(refused, TOUCHES - 1);
}

static enum err two_rows(struct ctx *c, void *arg)
{
    struct race *k = arg;
    struct rating_target g;
    TRY(rating_target_of_token(c, k->token, &g));
    for (int i = 0; i < 2; i++)
        TRY(rating_add(c, c->center_id, new_id(c), g.thread, g.ticket_id, 0, STR("national"), 5,
                       STR(""), STR(""), false, STR("phone"), g.desk_id, g.staff_id, c->now));
    return E_OK;
}

/* Even where every rule of the program were passed by, the database keeps the second one out. */
void test_live_rating__the_index_keeps_the_second_one_out(struct test *t)
{
    struct race k = {.t = t};
    assert_int_equal(store_act(t->store, t->c, race_hall, &k), E_OK);
    assert_int_equal(store_act(t->store, t->c, two_rows, &k), E_UNIQUE);
}
