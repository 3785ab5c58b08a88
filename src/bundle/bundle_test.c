/* Bundles from their tables: what is refused with its place named, what the demonstration holds, what a person is shown. */
#include "bundle.h"
#include "center.h"
#include "csv.h"
#include "test.h"

static void load_items(struct test *t)
{
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
}

static void load_bundles(struct test *t)
{
    load_items(t);
    assert_int_equal(bundle_demo(t->c, test_data_dir(t)), E_OK);
}

/* Two items are enough; their codes are those of the demonstration's directory. */
static void load(struct test *t)
{
    test_start_with(t, load_items);
}

static void load_all(struct test *t)
{
    test_start_with(t, load_bundles);
}

typedef enum err importer(struct ctx *c, struct table_in *t);

static struct table_in *import(struct test *t, importer *run, const char *csv)
{
    struct table_in *table = ARENA_NEW(t->arena, struct table_in);
    assert_true(table_open(table, t->c->arena, str_of(csv)));
    assert_int_equal(run(t->c, table), E_OK);
    table_close(table);
    return table;
}

static void good(struct test *t, importer *run, const char *csv)
{
    struct table_in *table = import(t, run, csv);
    if (table->fault_count > 0)
        fail_msg("line %d, %.*s: %.*s", table->faults[0].line, STR_ARG(table->faults[0].column),
                 STR_ARG(table->faults[0].reason));
}

/* The first fault stands there and says this. */
static void bad(struct test *t, importer *run, const char *csv, int line, const char *column,
                const char *says)
{
    struct table_in *table = import(t, run, csv);
    assert_true(table->fault_count > 0);
    const struct table_fault *f = &table->faults[0];
    if (f->line != line || !str_is(f->column, column) || str_find(f->reason, str_of(says)) < 0)
        fail_msg("line %d, %.*s: %.*s", f->line, STR_ARG(f->column), STR_ARG(f->reason));
}

#define BUNDLES "code,name,name_en,audience,stage,position,lead,summary,summary_en,state,source\n"
#define COMPONENTS                                                                                 \
    "bundle,position,code,item,name,name_en,agency,agency_en,days,unit,visits,outside,cost,"       \
    "cost_en,state,source\n"
#define OPTIONS                                                                                    \
    "bundle,question,position,code,text,text_en,label,label_en,components,state,source\n"
#define EDGES "bundle,before,after,result,result_en,state,source\n"
#define PAPERS                                                                                     \
    "bundle,position,code,name,name_en,kind,copies,provider,components,produced_by,when,note,"     \
    "note_en,state,source\n"
#define FIELDS                                                                                     \
    "bundle,position,code,title,title_en,type,components,prefilled,prefilled_en,when,state,"       \
    "source\n"
#define TAIL    ",demonstration,x\n"
#define SHOP    "shop,开店,Shop,enterprise,entry,1,市场监督管理局,开店,Open a shop" TAIL
#define LICENCE "shop,1,licence,410131005003,执照,Licence,,,,,,0,," TAIL
#define BANK    "shop,2,bank,,银行户,Bank,银行,Bank,3,natural,1,1,," TAIL
#define SIGN    "shop,3,sign,412017001000,招牌,Sign,,,,,,0,," TAIL

static void add_shop(struct test *t)
{
    load(t);
    good(t, bundles_import, BUNDLES SHOP);
    good(t, bundle_components_import, COMPONENTS LICENCE BANK SIGN);
}

void test_bundle__a_bad_bundle_is_refused_at_its_place(struct test *t)
{
    load(t);
    bad(t, bundles_import,
        BUNDLES "Shop,开店,Shop,enterprise,entry,1,市场监督管理局,开店,Open" TAIL, 2, "code",
        "小写字母");
    bad(t, bundles_import,
        BUNDLES "shop,开店,Shop,enterprise,birth,1,市场监督管理局,开店,Open" TAIL, 2, "stage",
        "阶段");
    bad(t, bundles_import, BUNDLES "shop,开店,Shop,enterprise,entry,1,没有的局,开店,Open" TAIL, 2,
        "lead", "没有的局");
    bad(t, bundles_import, BUNDLES SHOP SHOP, 3, "position", "第 2 行");
    bad(t, bundles_import,
        BUNDLES SHOP "shop,开店,Shop,enterprise,entry,2,市场监督管理局,开店,Open a shop" TAIL, 3,
        "code", "第 2 行");
    bad(t, bundles_import, BUNDLES "shop,开店,,enterprise,entry,1,市场监督管理局,开店,Open" TAIL, 2,
        "name_en", "");
}

