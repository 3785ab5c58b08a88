/* The web layer's face to the domain: what a handler is given and what it fills. The generator
 * writes, for each route of a .def, an adapter that reads the declared form, calls the handler and
 * prints the view as JSON or as the HTML page; so a handler never sees raw text and never prints.
 *
 *     enum err loan_lend(struct ctx *c, const struct lend_form *f, struct reply *r, struct loan_line *v);
 *
 * GET handlers run under a read transaction, all others on a lane (store.h): they may run more
 * than once, so they must not touch anything but the database, their view and the reply. */
#ifndef WEB_H
#define WEB_H

#include "buf.h"
#include "ctx.h"
#include "json.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_COUNT };

struct field_value {
    struct str name, value;
};

/* A file that came with a form (multipart/form-data). Nothing is known of the bytes but how many they are. */
struct upload {
    struct str field; /* of the form */
    struct str name;  /* as the sender calls it, without a path; may be empty */
    struct str bytes; /* FIELD_FILE: not empty, or p NULL when none was sent */
};

/* One request, read whole and under limits before anything runs. */
struct request {
    struct ctx *c;
    enum method method;
    struct str path; /* decoded, "/tickets/abc" */
    const struct route *route;
    struct str path_values[4]; /* of {…} in the route, in order */
    struct field_value
        *fields; /* query, then form or JSON body members (flattened, lists repeated) */
    size_t field_count;
    struct upload *files; /* of a multipart body */
    size_t file_count;
    struct json_t *json;      /* jansson object of a JSON body, or NULL */
    struct str address;       /* of the client, after --trust */
    struct str session_token; /* cookie or bearer, STR_NONE without */
    struct str device_token;  /* cookie of a machine of the hall, STR_NONE without */
    struct str visitor_token; /* anonymous cookie that forms are bound to */
    struct str key;           /* idempotency key: form's hidden `key` or Idempotency-Key */
    bool wants_json, is_bearer, is_part; /* is_part: the live script asks for a piece of the page */
    bool elder, contrast, low;           /* modes of the visitor's page (cookie) */
    struct str host;                     /* with scheme, for links in QR codes: "https://…" */
};

struct reply {
    struct ctx *c;
    int status;            /* 0: 200, or 201 for routes marked created, or 303 for forms */
    struct str location;   /* where the browser goes after an unsafe act (303) */
    struct str cookies[4]; /* whole Set-Cookie values */
    size_t cookie_count;
    struct str content_type; /* set together with body when the answer is neither page nor view */
    struct str body;
    struct str disposition; /* Content-Disposition, for downloads */
    int cache_seconds;      /* 0: no-store */
    enum err refuse; /* answered as this refusal although the act is committed (reply_refuse) */
    const char *refuse_field;
};

/* For acts that must leave a trace although they refuse (a wrong password counts): the handler returns
 * E_OK so that what it wrote stays, and the answer is the refusal e at the given field (or NULL). */
void reply_refuse(struct reply *r, enum err e, const char *field);

