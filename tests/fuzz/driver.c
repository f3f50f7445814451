/* Replays seeds through a fuzz target, without libFuzzer: `target FILE...`, one TAP test each, the
 * empty input first. A target has passed when it comes back; what it checks, it aborts on.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes in a block of exactly their size, so that a read behind them is an error of memory. */
static uint8_t *read_seed(const char *path, size_t *size)
{
    uint8_t *bytes = NULL;
    size_t used = 0;
    FILE *in = fopen(path, "rb");
    if (!in)
        goto fail;
    for (size_t got = 1; got; used += got) {
        uint8_t *grown = realloc(bytes, used + 65536);
        if (!grown)
            goto fail;
        bytes = grown;
        got = fread(bytes + used, 1, 65536, in);
    }
    if (ferror(in))
        goto fail;
    fclose(in);
    *size = used;
    return realloc(bytes, used ? used : 1);

fail:
    printf("Bail out! cannot read '%s': %s\n", path, strerror(errno));
    exit(1);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* what passed is known even after a crash */
    printf("1..%d\n", argc);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    puts("ok - empty input");
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *bytes = read_seed(argv[i], &size);
        LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
        printf("ok - %s\n", argv[i]);
    }
    return 0;
}
