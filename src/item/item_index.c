/* The inverted index. Building collects every (term, document, weight) in one list, sorts it by term
 * with a counting sort, merges what is equal and turns weights into impacts. Searching adds the impacts
 * of the query's terms into an array of scores kept by the thread. */
#include "item_index.h"
#include "fault.h"
#include <pthread.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much a term counts by where it stands; the sums saturate as in BM25 (k1). */
#define WEIGHT_NAME      3.0F
#define WEIGHT_WORDS     3.0F
#define WEIGHT_MAIN      1.0F
#define WEIGHT_ENGLISH   2.0F
#define WEIGHT_AGENCY    0.5F
#define SINGLE_FACTOR    0.2F /* one character says little beside a pair */
#define SATURATION       1.2F
#define LENGTH_SHARE     0.4F  /* BM25's b: a long name dilutes its terms */
#define WHOLE_WORD_BONUS 6.0F  /* the query is one of the item's everyday words, or its name */
#define NOISE_SHARE      0.22F /* below this share of the best score a match is chance */

struct posting {
    uint32_t doc;
    float impact;
};
struct term {
    struct str text;
    uint32_t hash, count;
    size_t first; /* in postings */
};
struct phrase { /* an everyday word or name as a whole */
    uint64_t hash;
    uint32_t doc;
};
struct item_index {
    const struct index_doc *docs;
    size_t doc_count;
    struct term *terms;
    uint32_t *slots; /* open addressing, 0 empty, else term + 1 */
    size_t term_count, term_room, slot_count;
    struct posting *postings;
    struct phrase *phrases; /* sorted by hash */
    size_t phrase_count;
};

static uint64_t hash_of(struct str s)
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
    struct sighting *seen;
    size_t seen_count, seen_room;
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

static uint32_t term_of(struct building *b, struct str token)
{
    struct item_index *x = b->x;
    if (x->term_count == x->term_room)
        terms_grow(b);
    uint32_t hash = (uint32_t)hash_of(token);
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
    b->weight = weight;
    tokens_of(text, see, b);
}

/* Names and everyday words carry the document's length: an item with few words is about them. */
static void see_doc(struct building *b, const struct index_doc *d)
{
    see_text(b, d->name, WEIGHT_NAME);
    for (size_t i = 0; i < d->word_count; i++)
        see_text(b, d->words[i], WEIGHT_WORDS);
    see_text(b, d->main_item, WEIGHT_MAIN);
    see_text(b, d->name_en, WEIGHT_ENGLISH);
    see_text(b, d->agency, WEIGHT_AGENCY);
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
    for (size_t i = 0; i < b->seen_count; i++) {
        struct term *t = &x->terms[b->seen[i].term];
        struct posting *last = t->count > 0 ? &x->postings[t->first + t->count - 1] : NULL;
        if (last != NULL && last->doc == b->seen[i].doc)
            last->impact += b->seen[i].weight;
        else
            x->postings[t->first + t->count++] =
                (struct posting){b->seen[i].doc, b->seen[i].weight};
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
        const struct term *t = &x->terms[i];
        double n = (double)t->count, all = (double)x->doc_count;
        float idf = (float)log(1.0 + (all - n + 0.5) / (n + 0.5));
        for (size_t k = t->first; k < t->first + t->count; k++) {
            struct posting *p = &x->postings[k];
            float length = (float)x->docs[p->doc].name.n / mean;
            float damp = SATURATION * (1.0F - LENGTH_SHARE + LENGTH_SHARE * length);
            p->impact = idf * p->impact * (SATURATION + 1.0F) / (p->impact + damp);
        }
    }
}

static uint64_t phrase_hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t at = 0; at < s.n;) {
        uint32_t ch = str_next_char(s, &at);
        if (ch == 0)
            break;
        if (ch >= 0xFF01 && ch <= 0xFF5E)
            ch -= 0xFEE0;
        if (ch >= 'A' && ch <= 'Z')
            ch += 32;
        if (ch > ' ' && ch != 0x3000)
            h = (h ^ ch) * UINT64_C(1099511628211);
    }
    return h;
}

static int by_hash(const void *a, const void *b)
{
    const struct phrase *p = a, *q = b;
    return p->hash < q->hash ? -1 : p->hash > q->hash ? 1 : p->doc < q->doc ? -1 : p->doc > q->doc;
}

static void collect_phrases(struct item_index *x, struct arena *a)
{
    size_t n = x->doc_count;
    for (size_t i = 0; i < x->doc_count; i++)
        n += x->docs[i].word_count + 1;
    x->phrases = ARENA_ARRAY(a, struct phrase, n + 1);
    for (size_t i = 0; i < x->doc_count; i++) {
        const struct index_doc *d = &x->docs[i];
        x->phrases[x->phrase_count++] = (struct phrase){phrase_hash(d->name), (uint32_t)i};
        if (d->name_en.n > 0)
            x->phrases[x->phrase_count++] = (struct phrase){phrase_hash(d->name_en), (uint32_t)i};
        for (size_t k = 0; k < d->word_count; k++)
            x->phrases[x->phrase_count++] = (struct phrase){phrase_hash(d->words[k]), (uint32_t)i};
    }
    qsort(x->phrases, x->phrase_count, sizeof *x->phrases, by_hash);
}

