/* Behind the store's back: SQL straight into a database, for tests that tamper with it. */
#ifndef STORE_RAW_H
#define STORE_RAW_H

/* Several statements; the test fails when one does. */
void raw_do(const char *url, const char *sql);

/* What another process may hold: SQLite's write lock, or PostgreSQL's rows of journal_head. */
struct raw_lock;
struct raw_lock *raw_lock(const char *url);
void raw_unlock(struct raw_lock *l);

#endif
