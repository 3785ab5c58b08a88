/* Building the index: every (term, document, weight) goes into one list, which is sorted by term with a
 * counting sort; what is equal is merged and weights become impacts. */
#include "item_parts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much a term counts by where it stands; the sums saturate as in BM25 (k1). */
#define WEIGHT_NAME    3.0F
#define WEIGHT_WORDS   3.0F
#define WEIGHT_MAIN    1.0F
#define WEIGHT_ENGLISH 2.0F
#define WEIGHT_AGENCY  0.5F
#define WEIGHT_KIN     2.0F /* words of another of the family */
#define KIN_WORD_MOST  18   /* bytes: long ones say too much of what is done */
#define FAMILY_MOST    64
#define SINGLE_FACTOR  0.2F /* one character says little beside a pair */
#define SATURATION     1.2F
#define LENGTH_SHARE   0.4F /* BM25's b: a long name dilutes its terms */
#define DEMAND_SHARE                                                                               \
    0.30F /* the most asked for item is worth so much more than one never asked for */

uint64_t text_hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h ^ (h >> 29);
}

/* --- building ------------------------------------------------------------------------------ */

struct sighting {
    uint32_t term, doc;
    float weight;
};
struct building {
    struct item_index *x;
    struct arena *a; /* of the index */
    struct arena *scratch;
    struct sighting *seen; /* documents rising, and again from kin_from on */
    size_t seen_count, seen_room, kin_from;
    uint32_t doc;
    float weight;
    float doc_length;
};

static void slots_grow(struct building *b)
{
    struct item_index *x = b->x;
    x->slot_count = x->slot_count == 0 ? 1U << 14 : x->slot_count * 2;
    x->slots = ARENA_ARRAY(b->a, uint32_t, x->slot_count);
    for (size_t i = 0; i < x->term_count; i++) {
        size_t at = x->terms[i].hash & (x->slot_count - 1);
        while (x->slots[at] != 0)
            at = (at + 1) & (x->slot_count - 1);
        x->slots[at] = (uint32_t)i + 1;
    }
}

static void terms_grow(struct building *b)
{
    struct item_index *x = b->x;
    size_t room = x->term_room == 0 ? 1U << 13 : x->term_room * 2;
    struct term *terms = ARENA_ARRAY(b->a, struct term, room);
    if (x->term_count > 0)
        memcpy(terms, x->terms, x->term_count * sizeof *terms);
    x->terms = terms;
    x->term_room = room;
    slots_grow(b);
}

static const uint32_t *slot_of(const struct item_index *x, struct str token, uint32_t hash)
{
    size_t at = hash & (x->slot_count - 1);
    while (x->slots[at] != 0) {
        const struct term *t = &x->terms[x->slots[at] - 1];
        if (t->hash == hash && str_eq(t->text, token))
            break;
        at = (at + 1) & (x->slot_count - 1);
    }
    return &x->slots[at];
}

uint32_t term_find(const struct item_index *x, struct str token)
{
    return *slot_of(x, token, (uint32_t)text_hash(token));
}

static uint32_t term_of(struct building *b, struct str token)
{
    struct item_index *x = b->x;
    if (x->term_count == x->term_room)
        terms_grow(b);
    uint32_t hash = (uint32_t)text_hash(token);
    uint32_t *slot = &x->slots[slot_of(x, token, hash) - x->slots];
    if (*slot == 0) {
        x->terms[x->term_count] = (struct term){.text = str_copy(b->a, token), .hash = hash};
        *slot = (uint32_t)++x->term_count;
    }
    return *slot - 1;
}

static void see(void *arg, struct str token, bool is_single)
{
    struct building *b = arg;
    if (b->seen_count == b->seen_room) {
        size_t room = b->seen_room == 0 ? 1U << 15 : b->seen_room * 2;
        struct sighting *seen = ARENA_ARRAY(b->scratch, struct sighting, room);
        if (b->seen_count > 0)
            memcpy(seen, b->seen, b->seen_count * sizeof *seen);
        b->seen = seen;
        b->seen_room = room;
    }
    float weight = is_single ? b->weight * SINGLE_FACTOR : b->weight;
    b->seen[b->seen_count++] = (struct sighting){term_of(b, token), b->doc, weight};
}

