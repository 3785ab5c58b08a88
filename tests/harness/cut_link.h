/* A link to a PostgreSQL server that can break at a chosen moment: a proxy on a port of its own.
 * With it a test makes the one case that cannot be had otherwise: the server has committed and the
 * answer never arrives. */
#ifndef CUT_LINK_H
#define CUT_LINK_H

enum link_state {
    LINK_OPEN,
    LINK_DOWN,        /* every connection is closed, new ones are too */
    LINK_LOSE_COMMIT, /* once: breaks before the next COMMIT reaches the server */
    LINK_LOSE_ANSWER, /* once: breaks between the next COMMIT and its answer */
};

struct cut_link;

/* ret_url: the address of the same database through the link; 1000 bytes. NULL when it cannot. */
struct cut_link *cut_link_open(const char *url, char *ret_url);
void cut_link_set(struct cut_link *l, enum link_state state);
enum link_state
cut_link_state(struct cut_link *l); /* LINK_OPEN again when a once-break has happened */
void cut_link_close(struct cut_link *l);

#endif
