/* The press: threads that make the papers that were written down. They find them in the database (state 0), so a
 * paper whose act was committed is made even when the program died right after. Drawing, signing and writing
 * the file happen outside any transaction; one act then marks a whole round as made, each paper with its
 * file. The threads begin with the first run of the job, so commands and tests have none. */
#include "document_parts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "clock.h"
#include "crypt.h"
#include "file.h"
#include "hall.h"
#include "journal.h"
#include "log.h"
#include "party.h"
#include "pdf.h"
#include "services.h"
#include "settings.h"

#define THREADS        2
#define LOOK_MS        200
#define TROUBLE_MS     3000
#define ROUND_BYTES    ((size_t)1 << 30) /* a ceiling: 16 papers take about 5 MB */
#define TRIED_AGAIN_MS HOUR_MS

struct press {
    struct ctx base; /* what the threads' contexts are made of */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_stopping, has_font;
    int started;
    pthread_t threads[THREADS];
    struct {
        struct press *press;
        int number;
    } parts[THREADS];
};

/* --- one round ------------------------------------------------------------------------------------- */

struct job_paper {
    const struct document_row *row;
    struct str holder;
    struct file_kept kept;
    enum err result;
};
struct round {
    int parts, part;
    struct document_rows rows;
    struct job_paper *papers;
    struct document_signing signing;
    int made;
};

static enum err read_holder(struct ctx *c, int64_t party_id, struct str *ret)
{
    struct party_row *row;
    TRY(party(c, c->center_id, party_id, &row));
    if (row == NULL)
        return fail(c, E_DOCUMENT_UNMADE, "party %lld", (long long)party_id);
    return party_unseal(c, row->name_sealed, ret);
}

static enum err read_due(struct ctx *c, void *arg)
{
    struct round *r = arg;
    TRY(settings_load(c));
    TRY(documents_due(c, c->center_id, r->parts, r->part, c->now - TRIED_AGAIN_MS, &r->rows));
    r->papers = ARENA_ARRAY(c->arena, struct job_paper, r->rows.n + 1);
    for (size_t i = 0; i < r->rows.n; i++) {
        r->papers[i].row = &r->rows.v[i];
        TRY(read_holder(c, r->rows.v[i].party_id, &r->papers[i].holder));
    }
    return r->rows.n > 0 ? document_signing_now(c, &r->signing) : E_OK;
}

/* Each paper in an arena of its own: a round needs no more room than its largest. */
static enum err make_one(struct ctx *c, const struct round *r, struct job_paper *p)
{
    struct ctx inner = *c;
    struct str pdf;
    inner.arena = arena_new((size_t)256 << 20);
    inner.refusal = (struct refusal){.code = E_OK};
    enum err e = document_draw(&inner, p->row, p->holder, &r->signing, &pdf);
    if (e == E_OK)
        e = file_write(&inner, pdf, &p->kept);
    if (e == E_OK) {
        p->kept.name = str_copy(c->arena, p->kept.name);
        p->kept.digest = str_copy(c->arena, p->kept.digest);
    } else
        log_line(LOG_ERROR, "document_unmade", "id=%lld error=%s detail=\"%.*s\"",
                 (long long)p->row->id, err_table[e].code, STR_ARG(inner.refusal.detail));
    arena_free(inner.arena);
    return e;
}

static enum err mark_made(struct ctx *c, struct round *r, const struct job_paper *p)
{
    const struct document_row *d = p->row;
    enum document_kind kind;
    bool is_signed = r->signing.signer != NULL;
    struct str signer = is_signed ? signer_name(c->arena, r->signing.signer) : STR_NONE;
    struct str algorithm =
        is_signed ? str_of(signer_words[signer_kind_of(r->signing.signer)]) : STR_NONE;
    int64_t changed;
    TRY(document_made_changes(c, c->center_id, d->id, c->now, p->kept.name, p->kept.digest,
                              p->kept.size, signer, algorithm, &changed));
    if (changed == 0)
        return E_OK; /* another process was faster; the file it did not take is swept */
    TRY(file_use(c, &p->kept, "document", d->id));
    struct str title = document_kind_named(d->kind, &kind) ? str_of(document_title(kind)) : d->kind;
    r->made++;
    return journal_add(c, EV_DOCUMENT_MADE, d->id, d->thread,
                       event_facts(c, "title", title, "number", d->number, "digest", p->kept.digest,
                                   NULL),
                       STR_NONE);
}

