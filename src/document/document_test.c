/* Papers: what they must hold (DOMAIN.md 3.6), their numbers, their files as other programs read them, and what the
 * check page says of them. What each paper needs is written down here a second time, from the law and the document. */
#include "document_parts.h"
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "crypt.h"
#include "file.h"
#include "identify.h"
#include "party.h"

#define ORGAN "卧龙区民政局"

static int64_t holder(struct test *t)
{
    const struct party_facts f = {.name = STR("李建国"), .id_type = ID_RESIDENT};
    struct str masked;
    int64_t id;
    assert_int_equal(party_record(t->c, &f, "applicant", &id, &masked), E_OK);
    return id;
}

/* Everything said, each part by its own words. */
static struct document_wish whole(struct test *t, enum document_kind kind)
{
    struct document_wish w = {.kind = kind,
                              .organ = STR(ORGAN),
                              .organ_code = STR("11430000006122244L"),
                              .subject = 77,
                              .party_id = holder(t),
                              .holder = STR("李*")};
    for (int i = 0; i < DOCUMENT_PART_COUNT; i++)
        w.parts[i] = str_fmt(t->arena, "内容%d乙", i + 100);
    return w;
}

static struct document_issued issued(struct test *t, enum document_kind kind)
{
    struct document_wish w = whole(t, kind);
    struct document_issued d;
    assert_int_equal(document_issue(t->c, &w, &d), E_OK);
    return d;
}

/* --- numbers --- */

void test_document__numbers_of_an_organ_begin_anew_each_year(struct test *t)
{
    assert_true(str_is(issued(t, DOCUMENT_ACCEPTANCE).number, ORGAN "〔2026〕1号"));
    assert_true(str_is(issued(t, DOCUMENT_GRANT).number, ORGAN "〔2026〕2号"));
    struct document_wish w = whole(t, DOCUMENT_GRANT);
    struct document_issued d;
    w.organ = STR("卧龙区公安分局");
    assert_int_equal(document_issue(t->c, &w, &d), E_OK);
    assert_true(str_is(d.number, "卧龙区公安分局〔2026〕1号"));
    w.organ = STR(ORGAN);
    w.parts[PART_VALIDITY] = STR("");
    assert_int_equal(document_issue(t->c, &w, &d), E_DOCUMENT_LACKS);
    assert_true(str_is(issued(t, DOCUMENT_GRANT).number, ORGAN "〔2026〕3号")); /* no gap */
    t->c->now += 366 * DAY_MS;
    assert_true(str_is(issued(t, DOCUMENT_GRANT).number, ORGAN "〔2027〕1号"));
}

struct issuing {
    struct document_wish w;
    bool is_refused;
    struct document_issued got;
};
static enum err issue_then_refuse(struct ctx *c, void *arg)
{
    struct issuing *i = arg;
    TRY(document_issue(c, &i->w, &i->got));
    return i->is_refused ? fail(c, E_DOCUMENT_PAPER, "after the number was given") : E_OK;
}

#define EACH 30
struct issuer {
    struct ctx *c;
    struct store *store;
    struct document_wish w;
    int first, failures;
};
static void *issue_many(void *arg)
{
    struct issuer *s = arg;
    for (int i = 0; i < EACH; i++) {
        struct issuing one = {.w = s->w, .is_refused = (i + s->first) % 3 == 0};
        enum err e = store_act(s->store, s->c, issue_then_refuse, &one);
        s->failures += e == (one.is_refused ? E_DOCUMENT_PAPER : E_OK) ? 0 : 1;
    }
    return NULL;
}

void test_live_document__numbers_have_neither_gaps_nor_doubles_when_acts_race_and_fail(
    struct test *t)
{
    pthread_t threads[3];
    struct issuer s[3];
    struct document_rows rows;
    assert_int_equal(store_hold(t->store, t->c), E_OK);
    struct document_wish w = whole(t, DOCUMENT_GRANT);
    assert_int_equal(store_let_go(t->c, true), E_OK);
    for (int i = 0; i < 3; i++) {
        struct arena *a = arena_new((size_t)64 << 20);
        s[i] = (struct issuer){test_new_ctx(t, a), t->store, w, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, issue_many, &s[i]), 0);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(s[i].failures, 0);
        arena_free(s[i].c->arena);
    }
    assert_int_equal(store_hold(t->store, t->c), E_OK);
    assert_int_equal(documents_of(t->c, t->c->center_id, 77, &rows), E_OK);
    assert_int_equal(rows.n, 3 * EACH * 2 / 3);
    bool seen[3 * EACH + 1] = {false};
    for (size_t i = 0; i < rows.n; i++)
        for (int n = 1; n <= 3 * EACH; n++)
            if (str_eq(rows.v[i].number, str_fmt(t->arena, ORGAN "〔2026〕%d号", n))) {
                assert_false(seen[n]);
                seen[n] = true;
            }
    for (int n = 1; n <= (int)rows.n; n++)
        assert_true(seen[n]);
    assert_int_equal(store_let_go(t->c, true), E_OK);
}

