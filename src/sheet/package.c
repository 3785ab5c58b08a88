/* libzip checks lengths and CRC of each part as it is read; what it does not know is what a sane
 * spreadsheet looks like, and that is here. */
#include "package.h"

#include "fault.h"

#include <string.h>

#define RATIO_FROM_BYTES ((uint64_t)1 << 20)

/* zh: sentences for table_fault_at(), as all of an import are */
static const char broken[] = "这个 XLSX 文件坏了或没有传完整，请重新保存、重新上传";
/* zh: as above */
static const char locked[] = "这个文件加了密码，请去掉密码，另存为 .xlsx 再导入";
/* zh: as above */
static const char hostile[] = "这个文件不是正常的 XLSX 表格（压缩包里的内容不对），没有打开";

static void close_zip(void *arg)
{
    zip_discard(arg);
}

static bool name_is_safe(const char *name)
{
    struct str rest = str_of(name);
    if (rest.n == 0 || name[0] == '/' || strchr(name, '\\') != NULL || strchr(name, ':') != NULL)
        return false;
    while (rest.p != NULL)
        if (str_is(str_cut(&rest, '/'), ".."))
            return false;
    return true;
}

static const char *fault_of_entry(zip_t *zip, zip_uint64_t at)
{
    zip_stat_t st;
    if (zip_stat_index(zip, at, 0, &st) != 0 || (st.valid & ZIP_STAT_NAME) == 0)
        return broken;
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && st.encryption_method != ZIP_EM_NONE)
        return locked;
    if (!name_is_safe(st.name))
        return hostile;
    if ((st.valid & ZIP_STAT_COMP_METHOD) != 0 && st.comp_method != ZIP_CM_STORE &&
        st.comp_method != ZIP_CM_DEFLATE)
        return hostile;
    bool is_bomb = st.size > RATIO_FROM_BYTES && st.size / PACKAGE_RATIO_MAX > st.comp_size;
    return is_bomb ? hostile : NULL;
}

bool package_open(struct package *p, struct arena *a, struct str bytes)
{
    *p = (struct package){.arena = a, .bytes_left = PACKAGE_BYTES_MAX};
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    p->zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (p->zip == NULL) {
        if (source != NULL)
            zip_source_free(source);
        zip_error_fini(&error);
        p->why = broken;
        return false;
    }
    arena_defer(a, close_zip, p->zip);
    zip_int64_t count = zip_get_num_entries(p->zip, 0);
    p->why = count < 1 ? broken : count > PACKAGE_PARTS_MAX ? hostile : NULL;
    for (zip_int64_t i = 0; p->why == NULL && i < count; i++)
        p->why = fault_of_entry(p->zip, (zip_uint64_t)i);
    return p->why == NULL;
}

zip_file_t *package_part(struct package *p, struct str name, uint64_t *ret_bytes)
{
    const char *z = str_z(p->arena, name);
    zip_int64_t at = zip_name_locate(p->zip, z, ZIP_FL_NOCASE | ZIP_FL_ENC_GUESS);
    if (at < 0 || p->why != NULL)
        return NULL;
    zip_stat_t st;
    zip_file_t *part = zip_stat_index(p->zip, (zip_uint64_t)at, 0, &st) == 0
                           ? zip_fopen_index(p->zip, (zip_uint64_t)at, 0)
                           : NULL;
    if (part == NULL)
        p->why = broken;
    else if (ret_bytes != NULL)
        *ret_bytes = st.size;
    return part;
}

int64_t package_read(struct package *p, zip_file_t *part, void *to, size_t room)
{
    zip_int64_t got = zip_fread(part, to, room);
    if (got < 0)
        p->why = broken;
    else if ((uint64_t)got > p->bytes_left)
        /* zh: as above */
        p->why = "这个 XLSX 文件打开后太大，请分成几个文件再导入";
    else
        p->bytes_left -= (uint64_t)got;
    return p->why == NULL ? got : -1;
}

struct str package_target(struct arena *a, struct str part, struct str target)
{
    char *to = arena_bytes(a, part.n + target.n + 2);
    size_t n = 0;
    if (target.n > 0 && target.p[0] != '/')
        for (size_t i = 0; i < part.n; i++)
            if (part.p[i] == '/') {
                memcpy(to, part.p, i + 1);
                n = i + 1;
            }
    for (struct str rest = target; rest.p != NULL;) {
        struct str step = str_cut(&rest, '/');
        if (step.n == 0 || str_is(step, "."))
            continue;
        if (str_is(step, "..")) {
            if (n == 0)
                return STR_NONE;
            for (n--; n > 0 && to[n - 1] != '/';)
                n--;
            continue;
        }
        memcpy(to + n, step.p, step.n);
        n += step.n;
        if (rest.p != NULL)
            to[n++] = '/';
    }
    return (struct str){to, n};
}