struct item_index *index_build(struct arena *a, const struct index_doc *docs, size_t n)
{
    struct item_index *x = ARENA_NEW(a, struct item_index);
    struct arena *scratch = arena_new((size_t)8 << 30);
    struct index_doc *own = ARENA_ARRAY(a, struct index_doc, n + 1);
    if (n > 0)
        memcpy(own, docs, n * sizeof *own);
    x->docs = own;
    x->doc_count = n;
    struct building b = {.x = x, .a = a, .scratch = scratch};
    terms_grow(&b);
    for (b.doc = 0; b.doc < n; b.doc++)
        see_doc(&b, &own[b.doc]);
    sort_sightings(&b);
    weigh(x);
    collect_phrases(x, a);
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

/* --- searching ----------------------------------------------------------------------------- */

struct scores { /* kept by the thread, all zero between searches */
    struct arena *arena;
    float *v;
    uint32_t *touched;
    size_t room, touched_count;
};
static _Thread_local struct scores scores;

struct searching {
    const struct item_index *x;
    bool has_pairs, singles_only;
};

static pthread_key_t scores_of_thread; /* only to let them go when a thread ends */
static pthread_once_t scores_once = PTHREAD_ONCE_INIT;

static void scores_let_go(void *arena)
{
    arena_free(arena);
}

static void scores_make_key(void)
{
    BUG_IF(pthread_key_create(&scores_of_thread, scores_let_go) != 0);
}

static void scores_make_room(size_t docs)
{
    if (docs <= scores.room)
        return;
    pthread_once(&scores_once, scores_make_key);
    if (scores.arena != NULL)
        arena_free(scores.arena);
    scores.arena = arena_new((size_t)1 << 30);
    BUG_IF(pthread_setspecific(scores_of_thread, scores.arena) != 0);
    scores.v = ARENA_ARRAY(scores.arena, float, docs);
    scores.touched = ARENA_ARRAY(scores.arena, uint32_t, docs);
    scores.room = docs;
}

static void add_score(uint32_t doc, float impact)
{
    if (scores.v[doc] == 0.0F)
        scores.touched[scores.touched_count++] = doc;
    scores.v[doc] += impact;
}

static void note_kind(void *arg, struct str token, bool is_single)
{
    struct searching *s = arg;
    (void)token;
    s->has_pairs = s->has_pairs || !is_single;
}

/* Where the query has pairs or words, single characters only add noise and time. */
static void add_term(void *arg, struct str token, bool is_single)
{
    struct searching *s = arg;
    if (is_single && s->has_pairs)
        return;
    uint32_t slot = *slot_of(s->x, token, (uint32_t)hash_of(token));
    if (slot == 0)
        return;
    const struct term *t = &s->x->terms[slot - 1];
    for (size_t k = t->first; k < t->first + t->count; k++)
        add_score(s->x->postings[k].doc, s->x->postings[k].impact);
}

static void add_phrases(const struct item_index *x, struct str words)
{
    struct phrase key = {.hash = phrase_hash(words)};
    size_t low = 0, high = x->phrase_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->phrases[middle].hash < key.hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < x->phrase_count && x->phrases[low].hash == key.hash; low++)
        add_score(x->phrases[low].doc, WHOLE_WORD_BONUS + scores.v[x->phrases[low].doc]);
}

static bool fits(const struct index_doc *d, const struct index_query *q)
{
    return (q->zone.n == 0 || str_eq(d->zone, q->zone)) &&
           (q->agency.n == 0 || str_eq(d->agency, q->agency));
}

static bool is_better(uint32_t a, uint32_t b)
{
    return scores.v[a] > scores.v[b] || (!(scores.v[a] < scores.v[b]) && a < b);
}

/* The best skip+most of the touched ones, by insertion into a short sorted list. */
static void pick_best(const struct item_index *x, const struct index_query *q,
                      struct index_answer *ret)
{
    uint32_t best[1050];
    size_t want = q->skip + q->most, kept = 0;
    if (want > 1000)
        want = 1000;
    float top = 0.0F;
    for (size_t i = 0; i < scores.touched_count; i++)
        if (scores.v[scores.touched[i]] > top && fits(&x->docs[scores.touched[i]], q))
            top = scores.v[scores.touched[i]];
    for (size_t i = 0; i < scores.touched_count; i++) {
        uint32_t doc = scores.touched[i];
        if (scores.v[doc] < top * NOISE_SHARE || !fits(&x->docs[doc], q))
            continue;
        ret->total++;
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): best is full here */
        if (kept == want && !is_better(doc, best[kept - 1]))
            continue;
        size_t at = kept < want ? kept++ : kept - 1;
        for (; at > 0 && is_better(doc, best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = doc;
    }
    for (size_t i = q->skip; i < kept; i++)
        ret->docs[ret->n++] = best[i];
}

static void list_all(const struct item_index *x, const struct index_query *q,
                     struct index_answer *ret)
{
    for (size_t i = 0; i < x->doc_count; i++) {
        if (!fits(&x->docs[i], q))
            continue;
        if (ret->total >= q->skip && ret->n < q->most)
            ret->docs[ret->n++] = (uint32_t)i;
        ret->total++;
    }
}

void index_search(const struct item_index *x, const struct index_query *q, struct index_answer *ret)
{
    *ret = (struct index_answer){0};
    BUG_IF(q->most > 50);
    if (q->words.n == 0) {
        list_all(x, q, ret);
        return;
    }
    struct searching s = {.x = x};
    scores_make_room(x->doc_count + 1);
    scores.touched_count = 0;
    tokens_of(q->words, note_kind, &s);
    tokens_of(q->words, add_term, &s);
    add_phrases(x, q->words);
    pick_best(x, q, ret);
    for (size_t i = 0; i < scores.touched_count; i++)
        scores.v[scores.touched[i]] = 0.0F;
}
