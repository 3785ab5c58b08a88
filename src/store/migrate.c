/* Bringing the database to the schema of this program, forward only. What was applied is written
 * in schema_migration with the hash of its text; a text that changed afterwards, or a migration
 * this program does not know, refuses to start: such a database was made by another program.
 *
 * Everything missing is applied in one transaction, so a failure leaves the database as it was.
 * The statements here are made of the program's own texts only. */
#include "clock.h"
#include "engine.h"

#include <string.h>

struct applied {
    struct arena *arena;
    bool *is_applied; /* by place in migration_specs */
    int last;
    struct str wrong; /* a sentence; p NULL while all is well */
};

static void on_applied(void *arg, int columns, const char *const *values)
{
    struct applied *found = arg;
    int64_t number = 0;
    if (columns != 3 || found->wrong.p != NULL || !str_to_int(str_of(values[0]), &number))
        return;
    for (int i = 0; i < migration_count; i++) {
        if (migration_specs[i].number != number)
            continue;
        found->is_applied[i] = true;
        if (strcmp(migration_specs[i].hash, values[2]) != 0)
            found->wrong =
                str_fmt(found->arena,
                        "迁移 %04lld_%s 在应用之后被改动过，数据库与程序不一致，不能启动。"
                        "请恢复原来的文件，改动应另写一个新的迁移",
                        (long long)number, values[1]);
        return;
    }
    found->wrong =
        str_fmt(found->arena,
                "数据库里有本程序不认识的迁移 %04lld_%s，可能由更新的版本建立。请用新版本启动",
                (long long)number, values[1]);
}

static enum err apply_one(struct handle *h, const struct migration_spec *m, struct arena *a)
{
    bool is_sqlite = h->engine == &sqlite_engine;
    TRY(h->engine->script(h, is_sqlite ? m->sqlite_sql : m->postgres_sql));
    struct str note = str_fmt(a,
                              "INSERT INTO schema_migration (number, name, hash, applied_at) "
                              "VALUES (%d, '%s', '%s', %lld)",
                              m->number, m->name, m->hash, (long long)clock_now());
    return h->engine->script(h, str_z(a, note));
}

static enum err work_through(struct handle *h, bool apply, struct arena *a, struct str *ret_why)
{
    struct applied found = {.arena = a,
                            .is_applied = ARENA_ARRAY(a, bool, (size_t)migration_count + 1)};
    const char *list = "SELECT number, name, hash FROM schema_migration ORDER BY number";
    if (h->engine->rows(h, list, on_applied, &found) != E_OK) {
        *ret_why = str_fmt(a, "读不出迁移记录：%s", h->why);
        return E_STORE_OPEN;
    }
    if (found.wrong.p != NULL) {
        *ret_why = found.wrong;
        return E_STORE_OPEN;
    }
    for (int i = 0; i < migration_count; i++) {
        const struct migration_spec *m = &migration_specs[i];
        if (found.is_applied[i])
            continue;
        if (!apply) {
            *ret_why = str_fmt(a, "数据库还缺少迁移 %04d_%s。请先运行 onewindow init 或 serve",
                               m->number, m->name);
            return E_STORE_OPEN;
        }
        if (apply_one(h, m, a) != E_OK) {
            *ret_why = str_fmt(a, "迁移 %04d_%s 失败：%s", m->number, m->name, h->why);
            return E_STORE_OPEN;
        }
    }
    return E_OK;
}

/* A missing table is made at once; without `apply` its absence is told like a missing migration. */
static enum err make_table(struct handle *h, bool apply)
{
    bool is_sqlite = h->engine == &sqlite_engine;
    if (!apply)
        return E_OK;
    return h->engine->script(h, is_sqlite
                                    ? "CREATE TABLE IF NOT EXISTS schema_migration ("
                                      " number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                                      " hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"
                                    : "CREATE TABLE IF NOT EXISTS schema_migration ("
                                      " number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                                      " hash TEXT NOT NULL, applied_at BIGINT NOT NULL)");
}

/* SQLite plans without knowing that a database has one centre: to it, center_id = ? finds ten rows, so it
 * walks the primary key over a whole table rather than use an index of two columns. These figures, for each
 * index, say how it is: the centre selects nothing, a whole unique key one row, another index a few, and an
 * index with a WHERE (of what is open) is small. They are ours and not ANALYZE's, so that plans are the same
 * in every hall and at every size. (ANALYZE of a small table makes sqlite_stat1, which cannot be made
 * otherwise.) */
static enum err tell_planner(struct handle *h)
{
    return h->engine
        ->script(h, "ANALYZE schema_migration; DELETE FROM sqlite_stat1;"
                    "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
                    " SELECT tbl, CASE origin WHEN 'pk' THEN tbl ELSE idx END,"
                    "        CASE WHEN columns = 1 AND is_unique = 1 THEN '1000000 1'"
                    "             WHEN columns = 1 THEN '1000000 1000000'"
                    "             WHEN is_partial = 1 THEN '1000 1000' || "
                    "replace(hex(zeroblob(columns - 2)), '00', ' 100') || ' 10'"
                    "             ELSE '1000000 1000000' || replace(hex(zeroblob(columns - 2)), "
                    "'00', ' 1000') ||"
                    "                  CASE is_unique WHEN 1 THEN ' 1' ELSE ' 20' END END"
                    "   FROM (SELECT m.name AS tbl, l.name AS idx, l.\"unique\" AS is_unique, "
                    "l.origin AS origin, l.partial AS is_partial,"
                    "                (SELECT count(*) FROM pragma_index_info(l.name)) AS columns"
                    "           FROM sqlite_schema m JOIN pragma_index_list(m.name) l"
                    "          WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%')");
}

enum err migrate(struct handle *h, bool apply, struct arena *a, struct str *ret_why)
{
    const struct engine *g = h->engine;
    enum err e = g->script(h, g == &sqlite_engine && apply ? "BEGIN IMMEDIATE" : "BEGIN");
    if (e == E_OK && g != &sqlite_engine) /* two processes that start together make one table */
        e = g->script(h, "SELECT pg_advisory_xact_lock(7022118)");
    if (e == E_OK)
        e = make_table(h, apply);
    if (e != E_OK)
        *ret_why = str_fmt(a, "数据库打不开：%s", h->why);
    else
        e = work_through(h, apply, a, ret_why);
    if (e == E_OK && apply && g == &sqlite_engine && (e = tell_planner(h)) != E_OK)
        *ret_why = str_fmt(a, "数据库打不开：%s", h->why);
    enum err ended = g->script(h, e == E_OK ? "COMMIT" : "ROLLBACK");
    if (e == E_OK && ended != E_OK)
        *ret_why = str_fmt(a, "数据库打不开：%s", h->why);
    return e == E_OK ? ended : e;
}
