/* The screens' own rules over item_version.h: two editors, who edits does not publish, files, previews, and many items at
 * once. What is expected follows from issue 3 ("Administration") and MISSION.md M8. The sample item is item_sample.h's;
 * a second one is made of it under another code (basic code: 12 digits, DOMAIN.md 1.3). */
#include "directory.h"
#include "item_sample.h"
#include "test.h"
#include "web.h"

#define EDITOR    101
#define CHECKER   102
#define PUBLISHER 103
#define FIRST     "412011013000"
#define SECOND    "412011013002"
#define PDF       "%PDF-1.4 a form"

static void as(struct test *t, int64_t staff_id)
{
    t->c->actor.id = staff_id;
    t->c->refusal = (struct refusal){.code = E_OK};
}

static void put(struct test *t, struct item_doc *d, const char *field, struct str zh)
{
    doc_element_set(t->c, d,
                    (struct doc_element){str_of(field), zh, STR(""), STR("read"), STR("")});
}

static int64_t id_of(struct test *t, const char *code)
{
    struct item_row row;
    assert_int_equal(item_by_any_code(t->c, str_of(code), &row), E_OK);
    return row.id;
}

static enum err load(struct ctx *c, void *arg)
{
    struct test *t = arg;
    struct item_doc d;
    (void)c;
    sample_agency(t);
    load_terms(t);
    sample_doc(t, &d);
    take_in_doc(t, &d);
    struct str impl = doc_value(&d, "task_code");
    put(t, &d, "catalog_code", STR(SECOND));
    put(t, &d, "task_code", str_fmt(t->c->arena, "%.*s" SECOND, 19, impl.p));
    put(t, &d, "task_name", STR("另一个事项"));
    d.handlings.n = 0;
    take_in_doc(t, &d);
    return E_OK;
}

static void begin(struct test *t)
{
    assert_int_equal(load(t->c, t), E_OK);
}

/* What a form of the editor sends: pairs of keys and values. */
static struct request *sends(struct test *t, const char *const *pairs)
{
    struct request *q = ARENA_NEW(t->c->arena, struct request);
    size_t n = 0;
    while (pairs[n] != NULL)
        n++;
    q->c = t->c;
    q->fields = ARENA_ARRAY(t->c->arena, struct field_value, n + 1);
    for (size_t i = 0; i < n; i += 2)
        q->fields[q->field_count++] = (struct field_value){STR("k"), str_of(pairs[i])};
    for (size_t i = 1; i < n; i += 2)
        q->fields[q->field_count++] = (struct field_value){STR("v"), str_of(pairs[i])};
    return q;
}
#define SENDS(t, ...) sends((t), (const char *const[]){__VA_ARGS__, NULL})

static int64_t opened(struct test *t, int64_t item_id)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    as(t, EDITOR);
    assert_int_equal(dir_open_draft(t->c, &(struct dir_open_form){item_id, STR("改电话")}, &r, &v),
                     E_OK);
    assert_int_equal(v.revision, 1);
    return v.version;
}

static enum err save_phone(struct test *t, int64_t id, int64_t version, int64_t revision,
                           const char *phone)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    struct dir_save_form f = {.id = id,
                              .version = version,
                              .revision = revision,
                              .part = STR("elements"),
                              .at = (int64_t)NO_ROW,
                              .option = (int64_t)NO_ROW,
                              .act = DIR_SAVE_ACT_SAVE};
    t->c->request = SENDS(t, "consult_phone.zh", phone, "consult_phone.state", "read");
    enum err e = dir_save_part(t->c, &f, &r, &v);
    t->c->request = NULL;
    return e;
}

static const char *phone_of(struct test *t, int64_t id, int64_t version)
{
    struct item_doc d;
    assert_int_equal(item_version_doc(t->c, id, version, &d), E_OK);
    return str_z(t->c->arena, str_or_empty(doc_value(&d, "consult_phone")));
}

void test_directory__two_editors_do_not_overwrite_each_other(struct test *t)
{
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    assert_int_equal(save_phone(t, id, version, 1, "0377-1"), E_OK);
    as(t, CHECKER);
    assert_int_equal(save_phone(t, id, version, 1, "0377-2"), E_ITEM_CHANGED);
    assert_string_equal(phone_of(t, id, version), "0377-1");
    as(t, CHECKER);
    assert_int_equal(save_phone(t, id, version, 2, "0377-2"), E_OK);
    assert_string_equal(phone_of(t, id, version), "0377-2");
}

