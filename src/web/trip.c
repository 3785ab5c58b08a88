/* The way of one request (DESIGN.md 2): checked on the network thread, then run where it belongs. A
 * GET on SQLite runs right here on the thread's own read handle; everything slow, and every read on
 * PostgreSQL, goes to workers; everything that changes something goes to a lane, with the connection
 * suspended until the commit. What is refused may show the form again, which is one more read. */
#include "server.h"

#include "clock.h"

#include <stdlib.h>
#include <string.h>

#define ACT_WAIT_MS 10000

static struct arena *arena_take(struct web *w)
{
    struct arena *a = NULL;
    pthread_mutex_lock(&w->arenas_lock);
    if (w->arenas_free > 0)
        a = w->arenas[--w->arenas_free];
    pthread_mutex_unlock(&w->arenas_lock);
    return a != NULL ? a : arena_new(ARENA_CEILING);
}

static void arena_give_back(struct web *w, struct arena *a)
{
    arena_reset(a);
    pthread_mutex_lock(&w->arenas_lock);
    bool is_kept = w->arenas_free < ARENAS_KEPT;
    if (is_kept)
        w->arenas[w->arenas_free++] = a;
    pthread_mutex_unlock(&w->arenas_lock);
    if (!is_kept)
        arena_free(a);
}

struct trip *trip_of(const struct ctx *c)
{
    if (c->request == NULL)
        return NULL;
    return (struct trip *)(void *)((char *)c->request - offsetof(struct trip, q));
}

/* "a1b2c3-k7": random for each start, then counted. */
static struct str request_id(struct web *w, struct arena *a)
{
    uint64_t n = atomic_fetch_add_explicit(&w->request_count, 1, memory_order_relaxed) + 1;
    size_t prefix = strlen(w->request_prefix), at = prefix + 15;
    char *text = arena_alloc(a, at);
    size_t end = at;
    for (; n != 0; n /= 36)
        text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
    text[--at] = '-';
    at -= prefix;
    memcpy(text + at, w->request_prefix, prefix);
    return (struct str){text + at, end - at};
}

struct trip *trip_new(struct link *l, const char *uri)
{
    struct web *w = l->web;
    struct arena *a = arena_take(w);
    struct trip *t = ARENA_NEW(a, struct trip);
    t->web = w;
    t->link = l;
    t->arena = a;
    t->started = clock_steady();
    t->uri = str_z(a, str_of(uri));
    t->body_max = w->body_max;
    buf_init(&t->body, a, w->body_max);
    t->c = (struct ctx){.arena = a,
                        .store = w->store,
                        .keys = w->keys,
                        .ids = store_ids(w->store),
                        .now = clock_now(),
                        .zone_minutes = w->options.zone_minutes,
                        .center_id = w->options.center_id,
                        .actor = nobody(),
                        .request = &t->q,
                        .services = w->services};
    t->c.request_id = request_id(w, a);
    t->seq = hub_seq(w);
    t->q.c = &t->c;
    t->reply.c = &t->c;
    return t;
}

void trip_free(struct trip *t)
{
    struct web *w = t->web;
    if (t->is_counted)
        atomic_fetch_sub(&w->trips, 1);
    if (t->is_upload)
        atomic_fetch_sub(&w->uploads, 1);
    if (t->c.settings != NULL && t->c.center_id == w->options.center_id)
        atomic_store_explicit(&w->settings, t->c.settings, memory_order_release);
    if (t->opens_stream)
        stream_given_up(t->link);
    if (t->link->trip == t)
        t->link->trip = NULL;
    arena_give_back(w, t->arena);
}

void trip_refuse(struct trip *t, enum err e)
{
    t->result = e;
    if (t->c.refusal.code != e)
        (void)fail(&t->c, e, "%s", err_table[e].code);
}

/* --- checks on the network thread --- */

