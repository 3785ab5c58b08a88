/* The ceiling for pages: libmicrohttpd in the mode the server uses (epoll, internal threads, a pool
 * of two, suspend/resume allowed) answering one constant body, with nothing else done at all.
 *
 *     constant PORT SIZE [CONTENT-TYPE] */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result answer(void *arg, struct MHD_Connection *conn, const char *url, const char *method,
                              const char *version, const char *data, size_t *data_size, void **state)
{
    static char met;
    (void)url, (void)method, (void)version, (void)data;
    if (*state == NULL) {
        *state = &met;
        return MHD_YES;
    }
    if (*data_size != 0) {
        *data_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(conn, MHD_HTTP_OK, arg);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "constant PORT SIZE [CONTENT-TYPE]\n");
        return 2;
    }
    size_t size = strtoul(argv[2], NULL, 10);
    char *body = malloc(size + 1);
    if (body == NULL) return 1;
    memset(body, 'x', size);
    struct MHD_Response *response = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", argc > 3 ? argv[3] : "text/html; charset=utf-8");
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME,
                         (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, answer, response, MHD_OPTION_THREAD_POOL_SIZE, 2U,
                         MHD_OPTION_CONNECTION_LIMIT, 4096U, MHD_OPTION_CONNECTION_TIMEOUT, 30U, MHD_OPTION_END);
    if (daemon == NULL) {
        perror("constant: cannot listen");
        return 1;
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    int got;
    sigwait(&stop, &got);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