void test_directory__what_is_wrong_is_not_saved(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    struct dir_save_form f = {.id = id,
                              .version = version,
                              .revision = 1,
                              .part = STR("papers"),
                              .at = 150,
                              .option = (int64_t)NO_ROW,
                              .act = DIR_SAVE_ACT_REMOVE};
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_DIR_PLACE);
    f.at = 0; /* papers[1] is moved above the first */
    f.act = DIR_SAVE_ACT_UP;
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_DIR_PLACE);
    f.act = DIR_SAVE_ACT_SAVE;
    t->c->request = SENDS(t, "copies", "两份");
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_ITEM_FAULTS);
    t->c->request = SENDS(t, "name", "");
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_ITEM_FAULTS);
    t->c->request->fields[1].name = STR("w"); /* a key without its value */
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_DIR_PAIRS);
    t->c->request = NULL;
    assert_int_equal(save_phone(t, id, version, 1, "0377\x01"), E_FIELD_CONTROL);
    assert_int_equal(save_phone(t, id, version + 7, 1, "0377-1"), E_NO_SUCH_VERSION);
    struct item_version_info is;
    assert_int_equal(item_version_of(t->c, id, version, &is), E_OK);
    assert_int_equal(is.revision, 1);
}

void test_directory__who_edits_neither_checks_nor_publishes(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    struct dir_queue queue = {0};
    struct dir_published published;
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    assert_int_equal(save_phone(t, id, version, 1, "0377-1"), E_OK);
    struct dir_why_form why = {.id = id, .version = version, .revision = 2};
    assert_int_equal(dir_check(t->c, &why, &r, &v), E_ITEM_OWN_DRAFT);
    as(t, CHECKER);
    assert_int_equal(dir_check(t->c, &why, &r, &v), E_OK);
    as(t, EDITOR);
    assert_int_equal(dir_queue_show(t->c, &r, &queue), E_OK);
    assert_int_equal(queue.waiting.n, 1);
    assert_false(queue.waiting.v[0].can_publish);
    assert_true(queue.waiting.v[0].why_not.n > 0);
    struct dir_publish_many_form many = {.picks = {&queue.waiting.v[0].pick, 1},
                                         .why = STR("新号")};
    assert_int_equal(dir_publish_many(t->c, &many, &r, &published), E_ITEM_OWN_DRAFT);
    assert_true(str_find(refusal_sentence(t->c), queue.waiting.v[0].name) >= 0);
    as(t, PUBLISHER);
    assert_int_equal(dir_publish_many(t->c, &(struct dir_publish_many_form){.why = STR("x")}, &r,
                                      &published),
                     E_DIR_NOTHING);
    assert_int_equal(dir_publish_many(t->c, &many, &r, &published), E_OK);
    struct item_doc d;
    assert_int_equal(item_doc_in_force(t->c, id, &d), E_OK);
    assert_true(str_is(doc_value(&d, "consult_phone"), "0377-1"));
}

/* --- files --- */

static enum err send_file(struct test *t, struct dir_put_file_form f, struct str bytes)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    f.file = (struct upload){STR("file"), STR("申请表.pdf"), bytes};
    return dir_put_file(t->c, &f, &r, &v);
}

static struct item_doc doc_now(struct test *t, int64_t id, int64_t version)
{
    struct item_doc d;
    assert_int_equal(item_version_doc(t->c, id, version, &d), E_OK);
    return d;
}