static enum err check_rates(struct trip *t)
{
    struct web *w = t->web;
    const struct link *l = t->link;
    bool is_proxy = l->is_trusted && memcmp(&t->client, &l->address, sizeof t->client) == 0;
    if (is_proxy || (w->options.no_limits && l->is_loopback))
        return E_OK;
    int64_t rate = w->rate_address * 1000;
    bool is_device = t->q.route != NULL && t->q.route->device;
    struct str token = t->q.is_bearer ? t->q.session_token : t->q.device_token;
    if (token.p != NULL && device_was_here(&t->c, token))
        return limits_take(w->limits, 'm', token, rate, w->rate_address * 5, t->started,
                           &t->retry_seconds)
                   ? E_OK
                   : fail(&t->c, E_TOO_OFTEN, "device");
    if (!limits_take(w->limits, is_device ? 'd' : 'a', t->q.address, rate, w->rate_address * 5,
                     t->started, &t->retry_seconds))
        return fail(&t->c, E_TOO_OFTEN, "address");
    if (t->q.session_token.p != NULL &&
        !limits_take(w->limits, 's', t->q.session_token, w->rate_account * 1000,
                     w->rate_account * 5, t->started, &t->retry_seconds))
        return fail(&t->c, E_TOO_OFTEN, "session");
    return E_OK;
}

static enum err find_route(struct trip *t)
{
    t->q.route = router_find(t->web->router, t->q.method, t->q.path, t->q.path_values, &t->allowed);
    if (t->q.route != NULL)
        return E_OK;
    if (t->allowed != 0)
        return fail(&t->c, E_METHOD_UNKNOWN, "method");
    return fail(&t->c, E_PAGE_UNKNOWN, "path");
}

static enum err meet_token(struct trip *t, struct str token, bool *is_set)
{
    int64_t center_id;
    if (!public_token_center(token, &center_id))
        return E_OK;
    if (*is_set && center_id != t->c.center_id)
        return fail(&t->c, E_NOT_FOUND, "token of another centre");
    t->c.center_id = center_id;
    *is_set = true;
    return E_OK;
}

/* A public token names its centre; a log-in, or an earlier token, must not be of another one. */
static enum err check_center(struct trip *t)
{
    int64_t center_id;
    bool is_set = public_token_center(t->q.session_token, &center_id) ||
                  public_token_center(t->q.device_token, &center_id);
    const struct form_spec *form = t->q.route->form;
    for (int i = 0; i < 4 && t->q.path_values[i].p != NULL; i++)
        TRY(meet_token(t, t->q.path_values[i], &is_set));
    for (size_t i = 0; form != NULL && i < form->count; i++)
        for (size_t k = t->path_count; form->fields[i].type == FIELD_TOKEN && k < t->q.field_count;
             k++)
            if (str_is(t->q.fields[k].name, form->fields[i].name))
                TRY(meet_token(t, str_trim(t->q.fields[k].value), &is_set));
    return E_OK;
}

static enum err check(struct trip *t)
{
    enum err found = find_route(t);
    TRY(check_rates(t));
    TRY(found);
    const struct route *r = t->q.route;
    TRY(intake_fields(t));
    TRY(check_center(t));
    if (r->right != RIGHT_PUBLIC && t->q.session_token.p == NULL)
        return fail(&t->c, E_LOGIN_NEEDED, "no session");
    if (t->is_unsafe)
        TRY(csrf_check(t));
    if (r->form != NULL) {
        t->form = arena_alloc(t->arena, r->form->struct_size);
        TRY(form_read(&t->c, &t->q, r->form, t->form));
    }
    return t->is_unsafe ? idempotency_prepare(t) : E_OK;
}

/* --- running --- */

static void start_over(struct trip *t)
{
    const struct route *r = t->q.route;
    t->reply = (struct reply){.c = &t->c};
    t->is_printed = t->is_replay = false;
    t->c.refusal = (struct refusal){.code = E_OK};
    t->view = r->view_size > 0 ? arena_alloc(t->arena, r->view_size) : NULL;
}

