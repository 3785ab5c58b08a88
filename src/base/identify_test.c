/* Identifiers. Expected values: the examples printed in the standards and the worked and real
 * values of DOMAIN.md 1.3, 1.5, 2 and 11.5. */
#include "test.h"

#include "identify.h"

#include <stdio.h>
#include <string.h>

#define TODAY 20260202

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

void test_base__resident_ids_of_the_standard(struct test *t)
{
    (void)t;
    const char *const good[] = {"11010519491231002X" /* GB 11643-1999 */, "411303199003070025",
                                "810000199003070015", "820000199003070017", "830000199003070019"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(resident_id_check(str_of(good[i]), TODAY), ID_OK);
    assert_int_equal(resident_id_birth(STR("411303199003070025")), 19900307);
    assert_true(resident_id_is_female(STR("411303199003070025")));
    assert_false(resident_id_is_female(STR("810000199003070015"))); /* serial 001 */
}

void test_base__resident_ids_say_what_is_wrong(struct test *t)
{
    (void)t;
    assert_int_equal(resident_id_check(STR("41130319900307002"), TODAY), ID_LENGTH);
    assert_int_equal(resident_id_check(STR_NONE, TODAY), ID_LENGTH);
    assert_int_equal(resident_id_check(STR("41130319900307O025"), TODAY), ID_CHARACTERS);
    assert_int_equal(resident_id_check(STR("41130319900307002x"), TODAY),
                     ID_CHARACTERS); /* clean first */
    assert_int_equal(resident_id_check(STR("911303199003070025"), TODAY), ID_REGION);
    assert_int_equal(resident_id_check(STR("411303199002300025"), TODAY), ID_DATE);
    assert_int_equal(resident_id_check(STR("411303199003070024"), TODAY), ID_CHECK);
    assert_int_equal(resident_id_check(STR("411303199003070025"), 19900306), ID_FUTURE);
    assert_int_equal(resident_id_check(STR("411303199003070025"), 19900307), ID_OK);
}

/* ISO 7064: MOD 11-2 finds every single wrong digit and every swap of two neighbours. */
void test_base__resident_ids_find_every_single_slip(struct test *t)
{
    (void)t;
    const char *right = "411303199003070025";
    for (int i = 0; i < 18; i++)
        for (char ch = '0'; ch <= '9'; ch++) {
            char wrong[19];
            memcpy(wrong, right, sizeof wrong);
            wrong[i] = ch;
            assert_int_equal(resident_id_check(str_of(wrong), TODAY) == ID_OK, ch == right[i]);
        }
    for (int i = 0; i < 17; i++) {
        char swapped[19];
        memcpy(swapped, right, sizeof swapped);
        swapped[i] = right[i + 1];
        swapped[i + 1] = right[i];
        assert_int_equal(resident_id_check(str_of(swapped), TODAY) == ID_OK,
                         right[i] == right[i + 1]);
    }
}

void test_base__what_people_type_is_cleaned(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(1 << 20);
    assert_text(identify_clean(a, STR(" 11010519491231002x\t")), "11010519491231002X");
    assert_text(identify_clean(a, STR("　４１１３０３ 19900307 ００２５ ")), "411303199003070025");
    assert_text(identify_clean(a, STR("ｈ１２３４５６７８")), "H12345678");
    assert_text(identify_clean(a, STR("南字第 7 号")), "南字第7号");
    assert_text(identify_clean(a, STR("")), "");
    assert_null(identify_clean(a, STR_NONE).p);
    arena_free(a);
}

void test_base__uscc_of_the_standard_and_of_real_bodies(struct test *t)
{
    (void)t;
    const char *const good[] = {"91350100M000100Y43" /* GB 32100-2015 */,
                                "12441500196720244T",
                                "11370800MB28559184",
                                "11100000000013338W",
                                "11430000006122244L",
                                "11330105002500287C",
                                "11100000MB03271699"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (uscc_check(str_of(good[i])) != ID_OK)
            fail_msg("%s", good[i]);
    assert_int_equal(uscc_check(STR("12441500196720244")), ID_LENGTH);
    assert_int_equal(uscc_check(STR("1244150019672024OT")), ID_CHARACTERS); /* no I O S V Z */
    assert_int_equal(uscc_check(STR("12441500196720244t")), ID_CHARACTERS);
    assert_int_equal(uscc_check(STR("12A41500196720244T")), ID_REGION);
    assert_int_equal(uscc_check(STR("12441500196720245T")), ID_CHECK);
    /* the last character is right for this one, the organisation code inside is not */
    char inner[19] = "12441500196720254T";
    int right = 0;
    for (const char *p = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *p != '\0'; p++) {
        inner[17] = *p;
        right += uscc_check(str_of(inner)) == ID_OK;
    }
    assert_int_equal(right, 0);
}

void test_base__uscc_finds_every_single_slip(struct test *t)
{
    (void)t;
    const char *right = "91350100M000100Y43", *alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (int i = 0; i < 18; i++)
        for (const char *p = alphabet; *p != '\0'; p++) {
            char wrong[19];
            memcpy(wrong, right, sizeof wrong);
            wrong[i] = *p;
            assert_int_equal(uscc_check(str_of(wrong)) == ID_OK, *p == right[i]);
        }
}

void test_base__foreign_residence_cards_of_both_kinds(struct test *t)
{
    (void)t;
    assert_int_equal(foreign_residence_check(STR("941840198203301017")), ID_OK);
    assert_int_equal(foreign_residence_check(STR("941840198203301018")), ID_CHECK);
    assert_int_equal(foreign_residence_check(STR("411303199003070025")), ID_CHARACTERS);
    assert_int_equal(foreign_residence_check(STR("USA110080010101")), ID_OK);
    assert_int_equal(foreign_residence_check(STR("US1110080010101")), ID_CHARACTERS);
    assert_int_equal(foreign_residence_check(STR("USA11008001010")), ID_LENGTH);
    assert_int_equal(foreign_residence_check(STR_NONE), ID_LENGTH);
}

void test_base__papers_by_their_type(struct test *t)
{
    (void)t;
    static const struct {
        const char *text;
        enum id_type type;
        bool right;
    } papers[] = {
        {"411303199003070025", ID_RESIDENT, true},
        {"411303199003070024", ID_RESIDENT, false},
        {"11010519491231002X", ID_TEMPORARY, true},
        {"E12345678", ID_PASSPORT, true},
        {"EJ1234567", ID_PASSPORT, true},
        {"E123", ID_PASSPORT, false},
        {"E1234-678", ID_PASSPORT, false},
        {"ABCDEFGHIJKLMNOPQR", ID_PASSPORT, false},
        {"12345678", ID_TAIWAN_PERMIT, true},
        {"1234567890", ID_TAIWAN_PERMIT, true},
        {"123456789", ID_TAIWAN_PERMIT, false},
        {"1234567A", ID_TAIWAN_PERMIT, false},
        {"H12345678", ID_HK_MACAO_PERMIT, true},
        {"M1234567801", ID_HK_MACAO_PERMIT, true},
        {"A12345678", ID_HK_MACAO_PERMIT, false},
        {"H1234567801X", ID_HK_MACAO_PERMIT, false},
        {"", ID_HK_MACAO_PERMIT, false},
        {"941840198203301017", ID_FOREIGN_RESIDENCE, true},
        {"南字第1234567号", ID_OFFICER, true},
        {"", ID_OFFICER, false},
        {"123456789012345678901", ID_OFFICER, false},
        {"123456", ID_HOUSEHOLD, true},
        {"X", ID_OTHER, true},
        {"X", (enum id_type)7, false},
    };
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        if (id_no_ok(papers[i].type, str_of(papers[i].text), TODAY) != papers[i].right)
            fail_msg("%d %s", (int)papers[i].type, papers[i].text);
}

void test_base__phones_of_people_and_bodies(struct test *t)
{
    (void)t;
    const char *const good[] =
        {"13812345678", "19912345678",  "0377-63123456",   "037763123456",        "010-12345678",
         "01012345678", "0377-6312345", "0377-63123456-1", "037763123456-123456", "12345",
         "110",         "95598",        "4001234567"};
    const char *const bad[] = {"",
                               "1381234567",
                               "138123456789",
                               "12812345678",
                               "138-12345678",
                               "0377-631234",
                               "0377-631234567",
                               "63123456",
                               "0377--63123456",
                               "0377-63123456-",
                               "-0377-63123456",
                               "0377-63123456-1234567",
                               "0377-63123456-1-1",
                               "03-63123456",
                               "037763",
                               "23456",
                               "abc",
                               "0377-6312345a",
                               "0",
                               "1234567890123"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!phone_ok(str_of(good[i])))
            fail_msg("%s was refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (phone_ok(str_of(bad[i])))
            fail_msg("%s was taken", bad[i]);
    assert_true(mobile_ok(STR("13812345678")));
    assert_false(mobile_ok(STR("0377-63123456")));
}

void test_base__codes_of_items(struct test *t)
{
    (void)t;
    const char *const basic[] = {"000524018000", "000123018000", "210973001000", "001030051000",
                                 "212011084000", "219964005000", "442199806003"};
    for (size_t i = 0; i < sizeof basic / sizeof *basic; i++)
        assert_true(basic_code_ok(str_of(basic[i])));
    const char *const not_basic[] = {"",
                                     "00052401800",
                                     "0005240180000",
                                     "00052401800A",
                                     "050524018000",
                                     "710524018000",
                                     "000524000000"};
    for (size_t i = 0; i < sizeof not_basic / sizeof *not_basic; i++)
        assert_false(basic_code_ok(str_of(not_basic[i])));
    assert_true(implementation_code_ok(STR("11370800MB285591843370117002011")));
    assert_true(implementation_code_ok(STR("12441500196720244T3442199806003")));
    assert_false(implementation_code_ok(STR("12441500196720244T8442199806003"))); /* level 1 to 7 */
    assert_false(implementation_code_ok(STR("12441500196720244T0442199806003")));
    assert_false(implementation_code_ok(STR("12441500196720245T3442199806003")));
    assert_false(implementation_code_ok(STR("12441500196720244T344219980600")));
    assert_true(handling_code_ok(STR("12441500196720244T344219980600301")));
    assert_false(handling_code_ok(STR("12441500196720244T344219980600300")));
    assert_false(handling_code_ok(STR("12441500196720244T34421998060030A")));
    assert_true(region_code_ok(STR("411303")));
    assert_true(region_code_ok(STR("820000")));
    const char *const not_region[] = {"", "41130", "4113030", "471303", "901303", "41130A"};
    for (size_t i = 0; i < sizeof not_region / sizeof *not_region; i++)
        assert_false(region_code_ok(str_of(not_region[i])));
}

/* Identifiers of real electronic licences (DOMAIN.md 11.5), without the root and the dots. */
void test_base__mod37_36_of_real_licences(struct test *t)
{
    (void)t;
    assert_int_equal(mod37_36(STR("11100000000013338W01111430000006122244L20230000403001")), 'U');
    assert_int_equal(mod37_36(STR("11100000MB03271699022340100000000016001")), '9');
    assert_int_equal(mod37_36(STR("11100000000013338W00911330105002500287C2025052201002")), '0');
    assert_int_equal(mod37_36(STR("a")), '\0');
}

void test_base__masks_hide_what_they_should(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(1 << 20);
    assert_text(mask_name(a, STR("张三")), "张*");
    assert_text(mask_name(a, STR("欧阳娜娜")), "欧*");
    assert_text(mask_id_no(a, STR("411303199003070025")), "4113************25");
    assert_text(mask_id_no(a, STR("南字第1234567号")), "南字第1*****7号");
    assert_text(mask_id_no(a, STR("123456")), "******");
    assert_text(mask_phone(a, STR("13812341234")), "138****1234");
    assert_text(mask_phone(a, STR("12345")), "*****");
    assert_null(mask_name(a, STR_NONE).p);
    assert_int_equal(mask_phone(a, STR("")).n, 0);
    arena_free(a);
}
