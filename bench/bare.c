/* The ceiling for durable acts: as little as a libmicrohttpd + SQLite program can do and still issue
 * tickets honestly. A POST gets the next number of its zone and day, a ticket row and a journal row
 * whose hash (SM3) chains to the one before. One writer thread takes all that wait, commits them
 * once (WAL, synchronous FULL: one fsync), and only then are the answers sent. No parsing beyond the
 * zone, no rights, no sessions, no idempotency, no pages.
 *
 *     bare PORT FILE        POST / {"zone":"A"} → 201 {"number":"A0001","id":"…","ahead":0} */
#include <microhttpd.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
    struct job *next;
    struct MHD_Connection *conn;
    char body[1024], answer[256];
    size_t body_size;
    bool sent, done, good;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct job *first, **last;
    bool stopping;
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *number, *ticket, *journal;
    unsigned char head[32];
    int64_t seq;
    EVP_MD_CTX *md;
} w = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER, .last = &w.first};

static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "bare: %s: %s\n", what, w.db ? sqlite3_errmsg(w.db) : "");
    exit(1);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s = NULL;
    must(sqlite3_prepare_v3(w.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) == SQLITE_OK, sql);
    return s;
}

static void open_store(const char *file)
{
    must(sqlite3_open(file, &w.db) == SQLITE_OK, file);
    must(sqlite3_exec(w.db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
                      "CREATE TABLE counter(center_id INT, zone TEXT, day INT, last INT, PRIMARY KEY(center_id, zone, day)) STRICT, WITHOUT ROWID;"
                      "CREATE TABLE ticket(center_id INT, id INT, zone TEXT, day INT, number INT, state INT, issued_at INT, token TEXT,"
                      " PRIMARY KEY(center_id, id)) STRICT, WITHOUT ROWID;"
                      "CREATE UNIQUE INDEX ticket_number ON ticket(center_id, zone, day, number);"
                      "CREATE INDEX ticket_waiting ON ticket(center_id, zone, state, issued_at);"
                      "CREATE TABLE journal(center_id INT, seq INT, at INT, actor TEXT, kind INT, subject INT, body TEXT, hash BLOB,"
                      " PRIMARY KEY(center_id, seq)) STRICT, WITHOUT ROWID;",
                      NULL, NULL, NULL) == SQLITE_OK, "schema");
    w.begin = prepare("BEGIN IMMEDIATE");
    w.commit = prepare("COMMIT");
    w.number = prepare("INSERT INTO counter VALUES(1,?1,?2,1) ON CONFLICT DO UPDATE SET last=last+1 RETURNING last");
    w.ticket = prepare("INSERT INTO ticket VALUES(1,?1,?2,?3,?4,0,?5,?6)");
    w.journal = prepare("INSERT INTO journal VALUES(1,?1,?2,'bench',1,?3,?4,?5)");
    w.md = EVP_MD_CTX_new();
}

static void step(sqlite3_stmt *s, const char *what)
{
    int rc = sqlite3_step(s);
    must(rc == SQLITE_DONE || rc == SQLITE_ROW, what);
    sqlite3_reset(s);
}

static void journal_row(int64_t at, int64_t id, const char *body)
{
    struct { int64_t seq, at, id; } fixed = {++w.seq, at, id};
    must(EVP_DigestInit_ex(w.md, EVP_sm3(), NULL) && EVP_DigestUpdate(w.md, w.head, sizeof w.head)
             && EVP_DigestUpdate(w.md, &fixed, sizeof fixed) && EVP_DigestUpdate(w.md, body, strlen(body))
             && EVP_DigestFinal_ex(w.md, w.head, NULL), "SM3");
    sqlite3_bind_int64(w.journal, 1, w.seq);
    sqlite3_bind_int64(w.journal, 2, at);
    sqlite3_bind_int64(w.journal, 3, id);
    sqlite3_bind_text(w.journal, 4, body, -1, SQLITE_STATIC);
    sqlite3_bind_blob(w.journal, 5, w.head, sizeof w.head, SQLITE_STATIC);
    step(w.journal, "journal");
}

