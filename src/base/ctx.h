/* What a unit of work carries: its memory, its transaction, its time, who acts and in which
 * language. Everything hangs on `struct ctx *c`, so nothing is global and nothing needs mocking. */
#ifndef CTX_H
#define CTX_H

#include "arena.h"
#include "fault.h"
#include "rights.h" /* generated: enum right, RIGHT_COUNT, enum role, ROLE_COUNT */

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

enum actor_kind { ACTOR_VISITOR, ACTOR_STAFF, ACTOR_DEVICE, ACTOR_SYSTEM };

struct actor {
    enum actor_kind kind;
    int64_t id;         /* staff or device id; 0 for a visitor */
    int64_t session_id; /* 0 without one */
    struct str name;    /* as shown in a timeline */
    struct str login;   /* staff only */
    uint64_t roles;     /* bit 1 << ROLE_… */
};

struct refusal { /* the last failure, filled by fail() */
    enum err code;
    const char *field; /* name of the form field it belongs to, or NULL */
    struct str detail; /* for the log */
    struct str text; /* replaces the registry's sentence when set (already in the right language) */
};

struct ctx {
    struct arena *arena;
    struct txn *txn; /* open transaction (store.h), or NULL */
    struct store *store;
    const struct keys *keys;
    struct ids *ids;
    int64_t now; /* milliseconds UTC, one value for the whole unit of work */
    int zone_minutes;
    int64_t center_id;
    struct actor actor;
    enum lang lang;
    struct str request_id;
    struct refusal refusal;
    struct request *request;         /* web.h; NULL outside a request */
    const struct settings *settings; /* generated getters read from here; NULL gives the defaults */
    void *const
        *services; /* by enum service (generated): what `service` lines of .def files start */
};

/* May the actor do this? Generated table role → rights. */
bool may(const struct ctx *c, enum right r);
bool has_role(const struct ctx *c, enum role r);
int64_t new_id(struct ctx *c);
int32_t today(const struct ctx *c); /* the centre's local date */
/* The message in the context's language; msg is the zh-CN source text, looked up in po/. */
struct str tr(const struct ctx *c, const char *msg);
/* Fills {name} holes, names and values in turn, ended by NULL: tr_fill(c, "前面还有 {n} 人", "n", s, NULL) */
struct str tr_fill(const struct ctx *c, const char *msg, ...) __attribute__((sentinel));

#endif