/* Where a browser goes after the act. The path is made of our own literals and tokens only. */
void reply_see(struct reply *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A path of this site, safe to send a browser to: begins with one slash, printable, no backslash. */
bool path_is_ours(struct str path);
/* To `back` when it is a path of ours (a form's hidden field), else to the fallback. */
void reply_back(struct reply *r, struct str back, const char *fallback);
void reply_cookie(struct reply *r, const char *name, struct str value,
                  int64_t seconds); /* HttpOnly; SameSite=Lax; Path=/ */
/* Content-Disposition of a file to be shown or saved under a name that may be Chinese (RFC 6266, RFC 8187). */
struct str reply_file_name(struct ctx *c, struct str name);
void reply_body(struct reply *r, const char *content_type, struct str body);

/* --- forms (generated tables) ----------------------------------------------------------- */

enum field_type {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_ID,
    FIELD_FLAG,
    FIELD_DATE,
    FIELD_INSTANT,
    FIELD_PHONE,
    FIELD_ID_NO,
    FIELD_USCC,
    FIELD_TOKEN,
    FIELD_CHOICE,
    FIELD_PASSWORD,
    FIELD_TEXTS,
    FIELD_JSON,
    FIELD_FILE
};

struct field_spec {
    const char *name;
    enum field_type type;
    bool required;
    int64_t min, max; /* length in characters for texts, value for ints, bytes for files */
    const char *const *choices; /* FIELD_CHOICE, and allowed members of FIELD_TEXTS; NULL-ended */
    const char *label;          /* zh-CN */
    size_t offset;              /* in the form struct */
    int64_t default_int;        /* for a number, flag, date or choice not given: 0; choice: -1 */
    bool from_path;             /* read from {name} of the route's pattern, never from elsewhere */
};
struct form_spec {
    const char *name;
    const struct field_spec *fields;
    size_t count, struct_size;
    size_t file_bytes; /* that its files may have together; 0: it takes none */
};
struct texts { /* FIELD_TEXTS: a list of short texts */
    struct str *v;
    size_t n;
};
/* Fills the struct; the first bad field gives E_FIELD… with the field named and a sentence. */
MUST_USE enum err form_read(struct ctx *c, const struct request *q, const struct form_spec *spec,
                            void *ret_form);

/* --- routes (generated table) ----------------------------------------------------------- */

typedef enum err route_run(struct ctx *c, const void *form, struct reply *r, void *view);
typedef enum err route_before(struct ctx *c, void *form);
typedef void view_json(struct json *j, const void *view);
typedef void view_page(struct buf *b, struct ctx *c, const void *view);

struct route {
    enum method method;
    const char *pattern;          /* "/loans/{id}/return" */
    enum right right;             /* RIGHT_PUBLIC for everybody */
    const struct form_spec *form; /* NULL without */
    route_before
        *before; /* slow work on a worker, outside any transaction (it may store_read()), or NULL */
    route_run *run;
    size_t view_size;
    view_json *json;
    view_page *page;          /* NULL: JSON only */
    const struct route *back; /* GET route shown again when a form is refused, or NULL */
    bool created;             /* JSON answers 201 */
    bool slow;                /* runs on the slow pool */
    bool device;              /* kiosk, pad, display: rate limit by device */
    const char *name;         /* handler's name, for logs and metrics */
    const char *summary;      /* OpenAPI */
};
extern const struct route routes[];
extern const int route_count;

/* --- pages ------------------------------------------------------------------------------- */

/* What templates call; contexts are chosen by the generator. */
void html_text(struct buf *b, struct str s); /* & < > " ' escaped; good for quoted attributes too */
void html_url(
    struct buf *b,
    struct str s); /* attribute that is a URL: only /path, http(s), tel, mailto; else "#" */
void html_int(struct buf *b, int64_t v);
void html_date(struct buf *b, const struct ctx *c, int32_t d);     /* 2026-02-02 */
void html_time(struct buf *b, const struct ctx *c, int64_t at);    /* 09:30 of the centre's zone */
void html_instant(struct buf *b, const struct ctx *c, int64_t at); /* 2026-02-02 09:30 */
void html_duration(struct buf *b, const struct ctx *c,
                   int64_t ms);               /* 6′20″; over an hour 1 小时 5 分 */
void html_lines(struct buf *b, struct str s); /* text, newline to <br> */
void html_key(struct buf *b,
              struct ctx *c); /* hidden field `key`: idempotency key and CSRF token in one */
void html_asset(struct buf *b, const char *name); /* hashed address of an embedded file */
/* What the visitor typed before the form was refused, and what was wrong with the field. */
struct str posted(const struct ctx *c, const char *field);
bool refused(const struct ctx *c, const char *field); /* field NULL: anything refused */
struct str refusal_sentence(const struct ctx *c);     /* sentence of c->refusal in the language */
struct str refusal_hint(const struct ctx *c);

/* What layouts ask. */
struct str page_center(const struct ctx *c); /* name of the hall, in the language */
struct str page_phone(const struct ctx *c);  /* whom to call; "" when not set */
bool page_is_demonstration(const struct ctx *c);
struct str page_body_class(const struct ctx *c); /* " elder contrast", leading blank, or "" */
struct str page_here(const struct ctx *c);       /* path and query of this page */
struct str page_lang(const struct ctx *c);       /* zh-CN or en */
struct str page_role(const struct ctx *c);       /* title of the actor's first role */
struct str page_phone_link(const struct ctx *c); /* tel:… */
int64_t page_seq(const struct ctx *c); /* journal number that the page is at least as new as */
/* Staff pages the actor may open: GET routes with a page, one segment and a summary (`about`). */
int64_t page_place_count(struct ctx *c);
struct str page_place_path(struct ctx *c, int64_t i);
struct str page_place_title(struct ctx *c, int64_t i);
bool page_place_is_here(struct ctx *c, int64_t i);

/* Counts one try of something that must not be tried often (a password, a code) by its key, without one
 * (STR_NONE) by the client's address; E_TOO_OFTEN past so many a minute. For `before` steps and GET:
 * memory only, so never in a lane. */
MUST_USE enum err limit_take(struct ctx *c, const char *what, struct str key, int per_minute);

/* --- sessions ---------------------------------------------------------------------------- */

#define SESSION_COOKIE "session" /* the cookie that a log-in sets with reply_cookie() */
/* Opens a session for a staff member: to be called in a lane. The token is shown once, stored hashed. */
MUST_USE enum err session_open(struct ctx *c, int64_t staff_id, struct str name, struct str login,
                               uint64_t roles, struct str *ret_token, int64_t *ret_expires_at);
MUST_USE enum err session_close(struct ctx *c, int64_t session_id);
MUST_USE enum err sessions_of_staff_close(struct ctx *c, int64_t staff_id);

/* Machines of the hall (kiosk, pad, display, printer bridge) are known by a token in the cookie `device`
 * or as bearer; a request of theirs has ACTOR_DEVICE with the device's id and name. Kind and place say
 * where it may go once only registered machines are let in (setting hall.devices_registered_only). To be
 * called in a lane; a device has one token, the last. The token is shown once, stored hashed. */
#define DEVICE_COOKIE "device"
MUST_USE enum err device_token_open(struct ctx *c, int64_t device_id, struct str kind,
                                    struct str place, struct str name, struct str *ret_token);
MUST_USE enum err device_token_close(struct ctx *c, int64_t device_id);
/* Which machines of the centre this process has seen, and when last. */
struct device_sight {
    int64_t device_id, seen_at;
};
void devices_seen(struct ctx *c, struct device_sight **ret, size_t *ret_count);

/* A public token: the centre in base 36, a dash, 4 letters of its moment (so that indexes stay compact), 13
 * random bytes as base64url. */
struct str public_token(struct ctx *c);
/* The centre a public token names; false when it is not of that form. */
bool public_token_center(struct str token, int64_t *ret_center_id);

/* --- server ------------------------------------------------------------------------------ */

struct web_options {
    const char *listen;       /* "127.0.0.1:8411" */
    const char *const *trust; /* CIDRs of reverse proxies, NULL-ended, or NULL */
    const char *tls_cert, *tls_key;
    int64_t center_id; /* for requests without session or token */
    int zone_minutes;
    unsigned threads;   /* 0: one a core */
    bool no_limits;     /* rate limits off: bench and load tests on loopback */
    bool demonstration; /* pages carry the 示范数据 mark */
};
struct web;
MUST_USE enum err web_start(const struct web_options *o, struct store *s, const struct keys *keys,
                            void *const *services, struct web **ret_web, struct str *ret_why);
int web_port(const struct web *w);
/* Stops listening, finishes what was accepted, closes event streams. */
void web_stop(struct web *w);

#endif
