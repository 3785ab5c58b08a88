/* Letters and their signatures, judged by programs of others: poppler's pdftotext, pdffonts, pdfinfo and pdfsig, and
 * openssl on the command line (docs/verify-document.sh does what an outsider would do). */
#include "pdf.h"
#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "crypt.h"
#include "signer.h"

static struct pdf_letter letter(struct test *t, size_t long_rows)
{
    struct pdf_row *rows = ARENA_ARRAY(t->arena, struct pdf_row, long_rows + 2);
    rows[0] = (struct pdf_row){STR("事项"), STR("补领结婚证")};
    rows[1] = (struct pdf_row){STR("材料"), STR("1. 身份证 原件 1 份\n2. 合影 3 张")};
    struct str text = STR("甲");
    for (int i = 0; i < 7; i++)
        text = str_fmt(t->arena, "%.*s乙丙丁戊%.*s", STR_ARG(text), STR_ARG(text));
    for (size_t i = 0; i < long_rows; i++)
        rows[i + 2] = (struct pdf_row){STR("理由"), text};
    return (struct pdf_letter){.organ = STR("卧龙区民政局"),
                               .title = STR("受理通知书"),
                               .number = STR("卧龙区民政局〔2026〕12号"),
                               .addressee = STR("李建国"),
                               .rows = rows,
                               .row_count = long_rows + 2,
                               .closing = STR("本通知书一式两份。"),
                               .date = STR("2026年3月2日"),
                               .check_address = STR("https://hall.example/check/abc"),
                               .check_words = STR("扫码核验"),
                               .mark = STR("示范数据"),
                               .seal = STR("示范"),
                               .keywords = STR("check:abc"),
                               .made_at = t->c->now,
                               .zone_minutes = 480};
}

static struct str drawn(struct test *t, size_t long_rows)
{
    struct pdf_letter l = letter(t, long_rows);
    struct str pdf = pdf_letter_draw(t->arena, &l);
    assert_true(pdf.n > 1000);
    return pdf;
}

