/* What people say and what the field says for it. A saying either only asks (怎么办) and is left out, or
 * stands for other terms (丢了: 补领 遗失), which are then looked for beside the words themselves. All sayings
 * are data (item_saying, data/wolong/item_sayings.csv). */
#include "item_parts.h"
#include <math.h>
#include <string.h>

#define SINGLE_WEIGHT 0.2F
#define BESIDE_WEIGHT                                                                              \
    1.0F /* of a single character beside pairs; the index has it at a fifth already */
#define ALONE_WEIGHT 2.0F /* of one that stands alone when the asking is left out (俺家狗想办证) */
#define MEANT_WEIGHT 0.7F /* a term that a saying stands for, beside one that was said */
#define ACT_SHARE    0.7F /* of a saying that only says what shall happen (丢了): to what says more */
#define SAID_WEIGHT  1.0F /* and the saying itself, where an item has it among its words */
#define EDGE_SHARE   0.6F /* a pair of which one character belongs to a saying */
/* zh: characters to look for, never shown */
#define NUMERALS "一二两三四五六七八九十百千万几半"
/* zh: measures; no 岁 年 级 胎: these name something */
#define MEASURES    "个只头块张天份套辆棵亩口户台间斤吨批"
#define ACT_ADDS    1
#define THING_TAKES 2 /* of the acts that stand for a term, for each thing */
#define ACTS_LEAST  3
#define UNKNOWN_IDF 4.0F /* what a pair that no item has is taken to say */

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

/* A term is an act when sayings of kind act stand for it (three or more: one alone may name a thing
 * beside the act), and more than twice as many as name a thing with it. */
struct acts {
    const struct item_index *x;
    int *balance; /* by term */
    int add;
};

static void note_meant(void *arg, struct str token, bool is_single)
{
    struct acts *acts = arg;
    uint32_t term = is_single ? 0 : term_find(acts->x, token);
    if (term != 0)
        acts->balance[term - 1] += acts->add;
}

