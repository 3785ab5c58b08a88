/* What the load program sends: a list of requests, with values taken from the answers before. One
 * plain request is a script of one line; a whole visit is a file:
 *
 *     setup                            once for each connection, before anything is measured
 *     POST /login {"name":"clerk{c}","password":"…"}
 *     take clerk token                 {clerk} from now on is that member of the JSON answer (a.b.0.c goes down)
 *     as clerk                         following requests carry Authorization: Bearer {clerk}
 *     visit                            over and over
 *     POST /tickets {"item":"1","channel":"web"}
 *     need ticket ticket.token         like take; when it is missing or null the visit ends, counted as empty
 *     try POST /desk/finish {}         an answer that is not 2xx is not counted as a fault
 *
 * Holes: {n} counts all visits, {c} number of the connection (two digits), {k} 32 random hex digits,
 * {line} a random line of --lines, {at:FILE} line {c} of a file,
 * {map:FILE:NAME} what stands behind the value of NAME and a tab in a file, {NAME}. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "hist.h"

#include <stdbool.h>
#include <stddef.h>

enum { STEPS_MAX = 32, TAKES_MAX = 48, VARS_MAX = 24, VAR_SIZE = 256, FILES_MAX = 4 };

struct take {
    int var, step;       /* step whose answer it comes from */
    bool needed;
    char path[64];
};
struct step {
    char method[8], path[1024], body[4096];
    int as_var;          /* -1: no bearer */
    bool may_fail;
    struct hist hist;
};
struct script_file {
    char name[200], **lines;
    size_t count;
};
struct script {
    struct step steps[STEPS_MAX];
    int step_count, setup_count; /* the first setup_count steps are the setup */
    struct take takes[TAKES_MAX];
    int take_count;
    char vars[VARS_MAX][32];
    int var_count;
    char **lines;        /* --lines */
    size_t line_count;
    struct script_file files[FILES_MAX];
    int file_count;
    const char *host, *headers; /* extra header lines, each ended by \r\n */
};

struct speaker {         /* one connection's side of the script */
    int number;          /* from 1 */
    unsigned long long visit;
    char values[VARS_MAX][VAR_SIZE];
};

/* Reads a script file, or makes one of a single request; exits with a sentence when it is wrong. */
void script_read(struct script *s, const char *file);
void script_single(struct script *s, const char *method, const char *path, const char *body);
void script_lines(struct script *s, const char *file);
/* Writes the whole HTTP request of a step; returns its size, 0 when it does not fit. */
size_t script_render(struct script *s, int step, const struct speaker *who, char *out, size_t size);
/* Takes the values of a step's answer; false when a needed one is missing. */
bool script_take(const struct script *s, int step, struct speaker *who, const char *json, size_t size);

#endif
