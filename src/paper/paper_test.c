/* QR codes by the marks that ISO/IEC 18004 fixes; spoken calls by their words and their head. */
#include <string.h>

#include "qr.h"
#include "test.h"
#include "voice.h"

void test_paper__a_qr_code_has_its_corner_marks_and_a_title(struct test *t)
{
    struct str svg = qr_svg(t->arena, STR("https://example.test/tickets/1-abc?a=1&b=<2>"));
    assert_true(str_starts(svg, STR("<svg ")));
    assert_true(
        str_find(svg,
                 STR("<title>https://example.test/tickets/1-abc?a=1&amp;b=&lt;2&gt;</title>")) > 0);
    /* Finder pattern, ISO/IEC 18004 6.3.3: seven dark modules in the first and seventh row, behind the
     * quiet zone of four (6.3.8). */
    assert_true(str_find(svg, STR("d=\"M4 4h7v1h-7z")) > 0);
    assert_true(str_find(svg, STR("M4 10h7v1h-7z")) > 0);
    assert_true(str_find(svg, STR("M6 6h3v1h-3z")) > 0);
    assert_true(str_ends(svg, STR("</svg>")));
}

void test_paper__no_text_no_qr_code(struct test *t)
{
    char *longer = arena_alloc(t->arena, 1001);
    memset(longer, 'x', 1001);
    assert_null(qr_svg(t->arena, STR("")).p);
    assert_null(qr_svg(t->arena, (struct str){longer, 1001}).p);
}

void test_paper__a_call_is_spelled_digit_by_digit(struct test *t)
{
    struct str words = voice_spell(t->arena, STR("请 A023 到 6 号窗口"));
    const char *wanted[] = {"请", "A", "零", "二", "三", "到", "六", "号窗口"};
    struct str rest = words;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted);) {
        assert_non_null(rest.p);
        struct str word = str_cut(&rest, ' ');
        if (word.n == 0)
            continue;
        assert_true(str_is(word, wanted[i++]));
    }
    assert_true(rest.p == NULL || str_trim(rest).n == 0);
    /* Nothing that espeak-ng or a shell could take for an option or a mark-up gets through. */
    struct str odd = voice_spell(t->arena, STR("--help <b/> $(x) [[a"));
    for (size_t i = 0; i < odd.n; i++)
        assert_true(odd.p[i] == ' ' || (odd.p[i] >= 'a' && odd.p[i] <= 'z'));
}

void test_paper__a_call_is_spoken_as_wav_and_kept(struct test *t)
{
    void *voice = NULL;
    struct str first, second;
    assert_int_equal(voice_start(t->c, &voice), E_OK);
    assert_int_equal(voice_say(voice, t->c, STR("请 A023 到 6 号窗口"), &first), E_OK);
    assert_true(first.n > 44 && memcmp(first.p, "RIFF", 4) == 0 &&
                memcmp(first.p + 8, "WAVE", 4) == 0);
    uint32_t riff, data, rate;
    memcpy(&riff, first.p + 4, 4);
    memcpy(&rate, first.p + 24, 4);
    memcpy(&data, first.p + 40, 4);
    assert_int_equal(riff, first.n - 8);
    assert_int_equal(data, first.n - 44);
    assert_true(data / 2 > rate && data / 2 < 20 * rate); /* 16 bit mono: between 1 s and 20 s */
    assert_int_equal(voice_say(voice, t->c, STR("请 A023 到 6 号窗口"), &second), E_OK);
    assert_true(str_eq(first, second));
    assert_int_equal(voice_say(voice, t->c, STR(" "), &second), E_VOICE_OFF);
    voice_stop(voice);
}
