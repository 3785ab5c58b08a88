/* The life of versions: two people, days that switch by themselves, drafts nobody sees, editors who meet. What is
 * expected follows from issue 3 point 4 and MISSION.md M8; dates are counted by hand from 2026-03-02 (TEST_NOW). */
#include "clock.h"
#include "csv.h"
#include "item.h"
#include "item_sample.h"
#include "item_version.h"
#include "journal.h"
#include "test.h"

#define EDITOR    101
#define CHECKER   102
#define PUBLISHER 103

static void as(struct test *t, int64_t staff_id)
{
    t->c->actor.id = staff_id;
}

static void set_name(struct test *t, struct item_doc *d, const char *field, const char *zh)
{
    doc_element_set(t->c, d,
                    (struct doc_element){str_of(field), str_of(zh), STR(""), STR("read"), STR("")});
}

static struct item_key draft(struct test *t, int64_t item_id)
{
    struct item_key key;
    as(t, EDITOR);
    assert_int_equal(item_draft_open(t->c, item_id, STR("改条件"), &key), E_OK);
    return key;
}

/* The draft with one element changed, checked by somebody else. */
static struct item_key checked(struct test *t, int64_t item_id, const char *field, const char *zh)
{
    struct item_key key = draft(t, item_id);
    struct item_doc d;
    struct doc_faults faults;
    struct doc_changes changes;
    assert_int_equal(item_version_doc(t->c, item_id, key.version, &d), E_OK);
    set_name(t, &d, field, zh);
    assert_int_equal(item_draft_save(t->c, key, &d, STR(""), &key.revision, &faults, &changes),
                     E_OK);
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    return key;
}

static enum err publish(struct test *t, struct item_key key, int32_t on, int32_t ends)
{
    struct doc_faults faults;
    struct item_publishing p = {.effective_on = on, .ends_on = ends, .why = STR("新规定")};
    as(t, PUBLISHER);
    return item_publish(t->c, key, &p, &faults);
}

static const char *in_force(struct test *t, int64_t item_id, const char *field)
{
    struct item_doc d;
    enum err e = item_doc_in_force(t->c, item_id, &d);
    return e == E_OK ? str_z(t->c->arena, doc_value(&d, field)) : "";
}

static const char *seen_by_visitors(struct test *t, int64_t item_id)
{
    struct item_row row;
    struct item_view v;
    assert_int_equal(item_by_its_id(t->c, item_id, &row), E_OK);
    assert_int_equal(item_view_fill(t->c, &row, &v), E_OK);
    for (size_t i = 0; i < v.elements.n; i++)
        if (str_is(v.elements.v[i].element, "conditions"))
            return str_z(t->c->arena, v.elements.v[i].text);
    return "";
}

void test_item__a_full_document_survives_the_tables(struct test *t)
{
    struct item_doc d, back;
    struct doc_changes changes;
    int64_t id = start_with_sample(t);
    sample_doc(t, &d);
    assert_int_equal(item_doc_of_tables(t->c, id, &back), E_OK);
    item_doc_diff(t->c, &d, &back, &changes);
    for (size_t i = 0; i < changes.n; i++)
        print_error("%.*s %.*s %.*s: %.*s → %.*s\n", STR_ARG(changes.v[i].part),
                    STR_ARG(changes.v[i].key), STR_ARG(changes.v[i].member),
                    STR_ARG(changes.v[i].before), STR_ARG(changes.v[i].after));
    assert_int_equal(changes.n, 0);
    assert_true(str_eq(item_doc_print(t->c, &d), item_doc_print(t->c, &back)));
}

void test_item__a_draft_is_seen_by_nobody(struct test *t)
{
    int64_t id = start_with_sample(t);
    assert_string_equal(seen_by_visitors(t, id), "说明\n第二行");
    checked(t, id, "accept_condition", "新的条件");
    assert_string_equal(seen_by_visitors(t, id), "说明\n第二行");
    assert_string_equal(in_force(t, id, "accept_condition"), "说明\n第二行");
}

