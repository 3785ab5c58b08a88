/* See store_raw.h. */
#include "store_raw.h"

#include "test.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>

static void raw_sqlite(const char *file, const char *sql)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open(file, &db);
    sqlite3_busy_timeout(db, 5000);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        print_error("%s: %s\n", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
    assert_int_equal(rc, SQLITE_OK);
}

void raw_do(const char *url, const char *sql)
{
    if (strncmp(url, "sqlite:", 7) == 0) {
        raw_sqlite(url + 7, sql);
        return;
    }
    PGconn *conn = PQconnectdb(url);
    PGresult *r = PQexec(conn, sql);
    bool is_done = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (!is_done)
        print_error("%s: %s\n", sql, PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    assert_true(is_done);
}

static struct raw_lock {
    sqlite3 *sqlite;
    PGconn *postgres;
} the_lock;

struct raw_lock *raw_lock(const char *url)
{
    the_lock = (struct raw_lock){NULL, NULL};
    if (strncmp(url, "sqlite:", 7) == 0) {
        assert_int_equal(sqlite3_open(url + 7, &the_lock.sqlite), SQLITE_OK);
        assert_int_equal(sqlite3_exec(the_lock.sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                         SQLITE_OK);
    } else {
        the_lock.postgres = PQconnectdb(url);
        PQclear(PQexec(the_lock.postgres, "BEGIN"));
        PGresult *r = PQexec(the_lock.postgres, "SELECT seq FROM journal_head FOR UPDATE");
        assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
        PQclear(r);
    }
    return &the_lock;
}

void raw_unlock(struct raw_lock *l)
{
    if (l->sqlite != NULL)
        sqlite3_close(l->sqlite);
    if (l->postgres != NULL)
        PQfinish(l->postgres);
}
