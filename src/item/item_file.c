/* Bytes of forms and samples: told apart by what is in them, kept once under their digest. */
#include "crypt.h"
#include "item_tables.h"
#include <string.h>

#define FILE_BYTES_MAX ((size_t)5 << 20)

static const struct {
    const char *head, *content_type;
    size_t n;
} kinds[] = {
    {"%PDF-", "application/pdf", 5},
    {"\x89PNG\r\n\x1a\n", "image/png", 8},
    {"\xff\xd8\xff", "image/jpeg", 3},
};

/* Office files are ZIP archives; the name of the first of their parts tells which. */
static const char *office_type(struct str bytes)
{
    struct str head = {bytes.p, bytes.n < 4096 ? bytes.n : 4096};
    if (!str_starts(bytes, STR("PK\003\004")))
        return NULL;
    if (str_find(head, STR("word/")) >= 0)
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (str_find(head, STR("xl/")) >= 0)
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return NULL;
}

static const char *type_of(struct str bytes)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(bytes, (struct str){kinds[i].head, kinds[i].n}))
            return kinds[i].content_type;
    return office_type(bytes);
}

struct str item_digest(struct ctx *c, struct str bytes)
{
    uint8_t sum[SM3_BYTES];
    struct buf b;
    sm3_of(bytes, sum);
    buf_init(&b, c->arena, SM3_BYTES * 2 + 1);
    for (size_t i = 0; i < SM3_BYTES; i++)
        buf_fmt(&b, "%02x", sum[i]);
    return buf_as_str(&b);
}

enum err item_file_keep(struct ctx *c, struct str bytes, struct doc_file *file)
{
    if (bytes.n > FILE_BYTES_MAX)
        return fail(c, E_TOO_LARGE, "a file of %zu bytes", bytes.n);
    const char *type = type_of(bytes);
    if (type == NULL)
        return fail(c, E_ITEM_FILE, "%zu bytes of no known kind", bytes.n);
    file->content_type = str_of(type);
    file->size = (int64_t)bytes.n;
    file->digest = item_digest(c, bytes);
    return file_content_put(c, c->center_id, file->digest, bytes);
}

enum err item_file_read(struct ctx *c, struct str digest, struct str *ret_bytes)
{
    struct file_content_row *row;
    TRY(file_content(c, c->center_id, digest, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "file %.*s", STR_ARG(digest));
    *ret_bytes = row->content;
    return E_OK;
}
