/* What a query may have been meant as, one slip mended: a character too many, too few, wrong by sound or
 * by shape, two exchanged; a letter of an English word. A guess is worth the pairs that the directory
 * has and that were not there before. */
#include "item_parts.h"
#include <string.h>

#define CHARS_MOST   40
#define SHAPE_SHARE  0.6F /* a wrong character that does not sound alike is seldom */
#define INSERT_SHARE 0.7F
#define WORD_LONG    7 /* from here on two letters may be wrong */
#define WORD_SHORT   4 /* shorter words are not guessed at */

struct guessing {
    const struct item_index *x;
    uint32_t chars[CHARS_MOST];
    size_t n;
    struct guesses *out;
};

static float pair_idf(const struct item_index *x, uint32_t a, uint32_t b)
{
    char bytes[6];
    if (han_of(a) == NULL || han_of(b) == NULL)
        return 0.0F;
    han_put(a, bytes);
    han_put(b, bytes + 3);
    uint32_t term = term_find(x, (struct str){bytes, 6});
    return term == 0 ? 0.0F : x->terms[term - 1].idf;
}

static float known(const struct guessing *g, size_t from, size_t to)
{
    float sum = 0.0F;
    for (size_t i = from; i + 1 < g->n && i < to; i++)
        sum += pair_idf(g->x, g->chars[i], g->chars[i + 1]);
    return sum;
}

static size_t put_char(uint32_t ch, char *out)
{
    if (ch >= 0x80)
        return han_put(ch, out);
    *out = (char)ch;
    return 1;
}

/* Writes the guess that has `with` (count of them) instead of the characters from … to. */
static void guess(struct guessing *g, size_t from, size_t to, const uint32_t *with, size_t count,
                  float worth)
{
    struct guesses *out = g->out;
    size_t at = out->n;
    if (out->n == GUESSES_MOST) {
        at = 0;
        for (size_t i = 1; i < out->n; i++)
            at = out->worth[i] < out->worth[at] ? i : at;
        if (out->worth[at] >= worth)
            return;
    } else
        out->n++;
    char *p = out->bytes[at];
    size_t n = 0;
    for (size_t i = 0; i < from; i++)
        n += put_char(g->chars[i], p + n);
    for (size_t i = 0; i < count; i++)
        n += put_char(with[i], p + n);
    for (size_t i = to; i < g->n; i++)
        n += put_char(g->chars[i], p + n);
    out->texts[at] = (struct str){p, n};
    out->worth[at] = worth;
}

static uint32_t at_or_none(const struct guessing *g, size_t i)
{
    return i < g->n ? g->chars[i] : 0;
}

/* The pairs that would stand there, less those that stand there now. */
static float gain(const struct guessing *g, size_t from, size_t to, const uint32_t *with,
                  size_t count)
{
    uint32_t row[8];
    size_t n = 0;
    float sum = 0.0F;
    row[n++] = from > 0 ? g->chars[from - 1] : 0;
    for (size_t i = 0; i < count; i++)
        row[n++] = with[i];
    row[n++] = at_or_none(g, to);
    for (size_t i = 0; i + 1 < n; i++)
        sum += pair_idf(g->x, row[i], row[i + 1]);
    return sum - known(g, from > 0 ? from - 1 : 0, to);
}

static void try_guess(struct guessing *g, size_t from, size_t to, const uint32_t *with,
                      size_t count, float share)
{
    float worth = share * gain(g, from, to, with, count);
    if (worth > 0.5F)
        guess(g, from, to, with, count, worth);
}

/* Characters that follow a in some pair of the directory: x->by_text from *ret_first. */
static size_t followers(const struct item_index *x, uint32_t a, size_t *ret_first)
{
    char bytes[3];
    if (han_of(a) == NULL)
        return 0;
    struct str head = {bytes, han_put(a, bytes)};
    size_t low = 0, high = x->pair_count, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(x->terms[x->by_text[middle]].text, head) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_first = low;
    while (low + n < x->pair_count && str_starts(x->terms[x->by_text[low + n]].text, head))
        n++;
    return n;
}

static uint32_t second_char(const struct item_index *x, uint32_t term)
{
    size_t at = 3;
    return str_next_char(x->terms[term].text, &at);
}

/* A character left out, or one wrong by its shape, between two that are right. */
static void try_between(struct guessing *g, size_t i)
{
    size_t first = 0, n = followers(g->x, g->chars[i], &first);
    for (size_t k = first; k < first + n; k++) {
        uint32_t ch = second_char(g->x, g->x->by_text[k]);
        if (pair_idf(g->x, ch, at_or_none(g, i + 1)) > 0.0F)
            try_guess(g, i + 1, i + 1, &ch, 1, INSERT_SHARE);
        if (i + 2 < g->n && ch != g->chars[i + 1] && pair_idf(g->x, ch, g->chars[i + 2]) > 0.0F)
            try_guess(g, i + 1, i + 2, &ch, 1, SHAPE_SHARE);
    }
}

