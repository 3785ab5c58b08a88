/* The table of moves, compared with the list of what may happen to a ticket (issue 2, section 3): all
 * else is refused. That the functions obey it is tested in ticket_test.c. */
#include "test.h"
#include "ticket.h"

void test_ticket__only_the_tables_moves_succeed(struct test *t)
{
    static const struct {
        enum ticket_act act;
        enum ticket_state from, to;
    } allowed[] = {{TICKET_ACT_CALL, TICKET_WAITING, TICKET_CALLED},
                   {TICKET_ACT_RECALL, TICKET_CALLED, TICKET_CALLED},
                   {TICKET_ACT_NO_SHOW, TICKET_CALLED, TICKET_NO_SHOW},
                   {TICKET_ACT_UNDO_NO_SHOW, TICKET_NO_SHOW, TICKET_CALLED},
                   {TICKET_ACT_PARK, TICKET_CALLED, TICKET_PARKED},
                   {TICKET_ACT_PARK, TICKET_SERVING, TICKET_PARKED},
                   {TICKET_ACT_UNPARK, TICKET_PARKED, TICKET_CALLED},
                   {TICKET_ACT_START, TICKET_CALLED, TICKET_SERVING},
                   {TICKET_ACT_TRANSFER, TICKET_CALLED, TICKET_WAITING},
                   {TICKET_ACT_TRANSFER, TICKET_SERVING, TICKET_WAITING},
                   {TICKET_ACT_FINISH, TICKET_SERVING, TICKET_FINISHED},
                   {TICKET_ACT_CANCEL, TICKET_WAITING, TICKET_CANCELLED},
                   {TICKET_ACT_CANCEL, TICKET_CALLED, TICKET_CANCELLED},
                   {TICKET_ACT_CANCEL, TICKET_PARKED, TICKET_CANCELLED},
                   {TICKET_ACT_REJOIN, TICKET_NO_SHOW, TICKET_WAITING}};
    (void)t;
    for (int act = 0; act < TICKET_ACT_COUNT; act++) {
        for (int from = 0; from < TICKET_STATE_COUNT; from++) {
            enum ticket_state to = TICKET_STATE_COUNT, wanted = TICKET_STATE_COUNT;
            for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
                if ((int)allowed[i].act == act && (int)allowed[i].from == from)
                    wanted = allowed[i].to;
            bool is_allowed = ticket_next_state((enum ticket_state)from, (enum ticket_act)act, &to);
            assert_int_equal(is_allowed, wanted != TICKET_STATE_COUNT);
            if (is_allowed)
                assert_int_equal(to, wanted);
        }
    }
}
