/* What people say and what the field says for it. A saying either only asks (怎么办) and is left out, or
 * stands for other terms (丢了: 补领 遗失), which are then looked for beside the words themselves. All sayings
 * are data (item_saying, data/wolong/item_sayings.csv). */
#include "item_parts.h"
#include <math.h>
#include <string.h>

#define SINGLE_WEIGHT  0.2F
#define MEANT_WEIGHT   0.6F  /* a term that a saying stands for, beside one that was said */
#define SAID_SHARE     0.35F /* how much words still count that a saying has explained */
#define EDGE_SHARE     0.6F  /* and pairs of which one character belongs to a saying */
#define UNKNOWN_IDF    3.0F  /* what a pair that no item has is taken to say */

void sayings_build(struct item_index *x, struct arena *a, const struct index_saying *sayings,
                   size_t n)
{
    x->sayings = sayings;
    x->saying_count = n;
    for (x->saying_slot_count = 64; x->saying_slot_count < n * 2;)
        x->saying_slot_count *= 2;
    x->saying_slots = ARENA_ARRAY(a, uint32_t, x->saying_slot_count);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && str_eq(sayings[i].said, sayings[i - 1].said))
            continue;
        size_t at = text_hash(sayings[i].said) & (x->saying_slot_count - 1);
        while (x->saying_slots[at] != 0)
            at = (at + 1) & (x->saying_slot_count - 1);
        x->saying_slots[at] = (uint32_t)i + 1;
        if (sayings[i].said.n > x->saying_longest)
            x->saying_longest = sayings[i].said.n;
    }
}

uint32_t saying_find(const struct item_index *x, struct str said)
{
    size_t at = text_hash(said) & (x->saying_slot_count - 1);
    while (x->saying_slots[at] != 0) {
        if (str_eq(x->sayings[x->saying_slots[at] - 1].said, said))
            return x->saying_slots[at];
        at = (at + 1) & (x->saying_slot_count - 1);
    }
    return 0;
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
}

/* Words of letters are found as whole words only: "i" is not in "social". */
static bool cuts_a_word(struct str text, size_t from, size_t to)
{
    return (from > 0 && is_letter(text.p[from - 1]) && is_letter(text.p[from])) ||
           (to < text.n && is_letter(text.p[to - 1]) && is_letter(text.p[to]));
}

typedef bool saying_fits(const struct index_saying *s);

static bool only_asks(const struct index_saying *s)
{
    return s->means.n == 0;
}
static bool means_something(const struct index_saying *s)
{
    return s->means.n > 0;
}

/* The longest saying of that kind at this place, as index + 1; 0 none. */
static uint32_t longest_at(const struct item_index *x, struct str text, size_t at, saying_fits *fits,
                           size_t *ret_n)
{
    uint32_t best = 0;
    for (size_t to = at; to < text.n && to - at < x->saying_longest;) {
        (void)str_next_char(text, &to);
        uint32_t found = saying_find(x, (struct str){text.p + at, to - at});
        if (found == 0 || !fits(&x->sayings[found - 1]) || cuts_a_word(text, at, to))
            continue;
        best = found;
        *ret_n = to - at;
    }
    return best;
}

struct str words_that_name(const struct item_index *x, struct str plain, char *out, size_t room)
{
    size_t n = 0, said;
    for (size_t at = 0; at < plain.n && n < room;) {
        if (x->saying_count > 0 && longest_at(x, plain, at, only_asks, &said) != 0) {
            at += said;
            out[n++] = ' ';
            continue;
        }
        size_t next = at;
        (void)str_next_char(plain, &next);
        if (next == at || n + next - at > room)
            break;
        memcpy(out + n, plain.p + at, next - at);
        n += next - at;
        at = next;
    }
    struct str named = str_trim((struct str){out, n});
    return named.n > 0 ? named : plain;
}

