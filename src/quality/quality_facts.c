/* The directory of a day, item by item. Documents that the tables hold are streamed; only versions that are no longer
 * in the tables are read one by one. Each batch has an arena of its own, so a directory of 100,000 items needs no more
 * memory than the facts themselves. */
#include "center.h"
#include "clock.h"
#include "item_version.h"
#include "quality.h"
#include <stdlib.h>
#include <string.h>

#define BATCH        1000
#define BATCH_BYTES  ((size_t)512 << 20)
#define DEPARTMENTS  100 /* guiding departments, two digits */
#define VERSIONS_MAX 5000

struct wanted { /* the version of an item that is in force on the day */
    int64_t item_id, version;
    bool is_current; /* what the tables hold */
};

struct looking {
    struct ctx *c;     /* of the request: what stays */
    struct ctx *batch; /* of the batch: documents */
    struct directory_facts *all;
    size_t room;
    struct wanted *wanted;
    size_t wanted_count, at;
    struct catalogue_entries catalogue;
    bool *entered; /* by catalogue entry */
    char level;
};

/* --- one document --- */

static int flag_of(const struct item_doc *d, const char *field)
{
    struct str s = str_or_empty(doc_value(d, field));
    return str_is(s, "1") ? 1 : str_is(s, "0") ? 0 : -1;
}

static int immediate_of(const struct item_doc *d)
{
    struct str kind = doc_value(d, "project_type");
    return kind.n == 0 ? -1 : str_is(kind, "1") ? 1 : 0;
}

/* Said, or else: what has a zone of the hall stands in the hall. */
static int in_hall_of(const struct item_doc *d)
{
    int said = flag_of(d, "is_entry_center");
    return said >= 0 ? said : doc_value(d, "hall_zone").n > 0 ? 1 : -1;
}

static bool level_may(struct str levels, char level)
{
    for (struct str rest = levels; rest.p != NULL;) {
        struct str one = str_trim(str_cut(&rest, ','));
        if (one.n == 1 && one.p[0] == level)
            return true;
    }
    return false;
}

static bool holds_on(const struct catalogue_entry *e, int32_t on)
{
    return e->valid_from <= on && (e->valid_to == 0 || on < e->valid_to);
}

static void note_gaps(struct ctx *c, const struct item_terms *terms, const struct item_doc *d,
                      struct item_facts *f)
{
    struct element_gaps gaps;
    item_doc_missing(c, terms, d, &gaps);
    f->needed = (int64_t)gaps.needed;
    f->gaps = (int64_t)gaps.n;
    for (size_t i = 0; i < gaps.n; i++) {
        size_t at = (size_t)(gaps.v[i] - terms->elements);
        if (at < MISSING_WORDS * 64)
            f->missing[at / 64] |= UINT64_C(1) << (at % 64);
    }
}

void item_facts_of(struct ctx *c, const struct item_terms *terms, const struct item_doc *d,
                   const struct catalogue_entry *entry, char level, int32_t on,
                   struct item_facts *ret)
{
    struct doc_faults faults = {0};
    const struct doc_element *name = doc_element_of(d, "task_name");
    *ret = (struct item_facts){.code = str_or_empty(doc_value(d, "catalog_code")),
                               .name = str_or_empty(doc_value(d, "task_name")),
                               .name_en = name == NULL ? STR("") : name->en,
                               .agency = str_or_empty(doc_value(d, "dept_name")),
                               .zone = str_or_empty(doc_value(d, "hall_zone")),
                               .kind = str_or_empty(doc_value(d, "task_type")),
                               .is_claimed = entry != NULL && holds_on(entry, on) &&
                                             level_may(entry->use_levels, level),
                               .in_hall = in_hall_of(d),
                               .one_window = flag_of(d, "one_window"),
                               .is_online = flag_of(d, "is_online"),
                               .is_immediate = immediate_of(d),
                               .law = limit_in_fifths(d, "anticipate_day", "anticipate_type"),
                               .promise = limit_in_fifths(d, "promise_day", "promise_type"),
                               .papers = (int64_t)d->papers.n,
                               .steps = item_doc_steps(d),
                               .broken = item_rules_broken(c, d),
                               .sames = item_sames_failed(c, d, entry, on)};
    if (!str_to_int(str_or_empty(doc_value(d, "limit_scene_num")), &ret->visits))
        ret->visits = -1;
    note_gaps(c, terms, d, ret);
    item_doc_check(c, terms, d, on, &faults);
    ret->faults = (int64_t)faults.all;
}