void test_item__what_is_published_is_seen_and_the_old_version_stays(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_doc before;
    struct item_key key = checked(t, id, "accept_condition", "新的条件");
    struct directory_row *d1, *d2;
    assert_int_equal(directory(t->c, t->c->center_id, &d1), E_OK);
    assert_int_equal(publish(t, key, 0, 0), E_OK);
    assert_int_equal(directory(t->c, t->c->center_id, &d2), E_OK);
    assert_true(d2->version > d1->version); /* indexes and lines follow */
    assert_string_equal(seen_by_visitors(t, id), "新的条件");
    assert_int_equal(item_version_doc(t->c, id, 1, &before), E_OK);
    assert_true(str_is(doc_value(&before, "accept_condition"), "说明\n第二行"));
    assert_int_equal(before.papers.n, 3);
}

void test_item__who_edits_neither_checks_nor_publishes(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_key key = draft(t, id);
    struct item_doc d;
    struct doc_faults faults;
    struct doc_changes changes;
    struct item_publishing p = {.why = STR("x")};
    assert_int_equal(item_check(t->c, key, STR("")), E_ITEM_OWN_DRAFT);
    /* who only saved once is an editor too, even when somebody else saved after him */
    assert_int_equal(item_version_doc(t->c, id, key.version, &d), E_OK);
    as(t, CHECKER);
    assert_int_equal(item_draft_save(t->c, key, &d, STR(""), &key.revision, &faults, &changes),
                     E_OK);
    as(t, EDITOR);
    assert_int_equal(item_draft_save(t->c, key, &d, STR(""), &key.revision, &faults, &changes),
                     E_OK);
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_ITEM_OWN_DRAFT);
    as(t, PUBLISHER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    as(t, EDITOR);
    assert_int_equal(item_publish(t->c, key, &p, &faults), E_ITEM_OWN_DRAFT);
    as(t, PUBLISHER);
    assert_int_equal(item_publish(t->c, key, &p, &faults), E_OK);
}

/* Every state with every act: allowed exactly where the table says so (draft → checked → published → withdrawn). */
void test_item__moves_are_those_of_the_table(struct test *t)
{
    static const char *const allowed[ITEM_STATE_COUNT] = {[ITEM_NOT_THERE] = "open",
                                                          [ITEM_DRAFT] = "save check discard",
                                                          [ITEM_CHECKED] = "return publish",
                                                          [ITEM_PUBLISHED] = "withdraw",
                                                          [ITEM_WITHDRAWN] = ""};
    for (int s = 0; s < ITEM_STATE_COUNT; s++)
        for (int a = 0; a < ITEM_ACT_COUNT; a++) {
            bool is_listed =
                str_find(str_of(allowed[s]), str_of(item_act_word((enum item_act)a))) >= 0;
            assert_int_equal(item_move_of((enum item_state)s, (enum item_act)a) != NULL, is_listed);
        }
    int64_t id = start_with_sample(t);
    struct item_key key = draft(t, id);
    as(t, PUBLISHER);
    assert_int_equal(publish(t, key, 0, 0), E_ITEM_MOVE); /* not checked */
    assert_int_equal(item_withdraw(t->c, key, STR("x")), E_ITEM_MOVE);
    assert_int_equal(item_return(t->c, key, STR("x")), E_ITEM_MOVE);
}

void test_item__without_the_right_nothing_moves(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_key key, none;
    key = draft(t, id);
    t->c->actor.roles = UINT64_C(1) << ROLE_CLERK;
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_NOT_ALLOWED);
    assert_int_equal(item_draft_discard(t->c, key, STR("x")), E_NOT_ALLOWED);
    t->c->actor.kind = ACTOR_VISITOR;
    assert_int_equal(item_check(t->c, key, STR("")), E_NOT_ALLOWED);
    t->c->actor.kind = ACTOR_STAFF;
    t->c->actor.roles = UINT64_C(1) << ROLE_DIRECTORY;
    assert_int_equal(item_draft_open(t->c, id, STR(""), &none), E_ITEM_DRAFT_OPEN);
    assert_int_equal(none.version, key.version);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
}

void test_item__reasons_are_needed_where_the_table_says(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_key key = draft(t, id);
    assert_int_equal(item_draft_discard(t->c, key, STR(" ")), E_ITEM_WHY);
    assert_int_equal(item_draft_discard(t->c, key, STR("重复")), E_OK);
    key = checked(t, id, "accept_condition", "新");
    assert_int_equal(item_return(t->c, key, STR("")), E_ITEM_WHY);
    struct item_publishing p = {.why = STR("")};
    struct doc_faults faults;
    as(t, PUBLISHER);
    assert_int_equal(item_publish(t->c, key, &p, &faults), E_ITEM_WHY);
}