void test_bundle__a_bad_component_is_refused_at_its_place(struct test *t)
{
    load(t);
    good(t, bundles_import, BUNDLES SHOP);
    bad(t, bundle_components_import, COMPONENTS "no,1,a,410131005003,执照,Licence,,,,,,0,," TAIL, 2,
        "bundle", "没有“no”这件事");
    bad(t, bundle_components_import,
        COMPONENTS LICENCE "shop,2,a,410131999999,执照,Licence,,,,,,0,," TAIL, 3, "item",
        "没有编码为 410131999999 的事项");
    bad(t, bundle_components_import, COMPONENTS "shop,2,a,4101,执照,Licence,,,,,,0,," TAIL, 2,
        "item", "12 位");
    bad(t, bundle_components_import,
        COMPONENTS LICENCE "shop,1,a,412017001000,招牌,Sign,,,,,,0,," TAIL, 3, "position",
        "第 2 行");
    bad(t, bundle_components_import,
        COMPONENTS LICENCE "shop,2,licence,412017001000,招牌,Sign,,,,,,0,," TAIL, 3, "code",
        "第 2 行");
    bad(t, bundle_components_import,
        COMPONENTS "shop,1,a,410131005003,执照,Licence,,,5,working,,0,," TAIL, 2, "days",
        "以事项目录为准");
    bad(t, bundle_components_import,
        COMPONENTS "shop,1,a,,银行户,Bank,银行,Bank,3,weeks,1,1,," TAIL, 2, "unit", "");
    bad(t, bundle_components_import, COMPONENTS "shop,1,a,,银行户,Bank,,Bank,3,natural,1,1,," TAIL,
        2, "agency", "");
}

void test_bundle__a_cycle_is_refused_at_one_of_its_lines(struct test *t)
{
    add_shop(t);
    bad(t, bundle_edges_import,
        EDGES "shop,licence,bank,执照,licence" TAIL "shop,bank,sign,账户,account" TAIL
              "shop,sign,licence,招牌,sign" TAIL,
        2, "after", "谁也办不成");
    bad(t, bundle_edges_import, EDGES "shop,licence,licence,执照,licence" TAIL, 2, "after",
        "licence → licence");
    bad(t, bundle_edges_import, EDGES "shop,licence,shop,执照,licence" TAIL, 2, "after",
        "没有办件“shop”");
    bad(t, bundle_edges_import,
        EDGES "shop,licence,bank,执照,licence" TAIL "shop,licence,bank,执照,licence" TAIL, 3,
        "after", "第 2 行");
    good(t, bundle_edges_import, EDGES "shop,licence,bank,执照,licence" TAIL);
}

void test_bundle__words_that_lead_nowhere_are_refused(struct test *t)
{
    add_shop(t);
    good(t, bundle_options_import,
         OPTIONS "shop,1,1,yes,要吗,Want,要,Yes,sign" TAIL "shop,1,2,no,要吗,Want,不,No," TAIL);
    bad(t, bundle_options_import, OPTIONS "shop,1,1,yes,要吗,Want,要,Yes,flag" TAIL, 2,
        "components", "flag");
    bad(t, bundle_options_import, OPTIONS "shop,6,1,yes,要吗,Want,要,Yes,sign" TAIL, 2, "question",
        "");
    bad(t, bundle_options_import,
        OPTIONS "shop,1,1,yes,要吗,Want,要,Yes,sign" TAIL "shop,1,1,no,要吗,Want,不,No," TAIL, 3,
        "position", "第 2 行");
    bad(t, bundle_papers_import,
        PAPERS "shop,1,id,身份证,ID,original,1,applicant,licence;seal,,,," TAIL, 2, "components",
        "seal");
    bad(t, bundle_papers_import,
        PAPERS "shop,1,id,身份证,ID,original,1,applicant,licence,,maybe,," TAIL, 2, "when",
        "maybe");
    bad(t, bundle_papers_import,
        PAPERS "shop,1,id,身份证,ID,original,1,applicant,licence,licence,,," TAIL, 2, "produced_by",
        "自己办出来");
    bad(t, bundle_papers_import, PAPERS "shop,1,id,身份证,ID,original,1,applicant,;,,,," TAIL, 2,
        "components", "");
    /* The command takes a refused file back; here its rows stand until the next file of the kind. */
    good(t, bundle_papers_import,
         PAPERS "shop,1,id,身份证,ID,original,1,applicant,licence,,yes,," TAIL);
    bad(t, bundle_fields_import, FIELDS "shop,1,name,店名,Name,text,shop,,," TAIL, 2, "components",
        "没有办件“shop”");
    good(t, bundle_fields_import, FIELDS "shop,1,name,店名,Name,text,licence;sign,,," TAIL);
}

