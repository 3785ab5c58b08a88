/* Inside the web layer: what its files share. A link is one TCP connection (slots are reused), a
 * trip is one request on its way through: read, checked, run, answered. A trip is touched by one
 * thread at a time: the network thread that reads it, then a worker or a lane while the connection
 * is suspended, then the network thread again; handing over goes through a queue's lock, so a trip
 * needs none of its own. */
#ifndef SERVER_H
#define SERVER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "crypt.h"
#include "journal.h"
#include "store.h"
#include "web.h"

#define LINE_MAX_BYTES 8192
#define HEAD_MAX_BYTES 16384
#define FIELDS_MAX     64     /* different names in one request */
#define VALUES_MAX     512    /* values in all, lists counted one by one */
#define FILES_MAX      8      /* files in one request */
#define UPLOADS_MAX    32     /* requests with files that arrive at the same time */
#define UPLOAD_MS      120000 /* a request with files must be here whole */
#define LINKS_MAX      12000
#define ARRIVE_MS      15000 /* a request must be here whole */
#define IDLE_SECONDS   30
#define STOP_MS        10000
#define PAGE_CEILING   ((size_t)8 << 20)
#define ARENA_CEILING  ((size_t)512 << 20)
#define ARENAS_KEPT    256

struct web;
struct trip;

/* --- addresses (address.c) --- */

struct address {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
};
struct cidr {
    struct address net;
    unsigned bits;
};
bool address_of_sockaddr(const struct sockaddr *sa, struct address *ret);
bool address_parse(struct str s, struct address *ret);
struct str address_text(struct arena *a, const struct address *x);
bool address_is_loopback(const struct address *x);
bool cidr_parse(struct str s, struct cidr *ret);
bool cidr_holds(const struct cidr *net, const struct address *x);

/* --- connections (links.c) --- */

struct stream { /* an event stream; see stream.c */
    bool is_open, is_asleep, is_closing;
    bool tick_due;
    unsigned topics; /* bit 1 << TOPIC_… */
    int64_t center_id;
    uint64_t next;      /* position in the hub's ring */
    int64_t last_seq;   /* entries up to it were sent from the journal */
    struct str backlog; /* what was missed, in the trip's arena, until sent */
};

struct link {
    struct web *web;
    struct MHD_Connection *connection;
    struct trip *trip;
    struct address address;
    bool is_used, is_trusted, is_loopback;
    int fd;
    _Atomic int64_t deadline; /* clock_steady(): what is arriving must be here; 0 none */
    struct link *next_free;
    struct stream stream;
};

void links_start(struct web *w);
struct link *link_take(struct web *w, struct MHD_Connection *connection);
void link_give_back(struct link *l);
bool link_may_come(struct web *w, const struct sockaddr *sa);
/* Answers with a bare status what never became a request, and closes. For a moment at which the descriptor is
 * surely this connection's. */
void link_shut(struct link *l, const char *status);
/* Closes connections whose request did not arrive in time; called every second. */
void links_watch(struct web *w);

/* --- routes (router.c) --- */

struct router;
struct router *router_new(struct arena *a, const struct route *table, int count);
/* The route, or NULL; *ret_allowed has a bit 1 << METHOD_… for each method the path knows. */
const struct route *router_find(const struct router *r, enum method m, struct str path,
                                struct str values[4], unsigned *ret_allowed);
/* Name of the n-th {…} of a pattern, STR_NONE when there is none. */
struct str pattern_name(const char *pattern, int n);

/* --- one request (trip.c) --- */

enum trip_stage { TRIP_READING, TRIP_WORKING, TRIP_READY, TRIP_ANSWERED };

