/* A document in which everything is said, and the terms, for the tests of this folder. */
#include "item_sample.h"
#include "calendar.h"
#include "center.h"
#include "csv.h"
#include "item.h"
#include "item_version.h"
#include <string.h>

#define SAMPLE_USCC                                                                                \
    "12441500196720244T" /* a real one with valid check characters (DOMAIN.md 2.5) */

static struct str constant_of(const struct element_term *e)
{
    if (str_is(e->field, "catalog_code"))
        return STR("412011013000");
    if (str_is(e->field, "task_code"))
        return STR(SAMPLE_USCC "4412011013000");
    if (str_is(e->field, "dept_code"))
        return STR(SAMPLE_USCC);
    if (str_is(e->field, "dept_name"))
        return STR("民政局");
    /* what the rules of item_rules.h ask for */
    if (str_is(e->field, "server_type"))
        return STR("1,2");
    if (str_is(e->field, "consult_phone"))
        return STR("0377-63000001");
    if (str_is(e->field, "complain_phone"))
        return STR("0377-63000002");
    return STR("说明\n第二行");
}

static struct str value_for(struct test *t, const struct item_terms *terms,
                            const struct element_term *e)
{
    switch (e->type) {
    case VALUE_INT:
        return STR("7");
    case VALUE_FLAG:
        return STR("1");
    case VALUE_DATE:
        return STR("2026-03-02");
    case VALUE_FILE:
        return STR("sample");
    case VALUE_URL:
        return STR("https://example.com/a?b=1");
    case VALUE_CODE:
    case VALUE_CODES:
        if (str_is(e->field, "server_type"))
            break;
        for (size_t i = terms->code_count; i-- > 0;) /* the last of its scheme */
            if (str_eq(terms->codes[i].scheme, e->scheme))
                return terms->codes[i].code;
        fail_msg("no codes of %s", str_z(t->c->arena, e->scheme));
        break;
    case VALUE_TEXT:
    case VALUE_LIST:
    case VALUE_TYPE_COUNT:
        break;
    }
    return constant_of(e);
}

void load_terms(struct test *t)
{
    static const struct {
        const char *file;
        enum err (*import)(struct ctx *, struct table_in *);
    } files[] = {{"elements", elements_import}, {"codes", codes_import}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct table_in in;
        struct str path =
            str_fmt(t->c->arena, "%s/../catalogue/%s.csv", test_data_dir(t), files[i].file);
        assert_int_equal(table_open_file(t->c, &in, path), E_OK);
        assert_int_equal(files[i].import(t->c, &in), E_OK);
        assert_int_equal(table_end(t->c, &in), E_OK);
    }
}

void start_with_terms(struct test *t, struct item_terms *ret)
{
    test_start_with(t, load_terms);
    assert_int_equal(item_terms_read(t->c, ret), E_OK);
}