void test_bundle__a_component_that_others_use_is_not_dropped(struct test *t)
{
    add_shop(t);
    good(t, bundle_edges_import, EDGES "shop,licence,bank,执照,licence" TAIL);
    bad(t, bundle_components_import, COMPONENTS LICENCE SIGN, 2, "bundle", "bundle_edges");
}

/* A file takes the place of what the bundle had; another bundle keeps its own. */
void test_bundle__a_file_replaces_the_rows_of_the_bundles_it_names(struct test *t)
{
    struct bundle_components_rows rows;
    add_shop(t);
    good(t, bundles_import,
         BUNDLES SHOP "bar,酒吧,Bar,enterprise,entry,2,市场监督管理局,酒吧,A bar" TAIL);
    good(t, bundle_components_import,
         COMPONENTS "bar,1,licence,410131005003,执照,Licence,,,,,,0,," TAIL);
    assert_int_equal(bundle_components(t->c, t->c->center_id, STR("shop"), &rows), E_OK);
    assert_int_equal(rows.n, 3);
    good(t, bundle_components_import, COMPONENTS LICENCE);
    assert_int_equal(bundle_components(t->c, t->c->center_id, STR("shop"), &rows), E_OK);
    assert_int_equal(rows.n, 1);
    assert_int_equal(bundle_components(t->c, t->c->center_id, STR("bar"), &rows), E_OK);
    assert_int_equal(rows.n, 1);
}

/* --- the demonstration --- */

static struct bundle_view view_of(struct test *t, const char *code, const char *q1, const char *q2,
                                  const char *q3, const char *q4, const char *q5)
{
    struct bundle_view v = {0};
    struct reply r = {.c = t->c};
    struct bundle_answers_form f = {.code = str_of(code),
                                    .q1 = str_of(q1),
                                    .q2 = str_of(q2),
                                    .q3 = str_of(q3),
                                    .q4 = str_of(q4),
                                    .q5 = str_of(q5)};
    assert_int_equal(bundle_show(t->c, &f, &r, &v), E_OK);
    return v;
}

void test_bundle__the_demonstration_holds_those_of_the_national_lists(struct test *t)
{
    static const char *const complete[] = {"newborn", "restaurant",  "retire",
                                           "death",   "second_hand", "company"};
    struct bundle_list v = {0};
    struct bundle_query_form f = {0};
    struct reply r = {.c = t->c};
    load_all(t);
    assert_int_equal(bundles_show(t->c, &f, &r, &v), E_OK);
    assert_true(v.total >= 20);
    for (size_t i = 0; i < v.items.n; i++) {
        struct bundle_view b =
            view_of(t, str_z(t->arena, v.items.v[i].code), NULL, NULL, NULL, NULL, NULL);
        assert_true(v.items.v[i].components >= 3);
        assert_int_equal(v.items.v[i].demonstration, b.demonstration);
        assert_true(b.demonstration && b.fields.n >= 10 && b.to_write >= 1);
    }
    for (size_t i = 0; i < sizeof complete / sizeof *complete; i++) {
        struct bundle_view b = view_of(t, complete[i], NULL, NULL, NULL, NULL, NULL);
        assert_true(b.questions.n >= 3 && b.questions.n <= 5 && b.papers.n >= 5 && b.known.n >= 1);
        assert_true(b.fields.n >= 10 && b.edges.n >= 4 && b.waves >= 3);
    }
}

static const struct bundle_paper *paper_of(const struct bundle_paper_list *all, const char *code)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_is(all->v[i].code, code))
            return &all->v[i];
    return NULL;
}

static const struct bundle_step *step_of(const struct bundle_view *v, const char *code)
{
    for (size_t i = 0; i < v->steps.n; i++)
        if (str_is(v->steps.v[i].code, code))
            return &v->steps.v[i];
    return NULL;
}