static void see_text(struct building *b, struct str text, float weight)
{
    char plain[TEXT_ROOM];
    b->weight = weight;
    tokens_of((struct str){plain, han_plain(text, plain, sizeof plain)}, see, b);
}

/* Room for one more, doubled when it is used up. */
static void *grown(struct arena *a, void *v, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return v;
    *room = *room == 0 ? 1024 : *room * 2;
    void *more = arena_array(a, *room, size);
    if (n > 0)
        memcpy(more, v, n * size);
    return more;
}

static void add_wording_term(struct building *b, uint32_t term)
{
    struct item_index *x = b->x;
    x->wording_terms = grown(b->a, x->wording_terms, x->wording_term_count, &x->wording_term_room,
                             sizeof *x->wording_terms);
    x->wording_terms[x->wording_term_count++] = term;
}

static void see_in_wording(void *arg, struct str token, bool is_single)
{
    struct building *b = arg;
    see(arg, token, is_single);
    if (!is_single)
        add_wording_term(b, b->seen[b->seen_count - 1].term);
}

/* A name or an everyday word: what the query is compared with as a whole. */
static void see_wording(struct building *b, struct str text, float weight)
{
    struct item_index *x = b->x;
    char plain[TEXT_ROOM], named[TEXT_ROOM];
    if (text.n == 0)
        return;
    struct str whole = {plain, han_plain(text, plain, sizeof plain)};
    uint32_t first = (uint32_t)x->wording_term_count;
    b->weight = weight;
    tokens_of(words_that_name(x, whole, named, sizeof named), see_in_wording, b);
    x->wordings = grown(b->a, x->wordings, x->wording_count, &x->wording_room, sizeof *x->wordings);
    x->wordings[x->wording_count++] =
        (struct wording){.first = first, .count = (uint32_t)x->wording_term_count - first};
}

static void see_doc(struct building *b, const struct index_doc *d)
{
    b->x->wording_first[b->doc] = (uint32_t)b->x->wording_count;
    see_wording(b, d->name, WEIGHT_NAME);
    for (size_t i = 0; i < d->word_count; i++)
        see_wording(b, d->words[i], WEIGHT_WORDS);
    see_wording(b, d->name_en, WEIGHT_ENGLISH);
    see_text(b, d->main_item, WEIGHT_MAIN);
    see_text(b, d->agency, WEIGHT_AGENCY);
}

/* --- families -------------------------------------------------------------------------------- */

static bool has_act(const struct item_index *x, uint32_t doc)
{
    const struct wording *name = &x->wordings[x->wording_first[doc]];
    for (size_t k = name->first; k < name->first + name->count; k++)
        if (x->terms[x->wording_terms[k]].is_act)
            return true;
    return false;
}

/* Pairs that two names share, less those that only one has; no act is counted. */
static int likeness(const struct item_index *x, uint32_t a, uint32_t b)
{
    const struct wording *p = &x->wordings[x->wording_first[a]],
                         *q = &x->wordings[x->wording_first[b]];
    int like = -(int)q->count;
    for (size_t i = p->first; i < p->first + p->count; i++)
        for (size_t k = q->first; k < q->first + q->count; k++)
            if (x->wording_terms[i] == x->wording_terms[k]) {
                like += 3;
                break;
            }
    return like;
}

/* The one of the same main item that has no act in its name and is most like it. */
static uint32_t kin_of(const struct item_index *x, uint32_t d)
{
    struct str main_item = x->docs[d].main_item;
    uint32_t best = d, from = d, to = d + 1;
    int most = 0;
    if (main_item.n == 0 || !has_act(x, d))
        return d;
    while (from > 0 && d - from < FAMILY_MOST && str_eq(x->docs[from - 1].main_item, main_item))
        from--;
    while (to < x->doc_count && to - d < FAMILY_MOST && str_eq(x->docs[to].main_item, main_item))
        to++;
    for (uint32_t k = from; k < to; k++) {
        if (k == d || has_act(x, k))
            continue;
        int like = likeness(x, d, k);
        if (best == d || like > most) {
            best = k;
            most = like;
        }
    }
    return best;
}