void wanted_add(struct wanted *w, uint32_t term, float weight, size_t meant)
{
    struct wanted_term *t = w->terms;
    while (t < w->terms + w->n && t->term != term)
        t++;
    if (t == w->terms + WANTED_MOST)
        return;
    if (t == w->terms + w->n)
        w->n++;
    else if (t->weight >= weight)
        return;
    *t = (struct wanted_term){term, weight, (uint8_t)meant};
}

struct reading { /* of one query */
    const struct item_index *x;
    struct wanted *w;
    struct str text;
    bool said[512]; /* bytes that a saying has explained */
    bool has_pairs;
    float meant_weight; /* of the word at hand */
    float unknown2;
};

static void note_kind(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    (void)token;
    r->has_pairs = r->has_pairs || !is_single;
}

/* Where the query has pairs or words, single characters only add noise and time. */
static void want_said(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    if (is_single && r->has_pairs)
        return;
    size_t from = (size_t)(token.p - r->text.p);
    bool is_inside = token.p >= r->text.p && from + token.n <= r->text.n && from < sizeof r->said;
    bool begins = is_inside && r->said[from], ends = is_inside && r->said[from + token.n - 1];
    float share = begins && ends ? SAID_SHARE : begins || ends ? EDGE_SHARE : 1.0F;
    uint32_t term = term_find(r->x, token);
    float idf = term == 0 ? UNKNOWN_IDF : r->x->terms[term - 1].idf;
    if (term == 0 && (begins || ends))
        return;
    if (term == 0)
        r->unknown2 += idf * idf;
    else
        wanted_add(r->w, term - 1, is_single ? SINGLE_WEIGHT : begins && ends ? 0.8F : 1.0F, 0);
    r->w->length2 += share * idf * idf;
}

static void want_meant(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    uint32_t term = is_single ? 0 : term_find(r->x, token);
    if (term != 0)
        wanted_add(r->w, term - 1, r->meant_weight, r->w->meant_count);
}

static void count_pair(void *arg, struct str token, bool is_single)
{
    size_t *n = arg;
    (void)token;
    *n += !is_single;
}

/* The pairs of a word share its weight. */
static void want_words(struct reading *r, struct str means, uint8_t saying)
{
    for (struct str rest = means; rest.p != NULL && r->w->meant_count < MEANT_MOST;) {
        size_t pairs = 0;
        struct str word = str_cut(&rest, ' ');
        tokens_of(word, count_pair, &pairs);
        if (pairs == 0)
            continue;
        r->w->meant[r->w->meant_count++].saying = saying;
        r->meant_weight = MEANT_WEIGHT / sqrtf((float)pairs);
        tokens_of(word, want_meant, r);
    }
}

static void want_meanings(struct reading *r)
{
    const struct item_index *x = r->x;
    uint8_t sayings = 0;
    for (size_t at = 0; at < r->text.n;) {
        size_t n = 0;
        uint32_t found = longest_at(x, r->text, at, means_something, &n);
        if (found != 0) {
            want_words(r, x->sayings[found - 1].means, sayings++);
            memset(r->said + at, true, n);
            at += n;
        } else
            (void)str_next_char(r->text, &at);
    }
}

void wanted_of(const struct item_index *x, struct str plain, struct wanted *ret)
{
    char named[512];
    struct reading r = {.x = x, .w = ret};
    ret->n = ret->meant_count = 0;
    ret->length2 = 0.0F;
    if (plain.n > sizeof named)
        plain.n = sizeof named;
    r.text = words_that_name(x, plain, named, sizeof named);
    ret->hash = phrase_hash(plain);
    ret->core_hash = phrase_hash(r.text);
    tokens_of(r.text, note_kind, &r);
    if (x->saying_count > 0)
        want_meanings(&r);
    tokens_of(r.text, want_said, &r);
    ret->unknown = ret->length2 > 0.0F ? r.unknown2 / ret->length2 : 1.0F;
}
