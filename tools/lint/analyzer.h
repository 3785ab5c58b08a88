/* Given to clang-tidy before each file (tools/lint/deep.sh), never to a compiler: tells the analyzer that
 * fail() gives back the error it was given. Without this it follows paths on which a failed call counts as
 * done, and finds uninitialised results on all of them. */
#ifndef ANALYZER_H
#define ANALYZER_H

#include "fault.h"

#define fail(c, e, ...) ((void)(fail)(c, e, __VA_ARGS__), (e))
#define fail_field(c, e, field, ...) ((void)(fail_field)(c, e, field, __VA_ARGS__), (e))

#endif