/* A word of the kin and the acts of the own name: what people say for this one (剧团 延续). */
static void see_kin_word(struct building *b, struct str word)
{
    struct item_index *x = b->x;
    see_wording(b, word, WEIGHT_KIN);
    const struct wording *name = &x->wordings[x->wording_first[b->doc]];
    for (uint32_t k = name->first; k < name->first + name->count; k++)
        if (x->terms[x->wording_terms[k]].is_act) {
            add_wording_term(b, x->wording_terms[k]);
            x->wordings[x->wording_count - 1].count++;
        }
}

/* Everyday words are written for the item that is asked for most (开网吧); the others of its family, which
 * change, renew or end the same paper, are called by them too. */
static void see_kin(struct building *b)
{
    struct item_index *x = b->x;
    uint32_t kin = kin_of(x, b->doc);
    x->kin_first[b->doc] = (uint32_t)x->wording_count;
    for (size_t i = 0; kin != b->doc && i < x->docs[kin].word_count; i++)
        if (x->docs[kin].words[i].n <= KIN_WORD_MOST)
            see_kin_word(b, x->docs[kin].words[i]);
}

static void post(struct item_index *x, const struct sighting *s)
{
    struct term *t = &x->terms[s->term];
    struct posting *last = t->count > 0 ? &x->postings[t->first + t->count - 1] : NULL;
    if (last != NULL && last->doc == s->doc)
        last->impact += s->weight;
    else
        x->postings[t->first + t->count++] = (struct posting){s->doc, s->weight};
}

/* Sightings of a term side by side, documents rising; equal ones summed. */
static void sort_sightings(struct building *b)
{
    struct item_index *x = b->x;
    for (size_t i = 0; i < b->seen_count; i++)
        x->terms[b->seen[i].term].count++;
    size_t first = 0;
    for (size_t i = 0; i < x->term_count; i++) {
        x->terms[i].first = first;
        first += x->terms[i].count;
        x->terms[i].count = 0;
    }
    x->postings = ARENA_ARRAY(b->a, struct posting, b->seen_count + 1);
    for (size_t i = 0, kin = b->kin_from; i < b->kin_from || kin < b->seen_count;) {
        bool is_kin =
            i == b->kin_from || (kin < b->seen_count && b->seen[kin].doc < b->seen[i].doc);
        post(x, &b->seen[is_kin ? kin++ : i++]);
    }
}

/* Weights into impacts: idf × saturated weight, diluted by the length of the name (BM25). */
static void weigh(struct item_index *x)
{
    double chars = 0;
    for (size_t i = 0; i < x->doc_count; i++)
        chars += (double)x->docs[i].name.n;
    float mean = x->doc_count > 0 ? (float)(chars / (double)x->doc_count) : 1.0F;
    for (size_t i = 0; i < x->term_count; i++) {
        struct term *t = &x->terms[i];
        double n = (double)t->count, all = (double)x->doc_count;
        float idf = t->idf = (float)log(1.0 + (all - n + 0.5) / (n + 0.5));
        for (size_t k = t->first; k < t->first + t->count; k++) {
            struct posting *p = &x->postings[k];
            float length = (float)x->docs[p->doc].name.n / mean;
            float damp = SATURATION * (1.0F - LENGTH_SHARE + LENGTH_SHARE * length);
            p->impact = idf * p->impact * (SATURATION + 1.0F) / (p->impact + damp);
        }
    }
}

static void measure_wordings(struct item_index *x)
{
    for (size_t i = 0; i < x->wording_count; i++) {
        struct wording *w = &x->wordings[i];
        float sum = 0.0F;
        for (size_t k = w->first; k < w->first + w->count; k++)
            sum += x->terms[x->wording_terms[k]].idf * x->terms[x->wording_terms[k]].idf;
        w->length = sqrtf(sum);
    }
}