static int count_rules(uint64_t broken, enum rule_weight weight)
{
    int n = 0;
    for (int i = 0; broken >> i != 0; i++)
        n += (broken >> i & 1) != 0 && item_rules[i].weight == weight ? 1 : 0;
    return n;
}
int hard_count(const struct item_facts *f)
{
    return count_rules(f->broken, RULE_HARD) + (int)f->faults;
}
int soft_count(const struct item_facts *f)
{
    return count_rules(f->broken, RULE_SOFT);
}

char level_of_region(struct str region)
{
    if (region.n < 6)
        return '4';
    if (str_ends(region, STR("0000")))
        return '2';
    return str_ends(region, STR("00")) ? '3' : '4';
}

/* --- which versions --- */

static void want(struct looking *k, const struct versions_known_row *r)
{
    struct wanted *last = k->wanted_count == 0 ? NULL : &k->wanted[k->wanted_count - 1];
    if (last == NULL || last->item_id != r->item_id)
        last = &k->wanted[k->wanted_count++];
    bool has_ended = r->ends_on != 0 && r->ends_on <= k->all->on;
    *last = (struct wanted){r->item_id, has_ended ? 0 : r->version, r->is_current};
}

static void make_room(struct looking *k, size_t more)
{
    if (k->wanted_count + more <= k->room)
        return;
    size_t room = k->room * 2 + more;
    struct wanted *v = ARENA_ARRAY(k->c->arena, struct wanted, room);
    if (k->wanted_count > 0)
        memcpy(v, k->wanted, k->wanted_count * sizeof *v);
    k->wanted = v;
    k->room = room;
}

/* The last item of a full batch may go on in the next one: it is read again there, and replaces itself. */
static enum err choose_versions(struct looking *k)
{
    struct versions_known_rows rows;
    int64_t after = 0;
    do {
        arena_reset(k->batch->arena);
        TRY(versions_known(k->batch, k->c->center_id, after, k->all->on, k->all->known_at, &rows));
        make_room(k, rows.n + 1);
        for (size_t i = 0; i < rows.n; i++)
            want(k, &rows.v[i]);
        if (rows.n == VERSIONS_MAX)
            after = rows.v[rows.n - 1].item_id - 1;
    } while (rows.n == VERSIONS_MAX);
    return E_OK;
}

/* --- their documents --- */

static int by_entry_code(const void *a, const void *b)
{
    const struct catalogue_entry *p = a, *q = b;
    return str_cmp(p->code, q->code);
}

static struct catalogue_entry *entry_of(const struct looking *k, struct str code)
{
    struct catalogue_entry key = {.code = code};
    return k->catalogue.n == 0 ? NULL
                               : bsearch(&key, k->catalogue.v, k->catalogue.n,
                                         sizeof *k->catalogue.v, by_entry_code);
}

static void keep_texts(struct arena *a, struct item_facts *f)
{
    struct str *const texts[] = {&f->code, &f->name, &f->name_en, &f->agency, &f->zone, &f->kind};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = str_copy(a, str_or_empty(*texts[i]));
}

static enum err look_at(struct looking *k, int64_t item_id, const struct item_doc *stored)
{
    struct item_doc d = *stored;
    struct catalogue_entry *entry = entry_of(k, str_or_empty(doc_value(&d, "catalog_code")));
    struct item_facts *f = &k->all->v[k->all->n++];
    item_doc_inherit(k->batch, &d, entry);
    item_facts_of(k->batch, &k->all->terms, &d, entry, k->level, k->all->on, f);
    f->item_id = item_id;
    keep_texts(k->c->arena, f);
    if (entry != NULL)
        k->entered[entry - k->catalogue.v] = true;
    return E_OK;
}

/* Documents come in order of item, and so do the wanted versions. */
static enum err look_at_current(struct ctx *c, void *arg, int64_t item_id, const struct item_doc *d)
{
    struct looking *k = arg;
    (void)c;
    while (k->at < k->wanted_count && k->wanted[k->at].item_id < item_id)
        k->at++;
    bool is_wanted = k->at < k->wanted_count && k->wanted[k->at].item_id == item_id &&
                     k->wanted[k->at].version != 0 && k->wanted[k->at].is_current;
    if (!is_wanted)
        return E_OK;
    k->wanted[k->at].version = 0; /* done */
    return look_at(k, item_id, d);
}

static enum err look_at_tables(struct looking *k)
{
    int64_t after = 0, last = 0;
    do {
        arena_reset(k->batch->arena);
        TRY(item_docs_after(k->batch, after, BATCH, look_at_current, k, &last));
        after = last;
    } while (last != 0);
    return E_OK;
}

