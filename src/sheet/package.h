/* The parts of an XLSX file (OPC, ECMA-376 part 2): a ZIP archive, opened in memory under limits. Nothing is
 * ever unpacked into files. The first thing that is wrong stays in `why`, a sentence for the person. */
#ifndef PACKAGE_H
#define PACKAGE_H

#include "arena.h"

#include <zip.h>

#define PACKAGE_PARTS_MAX 2000
#define PACKAGE_BYTES_MAX ((uint64_t)512 << 20) /* unpacked, of all parts that are read */
#define PACKAGE_RATIO_MAX 200 /* unpacked bytes a packed one, beyond the first MiB */

struct package {
    zip_t *zip;
    struct arena *arena;
    uint64_t bytes_left;
    const char *why; /* zh-CN; NULL: all is well */
};

/* Closed with the arena. False: see why. */
bool package_open(struct package *p, struct arena *a, struct str bytes);
/* Opens a part for reading; NULL with or without `why` when it is broken or not there. */
zip_file_t *package_part(struct package *p, struct str name, uint64_t *ret_bytes);
/* Bytes read, 0 at the end, -1 with `why`. */
int64_t package_read(struct package *p, zip_file_t *part, void *to, size_t room);
/* The part that a relationship of another part names: "../media/x" of "xl/a.xml" is "media/x". STR_NONE when
 * it leaves the package. */
struct str package_target(struct arena *a, struct str part, struct str target);

#endif