static enum err mark_all(struct ctx *c, void *arg)
{
    struct round *r = arg;
    r->made = 0;
    for (size_t i = 0; i < r->rows.n; i++) {
        const struct job_paper *p = &r->papers[i];
        bool is_its_own =
            p->result != E_OK && p->result != E_STORE_FULL && p->result != E_FILE_STORE;
        if (p->result == E_OK)
            TRY(mark_made(c, r, p));
        else if (is_its_own)
            TRY(document_tried(c, c->center_id, p->row->id, c->now));
    }
    return E_OK;
}

enum err document_press_round(struct ctx *c, int parts, int part, int *ret_made)
{
    struct round r = {.parts = parts, .part = part};
    enum err trouble = E_OK;
    int64_t begun = clock_steady();
    TRY(store_read(c->store, c, read_due, &r));
    for (size_t i = 0; i < r.rows.n; i++) {
        r.papers[i].result = make_one(c, &r, &r.papers[i]);
        if (r.papers[i].result != E_OK)
            trouble = r.papers[i].result;
    }
    c->now += clock_steady() - begun; /* the story of a visit is told in order */
    if (r.rows.n > 0)
        TRY(store_act(c->store, c, mark_all, &r));
    *ret_made = r.made;
    return r.made == 0 ? trouble : E_OK;
}

/* --- the threads ------------------------------------------------------------------------------------ */

static enum err read_backlog(struct ctx *c, void *arg)
{
    return documents_waiting(c, c->center_id, arg);
}

static void tell_backlog(struct ctx *c)
{
    struct documents_waiting_row row;
    if (store_read(c->store, c, read_backlog, &row) != E_OK)
        return;
    store_gauge_set(c->store, "documents_waiting", row.documents);
    store_gauge_set(c->store, "documents_stuck", row.stuck);
}

static enum err work(struct press *p, int number, int *ret_made)
{
    struct arena *a = arena_new(ROUND_BYTES);
    struct ctx c = p->base;
    c.arena = a;
    c.now = clock_now();
    c.settings = NULL;
    c.request_id = STR("document-press");
    enum err e = document_press_round(&c, THREADS, number, ret_made);
    if (number == 0)
        tell_backlog(&c);
    if (e != E_OK)
        log_line(LOG_WARN, "document_press", "error=%s detail=\"%.*s\"", err_table[e].code,
                 STR_ARG(c.refusal.detail));
    arena_free(a);
    return e;
}

static void wait_ms(struct press *p, int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t until = t.tv_sec * SECOND_MS + t.tv_nsec / 1000000 + ms;
    t.tv_sec = (time_t)(until / SECOND_MS);
    t.tv_nsec = (long)(until % SECOND_MS) * 1000000;
    if (!p->is_stopping)
        pthread_cond_timedwait(&p->wake, &p->lock, &t);
}

/* The first thread cuts it; without it papers are drawn all the same, only slower. */
static void take_font(struct press *p)
{
    struct arena *a = arena_new((size_t)64 << 20);
    const char *file = str_z(a, str_fmt(a, "%s/paper-font.otf", store_folder(p->base.store)));
    if (!p->has_font)
        p->has_font = pdf_cut_font(a, file);
    if (!p->has_font || !pdf_use_font(a, file))
        log_line(LOG_WARN, "document_font", "why=\"the small copy of the font is not there\"");
    arena_free(a);
}

static void *run(void *arg)
{
    struct press *p = *(struct press **)arg;
    int number = 0;
    while (&p->parts[number] != arg)
        number++;
    pthread_mutex_lock(&p->lock);
    take_font(p);
    while (!p->is_stopping) {
        int made = 0;
        pthread_mutex_unlock(&p->lock);
        enum err e = work(p, number, &made);
        pthread_mutex_lock(&p->lock);
        if (made == 0)
            wait_ms(p, e == E_OK ? LOOK_MS : TROUBLE_MS);
    }
    pthread_mutex_unlock(&p->lock);
    pdf_end_font();
    return NULL;
}

enum err document_press_start(struct ctx *c, void **ret)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct press *p = ARENA_NEW(a, struct press);
    pthread_condattr_t steady;
    p->base = *c;
    p->base.txn = NULL;
    p->base.arena = a;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&p->wake, &steady);
    pthread_condattr_destroy(&steady);
    *ret = p;
    return E_OK;
}

void document_press_stop(void *service)
{
    struct press *p = service;
    struct arena *a = p->base.arena;
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    arena_free(a);
}

/* Only a server has jobs. */
enum err document_press_job(struct ctx *c)
{
    struct press *p = c->services != NULL ? c->services[SERVICE_DOCUMENT_PRESS] : NULL;
    if (p == NULL || p->started == THREADS)
        return E_OK;
    for (; p->started < THREADS; p->started++) {
        p->parts[p->started].press = p;
        if (pthread_create(&p->threads[p->started], NULL, run, &p->parts[p->started]) != 0)
            break;
    }
    return E_OK;
}
