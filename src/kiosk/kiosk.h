/* onewindow kiosk: runs on the kiosk's own machine. It serves the kiosk's browser on localhost, passes what
 * that asks on to the hall's server with the kiosk's token, prints on the printer at the machine, and reads
 * the card reader. While the server is away it goes on giving out numbers from blocks leased ahead: each is
 * written to a log on disk before anybody sees it, and handed in when the server is back, once.
 *
 * It never knows the queue: how many are ahead is said to be unknown. */
#ifndef KIOSK_H
#define KIOSK_H

#include "kiosk_gen.h"

#include <pthread.h>
#include <stdatomic.h>

struct card_reader;

struct kiosk {
    struct arena *arena;
    const char *server;  /* "https://hall.example:8443", without a slash at its end */
    const char *token;   /* of the device */
    const char *listen;  /* "127.0.0.1:8412" */
    const char *printer; /* host:9100 or /dev/usb/lp0; NULL: none */
    const char *card;    /* host:port of the card reader's bridge; NULL: none */
    int64_t center_id;
    struct store *store; /* its log */
    struct card_reader *reader;
    pthread_t syncing;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_mutex_t printing; /* one slip at a time */
    atomic_bool is_stopping, is_locked;
    bool is_woken, is_mute;
    char hall[2][200]; /* name, by language, as last heard */
};

/* Serves until told to stop (SIGTERM, SIGINT). false with the reason. */
bool kiosk_run(struct kiosk *k, struct str *ret_why);

/* --- between the files of this folder --- */

struct ctx kiosk_context(struct kiosk *k, struct arena *a, enum lang lang);

/* kiosk_log.c: the next number of a zone, from the oldest block of today that has one, written to the log;
 * E_KIOSK_NO_NUMBERS when there is none. It is durable when this returns E_OK. */
MUST_USE enum err kiosk_give(struct kiosk *k, struct ctx *c, struct str zone,
                             const struct texts *needs, struct kiosk_ticket_row *ret);
MUST_USE enum err kiosk_zones(struct kiosk *k, struct ctx *c, struct away_zone_list *ret);
/* Prints what was given out alone, and notes how that went. */
void kiosk_print_own(struct kiosk *k, struct ctx *c, struct kiosk_ticket_row *t);
/* Sends bytes to the printer at this machine: the word of its state, "ok" when it came out, "none" without. */
struct str kiosk_print(struct kiosk *k, struct arena *a, struct str bytes);

/* kiosk_sync.c: the thread that leases and hands in. */
void *kiosk_sync(void *arg);
void kiosk_sync_now(struct kiosk *k);
/* One round, for tests and the thread: false when the server is away. */
bool kiosk_sync_once(struct kiosk *k);

/* card.c: what lies on the reader now. false: nothing. */
struct card {
    char name[100], id_no[24];
};
bool card_start(struct kiosk *k);
void card_stop(struct kiosk *k);
bool card_now(struct kiosk *k, struct card *ret);
/* One line of the bridge (docs/hall.md, Card reader): false when it is none of the protocol. */
bool card_line(struct str line, struct card *ret, bool *ret_is_there);

#endif