/* Another character that sounds so, at the second (or first) place of the pair i, i + 1. */
static void try_sound(struct guessing *g, size_t i, bool second)
{
    const struct han *a = han_of(g->chars[i]), *b = han_of(g->chars[i + 1]);
    for (size_t s = 0; a != NULL && b != NULL && s < HAN_READINGS * HAN_READINGS; s++) {
        uint16_t p = a->sounds[s / HAN_READINGS], q = b->sounds[s % HAN_READINGS];
        size_t first = 0, n = p == 0 || q == 0 ? 0 : sound_pairs_like(g->x, p, q, &first);
        for (size_t k = first; k < first + n; k++) {
            const struct sound_pair *pair = &g->x->sound_pairs[k];
            size_t at = 0;
            uint32_t one = str_next_char(g->x->terms[pair->term].text, &at);
            uint32_t two = second_char(g->x, pair->term);
            bool same = pair->a == p && pair->b == q;
            if (second && one == g->chars[i] && two != g->chars[i + 1])
                try_guess(g, i + 1, i + 2, &two, 1, same ? 1.0F : 0.8F);
            if (!second && two == g->chars[i + 1] && one != g->chars[i])
                try_guess(g, i, i + 1, &one, 1, same ? 1.0F : 0.8F);
        }
    }
}

static void try_place(struct guessing *g, size_t i)
{
    bool stands = i + 1 < g->n && pair_idf(g->x, g->chars[i], g->chars[i + 1]) > 0.0F;
    if (i > 0 && i + 1 < g->n)
        try_guess(g, i, i + 1, NULL, 0, 1.0F);
    if (stands || i + 1 >= g->n)
        return;
    uint32_t swapped[2] = {g->chars[i + 1], g->chars[i]};
    try_guess(g, i, i + 2, swapped, 2, 0.9F);
    try_sound(g, i, true);
    try_sound(g, i, false);
    try_between(g, i);
}

/* --- words of letters --- */

/* Letters to change, add, leave out or exchange, at most `most`; more is most + 1 (optimal string
 * alignment, Damerau 1964). */
static size_t slips_between(struct str a, struct str b, size_t most)
{
    size_t rows[3][34], *before = rows[0], *last = rows[1], *now = rows[2];
    if (a.n > 32 || b.n > 32 || (a.n > b.n ? a.n - b.n : b.n - a.n) > most)
        return most + 1;
    for (size_t k = 0; k <= b.n; k++)
        last[k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t best = last[k - 1] + (a.p[i - 1] != b.p[k - 1]);
            best = last[k] + 1 < best ? last[k] + 1 : best;
            best = now[k - 1] + 1 < best ? now[k - 1] + 1 : best;
            if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1] &&
                before[k - 2] + 1 < best)
                best = before[k - 2] + 1;
            now[k] = best;
        }
        size_t *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[b.n];
}

static void try_word(struct guessing *g, size_t from, size_t to)
{
    char bytes[CHARS_MOST];
    uint32_t with[34];
    for (size_t i = from; i < to; i++)
        bytes[i - from] = (char)g->chars[i];
    struct str word = {bytes, to - from};
    size_t most = word.n >= WORD_LONG ? 2 : 1;
    if (word.n < WORD_SHORT || term_find(g->x, word) != 0)
        return;
    for (size_t i = 0; i < g->x->latin_count; i++) {
        const struct term *t = &g->x->terms[g->x->latin[i]];
        size_t slips = slips_between(word, t->text, most);
        if (slips > most || t->text.n > 32)
            continue;
        for (size_t k = 0; k < t->text.n; k++)
            with[k] = (unsigned char)t->text.p[k];
        guess(g, from, to, with, t->text.n, t->idf * (1.0F - 0.3F * (float)(slips - 1)));
    }
}

void guess_texts(const struct item_index *x, struct str plain, struct guesses *ret)
{
    struct guessing g = {.x = x, .out = ret};
    ret->n = 0;
    for (size_t at = 0; at < plain.n && g.n < CHARS_MOST;) {
        uint32_t ch = str_next_char(plain, &at);
        if (ch >= 0x80 && han_of(ch) == NULL)
            ch = ' ';
        g.chars[g.n++] = ch;
    }
    for (size_t i = 0; i < g.n; i++)
        if (g.chars[i] >= 0x80)
            try_place(&g, i);
    for (size_t from = 0; from < g.n;) {
        size_t to = from;
        while (to < g.n && g.chars[to] >= 'a' && g.chars[to] <= 'z')
            to++;
        if (to > from)
            try_word(&g, from, to);
        from = to > from ? to : from + 1;
    }
}
