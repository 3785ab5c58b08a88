/* OneWindow (一窗): the program of a government service hall. It is a table of commands; each is
 * its own file cmd_NAME.c. Exit status: 0 done, 1 refused (the reason on stderr), 2 wrong words. */
#include <stdio.h>
#include <string.h>

#include "app.h"

const struct command commands[] = {
    {"init", "--data DIR [--demo wolong]", "make the data folder of a hall", cmd_init},
    {"serve", "--data DIR", "serve the hall", cmd_serve},
    {"kiosk", "--server URL --token-file FILE --data DIR",
     "run a kiosk on its own machine; it goes on while the server is away", cmd_kiosk},
    {"import", "KIND FILE --data DIR",
     "take a table (CSV, XLSX, JSON) into the hall, all of it or nothing", cmd_import},
    {"export", "KIND FILE --data DIR", "write a table of the hall as CSV, XLSX or JSON",
     cmd_export},
    {"user", "add LOGIN --role ROLE --data DIR", "make an account, or give it a new password",
     cmd_user},
    {"verify", "--data DIR", "check that journal and files are whole and unchanged", cmd_verify},
    {"signer", "CERTIFICATE.pem KEY.pem --data DIR",
     "give the certificate that documents are signed with", cmd_signer},
    {"check", "items --data DIR", "put the directory under all rules and count what is found",
     cmd_check},
    {"version", "", "say which version this is", cmd_version},
    {"help", "[COMMAND]", "explain a command", cmd_help},
    {NULL, NULL, NULL, NULL},
};

static const struct command *command_named(const char *name)
{
    for (const struct command *command = commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static void print_commands(FILE *to)
{
    fprintf(to, "OneWindow runs a government service hall: one program, one data folder.\n\n"
                "usage: onewindow COMMAND …\n\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        fprintf(to, "  %-8s %-34s %s\n", command->name, command->words, command->about);
    fprintf(to, "\n`onewindow COMMAND --help` explains one command.\n"
                "Exit status: 0 done, 1 refused, 2 wrong words.\n");
}

int cmd_version(const struct command *self, int argc, char **argv)
{
    const char *words[1];
    int status = options_read(self, argc, argv, NULL, 0, words, 0);
    if (status != OPTIONS_GO_ON)
        return status;
    printf("onewindow %s\n", ONEWINDOW_VERSION);
    return EXIT_DONE;
}

int cmd_help(const struct command *self, int argc, char **argv)
{
    const char *words[2];
    int status = options_read(self, argc, argv, NULL, 0, words, 1);
    if (status != OPTIONS_GO_ON)
        return status;
    if (words[0] == NULL) {
        print_commands(stdout);
        return EXIT_DONE;
    }
    const struct command *command = command_named(words[0]);
    if (command == NULL)
        return wrong_words(self, "there is no command %s", words[0]);
    char name[32], help[] = "--help";
    snprintf(name, sizeof(name), "%s", command->name);
    char *arguments[] = {name, help, NULL};
    return command->run(command, 2, arguments);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_WORDS;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *command = command_named(name);
    if (command == NULL) {
        fprintf(stderr, "onewindow: there is no command %s; `onewindow help` lists them\n", name);
        return EXIT_WORDS;
    }
    return command->run(command, argc - 1, argv + 1);
}
