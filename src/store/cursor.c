/* The cursor of stmt.h: the same few steps on either engine. What is the same for both is done
 * here: which statements may run in which transaction, how NULL looks from C, how an error gets
 * into the context, and the failing of the n-th statement that tests ask for. */
#include "engine.h"

#include <ctype.h>

/* Threads of services go on beside a test. */
static bool is_counted(struct store *s)
{
    return !atomic_load_explicit(&s->is_one_counted, memory_order_relaxed) ||
           pthread_equal(s->counted, pthread_self());
}

static void note(struct store *s, int stmt)
{
    int16_t *trace = atomic_load_explicit(&s->trace, memory_order_relaxed);
    if (trace == NULL || !is_counted(s))
        return;
    size_t at = atomic_fetch_add(&s->traced, 1);
    if (at < s->trace_room)
        trace[at] = (int16_t)stmt;
}

static bool fails_here(struct store *s)
{
    if (atomic_load_explicit(&s->fail_at, memory_order_relaxed) == 0 || !is_counted(s))
        return false;
    if (atomic_fetch_sub(&s->fail_at, 1) != 1)
        return false;
    atomic_store(&s->fail_fired, true);
    return true;
}

void cursor_open(struct cursor *k, struct ctx *c, int stmt)
{
    struct txn *t = c->txn;
    BUG_IF(t == NULL);
    if (stmt_specs[stmt].writes && !t->writes)
        BUG("%s writes, but this is a read transaction", stmt_specs[stmt].name);
    *k = (struct cursor){.c = c, .stmt = stmt};
    t->has_written = t->has_written || stmt_specs[stmt].writes;
    if (t->broken != E_OK) {
        k->error = t->broken;
        return;
    }
    note(t->store, stmt);
    if (fails_here(t->store))
        k->error = E_STORE;
    else
        t->handle->engine->open_cursor(k, t->handle);
}

void cursor_bind_int(struct cursor *k, int param, int64_t v)
{
    if (k->error != E_OK)
        return;
    char letter = stmt_specs[k->stmt].params[param - 1];
    bool is_null = letter == 'N' ? v == INT_NONE : isupper((unsigned char)letter) && v == 0;
    k->c->txn->handle->engine->bind_int(k, param, v, is_null);
}

void cursor_bind_text(struct cursor *k, int param, struct str v)
{
    if (k->error != E_OK)
        return;
    char letter = stmt_specs[k->stmt].params[param - 1];
    if (v.p == NULL && letter == 't') /* a field that was not filled in, where no NULL may be */
        v = STR("");
    k->c->txn->handle->engine->bind_text(k, param, v, letter == 'b' || letter == 'B');
}

bool cursor_next(struct cursor *k)
{
    return k->error == E_OK && k->c->txn->handle->engine->next(k);
}

int64_t cursor_int(struct cursor *k, int column)
{
    bool is_null = false;
    int64_t v = k->c->txn->handle->engine->column_int(k, column, &is_null);
    if (!is_null)
        return v;
    return stmt_specs[k->stmt].columns[column] == 'N' ? INT_NONE : 0;
}

struct str cursor_text(struct cursor *k, int column)
{
    return k->c->txn->handle->engine->column_text(k, column);
}

enum err cursor_close(struct cursor *k, int64_t *ret_changed)
{
    struct txn *t = k->c->txn;
    int64_t changed = 0;
    const char *why = "failed before it ran";
    if (k->handle != NULL) {
        enum err e = t->handle->engine->close_cursor(k, &changed);
        k->error = k->error == E_OK ? e : k->error;
        why = t->handle->why;
    }
    if (k->error != E_OK) {
        /* PostgreSQL refuses all that follows in the savepoint; so does SQLite here, so that an
         * act behaves alike on both. */
        if (t->writes && !t->is_held)
            t->broken = k->error;
        return fail(k->c, k->error, "%s: %s", stmt_specs[k->stmt].name, why);
    }
    if (ret_changed != NULL)
        *ret_changed = changed;
    return E_OK;
}

void store_fail_at(struct store *s, int64_t n)
{
    atomic_store(&s->fail_fired, false);
    atomic_store(&s->fail_at, n);
}

void store_count_only_here(struct store *s)
{
    s->counted = pthread_self();
    atomic_store(&s->is_one_counted, true);
}

bool store_fail_fired(const struct store *s)
{
    return atomic_load(&s->fail_fired);
}

void store_trace(struct store *s, int16_t *trace, size_t room)
{
    s->trace_room = room;
    if (trace != NULL)
        atomic_store(&s->traced, 0);
    atomic_store(&s->trace, trace);
}

size_t store_traced(const struct store *s)
{
    return atomic_load(&s->traced);
}