struct trip {
    struct web *web;
    struct link *link;
    struct arena *arena;
    enum trip_stage stage;
    struct ctx c;
    struct request q;
    struct reply reply;
    struct act act;
    const char *uri; /* raw, with query */
    const char *method_name;
    struct str type; /* Content-Type of the body */
    struct buf body;
    size_t body_max; /* bytes of the body: more where the form takes files */
    size_t field_room;
    size_t path_count, query_count; /* how many of q.fields come from path and query */
    void *form, *view;
    enum err result;
    unsigned allowed; /* for 405 */
    int retry_seconds;
    int64_t started; /* clock_steady() */
    int64_t seq;     /* of the journal, heard before anything was read */
    bool is_head, is_unsafe, is_early, is_api, has_cookie, is_https, is_browser;
    bool is_counted, is_suspended, is_too_large, is_keyed, is_printed, is_replay;
    bool was_resolved, was_refusal_read, opens_stream;
    bool is_upload;           /* holds one of web.uploads until its end */
    bool has_left;            /* was given to another thread; written by the network thread only */
    struct address client;    /* behind trusted proxies */
    const struct route *back; /* GET shown again with the refusal, once read */
    void *back_view;
    const struct asset *asset;
    struct str device_kind, device_place; /* of the machine that asks; STR_NONE: no machine */
    uint8_t key_hash[SM3_BYTES], body_hash[SM3_BYTES];
    uint8_t nonce[12]; /* of the keys printed into this page */
    uint32_t keys_printed;
    const struct route **places; /* staff pages in the bar, once asked for */
    int64_t place_count;
    void (*task)(struct trip *t); /* on a worker */
    struct trip *next;
};

struct trip *trip_of(const struct ctx *c); /* NULL outside a request */
struct trip *trip_new(struct link *l, const char *uri);
void trip_free(struct trip *t);
/* The request is here whole (or was refused early): runs it, or, with has_left, suspends it and has
 * it run elsewhere; after that the caller must not touch it but for has_left. */
void trip_run(struct trip *t);
/* Back from elsewhere, on the network thread: reads the page that a refusal is shown on. */
void trip_look_back(struct trip *t);
/* Notes the refusal; the answer shows it. */
void trip_refuse(struct trip *t, enum err e);

/* --- reading (intake.c, fields.c) --- */

/* Path, cookies, language, address: needs nothing but the head. */
MUST_USE enum err intake_head(struct trip *t);
/* Bytes that the body may have: where the form of the route takes files, theirs beside the ordinary ones. Early: only
 * the head is here. E_LOGIN_NEEDED, E_UPLOADS_FULL. */
MUST_USE enum err intake_body_max(struct trip *t);
/* Query, path and body into fields. */
MUST_USE enum err intake_fields(struct trip *t);
MUST_USE enum err fields_urlencoded(struct trip *t, struct str s);
MUST_USE enum err fields_json(struct trip *t, struct str s);
MUST_USE enum err fields_multipart(struct trip *t,
                                   struct str body); /* its boundary is in t->type */
MUST_USE enum err field_add(struct trip *t, struct str name, struct str value);
/* %XX (and + when is_form) decoded; false when broken or not UTF-8. */
bool url_decode(struct arena *a, struct str s, bool is_form, struct str *ret);
void url_encode(struct buf *b, struct str s);
struct str header_of(struct trip *t, const char *name);
struct str cookie_of(struct str cookies, const char *name);
enum lang language_of(struct str accept_language);
bool accepts_json(struct str accept);

/* --- keys (csrf.c), repeats (idempotency.c), sessions (session.c) --- */

/* May this unsafe request act? E_CROSS_SITE, E_KEY_MISSING, E_KEY_SHAPE. */
MUST_USE enum err csrf_check(struct trip *t);
struct str csrf_key(struct trip *t, uint32_t number);
/* A key of ours, made for this cookie. */
bool csrf_key_is_valid(const uint8_t secret[32], struct str key, struct str bound_to);
struct str csrf_key_make(struct arena *a, const uint8_t secret[32], const uint8_t nonce[12],
                         uint32_t number, struct str bound_to);
MUST_USE enum err idempotency_prepare(struct trip *t);
/* In the lane: *ret_found when the first answer was taken over. One past its 24 hours is dropped. */
MUST_USE enum err idempotency_look(struct trip *t, bool may_drop, bool *ret_found);
MUST_USE enum err idempotency_keep(struct trip *t);
/* A visitor, as long as nothing else is known. */
struct actor nobody(void);
/* Fills c->actor from the session token; under any transaction. */
/* device_token.c: machines of the hall. Resolves the machine of a request without a log-in; may it ask for
 * this route; was a machine with this token here lately (then it has a rate limit of its own)? */
