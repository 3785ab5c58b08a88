/* Searching: the impacts of the wanted terms are added up by document in an array that the thread keeps;
 * the best sixty are compared phrase by phrase, and the best of those are the answer. When even the best
 * fits badly, the query is read in other ways, and the reading that fits best wins. */
#include "item_parts.h"
#include "fault.h"
#include <math.h>
#include <pthread.h>
#include <string.h>

#define NOISE_SHARE      0.22F /* below this share of the best score a match is chance */
#define WHOLE_WORD_BONUS 6.0F  /* the query is one of the item's everyday words, or its name */
#define FIT_WEIGHT       2.2F  /* how much the fit of a phrase counts beside the sum of impacts */
#define FITS_WELL        0.55F /* from here on no other reading of the query is tried */
#define UNKNOWN_MUCH     0.2F  /* or as long as so much of the query is in no item */
#define SHORT_SHARE      0.85F /* a guess must fit so much better than what was written … */
#define LONG_SHARE       0.3F /* … and in a sentence more, where some guess always fits a little */
#define SHORT_MOST       21   /* bytes: seven characters */
#define OTHER_ACT        0.75F /* the item's name says an act that nobody asked for … */
#define NO_SUCH_ACT      0.75F /* … or lacks the one that was asked for */
#define COMPARED         60
#define PICKED_MOST      1000

struct scores { /* kept by the thread, all zero between searches */
    struct arena *arena;
    float *v;
    uint32_t *touched;
    uint16_t *wanted; /* by term: its number in the query + 1, 0 not wanted */
    size_t room, term_room, touched_count;
};
static _Thread_local struct scores scores;

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

static void scores_make_room(size_t docs, size_t terms)
{
    if (docs <= scores.room && terms <= scores.term_room)
        return;
    pthread_once(&scores_once, scores_make_key);
    if (scores.arena != NULL)
        arena_free(scores.arena);
    scores.arena = arena_new((size_t)1 << 30);
    BUG_IF(pthread_setspecific(scores_of_thread, scores.arena) != 0);
    scores.room = docs;
    scores.term_room = terms;
    scores.v = ARENA_ARRAY(scores.arena, float, docs);
    scores.touched = ARENA_ARRAY(scores.arena, uint32_t, docs);
    scores.wanted = ARENA_ARRAY(scores.arena, uint16_t, terms);
}

static void scores_clear(void)
{
    for (size_t i = 0; i < scores.touched_count; i++)
        scores.v[scores.touched[i]] = 0.0F;
    scores.touched_count = 0;
}

static void add_score(uint32_t doc, float impact)
{
    if (scores.v[doc] == 0.0F)
        scores.touched[scores.touched_count++] = doc;
    scores.v[doc] += impact;
}

/* Of the words of one saying a document should count only the best one; here the sum over them is damped
 * instead, which is nearly that and needs no second array. The comparison of phrases is exact. */
static void add_terms(const struct item_index *x, const struct wanted *w)
{
    float words[MEANT_MOST + 1] = {0};
    for (size_t i = 0; i < w->meant_count; i++)
        words[w->meant[i].saying] += 1.0F;
    for (size_t i = 0; i < w->n; i++) {
        const struct wanted_term *wanted = &w->terms[i];
        const struct term *t = &x->terms[wanted->term];
        float weight = wanted->weight;
        if (wanted->meant != 0)
            weight /= sqrtf(words[w->meant[wanted->meant - 1].saying]);
        for (size_t k = t->first; k < t->first + t->count; k++)
            add_score(x->postings[k].doc, weight * x->postings[k].impact);
    }
}

/* How many documents have the query as a name or an everyday word. */
static size_t add_phrases(const struct item_index *x, uint64_t hash)
{
    size_t low = 0, high = x->phrase_count, hits = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->phrases[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < x->phrase_count && x->phrases[low].hash == hash; low++, hits++)
        add_score(x->phrases[low].doc, WHOLE_WORD_BONUS + scores.v[x->phrases[low].doc]);
    return hits;
}

static bool fits(const struct index_doc *d, const struct index_query *q)
{
    return (q->zone.n == 0 || str_eq(d->zone, q->zone)) &&
           (q->agency.n == 0 || str_eq(d->agency, q->agency)) &&
           (q->audience != AUDIENCE_PERSONAL || d->for_persons) &&
           (q->audience != AUDIENCE_LEGAL || d->for_legal_persons);
}

struct hit {
    uint32_t doc;
    float score;
};
struct picked {
    struct hit hits[PICKED_MOST];
    size_t n, total;
    float fit; /* of the best phrase: 1 is the whole query */
};

static bool is_better(const struct hit *a, const struct hit *b)
{
    return a->score > b->score || (!(a->score < b->score) && a->doc < b->doc);
}

static void insert(struct hit *hits, size_t at, struct hit h)
{
    for (; at > 0 && is_better(&h, &hits[at - 1]); at--)
        hits[at] = hits[at - 1];
    hits[at] = h;
}