/* --- contents --- */

/* DOMAIN.md 3.6, and ALL 32(2), 38(2), 42, 45, 47, 48. */
static const struct {
    enum document_kind kind;
    const char *title;
    enum document_part must[12];
} must_hold[] = {
    {DOCUMENT_MATERIAL_RECEIPT,
     "收件凭证",
     {PART_ITEM, PART_PAPERS, PART_RECEIVED, PART_CLERK, PART_PHONE, DOCUMENT_PART_COUNT}},
    {DOCUMENT_ACCEPTANCE,
     "受理通知书",
     {PART_ITEM, PART_RECEIVED, PART_PAPERS, PART_STATEMENT, PART_BASIS, PART_DUE, PART_NOT_COUNTED,
      PART_CLERK, PART_PHONE, PART_SUPERVISION, PART_COPIES, DOCUMENT_PART_COUNT}},
    {DOCUMENT_CORRECTION,
     "补正告知书",
     {PART_RECEIVED, PART_FAULTS, PART_HOW, PART_BASIS, PART_UNTIL, PART_PHONE,
      DOCUMENT_PART_COUNT}},
    {DOCUMENT_REJECTION,
     "不予受理决定书",
     {PART_ITEM, PART_RECEIVED, PART_GROUND, PART_REASON, PART_REMEDY, DOCUMENT_PART_COUNT}},
    {DOCUMENT_EXTENSION,
     "延期通知书",
     {PART_OLD_DUE, PART_NEW_DUE, PART_REASON, PART_APPROVER, DOCUMENT_PART_COUNT}},
    {DOCUMENT_SPECIAL,
     "特别程序告知书",
     {PART_PROCEDURE, PART_DAYS, PART_FEE, PART_NOT_COUNTED, DOCUMENT_PART_COUNT}},
    {DOCUMENT_GRANT,
     "准予许可决定书",
     {PART_ITEM, PART_CONTENT, PART_CONDITIONS, PART_VALIDITY, PART_PUBLICITY,
      DOCUMENT_PART_COUNT}},
    {DOCUMENT_REFUSAL,
     "不予许可决定书",
     {PART_FACTS, PART_REASON, PART_BASIS, PART_REMEDY, DOCUMENT_PART_COUNT}},
    {DOCUMENT_HEARING_RIGHT, "听证告知书", {PART_RIGHT, PART_PERIOD, DOCUMENT_PART_COUNT}},
    {DOCUMENT_HEARING_NOTICE, "听证通知书", {PART_HEARING_AT, PART_PLACE, DOCUMENT_PART_COUNT}},
    {DOCUMENT_DELIVERY,
     "送达回证",
     {PART_ITEM, PART_SERVED, PART_PLACE, PART_SERVER, PART_DELIVERED, PART_DOCUMENTS, PART_MODE,
      PART_SIGNATURE, DOCUMENT_PART_COUNT}},
    {DOCUMENT_WITHDRAWAL, "退件单", {PART_PAPERS, PART_SIGNATURE, DOCUMENT_PART_COUNT}},
};

void test_document__a_paper_without_what_it_must_hold_is_refused_and_says_what(struct test *t)
{
    struct document_issued d;
    assert_int_equal(sizeof must_hold / sizeof *must_hold, DOCUMENT_KIND_COUNT);
    for (size_t i = 0; i < DOCUMENT_KIND_COUNT; i++) {
        assert_true(str_is(str_of(document_title(must_hold[i].kind)), must_hold[i].title));
        for (int n = 0; must_hold[i].must[n] != DOCUMENT_PART_COUNT; n++) {
            struct document_wish w = whole(t, must_hold[i].kind);
            w.parts[must_hold[i].must[n]] = STR("  ");
            assert_int_equal(document_issue(t->c, &w, &d), E_DOCUMENT_LACKS);
            assert_true(str_find(t->c->refusal.text,
                                 str_of(document_part_label(must_hold[i].must[n]))) > 0);
        }
    }
    struct document_wish nobody = whole(t, DOCUMENT_GRANT);
    nobody.organ = STR("");
    nobody.party_id = 0;
    assert_int_equal(document_issue(t->c, &nobody, &d), E_DOCUMENT_LACKS);
    assert_true(str_find(t->c->refusal.text, STR("作出文书的机关、申请人")) > 0);
}