struct str token_digest(struct ctx *c, struct str token);
MUST_USE enum err device_resolve(struct trip *t);
MUST_USE enum err device_allowed(struct trip *t, const struct route *route);
bool device_was_here(struct ctx *c, struct str token);
MUST_USE enum err session_resolve(struct trip *t);
/* E_LOGIN_NEEDED or E_NOT_ALLOWED. */
MUST_USE enum err route_allowed(struct trip *t, const struct route *route);

/* --- answering (answer.c, send.c) --- */

void answer_print(struct trip *t);   /* the view as page or JSON into the reply */
void answer_refusal(struct trip *t); /* t->result as page or JSON into the reply */
enum MHD_Result answer_send(struct trip *t);
void send_security_headers(const struct web *w, struct MHD_Response *r);
/* Counts and logs the answer. */
void send_done(struct trip *t, int status);

/* --- event streams (stream.c) --- */

struct hub;
MUST_USE enum err hub_start(struct web *w);
void hub_stop(struct web *w);
enum MHD_Result stream_send(struct trip *t);
/* The connection is gone. */
void stream_closed(struct link *l);
/* A stream that was counted and is not opened after all. */
void stream_given_up(struct link *l);
unsigned hub_streams(const struct web *w);
int64_t hub_seq(const struct web *w);

/* --- limits.c, metrics.c, asset.c, workers.c --- */

struct limits;
struct limits *limits_new(struct arena *a);
/* Takes one; false when empty. *ret_seconds until there is one again. */
bool limits_take(struct limits *l, char kind, struct str who, int64_t per_second_milli,
                 int64_t burst, int64_t now, int *ret_seconds);

void metrics_count(struct web *w, const struct trip *t, int status, int64_t took_ms);

const struct asset *asset_by_hashed_name(struct str hashed);
void assets_start(void);
enum MHD_Result asset_send(struct trip *t);

struct workers; /* a bounded pool of threads for slow work */
struct workers *workers_new(struct arena *a, unsigned threads, size_t bound);
bool workers_add(struct workers *p, struct trip *t, void (*task)(struct trip *t));
void workers_stop(struct workers *p);

#define STATUS_CLASSES 6
#define TIME_BUCKETS   10
struct route_figures {
    _Atomic uint64_t count[STATUS_CLASSES];
    _Atomic uint64_t took_us;
    _Atomic uint64_t bucket[TIME_BUCKETS];
};

struct web {
    struct web_options options;
    struct store *store;
    const struct keys *keys;
    void *const *services;
    struct MHD_Daemon *daemon;
    int listen_fd, port;
    bool has_tls;
    struct arena *arena;
    struct router *router;
    struct hub *hub;
    struct limits *limits;
    struct workers *quick, *slow;
    struct cidr *trusted;
    size_t trusted_count;
    const struct route *storeless[5]; /* routes of ours that work without a database; NULL-ended */
    uint8_t csrf_secret[32];
    uint8_t answer_key[16];
    char request_prefix[8];
    _Atomic uint64_t request_count;
    size_t body_max;
    int64_t rate_address, rate_account; /* a second */
    unsigned connections_per_address;
    struct link *links, *free_links;
    pthread_mutex_t links_lock;
    unsigned links_used;
    uint16_t *held; /* connections by address */
    uint64_t links_seed;
    struct arena *arenas[ARENAS_KEPT];
    unsigned arenas_free;
    pthread_mutex_t arenas_lock;
    _Atomic unsigned trips; /* between whole request and sent answer */
    _Atomic unsigned uploads;
    _Atomic bool is_stopping;
    pthread_t watcher;
    bool has_watcher;
    _Atomic(const struct settings *) settings; /* of options.center_id, as last read */
    struct route_figures *figures;             /* by route, and one more for all others */
    int64_t started_at;
};

#endif
