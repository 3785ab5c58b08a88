/* Personal data: found again, never stored open, refused when wrong. The ID numbers are the synthetic
 * ones of DOMAIN.md 2.1 and the standard's own example (GB 11643). */
#include "party.h"
#include "test.h"
#include <string.h>

static const struct party_facts li = {.name = {"李建国", 9},
                                      .id_type = ID_RESIDENT,
                                      .id_no = {"11010519491231002X", 18},
                                      .phone = {"13800001234", 11}};

void test_party__the_same_number_is_the_same_person(struct test *t)
{
    int64_t first, second;
    struct str masked;
    assert_int_equal(party_record(t->c, &li, "applicant", &first, &masked), E_OK);
    assert_true(str_is(masked, "李**") || str_is(masked, "李*"));
    struct party_facts lower = li;
    lower.id_no = STR("11010519491231002x");
    assert_int_equal(party_record(t->c, &lower, "applicant", &second, &masked), E_OK);
    assert_int_equal(first, second);
}

void test_party__nothing_is_stored_open(struct test *t)
{
    int64_t id;
    struct str masked;
    struct party_row *row;
    assert_int_equal(party_record(t->c, &li, "applicant", &id, &masked), E_OK);
    assert_int_equal(party(t->c, t->c->center_id, id, &row), E_OK);
    assert_non_null(row);
    assert_true(str_find(row->id_no_sealed, li.id_no) < 0);
    assert_true(str_find(row->name_sealed, li.name) < 0);
    struct party_facts back;
    assert_int_equal(party_read(t->c, id, STR("受理"), &back), E_OK);
    assert_true(str_eq(back.id_no, li.id_no));
    assert_true(str_eq(back.name, li.name));
    assert_true(str_eq(back.phone, li.phone));
}

void test_party__a_wrong_number_names_its_field(struct test *t)
{
    int64_t id;
    struct str masked;
    struct party_facts wrong = li;
    wrong.id_no = STR("110105194912310021");
    assert_int_equal(party_record(t->c, &wrong, "agent", &id, &masked), E_ID_NO_WRONG);
    assert_string_equal(t->c->refusal.field, "agent_id_no");
}