void test_directory__a_file_is_uploaded_replaced_and_shown(struct test *t)
{
    struct reply r = {.c = t->c};
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    struct dir_put_file_form f = {.id = id,
                                  .version = version,
                                  .revision = 1,
                                  .at = 400,
                                  .kind = DIR_PUT_FILE_KIND_BLANK,
                                  .paper = 2,
                                  .state = DIR_PUT_FILE_STATE_UNSET};
    assert_int_equal(send_file(t, f, STR(PDF)), E_OK);
    struct item_doc d = doc_now(t, id, version);
    assert_int_equal(d.files.n, 4); /* three of the sample */
    assert_true(str_is(d.files.v[3].name, "申请表"));
    assert_true(str_is(d.files.v[3].content_type, "application/pdf"));
    assert_int_equal(d.files.v[3].size, sizeof PDF - 1);
    assert_true(str_eq(d.papers.v[1].blank_file, d.files.v[3].code));
    struct str code = d.files.v[3].code;
    f.revision = 2, f.at = 3, f.paper = 0, f.kind = DIR_PUT_FILE_KIND_UNSET;
    assert_int_equal(send_file(t, f, STR("\x89PNG\r\n\x1a\nx")), E_OK);
    d = doc_now(t, id, version);
    assert_int_equal(d.files.n, 4);
    assert_true(str_eq(d.files.v[3].code, code)); /* its paper still finds it */
    assert_true(str_is(d.files.v[3].name, "申请表"));
    assert_true(str_is(d.files.v[3].content_type, "image/png"));
    assert_int_equal(dir_file_show(t->c, &(struct dir_file_of_form){id, version, code}, &r), E_OK);
    assert_int_equal(r.body.n, 9);
    assert_true(str_is(r.content_type, "image/png"));
    assert_int_equal(dir_file_show(t->c, &(struct dir_file_of_form){id, 1, code}, &r), E_NOT_FOUND);
}

void test_directory__files_of_other_kinds_and_old_revisions_are_refused(struct test *t)
{
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    struct dir_put_file_form f = {.id = id,
                                  .version = version,
                                  .revision = 1,
                                  .at = 400,
                                  .kind = DIR_PUT_FILE_KIND_FILLED,
                                  .state = DIR_PUT_FILE_STATE_READ};
    assert_int_equal(send_file(t, f, STR("MZ\x90 a program called form.pdf")), E_ITEM_FILE);
    assert_string_equal(t->c->refusal.field, "file");
    assert_int_equal(send_file(t, f, STR("<html>%PDF-")), E_ITEM_FILE);
    f.revision = 7;
    assert_int_equal(send_file(t, f, STR(PDF)), E_ITEM_CHANGED);
    f.version = 1; /* published: nothing is put into it */
    f.revision = 1;
    assert_int_equal(send_file(t, f, STR(PDF)), E_ITEM_MOVE);
    assert_int_equal(doc_now(t, id, version).files.n, 3);
}

void test_directory__a_file_that_is_used_is_not_removed(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_saved v;
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    struct dir_save_form f = {.id = id,
                              .version = version,
                              .revision = 1,
                              .part = STR("files"),
                              .at = 0,
                              .option = (int64_t)NO_ROW,
                              .act = DIR_SAVE_ACT_REMOVE};
    assert_int_equal(dir_save_part(t->c, &f, &r, &v), E_ITEM_FAULTS); /* the ID card's blank form */
    assert_int_equal(doc_now(t, id, version).files.n, 3);
}

/* --- preview --- */

void test_directory__a_preview_is_the_guide_of_the_draft(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_preview v = {0};
    struct str agent = STR("agent");
    begin(t);
    int64_t id = id_of(t, FIRST), version = opened(t, id);
    assert_int_equal(save_phone(t, id, version, 1, "0377-55"), E_OK);
    assert_int_equal(dir_preview_show(t->c, &(struct dir_preview_of_form){id, version, {&agent, 1}},
                                      &r, &v),
                     E_OK);
    assert_true(v.guide.is_draft);
    assert_true(str_is(v.state, "draft"));
    bool is_there = false;
    for (size_t i = 0; i < v.guide.elements.n; i++)
        is_there = is_there || str_is(v.guide.elements.v[i].text, "0377-55");
    assert_true(is_there);
    assert_int_equal(v.guide.answers.n, 1);
    assert_non_null(v.guide.next); /* what relation? */
    assert_true(str_starts(v.guide.files.v[0].href, v.guide.base));
    assert_true(str_starts(v.guide.base, STR("/admin/items/")));
    /* what is in force is shown by the same code as to visitors */
    struct item_row row;
    struct item_view seen;
    assert_int_equal(item_by_its_id(t->c, id, &row), E_OK);
    assert_int_equal(item_view_fill(t->c, &row, &seen), E_OK);
    assert_int_equal(dir_preview_show(t->c, &(struct dir_preview_of_form){.id = id, .version = 1},
                                      &r, &v),
                     E_OK);
    assert_int_equal(seen.elements.n, v.guide.elements.n);
    for (size_t i = 0; i < seen.elements.n; i++) {
        assert_true(str_eq(seen.elements.v[i].text, v.guide.elements.v[i].text));
        assert_true(str_eq(seen.elements.v[i].state, v.guide.elements.v[i].state));
    }
    assert_true(str_eq(seen.agency, v.guide.agency));
    assert_int_equal(seen.papers.n, v.guide.papers.n);
    assert_int_equal(seen.completeness, v.guide.completeness);
}

