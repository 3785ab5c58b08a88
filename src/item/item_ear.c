/* A query by ear. Pinyin is cut into syllables, characters are taken for their sounds, so jiehunzheng,
 * "jie hun zheng", 结昏证 and jiehunzhen find 结婚证. Sounds that many people do not tell apart (zh z, eng en,
 * l n) count less than equal ones, one slip in the letters (jiehunzehng) less still. At each place the syllables that may begin there, and of all
 * ways that reach a place the best few. A way is worth the neighbours on it that sound like a pair of
 * characters of the directory. */
#include "item_parts.h"
#include <string.h>

#define LIKE_WEIGHT   0.65F /* a pair that sounds nearly so, beside one that sounds so */
#define SLIP_COST     0.9F
#define STEP_COST     0.1F /* of a syllable: fewer and longer ones win */
#define STRANGE_COST  0.6F /* of neighbours that no item has */
#define UNKNOWN_IDF   3.0F
#define PLACES_MOST   48
#define WAYS_MOST     24 /* kept at each place */
#define SYLLABLE_MOST 6

struct way { /* how a place is reached */
    float value;
    uint16_t sound; /* the last syllable */
    bool slipped;
    uint32_t ch; /* the character, when one was written */
    int8_t from_place, from_way;
};
struct hearing {
    const struct item_index *x;
    uint32_t units[PLACES_MOST]; /* a letter or a character each */
    size_t n;
    bool with_slip;
    struct way ways[PLACES_MOST + 1][WAYS_MOST];
    uint8_t way_count[PLACES_MOST + 1];
};

