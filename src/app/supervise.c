/* The parent of the server: it does nothing but wait. When the server ends by a bug (a signal), it
 * is started again, a little later each time, because what was acknowledged is safe on disk and a
 * hall full of people cannot wait for an administrator. Five crashes within a minute end it: then
 * starting again does not help. An orderly end is passed on. The child dies with the parent, so
 * that no server is ever left over without one. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app.h"
#include "clock.h"
#include "log.h"

#define CRASHES_MOST      5
#define CRASHES_WITHIN_MS MINUTE_MS

static pid_t start_child(int (*serve)(void *arg), void *arg, const sigset_t *before)
{
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_REFUSED);
    sigprocmask(SIG_SETMASK, before, NULL);
    exit(serve(arg));
}

/* Waits for the child, passing on what we are told meanwhile. Gives its wait status. */
static int wait_for(pid_t child, const sigset_t *watched, bool *ret_told_to_stop)
{
    for (;;) {
        int status, signal_number;
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child)
            return status;
        if (ended < 0 && errno != EINTR)
            return EXIT_REFUSED << 8;
        if (sigwait(watched, &signal_number) == 0 && signal_number != SIGCHLD) {
            *ret_told_to_stop = true;
            kill(child, signal_number);
        }
    }
}

int supervise(int (*serve)(void *arg), void *arg)
{
    sigset_t watched, before;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, &before);
    int64_t crashed_at[CRASHES_MOST] = {0};
    bool told_to_stop = false;
    for (unsigned crashes = 0;; crashes++) {
        pid_t child = start_child(serve, arg, &before);
        if (child < 0)
            return refuse("no process can be started: %s", strerror(errno));
        int status = wait_for(child, &watched, &told_to_stop);
        log_flush(); /* what it had not yet said */
        if (WIFEXITED(status))
            return WEXITSTATUS(status);
        if (told_to_stop)
            return EXIT_REFUSED;
        int64_t now = clock_steady(), oldest = crashed_at[crashes % CRASHES_MOST];
        crashed_at[crashes % CRASHES_MOST] = now;
        log_line(LOG_ERROR, "server_crashed", "signal=%d crashes=%u", WTERMSIG(status),
                 crashes + 1);
        if (crashes >= CRASHES_MOST && now - oldest < CRASHES_WITHIN_MS)
            return refuse("the server crashed %d times within a minute; it is not started again",
                          CRASHES_MOST + 1);
        usleep(crashes < CRASHES_MOST ? 100000U * (crashes + 1) : 500000U);
    }
}