static const char sample_json[] =
    "{\"bases\":[{\"kind\":\"law\",\"law\":\"民法典\",\"law_en\":\"Civil Code\",\"document_no\":"
    "\"主席令第四十五号\",\"article\":\"第一千零四十九条\",\"wording\":\"要求结婚的……\",\"state\":"
    "\"read\",\"source\":\"s\"}],"
    "\"papers\":["
    "{\"position\":1,\"name\":\"居民身份证\",\"name_en\":\"ID card\",\"kind\":\"original\","
    "\"medium\":\"any\",\"copies\":2,\"necessity\":\"required\",\"provider\":\"applicant\","
    "\"source_note\":\"n\",\"page_format\":\"A4\",\"blank_file\":\"form\",\"sample_file\":"
    "\"filled\",\"fill_note\":\"f\",\"fill_note_en\":\"fe\",\"standard\":\"s\",\"standard_en\":"
    "\"se\",\"basis\":\"b\",\"basis_en\":\"be\",\"on_site\":true,\"issuer\":\"公安\",\"issuer_en\":"
    "\"police\",\"time_rule\":"
    "\"三个月内\",\"where_to_get\":\"派出所\",\"where_to_get_en\":\"police "
    "station\",\"licence_type\":\"L1\",\"state\":\"read\","
    "\"source\":\"x\"},"
    "{\"position\":2,\"name\":\"委托书\",\"kind\":\"form\",\"copies\":1,\"necessity\":\"optional\","
    "\"provider\":\"applicant\",\"basis\":\"b\",\"state\":\"demonstration\"},"
    "{\"position\":3,\"name\":\"亲属关系材料\",\"kind\":\"either\",\"copies\":1,\"necessity\":"
    "\"optional\",\"provider\":\"government\",\"basis\":\"b\",\"state\":\"demonstration\"}],"
    "\"fees\":[{\"name\":\"工本费\",\"name_en\":\"Fee\",\"standard\":\"9元\",\"standard_en\":\"9 "
    "yuan\",\"basis\":\"b\",\"can_reduce\":true,\"reduce_note\":\"低保免\",\"reduce_note_en\":"
    "\"free\",\"state\":\"read\",\"source\":\"x\"}],"
    "\"questions\":[{\"question\":\"要带户口簿吗？\",\"question_en\":\"q\",\"answer\":\"不用\","
    "\"answer_en\":\"no\",\"state\":\"read\",\"source\":\"x\"},{\"question\":\"多久？\",\"answer\":"
    "\"当场\",\"state\":\"read\"}],"
    "\"situations\":["
    "{\"code\":\"who\",\"question\":\"谁来办？\",\"question_en\":\"Who?\",\"state\":\"read\","
    "\"source\":\"x\",\"options\":[{\"code\":\"self\",\"name\":\"本人\",\"name_en\":\"self\"},"
    "{\"code\":\"agent\",\"name\":\"别人\",\"papers\":[{\"paper\":2,\"necessity\":\"required\"}]}]}"
    ","
    "{\"code\":\"relation\",\"parent\":\"agent\",\"question\":\"什么关系？\",\"state\":\"read\","
    "\"options\":[{\"code\":\"spouse\",\"name\":\"配偶\",\"papers\":[{\"paper\":3,\"necessity\":"
    "\"later\"}]},{\"code\":\"child\",\"name\":\"子女\",\"papers\":[{\"paper\":3,\"necessity\":"
    "\"required\"}]}]},"
    "{\"code\":\"age\",\"question\":\"成年了吗？\",\"state\":\"read\",\"options\":[{\"code\":"
    "\"adult\",\"name\":\"成年\"},{\"code\":\"minor\",\"name\":\"未成年\"}]}],"
    "\"files\":["
    "{\"code\":\"form\",\"kind\":\"blank\",\"name\":\"表\",\"content_type\":\"application/pdf\","
    "\"size\":10,\"digest\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
    "\"state\":\"read\",\"source\":\"x\"},"
    "{\"code\":\"filled\",\"kind\":\"filled\",\"name\":\"样\",\"content_type\":\"application/pdf\","
    "\"size\":11,\"digest\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddee00\","
    "\"state\":\"read\"},"
    "{\"code\":\"sample\",\"kind\":\"result\",\"name\":\"证\",\"content_type\":\"image/png\","
    "\"size\":12,\"digest\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddee01\","
    "\"state\":\"read\"}],"
    "\"handlings\":["
    "{\"code\":\"" SAMPLE_USCC "441201101300001\",\"kind\":\"new\",\"name\":\"补领\",\"name_en\":"
    "\"n\",\"is_immediate\":true,\"legal_days\":5,\"legal_unit\":\"working\",\"promised_days\":1,"
    "\"promised_unit\":\"natural\",\"state\":\"read\",\"source\":\"x\"},"
    "{\"code\":\"" SAMPLE_USCC "441201101300002\",\"kind\":\"renew\",\"name\":\"换领\","
    "\"legal_unit\":\"working\",\"promised_unit\":\"working\",\"state\":\"read\"}]}";

void sample_doc(struct test *t, struct item_doc *ret)
{
    struct item_terms terms;
    struct doc_faults faults;
    assert_int_equal(item_doc_read(t->c, str_of(sample_json), ret, &faults), E_OK);
    assert_int_equal(item_terms_read(t->c, &terms), E_OK);
    for (size_t i = 0; i < terms.element_count; i++) {
        const struct element_term *e = &terms.elements[i];
        bool is_entered =
            (str_is(e->part, "A") || str_is(e->part, "B")) && !str_is(e->rule, "derived");
        bool has_english = e->type == VALUE_TEXT && e->max_chars > 200;
        if (is_entered)
            doc_element_set(t->c, ret,
                            (struct doc_element){e->field, value_for(t, &terms, e),
                                                 has_english ? STR("in English") : STR(""),
                                                 STR("demonstration"), STR("made up")});
    }
}

void sample_agency(struct test *t)
{
    assert_int_equal(agency_put(t->c, t->c->center_id, 3, STR("民政局"), STR(""), STR(SAMPLE_USCC),
                                STR("0377-00000001"), STR("demonstration"), STR("x")),
                     E_OK);
}

void take_in_doc(struct test *t, const struct item_doc *d)
{
    struct item_terms terms;
    struct item_changes k = {0};
    struct doc_faults faults;
    assert_int_equal(item_terms_read(t->c, &terms), E_OK);
    assert_int_equal(item_doc_import(t->c, &k, &terms, d, &faults), E_OK);
    assert_int_equal(item_changes_end(t->c, &k), E_OK);
}

static void load_sample(struct test *t)
{
    struct item_doc d;
    sample_agency(t);
    load_terms(t);
    sample_doc(t, &d);
    take_in_doc(t, &d);
}

int64_t start_with_sample(struct test *t)
{
    struct item_row row;
    test_start_with(t, load_sample);
    assert_int_equal(item_by_any_code(t->c, STR("412011013000"), &row), E_OK);
    return row.id;
}

static void load_wolong(struct test *t)
{
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
    t->c->center_id++;
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    t->c->center_id--;
}

void start_with_wolong(struct test *t)
{
    test_start_with(t, load_wolong);
}
