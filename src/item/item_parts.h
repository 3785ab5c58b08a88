/* What the files of the index share and nobody else sees: item_index.c builds it, item_find.c ranks,
 * item_saying.c knows what people say; a query that finds little is heard by item_ear.c, in sounds that
 * item_sound.c keeps, and mended by item_guess.c. */
#ifndef ITEM_PARTS_H
#define ITEM_PARTS_H

#include "item_han.h"
#include "item_index.h"

#define TEXT_ROOM 1024 /* bytes of one text as it is compared; longer ones are cut */

struct posting {
    uint32_t doc;
    float impact;
};
struct term {
    struct str text;
    uint32_t hash, count;
    size_t first; /* in postings */
    float idf;    /* how much it says: log((N - n + ½) / (n + ½) + 1) */
    bool is_act;  /* says what happens to a paper that is there (注销 变更 补发) */
};
struct phrase { /* an everyday word or name as a whole */
    uint64_t hash;
    uint32_t doc;
};
struct wording { /* the terms of one name or everyday word: wording_terms[first … first + count) */
    uint32_t first, count;
    float length; /* √Σ idf² */
};
struct sound_pair { /* a pair of characters by how it sounds, sorted by key */
    uint32_t key;   /* kinds of the two sounds (han_kinds) */
    uint32_t term;
    uint16_t a, b; /* the sounds */
};
struct initials_of { /* where the initials of one name or everyday word begin */
    uint32_t at, doc;
};
struct item_index {
    const struct index_doc *docs;
    size_t doc_count;
    float *demand; /* by document: what its score is multiplied by */
    struct term *terms;
    uint32_t *slots; /* open addressing, 0 empty, else term + 1 */
    size_t term_count, term_room, slot_count;
    struct posting *postings;
    struct phrase *phrases; /* sorted by hash */
    size_t phrase_count;
    struct wording *wordings; /* of document d: wording_first[d] … wording_first[d + 1] */
    uint32_t *wording_first, *wording_terms;
    uint32_t *kin_first; /* and those it has from its family: kin_first[d] … kin_first[d + 1] */
    size_t wording_count, wording_room, wording_term_count, wording_term_room;
    struct sound_pair *sound_pairs;
    size_t sound_pair_count;
    uint32_t *by_text; /* Chinese pairs in order of their bytes */
    size_t pair_count;
    uint32_t *latin; /* words of letters */
    size_t latin_count;
    uint8_t *initials; /* one byte a character: number of a set of letters, 0 ends a phrase */
    size_t initials_count;
    uint32_t initial_sets[256]; /* bit 0 is a */
    size_t initial_set_count;
    struct initials_of *initials_of; /* in order of at */
    size_t initials_of_count;
    const struct index_saying *sayings; /* what people say for what the field says */
    uint32_t *saying_slots; /* open addressing by hash of said, 0 empty, else saying + 1 */
    size_t saying_count, saying_slot_count, saying_longest; /* longest in bytes */
};

uint64_t text_hash(struct str s);
/* Hash of a phrase: blanks do not count. */
uint64_t phrase_hash(struct str plain);
/* The term + 1, or 0. */
uint32_t term_find(const struct item_index *x, struct str token);
/* The first saying with these words, as index + 1, or 0; more with the same words follow it. */
uint32_t saying_find(const struct item_index *x, struct str said);
/* The plain text without what only asks (sayings of kind ask) into out; the whole when nothing is left. */
struct str words_that_name(const struct item_index *x, struct str plain, char *out, size_t room);

/* --- parts of building (item_saying.c, item_sound.c) --- */
void acts_mark(struct item_index *x);
void sayings_build(struct item_index *x, struct arena *a, const struct index_saying *sayings,
                   size_t n);
void sounds_build(struct item_index *x, struct arena *a);
void initials_build(struct item_index *x, struct arena *a);

/* --- searching --- */
#define WANTED_MOST 256
#define MEANT_MOST  48

struct wanted_term {
    uint32_t term;
    float weight;
    uint8_t meant; /* 0: said; else number + 1 in meant */
};
struct meant {      /* one of the words that a saying stands for */
    uint8_t saying; /* which of the query's sayings; the best of its words counts */
};
struct wanted { /* what a query asks for, in terms */
    struct wanted_term terms[WANTED_MOST];
    size_t n;
    struct meant meant[MEANT_MOST];
    size_t meant_count;
    float length2;            /* Σ idf² of what the query says itself, found or not */
    float unknown;            /* share of that which no term stands for */
    uint64_t hash, core_hash; /* of the whole, and without what only asks, for exact hits; 0 none */
};
/* What was said outweighs what was meant by something else. */
void wanted_add(struct wanted *w, uint32_t term, float weight, size_t meant);
/* From a plain text, with the sayings in it; with single characters beside the pairs or without. */
void wanted_of(const struct item_index *x, struct str plain, bool with_singles, struct wanted *ret);

/* Ways to hear a text that may be pinyin, or characters written by ear: false when it is none. */
bool sound_wanted(const struct item_index *x, struct str plain, bool with_slip, struct wanted *ret);
/* The pairs of characters with such sounds, in x->sound_pairs from *ret_first. */
size_t sound_pairs_like(const struct item_index *x, uint16_t a, uint16_t b, size_t *ret_first);
/* Documents with a phrase of these initials, the whole phrase or a part of it; at most 50, best first. */
size_t initials_find(const struct item_index *x, struct str letters, uint32_t *docs,
                     bool *ret_whole);
/* Texts the query may have been meant as: one slip mended in each. */
#define GUESSES_MOST 12
struct guesses {
    char bytes[GUESSES_MOST][512];
    struct str texts[GUESSES_MOST];
    float worth[GUESSES_MOST];
    size_t n;
};
void guess_texts(const struct item_index *x, struct str plain, struct guesses *ret);

#endif
