/* Embedded files (tools/assets): the name holds the digest of the bytes, so a browser may keep them
 * for ever and a new version is simply another address. They come ready compressed. */
#include "server.h"

#include "assets.h"

#include <string.h>

const struct asset *asset_by_hashed_name(struct str hashed)
{
    for (size_t i = 0; i < asset_count; i++)
        if (str_is(hashed, asset_table[i].hashed_name))
            return &asset_table[i];
    return NULL;
}

/* "gzip, deflate, br;q=0.9": named, and not with q=0. */
static bool accepts(struct str accept, const char *coding)
{
    struct str rest = accept;
    while (rest.p != NULL) {
        struct str one = str_cut(&rest, ','), name = str_trim(str_cut(&one, ';')),
                   q = str_trim(one);
        if (str_is(name, coding))
            return !str_is(q, "q=0") && !str_is(q, "q=0.0") && !str_is(q, "q=0.00") &&
                   !str_is(q, "q=0.000");
    }
    return false;
}

enum MHD_Result asset_send(struct trip *t)
{
    const struct asset *x = t->asset;
    struct str accept = header_of(t, "Accept-Encoding");
    const unsigned char *bytes = x->bytes;
    size_t size = x->size;
    const char *coding = NULL;
    if (x->br != NULL && accepts(accept, "br")) {
        bytes = x->br;
        size = x->br_size;
        coding = "br";
    } else if (x->gzip != NULL && accepts(accept, "gzip")) {
        bytes = x->gzip;
        size = x->gzip_size;
        coding = "gzip";
    }
    struct MHD_Response *r =
        MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
    if (r == NULL)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", x->content_type);
    MHD_add_response_header(r, "Cache-Control", "public, max-age=31536000, immutable");
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    if (coding != NULL)
        MHD_add_response_header(r, "Content-Encoding", coding);
    send_security_headers(t->web, r);
    enum MHD_Result ok = MHD_queue_response(t->link->connection, 200, r);
    MHD_destroy_response(r);
    send_done(t, 200);
    return ok;
}
