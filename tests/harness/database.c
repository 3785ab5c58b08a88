/* Databases for tests. On SQLite a file in the run's folder (or the one given); on PostgreSQL
 * databases named after the run, made beside the one given and dropped at the end, so that nothing
 * is left over from an earlier run with other migrations. */
#include "run.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_postgres(void)
{
    return strncmp(run.db, "postgres", 8) == 0;
}

static bool command(const char *sql)
{
    PGconn *conn = PQconnectdb(run.db);
    PGresult *r = PQstatus(conn) == CONNECTION_OK ? PQexec(conn, sql) : NULL;
    bool is_done = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!is_done)
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    return is_done;
}

/* The address with another database's name: what stands between the third slash and a `?`. */
static void address_of(const char *name, char *ret_url, size_t room)
{
    const char *host = strstr(run.db, "://") + 3, *slash = strchr(host, '/'),
               *query = strchr(host, '?');
    size_t head = slash != NULL   ? (size_t)(slash - run.db)
                  : query != NULL ? (size_t)(query - run.db)
                                  : strlen(run.db);
    snprintf(ret_url, room, "%.*s/%s%s", (int)head, run.db, name, query == NULL ? "" : query);
}

/* The names are in a file, because children make databases too. */
static void note(const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/databases", run.folder);
    FILE *f = fopen(path, "a");
    if (f != NULL) {
        fprintf(f, "%s\n", name);
        fclose(f);
    }
}

bool database_make(struct arena *a, char *ret_url, size_t room)
{
    char path[400], name[80], sql[200];
    int number = 0;
    (void)a;
    if (!is_postgres()) {
        if (strcmp(run.db, "sqlite:") != 0 && run.url == NULL) {
            snprintf(ret_url, room, "%s", run.db);
            return true;
        }
        do
            snprintf(path, sizeof path, "%s/test%d.db", run.place, number++);
        while (access(path, F_OK) == 0);
        FILE *f = fopen(path, "w"); /* so that the next one gets another name */
        if (f != NULL)
            fclose(f);
        snprintf(ret_url, room, "sqlite:%s", path);
        return f != NULL;
    }
    do {
        snprintf(name, sizeof name, "ow_test_%ld_%d", (long)getpid(), number++);
        snprintf(path, sizeof path, "%s/%s", run.folder, name);
    } while (access(path, F_OK) == 0);
    FILE *f = fopen(path, "w");
    if (f != NULL)
        fclose(f);
    note(name);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", name);
    if (!command(sql))
        return false;
    address_of(name, ret_url, room);
    return true;
}

void databases_drop(void)
{
    char path[300], name[100], sql[200];
    snprintf(path, sizeof path, "%s/databases", run.folder);
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(name, sizeof name, f) != NULL) {
        name[strcspn(name, "\n")] = '\0';
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
        command(sql);
    }
    if (f != NULL)
        fclose(f);
}
