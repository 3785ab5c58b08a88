/* Tidal windows (潮汐窗口): which window to open, to close, or from which to which a clerk should change, read from who
 * waits. A pure function of lines and windows; the numbers are the hall's own settings and rest on no law.
 *
 *   Load of a line: people waiting × mean service ÷ open windows that may serve it.
 *   A window is wanted where the load is above `high`; one may be spared where, with one window less, the load of each
 *   of its lines would be below `low`. low < high keeps the two apart, and a window that has been opened, closed
 *   or changed less than `rest` ago is left alone: nothing that was just done is undone.
 *   Never spared: the last open window of a line, whether somebody waits there or may come. */
#ifndef TIDE_H
#define TIDE_H

#include "tide_gen.h"

struct tide_line {
    int64_t id, waiting, service_ms;
    bool is_own; /* the line of one window for who is sent there: missed by nobody when empty */
};
struct tide_desk {
    struct str code;
    bool is_open;  /* open and not paused */
    bool is_busy;  /* somebody is there */
    bool is_away;  /* paused: its clerk comes back by himself */
    int64_t since; /* of its state */
    const int64_t *lines;
    size_t line_count;
};
struct tide_rules {
    int64_t high_ms, low_ms, rest_ms;
};
enum tide_kind { TIDE_OPEN, TIDE_CLOSE, TIDE_SWITCH, TIDE_KIND_COUNT };
struct tide_move {
    enum tide_kind kind;
    int from,
        to; /* windows by index: close and change leave from, open and change go to; -1 none */
    int64_t load_ms; /* of the line that wants a window; of close: the greatest that would remain */
    int64_t waiting; /* people in the lines of `to`; of close: of `from` */
};

#define TIDE_MOST 3

/* At most TIDE_MOST proposals, the most wanted first. */
size_t tide_propose(struct arena *a, const struct tide_line *lines, size_t line_count,
                    const struct tide_desk *desks, size_t desk_count, int64_t now,
                    const struct tide_rules *rules, struct tide_move ret[TIDE_MOST]);

/* Of the hall now, in words. */
MUST_USE enum err tide_of_hall(struct ctx *c, struct tide_line_view_list *ret);
/* What the manager has accepted for the clerk of this context, not done yet; NULL when there is nothing. */
MUST_USE enum err tide_for_clerk(struct ctx *c, struct tide_line_view **ret);

#endif
