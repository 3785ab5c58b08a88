/* QR codes by the marks that ISO/IEC 18004 fixes; spoken calls by their words and their head. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
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

/* What is heard, in espeak-ng's own phonemes. Expected: Hanyu Pinyin of each word (GB/T 16159) with the tones as
 * Chao's numbers, 1 = 55, 2 = 35, 3 = 214, 4 = 51; letters as they are called. A part stands alone, so no tone
 * changes by its neighbours. */
void test_paper__each_part_of_a_call_has_the_sound_of_its_pinyin(struct test *t)
{
    static const struct {
        const char *words, *pinyin, *phonemes; /* a pattern of grep -E */
    } parts[] = {
        {"零", "ling2", "l.i35N"},
        {"一", "yi1", "j.i55"},
        {"二", "er4", ".@r51"},
        {"三", "san1", "s.a55n"},
        {"四", "si4", "s.i.?51"},
        {"五", "wu3", "w.u214"},
        {"六", "liu4", "l.iou51"},
        {"七", "qi1", "tS;h.i55"},
        {"八", "ba1", "p.A55"},
        {"九", "jiu3", "tS;.iou214"},
        {"请", "qing3", "tS;h.i214N"},
        {"到", "dao4", "t.Au51"},
        {"号窗口", "hao4 chuang1 kou3", "X.Au51.* ts.?hw.A55N.* kh.ou214"},
        {"A", "A", ".ei51"},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        const char *command =
            str_z(t->arena,
                  str_fmt(t->arena,
                          "espeak-ng -v cmn-latn-pinyin -q -x '%s' | grep -Eq \"^ *%s_?[|]? *$\"",
                          parts[i].words, parts[i].phonemes));
        if (!test_command(command))
            fail_msg("%s is not %s: %s", parts[i].words, parts[i].pinyin, command);
    }
}

static uint32_t number_at(struct str wav, size_t at)
{
    uint32_t n;
    memcpy(&n, wav.p + at, sizeof n);
    return n;
}

void test_paper__a_call_is_spoken_as_wav_and_kept(struct test *t)
{
    void *voice = NULL;
    struct str first, second, single;
    assert_int_equal(voice_start(t->c, &voice), E_OK);
    arena_defer(t->arena, voice_stop, voice);
    assert_int_equal(voice_say(voice, t->c, STR("请 A023 到 6 号窗口"), &first), E_OK);
    assert_true(first.n > 44 && memcmp(first.p, "RIFF", 4) == 0 &&
                memcmp(first.p + 8, "WAVE", 4) == 0);
    uint32_t data = number_at(first, 40), rate = number_at(first, 24);
    assert_int_equal(number_at(first, 4), first.n - 8);
    assert_int_equal(data, first.n - 44);
    assert_true(data / 2 > 2 * rate && data / 2 < 8 * rate); /* 16 bit mono: between 2 s and 8 s */
    /* Kept: the same again, and a part of it, where no espeak-ng can be started any more. */
    const char *path = getenv("PATH");
    assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
    enum err again = voice_say(voice, t->c, STR("请 A023 到 6 号窗口"), &second);
    enum err part = voice_say(voice, t->c, STR("A6"), &single);
    enum err unknown = voice_say(voice, t->c, STR("大厅"), &single);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(again, E_OK);
    assert_int_equal(part, E_OK);
    assert_int_equal(unknown, E_VOICE_OFF);
    assert_true(str_eq(first, second) && single.n > 44 && single.n < first.n);
    assert_int_equal(voice_say(voice, t->c, STR(" "), &second), E_VOICE_OFF);
}

/* An espeak-ng that hangs: the call is refused within the bound, and whoever asks next does not wait. */
void test_paper__a_voice_that_hangs_holds_nobody_up(struct test *t)
{
    void *voice = NULL;
    struct str wav;
    const char *dir = test_path(t, "hangs");
    const char *path = getenv("PATH");
    assert_true(test_command(str_z(
        t->arena,
        str_fmt(t->arena,
                "mkdir -p '%s' && printf '#!/bin/sh\\nexec /bin/sleep 60\\n' > '%s/espeak-ng' && "
                "chmod 755 '%s/espeak-ng'",
                dir, dir, dir))));
    assert_int_equal(voice_start(t->c, &voice), E_OK);
    arena_defer(t->arena, voice_stop, voice);
    assert_int_equal(setenv("PATH", dir, 1), 0);
    int64_t before = clock_steady();
    enum err first = voice_say(voice, t->c, STR("请"), &wav);
    int64_t took = clock_steady() - before;
    enum err second = voice_say(voice, t->c, STR("到"), &wav);
    int64_t took_both = clock_steady() - before;
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(first, E_VOICE_OFF);
    assert_int_equal(second, E_VOICE_OFF);
    assert_true(took >= 2900 && took < 20000);
    assert_true(took_both - took < 2900);
}