/* The best so many of the touched ones, by insertion into a short sorted list. */
static void pick_best(const struct item_index *x, const struct index_query *q, size_t want,
                      struct picked *ret)
{
    float top = 0.0F;
    ret->n = ret->total = 0;
    for (size_t i = 0; i < scores.touched_count; i++)
        if (scores.v[scores.touched[i]] > top && fits(&x->docs[scores.touched[i]], q))
            top = scores.v[scores.touched[i]];
    for (size_t i = 0; i < scores.touched_count; i++) {
        struct hit h = {scores.touched[i], scores.v[scores.touched[i]]};
        if (h.score < top * NOISE_SHARE || !fits(&x->docs[h.doc], q))
            continue;
        ret->total++;
        if (ret->n == want && !is_better(&h, &ret->hits[want - 1]))
            continue;
        insert(ret->hits, ret->n < want ? ret->n++ : want - 1, h);
    }
}

/* What the phrase has of the query, as idf²; of the words that a saying stands for the best one. */
static float common(const struct item_index *x, const struct wanted *w, const struct wording *p)
{
    float said = 0.0F, meant[MEANT_MOST], best[MEANT_MOST];
    bool any = false;
    for (size_t k = p->first; k < p->first + p->count; k++) {
        uint32_t term = x->wording_terms[k];
        if (scores.wanted[term] == 0)
            continue;
        const struct wanted_term *t = &w->terms[scores.wanted[term] - 1];
        float worth = t->weight * x->terms[term].idf * x->terms[term].idf;
        if (t->meant == 0) {
            said += worth;
            continue;
        }
        if (!any)
            memset(meant, 0, sizeof meant);
        any = true;
        meant[t->meant - 1] += worth;
    }
    if (!any)
        return said;
    memset(best, 0, sizeof best);
    for (size_t i = 0; i < w->meant_count; i++)
        if (meant[i] > best[w->meant[i].saying])
            best[w->meant[i].saying] = meant[i];
    for (size_t i = 0; i < w->meant_count; i++)
        said += best[i];
    return said;
}

/* How well one phrase and the query are the same. A phrase shorter than the query is compared as a
 * cosine; of a longer one mostly that share counts that the query asks for. */
static float fit_of(const struct item_index *x, const struct wanted *w, const struct wording *p)
{
    float dot = common(x, w, p), length = sqrtf(w->length2);
    if (!(dot > 0.0F) || !(p->length > 0.0F) || !(length > 0.0F))
        return 0.0F;
    float fit = p->length <= length ? dot / (length * p->length)
                                    : dot / (length * length) * sqrtf(length / p->length);
    return fit < 1.0F ? fit : 1.0F;
}

static float best_fit(const struct item_index *x, const struct wanted *w, uint32_t doc)
{
    float best = 0.0F;
    for (uint32_t i = x->wording_first[doc]; i < x->wording_first[doc + 1]; i++) {
        float fit = fit_of(x, w, &x->wordings[i]);
        best = fit > best ? fit : best;
    }
    for (uint32_t i = x->kin_first[doc]; i < x->kin_first[doc + 1]; i++) {
        float fit = fit_of(x, w, &x->wordings[i]);
        best = fit > best ? fit : best;
    }
    return best;
}

/* Many items differ only in what happens to one paper: the act decides, and where none is asked for the
 * item without an act (新办 核发) is meant. */
static float act_share(const struct item_index *x, bool is_act_wanted, uint32_t doc)
{
    const struct wording *name = &x->wordings[x->wording_first[doc]];
    bool other = false;
    for (size_t k = name->first; k < name->first + name->count; k++) {
        uint32_t term = x->wording_terms[k];
        if (!x->terms[term].is_act)
            continue;
        if (scores.wanted[term] != 0)
            return 1.0F;
        other = true;
    }
    return other ? OTHER_ACT : is_act_wanted ? NO_SUCH_ACT : 1.0F;
}

/* Where the query is a whole name or everyday word, that has decided, and demand is all that is left. */
static void compare(const struct item_index *x, const struct wanted *w, bool is_exact,
                    struct picked *p)
{
    size_t n = p->n < COMPARED ? p->n : COMPARED;
    bool is_act_wanted = false;
    for (size_t i = 0; i < w->n && !is_exact; i++) {
        scores.wanted[w->terms[i].term] = (uint16_t)(i + 1);
        is_act_wanted = is_act_wanted || x->terms[w->terms[i].term].is_act;
    }
    p->fit = is_exact && n > 0 ? 1.0F : 0.0F;
    for (size_t i = 0; i < n; i++) {
        struct hit h = p->hits[i];
        float fit = is_exact ? 0.0F : best_fit(x, w, h.doc);
        h.score *= (1.0F + FIT_WEIGHT * fit) * x->demand[h.doc];
        if (!is_exact)
            h.score *= act_share(x, is_act_wanted, h.doc);
        if (fit > p->fit)
            p->fit = fit;
        insert(p->hits, i, h);
    }
    for (size_t i = 0; i < w->n && !is_exact; i++)
        scores.wanted[w->terms[i].term] = 0;
}

