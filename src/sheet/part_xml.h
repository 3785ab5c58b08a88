/* The XML of one part, pushed through expat into three functions, under limits: no DTD and so no entity
 * of its own, nesting and bytes bounded. Names come without their prefix, because writers differ in it. */
#ifndef PART_XML_H
#define PART_XML_H

#include "package.h"

#include <expat.h>

#define XML_DEPTH_MAX 64

struct part_xml {
    struct package *package;
    zip_file_t *file;
    XML_Parser parser;
    void (*start)(void *arg, struct str name, const char *const *attributes);
    void (*end)(void *arg, struct str name);
    void (*text)(void *arg, struct str text);
    void *arg;
    uint64_t size, done; /* bytes of the part, those read */
    int depth;
    bool is_waiting, is_at_end;
};

/* False when there is no such part (`why` says so when it is needed). Closed with the arena of the package. */
bool part_xml_open(struct part_xml *x, struct package *p, struct str name, bool is_needed);
/* Goes on until part_xml_wait(), the end, or something wrong (package->why). */
void part_xml_run(struct part_xml *x);
void part_xml_wait(struct part_xml *x); /* from a function: comes back from run */
void part_xml_refuse(struct part_xml *x, const char *why); /* from a function: ends it */
/* Value of an attribute by its name without prefix, or STR_NONE. */
struct str attribute(const char *const *attributes, const char *name);

#endif
