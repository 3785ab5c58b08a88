/* The way to a receipt printer: "host:port" over TCP (9100 by custom) or the device file of one at USB
 * (/dev/usb/lp0; a pty or FIFO serves too). Every wait has an end. What is told apart is what the caller
 * must know: nothing was printed (try again), it was printed, or nobody can say (tell people, and do not
 * print it twice). */
#ifndef PORT_H
#define PORT_H

#include "arena.h"

enum port_state {
    PORT_OK,
    PORT_UNREACHABLE, /* nobody listens, or the file cannot be opened */
    PORT_SILENT,      /* connected, and takes or answers nothing */
    PORT_OFFLINE,
    PORT_COVER_OPEN,
    PORT_PAPER_OUT,
    PORT_BROKEN, /* ended in the middle */
    PORT_STATE_COUNT
};
enum port_outcome { PORT_PRINTED, PORT_NOT_BEGUN, PORT_UNSURE };

struct port {
    int fd;       /* -1: closed */
    bool is_mute; /* does not answer status requests: printed is what was written whole */
    bool can_read;
};

/* May this be the address of a printer? host:port, or an absolute path below /dev. Tests may use paths
 * of their own with any_path. */
bool port_address_ok(struct str address, bool any_path);
/* Opens and asks its state (DLE EOT 1, 2, 4). is_mute: known not to answer, so it is not waited for; it is
 * set to what was found. PORT_OK leaves it open, all else closed. */
enum port_state port_open(struct arena *a, struct str address, bool is_mute, struct port *ret);
/* How is it now? PORT_OK leaves it open. Before each further slip: a cover may have been opened since. */
enum port_state port_check(struct port *p);
/* Sends one slip and waits until the printer says it is through (GS r 1), a mute one until all is written.
 * *ret_state says what is the matter when it is not PORT_PRINTED; then the port is closed. */
enum port_outcome port_print(struct port *p, struct str bytes, enum port_state *ret_state);
void port_close(struct port *p);

#endif
