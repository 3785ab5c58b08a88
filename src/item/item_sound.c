/* How the directory sounds: every pair of characters under the sounds it may have (银行 as yin hang and yin
 * xing), and the initials of all names and everyday words. Initials (jhz) are found with a shift-and over
 * all of them, which takes one step a character (Baeza-Yates and Gonnet, 1992). */
#include "item_parts.h"
#include <stdlib.h>
#include <string.h>

/* --- building --- */

static bool is_han_pair(struct str t, uint32_t *ret_a, uint32_t *ret_b)
{
    size_t at = 0;
    if (t.n != 6)
        return false;
    *ret_a = str_next_char(t, &at);
    *ret_b = str_next_char(t, &at);
    return han_of(*ret_a) != NULL && han_of(*ret_b) != NULL;
}

static uint32_t pair_key(uint16_t a, uint16_t b)
{
    return (uint32_t)han_kinds[a] << 16 | han_kinds[b];
}

static int by_key(const void *a, const void *b)
{
    const struct sound_pair *p = a, *q = b;
    return p->key != q->key    ? (p->key < q->key ? -1 : 1)
           : p->term < q->term ? -1
                               : p->term > q->term;
}

static int by_text(const void *a, const void *b, void *terms)
{
    const struct term *all = terms;
    return str_cmp(all[*(const uint32_t *)a].text, all[*(const uint32_t *)b].text);
}

static void add_sounds(struct item_index *x, uint32_t term, const struct han *a,
                       const struct han *b)
{
    for (size_t i = 0; i < HAN_READINGS && a->sounds[i] != 0; i++)
        for (size_t k = 0; k < HAN_READINGS && b->sounds[k] != 0; k++)
            x->sound_pairs[x->sound_pair_count++] =
                (struct sound_pair){pair_key(a->sounds[i], b->sounds[k]), term, a->sounds[i],
                                    b->sounds[k]};
}

void sounds_build(struct item_index *x, struct arena *a)
{
    uint32_t first, second;
    size_t pairs = 0, words = 0;
    for (size_t i = 0; i < x->term_count; i++) {
        pairs += is_han_pair(x->terms[i].text, &first, &second);
        words += x->terms[i].text.p[0] >= 'a' && x->terms[i].text.p[0] <= 'z';
    }
    x->by_text = ARENA_ARRAY(a, uint32_t, pairs + 1);
    x->latin = ARENA_ARRAY(a, uint32_t, words + 1);
    struct arena *scratch = arena_new((size_t)1 << 30);
    struct sound_pair *kept;
    x->sound_pairs =
        ARENA_ARRAY(scratch, struct sound_pair, pairs * HAN_READINGS * HAN_READINGS + 1);
    for (size_t i = 0; i < x->term_count; i++) {
        struct str text = x->terms[i].text;
        if (text.p[0] >= 'a' && text.p[0] <= 'z')
            x->latin[x->latin_count++] = (uint32_t)i;
        if (!is_han_pair(text, &first, &second))
            continue;
        x->by_text[x->pair_count++] = (uint32_t)i;
        add_sounds(x, (uint32_t)i, han_of(first), han_of(second));
    }
    qsort_r(x->by_text, x->pair_count, sizeof *x->by_text, by_text, x->terms);
    qsort(x->sound_pairs, x->sound_pair_count, sizeof *x->sound_pairs, by_key);
    kept = ARENA_ARRAY(a, struct sound_pair, x->sound_pair_count + 1);
    memcpy(kept, x->sound_pairs, x->sound_pair_count * sizeof *kept);
    x->sound_pairs = kept;
    arena_free(scratch);
}

/* --- initials: built and found --- */

static uint8_t set_number(struct item_index *x, uint32_t set)
{
    for (size_t i = 1; i <= x->initial_set_count; i++)
        if (x->initial_sets[i] == set)
            return (uint8_t)i;
    if (x->initial_set_count == 255)
        return 0;
    x->initial_sets[++x->initial_set_count] = set;
    return (uint8_t)x->initial_set_count;
}

