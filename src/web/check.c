/* What each type of field accepts. People type full-width digits, blanks and dashes; what is stored
 * has none of them. The rules of identity numbers, codes and phones are base's (identify.h). */
#include "form.h"

#include "clock.h"
#include "identify.h"

#include <string.h>

/* Full-width ASCII to ASCII, blanks and, when asked, dashes out, letters upper-case. */
static struct str narrowed(struct arena *a, struct str s, bool drops_dashes)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t ch = str_next_char(s, &at);
        if (ch >= 0xff01 && ch <= 0xff5e)
            ch -= 0xfee0;
        if (ch == ' ' || ch == 0x3000 || (drops_dashes && ch == '-'))
            continue;
        if (ch >= 'a' && ch <= 'z')
            ch -= 32;
        p[n++] = ch < 0x80 ? (char)ch : '?';
    }
    return (struct str){p, n};
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* Line ends become \n; other control characters cannot be shown and are refused. */
static bool clean_lines(struct arena *a, struct str s, struct str *ret)
{
    bool has_return = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch == '\r')
            has_return = true;
        else if ((ch < 0x20 && ch != '\n' && ch != '\t') || ch == 0x7f)
            return false;
    }
    *ret = s;
    if (!has_return)
        return true;
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\r')
            p[n++] = s.p[i];
        else if (i + 1 == s.n || s.p[i + 1] != '\n')
            p[n++] = '\n';
    }
    *ret = (struct str){p, n};
    return true;
}

static enum err check_length(const struct check *k, struct str s)
{
    int64_t chars = (int64_t)str_chars(s);
    if (k->spec->max > 0 && chars > k->spec->max)
        return E_FIELD_LONG;
    if (k->spec->min > 0 && chars < k->spec->min)
        return E_FIELD_SHORT;
    return E_OK;
}

enum err check_member(const struct check *k, struct str *ret)
{
    struct str s;
    if (!clean_lines(k->c->arena, k->value, &s))
        return E_FIELD_CONTROL;
    s = str_trim(s);
    TRY(check_length(k, s));
    if (k->spec->choices != NULL) {
        const char *const *w = k->spec->choices;
        while (*w != NULL && !str_is(s, *w))
            w++;
        if (*w == NULL)
            return E_FIELD_CHOICE;
    }
    *ret = s;
    return E_OK;
}

enum err check_text(const struct check *k)
{
    return check_member(k, k->to);
}

enum err check_password(const struct check *k)
{
    TRY(check_length(k, k->value));
    *(struct str *)k->to = k->value;
    return E_OK;
}

enum err check_int(const struct check *k)
{
    int64_t v;
    const struct field_spec *f = k->spec;
    if (!str_to_int(narrowed(k->c->arena, k->value, false), &v))
        return E_FIELD_NUMBER;
    if ((f->min != 0 || f->max != 0) && (v < f->min || v > f->max))
        return E_FIELD_RANGE;
    *(int64_t *)k->to = v;
    return E_OK;
}

enum err check_id(const struct check *k)
{
    int64_t v;
    if (!is_digits(k->value) || !str_to_int(k->value, &v) || v <= 0)
        return E_FIELD_ID;
    *(int64_t *)k->to = v;
    return E_OK;
}

enum err check_flag(const struct check *k)
{
    static const char *const yes[] = {"1", "on", "true", "yes", NULL}, *const no[] = {"0", "off",
                                                                                      "false", "no",
                                                                                      NULL};
    for (int i = 0; yes[i] != NULL; i++)
        if (str_is(k->value, yes[i]) || str_is(k->value, no[i])) {
            *(bool *)k->to = str_is(k->value, yes[i]);
            return E_OK;
        }
    return E_FIELD_FLAG;
}

enum err check_date(const struct check *k)
{
    int32_t date;
    if (!date_parse(narrowed(k->c->arena, k->value, false), &date) || !date_is_valid(date))
        return E_FIELD_DATE;
    *(int32_t *)k->to = date;
    return E_OK;
}

/* A browser's datetime-local has no offset: it means the centre's zone. */
enum err check_instant(const struct check *k)
{
    struct str s = k->value;
    if (s.n > 10 && s.p[10] == ' ')
        s = str_fmt(k->c->arena, "%.10sT%.*s", s.p, (int)(s.n - 11), s.p + 11);
    bool is_local = s.n == 16 || (s.n == 19 && str_find((struct str){s.p + 11, 8}, STR("+")) < 0);
    if (is_local) {
        int zone = k->c->zone_minutes, size = zone < 0 ? -zone : zone;
        s = str_fmt(k->c->arena, "%.*s%s%c%02d:%02d", STR_ARG(s), s.n == 16 ? ":00" : "",
                    zone < 0 ? '-' : '+', size / 60, size % 60);
    }
    return instant_parse(s, k->to) ? E_OK : E_FIELD_INSTANT;
}

/* identify.h knows those of China; abroad: + and 8 to 15 digits (E.164). */
enum err check_phone(const struct check *k)
{
    struct str s = narrowed(k->c->arena, k->value, true);
    if (str_starts(s, STR("+86")))
        s = (struct str){s.p + 3, s.n - 3};
    struct str abroad = s.n > 1 && s.p[0] == '+' ? (struct str){s.p + 1, s.n - 1} : STR_NONE;
    bool is_abroad = is_digits(abroad) && abroad.n >= 8 && abroad.n <= 15;
    if (!is_abroad && !phone_ok(s)) {
        s = identify_clean(k->c->arena, k->value); /* an extension has its dash */
        if (!phone_ok(s))
            return E_FIELD_PHONE;
    }
    *(struct str *)k->to = s;
    return E_OK;
}

/* What has the form of a Chinese number must be one; other papers are known to those who know the
 * kind of paper (id_no_ok). */
enum err check_id_no(const struct check *k)
{
    struct str s = identify_clean(k->c->arena, narrowed(k->c->arena, k->value, true));
    if (s.n < 5 || s.n > 30)
        return E_FIELD_ID_NO;
    for (size_t i = 0; i < s.n; i++) {
        bool is_letter = s.p[i] >= 'A' && s.p[i] <= 'Z', is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!is_letter && !is_digit && s.p[i] != '(' && s.p[i] != ')')
            return E_FIELD_ID_NO;
    }
    if (s.n == 18 && is_digits((struct str){s.p, 17}) &&
        resident_id_check(s, today(k->c)) != ID_OK && foreign_residence_check(s) != ID_OK)
        return E_FIELD_ID_NO;
    *(struct str *)k->to = s;
    return E_OK;
}

enum err check_uscc(const struct check *k)
{
    struct str s = identify_clean(k->c->arena, narrowed(k->c->arena, k->value, true));
    if (uscc_check(s) != ID_OK)
        return E_FIELD_USCC;
    *(struct str *)k->to = s;
    return E_OK;
}

enum err check_token(const struct check *k)
{
    struct str s = str_trim(k->value);
    if (s.n == 0 || s.n > 100)
        return E_FIELD_TOKEN;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool is_word = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') ||
                       ch == '-' || ch == '_';
        if (!is_word)
            return E_FIELD_TOKEN;
    }
    *(struct str *)k->to = s;
    return E_OK;
}

enum err check_choice(const struct check *k)
{
    struct str s = str_trim(k->value);
    const char *const *words = k->spec->choices;
    for (int i = 0; words != NULL && words[i] != NULL; i++)
        if (str_is(s, words[i])) {
            *(int *)k->to = i;
            return E_OK;
        }
    return E_FIELD_CHOICE;
}
