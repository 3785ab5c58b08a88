/* What the commands of the program share: the words of the command line, the data folder with its
 * small file hall.conf, and opening the store over it. A command is one file cmd_NAME.c and one
 * row of the table in main.c; it returns the exit status. */
#ifndef APP_H
#define APP_H

#include "crypt.h"
#include "store.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_WORDS = 2 };

#define DEMO_CENTER_ID  411303 /* Wolong district, GB/T 2260 */
#define APP_ARENA_BYTES ((size_t)4 << 30)

enum option_kind { OPTION_TEXT, OPTION_INT, OPTION_FLAG, OPTION_MANY };

#define OPTION_MANY_MOST 16

struct option_spec {
    const char *name; /* "--data" */
    enum option_kind kind;
    void *to;          /* const char **, int64_t *, bool *, or const char *[OPTION_MANY_MOST + 1] */
    const char *value; /* what follows, for the help: "DIR"; NULL for a flag */
    const char *about; /* one line for the help */
};

struct command {
    const char *name;
    const char *words; /* what stands after the name: "items FILE --data DIR" */
    const char *about; /* one line for the list of commands */
    int (*run)(const struct command *self, int argc, char **argv);
};
extern const struct command commands[]; /* ends with a row without a name */

enum { OPTIONS_GO_ON = -1 };

/* Reads argv[1…]: options into their places, other words into ret_words (at most `most`, NULL
 * behind them). OPTIONS_GO_ON, or the exit status when it ends here (--help, wrong words). */
int options_read(const struct command *self, int argc, char **argv, const struct option_spec *specs,
                 size_t spec_count, const char **ret_words, size_t most);
/* Says what is wrong with the words, on stderr; gives EXIT_WORDS. */
int wrong_words(const struct command *self, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Says on stderr why it cannot be done; gives EXIT_REFUSED. */
int refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A hall on disk and what belongs to it. Texts end in NUL. */
struct hall {
    struct arena *arena;
    const char *data;        /* the data folder, absolute, without a slash at its end */
    const char *url;         /* of the database */
    const char *key_file;    /* master key, outside the folder: DATA.key */
    const char *anchor_file; /* signed heads of the journal, outside the folder: DATA.anchor */
    int64_t center_id;
    int64_t node;          /* part of every id; differs for each process on one database */
    bool is_demonstration; /* as the centre's row says, once it is open */
    struct keys keys;
    struct store *store;
    void **services; /* by enum service */
};

#define HALL_OPTIONS(hall)                                                                         \
    {"--data", OPTION_TEXT, &(hall).data, "DIR", "the data folder"},                               \
        {"--db", OPTION_TEXT, &(hall).url, "URL",                                                  \
         "sqlite:FILE or postgresql://…; without it sqlite:DIR/onewindow.db"},                     \
        {"--key-file", OPTION_TEXT, &(hall).key_file, "FILE",                                      \
         "the master key; without it DIR.key, beside the folder"},                                 \
    {                                                                                              \
        "--node", OPTION_INT, &(hall).node, "N",                                                   \
            "number of this process, 0 to 1023; no two may share one on one database"              \
    }

/* Fills in what the options left open: absolute path, URL, key file. */
void hall_defaults(struct hall *h);
bool hall_exists(const struct hall *h);
/* Reads hall.conf. */
bool hall_read(struct hall *h, struct str *ret_why);
/* Writes hall.conf, whole or not at all. */
bool hall_write(const struct hall *h, struct str *ret_why);
/* Loads the key, opens the store, learns what the centre is, and makes the table of services, not
 * started. */
bool hall_open(struct hall *h, bool migrate, struct str *ret_why);
void hall_close(struct hall *h);
/* A context for the program itself, at the present time, over its own arena a. */
struct ctx hall_context(const struct hall *h, struct arena *a, const char *request_id);
/* Starts what `service` lines declare; those that were started are stopped when one fails. */
bool hall_start_services(struct hall *h, struct str *ret_why);
void hall_stop_services(struct hall *h);
/* One sentence on an error for the person at the terminal. */
struct str error_sentence(const struct ctx *c, enum err e);

/* The folder data/NAME: --data-from, or ../data/NAME and ../share/onewindow/data/NAME beside the
 * program; NULL when there is none. */
const char *find_data(struct arena *a, const char *from, const char *name);

/* Runs `serve` in a child and starts it again after a crash. Gives the exit status. */
int supervise(int (*serve)(void *arg), void *arg);

int cmd_init(const struct command *self, int argc, char **argv);
int cmd_serve(const struct command *self, int argc, char **argv);
int cmd_kiosk(const struct command *self, int argc, char **argv);
int cmd_import(const struct command *self, int argc, char **argv);
int cmd_export(const struct command *self, int argc, char **argv);
int cmd_user(const struct command *self, int argc, char **argv);
int cmd_verify(const struct command *self, int argc, char **argv);
int cmd_signer(const struct command *self, int argc, char **argv);
int cmd_check(const struct command *self, int argc, char **argv);
int cmd_version(const struct command *self, int argc, char **argv);
int cmd_help(const struct command *self, int argc, char **argv);

#endif
