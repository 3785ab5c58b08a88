/* Check digits and layouts of the identifiers a hall meets. Rules only, no lists of regions or
 * departments: a person's number keeps the code of a county that was renamed long ago, and a body's
 * that of where it was first registered, so the list of today would refuse honest people. */
#include "identify.h"

#include "buf.h"
#include "clock.h"

#define FREE_CHARS_MAX 20

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_letter(char ch)
{
    return ch >= 'A' && ch <= 'Z';
}

static struct str part(struct str s, size_t from, size_t n)
{
    return (struct str){s.p + from, n};
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

static bool all_digits_or_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) && !is_letter(s.p[i]))
            return false;
    return true;
}

static int two_digits(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* 0-9 are 0 to 9, A-Z are 10 to 35; -1 for anything else. */
static int base36(char ch)
{
    return is_digit(ch) ? ch - '0' : is_letter(ch) ? ch - 'A' + 10 : -1;
}

struct str identify_clean(struct arena *a, struct str s)
{
    if (s.p == NULL)
        return STR_NONE;
    struct buf b;
    buf_init(&b, a, s.n);
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t ch = str_next_char(s, &at);
        if (ch >= 0xff01 && ch <= 0xff5e) /* full-width forms stand in the order of ASCII */
            ch -= 0xfee0;
        if (ch == ' ' || (ch >= '\t' && ch <= '\r') || ch == 0xa0 || ch == 0x3000)
            continue;
        if (ch >= 'a' && ch <= 'z')
            ch -= 'a' - 'A';
        if (ch < 0x80)
            buf_char(&b, (char)ch);
        else
            buf_put(&b, s.p + from, at - from);
    }
    return buf_as_str(&b);
}

/* --- people ------------------------------------------------------------------------------ */

static bool province_known(const char *p)
{
    switch (two_digits(p) / 10) {
    case 1:
        return p[1] >= '1' && p[1] <= '5';
    case 2:
        return p[1] >= '1' && p[1] <= '3';
    case 3:
        return p[1] >= '1' && p[1] <= '7';
    case 4:
        return p[1] >= '1' && p[1] <= '6';
    case 5:
        return p[1] >= '0' && p[1] <= '4';
    case 6:
        return p[1] >= '1' && p[1] <= '5';
    case 7:
        return p[1] == '1';
    case 8:
        return p[1] >= '1' && p[1] <= '3';
    default:
        return false;
    }
}

