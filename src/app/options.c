/* The words of the command line: one table of options a command, which is its help as well. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

int wrong_words(const struct command *self, const char *fmt, ...)
{
    va_list arguments;
    fprintf(stderr, "onewindow %s: ", self->name);
    va_start(arguments, fmt);
    vfprintf(stderr, fmt, arguments);
    va_end(arguments);
    fprintf(stderr, "\nusage: onewindow %s %s\n`onewindow %s --help` explains it.\n", self->name,
            self->words, self->name);
    return EXIT_WORDS;
}

int refuse(const char *fmt, ...)
{
    va_list arguments;
    fprintf(stderr, "onewindow: ");
    va_start(arguments, fmt);
    vfprintf(stderr, fmt, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    return EXIT_REFUSED;
}

static void print_help(const struct command *self, const struct option_spec *specs, size_t count)
{
    printf("usage: onewindow %s %s\n\n%s\n", self->name, self->words, self->about);
    if (count > 0)
        printf("\n");
    for (size_t i = 0; i < count; i++) {
        char left[64];
        snprintf(left, sizeof(left), "%s %s", specs[i].name, specs[i].value ? specs[i].value : "");
        printf("  %-24s %s\n", left, specs[i].about);
    }
}

static bool keep_many(const char **list, const char *value)
{
    for (size_t i = 0; i < OPTION_MANY_MOST; i++)
        if (list[i] == NULL) {
            list[i] = value;
            return true;
        }
    return false;
}

static bool keep(const struct option_spec *spec, const char *value)
{
    char *end;
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->to = true;
        return true;
    case OPTION_TEXT:
        *(const char **)spec->to = value;
        return value[0] != '\0';
    case OPTION_INT:
        errno = 0;
        *(int64_t *)spec->to = strtoll(value, &end, 10);
        return errno == 0 && end != value && *end == '\0';
    case OPTION_MANY:
        return keep_many(spec->to, value);
    }
    return false;
}

/* The option of a word, "--name" or "--name=value"; *ret_value is what stands behind the =. */
static const struct option_spec *option_of(const struct option_spec *specs, size_t count,
                                           const char *word, const char **ret_value)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; i < count; i++)
        if (strlen(specs[i].name) == length && strncmp(specs[i].name, word, length) == 0) {
            *ret_value = word[length] == '=' ? word + length + 1 : NULL;
            return &specs[i];
        }
    return NULL;
}

int options_read(const struct command *self, int argc, char **argv, const struct option_spec *specs,
                 size_t spec_count, const char **ret_words, size_t most)
{
    size_t found = 0;
    ret_words[0] = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(self, specs, spec_count);
            return EXIT_DONE;
        }
        if (argv[i][0] != '-') {
            if (found == most)
                return wrong_words(self, "one word too many: %s", argv[i]);
            ret_words[found++] = argv[i];
            ret_words[found] = NULL;
            continue;
        }
        const char *value;
        const struct option_spec *spec = option_of(specs, spec_count, argv[i], &value);
        if (spec == NULL)
            return wrong_words(self, "there is no option %s", argv[i]);
        if (spec->kind == OPTION_FLAG && value != NULL)
            return wrong_words(self, "%s takes no value", spec->name);
        if (spec->kind != OPTION_FLAG && value == NULL) {
            if (i + 1 == argc)
                return wrong_words(self, "%s needs %s behind it", spec->name, spec->value);
            value = argv[++i];
        }
        if (!keep(spec, value))
            return wrong_words(self, "%s does not fit %s %s", value, spec->name, spec->value);
    }
    return OPTIONS_GO_ON;
}