static enum err read_work(struct ctx *c, void *arg)
{
    struct trip *t = arg;
    const struct route *r = t->q.route;
    start_over(t);
    TRY(session_resolve(t));
    TRY(route_allowed(t, r));
    if (r->before != NULL)
        TRY(r->before(c, t->form));
    return r->run(c, t->form, &t->reply, t->view);
}

static enum err may_work(struct ctx *c, void *arg)
{
    struct trip *t = arg;
    (void)c;
    TRY(session_resolve(t));
    return route_allowed(t, t->q.route);
}

static enum err act_work(struct ctx *c, void *arg)
{
    struct trip *t = arg;
    const struct route *r = t->q.route;
    start_over(t);
    TRY(session_resolve(t));
    TRY(route_allowed(t, r));
    bool is_found = false;
    if (t->is_keyed)
        TRY(idempotency_look(t, true, &is_found));
    if (is_found)
        return E_OK;
    TRY(r->run(c, t->form, &t->reply, t->view));
    if (!t->is_keyed || t->reply.refuse != E_OK)
        return E_OK;
    answer_print(t);
    return idempotency_keep(t);
}

static enum err act_was_done(struct ctx *c, void *arg)
{
    (void)c;
    struct trip *t = arg;
    bool is_found = false;
    TRY(idempotency_look(t, false, &is_found));
    return is_found ? E_OK : E_NOT_FOUND;
}

/* The page that the form stands on, with what was typed; and for a form that was refused before
 * anybody looked at who sends it: first whether he may at all. */
static bool needs_refusal_read(const struct trip *t)
{
    const struct route *r = t->q.route;
    enum err e = t->result;
    if (r == NULL || e == E_OK || t->was_refusal_read || e == E_LOGIN_NEEDED || e == E_NOT_ALLOWED)
        return false;
    if (err_table[e].status >= 500 && e != E_BUSY && e != E_CONFLICT)
        return false;
    return (r->back != NULL && !t->q.wants_json) || (r->right != RIGHT_PUBLIC && !t->was_resolved);
}

static enum err back_run(struct trip *t)
{
    const struct route *back = t->q.route->back;
    struct reply unused = {.c = &t->c};
    void *form = NULL, *view = back->view_size > 0 ? arena_alloc(t->arena, back->view_size) : NULL;
    if (back->form != NULL) {
        struct request q = t->q;
        form = arena_alloc(t->arena, back->form->struct_size);
        q.field_count = t->path_count + t->query_count;
        if (form_read(&t->c, &q, back->form, form) != E_OK)
            TRY(form_read(&t->c, &t->q, back->form, form));
    }
    TRY(route_allowed(t, back));
    TRY(back->run(&t->c, form, &unused, view));
    t->back =
        unused.location.p == NULL && unused.body.p == NULL && back->page != NULL ? back : NULL;
    t->back_view = view;
    return E_OK;
}

static enum err refusal_work(struct ctx *c, void *arg)
{
    struct trip *t = arg;
    struct refusal first = c->refusal;
    t->back = NULL;
    TRY(session_resolve(t));
    enum err e = route_allowed(t, t->q.route);
    if (e != E_OK) {
        t->result = e;
        return E_OK;
    }
    if (t->q.route->back != NULL && !t->q.wants_json)
        (void)!back_run(t);
    c->refusal = first;
    return E_OK;
}

static void read_refusal(struct trip *t)
{
    struct refusal first = t->c.refusal;
    t->was_refusal_read = true;
    if (store_read(t->web->store, &t->c, refusal_work, t) != E_OK) {
        t->c.refusal = first;
        t->back = NULL;
    }
}

static void suspend(struct trip *t)
{
    t->stage = TRIP_WORKING;
    t->is_suspended = t->has_left = true;
    MHD_suspend_connection(t->link->connection);
}

static void finish(struct trip *t)
{
    t->stage = TRIP_READY;
    if (!t->is_suspended)
        return;
    t->is_suspended = false;
    MHD_resume_connection(t->link->connection);
}

