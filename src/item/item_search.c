/* The search service: one index a process, built from the directory, replaced whole when the
 * directory's version has risen. Searches go on in the old one meanwhile; it is let go when the last
 * reader has left it. */
#include "item_guide.h"
#include "item_han.h"
#include "item_index.h"
#include "item_place.h"
#include "log.h"
#include "clock.h"
#include "services.h"
#include "store.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define INDEX_CEILING  ((size_t)4 << 30)
#define PAGE_SIZE_MOST 50
#define GUIDES_MOST    400 /* kept ready, about 60 KB each: 24 MB at most */

struct snapshot {
    struct arena *arena;
    struct item_index *index;
    int64_t version, lines_at; /* what it was built from */
    atomic_int readers;        /* the service itself counts as one */
    _Atomic(const struct item_kept *)
        *guides[LANG_COUNT];     /* by document, filled when first asked for */
    pthread_mutex_t guides_lock; /* for filling */
    size_t guide_count;
    pthread_mutex_t hours_lock;
    struct guide_hours hours;
};
struct item_searcher {
    struct arena *arena; /* of this struct */
    pthread_mutex_t lock;
    struct snapshot *now;
};

static void snapshot_release(struct snapshot *s)
{
    if (atomic_fetch_sub(&s->readers, 1) != 1)
        return;
    pthread_mutex_destroy(&s->guides_lock);
    pthread_mutex_destroy(&s->hours_lock);
    arena_free(s->arena);
}

static void snapshot_release_later(void *arg)
{
    snapshot_release(arg);
}

static struct snapshot *snapshot_take(struct item_searcher *k)
{
    pthread_mutex_lock(&k->lock);
    struct snapshot *s = k->now;
    atomic_fetch_add(&s->readers, 1);
    pthread_mutex_unlock(&k->lock);
    return s;
}

/* --- building --- */

struct loading {
    struct ctx *c;
    struct arena *a;
    struct index_doc *docs;
    size_t n, room;
    struct index_saying *sayings;
    size_t saying_count;
};

static struct index_doc *doc_room(struct loading *l)
{
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 1024 : l->room * 2;
        struct index_doc *docs = ARENA_ARRAY(l->a, struct index_doc, room);
        for (size_t i = 0; i < l->n; i++)
            docs[i] = l->docs[i];
        l->docs = docs;
        l->room = room;
    }
    return &l->docs[l->n++];
}

/* Until somebody says who may apply for an item, its zone does. */
static enum index_audience audience_of_zone(struct str zone)
{
    if (str_is(zone, "personal"))
        return AUDIENCE_PERSONAL;
    return str_is(zone, "estate") ? AUDIENCE_ANY : AUDIENCE_LEGAL;
}

static void load_doc(struct loading *l, const struct items_after_row *r)
{
    struct arena *a = l->a;
    *doc_room(l) =
        (struct index_doc){.id = r->id,
                           .code = str_copy(a, r->code),
                           .name = str_copy(a, r->name),
                           .name_en = str_copy(a, r->name_en),
                           .main_item = str_copy(a, r->main_item),
                           .agency = str_copy(a, r->agency),
                           .zone = str_copy(a, r->zone_code),
                           .zone_name =
                               str_copy(a, r->zone_name.p == NULL ? r->zone_code : r->zone_name),
                           .zone_name_en = str_copy(a, str_or_empty(r->zone_name_en)),
                           .one_window = r->one_window,
                           .is_online = r->is_online,
                           .for_persons = audience_of_zone(r->zone_code) != AUDIENCE_LEGAL,
                           .for_legal_persons = audience_of_zone(r->zone_code) != AUDIENCE_PERSONAL,
                           .is_immediate = r->is_immediate,
                           .onsite_visits = r->onsite_visits,
                           .legal_days = r->legal_days,
                           .promised_days = r->promised_days};
}

static enum err load_items(struct loading *l)
{
    struct items_after_rows rows;
    struct str after = STR("");
    do {
        TRY(items_after(l->c, l->c->center_id, after, &rows));
        for (size_t i = 0; i < rows.n; i++)
            load_doc(l, &rows.v[i]);
        if (rows.n > 0)
            after = rows.v[rows.n - 1].code;
    } while (rows.n == 1000);
    return E_OK;
}

/* Documents in order of id, to meet rows that come in order of id. */
static int by_id(const void *a, const void *b)
{
    const struct index_doc *const *p = a, *const *q = b;
    return (*p)->id < (*q)->id ? -1 : (*p)->id > (*q)->id;
}