/* ISO 7064 MOD 11-2 as GB 11643-1999 writes it out, over the first 17. */
static char mod11_2(struct str s)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (s.p[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static enum id_fault check_18(struct str s)
{
    if (s.n != 18)
        return ID_LENGTH;
    if (!all_digits(part(s, 0, 17)) || (!is_digit(s.p[17]) && s.p[17] != 'X'))
        return ID_CHARACTERS;
    return mod11_2(s) == s.p[17] ? ID_OK : ID_CHECK;
}

enum id_fault resident_id_check(struct str s, int32_t today)
{
    int32_t birth;
    enum id_fault fault = check_18(s);
    if (fault == ID_LENGTH || fault == ID_CHARACTERS)
        return fault;
    if (!province_known(s.p))
        return ID_REGION;
    if (!date_parse(part(s, 6, 8), &birth))
        return ID_DATE;
    if (birth > today)
        return ID_FUTURE;
    return fault;
}

int32_t resident_id_birth(struct str s)
{
    int32_t birth = 0;
    return s.n == 18 && date_parse(part(s, 6, 8), &birth) ? birth : 0;
}

bool resident_id_is_female(struct str s)
{
    return s.n == 18 && (s.p[16] - '0') % 2 == 0; /* the serial: odd for men */
}

enum id_fault foreign_residence_check(struct str s)
{
    if (s.n == 15) { /* issued until 2023: nationality and 12 digits */
        bool right = is_letter(s.p[0]) && is_letter(s.p[1]) && is_letter(s.p[2]) &&
                     all_digits(part(s, 3, 12));
        return right ? ID_OK : ID_CHARACTERS;
    }
    enum id_fault fault = check_18(s);
    return fault != ID_LENGTH && s.p[0] != '9' ? ID_CHARACTERS : fault;
}

static bool permit_ok(struct str s)
{
    return (s.n == 9 || s.n == 11) && (s.p[0] == 'H' || s.p[0] == 'M') &&
           all_digits(part(s, 1, s.n - 1));
}

bool id_no_ok(enum id_type type, struct str s, int32_t today)
{
    size_t chars = str_chars(s);
    switch (type) {
    case ID_RESIDENT:
    case ID_TEMPORARY:
        return resident_id_check(s, today) == ID_OK;
    case ID_PASSPORT:
        return s.n >= 5 && s.n <= 17 && all_digits_or_letters(s);
    case ID_TAIWAN_PERMIT:
        return (s.n == 8 || s.n == 10) && all_digits(s);
    case ID_HK_MACAO_PERMIT:
        return permit_ok(s);
    case ID_FOREIGN_RESIDENCE:
        return foreign_residence_check(s) == ID_OK;
    case ID_HOUSEHOLD:
    case ID_OFFICER:
    case ID_OTHER:
        return chars > 0 && chars <= FREE_CHARS_MAX;
    }
    return false; /* a number that is no type of ours */
}

/* --- phones ------------------------------------------------------------------------------ */

bool mobile_ok(struct str s)
{
    return s.n == 11 && all_digits(s) && s.p[0] == '1' && s.p[1] >= '3';
}

/* 0377-63123456, 037763123456, with -1234 behind for an extension. */
static bool landline_ok(struct str s)
{
    size_t digits = 0, dashes = 0, runs[3] = {0};
    for (size_t i = 0; i < s.n; i++) {
        if (is_digit(s.p[i]))
            runs[dashes]++, digits++;
        else if (s.p[i] != '-' || ++dashes > 2)
            return false;
    }
    if (digits == 0 || s.p[0] != '0')
        return false;
    bool area_apart = runs[0] <= 4;
    size_t number = area_apart ? runs[1] : runs[0], extension = area_apart ? runs[2] : runs[1];
    bool has_extension = dashes == (area_apart ? 2u : 1u);
    if (area_apart ? runs[0] < 3 || number < 7 || number > 8
                   : number < 10 || number > 12 || dashes > 1)
        return false;
    return has_extension ? extension >= 1 && extension <= 6 : true;
}

/* 110, 12345, 95598, 400 and 800 numbers. */
static bool hotline_ok(struct str s)
{
    if (!all_digits(s))
        return false;
    if (s.n == 3)
        return s.p[0] == '1';
    if (s.n == 5)
        return s.p[0] == '1' || s.p[0] == '9';
    return s.n == 10 && (str_starts(s, STR("400")) || str_starts(s, STR("800")));
}

bool phone_ok(struct str s)
{
    return mobile_ok(s) || landline_ok(s) || hotline_ok(s);
}

/* --- bodies and items -------------------------------------------------------------------- */

/* GB 11714: the check character of the organisation code, positions 9 to 16 of the whole. */
static char organisation_check(const char *p)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += base36(p[i]) * weights[i];
    return "0X987654321"[sum % 11];
}

enum id_fault uscc_check(struct str s)
{
    static const struct str alphabet = {"0123456789ABCDEFGHJKLMNPQRTUWXY", 31};
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    if (s.n != 18)
        return ID_LENGTH;
    for (size_t i = 0; i < s.n; i++) {
        ptrdiff_t value = str_find(alphabet, part(s, i, 1));
        if (value < 0)
            return ID_CHARACTERS;
        if (i < 17)
            sum += (int)value * weights[i];
    }
    if (!all_digits(part(s, 2, 6)))
        return ID_REGION;
    if (organisation_check(s.p + 8) != s.p[16] || alphabet.p[(31 - sum % 31) % 31] != s.p[17])
        return ID_CHECK;
    return ID_OK;
}

bool basic_code_ok(struct str s)
{
    if (s.n != 12 || !all_digits(s))
        return false;
    int owner = two_digits(s.p);
    return (owner == 0 || (owner >= 10 && owner <= 69)) && !str_eq(part(s, 6, 3), STR("000"));
}

bool implementation_code_ok(struct str s)
{
    return s.n == 31 && uscc_check(part(s, 0, 18)) == ID_OK && s.p[18] >= '1' && s.p[18] <= '7' &&
           basic_code_ok(part(s, 19, 12));
}

bool handling_code_ok(struct str s)
{
    return s.n == 33 && implementation_code_ok(part(s, 0, 31)) && all_digits(part(s, 31, 2)) &&
           !str_eq(part(s, 31, 2), STR("00"));
}

bool region_code_ok(struct str s)
{
    return s.n == 6 && all_digits(s) && province_known(s.p);
}

char mod37_36(struct str s)
{
    int product = 36;
    for (size_t i = 0; i < s.n; i++) {
        int value = base36(s.p[i]);
        if (value < 0)
            return '\0';
        int sum = (product + value) % 36;
        product = 2 * (sum == 0 ? 36 : sum) % 37;
    }
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - product) % 36];
}

/* --- masks ------------------------------------------------------------------------------- */

/* Keeps so many characters at both ends; a text too short for that is hidden whole. */
static struct str mask(struct arena *a, struct str s, size_t head, size_t tail)
{
    size_t chars = str_chars(s);
    bool too_short = chars <= head + tail;
    struct str first = str_head(s, too_short ? 0 : head);
    size_t before_tail = too_short ? s.n : str_head(s, chars - tail).n;
    struct buf b;
    buf_init(&b, a, s.n);
    buf_str(&b, first);
    for (size_t i = 0; i < chars - (too_short ? 0 : head + tail); i++)
        buf_char(&b, '*');
    buf_put(&b, s.p + before_tail, s.n - before_tail);
    return buf_as_str(&b);
}

struct str mask_name(struct arena *a, struct str name)
{
    if (name.n == 0)
        return name;
    struct str first = str_head(name, 1);
    return str_fmt(a, "%.*s*",
                   STR_ARG(first)); /* one * whatever the length, which is personal too */
}

struct str mask_id_no(struct arena *a, struct str id_no)
{
    return id_no.n == 0 ? id_no : mask(a, id_no, 4, 2);
}

struct str mask_phone(struct arena *a, struct str phone)
{
    return phone.n == 0 ? phone : mask(a, phone, 3, 4);
}