static void rank(const struct item_index *x, const struct index_query *q, const struct wanted *w,
                 struct picked *ret)
{
    size_t want = q->skip + q->most < COMPARED ? COMPARED : q->skip + q->most;
    add_terms(x, w);
    size_t hits = w->hash == 0 ? 0 : add_phrases(x, w->hash);
    if (w->core_hash != w->hash)
        hits += add_phrases(x, w->core_hash);
    pick_best(x, q, want < PICKED_MOST ? want : PICKED_MOST, ret);
    scores_clear();
    compare(x, w, hits > 0, ret);
}

/* --- other readings ------------------------------------------------------------------------ */

struct finding {
    const struct item_index *x;
    const struct index_query *q;
    struct picked *best, *other; /* exchanged when the other one fits better */
    struct wanted wanted;
    float bar;   /* what a guess must reach */
    float share; /* how much of a guess's fit counts */
};

static void take_if_better(struct finding *f, float share)
{
    rank(f->x, f->q, &f->wanted, f->other);
    if (f->other->n == 0 || f->other->fit * share <= f->bar)
        return;
    struct picked *p = f->best;
    f->best = f->other;
    f->other = p;
    f->bar = f->best->fit * share;
}

/* An abbreviation (jhz): the documents whose name or everyday word has these initials. */
static bool find_by_initials(struct finding *f, struct str plain)
{
    uint32_t docs[50];
    bool is_whole = false;
    size_t n = initials_find(f->x, plain, docs, &is_whole);
    float fit = is_whole ? 0.9F : 0.5F;
    if (n == 0 || fit <= f->bar)
        return false;
    for (size_t i = 0; i < n; i++)
        add_score(docs[i], (1.0F + 1.0F / (float)(i + 1)) * f->x->demand[docs[i]]);
    pick_best(f->x, f->q, COMPARED, f->other);
    scores_clear();
    if (f->other->n == 0)
        return false;
    struct picked *p = f->best;
    f->best = f->other;
    f->other = p;
    f->best->fit = f->bar = fit;
    return true;
}

static bool is_letters(struct str plain)
{
    for (size_t i = 0; i < plain.n; i++)
        if (plain.p[i] != ' ' && plain.p[i] != '\'' && (plain.p[i] < 'a' || plain.p[i] > 'z'))
            return false;
    return true;
}

/* One slip mended, and then, of what came out best, another one. */
static void guess_twice(struct finding *f, struct str plain)
{
    struct guesses g;
    char text[512];
    for (int turn = 0; turn < 2 && f->bar < SHORT_SHARE; turn++) {
        struct str best = STR_NONE;
        guess_texts(f->x, plain, &g);
        for (size_t i = 0; i < g.n; i++) {
            float bar = f->bar;
            wanted_of(f->x, g.texts[i], false, &f->wanted);
            take_if_better(f, f->share);
            if (f->bar > bar)
                best = g.texts[i];
        }
        if (best.p == NULL)
            return;
        memcpy(text, best.p, best.n);
        plain = (struct str){text, best.n};
    }
}

static void read_otherwise(struct finding *f, struct str plain)
{
    bool letters = is_letters(plain);
    if (!letters) {
        wanted_of(f->x, plain, true, &f->wanted);
        rank(f->x, f->q, &f->wanted, f->best);
    }
    f->share = letters || plain.n <= SHORT_MOST ? SHORT_SHARE : LONG_SHARE;
    f->bar = f->best->fit;
    if (sound_wanted(f->x, plain, false, &f->wanted))
        take_if_better(f, letters ? 0.95F : f->share);
    if (letters)
        find_by_initials(f, plain);
    guess_twice(f, plain);
    if (letters && f->bar < FITS_WELL && sound_wanted(f->x, plain, true, &f->wanted))
        take_if_better(f, f->share);
}

void index_search(const struct item_index *x, const struct index_query *q, struct index_answer *ret)
{
    static _Thread_local struct picked picked[2];
    char text[512];
    *ret = (struct index_answer){0};
    BUG_IF(q->most > 50);
    if (q->words.n == 0) {
        index_list(x, q, ret);
        return;
    }
    struct finding f = {.x = x, .q = q, .best = &picked[0], .other = &picked[1]};
    struct str plain = {text, han_plain(q->words, text, sizeof text)};
    scores_make_room(x->doc_count + 1, x->term_count + 1);
    wanted_of(x, plain, false, &f.wanted);
    rank(x, q, &f.wanted, f.best);
    if (f.best->fit < FITS_WELL || f.wanted.unknown > UNKNOWN_MUCH)
        read_otherwise(&f, plain);
    ret->total = f.best->total;
    for (size_t i = q->skip; i < f.best->n && i < q->skip + q->most; i++)
        ret->docs[ret->n++] = f.best->hits[i].doc;
}

void index_list(const struct item_index *x, const struct index_query *q, struct index_answer *ret)
{
    *ret = (struct index_answer){0};
    for (size_t i = 0; i < x->doc_count; i++) {
        if (!fits(&x->docs[i], q))
            continue;
        if (ret->total >= q->skip && ret->n < q->most)
            ret->docs[ret->n++] = (uint32_t)i;
        ret->total++;
    }
}
