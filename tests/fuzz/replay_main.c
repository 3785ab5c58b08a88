/* Runs one fuzz target over files, without a fuzzer: every input that was ever found to matter, and
 * each of them cut short at every length up to 512 bytes, so that a lost bound shows again. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)1 << 20)
#define CUT_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly that size, so that the sanitizer sees one byte too many. */
static void run_exactly(const uint8_t *bytes, size_t n)
{
    uint8_t *copy = malloc(n + (n == 0));
    if (copy == NULL)
        abort();
    memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

int main(int argc, char **argv)
{
    uint8_t *bytes = calloc(1, INPUT_MAX);
    int replayed = 0;
    if (bytes == NULL)
        return 1;
    run_exactly(bytes, 0);
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (f == NULL) {
            fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
        size_t n = fread(bytes, 1, INPUT_MAX, f);
        fclose(f);
        for (size_t cut = 0; cut < n && cut < CUT_MAX; cut++)
            run_exactly(bytes, cut);
        run_exactly(bytes, n);
        replayed++;
    }
    free(bytes);
    printf("%d passed, 0 failed\n", replayed + 1);
    return 0;
}