size_t sound_pairs_like(const struct item_index *x, uint16_t a, uint16_t b, size_t *ret_first)
{
    uint32_t key = (uint32_t)han_kinds[a] << 16 | han_kinds[b];
    size_t low = 0, high = x->sound_pair_count, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->sound_pairs[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (*ret_first = low; low + n < x->sound_pair_count && x->sound_pairs[low + n].key == key;)
        n++;
    return n;
}

static uint32_t written_pair(const struct item_index *x, uint32_t a, uint32_t b)
{
    char bytes[6];
    if (a == 0 || b == 0)
        return 0;
    han_put(a, bytes);
    han_put(b, bytes + 3);
    return term_find(x, (struct str){bytes, 6});
}

/* What two neighbours are worth. */
static float pair_value(const struct item_index *x, const struct way *a, uint16_t sound,
                        uint32_t ch)
{
    size_t first, n;
    if (written_pair(x, a->ch, ch) != 0)
        return 1.2F;
    n = sound_pairs_like(x, a->sound, sound, &first);
    for (size_t i = first; i < first + n; i++)
        if (x->sound_pairs[i].a == a->sound && x->sound_pairs[i].b == sound)
            return 1.0F;
    return n > 0 ? LIKE_WEIGHT : -STRANGE_COST;
}

static void keep_way(struct hearing *h, size_t place, struct way w)
{
    size_t worst = 0, n = h->way_count[place];
    for (size_t i = 0; i < n; i++) {
        struct way *old = &h->ways[place][i];
        if (old->sound == w.sound && old->slipped == w.slipped && old->ch == w.ch) {
            if (w.value > old->value)
                *old = w;
            return;
        }
        if (old->value < h->ways[place][worst].value)
            worst = i;
    }
    if (n < WAYS_MOST)
        h->ways[place][h->way_count[place]++] = w;
    else if (w.value > h->ways[place][worst].value)
        h->ways[place][worst] = w;
}

static void step(struct hearing *h, size_t from, size_t to, uint16_t sound, uint32_t ch, bool slips)
{
    float cost = STEP_COST + (slips ? SLIP_COST : 0.0F);
    if (from == 0) {
        keep_way(h, to, (struct way){-cost, sound, slips, ch, 0, -1});
        return;
    }
    for (int8_t i = 0; i < (int8_t)h->way_count[from]; i++) {
        const struct way *w = &h->ways[from][i];
        if (slips && w->slipped)
            continue;
        keep_way(h, to,
                 (struct way){w->value - cost + pair_value(h->x, w, sound, ch), sound,
                              slips || w->slipped, ch, (int8_t)from, i});
    }
}

/* One letter too many, too few, another one, or two exchanged. */
static bool one_slip(const char *a, size_t n, const char *b, size_t m)
{
    size_t i = 0, k = 0;
    while (i < n && i < m && a[i] == b[i])
        i++;
    while (k < n - i && k < m - i && a[n - 1 - k] == b[m - 1 - k])
        k++;
    size_t left = n - i - k, right = m - i - k;
    if (left + right == 0)
        return false;
    return (left <= 1 && right <= 1) ||
           (left == 2 && right == 2 && a[i] == b[i + 1] && a[i + 1] == b[i]);
}

static void step_letters(struct hearing *h, size_t from)
{
    char chunk[SYLLABLE_MOST + 2];
    for (size_t n = 1; n <= SYLLABLE_MOST + 1 && from + n <= h->n; n++) {
        if (h->units[from + n - 1] >= 0x80)
            return;
        chunk[n - 1] = (char)h->units[from + n - 1];
        uint16_t sound = n > SYLLABLE_MOST ? 0 : han_sound((struct str){chunk, n});
        if (sound != 0)
            step(h, from, from + n, sound, 0, false);
        if (!h->with_slip || n < 2)
            continue;
        for (uint16_t s = 1; s < han_sound_count; s++)
            if (s != sound && one_slip(chunk, n, han_sounds[s], strlen(han_sounds[s])))
                step(h, from, from + n, s, 0, true);
    }
}

static void step_char(struct hearing *h, size_t from)
{
    const struct han *han = han_of(h->units[from]);
    for (size_t i = 0; han != NULL && i < HAN_READINGS && han->sounds[i] != 0; i++)
        step(h, from, from + 1, han->sounds[i], h->units[from], false);
}

static bool take_units(struct hearing *h, struct str plain)
{
    for (size_t at = 0; at < plain.n;) {
        uint32_t ch = str_next_char(plain, &at);
        if (ch == ' ' || ch == '\'')
            continue;
        bool is_letter = ch >= 'a' && ch <= 'z';
        if ((!is_letter && han_of(ch) == NULL) || h->n == PLACES_MOST)
            return false;
        h->units[h->n++] = ch;
    }
    return h->n >= 2;
}

/* All pairs of characters that sound so are wanted, as much as they sound so. */
static void want_pair(const struct item_index *x, const struct way *a, const struct way *b,
                      struct wanted *w, float *unknown2)
{
    size_t first, n = sound_pairs_like(x, a->sound, b->sound, &first);
    uint32_t written = written_pair(x, a->ch, b->ch);
    float most = 0.0F;
    if (written != 0) {
        wanted_add(w, written - 1, 1.0F, 0);
        most = x->terms[written - 1].idf;
    }
    for (size_t i = first; written == 0 && i < first + n; i++) {
        const struct sound_pair *p = &x->sound_pairs[i];
        bool same = p->a == a->sound && p->b == b->sound;
        wanted_add(w, p->term, same ? 0.95F : LIKE_WEIGHT, 0);
        most = x->terms[p->term].idf > most ? x->terms[p->term].idf : most;
    }
    if (written == 0 && n == 0) {
        *unknown2 += UNKNOWN_IDF * UNKNOWN_IDF;
        most = UNKNOWN_IDF;
    }
    w->length2 += most * most;
}

static const struct way *best_way(const struct hearing *h)
{
    const struct way *best = NULL;
    for (size_t i = 0; i < h->way_count[h->n]; i++)
        if (best == NULL || h->ways[h->n][i].value > best->value)
            best = &h->ways[h->n][i];
    return best;
}

bool sound_wanted(const struct item_index *x, struct str plain, bool with_slip, struct wanted *ret)
{
    struct hearing h;
    float unknown2 = 0.0F;
    h.x = x;
    h.n = 0;
    h.with_slip = with_slip;
    memset(h.way_count, 0, sizeof h.way_count);
    if (!take_units(&h, plain))
        return false;
    for (size_t at = 0; at < h.n; at++) {
        if (at > 0 && h.way_count[at] == 0)
            continue;
        if (h.units[at] < 0x80)
            step_letters(&h, at);
        else
            step_char(&h, at);
    }
    *ret = (struct wanted){.n = 0};
    for (const struct way *w = best_way(&h); w != NULL && w->from_way >= 0;) {
        const struct way *before = &h.ways[w->from_place][w->from_way];
        want_pair(x, before, w, ret, &unknown2);
        w = before;
    }
    ret->unknown = ret->length2 > 0.0F ? unknown2 / ret->length2 : 1.0F;
    return ret->n > 0;
}