static struct index_doc **docs_by_id(struct loading *l)
{
    struct index_doc **sorted = ARENA_ARRAY(l->c->arena, struct index_doc *, l->n + 1);
    for (size_t i = 0; i < l->n; i++)
        sorted[i] = &l->docs[i];
    qsort(sorted, l->n, sizeof *sorted, by_id);
    return sorted;
}

static enum err load_paper_counts(struct loading *l, struct index_doc **sorted)
{
    struct paper_counts_rows rows;
    int64_t after = 0;
    size_t at = 0;
    do {
        TRY(paper_counts(l->c, l->c->center_id, after, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            while (at < l->n && sorted[at]->id < rows.v[i].item_id)
                at++;
            if (at < l->n && sorted[at]->id == rows.v[i].item_id)
                sorted[at]->papers = rows.v[i].papers;
            after = rows.v[i].item_id;
        }
    } while (rows.n == 1000);
    return E_OK;
}

#define WORDS_AN_ITEM 64

static void add_word(struct loading *l, struct index_doc *d, struct str word)
{
    if (d->words == NULL)
        d->words = ARENA_ARRAY(l->a, struct str, WORDS_AN_ITEM);
    if (d->word_count < WORDS_AN_ITEM)
        d->words[d->word_count++] = str_copy(l->a, word);
}

static enum err load_words(struct loading *l, struct index_doc **sorted)
{
    struct item_words_after_rows rows;
    int64_t item_id = 0;
    struct str word = STR("");
    size_t at = 0;
    do {
        TRY(item_words_after(l->c, l->c->center_id, item_id, word, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            item_id = rows.v[i].item_id;
            word = rows.v[i].word;
            while (at < l->n && sorted[at]->id < item_id)
                at++;
            if (at < l->n && sorted[at]->id == item_id)
                add_word(l, sorted[at], word);
        }
    } while (rows.n == 1000);
    return E_OK;
}

static enum err load_demands(struct loading *l, struct index_doc **sorted)
{
    struct item_demands_after_rows rows;
    int64_t after = 0;
    size_t at = 0;
    do {
        TRY(item_demands_after(l->c, l->c->center_id, after, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            const struct item_demands_after_row *r = &rows.v[i];
            after = r->item_id;
            while (at < l->n && sorted[at]->id < after)
                at++;
            if (at == l->n || sorted[at]->id != after)
                continue;
            sorted[at]->demand = r->visits;
            sorted[at]->for_persons = !str_is(r->audience, "legal");
            sorted[at]->for_legal_persons = !str_is(r->audience, "personal");
        }
    } while (rows.n == 1000);
    return E_OK;
}

#define SAYINGS_MOST 20000

static enum err load_sayings(struct loading *l)
{
    struct item_sayings_rows rows;
    struct str after = STR("");
    l->sayings = ARENA_ARRAY(l->a, struct index_saying, SAYINGS_MOST);
    do {
        TRY(item_sayings(l->c, l->c->center_id, after, &rows));
        for (size_t i = 0; i < rows.n && l->saying_count < SAYINGS_MOST; i++) {
            after = rows.v[i].said;
            l->sayings[l->saying_count++] = (struct index_saying){str_copy(l->a, rows.v[i].said),
                                                                  str_copy(l->a, rows.v[i].means),
                                                                  str_is(rows.v[i].kind, "act")};
        }
    } while (rows.n == 1000);
    return E_OK;
}

static enum err what_is_there(struct ctx *c, int64_t *ret_version, int64_t *ret_lines_at)
{
    struct directory_seen_row *d;
    TRY(directory_seen(c, c->center_id, &d));
    *ret_version = d == NULL ? 0 : d->version;
    *ret_lines_at = d == NULL ? 0 : d->lines_at;
    return E_OK;
}

static enum err load_all(struct loading *l)
{
    TRY(load_items(l));
    struct index_doc **sorted = docs_by_id(l);
    TRY(load_paper_counts(l, sorted));
    TRY(load_words(l, sorted));
    TRY(load_demands(l, sorted));
    TRY(places_load(l->c, l->a, sorted, l->n));
    return load_sayings(l);
}

static enum err snapshot_build(struct ctx *c, struct snapshot **ret)
{
    struct arena *a = arena_new(INDEX_CEILING);
    struct loading l = {.c = c, .a = a};
    struct snapshot *s = ARENA_NEW(a, struct snapshot);
    enum err e = what_is_there(c, &s->version, &s->lines_at);
    if (e == E_OK)
        e = load_all(&l);
    if (e != E_OK) {
        arena_free(a);
        return e;
    }
    s->arena = a;
    s->index = index_build(a, l.docs, l.n, l.sayings, l.saying_count);
    atomic_init(&s->readers, 1);
    pthread_mutex_init(&s->guides_lock, NULL);
    pthread_mutex_init(&s->hours_lock, NULL);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        s->guides[lang] = arena_array(a, l.n + 1, sizeof *s->guides[lang]);
    *ret = s;
    return E_OK;
}

/* --- the service --- */

static enum err build_first(struct ctx *c, void *arg)
{
    struct item_searcher *k = arg;
    return snapshot_build(c, &k->now);
}

enum err item_index_start(struct ctx *c, void **ret)
{
    struct arena *a = arena_new(4096);
    struct item_searcher *k = ARENA_NEW(a, struct item_searcher);
    enum err e = store_read(c->store, c, build_first, k);
    if (e != E_OK) {
        arena_free(a);
        return e;
    }
    k->arena = a;
    pthread_mutex_init(&k->lock, NULL);
    *ret = k;
    return E_OK;
}

void item_index_stop(void *service)
{
    struct item_searcher *k = service;
    snapshot_release(k->now);
    pthread_mutex_destroy(&k->lock);
    arena_free(k->arena);
}

static enum err follow(struct ctx *c, void *arg)
{
    struct item_searcher *k = arg;
    struct snapshot *fresh;
    int64_t version, lines_at, started = clock_steady();
    TRY(what_is_there(c, &version, &lines_at));
    if (version == k->now->version && lines_at == k->now->lines_at)
        return E_OK;
    TRY(snapshot_build(c, &fresh));
    pthread_mutex_lock(&k->lock);
    struct snapshot *old = k->now;
    k->now = fresh;
    pthread_mutex_unlock(&k->lock);
    snapshot_release(old);
    log_line(LOG_INFO, "index", "version=%lld items=%zu ms=%lld bytes=%zu", (long long)version,
             index_size(fresh->index), (long long)(clock_steady() - started),
             arena_used(fresh->arena));
    return E_OK;
}

enum err item_index_follow(struct ctx *c)
{
    void *k = c->services == NULL ? NULL : c->services[SERVICE_ITEM_INDEX];
    return k == NULL ? E_OK : store_read(c->store, c, follow, k);
}

/* --- searching --- */

/* The line's texts are the snapshot's own: who fills lines keeps it until the request is over. */
static struct item_line line_of(struct ctx *c, const struct index_doc *d)
{
    bool en = c->lang == LANG_EN;
    return (struct item_line){.id = d->id,
                              .code = d->code,
                              .name = en && d->name_en.n > 0 ? d->name_en : d->name,
                              .name_en = d->name_en,
                              .agency = d->agency,
                              .zone = d->zone,
                              .zone_name =
                                  en && d->zone_name_en.n > 0 ? d->zone_name_en : d->zone_name,
                              .place = str_or_empty(en ? d->place_en : d->place),
                              .one_window = d->one_window,
                              .online = d->is_online,
                              .onsite_visits = d->onsite_visits,
                              .legal_days = d->legal_days,
                              .promised_days = d->promised_days,
                              .is_immediate = d->is_immediate,
                              .papers = d->papers};
}

#define TOTAL_EXACT 1000

static void fill_list(struct ctx *c, const struct item_search *s, const struct item_index *x,
                      const struct index_answer *found, struct item_list *ret)
{
    size_t seen = (size_t)(s->page - 1) * (size_t)s->page_size + found->n;
    ret->items.v = ARENA_ARRAY(c->arena, struct item_line, found->n + 1);
    ret->items.n = found->n;
    for (size_t i = 0; i < found->n; i++)
        ret->items.v[i] = line_of(c, index_doc_at(x, found->docs[i]));
    ret->total = found->total > TOTAL_EXACT ? TOTAL_EXACT : (int64_t)found->total;
    ret->total_is = found->total > TOTAL_EXACT ? STR("at_least") : STR("exact");
    ret->q = str_or_empty(s->words);
    ret->zone = str_or_empty(s->zone);
    ret->agency = str_or_empty(s->agency);
    ret->audience = s->audience < 0 ? STR("") : str_of(item_query_audience_words[s->audience]);
    ret->next =
        found->n > 0 && seen < found->total ? str_fmt(c->arena, "%d", s->page + 1) : STR_NONE;
}

/* By enum item_query_audience, which begins at -1. */
static const enum index_audience audiences[] = {AUDIENCE_ANY, AUDIENCE_PERSONAL, AUDIENCE_LEGAL};

enum err item_search(struct ctx *c, const struct item_search *s, struct item_list *ret)
{
    struct item_searcher *k = c->services == NULL ? NULL : c->services[SERVICE_ITEM_INDEX];
    if (k == NULL)
        return fail(c, E_INTERNAL, "no search index in this process");
    struct snapshot *now = snapshot_take(k);
    arena_defer(c->arena, snapshot_release_later, now);
    int page_size = s->page_size < PAGE_SIZE_MOST ? s->page_size : PAGE_SIZE_MOST;
    struct index_query q = {.words = str_trim(s->words),
                            .zone = s->zone,
                            .agency = s->agency,
                            .audience = audiences[s->audience + 1],
                            .skip = (size_t)(s->page - 1) * (size_t)page_size,
                            .most = (size_t)page_size};
    struct index_answer found;
    index_search(now->index, &q, &found);
    fill_list(c, s, now->index, &found, ret);
    return E_OK;
}

/* --- guides kept ready --- */

/* Fills a guide once for all readers of this snapshot; where there is no room left, for this one only. */
static enum err guide_fill(struct ctx *c, struct snapshot *s, int64_t doc,
                           const struct item_kept **ret)
{
    struct item_row row;
    pthread_mutex_lock(&s->guides_lock);
    bool is_kept = s->guide_count < GUIDES_MOST;
    struct ctx mine = *c;
    mine.arena = is_kept ? s->arena : c->arena; /* the row too: the view points into it */
    struct item_kept *kept = ARENA_NEW(mine.arena, struct item_kept);
    enum err e = item_by_its_id(&mine, index_doc_at(s->index, (uint32_t)doc)->id, &row);
    if (e == E_OK)
        e = item_kept_fill(&mine, c->arena, &row, kept);
    if (e == E_OK && is_kept) {
        atomic_store(&s->guides[c->lang][doc], kept);
        s->guide_count++;
    }
    pthread_mutex_unlock(&s->guides_lock);
    c->refusal = mine.refusal;
    *ret = kept;
    return e;
}

static struct snapshot *snapshot_for_request(struct ctx *c)
{
    struct item_searcher *k = c->services == NULL ? NULL : c->services[SERVICE_ITEM_INDEX];
    struct snapshot *s = k == NULL ? NULL : snapshot_take(k);
    if (s != NULL)
        arena_defer(c->arena, snapshot_release_later, s);
    return s;
}

enum err item_kept_of(struct ctx *c, struct str code, const struct item_kept **ret)
{
    struct snapshot *s = snapshot_for_request(c);
    int64_t doc = s == NULL ? -1 : index_find(s->index, code);
    if (doc < 0) {
        struct item_row row;
        struct item_kept *kept = ARENA_NEW(c->arena, struct item_kept);
        TRY(item_by_any_code(c, code, &row));
        TRY(item_kept_fill(c, c->arena, &row, kept));
        *ret = kept;
        return E_OK;
    }
    *ret = atomic_load(&s->guides[c->lang][doc]);
    return *ret == NULL ? guide_fill(c, s, doc, ret) : E_OK;
}

enum err item_guide(struct ctx *c, struct str code, struct item_view *ret)
{
    const struct item_kept *kept;
    TRY(item_kept_of(c, code, &kept));
    *ret = kept->view;
    return E_OK;
}

enum err guide_hours_now(struct ctx *c, struct guide_hours *ret)
{
    struct item_searcher *k = c->services == NULL ? NULL : c->services[SERVICE_ITEM_INDEX];
    struct snapshot *s = k == NULL ? NULL : snapshot_take(k);
    if (s == NULL)
        return guide_hours_read(c, ret);
    pthread_mutex_lock(&s->hours_lock);
    struct guide_hours hours = s->hours;
    pthread_mutex_unlock(&s->hours_lock);
    enum err e = hours.minute == c->now / MINUTE_MS ? E_OK : guide_hours_read(c, &hours);
    pthread_mutex_lock(&s->hours_lock);
    if (e == E_OK)
        s->hours = hours;
    pthread_mutex_unlock(&s->hours_lock);
    snapshot_release(s);
    *ret = hours;
    return e;
}
