/* How many papers the press makes a second: N acceptance notices are written down in a new database, then two threads
 * run the press's own rounds until none is left: draw, sign with RSA, seal, write, sync, mark as made.
 *
 *     bench-press FOLDER PAPERS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "clock.h"
#include "crypt.h"
#include "document.h"
#include "identify.h"
#include "ids.h"
#include "party.h"
#include "pdf.h"
#include "store.h"

#define THREADS 2

static struct {
    struct store *store;
    struct keys keys;
    char font[1000];
    int papers, made[THREADS];
} b;

static struct ctx context(struct arena *a)
{
    return (struct ctx){.arena = a,
                        .store = b.store,
                        .keys = &b.keys,
                        .ids = store_ids(b.store),
                        .now = clock_now(),
                        .zone_minutes = ZONE_CHINA_MINUTES,
                        .center_id = 1,
                        .actor = {.kind = ACTOR_SYSTEM, .name = STR("bench")}};
}

static enum err write_down(struct ctx *c, void *arg)
{
    const struct party_facts f = {.name = STR("李建国"), .id_type = ID_RESIDENT};
    struct document_wish w = {.kind = DOCUMENT_ACCEPTANCE,
                              .organ = STR("卧龙区民政局"),
                              .organ_code = STR("11430000006122244L"),
                              .subject = 1,
                              .holder = STR("李*")};
    struct str masked, certificate, key;
    struct document_issued d;
    (void)arg;
    if (!signer_make_demonstration(c->arena, SIGNER_RSA, STR("卧龙区政务服务中心"), c->now,
                                   &certificate, &key))
        return E_SIGNER_WRONG;
    TRY(document_signer_set(c, certificate, key, true));
    TRY(party_record(c, &f, "applicant", &w.party_id, &masked));
    for (int i = 0; i < DOCUMENT_PART_COUNT; i++)
        w.parts[i] = STR("申请事项属于本机关职权范围，申请材料齐全、符合法定形式，决定予以受理。");
    for (int i = 0; i < b.papers; i++)
        TRY(document_issue(c, &w, &d));
    return E_OK;
}

static void *press(void *arg)
{
    int part = (int)((int *)arg - b.made), made = 1;
    struct arena *first = arena_new((size_t)64 << 20);
    pdf_use_font(first, b.font);
    arena_free(first);
    while (made > 0) {
        struct arena *a = arena_new((size_t)1 << 30);
        struct ctx c = context(a);
        if (document_press_round(&c, THREADS, part, &made) != E_OK) {
            fprintf(stderr, "%.*s\n", STR_ARG(c.refusal.detail));
            exit(1);
        }
        b.made[part] += made;
        arena_free(a);
    }
    pdf_end_font();
    return NULL;
}

static double spent_ms(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    struct arena *a = arena_new((size_t)1 << 30);
    struct str why;
    char url[1000];
    if (argc != 3)
        return 2;
    b.papers = (int)strtol(argv[2], NULL, 10);
    b.keys.master[0] = 1;
    crypt_start();
    snprintf(url, sizeof url, "sqlite:%s/press.db", argv[1]);
    snprintf(b.font, sizeof b.font, "%s/paper-font.otf", argv[1]);
    const struct store_options o = {.url = url, .folder = argv[1], .migrate = true};
    if (store_open(&o, a, &b.store, &why) != E_OK)
        return 1;
    struct ctx c = context(a);
    if (store_bulk(b.store, &c, write_down, NULL) != E_OK || !pdf_cut_font(a, b.font)) {
        fprintf(stderr, "%.*s\n", STR_ARG(c.refusal.detail));
        return 1;
    }
    double spent = spent_ms();
    int64_t begun = clock_steady();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, press, &b.made[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    double seconds = (double)(clock_steady() - begun) / 1000;
    int made = b.made[0] + b.made[1];
    printf("{\"made\":%d,\"seconds\":%.2f,\"per_second\":%.1f,\"processor_ms\":%.2f}\n", made,
           seconds, made / seconds, (spent_ms() - spent) / made);
    store_close(b.store);
    arena_free(a);
    return made == b.papers ? 0 : 1;
}