void acts_mark(struct item_index *x)
{
    struct arena *scratch = arena_new((size_t)1 << 30);
    struct acts acts = {.x = x, .balance = ARENA_ARRAY(scratch, int, x->term_count + 1)};
    for (size_t i = 0; i < x->saying_count; i++) {
        acts.add = x->sayings[i].is_act ? ACT_ADDS : -THING_TAKES;
        tokens_of(x->sayings[i].means, note_meant, &acts);
    }
    for (size_t i = 0; i < x->term_count; i++)
        x->terms[i].is_act = acts.balance[i] >= ACT_ADDS * ACTS_LEAST;
    arena_free(scratch);
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

/* The longest saying at this place, as index + 1; 0 none. */
static uint32_t longest_at(const struct item_index *x, struct str text, size_t at, size_t *ret_n)
{
    uint32_t best = 0;
    for (size_t to = at; to < text.n && to - at < x->saying_longest;) {
        (void)str_next_char(text, &to);
        uint32_t found = saying_find(x, (struct str){text.p + at, to - at});
        if (found == 0 || cuts_a_word(text, at, to))
            continue;
        best = found;
        *ret_n = to - at;
    }
    return best;
}

static bool only_asks(const struct item_index *x, uint32_t found)
{
    return found != 0 && x->sayings[found - 1].means.n == 0;
}

static bool is_one_of(struct str ch, const char *chars)
{
    for (const char *p = chars; ch.n == 3 && *p != '\0'; p += 3)
        if (memcmp(p, ch.p, 3) == 0)
            return true;
    return false;
}

static bool is_numeral(struct str ch)
{
    return (ch.n == 1 && ch.p[0] >= '0' && ch.p[0] <= '9') || is_one_of(ch, NUMERALS);
}

/* Bytes of an amount at this place (五百头, 3个): how many says nothing about which item. Ages and years do
 * (八十岁, 15年) and are no amounts. */
static size_t amount_at(struct str text, size_t at)
{
    size_t to = at, numerals = 0;
    while (to < text.n) {
        size_t from = to;
        (void)str_next_char(text, &to);
        struct str ch = {text.p + from, to - from};
        if (is_numeral(ch))
            numerals++;
        else
            return numerals > 0 && is_one_of(ch, MEASURES) ? to - at : 0;
    }
    return 0;
}

struct str words_that_name(const struct item_index *x, struct str plain, char *out, size_t room)
{
    size_t n = 0;
    for (size_t at = 0; at < plain.n && n < room;) {
        size_t next = at, said = 0;
        uint32_t found = x->saying_count > 0 ? longest_at(x, plain, at, &said) : 0;
        if (only_asks(x, found)) {
            at += said;
            out[n++] = ' ';
            continue;
        }
        size_t amount = found == 0 && x->saying_count > 0 ? amount_at(plain, at) : 0;
        if (amount > 0) {
            at += amount;
            out[n++] = ' ';
            continue;
        }
        /* What has a meaning is kept whole: 网吧 is no 吧. */
        if (found != 0)
            next = at + said;
        else
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
    bool has_pairs, with_singles;
    float meant_weight, meant2, most_meant2; /* of the word at hand; of the longest of the saying */
    float unknown2;
};

static void note_kind(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    (void)token;
    r->has_pairs = r->has_pairs || !is_single;
}

static bool stands_alone(struct str text, struct str ch)
{
    size_t from = (size_t)(ch.p - text.p), to = from + ch.n;
    return ch.p >= text.p && to <= text.n && (from == 0 || text.p[from - 1] == ' ') &&
           (to == text.n || text.p[to] == ' ');
}

/* Where the query has pairs or words, single characters are only asked for when these find little: they
 * are in many items and take time. */
static void want_said(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    if (is_single && r->has_pairs) {
        bool alone = stands_alone(r->text, token);
        uint32_t found = r->with_singles || alone ? term_find(r->x, token) : 0;
        if (found != 0)
            wanted_add(r->w, found - 1, alone ? ALONE_WEIGHT : BESIDE_WEIGHT, 0);
        return;
    }
    size_t from = (size_t)(token.p - r->text.p);
    bool is_inside = token.p >= r->text.p && from + token.n <= r->text.n && from < sizeof r->said;
    bool begins = is_inside && r->said[from], ends = is_inside && r->said[from + token.n - 1];
    float share = begins || ends ? EDGE_SHARE : 1.0F;
    uint32_t term = term_find(r->x, token);
    float idf = term == 0 ? UNKNOWN_IDF : r->x->terms[term - 1].idf;
    if ((begins && ends) || (term == 0 && (begins || ends)))
        return;
    if (term == 0)
        r->unknown2 += idf * idf;
    else
        wanted_add(r->w, term - 1, is_single ? SINGLE_WEIGHT : 1.0F, 0);
    r->w->length2 += share * idf * idf;
}

static void want_meant(void *arg, struct str token, bool is_single)
{
    struct reading *r = arg;
    uint32_t term = is_single ? 0 : term_find(r->x, token);
    if (term == 0)
        return;
    wanted_add(r->w, term - 1, r->meant_weight, r->w->meant_count);
    r->meant2 += r->meant_weight * r->x->terms[term - 1].idf * r->x->terms[term - 1].idf;
}

static void count_pair(void *arg, struct str token, bool is_single)
{
    size_t *n = arg;
    (void)token;
    *n += !is_single;
}

/* One of the words that a saying stands for; its pairs share its weight. */
static void want_word(struct reading *r, struct str word, float weight, uint8_t saying)
{
    size_t pairs = 0;
    tokens_of(word, count_pair, &pairs);
    if (pairs == 0 || r->w->meant_count == MEANT_MOST)
        return;
    r->w->meant[r->w->meant_count++].saying = saying;
    r->meant_weight = weight / sqrtf((float)pairs);
    r->meant2 = 0.0F;
    tokens_of(word, want_meant, r);
    if (r->meant2 > r->most_meant2)
        r->most_meant2 = r->meant2;
}

/* The saying itself and all that it stands for: what a query says is as long as the longest of them. */
static void want_words(struct reading *r, const struct index_saying *s, uint8_t saying)
{
    float share = s->is_act ? ACT_SHARE : 1.0F;
    r->most_meant2 = 0.0F;
    want_word(r, s->said, share * SAID_WEIGHT, saying);
    for (struct str rest = s->means; rest.p != NULL;)
        want_word(r, str_cut(&rest, ' '), share * MEANT_WEIGHT, saying);
    r->w->length2 += r->most_meant2;
}

static void want_meanings(struct reading *r)
{
    const struct item_index *x = r->x;
    uint8_t sayings = 0;
    for (size_t at = 0; at < r->text.n;) {
        size_t n = 0;
        uint32_t found = longest_at(x, r->text, at, &n);
        if (found != 0 && !only_asks(x, found)) {
            want_words(r, &x->sayings[found - 1], sayings++);
            memset(r->said + at, true, n);
            at += n;
        } else
            (void)str_next_char(r->text, &at);
    }
}

void wanted_of(const struct item_index *x, struct str plain, bool with_singles, struct wanted *ret)
{
    char named[512];
    struct reading r = {.x = x, .w = ret, .with_singles = with_singles};
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