/* --- many at once --- */

static struct texts both(struct test *t)
{
    struct str *v = ARENA_ARRAY(t->c->arena, struct str, 2);
    v[0] = str_fmt(t->c->arena, "%lld", (long long)id_of(t, FIRST));
    v[1] = str_fmt(t->c->arena, "%lld", (long long)id_of(t, SECOND));
    return (struct texts){v, 2};
}

static enum err plan(struct test *t, struct dir_bulk_plan_form *f, struct request *q,
                     struct dir_planned *v)
{
    struct reply r = {.c = t->c};
    t->c->request = q;
    enum err e = dir_bulk_before(t->c, f);
    t->c->request = NULL;
    return e == E_OK ? dir_bulk_plan(t->c, f, &r, v) : e;
}

/* As a request does it: the slices, then the act. */
static enum err apply_batch(struct test *t, int64_t id, struct dir_applied *v)
{
    struct reply r = {.c = t->c};
    struct dir_batch_why_form f = {.id = id};
    TRY(dir_batch_before(t->c, &f));
    return dir_batch_apply(t->c, &f, &r, v);
}

static int64_t planned(struct test *t)
{
    struct dir_bulk_plan_form f = {.picks = both(t), .field = STR("consult_phone")};
    struct dir_planned v;
    as(t, EDITOR);
    assert_int_equal(plan(t, &f,
                          SENDS(t, "consult_phone.zh", "0377-9", "consult_phone.en", "",
                                "consult_phone.state", "read"),
                          &v),
                     E_OK);
    assert_int_equal(v.items, 2);
    return v.id;
}

void test_directory__a_change_of_many_is_looked_at_first(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_batch v = {0};
    struct item_version_infos at_work;
    begin(t);
    int64_t id = planned(t);
    assert_int_equal(item_versions_at_work(t->c, ITEM_DRAFT, &at_work), E_OK);
    assert_int_equal(at_work.n, 0);
    assert_int_equal(dir_batch_show(t->c, &(struct dir_batch_id_form){id}, &r, &v), E_OK);
    assert_int_equal(v.items.n, 2);
    assert_int_equal(v.ready, 2);
    assert_true(v.can_apply && !v.can_undo);
    bool shows_new = false;
    for (size_t i = 0; i < v.items.v[0].changes.n; i++)
        shows_new = shows_new || str_is(v.items.v[0].changes.v[i].after, "0377-9");
    assert_true(shows_new);
}