void test_document__contents_open_for_their_own_paper_only(struct test *t)
{
    struct str parts[DOCUMENT_PART_COUNT];
    struct document_row *a, *b;
    struct document_issued one = issued(t, DOCUMENT_GRANT), other = issued(t, DOCUMENT_GRANT);
    assert_int_equal(document(t->c, t->c->center_id, one.id, &a), E_OK);
    assert_int_equal(document(t->c, t->c->center_id, other.id, &b), E_OK);
    assert_true(str_find(a->contents, STR("内容")) < 0); /* sealed */
    assert_int_equal(document_open_contents(t->c, a, parts), E_OK);
    assert_true(str_is(parts[PART_CONTENT], "内容119乙"));
    a->contents = b->contents;
    assert_int_equal(document_open_contents(t->c, a, parts), E_DOCUMENT_UNMADE);
}

/* --- the press --- */

static int pressed(struct test *t)
{
    int made;
    assert_int_equal(document_press_round(t->c, 1, 0, &made), E_OK);
    return made;
}

static const char *file_of(struct test *t, int64_t id, struct str *ret_bytes)
{
    struct str bytes, name;
    assert_int_equal(document_file(t->c, 77, id, &bytes, &name), E_OK);
    const char *path = test_path(t, "paper.pdf");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
    *ret_bytes = bytes;
    return path;
}

/* Each word stands in what pdftotext reads, with blanks and line ends taken out. */
static void reads(struct test *t, const char *path, const char *word)
{
    const char *line =
        str_z(t->arena,
              str_fmt(t->arena,
                      "pdftotext -layout '%s' - | tr -d ' \\n\\f' | sed 's/　//g' | grep -q '%s'",
                      path, word));
    if (!test_command(line))
        fail_msg("pdftotext does not read: %s", word);
}

void test_document__each_kind_of_paper_can_be_read_out_whole(struct test *t)
{
    struct str bytes, name;
    for (int kind = 0; kind < DOCUMENT_KIND_COUNT; kind++) {
        struct document_issued d = issued(t, (enum document_kind)kind);
        assert_int_equal(document_file(t->c, 77, d.id, &bytes, &name), E_DOCUMENT_WAITING);
        assert_int_equal(pressed(t), 1);
        const char *path = file_of(t, d.id, &bytes);
        reads(t, path, document_title((enum document_kind)kind));
        reads(t, path, str_z(t->arena, d.number));
        reads(t, path, "李建国：");
        reads(t, path, "2026年3月2日");
        for (int i = 0; must_hold[kind].must[i] != DOCUMENT_PART_COUNT; i++)
            reads(t, path, str_fmt(t->arena, "内容%d乙", must_hold[kind].must[i] + 100).p);
    }
    assert_int_equal(document_file(t->c, 78, issued(t, DOCUMENT_GRANT).id, &bytes, &name),
                     E_NO_SUCH_DOCUMENT); /* another case's */
}

static void sign_with(struct test *t, enum signer_kind kind)
{
    struct str certificate, key;
    assert_true(
        signer_make_demonstration(t->arena, kind, STR(ORGAN), t->c->now, &certificate, &key));
    assert_int_equal(document_signer_set(t->c, certificate, key, true), E_OK);
    assert_int_equal(setting_save(t->c, "document.signature", str_of(signer_words[kind])), E_OK);
    assert_int_equal(settings_load(t->c), E_OK);
}

void test_document__a_pressed_paper_is_signed_as_the_setting_says(struct test *t)
{
    struct str bytes;
    for (int kind = 0; kind < SIGNER_KIND_COUNT; kind++) {
        sign_with(t, (enum signer_kind)kind);
        struct document_issued d = issued(t, DOCUMENT_ACCEPTANCE);
        struct document_row *row;
        assert_int_equal(pressed(t), 1);
        const char *path = file_of(t, d.id, &bytes);
        assert_true(test_command(
            str_z(t->arena,
                  str_fmt(t->arena, "sh '%s/../../docs/verify-document.sh' '%s' >/dev/null 2>&1",
                          test_data_dir(t), path))));
        assert_int_equal(document(t->c, t->c->center_id, d.id, &row), E_OK);
        assert_true(str_is(row->algorithm, signer_words[kind]));
        assert_true(str_is(row->signer, ORGAN "（示范）"));
        assert_int_equal(pressed(t), 0); /* once */
    }
}

void test_document__a_key_that_does_not_belong_to_its_certificate_is_refused(struct test *t)
{
    struct str certificate, key, other, other_key;
    assert_true(
        signer_make_demonstration(t->arena, SIGNER_EC, STR("甲"), t->c->now, &certificate, &key));
    assert_true(
        signer_make_demonstration(t->arena, SIGNER_EC, STR("乙"), t->c->now, &other, &other_key));
    assert_int_equal(document_signer_set(t->c, certificate, other_key, false), E_SIGNER_WRONG);
    assert_int_equal(document_signer_set(t->c, STR("x"), key, false), E_SIGNER_WRONG);
    assert_int_equal(document_signer_set(t->c, certificate, key, false), E_OK);
}