/* --- days --- */

static void on(struct test *t, int32_t date)
{
    t->c->now = date_start(date, t->c->zone_minutes) + 6 * HOUR_MS;
    assert_int_equal(item_switch(t->c), E_OK);
}

void test_item__a_version_takes_effect_on_its_day_and_ends_on_its_day(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_list;
    struct item_row row;
    struct item_key key = checked(t, id, "accept_condition", "四月的条件");
    assert_int_equal(publish(t, key, 20260401, 20260701), E_OK);
    assert_string_equal(seen_by_visitors(t, id), "说明\n第二行");
    on(t, 20260331);
    assert_string_equal(seen_by_visitors(t, id), "说明\n第二行");
    on(t, 20260401);
    assert_string_equal(seen_by_visitors(t, id), "四月的条件");
    on(t, 20260630);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    on(t, 20260701); /* the first day on which it is no longer in force */
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_NO_SUCH_ITEM);
    assert_int_equal(item_by_its_id(t->c, id, &row), E_OK); /* its cases still find it */
    struct versions_to_switch_rows rows;
    assert_int_equal(versions_to_switch(t->c, t->c->center_id, 20991231, &rows), E_OK);
    assert_int_equal(rows.n, 0);
}

void test_item__impossible_days_are_refused(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_key key = checked(t, id, "accept_condition", "新");
    assert_int_equal(publish(t, key, 20260301, 0), E_ITEM_DATES);        /* yesterday */
    assert_int_equal(publish(t, key, 20260401, 20260401), E_ITEM_DATES); /* ends before it began */
    assert_int_equal(publish(t, key, 20260401, 0), E_OK);
    key = checked(t, id, "accept_condition", "更新");
    assert_int_equal(publish(t, key, 0, 0), E_ITEM_SCHEDULED); /* April would undo it */
}

void test_item__withdrawing_brings_the_version_before_back(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct item_key key = checked(t, id, "accept_condition", "错的");
    struct item_row row;
    assert_int_equal(publish(t, key, 0, 0), E_OK);
    assert_string_equal(seen_by_visitors(t, id), "错的");
    assert_int_equal(item_withdraw(t->c, key, STR("写错了")), E_OK);
    assert_string_equal(seen_by_visitors(t, id), "说明\n第二行");
    assert_int_equal(item_end(t->c, id, 0, STR("停办")), E_OK);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_NO_SUCH_ITEM);
}

/* --- two editors --- */

void test_item__the_second_editor_is_told_what_the_first_changed(struct test *t)
{
    int64_t id = start_with_sample(t), revision;
    struct item_key key = draft(t, id);
    struct item_doc mine, theirs;
    struct doc_faults faults;
    struct doc_changes changes;
    assert_int_equal(item_version_doc(t->c, id, key.version, &mine), E_OK);
    assert_int_equal(item_version_doc(t->c, id, key.version, &theirs), E_OK);
    set_name(t, &theirs, "traffic_guide", "坐5路车");
    assert_int_equal(item_draft_save(t->c, key, &theirs, STR(""), &revision, &faults, &changes),
                     E_OK);
    set_name(t, &mine, "accept_condition", "我的");
    as(t, CHECKER);
    assert_int_equal(item_draft_save(t->c, key, &mine, STR(""), &revision, &faults, &changes),
                     E_ITEM_CHANGED);
    assert_true(changes.n >= 1);
    for (size_t i = 0; i < changes.n; i++)
        assert_string_equal(str_z(t->c->arena, changes.v[i].key), "traffic_guide");
    struct item_doc is;
    assert_int_equal(item_version_doc(t->c, id, key.version, &is), E_OK);
    assert_true(str_is(doc_value(&is, "traffic_guide"), "坐5路车"));
    assert_true(!str_is(doc_value(&is, "accept_condition"), "我的"));
}

void test_item__a_draft_with_faults_is_not_saved(struct test *t)
{
    int64_t id = start_with_sample(t), revision;
    struct item_key key = draft(t, id);
    struct item_doc d, is;
    struct doc_faults faults;
    struct doc_changes changes;
    assert_int_equal(item_version_doc(t->c, id, key.version, &d), E_OK);
    set_name(t, &d, "promise_day", "五");
    set_name(t, &d, "task_type", "99");
    assert_int_equal(item_draft_save(t->c, key, &d, STR(""), &revision, &faults, &changes),
                     E_ITEM_FAULTS);
    assert_int_equal(faults.all, 2);
    assert_true(str_is(faults.v[0].place, "elements.promise_day"));
    assert_int_equal(item_version_doc(t->c, id, key.version, &is), E_OK);
    assert_true(str_is(doc_value(&is, "promise_day"), "7"));
}