void test_directory__many_drafts_are_made_but_nobody_is_overwritten(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_applied v;
    struct dir_batch shown = {0};
    struct dir_batch_why_form f = {0};
    struct dir_open_draft_of_row *open;
    begin(t);
    int64_t first = id_of(t, FIRST), second = id_of(t, SECOND), theirs = opened(t, first);
    as(t, CHECKER);
    f.id = planned(t);
    assert_int_equal(dir_batch_show(t->c, &(struct dir_batch_id_form){f.id}, &r, &shown), E_OK);
    assert_int_equal(shown.ready, 1);
    assert_int_equal(apply_batch(t, f.id, &v), E_OK);
    assert_int_equal(v.made, 1);
    assert_int_equal(v.left_out, 1);
    assert_string_not_equal(phone_of(t, first, theirs), "0377-9");
    assert_int_equal(dir_open_draft_of(t->c, t->c->center_id, second, &open), E_OK);
    assert_non_null(open);
    assert_string_equal(phone_of(t, second, open->version), "0377-9");
    assert_string_not_equal(phone_of(t, second, 1), "0377-9"); /* nothing is published by it */
    assert_int_equal(apply_batch(t, f.id, &v), E_DIR_BATCH_STATE);
    /* undone in one act; the other's draft stays */
    assert_int_equal(dir_batch_undo(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.made, 1);
    assert_int_equal(dir_open_draft_of(t->c, t->c->center_id, second, &open), E_OK);
    assert_null(open);
    assert_int_equal(dir_open_draft_of(t->c, t->c->center_id, first, &open), E_OK);
    assert_non_null(open);
    assert_int_equal(dir_batch_undo(t->c, &f, &r, &v), E_DIR_BATCH_STATE);
}

void test_directory__an_undone_batch_leaves_what_somebody_went_on_with(struct test *t)
{
    struct reply r = {.c = t->c};
    struct dir_applied v;
    struct dir_batch_why_form f = {0};
    struct dir_open_draft_of_row *open;
    begin(t);
    f.id = planned(t);
    assert_int_equal(apply_batch(t, f.id, &v), E_OK);
    assert_int_equal(v.made, 2);
    int64_t first = id_of(t, FIRST);
    assert_int_equal(dir_open_draft_of(t->c, t->c->center_id, first, &open), E_OK);
    as(t, CHECKER);
    assert_int_equal(save_phone(t, first, open->version, 2, "0377-10"), E_OK);
    assert_int_equal(dir_batch_undo(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.made, 1);
    assert_int_equal(v.left_out, 1);
    assert_string_equal(phone_of(t, first, open->version), "0377-10");
}

void test_directory__a_change_of_many_refuses_what_makes_no_sense(struct test *t)
{
    struct dir_bulk_plan_form f = {.field = STR("task_code")};
    struct dir_planned v;
    struct reply r = {.c = t->c};
    struct dir_applied applied;
    struct dir_batch shown;
    begin(t);
    f.picks = both(t);
    assert_int_equal(plan(t, &f, SENDS(t, "task_code.zh", "x"), &v), E_DIR_BULK_FIELD);
    f.field = STR("consult_phone");
    assert_int_equal(plan(t, &f, SENDS(t, "task_code.zh", "x"), &v), E_DIR_PAIRS);
    assert_int_equal(plan(t, &f, SENDS(t, "consult_phone.zh", "0377-9", "task_code.zh", "x"), &v),
                     E_DIR_PAIRS);
    f.picks.n = 0;
    assert_int_equal(plan(t, &f, SENDS(t, "consult_phone.zh", "0377-9"), &v), E_DIR_NOTHING);
    f.picks = (struct texts){&STR("99"), 1};
    assert_int_equal(plan(t, &f, SENDS(t, "consult_phone.zh", "0377-9"), &v), E_NO_SUCH_ITEM);
    f.picks = both(t);
    const char *same = phone_of(t, id_of(t, FIRST), 1);
    assert_int_equal(plan(t, &f, SENDS(t, "consult_phone.zh", same), &v), E_DIR_NO_CHANGE);
    assert_int_equal(apply_batch(t, 5, &applied), E_DIR_NO_BATCH);
    assert_int_equal(dir_batch_show(t->c, &(struct dir_batch_id_form){5}, &r, &shown),
                     E_DIR_NO_BATCH);
}

/* A value that the rules of a document forbid is told for each item, and makes no draft. */
void test_directory__a_value_of_the_wrong_type_makes_no_drafts(struct test *t)
{
    struct dir_bulk_plan_form f = {.picks = {0}, .field = STR("promise_day")};
    struct dir_planned v;
    struct dir_batch shown = {0};
    struct dir_applied applied;
    struct reply r = {.c = t->c};
    begin(t);
    f.picks = both(t);
    assert_int_equal(plan(t, &f, SENDS(t, "promise_day.zh", "五天", "promise_day.state", "read"),
                          &v),
                     E_OK);
    assert_int_equal(dir_batch_show(t->c, &(struct dir_batch_id_form){v.id}, &r, &shown), E_OK);
    assert_int_equal(shown.ready, 0);
    assert_false(shown.can_apply);
    assert_true(shown.items.v[0].faults.n > 0);
    assert_int_equal(apply_batch(t, v.id, &applied), E_OK);
    assert_int_equal(applied.made, 0);
    assert_int_equal(applied.left_out, 2);
}

/* --- tables, with transactions of their own as in the server --- */

struct live {
    struct test *t;
    struct dir_upload_form f;
    struct dir_planned planned;
    struct dir_applied applied;
    struct dir_batch batch;
    struct item_doc doc;
};

static enum err keep(struct ctx *c, void *arg)
{
    struct live *l = arg;
    struct reply r = {.c = c};
    return dir_upload_plan(c, &l->f, &r, &l->planned);
}

static enum err show(struct ctx *c, void *arg)
{
    struct live *l = arg;
    struct reply r = {.c = c};
    return dir_batch_show(c, &(struct dir_batch_id_form){l->planned.id}, &r, &l->batch);
}

static enum err apply(struct ctx *c, void *arg)
{
    struct live *l = arg;
    struct reply r = {.c = c};
    return dir_batch_apply(c, &(struct dir_batch_why_form){.id = l->planned.id}, &r, &l->applied);
}

static enum err read_doc(struct ctx *c, void *arg)
{
    struct live *l = arg;
    struct item_row row;
    TRY(item_by_any_code(c, STR(FIRST), &row));
    return item_doc_of_tables(c, row.id, &l->doc);
}

static enum err give(struct live *l, const char *table)
{
    struct test *t = l->t;
    as(t, EDITOR);
    l->f = (struct dir_upload_form){.kind = DIR_UPLOAD_KIND_ITEM_QUESTIONS,
                                    .file = {STR("file"), STR("问题.csv"), str_of(table)}};
    TRY(dir_upload_before(t->c, &l->f));
    return store_act(t->store, t->c, keep, l);
}

#define QUESTIONS "item,question,question_en,answer,answer_en,state,source\n"

void test_live_directory__a_table_becomes_drafts_and_changes_nothing_before(struct test *t)
{
    struct live l = {.t = t};
    assert_int_equal(store_bulk(t->store, t->c, load, t), E_OK);
    t->c->now += 1000;
    assert_int_equal(give(&l, QUESTIONS FIRST ",要预约吗？,,不用,,read,x\n"), E_OK);
    assert_int_equal(l.planned.items, 1);
    assert_int_equal(store_read(t->store, t->c, read_doc, &l), E_OK);
    assert_int_equal(l.doc.questions.n, 2); /* the sample's, untouched */
    assert_int_equal(store_read(t->store, t->c, show, &l), E_OK);
    assert_true(l.batch.can_apply);
    assert_int_equal(l.batch.items.v[0].changes.n, 3); /* two questions go, one comes */
    struct dir_batch_why_form f = {.id = l.planned.id};
    assert_int_equal(dir_batch_before(t->c, &f), E_OK);
    assert_int_equal(dir_batch_before(t->c, &f),
                     E_OK); /* cut short and asked for again: nothing is made twice */
    assert_int_equal(store_act(t->store, t->c, apply, &l), E_OK);
    assert_int_equal(l.applied.made, 1);
    assert_int_equal(store_read(t->store, t->c, read_doc, &l), E_OK);
    assert_int_equal(l.doc.questions.n, 2);
    /* the same again: somebody works on it */
    assert_int_equal(give(&l, QUESTIONS FIRST ",要预约吗？,,要,,read,x\n"), E_OK);
    assert_int_equal(store_read(t->store, t->c, show, &l), E_OK);
    assert_int_equal(l.batch.ready, 0);
}

void test_live_directory__a_bad_table_is_told_whole_and_nothing_is_taken(struct test *t)
{
    struct live l = {.t = t};
    assert_int_equal(store_bulk(t->store, t->c, load, t), E_OK);
    t->c->now += 1000;
    assert_int_equal(give(&l,
                          QUESTIONS FIRST ",要预约吗？,,不用,,read,x\n"
                                          "999999999999,问,,答,,read,x\n" SECOND ",问,,,,seen,x\n"),
                     E_OK);
    assert_true(str_is(l.planned.state, "faulty"));
    assert_int_equal(l.planned.faults,
                     3); /* line 3: no such item; line 4: no answer, a word that is none */
    assert_int_equal(store_read(t->store, t->c, show, &l), E_OK);
    assert_int_equal(l.batch.faults.v[0].line, 3);
    assert_int_equal(l.batch.faults.v[1].line, 4);
    assert_int_equal(l.batch.items.n, 0);
    assert_false(l.batch.can_apply);
    assert_int_equal(dir_batch_before(t->c, &(struct dir_batch_why_form){.id = l.planned.id}),
                     E_DIR_BATCH_STATE);
    assert_int_equal(give(&l, ""), E_OK);
    assert_true(str_is(l.planned.state, "faulty"));
    assert_int_equal(give(&l, QUESTIONS), E_DIR_TABLE_EMPTY);
    assert_string_equal(t->c->refusal.field, "file");
}