static void issue(struct job *j)
{
    char zone[8] = "A", token[40], body[128];
    const char *z = strstr(j->body, "\"zone\":\"");
    if (z != NULL) sscanf(z + 8, "%7[A-Za-z0-9_]", zone);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    int64_t at = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, id = (at << 20) | (w.seq & 0xfffff);
    int day = 20260202;
    sqlite3_bind_text(w.number, 1, zone, -1, SQLITE_STATIC);
    sqlite3_bind_int(w.number, 2, day);
    must(sqlite3_step(w.number) == SQLITE_ROW, "number");
    int64_t number = sqlite3_column_int64(w.number, 0);
    sqlite3_reset(w.number);
    snprintf(token, sizeof token, "1-%016llx%016llx", (unsigned long long)id, (unsigned long long)random());
    sqlite3_bind_int64(w.ticket, 1, id);
    sqlite3_bind_text(w.ticket, 2, zone, -1, SQLITE_STATIC);
    sqlite3_bind_int(w.ticket, 3, day);
    sqlite3_bind_int64(w.ticket, 4, number);
    sqlite3_bind_int64(w.ticket, 5, at);
    sqlite3_bind_text(w.ticket, 6, token, -1, SQLITE_STATIC);
    step(w.ticket, "ticket");
    snprintf(body, sizeof body, "{\"number\":\"%s%04lld\",\"zone\":\"%s\"}", zone, (long long)number, zone);
    journal_row(at, id, body);
    snprintf(j->answer, sizeof j->answer, "{\"ticket\":{\"id\":\"%lld\",\"number\":\"%s%04lld\",\"token\":\"%s\",\"ahead\":0}}",
             (long long)id, zone, (long long)number, token);
}

static void *write_all(void *arg)
{
    (void)arg;
    for (;;) {
        pthread_mutex_lock(&w.lock);
        while (w.first == NULL && !w.stopping) pthread_cond_wait(&w.more, &w.lock);
        struct job *batch = w.first;
        w.first = NULL;
        w.last = &w.first;
        pthread_mutex_unlock(&w.lock);
        if (batch == NULL) return NULL;
        step(w.begin, "begin");
        for (struct job *j = batch; j != NULL; j = j->next) issue(j);
        step(w.commit, "commit");
        for (struct job *j = batch, *next; j != NULL; j = next) {
            next = j->next; /* once resumed, the job belongs to the network thread */
            j->done = true;
            MHD_resume_connection(j->conn);
        }
    }
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *conn, const char *url, const char *method,
                              const char *version, const char *data, size_t *data_size, void **state)
{
    (void)arg, (void)url, (void)method, (void)version;
    struct job *j = *state;
    if (j == NULL) {
        *state = j = calloc(1, sizeof *j);
        if (j == NULL) return MHD_NO;
        j->conn = conn;
        return MHD_YES;
    }
    if (*data_size != 0) {
        if (*data_size >= sizeof j->body - j->body_size) return MHD_NO;
        memcpy(j->body + j->body_size, data, *data_size);
        j->body_size += *data_size;
        *data_size = 0;
        return MHD_YES;
    }
    if (!j->sent) {
        j->sent = true;
        MHD_suspend_connection(conn);
        pthread_mutex_lock(&w.lock);
        *w.last = j;
        w.last = &j->next;
        pthread_cond_signal(&w.more);
        pthread_mutex_unlock(&w.lock);
        return MHD_YES;
    }
    if (!j->done) return MHD_YES;
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(j->answer), j->answer, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result ok = MHD_queue_response(conn, MHD_HTTP_CREATED, r);
    MHD_destroy_response(r);
    return ok;
}

static void forget(void *arg, struct MHD_Connection *conn, void **state, enum MHD_RequestTerminationCode why)
{
    (void)arg, (void)conn, (void)why;
    free(*state);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "bare PORT FILE\n");
        return 2;
    }
    open_store(argv[2]);
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    pthread_t writer;
    must(pthread_create(&writer, NULL, write_all, NULL) == 0, "thread");
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL,
                         answer, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_LIMIT, 4096U,
                         MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    must(daemon != NULL, "cannot listen");
    int got;
    sigwait(&stop, &got);
    pthread_mutex_lock(&w.lock);
    w.stopping = true;
    pthread_cond_signal(&w.more);
    pthread_mutex_unlock(&w.lock);
    pthread_join(writer, NULL);
    MHD_stop_daemon(daemon);
    sqlite3_close_v2(w.db);
    return 0;
}