/* The most asked for is worth DEMAND_SHARE more; the scale is logarithmic, as demand is. */
static void weigh_demand(struct item_index *x, struct arena *a)
{
    int64_t most = 0;
    x->demand = ARENA_ARRAY(a, float, x->doc_count + 1);
    for (size_t i = 0; i < x->doc_count; i++)
        most = x->docs[i].demand > most ? x->docs[i].demand : most;
    for (size_t i = 0; i < x->doc_count; i++)
        x->demand[i] = most == 0 ? 1.0F
                                 : 1.0F + DEMAND_SHARE * logf(1.0F + (float)x->docs[i].demand) /
                                              logf(1.0F + (float)most);
}

uint64_t phrase_hash(struct str plain)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < plain.n; i++)
        if (plain.p[i] != ' ')
            h = (h ^ (unsigned char)plain.p[i]) * UINT64_C(1099511628211);
    return h ^ (h >> 29);
}

static int by_hash(const void *a, const void *b)
{
    const struct phrase *p = a, *q = b;
    return p->hash < q->hash ? -1 : p->hash > q->hash ? 1 : p->doc < q->doc ? -1 : p->doc > q->doc;
}

static void add_phrase(struct item_index *x, struct str text, uint32_t doc, bool is_word)
{
    char plain[TEXT_ROOM], named[TEXT_ROOM];
    if (text.n == 0)
        return;
    struct str whole = {plain, han_plain(text, plain, sizeof plain)};
    x->phrases[x->phrase_count++] = (struct phrase){phrase_hash(whole), doc};
    if (!is_word)
        return;
    struct str core = words_that_name(x, whole, named, sizeof named);
    if (phrase_hash(core) != phrase_hash(whole))
        x->phrases[x->phrase_count++] = (struct phrase){phrase_hash(core), doc};
}

static void collect_phrases(struct item_index *x, struct arena *a)
{
    size_t n = x->doc_count * 2;
    for (size_t i = 0; i < x->doc_count; i++)
        n += x->docs[i].word_count * 2;
    x->phrases = ARENA_ARRAY(a, struct phrase, n + 1);
    for (size_t i = 0; i < x->doc_count; i++) {
        const struct index_doc *d = &x->docs[i];
        add_phrase(x, d->name, (uint32_t)i, false);
        add_phrase(x, d->name_en, (uint32_t)i, false);
        for (size_t k = 0; k < d->word_count; k++)
            add_phrase(x, d->words[k], (uint32_t)i, true);
    }
    qsort(x->phrases, x->phrase_count, sizeof *x->phrases, by_hash);
}

struct item_index *index_build(struct arena *a, const struct index_doc *docs, size_t n,
                               const struct index_saying *sayings, size_t saying_count)
{
    struct item_index *x = ARENA_NEW(a, struct item_index);
    struct arena *scratch = arena_new((size_t)8 << 30);
    struct index_doc *own = ARENA_ARRAY(a, struct index_doc, n + 1);
    if (n > 0)
        memcpy(own, docs, n * sizeof *own);
    x->docs = own;
    x->doc_count = n;
    x->wording_first = ARENA_ARRAY(a, uint32_t, n + 1);
    x->kin_first = ARENA_ARRAY(a, uint32_t, n + 1);
    sayings_build(x, a, sayings, saying_count);
    struct building b = {.x = x, .a = a, .scratch = scratch};
    terms_grow(&b);
    for (b.doc = 0; b.doc < n; b.doc++)
        see_doc(&b, &own[b.doc]);
    x->wording_first[n] = (uint32_t)x->wording_count;
    acts_mark(x);
    b.kin_from = b.seen_count;
    for (b.doc = 0; b.doc < n; b.doc++)
        see_kin(&b);
    x->kin_first[n] = (uint32_t)x->wording_count;
    sort_sightings(&b);
    weigh(x);
    measure_wordings(x);
    weigh_demand(x, a);
    collect_phrases(x, a);
    sounds_build(x, a);
    initials_build(x, a);
    arena_free(scratch);
    return x;
}

size_t index_size(const struct item_index *x)
{
    return x->doc_count;
}
int64_t index_find(const struct item_index *x, struct str code)
{
    size_t low = 0, high = x->doc_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(x->docs[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->doc_count && str_eq(x->docs[low].code, code) ? (int64_t)low : -1;
}
const struct index_doc *index_doc_at(const struct item_index *x, uint32_t doc)
{
    return &x->docs[doc];
}