/* What was in force then and is not now. */
static enum err look_at_others(struct looking *k)
{
    for (size_t i = 0; i < k->wanted_count; i++) {
        const struct wanted *w = &k->wanted[i];
        struct item_doc d;
        if (w->version == 0)
            continue;
        arena_reset(k->batch->arena);
        TRY(item_version_doc(k->batch, w->item_id, w->version, &d));
        TRY(look_at(k, w->item_id, &d));
    }
    return E_OK;
}

/* --- what the catalogue asks for and nobody has entered --- */

#define AGENCIES_OF_DEPARTMENT 64
struct has_many {
    struct str agency;
    int64_t items;
};

struct str agency_of_department(const struct directory_facts *d, struct str code)
{
    struct has_many v[AGENCIES_OF_DEPARTMENT];
    size_t n = 0, best = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct item_facts *f = &d->v[i];
        size_t at = 0;
        if (f->item_id == 0 || f->code.n < 6 || code.n < 6 ||
            memcmp(f->code.p + 4, code.p + 4, 2) != 0)
            continue;
        while (at < n && !str_eq(v[at].agency, f->agency))
            at++;
        if (at == n && n < AGENCIES_OF_DEPARTMENT)
            v[n++] = (struct has_many){f->agency, 0};
        if (at < n && ++v[at].items > v[best].items)
            best = at;
    }
    return n == 0 ? STR("") : v[best].agency;
}

static void add_unentered(struct looking *k)
{
    struct str agencies[DEPARTMENTS] = {{0}};
    for (size_t i = 0; i < k->catalogue.n; i++) {
        const struct catalogue_entry *e = &k->catalogue.v[i];
        if (k->entered[i] || e->code.n != 12 || !holds_on(e, k->all->on) ||
            !level_may(e->use_levels, k->level))
            continue;
        int department = (e->code.p[4] - '0') * 10 + (e->code.p[5] - '0');
        if (department < 0 || department >= DEPARTMENTS)
            continue;
        if (agencies[department].p == NULL)
            agencies[department] = agency_of_department(k->all, e->code);
        k->all->v[k->all->n++] = (struct item_facts){.code = e->code,
                                                     .name = e->name,
                                                     .name_en = e->name_en,
                                                     .agency = agencies[department],
                                                     .zone = STR(""),
                                                     .kind = e->kind,
                                                     .is_claimed = true,
                                                     .in_hall = -1,
                                                     .visits = -1};
    }
}

/* --- all of it --- */

static int by_code(const void *a, const void *b)
{
    const struct item_facts *p = a, *q = b;
    int order = str_cmp(p->code, q->code);
    return order != 0 ? order : (p->item_id > q->item_id) - (p->item_id < q->item_id);
}

static enum err look(struct looking *k)
{
    struct center_row center;
    struct directory_facts *all = k->all;
    TRY(center_here(k->c, &center));
    k->level = level_of_region(center.region);
    TRY(item_terms_read(k->c, &all->terms));
    TRY(catalogue_whole(k->c, &k->catalogue));
    TRY(choose_versions(k));
    all->v = ARENA_ARRAY(k->c->arena, struct item_facts, k->wanted_count + k->catalogue.n + 1);
    k->entered = ARENA_ARRAY(k->c->arena, bool, k->catalogue.n + 1);
    TRY(look_at_tables(k));
    TRY(look_at_others(k));
    add_unentered(k);
    qsort(all->v, all->n, sizeof *all->v, by_code);
    return E_OK;
}

enum err directory_facts_on(struct ctx *c, int32_t on, int64_t known_at,
                            struct directory_facts *ret)
{
    struct ctx batch = *c;
    int64_t end_of_day = date_start(date_add(on, 1), c->zone_minutes) - 1;
    batch.arena = arena_new(BATCH_BYTES);
    struct looking k = {.c = c, .batch = &batch, .all = ret};
    *ret = (struct directory_facts){.on = on, .known_at = known_at};
    if (known_at == 0)
        ret->known_at = end_of_day < c->now ? end_of_day : c->now;
    enum err e = look(&k);
    if (e != E_OK && batch.refusal.code == e) {
        c->refusal = batch.refusal;
        c->refusal.detail = str_copy(c->arena, c->refusal.detail);
        c->refusal.text = str_copy(c->arena, c->refusal.text);
    }
    arena_free(batch.arena);
    return e;
}

void directory_facts_copy(struct arena *keep, const struct directory_facts *from,
                          struct directory_facts *ret)
{
    ret->on = from->on;
    ret->known_at = from->known_at;
    ret->n = from->n;
    ret->v = ARENA_ARRAY(keep, struct item_facts, from->n + 1);
    for (size_t i = 0; i < from->n; i++) {
        ret->v[i] = from->v[i];
        keep_texts(keep, &ret->v[i]);
    }
}