static void hand_over(struct trip *t, struct workers *p, void (*task)(struct trip *t))
{
    if (workers_add(p, t, task))
        return;
    trip_refuse(t, E_BUSY);
    t->was_refusal_read = true;
    finish(t);
}

static void task_refusal(struct trip *t)
{
    read_refusal(t);
    finish(t);
}

/* Ends the running; a refusal that needs one more read gets it where reads are done. */
static void settle(struct trip *t, enum err e)
{
    if (e == E_OK && t->reply.refuse != E_OK) {
        e = t->reply.refuse;
        if (t->c.refusal.code != e)
            (void)fail_field(&t->c, e, t->reply.refuse_field, "kept");
    }
    t->result = e;
    if (e != E_OK)
        trip_refuse(t, e);
    if (needs_refusal_read(t) && store_is_postgres(t->web->store)) {
        if (!t->is_suspended)
            suspend(t);
        hand_over(t, t->web->quick, task_refusal);
        return;
    }
    finish(t);
}

static void task_get(struct trip *t)
{
    settle(t, store_read(t->web->store, &t->c, read_work, t));
}

static void act_done(void *arg, enum err e)
{
    settle(arg, e);
}

static void submit(struct trip *t)
{
    t->act = (struct act){.c = &t->c,
                          .run = act_work,
                          .was_done = t->is_keyed ? act_was_done : NULL,
                          .done = act_done,
                          .arg = t,
                          .deadline = clock_steady() + ACT_WAIT_MS};
    enum err e = store_submit(t->web->store, &t->act);
    if (e != E_OK)
        settle(t, e);
}

static void task_before(struct trip *t)
{
    enum err e = store_read(t->web->store, &t->c, may_work, t);
    if (e == E_OK)
        e = t->q.route->before(&t->c, t->form); /* slow: it holds no connection to the database */
    if (e != E_OK)
        settle(t, e);
    else
        submit(t);
}

/* Answers even when the database does not. */
static void task_storeless(struct trip *t)
{
    start_over(t);
    settle(t, t->q.route->run(&t->c, t->form, &t->reply, t->view));
}

static bool is_storeless(const struct trip *t)
{
    for (size_t i = 0; t->web->storeless[i] != NULL; i++)
        if (t->web->storeless[i] == t->q.route)
            return true;
    return false;
}

static void dispatch(struct trip *t)
{
    struct web *w = t->web;
    const struct route *r = t->q.route;
    if (t->is_unsafe) {
        suspend(t);
        if (r->before != NULL)
            hand_over(t, w->slow, task_before);
        else
            submit(t);
    } else if (is_storeless(t)) {
        if (!r->slow) {
            task_storeless(t);
            return;
        }
        suspend(t);
        hand_over(t, w->quick, task_storeless);
    } else if (r->slow || r->before != NULL || store_is_postgres(w->store)) {
        suspend(t);
        hand_over(t, r->slow ? w->slow : w->quick, task_get);
    } else {
        task_get(t);
    }
}

void trip_run(struct trip *t)
{
    struct web *w = t->web;
    t->is_counted = true;
    atomic_fetch_add(&w->trips, 1);
    enum err e = intake_head(t), early = t->result;
    struct str assets = STR("/static/");
    if (early != E_OK)
        e = early;
    else if (atomic_load_explicit(&w->is_stopping, memory_order_relaxed))
        e = E_STOPPING;
    else if (e == E_OK && str_starts(t->q.path, assets) && t->q.method == METHOD_GET) {
        t->asset =
            asset_by_hashed_name((struct str){t->q.path.p + assets.n, t->q.path.n - assets.n});
        e = t->asset != NULL ? E_OK : E_PAGE_UNKNOWN;
    } else if (e == E_OK)
        e = check(t);
    if (e != E_OK)
        settle(t, e);
    else if (t->asset != NULL)
        finish(t);
    else
        dispatch(t);
    if (!t->has_left)
        trip_look_back(t);
}

void trip_look_back(struct trip *t)
{
    if (needs_refusal_read(t))
        read_refusal(t);
}