static const char *put(struct test *t, const char *name, struct str bytes)
{
    const char *path = test_path(t, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
    return path;
}

static void says(struct test *t, const char *program, const char *path, const char *word)
{
    const char *line = str_z(t->arena, str_fmt(t->arena, "%s '%s' - 2>/dev/null | grep -q -e '%s'",
                                               program, path, word));
    if (!test_command(line))
        fail_msg("%s does not say: %s", program, word);
}

static void tells(struct test *t, const char *program, const char *path, const char *word)
{
    const char *line = str_z(t->arena, str_fmt(t->arena, "%s '%s' 2>/dev/null | grep -q -e '%s'",
                                               program, path, word));
    if (!test_command(line))
        fail_msg("%s does not say: %s", program, word);
}

static struct pdf_ready ready(struct test *t, struct str pdf, bool has_signature)
{
    struct pdf_ready r;
    const struct pdf_signing s = {.has_signature = has_signature,
                                  .name = STR("卧龙区民政局（示范）𠮷"),
                                  .reason = STR("受理通知书"),
                                  .at = t->c->now,
                                  .zone_minutes = 480,
                                  .signature_bytes_max = CMS_BYTES_MAX};
    assert_true(pdf_make_ready(t->arena, pdf, &s, &r));
    return r;
}

void test_paper__a_letter_can_be_read_out_and_carries_its_font(struct test *t)
{
    const char *path = put(t, "letter.pdf", ready(t, drawn(t, 0), false).bytes);
    const char *const words[] = {"受理通知书",   "卧龙区民政局〔2026〕12号",
                                 "李建国",       "补领结婚证",
                                 "2. 合影 3 张", "本通知书一式两份。",
                                 "2026年3月2日"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        says(t, "pdftotext -layout", path, words[i]);
    tells(t, "pdffonts", path, "NotoSerifCJK.* yes yes yes ");
    tells(t, "pdfinfo", path, "^Title: *受理通知书 卧龙区民政局〔2026〕12号");
    tells(t, "pdfinfo", path, "^Pages: *1$");
    tells(t, "grep -a -c", path, ""); /* the file is there */
    assert_true(
        test_command(str_z(t->arena, str_fmt(t->arena, "grep -aq '/Lang (zh-CN)' '%s'", path))));
}

void test_paper__a_long_letter_goes_over_pages_and_loses_nothing(struct test *t)
{
    const char *path = put(t, "long.pdf", ready(t, drawn(t, 6), true).bytes);
    says(t, "pdftotext -layout", path, "共 [2-9] 页");
    /* 127 × 5 + 1 … characters of the made-up text: each 乙 of each row is there */
    const char *line =
        str_z(t->arena, str_fmt(t->arena, "[ $(pdftotext '%s' - | grep -o 乙 | wc -l) = %d ]", path,
                                6 * 127));
    assert_true(test_command(line));
}

void test_paper__the_small_font_draws_the_same_and_rare_characters_too(struct test *t)
{
    const char *font = test_path(t, "small.otf");
    assert_true(pdf_cut_font(t->arena, font));
    assert_true(pdf_use_font(t->arena, font));
    struct pdf_letter l = letter(t, 0);
    l.addressee = STR("李䶮𠮷"); /* neither is in GB 2312 */
    struct str pdf = pdf_letter_draw(t->arena, &l);
    pdf_end_font();
    assert_true(pdf.n > 1000);
    const char *path = put(t, "small.pdf", ready(t, pdf, false).bytes);
    says(t, "pdftotext -layout", path, "李䶮𠮷");
    says(t, "pdftotext -layout", path, "2. 合影 3 张");
    tells(t, "pdffonts", path, "NotoSerifCJK.* yes yes yes ");
    assert_false(pdf_use_font(t->arena, test_path(t, "nothing.otf")));
}

static struct str signature_of(struct test *t, enum signer_kind kind, struct pdf_ready *r)
{
    struct str certificate, key;
    assert_true(signer_make_demonstration(t->arena, kind, STR("卧龙区民政局"), t->c->now,
                                          &certificate, &key));
    struct signer *s = signer_load(t->arena, certificate, key);
    assert_non_null(s);
    assert_int_equal(signer_kind_of(s), kind);
    assert_true(str_is(signer_name(t->arena, s), "卧龙区民政局（示范）"));
    struct str signature = signer_sign(t->arena, s, r->parts, 2, t->c->now);
    assert_true(signature.n > 100);
    return signature;
}

static const char *script(struct test *t)
{
    return str_z(t->arena, str_fmt(t->arena, "%s/../../docs/verify-document.sh", test_data_dir(t)));
}

static bool verified(struct test *t, const char *path)
{
    return test_command(
        str_z(t->arena, str_fmt(t->arena, "sh '%s' '%s' >'%s.out' 2>&1", script(t), path, path)));
}

static void check_kind(struct test *t, enum signer_kind kind, const char *name)
{
    struct pdf_ready r = ready(t, drawn(t, 0), true);
    assert_true(pdf_put_signature(&r, signature_of(t, kind, &r)));
    const char *path = put(t, name, r.bytes);
    if (!verified(t, path))
        fail_msg("openssl does not accept %s", name);
    if (kind != SIGNER_SM2) /* NSS, which pdfsig stands on, knows no SM2 */
        tells(t, "pdfsig -nocert", path, "Signature is Valid");
    tells(t, "pdfsig -nocert", path, "Total document signed");
    ptrdiff_t at = str_find(r.bytes, STR("/MediaBox"));
    assert_true(at > 0);
    ((char *)(uintptr_t)r.bytes.p)[at + 1] ^= 1;
    assert_false(verified(t, put(t, "changed.pdf", r.bytes)));
}

void test_paper__openssl_and_poppler_accept_an_rsa_signature(struct test *t)
{
    check_kind(t, SIGNER_RSA, "rsa.pdf");
}

void test_paper__openssl_and_poppler_accept_an_ecdsa_signature(struct test *t)
{
    check_kind(t, SIGNER_EC, "ec.pdf");
}

void test_paper__openssl_accepts_an_sm2_signature_under_the_standard_id(struct test *t)
{
    check_kind(t, SIGNER_SM2, "sm2.pdf");
}

void test_paper__what_cairo_did_not_write_is_not_made_ready(struct test *t)
{
    struct pdf_ready r;
    const struct pdf_signing s = {.has_signature = true, .signature_bytes_max = 100};
    assert_false(pdf_make_ready(t->arena, STR(""), &s, &r));
    assert_false(pdf_make_ready(t->arena, STR("%PDF-1.4\nstartxref\n99999\n%%EOF"), &s, &r));
    struct str pdf = drawn(t, 0);
    for (size_t cut = 20; cut < pdf.n; cut += pdf.n / 50)
        assert_false(pdf_make_ready(t->arena, (struct str){pdf.p, pdf.n - cut}, &s, &r));
}

void test_paper__a_signature_that_does_not_fit_is_not_put(struct test *t)
{
    struct pdf_ready r = ready(t, drawn(t, 0), true);
    assert_false(pdf_put_signature(&r, STR("")));
    assert_false(pdf_put_signature(&r, (struct str){arena_alloc(t->arena, CMS_BYTES_MAX + 1),
                                                    CMS_BYTES_MAX + 1}));
}
