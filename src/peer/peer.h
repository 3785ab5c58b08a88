/* Asking another server over HTTP (libcurl): a kiosk its hall. Every wait has an end: a second and a half to
 * reach it, ten for the head of its answer; only a stream of events may be silent for long (it ticks every
 * two seconds, so fifteen without a byte end it). */
#ifndef PEER_H
#define PEER_H

#include "arena.h"

#define PEER_HEADERS_MOST 24

struct peer_question {
    const char *method; /* "GET" */
    struct str url;
    struct str headers[PEER_HEADERS_MOST]; /* "Name: value" */
    size_t header_count;
    struct str body; /* STR_NONE without */
};
struct peer_stream {
    int status;
    struct str headers[PEER_HEADERS_MOST]; /* of the answer, as they came */
    size_t header_count;
    struct peer_state *state;
};

void peer_start(void); /* once, before any thread */
void peer_header(struct arena *a, struct peer_question *q, const char *name, struct str value);
/* Asks, and returns when the head of the answer is there. false: the server is away. Memory is of a. */
bool peer_open(struct arena *a, const struct peer_question *q, struct peer_stream *ret);
/* The next bytes of the answer as they come: 0 at its end, -1 when it broke off. */
long peer_read(struct peer_stream *s, char *to, size_t most);
void peer_close(struct peer_stream *s);
/* The whole answer, at most `most` bytes. false: the server is away, or it broke off. */
bool peer_ask(struct arena *a, const struct peer_question *q, size_t most, int *ret_status,
              struct str *ret_body);
/* The value of a header; STR_NONE without. */
struct str peer_header_of(const struct peer_stream *s, const char *name);

#endif
