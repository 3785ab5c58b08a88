/* The thirteen basic one-things of 2022 against DOMAIN.md 8.2: what their departments do is among the components; papers
 * that several need stand once (8.5); the term of an item comes from the directory, never from the bundle. */
#include "bundle.h"
#include "center.h"
#include "csv.h"
#include "test.h"

static const struct {
    const char *bundle, *components; /* codes, with blanks; in the order of the table there */
} basic[] = {
    {"company", "licence seal tax invoices social fund bank"},
    {"operate", "company food sign drug"},
    {"hiring", "job social file medical fund"},
    {"realty", "title tax water power gas"},
    {"simple_exit", "tax licence social customs"},
    {"newborn", "birth_cert vaccine register insure card claim"},
    {"flexible", "job pension medical"},
    {"marriage", "marry birth status"},
    {"relief", "certificate living care"},
    {"veteran", "report register id pension medical"},
    {"second_hand", "transfer tax water power gas"},
    {"retire", "pension medical fund"},
    {"death", "certificate cremation register stop grant medical fund"},
};
#define BASIC (sizeof basic / sizeof *basic)

static bool has_component(const struct bundle_def *d, struct str code)
{
    for (size_t i = 0; i < d->components.n; i++)
        if (str_eq(d->components.v[i].code, code))
            return true;
    return false;
}

static void load_all(struct test *t)
{
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(bundle_demo(t->c, test_data_dir(t)), E_OK);
}

void test_bundle__the_thirteen_basic_ones_have_the_parts_of_their_departments(struct test *t)
{
    test_start_with(t, load_all);
    assert_int_equal(BASIC, 13);
    for (size_t i = 0; i < BASIC; i++) {
        struct bundle_def *d = ARENA_NEW(t->arena, struct bundle_def);
        assert_int_equal(bundle_load(t->c, str_of(basic[i].bundle), d), E_OK);
        assert_int_equal(d->fault_count, 0);
        for (struct str rest = str_of(basic[i].components); rest.p != NULL;) {
            struct str code = str_cut(&rest, ' ');
            if (!has_component(d, code))
                fail_msg("%s has no %.*s", basic[i].bundle, STR_ARG(code));
        }
    }
}

static bool is_of_several(struct str components)
{
    return str_find(components, STR(",")) >= 0 || str_find(components, STR(";")) >= 0;
}

static void look_at_parts(const struct bundle_def *d, const char *name)
{
    size_t shared = 0;
    for (size_t i = 0; i < d->components.n; i++) {
        const struct bundle_components_row *c = &d->components.v[i];
        bool is_item = c->item.n > 0;
        if (is_item && (d->items[i] == NULL || c->days != 0))
            fail_msg("%s: %.*s is no item of the hall, or has a term of its own", name,
                     STR_ARG(c->code));
        assert_true(is_item || (c->agency.n > 0 && c->unit.n > 0));
    }
    for (size_t i = 0; i < d->papers.n; i++) {
        shared += is_of_several(d->papers.v[i].components) ? 1 : 0;
        for (size_t before = 0; before < i; before++)
            if (str_eq(d->papers.v[i].name, d->papers.v[before].name))
                fail_msg("%s: %.*s stands twice", name, STR_ARG(d->papers.v[i].name));
    }
    if (shared == 0)
        fail_msg("%s shares no paper", name);
}

void test_bundle__papers_stand_once_and_terms_are_the_directorys(struct test *t)
{
    struct bundles_rows all;
    load_all(t);
    assert_int_equal(bundles(t->c, t->c->center_id, &all), E_OK);
    assert_int_equal(all.n, 27); /* bundles.csv */
    for (size_t i = 0; i < all.n; i++) {
        struct bundle_def *d = ARENA_NEW(t->arena, struct bundle_def);
        assert_int_equal(bundle_load(t->c, all.v[i].code, d), E_OK);
        look_at_parts(d, str_z(t->c->arena, all.v[i].code));
    }
}