void test_item__a_draft_from_an_older_version_is_looked_at_again(struct test *t)
{
    int64_t id = start_with_sample(t), revision;
    struct item_key key = draft(t, id);
    struct item_doc d;
    t->c->now += MINUTE_MS;
    assert_int_equal(item_doc_of_tables(t->c, id, &d), E_OK);
    set_name(t, &d, "accept_condition", "导入的条件");
    take_in_doc(t, &d);
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    assert_int_equal(publish(t, key, 0, 0), E_ITEM_BASE);
    as(t, CHECKER);
    assert_int_equal(item_return(t->c, key, STR("先看导入")), E_OK);
    as(t, EDITOR);
    assert_int_equal(item_draft_rebase(t->c, key, STR("看过了"), &revision), E_OK);
    key.revision = revision;
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    assert_int_equal(publish(t, key, 0, 0), E_OK);
}

/* --- history --- */

void test_item__history_says_who_what_and_why(struct test *t)
{
    static const char *const acts[] = {"open", "save", "check", "publish"};
    static const int64_t people[] = {EDITOR, EDITOR, CHECKER, PUBLISHER};
    int64_t id = start_with_sample(t), seq;
    struct item_hands hands;
    struct journal_entries entries;
    struct str hash;
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    struct item_key key = checked(t, id, "accept_condition", "新");
    assert_int_equal(publish(t, key, 0, 0), E_OK);
    assert_int_equal(item_version_hands(t->c, id, key.version, &hands), E_OK);
    assert_int_equal(hands.n, 4);
    for (size_t i = 0; i < hands.n; i++) {
        assert_string_equal(str_z(t->c->arena, hands.v[i].act), acts[i]);
        assert_int_equal(hands.v[i].staff_id, people[i]);
    }
    assert_true(str_is(hands.v[3].why, "新规定"));
    assert_int_equal(journal_after(t->c, seq, 20, &entries), E_OK);
    assert_int_equal(entries.n, 5); /* and that it came into force */
    assert_int_equal(entries.v[3].kind, EV_ITEM_PUBLISHED);
    assert_int_equal(entries.v[4].kind, EV_ITEM_IN_FORCE);
}

void test_item__a_new_item_is_found_only_when_published(struct test *t)
{
    struct item_doc d;
    struct item_key key;
    struct item_row row;
    struct doc_faults faults;
    test_start_with(t, load_terms);
    sample_agency(t);
    sample_doc(t, &d);
    as(t, EDITOR);
    assert_int_equal(item_draft_new(t->c, &d, STR("新设"), &key, &faults), E_OK);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_NO_SUCH_ITEM);
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    assert_int_equal(publish(t, key, 0, 0), E_OK);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    assert_int_equal(row.version, 1);
    assert_true(str_is(row.legal_unit, "working")); /* code 2, the last of its scheme */
    /* a second item with its codes is refused, naming them */
    as(t, EDITOR);
    assert_int_equal(item_draft_new(t->c, &d, STR("又一个"), &key, &faults), E_OK);
    as(t, CHECKER);
    assert_int_equal(item_check(t->c, key, STR("")), E_OK);
    struct item_publishing p = {.why = STR("x")};
    as(t, PUBLISHER);
    assert_int_equal(item_publish(t->c, key, &p, &faults), E_ITEM_FAULTS);
    assert_true(str_is(faults.v[0].place, "elements.catalog_code"));
}

void test_item__a_contradiction_is_not_published(struct test *t)
{
    int64_t id = start_with_sample(t);
    struct doc_faults faults;
    struct item_key key = checked(t, id, "is_fee", "0"); /* but it can be paid online */
    struct item_publishing p = {.why = STR("新规定")};
    as(t, PUBLISHER);
    assert_int_equal(item_publish(t->c, key, &p, &faults), E_ITEM_FAULTS);
    assert_int_equal(faults.n, 1);
    assert_true(str_is(faults.v[0].place, "elements.is_pay_online"));
    assert_string_equal(in_force(t, id, "is_fee"), "1");
}