/* The household register before the medical insurance (DOMAIN.md 8.5), and what that spares the parents. */
void test_bundle__a_newborn_is_registered_before_it_is_insured(struct test *t)
{
    load_all(t);
    struct bundle_view v = view_of(t, "newborn", "married", "worker", "card_yes", "self", NULL);
    assert_true(step_of(&v, "birth_cert")->wave < step_of(&v, "register")->wave);
    assert_true(step_of(&v, "register")->wave < step_of(&v, "insure")->wave);
    assert_true(paper_of(&v.papers, "birth_cert") == NULL &&
                paper_of(&v.known, "birth_cert") != NULL);
    assert_true(paper_of(&v.papers, "parentage") == NULL && paper_of(&v.papers, "proxy") == NULL);
    assert_true(str_is(paper_of(&v.papers, "receipt")->need, "needed"));
    assert_int_equal(v.open, 0);
    assert_int_equal(v.term.least_days, v.term.most_days);
    v = view_of(t, "newborn", "unmarried", "uninsured", "card_no", "other", NULL);
    assert_true(paper_of(&v.papers, "parentage") != NULL && paper_of(&v.papers, "proxy") != NULL);
    assert_true(step_of(&v, "claim") == NULL && paper_of(&v.papers, "receipt") == NULL);
    assert_int_equal(v.term.most_days, 0);
}

void test_bundle__open_questions_leave_maybe(struct test *t)
{
    load_all(t);
    struct bundle_view v = view_of(t, "newborn", NULL, "no such answer", "worker", NULL, NULL);
    assert_int_equal(v.open, 4); /* an answer to another question is none */
    assert_true(str_is(step_of(&v, "claim")->need, "maybe"));
    assert_true(str_is(paper_of(&v.papers, "parentage")->need, "maybe"));
    assert_true(v.term.least_days < v.term.most_days);
}

/* Terms come from the directory: 7 days for health certificates, 8 for the food permit. */
void test_bundle__the_term_of_a_restaurant_is_its_slowest_chain(struct test *t)
{
    load_all(t);
    struct bundle_view v = view_of(t, "restaurant", "own", "small", "sign_yes", "smoke_no", "self");
    assert_int_equal(v.term.most_days, 15);
    assert_int_equal(v.term.path.n, 2);
    assert_true(str_find(v.term.sentence, STR("办健康证 → 食品经营许可")) >= 0);
    assert_true(step_of(&v, "food")->critical && !step_of(&v, "sign")->critical);
    assert_true(step_of(&v, "company") == NULL);
}

/* A guide names the bundles that hold its item. */
void test_bundle__an_item_knows_its_bundles(struct test *t)
{
    struct item_view v;
    load_all(t);
    assert_int_equal(item_guide(t->c, STR("412023001000"), &v), E_OK);
    assert_int_equal(v.also.n, 1);
    assert_true(str_is(v.also.v[0].path, "/bundles/newborn") &&
                str_is(v.also.v[0].name, "新生儿出生"));
}

void test_bundle__another_name_is_not_found(struct test *t)
{
    struct bundle_view v = {0};
    struct reply r = {.c = t->c};
    struct bundle_answers_form f = {.code = STR("no_such")};
    assert_int_equal(bundle_show(t->c, &f, &r, &v), E_NO_SUCH_BUNDLE);
}

/* --- the drawing --- */

static void check_picture(const struct bundle_view *v)
{
    const struct bundle_picture *p = &v->picture;
    assert_int_equal(p->boxes.n, v->steps.n);
    assert_int_equal(p->arrows.n, v->edges.n);
    for (size_t i = 0; i < p->boxes.n; i++) {
        const struct bundle_box *b = &p->boxes.v[i];
        assert_true(b->x >= 0 && b->x + b->w <= p->w && b->y >= 0 && b->y + b->h <= p->h);
        if (i > 0)
            assert_true(b->y >= p->boxes.v[i - 1].y + p->boxes.v[i - 1].h);
        for (size_t k = 0; k < b->words.n; k++)
            assert_true(b->words.v[k].y > b->y && b->words.v[k].y < b->y + b->h);
        assert_true(b->notes.n > 0 && b->notes.v[b->notes.n - 1].y < b->y + b->h);
    }
}

void test_bundle__every_drawing_fits_its_paper(struct test *t)
{
    struct bundle_list all = {0};
    struct bundle_query_form f = {0};
    struct reply r = {.c = t->c};
    load_all(t);
    assert_int_equal(bundles_show(t->c, &f, &r, &all), E_OK);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        t->c->lang = (enum lang)lang;
        for (size_t i = 0; i < all.items.n; i++) {
            struct bundle_view v =
                view_of(t, str_z(t->arena, all.items.v[i].code), NULL, NULL, NULL, NULL, NULL);
            check_picture(&v);
        }
    }
}
