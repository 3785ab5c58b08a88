/* Machines of the hall are known by a token, as staff are by a session: in a cookie of their browser or
 * as bearer. Here is who a token belongs to, where such a machine may go, and which of them were here
 * lately. The last is kept in memory: a page that is read writes nothing; and a machine that was seen
 * has a rate limit of its own, apart from the address that it may share with every phone in the hall. */
#include "server.h"

#include "clock.h"
#include "services.h"
#include "settings.h"
#include "web_gen.h"

#include <string.h>

#define MACHINES_MOST 1024

struct machine {
    uint8_t token_hash[SM3_BYTES];
    int64_t center_id; /* 0: a free place */
    int64_t device_id, seen_at;
};

struct machines {
    pthread_mutex_t lock;
    struct arena *arena;
    struct machine v[MACHINES_MOST];
};

enum err machines_start(struct ctx *c, void **ret_service)
{
    (void)c;
    struct arena *a = arena_new(4 << 20);
    struct machines *m = ARENA_NEW(a, struct machines);
    m->arena = a;
    pthread_mutex_init(&m->lock, NULL);
    *ret_service = m;
    return E_OK;
}

void machines_stop(void *service)
{
    struct machines *m = service;
    pthread_mutex_destroy(&m->lock);
    arena_free(m->arena);
}

static struct machines *machines_of(const struct ctx *c)
{
    return c->services == NULL ? NULL : c->services[SERVICE_MACHINES];
}

static struct machine *machine_with(struct machines *m, const uint8_t *token_hash)
{
    for (size_t i = 0; i < MACHINES_MOST; i++)
        if (m->v[i].center_id != 0 && memcmp(m->v[i].token_hash, token_hash, SM3_BYTES) == 0)
            return &m->v[i];
    return NULL;
}

/* The place of who was here longest ago, or a free one. */
static struct machine *machine_place(struct machines *m)
{
    struct machine *best = &m->v[0];
    for (size_t i = 1; i < MACHINES_MOST && best->center_id != 0; i++)
        if (m->v[i].center_id == 0 || m->v[i].seen_at < best->seen_at)
            best = &m->v[i];
    return best;
}

static void machine_seen(struct ctx *c, struct str token_hash, int64_t device_id)
{
    struct machines *m = machines_of(c);
    if (m == NULL)
        return;
    pthread_mutex_lock(&m->lock);
    struct machine *x = machine_with(m, (const uint8_t *)token_hash.p);
    if (x == NULL)
        x = machine_place(m);
    memcpy(x->token_hash, token_hash.p, SM3_BYTES);
    x->center_id = c->center_id;
    x->device_id = device_id;
    x->seen_at = c->now;
    pthread_mutex_unlock(&m->lock);
}

static void machine_gone(struct ctx *c, struct str token_hash)
{
    struct machines *m = machines_of(c);
    if (m == NULL)
        return;
    pthread_mutex_lock(&m->lock);
    struct machine *x = machine_with(m, (const uint8_t *)token_hash.p);
    if (x != NULL)
        *x = (struct machine){.center_id = 0};
    pthread_mutex_unlock(&m->lock);
}

bool device_was_here(struct ctx *c, struct str token)
{
    struct machines *m = machines_of(c);
    int64_t center_id;
    if (m == NULL || !public_token_center(token, &center_id))
        return false;
    struct str hash = token_digest(c, token);
    pthread_mutex_lock(&m->lock);
    bool is_known = machine_with(m, (const uint8_t *)hash.p) != NULL;
    pthread_mutex_unlock(&m->lock);
    return is_known;
}

void devices_seen(struct ctx *c, struct device_sight **ret, size_t *ret_count)
{
    struct machines *m = machines_of(c);
    *ret = ARENA_ARRAY(c->arena, struct device_sight, MACHINES_MOST);
    *ret_count = 0;
    if (m == NULL)
        return;
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < MACHINES_MOST; i++)
        if (m->v[i].center_id == c->center_id)
            (*ret)[(*ret_count)++] = (struct device_sight){m->v[i].device_id, m->v[i].seen_at};
    pthread_mutex_unlock(&m->lock);
}

enum err device_token_open(struct ctx *c, int64_t device_id, struct str kind, struct str place,
                           struct str name, struct str *ret_token)
{
    struct str token = public_token(c);
    TRY(device_token_drop(c, c->center_id, device_id));
    TRY(device_token_put(c, c->center_id, token_digest(c, token), device_id, kind, place, name,
                         c->now));
    *ret_token = token;
    return E_OK;
}

enum err device_token_close(struct ctx *c, int64_t device_id)
{
    return device_token_drop(c, c->center_id, device_id);
}

enum err device_resolve(struct trip *t)
{
    struct ctx *c = &t->c;
    const struct request *q = &t->q;
    struct device_by_token_row *d;
    int64_t center_id;
    struct str token = q->is_bearer ? q->session_token : q->device_token;
    t->device_kind = STR_NONE;
    if (!public_token_center(token, &center_id) || center_id != c->center_id)
        return E_OK;
    struct str hash = token_digest(c, token);
    TRY(device_by_token(c, center_id, hash, &d));
    if (d == NULL) {
        machine_gone(c, hash);
        return E_OK;
    }
    c->actor = (struct actor){.kind = ACTOR_DEVICE, .id = d->device_id, .name = d->name};
    t->device_kind = d->kind;
    t->device_place = d->place;
    machine_seen(c, hash, d->device_id);
    return E_OK;
}

/* "/kiosk/take" belongs to kiosks, "/pad/07" to the pad of desk 07. */
static bool is_at_home(const struct trip *t)
{
    struct str rest = {t->q.path.p + 1, t->q.path.n - 1};
    struct str first = str_cut(&rest, '/'), second = rest.p == NULL ? STR("") : str_cut(&rest, '/');
    if (t->device_kind.p == NULL || !str_eq(first, t->device_kind))
        return false;
    return t->device_place.n == 0 || second.n == 0 || str_is(first, "kiosk") ||
           str_eq(second, t->device_place);
}

enum err device_allowed(struct trip *t, const struct route *route)
{
    struct ctx *c = &t->c;
    if (!route->device || !setting_hall_devices_registered_only(c))
        return E_OK;
    if (c->actor.kind == ACTOR_STAFF || is_at_home(t))
        return E_OK;
    return fail(c, E_DEVICE_UNKNOWN, "%s by a %.*s", route->pattern,
                STR_ARG(t->device_kind.p == NULL ? STR("stranger") : t->device_kind));
}