static uint32_t letter_set(uint32_t ch)
{
    const struct han *han = han_of(ch);
    uint32_t set = 0;
    if (ch >= 'a' && ch <= 'z')
        return 1U << (ch - 'a');
    for (size_t i = 0; han != NULL && i < HAN_READINGS && han->sounds[i] != 0; i++)
        set |= 1U << (han_sounds[han->sounds[i]][0] - 'a');
    return set;
}

/* Punctuation and digits are passed over: people leave them out. */
static void add_initials(struct item_index *x, struct str text, uint32_t doc)
{
    char bytes[TEXT_ROOM];
    struct str plain = {bytes, han_plain(text, bytes, sizeof bytes)};
    x->initials_of[x->initials_of_count++] = (struct initials_of){(uint32_t)x->initials_count, doc};
    for (size_t at = 0; at < plain.n;) {
        uint32_t set = letter_set(str_next_char(plain, &at));
        if (set != 0)
            x->initials[x->initials_count++] = set_number(x, set);
    }
    x->initials[x->initials_count++] = 0;
}

void initials_build(struct item_index *x, struct arena *a)
{
    size_t bytes = 1, phrases = 0;
    for (size_t i = 0; i < x->doc_count; i++) {
        const struct index_doc *d = &x->docs[i];
        phrases += 1 + d->word_count;
        bytes += str_chars(d->name) + 1;
        for (size_t k = 0; k < d->word_count; k++)
            bytes += str_chars(d->words[k]) + 1;
    }
    x->initials = arena_bytes(a, bytes);
    x->initials_of = ARENA_ARRAY(a, struct initials_of, phrases + 1);
    for (size_t i = 0; i < x->doc_count; i++) {
        add_initials(x, x->docs[i].name, (uint32_t)i);
        for (size_t k = 0; k < x->docs[i].word_count; k++)
            add_initials(x, x->docs[i].words[k], (uint32_t)i);
    }
}

struct found_docs {
    uint32_t docs[50];
    size_t n;
};

static void note_doc(struct found_docs *f, uint32_t doc)
{
    if (f->n < 50 && (f->n == 0 || f->docs[f->n - 1] != doc))
        f->docs[f->n++] = doc;
}

static size_t letters_of(struct str plain, char *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] == ' ' || plain.p[i] == '\'')
            continue;
        if (plain.p[i] < 'a' || plain.p[i] > 'z' || n == most)
            return 0;
        out[n++] = plain.p[i];
    }
    return n;
}

size_t initials_find(const struct item_index *x, struct str plain, uint32_t *docs, bool *ret_whole)
{
    char letters[16];
    uint32_t places[256] = {0}, now = 0;
    size_t n = letters_of(plain, letters, sizeof letters), of = 0;
    struct found_docs whole = {.n = 0}, start = {.n = 0}, inside = {.n = 0};
    if (n < 2)
        return 0;
    for (size_t s = 1; s <= x->initial_set_count; s++)
        for (size_t i = 0; i < n; i++)
            if ((x->initial_sets[s] >> (letters[i] - 'a')) & 1U)
                places[s] |= 1U << i;
    for (size_t at = 0; at < x->initials_count; at++) {
        now = ((now << 1) | 1U) & places[x->initials[at]];
        if (((now >> (n - 1)) & 1U) == 0)
            continue;
        while (of + 1 < x->initials_of_count && x->initials_of[of + 1].at <= at)
            of++;
        bool begins = x->initials_of[of].at == at + 1 - n, ends = x->initials[at + 1] == 0;
        note_doc(begins && ends ? &whole : begins ? &start : &inside, x->initials_of[of].doc);
    }
    *ret_whole = whole.n > 0;
    if (whole.n == 0 && n > 2)
        for (size_t i = 0; i < inside.n && start.n < 50; i++)
            start.docs[start.n++] = inside.docs[i];
    const struct found_docs *best = whole.n > 0 ? &whole : &start;
    memcpy(docs, best->docs, best->n * sizeof *docs);
    return best->n;
}