/* --- checking --- */

static struct str check_state(struct test *t, struct str bytes)
{
    uint8_t digest[SM3_BYTES];
    struct check_view v;
    struct reply r = {.c = t->c};
    struct check_upload_form f = {.paper = {.bytes = bytes}};
    ptrdiff_t at = str_find(bytes, STR("check:"));
    sm3_of(bytes, digest);
    f.digest = hex(t->arena, digest, sizeof digest);
    struct str rest = at < 0 ? STR("") : (struct str){bytes.p + at + 6, bytes.n - (size_t)at - 6};
    f.mark = str_cut(&rest, ')');
    assert_int_equal(check_file(t->c, &f, &r, &v), E_OK);
    assert_true(v.was_compared);
    return v.state;
}

void test_document__the_check_tells_genuine_changed_withdrawn_and_unknown(struct test *t)
{
    struct str bytes;
    struct check_view v;
    struct reply r = {.c = t->c};
    sign_with(t, SIGNER_EC);
    struct document_issued d = issued(t, DOCUMENT_GRANT);
    struct check_token_form by_token = {.token = d.token};
    assert_int_equal(check_one(t->c, &by_token, &r, &v), E_OK);
    assert_true(str_is(v.state, "waiting"));
    assert_int_equal(pressed(t), 1);
    file_of(t, d.id, &bytes);
    assert_true(str_is(check_state(t, bytes), "genuine"));
    char *changed = arena_bytes(t->arena, bytes.n);
    memcpy(changed, bytes.p, bytes.n);
    for (size_t at = 9; at < bytes.n; at += bytes.n / 40) { /* a byte anywhere */
        changed[at] ^= 1;
        struct str state = check_state(t, (struct str){changed, bytes.n});
        assert_true(str_is(state, "changed"));
        changed[at] ^= 1;
    }
    assert_true(str_is(check_state(t, STR("%PDF-1.4 something else")), "unknown"));
    assert_int_equal(check_one(t->c, &by_token, &r, &v), E_OK);
    assert_true(str_is(v.state, "genuine") && !v.was_compared && str_is(v.holder, "李*"));
    assert_int_equal(document_withdraw(t->c, 77, DOCUMENT_GRANT), E_OK);
    assert_true(str_is(check_state(t, bytes), "withdrawn"));
    by_token.token = STR("1-aaaa");
    assert_int_equal(check_one(t->c, &by_token, &r, &v), E_OK);
    assert_true(str_is(v.state, "unknown"));
}

/* --- electronic licence numbers: the values of DOMAIN.md 11.5, which are real ones --- */

void test_document__licence_numbers_have_the_check_character_of_iso_7064(struct test *t)
{
    struct arena *a = t->arena;
    assert_true(
        str_is(document_licence_number(a, STR("11100000000013338W011"), STR("11430000006122244L"),
                                       STR("20230000403"), 1),
               "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"));
    assert_true(str_is(document_licence_number(a, STR("11100000MB03271699022"), STR("340100"),
                                               STR("000000016"), 1),
                       "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"));
    assert_true(str_is(document_licence_number(a, STR("11100000000013338W009"),
                                               STR("11330105002500287C"), STR("2025052201"), 2),
                       "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"));
    assert_true(document_licence_ok(
        STR("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U")));
    assert_false(document_licence_ok(
        STR("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000404.001.U")));
    assert_false(document_licence_ok(STR("1.2.156.3005.2.A.B.C.001")));
    assert_false(document_licence_ok(STR("1.2.156.3005.2")));
    assert_true(document_licence_number(a, STR(""), STR("A"), STR("1"), 1).p == NULL);
    assert_true(document_licence_number(a, STR("a"), STR("A"), STR("1"), 1).p == NULL);
}

void test_document__a_grant_of_a_licence_gets_its_number_and_prints_it(struct test *t)
{
    struct document_wish w = whole(t, DOCUMENT_GRANT);
    struct document_issued d;
    struct document_list lines;
    struct str bytes;
    w.licence_type = STR("11100000000013338W011");
    assert_int_equal(document_issue(t->c, &w, &d), E_OK);
    assert_int_equal(document_lines(t->c, 77, &lines), E_OK);
    assert_int_equal(lines.items.n, 1);
    assert_true(document_licence_ok(lines.items.v[0].licence_no));
    assert_int_equal(pressed(t), 1);
    reads(t, file_of(t, d.id, &bytes), "11100000000013338W011");
}
