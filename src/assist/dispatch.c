/* The rules of asking for a helper. See dispatch.h. */
#include "dispatch.h"

bool skills_cover(struct str skills, struct str needed)
{
    for (struct str rest = needed; rest.p != NULL;) {
        struct str want = str_trim(str_cut(&rest, ' '));
        bool found = want.n == 0;
        for (struct str have = skills; !found && have.p != NULL;)
            found = str_eq(str_trim(str_cut(&have, ' ')), want);
        if (!found)
            return false;
    }
    return true;
}

static bool fits_better(const struct helper_state *a, const struct helper_state *b, int64_t floor)
{
    bool a_here = floor == 0 || a->floor == floor, b_here = floor == 0 || b->floor == floor;
    if (a_here != b_here)
        return a_here;
    if (a->idle_since != b->idle_since)
        return a->idle_since < b->idle_since;
    return a->staff_id < b->staff_id;
}

ptrdiff_t dispatch_best(const struct helper_state *helpers, size_t n, int64_t floor,
                        struct str needed)
{
    ptrdiff_t best = -1;
    for (size_t i = 0; i < n; i++)
        if (!helpers[i].is_busy && skills_cover(helpers[i].skills, needed) &&
            (best < 0 || fits_better(&helpers[i], &helpers[best], floor)))
            best = (ptrdiff_t)i;
    return best;
}

bool dispatch_can_anybody(const struct helper_state *helpers, size_t n, struct str needed)
{
    for (size_t i = 0; i < n; i++)
        if (skills_cover(helpers[i].skills, needed))
            return true;
    return false;
}

enum assist_told dispatch_step(int64_t waited_ms, bool has_best, bool can_anybody,
                               const struct dispatch_terms *t)
{
    if (waited_ms < 0)
        return TOLD_NOBODY;
    if (waited_ms >= t->leader_ms)
        return TOLD_LEADER;
    if (waited_ms >= t->officer_ms || !can_anybody)
        return TOLD_OFFICER;
    return waited_ms >= t->all_ms || !has_best ? TOLD_ALL : TOLD_ONE;
}

/* zh: words looked for in what people write, not texts of a screen */
static const char *const secret_words[] = {"密码",     "口令",     "验证码", "动态码", "password",
                                           "Password", "PASSWORD", "passwd", "pwd",    "PIN"};

static bool is_ascii_sign(char ch)
{
    return ch > ' ' && ch <= '~';
}
static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}
static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* At least three letters or digits one after the other within the next 12 bytes. */
static bool value_follows(struct str s, size_t at)
{
    size_t run = 0;
    for (size_t i = at; i < s.n && i < at + 12 + run; i++) {
        run = is_digit(s.p[i]) || is_letter(s.p[i]) ? run + 1 : 0;
        if (run >= 3)
            return true;
    }
    return false;
}

/* A word of at least six signs with a small letter and a digit: so look passwords, and neither phones nor
 * numbers of papers, items, things (capital letters and digits). */
static bool has_passwordlike_word(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        bool small = false, digit = false;
        while (i < s.n && is_ascii_sign(s.p[i])) {
            small = small || (s.p[i] >= 'a' && s.p[i] <= 'z' && s.p[i] != 'x');
            digit = digit || is_digit(s.p[i]);
            i++;
        }
        if (i - from >= 6 && small && digit)
            return true;
        i = i == from ? i + 1 : i;
    }
    return false;
}

bool tells_secret(struct str text)
{
    for (size_t w = 0; w < sizeof secret_words / sizeof *secret_words; w++) {
        struct str word = str_of(secret_words[w]);
        ptrdiff_t at = str_find(text, word);
        if (at >= 0 && value_follows(text, (size_t)at + word.n))
            return true;
    }
    return has_passwordlike_word(text);
}

bool names_secret(struct str text)
{
    for (size_t w = 0; w < sizeof secret_words / sizeof *secret_words; w++)
        if (str_find(text, str_of(secret_words[w])) >= 0)
            return true;
    return tells_secret(text);
}

int64_t place_floor(struct str place)
{
    /* zh: words looked for in what people write */
    static const char *const names[] = {"一楼", "二楼", "三楼", "四楼", "五楼",
                                        "六楼", "七楼", "八楼", "九楼"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_find(place, str_of(names[i])) >= 0)
            return (int64_t)i + 1;
    for (size_t i = 0; i + 1 < place.n; i++) {
        struct str rest = {place.p + i + 1, place.n - i - 1};
        rest = str_trim(rest);
        /* zh: as above */
        if (place.p[i] >= '1' && place.p[i] <= '9' && (i == 0 || !is_digit(place.p[i - 1])) &&
            (str_starts(rest, STR("楼")) || str_starts(rest, STR("F"))))
            return place.p[i] - '0';
    }
    return 0;
}
