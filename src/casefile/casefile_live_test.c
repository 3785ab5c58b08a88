/* A case taken in and accepted in one act, with the n-th statement failing for every n: all of it is
 * there afterwards or nothing, and the program answers with a failure and not with a wrong success. */
#include "casefile.h"

#include "calendar.h"
#include "item.h"
#include "journal.h"
#include "small_hall.h"
#include "test.h"

#define MOST_STATEMENTS 400

static enum err make_hall(struct ctx *c, void *arg)
{
    struct test *t = arg;
    struct item_row item;
    TRY(small_hall(c, NULL));
    TRY(calendar_demo(c, test_data_dir(t)));
    TRY(item_by_any_code(c, STR(ITEM_REISSUE), &item));
    struct doc_paper p = {.position = 1,
                          .name = STR("身份证"),
                          .kind = STR("original"),
                          .copies = 1,
                          .necessity = STR("required"),
                          .provider = STR("applicant"),
                          .state = STR("read")};
    return item_paper_put(c, item.id, &p);
}

static enum err take_and_accept(struct ctx *c, void *arg)
{
    struct case_view v;
    struct str paper = STR("1");
    struct case_wish_form f = {.item = STR(ITEM_REISSUE),
                               .applicant_name = STR("李建国"),
                               .applicant_id_type = 111,
                               .applicant_id_no = STR("11010519491231002X"),
                               .agent_id_type = 111,
                               .materials = {&paper, 1}};
    (void)arg;
    TRY(case_take_in(c, &f, &v));
    TRY(case_do(c, v.number, CASE_ACT_ACCEPT, STR(""), &v));
    return case_do(c, v.number, CASE_ACT_GRANT, STR(""), &v);
}

struct seen {
    int64_t cases, entries;
};

static enum err look(struct ctx *c, void *arg)
{
    struct seen *s = arg;
    struct casefiles_open_count_row open;
    struct str hash;
    TRY(casefiles_open_count(c, c->center_id, &open));
    s->cases = open.cases;
    return journal_head(c, &s->entries, &hash);
}

void test_live_casefile__a_failing_store_leaves_all_or_nothing(struct test *t)
{
    struct seen before, after;
    int64_t n = 1;
    enum err e = E_STORE;
    assert_int_equal(store_act(t->store, t->c, make_hall, t), E_OK);
    assert_int_equal(store_read(t->store, t->c, look, &before), E_OK);
    for (; n < MOST_STATEMENTS && e != E_OK; n++) {
        store_fail_at(t->store, n);
        e = store_act(t->store, t->c, take_and_accept, NULL);
        bool has_fired = store_fail_fired(t->store);
        store_fail_at(t->store, 0);
        assert_int_equal(store_read(t->store, t->c, look, &after), E_OK);
        assert_true(has_fired || e == E_OK);
        assert_int_equal(after.cases, before.cases + (e == E_OK ? 1 : 0));
        assert_true((after.entries > before.entries) == (e == E_OK));
    }
    assert_int_equal(e, E_OK);
    assert_true(n > 10); /* there was something to fail */
}
